//! How a command ends.

/// The exit codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Nothing at or above the failing level.
    Clean = 0,
    /// Findings.
    Findings = 1,
    /// Usage, configuration, or nothing to check.
    Unusable = 2,
    /// A bug in trueup.
    Bug = 3,
}

/// Something that the user can mend: what is wrong, and what to do about it. Ends with exit code 2.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Failure {
    /// What is wrong; further lines are details.
    pub(crate) message: String,
    /// What to do, a sentence each.
    pub(crate) help: Vec<String>,
}

impl Failure {
    /// A failure without a way out yet.
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: Vec::new() }
    }

    /// Adds what to do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Failure {
        self.help.push(help.into());
        self
    }
}

impl From<trueup_engine::OpenError> for Failure {
    fn from(error: trueup_engine::OpenError) -> Failure {
        use trueup_engine::{CONFIG_FILE, OpenError};
        match error {
            OpenError::Config(error) => {
                let help = error.suggestion.clone().unwrap_or_else(|| {
                    format!("mend {CONFIG_FILE}, or write it anew with `trueup init --force`")
                });
                Failure::new(format!("{CONFIG_FILE}:{}:{}: {}", error.line, error.column, error.message))
                    .help(help)
            }
            OpenError::Template { .. } => Failure::new(error.to_string()).help(format!(
                "`trueup template list` shows the templates; put the right one into {CONFIG_FILE}"
            )),
            OpenError::Glob { .. } => Failure::new(error.to_string())
                .help("`*` is any part of a name, `**` any number of folders, and `[` and `{` come in pairs"),
            OpenError::Environment(message) => {
                Failure::new(message).help("mend that and run the command again")
            }
        }
    }
}

impl From<trueup_repo::WriteError> for Failure {
    fn from(error: trueup_repo::WriteError) -> Failure {
        Failure::new(error.to_string())
            .help("the file is as it was before; look at its folder's permissions and free space")
    }
}

impl From<trueup_engine::BaselineError> for Failure {
    fn from(error: trueup_engine::BaselineError) -> Failure {
        Failure::new(error.to_string())
            .help("mend the line, or take the file of another commit (`git checkout COMMIT -- .trueup/baseline.jsonl`); `trueup check --no-baseline` goes without it")
    }
}

impl From<trueup_engine::SinceError> for Failure {
    fn from(error: trueup_engine::SinceError) -> Failure {
        let help = error.help();
        Failure::new(error.to_string()).help(help)
    }
}

impl From<trueup_repo::GitError> for Failure {
    fn from(error: trueup_repo::GitError) -> Failure {
        Failure::new(error.to_string()).help("mend that and run the command again")
    }
}

impl From<trueup_evidence::LedgerError> for Failure {
    fn from(error: trueup_evidence::LedgerError) -> Failure {
        Failure::new(error.to_string()).help(
            "look at the permissions and the free space of .trueup/evidence; what was there is as it was",
        )
    }
}

impl From<trueup_engine::EvidenceError> for Failure {
    fn from(error: trueup_engine::EvidenceError) -> Failure {
        match error {
            trueup_engine::EvidenceError::Ledger(error) => error.into(),
            other => Failure::new(other.to_string()).help("mend that and run the command again"),
        }
    }
}

impl From<trueup_repo::ReportError> for Failure {
    fn from(error: trueup_repo::ReportError) -> Failure {
        Failure::new(error.to_string())
            .help("give the reports of a whole run; a report that cannot be read counts for nothing, and says nothing")
    }
}
