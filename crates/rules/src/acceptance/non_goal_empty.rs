use crate::asked::{asks, fields_asked, holds_placeholder, says_nothing, sections_of};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_markdown::Section;
use trueup_text::Span;

declare_rule! {
    NON_GOAL_EMPTY = "non-goal-empty" in "acceptance", page "non_goal_empty.md",
    "the spec has goals, but names nothing that it does not do",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    if !asks_for_non_goals(cx) {
        return;
    }
    for spec in cx.specs {
        let goals = &spec.facts.goals;
        if goals.goals.is_empty() {
            continue;
        }
        let Some(section) = sections_of(cx, spec, "goals").next() else { continue };
        out.looked_at(1);
        let text = section.span.text(cx.text());
        if goals.non_goals.iter().any(|text| !text.text.trim().is_empty()) {
            continue;
        }
        let label = label(cx, section);
        let said = label.map(|span| behind(text, section, span)).unwrap_or_default();
        if holds_placeholder(said) || has_reason(said) {
            continue;
        }
        let report = Report::new(label.unwrap_or(section.title_span), "no non-goal is named")
            .hint("name what somebody could expect of this work and will not get")
            .subject("non-goals");
        out.push(report);
    }
}

/// Whether the template wants them among the goals; a section of their own is empty by another rule.
fn asks_for_non_goals(cx: &FileCx<'_>) -> bool {
    let named =
        |text: &str| text.contains("non goal") || text.contains("non‑goal") || text.contains("nongoal");
    let titles = cx.schema.map(|s| s.sections.as_slice()).unwrap_or_default();
    asks(cx, "goals")
        && (fields_asked(cx, "goals").any(|field| named(&field.normal))
            || titles.iter().any(|s| s.kind.as_deref() == Some("goals") && named(&s.normal.core)))
}

/// The words "Non-goals" below the section's heading.
fn label(cx: &FileCx<'_>, section: &Section) -> Option<Span> {
    let text = section.span.text(cx.text());
    let body = section.title_span.end.saturating_sub(section.span.start) as usize;
    // ASCII only, so that places in the lower-case text are places in the text.
    let lower = text.to_ascii_lowercase();
    let forms = ["non-goals", "non‑goals", "non goals", "nongoals", "non-goal"];
    let found = forms.iter().filter_map(|form| Some((lower.get(body..)?.find(form)? + body, form.len())));
    // Of two forms at one place the longer is meant.
    let (at, length) = found.min_by_key(|(at, length)| (*at, usize::MAX - length))?;
    Some(Span::new(at, at + length).shifted(section.span.start as usize))
}

/// What follows the label, up to the next heading.
fn behind<'t>(text: &'t str, section: &Section, label: Span) -> &'t str {
    let from = (label.end - section.span.start) as usize;
    let rest = text.get(from..).unwrap_or("");
    let end = rest.find("\n#").unwrap_or(rest.len());
    &rest[..end]
}

/// "None: the work is one line" says why there are none.
fn has_reason(said: &str) -> bool {
    let mut lines = said
        .lines()
        .map(|line| line.trim().trim_start_matches(['-', '*', ':', ' ', '_']))
        .filter(|l| !l.is_empty());
    lines.any(|line| says_nothing(line) && line.chars().filter(|c| c.is_alphanumeric()).count() >= 12)
}
