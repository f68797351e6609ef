//! Tables of Rails: `db/schema.rb` and migrations.

use super::syntax::{
    Call, ContainerKind, Field, Kind, Node, Outline, literal, option, parameter, positional,
};
use crate::{FileFacts, SourceFile, TableChange, TableStep};
use trueup_codebase::{Column, Table};

const SOURCE: &str = "Rails";
/// What a migration inherits from is shorter, in bytes.
const MOST_SUPERCLASS: usize = 200;

/// Reads the tables of a file.
pub(super) fn read(file: &SourceFile<'_>, outline: &Outline<'_>, out: &mut FileFacts) {
    // What tests make is gone after them.
    if file.path.split('/').any(|folder| matches!(folder, "test" | "spec" | "tests")) {
        return;
    }
    let reader = Reader { file, outline };
    let is_schema = outline.calls.iter().any(|call| {
        call.method == "define" && call.block.is_some() && call.receiver.starts_with("ActiveRecord::Schema")
    });
    let is_migration = outline.containers.iter().any(|container| {
        let above = container.node.child(Field::Superclass);
        // Classes in what others inherit from would be looked through again and again.
        above
            .is_some_and(|above| above.range().len() <= MOST_SUPERCLASS && above.text().contains("Migration"))
    });
    // A class in a migration stands for a table as it was then, which may be gone since.
    if !is_migration {
        reader.classes(out);
    }
    if !is_schema && !is_migration {
        return;
    }
    for (at, call) in outline.calls.iter().enumerate() {
        if reader.undoes(call) {
            continue;
        }
        let steps = reader.steps(at, call).unwrap_or_default();
        for (table, change) in steps {
            let place = file.place(call.node.range());
            match change {
                TableChange::Create { columns, complete } if is_schema => out.tables.push(Table {
                    name: table,
                    class: None,
                    columns,
                    complete,
                    source: SOURCE,
                    place,
                }),
                _ if is_schema => {}
                change => out.table_steps.push(TableStep { table, change, source: SOURCE, place }),
            }
        }
    }
}

type Steps = Vec<(String, TableChange)>;

struct Reader<'r, 't> {
    file: &'r SourceFile<'t>,
    outline: &'r Outline<'t>,
}

impl<'t> Reader<'_, 't> {
    /// Classes that name their table.
    fn classes(&self, out: &mut FileFacts) {
        for (class, name, value) in &self.outline.settings {
            let container = self.outline.containers.get(*class).filter(|c| c.kind == ContainerKind::Class);
            let (Some(container), "table_name") = (container, *name) else { continue };
            let Some(table) = literal(*value) else { continue };
            out.tables.push(Table {
                name: table,
                class: Some(container.name().to_owned()),
                columns: Vec::new(),
                complete: false,
                source: SOURCE,
                place: self.file.place(value.range()),
            });
        }
    }

    /// Whether a call stands in what undoes a migration: `def down`, `dir.down do`.
    fn undoes(&self, call: &Call<'t>) -> bool {
        self.outline.around(call.container).any(|around| match around.kind {
            ContainerKind::Method => around.name() == "down",
            ContainerKind::Block(at) => self.outline.calls.get(at).is_some_and(|call| call.method == "down"),
            ContainerKind::Class => false,
        })
    }

    fn text(&self, node: Option<&Node<'t>>) -> Option<String> {
        node.and_then(|node| literal(*node))
    }

    fn column(&self, name: impl Into<String>, kind: &str, node: Node<'t>) -> Column {
        Column { name: name.into(), kind: kind.to_owned(), place: self.file.place(node.range()) }
    }

    /// What a call does to a table.
    fn steps(&self, at: usize, call: &Call<'t>) -> Option<Steps> {
        if !matches!(call.receiver, "" | "self") {
            return None;
        }
        let arguments = positional(call.node);
        let text = |at: usize| self.text(arguments.get(at));
        let one = |change: TableChange| Some(vec![(text(0)?, change)]);
        match call.method {
            "create_table" => one(self.create(at, call)),
            "create_join_table" => self.create_join(call, &arguments),
            "drop_table" => {
                arguments.iter().map(|node| Some((self.text(Some(node))?, TableChange::Drop))).collect()
            }
            "rename_table" => one(TableChange::Rename(text(1)?)),
            "add_column" => {
                one(TableChange::AddColumn(self.column(text(1)?, &text(2).unwrap_or_default(), call.node)))
            }
            "remove_column" => one(TableChange::DropColumn(text(1)?)),
            "remove_columns" => {
                let names = arguments.iter().skip(1).map(|node| self.text(Some(node)));
                names.map(|name| Some((text(0)?, TableChange::DropColumn(name?)))).collect()
            }
            "rename_column" => one(TableChange::RenameColumn { from: text(1)?, to: text(2)? }),
            "add_reference" | "add_belongs_to" => {
                let columns = self.reference(&text(1)?, call.node);
                Some(
                    columns.into_iter().filter_map(|c| Some((text(0)?, TableChange::AddColumn(c)))).collect(),
                )
            }
            "remove_reference" | "remove_belongs_to" => {
                let columns = self.reference(&text(1)?, call.node);
                Some(
                    columns
                        .into_iter()
                        .filter_map(|c| Some((text(0)?, TableChange::DropColumn(c.name))))
                        .collect(),
                )
            }
            "add_timestamps" => {
                let columns = self.timestamps(call.node);
                Some(
                    columns.into_iter().filter_map(|c| Some((text(0)?, TableChange::AddColumn(c)))).collect(),
                )
            }
            "remove_timestamps" => {
                let columns = self.timestamps(call.node);
                Some(
                    columns
                        .into_iter()
                        .filter_map(|c| Some((text(0)?, TableChange::DropColumn(c.name))))
                        .collect(),
                )
            }
            "change_table" => {
                let table = text(0)?;
                Some(self.changes(at, call).into_iter().map(|change| (table.clone(), change)).collect())
            }
            _ => None,
        }
    }

    /// The calls on the parameter of a call's block, such as `t.string :name`.
    fn inside(&self, at: usize, call: &Call<'t>) -> Vec<&Call<'t>> {
        let Some(block) = call.block else { return Vec::new() };
        let name = parameter(block).unwrap_or("");
        let end = block.range().end;
        let after = self.outline.calls.get(at + 1..).unwrap_or(&[]);
        let inner = after.iter().take_while(|inner| inner.node.range().start < end);
        inner.filter(|inner| !name.is_empty() && inner.receiver == name).collect()
    }

    fn create(&self, at: usize, call: &Call<'t>) -> TableChange {
        let mut columns = Vec::new();
        let mut complete = true;
        let id = option(call.node, "id");
        let key = option(call.node, "primary_key");
        if id.is_none_or(|id| !id.is(Kind::False)) && key.is_none_or(|key| !key.is(Kind::Array)) {
            let name = key.map_or_else(|| Some("id".to_owned()), |key| self.text(Some(&key)));
            let kind = self.text(id.as_ref()).unwrap_or_else(|| "bigint".to_owned());
            match name {
                Some(name) => columns.push(self.column(name, &kind, call.node)),
                None => complete = false,
            }
        }
        for inner in self.inside(at, call) {
            match self.columns(inner) {
                Some(more) => columns.extend(more),
                None => complete = false,
            }
        }
        TableChange::Create { columns, complete }
    }

    fn create_join(&self, call: &Call<'t>, arguments: &[Node<'t>]) -> Option<Steps> {
        let mut names = [self.text(arguments.first())?, self.text(arguments.get(1))?];
        names.sort();
        let given = option(call.node, "table_name").and_then(|node| self.text(Some(&node)));
        let one = |name: &str| name.strip_suffix('s').unwrap_or(name).to_owned();
        let columns =
            names.iter().map(|name| self.column(format!("{}_id", one(name)), "bigint", call.node)).collect();
        // How Rails makes one of many is not all known here.
        Some(vec![(
            given.unwrap_or_else(|| names.join("_")),
            TableChange::Create { columns, complete: false },
        )])
    }

    /// The columns that a line of a table's block makes; none where they are not known.
    fn columns(&self, call: &Call<'t>) -> Option<Vec<Column>> {
        let arguments = positional(call.node);
        match call.method {
            "index"
            | "foreign_key"
            | "check_constraint"
            | "unique_constraint"
            | "exclusion_constraint"
            | "comment" => Some(Vec::new()),
            "timestamps" => Some(self.timestamps(call.node)),
            "references" | "belongs_to" => {
                let names = arguments.iter().map(|node| self.text(Some(node)));
                let names: Option<Vec<String>> = names.collect();
                Some(names?.iter().flat_map(|name| self.reference(name, call.node)).collect())
            }
            "column" => {
                let kind = self.text(arguments.get(1)).unwrap_or_default();
                Some(vec![self.column(self.text(arguments.first())?, &kind, call.node)])
            }
            kind => {
                let names = arguments.iter().map(|node| self.text(Some(node)));
                names.map(|name| Some(self.column(name?, kind, call.node))).collect()
            }
        }
    }

    /// What the block of `change_table` does.
    fn changes(&self, at: usize, call: &Call<'t>) -> Vec<TableChange> {
        let mut out = Vec::new();
        for inner in self.inside(at, call) {
            let names: Vec<String> =
                positional(inner.node).iter().filter_map(|node| self.text(Some(node))).collect();
            match inner.method {
                "remove" => out.extend(names.into_iter().map(TableChange::DropColumn)),
                "rename" => {
                    let mut names = names.into_iter();
                    if let (Some(from), Some(to)) = (names.next(), names.next()) {
                        out.push(TableChange::RenameColumn { from, to });
                    }
                }
                "remove_references" | "remove_belongs_to" => {
                    let columns = names.iter().flat_map(|name| self.reference(name, inner.node));
                    out.extend(columns.map(|column| TableChange::DropColumn(column.name)));
                }
                "remove_timestamps" => {
                    let columns = self.timestamps(inner.node).into_iter();
                    out.extend(columns.map(|column| TableChange::DropColumn(column.name)));
                }
                name if name.starts_with("change") || name.starts_with("remove_") => {}
                _ => {
                    let columns = self.columns(inner).unwrap_or_default();
                    out.extend(columns.into_iter().map(TableChange::AddColumn));
                }
            }
        }
        out
    }

    fn reference(&self, name: &str, call: Node<'t>) -> Vec<Column> {
        let mut out = vec![self.column(format!("{name}_id"), "bigint", call)];
        let polymorphic = option(call, "polymorphic");
        if polymorphic.is_some_and(|node| !node.is(Kind::False)) {
            out.push(self.column(format!("{name}_type"), "string", call));
        }
        out
    }

    fn timestamps(&self, call: Node<'t>) -> Vec<Column> {
        ["created_at", "updated_at"].map(|name| self.column(name, "datetime", call)).to_vec()
    }
}
