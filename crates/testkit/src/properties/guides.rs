//! Any text as a guide, and any line of it as what a spec cites.

use super::markdown::slice;
use trueup_guides::{Cited, Sought, applying, citation, guide_above, likeness, read_guide, resolve};
use trueup_markdown::Document;
use trueup_model::PathIndex;

const GUIDES: [&str; 3] = ["AGENTS.md", "packages/orders/AGENTS.md", "docs/CONTRIBUTING.md"];

/// Reads `text` as a guide: every place lies in it, each statement is found by its own words, and a file that is cited
/// stands in the line that cites it.
pub fn guides_hold(text: &str) {
    let document = Document::parse(text);
    let guide = read_guide(GUIDES[0], &document);
    for rule in &guide.rules {
        slice(document.text(), rule.span, format_args!("the rule {:?}", rule.text));
    }
    for (statement, span) in &guide.statements {
        slice(document.text(), *span, format_args!("the statement {statement:?}"));
    }
    let paths = PathIndex::new(GUIDES);
    let aliases = [("House".to_owned(), GUIDES[0].to_owned())];
    for line in document.text().lines().take(40) {
        if let Some(cited) = citation(line) {
            assert!(line.contains(cited), "{cited:?} is not in {line:?}");
        }
        match resolve(line, "docs/specs/a.md", &GUIDES, &paths, &[], &aliases) {
            Cited::Found(path) => assert!(paths.contains(&path), "{path:?} is not there"),
            other => drop(other),
        }
        let alike = likeness(line, text);
        assert!((0.0..=1.0).contains(&alike), "{alike} for {line:?}");
        let _ = Sought::new(line).find(&guide);
        let _ = guide_above(line, &GUIDES);
        let applying = applying([line], &GUIDES);
        assert!(applying.iter().all(|guide| GUIDES.contains(guide)));
    }
}
