//! Rights that roles had before a file and have no more behind it, as the catalogs tell: what is lost here is tried in
//! [`tried`] before it is reported.
//!
//! What is gone as a whole (a table, a role) breaks by itself, and once; so only what is there before and behind the file
//! is looked at. A right counts for a role whether it was given to it, to a role whose rights it inherits, or to everybody.

mod reach;
pub(crate) mod tried;

use crate::old::Old;
use crate::state::short;
use reach::{Reach, inherited};
use std::collections::BTreeSet;
use trueup_catalog::{
    Catalog, Column, Function, FunctionKind, Generated, Grant, Policy, PolicyCommand, Relation, RelationKind,
    Schema, quote_ident,
};

/// Everybody, as rights name them.
const PUBLIC: &str = "PUBLIC";

/// Something that a role could do before a file and, by the catalogs, cannot do behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    pub role: String,
    /// The table, view, function or schema, for people.
    pub object: String,
    /// Its name alone.
    pub name: String,
    /// `SELECT`, `EXECUTE`.
    pub right: &'static str,
    /// In short, for people: `SELECT id FROM item`.
    pub shape: String,
    /// What is tried as that role.
    pub sql: String,
    pub how: How,
    /// Where it cannot be tried in front of the file: what the catalogs alone tell.
    pub told: ByCatalog,
}

/// What the catalogs alone tell of something that seems to be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByCatalog {
    /// A right or a policy was there and is gone.
    Gone,
    /// It may be lost.
    Unclear,
    /// It was of no use in front of the file: the role may not use the schema, or its policies let nothing through.
    Useless,
}

/// How a right is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// The server refuses the statement.
    Refused,
    /// Row security lets no row through; these rows are there, and what is tried is known by what it reaches of them.
    NoRow {
        /// The commands for which there is no policy.
        commands: Vec<&'static str>,
        rows: Vec<String>,
    },
    /// Row security is asked from now on, and policies tell which rows are left.
    SomeRows,
}

/// What is lost from one catalog to another.
pub(crate) fn lost(before: &Catalog, behind: &Catalog, old: &Old) -> Vec<Lost> {
    let roles = Roles { before, behind, same: before.roles == behind.roles, reach: actors(before, behind) };
    let mut all = Vec::new();
    for schema in &before.schemas {
        if let Some(now) = behind.schemas.iter().find(|now| now.name == schema.name) {
            all.extend(of_schema(&roles, schema, now));
        }
    }
    for relation in &before.relations {
        let Some(now) = behind.relation(&relation.schema, &relation.name) else { continue };
        if (relation.kind == RelationKind::Sequence) == (now.kind == RelationKind::Sequence) {
            all.extend(of_relation(&roles, relation, now));
            all.extend(of_rows(&roles, relation, now, old));
        }
    }
    for function in before.functions.iter().filter(|function| !function.is_trigger) {
        let same = |now: &&Function| {
            now.schema == function.schema
                && now.name == function.name
                && now.argument_types == function.argument_types
        };
        if let Some(now) = behind.functions.iter().find(same) {
            all.extend(of_function(&roles, function, now));
        }
    }
    let own = all.iter().filter(|one| !by_another(&roles, one, &all)).cloned();
    own.collect()
}

/// Whether a role lost something with a role whose rights it inherits: that one is told.
fn by_another(roles: &Roles<'_>, one: &Lost, all: &[Lost]) -> bool {
    let Some(reach) = roles.reach.iter().find(|reach| reach.role == one.role) else { return false };
    let same = |other: &&Lost| (&other.object, &other.right) == (&one.object, &one.right);
    let inherited = |other: &Lost| other.role != one.role && reach.before.contains(other.role.as_str());
    all.iter().filter(same).any(|other| inherited(other) && other.sql == one.sql)
}

/// The roles of which rights can be lost.
struct Roles<'c> {
    before: &'c Catalog,
    behind: &'c Catalog,
    /// No role has changed.
    same: bool,
    reach: Vec<Reach<'c>>,
}

impl Roles<'_> {
    /// Whether a role could use a schema before the file.
    fn may_use(&self, reach: &Reach<'_>, schema: &str) -> bool {
        let schema = self.before.schemas.iter().find(|one| one.name == schema);
        schema.is_some_and(|schema| reach::holds(&reach.before, &schema.grants, "USAGE", None))
    }
}

/// Roles that are there before and behind the file and have a right of their own on something, superusers left out.
/// Where there is none, everybody: then nobody knows as whom the version runs.
fn actors<'c>(before: &'c Catalog, behind: &'c Catalog) -> Vec<Reach<'c>> {
    let named = named(before);
    let there = before.roles.iter().filter(|role| !role.superuser && behind.role(&role.name).is_some());
    let all = there.map(|role| Reach {
        role: &role.name,
        before: inherited(before, &role.name),
        behind: inherited(behind, &role.name),
    });
    let users: Vec<Reach<'c>> = all
        .filter(|reach| reach.before.iter().any(|name| *name != PUBLIC && named.contains(name)))
        .filter(|reach| behind.role(reach.role).is_some_and(|role| !role.superuser))
        .collect();
    match users.is_empty() {
        true => vec![Reach::of_everybody()],
        false => users,
    }
}

/// Roles that own something or have a right on it.
fn named(catalog: &Catalog) -> BTreeSet<&str> {
    fn grantees(grants: &[Grant]) -> impl Iterator<Item = &str> {
        grants.iter().map(|grant| grant.grantee.as_str())
    }
    let mut all = BTreeSet::new();
    for relation in &catalog.relations {
        all.insert(relation.owner.as_str());
        all.extend(grantees(&relation.grants));
    }
    for function in &catalog.functions {
        all.insert(function.owner.as_str());
        all.extend(grantees(&function.grants));
    }
    for schema in &catalog.schemas {
        all.extend(grantees(&schema.grants));
        // Who owns `public` is the server's choice.
        all.extend((schema.name != "public").then_some(schema.owner.as_str()));
    }
    let everything = ["pg_read_all_data", "pg_write_all_data", "pg_database_owner"];
    all.extend(everything);
    all
}

/// A thing with rights, before and behind the file.
struct Pair<'p> {
    before: &'p [Grant],
    behind: &'p [Grant],
}

impl Pair<'_> {
    /// Whether a role loses a right, on a column or, without one, on the whole.
    fn loses(&self, reach: &Reach<'_>, right: &str, column: Option<&str>) -> bool {
        reach::holds(&reach.before, self.before, right, column)
            && !reach::holds(&reach.behind, self.behind, right, column)
    }

    fn keeps(&self, reach: &Reach<'_>, right: &str, column: Option<&str>) -> bool {
        reach::holds(&reach.before, self.before, right, column)
            && reach::holds(&reach.behind, self.behind, right, column)
    }
}

fn of_schema(roles: &Roles<'_>, schema: &Schema, now: &Schema) -> Vec<Lost> {
    let pair = Pair { before: &schema.grants, behind: &now.grants };
    if roles.same && pair.before == pair.behind {
        return Vec::new();
    }
    let mut all = Vec::new();
    for reach in &roles.reach {
        let lost = |right: &'static str, shape: String, sql: String| Lost {
            role: reach.role.to_owned(),
            object: format!("schema {}", schema.name),
            name: schema.name.clone(),
            right,
            shape,
            sql,
            how: How::Refused,
            told: ByCatalog::Gone,
        };
        if pair.loses(reach, "USAGE", None)
            && let Some((shape, sql)) = use_of(roles, reach, &schema.name)
        {
            all.push(lost("USAGE", shape, sql));
        }
        // What everybody may make is taken away by whoever secures a database, and no version asks for it.
        let given = |grant: &Grant| grant.grantee != PUBLIC && reach.before.contains(grant.grantee.as_str());
        if pair.loses(reach, "CREATE", None) && schema.grants.iter().any(given) {
            let sql = format!("CREATE TABLE {}.trueup_probe ()", quote_ident(&schema.name));
            all.push(lost("CREATE", format!("CREATE TABLE {}.…", schema.name), sql));
        }
    }
    all
}

/// What a role may use in a schema and still could but for the schema: a relation, else a function.
fn use_of(roles: &Roles<'_>, reach: &Reach<'_>, schema: &str) -> Option<(String, String)> {
    let readable = |relation: &Relation| {
        let now = roles.behind.relation(schema, &relation.name)?;
        let column = relation.columns.iter().find(|column| {
            let name = Some(column.name.as_str());
            now.column(&column.name).is_some()
                && reach::holds(&reach.before, &relation.grants, "SELECT", name)
        })?;
        Some(select(relation, &[column]))
    };
    let relations = roles
        .before
        .relations
        .iter()
        .filter(|relation| relation.schema == schema && relation.kind != RelationKind::Sequence);
    let callable = |function: &&Function| {
        function.schema == schema
            && !function.is_trigger
            && reach::holds(&reach.before, &function.grants, "EXECUTE", None)
    };
    relations.filter_map(readable).next().or_else(|| roles.before.functions.iter().find(callable).map(call))
}

fn of_relation(roles: &Roles<'_>, relation: &Relation, now: &Relation) -> Vec<Lost> {
    let pair = Pair { before: &relation.grants, behind: &now.grants };
    let other = is_another_view(relation, now);
    if roles.same && pair.before == pair.behind && !other {
        return Vec::new();
    }
    let rights: &[&'static str] = match relation.kind {
        RelationKind::Sequence => &["USAGE", "SELECT", "UPDATE"],
        RelationKind::MaterializedView => &["SELECT"],
        RelationKind::View => &["SELECT", "INSERT", "UPDATE", "DELETE"],
        _ => &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"],
    };
    let mut all = Vec::new();
    for reach in &roles.reach {
        for right in rights {
            let columns: Vec<&Column> = relation
                .columns
                .iter()
                .filter(|column| now.column(&column.name).is_some())
                .filter(|column| {
                    pair.loses(reach, right, Some(&column.name))
                        || (other && *right == "SELECT" && pair.keeps(reach, right, Some(&column.name)))
                })
                .collect();
            let whole = pair.loses(reach, right, None);
            let gone = whole || columns.iter().any(|column| pair.loses(reach, right, Some(&column.name)));
            if let Some((shape, sql)) = statement(relation, right, &columns, whole) {
                all.push(Lost {
                    role: reach.role.to_owned(),
                    object: relation.display_name(),
                    name: relation.name.clone(),
                    right,
                    shape,
                    sql,
                    how: How::Refused,
                    told: match (roles.may_use(reach, &relation.schema), gone) {
                        (false, _) => ByCatalog::Useless,
                        (true, true) => ByCatalog::Gone,
                        (true, false) => ByCatalog::Unclear,
                    },
                });
            }
        }
    }
    all
}

/// Whether a view asks for other rights on what it reads: as its owner or as whoever reads it, and of what.
fn is_another_view(view: &Relation, now: &Relation) -> bool {
    let asks = |one: &Relation| (one.kind, one.owner.clone(), one.options.clone(), one.definition.clone());
    now.kind == RelationKind::View && asks(view) != asks(now)
}

/// A statement that needs a right on these columns, or on the whole, and changes nothing that is not taken back.
fn statement(relation: &Relation, right: &str, columns: &[&Column], whole: bool) -> Option<(String, String)> {
    let (name, shown) = (relation.sql_name(), relation.display_name());
    let literal = trueup_catalog::quote_literal(&name);
    let names: Vec<String> = columns.iter().map(|column| quote_ident(&column.name)).collect();
    if relation.kind == RelationKind::Sequence {
        let (shape, sql) = match right {
            "USAGE" => (format!("nextval('{shown}')"), format!("SELECT pg_catalog.nextval({literal})")),
            "UPDATE" => (format!("setval('{shown}', …)"), format!("SELECT pg_catalog.setval({literal}, 1)")),
            _ => (format!("SELECT last_value FROM {shown}"), format!("SELECT last_value FROM {name}")),
        };
        return whole.then_some((shape, sql));
    }
    match right {
        "SELECT" if !columns.is_empty() => Some(select(relation, columns)),
        "INSERT" if !columns.is_empty() => {
            let values: Vec<String> =
                columns.iter().map(|column| format!("NULL::{}", column.type_name)).collect();
            let (names, values) = (names.join(", "), values.join(", "));
            let sql =
                format!("INSERT INTO {name} ({names}) OVERRIDING SYSTEM VALUE SELECT {values} WHERE false");
            let written = columns.iter().all(|column| column.generated != Generated::Expression);
            let shape = short(&format!("INSERT INTO {shown} ({names})"));
            written.then_some((shape, sql)).or_else(|| without_computed(relation, right, columns, whole))
        }
        "UPDATE" if !columns.is_empty() => {
            let sets: Vec<String> = names.iter().map(|name| format!("{name} = NULL")).collect();
            let sql = format!("UPDATE {name} SET {} WHERE false", sets.join(", "));
            let computed = |column: &&Column| {
                matches!(column.generated, Generated::Expression | Generated::IdentityAlways)
            };
            let shape = short(&format!("UPDATE {shown} SET {}", names.join(", ")));
            match columns.iter().any(computed) {
                true => without_computed(relation, right, columns, whole),
                false => Some((shape, sql)),
            }
        }
        "DELETE" if whole => {
            Some((format!("DELETE FROM {shown}"), format!("DELETE FROM {name} WHERE false")))
        }
        "TRUNCATE" if whole => Some((format!("TRUNCATE {shown}"), format!("TRUNCATE {name}"))),
        _ => None,
    }
}

/// The same without columns that nobody may write.
fn without_computed(
    relation: &Relation,
    right: &str,
    columns: &[&Column],
    whole: bool,
) -> Option<(String, String)> {
    let free = |column: &&&Column| matches!(column.generated, Generated::No | Generated::IdentityByDefault);
    let left: Vec<&Column> = columns.iter().filter(free).copied().collect();
    statement(relation, right, &left, whole)
}

fn select(relation: &Relation, columns: &[&Column]) -> (String, String) {
    let names: Vec<String> = columns.iter().map(|column| quote_ident(&column.name)).collect();
    let shape = short(&format!("SELECT {} FROM {}", names.join(", "), relation.display_name()));
    (shape, format!("SELECT {} FROM {} LIMIT 0", names.join(", "), relation.sql_name()))
}

fn of_function(roles: &Roles<'_>, function: &Function, now: &Function) -> Vec<Lost> {
    let pair = Pair { before: &function.grants, behind: &now.grants };
    if roles.same && pair.before == pair.behind {
        return Vec::new();
    }
    let lose = roles.reach.iter().filter(|reach| pair.loses(reach, "EXECUTE", None));
    let one = |reach: &Reach<'_>| {
        let (shape, sql) = call(function);
        Lost {
            role: reach.role.to_owned(),
            object: function.display_name(),
            name: function.name.clone(),
            right: "EXECUTE",
            shape,
            sql,
            how: How::Refused,
            told: ByCatalog::Useless,
        }
    };
    let all: Vec<Lost> = lose.map(one).collect();
    let everybody = Reach::of_everybody();
    // What everybody loses is told once, where anybody could use it: most schemas are for some roles only.
    let could = roles.may_use(&everybody, &function.schema) && pair.loses(&everybody, "EXECUTE", None);
    match could && all.len() > 1 && all.len() == roles.reach.len() {
        true => vec![one(&everybody)],
        false => all,
    }
}

/// A call with nothing: the right is asked before anything runs, and what gives no row does not run at all.
fn call(function: &Function) -> (String, String) {
    let nothing: Vec<String> = function.argument_types.iter().map(|kind| format!("NULL::{kind}")).collect();
    let (name, nothing) = (function.sql_name(), nothing.join(", "));
    let (verb, sql) = match function.kind {
        FunctionKind::Procedure => ("CALL", format!("CALL {name}({nothing})")),
        FunctionKind::Window => ("SELECT", format!("SELECT {name}({nothing}) OVER () LIMIT 0")),
        FunctionKind::Aggregate if nothing.is_empty() => ("SELECT", format!("SELECT {name}(*) LIMIT 0")),
        FunctionKind::Function | FunctionKind::Aggregate => {
            ("SELECT", format!("SELECT {name}({nothing}) LIMIT 0"))
        }
    };
    (short(&format!("{verb} {}", function.display_name())), sql)
}

/// What row security takes away: it is asked now and was not, or the policies for a role are gone.
fn of_rows(roles: &Roles<'_>, table: &Relation, now: &Relation, old: &Old) -> Vec<Lost> {
    if !now.row_security || !table.kind.is_table() || !now.kind.is_table() {
        return Vec::new();
    }
    let one = |reach: &Reach<'_>| {
        if !asked(roles.behind, reach.role, &reach.behind, now) {
            return None;
        }
        let was_asked = asked(roles.before, reach.role, &reach.before, table);
        let commands = [
            ("SELECT", PolicyCommand::Select),
            ("INSERT", PolicyCommand::Insert),
            ("UPDATE", PolicyCommand::Update),
            ("DELETE", PolicyCommand::Delete),
        ];
        let may = |right: &str| may_do(reach, table, now, right);
        let sees = |policies: &[Policy], names: &BTreeSet<&str>, command| {
            policies.iter().any(|policy| lets(policy, command, names))
        };
        let gone = commands.iter().filter(|(right, command)| {
            let saw = !was_asked || sees(&table.policies, &reach.before, *command);
            may(right) && saw && !sees(&now.policies, &reach.behind, *command)
        });
        let gone: Vec<&'static str> = gone.map(|(right, _)| *right).collect();
        let reads = commands.iter().any(|(right, _)| may(right));
        match gone.is_empty() {
            false => {
                let useful = |(right, command): &(&'static str, PolicyCommand)| {
                    gone.contains(right)
                        && (!was_asked || lets_some(&table.policies, *command, &reach.before))
                };
                let told = match roles.may_use(reach, &table.schema) && commands.iter().any(useful) {
                    true => ByCatalog::Gone,
                    false => ByCatalog::Useless,
                };
                no_row(reach, table, gone, old).map(|lost| Lost { told, ..lost })
            }
            true if !was_asked && reads => Some(some_rows(reach, table)),
            true => None,
        }
    };
    roles.reach.iter().filter_map(one).collect()
}

/// Whether row security is asked for a role: it is not for superusers, for those who bypass it, and for who has the
/// rights of the owner, unless it is forced.
fn asked(catalog: &Catalog, role: &str, names: &BTreeSet<&str>, table: &Relation) -> bool {
    let bypasses = catalog.role(role).is_some_and(|role| role.superuser || role.bypasses_row_security);
    let owns = names.contains(table.owner.as_str());
    table.row_security && !bypasses && (!owns || table.forces_row_security)
}

/// Whether a role has a right on some column before and behind the file.
fn may_do(reach: &Reach<'_>, table: &Relation, now: &Relation, right: &str) -> bool {
    let some = |names: &BTreeSet<&str>, grants: &[Grant]| {
        let of_column = |column: &Column| reach::holds(names, grants, right, Some(&column.name));
        reach::holds(names, grants, right, None) || table.columns.iter().any(of_column)
    };
    some(&reach.before, &table.grants) && some(&reach.behind, &now.grants)
}

fn lets(policy: &Policy, command: PolicyCommand, names: &BTreeSet<&str>) -> bool {
    policy.permissive
        && (policy.command == PolicyCommand::All || policy.command == command)
        && policy.roles.iter().any(|role| names.contains(role.as_str()))
}

/// Whether policies let a command do anything, as far as their text tells: `false` locks a table on purpose.
fn lets_some(policies: &[Policy], command: PolicyCommand, names: &BTreeSet<&str>) -> bool {
    let never = |condition: &Option<String>| {
        condition.as_deref().is_some_and(|text| text.trim_matches(['(', ')']).eq_ignore_ascii_case("false"))
    };
    let shut = |policy: &Policy| match command {
        PolicyCommand::Insert => never(policy.check.as_ref().map_or(&policy.using, |_| &policy.check)),
        _ => never(&policy.using),
    };
    let locks = |policy: &Policy| {
        let meant = policy.command == PolicyCommand::All || policy.command == command;
        let named = policy.roles.iter().any(|role| names.contains(role.as_str()));
        !policy.permissive && meant && named && shut(policy)
    };
    policies.iter().any(|policy| lets(policy, command, names) && !shut(policy)) && !policies.iter().any(locks)
}

fn no_row(reach: &Reach<'_>, table: &Relation, commands: Vec<&'static str>, old: &Old) -> Option<Lost> {
    let (name, shown) = (table.sql_name(), table.display_name());
    let mut rows = old.rows_of(&shown);
    let right = *commands.first()?;
    let writable = || {
        let free =
            |column: &&Column| matches!(column.generated, Generated::No | Generated::IdentityByDefault);
        table.columns.iter().find(free).map(|column| quote_ident(&column.name))
    };
    let sql = match right {
        "SELECT" => format!("SELECT 1 FROM {name} LIMIT 1"),
        "UPDATE" => writable().map(|column| format!("UPDATE {name} SET {column} = {column}"))?,
        "DELETE" => format!("DELETE FROM {name}"),
        _ => rows.pop()?,
    };
    Some(Lost {
        role: reach.role.to_owned(),
        object: shown.clone(),
        name: table.name.clone(),
        right,
        shape: format!("{} on {shown}", commands.join(", ")),
        sql,
        how: How::NoRow { commands, rows },
        told: ByCatalog::Gone,
    })
}

fn some_rows(reach: &Reach<'_>, table: &Relation) -> Lost {
    let shown = table.display_name();
    Lost {
        role: reach.role.to_owned(),
        object: shown.clone(),
        name: table.name.clone(),
        right: "SELECT",
        shape: format!("SELECT FROM {shown}"),
        sql: format!("SELECT count(*) FROM {}", table.sql_name()),
        how: How::SomeRows,
        told: ByCatalog::Unclear,
    }
}
