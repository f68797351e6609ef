//! A spec that passes `check --gate accept` is never refused by `accept`, and one that does not is.

use crate::fixture::{bob, open, told};
use proptest::prelude::*;
use trueup_evidence::{NewEntry, Statement, append};
use trueup_finding::Level;
use trueup_lifecycle::{Failure, Gate, Request, gate_check, transition};
use trueup_testkit::Repository;

const TEMPLATE: &str = "# SPEC-XXX: [Title]\n\n**Status:** <Draft • In review • Accepted • Implemented>\n**Owner:** <name>\n\n## Overview\n[What it is]\n\n## Data and Migrations\n[What changes in the database]\n\n## Observability\n- [What to watch]\n\n## Open Questions (Optional)\n- [Question]\n\n## Risks\n- [Risk]\n\n## Acceptance Criteria\n- [ ] [Something that can be verified]\n\n## Changelog\n- 2026-01-01: Draft created\n- <YYYY-MM-DD>: Accepted\n";

/// What may stand in each part of a spec; the first of each lets it pass.
const PARTS: [(&str, &[&str]); 7] = [
    ("**Status:** ", &["In review", "Draft", "Accepted", "Wobbly"]),
    ("## Overview\n", &["Goods come back.", "", "[What it is]", "As in [orders](gone.md)."]),
    ("## Data and Migrations\n", &["N/A — nothing is stored.", "N/A", "", "Add a column `returned`."]),
    ("## Observability\n", &["- Error rate of the endpoint", "N/A"]),
    ("## Open Questions\n", &["None", "- Who pays for the way back?"]),
    ("## Risks\n", &["- None: nothing can go wrong", "- Goods are lost on the way", ""]),
    (
        "## Acceptance Criteria\n",
        &[
            "- [ ] AC-1: A return is listed within 2 s",
            "- [ ] A return is listed",
            "- [ ] AC-1: It works well",
            "",
        ],
    ),
];

fn text(choice: &[usize]) -> String {
    let mut out = "# SPEC-001: Returns\n\n".to_owned();
    for (at, (lead, options)) in PARTS.iter().enumerate() {
        let said = options[choice[at] % options.len()];
        let owner = if at == 0 { "\n**Owner:** Ann" } else { "" };
        out.push_str(&format!("{lead}{said}{owner}\n\n"));
    }
    out + "## Changelog\n- 2026-01-01: Draft created\n- <YYYY-MM-DD>: Accepted\n"
}

/// How the history ends: the entry that waits for its date, with what may be wrong behind that, or another spec.
const ENDS: [&str; 4] = [
    "- <YYYY-MM-DD>: Accepted\n",
    "- <YYYY-MM-DD>: Accepted, see [x](gone.md)\n",
    "- <YYYY-MM-DD>: Accepted by <name>\n",
    "- 2026-01-02: Reviewed\n\n# SPEC-002: Refunds\n\n**Status:** In review\n**Owner:** Ann\n\n## Overview\nMoney goes back.\n\n## Changelog\n- 2026-01-01: Draft created\n",
];
/// Rules that somebody answers for; the first is none.
const WAIVED: [&str; 4] = ["", "broken-link", "empty-section", "missing-section"];

fn waive(root: &std::path::Path, rule: &str) {
    let statement = Statement::Waiver {
        of: rule.to_owned(),
        owner: "Ann".to_owned(),
        reason: "is being rewritten".to_owned(),
        expires: "2999-01-01".to_owned(),
    };
    // Waivers that were given after the day of the tests do not count yet.
    let time = "2026-06-01T12:00:00Z".to_owned();
    let entry = NewEntry { by: bob(), time, subjects: Vec::new(), statement };
    append(root, "SPEC-001", &entry, None).expect("the waiver is recorded");
}

/// Whether the check lets it pass, and what the command says.
fn both(text: &str) -> (Vec<String>, Result<(), Failure>) {
    both_of(text, Gate::Accept, "")
}

fn both_of(text: &str, gate: Gate, waived: &str) -> (Vec<String>, Result<(), Failure>) {
    let config =
        "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n\n[lifecycle.approvals]\ncount = 0\n";
    let files = [("trueup.toml", config), ("template.md", TEMPLATE), ("specs/SPEC-001-returns.md", text)];
    let repository = Repository::new(&files);
    if !waived.is_empty() {
        waive(repository.path(), waived);
    }
    let workspace = open(repository.path());
    let registry = trueup_rules::all();
    let path = "specs/SPEC-001-returns.md";
    let checked = gate_check(&workspace, &registry, gate, &[path.to_owned()]);
    let errors = checked.report.findings.iter().filter(|f| f.level == Level::Error);
    let errors = errors.map(|f| format!("{}: {}", f.rule, f.message)).collect();
    let request = Request {
        action: gate.action(),
        path,
        command: gate.name(),
        by: bob(),
        why: None,
        until: None,
        successor: None,
        again: false,
        allow_dirty: false,
        dry_run: true,
        commit: false,
        signer: None,
    };
    (errors, transition(None, &workspace, &registry, &request, &mut |_| {}).map(|_| ()))
}

#[test]
fn a_sound_spec_passes_and_each_gap_is_named() {
    let (errors, done) = both(&text(&[0; 7]));
    assert!(errors.is_empty() && done.is_ok(), "{errors:?} {:?}", done.map_err(told));
    for (part, (_, options)) in PARTS.iter().enumerate() {
        for option in 1..options.len() {
            let mut choice = [0; 7];
            choice[part] = option;
            let (errors, done) = both(&text(&choice));
            // A word that nobody knows counts as In review, and the step writes another.
            let fine = (part == 0 && option != 2) || (part == 2 && option == 3) || (part == 5 && option == 1);
            assert_eq!(done.is_ok(), errors.is_empty(), "{part} {option}: {errors:?}");
            assert!(fine || !errors.is_empty(), "{part} {option} passes: {}", text(&choice));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_check_and_the_command_agree(
        choice in proptest::collection::vec(0usize..4, 7),
        (end, waived, gate) in (0usize..4, 0usize..4, 0usize..3),
    ) {
        let gate = [Gate::Submit, Gate::Accept, Gate::Implement][gate];
        let text = text(&choice).replace(ENDS[0], ENDS[end]);
        let (errors, done) = both_of(&text, gate, WAIVED[waived]);
        match done {
            Ok(()) => prop_assert!(errors.is_empty(), "accepted, though: {errors:?}"),
            Err(Failure::Refused(report)) => {
                prop_assert!(!errors.is_empty(), "refused, though nothing was found: {:?}", report.reasons);
                prop_assert_eq!(errors.len(), report.reasons.len());
            }
            Err(other) => prop_assert!(false, "{}", told(other)),
        }
    }
}

#[test]
fn what_the_step_does_not_mend_is_no_less_wrong() {
    for (end, passes) in [(0, true), (1, false), (3, false)] {
        let (errors, done) = both(&text(&[0; 7]).replace(ENDS[0], ENDS[end]));
        assert_eq!((errors.is_empty(), done.is_ok()), (passes, passes), "{}: {errors:?}", ENDS[end]);
    }
}

#[test]
fn what_somebody_answers_for_is_not_found() {
    let choice = [0, 3, 0, 0, 0, 0, 0];
    let (errors, done) = both_of(&text(&choice), Gate::Accept, "");
    assert!(errors.len() == 1 && done.is_err(), "{errors:?}");
    let (errors, done) = both_of(&text(&choice), Gate::Accept, "broken-link");
    assert!(errors.is_empty() && done.is_ok(), "{errors:?}");
}

const DRAFT: &str = "# SPEC-XXX: [Title]\n\n**Status:** <Draft • In review • Accepted>\n**Owner:** <name>\n\n## TLDR\n**Key Points:**\n- [What we are building]\n\n## Problem Statement\n[What hurts today]\n\n## Risks\n- [Risk]\n\n## Acceptance Criteria\n- [ ] [Something that can be verified]\n\n## Changelog\n- 2026-01-01: Draft created\n";

/// Why a draft may not be submitted, by the check and by the command.
fn submitted(text: &str) -> Vec<String> {
    let config = "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n";
    let path = "specs/SPEC-001-returns.md";
    let repository = Repository::new(&[("trueup.toml", config), ("template.md", DRAFT), (path, text)]);
    let workspace = open(repository.path());
    let registry = trueup_rules::all();
    let answer =
        trueup_lifecycle::gate(&workspace, &registry, path, Gate::Submit, false).expect("it is a spec");
    let checked = gate_check(&workspace, &registry, Gate::Submit, &[path.to_owned()]);
    let errors = checked.report.findings.iter().filter(|f| f.level == Level::Error).count();
    assert_eq!(errors, answer.reasons.len(), "{:?}", answer.reasons);
    assert!(answer.reasons.iter().all(|reason| reason.hint.is_some()), "{:?}", answer.reasons);
    answer.reasons.into_iter().map(|reason| reason.what).collect()
}

#[test]
fn what_nobody_has_filled_in_is_no_proposal() {
    let unfilled = DRAFT.replace("XXX", "001").replace("<Draft • In review • Accepted>", "Draft");
    let left = |what: &str| format!("`{what}` is the template's placeholder");
    let reasons = submitted(&unfilled);
    assert_eq!(
        reasons,
        ["the title is still `[Title]`".to_owned(), left("Owner: <name>"), left("[What we are building]")]
    );
    // Who has filled in what a reader needs first may leave the rest to the review.
    let proposal = unfilled
        .replace("[Title]", "Returns")
        .replace("**Owner:** <name>", "**Owner:** Ann")
        .replace("[What we are building]", "Goods come back.");
    assert_eq!(submitted(&proposal), Vec::<String>::new());
    let gap = |from: &str, to: &str| submitted(&proposal.replace(from, to)).len();
    assert_eq!(gap("Goods come back.", "[What we are building]"), 1);
    assert_eq!(gap("**Key Points:**\n- Goods come back.\n", ""), 1);
    assert_eq!(gap("Ann", "<name>"), 1);
    assert_eq!(gap(": Returns", ": [Title]"), 1);
}
