//! Chains that are proven, and chains that are contradicted each for its own reason.

mod bad;
mod drifted;
mod good;
mod rights;
mod stopped;

use trueup_postgres::{Server, ServerOptions};
use trueup_prove::{Check, CheckKind, Claims, FileReport, Options, Outcome, Report, Verdict, prove};
use trueup_sql::{Chain, Layout, Source};

pub(crate) fn server() -> Server {
    Server::start(&ServerOptions::default()).unwrap_or_else(|error| {
        panic!("{error}\nhelp: {}", error.help().unwrap_or_default());
    })
}

pub(crate) fn chain_in(layout: Layout, files: &[(&str, &str)]) -> Chain {
    let sources: Vec<Source<'_>> =
        files.iter().map(|(path, text)| Source { path, bytes: text.as_bytes() }).collect();
    Chain::read(layout, &sources)
}

pub(crate) fn claimed() -> Options {
    Options { claims: vec![Claims { idempotent: true, phases: true }], ..Options::default() }
}

pub(crate) fn proof_with(server: &Server, files: &[(&str, &str)], options: &Options) -> Report {
    let chain = chain_in(Layout::Governance, files);
    assert_eq!(chain.files.len(), files.len(), "{:?}", chain.problems);
    prove(server, &chain.files, options, &mut |_| true).unwrap()
}

pub(crate) fn proof(server: &Server, files: &[(&str, &str)]) -> Report {
    proof_with(server, files, &claimed())
}

/// The report as text, for messages of tests.
pub(crate) fn shown(report: &Report) -> String {
    let mut out = format!("stopped: {:?}\n", report.stopped);
    for file in &report.files {
        out += &format!(
            "{}  {} statements  {:.0} ms  {}  {}\n",
            file.path,
            file.statements,
            file.millis,
            file.verdict.name(),
            file.reason.as_deref().unwrap_or("")
        );
        for check in &file.checks {
            out += &format!("  {:<13} {:<14} {}\n", check.kind.name(), check.outcome.name(), check.note);
            for problem in &check.problems {
                out += &format!(
                    "      {}:{} {:?} {} — {}\n",
                    problem.path,
                    problem.line,
                    problem.sqlstate,
                    problem.message,
                    problem.mend.as_deref().unwrap_or("")
                );
            }
        }
    }
    for needed in &report.prerequisites {
        out += &format!("needs {needed:?}\n");
    }
    out
}

/// The checks that contradict something.
pub(crate) fn contradicted(file: &FileReport) -> Vec<CheckKind> {
    let all = file.checks.iter().filter(|check| check.outcome == Outcome::Contradicted);
    all.map(|check| check.kind).collect()
}

pub(crate) fn check(report: &Report, file: usize, kind: CheckKind) -> &Check {
    report.files[file].check(kind).unwrap_or_else(|| panic!("{kind:?} of {file}\n{}", shown(report)))
}

/// Holds that the file at `place` is contradicted by these checks and no other, and that all others are proven.
pub(crate) fn only(report: &Report, place: usize, kinds: &[CheckKind]) {
    for (at, file) in report.files.iter().enumerate() {
        let expected: &[CheckKind] = if at == place { kinds } else { &[] };
        assert_eq!(contradicted(file), expected, "{}\n{}", file.path, shown(report));
        let verdict = if at == place && !kinds.is_empty() { Verdict::Contradicted } else { Verdict::Proven };
        assert_eq!(file.verdict, verdict, "{}\n{}", file.path, shown(report));
    }
}
