//! `trueup policy`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::paths::from_root;
use crate::specs::find_spec;
use crate::words::count;
use std::path::PathBuf;
use trueup_claims::row_binds;
use trueup_engine::{Config, OpenOptions, PolicyConfig};
use trueup_model::folder_of;
use trueup_policy::{RegoTest, TestRun, test_files};

/// Test and list a team's own policies, and show what they get to see
#[derive(Debug, clap::Args)]
pub(crate) struct Policy {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Run the tests of Rego policies: rules whose names begin with `test_`
    Test(Test),
    /// List the policies of trueup.toml with the rows that they are bound to
    List,
    /// Print the JSON that a policy gets for a spec
    Input(Input),
}

#[derive(Debug, clap::Args)]
struct Test {
    /// Files or folders; the folders of the policies in trueup.toml where none is given
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct Input {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// Add the facts of the code, which a Rego policy gets as `data.repository`
    #[arg(long)]
    repository: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Policy, context: &Context) -> Result<Exit, Failure> {
    match &args.command {
        Command::Test(args) => test(args, context),
        Command::List => list(context),
        Command::Input(args) => input(args, context),
    }
}

fn test(args: &Test, context: &Context) -> Result<Exit, Failure> {
    let root = trueup_repo::find_root(&context.folder).path;
    let config = context.config()?.unwrap_or_default();
    let wanted = wanted(args, &config, &root, context)?;
    let files = rego_files(&root, &wanted);
    if files.is_empty() {
        return Err(Failure::new("there is no Rego file to test")
            .help("name a file or a folder, or bind a policy with `rego` in trueup.toml"));
    }
    let tests = test_files(&root, &files).map_err(|error| Failure::new(error.to_string()))?;
    if tests.is_empty() {
        return Err(Failure::new(format!(
            "no test was found in {}",
            count(files.len(), "Rego file", "Rego files")
        ))
        .help("a test is a rule whose name begins with `test_`, in a file beside the policy"));
    }
    let mut text = String::new();
    for test in &tests {
        text.push_str(&line_of(test));
    }
    let number = |wanted: &dyn Fn(&TestRun) -> bool| tests.iter().filter(|t| wanted(&t.run)).count();
    let failed = number(&|run| matches!(run, TestRun::Failed | TestRun::Error(_)));
    let skipped = number(&|run| *run == TestRun::Skipped);
    let passed = tests.len() - failed - skipped;
    text.push_str(&format!("{passed} passed, {failed} failed, {skipped} skipped\n"));
    context.terminal.print(&trueup_render::plain_lines(&text))?;
    Ok(if failed > 0 { Exit::Findings } else { Exit::Clean })
}

fn line_of(test: &RegoTest) -> String {
    let place = format!("{}:{}", test.path, test.line);
    match &test.run {
        TestRun::Passed => format!("pass  {}\n", test.name),
        TestRun::Failed => format!("FAIL  {}  ({place})\n", test.name),
        TestRun::Skipped => format!("skip  {}\n", test.name),
        TestRun::Error(why) => format!("FAIL  {}  ({place}): {why}\n", test.name),
    }
}

/// What is to be tested, from the root.
fn wanted(
    args: &Test,
    config: &Config,
    root: &std::path::Path,
    context: &Context,
) -> Result<Vec<String>, Failure> {
    if args.paths.is_empty() {
        let rego = config.policy.iter().filter_map(|policy| policy.rego.as_deref());
        let mut folders: Vec<String> = rego.map(|path| folder_of(path).to_owned()).collect();
        folders.sort();
        folders.dedup();
        return Ok(folders);
    }
    let given = args.paths.iter();
    given
        .map(|path| match context.folder.join(path).exists() {
            true => from_root(root, &context.folder, path),
            false => {
                Err(Failure::new(format!("{} is not there", path.display())).help("name a file or a folder"))
            }
        })
        .collect()
}

/// The Rego files among some files and folders, sorted.
fn rego_files(root: &std::path::Path, wanted: &[String]) -> Vec<String> {
    let tree = trueup_repo::walk(root, &trueup_repo::WalkOptions::default());
    let below = |path: &str| {
        wanted.iter().any(|w| {
            path == w
                || folder_of(path) == w
                || path.strip_prefix(w.as_str()).is_some_and(|r| r.starts_with('/'))
        })
    };
    let all = tree.paths.files().filter(|path| path.ends_with(".rego") && below(path));
    let mut files: Vec<String> = all.map(str::to_owned).collect();
    files.sort();
    files
}

fn list(context: &Context) -> Result<Exit, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    if workspace.config.policy.is_empty() {
        return Err(Failure::new("trueup.toml binds no policy")
            .help("`[[policy]]` binds a house rule to what decides it"));
    }
    let policies = &workspace.config.policy;
    let counts = workspace.map_specs(|file| {
        let rows: Vec<_> =
            file.specs.iter().filter_map(|s| s.facts.compliance.as_ref()).flat_map(|c| &c.rows).collect();
        let bound = |policy: &PolicyConfig| {
            rows.iter().filter(|row| row_binds(row, policy.guide.as_deref(), &policy.rule)).count()
        };
        policies.iter().map(bound).collect::<Vec<usize>>()
    });
    let mut text = String::new();
    for (at, policy) in policies.iter().enumerate() {
        let rows: usize = counts.iter().filter_map(|c| c.get(at)).sum();
        let specs = counts.iter().filter(|c| c.get(at).is_some_and(|n| *n > 0)).count();
        let by = match (&policy.check, &policy.rego) {
            (Some(rule), _) => format!("the rule {rule}"),
            (_, Some(path)) => path.clone(),
            _ => policy.command.join(" "),
        };
        let guide = policy.guide.as_deref().map(|guide| format!(" of {guide}")).unwrap_or_default();
        text.push_str(&format!(
            "{}\n  \"{}\"{guide}, decided by {by}\n  bound to {} in {}\n",
            policy.name,
            policy.rule,
            count(rows, "row", "rows"),
            count(specs, "spec", "specs")
        ));
    }
    context.terminal.print(&trueup_render::plain_lines(&text))?;
    Ok(Exit::Clean)
}

fn input(args: &Input, context: &Context) -> Result<Exit, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    let file = find_spec(&workspace, context, &args.spec)?;
    let mut inputs: Vec<serde_json::Value> =
        (0..file.specs.len()).map(|spec| trueup_policy::input_of(&workspace, &file, spec)).collect();
    if args.repository {
        let code = trueup_render::code_value(trueup_codebase::Code::codebase(&workspace));
        inputs.iter_mut().for_each(|input| input["repository"] = code.clone());
    }
    let value = if inputs.len() == 1 { inputs.remove(0) } else { inputs.into() };
    context.terminal.print(&format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default()))?;
    Ok(Exit::Clean)
}
