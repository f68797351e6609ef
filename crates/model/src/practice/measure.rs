//! Counting over all specs.

use super::notation::Notations;
use super::observe::{Answer, Observation, SeenField, SeenTable, SeenTitle, SeenValue, fields_of};
use super::tally::{Tally, Whole, sort};
use super::*;
use crate::reading::canonical_key;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use trueup_template::{MatchQuality, Presence, Schema, ValueSpec};

/// Pairs that fewer percent of the specs swap are not listed.
const SWAPPED: usize = 20;
/// Free values are listed where so few words make up so many percent of them.
const FEW_WORDS: usize = 12;
const MOST_VALUES: usize = 80;
/// Values outside a form that are shown.
const MISFITS: usize = 3;

/// Counts what specs do with their template. `observations` come by path; what fewer than `min_specs` of
/// them share is counted and not listed.
pub fn measure(schema: &Schema, observations: &[Observation], min_specs: usize) -> Practice {
    let (specs, unlike): (Vec<&Observation>, Vec<&Observation>) = observations.iter().partition(|o| o.shaped);
    let measure = Measure { schema, specs: &specs, min_specs: min_specs.max(1) };
    let sections = measure.sections();
    let there: FxHashMap<SpecIndex, usize> = sections.iter().map(|s| (s.spec, s.there.count)).collect();
    let mut practice = Practice {
        specs: specs.len(),
        unlike: unlike.into_iter().map(|o| o.name.clone()).collect(),
        min_specs: measure.min_specs,
        added_sections: measure.added_sections(&there),
        fields: measure.fields(),
        added_fields: measure.added_fields(),
        tables: measure.tables(),
        other_tables: measure.other_tables(),
        checklist: measure.checklist(),
        order: measure.order(),
        styles: measure.styles(),
        notations: measure.notations(),
        sections,
        proposals: Vec::new(),
    };
    practice.proposals = super::propose::proposals(schema, &practice);
    practice
}

/// A field in a spec: the spec's place among all, its name, and the field.
type Noted<'a> = (usize, &'a str, &'a SeenField);

struct Measure<'a> {
    schema: &'a Schema,
    specs: &'a [&'a Observation],
    min_specs: usize,
}

impl Measure<'_> {
    /// Specs with their place among all.
    fn each(&self) -> impl Iterator<Item = (usize, &Observation)> {
        self.specs.iter().copied().enumerate()
    }

    fn whole(&self, of: usize) -> Whole {
        Whole { of, min_specs: self.min_specs, times: false }
    }

    fn times(&self, of: usize) -> Whole {
        Whole { times: true, ..self.whole(of) }
    }

    fn sections(&self) -> Vec<SectionPractice> {
        let asked = (0..self.schema.sections.len())
            .filter(|index| self.schema.sections[*index].presence != Presence::Never);
        asked.map(|index| self.section(index)).collect()
    }

    /// The section that a spec must have to be asked for one. A repeated block that is told by its fields may
    /// stand anywhere below the highest one.
    fn above(&self, index: SpecIndex) -> Option<SpecIndex> {
        let wanted = &self.schema.sections[index];
        let free = wanted.repeats && wanted.fields.len() >= 2;
        let ancestors = std::iter::successors(wanted.parent, |p| self.schema.sections[*p].parent);
        if free { ancestors.last() } else { wanted.parent }
    }

    fn section(&self, index: SpecIndex) -> SectionPractice {
        let parent = self.above(index);
        let mut titles = Tally::default();
        let (mut of, mut count, mut sections) = (0, 0, 0);
        let (mut same_title, mut empty, mut not_applicable, mut untouched) = (0, 0, 0, 0);
        for (at, seen) in self.each() {
            let mut found = seen.sections.iter().filter(|s| s.spec == index);
            let first = found.next();
            let above = parent
                .is_none_or(|p| seen.sections.iter().any(|s| s.spec == p && s.answer == Answer::Filled));
            of += usize::from(above || first.is_some());
            let Some(first) = first else { continue };
            count += 1;
            sections += 1 + found.count();
            match first.answer {
                Answer::Empty => empty += 1,
                Answer::NotApplicable => not_applicable += 1,
                Answer::Untouched => untouched += 1,
                Answer::Filled => {}
            }
            match first.quality {
                MatchQuality::Exact => same_title += 1,
                MatchQuality::Qualified => {
                    let shown = format!("{} …", self.schema.sections[index].title);
                    titles.note(
                        at,
                        &seen.name,
                        &format!("{} …", self.schema.sections[index].normal.core),
                        &shown,
                    );
                }
                _ => titles.note(at, &seen.name, &first.core, &first.title),
            }
        }
        let (other_titles, rare_titles) = titles.listed(self.whole(count));
        SectionPractice {
            spec: index,
            there: Share::new(count, of),
            same_title,
            other_titles,
            rare_titles,
            empty,
            not_applicable,
            untouched,
            sections,
        }
    }

    fn added_sections(&self, there: &FxHashMap<SpecIndex, usize>) -> Vec<AddedSection> {
        type Group = (Tally, Tally, Option<&'static str>);
        let mut groups: BTreeMap<(Option<SpecIndex>, String), Group> = BTreeMap::new();
        for (at, seen) in self.each() {
            for added in &seen.added {
                let key = added_key(added);
                let stem =
                    key.strip_prefix("stem ").map(|stem| (stem.to_owned(), format!("{} N …", capital(stem))));
                let group = groups.entry((added.inside, key)).or_default();
                group.0.note(at, &seen.name, "", &added.title);
                match stem {
                    Some((stem, shown)) => group.1.note(at, &seen.name, &stem, &shown),
                    None => group.1.note(at, &seen.name, &added.core, &added.title),
                }
                group.2 = group.2.or(added.kind);
            }
        }
        let mut out: Vec<AddedSection> = Vec::new();
        for ((inside, _), (whole, titles, kind)) in groups {
            let Some(entry) = whole.only().filter(|e| e.specs >= self.min_specs) else { continue };
            let of = inside.map_or(self.specs.len(), |i| there.get(&i).copied().unwrap_or_default());
            let all = Whole { of, min_specs: 1, times: false };
            let (titles, _) = titles.listed(all);
            let title = titles.first().map_or_else(String::new, |t| t.name.clone());
            let share = Share::new(entry.specs, of);
            out.push(AddedSection { title, kind, inside, share, titles, examples: entry.examples() });
        }
        out.sort_by(|a, b| {
            b.share
                .count
                .cmp(&a.share.count)
                .then_with(|| a.inside.cmp(&b.inside))
                .then_with(|| a.title.cmp(&b.title))
        });
        out
    }

    fn places(&self) -> Vec<FieldPlace> {
        let mut out = vec![FieldPlace::Header, FieldPlace::FrontMatter, FieldPlace::Sidecar];
        out.extend((0..self.schema.sections.len()).map(FieldPlace::Section));
        out
    }

    fn unit(&self, place: FieldPlace) -> Unit {
        match place {
            FieldPlace::Section(index) if self.schema.sections[index].repeats => Unit::Blocks,
            _ => Unit::Specs,
        }
    }

    fn fields(&self) -> Vec<FieldPractice> {
        let mut by_field: FxHashMap<(FieldPlace, usize), Vec<Noted<'_>>> = FxHashMap::default();
        for (at, seen) in self.each() {
            for field in &seen.fields {
                by_field.entry((field.place, field.field)).or_default().push((at, &seen.name, field));
            }
        }
        let mut out = Vec::new();
        for place in self.places() {
            for (at, wanted) in fields_of(self.schema, place).iter().enumerate() {
                let seen = by_field.get(&(place, at)).map(Vec::as_slice).unwrap_or_default();
                let there = seen.iter().filter(|(_, _, f)| f.there).count();
                let filled = seen.iter().filter(|(_, _, f)| f.filled).count();
                let mut keys = Tally::default();
                for (spec, name, field) in seen {
                    if let Some(other) = &field.other_key {
                        keys.note(*spec, name, &other.to_lowercase(), other);
                    }
                }
                let values =
                    seen.iter().filter_map(|(spec, name, f)| Some((*spec, *name, f.value.as_ref()?)));
                out.push(FieldPractice {
                    place,
                    key: wanted.key.clone(),
                    unit: self.unit(place),
                    there: Share::new(there, seen.len()),
                    filled: Share::new(filled, seen.len()),
                    other_keys: keys.listed(self.whole(there)).0,
                    values: self.values(&wanted.value, values),
                });
            }
        }
        out
    }

    fn values<'v>(
        &self,
        wanted: &ValueSpec,
        values: impl Iterator<Item = (usize, &'v str, &'v SeenValue)>,
    ) -> Values {
        let mut out = Values { form: form_of(wanted), ..Values::default() };
        if let ValueSpec::Enum(choices) = wanted {
            out.choices = choices.clone();
        }
        let (mut used, mut outside) = (Tally::default(), Tally::default());
        let mut longer = 0;
        for (spec, name, value) in values {
            out.total += 1;
            match value {
                SeenValue::Choice(choice) => used.note(spec, name, choice, choice),
                SeenValue::Outside(lead) | SeenValue::Free(lead) if lead.is_empty() => longer += 1,
                SeenValue::Outside(lead) | SeenValue::Free(lead) => {
                    outside.note(spec, name, &lead.to_lowercase(), lead)
                }
                SeenValue::Fits => {}
                SeenValue::Misfit(value) => {
                    out.misfits += 1;
                    if out.misfit_examples.len() < MISFITS && !out.misfit_examples.contains(value) {
                        out.misfit_examples.push(value.clone());
                    }
                }
            }
        }
        out.used = used.listed(Whole { min_specs: 1, ..self.times(out.total) }).0;
        // Beside a choice every word counts; what may be anything is listed where few words make it up.
        let chosen = matches!(wanted, ValueSpec::Enum(_));
        let least = if chosen { 1 } else { self.min_specs };
        let (listed, rare) = outside.listed(Whole { min_specs: least, ..self.times(out.total) });
        (out.outside, out.rare) = (listed, rare + longer);
        if !chosen && !few_words(&out.outside, out.total) {
            out.outside = Vec::new();
        }
        out
    }

    fn added_fields(&self) -> Vec<AddedField> {
        type Group = (Tally, Tally, Tally, usize);
        let mut groups: BTreeMap<(FieldPlace, String), Group> = BTreeMap::new();
        for (at, seen) in self.each() {
            for added in &seen.added_fields {
                let key = canonical_key(&added.normal).to_owned();
                let group = groups.entry((added.place, key)).or_default();
                group.0.note(at, &seen.name, "", &added.key);
                group.1.note(at, &seen.name, &added.normal, &added.key);
                group.3 += 1;
                if !added.lead.is_empty() {
                    group.2.note(at, &seen.name, &added.lead.to_lowercase(), &added.lead);
                }
            }
        }
        let mut out = Vec::new();
        for ((place, _), (whole, keys, leads, total)) in groups {
            let Some(entry) = whole.only().filter(|e| e.specs >= self.min_specs) else { continue };
            let unit = self.unit(place);
            let (count, of) = match unit {
                Unit::Specs => (entry.specs, self.holders(place)),
                Unit::Blocks => (entry.times, self.holders(place)),
            };
            let (keys, _) = keys.listed(Whole { of, min_specs: 1, times: unit == Unit::Blocks });
            let (values, _) = leads.listed(self.times(total));
            let values = if few_words(&values, total) { values } else { Vec::new() };
            let key = keys.first().map_or_else(String::new, |k| k.name.clone());
            out.push(AddedField { place, key, unit, share: Share::new(count, of), keys, values });
        }
        out.sort_by(|a, b| {
            a.place.cmp(&b.place).then(b.share.count.cmp(&a.share.count)).then_with(|| a.key.cmp(&b.key))
        });
        out
    }

    /// Specs or blocks that could have a field in a place.
    fn holders(&self, place: FieldPlace) -> usize {
        match place {
            FieldPlace::Section(_) => {
                let seen = self.each().flat_map(|(_, s)| &s.fields);
                seen.filter(|f| f.place == place && f.field == 0).count()
            }
            _ => self.specs.len(),
        }
    }

    /// Sections that the template gives tables, with their specs.
    fn holding(&self, index: SpecIndex) -> Vec<(usize, &str, &SeenTable)> {
        let of = |(at, seen): (usize, &'_ Observation)| -> Vec<(usize, usize)> {
            (0..seen.tables.len()).filter(|t| seen.tables[*t].spec == index).map(|t| (at, t)).collect()
        };
        let places: Vec<(usize, usize)> = self.each().flat_map(of).collect();
        places
            .into_iter()
            .map(|(at, t)| (at, self.specs[at].name.as_str(), &self.specs[at].tables[t]))
            .collect()
    }

    fn tables(&self) -> Vec<TablePractice> {
        let mut out = Vec::new();
        for (index, section) in self.schema.sections.iter().enumerate() {
            for (table, wanted) in section.tables.iter().enumerate() {
                let holding = self.holding(index);
                let with =
                    holding.iter().filter(|(_, _, t)| t.laid.iter().any(|(at, _)| *at == table)).count();
                let mut laid = Vec::new();
                for (at, name, seen) in &holding {
                    laid.extend(seen.laid.iter().filter(|(t, _)| *t == table).map(|(_, c)| (*at, *name, c)));
                }
                let tables = laid.len();
                let mut added = Tally::default();
                for (at, name, seen) in &laid {
                    seen.added.iter().for_each(|c| added.note(*at, name, &c.to_lowercase(), c));
                }
                let columns = wanted.columns.iter().enumerate().map(|(at, column)| {
                    let mut names = Tally::default();
                    let mut there = 0;
                    for (spec, name, seen) in &laid {
                        let Some(found) = seen.found.get(at).and_then(Option::as_ref) else { continue };
                        there += 1;
                        if trueup_template::infer_words(found) != column.normal {
                            names.note(*spec, name, &found.to_lowercase(), found);
                        }
                    }
                    let values = laid.iter().flat_map(|(spec, name, seen)| {
                        seen.values.iter().filter(move |(c, _)| *c == at).map(move |(_, v)| (*spec, *name, v))
                    });
                    ColumnPractice {
                        name: column.name.clone(),
                        there: Share::new(there, tables),
                        other_names: names.listed(self.times(there)).0,
                        values: self.values(&column.value, values),
                    }
                });
                let rows = wanted.rows.iter().enumerate().map(|(at, row)| {
                    let kept =
                        laid.iter().filter(|(_, _, s)| s.rows.get(at).copied().unwrap_or(false)).count();
                    Usage { name: row.key.clone(), share: Share::new(kept, tables), examples: Vec::new() }
                });
                out.push(TablePractice {
                    spec: index,
                    table,
                    there: Share::new(with, holding.len()),
                    tables,
                    columns: columns.collect(),
                    added: added.listed(self.times(tables)).0,
                    rows: rows.collect(),
                });
            }
        }
        out
    }

    fn other_tables(&self) -> Vec<OtherTables> {
        let mut out = Vec::new();
        for (index, _) in self.schema.sections.iter().enumerate().filter(|(_, s)| !s.tables.is_empty()) {
            let holding = self.holding(index);
            let mut headers = Tally::default();
            for (at, name, seen) in &holding {
                for columns in &seen.others {
                    let shown = columns.join(" | ");
                    headers.note(*at, name, &shown.to_lowercase(), &shown);
                }
            }
            let (headers, _) = headers.listed(self.whole(holding.len()));
            if !headers.is_empty() {
                out.push(OtherTables { spec: index, headers });
            }
        }
        out
    }

    fn checklist(&self) -> Vec<ItemPractice> {
        let mut counts: FxHashMap<(SpecIndex, usize), Share> = FxHashMap::default();
        for item in self.each().flat_map(|(_, seen)| &seen.items) {
            let share = counts.entry((item.spec, item.item)).or_default();
            share.of += 1;
            share.count += usize::from(item.kept);
        }
        let mut out = Vec::new();
        for (spec, section) in self.schema.sections.iter().enumerate() {
            for (item, wanted) in section.checklist.iter().enumerate() {
                let kept = counts.get(&(spec, item)).copied().unwrap_or_default();
                out.push(ItemPractice { spec, text: wanted.text.clone(), kept });
            }
        }
        out
    }

    fn order(&self) -> OrderPractice {
        let mut followed = Share::default();
        let mut pairs: BTreeMap<(SpecIndex, SpecIndex), Share> = BTreeMap::new();
        for (_, seen) in self.each().filter(|(_, s)| s.order.len() > 1) {
            followed.of += 1;
            followed.count += usize::from(seen.order.is_sorted());
            for (at, one) in seen.order.iter().enumerate() {
                for other in &seen.order[at + 1..] {
                    let share = pairs.entry((*one.min(other), *one.max(other))).or_default();
                    share.of += 1;
                    share.count += usize::from(other < one);
                }
            }
        }
        let enough = |share: &Share| share.of >= self.min_specs && share.at_least(SWAPPED);
        let mut swaps: Vec<Swap> = pairs
            .into_iter()
            .filter(|(_, share)| enough(share))
            .map(|((first, second), swapped)| Swap { first, second, swapped })
            .collect();
        swaps.sort_by_key(|s| {
            (std::cmp::Reverse(s.swapped.count * 1000 / s.swapped.of.max(1)), s.first, s.second)
        });
        OrderPractice { followed, swaps }
    }

    fn styles(&self) -> Vec<StylePractice> {
        let (mut numbering, mut titles, mut files) = (Tally::default(), Tally::default(), Tally::default());
        let mut numbered = 0;
        for (at, seen) in self.each() {
            if let Some(form) = &seen.numbering {
                numbering.note(at, &seen.name, form, form);
                numbered += 1;
            }
            titles.note(at, &seen.name, &seen.title, &seen.title);
            files.note(at, &seen.name, &seen.file, &seen.file);
        }
        let style = |what, template, tally: &Tally, of| {
            let (used, rare) = tally.listed(self.whole(of));
            StylePractice { what, template, used, rare }
        };
        let all = self.specs.len();
        vec![
            style(Style::Numbering, super::style::template_numbering(self.schema), &numbering, numbered),
            style(Style::Title, super::style::template_title(self.schema), &titles, all),
            style(Style::FileName, None, &files, all),
        ]
    }

    fn notations(&self) -> Vec<NotationPractice> {
        let mut kinds: Vec<&'static str> = Vec::new();
        let mut known: FxHashSet<&'static str> = FxHashSet::default();
        for found in self.each().flat_map(|(_, seen)| &seen.notations) {
            if known.insert(found.kind) {
                kinds.push(found.kind);
            }
        }
        kinds.sort_unstable();
        kinds
            .into_iter()
            .map(|kind| self.notation(kind))
            .filter(|n| n.specs.count >= self.min_specs)
            .collect()
    }

    fn notation(&self, kind: &'static str) -> NotationPractice {
        let found: Vec<(usize, &str, &Notations)> = self
            .each()
            .flat_map(|(at, seen)| seen.notations.iter().map(move |n| (at, seen.name.as_str(), n)))
            .filter(|(_, _, n)| n.kind == kind)
            .collect();
        let facts: usize = found.iter().flat_map(|(_, _, n)| n.forms.values()).sum();
        let mut forms: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
        let mut keys: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (_, _, one) in &found {
            let most = one.forms.values().max();
            let main = one.forms.iter().find(|(_, count)| Some(*count) == most).map(|(form, _)| *form);
            for (form, count) in &one.forms {
                let entry = forms.entry(form).or_default();
                entry.0 += count;
                entry.1 += usize::from(Some(*form) == main);
            }
            for (key, count) in &one.keys {
                let entry = keys.entry(key).or_default();
                entry.0 += count;
                entry.1 += 1;
            }
        }
        let form = |(form, (count, specs)): (&'static str, (usize, usize))| FormPractice {
            form,
            facts: Share::new(count, facts),
            specs: Share::new(specs, found.len()),
        };
        let mut forms: Vec<FormPractice> = forms.into_iter().map(form).collect();
        forms.sort_by(|a, b| b.facts.count.cmp(&a.facts.count).then(a.form.cmp(b.form)));
        let enough = keys.into_iter().filter(|(_, (_, specs))| *specs >= self.min_specs);
        let usage = |(key, (count, _)): (&str, (usize, usize))| Usage {
            name: key.to_owned(),
            share: Share::new(count, facts),
            examples: Vec::new(),
        };
        let mut keys: Vec<Usage> = enough.map(usage).collect();
        sort(&mut keys);
        NotationPractice { kind, facts, specs: Share::new(found.len(), self.specs.len()), forms, keys }
    }
}

/// What belongs together: titles of a kind, titles that are counted through, and titles of the same words.
fn added_key(seen: &SeenTitle) -> String {
    match (seen.kind, numbered_stem(&seen.core)) {
        (Some(kind), _) => format!("kind {kind}"),
        (None, Some(stem)) => format!("stem {stem}"),
        (None, None) => {
            let telling = |word: &&str| !matches!(*word, "and" | "the" | "of" | "a" | "for" | "optional");
            let words: Vec<&str> =
                seen.core.split(' ').filter(telling).map(|word| word.trim_end_matches('s')).collect();
            format!("title {}", words.join(" "))
        }
    }
}

/// `phase` of "phase 2 import": titles that are counted through belong together.
fn numbered_stem(core: &str) -> Option<String> {
    let mut words = core.split(' ');
    let (first, second) = (words.next()?, words.next()?);
    let number = second.bytes().all(|b| b.is_ascii_digit())
        || second.len() == 1 && second.bytes().all(|b| b.is_ascii_lowercase());
    let word = first.len() > 2 && first.chars().all(char::is_alphabetic);
    (number && word).then(|| first.to_owned())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Whether few words make up most of the values.
fn few_words(listed: &[Usage], total: usize) -> bool {
    let count = listed.iter().map(|u| u.share.count).sum();
    (1..=FEW_WORDS).contains(&listed.len()) && Share::new(count, total).at_least(MOST_VALUES)
}

/// What the template says of a value, where it is a form.
fn form_of(wanted: &ValueSpec) -> Option<String> {
    match wanted {
        ValueSpec::Pattern(patterns) => {
            let texts: Vec<String> = patterns.iter().map(|p| format!("`{p}`")).collect();
            Some(texts.join(" or "))
        }
        ValueSpec::Date => Some("a date".to_owned()),
        ValueSpec::Constant(constant) => Some(format!("always `{constant}`")),
        ValueSpec::Free | ValueSpec::Enum(_) | ValueSpec::Example(_) => None,
    }
}
