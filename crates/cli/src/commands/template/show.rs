//! `trueup template show`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::paths;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trueup_engine::{MAX_FILE_SIZE, OpenOptions, Workspace, nearest};
use trueup_model::folder_of;
use trueup_render::{SchemaTextOptions, schema_text};
use trueup_template::{BUILTIN_NAMES, Schema, builtin, infer};

/// Show what is inferred from a template, with the line and the reason
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// A Markdown file or `builtin:NAME`; the repository's templates where none is given
    #[arg(value_name = "TEMPLATE")]
    template: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &Show, context: &Context) -> Result<Exit, Failure> {
    let shown = match &args.template {
        None => all(context)?,
        Some(template) => vec![one(template, context)?],
    };
    let options = SchemaTextOptions { color: context.terminal.color, width: context.terminal.width() };
    let texts: Vec<String> = shown.iter().map(|(schema, text)| schema_text(schema, text, &options)).collect();
    context.terminal.print(&texts.join("\n"))?;
    Ok(Exit::Clean)
}

/// The templates that this repository's specs follow.
fn all(context: &Context) -> Result<Vec<(Schema, Arc<str>)>, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    if workspace.sets.is_empty() {
        return Err(Failure::new("no specs were found here, so there is no template in use")
            .help("`trueup template show FILE` shows one; the built-in ones are `builtin:governance` and `builtin:architecture`"));
    }
    (0..workspace.sets.len()).map(|set| of_set(&workspace, set)).collect()
}

fn one(template: &Path, context: &Context) -> Result<(Schema, Arc<str>), Failure> {
    let name = template.to_string_lossy();
    let built_in =
        name.strip_prefix("builtin:").or_else(|| BUILTIN_NAMES.contains(&&*name).then_some(&*name));
    if let Some(built_in) = built_in.filter(|_| !template.exists()) {
        return match builtin(built_in) {
            Some((text, schema)) => Ok((schema, text.into())),
            None => Err(unknown_built_in(built_in)),
        };
    }
    // A template can be shown wherever it is, also where the repository around cannot be opened.
    match context.open(OpenOptions::default()) {
        Ok(workspace) => {
            let path = paths::from_root(&workspace.root, &context.folder, template).ok();
            let set = path.and_then(|path| workspace.sets.iter().position(|set| set.config.template == path));
            match set {
                Some(set) => of_set(&workspace, set),
                None => of_file(template, context),
            }
        }
        Err(failure) => {
            context.terminal.warn(&failure.message);
            of_file(template, context)
        }
    }
}

/// A set's template, with what its specs have taught.
fn of_set(workspace: &Workspace, set: usize) -> Result<(Schema, Arc<str>), Failure> {
    let set = &workspace.sets[set];
    let text = text_of(workspace, &set.config.template)?;
    Ok((set.schema.clone(), text))
}

/// The text of a template as the configuration names it.
pub(crate) fn text_of(workspace: &Workspace, template: &str) -> Result<Arc<str>, Failure> {
    if let Some(text) = template.strip_prefix("builtin:").and_then(trueup_template::builtin_text) {
        return Ok(text.into());
    }
    if let Some(head) = workspace.corpus.head(template) {
        return Ok(Arc::clone(&head.text));
    }
    trueup_repo::read(&workspace.root, template, MAX_FILE_SIZE).map_err(|problem| {
        Failure::new(format!("the template {template} cannot be read: {problem}"))
            .help("`trueup template list` shows the templates")
    })
}

fn of_file(template: &Path, context: &Context) -> Result<(Schema, Arc<str>), Failure> {
    let name = template.to_string_lossy().replace('\\', "/");
    let text = trueup_repo::read(&context.folder, &name, MAX_FILE_SIZE).map_err(|problem| {
        Failure::new(format!("the template {name} cannot be read: {problem}"))
            .help("`trueup template list` shows the templates of this repository and the built-in ones")
    })?;
    let sidecar = sidecar(&context.folder.join(folder_of(&name)), template);
    let sidecar = sidecar.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    Ok((infer(&name, &text, sidecar), text))
}

/// The single YAML file beside a template that has a folder of its own.
fn sidecar(folder: &Path, template: &Path) -> Option<(String, String)> {
    let own_folder = folder.file_name()?.to_string_lossy().to_lowercase().contains("template");
    let document = template.file_stem()?.to_string_lossy().to_lowercase();
    if !own_folder || !matches!(document.as_str(), "readme" | "index" | "spec") {
        return None;
    }
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let yaml: Vec<String> =
        names.by_ref().filter(|name| name.ends_with(".yaml") || name.ends_with(".yml")).collect();
    let [name] = yaml.as_slice() else { return None };
    Some((name.clone(), std::fs::read_to_string(folder.join(name)).ok()?))
}

/// Says that there is no such built-in template.
pub(crate) fn unknown_built_in(name: &str) -> Failure {
    let failure = Failure::new(format!("there is no built-in template `{name}`"));
    let all = BUILTIN_NAMES.map(|name| format!("`builtin:{name}`"));
    match nearest(name, BUILTIN_NAMES.into_iter()) {
        Some(near) => failure.help(format!("did you mean `builtin:{near}`?")),
        None => failure.help(format!("there are {}", crate::words::listed(&all, "and"))),
    }
}
