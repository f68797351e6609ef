//! `trueup template list`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::words::{count, listed};
use trueup_engine::{OpenOptions, shown_folder};
use trueup_render::plain_lines;
use trueup_template::{BUILTIN_NAMES, Presence, Schema, builtin};

/// List the built-in templates and those of this repository
#[derive(Debug, clap::Args)]
pub(crate) struct List {}

/// Runs the command.
pub(crate) fn run(_: &List, context: &Context) -> Result<Exit, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    let mut used: Vec<(String, String)> = Vec::new();
    for (index, set) in workspace.sets.iter().enumerate() {
        let folders: Vec<String> = set.config.folders.iter().map(|folder| shown_folder(folder)).collect();
        let specs = count(workspace.specs_of(index).len(), "spec", "specs");
        let how = if set.discovered { "discovered" } else { "configured" };
        used.push((
            set.config.template.clone(),
            format!("{}, {specs} in {} ({how})", asks(&set.schema), listed(&folders, "and")),
        ));
    }
    let mut unused: Vec<(String, String)> = Vec::new();
    for template in workspace.discovery.iter().flat_map(|discovery| &discovery.templates) {
        if !used.iter().any(|(name, _)| name == template) {
            unused.push((template.clone(), "no folder of specs follows it".to_owned()));
        }
    }
    let built_in: Vec<(String, String)> = BUILTIN_NAMES
        .iter()
        .filter_map(|name| builtin(name))
        .map(|(_, schema)| (schema.name.clone(), asks(&schema)))
        .collect();
    let groups =
        [("In this repository", used), ("In this repository, not used", unused), ("Built in", built_in)];
    let width = groups
        .iter()
        .flat_map(|(_, rows)| rows)
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or_default();
    let mut out = String::new();
    for (title, rows) in groups.iter().filter(|(_, rows)| !rows.is_empty()) {
        out.push_str(&format!("{}\n", context.terminal.bold(title)));
        for (name, about) in rows {
            out.push_str(&plain_lines(&format!("  {name:width$}  {about}\n")));
        }
        out.push('\n');
    }
    out.push_str("`trueup template show NAME` shows what is inferred from one.\n");
    context.terminal.print(&out)?;
    Ok(Exit::Clean)
}

/// How many sections a template asks for.
fn asks(schema: &Schema) -> String {
    let top = || {
        schema.children(None).map(|index| &schema.sections[index]).filter(|s| s.presence != Presence::Never)
    };
    let required = top().filter(|section| section.presence == Presence::Required).count();
    format!("{}, {required} required", count(top().count(), "section", "sections"))
}
