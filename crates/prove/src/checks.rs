//! What was found, as checks of the report.

use crate::again::Again;
use crate::options::Options;
use crate::report::{
    Check, CheckKind, Detail, FileReport, KillPoints, Level, Lock, OldVersion, Outcome, PhaseCount,
    Prerequisite, PrerequisiteKind, Problem, Recreated, Stall, Undone, Verdict,
};
use crate::session::Failure;
use crate::state::{Changed, short};
use crate::steps::File;
use crate::trials::Trials;
use trueup_postgres::SqlError;
use trueup_sql::Phase;

/// A check without problems.
pub(crate) fn check(kind: CheckKind, outcome: Outcome, note: impl Into<String>) -> Check {
    Check { kind, outcome, note: note.into(), problems: Vec::new(), detail: Detail::None }
}

fn level(claimed: bool) -> Level {
    if claimed { Level::Contradiction } else { Level::Information }
}

fn outcome(problems: &[Problem]) -> Outcome {
    match problems.iter().map(|problem| problem.level).min() {
        None => Outcome::Proven,
        Some(Level::Contradiction) => Outcome::Contradicted,
        Some(Level::Information) => Outcome::Information,
    }
}

fn problem(file: &File<'_>, line: u32, claimed: bool, message: String) -> Problem {
    Problem {
        level: level(claimed),
        path: file.path.to_owned(),
        line,
        sqlstate: None,
        message,
        statement: statement_at(file, line),
        witness: None,
        mend: None,
    }
}

fn statement_at(file: &File<'_>, line: u32) -> Option<String> {
    file.steps.iter().find(|step| step.line == line).map(|step| step.text.to_owned())
}

fn refused(file: &File<'_>, failure: &Failure, claimed: bool) -> Problem {
    let statement = file.steps.get(failure.at).map(|step| step.text.to_owned());
    Problem {
        sqlstate: Some(failure.error.sqlstate.clone()).filter(|code| !code.is_empty()),
        mend: statement.as_deref().and_then(|statement| mend(statement, &failure.error)),
        witness: statement.as_ref().map(|statement| format!("{statement};")),
        statement,
        ..problem(file, failure.line, claimed, failure.error.message.clone())
    }
}

/// What mends a statement that was refused.
fn mend(statement: &str, error: &SqlError) -> Option<String> {
    match error.sqlstate.as_str() {
        "25001" => Some("let it run outside of a transaction, in a file of its own".to_owned()),
        code => trueup_sql::mends(statement, code),
    }
}

/// Why a failure on a given server says nothing about the file.
pub(crate) fn fault_of_server(file: &File<'_>, failure: &Failure) -> Option<&'static str> {
    let statement = file.steps.get(failure.at).map_or("", |step| step.text);
    let words: Vec<String> = trueup_sql::Words::of(statement).take(2).map(str::to_ascii_uppercase).collect();
    let makes_role = words.first().is_some_and(|word| word == "CREATE")
        && words.get(1).is_some_and(|word| word == "ROLE" || word == "USER");
    match failure.error.sqlstate.as_str() {
        "42501" => Some("; the user of the given server lacks a right"),
        "42710" if makes_role => Some("; the given server had that role before"),
        _ => None,
    }
}

pub(crate) fn first_run(file: &File<'_>, failure: Option<&Failure>, options: &Options) -> Check {
    let Some(failure) = failure else {
        return check(CheckKind::FirstRun, Outcome::Proven, format!("{} statements", file.steps.len()));
    };
    let mut one = check(CheckKind::FirstRun, Outcome::Contradicted, String::new());
    let mut problem = refused(file, failure, true);
    let error = &failure.error;
    one.note = match () {
        () if error.sqlstate == "57014" => {
            one.outcome = Outcome::NotCheckable;
            problem.level = Level::Information;
            format!(
                "line {}: the statement did not end within {} ms",
                failure.line, options.statement_timeout
            )
        }
        () if error.is_lost() => {
            problem.message = format!("the statement ends the connection: {}", error.message);
            format!("line {}: the statement ends the connection", failure.line)
        }
        () => format!("line {}: {error}", failure.line),
    };
    one.problems.push(problem);
    one
}

pub(crate) fn prerequisites(file: &File<'_>, needed: &[Prerequisite]) -> Option<Check> {
    let of_file = needed.iter().filter(|one| one.path == file.path && !one.declared);
    let problems: Vec<Problem> = of_file
        .map(|one| {
            let what = format!("{} {}", one.kind.name(), one.name);
            let message = match &one.created_by {
                Some(path) => format!("needs {what}, which only {path} creates"),
                None => format!("needs {what}, which nothing in the chain creates"),
            };
            let mend = match (&one.created_by, &one.stub) {
                (Some(_), _) => "change the order of the files".to_owned(),
                (None, Some(stub)) => format!("declare it once: {stub}"),
                (None, None) if one.kind == PrerequisiteKind::Extension => {
                    "install it, or give a server that has it: --database-url".to_owned()
                }
                (None, None) => "declare it once, as SQL that makes it".to_owned(),
            };
            // What the server does not bring says nothing against the chain.
            let brought = one.kind != PrerequisiteKind::Extension || one.stub.is_some();
            let plain = problem(file, one.line, brought, message);
            Problem {
                sqlstate: Some(one.sqlstate.clone()),
                mend: Some(mend),
                witness: plain.statement.as_ref().map(|statement| format!("{statement};")),
                ..plain
            }
        })
        .collect();
    let names: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    let note = names.join("; ");
    let outcome = match outcome(&problems) {
        Outcome::Information => Outcome::NotCheckable,
        other => other,
    };
    (!problems.is_empty()).then(|| Check { problems, ..check(CheckKind::Prerequisites, outcome, note) })
}

pub(crate) fn with_rows(file: &File<'_>, trials: &Trials) -> Check {
    match &trials.with_rows {
        Some(failure) => {
            let one = refused(file, failure, false);
            let note = format!("line {}: {} where tables hold rows", failure.line, failure.error);
            Check { problems: vec![one], ..check(CheckKind::WithRows, Outcome::Information, note) }
        }
        None if trials.rows == 0 => {
            let why = trials.old.vacuous.iter().find(|(shape, _)| shape.starts_with("INSERT INTO"));
            let note = why.map(|(shape, why)| format!("no row could be made: {shape}: {why}"));
            let note = note.unwrap_or_else(|| "there are no tables yet".to_owned());
            check(CheckKind::WithRows, Outcome::Vacuous, note)
        }
        None => {
            let tables =
                if trials.rows == 1 { "1 table".to_owned() } else { format!("{} tables", trials.rows) };
            check(CheckKind::WithRows, Outcome::Proven, format!("runs on {tables} that hold rows"))
        }
    }
}

/// A change that a run makes where it should make none.
fn changing(file: &File<'_>, line: u32, change: &Changed, what: &str) -> Problem {
    let claimed = file.claims.idempotent;
    problem(file, line, claimed, format!("{what}: {change}"))
}

/// What nothing is known of, because no row was reached.
fn unreached(idle: &[u32]) -> Option<String> {
    let lines: Vec<String> = idle.iter().map(u32::to_string).collect();
    let what = match lines.as_slice() {
        [] => return None,
        [line] => format!("line {line} reaches no row"),
        _ => format!("lines {} reach no row", lines.join(", ")),
    };
    Some(format!("{what} that could be made up, so nothing is known of what it does to one"))
}

pub(crate) fn rerun(file: &File<'_>, again: &Again, changed_rows: &[Changed], idle: &[u32]) -> Check {
    let mut problems = Vec::new();
    if let Some(failure) = &again.failure {
        problems.push(refused(file, failure, file.claims.idempotent));
    } else {
        let lines = again.lines.iter().copied().chain(std::iter::repeat(1));
        problems.extend(again.changes.iter().zip(lines).map(|(change, line)| {
            changing(file, line, change, "a second run exits 0 and changes something")
        }));
        let known: Vec<&str> = again.changes.iter().map(|change| change.name.as_str()).collect();
        let more = changed_rows.iter().filter(|change| !known.contains(&change.name.as_str()));
        problems.extend(more.map(|change| {
            let line = line_of_table(file, &change.name);
            changing(file, line, change, "a second run changes rows that were there before the first one")
        }));
    }
    let recreated: Vec<Recreated> = again
        .recreated
        .iter()
        .map(|(kind, name)| Recreated { kind: kind.clone(), name: name.clone() })
        .collect();
    let note = match (problems.first(), again.failure.is_some(), recreated.len()) {
        (Some(first), true, _) => format!("line {}: {} ({})", first.line, said(first), places(again.places)),
        (Some(first), false, _) => first.message.clone(),
        (None, _, 0) => "no-op".to_owned(),
        (None, _, count) => format!("no-op, {count} made anew"),
    };
    let (outcome, note) = known(outcome(&problems), note, idle);
    Check {
        outcome,
        problems,
        detail: Detail::Rerun { places: again.places, recreated },
        ..check(CheckKind::Rerun, Outcome::Proven, note)
    }
}

fn said(problem: &Problem) -> String {
    match &problem.sqlstate {
        Some(code) => format!("{code} {}", problem.message),
        None => problem.message.clone(),
    }
}

fn places(count: usize) -> String {
    if count == 1 { "1 place".to_owned() } else { format!("{count} places") }
}

/// The line of the last statement that changes the rows of a table.
fn line_of_table(file: &File<'_>, table: &str) -> u32 {
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).trim_matches('"').to_owned();
    let writes = |text: &str| {
        let all = trueup_sql::effects(text);
        all.iter().any(|effect| {
            effect.phase == Phase::Migrate
                && effect.table.as_deref().is_some_and(|one| last(one) == last(table))
        })
    };
    file.steps.iter().rev().find(|step| writes(step.text)).map_or(1, |step| step.line)
}

/// `made_by` tells which later file made something as it is at the head.
pub(crate) fn at_head(file: &File<'_>, again: &Again, made_by: &dyn Fn(&Changed) -> Option<String>) -> Check {
    let mut problems = Vec::new();
    let mut undone = Vec::new();
    if let Some(failure) = &again.failure {
        problems.push(refused(file, failure, file.claims.idempotent));
    } else {
        for (at, change) in again.changes.iter().enumerate() {
            let made_by = made_by(change);
            let what = match &made_by {
                Some(path) => {
                    format!("a run at the head exits 0 but undoes {}", trueup_sql::shown_name(path))
                }
                None => "a run at the head exits 0 and changes something".to_owned(),
            };
            let line = again.lines.get(at).copied().unwrap_or(1);
            let mend = made_by.as_deref().map(mend_of_undoing);
            problems.push(Problem { mend, ..changing(file, line, change, &what) });
            undone.push(Undone {
                kind: change.kind.clone(),
                name: change.name.clone(),
                field: change.field.clone(),
                before: change.before.clone(),
                after: change.after.clone(),
                made_by,
            });
        }
    }
    let note = match (&again.failure, undone.first()) {
        (Some(failure), _) => format!("line {}: {} ({})", failure.line, failure.error, places(again.places)),
        (None, Some(first)) => undone_note(&undone, first),
        (None, None) => "no-op".to_owned(),
    };
    Check {
        outcome: outcome(&problems),
        problems,
        detail: Detail::AtHead { places: again.places, undone },
        ..check(CheckKind::AtHead, Outcome::Proven, note)
    }
}

/// What mends a file that undoes a later one.
fn mend_of_undoing(path: &str) -> String {
    let later = trueup_sql::shown_name(path);
    format!("leave what is there already as it is, or make it here as {later} does")
}

/// `rerun exits 0 but undoes V012: options changed on 7 views`.
fn undone_note(undone: &[Undone], first: &Undone) -> String {
    let alike = |one: &&Undone| one.kind == first.kind && one.field == first.field;
    let count = undone.iter().filter(alike).count();
    let of = match count {
        1 => format!("{} {}", first.kind, first.name),
        _ => format!("{count} of kind {}", first.kind),
    };
    let what = match (first.field.as_str(), &first.after) {
        ("", None) => format!("{of} gone"),
        ("", Some(_)) => format!("{of} there again"),
        (field, Some(after)) if after.is_empty() => {
            format!("{field} lost ({}) on {of}", short(first.before.as_deref().unwrap_or("")))
        }
        (field, _) => format!("{field} changed on {of}"),
    };
    match &first.made_by {
        Some(path) => format!("rerun exits 0 but undoes {}: {what}", trueup_sql::shown_name(path)),
        None => format!("rerun exits 0 and changes something: {what}"),
    }
}

/// What was proven of a file with statements that reached nothing says nothing of those.
fn known(outcome: Outcome, note: String, idle: &[u32]) -> (Outcome, String) {
    match (outcome, unreached(idle)) {
        (Outcome::Proven, Some(why)) => (Outcome::Vacuous, format!("{note}; {why}")),
        _ => (outcome, note),
    }
}

pub(crate) fn kill_points(file: &File<'_>, kills: KillPoints, idle: &[u32]) -> Check {
    let claimed = file.claims.idempotent && kills.applies;
    let mut problems = Vec::new();
    let mut seen = Vec::new();
    for point in &kills.failed {
        let key = (point.fails_at, point.sqlstate.clone(), point.message.clone());
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let line = point.fails_at.unwrap_or(point.line);
        let message =
            format!("killed after statement {} (line {}): {}", point.after, point.line, point.message);
        let error = SqlError { sqlstate: point.sqlstate.clone().unwrap_or_default(), ..SqlError::default() };
        let plain = problem(file, line, claimed, message);
        problems.push(Problem {
            sqlstate: point.sqlstate.clone(),
            mend: plain.statement.as_deref().and_then(|statement| mend(statement, &error)),
            witness: Some(witness_of_kill(file, point.after)),
            ..plain
        });
    }
    for inside in kills.inside.iter().filter(|inside| inside.outcome == Outcome::Contradicted) {
        let message = format!(
            "killed inside of the statement, it leaves {}; run again: {}",
            inside.leaves, inside.message
        );
        let mend = "drop the index if it is not valid before it is created, without IF NOT EXISTS".to_owned();
        problems.push(Problem { mend: Some(mend), ..problem(file, inside.line, claimed, message) });
    }
    let recovered = kills.tried - kills.failed.len();
    let mut note = match (kills.failed.len(), kills.applies) {
        (0, _) => format!("{recovered}/{}", kills.points),
        (failed, _) => {
            format!("{failed} of {} not recoverable when the runner commits each statement", kills.points)
        }
    };
    if !kills.applies {
        note.push_str(" (not applicable under one transaction)");
    }
    let spoilt = kills.inside.iter().filter(|inside| inside.outcome == Outcome::Contradicted).count();
    if spoilt > 0 {
        note.push_str(&format!("; {spoilt} inside of a statement not recoverable"));
    }
    let unknown = kills.inside.iter().any(|inside| inside.outcome == Outcome::NotCheckable);
    let outcome = match outcome(&problems) {
        _ if !kills.applies => Outcome::NotApplicable,
        Outcome::Proven if kills.points == 0 => Outcome::Vacuous,
        Outcome::Proven if kills.tried < kills.points => {
            note.push_str(&format!("; {} of {} tried", kills.tried, kills.points));
            Outcome::NotCheckable
        }
        Outcome::Proven if unknown => {
            note.push_str("; a kill inside of a statement could not be tried");
            Outcome::NotCheckable
        }
        other => other,
    };
    let (outcome, note) = known(outcome, note, idle);
    Check { problems, detail: Detail::KillPoints(kills), ..check(CheckKind::KillPoints, outcome, note) }
}

/// SQL that leaves a database as a kill does; then the file is run on it.
fn witness_of_kill(file: &File<'_>, after: usize) -> String {
    let committed = file.committed(after);
    let run: Vec<String> = file.steps.iter().take(committed).map(|step| format!("{};", step.text)).collect();
    let cut = if run.len() > 50 { "-- (the statements before)\n" } else { "" };
    let last: Vec<String> = run.iter().rev().take(50).rev().cloned().collect();
    format!("{cut}{}\n-- killed here; now run {} from its start", last.join("\n"), file.path)
}

pub(crate) fn phase_count(file: &File<'_>) -> PhaseCount {
    let mut count = PhaseCount::default();
    for (step, phased) in file.steps.iter().zip(file.phased()) {
        // One `ALTER TABLE` may add and take away: it counts as both.
        let mut all = phased.phases();
        if all.is_empty() {
            all.push(Phase::None);
        }
        for phase in all {
            match phase {
                Phase::Expand => count.expand += 1,
                Phase::Migrate => count.migrate += 1,
                Phase::Contract => count.contract += 1,
                Phase::None => count.none += 1,
            }
            count.statements.push((step.line, phase));
        }
    }
    count
}

pub(crate) fn phases_of(file: &File<'_>, count: PhaseCount) -> Check {
    let mut note = format!("expand {}, migrate {}, contract {}", count.expand, count.migrate, count.contract);
    let mut problems = Vec::new();
    if count.mixed() {
        let first = count.statements.iter().find(|(_, phase)| *phase != Phase::None);
        let other = count
            .statements
            .iter()
            .find(|(_, phase)| *phase != Phase::None && first.is_some_and(|(_, first)| first != phase));
        let line = other.map_or(1, |(line, _)| *line);
        if file.claims.phases {
            note.push_str("; the spec claims Expand → Migrate → Contract");
        }
        let message = format!("the file mixes phases: {note}");
        let mend = "split the file by phases: trueup migrations plan".to_owned();
        problems.push(Problem { mend: Some(mend), ..problem(file, line, file.claims.phases, message) });
    }
    let outcome = match (outcome(&problems), count.expand + count.migrate + count.contract) {
        (Outcome::Proven, 0) => Outcome::Vacuous,
        (other, _) => other,
    };
    Check { problems, detail: Detail::Phases(count), ..check(CheckKind::Phases, outcome, note) }
}

pub(crate) fn old_version(file: &File<'_>, old: OldVersion) -> Check {
    let problems: Vec<Problem> = old
        .breaks
        .iter()
        .map(|broken| {
            let claimed = file.claims.phases && broken.expected.is_none();
            let why = broken.expected.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
            let message = format!("{} → {}{why}", broken.shape, broken.message);
            Problem {
                sqlstate: Some(broken.sqlstate.clone()).filter(|code| !code.is_empty()),
                witness: Some(broken.witness.clone()),
                mend: mend_of_break(&broken.sqlstate).filter(|_| broken.expected.is_none()),
                ..problem(file, broken.line.unwrap_or(1), claimed, message)
            }
        })
        .collect();
    let mut tables: Vec<&str> = old.breaks.iter().map(|broken| broken.object.as_str()).collect();
    tables.sort_unstable();
    tables.dedup();
    let note = match old.breaks.iter().find(|broken| broken.expected.is_none()).or(old.breaks.first()) {
        None if old.tried == 0 => "there was nothing before".to_owned(),
        None => format!("{} statements go on working", old.tried),
        Some(first) => {
            let column = first.column.as_ref().map(|column| format!(" {column}")).unwrap_or_default();
            let of =
                if tables.len() == 1 { "1 table".to_owned() } else { format!("{} tables", tables.len()) };
            let what = if first.sqlstate.is_empty() { "row security" } else { &first.sqlstate };
            format!("{} → {what}{column} ({of})", first.shape)
        }
    };
    let outcome = match (outcome(&problems), old.tried) {
        (Outcome::Proven, 0) => Outcome::Vacuous,
        (other, _) => other,
    };
    Check { problems, detail: Detail::OldVersion(old), ..check(CheckKind::OldVersion, outcome, note) }
}

fn mend_of_break(sqlstate: &str) -> Option<String> {
    let words = match sqlstate {
        "23502" => "add the column so that it may be NULL, or with a default; ask for it in a later file",
        "42703" | "42P01" | "42883" => {
            "leave the old name until no running version uses it; contract in a later file"
        }
        "42501" => "give the right again in the same file, or take it away in a contracting one",
        "" => "make a policy for the role in the same file",
        "23514" => "add the constraint when every running version keeps to it",
        _ => return None,
    };
    Some(words.to_owned())
}

/// What was measured of waits.
pub(crate) struct Measured {
    pub rows: u64,
    pub stalls: Vec<Stall>,
    /// Why the measurement is less than was asked.
    pub less: Option<String>,
}

/// A time in words; a short one is no zero.
fn time(millis: f64) -> String {
    match millis < 100.0 {
        true => format!("{millis:.0} ms"),
        false => format!("{:.1} s", millis / 1000.0),
    }
}

pub(crate) fn locks(file: &File<'_>, locks: Vec<Lock>, measured: Option<Measured>, budget: u64) -> Check {
    let exclusive = locks.iter().filter(|lock| lock.blocks_reads && lock.kind == "table").count();
    let writes =
        locks.iter().filter(|lock| lock.blocks_writes && !lock.blocks_reads && lock.kind == "table").count();
    let tables = |count: usize| if count == 1 { "1 table".to_owned() } else { format!("{count} tables") };
    let mut notes = Vec::new();
    if exclusive > 0 {
        notes.push(format!("ACCESS EXCLUSIVE on {}", tables(exclusive)));
    }
    if writes > 0 {
        notes.push(format!("writers wait on {}", tables(writes)));
    }
    let mut problems = Vec::new();
    let limit = budget as f64;
    for stall in measured.iter().flat_map(|measured| &measured.stalls) {
        let longest = stall.reader.max(stall.writer);
        if longest <= limit {
            continue;
        }
        let who = if stall.reader > limit { "readers" } else { "writers" };
        let line = locks
            .iter()
            .filter(|lock| same_table(&lock.relation, &stall.relation))
            .map(|lock| lock.line)
            .min();
        let message = format!(
            "{who} of {} wait {} at {} rows (budget {})",
            stall.relation,
            time(longest),
            stall.rows,
            time(limit)
        );
        notes.push(message.clone());
        problems.push(problem(file, line.unwrap_or(1), true, message));
    }
    if let (Some(measured), true) = (&measured, problems.is_empty()) {
        let longest = measured.stalls.iter().map(|stall| stall.reader.max(stall.writer)).fold(0.0, f64::max);
        notes.push(format!("others wait {} at most at {} rows", time(longest), measured.rows));
    }
    let less = measured.as_ref().and_then(|measured| measured.less.clone());
    let outcome = match (outcome(&problems), &less) {
        (Outcome::Proven, Some(_)) => Outcome::NotCheckable,
        (Outcome::Proven, None) if measured.is_none() && exclusive + writes > 0 => Outcome::Information,
        (other, _) => other,
    };
    notes.extend(less);
    if notes.is_empty() {
        notes.push("nobody has to wait".to_owned());
    }
    let (rows, stalls) =
        measured.map_or((None, Vec::new()), |measured| (Some(measured.rows), measured.stalls));
    Check {
        problems,
        detail: Detail::Locks { locks, rows, stalls, budget },
        ..check(CheckKind::Locks, outcome, notes.join("; "))
    }
}

/// One name may stand with its schema and the other without.
fn same_table(one: &str, other: &str) -> bool {
    one == other || other == format!("public.{one}")
}

/// The verdict on a file: what contradicts a claim, else what could not be tried.
pub(crate) fn judge(report: &mut FileReport) {
    let has = |outcome: Outcome| report.checks.iter().find(move |check| check.outcome == outcome);
    let unknown = has(Outcome::NotCheckable);
    report.reason = None;
    report.verdict = match (has(Outcome::Contradicted), unknown) {
        (Some(_), _) => Verdict::Contradicted,
        (None, Some(check)) => {
            report.reason = Some(reason(check));
            Verdict::NotCheckable
        }
        (None, None) if report.statements == 0 => {
            report.reason = Some("the file holds no statement".to_owned());
            Verdict::NotCheckable
        }
        (None, None) => Verdict::Proven,
    };
}

fn reason(check: &Check) -> String {
    format!("{}: {}", check.kind.name(), check.note)
}
