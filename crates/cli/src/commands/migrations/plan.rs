//! `trueup migrations plan`

use super::chain_of;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::paths::from_root;
use std::path::{Path, PathBuf};
use trueup_engine::OpenOptions;
use trueup_model::folder_of;
use trueup_sql::{Planned, plan};

/// What stands below the help.
const EXAMPLES: &str = "\
Examples:
  trueup migrations plan db/migrations/V003__add_region.sql
  trueup migrations plan db/migrations/V003__add_region.sql --write

A proposal: read it before you run it. What only you know (with what rows are filled) stands in it as a statement that
fails until it is replaced.";

/// Propose how to split a file into Expand, Migrate and Contract
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Plan {
    /// The migration
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write the new files beside it; the file itself stays as it is, and no file is overwritten
    #[arg(long)]
    write: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Plan, context: &Context) -> Result<Exit, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    let path = from_root(&workspace.root, &context.folder, &args.file)?;
    let inner = folder_of(&path);
    // Prisma and Diesel give each migration a folder of its own.
    let own = ["/migration.sql", "/up.sql"].iter().any(|end| path.ends_with(end));
    let folder = if own { folder_of(inner) } else { inner };
    let folder = chain_of(&workspace, folder);
    let Some(file) = folder.chain.files.iter().find(|file| file.path == path) else {
        return Err(Failure::new(format!("{path} is no migration of its folder")).help(
            "name a file that the folder's tool runs; `layout` in [[migrations]] says which tool that is",
        ));
    };
    let planned = match plan(&folder.chain, file) {
        Planned::Whole { phase } => {
            context.terminal.print(&format!("{path} is of one phase already: {}\n", phase.name()))?;
            return Ok(Exit::Clean);
        }
        Planned::Not { line, why } => {
            return Err(Failure::new(format!("{path} cannot be split safely: line {line}: {why}"))
                .help("split it by hand, and look at each part with `trueup migrations prove`"));
        }
        Planned::Split(planned) => planned,
    };
    context.terminal.print(&trueup_render::plain_lines(&planned_text(&planned)))?;
    if args.write {
        write(&planned, &workspace.root, context)?;
    }
    Ok(Exit::Clean)
}

fn planned_text(planned: &trueup_sql::Plan) -> String {
    let mut out = String::new();
    for file in &planned.files {
        let unfinished = if file.unfinished { ", to be completed by hand" } else { "" };
        out.push_str(&format!(
            "== {}  ({}{unfinished})\n{}\n",
            file.path,
            file.phase.name(),
            file.text.trim_end()
        ));
        out.push('\n');
        if let Some((path, text)) = &file.beside {
            out.push_str(&format!("== {path}  (leaves the transaction out)\n{text}\n"));
        }
    }
    for note in &planned.notes {
        out.push_str(&format!("note: {note}\n"));
    }
    out
}

/// Writes all files, or none where one of them is there already.
fn write(planned: &trueup_sql::Plan, root: &Path, context: &Context) -> Result<(), Failure> {
    let beside = planned.files.iter().filter_map(|new| new.beside.as_ref());
    let beside = beside.map(|(path, text)| (path.as_str(), text.as_str()));
    let new = planned.files.iter().map(|new| (new.path.as_str(), new.text.as_str()));
    let all: Vec<(&str, &str)> = new.chain(beside).collect();
    if let Some((there, _)) = all.iter().find(|(path, _)| root.join(path).exists()) {
        return Err(Failure::new(format!("{there} is there already, so nothing was written"))
            .help("move it away first"));
    }
    for (path, text) in &all {
        let target = root.join(path);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)
                .map_err(|error| Failure::new(format!("{} cannot be made: {error}", parent.display())))?;
        }
        trueup_repo::write_atomically(&target, text.as_bytes())?;
    }
    context.terminal.note(&format!("wrote {}", crate::words::count(all.len(), "file", "files")));
    Ok(())
}
