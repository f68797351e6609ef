use crate::asked::{first_line, is_gone};
use rustc_hash::FxHashSet;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{Entity, EntityKind, Head, Spec, SpecOutline, base_name};
use trueup_text::Span;

declare_rule! {
    SAME_ENTITY_IN_TWO_SPECS = "same-entity-in-two-specs" in "data", page "same_entity_in_two_specs.md",
    "two specs bring the same entity, and neither names the other",
    Specs, Levels::INFO, check
}

/// More candidates for one name are a word that everybody uses.
const MOST: usize = 12;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        if is_gone(spec.state.state) {
            continue;
        }
        let mut related: Option<FxHashSet<&str>> = None;
        for entity in
            spec.facts.data.entities.iter().filter(|e| e.kind == EntityKind::New && e.fields.len() >= 2)
        {
            out.looked_at(1);
            let candidates: Vec<&str> = candidates(cx, entity);
            if candidates.is_empty() {
                continue;
            }
            let related = related.get_or_insert_with(|| related_to(cx, spec));
            let others: Vec<(&SpecOutline, Span)> = candidates
                .into_iter()
                .filter(|path| !related.contains(path))
                .flat_map(|path| cx.others.outlines(path))
                .filter(|other| !is_gone(other.state) && !names(cx, other))
                .filter_map(|other| Some((other, declared(other, entity)?)))
                .filter(|(other, place)| !is_owned(cx, entity, other, *place))
                .collect();
            if let Some(report) = report(cx, entity, &others) {
                out.push(report);
            }
        }
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

/// What stands around a place: a few lines before it, and behind it up to the next heading.
fn beside(text: &str, place: Span) -> &str {
    const BEFORE: usize = 600;
    let mut start = (place.start as usize).saturating_sub(BEFORE).min(text.len());
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let from = (place.end as usize).min(text.len());
    let rest = text.get(from..).unwrap_or("");
    let end = from + rest.find("\n#").unwrap_or(rest.len());
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
