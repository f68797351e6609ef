//! Who does something, and their signature.

use crate::failure::Failure;
use std::path::{Path, PathBuf};
use trueup_engine::Workspace;
use trueup_evidence::{Person, Signer};

/// The options of commands that write evidence.
#[derive(Debug, clap::Args)]
pub(crate) struct Signing {
    /// Sign with this SSH key, or, without a file, with the key that git signs commits with
    #[arg(long, value_name = "KEYFILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    sign: Option<PathBuf>,
}

impl Signing {
    /// What signs; none where nothing is to be signed. Where the configuration requires signatures git's
    /// key is taken unasked.
    pub(crate) fn signer(&self, workspace: &Workspace) -> Result<Option<Signer>, Failure> {
        let wanted = match (&self.sign, workspace.config.evidence.require_signatures) {
            (None, false) => return Ok(None),
            (None, true) => Path::new(""),
            (Some(path), _) => path,
        };
        let signer = match wanted.as_os_str().is_empty() {
            true => Signer::from_git(&workspace.root),
            false => Signer::from_file(wanted),
        };
        signer.map(Some).map_err(|error| {
            Failure::new(format!("nothing was recorded: {error}")).help(
                "`--sign=FILE` takes a private SSH key, or a public one whose private key is in the agent",
            )
        })
    }
}

/// The person at the keyboard, as git has them.
pub(crate) fn whoever(workspace: &Workspace) -> Result<Person, Failure> {
    Person::of_git(&workspace.root).ok_or_else(|| {
        Failure::new("git does not say who you are, and evidence names a person")
            .help("`git config user.name NAME` and `git config user.email ADDRESS` say it")
    })
}
