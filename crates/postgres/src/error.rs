//! What a server answers, as plain data.

use crate::programs::NoPrograms;
use std::fmt;

/// An error that a server gave for a statement, or that it went away.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SqlError {
    /// The five characters of the standard's error code (`42710`); empty where the connection was lost. The codes
    /// stand in PostgreSQL's documentation, appendix A.
    pub sqlstate: String,
    /// What the server says.
    pub message: String,
    /// Its second message.
    pub detail: Option<String>,
    /// What it proposes.
    pub hint: Option<String>,
    /// The place in the statement, in characters from 1.
    pub position: Option<u32>,
    /// The schema that it is about.
    pub schema: Option<String>,
    /// The table that it is about.
    pub table: Option<String>,
    /// The column that it is about.
    pub column: Option<String>,
    /// The constraint that it is about.
    pub constraint: Option<String>,
    /// The calls inside the server that led there.
    pub context: Option<String>,
}

impl SqlError {
    /// Whether the connection or the server is gone, so that nothing is known of the statement.
    pub fn is_lost(&self) -> bool {
        // 57P01 to 57P03: the server shuts down, crashed, or starts.
        self.sqlstate.is_empty() || self.sqlstate.starts_with("57P0") || self.sqlstate.starts_with("08")
    }

    /// Whether the server has no room left on the disk or in memory.
    pub fn is_exhausted(&self) -> bool {
        self.sqlstate.starts_with("53")
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sqlstate.is_empty() {
            true => f.write_str(&self.message),
            false => write!(f, "{} {}", self.sqlstate, self.message),
        }
    }
}

impl std::error::Error for SqlError {}

impl From<postgres::Error> for SqlError {
    fn from(error: postgres::Error) -> SqlError {
        let Some(said) = error.as_db_error() else {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            return SqlError {
                message: format!("the connection was lost: {error}{}", cause.unwrap_or_default()),
                ..SqlError::default()
            };
        };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        SqlError {
            sqlstate: said.code().code().to_owned(),
            message: said.message().to_owned(),
            detail: owned(said.detail()),
            hint: owned(said.hint()),
            position: match said.position() {
                Some(postgres::error::ErrorPosition::Original(at)) => Some(*at),
                _ => None,
            },
            schema: owned(said.schema()),
            table: owned(said.table()),
            column: owned(said.column()),
            constraint: owned(said.constraint()),
            context: owned(said.where_()),
        }
    }
}

/// A server cannot be had, or was lost.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// There are no programs to start one.
    #[error(transparent)]
    NoPrograms(#[from] NoPrograms),
    /// The programs refuse to run as root, and there is nobody else.
    #[error("PostgreSQL does not run as root, and this machine has no user `postgres` or `nobody`")]
    OnlyRoot,
    /// A folder or a process could not be made.
    #[error("PostgreSQL could not be started: {step}: {source}")]
    Step {
        /// What was tried.
        step: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A program of the server ended with an error.
    #[error("PostgreSQL could not be started: {step}: {told}")]
    Refused {
        /// What was tried.
        step: &'static str,
        /// The last lines that it printed.
        told: String,
    },
    /// The address of a server cannot be read.
    #[error("the address of the database cannot be read: {0}")]
    Address(String),
    /// The server does not let us in.
    #[error("no connection to {to}: {why}")]
    Connect {
        /// Where to, without the password.
        to: String,
        /// Why not.
        why: SqlError,
    },
    /// The server is too old.
    #[error("the server runs PostgreSQL {0}; versions from 13 on can be used")]
    TooOld(u32),
    /// The server refused what is needed for a scratch database, or was lost on the way.
    #[error("{what}: {why}")]
    Sql {
        /// What was tried.
        what: String,
        /// What the server said.
        why: SqlError,
    },
}

impl ServerError {
    /// What mends it.
    pub fn help(&self) -> Option<String> {
        match self {
            ServerError::NoPrograms(none) => Some(none.help()),
            ServerError::OnlyRoot => {
                Some("run trueup as another user, or give a server by --database-url".into())
            }
            ServerError::Address(_) => {
                Some("it reads like postgresql://user:password@localhost:5432/database".into())
            }
            ServerError::Connect { .. } => Some(
                "look at the host, the user and the password in the address; the connection is not encrypted"
                    .into(),
            ),
            ServerError::Sql { why, .. } if why.sqlstate == "42501" => {
                Some("trueup makes scratch databases there; the user needs the right CREATEDB".into())
            }
            ServerError::Refused { told, .. }
                if told.contains("No space left") || told.contains("code 134") =>
            {
                Some("make room where temporary files lie (TMPDIR), about 100 MB".into())
            }
            ServerError::Sql { why, .. } if why.is_exhausted() => {
                Some("make room on the disk of the server".into())
            }
            _ => None,
        }
    }
}
