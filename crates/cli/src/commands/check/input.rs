//! What a check is asked to look at: paths, a document on standard input, a list of paths.

use super::Check;
use crate::context::Context;
use crate::failure::Failure;
use crate::paths::{self, read_tree_list};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trueup_engine::{MAX_FILE_SIZE, OpenOptions, Workspace};

/// The word that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// What was asked for on the command line, read once.
pub(super) struct Input {
    /// Paths as given, standard input left out.
    given: Vec<PathBuf>,
    /// The path from the root and the text of the document on standard input.
    document: Option<(String, Arc<str>)>,
    tree_list: Option<String>,
}

/// What to check, as the engine wants it.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// Files and folders from the root; empty for everything.
    pub(super) paths: Vec<String>,
    /// Those of them that are single files.
    pub(super) files: Vec<String>,
}

impl Input {
    /// Reads standard input and the list of paths, and resolves where they belong.
    pub(super) fn read(args: &Check, context: &Context) -> Result<Input, Failure> {
        let from_input = args.paths.iter().any(|path| path.as_os_str() == STANDARD_INPUT);
        let document = match (&args.stdin_path, from_input) {
            (None, false) => None,
            (Some(_), false) => {
                return Err(Failure::new("`--stdin-path` is given, and nothing is read from standard input")
                    .help("`trueup check - --stdin-path PATH` reads the document from standard input"));
            }
            (None, true) => {
                return Err(Failure::new("the document on standard input has no path")
                    .help("`--stdin-path PATH` says where in the repository it belongs"));
            }
            (Some(_), true) if args.fix && !args.dry_run => {
                return Err(Failure::new("`--fix` cannot write to standard input")
                    .help("`--fix --dry-run` shows the changes; for a saved file leave out `-`"));
            }
            (Some(path), true) => Some(document(path, context)?),
        };
        let given = args.paths.iter().filter(|path| path.as_os_str() != STANDARD_INPUT).cloned().collect();
        let tree_list = args.tree.as_deref().map(read_tree_list).transpose()?;
        Ok(Input { given, document, tree_list })
    }

    /// Opens the repository and finds what was asked for in it.
    pub(super) fn open(&self, context: &Context) -> Result<(Workspace, Targets), Failure> {
        let mut options = OpenOptions {
            overlay: self.document.iter().cloned().collect(),
            tree_list: self.tree_list.clone(),
            ..OpenOptions::default()
        };
        let workspace = context.open(options.clone())?;
        let targets = self.targets(&workspace, context)?;
        let unlisted = unlisted(&workspace, &targets)?;
        if unlisted.is_empty() {
            return Ok((workspace, targets));
        }
        // Ignored by git, but asked for by name.
        options.overlay.extend(unlisted);
        Ok((context.open(options)?, targets))
    }

    fn targets(&self, workspace: &Workspace, context: &Context) -> Result<Targets, Failure> {
        let mut targets = Targets::default();
        for given in &self.given {
            let absolute = context.folder.join(given);
            let path = paths::from_root(&workspace.root, &context.folder, given)?;
            if !absolute.exists() {
                return Err(paths::not_there(workspace, &context.folder, given, &path));
            }
            if absolute.is_dir() {
                let real = paths::from_root(&workspace.root, &context.folder, &paths::real(&absolute))?;
                targets.paths.push(real);
                continue;
            }
            targets.files.push(listed_as(workspace, context, path, &absolute)?);
        }
        targets.files.extend(self.document.iter().map(|(path, _)| path.clone()));
        targets.paths.extend(targets.files.iter().cloned());
        Ok(targets)
    }
}

/// The path under which the repository lists a file: a link inside it is listed as what it leads to.
fn listed_as(
    workspace: &Workspace,
    context: &Context,
    path: String,
    absolute: &Path,
) -> Result<String, Failure> {
    if workspace.corpus.head(&path).is_some() || !absolute.is_symlink() {
        return Ok(path);
    }
    paths::from_root(&workspace.root, &context.folder, &paths::real(absolute))
}

/// Files that were named and are not among those that the repository lists, with their texts.
fn unlisted(workspace: &Workspace, targets: &Targets) -> Result<Vec<(String, Arc<str>)>, Failure> {
    let mut out = Vec::new();
    for path in &targets.files {
        let known = workspace.corpus.head(path).is_some()
            || workspace.unreadable.iter().any(|(other, _)| other == path);
        if known {
            continue;
        }
        let lower = path.to_lowercase();
        if !(lower.ends_with(".md") || lower.ends_with(".markdown")) {
            return Err(Failure::new(format!("{path} is no Markdown file"))
                .help("trueup checks files that end in .md or .markdown; the YAML file beside a spec is checked with it"));
        }
        let text = trueup_repo::read(&workspace.root, path, MAX_FILE_SIZE).map_err(|problem| {
            Failure::new(format!("{path} was not checked: {problem}"))
                .help("mend the file and run the command again")
        })?;
        out.push((path.clone(), text));
    }
    Ok(out)
}

fn document(path: &Path, context: &Context) -> Result<(String, Arc<str>), Failure> {
    let root = trueup_repo::find_root(&context.folder).path;
    let path = paths::from_root(&root, &context.folder, path)?;
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_FILE_SIZE + 1).read_to_end(&mut bytes);
    read.map_err(|error| {
        Failure::new(format!("standard input cannot be read: {error}"))
            .help("pipe the document into the command")
    })?;
    if bytes.len() as u64 > MAX_FILE_SIZE {
        return Err(Failure::new("the document on standard input is larger than 64 MiB").help("split it"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        Failure::new(format!("the document on standard input is not UTF-8 (after {valid} bytes)"))
            .help("save it as UTF-8")
    })?;
    Ok((path, text.into()))
}
