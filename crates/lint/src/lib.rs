//! Migrations held to the rules of squawk, the linter of migrations for PostgreSQL.
//!
//! In a crate of its own, because its parser is the heaviest thing that anything here needs.

mod bounds;
mod new_tables;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::thread;

use new_tables::NewTables;
use squawk_linter::{Linter, Rule, Version, Violation};
use squawk_syntax::SourceFile;
use trueup_sql::{ChainFile, Level, Problem, Script, Transaction};

/// How squawk's rules are applied.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The major version of PostgreSQL that the migrations run on.
    pub postgres: u32,
    /// Names of rules to apply beside the usual ones.
    pub include: Vec<String>,
    /// Names of rules to leave out.
    pub exclude: Vec<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { postgres: 15, include: Vec::new(), exclude: Vec::new() }
    }
}

/// A name that no rule has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("squawk has no rule {0}")]
pub struct UnknownRule(pub String);

/// Rules and a version, ready to be applied to files.
#[derive(Clone, Debug)]
pub struct Squawk {
    include: Vec<Rule>,
    exclude: Vec<Rule>,
    version: Version,
}

/// Bytes of stack for the parser, which calls itself for everything that is nested. Only what is used is taken.
const STACK: usize = 512 << 20;

impl Squawk {
    /// Makes settings ready.
    ///
    /// # Errors
    /// If a name is no rule's.
    pub fn new(settings: &Settings) -> Result<Squawk, UnknownRule> {
        let rule = |name: &String| Rule::from_str(name).map_err(|_| UnknownRule(name.clone()));
        Ok(Squawk {
            include: settings.include.iter().map(rule).collect::<Result<_, _>>()?,
            exclude: settings.exclude.iter().map(rule).collect::<Result<_, _>>()?,
            version: Version::from_str(&settings.postgres.to_string()).unwrap_or_default(),
        })
    }

    /// What the rules find in a file, in the order of its lines. Comments `-- squawk-ignore` and `-- squawk-ignore-file`
    /// hold. A file that the parser does not understand as a whole says so and is held to the rules as far as it goes.
    pub fn check(&self, file: &ChainFile) -> Vec<Problem> {
        // That is said once, by the lint of the chain; squawk knows PostgreSQL only.
        if trueup_sql::dialect(&file.text).is_some() {
            return Vec::new();
        }
        let text = without_client(&file.text);
        if let Some(why) = bounds::too_deep(&text) {
            return vec![not_checked(file, why)];
        }
        let run = || catch_unwind(AssertUnwindSafe(|| self.run(file, &text))).ok();
        let found = thread::scope(|scope| {
            let worker = thread::Builder::new().name("squawk".to_owned()).stack_size(STACK);
            worker.spawn_scoped(scope, run).ok()?.join().ok()?
        });
        found.unwrap_or_else(|| vec![not_checked(file, "squawk's parser broke off")])
    }

    fn run(&self, file: &ChainFile, text: &str) -> Vec<Problem> {
        let parsed = SourceFile::parse(text);
        let mut linter = Linter::with_rules(&self.include, &self.exclude);
        linter.settings.pg_version = self.version;
        linter.settings.assume_in_transaction = file.transaction != Transaction::PerStatement;
        let violations = linter.lint(&parsed, text);
        // Lines are counted once: a large file may have thousands of findings.
        let lines = Lines::of(text);
        let new = NewTables::of(text);
        let told = violations.iter().filter(|violation| !new.excuse(violation));
        let mut out: Vec<Problem> = told.map(|violation| problem(file, text, &lines, violation)).collect();
        out.extend(parsed.errors().into_iter().take(1).map(|error| {
            let said = format!("squawk's parser does not understand this: {}", error.message());
            Problem::new(&file.path, "syntax-error", Level::Warning, said)
                .at(text, error.range().start().into())
        }));
        out.sort();
        out.dedup();
        out
    }
}

/// The names of all rules that can be switched.
pub fn rules() -> Vec<String> {
    let names = enum_iterator::all::<Rule>().map(|rule| rule.to_string());
    let mut names: Vec<String> = names.filter(|name| Rule::from_str(name).is_ok()).collect();
    names.sort();
    names
}

fn problem(file: &ChainFile, text: &str, lines: &Lines, violation: &Violation) -> Problem {
    let code = violation.code.to_string();
    // Tastes are told, and no more.
    let level = if code.starts_with("prefer-") { Level::Info } else { Level::Warning };
    let said = violation.message.trim_end_matches('.').replace('\n', " ");
    let (line, column) = lines.place(text, violation.text_range.start().into());
    let problem = Problem { line, column, ..Problem::new(&file.path, &code, level, said) };
    match &violation.help {
        Some(help) => problem.mended(help.trim_end_matches('.')),
        None => problem,
    }
}

/// Where lines begin, as `psql` counts them: only a line feed ends one.
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Lines {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines { starts: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect() }
    }

    /// The line and the column of a place, in characters; both from 1.
    fn place(&self, text: &str, at: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = text.get(start..at).unwrap_or("").trim_start_matches('\u{feff}');
        (line as u32, before.chars().count() as u32 + 1)
    }
}

fn not_checked(file: &ChainFile, why: &str) -> Problem {
    let said = format!("squawk's rules were not applied to this file: {why}");
    Problem::new(&file.path, "not-linted", Level::Info, said)
}

/// The text with blanks in place of what is no SQL: commands of `psql` and the rows behind `COPY`. Places stay.
fn without_client(text: &str) -> String {
    let script = Script::read(text);
    let commands = script.commands.iter().map(|command| command.span);
    let mut spans: Vec<_> = script.statements.iter().filter_map(|one| one.data).chain(commands).collect();
    spans.sort_by_key(|span| span.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for span in spans {
        let range = span.range();
        out.push_str(text.get(done..range.start).unwrap_or(""));
        let blank = |byte: u8| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' };
        out.extend(span.text(text).bytes().map(blank));
        done = done.max(range.end);
    }
    out.push_str(text.get(done..).unwrap_or(""));
    // The line that ends the rows lies behind them.
    out.replace("\n\\.", "\n  ")
}

#[cfg(test)]
mod tests;
