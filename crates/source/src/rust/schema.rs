//! Tables of diesel (`table! { orders (id) { … } }`) and SeaORM (`#[sea_orm(table_name = "orders")]`).

use super::items::after_angles;
use crate::tokens::{Part, Tokens};
use crate::{FileFacts, SourceFile};
use trueup_codebase::{Column, Table};

/// Adds the tables of a file.
pub(super) fn read(file: &SourceFile<'_>, tokens: &Tokens<'_>, out: &mut FileFacts) {
    for at in tokens.all() {
        if tokens.are(at, &["table", "!"]) {
            out.tables.extend(diesel(file, tokens, tokens.inside(at + 2)));
        } else if tokens.are(at, &["#", "[", "sea_orm", "("]) {
            out.tables.extend(sea_orm(file, tokens, at));
        }
    }
}

fn diesel(file: &SourceFile<'_>, tokens: &Tokens<'_>, part: Part) -> Option<Table> {
    let (own_name, mut at) = attributes(tokens, part.start, "sql_name");
    // `use diesel::sql_types::*;` may come first.
    while tokens.is(at, "use") {
        at = tokens.find(at..part.end, &[";"])? + 1;
    }
    if tokens.is(at + 1, ".") {
        at += 2;
    }
    let name = tokens.word(at)?;
    let open = tokens.find(at + 1..part.end, &["{"])?;
    let mut columns = Vec::new();
    for column in tokens.arguments(tokens.inside(open)) {
        let (sql_name, at) = attributes(tokens, column.start, "sql_name");
        let Some(name) = tokens.word(at).filter(|_| tokens.is(at + 1, "->")) else { continue };
        columns.push(Column {
            name: sql_name.unwrap_or_else(|| name.to_owned()),
            kind: tokens.source(&(at + 2..column.end)).to_owned(),
            place: file.place(tokens.bytes(&(at..at + 1))),
        });
    }
    Some(Table {
        name: own_name.unwrap_or_else(|| name.to_owned()),
        class: None,
        columns,
        complete: true,
        source: "diesel",
        place: file.place(tokens.bytes(&(at..at + 1))),
    })
}

/// Passes over attributes; gives the text that one of a name is set to.
fn attributes(tokens: &Tokens<'_>, mut at: usize, name: &str) -> (Option<String>, usize) {
    let mut value = None;
    while tokens.is(at, "#") && tokens.is(at + 1, "[") {
        let inside = tokens.inside(at + 1);
        let found = inside.clone().find(|at| tokens.are(*at, &[name, "="]));
        value = value.or_else(|| tokens.literal(found? + 2));
        at = tokens.after(at + 1);
    }
    (value, at)
}

fn sea_orm(file: &SourceFile<'_>, tokens: &Tokens<'_>, at: usize) -> Option<Table> {
    let inside = tokens.inside(at + 1);
    let name_at = inside.clone().find(|at| tokens.are(*at, &["table_name", "="]))? + 2;
    let name = tokens.literal(name_at)?;
    let (_, mut next) = attributes(tokens, at, "");
    next += usize::from(tokens.is(next, "pub"));
    if !tokens.is(next, "struct") {
        return None;
    }
    let open = tokens.find(next..next + 8, &["{"])?;
    let fields = fields(tokens, tokens.inside(open));
    let columns = fields.into_iter().filter_map(|field| sea_orm_column(file, tokens, field));
    Some(Table {
        name,
        class: None,
        columns: columns.collect(),
        complete: true,
        source: "SeaORM",
        place: file.place(tokens.literal_range(name_at)),
    })
}

fn sea_orm_column(file: &SourceFile<'_>, tokens: &Tokens<'_>, field: Part) -> Option<Column> {
    let (own_name, at) = attributes(tokens, field.start, "column_name");
    let ignored = (field.start..at).any(|at| {
        tokens.is(at, "ignore")
            || tokens.is(at, "belongs_to")
            || tokens.is(at, "has_many")
            || tokens.is(at, "has_one")
    });
    let name = at + usize::from(tokens.is(at, "pub"));
    let field_name = tokens.word(name).filter(|_| tokens.is(name + 1, ":") && !ignored)?;
    let kind = tokens.source(&(name + 2..field.end)).to_owned();
    if kind.starts_with("HasMany") || kind.starts_with("HasOne") || kind.starts_with("BelongsTo") {
        return None;
    }
    Some(Column {
        name: own_name.unwrap_or_else(|| field_name.trim_end_matches('_').to_owned()),
        kind,
        place: file.place(tokens.bytes(&(name..name + 1))),
    })
}

/// The fields of a struct: parts between commas outside of brackets and of `<…>`.
fn fields(tokens: &Tokens<'_>, part: Part) -> Vec<Part> {
    let mut out = Vec::new();
    let (mut start, mut at) = (part.start, part.start);
    while at < part.end {
        if tokens.is(at, "<") {
            at = after_angles(tokens, at).min(part.end);
            continue;
        }
        if tokens.is(at, ",") {
            out.push(start..at);
            start = at + 1;
        }
        at = tokens.after(at);
    }
    if start < part.end {
        out.push(start..part.end);
    }
    out
}
