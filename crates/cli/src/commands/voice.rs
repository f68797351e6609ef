//! `trueup approve`, `reject` and `review`

use super::step::{open, signer, told, who};
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::specs::spec_path;
use std::path::PathBuf;
use trueup_lifecycle::{Voice, speak};

/// Say that you agree to a spec as it stands
#[derive(Debug, clap::Args)]
pub(crate) struct Approve {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    #[command(flatten)]
    options: VoiceOptions,
}

/// Say that you do not agree to a spec as it stands
#[derive(Debug, clap::Args)]
pub(crate) struct Reject {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// Why not
    #[arg(long)]
    why: String,
    #[command(flatten)]
    options: VoiceOptions,
}

/// Record that you looked at what drifted from a spec; drift counts from this commit on
#[derive(Debug, clap::Args)]
pub(crate) struct Review {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// The review is done
    #[arg(long, required = true)]
    done: bool,
    /// What to remember of it
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    options: VoiceOptions,
}

#[derive(Debug, clap::Args)]
struct VoiceOptions {
    /// Who says it, where git cannot say: 'NAME <EMAIL>'
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// Sign the line of the ledger with this SSH key
    #[arg(long, value_name = "KEYFILE")]
    sign: Option<PathBuf>,
}

pub(crate) fn approve(args: &Approve, context: &Context) -> Result<Exit, Failure> {
    say("approve", &args.spec, &Voice::Approve, &args.options, context)
}

pub(crate) fn reject(args: &Reject, context: &Context) -> Result<Exit, Failure> {
    let why = args.why.split_whitespace().collect::<Vec<_>>().join(" ");
    if why.is_empty() {
        return Err(Failure::new("a rejection says why").help("write `--why \"…\"`"));
    }
    say("reject", &args.spec, &Voice::Reject(why), &args.options, context)
}

pub(crate) fn review(args: &Review, context: &Context) -> Result<Exit, Failure> {
    debug_assert!(args.done);
    say("review", &args.spec, &Voice::Reviewed(args.note.clone()), &args.options, context)
}

fn say(
    command: &str,
    spec: &str,
    voice: &Voice,
    options: &VoiceOptions,
    context: &Context,
) -> Result<Exit, Failure> {
    let (session, workspace) = open(&format!("{command} {spec}"), false, context)?;
    let Some(session) = session else { return Ok(Exit::Clean) };
    let path = spec_path(&workspace, context, spec)?;
    let by = who(&workspace, options.by.as_deref(), context)?;
    let signer = signer(&workspace, options.sign.as_ref())?;
    let (name, appended) = speak(&session, &workspace, &path, &by, voice, signer.as_ref())
        .map_err(|failure| told(failure, context))?;
    for note in &appended.mended {
        context.terminal.note(&format!("note: {note}"));
    }
    let said = match voice {
        Voice::Approve => format!("{} approves {name} as it stands", by.name),
        Voice::Reject(_) => format!("{} rejects {name} as it stands", by.name),
        Voice::Reviewed(_) => format!("{} has looked at {name} at this commit", by.name),
    };
    let short = appended.entry.digest.short();
    context.terminal.print(&format!("{said}\n  evidence {short}\n"))?;
    Ok(Exit::Clean)
}
