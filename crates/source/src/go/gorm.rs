//! Tables of GORM and Bun.

use super::items::{Field, Items, Struct, tag_value};
use crate::tokens::Tokens;
use crate::{FileFacts, SourceFile};
use trueup_codebase::{Column, Table};

/// Packages whose types are values of a column.
const VALUES: [&str; 14] = [
    "time",
    "uuid",
    "sql",
    "decimal",
    "datatypes",
    "null",
    "pq",
    "json",
    "netip",
    "pgtype",
    "gorm",
    "big",
    "soft_delete",
    "ulid",
];
/// Types of the language itself.
const PLAIN: [&str; 19] = [
    "string",
    "bool",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "byte",
    "rune",
    "any",
    "complex64",
    "complex128",
];

/// Adds the tables of a file.
pub(super) fn read(file: &SourceFile<'_>, tokens: &Tokens<'_>, items: &Items, out: &mut FileFacts) {
    if !file.has_any(&["gorm", "bun:\""]) {
        return;
    }
    for structure in &items.structs {
        let mut reading =
            Reading { file, tokens, items, columns: Vec::new(), complete: true, table: None, marked: false };
        reading.fields(structure, 0);
        if !reading.marked {
            continue;
        }
        let Reading { columns, complete, table, .. } = reading;
        let named = table.clone().or_else(|| table_name(tokens, items, &structure.name));
        out.tables.push(Table {
            name: named.unwrap_or_else(|| plural(&snake(&structure.name))),
            class: Some(structure.name.clone()),
            columns,
            complete,
            source: if table.is_some() { "Bun" } else { "GORM" },
            place: file.place(tokens.bytes(&(structure.at..structure.at + 1))),
        });
    }
}

/// What `func (Order) TableName() string { return "orders" }` gives.
fn table_name(tokens: &Tokens<'_>, items: &Items, name: &str) -> Option<String> {
    let method = format!("{name}.TableName");
    let function = items.functions.iter().find(|function| function.name == method)?;
    let start = function.body.start;
    let text = tokens.literal(start + 1).filter(|_| tokens.is(start, "return"));
    text.or_else(|| items.constants.get(tokens.word(start + 1)?).cloned())
        .map(|name| name.rsplit('.').next().unwrap_or("").to_owned())
}

struct Reading<'a> {
    file: &'a SourceFile<'a>,
    tokens: &'a Tokens<'a>,
    items: &'a Items,
    columns: Vec<Column>,
    complete: bool,
    table: Option<String>,
    /// Whether anything says that it is a table.
    marked: bool,
}

impl Reading<'_> {
    fn fields(&mut self, structure: &Struct, depth: usize) {
        for field in &structure.fields {
            let tag = field.tag.and_then(|at| self.tokens.literal(at)).unwrap_or_default();
            let (gorm, bun) = (tag_value(&tag, "gorm"), tag_value(&tag, "bun"));
            self.marked |= gorm.as_ref().is_some_and(|tag| tag != "-")
                || bun.as_ref().is_some_and(|b| b.contains("table:"));
            if let Some(name) =
                bun.as_ref().and_then(|tag| tag.split(',').find_map(|p| p.strip_prefix("table:")))
            {
                self.table = Some(name.rsplit('.').next().unwrap_or(name).to_owned());
                continue;
            }
            let option = |key: &str| {
                let parts = gorm.as_deref().unwrap_or("").split(';');
                let mut found = parts.filter_map(|part| part.split_once(':'));
                found
                    .find(|(k, _)| k.trim().eq_ignore_ascii_case(key))
                    .map(|(_, value)| value.trim().to_owned())
            };
            let bun_name = bun.as_deref().and_then(|tag| tag.split(',').next()).filter(|n| !n.is_empty());
            let left_out = gorm.as_deref().is_some_and(|tag| tag == "-" || tag.starts_with("-:"))
                || bun_name == Some("-")
                || bun.as_ref().is_some_and(|tag| tag.contains("rel:"));
            if left_out || !field.name.starts_with(|c: char| c.is_uppercase()) {
                continue;
            }
            let embeds =
                field.embedded || gorm.as_deref().is_some_and(|tag| tag.split(';').any(|p| p == "embedded"));
            if embeds {
                self.embedded(field, depth);
                continue;
            }
            let name = option("column").or_else(|| bun_name.map(str::to_owned));
            if name.is_none() && option("type").is_none() && !self.is_value(field) {
                continue;
            }
            self.add(name.unwrap_or_else(|| snake(&field.name)), field);
        }
    }

    fn add(&mut self, name: String, field: &Field) {
        let kind = self.tokens.source(&field.kind).to_owned();
        let place = self.file.place(self.tokens.bytes(&(field.at..field.at + 1)));
        if !self.columns.iter().any(|column| column.name == name) {
            self.columns.push(Column { name, kind, place });
        }
    }

    fn embedded(&mut self, field: &Field, depth: usize) {
        const MOST: usize = 8;
        let kind = self.tokens.source(&field.kind).trim_start_matches('*');
        if kind == "gorm.Model" {
            self.marked = true;
            ["id", "created_at", "updated_at", "deleted_at"]
                .iter()
                .for_each(|name| self.add((*name).to_owned(), field));
            return;
        }
        match self.items.structs.iter().find(|structure| structure.name == kind) {
            Some(structure) if depth < MOST => self.fields(structure, depth + 1),
            // What it brings is not known.
            _ => self.complete = false,
        }
    }

    /// Whether a field is a column and no other table; where that cannot be told the table is not complete.
    fn is_value(&mut self, field: &Field) -> bool {
        let kind = self.tokens.source(&field.kind).trim_start_matches('*');
        if let Some(element) = kind.strip_prefix("[]") {
            return element == "byte" || PLAIN.contains(&element);
        }
        if PLAIN.contains(&kind) || kind.starts_with("map[") {
            return true;
        }
        if let Some((package, _)) = kind.split_once('.') {
            let value = VALUES.contains(&package);
            self.complete &= value;
            return value;
        }
        // A struct of this file is a table of its own.
        let is_struct = self.items.structs.iter().any(|structure| structure.name == kind);
        self.complete &= is_struct;
        false
    }
}

/// GORM's names of columns: `UserID` becomes `user_id`, `HTTPCode` `http_code`.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let next_is_small = chars.get(at + 1).is_some_and(|c| c.is_lowercase());
        let starts =
            before.is_some_and(|b| b.is_lowercase() || b.is_numeric() || b.is_uppercase() && next_is_small);
        if c.is_uppercase() && starts {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The plural of an English word, as object mappers form it.
pub(super) fn plural(name: &str) -> String {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    match name.strip_suffix('y') {
        Some(front) if !ends(&["ay", "ey", "oy", "uy"]) => format!("{front}ies"),
        _ if ends(&["s", "x", "z", "ch", "sh"]) => format!("{name}es"),
        _ => format!("{name}s"),
    }
}
