//! Checks that say in one line what they expect.

use crate::repository::Repository;
use trueup_engine::{CheckReport, fix};
use trueup_finding::{Finding, Registry};
use trueup_text::LineIndex;

/// Nothing is found in these files.
#[track_caller]
pub fn lint_ok(registry: &Registry, files: &[(&str, &str)]) {
    let report = Repository::standard(files).check(registry);
    assert!(report.findings.is_empty(), "nothing was expected, but there is\n{}", shown(&report));
}

/// What is found in these files; that nothing is found is an error of the test.
#[track_caller]
pub fn lint_errors(registry: &Registry, files: &[(&str, &str)]) -> Vec<Finding> {
    let report = Repository::standard(files).check(registry);
    assert!(!report.findings.is_empty(), "something was expected, but nothing was found");
    report.findings
}

/// All fixes, safe and unsafe, lead from `before` to `after`, where nothing is left to find. Files that
/// `after` does not name must stay as they are.
#[track_caller]
pub fn fix_to(registry: &Registry, before: &[(&str, &str)], after: &[(&str, &str)]) {
    let repository = Repository::standard(before);
    let fixed = fix(&mut repository.open(), registry, &repository.options(), true);
    for file in &fixed {
        repository.write(&file.path, &file.after);
    }
    for (path, text) in before {
        let wanted = after.iter().find(|(other, _)| other == path).map_or(*text, |(_, text)| *text);
        assert_eq!(repository.read(path), wanted, "{path} after its fixes");
    }
    let report = repository.check(registry);
    assert!(report.findings.is_empty(), "after the fixes there is still\n{}", shown(&report));
}

/// The findings of a report, a line each: `path:line:column rule: message`.
pub fn shown(report: &CheckReport) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let place = report
            .texts
            .get(&finding.path)
            .map(|text| LineIndex::new(text).line_col(text, finding.span.start));
        let place = place.map_or("?".to_owned(), |p| format!("{}:{}", p.line, p.column));
        out.push_str(&format!("  {}:{place} {}: {}\n", finding.path, finding.rule, finding.message));
    }
    out
}
