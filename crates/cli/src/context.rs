//! What every command needs: the terminal, the rules and the folder it was started in.

use crate::failure::Failure;
use crate::terminal::Terminal;
use std::path::{Path, PathBuf};
use trueup_engine::{CONFIG_FILE, Config, MAX_FILE_SIZE, OpenOptions, Workspace};
use trueup_finding::Registry;

/// What every command needs.
pub(crate) struct Context {
    pub(crate) terminal: Terminal,
    pub(crate) registry: Registry,
    /// The current folder, without symbolic links.
    pub(crate) folder: PathBuf,
}

impl Context {
    /// Goes to the folder of `-C`, where one is given.
    pub(crate) fn new(terminal: Terminal, directory: Option<&Path>) -> Result<Context, Failure> {
        if let Some(directory) = directory {
            std::env::set_current_dir(directory).map_err(|error| {
                Failure::new(format!("cannot go to the folder {}: {error}", directory.display()))
                    .help("`-C` takes a folder that is there")
            })?;
        }
        let folder = std::env::current_dir().map_err(|error| {
            Failure::new(format!("the current folder cannot be told: {error}"))
                .help("go to a folder that is there")
        })?;
        let folder = crate::paths::real(&folder);
        Ok(Context { terminal, registry: trueup_rules::all(), folder })
    }

    /// The names of all rules.
    pub(crate) fn rule_names(&self) -> Vec<&'static str> {
        self.registry.rules().iter().map(|rule| rule.name).collect()
    }

    /// Opens the repository around the current folder.
    pub(crate) fn open(&self, options: OpenOptions) -> Result<Workspace, Failure> {
        let options = OpenOptions { rule_names: self.rule_names(), ..options };
        let mut workspace = Workspace::open(&self.folder, &options)?;
        let policies = trueup_policy::Bound::new(&workspace.root, &workspace.config).map_err(|error| {
            Failure::new(error.to_string()).help("mend the policy, or take it out of trueup.toml")
        })?;
        workspace.policies = policies.map(|bound| bound as std::sync::Arc<dyn trueup_engine::Policies>);
        Ok(workspace)
    }

    /// The configuration alone, without reading the repository; none where there is no file.
    pub(crate) fn config(&self) -> Result<Option<Config>, Failure> {
        let root = trueup_repo::find_root(&self.folder).path;
        match config_text(&root)? {
            Some(text) => {
                let parsed = Config::parse(&text, &self.rule_names());
                parsed.map(Some).map_err(|error| trueup_engine::OpenError::Config(error).into())
            }
            None => Ok(None),
        }
    }
}

/// The text of the configuration file; none where there is no file.
pub(crate) fn config_text(root: &Path) -> Result<Option<std::sync::Arc<str>>, Failure> {
    if !root.join(CONFIG_FILE).exists() {
        return Ok(None);
    }
    trueup_repo::read(root, CONFIG_FILE, MAX_FILE_SIZE).map(Some).map_err(|problem| {
        Failure::new(format!("{CONFIG_FILE} cannot be read: {problem}"))
            .help("mend the file, or move it away and run `trueup init`")
    })
}
