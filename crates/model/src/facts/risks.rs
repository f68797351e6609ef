//! Risks in every notation, assumptions, and which risk categories were answered.

mod keys;
mod register;
mod title;

use super::item::{ItemId, ItemKind, settle_ids};
use super::reader::Reader;
use super::support::Text;
use trueup_markdown::SectionId;
use trueup_text::Span;

/// How bad a risk is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}

impl Severity {
    /// All, from the least.
    pub const ALL: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Low => "Low",
            Severity::Medium => "Medium",
            Severity::High => "High",
            Severity::Critical => "Critical",
        }
    }
}

/// How a risk was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RiskForm {
    /// A heading with keys below it.
    Block,
    /// A row of a table.
    Row,
    /// A paragraph or a bullet with keys in it.
    Keyed,
    /// A sentence without keys.
    Prose,
}

/// A key of a risk with its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RiskEntry {
    /// The key in comparable form: `scenario`, `severity`, `affected area`, `mitigation`, `residual risk`, or
    /// whatever else the author wrote (`likelihood`).
    pub key: String,
    /// The value without markup.
    pub value: String,
    /// Where the value stands.
    pub span: Span,
}

/// A risk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Risk {
    /// Its ID.
    pub id: ItemId,
    /// Its title without ID and severity.
    pub title: String,
    /// Its severity, where the word is one of the four.
    pub severity: Option<Severity>,
    /// The severity as written, where one is given.
    pub severity_text: Option<Text>,
    /// Its keys in document order.
    pub entries: Vec<RiskEntry>,
    /// How it was written.
    pub form: RiskForm,
    /// The title of the sub-section it stands in (the risk's category), where there is one.
    pub category: Option<String>,
    /// Its heading, row or paragraph.
    pub span: Span,
}

impl Risk {
    /// A value by its key.
    pub fn entry(&self, key: &str) -> Option<&RiskEntry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

/// What a spec says of its risks.
#[derive(Clone, Debug, Default)]
pub struct Risks {
    /// Risks in document order.
    pub risks: Vec<Risk>,
    /// What the authors bet on.
    pub assumptions: Vec<Text>,
    /// Sub-sections of the risk section that discuss a category without naming a risk of their own.
    pub categories: Vec<Text>,
    /// The sentence that says that there are none.
    pub none: Option<Text>,
    /// Titles of the sections that were read.
    pub sections: Vec<Span>,
}

/// Reads the risks.
pub(crate) fn read(reader: &Reader<'_>) -> Risks {
    let mut out = Risks::default();
    for section in sections_of(reader) {
        register::read_section(reader, section, &mut out);
    }
    let document = reader.document;
    let mut read = out.sections.clone().into_iter().peekable();
    let mut end = 0;
    for section in reader.all_sections() {
        let this = document.section(section);
        if read.next_if_eq(&this.title_span).is_some() {
            end = this.span.end;
        }
        let outside = this.span.start >= end;
        if outside && matches!(this.normal.core.as_str(), "assumptions" | "key assumptions") {
            register::read_assumptions(reader, section, &mut out.assumptions);
        }
    }
    settle_ids(ItemKind::Risk, out.risks.iter_mut().map(|risk| &mut risk.id));
    out
}

/// The sections that hold risks: those of the kind, and others whose title says so.
fn sections_of(reader: &Reader<'_>) -> Vec<SectionId> {
    reader.sections_or_titled("risks", |id| names_risks(&reader.document.section(id).normal.core))
}

/// Whether a title names a list of risks ("Technical risks and challenges", "Risk analysis: what can go wrong").
fn names_risks(core: &str) -> bool {
    const SINGULAR: &[&str] = &["analysis", "assessment", "register", "matrix", "review", "log", "overview"];
    if !core.contains("risk") {
        return false;
    }
    let words: Vec<&str> = core.split(' ').collect();
    let listed = |word: &str| word == "risks";
    match words.as_slice() {
        ["risk", second, ..] => SINGULAR.contains(second),
        ["risks", ..] => true,
        [.., last] if listed(last) => words.len() <= 5,
        _ => words.windows(2).any(|pair| pair == ["risks", "and"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::support::testing::facts_of;

    fn show(risk: &Risk) -> String {
        let form = match risk.form {
            RiskForm::Block => "block",
            RiskForm::Row => "row",
            RiskForm::Keyed => "keyed",
            RiskForm::Prose => "prose",
        };
        let severity = risk.severity.map_or("-", Severity::name);
        let keys: Vec<&str> = risk.entries.iter().map(|entry| entry.key.as_str()).collect();
        format!("{} {form} {severity} {} [{}]", risk.id.text, risk.title, keys.join(", "))
    }

    fn check(body: &str, expected: &[&str]) {
        let text = format!("# T\n\n## Risks & Impact Review\n\n{body}");
        let risks = facts_of(&text, "").risks;
        let found: Vec<String> = risks.risks.iter().map(show).collect();
        assert_eq!(found, expected, "{body}");
        for entry in risks.risks.iter().flat_map(|risk| &risk.entries) {
            assert!(text.get(entry.span.range()).is_some(), "{body}");
        }
    }

    #[test]
    fn headings_with_keys() {
        let keys = "- **Scenario**: a\n- **Severity**: High\n- **Affected area**: b\n- **Mitigation**: c\n- **Residual risk**: d\n";
        let all = "[scenario, severity, affected area, mitigation, residual risk]";
        check(&format!("#### Data is lost\n{keys}"), &[&format!("R-1 block High Data is lost {all}")]);
        check(&format!("### Data is lost\n{keys}"), &[&format!("R-1 block High Data is lost {all}")]);
        check(
            &format!("### Operational risks\n\n### Risk register\n#### R3: Slow\n{keys}"),
            &[&format!("R3 block High Slow {all}")],
        );
        check(
            "### Slow\n- Severity: low.\n- Mitigation: a\n",
            &["R-1 block Low Slow [severity, mitigation]"],
        );
        check(
            "### Slow\n**Severity:** Low\n**Mitigation:** a\n",
            &["R-1 block Low Slow [severity, mitigation]"],
        );
        check(
            "### Slow\n**Severity: HIGH** — it stalls. And more.\n\n**Mitigation**: a\n",
            &["R-1 block High Slow [severity, mitigation]"],
        );
        check(
            "### Slow\n**Failure scenario.** It stalls. Then more.\n\n**Severity.** HIGH. **Affected area.** All. **Residual risk.** LOW.\n",
            &["R-1 block High Slow [scenario, severity, affected area, residual risk]"],
        );
        check(
            "### Slow\n- **Severity**: High; **Mitigation**: a (b)\n",
            &["R-1 block High Slow [severity, mitigation]"],
        );
        check(
            "### Slow\nSeverity: High. Mitigation: a. Residual risk: none.\n",
            &["R-1 block High Slow [severity, mitigation, residual risk]"],
        );
        check(
            "### Slow\n- **Problem**: a\n- **Mitigation**:\n  - b\n  - c\n",
            &["R-1 block - Slow [problem, mitigation]"],
        );
        check("### Risk 2: Slow\nOnly prose.\n", &["R-1 block - Slow []"]);
    }

    #[test]
    fn values_are_whole() {
        let text = "# T\n\n## Risks\n\n### Slow\n- **Severity**: High (`x`), **Mitigation**: Retry: thrice\n  - wait\n";
        let risks = facts_of(text, "").risks.risks;
        let values: Vec<&str> = risks[0].entries.iter().map(|entry| entry.value.as_str()).collect();
        assert_eq!(values, ["High (x)", "Retry: thrice; wait"]);
        assert_eq!(risks[0].severity_text.as_ref().map(|t| t.span.text(text)), Some("High (`x`)"));
    }

    #[test]
    fn severity_in_the_title() {
        let keys = "- **Mitigation**: c\n";
        for title in [
            "Slow (High)",
            "[High] Slow",
            "Slow — High",
            "Slow (Severity: High)",
            "High: Slow",
            "Slow — HIGH RISK",
            "Slow (HIGH, for a time)",
        ] {
            check(&format!("### {title}\n{keys}"), &["R-1 block High Slow [mitigation]"]);
        }
        check(&format!("### High risks\n#### Slow\n{keys}"), &["R-1 block High Slow [mitigation]"]);
        check(&format!("### Slow (High effort)\n{keys}"), &["R-1 block - Slow (High effort) [mitigation]"]);
        check("### Slow\n- **Severity**: Low to medium\n", &["R-1 block - Slow [severity]"]);
        check("### Slow\n- **Severity**: Med\n", &["R-1 block Medium Slow [severity]"]);
    }

    #[test]
    fn rows_of_tables() {
        check(
            "| Risk | Scenario | Severity | Affected | Mitigation | Residual |\n|-|-|-|-|-|-|\n| a | b | Low | c | d | e |\n",
            &["R-1 row Low a [scenario, severity, affected area, mitigation, residual risk]"],
        );
        check(
            "| ID | Mitigation | Risk / failure scenario | Severity |\n|-|-|-|-|\n| R7 | d | **Title.** More words | High |\n",
            &["R7 row High Title [mitigation, scenario, severity]"],
        );
        check(
            "| # | Scenario | Severity |\n|-|-|-|\n| 1 | b | Low |\n",
            &["R-1 row Low b [scenario, severity]"],
        );
        check(
            "| Risk | Likelihood | Impact | Mitigation |\n|-|-|-|-|\n| a | Low | High | d |\n| **Group** | | | |\n",
            &["R-1 row High a [likelihood, impact, mitigation]"],
        );
        check("| Concern | Mitigation |\n|-|-|\n| a | b |\n", &["R-1 row - a [mitigation]"]);
        check("| Surface | Impact | Notes |\n|-|-|-|\n| a | b | c |\n", &[]);
    }

    #[test]
    fn keys_in_paragraphs_and_bullets() {
        check(
            "Risk: a is lost.\nSeverity: Medium.\nMitigation: b\n\nRisk: c\nSeverity: Low\n",
            &["R-1 keyed Medium a is lost. [severity, mitigation]", "R-2 keyed Low c [severity]"],
        );
        check(
            "1. Risk: a\n- Severity: Low\n- Area: b\n2. Risk: c\n- Severity: High\n",
            &["R-1 keyed Low a [severity, affected area]", "R-2 keyed High c [severity]"],
        );
        check(
            "- **Risk: a**\n  - Severity: Low\n- **Risk:** b\n  - **Mitigation:** c\n",
            &["R-1 keyed Low a [severity]", "R-2 keyed - b [mitigation]"],
        );
        check("- **Slow path**: it stalls. Mitigation: retry\n", &["R-1 keyed - Slow path [mitigation]"]);
        check("- It stalls. *Mitigation:* retry\n", &["R-1 keyed - It stalls. [mitigation]"]);
        check("- The impact: it stalls\n", &["R-1 prose - The impact: it stalls []"]);
        check(
            "**Slow path**\n\n- Severity: Low\n- Mitigation: a\n",
            &["R-1 keyed Low Slow path [severity, mitigation]"],
        );
        check(
            "- It stalls\n- **It leaks**: so what\n",
            &["R-1 prose - It stalls []", "R-2 prose - It leaks []"],
        );
    }

    #[test]
    fn categories_are_discussed() {
        let text = "# T\n\n## Risks\n\n### Data integrity failures\n- Partial write. Mitigation: a. Residual risk: b\n- **Race**: c\n\n### Operational risks\n#### Slow\n- **Severity**: Low\n\n### Tenant isolation\nNothing shared. Mitigation: none needed.\n";
        let risks = facts_of(text, "").risks;
        assert_eq!(risks.risks.iter().map(show).collect::<Vec<_>>(), ["R-1 block Low Slow [severity]"]);
        assert_eq!(risks.risks[0].category.as_deref(), Some("Operational risks"));
        let categories: Vec<&str> = risks.categories.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(categories, ["Data integrity failures", "Tenant isolation"]);
    }

    #[test]
    fn risks_and_assumptions_in_labelled_bullets() {
        let text = "# T\n\n## 6) Risks & assumptions\n\n- **Risks:** the soak is short\n- **Assumptions:** one region\n- **Open questions:** who pays\n";
        let risks = facts_of(text, "governance").risks;
        assert_eq!(risks.risks.iter().map(show).collect::<Vec<_>>(), ["R-1 prose - the soak is short []"]);
        assert_eq!(risks.assumptions.iter().map(|a| a.text.as_str()).collect::<Vec<_>>(), ["one region"]);
        let text = "# T\n\n## Risks\n\n**Risks:**\n- a\n- b\n\n**Assumptions:**\n- c\n";
        let risks = facts_of(text, "").risks;
        assert_eq!(risks.risks.len(), 2);
        assert_eq!(risks.assumptions.len(), 1);
    }

    #[test]
    fn none_is_said() {
        for body in ["None.\n", "N/A — no writes\n", "- None\n"] {
            let risks = facts_of(&format!("# T\n\n## Risks\n\n{body}"), "").risks;
            assert!(risks.risks.is_empty() && risks.none.is_some(), "{body}");
        }
    }

    #[test]
    fn template_is_no_risk() {
        check("#### [Risk Title]\n- **Scenario**: What exactly goes wrong\n- **Severity**: High\n", &[]);
    }
}
