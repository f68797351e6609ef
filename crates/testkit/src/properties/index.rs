//! Any text as a README that lists specs.

use super::markdown::slice;
use trueup_index::{Files, Listed, Problem, judge, read_index, write};
use trueup_markdown::Document;
use trueup_model::{PathIndex, SpecId, State, StatusWords, base_name};

const INDEX: &str = "specs/README.md";
const SPECS: [(&str, State); 4] = [
    ("specs/SPEC-001-orders.md", State::Draft),
    ("specs/SPEC-002-returns.md", State::Accepted),
    ("specs/implemented/SPEC-003-stock.md", State::Implemented),
    ("specs/gifts.md", State::Superseded),
];

/// Reads `text` as an index, brings it up to date, and reads that: every place lies in the text, the edits fit, no
/// other line goes, and a second time there is nothing left to write.
pub fn index_holds(text: &str) {
    let Some((after, _)) = brought_up_to_date(text) else { return };
    let Some((again, left)) = brought_up_to_date(&after) else { panic!("no index any more:\n{after}") };
    assert_eq!(again, after, "a second time changes something: {left:?}");
}

fn brought_up_to_date(text: &str) -> Option<(String, Vec<Problem>)> {
    let document = Document::parse(text);
    let text = document.text();
    let specs: Vec<Listed> = SPECS.iter().map(|(path, state)| listed(path, *state)).collect();
    let paths = PathIndex::new(SPECS.iter().map(|(path, _)| *path).chain([INDEX, "docs/guide.md"]));
    let words = StatusWords::default();
    let is_spec = |path: &str| SPECS.iter().any(|(own, _)| *own == path);
    let among_specs = |path: &str| path.starts_with("specs/");
    let files = Files { is_spec: &is_spec, among_specs: &among_specs, paths: &paths };
    let read = |document: &Document| read_index(INDEX, document, &words, &|_| None, files);
    let index = read(&document)?;
    for part in &index.parts {
        slice(text, part.span, "a part");
        for row in &part.rows {
            slice(text, row.line, "a row's line");
            slice(text, row.span, "a row");
            row.cells.iter().chain(&row.target_span).for_each(|span| {
                let _ = slice(text, *span, "a cell");
            });
        }
    }
    let problems = judge(INDEX, &document, &index, &specs, &paths, &words);
    for problem in &problems {
        slice(text, problem.span, format_args!("{problem:?}"));
    }
    let written = write(INDEX, text, &read, &specs, &paths, &words, &|_| true);
    let written = written.unwrap_or_else(|error| panic!("the edits do not fit: {error}"));
    let after = written.expect("an index stays one").document.text().to_owned();
    Some((after, problems))
}

fn listed(path: &str, state: State) -> Listed {
    let stem = base_name(path).trim_end_matches(".md");
    let id = SpecId::of_file_name(base_name(path));
    Listed {
        path: path.to_owned(),
        name: id.as_ref().map_or(stem, |id| id.text.as_str()).to_owned(),
        id,
        title: "A | title".to_owned(),
        state,
        folder: None,
        status: state.name().to_owned(),
        created: None,
        in_reach: true,
    }
}
