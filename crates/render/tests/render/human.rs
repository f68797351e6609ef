use crate::fixture::{Fixture, SAFE, UNSAFE, everything};
use insta::assert_snapshot;
use trueup_finding::Level;
use trueup_render::{HumanOptions, human};
use trueup_text::Span;

/// The findings as they are shown, without the summary.
fn findings(fixture: Fixture, options: &HumanOptions) -> String {
    let out = human(&fixture.report, None, options);
    let (findings, _) = out.split_once("Found ").expect("there is a summary");
    findings.to_owned()
}

fn shown(fixture: Fixture) -> String {
    findings(fixture, &HumanOptions::default())
}

#[test]
fn a_finding_says_what_where_and_what_to_do() {
    let fixture = Fixture::of_file("specs/a.md", "# A\n\nSee [the guide](docs/gone.md) first.\n")
        .error("broken-link", "specs/a.md", "docs/gone.md", "the link leads to nothing")
        .hint("point it to a file that exists")
        .fix(SAFE, "point the link to `docs/guide.md`", "docs/guide.md")
        .related("specs/a.md", "A", "the spec\nand more of it")
        .related("elsewhere.md", "", "moved here");
    assert_snapshot!(shown(fixture), @"
error[broken-link]: the link leads to nothing
 --> specs/a.md:3:17
  |
3 | See [the guide](docs/gone.md) first.
  |                 ^^^^^^^^^^^^
  |
  = help: point it to a file that exists
  = help: fix (safe): point the link to `docs/guide.md` — run `trueup check --fix`
  = note: specs/a.md:1:3: the spec
          and more of it
  = note: elsewhere.md: moved here
");
}

#[test]
fn an_unsafe_fix_names_its_flag() {
    let fixture = Fixture::of_file("a.md", "# A\n")
        .found(Level::Warning, "heading-renamed", "a.md", "A", "the template calls it `B`")
        .fix(UNSAFE, "rename the heading", "B");
    assert_snapshot!(shown(fixture), @"
warning[heading-renamed]: the template calls it `B`
 --> a.md:1:3
  |
1 | # A
  |   ^
  |
  = help: fix (unsafe): rename the heading — run `trueup check --fix --unsafe`
");
}

#[test]
fn infos_are_shown_when_asked_for() {
    let options = HumanOptions { min_level: Level::Info, ..HumanOptions::default() };
    let fixture = || {
        Fixture::of_file("a.md", "# A ?\n").found(
            Level::Info,
            "placeholder-left",
            "a.md",
            "?",
            "a placeholder",
        )
    };
    assert_eq!(shown(fixture()), "");
    assert_snapshot!(findings(fixture(), &options), @"
info[placeholder-left]: a placeholder
 --> a.md:1:5
  |
1 | # A ?
  |     ^
");
}

#[test]
fn line_endings_of_every_kind() {
    let text = "# A\r\n\r\nsome text\rmore text\r\n";
    let fixture = Fixture::of_file("a.md", text)
        .error("one", "a.md", "text", "inside a line")
        .error("two", "a.md", "more text\r\n", "a line with its ending")
        .at(Level::Error, "three", "a.md", Span::at(text.len() - 1), "between CR and LF");
    assert_snapshot!(shown(fixture), @"
error[one]: inside a line
 --> a.md:3:6
  |
3 | some text
  |      ^^^^

error[two]: a line with its ending
 --> a.md:4:1
  |
4 | more text
  | ^^^^^^^^^

error[three]: between CR and LF
 --> a.md:4:11
  |
4 | more text
  |          ^
");
}

#[test]
fn tabs_and_wide_characters_keep_the_carets_in_place() {
    let fixture = Fixture::of_file("a.md", "-\tone\ttwo\n漢字 żółć 👩\u{200d}👧 end\n")
        .error("tab", "a.md", "two", "after tabs")
        .error("wide", "a.md", "字", "a wide character")
        .error("joined", "a.md", "end", "after joined characters");
    assert_snapshot!(shown(fixture), @"
error[tab]: after tabs
 --> a.md:1:7
  |
1 | -    one    two
  |             ^^^

error[wide]: a wide character
 --> a.md:2:2
  |
2 | 漢字 żółć 👩👧 end
  |   ^^

error[joined]: after joined characters
 --> a.md:2:13
  |
2 | 漢字 żółć 👩👧 end
  |                ^^^
");
}

#[test]
fn a_span_at_the_end_of_the_file() {
    let fixture = Fixture::of_file("a.md", "# A\ntext")
        .at(Level::Error, "no-newline", "a.md", Span::at(8), "the last line has no ending")
        .file("b.md", "# B\n")
        .at(Level::Error, "ends-here", "b.md", Span::at(4), "something is missing")
        .at(Level::Error, "past-the-end", "b.md", Span::new(40, 50), "outside the text");
    assert_snapshot!(shown(fixture), @"
error[no-newline]: the last line has no ending
 --> a.md:2:5
  |
2 | text
  |     ^

error[ends-here]: something is missing
 --> b.md:2:1
  |
2 |
  | ^

error[past-the-end]: outside the text
 --> b.md:2:1
  |
2 |
  | ^
");
}

#[test]
fn an_empty_file_has_no_snippet() {
    let fixture = Fixture::of_file("a.md", "")
        .at(Level::Error, "not-template-shaped", "a.md", Span::at(0), "the file is empty")
        .hint("start it with `trueup new`");
    assert_snapshot!(shown(fixture), @"
error[not-template-shaped]: the file is empty
 --> a.md:1:1
  |
  = help: start it with `trueup new`
");
}

#[test]
fn a_byte_order_mark_is_not_shown() {
    let fixture = Fixture::of_file("a.md", "\u{feff}# Title\n")
        .error("title", "a.md", "Title", "a title")
        .at(Level::Error, "file", "a.md", Span::at(0), "the file as a whole")
        .at(Level::Error, "inside", "a.md", Span::new(1, 2), "inside the mark");
    assert_snapshot!(shown(fixture), @"
error[title]: a title
 --> a.md:1:3
  |
1 | # Title
  |   ^^^^^

error[file]: the file as a whole
 --> a.md:1:1
  |
1 | # Title
  | ^

error[inside]: inside the mark
 --> a.md:1:1
  |
1 | # Title
  | ^
");
}

#[test]
fn a_file_that_could_not_be_read_has_only_its_path() {
    let fixture = Fixture::default()
        .at(Level::Error, "not-readable", "a.md", Span::new(3, 9), "the file is not UTF-8")
        .hint("save it as UTF-8");
    assert_snapshot!(shown(fixture), @"
error[not-readable]: the file is not UTF-8
 --> a.md
  |
  = help: save it as UTF-8
");
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let cells: String = (0..200).map(|cell| format!("| cell {cell} ")).chain(["|".to_owned()]).collect();
    let fixture = || {
        Fixture::of_file("a.md", &cells)
            .error("start", "a.md", "cell 1 ", "near the start")
            .error("middle", "a.md", "cell 100", "in the middle")
            .error("end", "a.md", "cell 199", "near the end")
            .error("all", "a.md", &cells, "the whole row")
    };
    assert_snapshot!(shown(fixture()), @"
error[start]: near the start
 --> a.md:1:12
  |
1 | | cell 0 | cell 1 | cell 2 | cell 3 | cell 4 | cell 5 | cell 6 | cell 7 | cell 8 | cell 9 | cell 10 | cell 11 | cell 12 | cell 13 | ce…
  |            ^^^^^^^

error[middle]: in the middle
 --> a.md:1:993
  |
1 | … | cell 94 | cell 95 | cell 96 | cell 97 | cell 98 | cell 99 | cell 100 | cell 101 | cell 102 | cell 103 | cell 104 | cell 105 | cell …
  |                                                                 ^^^^^^^^

error[end]: near the end
 --> a.md:1:2082
  |
1 | … | cell 188 | cell 189 | cell 190 | cell 191 | cell 192 | cell 193 | cell 194 | cell 195 | cell 196 | cell 197 | cell 198 | cell 199 |
  |                                                                                                                              ^^^^^^^^

error[all]: the whole row
 --> a.md:1:1
  |
1 | | cell 0 | cell 1 | cell 2 | cell 3 | cell 4 | cell 5 | cell 6 | cell 7 | cell 8 | cell 9 | cell 10 | cell 11 | cell 12 | cell 13 | ce…
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
");

    for width in [None, Some(0), Some(80), Some(10_000)] {
        let options = HumanOptions { width, ..HumanOptions::default() };
        let widest = findings(fixture(), &options).lines().map(|line| line.chars().count()).max();
        let most = width.unwrap_or(140).clamp(40, 160);
        assert!(widest.is_some_and(|widest| widest <= most), "{width:?}: {widest:?}");
    }
}

#[test]
fn a_span_of_many_lines_shows_the_first() {
    let fixture = Fixture::of_file("a.md", "# A\n\n- one\n- two\n- three\n\nend\n")
        .error("list", "a.md", "- one\n- two\n- three\n\n", "a list of three")
        .error("pair", "a.md", "- two\n- three", "two of them")
        .error("gap", "a.md", "\n\nend", "from the end of a line");
    assert_snapshot!(shown(fixture), @"
error[list]: a list of three
 --> a.md:3:1
  |
3 | - one
  | ^^^^^ and 2 more lines

error[pair]: two of them
 --> a.md:4:1
  |
4 | - two
  | ^^^^^ and 1 more line

error[gap]: from the end of a line
 --> a.md:5:8
  |
5 | - three
  |        ^ and 2 more lines
");
}

#[test]
fn text_cannot_steer_the_terminal() {
    let fixture = Fixture::of_file("a.md", "a \u{1b}[2J b \u{202e}c\n")
        .error("escape", "a.md", "b", "found \u{1b}[31mred\nand a second line")
        .hint("take \u{7} away");
    let out = shown(fixture);
    assert!(!out.contains(['\u{1b}', '\u{7}', '\u{202e}']));
    assert_snapshot!(out, @"
error[escape]: found ␛[31mred
               and a second line
 --> a.md:1:8
  |
1 | a ␛[2J b �c
  |        ^
  |
  = help: take ␇ away
");
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = HumanOptions { min_level: Level::Info, ..HumanOptions::default() };
    let color = HumanOptions { color: true, ..plain };
    let report = everything();
    let colored = human(&report, None, &color);
    let mut stripped = String::new();
    for (i, part) in colored.split('\u{1b}').enumerate() {
        stripped.push_str(if i == 0 { part } else { part.split_once('m').expect("a colour ends with m").1 });
    }
    assert_eq!(stripped, human(&report, None, &plain));
    assert_snapshot!(colored.lines().take(7).collect::<Vec<_>>().join("\n").replace('\u{1b}', "ESC"), @"
ESC[1mESC[91merror[broken-link]ESC[0mESC[1m: the link leads to nothing: `docs/gone.md`ESC[0m
 ESC[1mESC[94m--> ESC[0mspecs/nowy plan.md:3:17
  ESC[1mESC[94m|ESC[0m
ESC[1mESC[94m3 |ESC[0m See [the guide](docs/gone.md).
  ESC[1mESC[94m|ESC[0m                 ESC[1mESC[91m^^^^^^^^^^^^ESC[0m
  ESC[1mESC[94m|ESC[0m
  ESC[1mESC[94m= ESC[0mESC[1mhelpESC[0m: point it to a file that exists, or take it away
");
}
