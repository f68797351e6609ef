//! Commands and events by their IDs.

mod code;
mod ids;
mod label;
mod leaf;
#[cfg(test)]
mod tests;

use super::reader::Reader;
use super::support::{Grid, GridRow, Text, is_templates};
use ids::{expand, is_dotted, is_past, is_plain};
use label::{Sort, Topic, declaration_of, declaration_said, is_plain_label, sort_of};
use leaf::{Head, Named, head, named};
use memchr::memmem::Finder;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::{infer_words, strip_inline};
use trueup_text::Span;

/// How surely a spec brings something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Declaration {
    /// New, or nothing is said.
    #[default]
    New,
    /// There before and changed.
    Modified,
    /// There before and used.
    Existing,
    /// Named in passing only.
    Mentioned,
}

/// A command or an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedId {
    /// The ID as written (`sales.order.create`, `createOrder`).
    pub id: String,
    /// How surely the spec brings it.
    pub declaration: Declaration,
    /// What is said beside it.
    pub text: String,
    /// Payload or input, where it is said.
    pub payload: Option<Text>,
    /// Where it stands.
    pub span: Span,
}

/// Commands and events of a spec.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Commands.
    pub commands: Vec<NamedId>,
    /// Events that are emitted.
    pub events: Vec<NamedId>,
    /// Events of others that are listened to.
    pub consumed: Vec<NamedId>,
}

/// Reads commands and events.
pub(crate) fn read(reader: &Reader<'_>) -> Vocabulary {
    let document = reader.document;
    let lower = document.text().to_ascii_lowercase();
    let mut found = Collector::new(document);
    let mut open: Vec<(u8, Place)> = Vec::new();
    for section in reader.all_sections() {
        let this = document.section(section);
        while open.last().is_some_and(|(level, _)| *level >= this.level) {
            open.pop();
        }
        let above = open.last().map_or(Place::Elsewhere, |(_, place)| *place);
        let place = place_of(reader, section, above);
        open.push((this.level, place));
        if !matches!(place, Place::Elsewhere) || speaks_of_them(&lower, document, section) {
            found.section(reader, section, place);
        }
    }
    let mut out = found.finish();
    // The template's own samples (`module.entity.action`) are no IDs of the spec.
    let own = |id: &NamedId| !is_templates(reader, id.span);
    out.commands.retain(own);
    out.events.retain(own);
    out.consumed.retain(own);
    out
}

/// Whether commands or events may be named under a heading: a label has one of these words, as has a column
/// or a list in code. `lower` is the file's text in lower case.
fn speaks_of_them(lower: &str, document: &Document, section: SectionId) -> bool {
    static WORDS: LazyLock<[Finder<'static>; 5]> =
        LazyLock::new(|| ["event", "command", "consume", "subscri", "listen"].map(Finder::new));
    let start = document.section(section).span.start as usize;
    let next = document.sections().get(section.0 as usize + 1);
    let end = next.map_or(lower.len(), |next| next.span.start as usize);
    let own = lower.as_bytes().get(start..end).unwrap_or_default();
    WORDS.iter().any(|word| word.find(own).is_some())
}

/// What a section is for commands and events.
#[derive(Clone, Copy)]
enum Place {
    /// It holds them.
    Holds(Topic),
    /// It may declare some under a label of their own.
    Elsewhere,
    /// It only names them: plans, tests, reviews.
    Names,
}

fn place_of(reader: &Reader<'_>, section: SectionId, above: Place) -> Place {
    let normal = &reader.document.section(section).normal;
    match (reader.kind_of(section), above) {
        (Some("commands-events"), _) => {
            let sort = sort_of(&normal.full).filter(|s| *s != Sort::Off).unwrap_or(Sort::Either);
            Place::Holds(Topic::of(sort, None))
        }
        (
            Some(
                "plan" | "tests" | "risks" | "compliance" | "changelog" | "migration" | "problem"
                | "manifest" | "questions" | "references" | "dependencies" | "i18n" | "alternatives"
                | "stories" | "tldr" | "goals" | "out-of-scope" | "acceptance" | "rollout" | "flags"
                | "changelog-impact",
            ),
            _,
        )
        | (_, Place::Names) => Place::Names,
        (Some(_), _) => Place::Elsewhere,
        (None, Place::Holds(topic)) => Place::Holds(topic.below(&normal.core, &normal.full)),
        (None, Place::Elsewhere) => match loose_topic(&normal.full) {
            Some(topic) => Place::Holds(topic),
            None => Place::Elsewhere,
        },
    }
}

/// The topic of a title that is not quite the usual one (`New Events`, `POS Commands`, `Commands & Undo`).
fn loose_topic(title: &str) -> Option<Topic> {
    let words: Vec<&str> = title.split(' ').collect();
    let other = [
        "flow",
        "phase",
        "why",
        "pattern",
        "problem",
        "risk",
        "compound",
        "slash",
        "bus",
        "structure",
        "handler",
        "handlers",
        "architecture",
        "convention",
        "webhook",
        "webhooks",
        "driven",
        "system",
        "processing",
        "registration",
        "surface",
        "model",
        "line",
        "stream",
        "log",
        "sourcing",
        "step",
        "behavior",
        "routing",
        "bridge",
        "local",
        "progress",
        "migration",
        "review",
        "lookup",
        "helper",
        "example",
        "types",
        "matrix",
        "security",
        "inspection",
        "api",
        "editor",
        "platform",
        "support",
        "path",
    ];
    let names = words.iter().any(|w| matches!(*w, "command" | "commands" | "event" | "events"));
    if !names || words.len() > 8 || words.iter().any(|w| other.contains(w)) {
        return None;
    }
    let sort = sort_of(title).filter(|s| *s != Sort::Off)?;
    Some(Topic::of(sort, declaration_of(title)))
}

/// The text that an ID stands in.
#[derive(Clone, Copy)]
struct Line<'t> {
    value: &'t str,
    start: usize,
    /// A list item, or the value of a label.
    listed: bool,
    /// What the word behind the last ID says of all of them.
    trailing: Option<Sort>,
    /// How surely the spec brings the IDs that stand together here.
    said: Option<Declaration>,
}

struct Collector<'a> {
    document: &'a Document,
    out: Vocabulary,
    known: FxHashMap<(u8, String), usize>,
    /// What the labels above say.
    topic: Topic,
    /// The section holds commands or events; elsewhere a label reaches no further than the block below it.
    holds: bool,
}

impl<'a> Collector<'a> {
    fn new(document: &'a Document) -> Collector<'a> {
        Collector {
            document,
            out: Vocabulary::default(),
            known: FxHashMap::default(),
            topic: Topic::OFF,
            holds: false,
        }
    }

    fn section(&mut self, reader: &Reader<'_>, section: SectionId, place: Place) {
        let base = match place {
            Place::Holds(topic) => topic,
            Place::Elsewhere => Topic::OFF,
            Place::Names => return,
        };
        self.holds = matches!(place, Place::Holds(_));
        self.topic = base;
        for block in reader.blocks(section) {
            match self.document.kind(block) {
                Kind::Paragraph => {
                    if !self.holds {
                        self.topic = Topic::OFF;
                    }
                    self.paragraph(block, base);
                }
                Kind::List { .. } | Kind::Quote => self.below(block),
                Kind::Table => self.table(block),
                Kind::Code { .. } => self.code(block),
                _ => {}
            }
        }
    }

    /// A paragraph outside lists: a label for what follows, or a sentence.
    fn paragraph(&mut self, node: NodeId, base: Topic) {
        let topic = self.leaf(node, self.topic, false);
        if let Some(topic) = topic {
            // A new label does not inherit from the last one, only from the section.
            let fresh = self.head_of(node).map_or(topic, |h| {
                let from = if sort_of(&h.label).is_some() { base } else { self.topic };
                from.below(&h.bare, &h.label)
            });
            self.topic = Topic { passing: topic.passing, ..fresh };
        }
    }

    fn head_of(&self, node: NodeId) -> Option<Head> {
        head(self.document.content_span(node).text(self.document.text()))
    }

    /// A list or a quote: labels of items hold for what stands inside the item.
    fn below(&mut self, block: NodeId) {
        let document = self.document;
        let outer = self.topic;
        let mut stack: Vec<(u32, Topic)> = Vec::new();
        let mut item_end = 0;
        let mut skip = 0;
        for node in document.descendants(block) {
            if node.0 < skip {
                continue;
            }
            while stack.last().is_some_and(|(end, _)| node.0 >= *end) {
                stack.pop();
            }
            self.topic = stack.last().map_or(outer, |(_, topic)| *topic);
            match document.kind(node) {
                Kind::Item(_) => item_end = document.node(node).end,
                Kind::Paragraph => {
                    if let Some(topic) = self.leaf(node, self.topic, true) {
                        stack.push((item_end, topic));
                    }
                }
                Kind::Table => {
                    self.table(node);
                    skip = document.node(node).end;
                }
                Kind::Code { .. } => {
                    self.code(node);
                    skip = document.node(node).end;
                }
                _ => {}
            }
        }
        self.topic = outer;
        if !self.holds {
            self.topic = Topic::OFF;
        }
    }

    /// Reads a paragraph. Returns the topic of what follows where it is a label.
    fn leaf(&mut self, node: NodeId, topic: Topic, in_list: bool) -> Option<Topic> {
        let span = self.document.content_span(node);
        let source = span.text(self.document.text());
        let label = head(source).filter(|h| {
            !(h.sentence && source.contains('`') && named(source, false).iter().any(|n| n.declared))
        });
        let (own, from) = match &label {
            Some(h) if h.value < source.len() => {
                let known = sort_of(&h.label).is_some() || declaration_of(&h.label).is_some();
                if known { (topic.below(&h.bare, &h.label), h.value) } else { (topic, 0) }
            }
            Some(h) => (topic.below(&h.bare, &h.label), source.len()),
            None => (topic, 0),
        };
        let labelled = from > 0;
        let mut own = own;
        if !self.holds && label.as_ref().is_some_and(|h| !is_plain_label(&h.label)) {
            own.passing = true;
        }
        let camel = self.holds && own.sort == Sort::Command && (in_list || labelled);
        let value = source.get(from..).unwrap_or("");
        // Elsewhere only a label of their own makes a line declare.
        let open = self.holds || own.sort != Sort::Off;
        if open && value.contains('`') {
            let list = named(value, camel);
            let trailing = trailing_noun(value, &list);
            let said = said_of_groups(value, &list);
            for (name, said) in list.iter().zip(said) {
                let line = Line {
                    value,
                    start: span.start as usize + from,
                    listed: in_list || labelled,
                    trailing,
                    said,
                };
                self.take(name, own, line);
            }
        }
        let opens = label
            .as_ref()
            .is_some_and(|h| source.get(h.value..).is_some_and(|v| v.trim().is_empty() || only_codes(v)));
        opens.then_some(own)
    }

    fn take(&mut self, name: &Named, topic: Topic, line: Line<'_>) {
        let Line { value, start, listed, trailing, said: own } = line;
        let after = name.after.clone();
        let behind = value.get(after.clone()).unwrap_or("");
        let noun = noun_behind(behind).or(trailing);
        // In running text an ID needs the word beside it: much else looks the same.
        let declared = name.declared && (listed || noun.is_some());
        let sort = match (topic.sort, noun) {
            (Sort::Off, _) => return,
            (Sort::Consumed, _) => Sort::Consumed,
            (Sort::Either, Some(noun)) => noun,
            (Sort::Either, None) => by_form(&name.id),
            (sort, Some(noun)) if !declared || name.before.is_empty() => {
                if listed && name.declared {
                    sort
                } else {
                    noun
                }
            }
            (sort, _) => sort,
        };
        if !declared && noun.is_none() && !name.before.ends_with("emits") && !name.before.ends_with("emit") {
            return;
        }
        let sort = if !declared && noun.is_none() { Sort::Event } else { sort };
        if !self.holds && !declared || topic.passing && !(name.range.start <= 1 && fits(sort, &name.id)) {
            return;
        }
        let said = strip_inline(behind);
        let declaration = match (declared, topic.declaration, own) {
            (false, _, _) => Declaration::Mentioned,
            (true, _, Some(own)) if own != Declaration::New => own,
            (true, Some(above), _) => above,
            (true, None, own) => own.unwrap_or_default(),
        };
        let text = said
            .trim_start_matches([' ', '—', '–', '-', '→', ':', '(', ',', '.', '/'])
            .trim_end_matches([' ', '`', ',', '/'])
            .to_owned();
        let payload = payload_in(behind).map(|range| {
            let from = start + after.start + range.start;
            Text { text: strip_inline(&behind[range.clone()]), span: Span::new(from, from + range.len()) }
        });
        let span = Span::new(start + name.range.start, start + name.range.end);
        self.add(sort, NamedId { id: name.id.clone(), declaration, text, payload, span });
    }

    fn code(&mut self, node: NodeId) {
        let code = self.document.code_text(node);
        let span = self.document.code_span(node);
        let exact = code.len() == span.len();
        let sort = if self.topic.passing { Sort::Off } else { self.topic.sort };
        for found in code::ids_of(&code, sort, self.holds) {
            let sort = if found.sort == Sort::Either { by_form(&found.id) } else { found.sort };
            let at = if exact { Span::from(found.range).shifted(span.start as usize) } else { span };
            let declaration = self.topic.declaration.unwrap_or_default();
            self.add(sort, NamedId { id: found.id, declaration, text: found.label, payload: None, span: at });
        }
        if !self.holds {
            self.topic = Topic::OFF;
        }
    }

    fn table(&mut self, table: NodeId) {
        let grid = Grid::of(self.document, table);
        let topic = self.topic;
        if !self.holds {
            self.topic = Topic::OFF;
        }
        let columns = Columns {
            ids: columns_of(&grid, topic, self.holds),
            payload: grid.column(&["payload", "input", "added field", "data"]),
            said: grid.column(&[
                "description",
                "purpose",
                "notes",
                "when",
                "trigger",
                "label",
                "meaning",
                "action",
                "change",
            ]),
        };
        for row in &grid.rows {
            for (column, sort) in &columns.ids {
                let header = grid.columns.get(*column).map_or("", String::as_str);
                self.cell(row, *column, *sort, header, topic, &columns);
            }
        }
    }

    fn cell(
        &mut self,
        row: &GridRow,
        column: usize,
        sort: Sort,
        header: &str,
        topic: Topic,
        columns: &Columns,
    ) {
        let Some(cell) = row.cells.get(column).copied() else { return };
        let span = self.document.content_span(cell);
        let source = span.text(self.document.text());
        let plain = self.document.plain(cell);
        let with_id = header.ends_with(" id") || header == "id" || header.ends_with(" ids");
        let mut found: Vec<(String, Span)> = Vec::new();
        if source.contains('`') {
            for name in named(source, sort == Sort::Command) {
                if name.declared || !found.is_empty() && sort != Sort::Either {
                    found.push((name.id, Span::from(name.range).shifted(span.start as usize)));
                }
            }
        }
        let bare = plain.trim();
        if found.is_empty() && (is_dotted(bare) || with_id && sort == Sort::Command && is_plain(bare)) {
            found.push((bare.to_owned(), span));
        }
        if found.is_empty() {
            found.extend(expand(bare, None, false).into_iter().map(|id| (id, span)));
        }
        let note = infer_words(&without_code(source).replace(['(', ')', ',', '—', '*'], " "));
        let own = declaration_of(&note).filter(|d| *d != Declaration::New && found.len() == 1);
        let of_header = declaration_of(header);
        let declaration = own.or(topic.declaration).or(of_header).unwrap_or_default();
        let text_of = |column: Option<usize>| {
            column.and_then(|c| row.cells.get(c)).map(|c| Text::of(self.document, *c))
        };
        let payload = text_of(columns.payload).filter(|t| !matches!(t.text.as_str(), "" | "—" | "-"));
        let text = text_of(columns.said).map(|t| t.text).unwrap_or_default();
        for (id, span) in found {
            let sort = if sort == Sort::Either { by_form(&id) } else { sort };
            self.add(sort, NamedId { id, declaration, text: text.clone(), payload: payload.clone(), span });
        }
    }

    fn add(&mut self, sort: Sort, found: NamedId) {
        let (number, list) = match sort {
            Sort::Command => (0, &mut self.out.commands),
            Sort::Event | Sort::Either => (1, &mut self.out.events),
            Sort::Consumed => (2, &mut self.out.consumed),
            Sort::Off => return,
        };
        let index = *self.known.entry((number, found.id.clone())).or_insert(list.len());
        match list.get_mut(index) {
            None => list.push(found),
            Some(known) => {
                if known.declaration == Declaration::Mentioned && found.declaration != Declaration::Mentioned
                {
                    let payload = known.payload.take();
                    *known = found;
                    known.payload = known.payload.take().or(payload);
                } else if known.payload.is_none() {
                    known.payload = found.payload;
                }
            }
        }
    }

    /// Own events that the spec's own subscribers hear are no events of others.
    fn finish(mut self) -> Vocabulary {
        let known = &self.known;
        let events = &self.out.events;
        self.out.consumed.retain(|c| {
            let own = known.get(&(1, c.id.clone())).and_then(|index| events.get(*index));
            own.is_none_or(|e| matches!(e.declaration, Declaration::Existing | Declaration::Mentioned))
        });
        let consumed: Vec<String> = self.out.consumed.iter().map(|c| c.id.clone()).collect();
        self.out.events.retain(|e| e.declaration != Declaration::Mentioned || !consumed.contains(&e.id));
        self.out
    }
}

/// What is said of IDs that are written one after the other: before the first or behind the last.
fn said_of_groups(value: &str, list: &[Named]) -> Vec<Option<Declaration>> {
    let mut out = vec![None; list.len()];
    let mut from = 0;
    while from < list.len() {
        let mut to = from + 1;
        // Brackets between two IDs belong to the one before them.
        while let (Some(last), Some(next)) = (list.get(to - 1), list.get(to))
            && !opens_bracket(value, last)
            && next.declared
            && (next.before.is_empty() || next.range == list[from].range)
        {
            to += 1;
        }
        let behind =
            list.get(to - 1).and_then(|n| value.get(n.after.clone())).map(strip_inline).unwrap_or_default();
        let said = match (declaration_of(&list[from].before), declared_behind(&behind)) {
            (_, Some(behind)) if behind != Declaration::New => Some(behind),
            (before, behind) => before.or(behind),
        };
        out[from..to].fill(said);
        from = to;
    }
    out
}

fn opens_bracket(value: &str, name: &Named) -> bool {
    let behind = value.get(name.after.clone()).unwrap_or("");
    behind.trim_start_matches(['`', '*', ' ']).starts_with('(')
}

/// What is said of an ID right behind it: in brackets with any word, else with the ones that are sure.
fn declared_behind(said: &str) -> Option<Declaration> {
    let bare = said.trim_start();
    let words = |text: &str| infer_words(&text.replace([',', '(', ')', ';', ':', '—', '–', '*', '.'], " "));
    if let Some(inner) = bare.strip_prefix('(') {
        return declaration_of(&words(inner.split(')').next().unwrap_or(inner)));
    }
    let head: String = bare.chars().take(60).collect();
    declaration_said(&words(&head))
}

/// A text without what stands in code marks.
fn without_code(source: &str) -> String {
    source.split('`').step_by(2).collect::<Vec<&str>>().join(" ")
}

/// What the columns of a table hold.
struct Columns {
    ids: Vec<(usize, Sort)>,
    payload: Option<usize>,
    said: Option<usize>,
}

/// The columns that hold IDs, each with what it holds.
fn columns_of(grid: &Grid, topic: Topic, holds: bool) -> Vec<(usize, Sort)> {
    let has = |names: &[&str]| grid.columns.iter().any(|c| names.contains(&c.as_str()));
    let listens = topic.sort == Sort::Consumed
        || has(&["subscriber", "source module", "handler", "listener", "subscribers"]);
    let mut out = Vec::new();
    for (index, column) in grid.columns.iter().enumerate() {
        let sort = match column.as_str() {
            "command" | "commands" | "command id" | "command ids" => Sort::Command,
            "event" | "events" | "event id" | "event ids" | "event emitted" | "emits" | "emitted event"
            | "emitted events" | "events emitted" | "event name" => {
                if listens {
                    Sort::Consumed
                } else {
                    Sort::Event
                }
            }
            "id" | "name" if holds && index == 0 && topic.sort != Sort::Off => topic.sort,
            _ => continue,
        };
        // Elsewhere only a column that names IDs outright, or a label above.
        if topic.sort != Sort::Off || column.ends_with("id") {
            out.push((index, sort));
        }
    }
    if out.is_empty() && holds && topic.sort != Sort::Off && !grid.columns.is_empty() {
        let first = &grid.columns[0];
        let named = ["existing surface", "surface", "identifier"].contains(&first.as_str());
        if named || sort_of(first).is_some_and(|s| s != Sort::Off) {
            out.push((0, if named { Sort::Either } else { topic.sort }));
        }
    }
    out
}

/// Whether an ID looks like what a sentence announces: module, thing and what happens to it.
fn fits(sort: Sort, id: &str) -> bool {
    id.split('.').count() >= 3 && (sort == Sort::Command) != is_past(id)
}

fn by_form(id: &str) -> Sort {
    if is_past(id) { Sort::Event } else { Sort::Command }
}

/// `… event`, `… command`: the word right behind an ID.
fn noun_behind(behind: &str) -> Option<Sort> {
    let word = behind.trim_start_matches(['`', ' ', '*', '\n']);
    let word = word.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    match word {
        "event" | "events" => Some(Sort::Event),
        "command" | "commands" => Some(Sort::Command),
        _ => None,
    }
}

/// The word behind the last of several IDs holds for all of them.
fn trailing_noun(value: &str, list: &[Named]) -> Option<Sort> {
    let last = list.last().filter(|_| list.len() > 1)?;
    let joined = list[1..].iter().all(|n| n.declared && n.before.is_empty());
    joined.then(|| noun_behind(value.get(last.after.clone()).unwrap_or("")))?
}

/// Whether a value has nothing but a code in brackets (`**Commands** (`module`)`).
fn only_codes(value: &str) -> bool {
    let bare = value.trim();
    bare.len() < 80 && bare.starts_with('(') && bare.ends_with(')') && !bare.contains(". ")
}

/// What is said of the payload behind an ID: a word that announces it, or braces right away.
fn payload_in(behind: &str) -> Option<std::ops::Range<usize>> {
    let at = ["payload", "input"].iter().find_map(|word| behind.find(word).map(|at| at + word.len()));
    let (from, announced) = match at {
        Some(at) => (at, true),
        None => (0, false),
    };
    let rest = &behind[from..];
    let lead = rest.len() - rest.trim_start_matches([' ', ':', '`', '—', '-', '=']).len();
    let value = &rest[lead..];
    if !announced && !value.starts_with('{') {
        return None;
    }
    let end = if value.starts_with('{') {
        value.find('}').map(|e| e + 1)?
    } else {
        value.find(['.', ';', ')', '\n']).unwrap_or(value.len())
    };
    let end = value[..end].trim_end_matches(['`', ' ', ',']).len();
    (end > 0).then_some(from + lead..from + lead + end)
}
