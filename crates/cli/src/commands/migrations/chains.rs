//! The folders of migrations that a command is about.

use crate::context::Context;
use crate::failure::Failure;
use crate::paths::from_root;
use std::path::Path;
use trueup_engine::{ChainConfig, ChainFolder, Workspace};
use trueup_sql::Problem;

/// The folder that is asked for, else all. What was guessed is said. Where the files are to be run, each has to be text.
pub(crate) fn chosen(
    workspace: &Workspace,
    folder: Option<&Path>,
    runs: bool,
    context: &Context,
) -> Result<Vec<ChainFolder>, Failure> {
    let chains = match folder {
        Some(folder) => vec![chain_of(workspace, &from_root(&workspace.root, &context.folder, folder)?)],
        None => workspace.chains(),
    };
    readable(&chains, folder, runs, context)?;
    Ok(chains)
}

/// The folder that the configuration names from the root, to be run.
pub(crate) fn configured(
    workspace: &Workspace,
    folder: &str,
    context: &Context,
) -> Result<ChainFolder, Failure> {
    let chain = chain_of(workspace, folder.trim_matches('/'));
    readable(std::slice::from_ref(&chain), Some(Path::new(folder)), true, context)?;
    Ok(chain)
}

/// Fails where a file is missing from a chain, or there is none at all.
fn readable(
    chains: &[ChainFolder],
    folder: Option<&Path>,
    runs: bool,
    context: &Context,
) -> Result<(), Failure> {
    for chain in chains {
        if let Some((path, reason)) = chain.unread.first() {
            return Err(Failure::new(format!("{path} cannot be read: {reason}"))
                .help("a chain with a file missing would be another chain"));
        }
        if let Some(problem) = runs.then(|| no_text(chain)).flatten() {
            return Err(Failure::new(format!("{}:{}: {}", problem.path, problem.line, problem.message))
                .help("save the file in UTF-8; a chain with a file missing would be another chain"));
        }
        if let Some(guess) = chain.guess.as_ref().filter(|_| !chain.chain.files.is_empty()) {
            context.terminal.note(&format!(
                "{} is read as a folder of {}: {} (`layout` in [[migrations]] says otherwise)",
                shown_folder(chain),
                guess.layout.name(),
                guess.why
            ));
        }
    }
    if chains.iter().all(|chain| chain.chain.files.is_empty() && chain.chain.problems.is_empty()) {
        let what = match folder {
            Some(folder) => format!("{} holds no migration in SQL", folder.display()),
            None => "there is no folder of migrations in SQL".to_owned(),
        };
        return Err(Failure::new(what)
            .help("name the folder, or put it into trueup.toml: `[[migrations]]` with `folder = \"…\"`"));
    }
    Ok(())
}

/// A folder as the configuration has it, or with nothing but its name.
pub(crate) fn chain_of(workspace: &Workspace, folder: &str) -> ChainFolder {
    let configured =
        workspace.config.migrations.iter().find(|chain| chain.folder.trim_matches('/') == folder);
    let config =
        configured.cloned().unwrap_or(ChainConfig { folder: folder.to_owned(), ..ChainConfig::default() });
    workspace.chain_of(config)
}

/// The folder as people name it.
pub(crate) fn shown_folder(chain: &ChainFolder) -> &str {
    match chain.config.folder.as_str() {
        "" => ".",
        other => other,
    }
}

/// The first file that is no text.
fn no_text(folder: &ChainFolder) -> Option<&Problem> {
    folder.chain.problems.iter().find(|problem| problem.code == "not-utf8")
}

/// The one folder that is asked for, or that there is.
pub(crate) fn one_chain(
    workspace: &Workspace,
    folder: Option<&Path>,
    context: &Context,
) -> Result<ChainFolder, Failure> {
    let mut chains = chosen(workspace, folder, true, context)?;
    match chains.len() {
        1 => Ok(chains.remove(0)),
        _ => {
            let names: Vec<&str> = chains.iter().map(shown_folder).collect();
            Err(Failure::new(format!("there are several folders of migrations: {}", names.join(", ")))
                .help("name the one that is meant"))
        }
    }
}

/// Whether a spec that writes these names of migrations means a file.
pub(crate) fn is_named<N: AsRef<str>>(names: &[N], path: &str) -> bool {
    names.iter().any(|name| trueup_model::means_path(name.as_ref(), path))
}

/// SQL that makes what a chain needs and does not create, as the configuration declares it.
pub(crate) fn stubs(workspace: &Workspace, folder: &ChainFolder) -> Result<String, Failure> {
    let mut stubs = String::new();
    for path in &folder.config.prerequisites {
        let text = trueup_repo::read(&workspace.root, path, trueup_engine::MAX_FILE_SIZE);
        let text = text.map_err(|problem| {
            Failure::new(format!("{path} cannot be read: {problem}"))
                .help("`prerequisites` in [[migrations]] names it")
        })?;
        stubs.push_str(&text);
        stubs.push('\n');
    }
    Ok(stubs)
}
