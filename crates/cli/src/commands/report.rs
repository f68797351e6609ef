//! `trueup report`

use super::step::open_to;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::specs::find_spec;
use trueup_engine::{ReadFile, Workspace};
use trueup_render::{compliance_edits, compliance_json, compliance_report, proofs_report};
use trueup_template::Schema;
use trueup_text::{Edit, apply_edits};

/// Recompute what a spec says of itself: its compliance rows, its consistency checks and its verdict
#[derive(Debug, clap::Args)]
pub(crate) struct Report {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// Bring the report in the spec up to date; what its author wrote is kept
    #[arg(long)]
    write: bool,
    /// How to show it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, conflicts_with = "write")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Format {
    /// The section of the template, with trueup's verdict beside the author's claim
    #[default]
    Markdown,
    /// For programs
    Json,
}

/// Runs the command.
pub(crate) fn run(args: &Report, context: &Context) -> Result<Exit, Failure> {
    let (_session, workspace) = open_to(args.write, &format!("report {} --write", args.spec), context)?;
    let mut file = find_spec(&workspace, context, &args.spec)?;
    workspace.bind(&context.registry, &mut file);
    let schema = file.set.map(|set| &workspace.sets[set].schema);
    let Some(schema) = schema else {
        return Err(Failure::new(format!("{} is no spec", file.path)));
    };
    if args.write {
        return write(&workspace, &file, schema, context);
    }
    let text = match args.format {
        Format::Markdown => {
            let mut parts = Vec::new();
            for spec in &file.specs {
                parts.extend(compliance_report(&file, spec, schema));
                parts.extend(proofs_report(&file, &workspace.judged_proofs(&file.path, spec)));
            }
            if parts.is_empty() {
                return Err(no_report(&workspace, &file));
            }
            parts.join("\n")
        }
        Format::Json => {
            let json =
                |spec| compliance_json(&file, spec, schema, &workspace.judged_proofs(&file.path, spec));
            let mut reports: Vec<serde_json::Value> = file.specs.iter().map(json).collect();
            let value = if reports.len() == 1 { reports.remove(0) } else { reports.into() };
            format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default())
        }
    };
    context.terminal.print(&text)?;
    Ok(Exit::Clean)
}

fn no_report(workspace: &Workspace, file: &ReadFile) -> Failure {
    let template = crate::specs::template_of(workspace, file);
    Failure::new(format!(
        "the template {template} has no compliance report, and the spec claims nothing that a run could prove"
    ))
    .help(
        "a section of the kind `compliance` makes one: `<!-- trueup: kind=compliance -->` below its heading",
    )
}

fn write(
    workspace: &Workspace,
    file: &ReadFile,
    schema: &Schema,
    context: &Context,
) -> Result<Exit, Failure> {
    let today = workspace.world.today.map(|date| date.to_string()).unwrap_or_default();
    let mut edits: Vec<Edit> = Vec::new();
    for spec in &file.specs {
        let own = compliance_edits(file, spec, schema, &today).ok_or_else(|| no_report(workspace, file))?;
        edits.extend(own);
    }
    let before = file.document.text();
    let after = apply_edits(before, &edits)
        .map_err(|error| Failure::new(format!("the report was not written: {error}")))?;
    if after == before {
        context.terminal.note(&format!("{}: the report is up to date", file.path));
        return Ok(Exit::Clean);
    }
    trueup_repo::write_if_unchanged(&workspace.root.join(&*file.path), before, &after)
        .map_err(|error| Failure::new(format!("{} was not written: {error}", file.path)))?;
    context.terminal.print(&trueup_render::diff(&file.path, before, &after, context.terminal.color))?;
    Ok(Exit::Clean)
}
