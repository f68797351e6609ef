//! A file is run for real, as its runner runs it, and watched meanwhile.

use crate::halt::Halt;
use crate::session::{Failure, Session, failure};
use crate::steps::{File, Sort, Step};
use crate::trials::LOCKS;
use postgres::Statement;
use std::collections::BTreeMap;
use std::time::Instant;
use trueup_postgres::SqlError;
use trueup_sql::Transaction;

/// What a run showed.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// Milliseconds of each step that ran.
    pub times: Vec<f64>,
    pub failure: Option<Failure>,
    /// Locks on relations, in the order in which they were taken.
    pub held: Vec<Held>,
    /// Steps that ran outside of any transaction, so that their locks were not seen.
    pub unseen: Vec<usize>,
}

/// A lock on a relation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    pub relation: u32,
    /// As `pg_locks` writes it: `AccessExclusiveLock`.
    pub mode: String,
    /// The step that took it, from 0.
    pub at: usize,
    /// Milliseconds up to the commit.
    pub millis: f64,
}

impl Run {
    pub(crate) fn millis(&self) -> f64 {
        self.times.iter().sum()
    }
}

/// Error codes by which the server says that a statement cannot run in a transaction: it is in one, or the statement
/// ends one itself.
const ALONE: [&str; 2] = ["25001", "2D000"];

/// Runs a file, up to the first failure.
pub(crate) fn run(session: &mut Session, file: &File<'_>) -> Result<Run, Halt> {
    let locks = session.client.prepare(LOCKS)?;
    let mut runner = Runner { session, file, locks, run: Run::default(), open: None };
    runner.all()?;
    Ok(runner.run)
}

/// Runs the first steps of a file and watches nothing.
pub(crate) fn run_plainly(
    session: &mut Session,
    file: &File<'_>,
    steps: usize,
) -> Result<Option<Failure>, Halt> {
    run_from(session, file, 0, steps)
}

/// Runs the steps from one place up to another.
pub(crate) fn run_from(
    session: &mut Session,
    file: &File<'_>,
    from: usize,
    to: usize,
) -> Result<Option<Failure>, Halt> {
    for (at, step) in file.steps.iter().enumerate().take(to).skip(from) {
        if let Err(error) = session.step(step) {
            return failure(at, step, error).map(Some);
        }
    }
    Ok(None)
}

/// A transaction that is open.
struct Open {
    /// Whether the runner began it, not the file.
    of_runner: bool,
    /// The mode of each relation, the step, and when that began.
    taken: BTreeMap<(u32, String), (usize, Instant)>,
}

struct Runner<'r, 'f> {
    session: &'r mut Session,
    file: &'r File<'f>,
    locks: Statement,
    run: Run,
    open: Option<Open>,
}

impl Runner<'_, '_> {
    fn all(&mut self) -> Result<(), Halt> {
        if self.file.runner == Transaction::PerFile {
            self.begin(true)?;
        }
        for (at, step) in self.file.steps.iter().enumerate() {
            if self.file.runner == Transaction::OneQuery && self.file.is_wrapped() && self.open.is_none() {
                self.begin(true)?;
            }
            let begun = Instant::now();
            let done = self.step(at, step);
            self.run.times.push(millis(begun));
            if let Err(error) = done {
                self.run.failure = Some(failure(at, step, error)?);
                return Ok(());
            }
        }
        self.finish()
    }

    fn begin(&mut self, of_runner: bool) -> Result<(), SqlError> {
        self.session.sql("BEGIN")?;
        self.open = Some(Open { of_runner, taken: BTreeMap::new() });
        Ok(())
    }

    /// The runner commits what it began; what the file leaves open ends with the session.
    fn finish(&mut self) -> Result<(), Halt> {
        let of_runner = self.open.as_ref().is_some_and(|open| open.of_runner);
        let last = self.file.steps.len().saturating_sub(1);
        let sql = if of_runner { "COMMIT" } else { "ROLLBACK" };
        if self.open.is_some()
            && let Err(error) = self.session.sql(sql)
            && let Some(step) = self.file.steps.get(last)
        {
            self.run.failure = Some(failure(last, step, error)?);
        }
        self.released();
        Ok(())
    }

    fn step(&mut self, at: usize, step: &Step<'_>) -> Result<(), SqlError> {
        let begun = Instant::now();
        match (&self.open, step.sort) {
            (None, Sort::Begin) => {
                self.session.step(step)?;
                self.open = Some(Open { of_runner: false, taken: BTreeMap::new() });
                Ok(())
            }
            (Some(_), Sort::Commit | Sort::Rollback) => {
                self.session.step(step)?;
                self.released();
                Ok(())
            }
            (Some(_), _) => {
                self.session.step(step)?;
                self.look(at, begun)
            }
            (None, Sort::Plain) if trueup_sql::runs_alone(step.text).is_none() => self.alone(at, step, begun),
            (None, _) => self.bare(at, step),
        }
    }

    /// Runs a statement as the only one of a transaction: that is what it is to the server without one, and its locks can
    /// be seen before they are released.
    fn alone(&mut self, at: usize, step: &Step<'_>, begun: Instant) -> Result<(), SqlError> {
        self.begin(false)?;
        let done = self.session.step(step).and_then(|()| self.look(at, begun));
        let done = done.and_then(|()| self.session.sql("COMMIT"));
        match done {
            Ok(()) => {
                self.released();
                Ok(())
            }
            Err(error) if error.is_lost() => Err(error),
            Err(error) => {
                self.open = None;
                self.session.sql("ROLLBACK")?;
                match ALONE.contains(&error.sqlstate.as_str()) {
                    true => self.bare(at, step),
                    false => Err(error),
                }
            }
        }
    }

    fn bare(&mut self, at: usize, step: &Step<'_>) -> Result<(), SqlError> {
        self.run.unseen.push(at);
        self.session.step(step)
    }

    /// Looks at the locks that the open transaction holds.
    fn look(&mut self, at: usize, begun: Instant) -> Result<(), SqlError> {
        let rows = self.session.client.query(&self.locks, &[])?;
        let Some(open) = &mut self.open else { return Ok(()) };
        for row in rows {
            let (relation, mode): (u32, String) = (row.try_get(0)?, row.try_get(1)?);
            open.taken.entry((relation, mode)).or_insert((at, begun));
        }
        Ok(())
    }

    /// Notes the locks of a transaction that has ended.
    fn released(&mut self) {
        let Some(open) = self.open.take() else { return };
        let held = open.taken.into_iter().map(|((relation, mode), (at, since))| Held {
            relation,
            mode,
            at,
            millis: millis(since),
        });
        self.run.held.extend(held);
    }
}

pub(crate) fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
