//! A connection over which the steps of a file are run.

use crate::halt::Halt;
use crate::steps::{File, Sort, Step};
use postgres::Client;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::time::{Duration, Instant};
use trueup_catalog::{Catalog, Reader};
use trueup_postgres::{Database, SimpleQueryMessage, SimpleQueryRow, SqlError};

/// A session.
pub(crate) struct Session {
    pub client: Client,
    pub reader: Reader,
    /// Milliseconds after which a statement is broken off.
    timeout: u64,
    /// Whether a file prepared statements; rolling back does not take them away.
    prepares: bool,
    /// Lines of statements that reached rows.
    pub reached: BTreeSet<u32>,
}

/// A step that the server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Its place among the steps, from 0.
    pub at: usize,
    pub line: u32,
    pub error: SqlError,
}

/// The savepoint that stands for a transaction of the file's own.
const OWN: &str = "trueup_own";

impl Session {
    pub(crate) fn open(database: &Database<'_>, timeout: u64) -> Result<Session, Halt> {
        Session::over(database.connect()?, database, timeout)
    }

    /// A session over a new connection to a database.
    pub(crate) fn over(client: Client, database: &Database<'_>, timeout: u64) -> Result<Session, Halt> {
        let reader = Reader::default();
        let mut session = Session { client, reader, timeout, prepares: false, reached: BTreeSet::new() };
        // What is missing is read from messages; only superusers may choose their language.
        let language = "SET lc_messages = 'C'";
        if database.server().is_private() {
            session.sql(&format!("{language}; {}", session.limits()))?;
            return Ok(session);
        }
        let _ = session.client.batch_execute(language);
        session.sql(&session.limits())?;
        Ok(session)
    }

    fn limits(&self) -> String {
        format!("SET statement_timeout = {}", self.timeout)
    }

    /// Runs statements of whoever wrote them.
    pub(crate) fn sql(&mut self, sql: &str) -> Result<(), SqlError> {
        self.reader.doubt();
        Ok(self.client.batch_execute(sql)?)
    }

    /// Runs statements that only open, end and go back to what is open: what is prepared stays so.
    pub(crate) fn control(&mut self, sql: &str) -> Result<(), SqlError> {
        Ok(self.client.batch_execute(sql)?)
    }

    /// Asks a question that is not asked again.
    pub(crate) fn plain(&mut self, sql: &str) -> Result<Vec<SimpleQueryRow>, SqlError> {
        let of_row = |message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        };
        Ok(self.client.simple_query(sql)?.into_iter().filter_map(of_row).collect())
    }

    /// Makes the session as good as new without leaving the transaction: a runner that was killed comes back with
    /// another one.
    pub(crate) fn renew(&mut self) -> Result<(), SqlError> {
        self.renew_with("")
    }

    /// The same outside of a transaction, with what lasts longer than one.
    pub(crate) fn renew_wholly(&mut self) -> Result<(), SqlError> {
        self.renew_with("; UNLISTEN *; SELECT pg_catalog.pg_advisory_unlock_all()")
    }

    fn renew_with(&mut self, more: &str) -> Result<(), SqlError> {
        const RESET: &str = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL";
        let sql = format!("{RESET}; {}; DISCARD TEMP{more}", self.limits());
        self.control(&sql)?;
        match self.prepares {
            true => self.forget_prepared(),
            false => Ok(()),
        }
    }

    fn forget_prepared(&mut self) -> Result<(), SqlError> {
        let names = "SELECT name FROM pg_catalog.pg_prepared_statements WHERE from_sql";
        for row in self.client.query(names, &[])? {
            let name: String = row.try_get(0)?;
            if name.starts_with(trueup_catalog::PREPARED) {
                continue;
            }
            self.sql(&format!("DEALLOCATE {}", trueup_catalog::quote_ident(&name)))?;
        }
        self.prepares = false;
        Ok(())
    }

    /// Runs a step as it is.
    pub(crate) fn step(&mut self, step: &Step<'_>) -> Result<(), SqlError> {
        self.reader.doubt();
        match (step.data, step.sort) {
            (Some(data), _) => self.copy_in(step.text, data)?,
            (None, Sort::CopyOut) => self.copy_out(step.text)?,
            (None, _) if step.changes_rows() => {
                let told = self.client.simple_query(step.text)?;
                if told.iter().any(|one| matches!(one, SimpleQueryMessage::CommandComplete(1..))) {
                    self.reached.insert(step.line);
                }
            }
            (None, _) => self.client.batch_execute(step.text)?,
        }
        self.prepares |= step.text.to_ascii_uppercase().contains("PREPARE");
        // A script that lifts the limit must not hang the proof.
        let said = step.text.to_ascii_lowercase();
        let computes =
            ["do", "select", "call", "with", "reset", "discard"].iter().any(|word| said.starts_with(word));
        if computes || said.contains("statement_timeout") {
            self.sql(&self.limits())?;
        }
        Ok(())
    }

    fn copy_in(&mut self, sql: &str, data: &str) -> Result<(), SqlError> {
        // A `COPY` that the server refuses at once leaves the client out of step with it; so its target is asked for first.
        if let Some(question) = target_of(sql) {
            self.sql(&question)?;
        }
        let mut writer = self.client.copy_in(sql)?;
        // The server says why it refuses at the end.
        let _ = writer.write_all(data.as_bytes());
        writer.finish()?;
        Ok(())
    }

    fn copy_out(&mut self, sql: &str) -> Result<(), SqlError> {
        let mut sink = Vec::new();
        let read = self.client.copy_out(sql)?.read_to_end(&mut sink);
        read.map(|_| ()).map_err(|error| SqlError { message: error.to_string(), ..SqlError::default() })
    }

    /// How many rows of the system's tables this transaction has written so far, what was rolled back included; `None`
    /// where the server does not count. Where the number is the same as before, so is the catalog.
    pub(crate) fn catalog_writes(&mut self) -> Result<Option<i64>, SqlError> {
        // The view `pg_stat_xact_sys_tables` asks for indexes, too, and takes several times as long.
        let sql = "SELECT CASE WHEN pg_catalog.current_setting('track_counts')::boolean \
                   THEN (SELECT coalesce(sum(pg_catalog.pg_stat_get_xact_tuples_inserted(oid) \
                                             + pg_catalog.pg_stat_get_xact_tuples_updated(oid) \
                                             + pg_catalog.pg_stat_get_xact_tuples_deleted(oid)), 0)::bigint \
                         FROM pg_catalog.pg_class \
                         WHERE relkind = 'r' AND relnamespace = 'pg_catalog'::pg_catalog.regnamespace) END";
        let rows = self.reader.ask(&mut self.client, sql)?;
        rows.first().map_or(Ok(None), |row| Ok(row.try_get(0)?))
    }

    /// Runs statements in the open transaction, all in one message, for each message waits for an answer. Whether they all
    /// ran; else none of them has.
    pub(crate) fn tries(&mut self, sql: &str) -> Result<bool, SqlError> {
        // A message of its own: of one with a syntax error in it nothing is run.
        self.control("SAVEPOINT trueup_tries")?;
        match self.sql(&format!("{sql}\n; RELEASE trueup_tries")) {
            Ok(()) => Ok(true),
            Err(error) if error.is_lost() || error.is_exhausted() => Err(error),
            Err(_) => {
                self.control("ROLLBACK TO trueup_tries; RELEASE trueup_tries")?;
                Ok(false)
            }
        }
    }

    /// Reads the catalog.
    pub(crate) fn catalog(&mut self) -> Result<Catalog, SqlError> {
        self.reader.read(&mut self.client)
    }

    /// Opens a transaction in which files can be tried. What is put off to its end is looked at after each statement,
    /// as it is where each statement commits.
    pub(crate) fn begin_trial(&mut self) -> Result<(), SqlError> {
        self.control("BEGIN; SET CONSTRAINTS ALL IMMEDIATE")
    }

    pub(crate) fn end_trial(&mut self) -> Result<(), SqlError> {
        self.control(&format!("ROLLBACK; {}", self.limits()))
    }

    /// Runs the steps of a file from the first one inside of the open transaction, and says which one failed. After a
    /// failure the transaction is aborted until the caller goes back to a savepoint of its own.
    pub(crate) fn simulate(&mut self, file: &File<'_>) -> Result<Option<Failure>, Halt> {
        let mut own = false;
        for at in 0..file.steps.len() {
            if let Some(failure) = self.simulate_step(file, at, &mut own)? {
                return Ok(Some(failure));
            }
        }
        // A transaction that is never committed ends with the session.
        if own {
            self.sql(&format!("ROLLBACK TO {OWN}; RELEASE {OWN}"))?;
        }
        Ok(None)
    }

    /// Runs one step of a file inside of the open transaction.
    pub(crate) fn simulate_step(
        &mut self,
        file: &File<'_>,
        at: usize,
        own: &mut bool,
    ) -> Result<Option<Failure>, Halt> {
        let Some(step) = file.steps.get(at) else { return Ok(None) };
        let done = match (step.sort, *own) {
            (Sort::Begin, false) => self.sql(&format!("SAVEPOINT {OWN}")),
            (Sort::Commit, true) => self.sql(&format!("RELEASE {OWN}")),
            (Sort::Rollback, true) => self.sql(&format!("ROLLBACK TO {OWN}; RELEASE {OWN}")),
            // Outside of a transaction these do nothing but warn.
            (Sort::Begin, true) | (Sort::Commit | Sort::Rollback, false) => Ok(()),
            (Sort::SetLocal, false) if !file.is_wrapped() => Ok(()),
            _ => self.step(step),
        };
        *own = match step.sort {
            Sort::Begin => true,
            Sort::Commit | Sort::Rollback => false,
            _ => *own,
        };
        match done {
            Ok(()) => Ok(None),
            Err(error) => failure(at, step, error).map(Some),
        }
    }
}

/// A question that fails as a `COPY … FROM STDIN` does whose table or columns are not there.
fn target_of(sql: &str) -> Option<String> {
    let upper = sql.to_ascii_uppercase();
    let from = upper.find("COPY")? + "COPY".len();
    let to = from + upper.get(from..)?.find(" FROM")?;
    let target = sql.get(from..to)?.trim();
    let (table, columns) = match target.split_once('(') {
        Some((table, columns)) => (table, columns.trim_end().trim_end_matches(')')),
        None => (target, "*"),
    };
    Some(format!("SELECT {columns} FROM {table} LIMIT 0"))
}

/// A failure of a step; or why the proof cannot go on, where it is not the step's fault.
pub(crate) fn failure(at: usize, step: &Step<'_>, error: SqlError) -> Result<Failure, Halt> {
    match error.is_exhausted() {
        true => Err(Halt::from(error).at(step.line)),
        false => Ok(Failure { at, line: step.line, error }),
    }
}

/// Whether the server takes connections; one that recovers from a crash is waited for.
pub(crate) fn is_alive(database: &Database<'_>) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        if let Ok(mut client) = database.connect()
            && client.batch_execute("SELECT 1").is_ok()
        {
            return true;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    false
}
