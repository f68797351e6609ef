//! What a spec has to say before it is agreed on, where its template or the spec itself has a section for it.

use crate::action::Gate;
use crate::gate::{GateCx, Reason, ReasonKind};
use trueup_markdown::SectionId;
use trueup_model::reading::{NotApplicable, keeps, not_applicable};
use trueup_model::{Item, Severity};
use trueup_template::infer_words;
use trueup_text::Span;

/// Adds what is missing.
pub fn section_reasons(cx: &GateCx<'_>, out: &mut Vec<Reason>) {
    if cx.gate == Gate::Submit {
        return;
    }
    questions(cx, out);
    acceptance(cx, out);
    if cx.gate == Gate::Accept {
        risks(cx, out);
        part(cx, "migration", ReasonKind::Migrations, "migrations", out);
        part(cx, "observability", ReasonKind::Observability, "observability", out);
    }
}

/// Whether the template has a section of a kind.
fn asks(cx: &GateCx<'_>, kind: &str) -> bool {
    let schema = cx.file.set.and_then(|set| cx.workspace.sets.get(set)).map(|set| &set.schema);
    schema.is_some_and(|schema| schema.sections.iter().any(|s| s.kind.as_deref() == Some(kind)))
}

/// The spec's sections of a kind, with where they stand.
pub(crate) fn sections_of(cx: &GateCx<'_>, kind: &str) -> Vec<SectionId> {
    let document = &cx.file.document;
    let told = cx.spec.facts.sections.iter().filter(|s| s.kind.as_deref() == Some(kind) && s.present);
    told.filter_map(|s| s.span)
        .filter_map(|span| document.sections().partition_point(|s| s.span.start <= span.start).checked_sub(1))
        .map(|at| SectionId(at as u32))
        .collect()
}

fn title_of(cx: &GateCx<'_>, kind: &str) -> Option<Span> {
    sections_of(cx, kind).first().map(|id| cx.file.document.section(*id).title_span)
}

fn at(reason: Reason, span: Option<Span>) -> Reason {
    match span {
        Some(span) => reason.at(span),
        None => reason,
    }
}

fn questions(cx: &GateCx<'_>, out: &mut Vec<Reason>) {
    for question in cx.spec.facts.questions.iter().filter(|q| q.answer.is_none()) {
        let what = format!("the question “{}” is open", shortened(&question.text, 70));
        let reason = Reason::new(ReasonKind::Questions, &cx.file.path, what).at(question.span);
        out.push(
            reason.hint("write the answer beside it, or move it to the risks with how it is dealt with"),
        );
    }
}

fn acceptance(cx: &GateCx<'_>, out: &mut Vec<Reason>) {
    let items = &cx.spec.facts.acceptance;
    if items.is_empty() {
        if asks(cx, "acceptance") && !found_there(cx, "acceptance") {
            let reason = Reason::new(ReasonKind::Acceptance, &cx.file.path, "there is no acceptance bullet");
            let reason = reason.hint("write what can be verified when it is built: `- [ ] AC-1: …`");
            out.push(at(reason, title_of(cx, "acceptance")));
        }
        return;
    }
    if cx.gate != Gate::Accept {
        return;
    }
    for item in items.iter().filter(|item| item.id.written.is_none() && !is_templates(cx, item)) {
        let what = format!("the acceptance bullet “{}” has no ID", shortened(&item.text, 60));
        let hint = "write one in front that no other bullet ever had (`AC-3: …`): tests cite it";
        out.push(Reason::new(ReasonKind::Acceptance, &cx.file.path, what).at(item.span).hint(hint));
    }
}

/// The template's own bullets are for every spec.
pub fn is_templates(cx: &GateCx<'_>, item: &Item) -> bool {
    let Some(set) = cx.file.set.and_then(|set| cx.workspace.sets.get(set)) else { return false };
    let words = infer_words(&item.text);
    set.schema
        .sections
        .iter()
        .flat_map(|s| &s.checklist)
        .any(|own| own.normal == words || keeps(&words, &own.normal))
}

fn risks(cx: &GateCx<'_>, out: &mut Vec<Reason>) {
    let risks = &cx.spec.facts.risks;
    if risks.risks.is_empty() && risks.none.is_none() && asks(cx, "risks") && !found_there(cx, "risks") {
        let reason = Reason::new(ReasonKind::Risk, &cx.file.path, "no risk is named");
        let reason =
            reason.hint("name what could go wrong and how it is dealt with, or say “None — ” and why");
        out.push(at(reason, title_of(cx, "risks")));
    }
    let high = risks.risks.iter().filter(|risk| risk.severity >= Some(Severity::High));
    let flags = cx.spec.facts.flags.iter().any(|flag| flag.name.is_some());
    let rollback = cx.spec.facts.rollout.rollback.is_some() || cx.spec.facts.migrations.rollback.is_some();
    let governed = asks(cx, "flags") && asks(cx, "rollout");
    let told = out.iter().any(|r| r.rule == Some("high-risk-needs-flag-and-rollback"));
    for risk in high.filter(|_| governed && !told && !(flags && rollback)) {
        let lacks = match (flags, rollback) {
            (false, false) => "neither a feature flag nor a rollback plan",
            (false, true) => "no feature flag",
            _ => "no rollback plan",
        };
        let what = format!("the risk “{}” is high, and the spec has {lacks}", shortened(&risk.title, 50));
        let hint = "name the flag that switches it off, and how to go back";
        out.push(Reason::new(ReasonKind::Risk, &cx.file.path, what).at(risk.span).hint(hint));
    }
}

/// A section that has to say something, or that it does not apply and why.
fn part(cx: &GateCx<'_>, kind: &str, of: ReasonKind, called: &str, out: &mut Vec<Reason>) {
    if !asks(cx, kind) || found_there(cx, kind) {
        return;
    }
    let document = &cx.file.document;
    let sections = sections_of(cx, kind);
    let Some(first) = sections.first() else {
        let what = format!("nothing is said about {called}");
        let hint = format!(
            "add the template's section on {called}; where it does not apply, “N/A — ” and the reason"
        );
        out.push(Reason::new(of, &cx.file.path, what).hint(hint));
        return;
    };
    let title = document.section(*first).title_span;
    let empty =
        cx.spec.facts.sections.iter().all(|s| s.kind.as_deref() != Some(kind) || !s.present || s.empty);
    if empty {
        let what = format!("the section on {called} is empty");
        let hint = "say what is planned; where it does not apply, “N/A — ” and the reason";
        out.push(Reason::new(of, &cx.file.path, what).at(title).hint(hint));
    } else if sections.iter().all(|id| not_applicable(document, *id) == Some(NotApplicable::Bare)) {
        let what = format!("the section on {called} says that it does not apply, but not why");
        out.push(Reason::new(of, &cx.file.path, what).at(title).hint("“N/A — ” and the reason"));
    }
}

/// Whether a rule has said already that a section of this kind is missing or empty.
fn found_there(cx: &GateCx<'_>, kind: &str) -> bool {
    let titles =
        cx.file.set.and_then(|set| cx.workspace.sets.get(set)).map(|set| set.schema.sections.as_slice());
    let mut titles =
        titles.unwrap_or_default().iter().filter(|s| s.kind.as_deref() == Some(kind)).map(|s| &s.title);
    let own: Vec<Span> =
        sections_of(cx, kind).iter().map(|id| cx.file.document.section(*id).title_span).collect();
    let told = |rule: &str| matches!(rule, "missing-section" | "empty-section");
    let found: Vec<_> = cx
        .findings
        .iter()
        .filter(|f| told(f.rule) && f.level == trueup_finding::Level::Error && *f.path == *cx.file.path)
        .collect();
    titles.any(|title| found.iter().any(|f| f.message.contains(title.as_str())))
        || found
            .iter()
            .any(|f| own.iter().any(|span| span.contains_offset(f.span.start) || f.span.contains(*span)))
}

/// A text on one line, short enough for a message.
pub fn shortened(text: &str, characters: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(characters) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or("").trim_end()),
        None => line,
    }
}
