//! What provers found, for people and programs.

mod columns;
mod junit;
mod lint;
mod migrations;
mod migrations_json;
mod problems;
mod queries;
mod standings;
mod tenancy;
mod tenancy_json;

pub use junit::{migrations_junit, queries_junit, tenancy_junit};
pub use lint::{LINT_SCHEMA_VERSION, lint_json, lint_json_schema, lint_sarif, lint_text};
pub use migrations::{drift_of_schemas_text, migrations_text};
pub use migrations_json::{MIGRATIONS_SCHEMA_VERSION, migrations_json, migrations_json_schema};
pub use problems::{migrations_sarif, queries_sarif, tenancy_sarif};
pub use queries::queries_text;
pub use standings::{STANDINGS_SCHEMA_VERSION, standings_json, standings_json_schema, standings_text};
pub use tenancy::{explained_text, tenancy_text};
pub use tenancy_json::{
    QUERIES_SCHEMA_VERSION, TENANCY_SCHEMA_VERSION, queries_json, queries_json_schema, tenancy_json,
    tenancy_json_schema,
};

use trueup_prove::{Drift, Report};

/// A proof of one folder of migrations.
#[derive(Clone, Debug)]
pub struct ProvenChain {
    /// The folder, from the repository's root.
    pub folder: String,
    /// What was found.
    pub report: Report,
    /// How dumps of environments differ from the chain and from each other.
    pub drifts: Vec<Drift>,
}

impl ProvenChain {
    /// Whether something contradicts a claim.
    pub fn is_contradicted(&self) -> bool {
        self.report.verdict() == trueup_prove::Verdict::Contradicted
            || self.drifts.iter().any(|drift| drift.verdict() == trueup_prove::Verdict::Contradicted)
    }
}

/// How a proof is shown as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProofTextOptions {
    /// Whether to write escape sequences for colours.
    pub color: bool,
    /// Columns of the terminal; none where the output goes to a file.
    pub width: Option<usize>,
    /// Every problem, also those that are only worth knowing, and each file by itself.
    pub all: bool,
    /// The witness of each problem.
    pub witnesses: bool,
}
