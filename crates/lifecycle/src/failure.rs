use crate::gate::GateReport;
use trueup_evidence::LedgerError;
use trueup_repo::{GitError, JOURNAL_FOLDER, JournalError};

/// Why a command changed nothing.
#[derive(Debug)]
pub enum Failure {
    /// The gate says what is missing.
    Refused(Box<GateReport>),
    /// Something else is in the way.
    Stopped {
        /// What.
        what: String,
        /// What to do about it, a sentence each.
        help: Vec<String>,
    },
}

impl Failure {
    /// Something is in the way.
    pub fn stopped(what: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure::Stopped { what: what.into(), help: vec![help.into()] }
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Failure {
        let help = match &error {
            JournalError::Locked { .. } => vec!["wait until it is done and run the command again".to_owned()],
            JournalError::Changed { path, .. } => vec![
                format!("nothing was overwritten: put {path} back as it was and run any lifecycle command to complete it"),
                "`trueup resume --undo` takes back what was done; `trueup resume --forget` leaves all files as they are now".to_owned(),
            ],
            JournalError::Damaged { .. } => vec![format!(
                "look at the files with `git status`, put right what is half-way, then run `trueup resume --forget`, which removes {JOURNAL_FOLDER}"
            )],
            JournalError::Outside { .. } => {
                vec!["look at the folders in trueup.toml; if they are right, this is a bug in trueup: report it".to_owned()]
            }
            JournalError::Refused { .. } => {
                vec!["look at the folder's permissions and free space, then run the command again".to_owned()]
            }
        };
        Failure::Stopped { what: error.to_string(), help }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Failure {
        Failure::stopped(
            format!("the evidence cannot be recorded: {error}"),
            "`trueup evidence verify` says what is wrong with a ledger",
        )
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Failure {
        Failure::stopped(error.to_string(), "mend that and run the command again")
    }
}
