//! Phases of the implementation with their steps.

mod plan;
mod word;

use super::reader::Reader;
use trueup_text::Span;

/// A phase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phase {
    /// Its title as written (`Phase 1: Data model`).
    pub title: String,
    /// Its steps in order.
    pub steps: Vec<Step>,
    /// Its heading.
    pub span: Span,
}

/// A step of a phase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What to do.
    pub text: String,
    /// The check box, where it has one.
    pub done: Option<bool>,
    /// Where it stands.
    pub span: Span,
}

/// Reads the phases.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<Phase> {
    plan::read(reader)
}

#[cfg(test)]
mod tests {
    use super::Phase;
    use crate::facts::support::testing::facts_of;

    fn show(phase: &Phase) -> String {
        let steps: Vec<String> = phase
            .steps
            .iter()
            .map(|step| {
                let mark = match step.done {
                    Some(true) => "x ",
                    Some(false) => "o ",
                    None => "",
                };
                format!("{mark}{}", step.text)
            })
            .collect();
        format!("{}: {}", phase.title, steps.join(", "))
    }

    fn check(body: &str, expected: &[&str]) {
        let found: Vec<String> = facts_of(&format!("# T\n\n{body}"), "").phases.iter().map(show).collect();
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn headings() {
        let plan = "## Implementation Plan\nIntro:\n- x\n\n";
        check(
            &format!("{plan}### Phase 1: A\n1. b\n2. c\n\n### Phase 2 — D\n- [x] e\n- [ ] f\n"),
            &["Phase 1: A: b, c", "Phase 2 — D: x e, o f"],
        );
        check(&format!("{plan}### Phase 1: A\n**Goal:** g\n\n1. b\n\n**Tests:**\n- t\n"), &["Phase 1: A: b"]);
        check(
            &format!("{plan}### Phase 1: A\n#### Step 1.1: b\n- x\n#### Step 1.2: c\n"),
            &["Phase 1: A: Step 1.1: b, Step 1.2: c"],
        );
        check(&format!("{plan}### Story 1: A\n- b\n\n### File Manifest\n- `c.ts`\n"), &["Story 1: A: b"]);
        check("## Phasing\n### 1. A\n- b\n### 2. C\n### Notes\n- x\n", &["1. A: b", "2. C: "]);
        check("## Phase 1 — A\n- b\n\n## Phase 2\n- c\n", &["Phase 1 — A: b", "Phase 2: c"]);
        check("## API Contracts\n### Phase 1\n- b\n", &[]);
        check("## Phase 1 screens\n- b\n", &[]);
    }

    #[test]
    fn labels_and_bullets() {
        check(
            "## Phasing\n\n**Phase 1 — A.** Words.\n\n**Phase 2 — B**\n- c\n",
            &["Phase 1 — A: ", "Phase 2 — B: c"],
        );
        check("## Phasing\nPhase 1: A  \nPhase 2: B\n", &["Phase 1: A: ", "Phase 2: B: "]);
        check(
            "## Implementation Plan\n- **Phase 1**: A\n  - b\n- **Phase 2**: C\n",
            &["Phase 1: A: b", "Phase 2: C: "],
        );
        check("## Phases\n1. **A** — words\n2. **B** — words\n", &["A: ", "B: "]);
        check("## Implementation Plan\n1. a\n2. b\n", &["Implementation Plan: a, b"]);
        check(
            "## Implementation Plan\n### Phase 1: A\n**Step 1:** b\n\n**Step 2:** c\n",
            &["Phase 1: A: Step 1: b, Step 2: c"],
        );
    }

    #[test]
    fn what_only_announces_phases_is_no_second_plan() {
        check(
            "## Phasing\n- **Phase 1**: A\n\n## Implementation Plan\n### Phase 1: A\n1. b\n",
            &["Phase 1: A: b"],
        );
        check(
            "## Implementation Plan\n### Phase 1\n#### 1.1 b\nText.\n#### 1.2 c\n",
            &["Phase 1: 1.1 b, 1.2 c"],
        );
        check(
            "## Implementation Plan\n### Phase 1\n1. b\n\nPhase 2 follows when it is done.\n",
            &["Phase 1: b"],
        );
    }

    #[test]
    fn tables() {
        check(
            "## Phasing\n| Phase | Scope | Estimate |\n|-|-|-|\n| 1 | A | 2d |\n| 2 | B | 3d |\n",
            &["1 — A: ", "2 — B: "],
        );
        check(
            "## Implementation Plan\n### Phase 1: A\n| Step | Owner |\n|-|-|\n| b | c |\n",
            &["Phase 1: A: b"],
        );
    }

    #[test]
    fn templates_are_no_plan() {
        check("## Implementation Plan\n1. …\n", &[]);
    }
}
