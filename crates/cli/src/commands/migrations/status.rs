//! `trueup migrations status`

use super::one_chain;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use std::path::PathBuf;
use trueup_engine::OpenOptions;
use trueup_postgres::{Client, SqlError, connect_to};
use trueup_render::{ProofTextOptions, standings_json, standings_text};
use trueup_sql::{AppliedRow, Chain, History, State, standings};

/// What stands below the help.
const EXAMPLES: &str = "\
Examples:
  trueup migrations status --database-url postgresql://reader@db.example.org/shop
  trueup migrations status db/migrations --database-url \"$DATABASE_URL\" --format json

Only reads, in a transaction that cannot write: the table in which Flyway, sqlx, refinery, Prisma, Diesel, Rails,
dbmate, goose or golang-migrate notes what it has run.

Exit codes: 0 everything that ran is what the files are, 1 something is not, 2 the database cannot be read.";

/// Compare what a database says it has had with the files
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Status {
    /// The folder of migrations; the one that there is where none is given
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// The database to compare with; nothing is written to it
    #[arg(long, value_name = "URL")]
    database_url: String,
    /// How to show it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Human,
    /// For programs
    Json,
}

/// Runs the command.
pub(crate) fn run(args: &Status, context: &Context) -> Result<Exit, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    let folder = one_chain(&workspace, args.folder.as_deref(), context)?;
    let mut client = connect_to(&args.database_url)?;
    let (tool, rows) = read(&mut client, &folder.chain)?;
    let found = standings(&folder.chain, &rows);
    let options = ProofTextOptions {
        color: context.terminal.color,
        width: context.terminal.width(),
        ..ProofTextOptions::default()
    };
    context.terminal.print(&match args.format {
        Format::Human => standings_text(&found, tool, options),
        Format::Json => standings_json(&found, tool),
    })?;
    let wrong = |state: &State| {
        matches!(state, State::Changed { .. } | State::OutOfOrder { .. } | State::Missing | State::Failed)
    };
    Ok(if found.iter().any(|one| wrong(&one.state)) { Exit::Findings } else { Exit::Clean })
}

/// What the database says it has had, with the tool whose table says it.
fn read(client: &mut Client, chain: &Chain) -> Result<(&'static str, Vec<AppliedRow>), Failure> {
    let failed = |error: SqlError| {
        Failure::new(format!("the database cannot be read: {error}"))
            .help("the user needs the right to read the table")
    };
    let mut read = || -> Result<Option<(&'static str, Vec<AppliedRow>)>, SqlError> {
        client.batch_execute("BEGIN READ ONLY")?;
        for history in chain.layout.histories() {
            if has(client, history)? {
                let rows = client.query(history.query, &[])?;
                let rows = rows.iter().map(row).collect::<Result<_, SqlError>>()?;
                return Ok(Some((history.tool, rows)));
            }
        }
        Ok(None)
    };
    read().map_err(failed)?.ok_or_else(|| {
        let tables: Vec<&str> = chain.layout.histories().iter().map(|history| history.table).collect();
        Failure::new(format!(
            "the database has no table of a tool that runs {} migrations: {}",
            chain.layout.name(),
            tables.join(", ")
        ))
        .help("name the right database, or the right `layout` in [[migrations]]; the table has to lie in the search path")
    })
}

fn has(client: &mut Client, history: &History) -> Result<bool, SqlError> {
    let columns = client.query(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
        &[&history.table],
    )?;
    let columns = columns.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<Vec<String>, SqlError>>()?;
    Ok(!columns.is_empty()
        && history.columns.iter().all(|column| columns.iter().any(|there| there == column)))
}

fn row(row: &trueup_postgres::Row) -> Result<AppliedRow, SqlError> {
    let success: Option<String> = row.try_get("success")?;
    Ok(AppliedRow {
        version: row.try_get::<_, Option<String>>("version")?.unwrap_or_default(),
        name: row.try_get::<_, Option<String>>("name")?.unwrap_or_default(),
        checksum: row.try_get("checksum")?,
        success: success.as_deref() == Some("true"),
        at: row.try_get("at")?,
        kind: row.try_get("kind")?,
    })
}
