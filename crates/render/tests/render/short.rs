use crate::fixture::{Fixture, everything};
use insta::assert_snapshot;
use trueup_engine::CheckReport;
use trueup_render::short;

#[test]
fn one_line_for_each_finding() {
    assert_snapshot!(short(&everything()), @"
specs/nowy plan.md:3:17: error[broken-link]: the link leads to nothing: `docs/gone.md`
specs/nowy plan.md:5:4: warning[heading-renamed]: the template calls it `Risk`
specs/nowy plan.md:9:10: info[placeholder-left]: a placeholder is left
specs/image.md: error[not-readable]: the file is not UTF-8
Found 2 errors, 1 warning, 1 info in 6 specs; 12 Markdown files: 6 specs with 8 documents in them, 4 companions, 1 tombstone, 1 not readable; 2 findings suppressed
");
}

#[test]
fn a_message_of_two_lines_stays_on_one() {
    let fixture =
        Fixture::of_file("a.md", "\u{feff}żółć x\r\n").error("rule", "a.md", "x", "first\nsecond \u{1b}[31m");
    assert_snapshot!(short(&fixture.report), @"
a.md:1:6: error[rule]: first second ␛[31m
Found 1 error, 0 warnings, 0 infos in 1 spec; 1 Markdown file: 1 spec, 0 companions, 0 tombstones, 0 not readable; 0 findings suppressed
");
}

#[test]
fn nothing_found() {
    assert_snapshot!(short(&CheckReport::default()), @"
Found nothing in 0 specs; 0 Markdown files: 0 specs, 0 companions, 0 tombstones, 0 not readable; 0 findings suppressed
");
}
