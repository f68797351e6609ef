//! What is tried in the state before a file, and taken back.

use crate::halt::Halt;
use crate::kill::{self, Verdicts};
use crate::old::{self, Old};
use crate::place::Place;
use crate::report::{KillPoints, OldVersion};
use crate::session::{Failure, Session};
use crate::state::{Changed, ColumnName, State, changes, columns, sequences};
use crate::steps::File;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use trueup_catalog::{Catalog, Change, differences};
use trueup_postgres::{Database, SqlError};
use trueup_rows::Sample;

/// What the trials of a file showed.
#[derive(Debug, Default)]
pub(crate) struct Trials {
    pub old: OldVersion,
    /// Rows that the tables held, as statements; none where there are no tables, or the file does not run on them.
    pub rows: usize,
    /// Why the file does not run on tables that hold rows.
    pub with_rows: Option<Failure>,
    /// What a second run does to rows.
    pub changed_rows: Vec<Changed>,
    pub kills: Option<KillPoints>,
    /// Columns that hold other values in each run.
    pub volatile: BTreeSet<ColumnName>,
    /// Lines of statements that reached no row, neither on tables as they are nor on such with rows.
    pub idle: Vec<u32>,
}

/// What is known of the file before it is tried.
pub(crate) struct Known<'k> {
    /// Columns that held other values in each run of a file before this one.
    pub volatile: &'k BTreeSet<ColumnName>,
    pub kill_points: bool,
}

type Columns = BTreeMap<ColumnName, String>;

/// A clean run to compare others with.
struct Clean {
    state: State,
    volatile: BTreeSet<ColumnName>,
}

/// What kills by savepoints showed, and when those that are left have to end.
struct Killed {
    verdicts: Verdicts,
    until: Instant,
}

/// What a first run in a transaction showed.
#[derive(Default)]
pub(crate) struct FirstTrial {
    pub old: Old,
    /// Why the file does not run in one transaction; `None` where it does.
    pub failed: Option<Failure>,
    /// Why it does not run in one on tables that hold rows.
    pub with_rows: Option<Failure>,
    /// Lines of statements that reached no row.
    pub idle: Vec<u32>,
    /// Relations that it locks, and the mode.
    pub locks: Vec<(u32, String)>,
    /// What columns hold after it, on tables with rows or, where it does not run on those, without.
    columns: Columns,
    version: Option<OldVersion>,
}

/// Runs a file in a transaction on the database in front of it: on tables as they are, and, where there are `samples` to
/// begin with, on tables with a row each.
pub(crate) fn first_trial(
    place: &Place<'_, '_>,
    file: &File<'_>,
    before: &Catalog,
    samples: Option<&[Sample]>,
) -> Result<FirstTrial, Halt> {
    let mut session = place.session()?;
    session.reached.clear();
    let back = sequences(&mut session)?;
    session.begin_trial()?;
    session.control("SAVEPOINT trueup_begin")?;
    let mut out = FirstTrial::default();
    if let Some(samples) = samples {
        out.old = old::learn(&mut session, before, samples)?;
        out.with_rows = on_rows(&mut session, file, before, samples, &mut out.old)?;
        out.old.positions.retain(|position| !back.contains(position));
        if out.with_rows.as_ref().is_some_and(|failure| failure.error.is_lost()) {
            out.failed = out.with_rows.take();
            return Ok(out);
        }
        if out.with_rows.is_none() {
            out.columns = columns_now(&mut session)?;
        }
        session.control("ROLLBACK TO trueup_begin")?;
        session.renew()?;
        restore(&mut session, &back)?;
    }
    tried_as_it_is(&mut session, file, samples.is_some(), &mut out)?;
    if out.failed.as_ref().is_some_and(|failure| failure.error.is_lost()) {
        return Ok(out);
    }
    if samples.is_some() && out.with_rows.is_none() {
        let counted = file.steps.iter().filter(|step| step.changes_rows());
        out.idle = counted.map(|step| step.line).filter(|line| !session.reached.contains(line)).collect();
    }
    session.end_trial()?;
    restore(&mut session, &back)?;
    place.give(session)?;
    Ok(out)
}

/// Runs the file on tables with rows: with two each, one of them filled, and with such as meet its conditions, where it
/// changes what rows hold and runs on those.
fn on_rows(
    session: &mut Session,
    file: &File<'_>,
    before: &Catalog,
    samples: &[Sample],
    old: &mut Old,
) -> Result<Option<Failure>, Halt> {
    // The rows are there as if they had been there for long.
    const AS_BEFORE: &str = "SET CONSTRAINTS ALL IMMEDIATE";
    // Rows have taken values from sequences, and what the file inserts takes the next ones.
    old.positions = sequences(session)?;
    // Of rows that meet what the file asks for some may stand in one another's way.
    let tries = [Some(file), None].into_iter().filter(|_| file.changes_rows());
    for met in tries {
        let back = old.positions.clone();
        session.control("SAVEPOINT trueup_filled")?;
        let meets = old::fill(session, before, samples, met, old)?;
        old.positions = sequences(session)?;
        let deferred = session.sql(AS_BEFORE).err();
        if deferred.as_ref().is_some_and(SqlError::is_lost) {
            return Err(deferred.map_or_else(|| Halt::from(SqlError::default()), Halt::from));
        }
        let failed = match &deferred {
            None => session.simulate(file)?,
            Some(_) => None,
        };
        if (deferred.is_none() && failed.is_none()) || failed.as_ref().is_some_and(|one| one.error.is_lost())
        {
            return Ok(failed);
        }
        session.reached.clear();
        // It says nothing of the file that rows which were made up are too much alike.
        old.rows.truncate(old.tables);
        session.control("ROLLBACK TO trueup_filled")?;
        session.renew()?;
        restore(session, &back)?;
        old.positions = back;
        if !meets {
            break;
        }
    }
    session.sql(AS_BEFORE)?;
    session.simulate(file)
}

/// Runs the file on tables as they are, and looks at what it locks and what it breaks.
fn tried_as_it_is(
    session: &mut Session,
    file: &File<'_>,
    probed: bool,
    out: &mut FirstTrial,
) -> Result<(), Halt> {
    out.failed = session.simulate(file)?;
    if out.failed.is_some() {
        // What stops it on empty tables says nothing of rows.
        out.with_rows = None;
        out.columns.clear();
        return Ok(());
    }
    session.renew()?;
    for row in session.reader.ask(&mut session.client, LOCKS)? {
        out.locks.push((row.try_get(0)?, row.try_get(1)?));
    }
    if !probed {
        return Ok(());
    }
    if out.with_rows.is_some() {
        out.columns = columns_now(session)?;
    }
    let mut version = old::after(session, &out.old)?;
    session.control("ROLLBACK TO trueup_begin")?;
    session.renew()?;
    if !version.breaks.is_empty() {
        old::lines(session, file, &out.old, &mut version)?;
    }
    out.version = Some(version);
    Ok(())
}

/// Tries a file that runs in a transaction; `None` where it does not do so a second time.
pub(crate) fn in_transactions(
    place: &Place<'_, '_>,
    file: &File<'_>,
    known: &Known<'_>,
    first: &FirstTrial,
    go_on: &mut dyn FnMut() -> Result<(), Halt>,
) -> Result<Option<(Trials, Catalog)>, Halt> {
    let rows: &[String] = if first.with_rows.is_none() { &first.old.rows } else { &[] };
    let begun = first.old.begun_with(rows);
    let place = Place { rows: &begun, ..*place };
    let mut out = Trials {
        with_rows: first.with_rows.clone(),
        rows: rows.len().min(first.old.tables),
        old: first.version.clone().unwrap_or_default(),
        idle: first.idle.clone(),
        ..Trials::default()
    };
    let Some((clean, verdicts)) = second_trial(&place, file, known, &first.columns, &mut out, go_on)? else {
        return Ok(None);
    };
    if let Some(Killed { verdicts, until }) = verdicts {
        // Where the runner cannot be killed between statements, the number is only told.
        let confirmed = match file.is_killed_between() {
            false => Verdicts::new(),
            true => kill::confirm(&place, file, &clean.state, &clean.volatile, &verdicts, go_on)?,
        };
        let verdicts =
            kill::by_copies(&place, file, &clean.state, &clean.volatile, Some(verdicts), until, go_on)?;
        let mut kills = kill::sum(file, verdicts, Some(&confirmed));
        kills.inside = kill::inside(&place, file, &clean.state, &clean.volatile)?;
        out.kills = Some(kills);
    }
    out.volatile = clean.volatile;
    Ok(Some((out, clean.state.catalog)))
}

pub(crate) fn restore(session: &mut Session, back: &[String]) -> Result<(), Halt> {
    match back.is_empty() {
        true => Ok(()),
        false => Ok(session.control(&back.join("; "))?),
    }
}

fn columns_now(session: &mut Session) -> Result<Columns, Halt> {
    session.renew()?;
    let tables = session.reader.tables(&mut session.client)?;
    columns(session, &tables)
}

/// Relations that the open transaction has locked.
pub(crate) const LOCKS: &str = "SELECT l.relation, l.mode FROM pg_catalog.pg_locks l \
     WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted \
     AND l.database <> 0"; // That of the tables that all databases share.

fn volatile(known: &Known<'_>, one: &Columns, other: &Columns) -> BTreeSet<ColumnName> {
    let differ =
        one.iter().filter(|(name, value)| other.get(*name) != Some(*value)).map(|(name, _)| name.clone());
    known.volatile.iter().cloned().chain(differ).collect()
}

/// Runs the file in a second transaction, so that what differs from the first one can be told; then once more; then after
/// each kill. `None` where it fails.
fn second_trial(
    place: &Place<'_, '_>,
    file: &File<'_>,
    known: &Known<'_>,
    first: &Columns,
    out: &mut Trials,
    go_on: &mut dyn FnMut() -> Result<(), Halt>,
) -> Result<Option<(Clean, Option<Killed>)>, Halt> {
    let mut session = place.session()?;
    let back = sequences(&mut session)?;
    place.begin(&mut session)?;
    session.control("SAVEPOINT trueup_begin")?;
    let found = match session.simulate(file)? {
        Some(_) => None,
        None => {
            let second = columns_now(&mut session)?;
            let catalog = session.catalog()?;
            let volatile = volatile(known, first, &second);
            let state = State::of(&mut session, catalog, &volatile)?;
            Some(Clean { state, volatile })
        }
    };
    let Some(clean) = found else {
        session.end_trial()?;
        restore(&mut session, &back)?;
        place.give(session)?;
        return Ok(None);
    };
    let written = session.catalog_writes()?;
    // A second run is also what follows a kill behind the last statement.
    let last = match session.simulate(file)? {
        Some(failure) => kill::of_second_run(file, Err(&failure)),
        None => {
            session.renew()?;
            let again = State::read_after(&mut session, &clean.state, written, &clean.volatile)?;
            let changed = changes(&clean.state, &again);
            let verdict = kill::of_second_run(file, Ok(&changed));
            out.changed_rows = rows_only(changed);
            verdict
        }
    };
    session.control("ROLLBACK TO trueup_begin")?;
    session.renew()?;
    let until = kill::until();
    let (state, volatile) = (&clean.state, &clean.volatile);
    let verdicts = match known.kill_points {
        true => Some(kill::by_savepoints(&mut session, file, state, volatile, last, until, go_on)?),
        false => None,
    };
    let verdicts = verdicts.map(|verdicts| Killed { verdicts, until });
    session.end_trial()?;
    restore(&mut session, &back)?;
    place.give(session)?;
    Ok(Some((clean, verdicts)))
}

fn rows_only(changes: Vec<Changed>) -> Vec<Changed> {
    changes.into_iter().filter(|change| change.field == "rows").collect()
}

/// Whether two catalogs are the same but for what was made anew.
pub(crate) fn same(one: &Catalog, other: &Catalog) -> bool {
    differences(one, other, &[]).iter().all(|difference| difference.change == Change::Recreated)
}

/// Tries a file that does not run in one transaction. `old` is what the version
/// before does on a database on which it was run.
pub(crate) fn on_copies(
    place: &Place<'_, '_>,
    file: &File<'_>,
    known: &Known<'_>,
    first: &FirstTrial,
    old: OldVersion,
    go_on: &mut dyn FnMut() -> Result<(), Halt>,
) -> Result<Trials, Halt> {
    let mut out = Trials { old, ..Trials::default() };
    let old = &first.old;
    let firsts = old.rows.get(..old.tables).unwrap_or(&old.rows);
    let (all, fewer) = (old.begun_with(&old.rows), old.begun_with(firsts));
    let mut place = Place { rows: &all, ..*place };
    let mut one = clean_copy(&place, file)?;
    if one.is_err() && all.len() > fewer.len() {
        place = Place { rows: &fewer, ..place };
        one = clean_copy(&place, file)?;
    }
    if let Err(failure) = one {
        out.with_rows = Some(failure);
        place = Place { rows: &[], ..place };
        one = clean_copy(&place, file)?;
    }
    out.rows = if out.with_rows.is_some() { 0 } else { old.tables };
    let Ok(columns) = one else { return Ok(out) };
    go_on()?;
    let copy = place.copy()?;
    let clean = twice(&place, &copy, file, known, &columns, &mut out)?;
    drop(copy);
    place.forget_roles(file)?;
    let Some(clean) = clean else { return Ok(out) };
    if known.kill_points {
        let verdicts =
            kill::by_copies(&place, file, &clean.state, &clean.volatile, None, kill::until(), go_on)?;
        let mut kills = kill::sum(file, verdicts, None);
        kills.inside = kill::inside(&place, file, &clean.state, &clean.volatile)?;
        out.kills = Some(kills);
    }
    out.volatile = clean.volatile;
    Ok(out)
}

/// Runs a file on a copy and then once more. One session looks at both: what it learned of the system's tables it need not
/// learn again.
fn twice(
    place: &Place<'_, '_>,
    copy: &Database<'_>,
    file: &File<'_>,
    known: &Known<'_>,
    first: &Columns,
    out: &mut Trials,
) -> Result<Option<Clean>, Halt> {
    if place.run_to_end(copy, file)?.is_some() {
        return Ok(None);
    }
    let mut session = place.session_on(copy)?;
    let second = columns_now(&mut session)?;
    let volatile = volatile(known, first, &second);
    let state = State::read(&mut session, &volatile)?;
    if place.run_to_end(copy, file)?.is_none() {
        let again = State::read(&mut session, &volatile)?;
        out.changed_rows = rows_only(changes(&state, &again));
    }
    Ok(Some(Clean { state, volatile }))
}

/// Runs a file on a copy, and reads what its columns hold; or says why it does not run.
fn clean_copy(place: &Place<'_, '_>, file: &File<'_>) -> Result<Result<Columns, Failure>, Halt> {
    let copy = place.copy()?;
    let found = match place.run_to_end(&copy, file)? {
        Some(failure) => Err(failure),
        None => Ok(columns_now(&mut place.session_on(&copy)?)?),
    };
    drop(copy);
    place.forget_roles(file)?;
    Ok(found)
}

/// What the version before does, tried on a database on which the file was run.
pub(crate) fn old_on(place: &Place<'_, '_>, applied: &Database<'_>, old: &Old) -> Result<OldVersion, Halt> {
    let mut session = Session::open(applied, place.options.statement_timeout)?;
    let back = sequences(&mut session)?;
    session.begin_trial()?;
    let found = old::after(&mut session, old)?;
    session.end_trial()?;
    restore(&mut session, &back)?;
    Ok(found)
}
