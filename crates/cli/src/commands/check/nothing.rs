//! A check that looked at no spec has not passed.

use super::input::Targets;
use crate::context::Context;
use crate::failure::Failure;
use crate::paths::{is_within, shown};
use crate::words::{count, listed};
use trueup_engine::{CONFIG_FILE, CheckReport, Workspace, shown_folder};
use trueup_model::folder_of;

/// Fails where no spec was looked at, unless a document beside the specs was asked for by name.
pub(super) fn refuse(
    report: &CheckReport,
    workspace: &Workspace,
    targets: &Targets,
    context: &Context,
) -> Result<(), Failure> {
    let summary = &report.summary;
    let by_name = targets.files.iter().any(|path| workspace.corpus.head(path).is_some());
    if summary.specs + summary.tombstones > 0 || by_name && summary.companions > 0 {
        return Ok(());
    }
    let total: usize = (0..workspace.sets.len()).map(|set| workspace.specs_of(set).len()).sum();
    if total > 0 {
        return Err(elsewhere(workspace, targets, context));
    }
    let mut failure = Failure::new("there is nothing to check: no spec was found");
    let mut detail = |text: String| failure.message.push_str(&format!("\n  {text}"));
    let files = count(summary.files_seen, "Markdown file", "Markdown files");
    detail(format!("looked at {files} below {}", workspace.root.display()));
    match &workspace.discovery {
        Some(discovery) => {
            if discovery.templates.is_empty() {
                detail("looked for a template: no file calls itself one (`*template*.md`) or holds the titles that others share".to_owned());
            }
            for template in &discovery.templates {
                detail(format!("considered the template {template}: {}", fate(workspace, template)));
            }
            detail("a folder holds specs if three of its files carry three titles of a template".to_owned());
        }
        None => {
            for set in &workspace.sets {
                let folders: Vec<String> =
                    set.config.folders.iter().map(|folder| shown_folder(folder)).collect();
                let folders = listed(&folders, "and");
                detail(format!("{CONFIG_FILE} looks for specs in {folders}, and no file there is one"));
            }
        }
    }
    let failure = match &workspace.discovery {
        Some(_) => failure
            .help("`trueup new TITLE --template builtin:governance` makes a first spec; `trueup init` writes down where specs are")
            .help("`trueup check --explain-discovery` says for each folder why it holds none"),
        None => failure
            .help(format!("`trueup new TITLE` makes a first spec; where they lie elsewhere, mend `folders` in {CONFIG_FILE} or run `trueup init --force`"))
            .help("`trueup check --explain-discovery` says for each file what it is"),
    };
    Err(failure)
}

/// Why a template did not lead to specs, in a few words.
fn fate(workspace: &Workspace, template: &str) -> String {
    let Some(discovery) = &workspace.discovery else { return String::new() };
    let near =
        |folder: &str| is_within(folder, folder_of(template)) || is_within(folder_of(template), folder);
    let about = discovery.folders.iter().find(|(folder, reason)| reason.contains(template) && near(folder));
    let about = about.or_else(|| discovery.folders.iter().find(|(_, reason)| reason.contains(template)));
    match about {
        Some((folder, reason)) => format!("{} is {reason}", shown_folder(folder)),
        None => "no file carries three of its titles".to_owned(),
    }
}

/// There are specs, but not among what was asked for.
fn elsewhere(workspace: &Workspace, targets: &Targets, context: &Context) -> Failure {
    let here = |path: &str| shown(&workspace.root, &context.folder, path);
    let asked: Vec<String> = targets.paths.iter().map(|path| here(path)).collect();
    let message = match asked.as_slice() {
        [] => "there is nothing to check: every spec is unreadable".to_owned(),
        asked => format!("there is nothing to check: no file in {} is a spec", listed(asked, "or")),
    };
    let folders: Vec<String> =
        workspace.sets.iter().flat_map(|set| &set.config.folders).map(|folder| here(folder)).collect();
    Failure::new(message)
        .help(format!("the specs are in {}", listed(&folders, "and")))
        .help("`trueup check --explain-discovery PATH` says for each file what it is")
}
