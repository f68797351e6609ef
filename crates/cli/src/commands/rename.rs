//! `trueup rename`

use super::step::{StepOptions, open, text_options, told, who};
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::specs::spec_path;
use trueup_lifecycle::Renaming;
use trueup_render::renamed_text;

/// Give a spec another ID, file name or title, with every link and mention that leads to it
#[derive(Debug, clap::Args)]
pub(crate) struct Rename {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// The new ID (SPEC-013) or the new words of the file's name (order-returns)
    #[arg(value_name = "NEW")]
    new: String,
    /// The new title, without the ID
    #[arg(long)]
    title: Option<String>,
    /// Who does it, where git cannot say: 'NAME <EMAIL>'
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    #[command(flatten)]
    options: StepOptions,
}

/// Runs the command.
pub(crate) fn run(args: &Rename, context: &Context) -> Result<Exit, Failure> {
    let command = format!("rename {} {}", args.spec, args.new);
    let options = &args.options;
    let (session, workspace) = open(&command, options.dry_run, context)?;
    let path = spec_path(&workspace, context, &args.spec)?;
    let renaming = Renaming {
        path: &path,
        command: &command,
        new: &args.new,
        title: args.title.as_deref(),
        by: who(&workspace, args.by.as_deref(), context)?,
        allow_dirty: options.allow_dirty,
        dry_run: options.dry_run,
        commit: options.commit,
    };
    let renamed = trueup_lifecycle::rename(session.as_ref(), &workspace, &renaming, &mut |_| {})
        .map_err(|failure| told(failure, context))?;
    context.terminal.print(&renamed_text(&renamed, &text_options(options.dry_run, context)))?;
    for note in &renamed.notes {
        context.terminal.note(&format!("note: {note}"));
    }
    Ok(Exit::Clean)
}
