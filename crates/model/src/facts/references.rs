//! Other specs, files and issues that a spec names.

mod signs;

use super::reader::Reader;
use crate::id::{SpecId, ids_in};
use crate::paths::base_name;
use crate::spec::{HeaderField, HeaderPlace};
use rustc_hash::FxHashMap;
use signs::Signs;
use std::cell::OnceCell;
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::{fields_in, infer_words};
use trueup_text::Span;

/// What a reference leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A spec by its ID.
    Spec(crate::SpecId),
    /// A Markdown file by its link's target or path, as written.
    File(String),
    /// An issue or a pull request of this repository.
    Issue(u32),
    /// An address.
    Url(String),
}

/// How a spec is related to what it names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Relation {
    /// It needs the other first.
    DependsOn,
    /// It changes the other or is changed by it.
    Affects,
    /// It takes the other's place.
    Supersedes,
    /// The other takes its place.
    SupersededBy,
    /// It extends the other (parent, based on).
    Extends,
    /// It only names it.
    Related,
}

/// A reference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// Where it leads.
    pub target: Target,
    /// How it is meant.
    pub relation: Relation,
    /// Where it stands.
    pub span: Span,
    /// Whether the span is in the sidecar and not in the document.
    pub in_sidecar: bool,
}

/// Reads the references: each target once, with the closest relation that the spec names.
pub(crate) fn read(mentions: Vec<Reference>) -> Vec<Reference> {
    let mut out: Vec<Reference> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for found in mentions {
        match known.get(&key_of(&found.target)).and_then(|index| out.get_mut(*index)) {
            None => {
                known.insert(key_of(&found.target), out.len());
                out.push(found);
            }
            // The place that says most stands for all.
            Some(first) if first.relation == Relation::Related && found.relation != Relation::Related => {
                *first = found
            }
            Some(_) => {}
        }
    }
    out
}

fn key_of(target: &Target) -> String {
    match target {
        Target::Spec(id) => format!("id {}", id.key),
        Target::File(path) => format!("file {}", base_name(path).to_lowercase()),
        Target::Issue(number) => format!("issue {number}"),
        Target::Url(url) => format!("url {url}"),
    }
}

/// Everything that a spec refers to, each time that it does, in the order of the document; what the sidecar
/// says comes first.
pub(super) fn mentions(reader: &Reader<'_>) -> Vec<Reference> {
    let document = reader.document;
    let ids = title_ids(reader);
    let itself = ids.iter().find(|(start, _)| *start == 0).map(|(_, id)| id.clone());
    let own = ids.into_iter().map(|(_, id)| id.prefix).collect();
    let signs = Signs::of(document.text(), reader.region);
    let mut scan = Scan { document, signs, own, itself, out: Vec::new() };
    for field in reader.header.iter().filter(|f| f.place != HeaderPlace::Header) {
        scan.yaml(field);
    }
    scan.out.sort_by_key(|r| !r.in_sidecar);
    let title = reader.title.map(|id| document.section(id).heading);
    let mut section_kind = None;
    for block in document.blocks().filter(|b| reader.region.contains_offset(document.span(*b).start)) {
        if let Kind::Heading(_) = document.kind(block) {
            section_kind = section_at(reader, block).and_then(|id| reader.kind_of(id));
        }
        if Some(block) == title || matches!(document.kind(block), Kind::Code { .. } | Kind::Html) {
            continue;
        }
        scan.block(block, section_kind);
    }
    scan.out
}

fn section_at(reader: &Reader<'_>, heading: NodeId) -> Option<SectionId> {
    let sections = reader.document.sections();
    sections.binary_search_by_key(&heading, |s| s.heading).ok().map(|index| SectionId(index as u32))
}

/// The IDs in the spec's title: others with the same prefix are specs, too.
fn title_ids(reader: &Reader<'_>) -> Vec<(usize, SpecId)> {
    let text =
        reader.title.map_or("", |id| reader.document.section(id).title_span.text(reader.document.text()));
    ids_in(text).into_iter().map(|(range, id)| (range.start, id)).collect()
}

struct Scan<'a> {
    document: &'a Document,
    /// Where a reference may stand.
    signs: Signs,
    /// Prefixes that make an ID a spec's.
    own: Vec<String>,
    /// The ID in front of the spec's own title.
    itself: Option<SpecId>,
    out: Vec<Reference>,
}

impl Scan<'_> {
    fn block(&mut self, block: NodeId, section: Option<&str>) {
        let document = self.document;
        let mut skip = 0;
        // The label of a list's parent item or of a row's first cell holds for what is inside.
        let mut outer: Vec<(u32, Relation)> = Vec::new();
        let mut item_end = 0;
        for node in std::iter::once(block).chain(document.descendants(block)) {
            if node.0 < skip {
                continue;
            }
            while outer.last().is_some_and(|(end, _)| node.0 >= *end) {
                outer.pop();
            }
            match document.kind(node) {
                Kind::Item(_) => item_end = document.node(node).end,
                Kind::Row { .. } => {
                    if let Some(relation) = self.row_relation(node) {
                        outer.push((document.node(node).end, relation));
                    }
                }
                Kind::Paragraph | Kind::Heading(_) | Kind::Cell => {
                    let above = outer.last().map(|(_, relation)| *relation);
                    let label = self.leaf(node, above, section);
                    if let Some(relation) = label
                        && item_end > node.0
                    {
                        outer.push((item_end, relation));
                    }
                    skip = document.node(node).end;
                }
                Kind::Code { .. } => skip = document.node(node).end,
                _ => {}
            }
        }
    }

    /// `| Supersedes | SPEC-012 |`: the first cell is the label.
    fn row_relation(&self, row: NodeId) -> Option<Relation> {
        let first = self.document.children(row).next()?;
        if self.document.span(first).len() > 80 {
            return None;
        }
        let plain = self.document.plain(first);
        (plain.len() < 40).then(|| relation_of_label(&infer_words(&plain)))?
    }

    /// The references of a line of text. Returns the relation where the text is a label for what follows.
    fn leaf(&mut self, leaf: NodeId, above: Option<Relation>, section: Option<&str>) -> Option<Relation> {
        let document = self.document;
        let span = document.content_span(leaf);
        let source = span.text(document.text());
        if !self.signs.any_in(span) {
            // At most a label for what follows.
            let bare = source.trim_end().ends_with([':', '*', '_']);
            let label = bare.then(|| label_of(source)).flatten();
            let ends = |end: usize| source.get(end..).is_some_and(|rest| rest.trim().is_empty());
            return label.filter(|(_, end)| ends(*end)).map(|(relation, _)| relation);
        }
        let label = label_of(source);
        let place = Place {
            document,
            leaf,
            source,
            start: span.start,
            label,
            fields: OnceCell::new(),
            above,
            depends: section == Some("dependencies"),
        };
        let mut skip = 0;
        for node in document.descendants(leaf) {
            if node.0 < skip {
                continue;
            }
            let at = document.span(node);
            match document.kind(node) {
                Kind::Link(number) => {
                    let target = document.link(number).target.clone();
                    match target_of_link(
                        &target,
                        section == Some("references") || above.is_some() || label.is_some(),
                    ) {
                        Some(target) => {
                            self.push(target, &place, at);
                            skip = document.node(node).end;
                        }
                        None if target.contains("://") => skip = document.node(node).end,
                        None => {}
                    }
                }
                Kind::Text if !self.signs.any_in(at) => {}
                Kind::Text => self.text(&document.own_text(node), at, document.is_decoded(node), &place),
                Kind::InlineCode => {
                    let text = document.own_text(node).trim().to_owned();
                    if let Some(target) = self.target_of_code(&text) {
                        self.push(target, &place, at);
                    }
                }
                _ => {}
            }
        }
        let bare = label.is_some_and(|(_, end)| source.get(end..).is_some_and(|rest| rest.trim().is_empty()));
        label.filter(|_| bare).map(|(relation, _)| relation)
    }

    fn text(&mut self, text: &str, at: Span, decoded: bool, place: &Place<'_>) {
        let span_of = |range: std::ops::Range<usize>| {
            if decoded { at } else { Span::from(range).shifted(at.start as usize) }
        };
        let mut found: Vec<(std::ops::Range<usize>, Target)> = Vec::new();
        for (range, id) in ids_in(text) {
            if self.names_spec(&id) {
                found.push((range, Target::Spec(id)));
            }
        }
        found.extend(issues_in(text).into_iter().map(|(range, number)| (range, Target::Issue(number))));
        found.extend(urls_in(text).into_iter().map(|(range, url)| (range, Target::Url(url))));
        found.extend(slugs_in(text));
        found.sort_by_key(|(range, _)| range.start);
        for (range, target) in found {
            self.push(target, place, span_of(range));
        }
    }

    /// A spec's ID, slug or path in code marks.
    fn target_of_code(&self, text: &str) -> Option<Target> {
        let bare = text.split('#').next().unwrap_or(text).trim();
        if bare.is_empty() || bare.contains(['*', ' ', '{', '<', '(']) || bare.len() > 200 {
            return None;
        }
        if let Some(stem) = bare.strip_suffix(".md") {
            let named = SpecId::of_file_name(base_name(bare)).is_some();
            let folder = bare.rsplit_once('/').is_some_and(|(folder, _)| {
                folder
                    .split('/')
                    .any(|part| matches!(part, "specs" | "spec" | "adr" | "adrs" | "rfcs" | "proposals"))
            });
            let agents = base_name(stem).eq_ignore_ascii_case("agents")
                || base_name(stem).eq_ignore_ascii_case("readme");
            return (named || folder && !agents).then(|| Target::File(bare.to_owned()));
        }
        // An ID has a number, and a slug a date.
        if !bare.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        if let [(range, id)] = ids_in(bare).as_slice()
            && range.start == 0
            && self.names_spec(id)
        {
            return Some(Target::Spec(id.clone()));
        }
        // A dated slug is a spec's name; a date alone or a file of another kind is not.
        let slug =
            bare.len() > 14 && bare.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let dated = slug && crate::find_dates(bare).first().is_some_and(|d| d.start == 0 && d.date.is_some());
        let id = SpecId::of_file_name(bare).filter(|id| dated && !id.numbered)?;
        Some(Target::Spec(id))
    }

    fn names_spec(&self, id: &SpecId) -> bool {
        const PREFIXES: &[&str] =
            &["SPEC", "ADR", "RFC", "KEP", "PEP", "EIP", "ERC", "RFD", "BIP", "SIP", "ZIP", "DEP", "PRD"];
        let first = id.prefix.split('-').next().unwrap_or("");
        PREFIXES.contains(&first) || self.own.contains(&id.prefix)
    }

    fn push(&mut self, target: Target, place: &Place<'_>, span: Span) {
        if matches!(&target, Target::Spec(id) if self.itself.as_ref().is_some_and(|own| own.key == id.key)) {
            return;
        }
        let relation = place.relation_at(&target, span);
        self.out.push(Reference { target, relation, span, in_sidecar: false });
    }

    /// A field of the front matter or the sidecar (`requires: 20, 721`, `superseded-by: ADR-7`).
    fn yaml(&mut self, field: &HeaderField) {
        let key = infer_words(&field.normal.replace(['-', '_'], " "));
        let Some(relation) = relation_of_label(&key) else { return };
        let value = &field.field.value;
        let in_sidecar = field.place == HeaderPlace::Sidecar;
        let prefix = self.own.first().cloned().unwrap_or_default();
        let exact = field.field.value_span.len() == value.len();
        let mut at = 0;
        for part in value.split([',', ' ', ';']) {
            let start = at;
            at += part.len() + 1;
            let bare = part.trim_matches(['[', ']', '"', '\'', '(', ')']);
            let lead = part.find(bare).unwrap_or(0);
            let target = if bare.contains("://") {
                Some(Target::Url(bare.to_owned()))
            } else if let Some((_, id)) = ids_in(bare).into_iter().next() {
                Some(Target::Spec(id))
            } else if bare.ends_with(".md") {
                Some(Target::File(bare.to_owned()))
            } else if let Some(number) = bare.strip_prefix('#').and_then(|n| n.parse().ok()) {
                Some(Target::Issue(number))
            } else {
                SpecId::of_number(bare, &prefix).or_else(|| SpecId::of_file_name(bare)).map(Target::Spec)
            };
            let span = if exact {
                let from = field.field.value_span.start as usize + start + lead;
                Span::new(from, from + bare.len())
            } else {
                field.field.value_span
            };
            if let Some(target) = target {
                self.out.push(Reference { target, relation, span, in_sidecar });
            }
        }
    }
}

/// The line that references stand in.
struct Place<'t> {
    document: &'t Document,
    leaf: NodeId,
    source: &'t str,
    start: u32,
    label: Option<(Relation, usize)>,
    /// Where the values of labels begin, and which relation each label names; most lines never need it.
    fields: OnceCell<Vec<(u32, Option<Relation>)>>,
    above: Option<Relation>,
    /// The section is about dependencies.
    depends: bool,
}

impl Place<'_> {
    fn fields(&self) -> &[(u32, Option<Relation>)] {
        self.fields.get_or_init(|| {
            let relation = |key: &str| relation_of_label(&infer_words(key));
            let found = fields_in(self.document, self.leaf, true).into_iter();
            let fields: Vec<_> = found.map(|f| (f.value_span.start, relation(&f.key))).collect();
            match self.label {
                Some((relation, from)) if fields.is_empty() => {
                    vec![(self.start + from as u32, Some(relation))]
                }
                _ => fields,
            }
        })
    }

    fn relation_at(&self, target: &Target, span: Span) -> Relation {
        let at = (span.start.saturating_sub(self.start)) as usize;
        let before = self.source.get(..at).unwrap_or("");
        let number = matches!(target, Target::Issue(_) | Target::Url(_));
        match relation_in_sentence(before) {
            // `based on #12`: a discussion is no parent.
            Some(Relation::Extends) if number => return Relation::Related,
            Some(relation) => return relation,
            None => {}
        }
        let fields = self.fields();
        let behind = fields.partition_point(|(from, _)| *from <= span.start);
        match behind.checked_sub(1).and_then(|last| fields.get(last)) {
            Some((_, relation)) => relation.unwrap_or(Relation::Related),
            None => self.above.unwrap_or(if self.depends { Relation::DependsOn } else { Relation::Related }),
        }
    }
}

/// `**Depends on:** …`, `Companion to: …`, `- Parent — …`: the label's relation and where its value begins.
pub(super) fn label_of(source: &str) -> Option<(Relation, usize)> {
    // On the first line.
    let colon = memchr::memchr2(b':', b'\n', source.as_bytes())?;
    if source.as_bytes().get(colon) != Some(&b':') {
        return None;
    }
    let label = source[..colon].trim_start_matches(['-', '*', '>', ' ', '_']);
    if label.len() > 60 || label.contains(['`', '[']) {
        return None;
    }
    let relation = relation_of_label(&infer_words(label))?;
    let rest = &source[colon + 1..];
    let marks = rest.len() - rest.trim_start_matches(['*', '_']).len();
    Some((relation, colon + 1 + marks))
}

/// The relation that a label names; none for a label of another kind.
pub(super) fn relation_of_label(label: &str) -> Option<Relation> {
    let mut words = label.split(' ').filter(|w| !w.is_empty());
    let first = words.next()?;
    let rest = words.clone().count();
    if rest > 4 {
        return None;
    }
    // A label is one word apart: nothing has to be put together again.
    let text = label.trim_matches(' ');
    if let Some(relation) = phrase_at_end(text) {
        return Some(relation);
    }
    if text.starts_with("blocked by") || text.starts_with("blocked on") {
        return Some(Relation::DependsOn);
    }
    if text.starts_with("superseded by")
        || text.starts_with("replaced by")
        || text.starts_with("obsoleted by")
    {
        return Some(Relation::SupersededBy);
    }
    // In front or at the end: `Hard prerequisite`, `Related specs`; not `Missing dependency declaration`.
    let last = words.next_back().unwrap_or(first);
    [relation_of_word(first), relation_of_word(last)].into_iter().flatten().min_by_key(|r| rank_of(*r))
}

/// The relation that a word names at either end of a label.
fn relation_of_word(word: &str) -> Option<Relation> {
    Some(match word {
        "supersedes" | "replaces" | "obsoletes" | "supersede" => Relation::Supersedes,
        "depends" | "dependencies" | "dependency" | "requires" | "prerequisite" | "prerequisites"
        | "upstream" | "needs" => Relation::DependsOn,
        "affects" | "affected" | "impacts" | "downstream" | "amends" | "blocks" | "unblocks" => {
            Relation::Affects
        }
        "extends" | "parent" | "epic" => Relation::Extends,
        "related" | "see" | "links" | "link" | "references" | "reference" | "issue" | "issues"
        | "companion" | "tracking" | "spec" | "specs" | "pr" | "prs" | "discussion" | "discussions"
        | "roadmap" | "source" | "follow" | "followup" | "sibling" | "siblings" | "tracker" | "origin" => {
            Relation::Related
        }
        _ => return None,
    })
}

/// Which relation counts where the two ends of a label name different ones: the smaller number.
fn rank_of(relation: Relation) -> u8 {
    match relation {
        Relation::Supersedes | Relation::SupersededBy => 0,
        Relation::DependsOn => 1,
        Relation::Affects => 2,
        Relation::Extends => 3,
        Relation::Related => 4,
    }
}

/// What the words right before a reference say, within its sentence.
fn relation_in_sentence(before: &str) -> Option<Relation> {
    let mut from = before.len().saturating_sub(80);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let near = &before[from..];
    let sentence = near.rsplit([';', '\n', '(', ')', ':']).next().unwrap_or(near);
    let sentence = sentence.rsplit(". ").next().unwrap_or(sentence);
    let words = infer_words(sentence);
    let words = words.trim();
    // A few words may stand between: `extends the parent spec …`, `depends on the shipped …`.
    let parts: Vec<&str> = words.split(' ').filter(|w| !w.is_empty()).collect();
    (0..=3.min(parts.len())).find_map(|back| phrase_at_end(&parts[..parts.len() - back].join(" ")))
}

/// The relation of a phrase at the end of a text.
fn phrase_at_end(text: &str) -> Option<Relation> {
    const PHRASES: &[(&str, Relation)] = &[
        ("superseded by", Relation::SupersededBy),
        ("replaced by", Relation::SupersededBy),
        ("obsoleted by", Relation::SupersededBy),
        ("content moved to", Relation::SupersededBy),
        ("supersedes", Relation::Supersedes),
        ("supersede", Relation::Supersedes),
        ("replaces", Relation::Supersedes),
        ("obsoletes", Relation::Supersedes),
        ("prerequisite for", Relation::Affects),
        ("prerequisite of", Relation::Affects),
        ("required by", Relation::Affects),
        ("depends on", Relation::DependsOn),
        ("dependent on", Relation::DependsOn),
        ("depend on", Relation::DependsOn),
        ("dependency on", Relation::DependsOn),
        ("requires", Relation::DependsOn),
        ("blocked by", Relation::DependsOn),
        ("blocked on", Relation::DependsOn),
        ("prerequisite", Relation::DependsOn),
        ("prerequisites", Relation::DependsOn),
        ("builds on", Relation::DependsOn),
        ("built on", Relation::DependsOn),
        ("extends", Relation::Extends),
        ("extension of", Relation::Extends),
        ("parent", Relation::Extends),
        ("parent spec", Relation::Extends),
        ("child of", Relation::Extends),
        ("based on", Relation::Extends),
        ("follow up to", Relation::Extends),
        ("follow up of", Relation::Extends),
        ("delta to", Relation::Extends),
        ("affects", Relation::Affects),
        ("impacts", Relation::Affects),
        ("amends", Relation::Affects),
        ("blocks", Relation::Affects),
        ("unblocks", Relation::Affects),
    ];
    if !ends_a_phrase(text) {
        return None;
    }
    PHRASES
        .iter()
        .find(|(phrase, _)| {
            text.strip_suffix(phrase).is_some_and(|front| {
                let words = front.trim_end().rsplit(' ').take(2);
                let denied =
                    words.into_iter().any(|w| matches!(w, "not" | "no" | "never" | "nothing" | "without"));
                (front.is_empty() || front.ends_with(' ')) && !denied
            })
        })
        .map(|(_, relation)| *relation)
}

/// Whether the last word of a text is the last of one of the phrases: of most texts it is not.
fn ends_a_phrase(text: &str) -> bool {
    matches!(
        text.rsplit(' ').next().unwrap_or(text),
        "by" | "to"
            | "supersedes"
            | "supersede"
            | "replaces"
            | "obsoletes"
            | "for"
            | "of"
            | "on"
            | "requires"
            | "prerequisite"
            | "prerequisites"
            | "extends"
            | "parent"
            | "spec"
            | "affects"
            | "impacts"
            | "amends"
            | "blocks"
            | "unblocks"
    )
}

/// Where a link leads, if that is a spec's kind of thing: a Markdown file, an issue, or any address under a
/// label (`any`).
fn target_of_link(target: &str, any: bool) -> Option<Target> {
    if target.starts_with("http://") || target.starts_with("https://") {
        return (any || is_issue_url(target)).then(|| Target::Url(target.to_owned()));
    }
    let path = target.split(['#', '?']).next().unwrap_or(target);
    let markdown = path.ends_with(".md") || path.ends_with(".mdx") || path.ends_with(".markdown");
    (markdown && !target.contains("://")).then(|| Target::File(path.to_owned()))
}

/// An address of an issue, a pull request or a discussion.
fn is_issue_url(url: &str) -> bool {
    ["/issues/", "/pull/", "/pulls/", "/discussions/", "/merge_requests/", "/browse/"].iter().any(|part| {
        url.split_once(part).is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

/// `#123` between words.
fn issues_in(text: &str) -> Vec<(std::ops::Range<usize>, u32)> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices('#') {
        let after_word =
            text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '#' | '&' | '_' | '/'));
        let digits = text[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let ended = !text[at + 1 + digits..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if after_word || digits == 0 || digits > 6 || !ended || digits < 3 && !announced(&text[..at]) {
            continue;
        }
        if let Ok(number) = text[at + 1..at + 1 + digits].parse() {
            out.push((at..at + 1 + digits, number));
        }
    }
    out
}

/// Whether the word in front says that a small number is an issue's (`PR #7`; not `provider #2`).
fn announced(before: &str) -> bool {
    let word =
        before.trim_end_matches([' ', ':', '(']).rsplit([' ', '(', '/']).next().unwrap_or("").to_lowercase();
    matches!(
        word.as_str(),
        "issue"
            | "issues"
            | "pr"
            | "prs"
            | "request"
            | "fixes"
            | "closes"
            | "resolves"
            | "bug"
            | "refs"
            | "fix"
            | "ticket"
    )
}

/// Slugs and file names of specs that are written out (`2026-03-29-integration-projects`).
fn slugs_in(text: &str) -> Vec<(std::ops::Range<usize>, Target)> {
    let mut out: Vec<(std::ops::Range<usize>, Target)> = Vec::new();
    // Dates inside a slug that was read are part of it.
    let mut read = 0;
    for date in crate::find_dates(text) {
        let start = date.start;
        if start < read {
            continue;
        }
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = start + text[start..].find(|c: char| !part(c)).unwrap_or(text.len() - start);
        read = end;
        let slug = text[start..end].trim_end_matches(['.', '-', '_']);
        let free =
            !text[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.'));
        let worded = slug.get(10..).is_some_and(|rest| {
            rest.starts_with('-') && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        });
        if !free || !worded {
            continue;
        }
        let range = start..start + slug.len();
        if slug.ends_with(".md") {
            out.push((range, Target::File(slug.to_owned())));
        } else if !slug.contains('.')
            && let Some(id) = SpecId::of_file_name(slug)
        {
            out.push((range, Target::Spec(id)));
        }
    }
    out
}

/// Addresses of issues that are written out.
fn urls_in(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let mut out: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for (at, _) in text.match_indices("://") {
        let scheme = if text[..at].ends_with("https") { 5 } else { 4 };
        let start = at.saturating_sub(scheme);
        if !text[..at].ends_with("http") && scheme == 4
            || out.last().is_some_and(|(range, _)| start < range.end)
        {
            continue;
        }
        let length = text[start..]
            .find(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | '"' | '>' | '`'))
            .unwrap_or(text.len() - start);
        let url = text[start..start + length].trim_end_matches(['.', ',', ';', ':', '*']);
        if is_issue_url(url) {
            out.push((start..start + url.len(), url.to_owned()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::support::testing::facts_of;

    fn check(markdown: &str, expected: &[&str]) {
        let found: Vec<String> = facts_of(markdown, "")
            .references
            .iter()
            .map(|r| {
                assert!(markdown.get(r.span.range()).is_some_and(|t| !t.is_empty()), "{r:?}");
                let target = match &r.target {
                    Target::Spec(id) => id.text.clone(),
                    Target::File(path) => path.clone(),
                    Target::Issue(number) => format!("#{number}"),
                    Target::Url(url) => url.clone(),
                };
                format!("{:?} {target}", r.relation)
            })
            .collect();
        assert_eq!(found, expected, "{markdown}");
    }

    #[test]
    fn fields_of_the_header() {
        for (header, expected) in [
            ("**Depends on:** SPEC-001, `SPEC-002`", &["DependsOn SPEC-001", "DependsOn SPEC-002"][..]),
            (
                "**Parent**: [SPEC-4](./a.md)\n**Related**: [SPEC-5](./b.md)\n**Supersedes**: SPEC-6",
                &["Extends ./a.md", "Related ./b.md", "Supersedes SPEC-6"],
            ),
            ("**Status:** Draft • **Superseded by:** SPEC-9", &["SupersededBy SPEC-9"]),
            (
                "| Field | Value |\n|-|-|\n| **Builds on** | SPEC-1, 2026-01-02-some-plan |",
                &["DependsOn SPEC-1", "DependsOn 2026-01-02-some-plan"],
            ),
            (
                "> **Hard prerequisite:** `2026-01-02-some-plan.md` lands first",
                &["DependsOn 2026-01-02-some-plan.md"],
            ),
            (
                "**Tracking issue:** [#12](https://github.com/a/b/issues/12)",
                &["Related https://github.com/a/b/issues/12"],
            ),
            ("- **Depends on:**\n  - SPEC-1\n- **Affects:** SPEC-2", &["DependsOn SPEC-1", "Affects SPEC-2"]),
        ] {
            check(&format!("# SPEC-100: T\n\n{header}\n\n## Overview\n\nx\n"), expected);
        }
        check(
            "---\nrequires: SPEC-3\nsuperseded-by: SPEC-4\ntitle: SPEC-5\n---\n# T\n\n## A\n",
            &["DependsOn SPEC-3", "SupersededBy SPEC-4"],
        );
    }

    #[test]
    fn sentences() {
        for (text, expected) in [
            ("This supersedes [the old one](../old.md).", &["Supersedes ../old.md"][..]),
            ("It **builds on** SPEC-3. See SPEC-4.", &["DependsOn SPEC-3", "Related SPEC-4"]),
            ("It does not depend on SPEC-3.", &["Related SPEC-3"]),
            ("This is a prerequisite for SPEC-3.", &["Affects SPEC-3"]),
            ("As part of #123 and PR #7, for provider #2.", &["Related #123", "Related #7"]),
            ("See https://github.com/a/b/pull/9.", &["Related https://github.com/a/b/pull/9"]),
            ("SPEC-3 is named, and it replaces SPEC-3.", &["Supersedes SPEC-3"]),
            (
                "Ticked `.ai/specs/plan.md`, `2026-01-02-some-plan`.",
                &["Related .ai/specs/plan.md", "Related 2026-01-02-some-plan"],
            ),
            (
                "Not `AGENTS.md`, `src/a.md`, SHA-256, [a site](https://x.y), `2026-01-02`, #fff or a&#123;.",
                &[],
            ),
            ("Itself: SPEC-100. In code:\n\n```\nSPEC-3\n```", &[]),
        ] {
            check(&format!("# SPEC-100: T\n\n## Overview\n\n{text}\n"), expected);
        }
    }
}
