//! What is wrong with a chain as its files tell: names, numbers, notes, and text that its runner cannot run.

mod pattern;

pub use pattern::{Pattern, PatternError};

use crate::alone::runs_alone;
use crate::chain::{Chain, ChainFile, Layout, Transaction};
use crate::dialect::{Dialect, dialect};
use crate::problem::{Level, Problem};
use crate::script::Script;
use crate::words::Words;

/// What is asked of a chain beyond what its tool needs.
#[derive(Clone, Debug, Default)]
pub struct LintOptions {
    /// The form of the files' names.
    pub pattern: Option<Pattern>,
    /// Whether each migration has to say how it is undone.
    pub rollback: bool,
    /// Whether numbers may leave gaps.
    pub gaps_allowed: bool,
}

/// What is wrong with a chain, in the order of paths and lines. What was found while it was read is part of it.
pub fn lint(chain: &Chain, options: &LintOptions) -> Vec<Problem> {
    let mut out = chain.problems.clone();
    let versioned = || chain.files.iter().filter(|file| !file.repeatable);
    if let Some(pattern) = &options.pattern {
        out.extend(versioned().filter_map(|file| off_pattern(chain.layout, file, pattern)));
    }
    out.extend(duplicates(chain));
    if !options.gaps_allowed {
        out.extend(gaps(chain));
    }
    if options.rollback {
        out.extend(versioned().filter(|file| file.rollback.is_none()).map(without_rollback));
    }
    out.extend(chain.files.iter().flat_map(|file| lint_text(chain.layout, file)));
    out.sort();
    out
}

/// The part of a path that has the version: the file, or its folder.
fn name_of(layout: Layout, path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let base = parts.next().unwrap_or(path);
    if layout.has_folders() { parts.next().unwrap_or(base) } else { base }
}

fn off_pattern(layout: Layout, file: &ChainFile, pattern: &Pattern) -> Option<Problem> {
    let name = name_of(layout, &file.path);
    (!pattern.matches(name)).then(|| {
        let said = format!("the name {name} is not of the form {}", pattern.text());
        Problem::new(&file.path, "name-off-pattern", Level::Warning, said)
            .mended(format!("rename it to the form {}, if it has run nowhere yet", pattern.text()))
    })
}

fn duplicates(chain: &Chain) -> Vec<Problem> {
    let mut out = Vec::new();
    for pair in chain.files.windows(2) {
        let [one, two] = pair else { continue };
        if one.repeatable || one.order != two.order || chain.layout == Layout::Rails {
            continue;
        }
        let said = format!("{} has the version {} as well", one.path, one.version);
        let free = next_version(chain, 1).unwrap_or_else(|| "the next free one".to_owned());
        out.push(
            Problem::new(&two.path, "number-duplicate", Level::Error, said)
                .mended(format!("give the one that has run nowhere yet the version {free}")),
        );
    }
    out
}

/// Numbers from here on are dates, which leave gaps by nature.
const DATES_FROM: u64 = 10_000_000;

/// The numbers of a chain that counts: one number for each file, and none of them a date.
fn numbers(chain: &Chain) -> Option<Vec<(u64, &ChainFile)>> {
    let number = |file: &ChainFile| match file.order.version.as_slice() {
        [number] => number.value().filter(|value| *value < DATES_FROM),
        _ => None,
    };
    let files = chain.files.iter().filter(|file| !file.repeatable);
    files.map(|file| Some((number(file)?, file))).collect()
}

fn gaps(chain: &Chain) -> Vec<Problem> {
    let Some(numbers) = numbers(chain) else { return Vec::new() };
    let steps = || numbers.windows(2).filter_map(|pair| Some((pair.first()?.0, pair.get(1)?)));
    // A chain that counts in tens has no gap between 10 and 20.
    let step = steps().map(|(from, to)| to.0.saturating_sub(from)).fold(0, gcd);
    let gap = |(from, (to, file)): (u64, &(u64, &ChainFile))| {
        (to.saturating_sub(from) > step.max(1)).then(|| {
            let first = from.saturating_add(step.max(1));
            let last = to.saturating_sub(step.max(1));
            let missing = if first == last { first.to_string() } else { format!("{first} to {last}") };
            let said = format!("nothing has the number {missing}, which comes before {}", file.version);
            Problem::new(&file.path, "number-gap", Level::Warning, said).mended(
                "a missing file may be on another branch; if it never was, say so in the configuration",
            )
        })
    };
    steps().filter_map(gap).collect()
}

fn gcd(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { gcd(other, one % other) }
}

fn without_rollback(file: &ChainFile) -> Problem {
    let said = "nothing says how this migration is undone";
    Problem::new(&file.path, "rollback-missing", Level::Warning, said)
        .mended("add a comment `-- Rollback: …`, or a file that undoes it")
}

/// A version that no file has, `ahead` steps behind the last one, written as the others are; nothing where versions
/// are no numbers.
pub fn next_version(chain: &Chain, ahead: u64) -> Option<String> {
    let last = chain.files.iter().rfind(|file| !file.repeatable);
    let Some(last) = last else { return Some(format!("{ahead:03}")) };
    let digits: String = last.version.chars().take_while(char::is_ascii_digit).collect();
    let width = digits.len();
    // A date that is written in parts, or a folder's name: the whole run of digits counts.
    let next = digits.parse::<u64>().ok()?.checked_add(ahead)?;
    let in_parts =
        last.order.version.len() > 1 || chain.layout == Layout::Diesel && last.version.contains('-');
    if in_parts && matches!(chain.layout, Layout::Numbered | Layout::Diesel) {
        return None;
    }
    Some(format!("{next:0width$}"))
}

/// Files on another branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The branch.
    pub branch: String,
    /// The paths of its migrations, written as those of the chain are.
    pub paths: Vec<String>,
}

/// Versions that another branch gives to a file of another name. Whoever comes second cannot be merged.
pub fn taken_elsewhere(chain: &Chain, others: &[Elsewhere]) -> Vec<Problem> {
    let mut out = Vec::new();
    for file in chain.files.iter().filter(|file| !file.repeatable) {
        for other in others {
            // A branch that has the file as well has taken it from here.
            if other.paths.contains(&file.path) {
                continue;
            }
            let taken = other.paths.iter().find(|path| {
                crate::chain::order_of(chain.layout, path).is_some_and(|order| order == file.order)
            });
            let Some(taken) = taken else { continue };
            let said = format!("branch {} gives the version {} to {taken}", other.branch, file.version);
            out.push(
                Problem::new(&file.path, "number-taken", Level::Error, said)
                    .mended(format!("take a version that is free on {} as well", other.branch)),
            );
        }
    }
    out
}

/// A file as it was when it was tagged or applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Its path.
    pub path: String,
    /// The digest of its bytes then, in the form of the digests it is held against.
    pub digest: String,
    /// What sealed it, in words: "tag mvp-0.1.0".
    pub by: String,
}

/// Files that are not what they were when they were tagged or applied; `now` has paths with digests.
pub fn changed_since(now: &[(String, String)], sealed: &[Sealed]) -> Vec<Problem> {
    let check = |sealed: &Sealed| match now.iter().find(|(path, _)| *path == sealed.path) {
        None => Some(
            Problem::new(
                &sealed.path,
                "removed-after-applied",
                Level::Error,
                format!("the file is gone, and {} has it", sealed.by),
            )
            .mended("bring it back; databases that have it cannot tell what they had"),
        ),
        Some((_, digest)) if *digest != sealed.digest => Some(
            Problem::new(
                &sealed.path,
                "changed-after-applied",
                Level::Error,
                format!("the file is not what {} has", sealed.by),
            )
            .mended("bring the old text back, and put the change into a new file"),
        ),
        Some(_) => None,
    };
    sealed.iter().filter_map(check).collect()
}

/// What is wrong with the text of one file.
pub fn lint_text(layout: Layout, file: &ChainFile) -> Vec<Problem> {
    let text = file.text.as_str();
    if let Some(dialect) = dialect(text) {
        return vec![of_other_system(file, &dialect)];
    }
    let script = Script::read(text);
    let mut out = Vec::new();
    if let Some(unclosed) = script.unclosed {
        let said = format!("{} begins here and never ends", unclosed.what);
        let problem = Problem::new(&file.path, "unclosed", Level::Error, said);
        out.push(Problem { line: unclosed.line, ..problem }.mended("close it"));
    }
    for command in &script.commands {
        out.extend(client_command(layout, file, command.name(text), command.span.range().start));
    }
    if script.statements.is_empty() && script.commands.is_empty() {
        let said = "there is no statement in this file";
        out.push(Problem::new(&file.path, "no-statement", Level::Warning, said));
    }
    out.extend(in_transaction(file, &script));
    out
}

/// Once for a file: everything else that could be said of it would follow from this.
fn of_other_system(file: &ChainFile, dialect: &Dialect) -> Problem {
    let said = format!("this is not PostgreSQL's SQL ({}): {}", dialect.name, dialect.sign);
    Problem::new(&file.path, "not-postgresql", Level::Error, said)
        .at(&file.text, dialect.at)
        .mended("write it in PostgreSQL's SQL, or leave the folder out of [[migrations]]")
}

fn client_command(layout: Layout, file: &ChainFile, name: &str, at: usize) -> Option<Problem> {
    let level = match layout {
        // A dump is loaded by psql.
        Layout::Rails => return None,
        Layout::Governance | Layout::Numbered => Level::Warning,
        Layout::Flyway | Layout::Sqlx | Layout::Refinery | Layout::Prisma | Layout::Diesel => Level::Error,
    };
    let said = format!("{name} is a command of psql, which no server and no other tool understands");
    let mend = match name {
        "\\copy" => "write COPY … FROM STDIN with the rows, or INSERT",
        "\\i" | "\\ir" | "\\include" | "\\include_relative" => "write the text of that file here",
        _ => "write it in SQL, or run this file by psql only",
    };
    Some(Problem::new(&file.path, "client-command", level, said).at(&file.text, at).mended(mend))
}

/// Statements that can run in no transaction, and are in one.
fn in_transaction(file: &ChainFile, script: &Script) -> Vec<Problem> {
    let mut begun = false;
    let mut out = Vec::new();
    for statement in &script.statements {
        let text = statement.text(&file.text);
        match transaction_word(text) {
            Some(true) => begun = true,
            Some(false) => begun = false,
            None => {}
        }
        let wrapped = match file.transaction {
            Transaction::PerStatement => begun,
            Transaction::PerFile => true,
            Transaction::OneQuery => script.statements.len() > 1,
        };
        let Some(what) = runs_alone(text).filter(|_| wrapped) else { continue };
        let how = match (begun, file.transaction) {
            (true, _) => "this file has begun one",
            (false, Transaction::OneQuery) => {
                "the server makes one for the statements of a file that is sent whole"
            }
            (false, _) => "the tool wraps each file in one",
        };
        let said = format!("{what} can run in no transaction, and {how}");
        out.push(
            Problem::new(&file.path, "alone-in-transaction", Level::Error, said)
                .at(&file.text, statement.span.range().start)
                .mended("give it a file of its own that runs without a transaction"),
        );
    }
    out
}

/// Whether a statement begins a transaction or ends one.
pub(crate) fn transaction_word(statement: &str) -> Option<bool> {
    let mut words = Words::of(statement).map(str::to_ascii_uppercase);
    let first = words.next()?;
    let second = words.next();
    match (first.as_str(), second.as_deref()) {
        ("BEGIN", _) | ("START", Some("TRANSACTION")) => Some(true),
        // `ROLLBACK TO` ends nothing.
        ("ROLLBACK", Some("TO")) => None,
        ("ROLLBACK", _) if words.any(|word| word == "SAVEPOINT") => None,
        ("COMMIT" | "ROLLBACK" | "ABORT", Some("PREPARED")) => None,
        ("COMMIT" | "END" | "ROLLBACK" | "ABORT", _) | ("PREPARE", Some("TRANSACTION")) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
