//! Tests that a spec promises.

use super::item::{is_none, is_unfilled, take_id};
use super::reader::Reader;
use super::support::{Found, Grid, Piece, Text, Turn, code_spans, is_left, labels, pieces, says_none};
use trueup_markdown::{Document, NodeId, SectionId};
use trueup_text::Span;

/// A test that a spec promises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedTest {
    /// Its ID (`TC-AUTH-012`), where it has one.
    pub id: Option<String>,
    /// Its file, where one is named.
    pub path: Option<String>,
    /// What it tests.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Reads the testing strategy.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<PlannedTest> {
    let found = pieces(reader, |id| of_title(reader, id), of_label);
    let mut walk = Walk { reader, steps: Steps::No, out: Vec::new() };
    for run in found.chunk_by(|_, b| !is_heading(&b.piece)) {
        let before = walk.out.len();
        for piece in run {
            walk.piece(piece);
        }
        if walk.out.len() == before {
            walk.prose(run);
        }
    }
    walk.out
}

/// What labels inside a test are called.
const STEPS: &[&str] = &[
    "step",
    "expect",
    "assert",
    "setup",
    "precondition",
    "given",
    "when",
    "then",
    "verif",
    "file",
    "note",
    "type",
    "cleanup",
    "teardown",
    "testing note",
];

/// Sections that speak of tests without promising any.
const ELSEWHERE: &[&str] = &["compliance", "changelog", "risks", "questions", "references"];

fn of_title(reader: &Reader<'_>, section: SectionId) -> Turn<()> {
    let document = reader.document;
    let title = &document.section(section).normal.core;
    let kind = reader.kind_of(section);
    let above = std::iter::successors(document.section(section).parent, |id| document.section(*id).parent);
    let inside = above.filter_map(|id| reader.kind_of(id)).any(|kind| ELSEWHERE.contains(&kind));
    if inside {
        return Turn::Leaves;
    }
    if kind == Some("tests") || kind.is_none_or(|k| k == "plan") && speaks_of_tests(title) {
        return Turn::Opens(());
    }
    if kind.is_some() { Turn::Leaves } else { Turn::Goes }
}

/// `integration & test coverage`, `unit tests`, `playwright test plan`; phases that test are phases.
fn speaks_of_tests(title: &str) -> bool {
    let first = title.split(' ').next().unwrap_or("");
    if matches!(first, "phase" | "step" | "story" | "workstream" | "slice" | "milestone" | "risk") {
        return false;
    }
    // One of these is in each of the phrases.
    if !["test", "coverage", "verification"].iter().any(|word| title.contains(word)) {
        return false;
    }
    let words = [
        "test coverage",
        "integration coverage",
        "unit coverage",
        "integration tests",
        "unit tests",
        "test plan",
        "test cases",
        "test scenarios",
        "test strategy",
        "testing strategy",
        "testing plan",
        "verification plan",
        "manual verification",
        "integration test",
        "e2e tests",
        "end to end tests",
        "test matrix",
        "coverage matrix",
        "regression tests",
        "tests to add",
        "new tests",
        "test surface",
        "testing requirements",
        "verification checklist",
    ];
    words.iter().any(|w| title.contains(w)) || title.ends_with(" tests") || title.ends_with(" coverage")
}

fn of_label(label: &str) -> Option<()> {
    let words = [
        "tests",
        "unit tests",
        "integration tests",
        "test coverage",
        "integration coverage",
        "integration test coverage",
        "test plan",
        "e2e tests",
        "testing strategy",
        "new tests",
        "unit test coverage",
        "playwright tests",
    ];
    words.contains(&label).then_some(())
}

fn is_heading(piece: &Piece) -> bool {
    matches!(piece, Piece::Opening(_) | Piece::Title(_) | Piece::Label(_))
}

/// Whether what comes next are the steps of the test above.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Steps {
    No,
    /// Of a paragraph that names a test; a label ends them.
    OfParagraph,
    /// Of a heading that names a test; the next heading ends them.
    OfHeading,
}

struct Walk<'r, 'a> {
    reader: &'r Reader<'a>,
    steps: Steps,
    out: Vec<PlannedTest>,
}

impl Walk<'_, '_> {
    fn piece(&mut self, found: &Found<()>) {
        let document = self.reader.document;
        match &found.piece {
            Piece::Opening(id) | Piece::Title(id) => {
                let this = document.section(*id);
                let names = !test_ids(&this.title).is_empty();
                self.steps = if names { Steps::OfHeading } else { Steps::No };
                if names {
                    self.push(Text { text: this.title.clone(), span: this.title_span }, None);
                }
            }
            Piece::Label(_) => self.steps = Steps::No,
            Piece::Paragraph(node) => self.paragraph(*node),
            Piece::Item(_, node) if self.steps != Steps::No => self.add_path(*node),
            Piece::Item(_, node) => {
                let path = path_in(document, *node);
                self.push(Text::of(document, *node), path);
            }
            Piece::Value(text) => {
                self.push(text.clone(), None);
            }
            Piece::Table(_) if self.steps == Steps::OfHeading => {}
            Piece::Table(table) => self.rows(*table),
            Piece::Code(code) => self.code(*code),
        }
    }

    /// `**TC-A-001 — What**` opens a test; `**File:** path` belongs to the one above.
    fn paragraph(&mut self, node: NodeId) {
        let document = self.reader.document;
        let text = Text::of(document, node);
        let leads = id_in_front(&text.text);
        if leads {
            self.push(text, path_in(document, node));
            self.steps = Steps::OfParagraph;
            return;
        }
        // `**devices module:**` heads the next list, `**Steps:**` goes on with the test.
        let heads = |key: &str| !STEPS.iter().any(|word| key.starts_with(word));
        let ends =
            labels(document, node).iter().any(|label| label.bold && label.is_bare() && heads(&label.key));
        if ends && self.steps == Steps::OfParagraph {
            self.steps = Steps::No;
        }
        self.add_path(node);
    }

    /// Where nothing is listed, a paragraph may say what is to be tested.
    fn prose(&mut self, run: &[Found<()>]) {
        let document = self.reader.document;
        for found in run {
            let Piece::Paragraph(node) = &found.piece else { continue };
            let text = Text::of(document, *node);
            let lower = text.text.to_lowercase();
            let speaks = ["test", "spec", "scenario", "assert", "verif"].iter().any(|w| lower.contains(w));
            if speaks && !text.text.ends_with(':') {
                self.push(text, path_in(document, *node));
            }
        }
    }

    fn add_path(&mut self, node: NodeId) {
        if let Some(last) = self.out.last_mut()
            && self.steps != Steps::No
            && last.path.is_none()
        {
            last.path = path_in(self.reader.document, node);
        }
    }

    /// Adds a test for each ID in a text, or one without.
    fn push(&mut self, text: Text, path: Option<String>) {
        let bare = text.text.trim();
        let nothing = is_unfilled(bare) || is_none(bare) || says_none(bare) && test_ids(bare).is_empty();
        if nothing || is_left(self.reader, text.span) {
            return;
        }
        let ids = test_ids(bare);
        let test = |id: Option<String>| PlannedTest {
            id,
            path: path.clone(),
            text: without_ids(bare, &ids).to_owned(),
            span: text.span,
        };
        if ids.is_empty() {
            self.out.push(test(None));
        } else {
            self.out.extend(ids.iter().map(|id| test(Some(id.clone()))));
        }
    }

    fn rows(&mut self, table: NodeId) {
        let document = self.reader.document;
        let grid = Grid::of(document, table);
        let column =
            |names: &[&str]| names.iter().find_map(|name| grid.columns.iter().position(|c| c == name));
        let path = column(&["file", "path", "spec", "spec file", "test file", "location", "file path"]);
        let id = column(&["test id", "id", "tc", "test case id", "case id", "tc id", "case", "test"]);
        let said = column(&[
            "scenario",
            "description",
            "what it verifies",
            "what is tested",
            "verifies",
            "coverage",
            "covers",
            "purpose",
            "case",
            "test",
            "test case",
            "assertion",
            "name",
            "what",
            "area",
            "flow",
            "behavior",
        ])
        .filter(|c| Some(*c) != path);
        for row in &grid.rows {
            let cell = |column: Option<usize>| column.and_then(|c| row.cells.get(c)).copied();
            let plain = |cell: NodeId| document.plain(cell).trim().to_owned();
            let span = document.span(row.node).trimmed(document.text());
            let whole: Vec<String> = row.cells.iter().map(|c| plain(*c)).collect();
            let ids = cell(id).map(|c| {
                let text = Text::of(document, c);
                let own = take_id(document, &text).0.map(|id| vec![id.text]);
                own.unwrap_or_else(|| test_ids(&text.text))
            });
            let ids = ids.filter(|ids| !ids.is_empty());
            let ids = ids.unwrap_or_else(|| test_ids(&whole.join(" ")));
            let first = row.cells.iter().find(|c| test_ids(&document.plain(**c)).is_empty()).copied();
            let text = cell(said)
                .filter(|c| ids.is_empty() || !id_in_front(&plain(*c)) || plain(*c).len() > 24)
                .or(first)
                .map(plain)
                .unwrap_or_default();
            let text = without_ids(&text, &ids).to_owned();
            if is_unfilled(&text) && ids.is_empty() {
                continue;
            }
            let path = cell(path)
                .and_then(|c| path_in(document, c))
                .or_else(|| row.cells.iter().find_map(|c| path_in(document, *c)));
            if ids.is_empty() {
                self.out.push(PlannedTest { id: None, path, text, span });
                continue;
            }
            for id in ids {
                self.out.push(PlannedTest { id: Some(id), path: path.clone(), text: text.clone(), span });
            }
        }
    }

    /// Lines of a code block that begin with an ID.
    fn code(&mut self, code: NodeId) {
        let document = self.reader.document;
        let span = document.code_span(code);
        let mut at = span.start as usize;
        for line in span.text(document.text()).split_inclusive('\n') {
            let bare = line.trim_start_matches([' ', '\t', '-', '*', '[', ']', '│', '├', '└', '─']);
            let start = at + line.len() - bare.len();
            at += line.len();
            let bare = bare.trim_end();
            if self.steps != Steps::No {
                continue;
            }
            if id_in_front(bare) {
                self.push(Text { text: bare.to_owned(), span: Span::new(start, start + bare.len()) }, None);
            } else if let Some((from, length)) = case_in_code(bare) {
                let span = Span::new(start + from, start + from + length);
                self.push(Text { text: bare[from..from + length].to_owned(), span }, None);
            }
        }
    }
}

/// Where `it('does …')` or `test("does …")` says what it tests: its place and length in the line.
fn case_in_code(line: &str) -> Option<(usize, usize)> {
    let lead = ["it(", "test(", "it.each(", "test.each("].into_iter().find(|lead| line.starts_with(lead))?;
    let rest = &line[lead.len()..];
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"' | '`'))?;
    let length = rest[1..].find(quote)?;
    Some((lead.len() + 1, length))
}

/// Whether a text begins with a test's ID.
fn id_in_front(text: &str) -> bool {
    let bare = text.trim_start_matches(['[', '(', '`', '*', ' ']);
    bare.starts_with("TC-") && id_length(bare).is_some()
}

/// Length of `TC-AUTH-012` at the front of a text.
fn id_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 2;
    let mut numbered = false;
    while bytes.get(at) == Some(&b'-') {
        let part =
            bytes[at + 1..].iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
        if part == 0 {
            break;
        }
        at += 1 + part;
        numbered = bytes[at - part..at].iter().any(u8::is_ascii_digit);
        let last = bytes[at - part..at].iter().all(u8::is_ascii_digit);
        if last && at > 3 + part {
            break;
        }
    }
    if bytes.get(at).is_some_and(u8::is_ascii_lowercase)
        && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        at += 1;
    }
    let ends = text[at..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
    (numbered && ends).then_some(at)
}

/// All IDs in a text, each once: `TC-A-001/002` are two.
fn test_ids(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find("TC-") {
        let at = from + found;
        from = at + 3;
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-') {
            continue;
        }
        let Some(length) = id_length(&text[at..]) else { continue };
        let id = &text[at..at + length];
        from = at + length;
        push_new(&mut out, id.to_owned());
        // `/002/003`
        let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
        while let Some(rest) = text[from..].strip_prefix('/') {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits < 2 || digits != id.len() - stem.len() {
                break;
            }
            push_new(&mut out, format!("{stem}{}", &rest[..digits]));
            from += 1 + digits;
        }
    }
    out
}

/// A text that names thousands of tests names none.
fn push_new(out: &mut Vec<String>, id: String) {
    if out.len() < 100 && !out.contains(&id) {
        out.push(id);
    }
}

/// What a text says behind the ID in front of it.
fn without_ids<'t>(text: &'t str, ids: &[String]) -> &'t str {
    let [id] = ids else { return text };
    let bare = text.trim_start_matches(['[', '(', '`', ' ']);
    match bare.strip_prefix(id.as_str()) {
        Some(rest) if rest.starts_with(".spec") || rest.starts_with(".test") || rest.starts_with('-') => text,
        Some(rest) => rest.trim_start_matches([']', ')', ':', '—', '–', '-', '.', ' ', '`']),
        None => text,
    }
}

/// The first file that code in a node names.
fn path_in(document: &Document, node: NodeId) -> Option<String> {
    code_spans(document, node).into_iter().map(|code| code.text).find(|code| is_file(code))
}

fn is_file(code: &str) -> bool {
    let path = code.split(':').next().unwrap_or(code);
    if path.contains(' ') || path.starts_with(['/', '@', '-']) && !path.contains('.') {
        return false;
    }
    let Some((stem, extension)) = path.rsplit_once('.') else { return false };
    let known = [
        "ts", "tsx", "js", "jsx", "mjs", "cjs", "py", "rs", "go", "rb", "java", "kt", "cs", "md", "sh",
        "sql", "php", "hurl",
    ];
    let tests =
        stem.ends_with(".test") || stem.ends_with(".spec") || stem.contains("test") || stem.contains("TC-");
    known.contains(&extension) && (tests || path.contains("__integration__") || path.contains("/e2e/"))
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = facts_of(text, "")
            .tests
            .iter()
            .map(|t| {
                format!("{}|{}|{}", t.id.as_deref().unwrap_or(""), t.path.as_deref().unwrap_or(""), t.text)
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_notation() {
        let head = "# T\n## Testing Strategy\n";
        for (text, expected) in [
            (
                "- Unit: a\n- TC-A-001: b in `x/a.test.ts`\n",
                vec!["||Unit: a", "TC-A-001|x/a.test.ts|b in x/a.test.ts"],
            ),
            ("- **TC-A-001** — b\n", vec!["TC-A-001||b"]),
            ("- **Unit tests:**\n  - a\n  - b\n", vec!["||a", "||b"]),
            ("| Test ID | Scenario | Path |\n|-|-|-|\n| TC-A-001 | b | `POST /a` |\n", vec!["TC-A-001||b"]),
            (
                "| File | Test | Covers |\n|-|-|-|\n| `a/TC-A-001.spec.ts` | TC-A-001 | b |\n",
                vec!["TC-A-001|a/TC-A-001.spec.ts|b"],
            ),
            (
                "| ID | Scenario | Test |\n|-|-|-|\n| A-INT-01 | b (as TC-A-009) | `TC-A-002` |\n",
                vec!["A-INT-01||b (as TC-A-009)"],
            ),
            ("| Test | Assert |\n|-|-|\n| Starts | ok |\n", vec!["||Starts"]),
            (
                "### TC-A-001: b\n**File:** `a/TC-A-001.spec.ts`\n1. step\n2. step\n### Other\n- c\n",
                vec!["TC-A-001|a/TC-A-001.spec.ts|b", "||c"],
            ),
            (
                "**TC-A-001 — b** (API)\n1. step\n\n**TC-A-002 — c**\n- step\n",
                vec!["TC-A-001||b (API)", "TC-A-002||c"],
            ),
            (
                "```\nTC-A-001: GET /a → 200\nTC-A-002: GET /b\n```\n",
                vec!["TC-A-001||GET /a → 200", "TC-A-002||GET /b"],
            ),
            (
                "- `GET /a` (TC-A-001, TC-A-002)\n",
                vec!["TC-A-001||GET /a (TC-A-001, TC-A-002)", "TC-A-002||GET /a (TC-A-001, TC-A-002)"],
            ),
            ("- TC-A-001/002 later\n", vec!["TC-A-001||TC-A-001/002 later", "TC-A-002||TC-A-001/002 later"]),
            ("N/A\n", vec![]),
            ("- [Unit tests for ...]\n", vec![]),
            ("Some prose.\n", vec![]),
            ("Add a test of the form.\n", vec!["||Add a test of the form."]),
            ("Tests go there.\n\n- a\n", vec!["||a"]),
            ("```ts\ndescribe('x', () => {\n  it('does a', () => {})\n})\n```\n", vec!["||does a"]),
            ("### TC-A-001: b\n**Steps:**\n1. c\n", vec!["TC-A-001||b"]),
        ] {
            check(&format!("{head}{text}"), &expected);
        }
    }

    #[test]
    fn where_tests_stand() {
        check("# T\n## Integration Test Coverage (Required)\n- a\n", &["||a"]);
        check("# T\n## Implementation Plan\n### Phase 1: Unit tests\n1. a\n### Unit tests\n- b\n", &["||b"]);
        check("# T\n## Architecture\n**Tests:**\n- a\n\nMore.\n", &["||a"]);
        check("# T\n## Changelog\n### Tests\n- a\n", &[]);
    }
}
