//! The plan of an implementation: phases under headings, labels, bullets and in tables.

use super::word::{Names, is_beside, is_set_off, names, stands_alone};
use super::{Phase, Step};
use crate::facts::item::{is_none, is_unfilled};
use crate::facts::reader::Reader;
use crate::facts::support::{Grid, Text, list_items};
use rustc_hash::FxHashSet;
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::infer_words;
use trueup_text::Span;

/// Kinds inside which a heading "Phase 2" speaks of something else than the plan.
const NOT_A_PLAN: &[&str] = &[
    "data-models",
    "api",
    "commands-events",
    "risks",
    "compliance",
    "changelog",
    "questions",
    "tests",
    "manifest",
    "i18n",
    "acceptance",
    "references",
    "ui",
    "migration",
];

/// Sections of a plan that hold something else.
const FOREIGN: &[&str] = &[
    "manifest",
    "tests",
    "questions",
    "risks",
    "compliance",
    "changelog",
    "references",
    "acceptance",
    "alternatives",
];

/// Reads all plans of a spec; phases that stand for themselves count where no plan names any.
pub(super) fn read(reader: &Reader<'_>) -> Vec<Phase> {
    let document = reader.document;
    let mut plans: Vec<Vec<Phase>> = Vec::new();
    let mut alone = Vec::new();
    let mut end = 0;
    for id in reader.all_sections() {
        let this = document.section(id);
        if this.span.start < end {
            continue;
        }
        let kind = reader.kind_of(id);
        if kind == Some("plan") || kind.is_none() && is_plan(&this.normal.core) {
            let mut plan = Vec::new();
            read_plan(reader, id, &mut plan);
            plans.push(plan);
            end = this.span.end;
        } else if kind.is_none() && stands_alone(&this.title) && !inside_other(reader, id) {
            read_phase(reader, id, &mut alone);
            end = this.span.end;
        }
    }
    drop_outlines(&mut plans);
    let planned: Vec<Phase> = plans.into_iter().flatten().collect();
    let named = planned.iter().any(|phase| names(&phase.title).is_some());
    if named || alone.is_empty() { planned } else { alone }
}

/// A list of phases without steps only announces those of another plan with the same numbers.
fn drop_outlines(plans: &mut Vec<Vec<Phase>>) {
    let key = |phase: &Phase| -> Option<String> {
        let words: Vec<String> = phase.title.split_whitespace().take(2).map(str::to_lowercase).collect();
        names(&phase.title)?;
        Some(words.join(" ").trim_end_matches([':', '.', ')', '—', '–']).to_owned())
    };
    let has_steps = |plan: &[Phase]| plan.iter().any(|phase| !phase.steps.is_empty());
    let told: FxHashSet<String> =
        plans.iter().filter(|plan| has_steps(plan)).flatten().filter_map(key).collect();
    plans.retain(|plan| {
        has_steps(plan) || !plan.iter().all(|phase| key(phase).is_some_and(|key| told.contains(&key)))
    });
}

/// Titles that speak of phases or steps ("Rollout phases", "Phasing (stories)").
fn is_plan(core: &str) -> bool {
    const TITLES: &[&str] = &[
        "implementation steps",
        "implementation order",
        "implementation sequence",
        "implementation stories",
        "delivery phases",
        "delivery order",
        "delivery sequence",
        "rollout phasing",
        "phasing and rollout",
        "phasing and implementation plan",
        "phasing implementation plan",
        "rollout and phasing",
        "work breakdown",
        "roadmap",
        "milestones",
        "task breakdown",
        "plan",
        "implementation tasks",
        "phased implementation plan",
        "execution plan",
        "phased plan",
        "phased delivery",
        "phased rollout",
        "rollout phasing",
        "phase breakdown",
        "implementation phase plan",
        "implementation workstreams",
        "phase specifications",
        "phase overview",
        "phases overview",
    ];
    core == "phasing"
        || core.starts_with("phasing ")
        || core.starts_with("implementation plan ")
        || TITLES.contains(&core)
}

fn inside_other(reader: &Reader<'_>, id: SectionId) -> bool {
    let document = reader.document;
    let above = std::iter::successors(document.section(id).parent, |up| document.section(*up).parent);
    above.take(8).any(|up| {
        let core = &document.section(up).normal.core;
        core.ends_with("status")
            || core.ends_with("progress")
            || core.contains("coverage")
            || reader.kind_of(up).is_some_and(|kind| NOT_A_PLAN.contains(&kind))
    })
}

/// The sections directly below one that belong to the plan.
fn children_of(reader: &Reader<'_>, section: SectionId) -> Vec<SectionId> {
    let document = reader.document;
    let span = document.section(section).span;
    (section.0 + 1..document.sections().len() as u32)
        .map(SectionId)
        .take_while(|id| {
            let start = document.section(*id).span.start;
            span.contains_offset(start) && reader.region.contains_offset(start)
        })
        .filter(|id| document.section(*id).parent == Some(section))
        .filter(|id| {
            names(&document.section(*id).title).is_some()
                || !reader.kind_of(*id).is_some_and(|kind| FOREIGN.contains(&kind))
        })
        .collect()
}

fn read_plan(reader: &Reader<'_>, section: SectionId, out: &mut Vec<Phase>) {
    let document = reader.document;
    let this = document.section(section);
    let before = out.len();
    let children = children_of(reader, section);
    let mut own = Blocks::new(
        document,
        Mode::Plan { phased: this.normal.core.contains("phas") || this.normal.core.contains("milestone") },
    );
    own.read(&reader.blocks(section).collect::<Vec<_>>());
    // With headings for the phases, lists in front of them only introduce them.
    let headed = children.iter().any(|id| names(&document.section(*id).title).is_some());
    if !headed || own.named {
        out.append(&mut own.phases);
    }
    if headed {
        for id in &children {
            if names(&document.section(*id).title).is_some() {
                read_phase(reader, *id, out);
            } else {
                read_nested(reader, *id, out);
            }
        }
        return;
    }
    // Where a table or a list has named the phases, headings below it speak of something else.
    if out.len() > before {
        return;
    }
    let numbered = |id: &SectionId| !document.section(*id).normal.numbering.is_empty();
    let any_numbered = children.iter().any(numbered);
    for id in &children {
        let child = document.section(*id);
        let nested =
            children_of(reader, *id).into_iter().any(|below| names(&document.section(below).title).is_some());
        if nested {
            read_nested(reader, *id, out);
        } else if (numbered(id) || !any_numbered) && !is_beside(&child.normal.core) {
            read_phase(reader, *id, out);
        }
    }
    if out.len() == before && !own.loose.is_empty() {
        out.push(Phase { title: this.title.clone(), steps: own.loose, span: this.title_span });
    }
}

/// A heading inside a plan that is no phase itself but may hold some.
fn read_nested(reader: &Reader<'_>, section: SectionId, out: &mut Vec<Phase>) {
    let document = reader.document;
    for id in children_of(reader, section) {
        if names(&document.section(id).title).is_some() {
            read_phase(reader, id, out);
        }
    }
}

fn read_phase(reader: &Reader<'_>, section: SectionId, out: &mut Vec<Phase>) {
    let document = reader.document;
    let this = document.section(section);
    let mut phase = Phase { title: this.title.clone(), steps: Vec::new(), span: this.title_span };
    let children = children_of(reader, section);
    let named: Vec<&SectionId> =
        children.iter().filter(|id| names(&document.section(**id).title).is_some()).collect();
    let mut own = Blocks::new(document, Mode::Phase);
    own.read(&reader.blocks(section).collect::<Vec<_>>());
    if named.is_empty() {
        phase.steps = own.steps();
        for child in &children {
            if is_beside(&document.section(*child).normal.core) {
                continue;
            }
            let mut more = Blocks::new(document, Mode::Phase);
            more.read(&reader.blocks(*child).collect::<Vec<_>>());
            phase.steps.append(&mut more.steps());
        }
        if phase.steps.is_empty() {
            let numbered = |id: &&SectionId| !document.section(**id).normal.numbering.is_empty();
            phase.steps = children.iter().filter(numbered).map(|id| heading_step(document, *id)).collect();
        }
    } else {
        for id in named {
            phase.steps.push(heading_step(document, *id));
        }
    }
    out.push(phase);
}

fn heading_step(document: &Document, section: SectionId) -> Step {
    let this = document.section(section);
    Step { text: this.title.clone(), done: None, span: this.title_span }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Directly below the plan; `phased` where its title says that bullets are phases.
    Plan { phased: bool },
    /// Below the heading of a phase.
    Phase,
}

/// The blocks below one heading.
struct Blocks<'d> {
    document: &'d Document,
    mode: Mode,
    phases: Vec<Phase>,
    /// Whether a phase was named by a word (`**Phase 1 — …**`) and not only by its place.
    named: bool,
    /// Steps of ordered lists and check boxes, or under a label of their own.
    loose: Vec<Step>,
    /// Steps in plain bullets; they count where there are no others.
    bullets: Vec<Step>,
    /// The list below belongs to a label that is none of the steps.
    beside: bool,
}

impl<'d> Blocks<'d> {
    fn new(document: &'d Document, mode: Mode) -> Blocks<'d> {
        Blocks {
            document,
            mode,
            phases: Vec::new(),
            named: false,
            loose: Vec::new(),
            bullets: Vec::new(),
            beside: false,
        }
    }

    fn steps(&mut self) -> Vec<Step> {
        let mut steps = std::mem::take(&mut self.loose);
        if steps.is_empty() {
            steps = std::mem::take(&mut self.bullets);
        }
        steps
    }

    fn read(&mut self, blocks: &[NodeId]) {
        for block in blocks {
            match self.document.kind(*block) {
                Kind::Paragraph => self.paragraph(*block),
                Kind::List { ordered } => self.list(*block, ordered),
                Kind::Table => self.table(*block),
                _ => {}
            }
        }
        if let Mode::Plan { .. } = self.mode
            && self.loose.is_empty()
        {
            self.loose = std::mem::take(&mut self.bullets);
        }
    }

    /// `**Phase 1 — Title.** prose`, `**Step 2:** do`, `Phase 1: Title` on a line of its own, or a label.
    fn paragraph(&mut self, paragraph: NodeId) {
        let mut taken = false;
        for line in lines_of(self.document, paragraph) {
            let named = names(&line.text).filter(|_| line.lead.is_some() || is_set_off(&line.text));
            match (named, self.mode) {
                (Some(Names::Phase), Mode::Plan { .. }) => {
                    let title = title_of(&line);
                    self.open(title, line.span);
                    taken = true;
                }
                (Some(_), _) => {
                    self.push_step(Step { text: line.text, done: None, span: line.span }, true);
                    taken = true;
                }
                (None, _) => {}
            }
        }
        if taken {
            self.beside = false;
            return;
        }
        let said = self.document.plain(paragraph);
        let said = said.trim();
        let mut inside = self.document.children(paragraph);
        let bold = inside.next().is_some_and(|n| self.document.kind(n) == Kind::Strong);
        let label = bold && inside.next().is_none() || said.ends_with(':');
        self.beside = label && is_beside(&infer_words(said));
    }

    fn open(&mut self, title: String, span: Span) {
        self.named = true;
        self.phases.push(Phase { title, steps: Vec::new(), span });
    }

    fn push_step(&mut self, step: Step, strong: bool) {
        match (self.mode, self.phases.last_mut()) {
            (Mode::Plan { .. }, Some(phase)) => phase.steps.push(step),
            _ if strong => self.loose.push(step),
            _ => self.bullets.push(step),
        }
    }

    fn list(&mut self, list: NodeId, ordered: bool) {
        if self.beside {
            self.beside = false;
            return;
        }
        let document = self.document;
        let under_phase = self.named;
        for (item, paragraph) in list_items(document, list) {
            let text = Text::of(document, paragraph);
            if is_unfilled(&text.text) || is_none(&text.text) {
                continue;
            }
            let line = Line { lead: bold_lead(document, paragraph), text: text.text, span: text.span };
            let named = names(&line.text) == Some(Names::Phase);
            if let Mode::Plan { phased } = self.mode
                && (named || phased && !under_phase)
            {
                let title = title_of(&line);
                self.phases.push(Phase { title, steps: below(document, item), span: line.span });
                self.named |= named;
                continue;
            }
            let done = match document.kind(item) {
                Kind::Item(done) => done,
                _ => None,
            };
            self.push_step(Step { text: line.text, done, span: line.span }, ordered || done.is_some());
        }
    }

    fn table(&mut self, table: NodeId) {
        let document = self.document;
        let grid = Grid::of(document, table);
        const PHASES: &[&str] = &[
            "phase",
            "phases",
            "milestone",
            "stage",
            "slice",
            "workstream",
            "story",
            "sprint",
            "pr",
            "wave",
        ];
        let phase = grid.column(PHASES);
        let step = grid.column(&[
            "step",
            "steps",
            "task",
            "tasks",
            "work",
            "what",
            "deliverable",
            "commit",
            "change",
        ]);
        let name = grid.column(&[
            "scope",
            "title",
            "name",
            "focus",
            "description",
            "goal",
            "content",
            "contents",
            "summary",
            "delivers",
            "deliverables",
            "enhancements",
            "what",
            "deliverable",
            "what ships",
        ]);
        match (phase, self.mode) {
            (Some(phase), Mode::Plan { .. }) => {
                // A list in front of the table says what phases have in common.
                if !self.named {
                    self.phases.clear();
                }
                self.named = true;
                for row in &grid.rows {
                    let said = |at: usize| {
                        row.cells.get(at).map(|c| document.plain(*c).trim().to_owned()).unwrap_or_default()
                    };
                    let first = said(phase);
                    let short = first.chars().count() <= 12;
                    let named = name.filter(|at| *at != phase).unwrap_or(phase + 1);
                    let more = if short { said(named) } else { String::new() };
                    if is_unfilled(&first) {
                        continue;
                    }
                    let title = if more.is_empty() { first } else { format!("{first} — {more}") };
                    self.phases.push(Phase { title, steps: Vec::new(), span: document.span(row.node) });
                }
            }
            _ => {
                let Some(step) = step else { return };
                for row in &grid.rows {
                    let Some(cell) = row.cells.get(step) else { continue };
                    let text = document.plain(*cell).trim().to_owned();
                    if !is_unfilled(&text) {
                        self.push_step(Step { text, done: None, span: document.span(row.node) }, true);
                    }
                }
            }
        }
    }
}

/// The bullets directly below an item.
fn below(document: &Document, item: NodeId) -> Vec<Step> {
    let lists = document.children(item).filter(|n| matches!(document.kind(*n), Kind::List { .. }));
    let mut out = Vec::new();
    for list in lists {
        for (inner, paragraph) in list_items(document, list) {
            let done = match document.kind(inner) {
                Kind::Item(done) => done,
                _ => None,
            };
            let text = Text::of(document, paragraph);
            if !is_unfilled(&text.text) {
                out.push(Step { text: text.text, done, span: text.span });
            }
        }
    }
    out
}

/// A line of a paragraph or a bullet with the bold words in front of it.
struct Line {
    lead: Option<String>,
    text: String,
    span: Span,
}

/// The bold words in front, else the line up to the end of its sentence.
fn title_of(line: &Line) -> String {
    if let Some(lead) = &line.lead {
        // `**Phase 1**: Title` has its title behind the bold.
        let alone = lead.split_whitespace().count() <= 2 && names(lead).is_some();
        if !alone {
            return lead.trim_end_matches([':', '.']).to_owned();
        }
    }
    let end = line.text.find(". ").map_or(line.text.len(), |at| at);
    line.text[..end].trim_end_matches(['.', ':']).to_owned()
}

fn bold_lead(document: &Document, block: NodeId) -> Option<String> {
    let first = document.children(block).next().filter(|n| document.kind(*n) == Kind::Strong)?;
    Some(document.plain(first).trim().to_owned())
}

/// The lines of a paragraph; a line that goes on in the next is one only where that begins with a name.
fn lines_of(document: &Document, paragraph: NodeId) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut fresh = true;
    for child in document.children(paragraph) {
        let kind = document.kind(child);
        if kind == Kind::Break {
            fresh = true;
            continue;
        }
        let said = document.plain(child);
        let lead = (fresh && kind == Kind::Strong).then(|| said.trim().to_owned());
        let starts = fresh && names(&said).is_some();
        let after_break = fresh;
        fresh = false;
        match out.last_mut().filter(|_| !starts) {
            Some(line) => {
                if after_break {
                    line.text.push(' ');
                }
                line.text.push_str(&said);
                line.span = line.span.cover(document.span(child));
            }
            None => out.push(Line { lead, text: said.into_owned(), span: document.span(child) }),
        }
    }
    out
}
