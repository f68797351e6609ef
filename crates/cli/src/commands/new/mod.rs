//! `trueup new`

mod dates;
mod expand;
mod fill;
mod git;
mod ids;
mod links;
mod name;
mod place;
mod source;
mod title;

use crate::config_text::{config_text, set_text};
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::paths;
use crate::words::{count, listed};
use fill::Known;
use place::Place;
use source::Source;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use trueup_engine::{CONFIG_FILE, FileRole, SetConfig, Workspace};
use trueup_model::folder_of;

/// Make a new spec from a template
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// What the spec is about
    title: String,
    /// The template: `builtin:governance`, `builtin:architecture`, or a file; that of the existing
    /// specs where none is named
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// The ID, in place of the next free number or the day and the title
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The folder, in place of the one that holds the existing specs
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print the spec and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Make a branch of the form that the template asks for, and switch to it
    #[arg(long)]
    branch: bool,
}

/// Runs the command.
pub(crate) fn run(args: &New, context: &Context) -> Result<Exit, Failure> {
    let title = args.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_session, workspace) = super::step::open_to(!args.dry_run, "new", context)?;
    let asked =
        args.dir.as_deref().map(|dir| paths::from_root(&workspace.root, &context.folder, dir)).transpose()?;
    let source = Source::find(args, asked.as_deref(), &workspace, context)?;
    let folder = place::folder(asked.as_deref(), &source, &workspace, context)?;
    let Some(today) = workspace.world.today else {
        return Err(
            Failure::new("the day cannot be told").help("set TRUEUP_TODAY to a day, such as 2026-01-31")
        );
    };
    let place = place::place(&title, args.id.as_deref(), &folder, today, &source, &workspace)?;
    let built_in_words = trueup_model::StatusWords::default();
    let known = Known {
        title: &title,
        id: &place.id,
        number: place.number.as_deref(),
        id_in_title: ids_in_titles(&source, &workspace),
        today,
        words: source.set.map_or(&built_in_words, |set| &workspace.sets[set].settings.status_words),
    };
    let document = document(&source, &place, &known, &workspace, context);
    let sidecar = source.sidecar.as_ref().map(|(_, text)| fill::filled_sidecar(text, &known));
    let mut files = vec![(place.path.clone(), document)];
    files.extend(place.sidecar.clone().zip(sidecar));
    let branch = git::branch(&source, &workspace, &place, &title, today);
    let shown = |path: &str| paths::shown(&workspace.root, &context.folder, path);
    if args.dry_run {
        for (path, text) in &files {
            context.terminal.note(&format!("would make {}", shown(path)));
            context.terminal.print(text)?;
        }
        return Ok(Exit::Clean);
    }
    refuse_to_overwrite(&files, &workspace, context)?;
    let branch_wanted = branch.clone().unwrap_or_else(|| format!("spec/{}", name::slug(&title, '-')));
    if args.branch {
        git::switch(&workspace.root, &branch_wanted)?;
        context.terminal.note(&format!("switched to the new branch {branch_wanted}"));
    }
    for (path, text) in &files {
        make(&workspace.root.join(path), text)?;
    }
    context.terminal.print(&format!("{}\n", shown(&place.path)))?;
    tie_to_template(&source, &place, &folder, &workspace, context)?;
    if let Some(branch) = branch.filter(|_| !args.branch) {
        context.terminal.note(&format!("branch: {branch} (`git switch -c {branch}`)"));
    }
    context
        .terminal
        .note(&format!("`trueup check --level info {}` says what is left to fill in", shown(&place.path)));
    Ok(Exit::Clean)
}

/// The text of the new document.
fn document(
    source: &Source,
    place: &Place,
    known: &Known<'_>,
    workspace: &Workspace,
    context: &Context,
) -> String {
    let text = expand::expanded(&source.text, &source.schema);
    // Lines have moved: what is filled in is found in the expanded text.
    let schema = trueup_template::infer(&source.name, &text, None);
    let text = fill::filled(&text, &schema, known);
    let asked: Vec<_> = workspace.config.ids.items.iter().map(|name| name.kind()).collect();
    let text = ids::with_ids(&text, &schema, &asked);
    let to = folder_of(&place.path);
    let relinked = links::relinked(&text, source.folder(), to, &workspace.world.paths);
    if !relinked.dropped.is_empty() {
        let dropped = relinked.dropped.len();
        context.terminal.note(&format!(
            "{} of the template {} to nothing here and became plain text: {}",
            count(dropped, "link", "links"),
            if dropped == 1 { "leads" } else { "lead" },
            listed(&relinked.dropped, "and"),
        ));
    }
    relinked.text
}

/// Whether most numbered specs of the set begin their title with their ID.
fn ids_in_titles(source: &Source, workspace: &Workspace) -> bool {
    let heads = place::specs(source, workspace);
    let numbered: Vec<_> = heads
        .iter()
        .filter_map(|head| Some((head, head.file_id.as_ref().filter(|id| id.numbered)?)))
        .collect();
    let with =
        numbered.iter().filter(|(head, id)| head.title_ids.first().is_some_and(|first| first.key == id.key));
    with.count() * 2 > numbered.len()
}

fn refuse_to_overwrite(
    files: &[(String, String)],
    workspace: &Workspace,
    context: &Context,
) -> Result<(), Failure> {
    for (path, _) in files {
        if workspace.root.join(path).symlink_metadata().is_ok() {
            return Err(there_already(&paths::shown(&workspace.root, &context.folder, path)));
        }
    }
    Ok(())
}

fn there_already(path: &str) -> Failure {
    Failure::new(format!("{path} is there already; it was left as it is"))
        .help("another title, `--id` or `--dir` makes another file")
}

/// Writes a file that is not there yet, with the folders above it.
fn make(path: &Path, text: &str) -> Result<(), Failure> {
    let refused = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => there_already(&path.display().to_string()),
        _ => Failure::new(format!("{} was not written: {error}", path.display()))
            .help("look at the permissions and the free space of its folder"),
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(refused)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(refused)?;
    file.write_all(text.as_bytes()).map_err(refused)
}

/// A spec that no set holds would not be checked. A first spec brings its configuration along; otherwise
/// the user is told what to add.
fn tie_to_template(
    source: &Source,
    place: &Place,
    folder: &str,
    workspace: &Workspace,
    context: &Context,
) -> Result<(), Failure> {
    if let FileRole::Spec(set) = workspace.role(&place.path) {
        let other = &workspace.sets[set].config.template;
        if *other != source.name {
            let path = &place.path;
            context
                .terminal
                .warn(&format!("{path} stands among specs that are held to {other}, and so is it"));
        }
        return Ok(());
    }
    let set = SetConfig {
        folders: vec![folder.to_owned()],
        template: source.name.clone(),
        document: source.document.clone(),
        sidecar: source.sidecar.as_ref().map(|(name, _)| name.clone()),
        ..SetConfig::default()
    };
    if workspace.sets.is_empty() && !workspace.root.join(CONFIG_FILE).exists() {
        make(&workspace.root.join(CONFIG_FILE), &config_text(&[set]))?;
        context
            .terminal
            .note(&format!("wrote {CONFIG_FILE}, which holds the specs in {folder}/ to {}", source.name));
        return Ok(());
    }
    context.terminal.warn(&format!(
        "no set of specs holds {}, so `trueup check` passes it over; add to {CONFIG_FILE}:\n\n{}",
        place.path,
        set_text(&set)
    ));
    if !workspace.configured {
        context.terminal.note("`trueup init` first writes down the specs that are there");
    }
    Ok(())
}
