//! Any text read as a script, as a folder of migrations, held to rules, and as a log of statements.

use super::markdown::slice;
use trueup_lint::{Settings, Squawk};
use trueup_sql::{
    Chain, Layout, LintOptions, Planned, Problem, Script, Source, dialect, effects, grounds, lint, mends,
    phases, plan, runs_alone,
};
use trueup_tenancy::{QueryModel, queries, read_log};

/// Texts that are longer are cut: what is asked is whether reading holds, not how long it takes.
const LONGEST: usize = 64 << 10;

/// Error codes of failures for which there are words.
const CODES: [&str; 6] = ["42P07", "42710", "42703", "23505", "25001", "XX000"];

/// Reads a text as a script: statements lie one behind the other in it, each with its line, and what each does is told.
pub fn script_holds(text: &str) {
    let script = Script::read(text);
    let mut end = 0;
    for statement in &script.statements {
        let range = statement.span.range();
        assert!(end <= range.start && range.start < range.end, "{range:?} behind {end}: {text:?}");
        end = statement.data.map_or(range.end, |data| data.range().end);
        assert!(range.end <= end, "the rows of {range:?} end at {end}: {text:?}");
        assert_eq!(line(text, range.start), statement.line, "line of {range:?}: {text:?}");
        let said = slice(text, statement.span, "statement");
        // What is not closed runs to the end of the text.
        assert!(script.unclosed.is_some() || said.trim() == said, "{text:?}");
        runs_alone(said);
        CODES.iter().for_each(|code| drop(mends(said, code)));
        assert_eq!(effects(said), effects(said));
    }
    assert!(end <= text.len());
    for command in &script.commands {
        assert!(slice(text, command.span, "command").starts_with('\\'), "{text:?}");
        assert_eq!(line(text, command.span.range().start), command.line, "{text:?}");
    }
    assert_eq!(phases(text, &script).len(), script.statements.len());
    assert_eq!(grounds(text, &script).len(), script.statements.len());
    if let Some(found) = dialect(text) {
        assert!(text.is_char_boundary(found.at), "{found:?}: {text:?}");
    }
}

fn line(text: &str, at: usize) -> u32 {
    text.get(..at).unwrap_or(text).matches('\n').count() as u32 + 1
}

/// Parts of a text that become files of their own: the first line of each is its path.
const CUT: &str = "\n----\n";

/// Reads a text as a folder of migrations; `pick` says of which layout. Problems lie in their files, the text that runs
/// has the lines of the file, and a plan loses no statement.
pub fn chain_holds(pick: u8, text: &str) {
    let Some(layout) = Layout::ALL.get(usize::from(pick) % Layout::ALL.len()).copied() else { return };
    let text = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or("");
    let files: Vec<(&str, &str)> =
        text.split(CUT).map(|part| part.split_once('\n').unwrap_or((part, ""))).collect();
    let sources: Vec<Source<'_>> =
        files.iter().map(|(path, text)| Source { path, bytes: text.as_bytes() }).collect();
    let chain = Chain::read(layout, &sources);
    let options = LintOptions { rollback: true, ..LintOptions::default() };
    in_their_files(&lint(&chain, &options), &files);
    for file in &chain.files {
        let source = files.iter().filter(|(path, _)| *path == file.path);
        let lines: Vec<usize> = source.map(|(_, text)| text.matches('\n').count()).collect();
        assert!(lines.contains(&file.text.matches('\n').count()), "{layout:?} {text:?}");
        let script = Script::read(&file.text);
        if let Planned::Split(plan) = plan(&chain, file) {
            let settled = |at: &usize| plan.files.iter().any(|new| new.statements.contains(at));
            let lost = (0..script.statements.len()).filter(|at| !settled(at));
            for at in lost {
                let Some(statement) = script.statements.get(at) else { continue };
                let said = statement.text(&file.text);
                assert!(effects(said).is_empty(), "{said:?} stands in no file: {text:?}");
            }
            assert!(
                plan.files.iter().all(|new| !chain.files.iter().any(|old| old.path == new.path)),
                "{text:?}"
            );
        }
    }
}

fn in_their_files(problems: &[Problem], files: &[(&str, &str)]) {
    for problem in problems {
        let of_path = files.iter().filter(|(path, _)| *path == problem.path);
        let last = of_path.map(|(_, text)| text.matches('\n').count() + 1).max();
        assert!(last.is_some_and(|last| problem.line as usize <= last), "{problem:?} of {files:?}");
    }
}

/// Holds a text to squawk's rules: what is found lies in it.
pub fn lint_holds(text: &str) {
    let source = Source { path: "V001__a.sql", bytes: text.as_bytes() };
    let chain = Chain::read(Layout::Governance, &[source]);
    let Ok(squawk) = Squawk::new(&Settings::default()) else { return };
    for file in &chain.files {
        in_their_files(&squawk.check(file), &[("V001__a.sql", text)]);
    }
}

/// Reads a text as a log of statements: each is told at least once, and a statement that was not understood is no pass.
pub fn queries_hold(text: &str) {
    let (logged, _) = read_log(text);
    let lines = text.matches('\n').count() + 1;
    let count: u64 = logged.iter().map(|one| one.count).fold(0, u64::saturating_add);
    for one in &logged {
        assert!(one.line >= 1 && one.line as usize <= lines, "{one:?} of {text:?}");
    }
    let model = QueryModel::of_names([("orders", "tenant_id"), ("shop.items", "tenant_id"), ("t", "a")]);
    let report = queries(&[("log".to_owned(), text.to_owned())], &model);
    // A line of a log may hold several.
    assert!(report.statements >= count, "{} of {count} in {text:?}", report.statements);
    let told = report.shapes.iter().map(|shape| shape.count).fold(0, u64::saturating_add);
    assert_eq!(told.saturating_add(report.unscoped), report.statements, "{text:?}");
}
