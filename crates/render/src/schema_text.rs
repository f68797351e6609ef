//! What is inferred from a template, as text for people: each thing with its line and the reason.

use crate::palette::Palette;
use crate::plain;
use std::fmt::Write;
use trueup_template::{
    FieldSpec, LeafClass, LeafSpec, Presence, Schema, SectionSpec, SpecIndex, TableSpec, ValueSpec, fold,
};

/// Width where none is known, and the smallest and largest that are made use of.
const DEFAULT_WIDTH: usize = 150;
const SMALLEST_WIDTH: usize = 72;
const LARGEST_WIDTH: usize = 180;
/// Lines below the start of a comment or a quote in which its parts are looked for.
const PARTS_WITHIN: u32 = 40;
/// Columns between two cells.
const GAP: usize = 2;

/// How a schema is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SchemaTextOptions {
    /// Whether to write escape sequences for colours.
    pub color: bool,
    /// Columns of the terminal; none where the output goes to a file.
    pub width: Option<usize>,
}

/// A schema for people. `template` is the text that it was inferred from.
pub fn schema_text(schema: &Schema, template: &str, options: &SchemaTextOptions) -> String {
    let width = options.width.unwrap_or(DEFAULT_WIDTH).clamp(SMALLEST_WIDTH, LARGEST_WIDTH);
    let mut page = Page { out: String::new(), palette: Palette::new(options.color), width };
    page.heading(&schema.name);
    page.table("The template says", said(schema));
    page.table("Header", schema.fields.iter().map(|field| field_row(field, 0)).collect());
    page.table("Front matter", schema.front_matter.iter().map(|field| field_row(field, 0)).collect());
    if let Some((name, fields)) = &schema.sidecar {
        page.table(
            &format!("Beside every spec: {name}"),
            fields.iter().map(|field| field_row(field, 0)).collect(),
        );
    }
    let mut rows = Vec::new();
    section_rows(schema, None, 0, &mut rows);
    page.table("Sections", rows);
    page.table(
        "Placeholders, which may not stay in a spec",
        leaf_rows(schema.leaves.values(), LeafClass::Placeholder),
    );
    if let Some((name, _)) = &schema.sidecar {
        let title = format!("Sample values of {name}, which may not stay");
        page.table(&title, leaf_rows(schema.sidecar_leaves.values(), LeafClass::Placeholder));
    }
    page.table(
        "Guidance, which may not stay word for word",
        leaf_rows(schema.leaves.values(), LeafClass::Guidance),
    );
    page.table("Kept on purpose, as the existing specs show", kept_rows(schema));
    page.table("Directives in the template", directives(template));
    page.out
}

/// One line of a table: where, what, and why. Cells that are empty in every row take no room.
#[derive(Clone, Debug, Default)]
struct Row {
    line: Option<u32>,
    depth: usize,
    what: String,
    strong: bool,
    presence: &'static str,
    holds: String,
    why: String,
}

fn said(schema: &Schema) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(title) = &schema.title {
        let what = format!("its title is `{title}`");
        rows.push(Row {
            line: Some(schema.title_line),
            what,
            why: "the only first-level heading".into(),
            ..Row::default()
        });
    }
    // Check-list items stand in their sections.
    for inference in
        schema.inferences.iter().filter(|inference| !inference.what.starts_with("check-list item"))
    {
        let (what, why) = (inference.what.clone(), inference.reason.clone());
        rows.push(Row { line: Some(inference.line), what, why, ..Row::default() });
    }
    if schema.explicit_required {
        let what = "a list says which sections are required".to_owned();
        rows.push(Row { what, why: "the other sections are optional".into(), ..Row::default() });
    }
    rows
}

fn section_rows(schema: &Schema, parent: Option<SpecIndex>, depth: usize, rows: &mut Vec<Row>) {
    for index in schema.children(parent) {
        let section = &schema.sections[index];
        rows.push(section_row(section, depth));
        rows.extend(section.fields.iter().map(|field| field_row(field, depth + 1)));
        section.tables.iter().for_each(|table| table_rows(table, depth + 1, rows));
        rows.extend(section.checklist.iter().map(|item| Row {
            line: Some(item.line),
            depth: depth + 1,
            what: format!("- [ ] {}", item.text),
            presence: Presence::Required.name(),
            why: "a task with literal text".into(),
            ..Row::default()
        }));
        section_rows(schema, Some(index), depth + 1, rows);
    }
}

fn section_row(section: &SectionSpec, depth: usize) -> Row {
    let marks = "#".repeat(usize::from(section.level));
    let numbering =
        if section.numbering.is_empty() { String::new() } else { format!("{} ", section.numbering) };
    let mut holds: Vec<String> = section.kind.iter().map(|kind| format!("kind {kind}")).collect();
    if section.repeats {
        holds.push("any number of times".to_owned());
    }
    if section.title_value != ValueSpec::Free {
        holds.push(format!("its title: {}", value(&section.title_value)));
    }
    let nested = if section.nested { ", in a nested template" } else { "" };
    Row {
        line: Some(section.line),
        depth,
        what: format!("{marks} {numbering}{}", section.title),
        strong: true,
        presence: section.presence.name(),
        holds: holds.join("; "),
        why: format!("{}{nested}", section.reason),
    }
}

fn field_row(field: &FieldSpec, depth: usize) -> Row {
    Row {
        line: Some(field.line),
        depth,
        what: format!("{}:", field.key),
        presence: field.presence.name(),
        holds: if field.label { "a list below it".to_owned() } else { value(&field.value) },
        why: field.reason.clone(),
        ..Row::default()
    }
}

fn table_rows(table: &TableSpec, depth: usize, rows: &mut Vec<Row>) {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    rows.push(Row {
        line: Some(table.line),
        depth,
        what: format!("| {} |", names.join(" | ")),
        why: table.reason.clone(),
        ..Row::default()
    });
    for column in table.columns.iter().filter(|column| column.value != ValueSpec::Free) {
        let (what, holds) = (format!("{}:", column.name), value(&column.value));
        rows.push(Row {
            depth: depth + 1,
            what,
            holds,
            why: "the cells of its rows".into(),
            ..Row::default()
        });
    }
    rows.extend(table.rows.iter().map(|row| Row {
        line: Some(row.line),
        depth: depth + 1,
        what: format!("| {} |", row.key),
        presence: Presence::Required.name(),
        ..Row::default()
    }));
}

/// What may stand in a place.
fn value(value: &ValueSpec) -> String {
    match value {
        ValueSpec::Free => "text".to_owned(),
        ValueSpec::Enum(options) => format!("one of {}", options.join(", ")),
        ValueSpec::Pattern(patterns) => {
            let shown: Vec<String> = patterns.iter().map(|pattern| format!("`{pattern}`")).collect();
            format!("of the form {}", shown.join(" or "))
        }
        ValueSpec::Date => "a date".to_owned(),
        ValueSpec::Constant(constant) => format!("always `{constant}`"),
        ValueSpec::Example(example) => format!("text, such as `{example}`"),
    }
}

/// The texts of a class in the order of the template.
fn leaf_rows<'s>(leaves: impl Iterator<Item = &'s LeafSpec>, class: LeafClass) -> Vec<Row> {
    let mut chosen: Vec<&LeafSpec> = leaves.filter(|leaf| leaf.class == class).collect();
    chosen.sort_by(|a, b| (a.line, &a.text).cmp(&(b.line, &b.text)));
    // A line of a comment or a quote that is listed as a whole, too.
    let folded: Vec<(u32, String)> = chosen.iter().map(|leaf| (leaf.line, fold(&leaf.text))).collect();
    let is_part = |leaf: &LeafSpec| {
        let own = fold(&leaf.text);
        let holds_it = |other: &String| other.len() > own.len() && other.contains(&own);
        folded
            .iter()
            .any(|(line, other)| (*line..*line + PARTS_WITHIN).contains(&leaf.line) && holds_it(other))
    };
    chosen.into_iter().filter(|leaf| !is_part(leaf)).map(leaf_row).collect()
}

fn leaf_row(leaf: &LeafSpec) -> Row {
    let what = leaf.text.split_whitespace().collect::<Vec<_>>().join(" ");
    Row { line: Some(leaf.line), what, why: leaf.reason.to_owned(), ..Row::default() }
}

fn kept_rows(schema: &Schema) -> Vec<Row> {
    let mut rows = leaf_rows(schema.leaves.values(), LeafClass::Literal);
    rows.retain(|row| row.why != "meant to stay");
    rows
}

fn directives(template: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for (number, line) in template.lines().enumerate() {
        let mut rest = line;
        while let Some(start) = rest.find("<!-- trueup:") {
            let inner = &rest[start + "<!-- trueup:".len()..];
            let end = inner.find("-->").unwrap_or(inner.len());
            let what = inner[..end].trim().to_owned();
            rows.push(Row { line: Some(number as u32 + 1), what, ..Row::default() });
            rest = &inner[end..];
        }
    }
    rows
}

struct Page {
    out: String,
    palette: Palette,
    width: usize,
}

impl Page {
    fn heading(&mut self, title: &str) {
        self.out.push_str(&self.palette.bold);
        plain::push_one_line(&mut self.out, title);
        self.out.extend([self.palette.reset, "\n"]);
    }

    fn table(&mut self, title: &str, rows: Vec<Row>) {
        if rows.is_empty() {
            return;
        }
        self.out.push('\n');
        self.heading(title);
        let widths = Widths::of(&rows, self.width);
        for row in &rows {
            self.row(row, &widths);
        }
    }

    fn row(&mut self, row: &Row, widths: &Widths) {
        let indent = row.depth * GAP;
        let what = widths.what.saturating_sub(indent).max(12);
        let cells = [
            (wrapped(&row.what, what, GAP), widths.what),
            (wrapped(row.presence, widths.presence, 0), widths.presence),
            (wrapped(&row.holds, widths.holds, 0), widths.holds),
            (wrapped(&row.why, widths.why, 0), widths.why),
        ];
        for at in 0..cells.iter().map(|(lines, _)| lines.len()).max().unwrap_or_default() {
            let line = row.line.filter(|_| at == 0).map(|line| line.to_string()).unwrap_or_default();
            let mut text =
                format!("{}{line:>2$}{}", self.palette.frame, self.palette.reset, GAP + widths.line);
            for (i, (lines, columns)) in cells.iter().enumerate().filter(|(_, (_, columns))| *columns > 0) {
                let part = lines.get(at).map_or("", String::as_str);
                let lead = if i == 0 { indent + if at > 0 { GAP } else { 0 } } else { 0 };
                let (on, off) = if i == 0 && row.strong {
                    (self.palette.bold.as_str(), self.palette.reset)
                } else {
                    ("", "")
                };
                let room = columns.saturating_sub(plain::width(part) + lead);
                // Writing into a string cannot fail.
                let _ = write!(text, "{:GAP$}{:lead$}{on}", "", "");
                plain::push(&mut text, part);
                let _ = write!(text, "{off}{:room$}", "");
            }
            self.out.extend([text.trim_end(), "\n"]);
        }
    }
}

/// Columns of each cell.
struct Widths {
    line: usize,
    what: usize,
    presence: usize,
    holds: usize,
    why: usize,
}

impl Widths {
    fn of(rows: &[Row], width: usize) -> Widths {
        let most = |of: &dyn Fn(&Row) -> usize| rows.iter().map(of).max().unwrap_or_default();
        let line = most(&|row| row.line.map_or(0, |line| line.to_string().len())).max(4);
        let presence = most(&|row| row.presence.len());
        let what = most(&|row| plain::width(&row.what) + row.depth * GAP);
        let holds = most(&|row| plain::width(&row.holds));
        let why = most(&|row| plain::width(&row.why));
        let gaps = GAP * (2 + [presence, holds, why].iter().filter(|width| **width > 0).count());
        let room = width.saturating_sub(line + presence + gaps).max(36);
        // What does not need its share leaves it to the others.
        let why_share = why.min(room * 38 / 100);
        let holds_share = holds.min(room * 30 / 100);
        let what_share = what.min(room - why_share - holds_share);
        let left = room - why_share - holds_share - what_share;
        let holds_share = holds.min(holds_share + left);
        let why_share = why.min(room - what_share - holds_share);
        Widths { line, what: what_share, presence, holds: holds_share, why: why_share }
    }
}

/// A text in lines of at most some columns, broken between words; all but the first leave room for
/// `hang` columns. A word that is longer is broken itself.
pub(crate) fn wrapped(text: &str, columns: usize, hang: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let room = |lines: &[String]| columns.saturating_sub(if lines.is_empty() { 0 } else { hang }).max(8);
    for word in text.split_whitespace() {
        let in_last = room(&lines[..lines.len().saturating_sub(1)]);
        if let Some(last) =
            lines.last_mut().filter(|last| plain::width(last) + 1 + plain::width(word) <= in_last)
        {
            last.extend([" ", word]);
            continue;
        }
        let mut rest = word;
        while let Some((at, _)) = rest.char_indices().nth(room(&lines)) {
            lines.push(rest[..at].to_owned());
            rest = &rest[at..];
        }
        lines.push(rest.to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_template::infer;

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrapped("one two three", 8, 0), ["one two", "three"]);
        assert_eq!(wrapped("one two four", 12, 2), ["one two four"]);
        assert_eq!(wrapped("0123456789abcdef x", 8, 0), ["01234567", "89abcdef", "x"]);
        assert!(wrapped("", 8, 0).is_empty());
    }

    #[test]
    fn everything_inferred_is_shown_with_its_line() {
        let template = "# [Title]\n\n**Status:** Draft / Done\n\n## 1) Risks (optional)\n<!-- trueup: kind=risks -->\n\n\
            - [ ] Looked at\n\n| Check | Result |\n|---|---|\n| Data | Pass / Fail |\n| UI | Pass / Fail |\n\n## Notes\nDescribe it.\n";
        let text = schema_text(&infer("t.md", template, None), template, &SchemaTextOptions::default());
        for wanted in [
            "     3  Status:  required  one of Draft, Done  a key with a value\n",
            "## 1) Risks",
            "optional",
            "- [ ] Looked at",
            "| Check | Result |",
            "Result:",
            "one of Pass, Fail",
            "| Data |",
            "Guidance, which may not stay word for word\n    16  Describe it.",
            "Directives in the template\n     6  kind=risks\n",
        ] {
            assert!(text.contains(wanted), "{wanted:?} is not in\n{text}");
        }
    }
}
