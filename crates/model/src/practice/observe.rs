//! What one spec does with its template, as plain data.

use super::FieldPlace;
use super::notation::{Notations, notations};
use super::style;
use crate::reading::{
    answers_row, close, columns, has_content, has_label, has_short_key, is_filled, items, keeps,
    not_applicable, same_key, section_fields, shared_columns, tables,
};
use crate::spec::{HeaderPlace, Sidecar, Spec};
use crate::{base_name, find_dates};
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::{
    FieldSpec, FieldText, LeafClass, MatchQuality, Place, Presence, Schema, SectionSpec, SpecIndex,
    TableSpec, ValueSpec, fold, for_each_leaf, generic_token, infer_key, kind_of_title, matches_option,
    names_option, yaml_fields,
};

/// Whether a column's name means one of the template's.
type SameName = dyn Fn(&str, &str) -> bool;

/// What one spec does with its template.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// What to call the spec.
    pub(super) name: String,
    /// Whether it carries any of the template's titles.
    pub(super) shaped: bool,
    pub(super) sections: Vec<SeenSection>,
    pub(super) added: Vec<SeenTitle>,
    pub(super) fields: Vec<SeenField>,
    pub(super) added_fields: Vec<SeenKey>,
    pub(super) tables: Vec<SeenTable>,
    pub(super) items: Vec<SeenItem>,
    /// The template's top-level sections in the order in which they stand.
    pub(super) order: Vec<SpecIndex>,
    pub(super) numbering: Option<String>,
    pub(super) title: String,
    pub(super) file: String,
    pub(super) notations: Vec<Notations>,
}

/// A section that answers one of the template's.
#[derive(Clone, Debug)]
pub(super) struct SeenSection {
    pub(super) spec: SpecIndex,
    pub(super) quality: MatchQuality,
    pub(super) title: String,
    pub(super) core: String,
    pub(super) answer: Answer,
}

/// What stands below a heading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Filled,
    Empty,
    NotApplicable,
    Untouched,
}

/// A section that the template does not have.
#[derive(Clone, Debug)]
pub(super) struct SeenTitle {
    pub(super) inside: Option<SpecIndex>,
    pub(super) title: String,
    pub(super) core: String,
    pub(super) kind: Option<&'static str>,
}

/// A field that the template asks for, in a spec or a block that could have it.
#[derive(Clone, Debug)]
pub(super) struct SeenField {
    pub(super) place: FieldPlace,
    /// Its place in the template's list.
    pub(super) field: usize,
    pub(super) there: bool,
    pub(super) filled: bool,
    /// The key as written, where it is another one.
    pub(super) other_key: Option<String>,
    pub(super) value: Option<SeenValue>,
}

/// A value held against what the template says of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum SeenValue {
    /// One of the template's choices.
    Choice(String),
    /// None of them; the words that it begins with.
    Outside(String),
    /// Of the template's form.
    Fits,
    /// Not of it.
    Misfit(String),
    /// Anything may stand there; the words that it begins with.
    Free(String),
}

/// A key that the template does not have.
#[derive(Clone, Debug)]
pub(super) struct SeenKey {
    pub(super) place: FieldPlace,
    pub(super) key: String,
    pub(super) normal: String,
    pub(super) lead: String,
}

/// A section that the template gives tables, with those that stand there.
#[derive(Clone, Debug)]
pub(super) struct SeenTable {
    pub(super) spec: SpecIndex,
    /// Tables that follow one of the template's, with its place.
    pub(super) laid: Vec<(usize, SeenColumns)>,
    /// Columns of the other tables.
    pub(super) others: Vec<Vec<String>>,
}

/// The columns of a table, held against the template's.
#[derive(Clone, Debug, Default)]
pub(super) struct SeenColumns {
    /// For each of the template's columns: its name here.
    pub(super) found: Vec<Option<String>>,
    pub(super) added: Vec<String>,
    /// For each of the template's rows, whether it is kept.
    pub(super) rows: Vec<bool>,
    /// Values of the columns, each with its column.
    pub(super) values: Vec<(usize, SeenValue)>,
}

/// A check-list item of the template.
#[derive(Clone, Copy, Debug)]
pub(super) struct SeenItem {
    pub(super) spec: SpecIndex,
    pub(super) item: usize,
    pub(super) kept: bool,
}

/// Looks at one spec of a file.
pub fn observe(
    path: &str,
    document: &Document,
    spec: &Spec,
    schema: &Schema,
    sidecar: Option<&Sidecar>,
) -> Observation {
    let stem = base_name(path).trim_end_matches(".md");
    let folder = base_name(crate::folder_of(path));
    let generic = matches!(stem.to_lowercase().as_str(), "readme" | "index" | "spec") && !folder.is_empty();
    let name = if generic { folder } else { stem };
    let shaped = spec.alignment.titles_found > 0 || schema.sections.is_empty();
    let mut seen = Observation { name: name.to_owned(), shaped, ..Observation::default() };
    if !shaped {
        return seen;
    }
    let looking = Looking { document, spec, schema, lists: lists(document, spec, sidecar) };
    looking.sections(&mut seen);
    looking.added(&mut seen);
    looking.header(&mut seen);
    looking.in_sections(&mut seen);
    seen.order = looking.order();
    let top = top_level(schema);
    seen.numbering = style::numbering_of(document, spec, top);
    seen.title = style::title_form(document, spec);
    seen.file = style::file_form(path);
    seen.notations = notations(document, &spec.facts);
    seen
}

/// Keys with a list or a mapping that says something: such a key has no value of its own.
fn lists(document: &Document, spec: &Spec, sidecar: Option<&Sidecar>) -> FxHashSet<String> {
    let front = document.front_matter().filter(|_| spec.region.start == 0);
    let front = front.and_then(|span| yaml_fields(span.text(document.text()), span.start as usize).ok());
    let beside = sidecar.and_then(|s| s.fields.as_ref().ok());
    let fields = front.iter().flatten().chain(beside.into_iter().flatten());
    let below = fields
        .filter(|f| (f.item || f.path.contains('.')) && !generic_token(&f.value) && !f.value.is_empty());
    below.filter_map(|f| f.path.split(['.', '[']).next().map(str::to_owned)).collect()
}

/// The level of the template's highest sections.
pub(super) fn top_level(schema: &Schema) -> u8 {
    schema.sections.iter().filter(|s| s.parent.is_none()).map(|s| s.level).min().unwrap_or(2)
}

/// The fields that a template asks for in a place.
pub(super) fn fields_of(schema: &Schema, place: FieldPlace) -> &[FieldSpec] {
    match place {
        FieldPlace::Header => &schema.fields,
        FieldPlace::FrontMatter => &schema.front_matter,
        FieldPlace::Sidecar => schema.sidecar.as_ref().map_or(&[], |(_, fields)| fields),
        FieldPlace::Section(index) => &schema.sections[index].fields,
    }
}

struct Looking<'a> {
    document: &'a Document,
    spec: &'a Spec,
    schema: &'a Schema,
    /// Keys of the front matter and the sidecar below which a list or a mapping stands.
    lists: FxHashSet<String>,
}

impl Looking<'_> {
    fn sections(&self, seen: &mut Observation) {
        let untouched = self.untouched();
        for found in &self.spec.alignment.matches {
            let section = self.document.section(found.section);
            let answer = match () {
                () if !has_content(self.document, found.section) => Answer::Empty,
                () if not_applicable(self.document, found.section).is_some() => Answer::NotApplicable,
                () if untouched.contains(&found.section) => Answer::Untouched,
                () => Answer::Filled,
            };
            seen.sections.push(SeenSection {
                spec: found.spec,
                quality: found.quality,
                title: section.title.clone(),
                core: section.normal.core.clone(),
                answer,
            });
        }
    }

    /// Sections with nothing in them, or in those below them, but the template's own placeholders.
    fn untouched(&self) -> FxHashSet<SectionId> {
        let sections = self.document.sections();
        // Texts, and those of them that are placeholders, by section.
        let mut counts = vec![(0usize, 0usize); sections.len()];
        let mut buffer = String::new();
        for_each_leaf(self.document, |leaf| {
            let Some(section) = leaf.section.filter(|_| leaf.place != Place::Heading) else { return };
            let text = leaf.span.text(self.document.text());
            let placeholder =
                self.schema.leaf(text, &mut buffer).is_some_and(|l| l.class == LeafClass::Placeholder);
            let count = &mut counts[section.0 as usize];
            count.0 += 1;
            count.1 += usize::from(placeholder);
        });
        for (at, section) in sections.iter().enumerate() {
            let code =
                section.blocks(self.document).any(|b| matches!(self.document.kind(b), Kind::Code { .. }));
            counts[at].0 += usize::from(code);
        }
        for at in (0..sections.len()).rev() {
            if let Some(parent) = sections[at].parent {
                let (all, placeholders) = counts[at];
                counts[parent.0 as usize].0 += all;
                counts[parent.0 as usize].1 += placeholders;
            }
        }
        let is_untouched = |at: &usize| counts[*at].0 > 0 && counts[*at].0 == counts[*at].1;
        (0..sections.len()).filter(is_untouched).map(|at| SectionId(at as u32)).collect()
    }

    /// Sections beside the template's on its top level, and those directly inside one of the template's.
    fn added(&self, seen: &mut Observation) {
        let top = top_level(self.schema);
        let alignment = &self.spec.alignment;
        for id in &alignment.unknown {
            let section = self.document.section(*id);
            let core = &section.normal.core;
            if core.is_empty() || core == "status" {
                continue;
            }
            let above = section.parent.and_then(|p| alignment.spec_of.get(&p).copied());
            let inside = match above {
                Some(_) => above,
                None if section.level <= top => None,
                // Below a section that is itself added, or the document's title.
                None => continue,
            };
            let plural =
                || kind_of_title(&format!("{core}s")).or_else(|| kind_of_title(core.trim_end_matches('s')));
            let kind = kind_of_title(core).or_else(|| kind_of_title(&section.normal.full)).or_else(plural);
            seen.added.push(SeenTitle { inside, title: section.title.clone(), core: core.clone(), kind });
        }
    }

    fn header(&self, seen: &mut Observation) {
        let mut places = vec![FieldPlace::Header, FieldPlace::FrontMatter];
        places.extend(self.schema.sidecar.as_ref().map(|_| FieldPlace::Sidecar));
        for place in &places {
            for (field, wanted) in fields_of(self.schema, *place).iter().enumerate() {
                let found = self.spec.header.iter().find(|f| same_key(&f.normal, &wanted.normal));
                let other_key = found.filter(|f| f.normal != wanted.normal).map(|f| f.field.key.clone());
                let value = found.map(|f| f.field.value.as_str()).filter(|v| self.says(wanted, v));
                let listed = found.is_some_and(|f| self.lists.contains(&f.field.key));
                seen.fields.push(SeenField {
                    place: *place,
                    field,
                    there: found.is_some(),
                    filled: value.is_some() || listed,
                    other_key,
                    value: value.map(|v| seen_value(&wanted.value, v)),
                });
            }
        }
        for field in &self.spec.header {
            let asked = |place: &FieldPlace| {
                fields_of(self.schema, *place).iter().any(|f| same_key(&f.normal, &field.normal))
            };
            if field.normal.is_empty() || places.iter().any(asked) {
                continue;
            }
            let place = match field.place {
                HeaderPlace::Header => FieldPlace::Header,
                HeaderPlace::FrontMatter => FieldPlace::FrontMatter,
                HeaderPlace::Sidecar => FieldPlace::Sidecar,
            };
            seen.added_fields.push(seen_key(place, &field.field, &field.normal));
        }
    }

    /// Whether a value says something that the template does not say already.
    fn says(&self, wanted: &FieldSpec, value: &str) -> bool {
        let choice = matches!(wanted.value, ValueSpec::Enum(_) | ValueSpec::Pattern(_) | ValueSpec::Date);
        is_filled(value) && !(choice && fold(value) == fold(&wanted.template_value))
    }

    /// Fields, tables and check lists of the sections.
    fn in_sections(&self, seen: &mut Observation) {
        for (index, section) in self.schema.sections.iter().enumerate() {
            if section.fields.is_empty() && section.tables.is_empty() && section.checklist.is_empty() {
                continue;
            }
            let answers = self.spec.alignment.sections_for(index);
            let answers = answers.filter(|s| not_applicable(self.document, *s).is_none());
            for answer in answers.filter(|s| has_content(self.document, *s)) {
                self.section_fields(index, section, answer, seen);
                if !section.tables.is_empty() {
                    seen.tables.push(self.section_tables(index, section, answer));
                }
                if !section.checklist.is_empty() {
                    let there = items(self.document, answer);
                    let kept = |normal: &str| there.iter().any(|item| keeps(item, normal));
                    let all = section.checklist.iter().enumerate();
                    seen.items.extend(all.map(|(item, wanted)| SeenItem {
                        spec: index,
                        item,
                        kept: kept(&wanted.normal),
                    }));
                }
            }
        }
    }

    fn section_fields(
        &self,
        index: SpecIndex,
        section: &SectionSpec,
        answer: SectionId,
        seen: &mut Observation,
    ) {
        if section.fields.is_empty() {
            return;
        }
        let place = FieldPlace::Section(index);
        let fields = section_fields(self.document, answer);
        for (at, wanted) in section.fields.iter().enumerate() {
            let found = fields.iter().find(|f| infer_key(&f.key) == wanted.normal);
            let there = has_label(self.document, answer, &wanted.normal, &fields)
                || has_short_key(section, wanted, &fields);
            let value = found.map(|f| f.value.as_str()).filter(|v| self.says(wanted, v));
            // A label has its value below it, or says nothing that could be read as one.
            let silent = found.is_some_and(|f| !f.value.trim().is_empty() && value.is_none());
            seen.fields.push(SeenField {
                place,
                field: at,
                there,
                filled: there && !silent,
                other_key: None,
                value: value.map(|v| seen_value(&wanted.value, v)),
            });
        }
        let mut noted: FxHashSet<String> = FxHashSet::default();
        for field in &fields {
            let normal = infer_key(&field.key);
            let asked =
                section.fields.iter().any(|f| same_key(&f.normal, &normal) || normal.starts_with(&f.normal));
            let heads = matches!(normal.as_str(), "" | "field" | "key" | "property" | "attribute" | "item");
            let own = self.names_a_table(field);
            if !asked && !heads && !own && noted.insert(normal.clone()) {
                seen.added_fields.push(seen_key(place, field, &normal));
            }
        }
    }

    /// Whether a label stands above a table and says what that is.
    fn names_a_table(&self, field: &FieldText) -> bool {
        let next = self.document.node(field.node).end as usize;
        field.value.is_empty()
            && next < self.document.len()
            && self.document.kind(NodeId(next as u32)) == Kind::Table
    }

    fn section_tables(&self, index: SpecIndex, section: &SectionSpec, answer: SectionId) -> SeenTable {
        let mut seen = SeenTable { spec: index, laid: Vec::new(), others: Vec::new() };
        for table in tables(self.document, answer) {
            let names = columns(self.document, table);
            let all = section.tables.iter().enumerate();
            let best = all.max_by_key(|(at, t)| (shared_columns(t, &names), std::cmp::Reverse(*at)));
            match best.filter(|(_, t)| shared_columns(t, &names) * 2 > t.columns.len()) {
                Some((at, wanted)) => seen.laid.push((at, self.columns(wanted, table, &names))),
                None => seen.others.push(names.iter().map(|(_, cell)| self.cell(*cell)).collect()),
            }
        }
        seen
    }

    fn cell(&self, cell: NodeId) -> String {
        self.document.plain(cell).trim().to_owned()
    }

    fn columns(&self, wanted: &TableSpec, table: NodeId, names: &[(String, NodeId)]) -> SeenColumns {
        let mut seen = SeenColumns::default();
        // Where each column of the template stands: by its name, then with words around it, then misspelt.
        let mut places: FxHashMap<usize, usize> = FxHashMap::default();
        let mut taken: FxHashSet<usize> = FxHashSet::default();
        let holds = |name: &str, normal: &str| format!(" {name} ").contains(&format!(" {normal} "));
        let equal = |name: &str, normal: &str| name == normal;
        let ways: [&SameName; 3] = [&equal, &holds, &close];
        for same in ways {
            for (at, column) in wanted.columns.iter().enumerate().filter(|(_, c)| !c.normal.is_empty()) {
                let free = (0..names.len()).filter(|n| !taken.contains(n));
                if !places.contains_key(&at)
                    && let Some(found) = free.into_iter().find(|n| same(&names[*n].0, &column.normal))
                {
                    places.insert(at, found);
                    taken.insert(found);
                }
            }
        }
        seen.found =
            (0..wanted.columns.len()).map(|at| places.get(&at).map(|n| self.cell(names[*n].1))).collect();
        let added = (0..names.len()).filter(|n| !taken.contains(n) && !names[*n].0.is_empty());
        seen.added = added.map(|n| self.cell(names[n].1)).collect();
        let rows: Vec<Vec<NodeId>> =
            self.document.children(table).skip(1).map(|row| self.document.children(row).collect()).collect();
        let words = |cell: &NodeId| trueup_template::infer_words(&self.document.plain(*cell));
        let keys: Vec<String> = rows.iter().filter_map(|row| row.first().map(words)).collect();
        seen.rows = wanted.rows.iter().map(|r| keys.iter().any(|key| answers_row(key, &r.normal))).collect();
        for (at, column) in wanted.columns.iter().enumerate() {
            let Some(place) = places.get(&at) else { continue };
            let cells = rows.iter().filter_map(|row| row.get(*place)).map(|cell| self.cell(*cell));
            let said = cells.filter(|v| is_filled(v) && trueup_template::value_spec(v) != column.value);
            seen.values.extend(said.map(|v| (at, seen_value(&column.value, &v))));
        }
        seen
    }

    /// The template's top-level sections in the order in which they stand.
    fn order(&self) -> Vec<SpecIndex> {
        let matches = self.spec.alignment.matches.iter().filter(|m| {
            let wanted = &self.schema.sections[m.spec];
            let placed = wanted.parent.is_none() && !wanted.repeats && !wanted.temporary;
            placed
                && wanted.presence != Presence::Never
                && self.document.section(m.section).level <= wanted.level
        });
        // Two of the template's sections under one heading have no order.
        let mut out: Vec<(SectionId, SpecIndex)> = Vec::new();
        for found in matches {
            if out.last().is_none_or(|(section, _)| *section != found.section) {
                out.push((found.section, found.spec));
            }
        }
        out.into_iter().map(|(_, spec)| spec).collect()
    }
}

fn seen_key(place: FieldPlace, field: &FieldText, normal: &str) -> SeenKey {
    SeenKey { place, key: field.key.clone(), normal: normal.to_owned(), lead: lead_of(&field.value) }
}

fn seen_value(wanted: &ValueSpec, value: &str) -> SeenValue {
    let fits = |fit: bool| if fit { SeenValue::Fits } else { SeenValue::Misfit(value.to_owned()) };
    match wanted {
        ValueSpec::Enum(options) => {
            let one = |o: &&String| {
                let only = std::slice::from_ref(*o);
                matches_option(value, only)
            };
            let named = |o: &&String| names_option(value, std::slice::from_ref(*o));
            let option =
                options.iter().filter(one).max_by_key(|o| o.len()).or_else(|| options.iter().find(named));
            match option {
                Some(option) => SeenValue::Choice(option.clone()),
                None => SeenValue::Outside(lead_of(value)),
            }
        }
        ValueSpec::Pattern(patterns) => fits(patterns.iter().any(|p| p.matches(value))),
        ValueSpec::Date => fits(find_dates(value).iter().any(|d| d.start == 0)),
        ValueSpec::Constant(constant) => fits(value.trim_matches('`').eq_ignore_ascii_case(constant)),
        ValueSpec::Free | ValueSpec::Example(_) => SeenValue::Free(lead_of(value)),
    }
}

/// The word or two that a value begins with, without marks; empty for a longer text.
fn lead_of(value: &str) -> String {
    let value = value.trim_start_matches(|c: char| !c.is_alphanumeric());
    if value.contains("://") {
        return String::new();
    }
    let of_word = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/' | '_' | '&');
    // A point inside a word belongs to it (`v1.24`).
    let inside = |at: usize| value[at + 1..].starts_with(char::is_alphanumeric);
    let mut ends = value.char_indices().filter(|(at, c)| !(of_word(*c) || *c == '.' && inside(*at)));
    let end = ends.next().map_or(value.len(), |(at, _)| at);
    // A dash between spaces begins a remark.
    let head = value[..end].split(" - ").next().unwrap_or("").trim();
    if head.split_whitespace().count() > 3 || head.len() > 32 { String::new() } else { head.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_begin_with_a_word_or_two() {
        for (value, lead) in [
            ("✅ Done (2026-02-01)", "Done"),
            ("In review — again", "In review"),
            ("Draft - for now", "Draft"),
            ("v1.24 (alpha)", "v1.24"),
            ("https://a.b/c", ""),
            ("A long sentence that says what it is", ""),
            ("", ""),
        ] {
            assert_eq!(lead_of(value), lead, "{value}");
        }
    }

    #[test]
    fn values_are_held_against_the_template() {
        let options = ValueSpec::Enum(vec!["Low".into(), "Very Low".into()]);
        assert_eq!(seen_value(&options, "**low** (so far)"), SeenValue::Choice("Low".into()));
        assert_eq!(seen_value(&options, "Huge — see below"), SeenValue::Outside("Huge".into()));
        assert_eq!(seen_value(&ValueSpec::Date, "2026-02-01"), SeenValue::Fits);
        assert_eq!(seen_value(&ValueSpec::Date, "soon"), SeenValue::Misfit("soon".into()));
        assert_eq!(seen_value(&ValueSpec::Free, "Ann"), SeenValue::Free("Ann".into()));
    }
}
