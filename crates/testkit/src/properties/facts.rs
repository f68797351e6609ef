//! Any text read as a spec of either built-in template.

use super::markdown::slice;
use trueup_markdown::Document;
use trueup_model::{Settings, Spec, read_specs};
use trueup_template::{BUILTIN_NAMES, Schema, builtin};

/// Reads the facts of `text` under each built-in template: every place lies in the text, IDs of items are
/// told apart, the claims can be recomputed, and reading twice gives the same.
pub fn facts_hold(text: &str) {
    for name in BUILTIN_NAMES {
        if let Some((_, schema)) = builtin(name) {
            read_holds(text, &schema);
        }
    }
}

fn read_holds(text: &str, schema: &Schema) {
    let document = Document::parse(text);
    let text = document.text();
    let settings = Settings::default();
    let read = || read_specs("specs/SPEC-1-a.md", &document, schema, &settings, None, None);
    let (specs, again) = (read(), read());
    for (spec, twin) in specs.iter().zip(&again) {
        assert_eq!(format!("{:?}", spec.facts), format!("{:?}", twin.facts), "read twice, read alike");
        for (kind, span) in spec.facts.places() {
            slice(text, span, format_args!("a place of {kind}"));
        }
        ids_hold(spec, text);
        let recomputed = trueup_claims::recompute(&document, spec, schema, &[]);
        let rows = spec.facts.compliance.as_ref().map_or(0, |report| report.rows.len());
        assert_eq!(recomputed.rows.len(), rows, "each row has a verdict");
        for judged in recomputed.rows.iter().chain(recomputed.checks.iter().map(|check| &check.judged)) {
            assert!(!judged.reason.is_empty(), "each verdict has a reason");
            for place in &judged.places {
                slice(text, place.span, "a place of a verdict");
            }
        }
    }
}

/// An ID that is only a position never takes the place of a written one.
fn ids_hold(spec: &Spec, text: &str) {
    let facts = &spec.facts;
    let lists =
        [&facts.goals.goals, &facts.scenarios.scenarios, &facts.observability.smoke, &facts.acceptance];
    for items in lists {
        for (index, item) in items.iter().enumerate() {
            if let Some(written) = item.id.written {
                slice(text, written, "a written ID");
            }
            let twins = items[..index].iter().filter(|other| other.id.text == item.id.text);
            for twin in twins {
                let both = item.id.written.is_some() && twin.id.written.is_some();
                assert!(both, "two items are called {} and one of them is so by its position", item.id.text);
            }
        }
    }
}
