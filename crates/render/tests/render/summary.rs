use crate::fixture::{Fixture, SAFE, everything, registry};
use insta::assert_snapshot;
use trueup_engine::CheckReport;
use trueup_finding::Level;
use trueup_render::{HumanOptions, human};

/// The summary without the findings.
fn summary(report: &CheckReport, options: &HumanOptions) -> String {
    let out = human(report, Some(&registry()), options);
    let start = out.find("Found ").expect("there is a summary");
    out[start..].to_owned()
}

#[test]
fn says_how_much_was_found_over_what() {
    assert_snapshot!(summary(&everything(), &HumanOptions::default()), @"
Found 2 errors, 1 warning, 1 info in 6 specs
Looked at 12 Markdown files: 6 specs with 8 documents in them, 4 companions, 1 tombstone, 1 not readable; 2 findings suppressed
  5 specs in specs and docs/specs, held to specs/template.md (discovered)
  1 spec in governance, without a template (configured)
Assumed: specs/template.md is the template, by its name

rule              errors  warnings  infos  places looked at
broken-link            1         0      0                12
heading-renamed        0         1      0                 7
placeholder-left       0         0      1                30

1 info is not shown: `--level info` shows it
`trueup check --fix` mends 1 finding, `--fix --unsafe` 1 more
`trueup explain broken-link` says more about the rule found most (1 finding)
");
}

#[test]
fn verbose_lists_every_rule_and_the_time() {
    let options = HumanOptions { verbose_summary: true, min_level: Level::Info, ..HumanOptions::default() };
    assert_snapshot!(summary(&everything(), &options), @"
Found 2 errors, 1 warning, 1 info in 6 specs
Looked at 12 Markdown files: 6 specs with 8 documents in them, 4 companions, 1 tombstone, 1 not readable; 2 findings suppressed
  5 specs in specs and docs/specs, held to specs/template.md (discovered)
  1 spec in governance, without a template (configured)
Assumed: specs/template.md is the template, by its name
Time: read 1.2 ms, check 31.9 ms

rule              errors  warnings  infos  places looked at
broken-link            1         0      0                12
heading-renamed        0         1      0                 7
placeholder-left       0         0      1                30
draft-on-main          0         0      0                 2

`trueup check --fix` mends 1 finding, `--fix --unsafe` 1 more
`trueup explain broken-link` says more about the rule found most (1 finding)
");
}

#[test]
fn nothing_found_still_names_the_denominators() {
    let fixture = Fixture::of_file("a.md", "# A\n").rule("broken-link", 3, [0; 3]);
    assert_snapshot!(summary(&fixture.report, &HumanOptions::default()), @"
Found nothing in 1 spec
Looked at 1 Markdown file: 1 spec, 0 companions, 0 tombstones, 0 not readable; 0 findings suppressed
");
    assert_snapshot!(summary(&CheckReport::default(), &HumanOptions::default()), @"
Found nothing in 0 specs
Looked at 0 Markdown files: 0 specs, 0 companions, 0 tombstones, 0 not readable; 0 findings suppressed
");
}

#[test]
fn hidden_findings_are_counted() {
    let fixture = Fixture::of_file("a.md", "# A ?\n")
        .found(Level::Info, "placeholder-left", "a.md", "?", "a placeholder")
        .fix(SAFE, "take it away", "");
    assert_snapshot!(summary(&fixture.report, &HumanOptions::default()), @"
Found 0 errors, 0 warnings, 1 info in 1 spec
Looked at 1 Markdown file: 1 spec, 0 companions, 0 tombstones, 0 not readable; 0 findings suppressed

1 info is not shown: `--level info` shows it
`trueup check --fix` mends 1 finding
");

    let errors_only = HumanOptions { min_level: Level::Error, ..HumanOptions::default() };
    let out = summary(&everything(), &errors_only);
    assert!(out.contains("1 warning and 1 info are not shown: `--level info` shows them\n"), "{out}");
}

#[test]
fn many_folders_are_cut_short() {
    let folders = ["a", "b", "c", "d", "e", "f"];
    let fixture = Fixture::default().set(&folders, Some("builtin:feature"), 60, true);
    let out = summary(&fixture.report, &HumanOptions::default());
    assert!(
        out.contains("60 specs in a, b, c, d and 2 more folders, held to builtin:feature (discovered)"),
        "{out}"
    );
    let verbose = HumanOptions { verbose_summary: true, ..HumanOptions::default() };
    let out = summary(&fixture.report, &verbose);
    assert!(out.contains("60 specs in a, b, c, d, e and f,"), "{out}");
}

#[test]
fn explain_is_offered_only_for_rules_with_a_page() {
    let fixture =
        Fixture::of_file("a.md", "# A\n").error("not-readable", "a.md", "A", "no rule of the registry");
    assert!(!human(&fixture.report, Some(&registry()), &HumanOptions::default()).contains("explain"));
    assert!(human(&fixture.report, None, &HumanOptions::default()).contains("`trueup explain not-readable`"));
}
