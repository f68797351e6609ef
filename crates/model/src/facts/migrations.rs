//! The plan for data: schema deltas, backfills, snapshots, and the migrations that it names.

use super::reader::Reader;
use super::support::Text;
use trueup_text::Span;

/// A migration that a spec names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Migration {
    /// The file's name or path as written.
    pub name: String,
    /// Its number (`V003` is 3), where it has one.
    pub number: Option<u32>,
    /// Where it stands.
    pub span: Span,
}

/// What a spec says of its migrations.
#[derive(Clone, Debug, Default)]
pub struct MigrationPlan {
    /// Migrations by name.
    pub migrations: Vec<Migration>,
    /// What changes in the schema.
    pub schema_deltas: Option<Text>,
    /// The expand phase.
    pub expand: Option<Text>,
    /// The migrate phase.
    pub migrate: Option<Text>,
    /// The contract phase.
    pub contract: Option<Text>,
    /// How data is filled in.
    pub backfill: Option<Text>,
    /// How to go back: snapshots, rollbacks.
    pub rollback: Option<Text>,
    /// The sentence that says that there are none.
    pub none: Option<Text>,
    /// Titles of the sections that were read.
    pub sections: Vec<Span>,
}

/// Reads the plan for data.
pub(crate) fn read(_reader: &Reader<'_>) -> MigrationPlan {
    MigrationPlan::default()
}
