//! What the report says, as tables that the forms for people share.

use super::PracticeReport;
use crate::words::count;
use trueup_model::practice::{
    AddedSection, FieldPlace, FieldPractice, NotationPractice, ProposalKind, SectionPractice, Share, Style,
    Unit, Usage, Values,
};
use trueup_template::{Presence, Schema, SpecIndex};

/// Usages that are named in a line before the rest is counted.
const NAMED: usize = 8;
/// Rows of a list that is sorted by frequency.
const LISTED: usize = 30;

/// The whole report.
pub(super) struct Page {
    pub(super) title: String,
    /// What was looked at, a sentence each.
    pub(super) lead: Vec<String>,
    pub(super) groups: Vec<Group>,
    /// Proposals: what to do, and why.
    pub(super) proposals: Vec<(ProposalKind, String, String)>,
}

/// A table.
pub(super) struct Group {
    pub(super) title: &'static str,
    /// A sentence above the table.
    pub(super) note: String,
    /// Names of the columns; the first holds words, the others are aligned to the right where they hold numbers.
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Row>,
    /// Rows that are not shown.
    pub(super) more: usize,
}

/// A row of a table.
#[derive(Default)]
pub(super) struct Row {
    pub(super) depth: usize,
    pub(super) cells: Vec<String>,
    /// What else is to be said of it.
    pub(super) details: Vec<String>,
}

impl Page {
    pub(super) fn new(report: &PracticeReport<'_>) -> Page {
        let practice = report.practice;
        let mut lead = vec![looked_at(report)];
        if !practice.unlike.is_empty() {
            let (shown, more) = named(&practice.unlike);
            lead.push(format!(
                "Left out, since they carry none of the template's titles: {}{more}",
                shown.join(", ")
            ));
        }
        if practice.min_specs > 1 {
            lead.push(format!(
                "Listed is what at least {} share (`--min-specs`)",
                count(practice.min_specs, "spec", "specs")
            ));
        }
        let all = [
            sections(report),
            added_sections(report),
            fields(report),
            added_fields(report),
            tables(report),
            other_tables(report),
            checklist(report),
            order(report),
            styles(report),
            notations(report),
        ];
        let proposals =
            practice.proposals.iter().map(|p| (p.kind, p.action.clone(), p.reason.clone())).collect();
        Page {
            title: report.schema.name.clone(),
            lead,
            groups: all.into_iter().filter(|g| !g.rows.is_empty()).collect(),
            proposals,
        }
    }
}

fn looked_at(report: &PracticeReport<'_>) -> String {
    let practice = report.practice;
    let folders: Vec<String> = report.folders.iter().map(|f| trueup_engine::shown_folder(f)).collect();
    let mut out = format!(
        "{} held against it, of {} in {}",
        count(practice.specs, "spec", "specs"),
        count(report.files, "file", "files"),
        crate::words::list(&folders, 4, "folder", "folders")
    );
    if report.tombstones > 0 {
        out.push_str(&format!(
            "; {} where a document went",
            count(report.tombstones, "stub that only says", "stubs that only say")
        ));
    }
    out
}

fn percent(share: Share) -> String {
    if share.of == 0 { String::new() } else { format!("{} %", share.percent()) }
}

/// The first few names, and how many more there are.
fn named(names: &[String]) -> (Vec<String>, String) {
    let more = names.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (names.iter().take(NAMED).cloned().collect(), more)
}

/// `Summary` 10 (12 %), …
fn usages(usages: &[Usage], rare: usize, rest: &str) -> String {
    let names: Vec<String> = usages
        .iter()
        .map(|u| format!("{} {} ({})", quoted(&u.name), u.share.count, percent(u.share)))
        .collect();
    let (mut shown, more) = named(&names);
    if rare > 0 {
        shown.push(format!("{rare} {rest}"));
    }
    format!("{}{more}", shown.join(", "))
}

fn quoted(text: &str) -> String {
    format!("`{}`", text.replace('`', "").trim())
}

fn examples(names: &[String]) -> String {
    format!("for example {}", names.join(", "))
}

fn depth_of(schema: &Schema, index: SpecIndex) -> usize {
    std::iter::successors(schema.sections[index].parent, |p| schema.sections[*p].parent).count()
}

fn sections(report: &PracticeReport<'_>) -> Group {
    let rows = report.practice.sections.iter().map(|s| section_row(report.schema, s)).collect();
    Group {
        title: "Sections of the template",
        note:
            "\"of\" counts specs; below another section, those that fill that one or have this one elsewhere; \
               \"as is\": nothing but the template's placeholders; \"renamed\": under another title"
                .to_owned(),
        columns: vec![
            "section", "asked", "of", "there", "%", "filled", "%", "empty", "N/A", "as is", "renamed",
        ],
        rows,
        more: 0,
    }
}

fn section_row(schema: &Schema, section: &SectionPractice) -> Row {
    let wanted = &schema.sections[section.spec];
    let filled = section.filled();
    let mut details = Vec::new();
    let others = section.there.count - section.same_title;
    if others > 0 && !wanted.repeats {
        let list = usages(&section.other_titles, section.rare_titles, "under rarer ones");
        details.push(format!("other titles: {list}"));
    }
    if wanted.repeats && section.there.count > 0 {
        details
            .push(format!("repeated: {} in all", count(section.sections, "such section", "such sections")));
    }
    let asked = match wanted.presence {
        Presence::Required if wanted.repeats => "repeated",
        Presence::Optional if wanted.repeats => "repeated",
        presence => presence.name(),
    };
    Row {
        depth: depth_of(schema, section.spec),
        cells: vec![
            wanted.title.clone(),
            asked.to_owned(),
            section.there.of.to_string(),
            section.there.count.to_string(),
            percent(section.there),
            filled.count.to_string(),
            percent(filled),
            number(section.empty),
            number(section.not_applicable),
            number(section.untouched),
            if wanted.repeats { String::new() } else { number(others) },
        ],
        details,
    }
}

/// A number; nothing where it is none.
fn number(number: usize) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

fn added_sections(report: &PracticeReport<'_>) -> Group {
    let all = &report.practice.added_sections;
    let rows = all.iter().take(LISTED).map(|added| added_section_row(report.schema, added)).collect();
    Group {
        title: "Sections that specs add",
        note: "\"of\" counts specs; inside another section, those that have that one".to_owned(),
        columns: vec!["section", "inside", "holds", "of", "there", "%"],
        rows,
        more: all.len().saturating_sub(LISTED),
    }
}

fn added_section_row(schema: &Schema, added: &AddedSection) -> Row {
    let inside = added.inside.map_or_else(String::new, |i| schema.sections[i].title.clone());
    let mut details = Vec::new();
    if added.titles.len() > 1 {
        details.push(format!("as {}", usages(&added.titles, 0, "")));
    }
    details.push(examples(&added.examples));
    let mut cells = vec![added.title.clone(), inside, added.kind.unwrap_or_default().to_owned()];
    cells.extend(share_cells(added.share));
    Row { depth: 0, cells, details }
}

/// Of how many, how many, percent.
fn share_cells(share: Share) -> [String; 3] {
    [share.of.to_string(), share.count.to_string(), percent(share)]
}

fn place(schema: &Schema, place: FieldPlace) -> String {
    match place {
        FieldPlace::Header => "header".to_owned(),
        FieldPlace::FrontMatter => "front matter".to_owned(),
        FieldPlace::Sidecar => {
            schema.sidecar.as_ref().map_or("sidecar", |(name, _)| name.as_str()).to_owned()
        }
        FieldPlace::Section(index) => schema.sections[index].title.clone(),
    }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Specs => "specs",
        Unit::Blocks => "blocks",
    }
}

fn fields(report: &PracticeReport<'_>) -> Group {
    let rows = report.practice.fields.iter().map(|field| field_row(report.schema, field)).collect();
    Group {
        title: "Fields of the template",
        note: "in a section: of the specs, or repeated blocks, that have it and say something in it"
            .to_owned(),
        columns: vec!["field", "where", "unit", "of", "there", "%", "filled", "%"],
        rows,
        more: 0,
    }
}

fn field_row(schema: &Schema, field: &FieldPractice) -> Row {
    let mut details = Vec::new();
    if !field.other_keys.is_empty() {
        details.push(format!("under other keys: {}", usages(&field.other_keys, 0, "")));
    }
    details.extend(value_details(&field.values));
    Row {
        depth: 0,
        cells: vec![
            field.key.clone(),
            place(schema, field.place),
            unit(field.unit).to_owned(),
            field.there.of.to_string(),
            field.there.count.to_string(),
            percent(field.there),
            field.filled.count.to_string(),
            percent(field.filled),
        ],
        details,
    }
}

fn value_details(values: &Values) -> Vec<String> {
    let mut out = Vec::new();
    let total = || count(values.total, "value", "values");
    if values.total == 0 {
        return out;
    }
    if !values.choices.is_empty() {
        let unused: Vec<String> =
            values.choices.iter().filter(|c| !values.used.iter().any(|u| &u.name == *c)).cloned().collect();
        if !values.used.is_empty() {
            out.push(format!("choices, of {}: {}", total(), usages(&values.used, 0, "")));
        }
        if !unused.is_empty() {
            out.push(format!("never chosen: {}", unused.join(", ")));
        }
        let outgrown = values.outgrown();
        if outgrown.count > 0 {
            let list = usages(&values.outside, values.rare, "rarer or longer ones");
            out.push(format!("outside the choices {} ({}): {list}", outgrown.count, percent(outgrown)));
        }
    } else if let Some(form) = &values.form {
        let misfits = Share::new(values.misfits, values.total);
        if misfits.count > 0 {
            let some: Vec<String> = values.misfit_examples.iter().map(|v| quoted(v)).collect();
            out.push(format!(
                "not {form}: {} of {} ({}), for example {}",
                misfits.count,
                total(),
                percent(misfits),
                some.join(", ")
            ));
        }
    } else if !values.outside.is_empty() {
        out.push(format!("values: {}", usages(&values.outside, values.rare, "rarer or longer ones")));
    }
    out
}

fn added_fields(report: &PracticeReport<'_>) -> Group {
    let all = &report.practice.added_fields;
    let rows = all.iter().take(LISTED * 2).map(|added| {
        let mut details = Vec::new();
        if added.keys.len() > 1 {
            details.push(format!("as {}", usages(&added.keys, 0, "")));
        }
        if !added.values.is_empty() {
            details.push(format!("values: {}", usages(&added.values, 0, "")));
        }
        let mut cells =
            vec![added.key.clone(), place(report.schema, added.place), unit(added.unit).to_owned()];
        cells.extend(share_cells(added.share));
        Row { depth: 0, cells, details }
    });
    Group {
        title: "Fields that specs add",
        note: String::new(),
        columns: vec!["field", "where", "unit", "of", "there", "%"],
        rows: rows.collect(),
        more: all.len().saturating_sub(LISTED * 2),
    }
}

fn tables(report: &PracticeReport<'_>) -> Group {
    let mut rows = Vec::new();
    for table in &report.practice.tables {
        let title = report.schema.section_path(table.spec);
        let mut cells = vec![title, "sections".to_owned()];
        cells.extend(share_cells(table.there));
        rows.push(Row { depth: 0, cells, details: Vec::new() });
        if table.tables == 0 {
            continue;
        }
        for column in &table.columns {
            let mut details = Vec::new();
            if !column.other_names.is_empty() {
                details.push(format!("also called {}", usages(&column.other_names, 0, "")));
            }
            details.extend(value_details(&column.values));
            rows.push(part_row("column", &column.name, column.there, details));
        }
        let added = table.added.iter().map(|a| part_row("added column", &a.name, a.share, Vec::new()));
        rows.extend(added);
        rows.extend(table.rows.iter().map(|r| part_row("row", &r.name, r.share, Vec::new())));
    }
    Group {
        title: "Tables of the template",
        note: "sections with such a table, of those that say something; columns and rows, of such tables"
            .to_owned(),
        columns: vec!["table", "unit", "of", "there", "%"],
        rows,
        more: 0,
    }
}

fn part_row(what: &str, name: &str, share: Share, details: Vec<String>) -> Row {
    let mut cells = vec![format!("{what} {}", quoted(name)), "tables".to_owned()];
    cells.extend(share_cells(share));
    Row { depth: 1, cells, details }
}

fn other_tables(report: &PracticeReport<'_>) -> Group {
    let mut rows = Vec::new();
    for other in &report.practice.other_tables {
        for header in other.headers.iter().take(NAMED) {
            let mut cells = vec![header.name.clone(), report.schema.sections[other.spec].title.clone()];
            cells.extend(share_cells(header.share));
            rows.push(Row { depth: 0, cells, details: vec![examples(&header.examples)] });
        }
    }
    Group {
        title: "Other tables in their place",
        note: String::new(),
        columns: vec!["columns", "in", "of", "there", "%"],
        rows,
        more: 0,
    }
}

fn checklist(report: &PracticeReport<'_>) -> Group {
    let rows = report.practice.checklist.iter().map(|item| {
        let mut cells = vec![item.text.clone(), report.schema.sections[item.spec].title.clone()];
        cells.extend(share_cells(item.kept));
        Row { depth: 0, cells, details: Vec::new() }
    });
    Group {
        title: "Check-list items of the template",
        note: "\"of\" counts the sections that say something".to_owned(),
        columns: vec!["item", "in", "of", "kept", "%"],
        rows: rows.collect(),
        more: 0,
    }
}

fn order(report: &PracticeReport<'_>) -> Group {
    let order = &report.practice.order;
    let title = |index: SpecIndex| quoted(&report.schema.sections[index].title);
    let mut rows = Vec::new();
    if order.followed.of > 0 {
        let mut cells = vec!["all sections in the template's order".to_owned()];
        cells.extend(share_cells(order.followed));
        rows.push(Row { depth: 0, cells, details: Vec::new() });
    }
    rows.extend(order.swaps.iter().take(LISTED / 2).map(|swap| {
        let mut cells = vec![format!("{} before {}", title(swap.second), title(swap.first))];
        cells.extend(share_cells(swap.swapped));
        Row { depth: 1, cells, details: Vec::new() }
    }));
    Group {
        title: "Order",
        note: "pairs the other way round: \"of\" counts specs that have both".to_owned(),
        columns: vec!["order", "of", "so", "%"],
        rows,
        more: order.swaps.len().saturating_sub(LISTED / 2),
    }
}

fn styles(report: &PracticeReport<'_>) -> Group {
    let mut rows = Vec::new();
    for style in &report.practice.styles {
        let name = match style.what {
            Style::Numbering => "numbers of the sections",
            Style::Title => "title and ID",
            Style::FileName => "file name",
        };
        for used in &style.used {
            let own =
                if style.template.as_deref() == Some(used.name.as_str()) { "as the template" } else { "" };
            let mut cells = vec![name.to_owned(), used.name.clone(), own.to_owned()];
            cells.extend(share_cells(used.share));
            rows.push(Row { depth: 0, cells, details: Vec::new() });
        }
        if let Some(template) = style.template.as_ref().filter(|t| !style.used.iter().any(|u| u.name == **t))
        {
            let cells = vec![
                name.to_owned(),
                template.clone(),
                "as the template".to_owned(),
                String::new(),
                "few".to_owned(),
            ];
            rows.push(Row { depth: 0, cells, details: Vec::new() });
        }
    }
    Group {
        title: "Numbers, titles and file names",
        note: String::new(),
        columns: vec!["what", "form", "", "of", "so", "%"],
        rows,
        more: 0,
    }
}

fn notations(report: &PracticeReport<'_>) -> Group {
    let rows = report.practice.notations.iter().flat_map(notation_rows).collect();
    Group {
        title: "How facts are written",
        note: "facts of the kind, and specs that mostly write them so".to_owned(),
        columns: vec!["fact", "facts", "%", "specs", "of", "%"],
        rows,
        more: 0,
    }
}

fn notation_rows(notation: &NotationPractice) -> Vec<Row> {
    let mut details = Vec::new();
    if !notation.keys.is_empty() {
        details.push(format!("keys: {}", usages(&notation.keys, 0, "")));
    }
    let specs = notation.specs;
    let cells = vec![
        notation.kind.to_owned(),
        notation.facts.to_string(),
        String::new(),
        specs.count.to_string(),
        specs.of.to_string(),
        percent(specs),
    ];
    let mut rows = vec![Row { depth: 0, cells, details }];
    rows.extend(notation.forms.iter().map(|form| Row {
        depth: 1,
        cells: vec![
            form.form.to_owned(),
            form.facts.count.to_string(),
            percent(form.facts),
            form.specs.count.to_string(),
            form.specs.of.to_string(),
            percent(form.specs),
        ],
        details: Vec::new(),
    }));
    rows
}
