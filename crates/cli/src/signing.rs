//! Who does something, and their signature.

use crate::failure::Failure;
use std::path::PathBuf;
use trueup_engine::Workspace;
use trueup_evidence::{Person, Signer};

/// The options of commands that write evidence.
#[derive(Debug, clap::Args)]
pub(crate) struct Signing {
    /// Sign with this SSH key; with the one that git signs commits with where the team asks for signatures
    #[arg(long, value_name = "KEYFILE")]
    sign: Option<PathBuf>,
}

impl Signing {
    /// What signs; none where nothing is to be signed.
    pub(crate) fn signer(&self, workspace: &Workspace) -> Result<Option<Signer>, Failure> {
        crate::commands::step::signer(workspace, self.sign.as_ref())
    }
}

/// The person at the keyboard, as git has them.
pub(crate) fn whoever(workspace: &Workspace) -> Result<Person, Failure> {
    Person::of_git(&workspace.root).ok_or_else(|| {
        Failure::new("git does not say who you are, and evidence names a person")
            .help("`git config user.name NAME` and `git config user.email ADDRESS` say it")
    })
}
