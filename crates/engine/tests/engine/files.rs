//! Files that are not as they should be hide no other file's findings.

use trueup_rules::all;
use trueup_testkit::Repository;

const GOOD: &str = "# T\n\n**Status:** Accepted\n\n## Overview\nSee [x](gone.md).\n\n## Risks\nNone.\n";

#[test]
fn one_bad_file_hides_no_other() {
    let repository = Repository::standard(&[("specs/a.md", GOOD), ("specs/c.md", GOOD)]);
    std::fs::write(repository.path().join("specs/b.md"), b"# B\n\xff\xfe").expect("the file is written");
    let report = repository.check(&all());
    let found: Vec<(&str, &str)> = report.findings.iter().map(|f| (&*f.path, f.rule)).collect();
    assert_eq!(
        found,
        [("specs/a.md", "broken-link"), ("specs/b.md", "unreadable-file"), ("specs/c.md", "broken-link"),]
    );
    assert_eq!((report.summary.specs, report.summary.not_readable), (2, 1));
}

#[test]
fn line_endings_and_byte_order_marks_change_nothing() {
    let plain = Repository::standard(&[("specs/a.md", GOOD)]).check(&all());
    let crlf = GOOD.replace('\n', "\r\n");
    let marked = format!("\u{feff}{GOOD}");
    for text in [crlf.as_str(), marked.as_str()] {
        let report = Repository::standard(&[("specs/a.md", text)]).check(&all());
        let brief = |r: &trueup_engine::CheckReport| -> Vec<(String, String)> {
            r.findings.iter().map(|f| (f.rule.to_owned(), f.fingerprint.clone())).collect()
        };
        assert_eq!(brief(&report), brief(&plain));
    }
}

#[test]
fn deep_nesting_is_read() {
    let deep = format!("{GOOD}\n{} deep\n\n{}", ">".repeat(10_000), "- ".repeat(5_000));
    let report = Repository::standard(&[("specs/a.md", deep.as_str())]).check(&all());
    assert_eq!(report.findings.iter().filter(|f| f.rule == "broken-link").count(), 1);
}

#[test]
fn fingerprints_outlive_edits_elsewhere() {
    let before = Repository::standard(&[("specs/a.md", GOOD)]).check(&all());
    let longer = GOOD.replace("## Overview\n", "## Overview\nA new paragraph.\n\nAnd another.\n\n");
    let after = Repository::standard(&[("specs/a.md", longer.as_str())]).check(&all());
    assert_eq!(before.findings[0].fingerprint, after.findings[0].fingerprint);
    assert_ne!(before.findings[0].span, after.findings[0].span);
}

#[test]
fn levels_follow_the_state() {
    let level = |status: &str| {
        let text = GOOD.replace("Accepted", status).replace("## Risks\nNone.\n", "");
        let report = Repository::standard(&[("specs/a.md", text.as_str())]).check(&all());
        let found = report.findings.iter().find(|f| f.rule == "missing-section");
        found.map_or("none", |f| f.level.name()).to_owned()
    };
    assert_eq!(level("Draft"), "info");
    assert_eq!(level("In review"), "warning");
    assert_eq!(level("Aproved"), "warning");
    assert_eq!(level("Accepted"), "error");
    assert_eq!(level("Superseded"), "none");
}
