//! What is wrong with migrations as far as their files tell.

use super::ProofTextOptions;
use super::columns::Page;
use crate::sarif::{PlainResult, plain_sarif};
use crate::words::count;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use trueup_sql::{Level, Problem};

/// Version of the JSON format of problems with migrations.
pub const LINT_SCHEMA_VERSION: &str = "1.0";

/// Problems for people: a file, then a line for each.
pub fn lint_text(problems: &[Problem], files: usize, options: ProofTextOptions) -> String {
    let mut page = Page::new(options);
    for of_file in problems.chunk_by(|one, other| one.path == other.path) {
        let Some(first) = of_file.first() else { continue };
        page.heading(&first.path);
        for problem in of_file {
            let mend = problem.mend.as_ref().map(|mend| format!("   mend: {mend}")).unwrap_or_default();
            let label = format!("{}:{}", problem.line, problem.column);
            page.labelled(
                &label,
                &format!("{:<7}  {}  [{}]{mend}", problem.level, problem.message, problem.code),
            );
        }
    }
    let with = |level| problems.iter().filter(|problem| problem.level == level).count();
    let found = [
        (with(Level::Error), "error", "errors"),
        (with(Level::Warning), "warning", "warnings"),
        (with(Level::Info), "info", "infos"),
    ];
    let told: Vec<String> = found
        .iter()
        .filter(|found| found.0 > 0)
        .map(|(number, one, many)| count(*number, one, many))
        .collect();
    let told = if told.is_empty() { "nothing found".to_owned() } else { told.join(", ") };
    page.line(&format!("{}: {told}", count(files, "file", "files")));
    page.out
}

/// What `trueup migrations lint --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Problems with migrations", rename = "MigrationProblems")]
struct Output<'a> {
    /// Version of this format.
    #[schemars(extend("const" = LINT_SCHEMA_VERSION))]
    schema_version: &'a str,
    /// Files that were looked at.
    files: usize,
    /// What is wrong, by path and place.
    problems: Vec<One<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct One<'a> {
    /// Its name: `number-taken`.
    code: &'a str,
    /// `error`, `warning` or `info`.
    level: String,
    /// Path from the repository's root.
    path: &'a str,
    /// Line, from 1.
    line: u32,
    /// Column in characters, from 1.
    column: u32,
    message: &'a str,
    /// What mends it; null where that is not known.
    mend: Option<&'a str>,
}

/// Problems as JSON.
pub fn lint_json(problems: &[Problem], files: usize) -> String {
    let problems = problems.iter().map(one).collect();
    crate::json::to_text(&Output { schema_version: LINT_SCHEMA_VERSION, files, problems })
}

fn one(problem: &Problem) -> One<'_> {
    One {
        code: &problem.code,
        level: problem.level.to_string(),
        path: &problem.path,
        line: problem.line,
        column: problem.column,
        message: &problem.message,
        mend: problem.mend.as_deref(),
    }
}

/// The JSON Schema of [`lint_json`].
pub fn lint_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<Output<'_>>())
}

/// Problems as SARIF. `version` is that of trueup.
pub fn lint_sarif(problems: &[Problem], version: &str) -> String {
    let results: Vec<PlainResult> = problems
        .iter()
        .map(|problem| PlainResult {
            rule: problem.code.clone(),
            level: match problem.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Info => "note",
            },
            path: problem.path.clone(),
            line: problem.line,
            message: match &problem.mend {
                Some(mend) => format!("{}\nmend: {mend}", problem.message),
                None => problem.message.clone(),
            },
        })
        .collect();
    plain_sarif(&results, version)
}
