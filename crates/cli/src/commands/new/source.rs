//! Which template a new spec is written from.

use super::New;
use crate::commands::template::{text_of, unknown_built_in};
use crate::context::Context;
use crate::failure::Failure;
use crate::paths;
use crate::words::listed;
use std::path::Path;
use std::sync::Arc;
use trueup_engine::{MAX_FILE_SIZE, Workspace, nearest};
use trueup_model::{base_name, folder_of};
use trueup_template::{BUILTIN_NAMES, Schema, infer};

/// The template where a repository has no specs yet and none is named.
const FIRST_TEMPLATE: &str = "builtin:governance";

/// A template, and the set of specs that it belongs to.
pub(super) struct Source {
    /// The path from the root, or `builtin:NAME`.
    pub(super) name: String,
    pub(super) text: Arc<str>,
    pub(super) schema: Schema,
    /// The set by its place in the workspace; none where no set follows the template.
    pub(super) set: Option<usize>,
    /// The document's name where every spec has a folder of its own.
    pub(super) document: Option<String>,
    /// The name and the text of the YAML file that stands beside every spec.
    pub(super) sidecar: Option<(String, Arc<str>)>,
}

impl Source {
    /// The folder of the template from the root; none for a built-in one.
    pub(super) fn folder(&self) -> Option<&str> {
        (!self.name.starts_with("builtin:")).then(|| folder_of(&self.name))
    }

    /// Finds the template that was asked for, or the one of the set that the new spec belongs to.
    pub(super) fn find(
        args: &New,
        folder: Option<&str>,
        workspace: &Workspace,
        context: &Context,
    ) -> Result<Source, Failure> {
        match &args.template {
            Some(name) => named(name, workspace, context),
            None if workspace.sets.is_empty() => {
                context.terminal.note(&format!(
                    "no specs were found here: the template is {FIRST_TEMPLATE} (`--template` names another)"
                ));
                built_in(FIRST_TEMPLATE.trim_start_matches("builtin:"))
            }
            None => of_set(workspace, chosen_set(folder, workspace, context)?),
        }
    }
}

/// The set that holds the folder asked for, else the current folder; else the only one.
fn chosen_set(folder: Option<&str>, workspace: &Workspace, context: &Context) -> Result<usize, Failure> {
    let here = paths::from_root(&workspace.root, &context.folder, Path::new(".")).ok();
    let holding = |folder: &str| {
        let sets = workspace.sets.iter().enumerate();
        let depth = |folders: &[String]| {
            folders.iter().filter(|f| paths::is_within(folder, f)).map(String::len).max()
        };
        sets.filter_map(|(index, set)| depth(&set.config.folders).map(|depth| (depth, index)))
            .max()
            .map(|(_, index)| index)
    };
    if let Some(set) = folder.and_then(holding) {
        return Ok(set);
    }
    if let [_] = workspace.sets.as_slice() {
        return Ok(0);
    }
    if let Some(set) = here.as_deref().filter(|_| folder.is_none()).and_then(holding) {
        return Ok(set);
    }
    let templates: Vec<String> = workspace.sets.iter().map(|set| set.config.template.clone()).collect();
    Err(Failure::new("there are several templates here, and nothing says which one to use")
        .help(format!("`--template` takes {}", listed(&templates, "or")))
        .help("`--dir` names the folder of the new spec, which decides as well"))
}

fn of_set(workspace: &Workspace, index: usize) -> Result<Source, Failure> {
    let set = &workspace.sets[index];
    let text = text_of(workspace, &set.config.template)?;
    let sidecar = match &set.config.sidecar {
        Some(name) => {
            let path = format!("{}/{name}", folder_of(&set.config.template));
            let text = trueup_repo::read(&workspace.root, path.trim_start_matches('/'), MAX_FILE_SIZE);
            let text = text.map_err(|problem| {
                Failure::new(format!("{path}, which stands beside the template, cannot be read: {problem}"))
                    .help("put it back, or take `sidecar` out of trueup.toml")
            })?;
            Some((name.clone(), text))
        }
        None => None,
    };
    Ok(Source {
        name: set.config.template.clone(),
        text,
        schema: set.schema.clone(),
        set: Some(index),
        document: set.config.document.clone(),
        sidecar,
    })
}

fn built_in(name: &str) -> Result<Source, Failure> {
    let (text, schema) = trueup_template::builtin(name).ok_or_else(|| unknown_built_in(name))?;
    Ok(Source {
        name: schema.name.clone(),
        text: text.into(),
        schema,
        set: None,
        document: None,
        sidecar: None,
    })
}

fn named(name: &str, workspace: &Workspace, context: &Context) -> Result<Source, Failure> {
    let from_here = paths::from_root(&workspace.root, &context.folder, Path::new(name)).ok();
    let is_it = |template: &str| {
        let stem = base_name(template).trim_end_matches(".md");
        template == name
            || from_here.as_deref() == Some(template)
            || base_name(template) == name
            || stem == name
    };
    if let Some(index) = workspace.sets.iter().position(|set| is_it(&set.config.template)) {
        return of_set(workspace, index);
    }
    if let Some(built) =
        name.strip_prefix("builtin:").or_else(|| BUILTIN_NAMES.contains(&name).then_some(name))
    {
        return built_in(built);
    }
    let file = [from_here.as_deref(), Some(name)]
        .into_iter()
        .flatten()
        .find(|path| workspace.root.join(path).is_file());
    if let Some(path) = file {
        let text = text_of(workspace, path)?;
        let schema = infer(path, &text, None);
        return Ok(Source { name: path.to_owned(), text, schema, set: None, document: None, sidecar: None });
    }
    let found =
        workspace.discovery.iter().flat_map(|discovery| discovery.templates.iter().map(String::as_str));
    let sets = workspace.sets.iter().map(|set| set.config.template.as_str());
    let failure = Failure::new(format!("there is no template `{name}`"));
    Err(match nearest(name, found.chain(sets).chain(BUILTIN_NAMES)) {
        Some(near) => failure.help(format!("did you mean `{near}`? `trueup template list` shows all")),
        None => {
            failure.help("`trueup template list` shows the templates; a path to a Markdown file is one, too")
        }
    })
}
