//! What provers found as JUnit XML: a suite for each file or table, a case for each check.

use super::ProvenChain;
use super::problems::leak_text;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use trueup_prove::{Check, FileReport, Outcome};
use trueup_tenancy::{QueryReport, Subject, Verdict};

/// Proofs of migrations as JUnit XML.
pub fn migrations_junit(chains: &[ProvenChain]) -> String {
    let mut out = Report::new("trueup migrations prove");
    for chain in chains {
        out.add_test_suites(chain.report.files.iter().map(file));
        for drift in &chain.drifts {
            let mut suite = TestSuite::new(format!("{} and {}", drift.left, drift.right));
            let status = match drift.verdict() {
                trueup_prove::Verdict::Proven => TestCaseStatus::success(),
                trueup_prove::Verdict::Contradicted => {
                    let names: Vec<String> =
                        drift.changes.iter().map(|c| format!("{} {}", c.kind, c.name)).collect();
                    failed(names.join("\n"))
                }
                trueup_prove::Verdict::NotCheckable => skipped(drift.not_checkable.as_deref().unwrap_or("")),
            };
            suite.add_test_case(TestCase::new("the same schema", status));
            out.add_test_suite(suite);
        }
    }
    written(&out)
}

fn file(file: &FileReport) -> TestSuite {
    let mut suite = TestSuite::new(file.path.clone());
    suite.add_test_cases(file.checks.iter().map(check));
    if file.checks.is_empty() {
        suite.add_test_case(TestCase::new("run", skipped(file.reason.as_deref().unwrap_or("not tried"))));
    }
    suite
}

fn check(check: &Check) -> TestCase {
    let status = match check.outcome {
        Outcome::Proven | Outcome::Information => TestCaseStatus::success(),
        Outcome::Vacuous | Outcome::NotCheckable | Outcome::NotApplicable => skipped(&check.note),
        Outcome::Contradicted => {
            let lines = check.problems.iter().map(|problem| {
                let code = problem.sqlstate.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
                format!("{}:{} {code}{}", problem.path, problem.line, problem.message)
            });
            failed(lines.collect::<Vec<_>>().join("\n"))
        }
    };
    TestCase::new(check.kind.name(), status)
}

/// Attempts on tenants as JUnit XML.
pub fn tenancy_junit(report: &trueup_tenancy::Report) -> String {
    let mut out = Report::new("trueup tenancy prove");
    let mut suite = TestSuite::new("tenant isolation");
    suite.add_test_cases(report.subjects.iter().map(subject));
    out.add_test_suite(suite);
    written(&out)
}

fn subject(subject: &Subject) -> TestCase {
    let status = match subject.verdict {
        Verdict::Proven => TestCaseStatus::success(),
        Verdict::Contradicted => {
            let leaks: Vec<String> = subject.leaks().map(|probe| leak_text(subject, probe)).collect();
            failed(if leaks.is_empty() { subject.why.clone().unwrap_or_default() } else { leaks.join("\n") })
        }
        // A probe that never reached its target is no pass.
        Verdict::Vacuous => failed(format!("vacuous: {}", subject.why.as_deref().unwrap_or(""))),
        Verdict::NotCheckable => skipped(subject.why.as_deref().unwrap_or("")),
    };
    TestCase::new(format!("{} {}", subject.kind.name(), subject.name), status)
}

/// Statements of a log as JUnit XML.
pub fn queries_junit(report: &QueryReport) -> String {
    let mut out = Report::new("trueup tenancy prove");
    let mut suite = TestSuite::new("statements");
    suite.add_test_cases(report.shapes.iter().map(|shape| {
        let why = shape.why.as_deref().unwrap_or("");
        let status = match shape.verdict {
            Verdict::Proven => TestCaseStatus::success(),
            Verdict::Contradicted => failed(format!("{}:{} {why}", shape.place.file, shape.place.line)),
            Verdict::Vacuous | Verdict::NotCheckable => skipped(why),
        };
        TestCase::new(shape.shape.clone(), status)
    }));
    out.add_test_suite(suite);
    written(&out)
}

fn failed(message: String) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(message.lines().next().unwrap_or("").to_owned());
    status.set_description(message);
    status
}

fn skipped(why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(why.to_owned());
    status
}

fn written(report: &Report) -> String {
    // Writing into memory does not fail.
    let mut text = report.to_string().unwrap_or_default();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}
