//! Versions of a template: what one asks that another does not, and how a document of an older version is
//! held to it.
//!
//! A document is laid along the newest version whatever its age, so that titles, placeholders and values of
//! both are known; what only newer versions ask is not asked of it, and kept in [`Schema::later`].

use crate::schema::{FieldSpec, LeafSpec, Presence, Schema, SpecIndex, TableSpec};
use crate::value::ValueSpec;
use rustc_hash::{FxHashMap, FxHashSet};

/// A kind of things that a template asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AskKind {
    /// A section.
    Section,
    /// A field of the header, the front matter, the sidecar or a section.
    Field,
    /// A value that a field or a column may have.
    Value,
    /// A column of a table.
    Column,
    /// A row that every document's table has.
    Row,
    /// An item of a check list.
    Item,
}

impl AskKind {
    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            AskKind::Section => "section",
            AskKind::Field => "field",
            AskKind::Value => "value",
            AskKind::Column => "column",
            AskKind::Row => "row",
            AskKind::Item => "check-list item",
        }
    }
}

/// Something that a template asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// What it is.
    pub kind: AskKind,
    /// Where: the titles of the sections (`Risks › Register`), "header", "front matter" or "sidecar"; the
    /// title of a section's parent. Empty at the top.
    pub place: String,
    /// Its title, key, value, name or text, as written.
    pub name: String,
    /// The section that it is, or that it stands in.
    pub section: Option<SpecIndex>,
    /// Whether every document must have it.
    pub required: bool,
    /// Where in the template, from 1.
    pub line: u32,
    /// What it is compared by, within its place.
    key: String,
}

impl Ask {
    /// It in words: "the column `Owner` in Risks".
    pub fn words(&self) -> String {
        let place = match self.place.as_str() {
            "" => String::new(),
            place => format!(" in {place}"),
        };
        format!("the {} `{}`{place}", self.kind.name(), self.name)
    }
}

/// What differs between two versions of a template, in the order of the newer one (of the older one for
/// what is gone).
#[derive(Clone, Debug, Default)]
pub struct SchemaDifference {
    /// Only in the newer version.
    pub added: Vec<Ask>,
    /// Only in the older version.
    pub removed: Vec<Ask>,
    /// Under another title: before, after.
    pub renamed: Vec<(Ask, Ask)>,
    /// In both, required in one of them only: as it is in the newer version.
    pub presence: Vec<Ask>,
}

impl SchemaDifference {
    /// Whether both versions ask the same.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.renamed.is_empty()
            && self.presence.is_empty()
    }
}

/// Where something stands, as it is compared: the keys of the sections from the top.
type Place = Vec<String>;

/// Everything that a template asks for, in its order.
fn asks(schema: &Schema, titles: &[String]) -> Vec<(Place, Ask)> {
    let mut out = Vec::new();
    let heads = [("header", &schema.fields), ("front matter", &schema.front_matter)];
    let sidecar = schema.sidecar.iter().map(|(_, fields)| ("sidecar", fields));
    for (name, fields) in heads.into_iter().chain(sidecar) {
        for field in fields {
            push_field(vec![name.to_owned()], name.to_owned(), None, field, &mut out);
        }
    }
    for index in 0..schema.sections.len() {
        push_section(schema, titles, index, &mut out);
    }
    out
}

fn push_section(schema: &Schema, titles: &[String], index: SpecIndex, out: &mut Vec<(Place, Ask)>) {
    let Some(section) = schema.sections.get(index) else { return };
    let own = place_of(schema, titles, index);
    let above = own.split_last().map(|(_, above)| above.to_vec()).unwrap_or_default();
    if section.presence != Presence::Never {
        let ask = Ask {
            kind: AskKind::Section,
            place: section.parent.map(|parent| schema.section_path(parent)).unwrap_or_default(),
            name: section.title.clone(),
            section: Some(index),
            required: section.presence == Presence::Required && !section.repeats,
            line: section.line,
            key: own.last().cloned().unwrap_or_default(),
        };
        out.push((above, ask));
    }
    let place = schema.section_path(index);
    for field in &section.fields {
        push_field(own.clone(), place.clone(), Some(index), field, out);
    }
    let ask = |kind, name: &str, key: &str, line| Ask {
        kind,
        place: place.clone(),
        name: name.to_owned(),
        section: Some(index),
        required: true,
        line,
        key: key.to_owned(),
    };
    for table in &section.tables {
        for column in &table.columns {
            out.push((own.clone(), ask(AskKind::Column, &column.name, &column.normal, table.line)));
            push_values(&own, &place, Some(index), &column.name, &column.value, table.line, out);
        }
        for row in &table.rows {
            out.push((own.clone(), ask(AskKind::Row, &row.key, &row.normal, row.line)));
        }
    }
    for item in &section.checklist {
        out.push((own.clone(), ask(AskKind::Item, &item.text, &item.normal, item.line)));
    }
}

fn push_field(
    at: Place,
    place: String,
    section: Option<SpecIndex>,
    field: &FieldSpec,
    out: &mut Vec<(Place, Ask)>,
) {
    push_values(&at, &place, section, &field.key, &field.value, field.line, out);
    let ask = Ask {
        kind: AskKind::Field,
        place,
        name: field.key.clone(),
        section,
        required: field.presence == Presence::Required,
        line: field.line,
        key: field.normal.clone(),
    };
    out.push((at, ask));
}

fn push_values(
    at: &Place,
    place: &str,
    section: Option<SpecIndex>,
    of: &str,
    value: &ValueSpec,
    line: u32,
    out: &mut Vec<(Place, Ask)>,
) {
    let ValueSpec::Enum(options) = value else { return };
    for option in options {
        let ask = Ask {
            kind: AskKind::Value,
            place: format!("{place} / {of}").trim_start_matches(" / ").to_owned(),
            name: option.clone(),
            section,
            required: false,
            line,
            key: format!("{of}={option}").to_lowercase(),
        };
        out.push((at.clone(), ask));
    }
}

fn place_of(schema: &Schema, titles: &[String], index: SpecIndex) -> Place {
    let above = std::iter::successors(Some(index), |at| schema.sections.get(*at)?.parent);
    // A template's sections are nested no deeper than headings are.
    let mut place: Place = above.take(8).map(|at| titles.get(at).cloned().unwrap_or_default()).collect();
    place.reverse();
    place
}

fn titles(schema: &Schema) -> Vec<String> {
    schema.sections.iter().map(|section| section.normal.core.clone()).collect()
}

/// What differs between two versions of a template.
pub fn difference(old: &Schema, new: &Schema) -> SchemaDifference {
    let mut old_titles = titles(old);
    let new_titles = titles(new);
    let renamed = renamed_sections(old, new);
    for (before, after) in &renamed {
        if let (Some(old), Some(new)) = (old_titles.get_mut(*before), new_titles.get(*after)) {
            old.clone_from(new);
        }
    }
    let before = asks(old, &old_titles);
    let after = asks(new, &new_titles);
    let known: FxHashMap<(AskKind, &Place, &str), bool> =
        before.iter().map(|(place, ask)| (identity(place, ask), ask.required)).collect();
    let kept: FxHashSet<(AskKind, &Place, &str)> =
        after.iter().map(|(place, ask)| identity(place, ask)).collect();
    let mut out = SchemaDifference::default();
    for (place, ask) in &after {
        match known.get(&identity(place, ask)) {
            None => out.added.push(ask.clone()),
            Some(required) if *required != ask.required => out.presence.push(ask.clone()),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(place, ask)| !kept.contains(&identity(place, ask)));
    out.removed = gone.map(|(_, ask)| ask.clone()).collect();
    let section = |all: &[(Place, Ask)], index: SpecIndex| {
        let found = all.iter().find(|(_, ask)| ask.kind == AskKind::Section && ask.section == Some(index));
        found.map(|(_, ask)| ask.clone())
    };
    out.renamed =
        renamed.iter().filter_map(|(b, a)| Some((section(&before, *b)?, section(&after, *a)?))).collect();
    out
}

fn identity<'a>(place: &'a Place, ask: &'a Ask) -> (AskKind, &'a Place, &'a str) {
    (ask.kind, place, &ask.key)
}

/// Sections that are the same under another title: of those that only one version has, those that stand
/// below the same section and are of the same kind, or alike in their words or in what they hold.
fn renamed_sections(old: &Schema, new: &Schema) -> Vec<(SpecIndex, SpecIndex)> {
    let mut out: Vec<(SpecIndex, SpecIndex)> = Vec::new();
    renamed_below(old, new, None, None, &mut out);
    out
}

fn renamed_below(
    old: &Schema,
    new: &Schema,
    old_parent: Option<SpecIndex>,
    new_parent: Option<SpecIndex>,
    out: &mut Vec<(SpecIndex, SpecIndex)>,
) {
    let core = |schema: &Schema, index: SpecIndex| {
        schema.sections.get(index).map(|section| section.normal.core.clone()).unwrap_or_default()
    };
    let before: Vec<SpecIndex> = old.children(old_parent).collect();
    let after: Vec<SpecIndex> = new.children(new_parent).collect();
    let twin = |index: SpecIndex, from: &Schema, to: &Schema, among: &[SpecIndex]| {
        among.iter().copied().find(|other| core(to, *other) == core(from, index))
    };
    let mut free: Vec<SpecIndex> =
        after.iter().copied().filter(|index| twin(*index, new, old, &before).is_none()).collect();
    for index in before {
        let same = match twin(index, old, new, &after) {
            Some(same) => Some(same),
            None => {
                let alike = free.iter().copied().find(|other| are_alike(old, index, new, *other));
                if let Some(other) = alike {
                    free.retain(|taken| *taken != other);
                    out.push((index, other));
                }
                alike
            }
        };
        if let Some(same) = same {
            renamed_below(old, new, Some(index), Some(same), out);
        }
    }
}

fn are_alike(old: &Schema, before: SpecIndex, new: &Schema, after: SpecIndex) -> bool {
    let (Some(a), Some(b)) = (old.sections.get(before), new.sections.get(after)) else { return false };
    if a.repeats != b.repeats || a.level != b.level {
        return false;
    }
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<FxHashSet<String>>();
    let (x, y) = (words(&a.normal.core), words(&b.normal.core));
    let holds = x.is_subset(&y) || y.is_subset(&x);
    let near = strsim::normalized_damerau_levenshtein(&a.normal.core, &b.normal.core) >= 0.75;
    holds || near || a.kind.is_some() && a.kind == b.kind
}

/// The newest version of a template, as far as a document of an older one is held to it.
pub fn held_to(old: &Schema, newest: &Schema) -> Schema {
    let difference = difference(old, newest);
    let mut schema = newest.clone();
    for ask in difference.added.iter().chain(&difference.presence) {
        // What stands in a new section is asked where that section is there.
        let inside_new = difference.added.iter().any(|other| {
            other.kind == AskKind::Section
                && is_within(newest, ask.section, other.section)
                && (ask.kind != AskKind::Section || ask.section != other.section)
        });
        if !inside_new && ask.required && relax(&mut schema, ask) {
            schema.later.push(ask.clone());
        }
    }
    for (before, after) in &difference.renamed {
        let former = before.section.and_then(|index| old.sections.get(index)).map(|s| s.normal.clone());
        let section = after.section.and_then(|index| schema.sections.get_mut(index));
        if let (Some(section), Some(former)) = (section, former) {
            section.former.push(former);
        }
    }
    for ask in difference.removed.iter().filter(|ask| ask.kind == AskKind::Section) {
        let section = ask.section.and_then(|index| old.sections.get(index));
        schema.past.extend(section.map(|section| section.normal.core.clone()));
    }
    widen_values(&mut schema, old, &difference);
    take_leaves(&mut schema, old);
    schema
}

fn is_within(schema: &Schema, inner: Option<SpecIndex>, outer: Option<SpecIndex>) -> bool {
    outer.is_some()
        && std::iter::successors(inner, |at| schema.sections.get(*at)?.parent)
            .take(8)
            .any(|at| Some(at) == outer)
}

/// Asks for something no longer; false where it was not found.
fn relax(schema: &mut Schema, ask: &Ask) -> bool {
    let optional = |fields: &mut Vec<FieldSpec>| {
        let field = fields.iter_mut().find(|field| field.normal == ask.key);
        field.map(|field| field.presence = Presence::Optional).is_some()
    };
    let Some(index) = ask.section else {
        return match ask.place.as_str() {
            "header" => optional(&mut schema.fields),
            "front matter" => optional(&mut schema.front_matter),
            _ => schema.sidecar.as_mut().is_some_and(|(_, fields)| optional(fields)),
        };
    };
    let Some(section) = schema.sections.get_mut(index) else { return false };
    let from_tables = |tables: &mut Vec<TableSpec>, keep: &dyn Fn(&mut TableSpec) -> usize| {
        tables.iter_mut().map(keep).sum::<usize>() > 0
    };
    match ask.kind {
        AskKind::Section => {
            section.presence = Presence::Optional;
            true
        }
        AskKind::Field => optional(&mut section.fields),
        AskKind::Column => from_tables(&mut section.tables, &|table| {
            let before = table.columns.len();
            table.columns.retain(|column| column.normal != ask.key);
            before - table.columns.len()
        }),
        AskKind::Row => from_tables(&mut section.tables, &|table| {
            let before = table.rows.len();
            table.rows.retain(|row| row.normal != ask.key);
            before - table.rows.len()
        }),
        AskKind::Item => {
            let before = section.checklist.len();
            section.checklist.retain(|item| item.normal != ask.key);
            before > section.checklist.len()
        }
        AskKind::Value => false,
    }
}

/// Values of either version may stand in a document of the older one.
fn widen_values(schema: &mut Schema, old: &Schema, difference: &SchemaDifference) {
    let same_section = |index: SpecIndex, schema: &Schema| {
        let core = &schema.sections.get(index)?.normal.core;
        let renamed = difference.renamed.iter().find(|(_, after)| after.section == Some(index));
        match renamed {
            Some((before, _)) => before.section,
            None => old.sections.iter().position(|section| section.normal.core == *core),
        }
    };
    widen_fields(&mut schema.fields, &old.fields);
    widen_fields(&mut schema.front_matter, &old.front_matter);
    if let (Some((_, fields)), Some((_, before))) = (&mut schema.sidecar, &old.sidecar) {
        widen_fields(fields, before);
    }
    for index in 0..schema.sections.len() {
        let before = same_section(index, schema).and_then(|at| old.sections.get(at));
        let (Some(before), Some(section)) = (before, schema.sections.get_mut(index)) else { continue };
        widen_fields(&mut section.fields, &before.fields);
        for table in &mut section.tables {
            for column in &mut table.columns {
                let columns = before.tables.iter().flat_map(|table| &table.columns);
                if let Some(old) = columns.into_iter().find(|old| old.normal == column.normal) {
                    widen(&mut column.value, &old.value);
                }
            }
        }
    }
}

fn widen_fields(fields: &mut [FieldSpec], before: &[FieldSpec]) {
    for field in fields {
        if let Some(old) = before.iter().find(|old| old.normal == field.normal) {
            widen(&mut field.value, &old.value);
        }
    }
}

fn widen(value: &mut ValueSpec, before: &ValueSpec) {
    match (value, before) {
        (ValueSpec::Enum(options), ValueSpec::Enum(old)) => {
            let more: Vec<String> = old.iter().filter(|option| !options.contains(option)).cloned().collect();
            options.extend(more);
        }
        (ValueSpec::Free | ValueSpec::Example(_), _) => {}
        (value, old) if old != value => *value = ValueSpec::Free,
        _ => {}
    }
}

/// Placeholders and guidance of the older version may not stay in its documents either.
fn take_leaves(schema: &mut Schema, old: &Schema) {
    for (fold, leaf) in &old.leaves {
        if schema.leaves.contains_key(fold) {
            continue;
        }
        schema.expect_leaf(fold);
        schema.leaves.insert(fold.clone(), LeafSpec { section: None, ..leaf.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer;

    const OLD: &str = "# [Title]\n\n**Status:** Draft / Accepted\n\n## Overview\n[What]\n\n## Risks\n\
        | Risk | Severity |\n|---|---|\n| … | Low / High |\n\n## Rollout\n[How]\n\n## Notes\n[Notes]\n";

    fn check(old: &str, new: &str, wanted: &[&str]) {
        let (old, new) = (infer("t.md", old, None), infer("t.md", new, None));
        let found = difference(&old, &new);
        let mut told: Vec<String> = found.added.iter().map(|ask| format!("+ {}", ask.words())).collect();
        told.extend(found.removed.iter().map(|ask| format!("- {}", ask.words())));
        told.extend(found.renamed.iter().map(|(a, b)| format!("{} -> {}", a.name, b.name)));
        let presence = |ask: &Ask| format!("{} {}", if ask.required { "must" } else { "may" }, ask.words());
        told.extend(found.presence.iter().map(presence));
        assert_eq!(told, wanted);
    }

    #[test]
    fn differences_are_told_in_terms_of_the_schema() {
        check(OLD, OLD, &[]);
        check(OLD, &OLD.replace("[What]", "[What, in a sentence]"), &[]);
        check(OLD, &format!("{OLD}\n## Tests\n[Which]\n"), &["+ the section `Tests`"]);
        check(OLD, &OLD.replace("\n## Notes\n[Notes]\n", ""), &["- the section `Notes`"]);
        check(OLD, &OLD.replace("## Risks", "## Risks & Mitigations"), &["Risks -> Risks & Mitigations"]);
        check(
            OLD,
            &OLD.replace("| Severity |", "| Severity | Owner |").replace("|---|\n", "|---|---|\n"),
            &["+ the column `Owner` in Risks"],
        );
        check(
            OLD,
            &OLD.replace("Draft / ", "Draft / Parked / "),
            &["+ the value `Parked` in header / Status"],
        );
        check(
            OLD,
            &OLD.replace("\n\n## Overview", "\n**Owner:** [Who]\n\n## Overview"),
            &["+ the field `Owner` in header"],
        );
        check(OLD, &OLD.replace("## Notes", "## Notes (optional)"), &["may the section `Notes`"]);
    }

    #[test]
    fn an_older_document_is_asked_what_its_version_asked() {
        let new = OLD
            .replace("## Risks", "## Risks & Mitigations")
            .replace("## Notes\n[Notes]", "## Tests\n[Which]");
        let (old, new) = (infer("t.md", OLD, None), infer("t.md", &new, None));
        let held = held_to(&old, &new);
        assert_eq!(held.sections.len(), new.sections.len());
        let later: Vec<&str> = held.later.iter().map(|ask| ask.name.as_str()).collect();
        assert_eq!(later, ["Tests"]);
        assert_eq!(held.past, ["notes"]);
        let mut buffer = String::new();
        assert!(held.leaf("[Notes]", &mut buffer).is_some());
        assert!(held.leaf("[Which]", &mut buffer).is_some());
        assert!(held_to(&new, &new).later.is_empty());
    }
}
