//! What provers are told: `[[migrations]]` and `[tenancy]`.

use super::is_default;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A folder of migrations in SQL.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ChainConfig {
    /// The folder, from the repository's root.
    pub folder: String,
    /// Which tool runs it, and so: which names it reads, in which order, and in which transactions. Found from the
    /// names of the files where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<LayoutName>,
    /// How the runner commits, where it is not as the tool does by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<TransactionName>,
    /// The form of the files' names: `###` stands for three digits or more, `slug` for small letters and digits with
    /// single underscores between them, `*` for anything. `V###__slug.sql` where the layout is `governance`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_pattern: Option<String>,
    /// What the team claims of every file: `idempotent`, `resumable`, `phases`. A spec that claims it claims it of the
    /// files that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ChainClaim>,
    /// Files with SQL that makes what the chain needs and does not create: roles, schemas, functions. From the
    /// repository's root.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<String>,
    /// Dumps of the schema (`pg_dump --schema-only`) by environment: `production = "db/production.sql"`. They are
    /// compared with what the chain makes, and with each other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dumps: BTreeMap<String, String>,
    /// Milliseconds that readers and writers may have to wait for a lock; 2000 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_budget: Option<u64>,
    /// Milliseconds that a statement may take; 60000 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement_timeout: Option<u64>,
    /// Names of problems that `trueup migrations lint` does not report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Rules of squawk to apply beside the usual ones: `require-lock-timeout`, `require-statement-timeout`,
    /// `prefer-robust-stmts` and those that squawk leaves to be asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// The major version of PostgreSQL that the migrations run on; 15 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postgres: Option<u32>,
    /// Whether each migration has to say how it is undone; where the layout is `governance` it has, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback: Option<bool>,
    /// Whether numbers may leave gaps.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gaps: bool,
}

/// How a folder of migrations is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LayoutName {
    /// `V012__slug.sql`; each statement commits by itself unless the file begins a transaction.
    Governance,
    /// `012_slug.sql`, also `.up.sql` of golang-migrate, and with the marks of goose and dbmate.
    Numbered,
    /// Flyway.
    Flyway,
    /// sqlx.
    Sqlx,
    /// refinery.
    Refinery,
    /// Prisma.
    Prisma,
    /// Diesel.
    Diesel,
    /// Rails with a structure in SQL.
    Rails,
}

/// How a runner commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TransactionName {
    /// Each file as a whole.
    File,
    /// Each statement by itself, unless the file begins a transaction.
    Statement,
}

/// What is claimed of migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChainClaim {
    /// A file can be run again and changes nothing.
    Idempotent,
    /// A file can be run again after it was stopped at any statement.
    Resumable,
    /// Each file is one phase of Expand → Migrate → Contract.
    Phases,
}

/// Which rows belong to whom. Everything here is guessed from the schema where it is absent; `trueup tenancy prove`
/// shows what it guessed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TenancyConfig {
    /// The folder of migrations that make the schema; the first one where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migrations: Option<String>,
    /// A file with SQL that makes the schema, in place of migrations (`pg_dump --schema-only`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Columns that name a row's tenant; `tenant_id`, `organization_id` and the like where this is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenant_columns: Vec<String>,
    /// Columns that name the user whose row it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub user_columns: Vec<String>,
    /// Tables whose rows belong to nobody and that every tenant may read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub global_tables: Vec<String>,
    /// Roles that applications use; all that have rights on the tables where this is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Roles that may see all tenants: of operators, jobs, backups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exempt_roles: Vec<String>,
    /// Settings that carry who is asking, each with what it holds: `{tenant}` and `{user}` stand for their IDs
    /// (`"request.jwt.claims" = '{"tenant_id": "{tenant}", "sub": "{user}"}'`). Both may stand inside of a text, too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub claims: BTreeMap<String, String>,
    /// Rows for tables whose rows cannot be made up: the table, and one `INSERT` for it; `{tenant}` and `{user}` stand
    /// for IDs as SQL writes them, in quotes, `{n}` for a number that is never the same.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<String, String>,
}
