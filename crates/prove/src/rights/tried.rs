//! What the catalogs say is lost, tried as the role that lost it: in front of the file it must work, behind it must not.

use super::{ByCatalog, How, Lost, PUBLIC};
use crate::checks::phase_count;
use crate::halt::Halt;
use crate::report::{Break, OldVersion};
use crate::session::Session;
use crate::state::sequences;
use crate::steps::File;
use crate::trials::restore;
use trueup_catalog::quote_ident;
use trueup_postgres::{Database, SimpleQueryMessage, SqlError};
use trueup_sql::Words;

/// What came of trying something as a role.
enum Told {
    Works,
    /// It is not allowed, or reaches no row.
    Refused(SqlError),
    /// It fails for another reason.
    Fails(SqlError),
    /// It could not be tried.
    Unknown(SqlError),
}

/// Something that is lost, and what was seen of it.
struct Seen {
    lost: Lost,
    line: Option<u32>,
    /// What the server says behind the file, or why it could not be asked.
    error: SqlError,
    tried: bool,
}

impl Seen {
    fn untried(&mut self, why: &SqlError) {
        self.tried = false;
        self.error = why.clone();
    }
}

/// Statements that may run to find the lines at which rights are lost.
const MOST_TRIED: usize = 5_000;

/// Stands for everybody who has no right of his own.
const ANYBODY: &str = "trueup_anybody";

/// Tries what is lost in the open database in front of the file, on which the file runs in a transaction.
pub(crate) fn in_transaction(
    session: &mut Session,
    file: &File<'_>,
    lost: Vec<Lost>,
    found: &mut OldVersion,
) -> Result<(), Halt> {
    let back = sequences(session)?;
    session.begin_trial()?;
    session.control("SAVEPOINT trueup_begin")?;
    let mut all = worked(session, lost, false, found)?;
    if all.len() * file.steps.len() <= MOST_TRIED {
        lines(session, file, &mut all)?;
        session.control("ROLLBACK TO trueup_begin")?;
        session.renew()?;
    }
    // The file ran before; where it does not now, nothing is known of what is behind it.
    match session.simulate(file)? {
        None => {
            session.renew()?;
            all = still_lost(session, all)?;
        }
        Some(failure) => all.iter_mut().for_each(|seen| seen.untried(&failure.error)),
    }
    session.end_trial()?;
    restore(session, &back)?;
    tell(file, all, found);
    Ok(())
}

/// Tries it on two databases: one in front of the file, one on which the file was run. Where the file `changes_roles`, these
/// are no longer as they were in front of it: they belong to the server.
pub(crate) fn on_databases(
    before: &mut Session,
    behind: &Database<'_>,
    timeout: u64,
    file: &File<'_>,
    (lost, changes_roles): (Vec<Lost>, bool),
    found: &mut OldVersion,
) -> Result<(), Halt> {
    let all = in_trial(before, |session| worked(session, lost, changes_roles, found))?;
    let mut session = Session::open(behind, timeout)?;
    let all = in_trial(&mut session, |session| still_lost(session, all))?;
    tell(file, all, found);
    Ok(())
}

fn in_trial<T>(
    session: &mut Session,
    try_it: impl FnOnce(&mut Session) -> Result<T, Halt>,
) -> Result<T, Halt> {
    let back = sequences(session)?;
    session.begin_trial()?;
    let found = try_it(session)?;
    session.end_trial()?;
    restore(session, &back)?;
    Ok(found)
}

/// What works in front of the file. Of what does not, nothing can be said.
fn worked(
    session: &mut Session,
    lost: Vec<Lost>,
    changes_roles: bool,
    found: &mut OldVersion,
) -> Result<Vec<Seen>, Halt> {
    let mut all = Vec::new();
    for one in lost {
        let (error, tried) = match one.how {
            // Which rows policies let through is not tried here.
            How::SomeRows => (SqlError::default(), false),
            How::Refused | How::NoRow { .. } => match attempt(session, &one)? {
                Told::Works => (SqlError::default(), true),
                // A procedure may refuse what it is called with here; it was allowed to run.
                Told::Fails(_) if one.right == "EXECUTE" => (SqlError::default(), true),
                Told::Unknown(error) => (error, false),
                Told::Refused(_) if changes_roles => (of_roles(), false),
                Told::Refused(error) if is_useless(&one, &error, true) => {
                    found.vacuous.push((shape(&one), error.message));
                    continue;
                }
                Told::Fails(error) if is_useless(&one, &error, false) => {
                    found.vacuous.push((shape(&one), error.message));
                    continue;
                }
                Told::Refused(_) if one.how != How::Refused => (of_policies(), false),
                Told::Refused(error) | Told::Fails(error) => (error, false),
            },
        };
        all.push(Seen { lost: one, line: None, error, tried });
    }
    Ok(all)
}

/// Whether something that does not work in front of the file works for nobody, or not for this role: then it is not lost.
/// What is left asks for something that is not known here, such as the setting that a policy reads.
fn is_useless(lost: &Lost, error: &SqlError, refused: bool) -> bool {
    let code = error.sqlstate.as_str();
    match lost.told {
        ByCatalog::Useless => true,
        _ if lost.how != How::Refused => false,
        _ if refused => error.message.starts_with("permission denied"),
        // A view that cannot be written, a table that cannot be emptied by itself.
        _ if lost.right != "SELECT" && (code == "55000" || code == "0A000") => true,
        // Functions and tables that are not found; but a setting that is not there is what is asked for here.
        _ => code.starts_with("42") && code != "42704",
    }
}

fn of_policies() -> SqlError {
    let message = "what policies ask for is not known here".to_owned();
    SqlError { message, ..SqlError::default() }
}

fn of_roles() -> SqlError {
    let message = "the file has changed roles, which belong to the server".to_owned();
    SqlError { message, ..SqlError::default() }
}

/// Runs the file statement by statement, and notes behind which one each thing is refused first.
fn lines(session: &mut Session, file: &File<'_>, all: &mut [Seen]) -> Result<(), Halt> {
    let mut own = false;
    for (at, step) in file.steps.iter().enumerate() {
        if session.simulate_step(file, at, &mut own)?.is_some() {
            return Ok(());
        }
        for seen in all.iter_mut().filter(|seen| seen.tried) {
            match attempt(session, &seen.lost)? {
                Told::Refused(_) => seen.line = seen.line.or(Some(step.line)),
                // A later statement gives it back.
                Told::Works => seen.line = None,
                Told::Fails(_) | Told::Unknown(_) => {}
            }
        }
    }
    Ok(())
}

/// What is refused behind the file.
fn still_lost(session: &mut Session, all: Vec<Seen>) -> Result<Vec<Seen>, Halt> {
    let mut left = Vec::new();
    for mut seen in all {
        if seen.tried {
            match attempt(session, &seen.lost)? {
                // Some conditions are asked before rights are.
                Told::Fails(error) if !is_useless(&seen.lost, &error, false) => seen.untried(&error),
                // What fails otherwise breaks for the version that runs, whatever its role may do.
                Told::Works | Told::Fails(_) => continue,
                Told::Refused(error) => seen.error = error,
                Told::Unknown(error) => seen.untried(&error),
            }
        }
        left.push(seen);
    }
    Ok(left)
}

/// Tries one thing as its role, and takes it back.
fn attempt(session: &mut Session, lost: &Lost) -> Result<Told, Halt> {
    session.control("SAVEPOINT trueup_right")?;
    let told = match session.sql(&prelude(lost)) {
        Err(error) if error.is_lost() || error.is_exhausted() => return Err(Halt::from(error)),
        Err(error) => Told::Unknown(error),
        Ok(()) => answer(session, lost)?,
    };
    session.control("ROLLBACK TO trueup_right; RELEASE trueup_right")?;
    Ok(told)
}

/// What the server says to a statement. It asks for the right before anything else; so a row that is refused for another
/// reason was reached.
fn answer(session: &mut Session, lost: &Lost) -> Result<Told, Halt> {
    let by_rows = matches!(lost.how, How::NoRow { .. });
    session.reader.doubt();
    let error = match session.client.simple_query(&lost.sql) {
        Ok(messages) if by_rows && reached(&messages) == 0 => return Ok(Told::Refused(no_row(lost))),
        Ok(_) => return Ok(Told::Works),
        Err(error) => SqlError::from(error),
    };
    match error.sqlstate.as_str() {
        _ if error.is_lost() || error.is_exhausted() => Err(Halt::from(error)),
        "42501" => Ok(Told::Refused(error)),
        _ if by_rows => Ok(Told::Works),
        _ => Ok(Told::Fails(error)),
    }
}

/// What stands in front of the statement: rows that it may reach, and the role.
fn prelude(lost: &Lost) -> String {
    let mut all = vec!["SET LOCAL statement_timeout = 3000".to_owned()];
    if let How::NoRow { rows, .. } = &lost.how
        && !rows.is_empty()
    {
        // Parents that could not be made are left out.
        all.push("SET LOCAL session_replication_role = replica".to_owned());
        all.extend(rows.iter().cloned());
        all.push("SET LOCAL session_replication_role = origin".to_owned());
    }
    all.extend(becomes(lost));
    all.join(";\n")
}

fn becomes(lost: &Lost) -> Vec<String> {
    match lost.role.as_str() {
        PUBLIC => vec![format!("CREATE ROLE {ANYBODY} NOLOGIN"), format!("SET LOCAL ROLE {ANYBODY}")],
        role => vec![format!("SET LOCAL ROLE {}", quote_ident(role))],
    }
}

/// Rows that a statement gave or changed.
fn reached(answer: &[SimpleQueryMessage]) -> u64 {
    let done = |message: &SimpleQueryMessage| match message {
        SimpleQueryMessage::CommandComplete(count) => Some(*count),
        _ => None,
    };
    answer.iter().filter_map(done).sum()
}

fn no_row(lost: &Lost) -> SqlError {
    let message = format!("row security is asked, and no policy lets {} reach a row", lost.role);
    SqlError { message, ..SqlError::default() }
}

fn shape(lost: &Lost) -> String {
    format!("{} as {}", lost.shape, lost.role)
}

/// Puts what is lost into the report.
fn tell(file: &File<'_>, all: Vec<Seen>, found: &mut OldVersion) {
    let count = phase_count(file);
    let contracts = count.contract > 0 && !count.mixed();
    for mut seen in all {
        seen.line = seen.line.or_else(|| line_by_text(file, &seen.lost));
        found.tried += usize::from(seen.tried);
        found.breaks.push(broken(file, &seen, contracts));
    }
}

fn broken(file: &File<'_>, seen: &Seen, contracts: bool) -> Break {
    let lost = &seen.lost;
    let (sqlstate, message) = match &lost.how {
        How::SomeRows => {
            let message = format!("row security is asked: {} reaches what policies let through", lost.role);
            (String::new(), message)
        }
        _ if is_unclear(seen) => (seen.error.sqlstate.clone(), unclear(seen)),
        _ if !seen.tried => (code(lost), format!("{}; {}", by_catalog(lost), untried(seen))),
        _ => (seen.error.sqlstate.clone(), seen.error.message.clone()),
    };
    let expected = match () {
        () if lost.how == How::SomeRows => Some("which rows these are, the policies say"),
        () if is_unclear(seen) => Some("the catalog does not say so"),
        () if contracts && seen.line.is_some_and(|line| takes_away(file, line)) => {
            Some("what it takes away, no running version uses by then")
        }
        () => None,
    };
    Break {
        object: lost.object.clone(),
        shape: shape(lost),
        sqlstate,
        message,
        column: None,
        line: seen.line,
        witness: witness(lost),
        expected: expected.map(str::to_owned),
    }
}

fn code(lost: &Lost) -> String {
    match &lost.how {
        How::Refused => "42501".to_owned(),
        How::NoRow { .. } | How::SomeRows => String::new(),
    }
}

fn by_catalog(lost: &Lost) -> String {
    match &lost.how {
        How::Refused => format!("{} has {} on {} no more", lost.role, lost.right, lost.object),
        How::NoRow { commands, .. } => {
            let commands = commands.join(", ");
            format!("row security is asked, and no policy lets {} {commands}", lost.role)
        }
        How::SomeRows => String::new(),
    }
}

/// Whether nothing but a look at it can tell that something was lost, and none was to be had.
fn is_unclear(seen: &Seen) -> bool {
    !seen.tried && !seen.error.sqlstate.is_empty() && seen.lost.told == ByCatalog::Unclear
}

fn unclear(seen: &Seen) -> String {
    let lost = &seen.lost;
    format!("whether {} still has {} could not be tried: {}", lost.role, lost.right, seen.error.message)
}

fn untried(seen: &Seen) -> String {
    format!("the catalog says so, it could not be tried: {}", seen.error.message)
}

/// A script that works in front of the file and not behind it, and changes nothing.
fn witness(lost: &Lost) -> String {
    let rows = match &lost.how {
        How::NoRow { rows, .. } => rows.as_slice(),
        _ => &[],
    };
    let mut all = vec!["BEGIN".to_owned()];
    all.extend(rows.iter().cloned());
    all.extend(becomes(lost));
    all.push(lost.sql.clone());
    format!("{};\nROLLBACK;", all.join(";\n"))
}

/// Whether the statement at a line is there to take rights away: one that makes a thing again forgets them.
fn takes_away(file: &File<'_>, line: u32) -> bool {
    let statement = file.steps.iter().find(|step| step.line == line).map_or("", |step| step.text);
    let words: Vec<String> = Words::of(statement).take(2).map(str::to_ascii_uppercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["REVOKE" | "ALTER" | "DO" | "REASSIGN" | "SELECT" | "CALL", ..] => true,
        ["DROP" | "CREATE", kind] => matches!(*kind, "POLICY" | "OWNED"),
        _ => false,
    }
}

/// The last statement that may take a right away and names what it is on, or all of its kind, or the role.
fn line_by_text(file: &File<'_>, lost: &Lost) -> Option<u32> {
    let names = |text: &str, name: &str| Words::of(text).any(|word| is_name(word, name));
    let may = |text: &str| {
        let first = Words::of(text).next().unwrap_or("").to_ascii_uppercase();
        matches!(first.as_str(), "REVOKE" | "ALTER" | "DROP" | "CREATE" | "DO" | "REASSIGN")
    };
    let on_all = |text: &str| text.to_ascii_uppercase().contains("IN SCHEMA");
    let about = |text: &str| {
        names(text, &lost.name)
            || text.contains(lost.name.as_str()) && text.trim_start().to_ascii_uppercase().starts_with("DO")
            || (names(text, &lost.role) && (on_all(text) || !text.to_ascii_uppercase().contains(" ON ")))
    };
    let mut steps = file.steps.iter().rev();
    steps.find(|step| may(step.text) && about(step.text)).map(|step| step.line)
}

/// Whether a word of a statement is a name, with or without schema and quotes.
fn is_name(word: &str, name: &str) -> bool {
    let last = word.rsplit('.').next().unwrap_or(word);
    last.trim_matches('"').eq_ignore_ascii_case(name) || word.trim_matches('"').eq_ignore_ascii_case(name)
}
