//! `<!-- trueup-allow RULE: reason -->`

use trueup_rules::all;
use trueup_testkit::Repository;

const SPEC: &str = "# T\n\n**Status:** Accepted\n\n## Overview\n";

fn rules_found(body: &str) -> Vec<&'static str> {
    let text = format!("{SPEC}{body}\n\n## Risks\nNone.\n");
    let report = Repository::standard(&[("specs/a.md", text.as_str())]).check(&all());
    report.findings.iter().map(|f| f.rule).collect()
}

#[test]
fn a_reason_takes_a_finding_away() {
    assert_eq!(rules_found("See [x](gone.md)."), ["broken-link"]);
    assert!(
        rules_found("<!-- trueup-allow broken-link: comes with the next release -->\nSee [x](gone.md).")
            .is_empty()
    );
    assert!(rules_found("<!-- trueup-allow broken-link: comes later -->\n\nSee [x](gone.md).").is_empty());
}

#[test]
fn without_a_reason_it_takes_nothing_away() {
    let found = rules_found("<!-- trueup-allow broken-link -->\n\nSee [x](gone.md).");
    assert_eq!(found, ["suppression-without-reason", "broken-link"]);
}

#[test]
fn it_covers_the_next_block_and_no_more() {
    let found =
        rules_found("<!-- trueup-allow broken-link: later -->\n\nSee [x](gone.md).\n\nAnd [y](gone.md).");
    assert_eq!(found, ["broken-link"]);
}

#[test]
fn one_that_suppresses_nothing_is_a_finding() {
    assert_eq!(rules_found("<!-- trueup-allow broken-link: later -->\n\nNo link."), ["unused-suppression"]);
    assert_eq!(rules_found("<!-- trueup-allow broken-lnk: later -->\n\nNo link."), ["unknown-suppression"]);
}

#[test]
fn above_a_heading_it_covers_the_section() {
    let found = rules_found(
        "Text.\n\n<!-- trueup-allow broken-link: later -->\n\n### More\n\nOne.\n\nSee [x](gone.md).",
    );
    assert!(found.is_empty(), "{found:?}");
}
