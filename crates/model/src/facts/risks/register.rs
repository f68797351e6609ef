//! The blocks of a risk section, one after the other.

use super::keys::{KeyText, canonical, keys_of, one_line};
use super::title::{clean_title, level_in};
use super::{Risk, RiskEntry, RiskForm, Risks, Severity};
use crate::facts::item::{ItemId, is_none, is_unfilled};
use crate::facts::reader::Reader;
use crate::facts::support::{Grid, GridRow, Text, list_items, says_none};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::infer_words;
use trueup_text::Span;

/// What holds no risks even where it stands below a risk section.
const FOREIGN: &[&str] =
    &["compliance", "changelog", "questions", "tests", "plan", "manifest", "references", "alternatives"];

/// A risk whose keys are being collected.
struct Draft {
    title: Text,
    span: Span,
    entries: Vec<RiskEntry>,
    form: RiskForm,
    /// It is a risk by its label alone (`Risk: …`), whether keys follow or not.
    named: bool,
}

/// What the bullets under a label or heading are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Risks, one each.
    Risks,
    /// Discussion of a category; only bullets with several keys are risks.
    Category,
    /// What the authors bet on.
    Assumptions,
    /// Neither.
    Other,
}

struct Register<'r, 'a> {
    reader: &'r Reader<'a>,
    out: &'r mut Risks,
    current: Option<Draft>,
    mode: Mode,
    /// The heading above the one that is being read.
    above: Option<String>,
    /// The heading that is being read, where it is no risk itself.
    category: Option<String>,
    /// Bullets without keys that stand directly below the section; risks only where there are no others.
    prose: Vec<Risk>,
    /// Number of risks with a heading or a row of their own.
    formal: usize,
}

/// Reads one section with all that is below it.
pub(super) fn read_section(reader: &Reader<'_>, section: SectionId, out: &mut Risks) {
    let document = reader.document;
    out.sections.push(document.section(section).title_span);
    let before = out.risks.len();
    let mut register = Register {
        reader,
        out,
        current: None,
        mode: Mode::Risks,
        above: None,
        category: None,
        prose: Vec::new(),
        formal: 0,
    };
    let parts = parts_of(reader, section);
    for part in &parts {
        register.part(section, *part);
    }
    let (formal, prose) = (register.formal, std::mem::take(&mut register.prose));
    if formal == 0 {
        out.risks.extend(prose);
        out.risks[before..].sort_by_key(|risk| risk.span.start);
    }
    if out.risks.len() == before && out.none.is_none() {
        out.none = first_text(reader, &parts).filter(|text| says_none(&text.text));
    }
}

/// Reads a section that only lists assumptions.
pub(super) fn read_assumptions(reader: &Reader<'_>, section: SectionId, out: &mut Vec<Text>) {
    for (_, block) in reader.blocks_below(section) {
        push_items(reader.document, block, out);
    }
}

/// The section and what is below it, sections that hold something else left out.
fn parts_of(reader: &Reader<'_>, section: SectionId) -> Vec<SectionId> {
    let document = reader.document;
    let span = document.section(section).span;
    let mut foreign = 0;
    let mut out = Vec::new();
    for id in (section.0..document.sections().len() as u32).map(SectionId) {
        let at = document.section(id).span;
        if !span.contains_offset(at.start) || !reader.region.contains_offset(at.start) {
            break;
        }
        if at.start < foreign {
            continue;
        }
        if id != section && reader.kind_of(id).is_some_and(|kind| FOREIGN.contains(&kind)) {
            foreign = at.end;
            continue;
        }
        out.push(id);
    }
    out
}

fn first_text(reader: &Reader<'_>, parts: &[SectionId]) -> Option<Text> {
    let block = parts.iter().find_map(|part| reader.blocks(*part).next())?;
    let document = reader.document;
    match document.kind(block) {
        Kind::Paragraph => Some(Text::of(document, block)),
        Kind::List { .. } => list_items(document, block).next().map(|(_, p)| Text::of(document, p)),
        _ => None,
    }
}

fn push_items(document: &Document, list: NodeId, out: &mut Vec<Text>) {
    for (_, paragraph) in list_items(document, list) {
        let text = Text::of(document, paragraph);
        if !is_unfilled(&text.text) && !is_none(&text.text) {
            out.push(text);
        }
    }
}

impl Register<'_, '_> {
    fn part(&mut self, root: SectionId, part: SectionId) {
        let document = self.reader.document;
        let this = document.section(part);
        let heading = Text { text: this.title.clone(), span: this.title_span };
        self.mode = Mode::Risks;
        self.category = None;
        if part != root {
            self.above =
                this.parent.filter(|parent| *parent != root).and_then(|p| category_title(document, p));
            self.category = category_title(document, part);
            self.mode = self.mode_of(part);
            let named = names_one_risk(&this.normal.full);
            let draft = Draft {
                title: heading.clone(),
                span: this.title_span,
                entries: Vec::new(),
                form: RiskForm::Block,
                named,
            };
            self.current = (self.mode != Mode::Assumptions).then_some(draft);
        }
        let before = self.out.risks.len() + self.prose.len();
        let blocks: Vec<NodeId> = self.reader.blocks(part).collect();
        for block in &blocks {
            match document.kind(*block) {
                Kind::Paragraph => self.paragraph(*block),
                Kind::List { .. } => self.list(*block),
                Kind::Table => self.table(*block),
                Kind::Quote => self.quote(*block),
                _ => {}
            }
        }
        self.finish();
        let silent = self.out.risks.len() + self.prose.len() == before;
        if part != root && silent && !blocks.is_empty() && self.mode != Mode::Assumptions {
            self.out.categories.push(heading);
        }
    }

    fn mode_of(&self, part: SectionId) -> Mode {
        let core = self.reader.document.section(part).normal.core.as_str();
        if core.ends_with("assumptions") {
            return Mode::Assumptions;
        }
        if lists_risks(core) {
            return Mode::Risks;
        }
        Mode::Category
    }

    fn quote(&mut self, quote: NodeId) {
        let document = self.reader.document;
        for block in document.children(quote) {
            if document.kind(block) == Kind::Paragraph
                && keys_of(document, block).first().is_some_and(|key| key.known)
            {
                self.paragraph(block);
            }
        }
    }

    fn paragraph(&mut self, paragraph: NodeId) {
        let document = self.reader.document;
        let keys = keys_of(document, paragraph);
        let start = document.span(paragraph).start as usize;
        let opens = keys.first().is_some_and(|key| key.start == start);
        if let Some(label) = bold_alone(document, paragraph, &keys) {
            self.finish();
            self.label(label, document.span(paragraph));
            return;
        }
        if opens && self.labelled(&keys, None) {
            return;
        }
        if opens && keys[0].known {
            self.keyed(keys, document.span(paragraph));
            return;
        }
        if self.stands_alone(&keys) {
            self.finish();
            let draft = self.draft_of(paragraph, &keys);
            self.push(draft);
        }
    }

    /// Takes `Risks:`, `Assumptions:` and other labels that say what follows; whether it was one.
    fn labelled(&mut self, keys: &[KeyText], item: Option<NodeId>) -> bool {
        let document = self.reader.document;
        let Some(key) = keys.first() else { return false };
        let mode = match key.key.as_str() {
            "risks" => Mode::Risks,
            "assumptions" | "assumption" | "key assumptions" => Mode::Assumptions,
            "open questions" | "open question" | "unknowns" => Mode::Other,
            _ => return false,
        };
        self.finish();
        let value = Text { text: key.value.clone(), span: key.value_span };
        let said = !is_unfilled(&value.text) && !is_none(&value.text);
        match (mode, item) {
            (Mode::Risks, _) if said => {
                let span = value.span;
                let draft = Draft {
                    title: value,
                    span,
                    entries: entries_of(&keys[1..]),
                    form: RiskForm::Prose,
                    named: true,
                };
                self.push(draft);
            }
            (Mode::Assumptions, _) if said => self.out.assumptions.push(value),
            _ => {}
        }
        let Some(item) = item else {
            self.mode = mode;
            return true;
        };
        let kept = std::mem::replace(&mut self.mode, mode);
        let lists = document.children(item).filter(|n| matches!(document.kind(*n), Kind::List { .. }));
        for list in lists {
            self.list(list);
        }
        self.finish();
        self.mode = kept;
        true
    }

    /// A line that is a label for what follows: the title of a risk, or a category.
    fn label(&mut self, label: Text, span: Span) {
        let words = infer_words(&label.text);
        if words.ends_with("assumptions") {
            self.mode = Mode::Assumptions;
            return;
        }
        if lists_risks(&words) {
            self.mode = Mode::Risks;
            self.category = Some(label.text);
            return;
        }
        let named = names_one_risk(&words);
        self.current = Some(Draft { title: label, span, entries: Vec::new(), form: RiskForm::Keyed, named });
    }

    /// Keys that stand by themselves belong to the risk that is open; `Risk:` opens one.
    fn keyed(&mut self, keys: Vec<KeyText>, span: Span) {
        for key in keys {
            let repeats = self.is_untitled()
                && matches!(key.key.as_str(), "scenario" | "severity")
                && self.current.as_ref().is_some_and(|d| d.entries.iter().any(|e| e.key == key.key));
            if key.key == "risk" || repeats {
                self.finish();
            }
            if key.key == "risk" {
                let title = Text { text: key.value, span: key.value_span };
                let form = RiskForm::Keyed;
                self.current = Some(Draft { title, span, entries: Vec::new(), form, named: true });
                continue;
            }
            let draft = self.current.get_or_insert_with(|| Draft {
                title: Text::default(),
                span,
                entries: Vec::new(),
                form: RiskForm::Keyed,
                named: false,
            });
            draft.entries.push(RiskEntry { key: key.key, value: key.value, span: key.value_span });
        }
    }

    fn is_untitled(&self) -> bool {
        self.current.as_ref().is_some_and(|draft| draft.title.text.is_empty())
    }

    /// Whether a paragraph with these keys in it is a risk of its own. Where a category is discussed
    /// mitigation and residual risk are part of the discussion.
    fn stands_alone(&self, keys: &[KeyText]) -> bool {
        let known = keys.iter().filter(|key| key.known).count();
        let has = |name: &str| keys.iter().any(|key| key.key == name);
        match self.mode {
            Mode::Risks => known >= 1,
            Mode::Category => known >= 2 && (has("severity") || has("scenario") || has("risk")),
            Mode::Assumptions | Mode::Other => false,
        }
    }

    fn list(&mut self, list: NodeId) {
        let document = self.reader.document;
        for (item, paragraph) in list_items(document, list) {
            self.item(item, paragraph);
        }
    }

    fn item(&mut self, item: NodeId, paragraph: NodeId) {
        let document = self.reader.document;
        let keys = keys_of(document, paragraph);
        let start = document.span(paragraph).start as usize;
        let opens = keys.first().is_some_and(|key| key.start == start);
        if opens && self.labelled(&keys, Some(item)) {
            return;
        }
        match self.mode {
            Mode::Assumptions => {
                let text = Text::of(document, paragraph);
                if !is_unfilled(&text.text) && !is_none(&text.text) {
                    self.out.assumptions.push(text);
                }
                return;
            }
            Mode::Other => return,
            Mode::Risks | Mode::Category => {}
        }
        let below = keys_below(document, item);
        let known = opens && keys[0].known;
        let nested = below.iter().filter(|key| key.known).count();
        if !known && (self.stands_alone(&keys) || nested > 0 && self.stands_alone(&below)) {
            self.finish();
            let mut draft = self.draft_of(paragraph, &keys);
            draft.entries.extend(entries_of(&below));
            self.push(draft);
            return;
        }
        if known || opens && self.in_block() {
            let is_risk = keys[0].key == "risk";
            self.keyed(keys, document.span(paragraph));
            if is_risk {
                self.keyed(below, document.span(paragraph));
            } else {
                self.add_below(item);
            }
            return;
        }
        if self.mode == Mode::Risks && !self.has_entries() {
            self.prose_item(paragraph);
        }
    }

    /// Whether keys that nobody knows ("Problem") can belong to the risk that is open.
    fn in_block(&self) -> bool {
        self.current.as_ref().is_some_and(|draft| draft.form == RiskForm::Block || !draft.entries.is_empty())
    }

    fn has_entries(&self) -> bool {
        self.current.as_ref().is_some_and(|draft| !draft.entries.is_empty())
    }

    /// Bullets below a key (`- **Mitigation**:` and a list) are its value.
    fn add_below(&mut self, item: NodeId) {
        let document = self.reader.document;
        let Some(entry) = self.current.as_mut().and_then(|draft| draft.entries.last_mut()) else { return };
        for list in document.children(item).filter(|n| matches!(document.kind(*n), Kind::List { .. })) {
            for (_, paragraph) in list_items(document, list) {
                if !entry.value.is_empty() {
                    entry.value.push_str("; ");
                }
                entry.value.push_str(document.plain(paragraph).trim());
                if entry.span.is_empty() {
                    entry.span = document.span(paragraph);
                }
            }
        }
    }

    fn prose_item(&mut self, paragraph: NodeId) {
        let document = self.reader.document;
        let text = Text::of(document, paragraph);
        if is_unfilled(&text.text) || is_none(&text.text) || says_none(&text.text) {
            return;
        }
        let mut draft = self.draft_of(paragraph, &[]);
        draft.form = RiskForm::Prose;
        draft.named = true;
        let risk = self.risk_of(draft);
        self.prose.push(risk);
    }

    /// A risk with its title in front: bold words, or all up to the first key.
    fn draft_of(&self, paragraph: NodeId, keys: &[KeyText]) -> Draft {
        let document = self.reader.document;
        let span = document.span(paragraph);
        let title = match keys.first() {
            Some(key) if key.start == span.start as usize => {
                let key_end = (key.value_span.start as usize).max(key.start);
                Text { text: key.label.clone(), span: Span::new(key.start, key_end) }
            }
            first => {
                let end = first.map_or(span.end as usize, |key| key.start);
                bold_lead(document, paragraph).unwrap_or_else(|| front(document, span, end))
            }
        };
        let keys = keys.iter().filter(|key| key.known && key.key != "risk");
        let entries = keys.map(entry_of).collect();
        Draft { title, span, entries, form: RiskForm::Keyed, named: false }
    }

    fn table(&mut self, table: NodeId) {
        let document = self.reader.document;
        let grid = Grid::of(document, table);
        let Some(columns) = Columns::of(&grid) else { return };
        // A table below a heading holds risks of the heading's category, not the keys of one risk.
        self.current = None;
        for row in &grid.rows {
            if let Some(draft) = columns.row(document, row) {
                self.formal += 1;
                let id = columns.id(document, row);
                let mut risk = self.risk_of(draft);
                if let Some(id) = id {
                    risk.id = id;
                }
                self.out.risks.push(risk);
            }
        }
    }

    /// Ends the risk that is open.
    fn finish(&mut self) {
        if let Some(mut draft) = self.current.take() {
            if draft.title.text.is_empty()
                && let Some(first) = draft.entries.first()
            {
                draft.title = Text { text: first.value.clone(), span: first.span };
            }
            self.push(draft);
        }
    }

    fn push(&mut self, draft: Draft) {
        let known = draft.entries.iter().any(|entry| canonical(&entry.key).is_some());
        let told = draft.entries.iter().any(|entry| matches!(entry.key.as_str(), "scenario" | "severity"));
        let category =
            draft.form == RiskForm::Block && !told && !draft.named && is_category(&draft.title.text);
        if !known && !draft.named || category || is_unfilled(&draft.title.text) {
            return;
        }
        if draft.form == RiskForm::Block {
            self.formal += 1;
        }
        let risk = self.risk_of(draft);
        self.out.risks.push(risk);
    }

    fn risk_of(&self, draft: Draft) -> Risk {
        let document = self.reader.document;
        let cleaned = clean_title(document, &draft.title);
        let stated = draft.entries.iter().find(|entry| entry.key == "severity");
        let stated = stated.filter(|entry| !entry.value.is_empty());
        let stated = stated.map(|entry| Text { text: entry.value.clone(), span: entry.span });
        let rated = || {
            let impact = draft.entries.iter().find(|entry| entry.key == "impact")?;
            let bare = impact.value.split_whitespace().count() == 1 && level_in(&impact.value).is_some();
            bare.then(|| Text { text: impact.value.clone(), span: impact.span })
        };
        let severity_text = stated.or(cleaned.severity).or_else(rated);
        let severity = severity_text.as_ref().and_then(|text| level_in(&text.text));
        let category = if draft.form == RiskForm::Block { &self.above } else { &self.category };
        let of_category = || category.as_deref().and_then(level_of_category);
        Risk {
            id: cleaned.id.unwrap_or_default(),
            title: cleaned.title,
            severity: severity.or_else(|| severity_text.is_none().then(of_category).flatten()),
            severity_text,
            entries: draft.entries,
            form: draft.form,
            category: category.clone(),
            span: draft.span,
        }
    }
}

/// The level that a heading gives to all risks below it ("High risks").
fn level_of_category(title: &str) -> Option<Severity> {
    let words = infer_words(title);
    let (first, rest) = words.split_once(' ').unwrap_or((&words, ""));
    (rest.starts_with("risk") || rest.starts_with("severity")).then(|| level_in(first)).flatten()
}

/// A heading as a category; a register is none.
fn category_title(document: &Document, section: SectionId) -> Option<String> {
    let this = document.section(section);
    (!this.normal.core.contains("register")).then(|| this.title.clone())
}

/// "Operational risks", "Data integrity", "Tenant and data isolation": what stands below such a title
/// speaks of many risks.
fn is_category(title: &str) -> bool {
    const LAST: &[&str] = &[
        "risks",
        "integrity",
        "failures",
        "effects",
        "isolation",
        "deployment",
        "conflicts",
        "security",
        "scale",
        "operational",
        "operations",
        "compliance",
        "compatibility",
        "performance",
        "migration",
        "migrations",
    ];
    infer_words(title).split(' ').next_back().is_some_and(|last| LAST.contains(&last))
}

/// "Risk register", "High risks", "Risks", "Known risks": what stands below are risks, not discussion.
fn lists_risks(words: &str) -> bool {
    let mut all = words.split(' ');
    let first = all.next().unwrap_or("");
    let level = level_in(first).is_some() || matches!(first, "key" | "known" | "top" | "main" | "identified");
    words == "risks"
        || words.starts_with("risk register")
        || words.starts_with("risk table")
        || level && all.next().is_some_and(|word| word.starts_with("risk"))
}

/// `Risk 3 …`, `Risk: …`, `R4 …`: a heading or label that names one risk.
fn names_one_risk(words: &str) -> bool {
    let first = words.split(' ').next().unwrap_or("");
    let numbered = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let second = words.split(' ').nth(1).unwrap_or("");
    first == "risk" && numbered(second) || first.strip_prefix('r').is_some_and(numbered)
}

fn entry_of(key: &KeyText) -> RiskEntry {
    RiskEntry { key: key.key.clone(), value: key.value.clone(), span: key.value_span }
}

fn entries_of(keys: &[KeyText]) -> Vec<RiskEntry> {
    keys.iter().filter(|key| key.key != "risk").map(entry_of).collect()
}

/// The keys of the bullets directly below an item, those that open their bullet.
fn keys_below(document: &Document, item: NodeId) -> Vec<KeyText> {
    let mut out = Vec::new();
    for block in document.children(item).skip(1) {
        match document.kind(block) {
            Kind::List { .. } => {
                for (_, paragraph) in list_items(document, block) {
                    push_opening(document, paragraph, &mut out);
                }
            }
            Kind::Paragraph => push_opening(document, block, &mut out),
            _ => {}
        }
    }
    out
}

fn push_opening(document: &Document, paragraph: NodeId, out: &mut Vec<KeyText>) {
    let keys = keys_of(document, paragraph);
    if keys.first().is_some_and(|key| key.start == document.span(paragraph).start as usize) {
        out.extend(keys);
    }
}

/// The text of a paragraph that is nothing but bold words, and no key of a risk with its value.
fn bold_alone(document: &Document, paragraph: NodeId, keys: &[KeyText]) -> Option<Text> {
    let mut children = document.children(paragraph);
    let first = children.next().filter(|n| document.kind(*n) == Kind::Strong)?;
    let rest: String = children.map(|n| document.plain(n).into_owned()).collect();
    let alone = rest.trim().trim_matches(':').is_empty() || level_in(rest.trim()).is_some();
    if !alone || keys.iter().any(|key| key.known) {
        return None;
    }
    let text = document.plain(first).trim().trim_end_matches(':').to_owned();
    Some(Text {
        text: format!("{text} {}", rest.trim().trim_matches(':')).trim().to_owned(),
        span: document.span(paragraph),
    })
}

/// The bold words in front of a paragraph.
fn bold_lead(document: &Document, paragraph: NodeId) -> Option<Text> {
    let first = document.children(paragraph).next().filter(|n| document.kind(*n) == Kind::Strong)?;
    let text = document.plain(first).trim().trim_end_matches([':', '.']).to_owned();
    // An ID alone (`**R1** — …`) is no title.
    let worded = text.chars().filter(|c| c.is_alphabetic()).count() > 3;
    worded.then(|| Text { text, span: document.content_span(first) })
}

/// What a paragraph says up to an offset.
fn front(document: &Document, span: Span, end: usize) -> Text {
    let text = document.text();
    let source = &text[span.start as usize..end.clamp(span.start as usize, span.end as usize)];
    let bare = source
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '—' | '–' | '(' | '[' | ';' | '|'));
    let start = span.start as usize;
    Text { text: one_line(bare), span: Span::new(start, start + bare.len()) }
}

/// Which column of a table holds what.
struct Columns {
    title: usize,
    id: Option<usize>,
    keys: Vec<(usize, String)>,
}

impl Columns {
    fn of(grid: &Grid) -> Option<Columns> {
        const TITLES: &[&str] = &["concern", "issue", "failure", "hazard", "problem", "edge case"];
        const IDS: &[&str] = &["", "id", "no", "nr", "number", "risk id", "r"];
        let names: Vec<Option<&str>> = grid.columns.iter().map(|c| canonical_column(c)).collect();
        let at = |name: &str| names.iter().position(|n| *n == Some(name));
        let title = at("risk")
            .or_else(|| at("scenario"))
            .or_else(|| grid.columns.iter().position(|c| TITLES.contains(&c.as_str())))?;
        let answers = ["mitigation", "severity", "impact", "likelihood", "residual risk"];
        let told = at("risk").is_some() && at("scenario").is_some();
        if !told && !answers.iter().any(|name| at(name).is_some()) {
            return None;
        }
        let id = grid.columns.iter().position(|c| IDS.contains(&c.as_str())).filter(|id| *id != title);
        let keys = names
            .iter()
            .enumerate()
            .filter(|(i, name)| Some(*i) != id && !(*i == title && **name != Some("scenario")))
            .map(|(i, name)| (i, name.map_or_else(|| grid.columns[i].clone(), str::to_owned)))
            .collect();
        Some(Columns { title, id, keys })
    }

    fn row(&self, document: &Document, row: &GridRow) -> Option<Draft> {
        let cell = *row.cells.get(self.title)?;
        let title = bold_lead(document, cell).unwrap_or_else(|| Text::of(document, cell));
        let mut entries = Vec::new();
        for (column, key) in &self.keys {
            let Some(cell) = row.cells.get(*column) else { continue };
            let text = Text::of(document, *cell);
            if !text.text.is_empty() {
                entries.push(RiskEntry { key: key.clone(), value: text.text, span: text.span });
            }
        }
        // A row with nothing but its title separates groups.
        let title_key =
            |key: &RiskEntry| self.keys.iter().any(|(at, name)| *at == self.title && *name == key.key);
        let separator = entries.iter().all(title_key);
        if separator || is_unfilled(&title.text) || is_none(&title.text) {
            return None;
        }
        Some(Draft { title, span: document.span(row.node), entries, form: RiskForm::Row, named: true })
    }

    fn id(&self, document: &Document, row: &GridRow) -> Option<ItemId> {
        let cell = *row.cells.get(self.id?)?;
        let text = Text::of(document, cell);
        let lettered = text.text.starts_with(|c: char| c.is_ascii_uppercase());
        let plain = text.text.len() <= 12
            && text.text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
            && text.text.ends_with(|c: char| c.is_ascii_alphanumeric())
            && text.text.contains(|c: char| c.is_ascii_digit());
        (lettered && plain).then_some(ItemId { text: text.text, written: Some(text.span) })
    }
}

/// The key that a column's header stands for.
fn canonical_column(header: &str) -> Option<&'static str> {
    canonical(header).or_else(|| match header.split(' ').next() {
        Some("risk") => Some("risk"),
        Some("mitigation") => Some("mitigation"),
        Some("severity") => Some("severity"),
        Some("residual") => Some("residual risk"),
        Some("affected") => Some("affected area"),
        Some("likelihood" | "probability") => Some("likelihood"),
        Some("scenario") => Some("scenario"),
        _ => None,
    })
}
