//! What was found, as plain data.

/// What is known of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It was tried and held.
    Proven,
    /// It was tried and does not hold.
    Contradicted,
    /// The trial never reached its target, so it says nothing.
    Vacuous,
    /// It cannot be tried here.
    NotCheckable,
}

impl Verdict {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Proven => "proven",
            Verdict::Contradicted => "contradicted",
            Verdict::Vacuous => "vacuous",
            Verdict::NotCheckable => "not checkable",
        }
    }
}

/// How a relation belongs to a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Model {
    /// Each row is a tenant.
    Root {
        /// The column that names it.
        key: String,
    },
    /// A column names the tenant.
    Direct {
        /// The column.
        column: String,
    },
    /// It points to a table that belongs to a tenant.
    Via {
        /// The columns that point there.
        columns: Vec<String>,
        /// The table, with its schema.
        parent: String,
    },
    /// A row belongs to a user, or is one.
    User {
        /// The column that names the user.
        column: String,
    },
    /// It belongs to nobody; `declared` where the configuration says so.
    Global {
        /// The configuration says so.
        declared: bool,
    },
    /// Part of a table, reachable by a name of its own.
    PartOf {
        /// The table, with its schema.
        parent: String,
    },
}

impl Model {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Model::Root { .. } => "root",
            Model::Direct { .. } => "direct",
            Model::Via { .. } => "via foreign key",
            Model::User { .. } => "user-scoped",
            Model::Global { .. } => "global",
            Model::PartOf { .. } => "part of a table",
        }
    }

    /// Whether its rows belong to somebody.
    pub fn is_scoped(&self) -> bool {
        !matches!(self, Model::Global { .. })
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tenant {
    /// The one that attacks.
    A,
    /// The one that is attacked.
    B,
    /// Claims that were never set.
    Unset,
    /// Claims that were set to nothing, as they are in a session after the transaction that set them.
    Empty,
}

impl Tenant {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Tenant::A => "tenant A",
            Tenant::B => "tenant B",
            Tenant::Unset => "nobody",
            Tenant::Empty => "nobody (empty claims)",
        }
    }
}

/// A role and who speaks through it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Principal {
    /// The role of the database; `PUBLIC` for one that has only what everybody has.
    pub role: String,
    /// Who speaks.
    pub tenant: Tenant,
}

/// How the database learns who speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A setting that holds an ID.
    Setting {
        /// Its name: `app.tenant_id`.
        name: String,
        /// What it holds.
        claim: Claim,
    },
    /// A setting that holds JSON.
    Json {
        /// Its name: `request.jwt.claims`.
        name: String,
        /// The paths that are read from it, and what each holds.
        keys: Vec<(Vec<String>, Claim)>,
    },
    /// The role that is connected, compared with these columns.
    CurrentUser {
        /// Schema, table and column.
        columns: Vec<(String, String, String)>,
    },
    /// The schema that comes first in the search path has the tenant's name.
    SearchPath {
        /// Nothing else may stand in the path: all of it is compared.
        alone: bool,
    },
}

impl Carrier {
    /// The tokens that it holds.
    pub(crate) fn tokens(&self) -> Vec<&Token> {
        let claims: Vec<&Claim> = match self {
            Carrier::Setting { claim, .. } => vec![claim],
            Carrier::Json { keys, .. } => keys.iter().map(|(_, claim)| claim).collect(),
            _ => Vec::new(),
        };
        let tokens = claims.into_iter().filter_map(|claim| match claim {
            Claim::Token(token) => Some(token),
            _ => None,
        });
        tokens.collect()
    }
}

/// What a claim says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The tenant.
    Tenant,
    /// The user.
    User,
    /// The role of the database.
    Role,
    /// A text. `{tenant}`, `{user}` and `{role}` in it stand for what the claim of that name says.
    Text(String),
    /// The same, as JSON that is written as it is: `["{tenant}"]`.
    Json(String),
    /// What is presented to find a row that says who speaks: a token, a key of an interface.
    Token(Token),
}

/// Where what is presented is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The schema of the table.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Its column.
    pub column: String,
    /// For people: "token of sessions".
    pub name: String,
}

impl Claim {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Claim::Tenant => "tenant",
            Claim::User => "user",
            Claim::Role => "role",
            Claim::Text(text) | Claim::Json(text) => text,
            Claim::Token(token) => &token.name,
        }
    }
}

/// A link between tables that is followed: a foreign key, or one that only the name tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Columns that point.
    pub columns: Vec<String>,
    /// The table that they point to, with its schema.
    pub parent: String,
    /// Columns that are pointed to.
    pub parent_columns: Vec<String>,
    /// No foreign key holds it.
    pub soft: bool,
}

/// What a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A table or a part of one.
    Table,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A function or a procedure.
    Function,
    /// A file with statements, at the line that sets a claim.
    Script,
    /// What a role or the database has from the login on.
    Setting,
    /// A table of another server.
    ForeignTable,
}

impl SubjectKind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            SubjectKind::Table => "table",
            SubjectKind::View => "view",
            SubjectKind::MaterializedView => "materialized view",
            SubjectKind::Function => "function",
            SubjectKind::Script => "script",
            SubjectKind::Setting => "setting",
            SubjectKind::ForeignTable => "foreign table",
        }
    }
}

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeKind {
    /// Rows of B are read.
    Select,
    /// A row is written for B.
    Insert,
    /// A row of B is changed, found by its key.
    Update,
    /// All rows are changed, without a condition: only what the policy for `UPDATE` says stands in the way.
    BlindUpdate,
    /// A row of B is deleted, found by its key.
    Delete,
    /// All rows are deleted, without a condition.
    BlindDelete,
    /// An own row is given to B.
    Move,
    /// An own row points to a row of B.
    Reference,
    /// A unique key tells which values B has.
    Oracle,
    /// The table is emptied; row security is not asked.
    Truncate,
    /// A view shows rows of B, or a number that counts them.
    View,
    /// A function shows or changes rows of B.
    Function,
    /// A table that belongs to nobody is written.
    GlobalWrite,
    /// A row that belongs to no tenant is seen by one.
    Orphan,
    /// A claim stays behind its transaction, and the next client of a pooler speaks with it.
    SessionClaim,
}

impl ProbeKind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            ProbeKind::Select => "select",
            ProbeKind::Insert => "insert",
            ProbeKind::Update => "update",
            ProbeKind::BlindUpdate => "blind update",
            ProbeKind::Delete => "delete",
            ProbeKind::BlindDelete => "blind delete",
            ProbeKind::Move => "move",
            ProbeKind::Reference => "reference",
            ProbeKind::Oracle => "unique-key oracle",
            ProbeKind::Truncate => "truncate",
            ProbeKind::View => "view",
            ProbeKind::Function => "function",
            ProbeKind::GlobalWrite => "write to a global table",
            ProbeKind::Orphan => "row without tenant",
            ProbeKind::SessionClaim => "session-claim",
        }
    }
}

/// What came of a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The target was there, and nothing was done to it.
    Held {
        /// How: "0 rows", "42501 permission denied".
        by: String,
    },
    /// It was seen or changed.
    Leak {
        /// What: "1 row of tenant B is read".
        what: String,
    },
    /// The probe never reached its target.
    Vacuous {
        /// Why: "22P02 invalid input syntax for type uuid".
        why: String,
    },
    /// It cannot be tried.
    NotCheckable {
        /// Why.
        why: String,
    },
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What was tried.
    pub kind: ProbeKind,
    /// As whom.
    pub principal: Principal,
    /// The statement.
    pub sql: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Where it leaked: how to see it.
    pub witness: Option<Witness>,
}

/// Whether a probe can say something at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// As whom.
    pub principal: Principal,
    /// In words: "tenant A reads its own row".
    pub what: String,
    /// The statement.
    pub sql: String,
    /// It does.
    pub holds: bool,
    /// What the server answered where it does not.
    pub answer: Option<String>,
}

/// How to see a leak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// A script for `psql` on a database with the same schema; it ends with `ROLLBACK`. That of a session's claim
    /// commits what its first client does.
    pub sql: String,
    /// The same as a test of pgTAP (<https://pgtap.org>) that fails as long as the leak is there.
    pub pgtap: String,
    /// It was run on an empty transaction of the proof and showed the leak again.
    pub confirmed: bool,
}

/// A row that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// For whom.
    pub tenant: Tenant,
    /// The table, with its schema.
    pub table: String,
    /// The statement.
    pub sql: String,
    /// Why there is no row; nothing where there is one.
    pub failed: Option<String>,
}

/// What is known of one table, view or function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its name for people; of a function with its arguments.
    pub name: String,
    /// What it is.
    pub kind: SubjectKind,
    /// How it belongs to a tenant; nothing for views and functions.
    pub model: Option<Model>,
    /// Why it is taken for that.
    pub reason: String,
    /// Tables that it points to.
    pub links: Vec<Link>,
    /// The rows that were made in it.
    pub seeds: Vec<Seed>,
    /// What shows that probes reach their targets.
    pub controls: Vec<Control>,
    /// What was tried.
    pub probes: Vec<Probe>,
    /// What is known.
    pub verdict: Verdict,
    /// Why, where it is not proven.
    pub why: Option<String>,
}

impl Subject {
    /// The probes that leaked.
    pub fn leaks(&self) -> impl Iterator<Item = &Probe> {
        self.probes.iter().filter(|probe| matches!(probe.outcome, Outcome::Leak { .. }))
    }
}

/// Sorts of findings that are read rather than tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Row security is not asked at all.
    NoRowSecurity,
    /// Row security is not asked for the owner.
    NotForced,
    /// A role is not asked for row security.
    BypassesRowSecurity,
    /// A role may become one that is not asked, or that owns the table.
    MemberOfBypass,
    /// A role of the application is a superuser.
    Superuser,
    /// Part of a table has rights of its own and no row security.
    PartitionGrant,
    /// A function that runs with its owner's rights is open to roles of the application.
    SecurityDefiner,
    /// A view runs with its owner's rights.
    NoSecurityInvoker,
    /// A view that keeps its rows knows no row security.
    MaterializedView,
    /// A table of another server knows no row security.
    ForeignTable,
    /// A permissive policy opens what another one closes: permissive policies are joined by OR.
    PermissivePolicies,
    /// A policy asks nothing about who speaks.
    OpenPolicy,
    /// A trigger checks by reading as its caller, from whom row security hides the rows of others.
    BlindGuard,
    /// A claim is set for the session: under a pooler the next client inherits it.
    SessionClaim,
    /// A function runs with a claim of its own, whoever calls it.
    FixedClaim,
    /// A role may empty the table; row security is not asked.
    TruncateGrant,
    /// Tables that will be made later are open to roles of the application.
    DefaultPrivilege,
    /// A table belongs to nobody, and no configuration says that it should.
    UndeclaredGlobal,
    /// A row may be without a tenant.
    NullableTenant,
    /// A foreign key between two tables of tenants does not hold the tenant.
    LooseForeignKey,
}

impl FindingKind {
    /// Its name, as rules name it.
    pub fn name(self) -> &'static str {
        match self {
            FindingKind::NoRowSecurity => "no-row-security",
            FindingKind::NotForced => "row-security-not-forced",
            FindingKind::BypassesRowSecurity => "bypasses-row-security",
            FindingKind::MemberOfBypass => "member-of-bypass",
            FindingKind::Superuser => "superuser",
            FindingKind::PartitionGrant => "partition-grant",
            FindingKind::SecurityDefiner => "security-definer",
            FindingKind::NoSecurityInvoker => "no-security-invoker",
            FindingKind::MaterializedView => "materialized-view-grant",
            FindingKind::ForeignTable => "foreign-table-grant",
            FindingKind::PermissivePolicies => "permissive-policies",
            FindingKind::OpenPolicy => "open-policy",
            FindingKind::BlindGuard => "blind-guard",
            FindingKind::SessionClaim => "session-claim",
            FindingKind::FixedClaim => "fixed-claim",
            FindingKind::TruncateGrant => "truncate-grant",
            FindingKind::DefaultPrivilege => "default-privilege",
            FindingKind::UndeclaredGlobal => "undeclared-global",
            FindingKind::NullableTenant => "nullable-tenant",
            FindingKind::LooseForeignKey => "loose-foreign-key",
        }
    }
}

impl FindingKind {
    /// Whether isolation does not hold where this is so. The others say what is likely to break it; what they let
    /// through, a probe shows.
    pub fn contradicts(self) -> bool {
        matches!(
            self,
            FindingKind::NoRowSecurity
                | FindingKind::BypassesRowSecurity
                | FindingKind::MemberOfBypass
                | FindingKind::Superuser
                | FindingKind::PartitionGrant
                | FindingKind::BlindGuard
                | FindingKind::SessionClaim
                | FindingKind::FixedClaim
                | FindingKind::TruncateGrant
        )
    }
}

/// Something that is read from the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which sort.
    pub kind: FindingKind,
    /// The table, view, function or role that it is about, for people.
    pub about: String,
    /// What is so, in a sentence.
    pub message: String,
    /// What mends it: words or SQL.
    pub mend: String,
}

/// All that one run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How the database learns who speaks.
    pub carriers: Vec<Carrier>,
    /// The columns that name a tenant, by name.
    pub tenant_columns: Vec<String>,
    /// Who was tried.
    pub principals: Vec<Principal>,
    /// Each table, view and function that roles of the application reach, in order of their making.
    pub subjects: Vec<Subject>,
    /// What is read rather than tried.
    pub findings: Vec<Finding>,
    /// What holds for all: a setting that could not be tried as unset, a role that could not be taken.
    pub notes: Vec<String>,
}

impl Report {
    /// The verdict on all of it: contradicted by one leak, or by a finding that is as bad; proven only where each is.
    /// Nothing at all is vacuous.
    pub fn verdict(&self) -> Verdict {
        let any = |verdict| self.subjects.iter().any(|subject| subject.verdict == verdict);
        let found = self.findings.iter().any(|finding| finding.kind.contradicts());
        match () {
            () if found || any(Verdict::Contradicted) => Verdict::Contradicted,
            () if self.subjects.is_empty() || any(Verdict::Vacuous) => Verdict::Vacuous,
            () if any(Verdict::NotCheckable) => Verdict::NotCheckable,
            () => Verdict::Proven,
        }
    }

    /// Model, seeds and probes of one table, view or function, by its name for people or without its schema.
    pub fn explain(&self, name: &str) -> Option<&Subject> {
        let whole = self.subjects.iter().find(|subject| subject.name == name);
        let bare = |subject: &&Subject| {
            let named = subject.name.split('(').next().unwrap_or_default();
            named.rsplit('.').next() == Some(name)
        };
        whole.or_else(|| self.subjects.iter().find(bare))
    }
}

/// A place in a log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file as it was named.
    pub file: String,
    /// The line where the statement begins, from 1.
    pub line: u32,
}

/// What is wrong with, or known of, one use of a table by a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The table, as the model names it.
    pub table: String,
    /// The name that the statement gives to it.
    pub alias: String,
    /// What is known.
    pub verdict: Verdict,
    /// By what it is bound to a tenant, or why it is not.
    pub why: String,
}

/// Statements that differ only in their values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryShape {
    /// The statement with its values left out.
    pub shape: String,
    /// How often it was run.
    pub count: u64,
    /// The first one, as it was written.
    pub witness: String,
    /// Where that stands.
    pub place: Place,
    /// Each use of a table that belongs to tenants.
    pub uses: Vec<Proof>,
    /// What is known of the whole.
    pub verdict: Verdict,
    /// Why, where it is not proven.
    pub why: Option<String>,
}

/// What a log of statements shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryReport {
    /// Shapes that use a table of tenants, or cannot be read, in the order of their first statement.
    pub shapes: Vec<QueryShape>,
    /// Statements that were read, each run counted.
    pub statements: u64,
    /// Of them, those that use no table of tenants.
    pub unscoped: u64,
    /// Of them, those that cannot be read.
    pub unreadable: u64,
    /// Lines that belong to no statement, such as messages of the server.
    pub other_lines: u64,
    /// Places where a claim is set for the session rather than for a transaction, with the statement.
    pub session_claims: Vec<(Place, String)>,
}

impl QueryReport {
    /// The verdict on all of it. A log without one use of a table of tenants is vacuous.
    pub fn verdict(&self) -> Verdict {
        let any = |verdict| self.shapes.iter().any(|shape| shape.verdict == verdict);
        match () {
            () if any(Verdict::Contradicted) => Verdict::Contradicted,
            () if any(Verdict::NotCheckable) => Verdict::NotCheckable,
            () if self.shapes.is_empty() => Verdict::Vacuous,
            () => Verdict::Proven,
        }
    }
}
