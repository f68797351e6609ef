use super::*;
use trueup_model::{Settings, read_specs};
use trueup_template::infer;
use trueup_text::apply_edits;

const TEMPLATE: &str = "# [Title]\n\n**Status:** <Draft • Accepted>\n\n## Overview\n[What]\n\n## Changelog\n- 2026-01-01: Draft created\n";

/// What a history becomes when the spec is accepted.
fn check(history: &str, expected: &str) {
    let text = format!("# A\n\n**Status:** Draft\n\n## Overview\nx\n\n## Changelog\n{history}");
    let document = Document::parse(text.as_str());
    let schema = infer("t.md", TEMPLATE, None);
    let specs = read_specs("a.md", &document, &schema, &Settings::default(), None, None);
    let entry = HistoryEntry {
        date: Date { year: 2026, month: 6, day: 15 },
        text: "Accepted (evidence abc)".into(),
        word: "Accepted".into(),
        by: "Ann",
    };
    let edit = history_edit(&document, &specs[0], &StatusWords::default(), State::Accepted, &entry);
    let after = apply_edits(&text, &edit.into_iter().collect::<Vec<_>>()).unwrap();
    let head = text.len() - history.len();
    assert_eq!(&after[..head], &text[..head]);
    assert_eq!(&after[head..], expected, "{history}");
}

#[test]
fn lists_keep_their_notation() {
    check(
        "- 2026-01-01: Draft created\n",
        "- 2026-01-01: Draft created\n- 2026-06-15: Accepted (evidence abc)\n",
    );
    check(
        "\n* **2026-01-01** — Draft",
        "\n* **2026-01-01** — Draft\n* **2026-06-15** — Accepted (evidence abc)",
    );
    check(
        "- 2026-01-01 18:59: Draft created  \n\n---\n\n> note\n",
        "- 2026-01-01 18:59: Draft created  \n- 2026-06-15: Accepted (evidence abc)  \n\n---\n\n> note\n",
    );
    check(
        "- 2026-03-01: Revised\n- 2026-01-01: Draft\n",
        "- 2026-06-15: Accepted (evidence abc)\n- 2026-03-01: Revised\n- 2026-01-01: Draft\n",
    );
    check(
        "1. 2026-01-01 - Draft\n   more\n",
        "1. 2026-01-01 - Draft\n   more\n2. 2026-06-15 - Accepted (evidence abc)\n",
    );
}

#[test]
fn foreseen_entries_are_filled() {
    check(
        "- 2026-01-01: Draft created  \n- <YYYY-MM-DD>: Accepted (MVP)\n",
        "- 2026-01-01: Draft created  \n- 2026-06-15: Accepted (MVP) (evidence abc)\n",
    );
    check(
        "- 2026-01-01: Draft\n- &lt;YYYY‑MM‑DD&gt;: Accepted (MVP)\n",
        "- 2026-01-01: Draft\n- 2026-06-15: Accepted (MVP) (evidence abc)\n",
    );
}

#[test]
fn headings_tables_and_paragraphs_keep_theirs() {
    check(
        "### 2026-01-01\n- Initial specification\n",
        "### 2026-01-01\n- Initial specification\n\n### 2026-06-15\n- Accepted (evidence abc)\n",
    );
    check(
        "### [2026-03-01]\n\n* More\n\n### [2026-01-01]\n\n* Initial\n",
        "### [2026-06-15]\n\n* Accepted (evidence abc)\n\n### [2026-03-01]\n\n* More\n\n### [2026-01-01]\n\n* Initial\n",
    );
    check("### 2026-06-15\n- Initial\n", "### 2026-06-15\n- Initial\n- Accepted (evidence abc)\n");
    check(
        "| Version | Date | Author | Changes |\n|---|---|---|---|\n| 1.0 | 2026-01-01 | Bob | Draft |\n",
        "| Version | Date | Author | Changes |\n|---|---|---|---|\n| 1.0 | 2026-01-01 | Bob | Draft |\n| 1.0 | 2026-06-15 | Ann | Accepted (evidence abc) |\n",
    );
    check("**2026-01-01** — Draft\n", "**2026-01-01** — Draft\n\n**2026-06-15** — Accepted (evidence abc)\n");
    check("", "\n- 2026-06-15: Accepted (evidence abc)\n");
}
