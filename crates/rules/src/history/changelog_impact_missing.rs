use crate::asked::{asks, is_left_open, sections_of};
use crate::support::{has_content, not_applicable};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Document, Kind, SectionId};
use trueup_model::Spec;
use trueup_template::Schema;

declare_rule! {
    CHANGELOG_IMPACT_MISSING = "changelog-impact-missing" in "history", page "changelog_impact_missing.md",
    "the spec does not say what the changelog will say",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let Some(schema) = cx.schema.filter(|_| asks(cx, KIND)) else { return };
    for spec in cx.specs {
        let Some(impact) = &spec.facts.impact else { continue };
        let Some(id) = cx.section_at(impact.span.start).filter(|id| has_content(cx.document, *id)) else {
            continue;
        };
        if not_applicable(cx.document, id).is_some() || is_left_open(cx, spec, KIND) {
            continue;
        }
        let said = own_words(cx, spec, schema);
        // Nothing but the template's words to the author: another rule reports them.
        if said.is_empty() {
            continue;
        }
        out.looked_at(1);
        if !impact.entries.is_empty() || impact.none.is_some() || said.iter().any(|text| says_no(text)) {
            continue;
        }
        let yes = said.iter().any(|text| says_yes(text));
        let message = if yes {
            "users will see the change, but no entry for the changelog is written down"
        } else {
            "it is not said whether users will see the change"
        };
        let report = Report::new(impact.span, message)
            .hint("write the entry under **Added**, **Changed** or **Fixed**, or say that users see nothing of it")
            .subject(if yes { "entry" } else { "answer" });
        out.push(report);
    }
}

const KIND: &str = "changelog-impact";

/// What the author wrote, in lower case: the template's own words left out.
fn own_words(cx: &FileCx<'_>, spec: &Spec, schema: &Schema) -> Vec<String> {
    let document = cx.document;
    let mut buffer = String::new();
    let mut out = Vec::new();
    for section in sections_of(cx, spec, KIND) {
        let Some(id) = cx.section_at(section.span.start) else { continue };
        for text in texts(document, id) {
            if schema.leaf(&text, &mut buffer).is_none() {
                out.push(text.to_lowercase());
            }
        }
    }
    out
}

fn texts(document: &Document, section: SectionId) -> Vec<String> {
    let blocks = document.section(section).blocks(document);
    let inside = blocks.flat_map(|block| std::iter::once(block).chain(document.descendants(block)));
    let leaves = inside.filter(|node| matches!(document.kind(*node), Kind::Paragraph | Kind::Cell));
    leaves.map(|node| document.source(node).trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

fn says_no(text: &str) -> bool {
    let bare = text.trim_start_matches(['*', '_', '-', ' ']);
    let begins =
        |word: &str| bare.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    ["no", "none", "nothing", "n/a"].into_iter().any(begins)
        || [
            "no user-visible",
            "no user‑visible",
            "not user-visible",
            "invisible to users",
            "users see nothing",
        ]
        .iter()
        .any(|words| text.contains(words))
}

fn says_yes(text: &str) -> bool {
    let bare = text.trim_start_matches(['*', '_', '-', ' ']);
    let begins =
        |word: &str| bare.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    begins("yes")
        || ["user-visible", "user‑visible", "users see", "users will", "users can"]
            .iter()
            .any(|w| text.contains(w))
}
