//! Brings the report in a spec up to date: contradicted claims are taken back, missing checks added, what
//! is not compliant listed, the verdict corrected. What the author wrote stays, and doing it twice changes
//! nothing.

use super::Subject;
use super::layout::{Layout, Part};
use super::markdown::contradicted;
use crate::spec::one_line;
use trueup_claims::{Judged, JudgedCheck, Recomputed};
use trueup_markdown::{Kind, NodeId, Section};
use trueup_model::{Answer, Compliance, Verdict};
use trueup_text::{Edit, Span};

/// What trueup adds to a note begins with this and runs to the end of the note.
const MARK: &str = "trueup: ";

pub(super) fn edits(
    subject: &Subject<'_>,
    layout: &Layout<'_>,
    recomputed: &Recomputed,
    today: &str,
) -> Vec<Edit> {
    let Some(claims) = &subject.spec.facts.compliance else {
        return vec![new_report(subject, layout, recomputed, today)];
    };
    let mut out = Vec::new();
    for (row, judged) in claims.rows.iter().zip(&recomputed.rows) {
        // Rows that claim nothing are the author's.
        if row.answer == Answer::Pass {
            revise(subject, row.status.span, row.span, judged, "Non-compliant", &mut out);
        }
    }
    for check in &recomputed.checks {
        if let Some(row) = check.row.and_then(|row| claims.checks.get(row))
            && row.answer == Answer::Pass
        {
            revise(subject, row.status.span, row.span, &check.judged, "Fail", &mut out);
        }
    }
    out.extend(missing_checks(subject, claims, recomputed));
    out.extend(new_items(subject, layout, claims, recomputed));
    out.extend(new_verdict(subject, layout, claims, recomputed));
    out
}

/// What a note gets behind the author's words; none where trueup has nothing to say.
fn remark(judged: &Judged) -> Option<String> {
    match judged.verdict {
        Verdict::Contradicted | Verdict::Vacuous | Verdict::Proven => {
            Some(format!("{MARK}{}, {}", judged.verdict, one_line(&judged.reason)))
        }
        _ => None,
    }
}

/// Takes a claim back where it is contradicted, and puts trueup's reason behind the author's note.
fn revise(
    subject: &Subject<'_>,
    status: Span,
    whole: Span,
    judged: &Judged,
    failed: &str,
    out: &mut Vec<Edit>,
) {
    if judged.verdict == Verdict::Contradicted && !status.is_empty() {
        out.push(Edit::replace(status, failed));
    }
    let Some(remark) = remark(judged) else { return };
    match row_at(subject, status) {
        Some(row) => out.extend(annotate_cell(subject, row, status, &remark)),
        None => {
            // A bullet: behind its last word.
            let text = whole.text(subject.text);
            let kept = text.find(&format!(" — {MARK}")).unwrap_or(text.trim_end().len());
            let from = whole.start as usize + kept;
            let to = whole.start as usize + text.trim_end().len();
            if status.end as usize <= from {
                out.push(Edit::replace(Span::new(from, to), format!(" — {remark}")));
            }
        }
    }
}

/// The table row that a place stands in.
fn row_at(subject: &Subject<'_>, place: Span) -> Option<NodeId> {
    let document = subject.document;
    let cell = document.block_at(place.start);
    let row = std::iter::once(cell)
        .chain(document.ancestors(cell))
        .find(|n| matches!(document.kind(*n), Kind::Row { .. }))?;
    Some(row)
}

/// The last cell of a row is the note; a row that ends with its status gets none.
fn annotate_cell(subject: &Subject<'_>, row: NodeId, status: Span, remark: &str) -> Option<Edit> {
    let cells = subject.document.row(row).cells;
    let note = *cells.last()?;
    if note.start <= status.start {
        return None;
    }
    let text = note.text(subject.text);
    let own = text.split(MARK).next().unwrap_or("").trim_end().trim_end_matches('—').trim_end();
    let remark = remark.replace("\\|", "|").replace('|', "\\|");
    let joined = if own.is_empty() { remark } else { format!("{own} — {remark}") };
    (joined != text).then(|| Edit::replace(note, joined))
}

/// The template's checks that the author left out, as rows below the last one.
fn missing_checks(subject: &Subject<'_>, claims: &Compliance, recomputed: &Recomputed) -> Option<Edit> {
    let missing: Vec<&JudgedCheck> = recomputed.checks.iter().filter(|check| check.row.is_none()).collect();
    let last = claims.checks.last()?;
    let row = row_at(subject, last.status.span)?;
    if missing.is_empty() {
        return None;
    }
    let columns = subject.document.row(row).cells.len();
    let end = subject.document.row(row).line.end as usize;
    let rows: String = missing.iter().map(|check| format!("\n{}", check_row(check, columns))).collect();
    Some(Edit::replace(Span::at(end), rows))
}

/// A row for a check: decided where the facts decide it, else left to be answered.
fn check_row(check: &JudgedCheck, columns: usize) -> String {
    let status = match check.judged.verdict {
        Verdict::Proven => "Pass",
        Verdict::Contradicted => "Fail",
        Verdict::Vacuous => "N/A",
        // The template's own choice, still to be made by a person.
        _ => "Pass / Fail",
    };
    let note = remark(&check.judged).unwrap_or_default().replace('|', "\\|");
    let mut cells = vec![check.label.replace('|', "\\|"), status.to_owned()];
    if columns > 2 {
        cells.push(note);
    }
    format!("| {} |", cells.join(" | "))
}

/// The section of the report that is a part of the template's.
fn part_section<'a>(subject: &'a Subject<'_>, layout: &Layout<'_>, part: Part) -> Option<&'a Section> {
    let sections = subject.document.sections();
    let report = subject.spec.facts.compliance.as_ref()?.span;
    let whole = sections.iter().find(|s| s.title_span == report || s.span.contains(report))?.span;
    let wanted = layout.parts.iter().find(|(p, _)| *p == part)?.1;
    sections.iter().find(|s| whole.contains(s.span) && s.normal.same_as(&wanted.normal))
}

/// Contradicted claims that are not on the list yet, behind its last line.
fn new_items(
    subject: &Subject<'_>,
    layout: &Layout<'_>,
    claims: &Compliance,
    recomputed: &Recomputed,
) -> Option<Edit> {
    let listed = |rule: &str| claims.non_compliant.iter().any(|item| item.rule.contains(rule));
    let new: Vec<String> = contradicted(Some(claims), recomputed)
        .into_iter()
        .filter(|(rule, _, _)| !listed(rule))
        .map(|(rule, source, judged)| item(&rule, &source, judged))
        .collect();
    if new.is_empty() {
        return None;
    }
    let section = part_section(subject, layout, Part::Items)?;
    let blocks: Vec<NodeId> = section.blocks(subject.document).collect();
    let says_none = claims.non_compliant.is_empty();
    let text = new.join("");
    match (blocks.first(), blocks.last()) {
        // "None." gives way; a list goes on.
        (Some(first), Some(last)) if says_none => {
            let span = subject.document.span(*first).cover(subject.document.span(*last));
            Some(Edit::replace(span.trimmed(subject.text), text.trim_end()))
        }
        (Some(_), Some(last)) => {
            let span = subject.document.span(*last).trimmed(subject.text);
            Some(Edit::replace(Span::at(span.end as usize), format!("\n{}", text.trim_end())))
        }
        _ => {
            let end = subject.document.span(section.heading).trimmed(subject.text).end as usize;
            Some(Edit::replace(Span::at(end), format!("\n\n{}", text.trim_end())))
        }
    }
}

fn item(rule: &str, source: &str, judged: &Judged) -> String {
    let mut out = format!("- **Rule**: {}\n", one_line(rule));
    if !source.is_empty() {
        out.push_str(&format!("  - **Source**: {}\n", one_line(source)));
    }
    out.push_str(&format!("  - **Gap**: {MARK}{}\n", one_line(&judged.reason)));
    out.push_str("  - **Recommendation**: mend the place that contradicts the claim, then claim it again\n");
    out
}

/// The verdict that the facts allow, where the author's is contradicted.
fn new_verdict(
    subject: &Subject<'_>,
    layout: &Layout<'_>,
    claims: &Compliance,
    recomputed: &Recomputed,
) -> Option<Edit> {
    let verdict = claims.verdict.as_ref()?;
    if recomputed.verdict.verdict != Verdict::Contradicted || layout.parts.is_empty() {
        return None;
    }
    let negative = verdict.class == trueup_model::VerdictClass::NonCompliant;
    let (key, value) = layout.verdict(negative);
    let bullet = if verdict.span.text(subject.text).trim_start().starts_with("- ") { "- " } else { "" };
    let own = one_line(&verdict.text);
    let text = format!(
        "{bullet}**{key}**: {value} ({MARK}the verdict was \"{own}\", but {})",
        one_line(&recomputed.verdict.reason)
    );
    Some(Edit::replace(verdict.span.trimmed(subject.text), text))
}

/// A report for a spec that has none: in front of its changelog, else at its end.
fn new_report(subject: &Subject<'_>, layout: &Layout<'_>, recomputed: &Recomputed, today: &str) -> Edit {
    let level = "#".repeat(usize::from(layout.section.level.max(2)));
    let mut text = format!("{level} {} — {today}\n\n", layout.section.title);
    for (part, section) in &layout.parts {
        text.push_str(&format!("{level}# {}\n\n", section.title));
        match part {
            Part::Checks => {
                text.push_str("| Check | Status | Notes |\n|---|---|---|\n");
                recomputed
                    .checks
                    .iter()
                    .for_each(|check| text.push_str(&format!("{}\n", check_row(check, 3))));
            }
            Part::Matrix => {
                let columns: Vec<&str> = section
                    .tables
                    .first()
                    .map(|t| t.columns.iter().map(|c| c.name.as_str()).collect())
                    .unwrap_or_default();
                let columns =
                    if columns.is_empty() { vec!["Rule Source", "Rule", "Status", "Notes"] } else { columns };
                text.push_str(&format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(columns.len())));
                text.push_str(&format!("|{}\n", " … |".repeat(columns.len())));
            }
            Part::Items => text.push_str("None.\n"),
            Part::Guides | Part::Verdict | Part::Other => text.push_str("…\n"),
        }
        text.push('\n');
    }
    let document = subject.document;
    let facts = &subject.spec.facts;
    let changelog: Vec<Span> = facts
        .sections
        .iter()
        .filter(|s| s.present && s.kind.as_deref() == Some("changelog"))
        .filter_map(|s| s.span)
        .collect();
    let before = document.sections().iter().find(|s| changelog.contains(&s.title_span));
    match before {
        Some(section) => Edit::replace(Span::at(section.span.start as usize), text),
        None => {
            let end = subject.spec.region.end as usize;
            let gap = match subject.text[..end].chars().rev().take_while(|c| *c == '\n').count() {
                0 => "\n\n",
                1 => "\n",
                _ => "",
            };
            Edit::replace(Span::at(end), format!("{gap}{}", text.trim_end_matches('\n').to_owned() + "\n"))
        }
    }
}
