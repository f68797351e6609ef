use crate::asked::{asks, is_left_open, sections_of};
use crate::support::shorten;
use crate::wording::{content_words, quoted};
use rustc_hash::FxHashSet;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{Item, Spec};

declare_rule! {
    SCENARIO_WITHOUT_SMOKE = "scenario-without-smoke" in "acceptance", page "scenario_without_smoke.md",
    "no smoke check covers a happy path",
    Specs, Levels::INFO, check
}

/// Nobody reads more; more would be compared with each other for long.
const MOST: usize = 100;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    if !asks(cx, "observability") {
        return;
    }
    for spec in cx.specs {
        let scenarios = &spec.facts.scenarios.scenarios;
        if scenarios.is_empty() || !is_answered(cx, spec) {
            continue;
        }
        let smoke = &spec.facts.observability.smoke;
        let checks: Vec<Read> = smoke.iter().take(MOST).map(|item| Read::of(cx, item)).collect();
        for scenario in scenarios.iter().take(MOST) {
            out.looked_at(1);
            let wanted = Read::of(cx, scenario);
            if checks.iter().any(|check| covers(check, &wanted, scenario)) {
                continue;
            }
            let report = Report::new(
                scenario.span,
                format!("no smoke check covers {}: “{}”", scenario.id.text, shorten(&scenario.text, 60)),
            )
            .hint(format!(
                "add a smoke check that walks this path and cites it ({}), under observability",
                scenario.id.text
            ))
            .subject(scenario.text.clone());
            out.push(report);
        }
    }
}

/// Whether the section that holds smoke checks is there and says something.
fn is_answered(cx: &FileCx<'_>, spec: &Spec) -> bool {
    let facts =
        spec.facts.sections.iter().filter(|s| s.kind.as_deref() == Some("observability") && s.present);
    let said = facts.into_iter().any(|s| !s.none && !s.empty);
    said && sections_of(cx, spec, "observability").next().is_some()
        && !is_left_open(cx, spec, "observability")
}

struct Read {
    text: String,
    words: FxHashSet<String>,
    quoted: FxHashSet<String>,
}

impl Read {
    fn of(cx: &FileCx<'_>, item: &Item) -> Read {
        let source = item.span.text(cx.text());
        Read { text: source.to_owned(), words: content_words(&item.text), quoted: quoted(source) }
    }
}

/// By its ID, by words in quotation marks or code that both have, or by two words of what it is about.
fn covers(check: &Read, scenario: &Read, item: &Item) -> bool {
    if cites(&check.text, &item.id.text) || check.quoted.intersection(&scenario.quoted).next().is_some() {
        return true;
    }
    let shared = check.words.intersection(&scenario.words).count();
    shared >= 2 || shared == 1 && scenario.words.len().min(check.words.len()) <= 2
}

fn cites(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let next = text[at + id.len()..].chars().next();
        !next.is_some_and(char::is_alphanumeric)
    })
}
