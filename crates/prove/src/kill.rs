//! A file is killed after each of its statements and run again.

use crate::halt::Halt;
use crate::place::{Before, Ended, Place};
use crate::report::{InsideKill, KillPoint, KillPoints, Outcome};
use crate::run::run_from;
use crate::session::{Failure, Session};
use crate::state::{Changed, ColumnName, State, changes};
use crate::steps::File;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use trueup_postgres::Database;

/// Statements that may run for the kill points of one file by savepoints; a file of six hundred takes about so many.
const MOST_STEPS: usize = 400_000;

/// How long the kill points of one file may take; those that are left then are not tried, and it is said.
const LONGEST: Duration = Duration::from_secs(120);

/// When the kill points of a file that are begun now have to end.
pub(crate) fn until() -> Instant {
    Instant::now() + LONGEST
}

/// Copies that may be made for the kill points of one file.
const MOST_COPIES: usize = 400;

/// How a second run ends: in the state of a clean run, or not.
pub(crate) type Verdict = Option<KillPoint>;

/// Kill points whose second run gave a verdict, by the number of statements that were committed.
pub(crate) type Verdicts = BTreeMap<usize, Verdict>;

/// Which kill points are tried: each, or, in a file too long for that, as many as can be, spread evenly.
fn chosen(file: &File<'_>, most: usize) -> BTreeSet<usize> {
    let all: BTreeSet<usize> = (1..=file.steps.len()).map(|after| file.committed(after)).collect();
    match all.len() <= most {
        true => all,
        false => {
            let every = all.len().div_ceil(most.max(1));
            all.into_iter().step_by(every).collect()
        }
    }
}

fn chosen_by_savepoints(file: &File<'_>) -> BTreeSet<usize> {
    chosen(file, (MOST_STEPS / file.steps.len().max(1)).max(1))
}

/// Tries the kill points in the open transaction, one statement further each time. What follows a kill behind the `last`
/// statement is known.
pub(crate) fn by_savepoints(
    session: &mut Session,
    file: &File<'_>,
    clean: &State,
    volatile: &BTreeSet<ColumnName>,
    last: Verdict,
    until: Instant,
    go_on: &mut dyn FnMut() -> Result<(), Halt>,
) -> Result<Verdicts, Halt> {
    let mut chosen = chosen_by_savepoints(file);
    let mut verdicts = Verdicts::new();
    if chosen.remove(&file.steps.len()) {
        verdicts.insert(file.steps.len(), last);
    }
    let end = chosen.last().map_or(0, |last| last + 1);
    let mut own = false;
    for committed in 0..end {
        if committed > 0 && session.simulate_step(file, committed - 1, &mut own)?.is_some() {
            break;
        }
        if Instant::now() > until {
            break;
        }
        if own || !chosen.contains(&committed) {
            continue;
        }
        go_on()?;
        session.control("SAVEPOINT trueup_kill")?;
        session.renew()?;
        let failed = session.simulate(file)?;
        let verdict = match failed {
            Some(failure) => Some(of_failure(file, committed, &failure)),
            None => {
                session.renew()?;
                let state = State::read(session, volatile)?;
                of_state(file, committed, clean, &state)
            }
        };
        verdicts.insert(committed, verdict);
        session.control("ROLLBACK TO trueup_kill; RELEASE trueup_kill")?;
    }
    Ok(verdicts)
}

/// Tries the kill points on copies of which no verdict is known: all of them, for a file that does not run in one
/// transaction; those behind a statement that could not be run twice in one session, for others.
pub(crate) fn by_copies(
    place: &Place<'_, '_>,
    file: &File<'_>,
    clean: &State,
    volatile: &BTreeSet<ColumnName>,
    known: Option<Verdicts>,
    until: Instant,
    go_on: &mut dyn FnMut() -> Result<(), Halt>,
) -> Result<Verdicts, Halt> {
    let wanted = match &known {
        Some(_) => chosen_by_savepoints(file),
        None => chosen(file, MOST_COPIES),
    };
    let mut verdicts = known.unwrap_or_default();
    for committed in wanted {
        if Instant::now() > until {
            break;
        }
        if verdicts.contains_key(&committed) {
            continue;
        }
        go_on()?;
        let verdict = match place.on_copy(file, &Before::Steps(committed), volatile)? {
            Some(Ended::Failed(failure)) => Some(of_failure(file, committed, &failure)),
            Some(Ended::Through(state)) => of_state(file, committed, clean, &state),
            // It did run that far once; here it did not, and that is nothing to build a verdict on.
            None => continue,
        };
        verdicts.insert(committed, verdict);
    }
    Ok(verdicts)
}

/// A copy on which the first steps of a file were run.
struct Line<'s> {
    session: Session,
    committed: usize,
    copy: Database<'s>,
}

/// Tries once more on copies what failed by savepoints. A second run that fails and leaves everything as it was leaves
/// the copy fit for the next kill point.
pub(crate) fn confirm(
    place: &Place<'_, '_>,
    file: &File<'_>,
    clean: &State,
    volatile: &BTreeSet<ColumnName>,
    verdicts: &Verdicts,
    go_on: &mut dyn FnMut() -> Result<(), Halt>,
) -> Result<Verdicts, Halt> {
    let mut confirmed = Verdicts::new();
    let mut line: Option<Line<'_>> = None;
    for committed in worth_a_copy(verdicts) {
        go_on()?;
        let mut now = match line.take() {
            Some(line) => line,
            None => {
                let copy = place.copy()?;
                Line { session: Session::open(&copy, place.options.statement_timeout)?, committed: 0, copy }
            }
        };
        if run_from(&mut now.session, file, now.committed, committed)?.is_some() {
            break;
        }
        now.committed = committed;
        let before = State::read(&mut Session::open(&now.copy, place.options.statement_timeout)?, volatile)?;
        let verdict = match place.run_on(&now.copy, file, volatile)? {
            Ended::Through(state) => of_state(file, committed, clean, &state),
            Ended::Failed(failure) => {
                let mut session = Session::open(&now.copy, place.options.statement_timeout)?;
                if changes(&before, &State::read(&mut session, volatile)?).is_empty() {
                    line = Some(now);
                }
                Some(of_failure(file, committed, &failure))
            }
        };
        confirmed.insert(committed, verdict);
        if line.is_none() {
            place.forget_roles(file)?;
        }
    }
    drop(line);
    place.forget_roles(file)?;
    Ok(confirmed)
}

/// Failures that are confirmed one by one; of more that fail at the same statement with the same error a few stand for
/// the others.
const ALL_UP_TO: usize = 60;

fn worth_a_copy(verdicts: &Verdicts) -> Vec<usize> {
    let failed: Vec<(usize, &KillPoint)> =
        verdicts.iter().filter_map(|(at, verdict)| Some((*at, verdict.as_ref()?))).collect();
    let mut seen: BTreeMap<(Option<u32>, Option<&str>), usize> = BTreeMap::new();
    let few = if failed.len() <= ALL_UP_TO { usize::MAX } else { 3 };
    let mut wanted = Vec::new();
    for (at, point) in failed {
        let count = seen.entry((point.fails_at, point.sqlstate.as_deref())).or_insert(0);
        *count += 1;
        if *count <= few {
            wanted.push(at);
        }
    }
    wanted
}

fn of_failure(file: &File<'_>, committed: usize, failure: &Failure) -> KillPoint {
    KillPoint {
        after: committed,
        line: file.line(committed.saturating_sub(1)),
        fails_at: Some(failure.line),
        sqlstate: Some(failure.error.sqlstate.clone()).filter(|code| !code.is_empty()),
        message: failure.error.message.clone(),
    }
}

fn of_state(file: &File<'_>, committed: usize, clean: &State, state: &State) -> Verdict {
    of_changes(file, committed, &changes(clean, state))
}

/// What a run behind a whole one says of a kill behind the last statement.
pub(crate) fn of_second_run(file: &File<'_>, ended: Result<&[Changed], &Failure>) -> Verdict {
    match ended {
        Ok(changes) => of_changes(file, file.steps.len(), changes),
        Err(failure) => Some(of_failure(file, file.steps.len(), failure)),
    }
}

fn of_changes(file: &File<'_>, committed: usize, changes: &[Changed]) -> Verdict {
    changes.first().map(|change| KillPoint {
        after: committed,
        line: file.line(committed.saturating_sub(1)),
        fails_at: None,
        sqlstate: None,
        message: format!("ends elsewhere than a run that is not killed: {change}"),
    })
}

/// Puts together what savepoints and copies showed; `points` counts every statement, also those inside of a transaction
/// of the file's own.
pub(crate) fn sum(file: &File<'_>, first: Verdicts, confirmed: Option<&Verdicts>) -> KillPoints {
    let mut points = KillPoints {
        points: file.steps.len(),
        applies: file.is_killed_between(),
        on_copies: confirmed.is_none(),
        ..KillPoints::default()
    };
    for after in 1..=file.steps.len() {
        let committed = file.committed(after);
        let Some(verdict) = first.get(&committed) else { continue };
        points.tried += 1;
        let again = confirmed.and_then(|verdicts| verdicts.get(&committed));
        let Some(point) = again.unwrap_or(verdict).clone() else { continue };
        points.confirmed += usize::from(again.is_some() || confirmed.is_none());
        points.failed.push(KillPoint { after, line: file.line(after - 1), ..point });
    }
    points
}

/// Kills inside of statements that are not undone as a whole when they are killed ("Building Indexes Concurrently").
pub(crate) fn inside(
    place: &Place<'_, '_>,
    file: &File<'_>,
    clean: &State,
    volatile: &BTreeSet<ColumnName>,
) -> Result<Vec<InsideKill>, Halt> {
    let mut kills = Vec::new();
    for (at, step) in file.steps.iter().enumerate() {
        let Some(what) = trueup_sql::runs_alone(step.text) else { continue };
        let left = |outcome, message: String| InsideKill {
            line: step.line,
            leaves: left_by(step.text, what),
            outcome,
            message,
        };
        kills.extend(match what {
            "CREATE INDEX CONCURRENTLY" => {
                let ended = place.on_copy(file, &Before::Invalid(at + 1), volatile)?;
                Some(left_invalid(ended, clean, left))
            }
            _ if what.ends_with("CONCURRENTLY") && what != "DROP INDEX CONCURRENTLY" => {
                Some(left(Outcome::NotCheckable, format!("a kill inside of {what} is not imitated")))
            }
            _ => None,
        });
    }
    Ok(kills)
}

fn left_by(statement: &str, what: &str) -> String {
    let name = trueup_sql::effects(statement).into_iter().next().map(|effect| effect.name);
    match (what, name) {
        ("CREATE INDEX CONCURRENTLY", Some(name)) if !name.is_empty() => format!("index {name}, invalid"),
        ("CREATE INDEX CONCURRENTLY", _) => "an invalid index".to_owned(),
        _ => "something half done".to_owned(),
    }
}

fn left_invalid(
    ended: Option<Ended>,
    clean: &State,
    left: impl Fn(Outcome, String) -> InsideKill,
) -> InsideKill {
    match ended {
        None => left(
            Outcome::NotCheckable,
            "the user of the server may not mark an index as invalid; a private server lets it".to_owned(),
        ),
        Some(Ended::Failed(failure)) => {
            left(Outcome::Contradicted, format!("line {}: {}", failure.line, failure.error))
        }
        Some(Ended::Through(state)) => match changes(clean, &state).first() {
            None => left(Outcome::Proven, String::new()),
            Some(change) => left(Outcome::Contradicted, change.to_string()),
        },
    }
}
