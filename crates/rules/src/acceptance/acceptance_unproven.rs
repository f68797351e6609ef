use crate::support::shorten;
use trueup_codebase::{CodeKind, Readable};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::reading::keeps;
use trueup_model::{Item, Spec, State, name_of_file};
use trueup_template::infer_words;

declare_rule! {
    ACCEPTANCE_UNPROVEN = "acceptance-unproven" in "acceptance", page "acceptance_unproven.md",
    "a spec is implemented, and neither a test nor the ledger names an acceptance bullet",
    Specs,
    Levels::new([Level::Off, Level::Off, Level::Off, Level::Warning, Level::Off, Level::Off]),
    check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs.iter().filter(|s| s.state.state == State::Implemented) {
        // What every spec's check-list asks is no promise of this one, and no test of its own proves it.
        let of_template = |item: &Item| {
            let words = infer_words(&item.text);
            cx.schema.is_some_and(|s| {
                s.sections.iter().flat_map(|s| &s.checklist).any(|c| keeps(&words, &c.normal))
            })
        };
        let own = spec.facts.acceptance.iter().filter(|i| i.id.written.is_some());
        let written: Vec<&Item> = own.filter(|item| !of_template(item)).collect();
        // Asked only now: it reads all code.
        if written.is_empty() || matches!(cx.code.codebase().readable(CodeKind::Tests), Readable::No(_)) {
            continue;
        }
        judge(cx, spec, &written, out);
    }
}

fn judge(cx: &FileCx<'_>, spec: &Spec, items: &[&Item], out: &mut Sink) {
    let name = spec.name().unwrap_or(name_of_file(cx.path));
    let recorded = cx.code.recorded_items(cx.path);
    let is_named = |item: &&&Item| {
        let id = &item.id.text;
        recorded.iter().any(|r| r.eq_ignore_ascii_case(id)) || cx.code.is_cited(name, id)
    };
    out.looked_at(items.len());
    let missing: Vec<&&Item> = items.iter().filter(|item| !is_named(item)).collect();
    // Where not one is named, the team may not have begun to cite.
    let begun = missing.len() < items.len();
    for item in missing {
        let id = &item.id.text;
        let message = format!("no test and no evidence names {id}: “{}”", shorten(&item.text, 60));
        let report = Report::new(item.span, message)
            .hint(format!("cite it in the name of the test that proves it: `[{name}#{id}]`; or `trueup waive {name} {id}`"))
            .subject(item.text.clone());
        out.push(if begun { report } else { report.at_most(Level::Info) });
    }
}
