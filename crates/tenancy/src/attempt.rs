//! One attempt: as somebody, and always taken back.

use crate::actors::Actors;
use crate::report::{Principal, ProbeKind};
use crate::session::{Answer, Session};
use trueup_postgres::SqlError;

/// How a leak is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// The attack counts rows, and there are some.
    Counts,
    /// The attack writes rows.
    Affects,
    /// A superuser asks afterwards, and the answer is true.
    Afterwards(String),
    /// The attack fails with this error.
    Error(String),
}

/// An attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub kind: ProbeKind,
    pub who: Principal,
    /// What a superuser does before, so that nothing else stands in the way.
    pub before: Vec<String>,
    pub attack: String,
    pub check: Check,
    /// What a leak shows, in words.
    pub shows: String,
    /// The rows of B are those of another user of A.
    pub colleague: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tried {
    pub error: Option<SqlError>,
    pub leaked: bool,
    /// What stands before it worked.
    pub reached: bool,
}

impl Tried {
    pub(crate) fn state(&self) -> &str {
        self.error.as_ref().map_or("", |error| error.sqlstate.as_str())
    }

    /// In words, where it did not leak.
    pub(crate) fn by(&self) -> String {
        self.error.as_ref().map_or_else(|| "0 rows".to_owned(), SqlError::to_string)
    }
}

/// Tries it. The error is one after which nothing more can be tried.
pub(crate) fn attempt(
    session: &mut Session<'_>,
    actors: &Actors,
    attempt: &Attempt,
) -> Result<Tried, SqlError> {
    let mut prepared = attempt.before.clone();
    prepared.extend(actors.enter(&attempt.who));
    let mut reached = false;
    let done = session.trial_after(&prepared.join("; "), |session| {
        reached = true;
        let answered = session.run(&attempt.attack);
        judge(session, &attempt.check, answered)
    })?;
    Ok(done.unwrap_or_else(|error| Tried { error: Some(error), leaked: false, reached }))
}

fn judge(
    session: &mut Session<'_>,
    check: &Check,
    answered: Result<Answer, SqlError>,
) -> Result<Tried, SqlError> {
    let answer = match answered {
        Ok(answer) => answer,
        Err(error) if error.is_lost() => return Err(error),
        Err(error) => {
            let leaked = matches!(check, Check::Error(state) if *state == error.sqlstate);
            return Ok(Tried { error: Some(error), leaked, reached: true });
        }
    };
    let leaked = match check {
        Check::Counts => answer.first().is_some_and(|count| !matches!(count, "0" | "f")),
        Check::Affects => answer.affected > 0,
        Check::Error(_) => false,
        Check::Afterwards(sql) => session.run(&format!("RESET ROLE; {sql}"))?.first() == Some("t"),
    };
    Ok(Tried { error: None, leaked, reached: true })
}
