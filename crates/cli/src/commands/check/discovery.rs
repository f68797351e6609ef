//! `check --explain-discovery`: why each file is a spec, a companion or neither.

use super::input::Targets;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::paths::is_within;
use crate::words::count;
use std::collections::BTreeMap;
use trueup_engine::{CONFIG_FILE, FileRole, Workspace, shown_folder};
use trueup_model::{base_name, folder_of};

/// Prints the files that were asked for, folder by folder.
pub(super) fn explain(workspace: &Workspace, targets: &Targets, context: &Context) -> Result<Exit, Failure> {
    let asked = |path: &str| targets.paths.is_empty() || targets.paths.iter().any(|t| is_within(path, t));
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for head in workspace.corpus.heads().iter().filter(|head| asked(&head.path)) {
        folders.entry(folder_of(&head.path)).or_default().push(&head.path);
    }
    let mut out = String::new();
    sets(workspace, context, &mut out);
    // Folders with specs first: the others are usually many, and all for one reason.
    let holds_specs =
        |files: &[&str]| files.iter().any(|path| matches!(workspace.role(path), FileRole::Spec(_)));
    let (with, without): (Vec<_>, Vec<_>) = folders.iter().partition(|(_, files)| holds_specs(files));
    for (folder, files) in with.into_iter().chain(without) {
        self::folder(workspace, context, folder, files, &mut out);
    }
    for (path, problem) in workspace.unreadable.iter().filter(|(path, _)| asked(path)) {
        out.push_str(&format!("\n{path}: not read, since {problem}\n"));
    }
    context.terminal.print(&out)?;
    Ok(Exit::Clean)
}

/// The sets, and the templates that were considered for them.
fn sets(workspace: &Workspace, context: &Context, out: &mut String) {
    let heading = |text: &str| format!("{}\n", context.terminal.bold(text));
    match &workspace.discovery {
        None => out.push_str(&heading(&format!("{CONFIG_FILE} says where the specs are"))),
        Some(discovery) => {
            out.push_str(&heading("Templates considered"));
            for template in &discovery.templates {
                out.push_str(&format!("  {template}\n"));
            }
            if discovery.templates.is_empty() {
                out.push_str("  no file calls itself a template or holds the titles that others share\n");
            }
            out.push_str(&format!("\n{}", heading("Chosen")));
            if workspace.sets.is_empty() {
                out.push_str("  nothing: no folder holds three files with three titles of a template\n");
            }
        }
    }
    for (index, set) in workspace.sets.iter().enumerate() {
        let folders: Vec<String> = set.config.folders.iter().map(|folder| shown_folder(folder)).collect();
        let specs = count(workspace.specs_of(index).len(), "spec", "specs");
        out.push_str(&format!("  {specs} in {}, held to {}\n", folders.join(", "), set.config.template));
    }
}

fn folder(workspace: &Workspace, context: &Context, folder: &str, files: &[&str], out: &mut String) {
    out.push_str(&format!("\n{}\n", context.terminal.bold(&shown_folder(folder))));
    if let Some(discovery) = &workspace.discovery {
        let by_name = "not a spec folder: files of these names are never specs".to_owned();
        let held = files.iter().any(|path| workspace.role(path) != FileRole::Other);
        let reason = discovery.folders.get(folder).or((!held).then_some(&by_name));
        out.extend(reason.map(|reason| format!("  {reason}\n")));
    }
    for (word, want) in [("spec", 0), ("companion", 1), ("neither", 2)] {
        for path in files.iter().filter(|path| rank(workspace.role(path)) == want) {
            out.push_str(&format!("  {word:9}  {}{}\n", base_name(path), why(workspace, folder, path)));
        }
    }
}

fn rank(role: FileRole) -> usize {
    match role {
        FileRole::Spec(_) => 0,
        FileRole::Companion(_) => 1,
        FileRole::Other => 2,
    }
}

/// What the engine says of a file, without what its line already says.
fn why(workspace: &Workspace, folder: &str, path: &str) -> String {
    let said = workspace.explain(path);
    let said = said.strip_prefix(path).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&said);
    let about_folder = format!("; {} is: ", shown_folder(folder));
    let said = said.split_once(&about_folder).map_or(said, |(own, _)| own);
    match workspace.role(path) {
        // One set says it all; with several it matters which.
        FileRole::Spec(_) if workspace.sets.len() < 2 => String::new(),
        FileRole::Companion(_) => match said.strip_prefix("a companion, since ") {
            Some(reason) => format!(" ({reason})"),
            None => format!(" ({said})"),
        },
        FileRole::Other if workspace.discovery.is_some() => String::new(),
        _ => format!(" ({said})"),
    }
}
