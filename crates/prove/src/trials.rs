//! What is tried in the state before a file, and taken back.

use crate::halt::Halt;
use crate::kill::{self, Verdicts};
use crate::old::{self, Old};
use crate::place::{Before, Ended, Place};
use crate::report::{KillPoints, OldVersion};
use crate::session::{Failure, Session};
use crate::state::{Changed, ColumnName, State, changes, columns, sequences};
use crate::steps::File;
use std::collections::{BTreeMap, BTreeSet};
use trueup_catalog::{Catalog, Change, differences};
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
}

/// What is known of the file before it is tried.
pub(crate) struct Known<'k> {
    pub before: &'k Catalog,
    /// After the file was run for real.
    pub after: &'k Catalog,
    pub samples: &'k [Sample],
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

/// Tries a file on the database in front of it.
pub(crate) fn trials(
    place: &Place<'_, '_>,
    file: &File<'_>,
    known: &Known<'_>,
    go_on: &mut dyn FnMut() -> Result<(), Halt>,
) -> Result<Trials, Halt> {
    let first = first_trial(place, file, known)?;
    let mut out = Trials { with_rows: first.with_rows.clone(), ..Trials::default() };
    let runs_on_rows = first.with_rows.is_none();
    let rows: &[String] = if runs_on_rows { &first.old.rows } else { &[] };
    out.rows = rows.len();
    let place = Place { rows, ..*place };
    go_on()?;
    out.old = match &first.version {
        Some(version) => version.clone(),
        None => old_on_copy(&Place { rows: &[], ..place }, file, &first.old)?,
    };
    let columns = if runs_on_rows { first.filled } else { first.plain };
    let tried = match columns {
        Some(columns) => second_trial(&place, file, known, columns, &mut out, go_on)?,
        None => None,
    };
    let clean = match tried {
        Some((clean, verdicts)) => {
            if let Some(verdicts) = verdicts {
                let confirmed =
                    kill::by_copies(&place, file, &clean.state, &clean.volatile, Some(&verdicts), go_on)?;
                out.kills = Some(kill::sum(file, verdicts, Some(&confirmed)));
            }
            Some(clean)
        }
        None => on_copies(&place, file, known, &mut out, go_on)?,
    };
    if let Some(clean) = clean {
        if let Some(kills) = &mut out.kills {
            kills.inside = kill::inside(&place, file, &clean.state, &clean.volatile)?;
        }
        out.volatile = clean.volatile;
    }
    Ok(out)
}

/// What a first run in a transaction showed.
#[derive(Default)]
struct FirstTrial {
    old: Old,
    with_rows: Option<Failure>,
    /// What columns hold after a run on tables with rows; `None` where the file does not run in one transaction.
    filled: Option<Columns>,
    /// The same on tables as the chain left them.
    plain: Option<Columns>,
    version: Option<OldVersion>,
}

fn first_trial(place: &Place<'_, '_>, file: &File<'_>, known: &Known<'_>) -> Result<FirstTrial, Halt> {
    let mut session = place.session()?;
    let back = sequences(&mut session)?;
    session.begin_trial()?;
    session.sql("SAVEPOINT trueup_begin")?;
    let mut out =
        FirstTrial { old: old::learn(&mut session, known.before, known.samples)?, ..FirstTrial::default() };
    // The rows are there as if they had been there for long.
    session.sql("SET CONSTRAINTS ALL IMMEDIATE; SAVEPOINT trueup_rows")?;
    let with_rows = session.simulate(file)?;
    if with_rows.is_none() {
        out.filled = Some(columns_now(&mut session)?);
    }
    session.sql("ROLLBACK TO trueup_begin")?;
    session.renew()?;
    if session.simulate(file)?.is_none() {
        out.plain = Some(columns_now(&mut session)?);
        out.version = Some(old::after(&mut session, &out.old)?);
        out.with_rows = with_rows;
    }
    session.sql("ROLLBACK TO trueup_begin")?;
    session.renew()?;
    if let Some(version) = out.version.as_mut().filter(|version| !version.breaks.is_empty()) {
        old::lines(&mut session, file, version)?;
    }
    session.end_trial()?;
    restore(&mut session, &back)?;
    drop(session);
    // Whether it runs on rows is then asked of a copy.
    if out.plain.is_none() && !out.old.rows.is_empty() {
        let place = Place { rows: &out.old.rows, ..*place };
        if let Some(Ended::Failed(failure)) = place.on_copy(file, &Before::Steps(0), known.volatile)? {
            out.with_rows = Some(failure);
        }
    }
    Ok(out)
}

fn restore(session: &mut Session, back: &[String]) -> Result<(), Halt> {
    for sql in back {
        session.sql(sql)?;
    }
    Ok(())
}

fn columns_now(session: &mut Session) -> Result<Columns, Halt> {
    session.renew()?;
    let catalog = Catalog::read(&mut session.client)?;
    columns(session, &catalog)
}

fn volatile(known: &Known<'_>, one: &Columns, other: &Columns) -> BTreeSet<ColumnName> {
    let differ =
        one.iter().filter(|(name, value)| other.get(*name) != Some(*value)).map(|(name, _)| name.clone());
    known.volatile.iter().cloned().chain(differ).collect()
}

/// Runs the file in a second transaction, so that what differs from the first one can be told; then once more; then after
/// each kill. `None` where a run in a transaction does not end as the real one did.
fn second_trial(
    place: &Place<'_, '_>,
    file: &File<'_>,
    known: &Known<'_>,
    first: Columns,
    out: &mut Trials,
    go_on: &mut dyn FnMut() -> Result<(), Halt>,
) -> Result<Option<(Clean, Option<Verdicts>)>, Halt> {
    let mut session = place.session()?;
    let back = sequences(&mut session)?;
    place.begin(&mut session)?;
    session.sql("SAVEPOINT trueup_begin")?;
    let found = match session.simulate(file)? {
        Some(_) => None,
        None => {
            let second = columns_now(&mut session)?;
            let volatile = volatile(known, &first, &second);
            let state = State::read(&mut session, &volatile)?;
            Some(Clean { state, volatile }).filter(|clean| same(known.after, &clean.state.catalog))
        }
    };
    let Some(clean) = found else {
        session.end_trial()?;
        restore(&mut session, &back)?;
        return Ok(None);
    };
    if session.simulate(file)?.is_none() {
        session.renew()?;
        let again = State::read(&mut session, &clean.volatile)?;
        out.changed_rows = rows_only(changes(&clean.state, &again));
    }
    session.sql("ROLLBACK TO trueup_begin")?;
    session.renew()?;
    let verdicts = match known.kill_points {
        true => Some(kill::by_savepoints(&mut session, file, &clean.state, &clean.volatile, go_on)?),
        false => None,
    };
    session.end_trial()?;
    restore(&mut session, &back)?;
    Ok(Some((clean, verdicts)))
}

fn rows_only(changes: Vec<Changed>) -> Vec<Changed> {
    changes.into_iter().filter(|change| change.field == "rows").collect()
}

fn same(one: &Catalog, other: &Catalog) -> bool {
    differences(one, other, &[]).iter().all(|difference| difference.change == Change::Recreated)
}

/// The same on copies of the database, for a file that does not run in one transaction.
fn on_copies(
    place: &Place<'_, '_>,
    file: &File<'_>,
    known: &Known<'_>,
    out: &mut Trials,
    go_on: &mut dyn FnMut() -> Result<(), Halt>,
) -> Result<Option<Clean>, Halt> {
    let Some((_, first)) = clean_copy(place, file, known.volatile)? else { return Ok(None) };
    let copy = place.copy()?;
    let mut clean = None;
    if let Ended::Through(_) = place.run_on(&copy, file, known.volatile)? {
        let second = {
            let mut session = Session::open(&copy, place.options.statement_timeout)?;
            columns_now(&mut session)?
        };
        let volatile = volatile(known, &first, &second);
        let state = State::read(&mut Session::open(&copy, place.options.statement_timeout)?, &volatile)?;
        clean = Some(Clean { state, volatile });
    }
    if let Some(clean) = &clean
        && let Ended::Through(again) = place.run_on(&copy, file, &clean.volatile)?
    {
        out.changed_rows = rows_only(changes(&clean.state, &again));
    }
    drop(copy);
    place.forget_roles(file)?;
    if let Some(clean) = &clean
        && known.kill_points
    {
        let verdicts = kill::by_copies(place, file, &clean.state, &clean.volatile, None, go_on)?;
        out.kills = Some(kill::sum(file, verdicts, None));
    }
    Ok(clean)
}

fn clean_copy(
    place: &Place<'_, '_>,
    file: &File<'_>,
    volatile: &BTreeSet<ColumnName>,
) -> Result<Option<(State, Columns)>, Halt> {
    let copy = place.copy()?;
    let ended = place.run_on(&copy, file, volatile)?;
    let found = match ended {
        Ended::Failed(_) => None,
        Ended::Through(state) => {
            let mut session = Session::open(&copy, place.options.statement_timeout)?;
            let columns = columns_now(&mut session)?;
            Some((*state, columns))
        }
    };
    drop(copy);
    place.forget_roles(file)?;
    Ok(found)
}

/// What the version before does, tried on a copy on which the file was run.
fn old_on_copy(place: &Place<'_, '_>, file: &File<'_>, old: &Old) -> Result<OldVersion, Halt> {
    let copy = place.copy()?;
    let ended = place.run_on(&copy, file, &BTreeSet::new())?;
    let found = match ended {
        Ended::Failed(_) => OldVersion { vacuous: Vec::new(), ..OldVersion::default() },
        Ended::Through(_) => {
            let mut session = Session::open(&copy, place.options.statement_timeout)?;
            session.begin_trial()?;
            let found = old::after(&mut session, old)?;
            session.end_trial()?;
            found
        }
    };
    drop(copy);
    place.forget_roles(file)?;
    Ok(found)
}
