//! The report as JSON, and the schema of that JSON. The comments here become its descriptions.

use super::PracticeReport;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use trueup_model::practice::{self, FieldPlace, ProposalKind, Style, Unit};
use trueup_template::Schema;

/// Version of the JSON format of `trueup template practice`.
pub const PRACTICE_SCHEMA_VERSION: &str = "1.0";

/// Reports as JSON, one for each template. [`practice_json_schema`] describes it.
pub fn practice_json(reports: &[PracticeReport<'_>]) -> String {
    let templates = reports.iter().map(template).collect();
    crate::json::to_text(&Output { schema_version: PRACTICE_SCHEMA_VERSION, templates })
}

/// The JSON Schema (draft 2020-12) of what [`practice_json`] gives.
pub fn practice_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<Output<'_>>())
}

/// What `trueup template practice --format json` counted.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Report of trueup template practice")]
struct Output<'a> {
    /// Version of this format. The first number changes when a reader could break.
    #[schemars(regex(pattern = r"^1\.[0-9]+$"))]
    schema_version: &'a str,
    /// The templates, each held against the specs written from it.
    templates: Vec<Template<'a>>,
}

/// A template held against the specs written from it.
#[derive(Serialize, JsonSchema)]
struct Template<'a> {
    /// The template's path from the root, or `builtin:NAME`.
    template: &'a str,
    /// Folders of its specs from the root.
    folders: &'a [String],
    /// Files of these folders that are specs.
    files: usize,
    /// Those of them that only say where a document went: not counted.
    tombstones: usize,
    /// Specs that were counted.
    specs: usize,
    /// Specs that carry none of the template's titles: not counted.
    unlike: &'a [String],
    /// The fewest specs that must share something for it to be listed.
    min_specs: usize,
    /// The template's sections in its order.
    sections: Vec<Section<'a>>,
    /// Sections that the template does not ask for, most frequent first.
    added_sections: Vec<AddedSection<'a>>,
    /// The template's fields in its order.
    fields: Vec<Field<'a>>,
    /// Fields that the template does not ask for.
    added_fields: Vec<AddedField<'a>>,
    /// The template's tables in its order.
    tables: Vec<Table<'a>>,
    /// Tables of other columns in their place.
    other_tables: Vec<OtherTable<'a>>,
    /// The template's check-list items in its order.
    checklist: Vec<Item<'a>>,
    /// The order of the sections.
    order: Order,
    /// Numbers, titles and file names.
    styles: Vec<StyleOf<'a>>,
    /// How facts are written.
    notations: Vec<Notation<'a>>,
    /// What could change in the template instead of the specs.
    proposals: Vec<Proposal<'a>>,
}

/// A number and what it is a part of.
#[derive(Clone, Copy, Serialize, JsonSchema)]
struct Share {
    /// How many.
    count: usize,
    /// Of how many.
    of: usize,
    /// The same in percent, rounded; 100 is all, 0 is none.
    percent: usize,
}

/// Something that specs write.
#[derive(Serialize, JsonSchema)]
struct Usage<'a> {
    /// As most write it.
    name: &'a str,
    /// How many do.
    share: Share,
    /// Specs that do, the first few by path.
    examples: &'a [String],
}

/// A section of the template.
#[derive(Serialize, JsonSchema)]
struct Section<'a> {
    /// Its title with those above it.
    section: String,
    /// Its line in the template.
    line: u32,
    /// What it holds.
    kind: Option<&'a str>,
    /// Whether the template requires it.
    required: bool,
    /// Whether it may come any number of times.
    repeats: bool,
    /// Specs that have it; below another section, of those that have that one and say something in it.
    there: Share,
    /// Specs that say something in it.
    filled: Share,
    /// Specs that use the template's title.
    same_title: usize,
    /// Other titles.
    other_titles: Vec<Usage<'a>>,
    /// Specs with nothing below the heading.
    empty: usize,
    /// Specs that say that it does not apply.
    not_applicable: usize,
    /// Specs with nothing but the template's placeholders below the heading.
    untouched: usize,
    /// Sections in all specs together.
    sections: usize,
}

/// A section that specs add.
#[derive(Serialize, JsonSchema)]
struct AddedSection<'a> {
    /// The title that most use.
    title: &'a str,
    /// What it usually holds.
    kind: Option<&'a str>,
    /// The template's section that it stands in; null beside the template's own.
    inside: Option<String>,
    /// Specs that have it.
    there: Share,
    /// All titles that were counted together.
    titles: Vec<Usage<'a>>,
    /// Specs that have it, the first few by path.
    examples: &'a [String],
}

/// What a number of a share counts.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum UnitName {
    Specs,
    Blocks,
}

/// A field of the template.
#[derive(Serialize, JsonSchema)]
struct Field<'a> {
    /// Its key.
    key: &'a str,
    /// `header`, `front matter`, `sidecar`, or the section with those above it.
    place: String,
    /// What is counted.
    unit: UnitName,
    /// How many have it.
    there: Share,
    /// How many say something in it.
    filled: Share,
    /// Other keys that mean the same.
    other_keys: Vec<Usage<'a>>,
    /// Its values.
    values: Values<'a>,
}

/// Values of a field or a column.
#[derive(Serialize, JsonSchema)]
struct Values<'a> {
    /// Values that say something.
    total: usize,
    /// The template's choices.
    choices: &'a [String],
    /// The choices that are used.
    used: Vec<Usage<'a>>,
    /// Values beside the choices; without choices the words that values begin with, where they are few.
    outside: Vec<Usage<'a>>,
    /// Values beside the choices that too few share to list them.
    rare: usize,
    /// The template's form.
    form: Option<&'a str>,
    /// Values that are not of it.
    misfits: usize,
}

/// A field that specs add.
#[derive(Serialize, JsonSchema)]
struct AddedField<'a> {
    /// The key that most use.
    key: &'a str,
    /// `header`, `front matter`, `sidecar`, or the section with those above it.
    place: String,
    /// What is counted.
    unit: UnitName,
    /// How many have it.
    there: Share,
    /// All keys that were counted together.
    keys: Vec<Usage<'a>>,
    /// The words that its values begin with, where they are few.
    values: Vec<Usage<'a>>,
}

/// A table of the template.
#[derive(Serialize, JsonSchema)]
struct Table<'a> {
    /// The section with those above it.
    section: String,
    /// Its place among the section's tables, from 1.
    table: usize,
    /// Sections with such a table, of those that say something.
    there: Share,
    /// Such tables.
    tables: usize,
    /// The template's columns.
    columns: Vec<Column<'a>>,
    /// Columns that the template does not have.
    added: Vec<Usage<'a>>,
    /// The template's rows.
    rows: Vec<Usage<'a>>,
}

/// A column of the template.
#[derive(Serialize, JsonSchema)]
struct Column<'a> {
    /// Its name.
    name: &'a str,
    /// Tables that have it.
    there: Share,
    /// Other names for it.
    other_names: Vec<Usage<'a>>,
    /// Its values.
    values: Values<'a>,
}

/// Tables of other columns.
#[derive(Serialize, JsonSchema)]
struct OtherTable<'a> {
    /// The section with those above it.
    section: String,
    /// The columns.
    headers: Vec<Usage<'a>>,
}

/// A check-list item of the template.
#[derive(Serialize, JsonSchema)]
struct Item<'a> {
    /// The section with those above it.
    section: String,
    /// The item.
    text: &'a str,
    /// Sections that keep it, of those that say something.
    kept: Share,
}

/// The order of the sections.
#[derive(Serialize, JsonSchema)]
struct Order {
    /// Specs whose sections all stand in the template's order, of those with two at least.
    followed: Share,
    /// Pairs that stand the other way round.
    swaps: Vec<Swap>,
}

/// Two sections that stand the other way round.
#[derive(Serialize, JsonSchema)]
struct Swap {
    /// The section that the template has first.
    first: String,
    /// The one that the template has later.
    second: String,
    /// Specs that have the second before the first, of those that have both.
    swapped: Share,
}

/// What a style is about.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum StyleName {
    Numbering,
    Title,
    FileName,
}

/// A matter of style.
#[derive(Serialize, JsonSchema)]
struct StyleOf<'a> {
    /// What it is about.
    what: StyleName,
    /// What the template has.
    template: Option<&'a str>,
    /// What specs do.
    used: Vec<Usage<'a>>,
    /// Specs whose way too few share to list it.
    rare: usize,
}

/// How a kind of fact is written.
#[derive(Serialize, JsonSchema)]
struct Notation<'a> {
    /// The kind.
    kind: &'a str,
    /// Facts in all specs together.
    facts: usize,
    /// Specs with such facts.
    specs: Share,
    /// The notations.
    forms: Vec<Form<'a>>,
    /// Keys that the facts have.
    keys: Vec<Usage<'a>>,
}

/// A notation.
#[derive(Serialize, JsonSchema)]
struct Form<'a> {
    /// What it looks like.
    form: &'a str,
    /// Facts written so.
    facts: Share,
    /// Specs that mostly write so.
    specs: Share,
}

/// What a proposal is about.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum ProposalName {
    MakeOptional,
    MakeRequired,
    DropSection,
    RenameSection,
    AddSection,
    AddField,
    DropField,
    AddValue,
    DropValue,
    Columns,
    Items,
    Reorder,
    Style,
}

/// A change of the template.
#[derive(Serialize, JsonSchema)]
struct Proposal<'a> {
    /// What it is about.
    kind: ProposalName,
    /// What to do.
    action: &'a str,
    /// Why, with the numbers.
    reason: &'a str,
    /// The number behind it.
    share: Share,
}

fn template<'a>(report: &PracticeReport<'a>) -> Template<'a> {
    let (schema, practice) = (report.schema, report.practice);
    Template {
        template: &schema.name,
        folders: report.folders,
        files: report.files,
        tombstones: report.tombstones,
        specs: practice.specs,
        unlike: &practice.unlike,
        min_specs: practice.min_specs,
        sections: practice.sections.iter().map(|s| section(schema, s)).collect(),
        added_sections: practice.added_sections.iter().map(|a| added_section(schema, a)).collect(),
        fields: practice.fields.iter().map(|f| field(schema, f)).collect(),
        added_fields: practice.added_fields.iter().map(|a| added_field(schema, a)).collect(),
        tables: practice.tables.iter().map(|t| table(schema, t)).collect(),
        other_tables: practice
            .other_tables
            .iter()
            .map(|t| OtherTable { section: schema.section_path(t.spec), headers: usages(&t.headers) })
            .collect(),
        checklist: practice
            .checklist
            .iter()
            .map(|i| Item { section: schema.section_path(i.spec), text: &i.text, kept: share(i.kept) })
            .collect(),
        order: order(schema, &practice.order),
        styles: practice.styles.iter().map(style).collect(),
        notations: practice.notations.iter().map(notation).collect(),
        proposals: practice.proposals.iter().map(proposal).collect(),
    }
}

fn share(share: practice::Share) -> Share {
    Share { count: share.count, of: share.of, percent: share.percent() }
}

fn usages(all: &[practice::Usage]) -> Vec<Usage<'_>> {
    all.iter().map(|u| Usage { name: &u.name, share: share(u.share), examples: &u.examples }).collect()
}

fn place(schema: &Schema, place: FieldPlace) -> String {
    match place {
        FieldPlace::Header => "header".to_owned(),
        FieldPlace::FrontMatter => "front matter".to_owned(),
        FieldPlace::Sidecar => "sidecar".to_owned(),
        FieldPlace::Section(index) => schema.section_path(index),
    }
}

fn unit(unit: Unit) -> UnitName {
    match unit {
        Unit::Specs => UnitName::Specs,
        Unit::Blocks => UnitName::Blocks,
    }
}

fn section<'a>(schema: &'a Schema, section: &'a practice::SectionPractice) -> Section<'a> {
    let wanted = &schema.sections[section.spec];
    Section {
        section: schema.section_path(section.spec),
        line: wanted.line,
        kind: wanted.kind.as_deref(),
        required: wanted.presence == trueup_template::Presence::Required,
        repeats: wanted.repeats,
        there: share(section.there),
        filled: share(section.filled()),
        same_title: section.same_title,
        other_titles: usages(&section.other_titles),
        empty: section.empty,
        not_applicable: section.not_applicable,
        untouched: section.untouched,
        sections: section.sections,
    }
}

fn added_section<'a>(schema: &Schema, added: &'a practice::AddedSection) -> AddedSection<'a> {
    AddedSection {
        title: &added.title,
        kind: added.kind,
        inside: added.inside.map(|i| schema.section_path(i)),
        there: share(added.share),
        titles: usages(&added.titles),
        examples: &added.examples,
    }
}

fn values(values: &practice::Values) -> Values<'_> {
    Values {
        total: values.total,
        choices: &values.choices,
        used: usages(&values.used),
        outside: usages(&values.outside),
        rare: values.rare,
        form: values.form.as_deref(),
        misfits: values.misfits,
    }
}

fn field<'a>(schema: &Schema, field: &'a practice::FieldPractice) -> Field<'a> {
    Field {
        key: &field.key,
        place: place(schema, field.place),
        unit: unit(field.unit),
        there: share(field.there),
        filled: share(field.filled),
        other_keys: usages(&field.other_keys),
        values: values(&field.values),
    }
}

fn added_field<'a>(schema: &Schema, added: &'a practice::AddedField) -> AddedField<'a> {
    AddedField {
        key: &added.key,
        place: place(schema, added.place),
        unit: unit(added.unit),
        there: share(added.share),
        keys: usages(&added.keys),
        values: usages(&added.values),
    }
}

fn table<'a>(schema: &Schema, table: &'a practice::TablePractice) -> Table<'a> {
    let column = |column: &'a practice::ColumnPractice| Column {
        name: &column.name,
        there: share(column.there),
        other_names: usages(&column.other_names),
        values: values(&column.values),
    };
    Table {
        section: schema.section_path(table.spec),
        table: table.table + 1,
        there: share(table.there),
        tables: table.tables,
        columns: table.columns.iter().map(column).collect(),
        added: usages(&table.added),
        rows: usages(&table.rows),
    }
}

fn order(schema: &Schema, order: &practice::OrderPractice) -> Order {
    let swap = |swap: &practice::Swap| Swap {
        first: schema.section_path(swap.first),
        second: schema.section_path(swap.second),
        swapped: share(swap.swapped),
    };
    Order { followed: share(order.followed), swaps: order.swaps.iter().map(swap).collect() }
}

fn style(style: &practice::StylePractice) -> StyleOf<'_> {
    let what = match style.what {
        Style::Numbering => StyleName::Numbering,
        Style::Title => StyleName::Title,
        Style::FileName => StyleName::FileName,
    };
    StyleOf { what, template: style.template.as_deref(), used: usages(&style.used), rare: style.rare }
}

fn notation(notation: &practice::NotationPractice) -> Notation<'_> {
    let form = |f: &practice::FormPractice| (f.form, share(f.facts), share(f.specs));
    let forms = notation.forms.iter().map(form);
    Notation {
        kind: notation.kind,
        facts: notation.facts,
        specs: share(notation.specs),
        forms: forms.map(|(form, facts, specs)| Form { form, facts, specs }).collect(),
        keys: usages(&notation.keys),
    }
}

fn proposal(proposal: &practice::Proposal) -> Proposal<'_> {
    let kind = match proposal.kind {
        ProposalKind::MakeOptional => ProposalName::MakeOptional,
        ProposalKind::MakeRequired => ProposalName::MakeRequired,
        ProposalKind::DropSection => ProposalName::DropSection,
        ProposalKind::RenameSection => ProposalName::RenameSection,
        ProposalKind::AddSection => ProposalName::AddSection,
        ProposalKind::AddField => ProposalName::AddField,
        ProposalKind::DropField => ProposalName::DropField,
        ProposalKind::AddValue => ProposalName::AddValue,
        ProposalKind::DropValue => ProposalName::DropValue,
        ProposalKind::Columns => ProposalName::Columns,
        ProposalKind::Items => ProposalName::Items,
        ProposalKind::Reorder => ProposalName::Reorder,
        ProposalKind::Style => ProposalName::Style,
    };
    Proposal { kind, action: &proposal.action, reason: &proposal.reason, share: share(proposal.share) }
}
