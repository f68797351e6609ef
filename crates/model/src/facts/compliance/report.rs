//! The parts of a compliance report, told by their headings, labels and columns.

use super::answer::{answer_of, begins_with, leading_answer, verdict_class};
use super::bullet::answered;
use super::{CheckRow, Compliance, GuideRef, MatrixRow, NonCompliantItem, VerdictClaim, VerdictClass};
use crate::date::find_dates;
use crate::facts::item::{is_none, is_unfilled};
use crate::facts::reader::Reader;
use crate::facts::support::{Grid, Text, code_spans, items_below, list_items, says_none, statements};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::{fields_in, infer_words};
use trueup_text::Span;

/// What a part of the report holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Guides,
    Matrix,
    Checks,
    NonCompliant,
    Verdict,
    /// What stands directly below the report's title, or below a title of the author's own.
    Open,
}

/// Reads all compliance sections of a spec as one report.
pub(super) fn read(reader: &Reader<'_>) -> Option<Compliance> {
    let document = reader.document;
    let mut out: Option<Compliance> = None;
    for section in sections_of(reader) {
        let this = document.section(section);
        let report = out.get_or_insert_with(|| Compliance { span: this.title_span, ..Compliance::default() });
        if report.date.is_none() {
            report.date = find_dates(&this.title).first().and_then(|found| found.date);
        }
        let mut parts = Report { document, shift: 0, role: Role::Open, out: report };
        for part in below(reader, section) {
            let title = &document.section(part);
            parts.role = if part == section { Role::Open } else { role_of(&infer_words(&title.title)) };
            if parts.role == Role::Verdict {
                parts.verdict_in_title(&title.title, title.title_span);
            }
            let blocks: Vec<NodeId> = reader.blocks(part).collect();
            if part != section && parts.role == Role::Open {
                parts.answered_title(&title.title, title.title_span, &blocks);
            }
            parts.blocks(&blocks);
        }
        if is_bare(report) {
            let own = below(reader, section).into_iter().flat_map(|part| reader.blocks(part));
            report.statements = own.flat_map(|block| statements(document, block)).collect();
        }
    }
    out
}

/// Whether nothing in the report claims or denies anything in the template's way.
fn is_bare(report: &Compliance) -> bool {
    let rows = report.rows.is_empty() && report.checks.is_empty() && report.non_compliant.is_empty();
    rows && report.verdict.is_none() && report.none.is_none()
}

/// The sections of the kind, and others whose title says so ("AGENTS.md compliance").
fn sections_of(reader: &Reader<'_>) -> Vec<SectionId> {
    let document = reader.document;
    let found = reader.sections("compliance");
    if !found.is_empty() {
        return found;
    }
    let named = |id: &SectionId| {
        let core = &document.section(*id).normal.core;
        core == "agents md compliance"
            || core.starts_with("final compliance")
            || core.starts_with("compliance check")
    };
    reader.all_sections().filter(|id| reader.kind_of(*id).is_none()).find(named).into_iter().collect()
}

/// All that stands below the report, whatever its titles could mean elsewhere.
fn below(reader: &Reader<'_>, section: SectionId) -> Vec<SectionId> {
    let document = reader.document;
    let span = document.section(section).span;
    let all = (section.0..document.sections().len() as u32).map(SectionId).take_while(|id| {
        let start = document.section(*id).span.start;
        span.contains_offset(start) && reader.region.contains_offset(start)
    });
    all.filter(|id| reader.kind_of(*id) != Some("changelog")).collect()
}

fn role_of(words: &str) -> Role {
    let has = |word: &str| words.contains(word);
    if has("verdict") || words == "conclusion" || words == "decision" || words == "outcome" {
        Role::Verdict
    } else if has("non compliant") || has("noncompliant") || has("non compliance") || has("violations") {
        Role::NonCompliant
    } else if has("consistency") {
        Role::Checks
    } else if has("matrix") || words == "rules" {
        Role::Matrix
    } else if has("reviewed") || has("guides") || words == "agents md files" || words == "agents files" {
        Role::Guides
    } else {
        Role::Open
    }
}

struct Report<'d, 'o> {
    document: &'d Document,
    /// What to add to an offset of the document: a report may stand in a code block.
    shift: usize,
    role: Role,
    out: &'o mut Compliance,
}

impl Report<'_, '_> {
    fn text(&self, node: NodeId) -> Text {
        let text = Text::of(self.document, node);
        Text { span: text.span.shifted(self.shift), ..text }
    }

    fn span(&self, node: NodeId) -> Span {
        self.document.span(node).shifted(self.shift)
    }

    fn blocks(&mut self, blocks: &[NodeId]) {
        for block in blocks {
            self.block(*block);
        }
    }

    fn block(&mut self, block: NodeId) {
        let document = self.document;
        match document.kind(block) {
            Kind::Paragraph => self.paragraph(block),
            Kind::List { .. } => self.list(block),
            Kind::Table => self.table(block),
            Kind::Quote => {
                let inner: Vec<NodeId> = document.children(block).collect();
                let paragraphs = inner.iter().filter(|n| document.kind(**n) == Kind::Paragraph);
                for paragraph in paragraphs {
                    self.paragraph(*paragraph);
                }
            }
            Kind::Code { .. } if matches!(document.code_language(block), "markdown" | "md") => {
                self.inner(block)
            }
            _ => {}
        }
    }

    /// A report that stands in a code block as the template shows it.
    fn inner(&mut self, code: NodeId) {
        let span = self.document.code_span(code);
        if self.shift > 0 || span.is_empty() {
            return;
        }
        let inner = Document::parse(span.text(self.document.text()));
        let mut report =
            Report { document: &inner, shift: span.start as usize, role: Role::Open, out: &mut *self.out };
        for block in inner.blocks() {
            if let Kind::Heading(_) = inner.kind(block) {
                let title = inner.plain(block);
                report.role = role_of(&infer_words(&title));
                if report.out.date.is_none() {
                    report.out.date = find_dates(&title).first().and_then(|found| found.date);
                }
            } else {
                report.block(block);
            }
        }
    }

    /// `**Verdict:** …`, `**AGENTS.md files reviewed**:` begin a part; whether the paragraph was one.
    fn label(&mut self, paragraph: NodeId) -> bool {
        let document = self.document;
        let fields = fields_in(document, paragraph, false);
        let bold = document.children(paragraph).next().filter(|n| document.kind(*n) == Kind::Strong);
        let alone = bold.filter(|n| document.span(*n) == document.content_span(paragraph));
        let (words, value) = match (fields.first(), alone) {
            (Some(field), _) => {
                let span = field.value_span.shifted(self.shift);
                (infer_words(&field.key), Some(Text { text: field.value.clone(), span }))
            }
            (None, Some(bold)) => (infer_words(&document.plain(bold)), None),
            (None, None) => return false,
        };
        let role = role_of(&words);
        if role == Role::Open {
            return false;
        }
        // Below the verdict's heading "**Non-compliant**: Blocked" is the verdict itself.
        if self.role == Role::Verdict && role != Role::Verdict && self.out.verdict.is_none() {
            return false;
        }
        self.role = role;
        if let Some(value) = value.filter(|value| !value.text.is_empty()) {
            match role {
                Role::Verdict => self.verdict(value),
                Role::Guides => self.guides_in(paragraph),
                Role::NonCompliant => self.non_compliant_text(value),
                _ => {}
            }
        }
        true
    }

    fn paragraph(&mut self, paragraph: NodeId) {
        let text = self.text(paragraph);
        if is_unfilled(&text.text) || self.label(paragraph) {
            return;
        }
        match self.role {
            Role::Verdict => self.verdict(text),
            Role::Guides => self.guides_in(paragraph),
            Role::NonCompliant => self.non_compliant_text(text),
            Role::Open => {
                let class = verdict_class(&text.text);
                let leads = ["fully compliant", "compliant", "approved", "non-compliant", "conditionally"];
                let bare = text.text.trim_start_matches(|c: char| !c.is_alphanumeric());
                if class != VerdictClass::Other && leads.iter().any(|lead| begins_with(bare, lead)) {
                    self.verdict(text);
                }
            }
            Role::Matrix | Role::Checks => {}
        }
    }

    fn verdict(&mut self, text: Text) {
        if self.out.verdict.is_none() && !text.text.is_empty() {
            let class = verdict_class(&text.text);
            self.out.verdict = Some(VerdictClaim { class, text: text.text, span: text.span });
        }
    }

    /// A heading as a rule with its answer below it (`### Minimal impact`, "Pass. Nothing else changes").
    fn answered_title(&mut self, title: &str, title_span: Span, blocks: &[NodeId]) {
        let Some(first) = blocks.first().filter(|b| self.document.kind(**b) == Kind::Paragraph) else {
            return;
        };
        let text = self.text(*first);
        let Some((answer, end)) = leading_answer(&text.text) else { return };
        let rest = &text.text[end..];
        if rest.is_empty() || rest.starts_with(['.', ':']) || rest.starts_with(" —") {
            let status = Text { text: text.text[..end].to_owned(), span: text.span };
            let notes = rest.trim_start_matches(['.', ':', '—', ' ']).to_owned();
            let (source, rule) = (String::new(), title.to_owned());
            self.out.rows.push(MatrixRow { source, rule, status, answer, notes, span: title_span });
        }
    }

    /// `### Verdict: Approved`
    fn verdict_in_title(&mut self, title: &str, span: Span) {
        let said = title.split_once([':', '—', '–']).map(|(_, said)| said.trim()).unwrap_or("");
        let class = verdict_class(said);
        if class != VerdictClass::Other {
            self.verdict(Text { text: said.to_owned(), span });
        }
    }

    fn non_compliant_text(&mut self, text: Text) {
        if nothing_open(&text.text) {
            self.out.none.get_or_insert(text);
        }
    }

    fn list(&mut self, list: NodeId) {
        let document = self.document;
        match self.role {
            Role::Guides => {
                for (_, paragraph) in items_below(document, list) {
                    self.guides_in(paragraph);
                }
            }
            Role::Verdict => self.verdict_list(list),
            Role::NonCompliant => self.non_compliant_list(list),
            Role::Matrix | Role::Checks | Role::Open => {
                for (item, paragraph) in items_below(document, list) {
                    self.bullet(item, paragraph);
                }
            }
        }
    }

    /// A verdict in bullets: the ticked one, else the first; both of the template's are no verdict.
    fn verdict_list(&mut self, list: NodeId) {
        let document = self.document;
        let items: Vec<(NodeId, NodeId)> = list_items(document, list).collect();
        let ticked = items.iter().find(|(item, _)| document.kind(*item) == Kind::Item(Some(true)));
        let open = |item: NodeId| document.kind(item) == Kind::Item(Some(false));
        let first = items.iter().find(|(item, _)| !open(*item));
        let Some((_, paragraph)) = ticked.or(first) else { return };
        let text = self.text(*paragraph);
        let unmade = ticked.is_none() && items.len() == 2 && {
            let other = document.plain(items[1].1);
            begins_with(&text.text, "fully compliant") && begins_with(other.trim(), "non-compliant")
        };
        if unmade && self.out.verdict.is_none() {
            self.out.verdict =
                Some(VerdictClaim { class: VerdictClass::Other, text: text.text, span: text.span });
        } else {
            self.verdict(text);
        }
    }

    fn bullet(&mut self, item: NodeId, paragraph: NodeId) {
        let document = self.document;
        if self.role == Role::Open
            && let Some(field) = fields_in(document, paragraph, true).first()
        {
            let span = field.value_span.shifted(self.shift);
            let value = Text { text: field.value.clone(), span };
            match role_of(&infer_words(&field.key)) {
                Role::Verdict => return self.verdict(value),
                Role::NonCompliant => return self.non_compliant_text(value),
                Role::Guides => return self.guides_in(paragraph),
                _ => {}
            }
        }
        let Some(found) = answered(document, item, paragraph) else { return };
        let status = Text { text: found.status, span: found.status_span.shifted(self.shift) };
        let span = self.span(paragraph);
        if self.role == Role::Checks {
            let (check, answer, notes) = (found.rule, found.answer, found.notes);
            self.out.checks.push(CheckRow { check, status, answer, notes, span });
        } else {
            let (source, rule, answer, notes) = (found.source, found.rule, found.answer, found.notes);
            self.out.rows.push(MatrixRow { source, rule, status, answer, notes, span });
        }
    }

    /// Paths that a bullet or paragraph names; without any the words of the bullet.
    fn guides_in(&mut self, paragraph: NodeId) {
        let document = self.document;
        let names = |text: &str| text.ends_with(".md") || text.ends_with(".mdc") || text.contains('/');
        let mut found: Vec<Text> = code_spans(document, paragraph);
        found.retain(|code| names(&code.text) && !code.text.contains(' '));
        if found.is_empty() {
            let text = Text::of(document, paragraph);
            if is_unfilled(&text.text) || is_none(&text.text) {
                return;
            }
            let item = document.parent(paragraph).is_some_and(|p| matches!(document.kind(p), Kind::Item(_)));
            if item {
                let end =
                    [" — ", " – ", " - ", " (", ": "].iter().filter_map(|mark| text.text.find(mark)).min();
                let path = text.text[..end.unwrap_or(text.text.len())].trim().to_owned();
                found.push(Text { text: path, span: text.span });
            }
        }
        for guide in found {
            self.out.guides.push(GuideRef { path: guide.text, span: guide.span.shifted(self.shift) });
        }
    }

    fn non_compliant_list(&mut self, list: NodeId) {
        let document = self.document;
        let mut open: Option<NonCompliantItem> = None;
        for (_, paragraph) in list_items(document, list) {
            let text = self.text(paragraph);
            if is_unfilled(&text.text) {
                continue;
            }
            if nothing_open(&text.text) {
                self.out.none.get_or_insert(text);
                continue;
            }
            let fields = fields_in(document, paragraph, true);
            let key = fields.first().map(|field| infer_words(&field.key)).unwrap_or_default();
            let value = fields.first().map(|field| field.value.clone()).unwrap_or_default();
            if key == "rule" || !matches!(key.as_str(), "source" | "gap" | "recommendation") {
                self.out.non_compliant.extend(open.take());
            }
            let item = open.get_or_insert_with(|| NonCompliantItem {
                rule: String::new(),
                source: String::new(),
                gap: String::new(),
                recommendation: String::new(),
                span: self.document.span(paragraph).shifted(self.shift),
            });
            match key.as_str() {
                "rule" => item.rule = value,
                "source" => item.source = value,
                "gap" => item.gap = value,
                "recommendation" => item.recommendation = value,
                _ => item.rule = text.text,
            }
        }
        self.out.non_compliant.extend(open);
    }

    fn table(&mut self, table: NodeId) {
        let grid = Grid::of(self.document, table);
        match self.role {
            Role::Guides => self.guide_table(&grid),
            Role::NonCompliant => self.non_compliant_table(&grid),
            _ => self.status_table(&grid),
        }
    }

    fn guide_table(&mut self, grid: &Grid) {
        for row in &grid.rows {
            if let Some(cell) = row.cells.first() {
                let text = code_spans(self.document, *cell).into_iter().next();
                let text = text.unwrap_or_else(|| Text::of(self.document, *cell));
                if !is_unfilled(&text.text) {
                    self.out.guides.push(GuideRef { path: text.text, span: text.span.shifted(self.shift) });
                }
            }
        }
    }

    fn status_table(&mut self, grid: &Grid) {
        let Some(status) = grid.column(STATUS) else { return };
        let source = grid.column(SOURCE).filter(|at| *at != status);
        let rule = grid.column(RULE).filter(|at| *at != status && Some(*at) != source);
        let check = grid.column(&["check", "canonical check", "consistency check", "checks"]);
        let checks = self.role == Role::Checks
            || self.role == Role::Open && check.is_some() && source.is_none() && rule.is_none();
        let free = || {
            (0..grid.columns.len())
                .find(|at| *at != status && Some(*at) != source && !is_number(&grid.columns[*at]))
        };
        let Some(subject) = rule.or(check).or_else(free) else { return };
        let notes = grid.column(NOTES).filter(|at| *at != status && *at != subject);
        for row in &grid.rows {
            let text = |at: usize| row.cells.get(at).map(|cell| self.text(*cell)).unwrap_or_default();
            let said = |at: Option<usize>| at.map(|at| text(at).text).unwrap_or_default();
            let (subject, status, notes) = (text(subject).text, text(status), said(notes));
            if is_unfilled(&subject) || status.text.is_empty() && notes.is_empty() {
                continue;
            }
            let answer = answer_of(&status.text);
            let span = self.span(row.node);
            if checks {
                self.out.checks.push(CheckRow { check: subject, status, answer, notes, span });
            } else {
                let source = said(source);
                self.out.rows.push(MatrixRow { source, rule: subject, status, answer, notes, span });
            }
        }
    }

    fn non_compliant_table(&mut self, grid: &Grid) {
        let rule =
            grid.column(RULE).or_else(|| grid.column(&["item", "finding", "issue", "gap"])).unwrap_or(0);
        let source = grid.column(SOURCE).filter(|at| *at != rule);
        let gap = grid
            .column(&["gap", "finding", "issue", "problem", "what is missing", "notes"])
            .filter(|at| *at != rule);
        let recommendation = grid.column(&["recommendation", "fix", "action", "resolution", "plan"]);
        for row in &grid.rows {
            let said = |at: Option<usize>| {
                let cell = at.and_then(|at| row.cells.get(at));
                cell.map(|cell| self.text(*cell).text).unwrap_or_default()
            };
            let first = said(Some(rule));
            if is_unfilled(&first) {
                continue;
            }
            if nothing_open(&first) {
                let text = row.cells.first().map(|cell| self.text(*cell)).unwrap_or_default();
                self.out.none.get_or_insert(text);
                continue;
            }
            self.out.non_compliant.push(NonCompliantItem {
                rule: first,
                source: said(source),
                gap: said(gap),
                recommendation: said(recommendation),
                span: self.span(row.node),
            });
        }
    }
}

const STATUS: &[&str] = &[
    "status",
    "result",
    "compliance",
    "compliant",
    "planned compliance",
    "verdict",
    "assessment",
    "state",
    "pass",
    "outcome",
    "ok",
    "answer",
    "pass fail",
];
const SOURCE: &[&str] = &["rule source", "source", "guide", "agents md", "document", "origin", "from"];
const RULE: &[&str] = &[
    "rule",
    "must rule",
    "requirement",
    "rule text",
    "convention",
    "guideline",
    "principle",
    "policy",
    "standard",
];
const NOTES: &[&str] = &[
    "notes",
    "note",
    "evidence",
    "comment",
    "comments",
    "details",
    "detail",
    "justification",
    "reason",
    "rationale",
    "how",
    "explanation",
    "remarks",
];

fn is_number(header: &str) -> bool {
    matches!(header, "" | "no" | "nr" | "id")
}

/// Whether a text says that nothing is open ("None.", "No non-compliant items identified").
fn nothing_open(text: &str) -> bool {
    let said = text.trim().to_lowercase();
    let denies = said.starts_with("no ") || said.starts_with("zero ");
    let of_items = [
        "non-compliant",
        "noncompliant",
        "non compliant",
        "violation",
        "item",
        "gap",
        "issue",
        "deviation",
        "blocking",
        "known",
    ];
    is_none(text) || says_none(text) || denies && of_items.iter().any(|word| said.contains(word))
}
