//! Tables of ent: a struct with `ent.Schema` in it, whose `Fields` gives the columns.

use super::gorm::{plural, snake};
use super::items::{Function, Items, Struct};
use crate::tokens::{Part, Tokens};
use crate::{FileFacts, SourceFile};
use trueup_codebase::{Column, Table};

/// Adds the tables of a file.
pub(super) fn read(file: &SourceFile<'_>, tokens: &Tokens<'_>, items: &Items, out: &mut FileFacts) {
    if !file.has_any(&["ent.Schema"]) {
        return;
    }
    for structure in &items.structs {
        let embeds =
            structure.fields.iter().any(|f| f.embedded && tokens.source(&f.kind).ends_with("ent.Schema"));
        if embeds {
            out.tables.push(table(file, tokens, items, structure));
        }
    }
}

fn table(file: &SourceFile<'_>, tokens: &Tokens<'_>, items: &Items, structure: &Struct) -> Table {
    let method = |name: &str| -> Option<&Function> {
        let full = format!("{}.{name}", structure.name);
        items.functions.iter().find(|function| function.name == full)
    };
    let place = file.place(tokens.bytes(&(structure.at..structure.at + 1)));
    let mut columns: Vec<Column> = Vec::new();
    if let Some(function) = method("Fields") {
        columns.extend(function.body.clone().filter_map(|at| column(file, tokens, at, &function.body)));
    }
    if !columns.iter().any(|column| column.name == "id") {
        columns.insert(0, Column { name: "id".to_owned(), kind: "int".to_owned(), place: place.clone() });
    }
    let named = method("Annotations").and_then(|function| table_name(tokens, &function.body));
    Table {
        name: named.unwrap_or_else(|| plural(&snake(&structure.name))),
        class: Some(structure.name.clone()),
        columns,
        // Edges bring the keys of other tables, and mixins bring fields.
        complete: method("Edges").is_none() && method("Mixin").is_none(),
        source: "ent",
        place,
    }
}

/// `field.String("headline").StorageKey("title")`.
fn column(file: &SourceFile<'_>, tokens: &Tokens<'_>, at: usize, body: &Part) -> Option<Column> {
    let begins = tokens.are(at, &["field", "."]) && !at.checked_sub(1).is_some_and(|b| tokens.is(b, "."));
    let kind = tokens.word(at + 2).filter(|_| begins && tokens.is(at + 3, "("))?;
    let mut name = at + 4;
    let mut next = tokens.after(at + 3);
    while next < body.end && tokens.is(next, ".") && tokens.is(next + 2, "(") {
        if tokens.is(next + 1, "StorageKey") {
            name = next + 3;
        }
        next = tokens.after(next + 2);
    }
    let place = file.place(tokens.literal_range(name));
    Some(Column { name: tokens.literal(name)?, kind: kind.to_owned(), place })
}

/// `entsql.Annotation{Table: "people"}` and `entsql.Table("people")`.
fn table_name(tokens: &Tokens<'_>, body: &Part) -> Option<String> {
    let at = body
        .clone()
        .find(|at| tokens.is(*at, "Table") && (tokens.is(*at + 1, ":") || tokens.is(*at + 1, "(")))?;
    tokens.literal(at + 2)
}
