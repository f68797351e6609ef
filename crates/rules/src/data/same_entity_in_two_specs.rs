use crate::asked::{first_line, is_gone};
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{Entity, EntityKind, Head, Spec, SpecOutline, base_name};
use trueup_text::Span;

declare_rule! {
    SAME_ENTITY_IN_TWO_SPECS = "same-entity-in-two-specs" in "data", page "same_entity_in_two_specs.md",
    "two specs bring the same entity, and neither names the other",
    Specs, Levels::WARNING, check
}

/// More candidates for one name are a word that everybody uses.
const MOST: usize = 12;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        if is_gone(spec.state.state) {
            continue;
        }
        let mut known = Known { cx, spec, related: None, by_path: FxHashMap::default() };
        for entity in brought(spec) {
            out.looked_at(1);
            let mut others: Vec<(&SpecOutline, Span)> = Vec::new();
            for path in candidates(cx, entity) {
                for other in cx.others.outlines(path).iter().filter(|other| !is_gone(other.state)) {
                    let Some(place) = declared(other, entity) else { continue };
                    if !known.of_each_other(other)
                        && !is_listed(cx, other, place)
                        && !is_owned(cx, entity, other, place)
                    {
                        others.push((other, place));
                    }
                }
            }
            if let Some(report) = report(cx, entity, &others) {
                out.push(report);
            }
        }
    }
}

/// New entities that are described and not only named.
fn brought(spec: &Spec) -> impl Iterator<Item = &Entity> {
    spec.facts.data.entities.iter().filter(|e| e.kind == EntityKind::New && e.fields.len() >= 2)
}

/// Which other specs this one has to do with, looked up once for each.
struct Known<'a, 'c> {
    cx: &'c FileCx<'a>,
    spec: &'c Spec,
    related: Option<FxHashSet<&'a str>>,
    by_path: FxHashMap<&'a str, bool>,
}

impl<'a> Known<'a, '_> {
    fn of_each_other(&mut self, other: &'a SpecOutline) -> bool {
        let (cx, spec) = (self.cx, self.spec);
        let related = self.related.get_or_insert_with(|| related_to(cx, spec));
        let ask = || related.contains(other.path.as_str()) || names(cx, other) || is_replaced(cx, other);
        *self.by_path.entry(other.path.as_str()).or_insert_with(ask)
    }
}

fn report(cx: &FileCx<'_>, entity: &Entity, others: &[(&SpecOutline, Span)]) -> Option<Report> {
    let (first, _) = others.first()?;
    let message = match others.len() {
        1 => format!("the entity `{}` is new in {}, too", entity.name, first.name),
        n => format!("the entity `{}` is new in {n} other specs, too", entity.name),
    };
    let mut report = Report::new(first_line(cx, entity.span), message)
        .hint("let one spec own it; in the other, mark it as existing or extended and link to the owner")
        .subject(entity.name.clone());
    for (other, span) in others {
        report = report.related(other.path.as_str(), *span, format!("{} brings it, too", other.name));
    }
    Some(report)
}

/// Other specs with a heading that begins with the entity's name.
fn candidates<'a>(cx: &FileCx<'a>, entity: &Entity) -> Vec<&'a str> {
    let found = cx.corpus.with_heading(&entity.name).map(|head| &*head.path).filter(|path| *path != cx.path);
    let found: Vec<&str> = found.collect();
    if found.len() > MOST { Vec::new() } else { found }
}

/// The files that this spec is related to by more than a mention.
fn related_to<'a>(cx: &FileCx<'a>, spec: &Spec) -> FxHashSet<&'a str> {
    let relations = spec.facts.relations();
    let found = relations.iter().flat_map(|(_, target, _)| cx.corpus.resolve(cx.path, target));
    found.map(|head| &*head.path).collect()
}

/// Whether another spec is related to this one.
fn names(cx: &FileCx<'_>, other: &SpecOutline) -> bool {
    let leads = |target| cx.corpus.resolve(&other.path, target).iter().any(|head| *head.path == *cx.path);
    other.relations.iter().any(|(_, target, _)| leads(target)) || same_series(cx, &other.path)
}

/// Whether one of the two is named beside the other's entity, as its owner.
fn is_owned(cx: &FileCx<'_>, entity: &Entity, other: &SpecOutline, place: Span) -> bool {
    let (Some(own), Some(theirs)) = (cx.corpus.head(cx.path), cx.corpus.head(&other.path)) else {
        return false;
    };
    cites(beside(cx.text(), entity.span), theirs) || cites(beside(&theirs.text, place), own)
}

/// Whether the other only lists the entity, as a roadmap does.
fn is_listed(cx: &FileCx<'_>, other: &SpecOutline, place: Span) -> bool {
    let Some(head) = cx.corpus.head(&other.path) else { return false };
    let before = head.text.get(..place.start as usize).unwrap_or("");
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let line = head.text.get(line..).and_then(|rest| rest.lines().next()).unwrap_or("").trim_start();
    ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
}

/// Whether a sentence in one of the two says that it takes the other's place.
fn is_replaced(cx: &FileCx<'_>, other: &SpecOutline) -> bool {
    let (Some(own), Some(theirs)) = (cx.corpus.head(cx.path), cx.corpus.head(&other.path)) else {
        return false;
    };
    let says = |text: &str, head: &Head| {
        // Most texts cite it nowhere, and need not be looked at line by line.
        cites(text, head)
            && text.lines().filter(|line| cites(line, head)).any(|line| {
                let lower = line.to_lowercase();
                ["supersede", "replace", "obsolete", "rewrite of"].iter().any(|word| lower.contains(word))
            })
    };
    says(cx.text(), theirs) || says(&theirs.text, own)
}

/// What stands around a place: a few lines before it, and behind it up to the next heading.
fn beside(text: &str, place: Span) -> &str {
    const BEFORE: usize = 600;
    const BEHIND: usize = 2000;
    let mut start = (place.start as usize).saturating_sub(BEFORE).min(text.len());
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let from = (place.end as usize).min(text.len());
    let mut end = (from + BEHIND).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text.get(from..end).and_then(|rest| rest.find("\n#")).map_or(end, |at| from + at);
    text.get(start..end).unwrap_or("")
}

fn cites(text: &str, head: &Head) -> bool {
    let stem = base_name(&head.path).trim_end_matches(".md");
    let id = head.file_id.as_ref().map(|id| id.text.as_str()).filter(|id| id.len() >= 5);
    let ended = |at: usize, name: &str| !text[at + name.len()..].starts_with(char::is_alphanumeric);
    let named = |name: &str| text.match_indices(name).any(|(at, _)| ended(at, name));
    stem.len() >= 5 && named(stem) || id.is_some_and(named)
}

fn same_series(cx: &FileCx<'_>, other: &str) -> bool {
    let id = |path: &str| cx.corpus.head(path).and_then(|head| head.file_id.as_ref());
    let (Some(a), Some(b)) = (id(cx.path), id(other)) else { return false };
    let series = |key: &str| {
        let end = key.find('#').map_or(0, |at| at + 1);
        let digits = key[end..].bytes().take_while(u8::is_ascii_digit).count();
        key[..end + digits].to_owned()
    };
    a.numbered && b.numbered && a.key != b.key && series(&a.key) == series(&b.key)
}

fn declared(other: &SpecOutline, entity: &Entity) -> Option<Span> {
    let fold = |name: &str| {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let wanted = fold(&entity.name);
    other.entities.iter().find(|(name, _)| fold(name) == wanted).map(|(_, span)| *span)
}
