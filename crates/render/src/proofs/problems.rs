//! What provers found as SARIF: one result for each problem, at its line.

use super::ProvenChain;
use crate::sarif::{PlainResult, plain_sarif};
use trueup_prove::Level;
use trueup_tenancy::{Probe, QueryReport, Report, Subject, Verdict};

/// Problems of migrations as SARIF. `version` is that of trueup.
pub fn migrations_sarif(chains: &[ProvenChain], version: &str) -> String {
    let mut results = Vec::new();
    for chain in chains {
        for file in &chain.report.files {
            for (check, problem) in file.problems() {
                let code = problem.sqlstate.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
                results.push(PlainResult {
                    rule: format!("migration-{}", check.kind.name().replace(' ', "-")),
                    level: if problem.level == Level::Contradiction { "error" } else { "note" },
                    path: problem.path.clone(),
                    line: problem.line,
                    message: with_mend(format!("{code}{}", problem.message), problem.mend.as_deref()),
                });
            }
        }
        for drift in &chain.drifts {
            for change in &drift.changes {
                let sides = format!("{} and {}", drift.left, drift.right);
                let what =
                    if change.field.is_empty() { String::new() } else { format!(" ({})", change.field) };
                results.push(PlainResult {
                    rule: "schema-drift".to_owned(),
                    level: "error",
                    path: chain.folder.clone(),
                    line: 1,
                    message: format!("{} {}{what} is not the same in {sides}", change.kind, change.name),
                });
            }
        }
    }
    plain_sarif(&results, version)
}

/// Leaks between tenants as SARIF, at the schema's file.
pub fn tenancy_sarif(report: &Report, schema: &str, version: &str) -> String {
    let leaks = report.subjects.iter().flat_map(|subject| subject.leaks().map(move |probe| (subject, probe)));
    let mut results: Vec<PlainResult> = leaks
        .map(|(subject, probe)| PlainResult {
            rule: format!("tenancy-{}", probe.kind.name().replace(' ', "-")),
            level: "error",
            path: schema.to_owned(),
            line: 1,
            message: leak_text(subject, probe),
        })
        .collect();
    results.extend(report.findings.iter().map(|finding| PlainResult {
        rule: format!("tenancy-{}", finding.kind.name()),
        level: "warning",
        path: schema.to_owned(),
        line: 1,
        message: with_mend(finding.message.clone(), Some(&finding.mend)),
    }));
    plain_sarif(&results, version)
}

/// Statements without a tenant as SARIF, at their lines in the logs.
pub fn queries_sarif(report: &QueryReport, version: &str) -> String {
    let wrong = report.shapes.iter().filter(|shape| shape.verdict == Verdict::Contradicted);
    let results: Vec<PlainResult> = wrong
        .map(|shape| PlainResult {
            rule: "query-without-tenant".to_owned(),
            level: "error",
            path: shape.place.file.clone(),
            line: shape.place.line,
            message: format!("{}: {}", shape.why.as_deref().unwrap_or("no tenant"), shape.shape),
        })
        .collect();
    plain_sarif(&results, version)
}

/// A leak in a sentence.
pub(super) fn leak_text(subject: &Subject, probe: &Probe) -> String {
    let what = match &probe.outcome {
        trueup_tenancy::Outcome::Leak { what } => what.as_str(),
        _ => "",
    };
    let who = format!("{} as {}", probe.principal.tenant.name(), probe.principal.role);
    format!("{} {}: {} by {who}: {what}", subject.kind.name(), subject.name, probe.kind.name())
}

fn with_mend(message: String, mend: Option<&str>) -> String {
    match mend {
        Some(mend) => format!("{message}\nmend: {mend}"),
        None => message,
    }
}
