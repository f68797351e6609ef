//! What a database has had, held against the files.

use super::ProofTextOptions;
use super::columns::Page;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use std::collections::BTreeMap;
use trueup_sql::{Standing, State};

/// Version of the JSON format of what a database has had.
pub const STANDINGS_SCHEMA_VERSION: &str = "1.0";

/// What a database has had, for people.
pub fn standings_text(standings: &[Standing], tool: &str, options: ProofTextOptions) -> String {
    let mut page = Page::new(options);
    page.heading(&format!("as {tool} noted it"));
    for one in standings {
        let name = one.path.as_deref().unwrap_or(&one.version);
        let at = one.at.as_ref().map(|at| format!("  {at}")).unwrap_or_default();
        page.verdict_line(&format!("{name}{at}"), one.state.name());
        match &one.state {
            State::Changed { was, is } => {
                page.labelled("", &format!("ran with the checksum {was}, the file has {is}"))
            }
            State::OutOfOrder { behind } => page.labelled("", &format!("{behind} has run already")),
            _ => {}
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    standings.iter().for_each(|one| *counts.entry(one.state.name()).or_default() += 1);
    let told: Vec<String> = counts.iter().map(|(name, number)| format!("{number} {name}")).collect();
    page.line(&told.join(", "));
    page.out
}

/// What `trueup migrations status --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Migrations that a database has had", rename = "MigrationStatus")]
struct Output<'a> {
    /// Version of this format.
    #[schemars(extend("const" = STANDINGS_SCHEMA_VERSION))]
    schema_version: &'a str,
    /// The tool whose table was read.
    tool: &'a str,
    /// The files in their order, then what has no file.
    migrations: Vec<One<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct One<'a> {
    /// Path from the repository's root; null where there is no file.
    path: Option<&'a str>,
    version: &'a str,
    /// `applied`, `applied, unchecked`, `changed after applied`, `pending`, `out of order`, `missing` or `failed`.
    state: &'a str,
    /// When it ran, as the database writes it.
    at: Option<&'a str>,
}

/// What a database has had, as JSON.
pub fn standings_json(standings: &[Standing], tool: &str) -> String {
    let migrations = standings.iter().map(|one| One {
        path: one.path.as_deref(),
        version: &one.version,
        state: one.state.name(),
        at: one.at.as_deref(),
    });
    let schema_version = STANDINGS_SCHEMA_VERSION;
    crate::json::to_text(&Output { schema_version, tool, migrations: migrations.collect() })
}

/// The JSON Schema of [`standings_json`].
pub fn standings_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<Output<'_>>())
}
