//! Tables of SQLAlchemy, SQLModel and Alembic.

use super::parse::{Field, Kind, Node};
use super::syntax::{Assignment, Outline, last, named, positional};
use crate::{FileFacts, Revision, SourceFile, TableBase, TableChange, TableStep};
use trueup_codebase::{Column, Table};

const SOURCE: &str = "SQLAlchemy";
const ALEMBIC: &str = "Alembic";

/// Reads the tables of a file, and what a migration does to them.
pub(super) fn read(file: &SourceFile<'_>, outline: &Outline<'_>, out: &mut FileFacts) {
    let reader = Reader { file, outline };
    let imports = |name: &str| outline.imports.iter().any(|import| import.module.starts_with(name));
    let speaks = imports("sqlalchemy") || imports("sqlmodel") || imports("flask_sqlalchemy");
    let has_tables = outline.assignments.iter().any(|a| a.target == "__tablename__");
    let is_flask = outline.definitions.iter().any(|d| d.is_class && reader.is_flask(d.bases.as_slice()));
    if speaks || has_tables || is_flask {
        reader.bases(out);
        reader.classes(out);
        reader.tables(out);
    }
    if imports("alembic") {
        reader.migration(out);
    }
}

struct Reader<'r, 't> {
    file: &'r SourceFile<'t>,
    outline: &'r Outline<'t>,
}

impl<'t> Reader<'_, 't> {
    /// `Base = declarative_base()`: a class without columns.
    fn bases(&self, out: &mut FileFacts) {
        for assignment in self.outline.assignments.iter().filter(|a| a.scope.is_none()) {
            let call = assignment.value.filter(|value| value.kind() == Kind::Call);
            let function =
                call.and_then(|call| self.outline.dotted(self.outline.child(call, Field::Function)?));
            if function.is_some_and(|function| last(function) == "declarative_base") {
                let class = assignment.target.to_owned();
                out.table_bases.push(TableBase {
                    class,
                    bases: Vec::new(),
                    columns: Vec::new(),
                    has_key: false,
                });
            }
        }
    }

    /// Whether a class is one of Flask-SQLAlchemy's: `db.Model`.
    fn is_flask(&self, bases: &[Node]) -> bool {
        bases.iter().any(|base| self.outline.dotted(*base) == Some("db.Model"))
    }

    fn classes(&self, out: &mut FileFacts) {
        for (at, class) in self.outline.definitions.iter().enumerate().filter(|(_, d)| d.is_class) {
            let attributes = self.outline.attributes(at);
            let bases = self.outline.bases(class);
            let is_model = bases.contains(&"SQLModel") || is_table_of_sql_model(self.outline, &class.bases);
            let column = |a: &&Assignment<'t>| self.attribute(a, is_model);
            let columns: Vec<Column> = attributes.iter().filter_map(column).collect();
            let given = attributes.iter().find(|a| a.target == "__tablename__").map(|a| a.value);
            let is_abstract = attributes.iter().any(|a| a.target == "__abstract__");
            let Some(name) = self.outline.child(class.node, Field::Name) else { continue };
            let table = match given {
                Some(value) => value.and_then(|value| self.outline.literal(value)),
                None if is_abstract => None,
                None if is_table_of_sql_model(self.outline, &class.bases) => Some(class.name.to_lowercase()),
                None if self.is_flask(&class.bases) => Some(snake_case(class.name)),
                None => None,
            };
            let is_base = table.is_some()
                || !columns.is_empty()
                || bases.iter().any(|base| matches!(*base, "DeclarativeBase" | "MappedAsDataclass" | "Base"));
            if !is_base {
                continue;
            }
            let roots = [
                "DeclarativeBase",
                "DeclarativeBaseNoMeta",
                "MappedAsDataclass",
                "SQLModel",
                "object",
                "AsyncAttrs",
                "Generic",
                "ABC",
            ];
            let is_root =
                |base: &&str| roots.contains(base) || *base == "Model" && self.is_flask(&class.bases);
            out.table_bases.push(TableBase {
                has_key: false,
                class: class.name.to_owned(),
                bases: bases.iter().filter(|base| !is_root(base)).map(|b| (*b).to_owned()).collect(),
                columns: columns.clone(),
            });
            let Some(table) = table else { continue };
            let place = self.file.place(name.byte_range());
            let class = Some(class.name.to_owned());
            out.tables.push(Table { name: table, class, columns, complete: true, source: SOURCE, place });
        }
    }

    /// The column of an attribute of a class.
    fn attribute(&self, attribute: &Assignment<'t>, is_model: bool) -> Option<Column> {
        let name = attribute.target;
        if name.starts_with("__") || name.contains('.') || name == "model_config" {
            return None;
        }
        let place = self.file.place(attribute.node.byte_range());
        let annotation = attribute.annotation.map(|node| self.outline.text_of(node));
        let call = attribute.value.filter(|value| value.kind() == Kind::Call);
        let function =
            call.and_then(|call| self.outline.dotted(self.outline.child(call, Field::Function)?)).map(last);
        if matches!(function, Some("Column" | "mapped_column")) {
            let mut column = self.column(call?, name)?;
            if column.kind.is_empty() {
                annotation.unwrap_or("").clone_into(&mut column.kind);
            }
            return Some(Column { place, ..column });
        }
        let is_relation = matches!(
            function,
            Some("relationship" | "Relationship" | "association_proxy" | "column_property")
        );
        let annotation = annotation.filter(|_| !is_relation)?;
        let is_mapped = annotation.starts_with("Mapped[") && function.is_none();
        let is_field =
            is_model && matches!(function, None | Some("Field")) && !annotation.contains("ClassVar");
        (is_mapped || is_field).then(|| Column { name: name.to_owned(), kind: annotation.to_owned(), place })
    }

    /// `Column("name", Integer)`, with the name given or that of the attribute.
    fn column(&self, call: Node, attribute: &str) -> Option<Column> {
        let arguments = self.outline.arguments(call);
        let given = named(&arguments, "name").or_else(|| positional(&arguments, 0));
        let given = given.and_then(|node| self.outline.literal(node));
        let at = usize::from(given.is_some() && named(&arguments, "name").is_none());
        let kind = positional(&arguments, at).map_or("", |node| self.outline.text_of(node));
        let name = given.or_else(|| (!attribute.is_empty()).then(|| attribute.to_owned()))?;
        Some(Column { name, kind: kind.to_owned(), place: self.file.place(call.byte_range()) })
    }

    /// The columns among the arguments of a call, and whether these are all.
    fn columns(&self, call: Node, from: usize) -> (Vec<Column>, bool) {
        let mut columns = Vec::new();
        let mut complete = true;
        let list = self.outline.child(call, Field::Arguments);
        let list = list.into_iter().flat_map(|list| self.outline.children(list));
        for node in list.skip(from).filter(|node| node.kind() != Kind::KeywordArgument) {
            let function =
                (node.kind() == Kind::Call).then(|| self.outline.child(node, Field::Function)).flatten();
            match function.and_then(|function| self.outline.dotted(function)).map(last) {
                Some("Column") => match self.column(node, "") {
                    Some(column) => columns.push(column),
                    None => complete = false,
                },
                Some(other) if other.ends_with("Constraint") || other == "Index" => {}
                _ => complete = false,
            }
        }
        (columns, complete)
    }

    /// `orders = Table("orders", metadata, Column(…))`.
    fn tables(&self, out: &mut FileFacts) {
        for call in
            self.outline.calls.iter().filter(|call| {
                matches!(call.function, "Table" | "sa.Table" | "sqlalchemy.Table" | "db.Table")
            })
        {
            let arguments = self.outline.arguments(call.node);
            let Some(name) = positional(&arguments, 0).and_then(|node| self.outline.literal(node)) else {
                continue;
            };
            // Flask-SQLAlchemy knows the metadata.
            let from = if call.function == "db.Table" { 1 } else { 2 };
            let (columns, complete) = self.columns(call.node, from);
            if columns.is_empty() {
                continue;
            }
            let place = self.file.place(call.node.byte_range());
            out.tables.push(Table { name, class: None, columns, complete, source: SOURCE, place });
        }
    }

    /// Alembic's `upgrade`, and the place of the migration among the others.
    fn migration(&self, out: &mut FileFacts) {
        let own = |name: &str| {
            self.outline
                .assignments
                .iter()
                .find(|a| a.target == name && a.scope.is_none())
                .and_then(|a| a.value)
        };
        if let Some(id) = own("revision").and_then(|node| self.outline.literal(node)) {
            let after =
                own("down_revision").and_then(|node| self.outline.literals_of(node)).unwrap_or_default();
            out.revision = Some(Revision { id, after });
        }
        let mut batches: Vec<(std::ops::Range<usize>, String)> = Vec::new();
        for call in &self.outline.calls {
            let function = call.scope.and_then(|at| self.outline.definitions.get(at)).map_or("", |d| d.name);
            if function.starts_with("downgrade") {
                continue;
            }
            let Some((object, verb)) = call.function.rsplit_once('.') else { continue };
            let arguments = self.outline.arguments(call.node);
            if verb == "batch_alter_table" {
                let table = positional(&arguments, 0).and_then(|node| self.outline.literal(node));
                let end = self
                    .outline
                    .definitions
                    .get(call.scope.unwrap_or(usize::MAX))
                    .map_or(usize::MAX, |d| d.node.end_byte());
                batches.extend(table.map(|table| (call.node.start_byte()..end, table)));
                continue;
            }
            let batch = batches
                .iter()
                .rev()
                .find(|(range, _)| object != "op" && range.contains(&call.node.start_byte()));
            let step = match batch {
                Some((_, table)) => self.step(verb, call.node, Some(table.clone())),
                None if object == "op" => self.step(verb, call.node, None),
                None => None,
            };
            let Some((table, change)) = step else { continue };
            let place = self.file.place(call.node.byte_range());
            out.table_steps.push(TableStep { table, change, source: ALEMBIC, place });
        }
    }

    /// What a call of `op` does, or of the batch for one table, where the table is not named again.
    fn step(&self, verb: &str, call: Node, batch: Option<String>) -> Option<(String, TableChange)> {
        let arguments = self.outline.arguments(call);
        let after = usize::from(batch.is_none());
        let text = |node: Option<Node>| node.and_then(|node| self.outline.literal(node));
        if verb == "rename_table" {
            let names = (text(positional(&arguments, 0))?, text(positional(&arguments, 1))?);
            return Some((names.0, TableChange::Rename(names.1)));
        }
        let table = match batch {
            Some(table) => table,
            None => text(positional(&arguments, 0).or_else(|| named(&arguments, "table_name")))?,
        };
        let change = match verb {
            "create_table" => {
                let (columns, complete) = self.columns(call, 1);
                TableChange::Create { columns, complete }
            }
            "drop_table" => TableChange::Drop,
            "add_column" => TableChange::AddColumn(self.column(positional(&arguments, after)?, "")?),
            "drop_column" => TableChange::DropColumn(text(positional(&arguments, after))?),
            "alter_column" => TableChange::RenameColumn {
                from: text(positional(&arguments, after))?,
                to: text(named(&arguments, "new_column_name"))?,
            },
            _ => return None,
        };
        Some((table, change))
    }
}

/// `class Hero(SQLModel, table=True)`.
fn is_table_of_sql_model(outline: &Outline<'_>, bases: &[Node]) -> bool {
    bases.iter().filter(|base| base.kind() == Kind::KeywordArgument).any(|base| {
        let text = outline.text.get(base.byte_range()).unwrap_or("");
        text.split_once('=').is_some_and(|(name, value)| name.trim() == "table" && value.trim() == "True")
    })
}

/// `OrderItem` as Flask-SQLAlchemy names its table.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let ends_capitals = rest.peek().is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && before != '_' && (!before.is_uppercase() || ends_capitals) {
            out.push('_');
        }
        out.extend(c.to_lowercase());
        before = c;
    }
    out
}
