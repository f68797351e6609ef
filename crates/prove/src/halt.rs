//! Why a proof cannot go on.

use crate::options::Progress;
use crate::prover::Watcher;
use crate::report::StoppedWhy;
use trueup_postgres::{ServerError, SqlError};
use trueup_sql::ChainFile;

/// Why a proof cannot go on: the server is gone or full, or the caller had enough.
#[derive(Clone, Debug)]
pub(crate) struct Halt {
    pub why: StoppedWhy,
    pub line: Option<u32>,
    pub message: String,
}

impl Halt {
    pub(crate) fn asked() -> Halt {
        Halt { why: StoppedWhy::Asked, line: None, message: "the proof was broken off".to_owned() }
    }

    pub(crate) fn at(mut self, line: u32) -> Halt {
        self.line = self.line.or(Some(line));
        self
    }
}

impl From<SqlError> for Halt {
    fn from(error: SqlError) -> Halt {
        let why = match () {
            () if error.is_exhausted() => StoppedWhy::Exhausted,
            () if error.is_lost() => StoppedWhy::ServerLost,
            () => StoppedWhy::Refused,
        };
        Halt { why, line: None, message: error.to_string() }
    }
}

impl From<ServerError> for Halt {
    fn from(error: ServerError) -> Halt {
        let why = match &error {
            ServerError::Connect { why, .. } | ServerError::Sql { why, .. } => Halt::from(why.clone()).why,
            _ => StoppedWhy::ServerLost,
        };
        Halt { why, line: None, message: error.to_string() }
    }
}

impl From<postgres::Error> for Halt {
    fn from(error: postgres::Error) -> Halt {
        Halt::from(SqlError::from(error))
    }
}

/// Asks the caller whether to go on, again and again.
pub(crate) fn going_on<'w>(
    watcher: &'w mut Watcher<'_>,
    at: usize,
    chain: &'w [ChainFile],
    step: &'static str,
) -> impl FnMut() -> Result<(), Halt> {
    let path = chain.get(at).map_or("", |file| file.path.as_str());
    let progress = Progress { file: at, files: chain.len(), path, step };
    move || if watcher(progress) { Ok(()) } else { Err(Halt::asked()) }
}
