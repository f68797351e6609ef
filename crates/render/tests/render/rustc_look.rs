//! Findings look as rustc's own renderer, the crate `annotate-snippets`, draws them.

use crate::fixture::Fixture;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use trueup_render::{HumanOptions, human};

/// The line by its number, the text before the place, the place, and the text after it.
const CASES: &[(usize, &str, &str, &str)] = &[
    (1, "See [the guide](", "docs/gone.md", ") first."),
    (9, "", "# Title", ""),
    (10, "text", "", ""),
    (1234, "", "", ""),
    (7, "-\tone\t", "two\tthree", "\tfour"),
    (7, "漢字 żółć ", "漢字", " end"),
    (7, "e\u{301}", "e\u{301}", "e"),
    (7, "👩\u{200d}👧 ", "👩\u{200d}👧", " end"),
    (7, "a \u{1b}[2J ", "\u{7}\u{7f}", "\u{202e}b"),
    (7, "    indented ", "x", "   "),
];

#[test]
fn snippets_are_those_of_annotate_snippets() {
    for (line, before, marked, after) in CASES {
        let source = [*before, marked, after].concat();
        let text = format!("{}{source}\nnext\n", "\n".repeat(line - 1));
        let start = line - 1 + before.len();
        let span = trueup_text::Span::new(start, start + marked.len());
        let fixture = Fixture::of_file("specs/a.md", &text)
            .at(
                trueup_finding::Level::Error,
                "some-rule",
                "specs/a.md",
                span,
                "what is \u{1b} wrong\nin two lines",
            )
            .hint("what to do\nin two lines")
            .related("b.md", "", "what is there");
        let out = human(&fixture.report, None, &HumanOptions::default());
        let (ours, _) = out.split_once("\n\nFound ").expect("there is a summary");

        let annotation = AnnotationKind::Primary.span(before.len()..before.len() + marked.len());
        let snippet =
            Snippet::source(source.as_str()).path("specs/a.md").line_start(*line).annotation(annotation);
        let title = Level::ERROR.primary_title("what is \u{1b} wrong\nin two lines").id("some-rule");
        let group = title
            .element(snippet)
            .element(Level::HELP.message("what to do\nin two lines"))
            .element(Level::NOTE.message("b.md: what is there"));
        assert_eq!(ours, Renderer::plain().render(&[group]));
    }
}
