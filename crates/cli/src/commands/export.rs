//! `trueup export`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::specs::spec_path;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trueup_engine::{OpenOptions, ReadFile, Workspace};
use trueup_render::{ExportFormat, ExportNote, ExportSpec, Exported, asyncapi, openapi};

/// Notes are lists; more than this of one kind are counted only.
const MOST_ITEMS: usize = 20;

/// Write what the specs declare in the formats of other tools
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Endpoints and entities as one OpenAPI 3.1 document
    Openapi(Document),
    /// Events as one AsyncAPI 3.0 document
    Asyncapi(Document),
}

#[derive(Debug, clap::Args)]
struct Document {
    /// Only these specs: an ID (SPEC-012), a path, or a part of a file's name; without any, all
    #[arg(value_name = "SPEC")]
    specs: Vec<String>,
    /// How to write it; without this, as the name of the output file says, else YAML
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
    /// Write it into this file
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The title of the document
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Format {
    /// YAML
    Yaml,
    /// JSON
    Json,
}

impl Document {
    fn format(&self) -> ExportFormat {
        let is_json = |path: &Path| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
        match self.format {
            Some(Format::Json) => ExportFormat::Json,
            None if self.output.as_deref().is_some_and(is_json) => ExportFormat::Json,
            _ => ExportFormat::Yaml,
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: &Export, context: &Context) -> Result<Exit, Failure> {
    let (document, kind, missing, list) = match &args.what {
        What::Openapi(document) => (document, openapi as Exporter, "an endpoint or an entity", "endpoints"),
        What::Asyncapi(document) => (document, asyncapi as Exporter, "an event", "events"),
    };
    let workspace = context.open(OpenOptions::default())?;
    let specs = specs(&workspace, context, &document.specs)?;
    let exported = kind(&specs, document.title.as_deref(), document.format());
    notes(&exported.notes, context);
    let Some(text) = &exported.text else {
        return Err(Failure::new(format!("there is nothing to export: {}", none_of(specs.len(), missing)))
            .help(format!("`trueup list {list}` lists what is read out of the specs")));
    };
    match &document.output {
        None => context.terminal.print(text)?,
        Some(path) => {
            trueup_repo::write_atomically(path, text.as_bytes())?;
            context.terminal.note(&format!("wrote {} to {}", exported.summary, path.display()));
        }
    }
    Ok(Exit::Clean)
}

type Exporter = fn(&[ExportSpec], Option<&str>, ExportFormat) -> Exported;

fn none_of(specs: usize, missing: &str) -> String {
    match specs {
        1 => format!("the spec does not declare {missing} that the format can hold"),
        n => format!("none of the {n} specs declares {missing} that the format can hold"),
    }
}

/// What the wanted specs bring, in the order of their paths.
fn specs(workspace: &Workspace, context: &Context, wanted: &[String]) -> Result<Vec<ExportSpec>, Failure> {
    if workspace.sets.is_empty() {
        return Err(Failure::new("there are no specs here")
            .help("`trueup check --explain-discovery` says what was looked for"));
    }
    let paths: Vec<Arc<str>> =
        wanted.iter().map(|spec| spec_path(workspace, context, spec)).collect::<Result<_, _>>()?;
    let of = |file: &ReadFile| match paths.is_empty() || paths.contains(&file.path) {
        true => ExportSpec::of(file),
        false => Vec::new(),
    };
    Ok(workspace.map_specs(of).into_iter().flatten().collect())
}

fn notes(notes: &[ExportNote], context: &Context) {
    for note in notes {
        let mut text = format!("note: {}", note.title);
        for item in note.items.iter().take(MOST_ITEMS) {
            text.push_str(&format!("\n  {item}"));
        }
        if let Some(more @ 1..) = note.items.len().checked_sub(MOST_ITEMS) {
            text.push_str(&format!("\n  and {more} more"));
        }
        context.terminal.note(&text);
    }
}
