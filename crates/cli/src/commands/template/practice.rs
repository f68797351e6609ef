//! `trueup template practice`

use super::learn::unlearned;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::paths::from_root;
use crate::words::listed;
use std::path::Path;
use trueup_engine::{ReadFile, Workspace, nearest};
use trueup_model::practice::{Observation, Practice as Counted, measure, observe};
use trueup_render::{PracticeReport, PracticeTextOptions, practice_json, practice_markdown, practice_text};

/// Hold a template against the specs written from it: what they fill, rename, leave out and add
#[derive(Debug, clap::Args)]
pub(crate) struct Practice {
    /// The template, or a folder of its specs; all templates in use where none is given
    #[arg(value_name = "TEMPLATE|FOLDER")]
    template: Option<String>,
    /// How to write it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
    /// List only what at least so many specs share; 2 in 100, at least 2, where none is given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    min_specs: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Human,
    /// For programs
    Json,
    /// For an issue or a pull request
    Markdown,
}

/// A set's specs, counted.
struct Set {
    index: usize,
    files: usize,
    tombstones: usize,
    practice: Counted,
}

/// Runs the command.
pub(crate) fn run(args: &Practice, context: &Context) -> Result<Exit, Failure> {
    let workspace = unlearned(context)?;
    let wanted = wanted(&workspace, context, args.template.as_deref())?;
    let sets: Vec<Set> = counted(&workspace, &wanted, args.min_specs);
    if sets.iter().all(|set| set.practice.specs == 0) {
        return Err(Failure::new("no spec follows the template: there is nothing to measure")
            .help("`trueup check --explain-discovery` says for each folder why it holds none"));
    }
    let reports: Vec<PracticeReport<'_>> = sets.iter().map(|set| report(&workspace, set)).collect();
    let text = match args.format {
        Format::Json => practice_json(&reports),
        Format::Markdown => reports.iter().map(practice_markdown).collect::<Vec<_>>().join("\n"),
        Format::Human => {
            let terminal = &context.terminal;
            let options = PracticeTextOptions { color: terminal.color, width: terminal.width() };
            reports.iter().map(|report| practice_text(report, &options)).collect::<Vec<_>>().join("\n")
        }
    };
    context.terminal.print(&text)?;
    Ok(Exit::Clean)
}

/// The sets that a template or a folder names.
fn wanted(workspace: &Workspace, context: &Context, given: Option<&str>) -> Result<Vec<usize>, Failure> {
    if workspace.sets.is_empty() {
        return Err(Failure::new("no specs were found here, so there is nothing to hold a template against")
            .help("`trueup check --explain-discovery` says for each folder why it holds none"));
    }
    let Some(given) = given else { return Ok((0..workspace.sets.len()).collect()) };
    let path = from_root(&workspace.root, &context.folder, Path::new(given)).unwrap_or_default();
    let path = path.trim_end_matches('/');
    let named = |set: usize| {
        let config = &workspace.sets[set].config;
        let template = config.template.as_str();
        let folder = config.folders.iter().any(|f| f.trim_end_matches('/') == path);
        template == path || template == given || template.strip_prefix("builtin:") == Some(given) || folder
    };
    let found: Vec<usize> = (0..workspace.sets.len()).filter(|set| named(*set)).collect();
    if found.is_empty() { Err(unknown(workspace, given)) } else { Ok(found) }
}

fn unknown(workspace: &Workspace, given: &str) -> Failure {
    let failure = Failure::new(format!("no specs follow `{given}`"));
    let templates: Vec<&str> = workspace.sets.iter().map(|set| set.config.template.as_str()).collect();
    match nearest(given, templates.iter().copied()) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<String> = templates.iter().map(|template| format!("`{template}`")).collect();
            let verb = if names.len() == 1 { "the template in use is" } else { "the templates in use are" };
            failure.help(format!("{verb} {}", listed(&names, "and")))
        }
    }
}

fn counted(workspace: &Workspace, wanted: &[usize], min_specs: Option<u32>) -> Vec<Set> {
    let look = |file: &ReadFile| -> Option<(usize, Vec<Observation>)> {
        let set = file.set.filter(|set| wanted.contains(set))?;
        let schema = &workspace.sets[set].schema;
        let specs = file.specs.iter().enumerate().map(|(at, spec)| {
            // The file beside a document is about its first spec.
            let sidecar = file.sidecar.as_ref().filter(|_| at == 0);
            observe(&file.path, &file.document, spec, schema, sidecar)
        });
        Some((set, specs.collect()))
    };
    let mut seen: Vec<(usize, Vec<Observation>)> = workspace.map_specs(look).into_iter().flatten().collect();
    wanted
        .iter()
        .map(|index| {
            let files = workspace.specs_of(*index).len();
            let of_set: Vec<Vec<Observation>> =
                seen.iter_mut().filter(|(set, _)| set == index).map(|(_, o)| std::mem::take(o)).collect();
            let tombstones = files - of_set.len().min(files);
            let observations: Vec<Observation> = of_set.into_iter().flatten().collect();
            let few = (observations.len() * 2).div_ceil(100).max(2);
            let min = min_specs.map_or(few, |min| min as usize);
            let practice = measure(&workspace.sets[*index].schema, &observations, min);
            Set { index: *index, files, tombstones, practice }
        })
        .collect()
}

fn report<'a>(workspace: &'a Workspace, set: &'a Set) -> PracticeReport<'a> {
    let of = &workspace.sets[set.index];
    PracticeReport {
        schema: &of.schema,
        practice: &set.practice,
        folders: &of.config.folders,
        files: set.files,
        tombstones: set.tombstones,
    }
}
