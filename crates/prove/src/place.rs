//! A database in the state before a file, and what can be tried on copies of it.

use crate::fixed::draw;
use crate::halt::Halt;
use crate::options::Options;
use crate::roles::{Roles, put_back};
use crate::run::{run, run_plainly};
use crate::session::{Failure, Session, is_alive};
use crate::state::{ColumnName, State};
use crate::steps::File;
use std::cell::RefCell;
use std::collections::BTreeSet;
use trueup_postgres::{Ahead, Database, Server};

/// A connection that is kept between trials: each new one costs the server more than most trials do. Beside it the one
/// over which the file will be run, which is made while it is tried.
#[derive(Default)]
pub(crate) struct Desk {
    kept: RefCell<Option<Session>>,
    ahead: RefCell<Option<Ahead>>,
}

impl Desk {
    /// The connection, as good as new.
    pub(crate) fn take(&self, database: &Database<'_>, timeout: u64) -> Result<Session, Halt> {
        match self.kept.take() {
            Some(session) if !session.client.is_closed() => Ok(session),
            _ => Session::open(database, timeout),
        }
    }

    /// Gives it back, no transaction open.
    pub(crate) fn give(&self, mut session: Session) -> Result<(), Halt> {
        session.renew_wholly()?;
        self.kept.replace(Some(session));
        Ok(())
    }

    /// Begins to make a new connection.
    pub(crate) fn prepare(&self, database: &Database<'_>) {
        self.ahead.replace(Some(database.connect_ahead()));
    }

    /// A new connection: the one that was begun, or one made now.
    pub(crate) fn fresh(&self, database: &Database<'_>, timeout: u64) -> Result<Session, Halt> {
        match self.ahead.take().and_then(Ahead::client) {
            Some(client) => Session::over(client, database, timeout),
            None => Session::open(database, timeout),
        }
    }

    /// Ends both: a database to which somebody is connected cannot be copied.
    pub(crate) fn close(&self) {
        drop(self.kept.take());
        drop(self.ahead.take().and_then(Ahead::client));
    }
}

/// A database in the state before a file.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p, 's> {
    pub server: &'s Server,
    pub options: &'p Options,
    pub database: &'p Database<'s>,
    pub desk: &'p Desk,
    /// The roles of the server, where the file may change some: each copy is left as if it had not.
    pub roles: Option<&'p Roles>,
    /// Rows to begin with, as statements.
    pub rows: &'p [String],
}

/// What came of a file on a copy.
pub(crate) enum Ended {
    Failed(Box<Failure>),
    /// It ran through, and this is what is there then.
    Through(Box<State>),
}

/// What is done on a copy before the file is run on it.
pub(crate) enum Before {
    /// Its first steps, each committed, and then the runner is killed.
    Steps(usize),
    /// Its first steps, and the index that the last one of them makes is left invalid.
    Invalid(usize),
    /// These statements, which draw numbers from sequences.
    Drawn(Vec<String>),
}

impl<'s> Place<'_, 's> {
    pub(crate) fn session(&self) -> Result<Session, Halt> {
        self.desk.take(self.database, self.options.statement_timeout)
    }

    /// Gives a session back after trials.
    pub(crate) fn give(&self, session: Session) -> Result<(), Halt> {
        self.desk.give(session)
    }

    pub(crate) fn session_on(&self, database: &Database<'_>) -> Result<Session, Halt> {
        Session::open(database, self.options.statement_timeout)
    }

    /// Opens a transaction on the database itself, with the rows in it.
    pub(crate) fn begin(&self, session: &mut Session) -> Result<(), Halt> {
        session.begin_trial()?;
        self.fill(session)
    }

    /// Puts the rows in, in the open transaction. A trigger may have made one of them already; then they go in one by one.
    fn fill(&self, session: &mut Session) -> Result<(), Halt> {
        if self.rows.is_empty() || session.tries(&self.rows.join("\n;"))? {
            return Ok(());
        }
        for sql in self.rows {
            session.tries(sql)?;
        }
        Ok(())
    }

    /// A copy with the rows in it.
    pub(crate) fn copy(&self) -> Result<Database<'s>, Halt> {
        self.desk.close();
        let copy = self.server.copy_of(self.database)?;
        if !self.rows.is_empty() {
            let mut session = self.session_on(&copy)?;
            session.sql("BEGIN")?;
            self.fill(&mut session)?;
            session.sql("COMMIT")?;
        }
        Ok(copy)
    }

    /// Prepares a copy, and runs the file on it in a session of its own. `None` where it cannot be prepared.
    pub(crate) fn on_copy(
        &self,
        file: &File<'_>,
        before: &Before,
        volatile: &BTreeSet<ColumnName>,
    ) -> Result<Option<Ended>, Halt> {
        let copy = self.copy()?;
        let ended = self.prepare(&copy, file, before).and_then(|ready| match ready {
            true => self.run_on(&copy, file, volatile).map(Some),
            false => Ok(None),
        });
        drop(copy);
        self.forget_roles(file)?;
        ended
    }

    fn prepare(&self, copy: &Database<'_>, file: &File<'_>, before: &Before) -> Result<bool, Halt> {
        let mut session = self.session_on(copy)?;
        match before {
            Before::Steps(steps) => Ok(run_plainly(&mut session, file, *steps)?.is_none()),
            Before::Drawn(draws) => draw(&mut session, draws).map(|()| true),
            Before::Invalid(steps) => {
                let made = "SELECT coalesce(max(indexrelid::bigint), 0) FROM pg_catalog.pg_index";
                if run_plainly(&mut session, file, steps.saturating_sub(1))?.is_some() {
                    return Ok(false);
                }
                let newest: i64 = session.client.query_one(made, &[])?.try_get(0)?;
                let step = file.steps.get(steps.saturating_sub(1));
                if step.is_none_or(|step| session.step(step).is_err()) {
                    return Ok(false);
                }
                let spoil = "UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid::bigint > $1";
                Ok(session.client.execute(spoil, &[&newest]).is_ok_and(|count| count > 0))
            }
        }
    }

    /// Runs the file on a database, and reads what is there then.
    pub(crate) fn run_on(
        &self,
        copy: &Database<'_>,
        file: &File<'_>,
        volatile: &BTreeSet<ColumnName>,
    ) -> Result<Ended, Halt> {
        match self.run_to_end(copy, file)? {
            Some(failure) => Ok(Ended::Failed(Box::new(failure))),
            None => {
                let mut session = self.session_on(copy)?;
                Ok(Ended::Through(Box::new(State::read(&mut session, volatile)?)))
            }
        }
    }

    /// Runs the file on a database, in a session of its own; why it does not run.
    pub(crate) fn run_to_end(&self, copy: &Database<'_>, file: &File<'_>) -> Result<Option<Failure>, Halt> {
        let mut session = self.session_on(copy)?;
        let ran = run(&mut session, file)?;
        drop(session);
        ran.failure.map(|failure| lost(copy, failure)).transpose()
    }

    pub(crate) fn forget_roles(&self, file: &File<'_>) -> Result<(), Halt> {
        let Some(old) = self.roles else { return Ok(()) };
        if !file.may_change_roles() {
            return Ok(());
        }
        let named = |role: &str| file.text.contains(role);
        put_back(self.server, old, &named)
    }
}

/// A failure by which the connection was lost is the statement's only where the server is still there.
pub(crate) fn lost(database: &Database<'_>, failure: Failure) -> Result<Failure, Halt> {
    match failure.error.is_lost() && !is_alive(database) {
        true => Err(Halt::from(failure.error).at(failure.line)),
        false => Ok(failure),
    }
}
