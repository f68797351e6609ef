//! The internal consistency checks, decided from facts.

use crate::crud::crud_gaps;
use crate::words::{is_write, mentions, resource_of, same_thing, word_set, words_of_name};
use crate::{Judged, JudgedCheck, Place, Subject};
use rustc_hash::FxHashSet;
use std::cell::OnceCell;
use trueup_model::{Endpoint, Entity, EntityKind, Facts, Verdict};
use trueup_template::{Schema, infer_words};
use trueup_text::Span;

/// The checks that trueup can decide.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CheckKind {
    /// Data models match API contracts.
    DataMatchesApi,
    /// API contracts match UI/UX section.
    ApiMatchesUi,
    /// Risks cover all write operations.
    RisksCoverWrites,
    /// Commands defined for all mutations.
    CommandsForMutations,
    /// Cache strategy covers all read APIs.
    CacheCoversReads,
}

impl CheckKind {
    /// All checks in the order of the report.
    pub const ALL: [CheckKind; 5] = [
        CheckKind::DataMatchesApi,
        CheckKind::ApiMatchesUi,
        CheckKind::RisksCoverWrites,
        CheckKind::CommandsForMutations,
        CheckKind::CacheCoversReads,
    ];

    /// The check that some words mean.
    pub fn of(label: &str) -> Option<CheckKind> {
        let words = infer_words(label);
        let has = |any: &[&str]| words.split(' ').any(|word| any.contains(&word));
        let data = has(&["data", "entities", "entity", "models", "model", "schema"]);
        let api = has(&["api", "apis", "endpoints", "endpoint", "contracts"]);
        match () {
            () if has(&["cache", "caching"]) && !has(&["invalidation", "writes"]) => {
                Some(CheckKind::CacheCoversReads)
            }
            () if has(&["risks", "risk"]) && has(&["write", "writes", "mutation", "mutations"]) => {
                Some(CheckKind::RisksCoverWrites)
            }
            () if has(&["command", "commands"]) && has(&["mutation", "mutations", "write", "writes"]) => {
                Some(CheckKind::CommandsForMutations)
            }
            () if has(&["ui", "ux"]) && api => Some(CheckKind::ApiMatchesUi),
            () if data && api => Some(CheckKind::DataMatchesApi),
            () => None,
        }
    }

    /// What the check is called where neither the author nor the template says it.
    pub fn name(self) -> &'static str {
        match self {
            CheckKind::DataMatchesApi => "Data models match API contracts",
            CheckKind::ApiMatchesUi => "API contracts match UI/UX section",
            CheckKind::RisksCoverWrites => "Risks cover all write operations",
            CheckKind::CommandsForMutations => "Commands defined for all mutations",
            CheckKind::CacheCoversReads => "Cache strategy covers all read APIs",
        }
    }
}

/// The words of a check in a template: its required row, else the built-in words.
pub fn check_label(schema: &Schema, kind: CheckKind) -> String {
    let rows = schema.sections.iter().flat_map(|section| &section.tables).flat_map(|table| &table.rows);
    let own = rows.filter(|row| CheckKind::of(&row.key) == Some(kind)).map(|row| row.key.clone()).next();
    own.unwrap_or_else(|| kind.name().to_owned())
}

/// Judges the author's checks and those of the template that are not there.
pub(crate) fn judge(subject: Subject<'_>, schema: &Schema) -> Vec<JudgedCheck> {
    let facts = &subject.spec.facts;
    let rows = facts.compliance.as_ref().map_or(&[][..], |report| &report.checks);
    let mut out: Vec<JudgedCheck> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let kind = CheckKind::of(&row.check);
            let judged = match kind {
                Some(kind) => decide(subject, kind),
                None => Judged::new(Verdict::NotCheckable, "a check of the author's own"),
            };
            let claimed = Some(row.answer);
            JudgedCheck { kind, label: row.check.clone(), row: Some(index), claimed, judged }
        })
        .collect();
    for kind in CheckKind::ALL {
        if !out.iter().any(|check| check.kind == Some(kind)) && asked_for(schema, kind) {
            let judged = decide(subject, kind);
            let label = check_label(schema, kind);
            out.push(JudgedCheck { kind: Some(kind), label, row: None, claimed: None, judged });
        }
    }
    out
}

/// Whether the template asks for a check.
fn asked_for(schema: &Schema, kind: CheckKind) -> bool {
    let tables = schema.sections.iter().flat_map(|section| &section.tables);
    tables.flat_map(|table| &table.rows).any(|row| CheckKind::of(&row.key) == Some(kind))
}

fn decide(subject: Subject<'_>, kind: CheckKind) -> Judged {
    match kind {
        CheckKind::DataMatchesApi => data_matches_api(subject),
        CheckKind::ApiMatchesUi => api_matches_ui(subject),
        CheckKind::RisksCoverWrites => risks_cover_writes(subject),
        CheckKind::CommandsForMutations => commands_for_mutations(&subject.spec.facts),
        CheckKind::CacheCoversReads => cache_covers_reads(subject),
    }
}

/// The spans of the sections of a kind.
fn sections_of(subject: Subject<'_>, kind: &str) -> Vec<Span> {
    let named = subject.spec.facts.sections.iter().filter(|s| s.present && s.kind.as_deref() == Some(kind));
    let titles: FxHashSet<Span> = named.filter_map(|s| s.span).collect();
    let sections = subject.document.sections().iter();
    sections.filter(|s| titles.contains(&s.title_span)).map(|s| s.span).collect()
}

fn texts_of<'a>(subject: Subject<'a>, kind: &str) -> impl Iterator<Item = &'a str> {
    sections_of(subject, kind).into_iter().map(move |span| span.text(subject.document.text()))
}

/// A list of names for a sentence: at most three, then how many more.
fn some<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn data_matches_api(subject: Subject<'_>) -> Judged {
    let facts = &subject.spec.facts;
    let entities: Vec<&Entity> =
        facts.data.entities.iter().filter(|e| e.kind != EntityKind::Existing).collect();
    if entities.is_empty() {
        return Judged::new(Verdict::Vacuous, "the spec brings and changes no entity");
    }
    if facts.api.endpoints.is_empty() {
        return Judged::new(Verdict::Vacuous, "the spec declares no endpoint");
    }
    // Most entities are found by their endpoints' paths.
    let said = OnceCell::new();
    let said = || said.get_or_init(|| word_set(texts_of(subject, "api")));
    let parts: Vec<Vec<String>> = facts.api.endpoints.iter().flat_map(|e| resource_of(e).parts).collect();
    let reached = |entity: &Entity| {
        let name = words_of_name(&entity.name);
        let table = entity.table.as_deref().map(words_of_name).unwrap_or_default();
        let by_path = parts.iter().any(|part| same_thing(&name, part) || same_thing(&table, part));
        let fields = || entity.fields.iter().filter(|f| f.name.len() > 4);
        let by_field = || fields().filter(|f| mentions(said(), &words_of_name(&f.name))).nth(1).is_some();
        by_path || mentions(said(), &name) || by_field()
    };
    let (with, without): (Vec<&Entity>, Vec<&Entity>) = entities.iter().partition(|e| reached(e));
    let places = |list: &[&Entity]| {
        list.iter().map(|e| Place { span: e.span, what: e.name.clone(), elsewhere: None }).collect::<Vec<_>>()
    };
    if without.is_empty() {
        let reason = match entities.as_slice() {
            [one] => format!("the API speaks of `{}`, the only entity", one.name),
            [_, _] => "the API speaks of both entities".to_owned(),
            all => format!("the API speaks of all {} entities", all.len()),
        };
        return Judged::new(Verdict::Proven, reason).places(places(&entities));
    }
    let names = some(without.iter().map(|e| e.name.as_str()));
    if with.is_empty() && entities.iter().any(|e| e.kind == EntityKind::New) {
        let reason = format!("no endpoint speaks of {names}");
        return Judged::new(Verdict::Contradicted, reason).places(places(&without));
    }
    let reason =
        format!("{} of {} entities are in the API; none speaks of {names}", with.len(), entities.len());
    Judged::new(Verdict::NotCheckable, reason).places(places(&without))
}

/// Paths of the form `/api/…` in a text, with their place in it.
fn api_paths(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("/api/").map(|at| from + at) {
        let inside = |c: char| c.is_ascii_alphanumeric() || "/-_:{}[]<>.".contains(c);
        let before = text[..at].chars().next_back();
        let end = at + text[at..].find(|c: char| !inside(c)).unwrap_or(text.len() - at);
        // A file's path (`src/modules/x/api/y`) holds the same letters.
        if before.is_none_or(|c| !c.is_ascii_alphanumeric() && !"-_/.]})".contains(c)) {
            out.push((at, text[at..end].trim_end_matches(['.', ':', '/'])));
        }
        from = end.max(at + 5);
    }
    out
}

fn api_matches_ui(subject: Subject<'_>) -> Judged {
    let facts = &subject.spec.facts;
    let sections = sections_of(subject, "ui");
    let spoken =
        facts.sections.iter().any(|s| s.kind.as_deref() == Some("ui") && s.present && !s.empty && !s.none);
    if sections.is_empty() || !spoken {
        return Judged::new(Verdict::Vacuous, "the spec describes no user interface");
    }
    if facts.api.endpoints.is_empty() {
        return Judged::new(Verdict::Vacuous, "the spec declares no endpoint");
    }
    let text = subject.document.text();
    let named: Vec<(Span, &str)> = sections
        .iter()
        .flat_map(|span| {
            api_paths(span.text(text)).into_iter().map(|(at, path)| {
                let start = span.start as usize + at;
                (Span::new(start, start + path.len()), path)
            })
        })
        .collect();
    let known: Vec<Vec<String>> = facts.api.endpoints.iter().map(|e| route(&e.path)).collect();
    // Endpoints of other modules may be used without being declared here.
    let modules: FxHashSet<&str> =
        known.iter().filter_map(|route| route.get(1)).map(String::as_str).collect();
    let declared = |path: &str| {
        let wanted = route(path);
        known.iter().any(|route| route.starts_with(&wanted) || wanted.starts_with(route))
    };
    let own: Vec<&(Span, &str)> = named
        .iter()
        .filter(|(_, path)| route(path).get(1).is_some_and(|module| modules.contains(module.as_str())))
        .collect();
    let undeclared: Vec<Place> = own
        .iter()
        .filter(|(_, path)| !declared(path))
        .map(|(span, path)| Place { span: *span, what: (*path).to_owned(), elsewhere: None })
        .collect();
    // Another resource of the module may be there already; another part of a resource that is declared here
    // would have been declared with it.
    let of_known_resource = |path: &str| {
        let wanted = route(path);
        wanted.len() > 3 && known.iter().any(|route| route.len() >= 3 && route[..3] == wanted[..3])
    };
    let wrong: Vec<Place> = undeclared.iter().filter(|p| of_known_resource(&p.what)).cloned().collect();
    if let Some(first) = wrong.first() {
        let reason = format!("the interface uses `{}`, which the API section does not declare", first.what);
        return Judged::new(Verdict::Contradicted, reason).places(wrong);
    }
    if let Some(first) = undeclared.first() {
        let reason = format!("the interface also uses `{}`, which another spec may declare", first.what);
        return Judged::new(Verdict::NotCheckable, reason).places(undeclared);
    }
    match own.as_slice() {
        [] => Judged::new(Verdict::NotCheckable, "the interface section names no endpoint of this API"),
        own => {
            let places = own
                .iter()
                .map(|(span, path)| Place { span: *span, what: (*path).to_owned(), elsewhere: None })
                .collect();
            let reason = format!("every endpoint that the interface names is declared ({})", own.len());
            Judged::new(Verdict::Proven, reason).places(places)
        }
    }
}

/// The parts of a path; parameters are all alike.
fn route(path: &str) -> Vec<String> {
    let path = path.split('?').next().unwrap_or("");
    let part = |part: &str| match part.starts_with([':', '{', '[', '<']) {
        true => "{}".to_owned(),
        false => part.to_lowercase(),
    };
    path.split('/').filter(|p| !p.is_empty()).map(part).collect()
}

fn risks_cover_writes(subject: Subject<'_>) -> Judged {
    let facts = &subject.spec.facts;
    let writes: Vec<&Endpoint> = facts.api.endpoints.iter().filter(|e| is_write(e)).collect();
    if writes.is_empty() && facts.vocabulary.commands.is_empty() {
        return Judged::new(Verdict::Vacuous, "the spec declares no write operation");
    }
    let first = writes.first().map(|e| (e.span, format!("{} {}", e.method, e.path)));
    let first = first.or_else(|| facts.vocabulary.commands.first().map(|c| (c.span, c.id.clone())));
    if facts.risks.risks.is_empty() && facts.risks.categories.is_empty() {
        let (span, what) = first.unwrap_or_default();
        let operations = crate::words::count(
            writes.len().max(facts.vocabulary.commands.len()),
            "write operation",
            "write operations",
        );
        return Judged::new(
            Verdict::Contradicted,
            format!("the spec names no risk at all, but {operations}"),
        )
        .at(span, what);
    }
    let things: Vec<(&Endpoint, Vec<String>)> = writes
        .iter()
        .filter_map(|e| {
            let parts = resource_of(e).parts;
            Some((*e, parts.into_iter().next_back()?))
        })
        .collect();
    if things.is_empty() {
        return Judged::new(Verdict::NotCheckable, "the spec declares commands and no writing endpoint");
    }
    let said = word_set(texts_of(subject, "risks"));
    let uncovered: Vec<&Endpoint> = things
        .iter()
        .filter(|(_, words)| !words.iter().any(|w| said.contains(w.as_str())))
        .map(|(e, _)| *e)
        .collect();
    let names: Vec<String> = uncovered.iter().map(|e| format!("{} {}", e.method, e.path)).collect();
    let places = uncovered
        .iter()
        .zip(&names)
        .map(|(e, name)| Place { span: e.span, what: name.clone(), elsewhere: None })
        .collect::<Vec<_>>();
    if uncovered.is_empty() {
        let reason = match things.len() {
            1 => "the risks speak of what the one write operation changes".to_owned(),
            n => format!("the risks speak of what each of the {n} write operations changes"),
        };
        return Judged::new(Verdict::Proven, reason);
    }
    let reason = format!("no risk speaks of {}", some(names.iter().map(String::as_str)));
    Judged::new(Verdict::NotCheckable, reason).places(places)
}

fn commands_for_mutations(facts: &Facts) -> Judged {
    let writes: Vec<&Endpoint> = facts.api.endpoints.iter().filter(|e| is_write(e)).collect();
    if writes.is_empty() {
        return Judged::new(Verdict::Vacuous, "the spec declares no endpoint that writes");
    }
    let gaps = crud_gaps(facts);
    if let Some(gap) = gaps.first() {
        let reason = format!(
            "`{}` has no command, though `{}` is there for the same thing",
            gap.endpoint, gap.command
        );
        let places = gaps
            .iter()
            .map(|g| Place { span: g.endpoint_span, what: g.endpoint.clone(), elsewhere: None })
            .collect();
        return Judged::new(Verdict::Contradicted, reason).places(places);
    }
    let commands: Vec<FxHashSet<String>> =
        facts.vocabulary.commands.iter().map(|c| words_of_name(&c.id).into_iter().collect()).collect();
    let covered = |endpoint: &Endpoint| {
        let thing = resource_of(endpoint).parts.into_iter().next_back().unwrap_or_default();
        !thing.is_empty() && commands.iter().any(|words| thing.iter().all(|w| words.contains(w)))
    };
    let without: Vec<&Endpoint> = writes.iter().copied().filter(|e| !covered(e)).collect();
    if without.is_empty() {
        let reason = match writes.len() {
            1 => "the one writing endpoint has a command".to_owned(),
            n => format!("each of the {n} writing endpoints has a command"),
        };
        return Judged::new(Verdict::Proven, reason);
    }
    let names: Vec<String> = without.iter().map(|e| format!("{} {}", e.method, e.path)).collect();
    let reason = match commands.is_empty() {
        true => format!("the spec declares no command for `{}`", names.join("`, `")),
        false => format!("no command is surely that of {}", some(names.iter().map(String::as_str))),
    };
    let places = without
        .iter()
        .zip(&names)
        .map(|(e, name)| Place { span: e.span, what: name.clone(), elsewhere: None })
        .collect();
    Judged::new(Verdict::NotCheckable, reason).places(places)
}

fn cache_covers_reads(subject: Subject<'_>) -> Judged {
    let facts = &subject.spec.facts;
    let reads: Vec<&Endpoint> = facts.api.endpoints.iter().filter(|e| e.method == "GET").collect();
    if reads.is_empty() {
        return Judged::new(Verdict::Vacuous, "the spec declares no endpoint that reads");
    }
    let Some(place) = cache_mention(subject) else {
        return Judged::new(Verdict::Vacuous, "the spec says nothing of caching outside this report");
    };
    let said = word_set([place.text(subject.document.text())]);
    let without: Vec<String> = reads
        .iter()
        .filter(|e| {
            let thing = resource_of(e).parts.into_iter().next_back().unwrap_or_default();
            !thing.iter().any(|word| said.contains(word.as_str()))
        })
        .map(|e| format!("GET {}", e.path))
        .collect();
    if without.is_empty() {
        let reason = match reads.len() {
            1 => "what is said of caching speaks of the one reading endpoint".to_owned(),
            n => format!("what is said of caching speaks of each of the {n} reading endpoints"),
        };
        return Judged::new(Verdict::Proven, reason).at(place, "caching");
    }
    let reason =
        format!("what is said of caching does not speak of {}", some(without.iter().map(String::as_str)));
    Judged::new(Verdict::NotCheckable, reason).at(place, "caching")
}

/// Where a spec speaks of caching: the section with the word in its title, else the first block with it;
/// the compliance report and the changelog do not count.
fn cache_mention(subject: Subject<'_>) -> Option<Span> {
    let document = subject.document;
    let text = document.text();
    let outside: Vec<Span> = [sections_of(subject, "compliance"), sections_of(subject, "changelog")].concat();
    let counts = |span: Span| subject.spec.region.contains(span) && !outside.iter().any(|o| o.contains(span));
    let cached = |text: &str| {
        let at = text.as_bytes().windows(4).position(|w| w.eq_ignore_ascii_case(b"cach"));
        at.is_some()
    };
    let titled = document.sections().iter().find(|s| s.normal.full.contains("cach") && counts(s.span));
    titled.map(|s| s.span).or_else(|| {
        document
            .blocks()
            .map(|block| document.span(block))
            .find(|span| counts(*span) && cached(span.text(text)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_known_by_their_words() {
        for (label, kind) in [
            ("Data models match API contracts", Some(CheckKind::DataMatchesApi)),
            ("Entities ↔ endpoints", Some(CheckKind::DataMatchesApi)),
            ("API contracts match UI/UX section", Some(CheckKind::ApiMatchesUi)),
            ("Risks cover write operations", Some(CheckKind::RisksCoverWrites)),
            ("Commands defined for mutations", Some(CheckKind::CommandsForMutations)),
            ("Cache strategy covers all read APIs", Some(CheckKind::CacheCoversReads)),
            ("Naming is consistent", None),
        ] {
            assert_eq!(CheckKind::of(label), kind, "{label}");
        }
    }

    #[test]
    fn paths_of_the_api_are_told_from_files() {
        let paths: Vec<&str> =
            api_paths("see `/api/a/b/:id`, src/api/c and (/api/d-e/). Also /api/x/{id}/y.")
                .into_iter()
                .map(|p| p.1)
                .collect();
        assert_eq!(paths, ["/api/a/b/:id", "/api/d-e", "/api/x/{id}/y"]);
    }
}
