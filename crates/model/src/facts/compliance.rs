//! The compliance report: the author's claims about the spec itself.

mod answer;
mod bullet;
mod report;

use super::reader::Reader;
use super::support::Text;
use crate::date::Date;
use trueup_text::Span;

/// What an author answers in a status cell, whatever the words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Answer {
    /// Compliant, Pass, ✅, Done, Yes.
    Pass,
    /// N/A.
    NotApplicable,
    /// Partial, with conditions.
    Partial,
    /// Pending, deferred, will comply, to do, verify later.
    Pending,
    /// Non-compliant, Fail, ❌, No.
    Fail,
    /// Something else.
    Other,
}

/// A guide that the author read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GuideRef {
    /// The path as written.
    pub path: String,
    /// Where it stands.
    pub span: Span,
}

/// A row of the compliance matrix.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MatrixRow {
    /// The guide that holds the rule, as written.
    pub source: String,
    /// The rule, as written.
    pub rule: String,
    /// The status as written.
    pub status: Text,
    /// What the status means.
    pub answer: Answer,
    /// The notes.
    pub notes: String,
    /// The row or bullet.
    pub span: Span,
}

/// A row of the internal consistency check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckRow {
    /// What was checked, as written.
    pub check: String,
    /// The status as written.
    pub status: Text,
    /// What the status means.
    pub answer: Answer,
    /// The notes.
    pub notes: String,
    /// The row or bullet.
    pub span: Span,
}

/// An item that the author names as not compliant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NonCompliantItem {
    /// The rule, or the whole bullet.
    pub rule: String,
    /// The guide.
    pub source: String,
    /// What is missing.
    pub gap: String,
    /// What to do.
    pub recommendation: String,
    /// Where it stands.
    pub span: Span,
}

/// What kind of verdict an author gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VerdictClass {
    /// "Fully compliant".
    FullyCompliant,
    /// "Approved", "Ready for implementation", "Compliant" without "fully".
    Approved,
    /// Approved or compliant under conditions, partly compliant.
    Conditional,
    /// "Non-compliant", "Blocked".
    NonCompliant,
    /// Anything else.
    Other,
}

impl VerdictClass {
    /// The word in the JSON of a spec.
    pub fn key(self) -> &'static str {
        match self {
            VerdictClass::FullyCompliant => "fully_compliant",
            VerdictClass::Approved => "approved",
            VerdictClass::Conditional => "conditional",
            VerdictClass::NonCompliant => "non_compliant",
            VerdictClass::Other => "other",
        }
    }
}

/// The verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerdictClaim {
    /// What kind of verdict it is.
    pub class: VerdictClass,
    /// Its text without markup.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// The compliance report of a spec.
#[derive(Clone, Debug, Default)]
pub struct Compliance {
    /// The date behind its title.
    pub date: Option<Date>,
    /// Its title.
    pub span: Span,
    /// Guides that were read.
    pub guides: Vec<GuideRef>,
    /// Rows of the matrix.
    pub rows: Vec<MatrixRow>,
    /// Rows of the consistency check.
    pub checks: Vec<CheckRow>,
    /// Items named as not compliant.
    pub non_compliant: Vec<NonCompliantItem>,
    /// The sentence that says that no item is non-compliant.
    pub none: Option<Text>,
    /// The verdict.
    pub verdict: Option<VerdictClaim>,
    /// What a report says that has no row, no item and no verdict: its sentences and bullets.
    pub statements: Vec<Text>,
}

/// Reads the compliance report.
pub(crate) fn read(reader: &Reader<'_>) -> Option<Compliance> {
    report::read(reader)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::support::testing::facts_of;

    fn show(report: &Compliance) -> Vec<String> {
        let mut out = Vec::new();
        out.extend(report.date.map(|date| date.to_string()));
        out.extend(report.guides.iter().map(|g| format!("guide {}", g.path)));
        out.extend(report.rows.iter().map(|r| {
            format!("row {} | {} | {} = {:?} | {}", r.source, r.rule, r.status.text, r.answer, r.notes)
        }));
        out.extend(
            report.checks.iter().map(|c| format!("check {} | {} = {:?}", c.check, c.status.text, c.answer)),
        );
        out.extend(
            report
                .non_compliant
                .iter()
                .map(|n| format!("open {} | {} | {} | {}", n.rule, n.source, n.gap, n.recommendation)),
        );
        out.extend(report.none.iter().map(|n| format!("none {}", n.text)));
        out.extend(report.verdict.iter().map(|v| format!("verdict {} {}", v.class.key(), v.text)));
        out.extend(report.statements.iter().map(|s| format!("says {}", s.text)));
        out
    }

    fn check(body: &str, expected: &[&str]) {
        let text = format!("# T\n\n## Final Compliance Report\n\n{body}");
        check_whole(&text, expected);
    }

    fn check_whole(text: &str, expected: &[&str]) {
        let found = facts_of(text, "").compliance.map(|report| show(&report)).unwrap_or_default();
        assert_eq!(found, expected, "{text}");
    }

    const WHOLE: &str = "## Final Compliance Report — 2026-03-02\n\n### AGENTS.md Files Reviewed\n- `AGENTS.md` (root)\n- `packages/core/AGENTS.md` — `Rules`\n\n### Compliance Matrix\n\n| Rule Source | Rule | Status | Notes |\n|-|-|-|-|\n| root | No ORM | Compliant | ids |\n\n### Internal Consistency Check\n\n| Check | Status | Notes |\n|-|-|-|\n| Models match | Pass | |\n\n### Non-Compliant Items\n\nNone.\n\n### Verdict\n\n- **Fully compliant**: Approved — ready\n";
    const WHOLE_FACTS: &[&str] = &[
        "2026-03-02",
        "guide AGENTS.md",
        "guide packages/core/AGENTS.md",
        "row root | No ORM | Compliant = Pass | ids",
        "check Models match | Pass = Pass",
        "none None.",
        "verdict fully_compliant Fully compliant: Approved — ready",
    ];

    #[test]
    fn the_template() {
        check_whole(&format!("# T\n\n{WHOLE}"), WHOLE_FACTS);
        // A title twice running, and a report that was left in its code block.
        check_whole(&format!("# T\n\n## Final Compliance Report\n\n{WHOLE}"), WHOLE_FACTS);
        check_whole(&format!("# T\n\n## Final Compliance Report\n\n```markdown\n{WHOLE}```\n"), WHOLE_FACTS);
    }

    #[test]
    fn spans_in_a_code_block_are_of_the_file() {
        let text = format!("# Ä\n\n## Final Compliance Report\n\n```markdown\n{WHOLE}```\n");
        let report = facts_of(&text, "").compliance.unwrap_or_default();
        assert_eq!(report.rows[0].status.span.text(&text), "Compliant");
        assert_eq!(report.guides[1].span.text(&text), "`packages/core/AGENTS.md`");
    }

    #[test]
    fn bullets_with_a_status() {
        for (bullet, expected) in [
            ("✅ No ORM — ids only", "row  | No ORM | ✅ = Pass | ids only"),
            ("No ORM: PASS", "row  | No ORM | PASS = Pass | "),
            ("**No ORM** — Compliant (ids only)", "row  | No ORM | Compliant = Pass | (ids only)"),
            ("No ORM is used. ✔", "row  | No ORM is used. | ✔ = Pass | "),
            ("No ORM → ❌ missing", "row  | No ORM | ❌ = Fail | missing"),
            ("**root AGENTS.md**: No ORM: N/A", "row root AGENTS.md | No ORM | N/A = NotApplicable | "),
            ("[x] No ORM", "row  | No ORM | [x] = Pass | "),
            ("[ ] No ORM", "row  | No ORM | [ ] = Pending | "),
            ("No ORM (non-compliant)", "row  | No ORM | non-compliant = Fail | "),
        ] {
            check(&format!("### Compliance Matrix\n- {bullet}\n"), &[expected]);
            check(&format!("- {bullet}\n"), &[expected]);
        }
        // No status: stated, and no row.
        check(
            "- Security: existing guards stay\n- Data: open the dialog\n",
            &["says Security: existing guards stay", "says Data: open the dialog"],
        );
        check(
            "### Internal consistency check\n- Models match: Pass\n",
            &["check Models match | Pass = Pass"],
        );
        check(
            "### Minimal impact\n\nPass. Nothing else.\n",
            &["row  | Minimal impact | Pass = Pass | Nothing else."],
        );
    }

    #[test]
    fn words_of_a_status() {
        for (status, answer) in [
            ("Compliant", "Pass"),
            ("✅ PASS", "Pass"),
            ("✅ No new names", "Pass"),
            ("✅ N/A", "NotApplicable"),
            ("Done", "Pass"),
            ("Yes", "Pass"),
            ("N/A (no UI)", "NotApplicable"),
            ("N/A / Compliant", "NotApplicable"),
            ("Partial", "Partial"),
            ("Compliant with conditions", "Partial"),
            ("Deferred", "Pending"),
            ("Will comply", "Pending"),
            ("Verify later", "Pending"),
            ("☐ deferred", "Pending"),
            ("Non-compliant", "Fail"),
            ("**Fail**", "Fail"),
            ("No", "Fail"),
            ("No payload is logged", "Other"),
            ("Pass / Fail", "Other"),
            ("Acknowledged", "Other"),
        ] {
            let table = format!("| Rule | Status |\n|-|-|\n| a | {status} |\n");
            let text = format!("# T\n\n## Final Compliance Report\n\n{table}");
            let report = facts_of(&text, "").compliance.unwrap_or_default();
            let found: Vec<String> = report.rows.iter().map(|row| format!("{:?}", row.answer)).collect();
            assert_eq!(found, [answer], "{status}");
        }
    }

    #[test]
    fn verdicts() {
        for (said, class) in [
            ("**Fully compliant** — ready after review.", "fully_compliant"),
            ("**Fully compliant**: Approved", "fully_compliant"),
            ("Approved for implementation. The only non-compliant item is known.", "approved"),
            ("Ready for implementation.", "approved"),
            ("Compliant with the module contract.", "approved"),
            ("Conditionally compliant — approved for phase 1", "conditional"),
            ("Compliant, pending the migration", "conditional"),
            ("**Non-compliant**: Blocked", "non_compliant"),
            ("Needs revision before it starts", "non_compliant"),
            ("The draft was updated", "other"),
        ] {
            let plain = strip(said);
            check(&format!("### Verdict\n\n{said}\n"), &[&format!("verdict {class} {plain}")]);
            check(&format!("### Verdict\n- {said}\n"), &[&format!("verdict {class} {plain}")]);
            check(&format!("**Verdict:** {}\n", plain), &[&format!("verdict {class} {plain}")]);
        }
        check(
            "### Verdict\n- [ ] **Fully compliant**\n- [x] **Non-compliant**: a\n",
            &["verdict non_compliant Non-compliant: a"],
        );
        check(
            "### Verdict\n- **Fully compliant**: Approved\n- **Non-compliant**: Blocked\n",
            &["verdict other Fully compliant: Approved"],
        );
        check("Fully compliant.\n", &["verdict fully_compliant Fully compliant."]);
    }

    fn strip(text: &str) -> String {
        text.replace("**", "")
    }

    #[test]
    fn items_that_are_not_compliant() {
        check(
            "### Non-Compliant Items\n- **Rule**: a\n- **Source**: b\n- **Gap**: c\n- **Recommendation**: d\n- **Rule**: e\n",
            &["open a | b | c | d", "open e |  |  | "],
        );
        check("### Non-Compliant Items\n- Cache is missing\n", &["open Cache is missing |  |  | "]);
        check("### Violations\n| Rule | Fix |\n|-|-|\n| a | b |\n", &["open a |  |  | b"]);
        check(
            "### Non-Compliant Items\nNo non-compliant items were found.\n",
            &["none No non-compliant items were found."],
        );
    }

    #[test]
    fn no_report_no_facts() {
        check_whole("# T\n\n## Overview\n\n- No ORM: PASS\n", &[]);
    }
}
