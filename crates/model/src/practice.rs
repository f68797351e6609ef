//! The template held against the specs written from it: what they fill in, rename, leave out and add.
//!
//! [`observe`] looks at one spec and gives plain data, so that files can be read in parallel; [`measure`]
//! counts over all of them. Every number is a [`Share`]: it says of how many. A team mends its template by
//! it; no rule and no check ever asks for it, so that a keystroke in one spec cannot change what is asked of
//! another.

mod measure;
mod notation;
mod observe;
mod propose;
mod style;
mod tally;

pub use measure::measure;
pub use observe::{Observation, observe};

use trueup_template::SpecIndex;

/// A number and what it is a part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Share {
    /// How many.
    pub count: usize,
    /// Of how many.
    pub of: usize,
}

impl Share {
    /// A part of a whole.
    pub fn new(count: usize, of: usize) -> Share {
        Share { count, of }
    }

    /// In percent, rounded; nothing of nothing is nothing. Only all is 100 and only none is 0.
    pub fn percent(self) -> usize {
        match (self.count, self.of) {
            (0, _) | (_, 0) => 0,
            (count, of) if count >= of => 100,
            (count, of) => ((count * 200 + of) / (of * 2)).clamp(1, 99),
        }
    }

    /// Whether it is at least so many percent of something.
    pub fn at_least(self, percent: usize) -> bool {
        self.of > 0 && self.count * 100 >= percent * self.of
    }

    /// Whether it is less than so many percent of something.
    pub fn below(self, percent: usize) -> bool {
        self.of > 0 && self.count * 100 < percent * self.of
    }
}

/// Something that specs write, and how many do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Usage {
    /// As most of them write it.
    pub name: String,
    /// How many of how many.
    pub share: Share,
    /// Specs that do, the first few by path.
    pub examples: Vec<String>,
}

/// What a number of [`Share`] counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Specs.
    Specs,
    /// Repeated blocks, of which a spec may have many.
    Blocks,
}

/// A section of the template in practice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SectionPractice {
    /// The template's section.
    pub spec: SpecIndex,
    /// Specs that have it, of all; for a section below another, of those that have that one and say something in it.
    pub there: Share,
    /// Those of [`SectionPractice::there`] that use the template's own title.
    pub same_title: usize,
    /// Other titles, of [`SectionPractice::there`].
    pub other_titles: Vec<Usage>,
    /// Specs under titles that are not listed, since too few share them.
    pub rare_titles: usize,
    /// Specs with nothing below the heading.
    pub empty: usize,
    /// Specs that say that it does not apply.
    pub not_applicable: usize,
    /// Specs with nothing but the template's placeholders below the heading.
    pub untouched: usize,
    /// Sections in all specs together: more than specs where it repeats.
    pub sections: usize,
}

impl SectionPractice {
    /// Specs that say something in it.
    pub fn filled(&self) -> Share {
        let silent = self.empty + self.not_applicable + self.untouched;
        Share::new(self.there.count.saturating_sub(silent), self.there.of)
    }
}

/// A section that specs add.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddedSection {
    /// The title that most use.
    pub title: String,
    /// What it usually holds.
    pub kind: Option<&'static str>,
    /// The template's section that it stands in; none for one beside the template's own.
    pub inside: Option<SpecIndex>,
    /// Specs that have it, of all; inside another section, of those that have that one.
    pub share: Share,
    /// The titles, where there are several.
    pub titles: Vec<Usage>,
    /// Specs that have it, the first few by path.
    pub examples: Vec<String>,
}

/// Where a field stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FieldPlace {
    /// Between the title and the first section.
    Header,
    /// In the YAML front matter.
    FrontMatter,
    /// In the YAML file beside the document.
    Sidecar,
    /// In a section of the template.
    Section(SpecIndex),
}

/// A field of the template in practice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldPractice {
    /// Where the template has it.
    pub place: FieldPlace,
    /// Its key in the template.
    pub key: String,
    /// What is counted.
    pub unit: Unit,
    /// Specs or blocks that have it.
    pub there: Share,
    /// Those that say something in it, of the same.
    pub filled: Share,
    /// Other keys that mean the same, of [`FieldPractice::there`].
    pub other_keys: Vec<Usage>,
    /// Its values.
    pub values: Values,
}

/// The values of a field or a column. Every [`Share`] is of `total`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Values {
    /// Values that say something.
    pub total: usize,
    /// The template's choices, where it gives some.
    pub choices: Vec<String>,
    /// The choices that are used, most used first.
    pub used: Vec<Usage>,
    /// Values beside the choices, most used first; without choices, the words that values begin with.
    pub outside: Vec<Usage>,
    /// Values beside the choices that too few share to list them.
    pub rare: usize,
    /// What the template's form or constant is, where it gives one.
    pub form: Option<String>,
    /// Values that are not of the form, of `total`.
    pub misfits: usize,
    /// A few of them.
    pub misfit_examples: Vec<String>,
}

impl Values {
    /// Values beside the choices.
    pub fn outgrown(&self) -> Share {
        let outside: usize = self.outside.iter().map(|u| u.share.count).sum();
        Share::new(if self.choices.is_empty() { 0 } else { outside + self.rare }, self.total)
    }
}

/// A field that specs add.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddedField {
    /// Where.
    pub place: FieldPlace,
    /// The key that most use.
    pub key: String,
    /// What is counted.
    pub unit: Unit,
    /// How many have it.
    pub share: Share,
    /// The keys, where there are several.
    pub keys: Vec<Usage>,
    /// The words that its values begin with, where few words make up most of them.
    pub values: Vec<Usage>,
}

/// A table of the template in practice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TablePractice {
    /// The template's section.
    pub spec: SpecIndex,
    /// Its place among the section's tables.
    pub table: usize,
    /// Sections with such a table, of those that are there and say something.
    pub there: Share,
    /// Such tables.
    pub tables: usize,
    /// The template's columns, each of `tables`.
    pub columns: Vec<ColumnPractice>,
    /// Columns that the template does not have, of `tables`.
    pub added: Vec<Usage>,
    /// The template's rows, of `tables`.
    pub rows: Vec<Usage>,
}

/// A column of the template in practice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnPractice {
    /// Its name in the template.
    pub name: String,
    /// Tables that have it.
    pub there: Share,
    /// Other names for it, of the tables that have it.
    pub other_names: Vec<Usage>,
    /// Its values.
    pub values: Values,
}

/// Tables of other columns that stand where the template has one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OtherTables {
    /// The template's section.
    pub spec: SpecIndex,
    /// Columns, of the sections that are there and say something.
    pub headers: Vec<Usage>,
}

/// A check-list item of the template in practice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemPractice {
    /// The template's section.
    pub spec: SpecIndex,
    /// The item.
    pub text: String,
    /// Sections that keep it, of those that are there and say something.
    pub kept: Share,
}

/// Two sections that stand the other way round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Swap {
    /// The section that the template has first.
    pub first: SpecIndex,
    /// The one that the template has later.
    pub second: SpecIndex,
    /// Specs that have the second before the first, of those that have both.
    pub swapped: Share,
}

/// The order of the sections.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OrderPractice {
    /// Specs whose sections all stand in the template's order, of those with two at least.
    pub followed: Share,
    /// Pairs that a fifth of the specs swap at least, most swapped first.
    pub swaps: Vec<Swap>,
}

/// A matter of style: what the template has and what specs do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StylePractice {
    /// What it is about.
    pub what: Style,
    /// What the template has.
    pub template: Option<String>,
    /// What specs do, most frequent first.
    pub used: Vec<Usage>,
    /// Specs whose way too few share to list it.
    pub rare: usize,
}

/// A matter of style.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Numbers before the titles of the sections.
    Numbering,
    /// The document's own title and the ID in it.
    Title,
    /// The file's name.
    FileName,
}

/// How a kind of fact is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotationPractice {
    /// The kind of fact.
    pub kind: &'static str,
    /// Facts in all specs together.
    pub facts: usize,
    /// Specs with such facts, of all.
    pub specs: Share,
    /// The notations: facts, and the specs in which it is the one mostly used.
    pub forms: Vec<FormPractice>,
    /// Keys that the facts have, of all facts; for risks.
    pub keys: Vec<Usage>,
}

/// A notation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormPractice {
    /// What it looks like.
    pub form: &'static str,
    /// Facts written so.
    pub facts: Share,
    /// Specs that mostly write so, of those with such facts.
    pub specs: Share,
}

/// What a change of the template is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ProposalKind {
    /// Make a required section optional.
    MakeOptional,
    /// Make an optional section required.
    MakeRequired,
    /// Take a section out.
    DropSection,
    /// Give a section the title that specs use.
    RenameSection,
    /// Bring a section in.
    AddSection,
    /// Bring a field in.
    AddField,
    /// Take a field out or make it optional.
    DropField,
    /// Bring a value into a field's choices.
    AddValue,
    /// Take a value out of a field's choices.
    DropValue,
    /// Change, bring in or take out a column.
    Columns,
    /// Take out or reword a check-list item or a row.
    Items,
    /// Put a section in another place.
    Reorder,
    /// Change numbering or notation.
    Style,
}

/// A change of the template, with the numbers behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// What it is about.
    pub kind: ProposalKind,
    /// What to do.
    pub action: String,
    /// Why, with the numbers.
    pub reason: String,
    /// The number behind it.
    pub share: Share,
}

/// A template held against the specs written from it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Practice {
    /// Specs that were measured.
    pub specs: usize,
    /// Specs that carry none of the template's titles: left out of all counts.
    pub unlike: Vec<String>,
    /// The fewest specs that must share something for it to be listed.
    pub min_specs: usize,
    /// The template's sections in its order.
    pub sections: Vec<SectionPractice>,
    /// Sections that the template does not ask for, most frequent first.
    pub added_sections: Vec<AddedSection>,
    /// The template's fields in its order.
    pub fields: Vec<FieldPractice>,
    /// Fields that the template does not ask for, most frequent first.
    pub added_fields: Vec<AddedField>,
    /// The template's tables in its order.
    pub tables: Vec<TablePractice>,
    /// Other tables in the same places.
    pub other_tables: Vec<OtherTables>,
    /// The template's check-list items in its order.
    pub checklist: Vec<ItemPractice>,
    /// The order of the sections.
    pub order: OrderPractice,
    /// Numbering, titles and file names.
    pub styles: Vec<StylePractice>,
    /// How facts are written.
    pub notations: Vec<NotationPractice>,
    /// What to change.
    pub proposals: Vec<Proposal>,
}

#[cfg(test)]
mod tests;
