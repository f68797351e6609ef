use super::wanted_keys;
use crate::support::shorten;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{Risk, RiskForm};
use trueup_template::FieldSpec;

declare_rule! {
    RISK_MISSING_KEY = "risk-missing-key" in "risks", page "risk_missing_key.md",
    "a risk lacks a key that the template's register asks of every risk",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        let wanted: Vec<&FieldSpec> = wanted_keys(schema).collect();
        if wanted.is_empty() {
            continue;
        }
        let mut last_table = None;
        for risk in &spec.facts.risks.risks {
            let missing: Vec<&str> = wanted
                .iter()
                .filter(|field| risk.entry(&field.normal).is_none() && !said_elsewhere(risk, &field.normal))
                .map(|field| field.key.as_str())
                .collect();
            // Prose has no keys at all: that is for `risks-unstructured` to say.
            if risk.form == RiskForm::Prose {
                continue;
            }
            out.looked_at(1);
            if missing.is_empty() {
                continue;
            }
            let subject = format!("{}: {}", risk.title, missing.join(", "));
            match risk.form {
                RiskForm::Row => {
                    // A table lacks a column once, not in each row.
                    if last_table.replace(missing.clone()) != Some(missing.clone()) {
                        let message = format!("the risk table has no column for {}", listed(&missing));
                        let report = Report::new(risk.span, message).subject(subject).at_most(Level::Info);
                        out.push(report.hint("add the columns, or write each risk as the template does"));
                    }
                }
                _ => {
                    let title = shorten(&risk.title, 60);
                    let message = format!("the risk \"{title}\" does not say its {}", listed(&missing));
                    let keys: Vec<String> = missing.iter().map(|key| format!("`- **{key}**: …`")).collect();
                    out.push(
                        Report::new(risk.span, message)
                            .subject(subject)
                            .hint(format!("add {}", keys.join(" and "))),
                    );
                }
            }
        }
    }
}

/// A severity in the title needs no line of its own, and a table's cell that is a sentence is its scenario.
fn said_elsewhere(risk: &Risk, key: &str) -> bool {
    let sentence = risk.form == RiskForm::Row && risk.title.split_whitespace().count() >= 4;
    key == "severity" && risk.severity.is_some() || key == "scenario" && sentence
}

/// `scenario`, `scenario and mitigation`, `scenario, severity and mitigation`.
fn listed(keys: &[&str]) -> String {
    let lower: Vec<String> = keys.iter().map(|key| key.to_lowercase()).collect();
    match lower.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}
