//! Tables and code: fields, entities in rows, classes, statements of SQL.

use super::EntityKind;
use super::collect::Collector;
use super::fields::{RawField, bullet_fields, table_fields};
use super::lex::lex;
use super::naming::{self, Label, Standing, entity_name, is_pascal, is_snake};
use super::script;
use super::sql;
use crate::facts::support::Grid;
use trueup_markdown::NodeId;

impl Collector<'_, '_> {
    pub(super) fn table(&mut self, table: NodeId) {
        let document = self.reader.document;
        let grid = Grid::of(document, table);
        let label = std::mem::take(&mut self.label);
        if self.entity_table(&grid, label) {
            return;
        }
        let Some(fields) = table_fields(document, &grid) else { return };
        if self.current.naming.standing == Standing::Other {
            return;
        }
        if grid.columns.first().is_some_and(|c| c == "change") {
            self.current.naming.kind.get_or_insert(EntityKind::Extended);
        }
        self.take_fields(fields);
    }

    /// A table of which each row is an entity, or a column of one.
    pub(super) fn entity_table(&mut self, grid: &Grid, label: Label) -> bool {
        let first = grid.columns.first().map_or("", String::as_str);
        let entity = matches!(
            first,
            "entity"
                | "table"
                | "model"
                | "entity name"
                | "table name"
                | "entity table"
                | "new entity"
                | "new table"
        );
        if !entity || grid.columns.len() < 2 || label == Label::Other {
            return false;
        }
        let document = self.reader.document;
        let column = grid.column(&[
            "column",
            "field",
            "columns",
            "fields",
            "key fields",
            "key columns",
            "new columns",
            "new fields",
            "added columns",
            "changes",
        ]);
        let tables = grid.column(&["table", "table name", "db table"]).filter(|c| *c > 0);
        let types = grid.column(&["type", "data type"]);
        let status = grid.column(&["status", "change", "kind", "state", "new existing"]);
        let mut kind = match label {
            Label::Listing(kind) => kind,
            _ => self.current.naming.kind,
        };
        if kind.is_none() && self.flagged {
            kind = Some(EntityKind::Existing);
        }
        let single = column.is_some_and(|c| matches!(grid.columns[c].as_str(), "column" | "field"));
        let mut above: Option<(String, Option<String>)> = None;
        for row in &grid.rows {
            let Some(cell) = row.cells.first() else { continue };
            let span = document.content_span(*cell);
            let tokens = lex(span.text(document.text()), span.start as usize);
            let named = tokens.first().and_then(|t| entity_name(t.text)).filter(|_| {
                tokens.first().is_some_and(|t| t.is_code() || is_pascal(t.text) || t.text.contains('_'))
            });
            let beside = tables.and_then(|c| row.cells.get(c)).map(|c| document.plain(*c).trim().to_owned());
            let inside = tokens
                .iter()
                .skip(1)
                .filter(|t| t.is_code())
                .filter_map(|t| entity_name(t.text))
                .find(|t| is_snake(t));
            let table = beside.as_deref().and_then(entity_name).filter(|t| is_snake(t)).or(inside);
            if let Some(name) = named {
                above = Some((name.to_owned(), table.map(str::to_owned)));
            }
            let Some((name, table)) =
                above.clone().filter(|_| named.is_some() || single && tokens.is_empty())
            else {
                continue;
            };
            let mut fields = column.and_then(|c| row.cells.get(c)).map(|c| self.cell(*c)).unwrap_or_default();
            if let Some(said) = types.and_then(|c| row.cells.get(c)) {
                let said = document.plain(*said).trim().to_owned();
                fields.iter_mut().for_each(|f| f.type_text.clone_from(&said));
            }
            let said = status.and_then(|c| row.cells.get(c)).map(|c| {
                let span = document.content_span(*c);
                naming::kind_of(&lex(span.text(document.text()), 0))
            });
            let kind = said.flatten().or(kind).or(single.then_some(EntityKind::Extended));
            self.entities.add(&name, table.as_deref(), kind, span, fields);
        }
        true
    }

    /// The fields of a cell, `Add `status`` included.
    pub(super) fn cell(&self, cell: NodeId) -> Vec<RawField> {
        let found = super::fields::cell_fields(self.reader.document, cell);
        if found.is_empty() { bullet_fields(self.text(), &self.item_tokens(cell), false).0 } else { found }
    }

    pub(super) fn code(&mut self, node: NodeId) {
        let document = self.reader.document;
        let span = document.code_span(node);
        let source = span.text(document.text());
        let base = span.start as usize;
        let language = document.code_language(node).to_lowercase();
        match language.as_str() {
            "json" | "jsonc" | "json5" => self.current.shaped = true,
            "css" | "bash" | "sh" | "shell" | "yaml" | "yml" | "mermaid" | "http" | "html" | "env"
            | "toml" | "xml" | "diff" => {}
            "sql" | "psql" | "postgresql" | "pgsql" | "mysql" => self.sql(source, base, true),
            "ts" | "typescript" | "tsx" | "js" | "javascript" | "jsx" | "prisma" | "java" | "kotlin"
            | "csharp" | "cs" | "graphql" => {
                self.script(source, base);
            }
            _ => {
                if sql_in(source) {
                    self.sql(source, base, false);
                } else if ["interface ", "class ", "type ", "@Property"].iter().any(|w| source.contains(w)) {
                    self.script(source, base);
                } else {
                    self.lines(source, base);
                }
            }
        }
    }

    pub(super) fn sql(&mut self, source: &str, base: usize, known: bool) {
        let tables = sql::read(source, base);
        if tables.is_empty() && known && !sql_in(source) && !source.to_lowercase().contains("index") {
            self.lines(source, base);
        }
        self.current.tables.extend(tables);
    }

    pub(super) fn lines(&mut self, source: &str, base: usize) {
        let listing = sql::read_lines(source, base);
        if let Some((name, _)) = &listing.table {
            if self.current.naming.names.is_empty() {
                self.current.naming.names.push(name.clone());
            } else {
                self.current.naming.table.get_or_insert_with(|| name.clone());
            }
            self.current.persistent = true;
        }
        let fields = listing.fields.into_iter().map(|mut field| {
            let owned = self.current.naming.names.len() == 1;
            field.owner = field.owner.filter(|_| !owned);
            field
        });
        let fields: Vec<RawField> = fields.collect();
        self.take_fields(fields);
    }

    pub(super) fn script(&mut self, source: &str, base: usize) {
        let script = script::read(source, base);
        for declared in script.declared {
            if declared.entity {
                self.current.classes.push(declared);
            } else {
                self.current.types.push(declared);
            }
        }
        if !script.columns.is_empty() {
            self.current.persistent = true;
            if self.current.fields.is_empty() && self.current.classes.is_empty() {
                self.current.naming.kind.get_or_insert(EntityKind::Extended);
            }
            self.current.fields.extend(script.columns);
        }
        self.current.loose.extend(script.loose);
        if self.current.object.is_none() {
            self.current.object = script.object;
        }
    }
}

fn sql_in(source: &str) -> bool {
    let has = |words: &str| {
        source.as_bytes().windows(words.len()).any(|w| w.eq_ignore_ascii_case(words.as_bytes()))
    };
    has("create table") || has("alter table")
}
