//! `trueup show`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::specs::{find_spec, template_of};
use trueup_engine::OpenOptions;
use trueup_render::{FactKind, SpecTextOptions, spec_json, spec_text, spec_values};

/// Show everything that a spec says, as typed facts with their lines
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// Only these kinds of facts, as `trueup list` names them
    #[arg(long = "only", value_name = "KIND", value_delimiter = ',')]
    kinds: Vec<String>,
    /// How to show it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Human,
    /// For programs
    Json,
}

/// Runs the command.
pub(crate) fn run(args: &Show, context: &Context) -> Result<Exit, Failure> {
    let kinds: Vec<&FactKind> =
        args.kinds.iter().map(|name| super::list::kind_named(name)).collect::<Result<_, _>>()?;
    let workspace = context.open(OpenOptions::default())?;
    let file = find_spec(&workspace, context, &args.spec)?;
    let template = template_of(&workspace, &file);
    let text = match args.format {
        Format::Json => spec_json(&file, template),
        Format::Human => {
            let options = SpecTextOptions {
                color: context.terminal.color,
                width: context.terminal.width(),
                kinds: &kinds,
            };
            let shown: Vec<String> =
                spec_values(&file, template).iter().map(|spec| spec_text(spec, &options)).collect();
            shown.join("\n")
        }
    };
    context.terminal.print(&text)?;
    Ok(Exit::Clean)
}
