//! A chain, proven file by file.

mod measure;
mod rebuild;
mod rights;
mod settings;

use crate::again::{Again, again, again_on_copy};
use crate::checks;
use crate::halt::{Halt, going_on};
use crate::locks::locks;
use crate::needs::{self, Missing};
use crate::options::{Options, Progress};
use crate::place::{Desk, Place, lost};
use crate::report::{
    CheckKind, FileReport, OldVersion, Outcome, Prerequisite, PrerequisiteKind, Report, Stopped, StoppedWhy,
    Verdict,
};
use crate::roles::{self, Roles};
use crate::run::{Run, millis, run};
use crate::session::{Failure, Session};
use crate::state::{Changed, ColumnName, State, changes};
use crate::steps::File;
use crate::trials::{FirstTrial, Known, Trials, first_trial, in_transactions, old_on, on_copies, same};
use std::collections::BTreeSet;
use std::time::Instant;
use trueup_catalog::Catalog;
use trueup_postgres::{Database, Server, ServerError};
use trueup_rows::Sample;
use trueup_sql::ChainFile;

/// Tells where a proof stands; it goes on for as long as the answer is `true`.
pub type Watcher<'w> = dyn FnMut(Progress<'_>) -> bool + 'w;

/// Proves the files of a chain, each on its predecessors.
///
/// An error only where there is no server to begin with. A server that is lost later, a full disk or a caller that
/// breaks off leave a report that says so, with what was found until then.
pub fn prove(
    server: &Server,
    chain: &[ChainFile],
    options: &Options,
    watcher: &mut Watcher<'_>,
) -> Result<Report, ServerError> {
    let begun = Instant::now();
    let before = server.create()?;
    let mut prover = Prover::new(server, chain, options, watcher, before);
    if let Err(halt) = prover.all() {
        prover.stop(halt);
    }
    let mut report = prover.finish();
    report.millis = millis(begun);
    Ok(report)
}

/// Runs a chain and reads what its head holds; nothing is tried.
pub(crate) fn head(
    server: &Server,
    chain: &[ChainFile],
    options: &Options,
    watcher: &mut Watcher<'_>,
) -> Result<(Option<Catalog>, Report), ServerError> {
    let before = server.create()?;
    let mut prover = Prover::new(server, chain, options, watcher, before);
    prover.only_run = true;
    if let Err(halt) = prover.all() {
        prover.stop(halt);
    }
    let whole = prover.ran == chain.len() && prover.report.stopped.is_none();
    let catalog = whole.then(|| prover.state.catalog.clone());
    Ok((catalog, prover.finish()))
}

struct Prover<'p, 's, 'w> {
    server: &'s Server,
    chain: &'p [ChainFile],
    options: &'p Options,
    watcher: &'p mut Watcher<'w>,
    samples: Vec<Sample>,
    /// The database in front of the next file.
    before: Database<'s>,
    state: State,
    volatile: BTreeSet<ColumnName>,
    /// What each file that ran changed.
    history: Vec<Vec<Changed>>,
    /// The roles of the server before the proof.
    roles: Roles,
    /// Databases that stand for those that the chain needs.
    databases: Vec<String>,
    /// Files that ran.
    ran: usize,
    only_run: bool,
    report: Report,
    /// The file at hand.
    at: usize,
    /// What a second run of it does to rows.
    changed_rows: Vec<Changed>,
    /// Lines of the file's statements that reached no row.
    idle: Vec<u32>,
    /// What came of running the last file that ran again.
    last: Option<Again>,
    desk: Desk,
}

/// A file that was run for real.
struct Applied<'s> {
    database: Database<'s>,
    run: Run,
    /// The roles before it, where it makes or changes some.
    roles: Option<Roles>,
}

impl<'p, 's, 'w> Prover<'p, 's, 'w> {
    fn new(
        server: &'s Server,
        chain: &'p [ChainFile],
        options: &'p Options,
        watcher: &'p mut Watcher<'w>,
        before: Database<'s>,
    ) -> Prover<'p, 's, 'w> {
        let sample = |(table, sql): &(String, String)| {
            let (schema, name) = table.split_once('.').unwrap_or(("public", table));
            Sample { table: (schema.to_owned(), name.to_owned()), sql: sql.clone() }
        };
        Prover {
            server,
            chain,
            options,
            watcher,
            samples: options.sample_rows.iter().map(sample).collect(),
            before,
            state: State::default(),
            volatile: BTreeSet::new(),
            history: Vec::new(),
            roles: Roles::default(),
            databases: Vec::new(),
            ran: 0,
            only_run: false,
            report: Report { server: server.version(), ..Report::default() },
            at: 0,
            changed_rows: Vec::new(),
            idle: Vec::new(),
            last: None,
            desk: Desk::default(),
        }
    }

    fn all(&mut self) -> Result<(), Halt> {
        self.begin()?;
        let files = File::of_chain(self.chain, self.options);
        for file in &files {
            self.at = file.place;
            let report = self.one(file)?;
            self.report.files.push(report);
            if self.ran <= file.place {
                break;
            }
        }
        if self.ran == files.len() && !self.only_run {
            for file in &files {
                self.at = file.place;
                self.at_head(file)?;
            }
        }
        Ok(())
    }

    /// Notes the roles that are there, and makes what the caller declared.
    fn begin(&mut self) -> Result<(), Halt> {
        let mut session = self.desk.take(&self.before, self.options.statement_timeout)?;
        self.roles = Roles::read(self.server)?;
        let declared = self.options.stubs.as_str();
        let script = trueup_sql::Script::read(declared);
        for statement in &script.statements {
            let words: Vec<&str> = trueup_sql::Words::of(statement.text(declared)).take(2).collect();
            let database = matches!(words.as_slice(), [_, kind] if kind.eq_ignore_ascii_case("DATABASE"));
            if database && !self.server.is_private() {
                return Err(Halt {
                    why: StoppedWhy::Refused,
                    line: Some(statement.line),
                    message: "a database that is declared is made on a private server only".to_owned(),
                });
            }
            session.sql(statement.text(declared)).map_err(|error| {
                let halt = Halt::from(error);
                Halt {
                    message: format!("what is declared as there before the chain: {}", halt.message),
                    line: Some(statement.line),
                    ..halt
                }
            })?;
            let effects = trueup_sql::effects(statement.text(declared));
            let made = effects.iter().filter(|effect| effect.kind == "database");
            self.databases.extend(made.map(|effect| effect.name.clone()));
            self.report.prerequisites.extend(
                effects
                    .into_iter()
                    .filter_map(|effect| needs::declared(self.chain, statement.text(declared), &effect)),
            );
        }
        self.state = State::read(&mut session, &self.volatile)?;
        // What is declared may set what sessions to come begin with.
        if script.statements.is_empty() {
            self.desk.give(session)?;
        }
        Ok(())
    }

    fn copy(&self) -> Result<Database<'s>, Halt> {
        self.desk.close();
        Ok(self.server.copy_of(&self.before)?)
    }

    /// Asks something of the database at hand.
    fn ask<T>(&self, ask: impl FnOnce(&mut Session) -> Result<T, Halt>) -> Result<T, Halt> {
        let mut session = self.desk.take(&self.before, self.options.statement_timeout)?;
        let answer = ask(&mut session)?;
        self.desk.give(session)?;
        Ok(answer)
    }

    /// The roles of the server, where a trial of the file may change some.
    fn roles_before(&self, file: &File<'_>) -> Result<Option<Roles>, Halt> {
        match file.may_change_roles() {
            true => Ok(Some(Roles::read(self.server)?)),
            false => Ok(None),
        }
    }

    fn tick(&mut self, step: &'static str) -> Result<(), Halt> {
        let path = self.chain.get(self.at).map_or("", |file| file.path.as_str());
        let progress = Progress { file: self.at, files: self.chain.len(), path, step };
        if (self.watcher)(progress) { Ok(()) } else { Err(Halt::asked()) }
    }

    fn one(&mut self, file: &File<'p>) -> Result<FileReport, Halt> {
        let mut report = self.empty_report(file);
        if let Some((line, why)) = &file.odd {
            report.reason = Some(format!("line {line}: {why}"));
            return Ok(report);
        }
        if let Some((line, why)) = file.beyond(self.server.is_private(), &self.roles.names) {
            report.reason = Some(format!("line {line}: {why}"));
            self.only_runs(file, &mut report)?;
            return Ok(report);
        }
        self.tick("first run")?;
        let first = self.first(file)?;
        let tried = match first.failed {
            None => self.in_place(file, &first, &mut report)?,
            Some(_) => None,
        };
        let failure = match tried {
            Some(failure) => failure,
            None => self.on_copies(file, &first, &mut report)?,
        };
        report.checks.extend(checks::prerequisites(file, &self.report.prerequisites));
        let mut run = checks::first_run(file, failure.as_ref(), self.options);
        if failure.is_some() && self.lacks_extension(file) {
            run.outcome = Outcome::NotCheckable;
            run.note.push_str("; the server has no such extension");
        }
        let given = failure.as_ref().filter(|_| !self.server.is_private());
        if let Some(why) = given.and_then(|failure| checks::fault_of_server(file, failure)) {
            run.outcome = Outcome::NotCheckable;
            run.note.push_str(why);
        }
        report.checks.push(run);
        if failure.is_none() {
            self.ran += 1;
            self.report.statements += file.steps.len();
        }
        let count = checks::phase_count(file);
        report.checks.push(checks::phases_of(file, count));
        report.checks.sort_by_key(|check| check.kind);
        checks::judge(&mut report);
        Ok(report)
    }

    /// A first run in a transaction, once more for each thing that it misses and that can be made.
    fn first(&mut self, file: &File<'p>) -> Result<FirstTrial, Halt> {
        loop {
            let samples = (!self.only_run).then_some(self.samples.as_slice());
            let first = first_trial(&self.place(None), file, &self.state.catalog, samples)?;
            match &first.failed {
                Some(failure) if self.met(file, failure)? => {}
                _ => return Ok(first),
            }
        }
    }

    /// Whether what a run misses is known, new, and made now.
    fn met(&mut self, file: &File<'p>, failure: &Failure) -> Result<bool, Halt> {
        let statement = file.steps.get(failure.at).map_or("", |step| step.text);
        let Some(missing) = needs::missing(&failure.error, statement) else { return Ok(false) };
        let mut known = self.report.prerequisites.iter();
        if known.any(|one| !one.declared && (one.kind, &one.name) == (missing.kind, &missing.name)) {
            return Ok(false);
        }
        let stub = self.meet(file, failure, &missing)?;
        let made = stub.is_some();
        self.report.prerequisites.push(Prerequisite {
            kind: missing.kind,
            name: missing.name.clone(),
            path: file.path.to_owned(),
            line: failure.line,
            sqlstate: failure.error.sqlstate.clone(),
            stub,
            declared: false,
            created_by: needs::created_later(self.chain, file.place, failure.line, &missing)
                .map(str::to_owned),
        });
        Ok(made)
    }

    /// Tries a file that runs in a transaction, takes that back, and then runs it for real. `None` where that did not end
    /// as the trials did; then nothing of it is left.
    fn in_place(
        &mut self,
        file: &File<'p>,
        first: &FirstTrial,
        report: &mut FileReport,
    ) -> Result<Option<Option<Failure>>, Halt> {
        let mut tried = None;
        self.desk.prepare(&self.before);
        if !self.only_run {
            self.tick(if self.options.kill_points { "kill points" } else { "trials" })?;
            // Confirming kills on copies may change roles; what is tried in transactions does not.
            let roles = self.roles_before(file)?;
            let place = Place {
                server: self.server,
                options: self.options,
                database: &self.before,
                desk: &self.desk,
                roles: roles.as_ref(),
                rows: &[],
            };
            let known = Known { volatile: &self.volatile, kill_points: self.options.kill_points };
            let mut go_on = going_on(self.watcher, self.at, self.chain, "kill points");
            tried = in_transactions(&place, file, &known, first, &mut go_on)?;
            drop(go_on);
            let Some((found, catalog)) = &mut tried else { return Ok(None) };
            self.volatile.append(&mut found.volatile);
            self.rights(file, catalog, first, &mut found.old)?;
        }
        let measured = self.measured(file, &first.locks, None)?;
        let catalog = std::mem::take(&mut self.state.catalog);
        let was = self.ask(|session| State::of(session, catalog, &self.volatile))?;
        self.state = was.clone();
        let session = self.desk.fresh(&self.before, self.options.statement_timeout)?;
        let ran = run_over(session, &self.before, file)?;
        report.millis = ran.millis();
        if ran.failure.is_some() {
            return Ok(Some(ran.failure));
        }
        let now = self.ask(|session| State::read(session, &self.volatile))?;
        if tried.as_ref().is_some_and(|(_, catalog)| !same(catalog, &now.catalog)) {
            self.rebuild(file.place)?;
            return Ok(None);
        }
        if let Some((found, _)) = tried {
            self.describe(file, &was.catalog, found, &ran, measured, report);
        }
        self.history.push(changes(&was, &now));
        self.state = now;
        self.rerun(file, report)?;
        Ok(Some(None))
    }

    fn run_on(&self, database: &Database<'_>, file: &File<'_>) -> Result<Run, Halt> {
        run_over(Session::open(database, self.options.statement_timeout)?, database, file)
    }

    fn empty_report(&self, file: &File<'_>) -> FileReport {
        let (version, slug) = self
            .chain
            .get(file.place)
            .map(|file| (file.version.clone(), file.slug.clone()))
            .unwrap_or_default();
        FileReport {
            path: file.path.to_owned(),
            version,
            slug,
            statements: file.steps.len(),
            millis: 0.0,
            verdict: Verdict::NotCheckable,
            reason: None,
            claims_idempotent: file.claims.idempotent,
            claims_phases: file.claims.phases,
            checks: Vec::new(),
        }
    }

    fn lacks_extension(&self, file: &File<'_>) -> bool {
        let of_file = self.report.prerequisites.iter().filter(|needed| needed.path == file.path);
        let mut last = of_file.rev();
        last.next().is_some_and(|needed| needed.kind == PrerequisiteKind::Extension && needed.stub.is_none())
    }

    fn place<'a>(&'a self, roles: Option<&'a Roles>) -> Place<'a, 's> {
        Place {
            server: self.server,
            options: self.options,
            database: &self.before,
            desk: &self.desk,
            roles,
            rows: &[],
        }
    }

    /// Runs the file for real on a copy of what is there, once more for each thing that it misses and that can be made.
    fn apply(&mut self, file: &File<'p>) -> Result<Applied<'s>, Halt> {
        loop {
            let applied = self.run_once(file)?;
            let Some(failure) = applied.run.failure.clone() else { return Ok(applied) };
            let Applied { database, run, roles } = applied;
            drop(database);
            self.place(roles.as_ref()).forget_roles(file)?;
            if !self.met(file, &failure)? {
                let database = self.copy()?;
                return Ok(Applied { database, run, roles: None });
            }
        }
    }

    fn run_once(&mut self, file: &File<'p>) -> Result<Applied<'s>, Halt> {
        let database = self.copy()?;
        let old = Roles::read(self.server)?;
        let run = self.run_on(&database, file)?;
        let new = Roles::read(self.server)?;
        let roles = (new != old).then_some(old);
        Ok(Applied { database, run, roles })
    }

    /// Makes what is missing, in front of the file; which of the stubs helps shows in the run.
    fn meet(
        &mut self,
        file: &File<'p>,
        failure: &Failure,
        missing: &Missing,
    ) -> Result<Option<String>, Halt> {
        let is_database = missing.kind == PrerequisiteKind::Database;
        if needs::created_later(self.chain, file.place, failure.line, missing).is_some()
            || (is_database && !self.server.is_private())
        {
            return Ok(None);
        }
        let mut found = None;
        for stub in &missing.stubs {
            if missing.stubs.len() == 1 || self.helps(file, failure, missing, stub)? {
                found = Some(stub);
                break;
            }
        }
        let Some(stub) = found else { return Ok(None) };
        let mut session = Session::open(&self.before, self.options.statement_timeout)?;
        if let Err(error) = session.sql(stub) {
            return match error.is_lost() || error.is_exhausted() {
                true => Err(Halt::from(error)),
                false => Ok(None),
            };
        }
        if is_database {
            self.databases.push(missing.name.clone());
        }
        self.state = State::read(&mut session, &self.volatile)?;
        Ok(Some(stub.clone()))
    }

    /// Whether a file comes further with a stub, or fails there for another thing that is missing.
    fn helps(&self, file: &File<'p>, failure: &Failure, missing: &Missing, stub: &str) -> Result<bool, Halt> {
        let mut session = Session::open(&self.before, self.options.statement_timeout)?;
        session.begin_trial()?;
        if session.sql(stub).is_err() {
            return Ok(false);
        }
        let failed = session.simulate(file)?;
        session.end_trial()?;
        Ok(match failed {
            None => true,
            Some(other) if other.at != failure.at => other.at > failure.at,
            Some(other) => {
                let statement = file.steps.get(other.at).map_or("", |step| step.text);
                needs::missing(&other.error, statement)
                    .is_some_and(|next| next.name != missing.name && !next.stubs.is_empty())
            }
        })
    }

    /// Tries a file that does not run in a transaction: on copies of the database.
    fn on_copies(
        &mut self,
        file: &File<'p>,
        first: &FirstTrial,
        report: &mut FileReport,
    ) -> Result<Option<Failure>, Halt> {
        let applied = self.apply(file)?;
        report.millis = applied.run.millis();
        if applied.run.failure.is_some() {
            return Ok(applied.run.failure);
        }
        let Applied { database, run: ran, roles } = applied;
        let mut database = Some(database);
        if !self.only_run {
            self.tick(if self.options.kill_points { "kill points" } else { "trials" })?;
            let mut found = self.tried_on_copies(file, first, &mut database, roles.as_ref())?;
            self.volatile.append(&mut found.volatile);
            let held: Vec<(u32, String)> =
                ran.held.iter().map(|held| (held.relation, held.mode.clone())).collect();
            let measured = self.measured(file, &held, roles.as_ref())?;
            let before = self.state.catalog.clone();
            self.describe(file, &before, found, &ran, measured, report);
        }
        let database = match database {
            Some(database) => database,
            None => self.run_once(file)?.database,
        };
        self.settle(database, file, first, report)?;
        Ok(None)
    }

    /// Where the file makes or changes roles, the database on which it was run is dropped, and what it did to them is taken
    /// back: it would be there in each trial already.
    fn tried_on_copies(
        &mut self,
        file: &File<'p>,
        first: &FirstTrial,
        database: &mut Option<Database<'s>>,
        roles: Option<&Roles>,
    ) -> Result<Trials, Halt> {
        let place = Place {
            server: self.server,
            options: self.options,
            database: &self.before,
            desk: &self.desk,
            roles,
            rows: &[],
        };
        let old = match &database {
            Some(database) => {
                let mut old = old_on(&place, database, &first.old)?;
                self.rights_on(file, database, first, &mut old)?;
                old
            }
            None => OldVersion::default(),
        };
        if roles.is_some() {
            drop(database.take());
            place.forget_roles(file)?;
        }
        let known = Known { volatile: &self.volatile, kill_points: self.options.kill_points };
        let mut go_on = going_on(self.watcher, self.at, self.chain, "kill points");
        on_copies(&place, file, &known, first, old, &mut go_on)
    }

    /// Puts into the report what was found before the file was run for real, and what it locked.
    fn describe(
        &mut self,
        file: &File<'p>,
        before: &Catalog,
        mut found: Trials,
        ran: &Run,
        measured: Option<checks::Measured>,
        report: &mut FileReport,
    ) {
        let taken = locks(before, file, ran);
        report.checks.push(checks::locks(file, taken, measured, self.options.lock_budget));
        report.checks.push(checks::with_rows(file, &found));
        let mut old = std::mem::take(&mut found.old);
        crate::old::excuse(&mut old, file, &checks::phase_count(file), before);
        report.checks.push(checks::old_version(file, old));
        if let Some(kills) = found.kills.take() {
            self.report.kill_points += kills.tried;
            report.checks.push(checks::kill_points(file, kills, &found.idle));
        }
        self.changed_rows = std::mem::take(&mut found.changed_rows);
        self.idle = std::mem::take(&mut found.idle);
    }

    fn rerun(&mut self, file: &File<'p>, report: &mut FileReport) -> Result<(), Halt> {
        if self.only_run {
            return Ok(());
        }
        self.tick("rerun")?;
        let roles = self.roles_before(file)?;
        let more = again(&self.place(roles.as_ref()), file, &self.state, &self.volatile)?;
        self.ran_again(file, more, report);
        Ok(())
    }

    fn ran_again(&mut self, file: &File<'p>, more: Again, report: &mut FileReport) {
        let changed = std::mem::take(&mut self.changed_rows);
        let idle = std::mem::take(&mut self.idle);
        report.checks.push(checks::rerun(file, &more, &changed, &idle));
        self.last = Some(more);
    }

    /// Goes on to the state after a file, on another database, and runs the file once more.
    fn settle(
        &mut self,
        database: Database<'s>,
        file: &File<'p>,
        first: &FirstTrial,
        report: &mut FileReport,
    ) -> Result<(), Halt> {
        let catalog = std::mem::take(&mut self.state.catalog);
        let was = self.ask(|session| State::of(session, catalog, &self.volatile))?;
        self.desk.close();
        self.before = database;
        // Of a file that no transaction takes a trial in one shows nothing.
        let on_copy = match first.failed.is_some() && !self.only_run {
            true => Some(self.rerun_on_copy(file)?),
            false => None,
        };
        let (now, more) = match on_copy {
            Some((state, more)) => (state, more),
            None => (self.ask(|session| State::read(session, &self.volatile))?, None),
        };
        self.history.push(changes(&was, &now));
        self.state = now;
        match more {
            Some(more) => self.ran_again(file, more, report),
            None => self.rerun(file, report)?,
        }
        Ok(())
    }

    fn rerun_on_copy(&mut self, file: &File<'p>) -> Result<(State, Option<Again>), Halt> {
        self.tick("rerun")?;
        let roles = Roles::read(self.server)?;
        again_on_copy(&self.place(Some(&roles)), file, &self.volatile)
    }

    /// Runs a file at the head of the chain.
    fn at_head(&mut self, file: &File<'p>) -> Result<(), Halt> {
        self.tick("at head")?;
        if file.place == 0 {
            self.state = self.ask(|session| State::read(session, &self.volatile))?;
        }
        if file.beyond(self.server.is_private(), &self.roles.names).is_some() {
            return Ok(());
        }
        let more = match self.last.take_if(|_| file.place + 1 == self.chain.len()) {
            // For the last file the head is the state after it.
            Some(last) => last,
            None => {
                let roles = self.roles_before(file)?;
                again(&self.place(roles.as_ref()), file, &self.state, &self.volatile)?
            }
        };
        let made_by = |change: &Changed| self.made_by(file.place, change);
        let check = checks::at_head(file, &more, &made_by);
        if let Some(report) = self.report.files.get_mut(file.place) {
            report.checks.push(check);
            report.checks.sort_by_key(|check| check.kind);
            checks::judge(report);
        }
        Ok(())
    }

    /// The last file behind `place` that touched what a change is about.
    fn made_by(&self, place: usize, change: &Changed) -> Option<String> {
        let same = |other: &Changed| {
            let field = other.field == change.field || other.field.is_empty() || change.field.is_empty();
            other.kind == change.kind && other.name == change.name && field
        };
        let mut later = self.history.iter().enumerate().skip(place + 1).rev();
        let (at, _) = later.find(|(_, changes)| changes.iter().any(same))?;
        self.chain.get(at).map(|file| file.path.clone())
    }

    fn stop(&mut self, halt: Halt) {
        let path = self.chain.get(self.at).map_or("", |file| file.path.as_str());
        self.report.stopped =
            Some(Stopped { path: path.to_owned(), line: halt.line, why: halt.why, message: halt.message });
    }

    /// Says of the files that were not reached why, and takes away what belongs to the server.
    fn finish(mut self) -> Report {
        let stopped = self.report.stopped.is_some();
        let reason = match (&self.report.stopped, self.report.files.last()) {
            (Some(stopped), _) => format!("the proof ended before: {}", stopped.message),
            (None, Some(last)) => format!("it needs {}, which does not run", last.path),
            (None, None) => "nothing ran".to_owned(),
        };
        let reached = self.report.files.len();
        let unread = if reached < self.chain.len() { self.chain } else { &[] };
        for read in File::of_chain(unread, self.options).into_iter().skip(reached) {
            let mut report = self.empty_report(&read);
            report.reason = Some(reason.clone());
            let count = checks::phase_count(&read);
            report.checks.push(checks::phases_of(&read, count));
            self.report.files.push(report);
        }
        if !self.only_run && (stopped || self.ran < self.chain.len()) {
            for report in
                self.report.files.iter_mut().filter(|report| report.check(CheckKind::FirstRun).is_some())
            {
                if report.check(CheckKind::AtHead).is_none() {
                    let note = "the chain did not run up to its head";
                    report.checks.push(checks::check(CheckKind::AtHead, Outcome::NotCheckable, note));
                    report.checks.sort_by_key(|check| check.kind);
                    checks::judge(report);
                }
            }
        }
        self.forget_settings();
        self.desk.close();
        let Prover { server, before, roles, databases, chain, options, mut report, .. } = self;
        drop(before);
        // Whatever fails here failed before, too: then the server is gone.
        let _ = roles::tidy(server, &roles, &databases, chain, options);
        if !server.is_private() && report.stopped.is_none() {
            report.stopped = changed_for_good(server, &roles, chain);
        }
        report
    }
}

/// Roles of a given server that are not what they were: no text of the chain told that, but a function did it, for
/// instance.
fn changed_for_good(server: &Server, roles: &Roles, chain: &[ChainFile]) -> Option<Stopped> {
    let now = Roles::read(server).ok()?;
    let changed: Vec<&str> = roles.changed(&now).into_iter().collect();
    let message = format!(
        "roles of the given server are not what they were before: {}; the chain, or somebody else, has changed them",
        changed.join(", ")
    );
    let path = chain.last().map_or_else(String::new, |file| file.path.clone());
    (!changed.is_empty()).then_some(Stopped { path, line: None, why: StoppedWhy::Refused, message })
}

/// Runs a file in a session of its own, which ends with it.
fn run_over(mut session: Session, database: &Database<'_>, file: &File<'_>) -> Result<Run, Halt> {
    let mut ran = run(&mut session, file)?;
    drop(session);
    if let Some(failure) = ran.failure.take() {
        ran.failure = Some(lost(database, failure)?);
    }
    Ok(ran)
}
