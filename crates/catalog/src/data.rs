//! What a database holds.

/// A database, as far as its owner made it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    /// The owner of the database.
    pub owner: String,
    /// Roles of the server, without those that it brings (`pg_…`).
    pub roles: Vec<Role>,
    /// Settings that sessions of this database begin with, those of single roles with the role in front.
    pub settings: Vec<String>,
    /// Schemas.
    pub schemas: Vec<Schema>,
    /// Extensions.
    pub extensions: Vec<Extension>,
    /// Types that stand for themselves: enums, domains, ranges, composites.
    pub types: Vec<Type>,
    /// Tables, views and sequences, in the order in which they were made.
    pub relations: Vec<Relation>,
    /// Functions, procedures and aggregates.
    pub functions: Vec<Function>,
    /// Event triggers, statistics, publications, collations, casts, operators, default privileges.
    pub others: Vec<Other>,
}

/// A role of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Nothing is forbidden to it, row security is not asked.
    pub superuser: bool,
    /// Row security is not asked.
    pub bypasses_row_security: bool,
    /// It may connect.
    pub login: bool,
    /// It has the rights of the roles that it is a member of without `SET ROLE`.
    pub inherits: bool,
    /// The roles that it is a direct member of.
    pub member_of: Vec<String>,
    /// It may make roles.
    pub creates_roles: bool,
    /// It may make databases.
    pub creates_databases: bool,
    /// It may stream what the server writes.
    pub replicates: bool,
    /// Connections that it may have at once; -1 for any number.
    pub connection_limit: i32,
    /// When its password ends, as the server writes it.
    pub valid_until: Option<String>,
    /// Settings that its sessions begin with in any database: `search_path=app`.
    pub settings: Vec<String>,
}

/// A right that was given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The role, or `PUBLIC`.
    pub grantee: String,
    /// The right: `SELECT`, `EXECUTE`.
    pub privilege: String,
    /// The column, where the right is for one.
    pub column: Option<String>,
    /// It may be passed on.
    pub grantable: bool,
}

/// A schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Its object ID.
    pub oid: u32,
    /// Its name.
    pub name: String,
    /// Its owner.
    pub owner: String,
    /// Rights on it.
    pub grants: Vec<Grant>,
}

/// An extension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extension {
    /// Its object ID.
    pub oid: u32,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The schema in which it stands.
    pub schema: String,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// Its object ID.
    pub oid: u32,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its owner.
    pub owner: String,
    /// What it is.
    pub kind: TypeKind,
    /// Rights on it.
    pub grants: Vec<Grant>,
}

/// Sorts of types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// Its labels, in order.
    Enum(Vec<String>),
    /// A type with conditions.
    Domain {
        /// The type below.
        base: String,
        /// It takes no NULL.
        not_null: bool,
        /// Its default.
        default: Option<String>,
        /// Its conditions, as `CHECK (…)`.
        checks: Vec<String>,
    },
    /// Its fields: name and type.
    Composite(Vec<(String, String)>),
    /// The type of its bounds.
    Range(String),
    /// A type that is written in C.
    Base,
}

/// Sorts of relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationKind {
    /// A table that holds rows.
    Table,
    /// A table whose rows lie in partitions.
    Partitioned,
    /// A view.
    View,
    /// A view that keeps its rows.
    MaterializedView,
    /// A table of another server.
    Foreign,
    /// A sequence.
    Sequence,
}

impl RelationKind {
    /// Its name in SQL, in small letters.
    pub fn name(self) -> &'static str {
        match self {
            RelationKind::Table | RelationKind::Partitioned => "table",
            RelationKind::View => "view",
            RelationKind::MaterializedView => "materialized view",
            RelationKind::Foreign => "foreign table",
            RelationKind::Sequence => "sequence",
        }
    }

    /// Whether rows can be written to it by name.
    pub fn is_table(self) -> bool {
        matches!(self, RelationKind::Table | RelationKind::Partitioned)
    }
}

/// A table, view or sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Its object ID.
    pub oid: u32,
    /// The number of its file on the disk; another one after it was rewritten. 0 where it has none.
    pub file: u32,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: RelationKind,
    /// Its owner.
    pub owner: String,
    /// Storage parameters and options of views: `security_invoker=true`.
    pub options: Vec<String>,
    /// `p` permanent, `u` unlogged, `t` temporary.
    pub persistence: String,
    /// Row security is asked.
    pub row_security: bool,
    /// It is asked for the owner, too.
    pub forces_row_security: bool,
    /// The table that it is a part of or inherits from, with its schema.
    pub parents: Vec<(String, String)>,
    /// Whether it is a partition (a child by plain inheritance is not).
    pub is_partition: bool,
    /// The values that it takes as a partition: `FOR VALUES IN ('a')`.
    pub bound: Option<String>,
    /// How rows are divided among partitions: `LIST (region)`.
    pub partition_key: Option<String>,
    /// The query of a view, or the numbers of a sequence (type, start, increment, bounds, cycle).
    pub definition: Option<String>,
    /// The column that owns a sequence: schema, table, column.
    pub owned_by: Option<(String, String, String)>,
    /// What identifies a row for replication: `d` default, `n` nothing, `f` full, `i` index.
    pub replica_identity: String,
    /// Its comment.
    pub comment: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its constraints.
    pub constraints: Vec<Constraint>,
    /// Its indexes.
    pub indexes: Vec<Index>,
    /// Its triggers.
    pub triggers: Vec<Trigger>,
    /// Its policies.
    pub policies: Vec<Policy>,
    /// Its rewrite rules, without those that make a view: name and definition.
    pub rules: Vec<(String, String)>,
    /// Rights on it and on its columns.
    pub grants: Vec<Grant>,
}

impl Relation {
    /// Its name with the schema, as SQL takes it.
    pub fn sql_name(&self) -> String {
        crate::qualified(&self.schema, &self.name)
    }

    /// Its name for people.
    pub fn display_name(&self) -> String {
        crate::display_name(&self.schema, &self.name)
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// How a column gets its value by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generated {
    /// It does not.
    No,
    /// `GENERATED ALWAYS AS (…)`, kept or not.
    Expression,
    /// `GENERATED ALWAYS AS IDENTITY`: it takes a value only with `OVERRIDING SYSTEM VALUE`.
    IdentityAlways,
    /// `GENERATED BY DEFAULT AS IDENTITY`.
    IdentityByDefault,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its number in the table; numbers of dropped columns are never used again.
    pub number: i16,
    /// Its name.
    pub name: String,
    /// Its type with its measures: `numeric(10,2)`.
    pub type_name: String,
    /// The type's object ID.
    pub type_oid: u32,
    /// The type's category (`pg_type.typcategory`): `N` numeric, `S` string, `E` enum, `A` array …
    pub category: String,
    /// It takes no NULL.
    pub not_null: bool,
    /// Its default, or the expression that it is generated by.
    pub default: Option<String>,
    /// How it gets its value by itself.
    pub generated: Generated,
    /// Its collation, where it is not the type's.
    pub collation: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// Sorts of constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConstraintKind {
    /// `CHECK`.
    Check,
    /// `PRIMARY KEY`.
    Primary,
    /// `UNIQUE`.
    Unique,
    /// `FOREIGN KEY`.
    Foreign,
    /// `EXCLUDE`.
    Exclusion,
    /// `NOT NULL` with a name (PostgreSQL 18).
    NotNull,
    /// A trigger that is a constraint.
    Trigger,
}

/// A constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Its object ID.
    pub oid: u32,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ConstraintKind,
    /// As the server writes it.
    pub definition: String,
    /// Whether rows that were there before were looked at.
    pub validated: bool,
    /// Whether it may be put off to the end of a transaction.
    pub deferrable: bool,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// Of a foreign key: the table, with its schema, and the columns that it points to, in order.
    pub references: Option<(String, String, Vec<String>)>,
    /// It came with the constraint of a parent table.
    pub inherited: bool,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its object ID.
    pub oid: u32,
    /// The number of its file on the disk.
    pub file: u32,
    /// Its name.
    pub name: String,
    /// As the server writes it.
    pub definition: String,
    /// It takes no value twice.
    pub unique: bool,
    /// It is that of the primary key.
    pub primary: bool,
    /// Queries may use it; a build that was broken off leaves one that they may not.
    pub valid: bool,
    /// Its columns in order; an expression is empty.
    pub columns: Vec<String>,
    /// Its condition.
    pub predicate: Option<String>,
    /// It belongs to a constraint.
    pub of_constraint: bool,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its object ID.
    pub oid: u32,
    /// Its name.
    pub name: String,
    /// As the server writes it.
    pub definition: String,
    /// `O` fires, `D` disabled, `R` and `A` for replicas.
    pub enabled: String,
    /// The function that it calls: schema and name.
    pub function: (String, String),
}

/// The statements that a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyCommand {
    /// Each.
    All,
    /// `SELECT`.
    Select,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

impl PolicyCommand {
    /// Its name in SQL.
    pub fn name(self) -> &'static str {
        match self {
            PolicyCommand::All => "ALL",
            PolicyCommand::Select => "SELECT",
            PolicyCommand::Insert => "INSERT",
            PolicyCommand::Update => "UPDATE",
            PolicyCommand::Delete => "DELETE",
        }
    }
}

/// A policy of row security.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its object ID.
    pub oid: u32,
    /// Its name.
    pub name: String,
    /// Rows that one permissive policy allows are allowed; a restrictive one takes away again.
    pub permissive: bool,
    /// The statements that it is for.
    pub command: PolicyCommand,
    /// The roles that it is for; `PUBLIC` for all.
    pub roles: Vec<String>,
    /// The condition on rows that are there.
    pub using: Option<String>,
    /// The condition on rows that are written.
    pub check: Option<String>,
}

/// Sorts of functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// An aggregate.
    Aggregate,
    /// A window function.
    Window,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its object ID.
    pub oid: u32,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The types of its arguments, as they tell it from others of the name: `uuid, text`.
    pub arguments: String,
    /// The types of the arguments that a caller gives, one by one.
    pub argument_types: Vec<String>,
    /// The names of those arguments; empty where they have none.
    pub argument_names: Vec<String>,
    /// How many of the last arguments may be left out.
    pub defaults: i16,
    /// What it is.
    pub kind: FunctionKind,
    /// Its owner.
    pub owner: String,
    /// The language that it is written in.
    pub language: String,
    /// What it returns, `SETOF`, `TABLE` included; empty for a procedure.
    pub returns: String,
    /// It is a trigger's or an event trigger's.
    pub is_trigger: bool,
    /// It returns several rows.
    pub returns_set: bool,
    /// It runs with its owner's rights.
    pub security_definer: bool,
    /// `i` immutable, `s` stable, `v` volatile.
    pub volatility: String,
    /// Settings that hold while it runs: `search_path=pg_catalog`.
    pub settings: Vec<String>,
    /// Its body.
    pub body: String,
    /// As the server writes it.
    pub definition: String,
    /// Rights on it.
    pub grants: Vec<Grant>,
}

impl Function {
    /// Its name with the schema, as SQL takes it.
    pub fn sql_name(&self) -> String {
        crate::qualified(&self.schema, &self.name)
    }

    /// Its name and the types of its arguments, for people.
    pub fn display_name(&self) -> String {
        format!("{}({})", crate::display_name(&self.schema, &self.name), self.arguments)
    }
}

/// Something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its object ID; 0 where it has none of its own.
    pub oid: u32,
    /// What it is: `event trigger`, `publication`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What it says.
    pub definition: String,
}

impl Catalog {
    /// A relation by its schema and name.
    pub fn relation(&self, schema: &str, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.name == name && relation.schema == schema)
    }

    /// A role by its name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// Tables in which rows can be put, partitions left out: rows reach those through their table.
    pub fn tables(&self) -> impl Iterator<Item = &Relation> {
        self.relations.iter().filter(|relation| relation.kind.is_table() && !relation.is_partition)
    }
}
