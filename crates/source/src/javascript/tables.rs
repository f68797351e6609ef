//! Tables of object mappers: MikroORM, TypeORM, sequelize-typescript, Drizzle, Sequelize.

use super::{Kind, Script};
use crate::inherit::TableBase;
use crate::{FileFacts, SourceFile};
use std::ops::Range;
use trueup_codebase::{Column, Table};

/// Adds the tables that a file declares.
pub(crate) fn read(file: &SourceFile<'_>, out: &mut FileFacts) {
    if file.has_any(&["@Entity", "@Table", "@Property", "@Column", "@PrimaryKey", "@PrimaryGenerated"]) {
        classes(file, out);
    }
    if file.has_any(&["Table(", ".table("]) && file.has_any(&["drizzle"]) {
        drizzle(file, &mut out.tables);
    }
    if file.has_any(&["equelize", "DataTypes"]) {
        sequelize(file, &mut out.tables);
    }
}

/// The mapper of a file of classes.
#[derive(Clone, Copy, PartialEq)]
enum Mapper {
    Mikro,
    TypeOrm,
    Sequelize,
}

impl Mapper {
    fn of(file: &SourceFile<'_>) -> Mapper {
        if file.has_any(&["sequelize-typescript"]) {
            Mapper::Sequelize
        } else if file.has_any(&["typeorm"])
            || !file.has_any(&["@mikro-orm", "@Property"]) && file.has_any(&["@Column"])
        {
            Mapper::TypeOrm
        } else {
            Mapper::Mikro
        }
    }

    fn name(self) -> &'static str {
        match self {
            Mapper::Mikro => "MikroORM",
            Mapper::TypeOrm => "TypeORM",
            Mapper::Sequelize => "Sequelize",
        }
    }
}

/// A decorator: its name, and its `(` where it has arguments.
struct Decorator<'a> {
    name: &'a str,
    open: Option<usize>,
}

/// The decorators that begin at a place, and what follows them.
fn decorators<'a>(script: &Script<'a>, mut at: usize) -> (Vec<Decorator<'a>>, usize) {
    let mut out = Vec::new();
    while script.is(at, b'@') && !script.name(at + 1).is_empty() {
        let (_, end) = script.dotted(at + 1);
        let open = script.call(end);
        out.push(Decorator { name: script.name(end - 1), open });
        at = open.map_or(end, |open| script.after(open));
    }
    (out, at)
}

fn classes(file: &SourceFile<'_>, out: &mut FileFacts) {
    let script = &file.script();
    let mapper = Mapper::of(file);
    let mut at = 0;
    while at < script.len() {
        if script.is(at, b'@') {
            let (decorators, mut next) = decorators(script, at);
            while matches!(script.name(next), "export" | "default" | "abstract" | "declare") {
                next += 1;
            }
            if script.name(next) == "class" {
                class(file, script, mapper, &decorators, next, out);
                at = next;
            }
        } else if script.name(at) == "class" && !decorated(script, at) {
            class(file, script, mapper, &[], at, out);
        }
        at += 1;
    }
}

/// Whether a class has decorators, which were seen before it.
fn decorated(script: &Script<'_>, mut at: usize) -> bool {
    while matches!(script.name_before(at), "export" | "default" | "abstract" | "declare") {
        at -= 1;
    }
    let Some(last) = script.before(at) else { return false };
    let callee = match script.is(last, b')') {
        true => script.opening(last).unwrap_or(0),
        false => last + 1,
    };
    // `@Entity` or `@Entity(…)`, with the name of its module before it at most.
    [2, 4].iter().any(|back| callee.checked_sub(*back).is_some_and(|at| script.is(at, b'@')))
}

/// A class: a table where it is marked as one, else columns that others may inherit.
fn class(
    file: &SourceFile<'_>,
    script: &Script<'_>,
    mapper: Mapper,
    marks: &[Decorator<'_>],
    at: usize,
    out: &mut FileFacts,
) {
    let name = script.name(at + 1);
    let Some(body) = (at + 1..at + 60).find(|at| script.is(*at, b'{')).filter(|_| !name.is_empty()) else {
        return;
    };
    let mark =
        marks.iter().find(|mark| matches!(mark.name, "Entity" | "Table" | "ChildEntity" | "ViewEntity"));
    let underscored =
        mark.and_then(|mark| mark.open).is_some_and(|open| says(script, open + 1, "underscored", "true"));
    let (columns, complete) = members(file, script, mapper, underscored, body);
    if mark.is_none() && columns.is_empty() {
        return;
    }
    let base = (at + 2..body).find(|at| script.name(*at) == "extends").map(|at| script.dotted(at + 1).0);
    // The mapper's own base classes have no columns.
    let is_own = |base: &String| {
        !matches!(base.as_str(), "BaseEntity" | "Model" | "typeorm.BaseEntity") || !from_mapper(file, base)
    };
    let bases: Vec<String> = base.into_iter().filter(is_own).collect();
    let is_abstract =
        mark.and_then(|mark| mark.open).is_some_and(|open| says(script, open + 1, "abstract", "true"));
    if let Some(mark) = mark.filter(|_| !is_abstract)
        && let Some((table, place)) = table_name(file, script, mapper, mark, name, at + 1)
    {
        out.tables.push(Table {
            name: table,
            class: Some(name.to_owned()),
            columns: columns.clone(),
            complete,
            source: mapper.name(),
            place: file.place(place),
        });
    }
    out.table_bases.push(TableBase { class: name.to_owned(), bases, columns, has_key: false });
}

/// Whether a base class comes from the mapper's package.
fn from_mapper(file: &SourceFile<'_>, base: &str) -> bool {
    let modules = super::Modules::read(&file.script());
    let root = base.split('.').next().unwrap_or(base);
    modules.origin(root).is_none_or(|(module, _)| !module.starts_with('.') && !module.starts_with("@/"))
}

fn says(script: &Script<'_>, open: usize, key: &str, value: &str) -> bool {
    script.value_of(open, key).is_some_and(|range| script.source(range.start) == value)
}

/// The first of some keys in the object literals of arguments that is a text.
fn option(
    file: &SourceFile<'_>,
    script: &Script<'_>,
    open: usize,
    keys: &[&str],
) -> Option<(String, Range<usize>)> {
    let objects = script.items(open).into_iter().filter(|arg| script.is(arg.start, b'{'));
    objects.into_iter().find_map(|arg| {
        let value = keys.iter().find_map(|key| script.value_of(arg.start, key))?;
        let text =
            script.evaluate(&value, file.constants()).filter(|t| !t.starts_with(crate::UNKNOWN_FRONT))?;
        Some((text, script.ranges(value)))
    })
}

fn table_name(
    file: &SourceFile<'_>,
    script: &Script<'_>,
    mapper: Mapper,
    mark: &Decorator<'_>,
    class: &str,
    at: usize,
) -> Option<(String, Range<usize>)> {
    if let Some(open) = mark.open {
        if let Some(first) = script.items(open).first().filter(|arg| !script.is(arg.start, b'{')) {
            let text = script.evaluate(first, file.constants())?;
            return Some((text, script.ranges(first.clone())));
        }
        let keys: &[&str] = if mapper == Mapper::TypeOrm { &["name"] } else { &["tableName", "collection"] };
        if let Some(found) = option(file, script, open, keys) {
            return Some(found);
        }
    }
    match mapper {
        Mapper::Mikro | Mapper::TypeOrm => Some((snake(class), script.range(at))),
        // Sequelize makes a plural of the name, which is not guessed here.
        Mapper::Sequelize => None,
    }
}

/// The columns of a class, and whether they are all of its own.
fn members(
    file: &SourceFile<'_>,
    script: &Script<'_>,
    mapper: Mapper,
    underscored: bool,
    body: usize,
) -> (Vec<Column>, bool) {
    let (mut columns, mut complete) = (Vec::new(), true);
    let (mut at, end) = (body + 1, script.close(body));
    while at < end {
        if !script.is(at, b'@') {
            at = script.after(at);
            continue;
        }
        let (decorators, mut next) = decorators(script, at);
        if next == at {
            at += 1;
            continue;
        }
        while matches!(
            script.name(next),
            "public" | "private" | "protected" | "readonly" | "declare" | "static"
        ) && !script.name(next + 1).is_empty()
        {
            next += 1;
        }
        let member = Member { file, script, mapper, underscored, decorators: &decorators, at: next };
        match member.column() {
            Held::Column(column) => columns.push(column),
            Held::Unknown => complete = false,
            Held::Nothing => {}
        }
        at = next.max(at + 1);
    }
    (columns, complete)
}

/// What a member of a class holds.
enum Held {
    Column(Column),
    Nothing,
    /// Columns that were not followed.
    Unknown,
}

struct Member<'a, 'f> {
    file: &'f SourceFile<'a>,
    script: &'f Script<'a>,
    mapper: Mapper,
    underscored: bool,
    decorators: &'f [Decorator<'a>],
    /// The token of its name.
    at: usize,
}

impl Member<'_, '_> {
    fn column(&self) -> Held {
        let name = self.script.name(self.at);
        let find = |names: &[&str]| self.decorators.iter().find(|mark| names.contains(&mark.name));
        if name.is_empty()
            || find(&["Formula", "OneToMany", "ManyToMany", "HasMany", "HasOne", "BelongsToMany"]).is_some()
        {
            return Held::Nothing;
        }
        if find(&["Embedded"]).is_some() {
            return Held::Unknown;
        }
        if let Some(mark) = find(&["ManyToOne", "OneToOne"]) {
            return self.relation(name, mark);
        }
        let plain = [
            "Property",
            "PrimaryKey",
            "SerializedPrimaryKey",
            "Enum",
            "Column",
            "PrimaryColumn",
            "PrimaryGeneratedColumn",
            "CreateDateColumn",
            "UpdateDateColumn",
            "DeleteDateColumn",
            "VersionColumn",
            "ObjectIdColumn",
            "CreatedAt",
            "UpdatedAt",
            "DeletedAt",
            "ForeignKey",
            "Version",
        ];
        let Some(mark) = find(&["Column"]).or_else(|| find(&plain)) else { return Held::Nothing };
        if mark.name == "SerializedPrimaryKey" {
            return Held::Nothing;
        }
        if let Some(open) = mark.open {
            let is_virtual = says(self.script, open + 1, "persist", "false");
            // TypeORM's `@Column(() => Address)` lends the columns of another class.
            let embeds =
                self.script.is(open + 1, b'(') && mark.name == "Column" && self.mapper == Mapper::TypeOrm;
            if is_virtual || embeds {
                return if embeds { Held::Unknown } else { Held::Nothing };
            }
        }
        let keys: &[&str] = match self.mapper {
            Mapper::Mikro => &["fieldName", "name"],
            Mapper::TypeOrm => &["name"],
            Mapper::Sequelize => &["field"],
        };
        let told = mark.open.and_then(|open| option(self.file, self.script, open, keys));
        self.made(told, || self.spelled(name), self.kind(mark))
    }

    /// The column of a reference.
    fn relation(&self, name: &str, mark: &Decorator<'_>) -> Held {
        let joined = self.decorators.iter().find(|mark| mark.name == "JoinColumn");
        match self.mapper {
            Mapper::Mikro => {
                let has = |key| {
                    mark.open.is_some_and(|open| {
                        self.script
                            .items(open)
                            .iter()
                            .any(|arg| self.script.value_of(arg.start, key).is_some())
                    })
                };
                if has("mappedBy")
                    || has("persist")
                    || mark.name == "OneToOne" && !has("owner") && !has("inversedBy") && !has("fieldName")
                {
                    return Held::Nothing;
                }
                if has("fieldNames") || has("joinColumns") {
                    return Held::Unknown;
                }
                let told = mark.open.and_then(|open| {
                    option(self.file, self.script, open, &["fieldName", "joinColumn", "name"])
                });
                self.made(told, || format!("{}_id", snake(name)), String::new())
            }
            Mapper::TypeOrm => {
                // Only the side with the column owns a one-to-one.
                if mark.name == "OneToOne" && joined.is_none() {
                    return Held::Nothing;
                }
                let told = joined.and_then(|mark| option(self.file, self.script, mark.open?, &["name"]));
                self.made(told, || format!("{name}Id"), String::new())
            }
            Mapper::Sequelize => Held::Nothing,
        }
    }

    fn made(&self, told: Option<(String, Range<usize>)>, usual: impl Fn() -> String, kind: String) -> Held {
        let place = self.file.place(self.script.range(self.at));
        let name = told.map_or_else(usual, |(name, _)| name);
        Held::Column(Column { name, kind, place })
    }

    /// The name of a column as the mapper makes it from the name of a property.
    fn spelled(&self, name: &str) -> String {
        match self.mapper {
            Mapper::Mikro => snake(name),
            Mapper::Sequelize if self.underscored => snake(name),
            Mapper::TypeOrm | Mapper::Sequelize => name.to_owned(),
        }
    }

    /// The type as the decorator tells it, else as the property has it.
    fn kind(&self, mark: &Decorator<'_>) -> String {
        let told = mark.open.and_then(|open| {
            let first = self.script.items(open).first().and_then(|arg| self.script.literal_of(arg));
            first.map(|text| text.into_owned()).or_else(|| {
                option(self.file, self.script, open, &["columnType", "type"]).map(|(text, _)| text)
            })
        });
        let sign = (self.at + 1..self.at + 3).find(|at| self.script.is(*at, b':'));
        told.or_else(|| sign.map(|at| self.script.name(at + 1).to_owned())).unwrap_or_default()
    }
}

/// `OrderItem` and `orderItem` are `order_item`.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut last = '_';
    for c in name.chars() {
        if c.is_uppercase() && last != '_' && (last.is_lowercase() || last.is_ascii_digit()) {
            out.push('_');
        }
        out.extend(c.to_lowercase());
        last = c;
    }
    out
}

/// `pgTable('orders', { id: serial('id'), … })`, `schema.table(…)`.
fn drizzle(file: &SourceFile<'_>, out: &mut Vec<Table>) {
    let script = &file.script();
    for at in 0..script.len() {
        let name = script.name(at);
        let is_table =
            matches!(name, "pgTable" | "mysqlTable" | "sqliteTable" | "singlestoreTable" | "createTable")
                || name == "table" && script.is_before(at, b'.');
        let Some(open) = script.call(at + 1).filter(|_| is_table) else { continue };
        let args = script.items(open);
        let (Some(first), Some(second)) = (args.first(), args.get(1)) else { continue };
        let Some(table) =
            script.evaluate(first, file.constants()).filter(|t| !t.starts_with(crate::UNKNOWN_FRONT))
        else {
            continue;
        };
        // `(t) => ({ … })`
        let Some(body) = second.clone().take(12).find(|at| script.is(*at, b'{')) else { continue };
        let mut complete = true;
        let mut columns = Vec::new();
        for item in script.items(body) {
            if script.kind(item.start) == Some(Kind::Spread) {
                complete = false;
                continue;
            }
            columns.extend(drizzle_column(file, script, item));
        }
        let place = file.place(script.ranges(first.clone()));
        out.push(Table { name: table, class: None, columns, complete, source: "Drizzle", place });
    }
}

fn drizzle_column(file: &SourceFile<'_>, script: &Script<'_>, item: Range<usize>) -> Option<Column> {
    let key = script.name(item.start);
    if key.is_empty() || !script.is(item.start + 1, b':') {
        return None;
    }
    let (kind, end) = script.dotted(item.start + 2);
    let open = script.call(end)?;
    let told = script.items(open).first().and_then(|arg| script.literal_of(arg));
    let name = told.map_or_else(|| key.to_owned(), |name| name.into_owned());
    let kind = kind.rsplit('.').next().unwrap_or("").to_owned();
    Some(Column { name, kind, place: file.place(script.range(item.start)) })
}

/// `sequelize.define('Order', { … }, { tableName })` and `Order.init({ … }, { sequelize, tableName })`.
fn sequelize(file: &SourceFile<'_>, out: &mut Vec<Table>) {
    let script = &file.script();
    for at in 2..script.len() {
        let name = script.name(at);
        if !script.is_before(at, b'.') || !matches!(name, "define" | "init") {
            continue;
        }
        let Some(open) = script.call(at + 1) else { continue };
        let args = script.items(open);
        let defines = name == "define";
        let model = match defines {
            true => args.first().and_then(|arg| script.evaluate(arg, file.constants())),
            false => Some(script.name(at - 2).to_owned()),
        };
        let skipped = usize::from(defines);
        let Some(fields) = args.get(skipped).filter(|arg| script.is(arg.start, b'{')) else { continue };
        let options = args.get(skipped + 1).map_or(usize::MAX, |arg| arg.start);
        if !defines && script.value_of(options, "sequelize").is_none() {
            continue;
        }
        let Some(model) = model else { continue };
        let told = option(file, script, open, &["tableName"]);
        let frozen = says(script, options, "freezeTableName", "true");
        let place = script.range(at);
        let Some((table, place)) = told.or_else(|| frozen.then(|| (model.clone(), place))) else { continue };
        let underscored = says(script, options, "underscored", "true");
        let (columns, complete) = sequelize_columns(file, script, fields.start, options, underscored);
        let place = file.place(place);
        out.push(Table { name: table, class: Some(model), columns, complete, source: "Sequelize", place });
    }
}

fn sequelize_columns(
    file: &SourceFile<'_>,
    script: &Script<'_>,
    fields: usize,
    options: usize,
    underscored: bool,
) -> (Vec<Column>, bool) {
    let spelled = |name: &str| if underscored { snake(name) } else { name.to_owned() };
    let (mut columns, mut complete, mut has_key) = (Vec::new(), true, false);
    for entry in script.entries(fields) {
        if entry.key.is_empty() {
            complete = false;
            continue;
        }
        let field = script.value_of(entry.value.start, "field").and_then(|value| script.literal_of(&value));
        has_key |= says(script, entry.value.start, "primaryKey", "true");
        let name = field.map_or_else(|| spelled(entry.key), |name| name.into_owned());
        let kind = script.value_of(entry.value.start, "type").unwrap_or(entry.value.clone());
        let kind = script.dotted(kind.start).0.rsplit('.').next().unwrap_or("").to_owned();
        columns.push(Column { name, kind, place: file.place(script.range(entry.at)) });
    }
    // Sequelize adds a key and two times by itself.
    let place = file.place(script.range(fields));
    let mut implied = Vec::new();
    implied.extend((!has_key).then(|| "id".to_owned()));
    if options == usize::MAX || !says(script, options, "timestamps", "false") {
        implied.extend([spelled("createdAt"), spelled("updatedAt")]);
    }
    for name in implied {
        if !columns.iter().any(|column: &Column| column.name == name) {
            columns.push(Column { name, kind: String::new(), place: place.clone() });
        }
    }
    (columns, complete)
}
