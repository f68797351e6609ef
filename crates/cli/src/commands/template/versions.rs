//! `trueup template versions` and `trueup template diff`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::words::listed;
use trueup_engine::{MAX_FILE_SIZE, OpenOptions, TemplateVersion, Workspace};
use trueup_model::{base_name, find_dates};
use trueup_render::{difference_json, difference_text, versions_json, versions_text};
use trueup_repo::Git;
use trueup_template::{Schema, difference, infer};

/// List the versions of a template that git knows, with what each asks that the one before did not
#[derive(Debug, clap::Args)]
pub(crate) struct Versions {
    /// The template's path; the only one of this repository where none is given
    #[arg(value_name = "TEMPLATE")]
    template: Option<String>,
    /// How to write it
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

/// Say what two versions of a template ask that the other does not
#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// The older version: a commit, tag or branch, a day (YYYY-MM-DD), or a file
    #[arg(value_name = "OLD")]
    old: String,
    /// The newer version; the template as it is now where none is given
    #[arg(value_name = "NEW")]
    new: Option<String>,
    /// The template's path, where this repository has several
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
    /// How to write it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
}

/// Lists the versions.
pub(crate) fn list(args: &Versions, context: &Context) -> Result<Exit, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    let set = set_of(args.template.as_deref(), &workspace)?;
    let versions = versions_of(&workspace, set)?;
    context.terminal.print(&match args.format {
        Format::Human => versions_text(&versions),
        Format::Json => versions_json(&workspace.sets[set].config.template, &versions),
    })?;
    Ok(Exit::Clean)
}

/// Shows the difference.
pub(crate) fn diff(args: &Diff, context: &Context) -> Result<Exit, Failure> {
    let old_file = file(&args.old, context)?;
    let new_file = args.new.as_deref().map(|new| file(new, context)).transpose()?.flatten();
    let (old, new) = match (old_file, new_file) {
        (Some(old), Some(new)) => (old, new),
        (old, new) => {
            let workspace = context.open(OpenOptions::default())?;
            let set = set_of(args.template.as_deref(), &workspace)?;
            let of = |version: &str| schema_at(version, &workspace, set);
            let old = old.map_or_else(|| of(&args.old), Ok)?;
            let new = match (new, &args.new) {
                (Some(new), _) => new,
                (None, Some(new)) => of(new)?,
                (None, None) => workspace.sets[set].schema.clone(),
            };
            (old, new)
        }
    };
    let difference = difference(&old, &new);
    if args.format == Format::Json {
        context.terminal.print(&difference_json(&args.old, args.new.as_deref(), &difference))?;
        return Ok(Exit::Clean);
    }
    let told = difference_text(&difference);
    match told.is_empty() {
        true => context.terminal.note("both ask the same"),
        false => context.terminal.print(&told)?,
    }
    Ok(Exit::Clean)
}

/// The schema of a file, where the text is the path of one.
fn file(text: &str, context: &Context) -> Result<Option<Schema>, Failure> {
    if !context.folder.join(text).is_file() {
        return Ok(None);
    }
    let read = trueup_repo::read(&context.folder, text, MAX_FILE_SIZE)
        .map_err(|problem| Failure::new(format!("{text} cannot be read: {problem}")))?;
    Ok(Some(infer(text, &read, None)))
}

fn schema_at(version: &str, workspace: &Workspace, set: usize) -> Result<Schema, Failure> {
    let versions = versions_of(workspace, set)?;
    Ok(find_version(version, &versions, workspace, set)?.schema.clone())
}

/// The set of a template, by its path or name; the only one where none is named.
fn set_of(template: Option<&str>, workspace: &Workspace) -> Result<usize, Failure> {
    let names: Vec<String> = workspace.sets.iter().map(|set| set.config.template.clone()).collect();
    let found = match template {
        Some(wanted) => names.iter().position(|name| name == wanted || base_name(name) == wanted),
        None => (names.len() == 1).then_some(0),
    };
    found.ok_or_else(|| match (template, names.as_slice()) {
        (_, []) => Failure::new("no specs were found here, so there is no template in use"),
        (Some(wanted), _) => Failure::new(format!("no specs follow the template `{wanted}`"))
            .help(format!("there are {}", listed(&names, "and"))),
        (None, _) => Failure::new("there are several templates here, and nothing says which one is meant")
            .help(format!("name one of {}", listed(&names, "and"))),
    })
}

/// All versions of a set's template; it is a failure if git knows none.
pub(crate) fn versions_of(workspace: &Workspace, set: usize) -> Result<Vec<TemplateVersion>, Failure> {
    let config = &workspace.sets[set].config;
    let versions = workspace.template_versions(&config.template, config.sidecar.as_deref())?;
    if versions.is_empty() {
        return Err(Failure::new(format!("git knows no version of {}", config.template))
            .help("a template has versions once it is committed; a built-in one has none"));
    }
    Ok(versions)
}

/// The version that a commit, tag, branch or day stands for.
pub(crate) fn find_version<'v>(
    wanted: &str,
    versions: &'v [TemplateVersion],
    workspace: &Workspace,
    set: usize,
) -> Result<&'v TemplateVersion, Failure> {
    let unknown = || {
        let template = &workspace.sets[set].config.template;
        Failure::new(format!("`{wanted}` is no version of {template}"))
            .help("a version is a commit, a tag, a branch, or a day such as 2026-01-31; `trueup template versions` lists them")
    };
    let whole_day = find_dates(wanted).into_iter().find(|found| found.end - found.start == wanted.len());
    if let Some(day) = whole_day.and_then(|found| found.date) {
        let before = versions.iter().rfind(|version| version.day.is_some_and(|from| from <= day));
        return before.ok_or_else(unknown);
    }
    let git = Git::open(&workspace.root).ok_or_else(unknown)?;
    let commit = git.resolve(wanted)?.ok_or_else(unknown)?;
    let template = &workspace.sets[set].config.template;
    let then = git.revisions(Some(&commit), template)?.into_iter().find(|revision| revision.blob.is_some());
    let id = then.map(|revision| revision.commit.id).ok_or_else(unknown)?;
    versions.iter().find(|version| version.commit.as_deref() == Some(id.as_str())).ok_or_else(unknown)
}
