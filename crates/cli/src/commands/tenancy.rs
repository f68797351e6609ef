//! `trueup tenancy`

use super::migrations::{chosen, configured};
use super::proofs::{Destination, ProofFormat, ServerArgs, record_proofs};
use super::step::open_to;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::paths::from_root;
use crate::signing::Signing;
use crate::words::count;
use std::path::{Path, PathBuf};
use trueup_catalog::Catalog;
use trueup_engine::{ChainFolder, MAX_FILE_SIZE, TenancyConfig, Workspace};
use trueup_evidence::{Digest, Subject};
use trueup_model::{ProofKind, Spec};
use trueup_postgres::{Client, Database, Server};
use trueup_prove::{BuildError, Built, build, build_dump};
use trueup_render::{
    ProofTextOptions, explained_text, queries_json, queries_junit, queries_sarif, queries_text, tenancy_json,
    tenancy_junit, tenancy_sarif, tenancy_text,
};
use trueup_rows::Sample;
use trueup_tenancy::{
    Carrier, Claim, Options, QueryModel, QueryReport, Report, Verdict, prove_pooled, queries,
};

/// What stands below the help.
const EXAMPLES: &str = "\
Examples:
  trueup tenancy prove                       the schema that the migrations of this repository make
  trueup tenancy prove --explain invoices    what is taken for what, and everything that was tried
  trueup tenancy prove --witness             with SQL that shows each leak
  trueup tenancy prove --pgtap leaks.sql     the leaks as tests of pgTAP
  trueup tenancy prove --log postgres.log    statements of an application that keeps tenants apart itself

The schema is made on a PostgreSQL of its own. Rows of two tenants are made up, and everything that the first one may do is
tried on what belongs to the second. What is taken for what is guessed and shown; [tenancy] in trueup.toml says it better.

Exit codes: 0 nothing leaks, 1 something leaks or a probe never reached its target, 2 nothing could be tried.";

/// Attack a schema as one tenant, and show what another one's data leaks by
#[derive(Debug, clap::Args)]
pub(crate) struct Tenancy {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Try everything that one tenant may do on what belongs to another
    Prove(Prove),
}

/// Try everything that one tenant may do on what belongs to another
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
struct Prove {
    /// The folder of migrations that make the schema; that of trueup.toml, or the only one, where none is given
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// A file with the schema (`pg_dump --schema-only`), in place of migrations
    #[arg(long, value_name = "FILE", conflicts_with = "folder")]
    schema: Option<PathBuf>,
    /// Show how one table, view or function is taken, its rows and every probe
    #[arg(long, value_name = "NAME")]
    explain: Option<String>,
    /// Hold the statements of these logs against the schema in place of attacking it
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["explain", "pgtap", "record"])]
    log: Vec<PathBuf>,
    /// Write the leaks as tests of pgTAP
    #[arg(long, value_name = "FILE")]
    pgtap: Option<PathBuf>,
    /// Show everything, also what held
    #[arg(long)]
    all: bool,
    /// Show SQL that shows each leak
    #[arg(long)]
    witness: bool,
    /// Add the verdict to the ledgers of the specs that claim isolation
    #[arg(long)]
    record: bool,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    destination: Destination,
    #[command(flatten)]
    signing: Signing,
}

/// Runs the command.
pub(crate) fn run(args: &Tenancy, context: &Context) -> Result<Exit, Failure> {
    let Action::Prove(args) = &args.action;
    let (_session, workspace) = open_to(args.record, "tenancy prove --record", context)?;
    let schema = Schema::of(args, &workspace, context)?;
    let server = args.server.start()?;
    context.terminal.progress("making the schema");
    let built = schema.make(&server, &workspace)?;
    for stand_in in &built.stand_ins {
        context.terminal.note(&format!("{stand_in} is needed and not created; a stand-in was made"));
    }
    let options = options(&workspace.config.tenancy, schema.scripts())?;
    context.terminal.progress("attacking it");
    match args.log.is_empty() {
        true => attack(args, &workspace, &schema, built.database()?, &options, &server, context),
        false => of_logs(args, &mut built.connect()?, &options, context),
    }
}

/// Where the schema comes from.
enum Schema {
    Chain(Box<ChainFolder>),
    File { path: String, text: String },
}

impl Schema {
    fn of(args: &Prove, workspace: &Workspace, context: &Context) -> Result<Schema, Failure> {
        let config = &workspace.config.tenancy;
        let file = match (&args.schema, &config.schema) {
            (Some(given), _) => Some(from_root(&workspace.root, &context.folder, given)?),
            (None, Some(path)) if args.folder.is_none() => Some(path.clone()),
            _ => None,
        };
        if let Some(path) = file {
            let text = trueup_repo::read(&workspace.root, &path, MAX_FILE_SIZE)
                .map_err(|problem| Failure::new(format!("{path} cannot be read: {problem}")))?;
            return Ok(Schema::File { path, text: text.to_string() });
        }
        if let (None, Some(folder)) = (&args.folder, &config.migrations) {
            return Ok(Schema::Chain(Box::new(configured(workspace, folder, context)?)));
        }
        let mut folders = chosen(workspace, args.folder.as_deref(), true, context)?;
        if folders.len() > 1 {
            let names: Vec<&str> = folders.iter().map(|folder| folder.config.folder.as_str()).collect();
            return Err(Failure::new(format!(
                "there are several folders of migrations: {}",
                names.join(", ")
            ))
            .help("name the one that is meant, or write `migrations` in [tenancy] of trueup.toml"));
        }
        Ok(Schema::Chain(Box::new(folders.remove(0))))
    }

    /// What stands for it in reports.
    fn path(&self) -> &str {
        match self {
            Schema::Chain(folder) => &folder.config.folder,
            Schema::File { path, .. } => path,
        }
    }

    fn scripts(&self) -> Vec<(String, String)> {
        match self {
            Schema::Chain(folder) => {
                folder.chain.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect()
            }
            Schema::File { path, text } => vec![(path.clone(), text.clone())],
        }
    }

    fn subjects(&self) -> Vec<Subject> {
        match self {
            Schema::Chain(folder) => folder.subjects(),
            Schema::File { path, text } => {
                vec![Subject { name: path.clone(), digest: Digest::of(text.as_bytes()).0 }]
            }
        }
    }

    fn make<'s>(&self, server: &'s Server, workspace: &Workspace) -> Result<Built<'s>, Failure> {
        let failed = |why: BuildError| {
            Failure::new(format!("the schema could not be made: {why}")).help(
                "`trueup migrations prove` says what it lacks; `prerequisites` in [[migrations]] gives it",
            )
        };
        match self {
            Schema::Chain(folder) => {
                let stubs = super::migrations::stubs(workspace, folder)?;
                build(server, &folder.chain.files, &stubs).map_err(failed)
            }
            Schema::File { path, text } => build_dump(server, path, text).map_err(failed),
        }
    }
}

fn attack(
    args: &Prove,
    workspace: &Workspace,
    schema: &Schema,
    database: &Database<'_>,
    options: &Options,
    server: &Server,
    context: &Context,
) -> Result<Exit, Failure> {
    let report = prove_pooled(database, options).map_err(|error| {
        Failure::new(format!("the attempt ended: {error}"))
            .help("mend that and run it again; nothing of it is left")
    })?;
    context.terminal.progress("");
    let shown = shown(args, context);
    let text = match &args.explain {
        Some(name) => match report.explain(name) {
            Some(subject) => explained_text(subject, shown),
            None => return Err(not_there(name, &report)),
        },
        None => match args.destination.format() {
            ProofFormat::Human => tenancy_text(&report, &server.version(), shown),
            ProofFormat::Json => tenancy_json(&report, &server.version()),
            ProofFormat::Junit => tenancy_junit(&report),
            ProofFormat::Sarif => tenancy_sarif(&report, schema.path(), env!("CARGO_PKG_VERSION")),
        },
    };
    args.destination.write(&text, context)?;
    if let Some(path) = &args.pgtap {
        write_pgtap(&report, path, context)?;
    }
    if args.record {
        record(args, workspace, schema, &report, server, context)?;
    }
    if report.subjects.is_empty() {
        return Err(Failure::new("nothing could be tried: no role of an application reaches a table")
            .help("grant rights to a role that owns nothing, or name `roles` in [tenancy] of trueup.toml"));
    }
    Ok(if is_sound(&report) { Exit::Clean } else { Exit::Findings })
}

/// No leak, nothing that never reached its target, and nothing that is read to be open. What is only worth knowing does not
/// fail.
fn is_sound(report: &Report) -> bool {
    report.verdict() == Verdict::Proven
}

fn not_there(name: &str, report: &Report) -> Failure {
    let names: Vec<&str> = report.subjects.iter().map(|subject| subject.name.as_str()).collect();
    Failure::new(format!("no table, view or function that applications reach is called {name}"))
        .help(format!("there are {}", names.join(", ")))
}

fn shown(args: &Prove, context: &Context) -> ProofTextOptions {
    ProofTextOptions {
        color: context.terminal.color && args.destination.is_terminal(),
        width: context.terminal.width().filter(|_| args.destination.is_terminal()),
        all: args.all,
        witnesses: args.witness,
    }
}

fn of_logs(args: &Prove, client: &mut Client, options: &Options, context: &Context) -> Result<Exit, Failure> {
    let mut logs = Vec::new();
    for path in &args.log {
        let text = log_text(&context.folder, path)?;
        logs.push((path.display().to_string(), text));
    }
    let catalog = Catalog::read(client)
        .map_err(|error| Failure::new(format!("the schema could not be read: {error}")))?;
    let report = queries(&logs, &QueryModel::of_catalog(&catalog, options));
    context.terminal.progress("");
    let text = match args.destination.format() {
        ProofFormat::Human => queries_text(&report, shown(args, context)),
        ProofFormat::Json => queries_json(&report),
        ProofFormat::Junit => queries_junit(&report),
        ProofFormat::Sarif => queries_sarif(&report, env!("CARGO_PKG_VERSION")),
    };
    args.destination.write(&text, context)?;
    exit_of_queries(&report)
}

fn exit_of_queries(report: &QueryReport) -> Result<Exit, Failure> {
    match report.verdict() {
        Verdict::Contradicted => Ok(Exit::Findings),
        _ if !report.session_claims.is_empty() => Ok(Exit::Findings),
        Verdict::Vacuous => Err(Failure::new(format!(
            "nothing could be told: of {} none uses a table of tenants",
            count(report.statements as usize, "statement", "statements")
        ))
        .help("give the log of a run that works on tenants' data (`log_statement = 'all'`)")),
        Verdict::NotCheckable => Ok(Exit::Findings),
        Verdict::Proven => Ok(Exit::Clean),
    }
}

/// The text of a log. Bytes that are no UTF-8 are replaced: values of statements may hold anything.
fn log_text(folder: &Path, path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(folder.join(path)).map_err(|error| {
        Failure::new(format!("the log {} cannot be read: {error}", path.display()))
            .help("`--log` takes a log of PostgreSQL (text, CSV or JSON), or a file with statements")
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn options(config: &TenancyConfig, scripts: Vec<(String, String)>) -> Result<Options, Failure> {
    let mut carriers = Vec::new();
    for (name, template) in &config.claims {
        carriers.push(carrier(name, template)?);
    }
    let samples = config.rows.iter().map(|(table, sql)| {
        let (schema, name) = table.split_once('.').unwrap_or(("public", table));
        Sample { table: (schema.to_owned(), name.to_owned()), sql: sql.clone() }
    });
    Ok(Options {
        tenant_columns: config.tenant_columns.clone(),
        user_columns: config.user_columns.clone(),
        roles: config.roles.clone(),
        exempt_roles: config.exempt_roles.clone(),
        carriers,
        globals: config.global_tables.clone(),
        samples: samples.collect(),
        scripts,
    })
}

/// A setting that carries who is asking: an ID by itself, or JSON with IDs in it.
fn carrier(name: &str, template: &str) -> Result<Carrier, Failure> {
    if let Some(claim) = claim(template) {
        return Ok(Carrier::Setting { name: name.to_owned(), claim });
    }
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(template);
    match parsed {
        Ok(value @ serde_json::Value::Object(_)) => {
            let mut keys = Vec::new();
            json_keys(&value, &mut Vec::new(), &mut keys);
            Ok(Carrier::Json { name: name.to_owned(), keys })
        }
        Ok(serde_json::Value::Array(_)) => {
            Ok(Carrier::Setting { name: name.to_owned(), claim: Claim::Json(template.to_owned()) })
        }
        _ => Ok(Carrier::Setting { name: name.to_owned(), claim: Claim::Text(template.to_owned()) }),
    }
}

fn claim(template: &str) -> Option<Claim> {
    match template.trim() {
        "{tenant}" => Some(Claim::Tenant),
        "{user}" => Some(Claim::User),
        "{role}" => Some(Claim::Role),
        _ => None,
    }
}

/// Every text in the JSON, and whatever else is no object, with the path that leads to it.
fn json_keys(value: &serde_json::Value, path: &mut Vec<String>, out: &mut Vec<(Vec<String>, Claim)>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                path.push(name.clone());
                json_keys(value, path, out);
                path.pop();
            }
        }
        serde_json::Value::String(text) => {
            out.push((path.clone(), claim(text).unwrap_or_else(|| Claim::Text(text.clone()))));
        }
        other => out.push((path.clone(), Claim::Json(other.to_string()))),
    }
}

fn write_pgtap(report: &Report, path: &Path, context: &Context) -> Result<(), Failure> {
    let witnesses =
        report.subjects.iter().flat_map(|subject| subject.leaks()).filter_map(|probe| probe.witness.as_ref());
    let tests: Vec<&str> = witnesses.map(|witness| witness.pgtap.as_str()).collect();
    let text = one_plan(&tests);
    trueup_repo::write_atomically(path, text.as_bytes())?;
    context.terminal.note(&format!("wrote {} to {}", count(tests.len(), "test", "tests"), path.display()));
    Ok(())
}

/// All tests as one run: it has one plan, and its numbers go on where a test is rolled back. `finish` would look for
/// results, which are rolled back, too.
fn one_plan(tests: &[&str]) -> String {
    let bare = |test: &&str| test.replace("SELECT plan(1);\n", "").replace("SELECT * FROM finish();\n", "");
    let bare: Vec<String> = tests.iter().map(bare).collect();
    match tests.len() {
        0 => String::new(),
        number => format!("SELECT plan({number});\n\n{}", bare.join("\n")),
    }
}

/// Adds the verdict to the ledgers of the specs that claim isolation.
fn record(
    args: &Prove,
    workspace: &Workspace,
    schema: &Schema,
    report: &Report,
    server: &Server,
    context: &Context,
) -> Result<(), Failure> {
    let probes: usize = report.subjects.iter().map(|subject| subject.probes.len()).sum();
    let tried = matches!(report.verdict(), Verdict::Proven | Verdict::Contradicted);
    let detail = match report.subjects.iter().find_map(|subject| Some((subject, subject.leaks().next()?))) {
        Some((subject, probe)) => format!("{} leaks: {}", subject.name, probe.kind.name()),
        None => match report.findings.iter().find(|finding| finding.kind.contradicts()) {
            Some(finding) => format!("{}: {}", finding.about, finding.message),
            None => format!(
                "{} of {}, {} on PostgreSQL {}",
                count(report.subjects.len(), "subject", "subjects"),
                schema.path(),
                count(probes, "probe", "probes"),
                server.version()
            ),
        },
    };
    let verdict = |_: &Spec, kind: ProofKind| {
        (kind == ProofKind::Isolation && tried).then(|| (is_sound(report), detail.clone()))
    };
    record_proofs(workspace, &schema.subjects(), &verdict, &args.signing, context)
}
