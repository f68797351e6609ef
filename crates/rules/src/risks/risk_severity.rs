use super::register_form;
use crate::support::{nearest, shorten};
use trueup_finding::{FileCx, Fix, Levels, Report, Sink, declare_rule};
use trueup_model::Severity;
use trueup_template::{Schema, ValueSpec, generic_token, matches_option};
use trueup_text::Edit;

declare_rule! {
    RISK_SEVERITY = "risk-severity" in "risks", page "risk_severity.md",
    "a risk's severity is none of the template's words",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        let Some(options) = severities(schema) else { continue };
        for risk in &spec.facts.risks.risks {
            let Some(written) = &risk.severity_text else { continue };
            // Placeholders and the template's own choice are reported as such; "N/A" says that there is no risk.
            let none = written.text.to_lowercase().starts_with("n/a");
            if none || generic_token(&written.text) || choices(&written.text) >= options.len().max(2) {
                continue;
            }
            out.looked_at(1);
            let known =
                options.iter().any(|option| matches_option(&written.text, std::slice::from_ref(option)));
            let ours =
                risk.severity.is_some_and(|s| options.iter().any(|o| o.eq_ignore_ascii_case(s.name())));
            if known || ours {
                continue;
            }
            let shown = shorten(&written.text, 40);
            let report = Report::new(written.span, format!("\"{shown}\" is no severity"))
                .hint(format!("one of {}", options.join(", ")));
            let near = nearest(&written.text, options.iter().map(String::as_str))
                .filter(|_| !written.text.contains(' '));
            out.push(match near {
                Some(near) => {
                    report.fix(Fix::safe(format!("write {near}"), vec![Edit::replace(written.span, near)]))
                }
                None => report,
            });
        }
    }
}

/// How many of the four words a text names: the template's own line names them all.
fn choices(text: &str) -> usize {
    let lower = text.to_lowercase();
    Severity::ALL.iter().filter(|severity| lower.contains(&severity.name().to_lowercase())).count()
}

/// The template's words for a severity.
fn severities(schema: &Schema) -> Option<Vec<String>> {
    let field = register_form(schema)?.fields.iter().find(|field| field.normal == "severity")?;
    match &field.value {
        ValueSpec::Enum(options) => Some(options.clone()),
        _ => None,
    }
}
