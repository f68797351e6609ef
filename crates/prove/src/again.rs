//! A file is run on a database that has it already: at once, or at the head of the chain.

use crate::fixed::{draw, draws, fixed};
use crate::halt::Halt;
use crate::place::{Before, Ended, Place};
use crate::session::{Failure, Session};
use crate::state::{Changed, ColumnName, State, changes, recreated, sequences};
use crate::steps::{File, Sort};
use crate::trials::restore;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What came of one more run.
#[derive(Debug, Default)]
pub(crate) struct Again {
    pub failure: Option<Failure>,
    /// Statements that fail when each is run in spite of those before.
    pub places: usize,
    /// What is other than before.
    pub changes: Vec<Changed>,
    /// The line of the statement after which each change is there, in their order; 1 where that cannot be told.
    pub lines: Vec<u32>,
    /// What is the same and yet was made anew.
    pub recreated: Vec<(String, String)>,
}

/// Error codes that only tell that a statement was tried inside of a transaction.
const OF_TRIAL: [&str; 4] = ["25001", "2D000", "55P04", "25P01"];

/// Runs a file once more. It is tried in a transaction first; what is found there is found again on a copy, or is not
/// told.
pub(crate) fn again(
    place: &Place<'_, '_>,
    file: &File<'_>,
    base: &State,
    volatile: &BTreeSet<ColumnName>,
) -> Result<Again, Halt> {
    let mut session = place.session()?;
    let back = sequences(&mut session)?;
    session.begin_trial()?;
    let draws = draws(&fixed(file, &base.catalog));
    let drawn = drawn(&mut session, base, &draws)?;
    let base = drawn.as_ref();
    let mut tried = in_trial(&mut session, file, base, volatile, &draws)?;
    session.end_trial()?;
    restore(&mut session, &back)?;
    place.give(session)?;
    if tried.failure.is_none() && tried.changes.is_empty() {
        return Ok(tried);
    }
    let of_file = |failure: &Failure| !OF_TRIAL.contains(&failure.error.sqlstate.as_str());
    if file.is_wrapped() && tried.failure.as_ref().is_some_and(of_file) {
        // The runner, too, runs the file in one transaction and takes it back: that is what was just done.
        return Ok(tried);
    }
    match place.on_copy(file, &Before::Drawn(draws), volatile)? {
        Some(Ended::Failed(failure)) => {
            tried.places = tried.places.max(1);
            tried.failure = Some(*failure);
        }
        Some(Ended::Through(state)) => {
            tried.failure = None;
            tried.places = 0;
            let changed = changes(base, &state);
            if changed != tried.changes {
                tried.lines = changed.iter().map(|_| 1).collect();
                tried.changes = changed;
            }
            tried.recreated = recreated(&base.catalog, &state.catalog);
        }
        None => {}
    }
    Ok(tried)
}

/// Draws numbers, and tells what is there then.
fn drawn<'s>(session: &mut Session, base: &'s State, draws: &[String]) -> Result<Cow<'s, State>, Halt> {
    if draws.is_empty() {
        return Ok(Cow::Borrowed(base));
    }
    draw(session, draws)?;
    Ok(Cow::Owned(base.drawn(session)?))
}

/// Runs a file once more on a copy, and reads what is there before and after. What is not as before has to be looked at
/// closer, so there is an answer only where nothing is.
pub(crate) fn again_on_copy(
    place: &Place<'_, '_>,
    file: &File<'_>,
    volatile: &BTreeSet<ColumnName>,
) -> Result<(State, Option<Again>), Halt> {
    let copy = place.copy()?;
    // One session looks before and after: what it learned of the system's tables it need not learn again.
    let mut session = place.session_on(&copy)?;
    let base = State::read(&mut session, volatile)?;
    let drawn = drawn(&mut session, &base, &draws(&fixed(file, &base.catalog)))?;
    let after = match place.run_to_end(&copy, file)? {
        Some(_) => None,
        None => Some(State::read(&mut session, volatile)?),
    };
    drop(session);
    drop(copy);
    place.forget_roles(file)?;
    let after = after.filter(|after| changes(&drawn, after).is_empty());
    let more =
        after.map(|after| Again { recreated: recreated(&base.catalog, &after.catalog), ..Again::default() });
    drop(drawn);
    Ok((base, more))
}

fn in_trial(
    session: &mut Session,
    file: &File<'_>,
    base: &State,
    volatile: &BTreeSet<ColumnName>,
    draws: &[String],
) -> Result<Again, Halt> {
    session.control("SAVEPOINT trueup_again")?;
    let written = session.catalog_writes()?;
    if let Some(failure) = session.simulate(file)? {
        session.control("ROLLBACK TO trueup_again")?;
        session.renew()?;
        let places = places(session, file)?;
        return Ok(Again { failure: Some(failure), places, ..Again::default() });
    }
    session.renew()?;
    let state = State::read_after(session, base, written, volatile)?;
    let changes = changes(base, &state);
    let recreated = recreated(&base.catalog, &state.catalog);
    let lines = match changes.is_empty() {
        true => Vec::new(),
        false => {
            session.control("ROLLBACK TO trueup_again")?;
            session.renew()?;
            // Rolling back does not undo a `setval`.
            draw(session, draws)?;
            lines_of(session, file, base, &changes, volatile)?
        }
    };
    Ok(Again { changes, lines, recreated, ..Again::default() })
}

/// How many statements fail when each is run in spite of those before.
fn places(session: &mut Session, file: &File<'_>) -> Result<usize, Halt> {
    let mut count = 0;
    for step in &file.steps {
        if matches!(step.sort, Sort::Begin | Sort::Commit | Sort::Rollback) {
            continue;
        }
        session.control("SAVEPOINT trueup_place")?;
        match session.step(step) {
            Ok(()) => session.control("RELEASE trueup_place")?,
            Err(error) if error.is_lost() => return Ok(count + 1),
            Err(error) => {
                count += usize::from(!OF_TRIAL.contains(&error.sqlstate.as_str()));
                session.control("ROLLBACK TO trueup_place; RELEASE trueup_place")?;
            }
        }
    }
    Ok(count)
}

/// Statements up to which each is looked at to find the one that changes something.
const MOST_LOOKED_AT: usize = 300;

/// The line after which each change is there for good.
fn lines_of(
    session: &mut Session,
    file: &File<'_>,
    base: &State,
    wanted: &[Changed],
    volatile: &BTreeSet<ColumnName>,
) -> Result<Vec<u32>, Halt> {
    let mut lines: Vec<u32> = wanted.iter().map(|_| 1).collect();
    if file.steps.len() > MOST_LOOKED_AT {
        return Ok(lines);
    }
    let (mut own, mut last) = (false, Vec::new());
    for (at, step) in file.steps.iter().enumerate() {
        if session.simulate_step(file, at, &mut own)?.is_some() {
            break;
        }
        let state = State::read(session, volatile)?;
        let now = changes(base, &state);
        for (line, change) in lines.iter_mut().zip(wanted) {
            if now.contains(change) && !last.contains(change) {
                *line = step.line;
            }
        }
        last = now;
    }
    Ok(lines)
}
