use insta::assert_snapshot;
use trueup_render::diff;

#[test]
fn shows_changed_lines_with_three_around_them() {
    let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n";
    let after = before.replace("5\n6\n", "five\n6\n").replace("14\n", "");
    assert_snapshot!(diff("specs/a.md", before, &after, false), @"
--- a/specs/a.md
+++ b/specs/a.md
@@ -2,7 +2,7 @@
 2
 3
 4
-5
+five
 6
 7
 8
@@ -11,5 +11,4 @@
 11
 12
 13
-14
 15
");
}

#[test]
fn nothing_changed_is_no_diff() {
    assert_eq!(diff("a.md", "same\n", "same\n", true), "");
}

#[test]
fn a_missing_last_newline_is_said() {
    assert_snapshot!(diff("a.md", "one\ntwo", "one\ntwo\n", false), @r#"
--- a/a.md
+++ b/a.md
@@ -1,2 +1,2 @@
 one
-two
\ No newline at end of file
+two
"#);
}

#[test]
fn an_empty_file_gains_lines() {
    assert_snapshot!(diff("a.md", "", "# A\n", false), @"
--- a/a.md
+++ b/a.md
@@ -0,0 +1 @@
+# A
");
}

#[test]
fn line_endings_are_kept() {
    let out = diff("a.md", "one\r\ntwo\rthree\r\n", "one\r\ntwo\rfour\r\n", false);
    assert_eq!(out, "--- a/a.md\n+++ b/a.md\n@@ -1,2 +1,2 @@\n one\r\n-two\rthree\r\n+two\rfour\r\n");
}

#[test]
fn in_colour_control_characters_are_visible() {
    let out = diff("a.md", "one\n\u{1b}[2Jtwo\n", "one\nthree\n", true);
    assert_snapshot!(out.replace('\u{1b}', "ESC"), @"
ESC[1m--- a/a.mdESC[0m
ESC[1m+++ b/a.mdESC[0m
ESC[36m@@ -1,2 +1,2 @@ESC[0m
 one
ESC[31m-␛[2JtwoESC[0m
ESC[32m+threeESC[0m
");
}
