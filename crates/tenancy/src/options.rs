//! What a team tells about its tenants. What it does not tell is guessed.

use crate::report::Carrier;
use trueup_rows::Sample;

/// What is known before the catalog is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Names of columns that hold a tenant's key; guessed where there are none.
    pub tenant_columns: Vec<String>,
    /// Names of columns that hold a user's key; guessed where there are none.
    pub user_columns: Vec<String>,
    /// Roles of the application; guessed from rights where there are none.
    pub roles: Vec<String>,
    /// Roles that may see all tenants: of operators, jobs, backups.
    pub exempt_roles: Vec<String>,
    /// How the database learns who speaks; guessed from policies and functions where there are none.
    pub carriers: Vec<Carrier>,
    /// Tables that belong to nobody: `countries`, `billing.plans`.
    pub globals: Vec<String>,
    /// Rows for tables that no guess fits. Words: `{tenant}`, `{user}`, `{n}`.
    pub samples: Vec<Sample>,
    /// Files in which claims may be set, with their text: migrations, functions.
    pub scripts: Vec<(String, String)>,
}
