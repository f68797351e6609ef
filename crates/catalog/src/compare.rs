//! How two catalogs differ.

use crate::data::{
    Catalog, Constraint, Function, FunctionKind, Generated, Grant, Index, Relation, Role, Type, TypeKind,
};
use crate::names::display_name;
use std::collections::BTreeMap;

/// Fields that say who owns a thing and who may use it, for [`differences`] to leave out.
pub const PRIVILEGES: [&str; 2] = ["owner", "privileges"];

/// A thing in a database. Two of one kind and name are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// What it is, in small letters: `table`, `column`, `foreign table`.
    pub kind: String,
    /// The relation that it belongs to, for people; none for what stands alone.
    pub table: Option<String>,
    /// Its name for people; functions with the types of their arguments.
    pub name: String,
}

impl std::fmt::Display for ObjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.table {
            Some(table) if self.kind == "column" => write!(f, "column {table}.{}", self.name),
            Some(table) => write!(f, "{} {} on {table}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}

/// A thing that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub object: ObjectId,
    /// What is different.
    pub change: Change,
}

/// What is different in a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is there only afterwards.
    Added,
    /// It was there only before.
    Removed,
    /// It says something else.
    Changed(Vec<FieldChange>),
    /// It says the same, but is another one: it was made anew, or its rows were written anew.
    Recreated,
}

/// A property that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name: `not null`, `definition`, `valid`.
    pub field: &'static str,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
}

/// A thing as the comparison sees it.
#[derive(Default)]
struct Description {
    fields: Vec<(&'static str, String)>,
    identity: Vec<i64>,
}

/// How the second catalog differs from the first, in the order of kinds and names. Fields named in `without` are not
/// looked at. What hangs on a relation that is gone or new is not told beside it.
pub fn differences(before: &Catalog, after: &Catalog, without: &[&str]) -> Vec<Difference> {
    let (old, new) = (describe(before), describe(after));
    let mut all = Vec::new();
    for (object, was) in &old {
        let change = match new.get(object) {
            None => Some(Change::Removed),
            Some(is) => changed(was, is, without),
        };
        all.extend(change.map(|change| Difference { object: object.clone(), change }));
    }
    let added = new.keys().filter(|object| !old.contains_key(*object));
    all.extend(added.map(|object| Difference { object: object.clone(), change: Change::Added }));
    let whole: Vec<(String, Change)> = all.iter().filter_map(whole_relation).collect();
    all.retain(|difference| {
        let table = difference.object.table.as_ref();
        !table.is_some_and(|table| {
            whole.iter().any(|(name, change)| name == table && *change == difference.change)
        })
    });
    all.sort_by(|a, b| a.object.cmp(&b.object));
    all
}

/// The name of a relation that came or went, or was made anew, as a whole.
fn whole_relation(difference: &Difference) -> Option<(String, Change)> {
    let alone = difference.object.table.is_none() && !matches!(difference.change, Change::Changed(_));
    alone.then(|| (difference.object.name.clone(), difference.change.clone()))
}

fn changed(was: &Description, is: &Description, without: &[&str]) -> Option<Change> {
    let pairs = was.fields.iter().zip(&is.fields);
    let different: Vec<FieldChange> = pairs
        .filter(|(was, is)| was.1 != is.1 && !without.contains(&was.0))
        .map(|(was, is)| FieldChange { field: was.0, before: was.1.clone(), after: is.1.clone() })
        .collect();
    match different.is_empty() {
        false => Some(Change::Changed(different)),
        true => (was.identity != is.identity).then_some(Change::Recreated),
    }
}

fn describe(catalog: &Catalog) -> BTreeMap<ObjectId, Description> {
    let mut all = BTreeMap::new();
    let mut add = |kind: &str, table: Option<&str>, name: String, fields, identity| {
        let object = ObjectId { kind: kind.to_owned(), table: table.map(str::to_owned), name };
        all.insert(object, Description { fields, identity });
    };
    for schema in &catalog.schemas {
        let fields = vec![("owner", schema.owner.clone()), ("privileges", rights(&schema.grants))];
        // The schema `public` of a scratch database is the server's.
        add("schema", None, schema.name.clone(), fields, vec![schema.oid.into()]);
    }
    let settings = vec![("settings", catalog.settings.join(", "))];
    // It is called otherwise in each copy.
    add("database", None, "itself".to_owned(), settings, Vec::new());
    for role in &catalog.roles {
        add("role", None, role.name.clone(), of_role(role), Vec::new());
    }
    for extension in &catalog.extensions {
        let fields = vec![("version", extension.version.clone()), ("schema", extension.schema.clone())];
        add("extension", None, extension.name.clone(), fields, vec![extension.oid.into()]);
    }
    for one in &catalog.types {
        add(
            kind_of_type(&one.kind),
            None,
            display_name(&one.schema, &one.name),
            of_type(one),
            vec![one.oid.into()],
        );
    }
    for function in &catalog.functions {
        let kind = match function.kind {
            FunctionKind::Procedure => "procedure",
            FunctionKind::Aggregate => "aggregate",
            FunctionKind::Function | FunctionKind::Window => "function",
        };
        add(kind, None, function.display_name(), of_function(function), vec![function.oid.into()]);
    }
    for other in &catalog.others {
        let fields = vec![("definition", other.definition.clone())];
        add(&other.kind, None, other.name.clone(), fields, vec![other.oid.into()]);
    }
    for relation in &catalog.relations {
        describe_relation(relation, &mut add);
    }
    all
}

type Add<'a> = &'a mut dyn FnMut(&str, Option<&str>, String, Vec<(&'static str, String)>, Vec<i64>);

fn describe_relation(relation: &Relation, add: Add<'_>) {
    let name = relation.display_name();
    let identity = vec![relation.oid.into(), relation.file.into()];
    add(relation.kind.name(), None, name.clone(), of_relation(relation), identity);
    let table = Some(name.as_str());
    for column in &relation.columns {
        let generated = match column.generated {
            Generated::No => "",
            Generated::Expression => "by expression",
            Generated::IdentityAlways => "identity always",
            Generated::IdentityByDefault => "identity by default",
        };
        let fields = vec![
            ("type", column.type_name.clone()),
            ("not null", yes(column.not_null)),
            ("default", shown(&column.default)),
            ("generated", generated.to_owned()),
            ("collation", shown(&column.collation)),
            ("comment", shown(&column.comment)),
        ];
        add("column", table, column.name.clone(), fields, vec![column.number.into()]);
    }
    for constraint in &relation.constraints {
        add(
            "constraint",
            table,
            constraint.name.clone(),
            of_constraint(constraint),
            vec![constraint.oid.into()],
        );
    }
    for index in relation.indexes.iter().filter(|index| !index.of_constraint || !index.valid) {
        add("index", table, index.name.clone(), of_index(index), vec![index.oid.into(), index.file.into()]);
    }
    for trigger in &relation.triggers {
        let fields = vec![("definition", trigger.definition.clone()), ("enabled", trigger.enabled.clone())];
        add("trigger", table, trigger.name.clone(), fields, vec![trigger.oid.into()]);
    }
    for policy in &relation.policies {
        let fields = vec![
            ("permissive", yes(policy.permissive)),
            ("command", policy.command.name().to_owned()),
            ("roles", policy.roles.join(", ")),
            ("using", shown(&policy.using)),
            ("with check", shown(&policy.check)),
        ];
        add("policy", table, policy.name.clone(), fields, vec![policy.oid.into()]);
    }
    for (rule, definition) in &relation.rules {
        add("rule", table, rule.clone(), vec![("definition", definition.clone())], Vec::new());
    }
}

fn of_relation(relation: &Relation) -> Vec<(&'static str, String)> {
    let parents: Vec<String> =
        relation.parents.iter().map(|(schema, name)| display_name(schema, name)).collect();
    let owned = relation.owned_by.as_ref();
    vec![
        ("sort", format!("{:?}", relation.kind)),
        ("owner", relation.owner.clone()),
        ("options", relation.options.join(", ")),
        ("persistence", relation.persistence.clone()),
        ("row security", yes(relation.row_security)),
        ("forced row security", yes(relation.forces_row_security)),
        ("parents", parents.join(", ")),
        ("partition bound", shown(&relation.bound)),
        ("partition key", shown(&relation.partition_key)),
        ("definition", shown(&relation.definition)),
        ("owned by", owned.map_or(String::new(), |(s, t, c)| format!("{}.{c}", display_name(s, t)))),
        ("replica identity", relation.replica_identity.clone()),
        ("comment", shown(&relation.comment)),
        ("privileges", rights(&relation.grants)),
    ]
}

fn of_constraint(constraint: &Constraint) -> Vec<(&'static str, String)> {
    vec![
        ("definition", constraint.definition.clone()),
        ("validated", yes(constraint.validated)),
        ("deferrable", yes(constraint.deferrable)),
    ]
}

fn of_index(index: &Index) -> Vec<(&'static str, String)> {
    vec![("definition", index.definition.clone()), ("valid", yes(index.valid))]
}

fn of_role(role: &Role) -> Vec<(&'static str, String)> {
    vec![
        ("login", yes(role.login)),
        ("superuser", yes(role.superuser)),
        ("bypasses row security", yes(role.bypasses_row_security)),
        ("inherits", yes(role.inherits)),
        ("creates roles", yes(role.creates_roles)),
        ("creates databases", yes(role.creates_databases)),
        ("replicates", yes(role.replicates)),
        ("connection limit", role.connection_limit.to_string()),
        ("valid until", shown(&role.valid_until)),
        ("member of", role.member_of.join(", ")),
        ("settings", role.settings.join(", ")),
    ]
}

fn of_function(function: &Function) -> Vec<(&'static str, String)> {
    vec![
        ("definition", function.definition.clone()),
        ("owner", function.owner.clone()),
        ("privileges", rights(&function.grants)),
    ]
}

fn kind_of_type(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Enum(_) => "enum",
        TypeKind::Domain { .. } => "domain",
        _ => "type",
    }
}

fn of_type(one: &Type) -> Vec<(&'static str, String)> {
    let said = match &one.kind {
        TypeKind::Enum(labels) => labels.join(", "),
        TypeKind::Domain { base, not_null, default, checks } => {
            format!("{base}, not null {}, default {}, {}", yes(*not_null), shown(default), checks.join(" "))
        }
        TypeKind::Composite(fields) => fields
            .iter()
            .map(|(name, type_name)| format!("{name} {type_name}"))
            .collect::<Vec<_>>()
            .join(", "),
        TypeKind::Range(subtype) => subtype.clone(),
        TypeKind::Base => String::new(),
    };
    vec![("definition", said), ("owner", one.owner.clone()), ("privileges", rights(&one.grants))]
}

fn rights(grants: &[Grant]) -> String {
    let one = |grant: &Grant| {
        let column = grant.column.as_ref().map(|column| format!(" ({column})")).unwrap_or_default();
        let passing = if grant.grantable { " with grant option" } else { "" };
        format!("{} {}{column}{passing}", grant.grantee, grant.privilege)
    };
    let mut all: Vec<String> = grants.iter().map(one).collect();
    all.sort();
    all.join(", ")
}

fn yes(is: bool) -> String {
    if is { "yes".to_owned() } else { "no".to_owned() }
}

fn shown(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}
