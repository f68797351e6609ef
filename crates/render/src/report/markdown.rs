//! The compliance report of a spec in the structure of its template: the author's claims and trueup's
//! verdicts side by side.

use super::Subject;
use super::layout::{Layout, Part};
use crate::spec::one_line;
use std::fmt::Write as _;
use trueup_claims::{BEYOND_THE_SPEC, Judged, Place, Recomputed};
use trueup_model::{Answer, Compliance, Facts, Verdict};
use trueup_template::SectionSpec;

/// Places that are named behind a reason.
const PLACES: usize = 3;

pub(super) fn report(subject: &Subject<'_>, layout: &Layout<'_>, recomputed: &Recomputed) -> String {
    let claims = subject.spec.facts.compliance.as_ref();
    let mut out = String::new();
    let level = "#".repeat(usize::from(layout.section.level.max(2)));
    let title = claims.map(|c| one_line(c.span.text(subject.text)));
    let title = title.unwrap_or_else(|| format!("{} — not in the spec", layout.section.title));
    let _ = writeln!(out, "{level} {title}\n");
    for (part, section) in &layout.parts {
        let _ = writeln!(out, "{level}# {}\n", section.title);
        match part {
            Part::Guides => guides(claims, &mut out),
            Part::Matrix => matrix(subject, section, claims, recomputed, &mut out),
            Part::Checks => checks(subject, section, claims, recomputed, &mut out),
            Part::Items => items(claims, recomputed, &mut out),
            Part::Verdict => verdict(subject, layout, claims, recomputed, &mut out),
            Part::Other => out.push_str("_The author's own part; nothing in it is recomputed._\n"),
        }
        out.push('\n');
    }
    basis(subject, recomputed, &level, &mut out);
    out
}

fn guides(claims: Option<&Compliance>, out: &mut String) {
    match claims.map_or(&[][..], |c| &c.guides) {
        [] => out.push_str("_None named._\n"),
        guides => guides.iter().for_each(|guide| {
            let _ = writeln!(out, "- `{}`", one_line(&guide.path));
        }),
    }
}

/// A header with a column for trueup behind the status.
fn header(section: &SectionSpec, fallback: &[&str], out: &mut String) {
    let own: Vec<&str> = section
        .tables
        .first()
        .map(|t| t.columns.iter().map(|c| c.name.as_str()).collect())
        .unwrap_or_default();
    let columns = if own.len() >= 3 { own } else { fallback.to_vec() };
    let mut names: Vec<&str> = Vec::new();
    for name in columns {
        names.push(name);
        if name.eq_ignore_ascii_case("status") {
            names.push("trueup");
        }
    }
    let _ = writeln!(out, "| {} |", names.join(" | "));
    let _ = writeln!(out, "|{}", "---|".repeat(names.len()));
}

/// A text as a cell of a table.
fn cell(text: &str) -> String {
    one_line(text).replace("\\|", "|").replace('|', "\\|")
}

fn matrix(
    subject: &Subject<'_>,
    section: &SectionSpec,
    claims: Option<&Compliance>,
    recomputed: &Recomputed,
    out: &mut String,
) {
    let Some(claims) = claims.filter(|claims| !claims.rows.is_empty()) else {
        out.push_str("_No row: nothing is claimed._\n");
        return;
    };
    header(section, &["Rule Source", "Rule", "Status", "Notes"], out);
    for (row, judged) in claims.rows.iter().zip(&recomputed.rows) {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            cell(&row.source),
            cell(&row.rule),
            cell(&row.status.text),
            cell(&judgement(subject, judged, Some(row.answer))),
            cell(&row.notes)
        );
    }
}

fn checks(
    subject: &Subject<'_>,
    section: &SectionSpec,
    claims: Option<&Compliance>,
    recomputed: &Recomputed,
    out: &mut String,
) {
    header(section, &["Check", "Status", "Notes"], out);
    for check in &recomputed.checks {
        let row = check.row.and_then(|row| claims?.checks.get(row));
        let status = row.map_or("not answered", |row| row.status.text.as_str());
        let notes = row.map_or("", |row| row.notes.as_str());
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            cell(&check.label),
            cell(status),
            cell(&judgement(subject, &check.judged, check.claimed)),
            cell(notes)
        );
    }
}

/// Verdict, reason and places in one sentence.
fn judgement(subject: &Subject<'_>, judged: &Judged, claimed: Option<Answer>) -> String {
    match claimed {
        Some(Answer::NotApplicable) => return "not claimed".to_owned(),
        Some(Answer::Fail | Answer::Partial | Answer::Pending) => return "open, says the author".to_owned(),
        // Said once, below.
        _ if judged.reason == BEYOND_THE_SPEC => return judged.verdict.to_string(),
        _ => {}
    }
    let bold = if judged.verdict == Verdict::Contradicted { "**" } else { "" };
    let mut out = format!("{bold}{}{bold}: {}", judged.verdict, judged.reason);
    // Where something holds or is all there, the places say nothing new.
    if judged.verdict != Verdict::Vacuous {
        let lines = lines(subject, &judged.places);
        if !lines.is_empty() {
            let _ = write!(out, " ({lines})");
        }
    }
    out
}

fn lines(subject: &Subject<'_>, places: &[Place]) -> String {
    let own = places.iter().filter(|place| place.elsewhere.is_none());
    let mut numbers: Vec<u32> = own.map(|place| subject.lines.line(place.span.start)).collect();
    numbers.dedup();
    let shown: Vec<String> = numbers.iter().take(PLACES).map(u32::to_string).collect();
    let here = match (shown.len(), numbers.len() - shown.len()) {
        (0, _) => String::new(),
        (1, 0) => format!("line {}", shown[0]),
        (_, 0) => format!("lines {}", shown.join(", ")),
        (_, more) => format!("lines {} and {more} more", shown.join(", ")),
    };
    let elsewhere = places.iter().filter_map(|place| place.elsewhere.as_ref());
    let others = elsewhere.take(PLACES).map(|place| format!("{}:{}", place.path, place.line));
    let all: Vec<String> = std::iter::once(here).filter(|text| !text.is_empty()).chain(others).collect();
    all.join(", ")
}

fn items(claims: Option<&Compliance>, recomputed: &Recomputed, out: &mut String) {
    let own = claims.map_or(&[][..], |c| &c.non_compliant);
    for item in own {
        let _ = writeln!(out, "- **Rule**: {}", one_line(&item.rule));
        for (key, value) in
            [("Source", &item.source), ("Gap", &item.gap), ("Recommendation", &item.recommendation)]
        {
            if !value.is_empty() {
                let _ = writeln!(out, "  **{key}**: {}", one_line(value));
            }
        }
    }
    let mut found = 0;
    for (rule, source, judged) in contradicted(claims, recomputed) {
        found += 1;
        let _ = writeln!(out, "- **Rule**: {} _(found by trueup)_", one_line(&rule));
        if !source.is_empty() {
            let _ = writeln!(out, "  **Source**: {}", one_line(&source));
        }
        let _ = writeln!(out, "  **Gap**: {}", one_line(&judged.reason));
    }
    if own.is_empty() && found == 0 {
        out.push_str("None.\n");
    }
}

/// Rows and checks that the author calls passed and that do not hold: what, by which guide, and why.
pub(super) fn contradicted<'a>(
    claims: Option<&'a Compliance>,
    recomputed: &'a Recomputed,
) -> Vec<(String, String, &'a Judged)> {
    let Some(claims) = claims else { return Vec::new() };
    let rows = claims.rows.iter().zip(&recomputed.rows);
    let rows = rows
        .filter(|(row, judged)| row.answer == Answer::Pass && judged.verdict == Verdict::Contradicted)
        .map(|(row, judged)| (row.rule.clone(), row.source.clone(), judged));
    let checks = recomputed.checks.iter().filter(|check| check.contradicted());
    let checks = checks.map(|check| (check.label.clone(), String::new(), &check.judged));
    rows.chain(checks).collect()
}

fn verdict(
    subject: &Subject<'_>,
    layout: &Layout<'_>,
    claims: Option<&Compliance>,
    recomputed: &Recomputed,
    out: &mut String,
) {
    match claims.and_then(|claims| claims.verdict.as_ref()) {
        Some(verdict) => {
            let line = subject.lines.line(verdict.span.start);
            let _ = writeln!(out, "- Author (line {line}): {}", one_line(&verdict.text));
        }
        None => out.push_str("- Author: no verdict\n"),
    }
    let judged = &recomputed.verdict;
    let _ = writeln!(out, "- trueup: {}", judgement(subject, judged, None));
    if judged.verdict == Verdict::Contradicted && judged.places.len() > 1 {
        for place in &judged.places {
            let _ =
                writeln!(out, "  - line {}: {}", subject.lines.line(place.span.start), one_line(&place.what));
        }
    }
    let contradicted =
        !contradicted(claims, recomputed).is_empty() || judged.verdict == Verdict::Contradicted;
    if contradicted && claims.is_some_and(|c| c.verdict.is_some()) {
        let (key, value) = layout.verdict(false);
        let _ = writeln!(out, "- What the facts allow: **{key}**: {value}");
    }
}

/// What was looked at: a verdict without its denominators says nothing.
fn basis(subject: &Subject<'_>, recomputed: &Recomputed, level: &str, out: &mut String) {
    let facts: &Facts = &subject.spec.facts;
    let writes = facts.api.endpoints.iter().filter(|e| trueup_claims::is_write(e)).count();
    let count = |number: usize, one: &str, many: &str| crate::words::count(number, one, many);
    let _ = writeln!(out, "{level}# What this rests on\n");
    let _ = writeln!(
        out,
        "Read in the spec: {}, {} ({writes} that write), {}, {}, {}.",
        count(facts.data.entities.len(), "entity", "entities"),
        count(facts.api.endpoints.len(), "endpoint", "endpoints"),
        count(facts.vocabulary.commands.len(), "command", "commands"),
        count(facts.vocabulary.events.len(), "event", "events"),
        count(facts.risks.risks.len(), "risk", "risks"),
    );
    let claimed: Vec<Verdict> = recomputed
        .rows
        .iter()
        .map(|row| row.verdict)
        .chain(recomputed.checks.iter().filter(|c| c.row.is_some()).map(|c| c.judged.verdict))
        .collect();
    let of = |verdict: Verdict| claimed.iter().filter(|v| **v == verdict).count();
    let _ = writeln!(
        out,
        "Of {}: {} proven, {} contradicted, {} vacuous, {} not checkable, where a spec alone cannot show it.",
        count(claimed.len(), "claim", "claims"),
        of(Verdict::Proven),
        of(Verdict::Contradicted),
        of(Verdict::Vacuous),
        of(Verdict::NotCheckable),
    );
}
