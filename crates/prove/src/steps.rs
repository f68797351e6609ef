//! A file of a chain as the steps that a runner takes.

use crate::options::{Claims, Options};
use crate::others::changes_roles_of_others;
use std::collections::BTreeSet;
use trueup_sql::{ChainFile, Earlier, Phased, Script, Transaction, Words, phases, phases_after};

/// A file of a chain, split.
pub(crate) struct File<'c> {
    /// Its place in the chain, from 0.
    pub place: usize,
    pub path: &'c str,
    pub text: &'c str,
    pub steps: Vec<Step<'c>>,
    pub runner: Transaction,
    pub claims: Claims,
    /// Why it cannot be run, and the line.
    pub odd: Option<(u32, String)>,
    /// The phases of its steps behind the files before it; none where these are not known.
    pub phased: Option<Vec<Phased>>,
}

/// A statement, and what the runner has to know of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'c> {
    pub text: &'c str,
    pub line: u32,
    /// What follows `COPY … FROM STDIN`.
    pub data: Option<&'c str>,
    pub sort: Sort,
}

impl Step<'_> {
    /// Whether it is a statement of which the server tells how many rows it reached.
    pub(crate) fn changes_rows(&self) -> bool {
        let first = Words::of(self.text).next().unwrap_or("");
        self.data.is_none()
            && ["UPDATE", "DELETE", "INSERT", "MERGE"].iter().any(|word| first.eq_ignore_ascii_case(word))
    }
}

/// What a statement is to a runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END`.
    Commit,
    /// `ROLLBACK`, `ABORT`.
    Rollback,
    /// `SET LOCAL`, which has no effect outside of a transaction.
    SetLocal,
    /// `COPY … TO STDOUT`.
    CopyOut,
    /// It does the same alone and as the only one of a transaction.
    Plain,
    /// It does not, or belongs to the session.
    Bare,
}

/// First words of statements that do the same alone and as the only one of a transaction, or say that they cannot.
const PLAIN: [&str; 20] = [
    "CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "COPY", "DO", "COMMENT",
    "GRANT", "REVOKE", "REFRESH", "REINDEX", "CLUSTER", "SELECT", "WITH", "SECURITY", "ANALYZE",
];

/// Commands of `psql` that change nothing of what the server is told.
const HARMLESS: [&str; 10] = [
    "\\echo",
    "\\qecho",
    "\\warn",
    "\\timing",
    "\\pset",
    "\\restrict",
    "\\unrestrict",
    "\\encoding",
    "\\x",
    "\\g",
];

impl<'c> File<'c> {
    pub(crate) fn read(place: usize, file: &'c ChainFile, claims: Claims) -> File<'c> {
        let text = file.text.as_str();
        let script = Script::read(text);
        let steps = script.statements.iter().map(|statement| {
            let data = statement.data.map(|data| data.text(text));
            let said = statement.text(text);
            Step { text: said, line: statement.line, data, sort: sort_of(said) }
        });
        File {
            place,
            path: &file.path,
            text,
            steps: steps.collect(),
            runner: file.transaction,
            claims,
            odd: odd(text, &script),
            phased: None,
        }
    }

    /// The files of a chain.
    pub(crate) fn of_chain(chain: &'c [ChainFile], options: &Options) -> Vec<File<'c>> {
        let mut earlier = Earlier::default();
        earlier.learn(&options.stubs, &Script::read(&options.stubs));
        let mut read = Vec::with_capacity(chain.len());
        for (place, file) in chain.iter().enumerate() {
            let script = Script::read(&file.text);
            let phased = phases_after(&earlier, &file.text, &script);
            earlier.learn(&file.text, &script);
            read.push(File { phased: Some(phased), ..File::read(place, file, options.claims_of(place)) });
        }
        read
    }

    /// The phases of its steps.
    pub(crate) fn phased(&self) -> Vec<Phased> {
        self.phased.clone().unwrap_or_else(|| phases(self.text, &Script::read(self.text)))
    }

    /// The first statement that reaches beyond the database in a way that trials do not see or that a given server would
    /// keep: its line, and why it is not tried. `roles` are those that were there before the chain.
    pub(crate) fn beyond(&self, private: bool, roles: &BTreeSet<String>) -> Option<(u32, String)> {
        self.steps.iter().find_map(|step| Some((step.line, beyond(step.text, private, roles)?.to_owned())))
    }

    /// The first statement that changes what a given server has beside the scratch database: its line, and the words for it.
    pub(crate) fn beside(&self, roles: &BTreeSet<String>) -> Option<(u32, String)> {
        self.steps.iter().find_map(|step| Some((step.line, beside(step.text, roles)?.to_owned())))
    }

    /// Whether the file may make or change roles: a trial on a copy leaves those as they were.
    pub(crate) fn may_change_roles(&self) -> bool {
        let capitals = self.text.to_ascii_uppercase();
        ["ROLE", "USER", "GROUP", "GRANT", "REVOKE"].iter().any(|word| capitals.contains(word))
    }

    /// Whether the runner puts a transaction around the file.
    pub(crate) fn is_wrapped(&self) -> bool {
        match self.runner {
            Transaction::PerFile => true,
            Transaction::PerStatement => false,
            Transaction::OneQuery => self.steps.len() > 1,
        }
    }

    /// Whether the file ends the runner's transaction by itself and then goes on: what was done up to there stays.
    fn ends_transaction(&self) -> bool {
        let ends = self.steps.iter().position(|step| matches!(step.sort, Sort::Commit | Sort::Rollback));
        let control = |step: &&Step<'_>| matches!(step.sort, Sort::Begin | Sort::Commit | Sort::Rollback);
        self.is_wrapped() && ends.is_some_and(|at| !self.steps.iter().skip(at).all(|step| control(&step)))
    }

    /// Whether the runner can be killed so that a part of the file stays.
    pub(crate) fn is_killed_between(&self) -> bool {
        !self.is_wrapped() || self.ends_transaction()
    }

    /// How many statements are committed when the runner is killed after `after` of them: inside of a transaction, of the
    /// file or of the runner, only those before it. Where no kill can leave a part of the file, as if the runner committed
    /// each statement.
    pub(crate) fn committed(&self, after: usize) -> usize {
        let ends = self.ends_transaction();
        // What is sent as one query is one transaction again behind each that ends.
        let resumes = ends && self.runner == Transaction::OneQuery;
        let mut begun = ends.then_some(0);
        for (at, step) in self.steps.iter().take(after).enumerate() {
            match step.sort {
                Sort::Begin => begun = begun.or(Some(at)),
                Sort::Commit | Sort::Rollback => begun = resumes.then_some(at + 1),
                _ => {}
            }
        }
        match resumes && after >= self.steps.len() {
            true => self.steps.len(),
            false => begun.unwrap_or(after.min(self.steps.len())),
        }
    }

    /// Whether a statement computes what rows hold.
    pub(crate) fn changes_rows(&self) -> bool {
        self.steps.iter().any(|step| {
            let migrates = |effect: &trueup_sql::Effect| effect.phase == trueup_sql::Phase::Migrate;
            trueup_sql::effects(step.text).iter().any(migrates)
                || Words::of(step.text).any(|word| word.eq_ignore_ascii_case("USING"))
        })
    }

    pub(crate) fn line(&self, at: usize) -> u32 {
        self.steps.get(at).map_or(1, |step| step.line)
    }
}

fn beyond(text: &str, private: bool, roles: &BTreeSet<String>) -> Option<&'static str> {
    let words: Vec<String> = Words::of(text).map(str::to_ascii_uppercase).collect();
    let is = |at: usize, names: &[&str]| words.get(at).is_some_and(|word| names.contains(&word.as_str()));
    let sets = words.iter().skip(2).any(|word| word == "SET" || word == "RESET");
    let everybody = is(2, &["ALL", "CURRENT_USER", "CURRENT_ROLE", "SESSION_USER"]);
    let of_database = is(0, &["ALTER"]) && is(1, &["DATABASE"]) && sets;
    let of_role = is(0, &["ALTER"]) && is(1, &["ROLE", "USER"]) && everybody && sets;
    // What a block runs is known from its text only.
    let in_block = is(0, &["DO"]) && text.to_ascii_uppercase().contains("ALTER DATABASE");
    if of_database || of_role || in_block {
        return Some("it changes settings of sessions to come, which trials of one session do not see");
    }
    if private { None } else { beside(text, roles) }
}

fn beside(text: &str, roles: &BTreeSet<String>) -> Option<&'static str> {
    let words: Vec<String> = Words::of(text).take(2).map(str::to_ascii_uppercase).collect();
    let is = |at: usize, names: &[&str]| words.get(at).is_some_and(|word| names.contains(&word.as_str()));
    let whole = is(0, &["ALTER", "CREATE", "DROP"]) && is(1, &["SYSTEM", "DATABASE", "TABLESPACE"]);
    (whole || changes_roles_of_others(text, roles))
        .then_some("it changes what the given server has beside the scratch database")
}

fn sort_of(text: &str) -> Sort {
    let words: Vec<String> = Words::of(text).take(3).map(str::to_ascii_uppercase).collect();
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    match (word(0), word(1)) {
        ("BEGIN", _) | ("START", "TRANSACTION") => Sort::Begin,
        ("COMMIT" | "ROLLBACK", "PREPARED") | ("ROLLBACK", "TO") => Sort::Bare,
        // What is chained begins again at once; so does what is run.
        ("COMMIT" | "END", _) if text.to_ascii_uppercase().contains("AND CHAIN") => Sort::Bare,
        ("COMMIT" | "END", _) => Sort::Commit,
        ("ROLLBACK", _) if word(2) == "TO" => Sort::Bare,
        ("ROLLBACK" | "ABORT", _) => Sort::Rollback,
        ("SET", "LOCAL") => Sort::SetLocal,
        ("COPY", _) if is_copy_out(text) => Sort::CopyOut,
        (first, _) if PLAIN.contains(&first) => Sort::Plain,
        _ => Sort::Bare,
    }
}

fn is_copy_out(text: &str) -> bool {
    let words: Vec<&str> = Words::of(text).collect();
    words.windows(2).any(|pair| {
        matches!(pair, [to, stdout] if to.eq_ignore_ascii_case("TO") && stdout.eq_ignore_ascii_case("STDOUT"))
    })
}

/// What keeps a script from being run statement by statement.
fn odd(text: &str, script: &Script) -> Option<(u32, String)> {
    if let Some(unclosed) = &script.unclosed {
        return Some((unclosed.line, format!("{} that begins here is never closed", unclosed.what)));
    }
    let commands = script.commands.iter();
    let mut unknown =
        commands.filter(|command| !is_harmless(text, command.name(text), command.span.text(text)));
    unknown.next().map(|command| {
        let name = command.name(text);
        (command.line, format!("{name} is a command of psql, which no server understands"))
    })
}

fn is_harmless(text: &str, name: &str, said: &str) -> bool {
    match name {
        "\\set" | "\\unset" => {
            let variable = said.split_whitespace().nth(1).unwrap_or("");
            let uses = [format!(":{variable}"), format!(":'{variable}'"), format!(":\"{variable}\"")];
            variable.is_empty() || !uses.iter().any(|used| text.contains(used.as_str()))
        }
        _ => HARMLESS.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_apart() {
        let check = |text: &str, sort: Sort| assert_eq!(sort_of(text), sort, "{text}");
        check("begin", Sort::Begin);
        check("BEGIN ISOLATION LEVEL SERIALIZABLE", Sort::Begin);
        check("start transaction", Sort::Begin);
        check("end", Sort::Commit);
        check("COMMIT WORK", Sort::Commit);
        check("ROLLBACK", Sort::Rollback);
        check("ROLLBACK TO SAVEPOINT a", Sort::Bare);
        check("ROLLBACK WORK TO a", Sort::Bare);
        check("COMMIT PREPARED 'a'", Sort::Bare);
        check("SET LOCAL search_path = a", Sort::SetLocal);
        check("SET search_path = a", Sort::Bare);
        check("LOCK TABLE a", Sort::Bare);
        check("/* a */ CREATE TABLE a ()", Sort::Plain);
        check("COPY a TO STDOUT", Sort::CopyOut);
        check("COPY a FROM STDIN", Sort::Plain);
    }

    #[test]
    fn what_reaches_beyond_the_database_is_not_tried() {
        let roles = BTreeSet::from(["admin".to_owned()]);
        let check = |text: &str, private: bool, expected: bool| {
            assert_eq!(beyond(text, private, &roles).is_some(), expected, "{text}");
        };
        check("ALTER DATABASE shop SET search_path = app", true, true);
        check("ALTER ROLE CURRENT_USER SET work_mem = '1MB'", true, true);
        check("ALTER ROLE app SET work_mem = '1MB'", true, false);
        check("DO $$ BEGIN EXECUTE 'ALTER DATABASE x SET y = 1'; END $$", true, true);
        check("ALTER SYSTEM SET work_mem = '1MB'", true, false);
        check("ALTER SYSTEM SET work_mem = '1MB'", false, true);
        check("CREATE DATABASE other", false, true);
        check("DROP ROLE admin", false, true);
        check("DROP ROLE IF EXISTS other", false, false);
        check("CREATE TABLE database (a int)", false, false);
    }

    fn file(text: &str) -> ChainFile {
        let source = trueup_sql::Source { path: "V001__a.sql", bytes: text.as_bytes() };
        let chain = trueup_sql::Chain::read(trueup_sql::Layout::Governance, &[source]);
        chain.files.into_iter().next().expect("one file")
    }

    #[test]
    fn nothing_is_committed_inside_of_a_transaction() {
        let file = file("SELECT 1; BEGIN; SELECT 2; SELECT 3; COMMIT; SELECT 4;");
        let read = File::read(0, &file, Claims::default());
        let committed: Vec<usize> = (0..=6).map(|after| read.committed(after)).collect();
        assert_eq!(committed, [0, 1, 1, 1, 1, 5, 6]);
    }

    #[test]
    fn a_file_may_end_the_transaction_of_the_runner() {
        use Transaction::{OneQuery, PerFile, PerStatement};
        let check = |text: &str, runner: Transaction, killed: bool, expected: &[usize]| {
            let file = ChainFile { transaction: runner, ..file(text) };
            let read = File::read(0, &file, Claims::default());
            let committed: Vec<usize> = (1..=read.steps.len()).map(|after| read.committed(after)).collect();
            assert_eq!(
                (read.is_killed_between(), committed.as_slice()),
                (killed, expected),
                "{text} {runner:?}"
            );
        };
        let halfway = "SELECT 1; COMMIT; SELECT 2; SELECT 3;";
        check(halfway, PerFile, true, &[0, 2, 3, 4]);
        check(halfway, OneQuery, true, &[0, 2, 2, 4]);
        check(halfway, PerStatement, true, &[1, 2, 3, 4]);
        check("BEGIN; SELECT 1; COMMIT; SELECT 2;", PerFile, true, &[0, 0, 3, 4]);
        check("BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;", OneQuery, true, &[0, 0, 3, 3, 3, 6]);
        // It ends with the file, as the runner's own would.
        check("BEGIN; SELECT 1; COMMIT;", PerFile, false, &[0, 0, 3]);
        check("SELECT 1; SELECT 2;", PerFile, false, &[1, 2]);
    }

    #[test]
    fn commands_of_psql_are_told() {
        let check = |text: &str, expected: Option<u32>| {
            let file = file(text);
            assert_eq!(File::read(0, &file, Claims::default()).odd.map(|odd| odd.0), expected, "{text}");
        };
        check("\\set ON_ERROR_STOP on\n\\echo hello\nSELECT 1;", None);
        check("\\set n 5\nSELECT :n;", Some(1));
        check("SELECT 1;\n\\copy a from 'b'\n", Some(2));
        check("SELECT 1;\n\\i other.sql\n", Some(2));
        check("SELECT 1;\nSELECT 'open", Some(2));
        check("\\restrict abc\nSELECT 1;\n\\unrestrict abc\n", None);
    }
}
