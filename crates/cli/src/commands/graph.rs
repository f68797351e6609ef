//! `trueup graph`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::paths::from_root;
use crate::specs::spec_path;
use crate::terminal::When;
use std::path::{Path, PathBuf};
use trueup_engine::{OpenOptions, SpecGraph, Workspace};
use trueup_model::{Relation, folder_of};
use trueup_render::{
    GraphSvgOptions, GraphTextOptions, graph_dot, graph_json, graph_mermaid, graph_svg, graph_text,
};

/// What stands below the help.
const EXAMPLES: &str = "\
Examples:
  trueup graph                          what depends on what, as an outline
  trueup graph SPEC-012 --depth 1       what SPEC-012 leads to, and what leads to it
  trueup graph --output specs.svg       a picture for a browser
  trueup graph --relation depends-on --format dot | dot -Tpdf > specs.pdf

An ID that belongs to several specs leads to each of them, with a question mark.";

/// Show how the specs are related: what depends on, extends, supersedes and affects what
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Graph {
    /// Only what leads to these specs and where they lead: IDs, paths, or parts of their files' names
    #[arg(value_name = "SPEC")]
    specs: Vec<String>,
    /// How to show it; by default as the name of the output ends, else as text
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
    /// Only these relations
    #[arg(long = "relation", value_name = "RELATION", value_enum, value_delimiter = ',')]
    relations: Vec<RelationName>,
    /// All relations, mere mentions of other specs as well
    #[arg(long, conflicts_with = "relations")]
    all: bool,
    /// At most this many steps from the specs that are given
    #[arg(long, value_name = "N", requires = "specs")]
    depth: Option<usize>,
    /// Write into a file; its name's end says the format (.svg, .dot, .gv, .mmd, .json, .txt)
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Format {
    /// An outline for people
    Text,
    /// For Graphviz
    Dot,
    /// For Mermaid, in Markdown
    Mermaid,
    /// A picture for a browser
    Svg,
    /// For programs
    Json,
}

/// `related` is a mere mention.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum RelationName {
    /// Needs the other first
    DependsOn,
    /// Builds on the other
    Extends,
    /// Takes the other's place
    #[value(alias = "superseded-by")]
    Supersedes,
    /// Changes the other
    Affects,
    /// Only names the other
    #[value(alias = "mentions")]
    Related,
}

impl RelationName {
    fn relation(self) -> Relation {
        match self {
            RelationName::DependsOn => Relation::DependsOn,
            RelationName::Extends => Relation::Extends,
            RelationName::Supersedes => Relation::Supersedes,
            RelationName::Affects => Relation::Affects,
            RelationName::Related => Relation::Related,
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: &Graph, context: &Context) -> Result<Exit, Failure> {
    let format = format_of(args)?;
    let workspace = context.open(OpenOptions::default())?;
    if workspace.sets.is_empty() {
        return Err(Failure::new("there are no specs here")
            .help("`trueup check --explain-discovery` says what was looked for"));
    }
    let mut focus_paths = Vec::new();
    for given in &args.specs {
        focus_paths.push(spec_path(&workspace, context, given)?);
    }
    let whole = workspace.graph(&relations(args));
    let starts: Vec<usize> = focus_paths.iter().flat_map(|path| whole.of_path(path)).collect();
    let focus: Vec<String> = starts.iter().map(|start| whole.nodes[*start].key.clone()).collect();
    if !args.specs.is_empty() && starts.is_empty() {
        return Err(Failure::new(format!("{} only says where a document went", args.specs.join(", ")))
            .help("ask for the document that it names"));
    }
    let graph = match starts.is_empty() {
        true => whole.connected(),
        false => whole.around(&starts, args.depth.unwrap_or(usize::MAX)),
    };
    let text = rendered(args, format, &graph, &focus, &workspace, context)?;
    match &args.output {
        None => context.terminal.print(&text)?,
        Some(path) => {
            trueup_repo::write_atomically(path, text.as_bytes())?;
            context.terminal.note(&format!("wrote the graph to {}", path.display()));
        }
    }
    if graph.edges.is_empty() {
        context.terminal.note(nothing_related(args));
    }
    Ok(Exit::Clean)
}

fn nothing_related(args: &Graph) -> &'static str {
    match (args.all, args.relations.is_empty()) {
        (true, _) => "no spec names another",
        (_, true) => {
            "nothing says that it depends on, extends, supersedes or affects a spec; `--all` shows mentions, too"
        }
        (_, false) => "nothing is related in this way; `--all` shows all relations",
    }
}

fn relations(args: &Graph) -> Vec<Relation> {
    if !args.relations.is_empty() {
        return args.relations.iter().map(|name| name.relation()).collect();
    }
    let mut all = vec![Relation::DependsOn, Relation::Extends, Relation::Supersedes, Relation::Affects];
    if args.all {
        all.push(Relation::Related);
    }
    all
}

/// The format that was asked for, or the one that the output's name ends with.
fn format_of(args: &Graph) -> Result<Format, Failure> {
    let Some(path) = args.output.as_deref().filter(|_| args.format.is_none()) else {
        return Ok(args.format.unwrap_or(Format::Text));
    };
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or("").to_lowercase();
    match end.as_str() {
        "svg" => Ok(Format::Svg),
        "dot" | "gv" => Ok(Format::Dot),
        "mmd" | "mermaid" => Ok(Format::Mermaid),
        "json" => Ok(Format::Json),
        "txt" => Ok(Format::Text),
        _ => Err(Failure::new(format!("the name {} does not say the format", path.display()))
            .help("give `--format`, or a name that ends in .svg, .dot, .gv, .mmd, .json or .txt")),
    }
}

fn rendered(
    args: &Graph,
    format: Format,
    graph: &SpecGraph,
    focus: &[String],
    workspace: &Workspace,
    context: &Context,
) -> Result<String, Failure> {
    let folder = || link_folder(args.output.as_deref(), workspace, context);
    Ok(match format {
        Format::Json => graph_json(graph),
        Format::Dot => graph_dot(graph, &folder()?),
        Format::Mermaid => graph_mermaid(graph, &folder()?),
        Format::Svg => graph_svg(graph, &GraphSvgOptions { focus, folder: &folder()? }),
        Format::Text => {
            let to_file = args.output.is_some();
            let always = context.terminal.when == When::Always;
            let color = if to_file { always } else { context.terminal.color };
            let width = context.terminal.width().filter(|_| !to_file);
            graph_text(graph, &GraphTextOptions { color, width, focus })
        }
    })
}

/// The folder, from the root, that links are relative to: that of the output, else the current one; the root
/// where it lies outside.
fn link_folder(output: Option<&Path>, workspace: &Workspace, context: &Context) -> Result<String, Failure> {
    let here = output.unwrap_or(Path::new("graph.svg"));
    let path = from_root(&workspace.root, &context.folder, here);
    Ok(path.map_or_else(|_| String::new(), |path| folder_of(&path).to_owned()))
}
