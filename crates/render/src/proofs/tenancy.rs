//! Attempts on tenants as text.

use super::ProofTextOptions;
use super::columns::Page;
use crate::words::count;
use std::collections::BTreeMap;
use trueup_tenancy::{
    Carrier, Finding, Model, Outcome, Principal, Probe, ProbeKind, Report, Subject, Verdict, Witness,
};

/// An attempt on tenants for people: what was guessed, then each table, view and function.
pub fn tenancy_text(report: &Report, server: &str, options: ProofTextOptions) -> String {
    let mut page = Page::new(options);
    let probes: usize = report.subjects.iter().map(|subject| subject.probes.len()).sum();
    page.heading(&format!(
        "PostgreSQL {server}: {}, {}, {}",
        count(report.subjects.len(), "subject", "subjects"),
        count(report.principals.len(), "principal", "principals"),
        count(probes, "probe", "probes"),
    ));
    guessed(&mut page, report);
    for subject in &report.subjects {
        subject_text(&mut page, subject, &report.findings, options);
    }
    others(&mut page, report);
    for note in &report.notes {
        page.labelled("note", note);
    }
    page.line(&summary(report));
    page.out
}

/// What was taken for what, so that a wrong guess is seen before its verdicts are believed.
fn guessed(page: &mut Page, report: &Report) {
    if !report.tenant_columns.is_empty() {
        page.labelled("tenants by", &report.tenant_columns.join(", "));
    }
    let carriers: Vec<String> = report.carriers.iter().map(carrier).collect();
    page.labelled(
        "claims in",
        &if carriers.is_empty() { "nothing that was found".to_owned() } else { carriers.join("; ") },
    );
    let mut roles: Vec<&str> = report.principals.iter().map(|principal| principal.role.as_str()).collect();
    roles.dedup();
    page.labelled("roles", &roles.join(", "));
}

fn carrier(carrier: &Carrier) -> String {
    match carrier {
        Carrier::Setting { name, claim } => format!("{name} ({})", claim.name()),
        Carrier::Json { name, keys } => {
            let keys: Vec<String> =
                keys.iter().map(|(path, claim)| format!("{} ({})", path.join("."), claim.name())).collect();
            format!("{name} as JSON: {}", keys.join(", "))
        }
        Carrier::CurrentUser { columns } => {
            let columns: Vec<String> =
                columns.iter().map(|(_, table, column)| format!("{table}.{column}")).collect();
            format!("the connected role ({})", columns.join(", "))
        }
        Carrier::SearchPath { .. } => "the first schema of the search path (tenant)".to_owned(),
    }
}

fn subject_text(page: &mut Page, subject: &Subject, findings: &[Finding], options: ProofTextOptions) {
    let about: Vec<&Finding> = findings.iter().filter(|finding| finding.about == subject.name).collect();
    let model = subject.model.as_ref().map(model).unwrap_or_default();
    let kind = match subject.model {
        Some(_) => String::new(),
        None => format!("{} ", subject.kind.name()),
    };
    page.verdict_line(&format!("{kind}{}  {model}", subject.name), known(subject, findings).name());
    if subject.verdict == Verdict::Proven && !options.all && about.is_empty() {
        return;
    }
    let mut before = None;
    for ((kind, what), probes) in &alike(subject) {
        // What leaks anyhow leaks for each value, too.
        let plain = |(other, shorter): &(ProbeKind, String)| {
            other == kind
                && what.strip_prefix(shorter.as_str()).is_some_and(|rest| rest.starts_with(" where "))
        };
        if !options.all && alike(subject).keys().any(plain) {
            continue;
        }
        // One statement says how it is done; the others differ in who does it.
        leak(page, probes, options, options.all || before != Some(*kind));
        before = Some(*kind);
    }
    if let Some(why) = subject.why.as_ref().filter(|_| subject.leaks().next().is_none()) {
        page.labelled(if subject.verdict == Verdict::Vacuous { "vacuous" } else { "" }, why);
    }
    for finding in about {
        page.labelled("read", &finding.message);
        page.labelled("mend", &finding.mend);
    }
    if options.all {
        let tried: Vec<String> =
            tried(subject).iter().map(|(kind, number)| format!("{} {number}", kind.name())).collect();
        page.labelled("tried", &tried.join(", "));
    }
}

/// What is read of a subject may contradict it, too.
fn known(subject: &Subject, findings: &[Finding]) -> Verdict {
    let found = findings.iter().any(|finding| finding.about == subject.name && finding.kind.contradicts());
    if found { Verdict::Contradicted } else { subject.verdict }
}

fn tried(subject: &Subject) -> BTreeMap<ProbeKind, usize> {
    let mut all = BTreeMap::new();
    for probe in &subject.probes {
        *all.entry(probe.kind).or_insert(0) += 1;
    }
    all
}

/// Leaks of one sort and outcome, whoever found them.
fn alike(subject: &Subject) -> BTreeMap<(ProbeKind, String), Vec<&Probe>> {
    let mut all: BTreeMap<(ProbeKind, String), Vec<&Probe>> = BTreeMap::new();
    for probe in subject.leaks() {
        if let Outcome::Leak { what } = &probe.outcome {
            all.entry((probe.kind, what.clone())).or_default().push(probe);
        }
    }
    all
}

fn leak(page: &mut Page, probes: &[&Probe], options: ProofTextOptions, with_statement: bool) {
    let Some(first) = probes.first() else { return };
    let Outcome::Leak { what } = &first.outcome else { return };
    let mut who: Vec<String> = probes.iter().map(|probe| as_whom(&probe.principal)).collect();
    who.dedup();
    page.labelled(first.kind.name(), &format!("{what}, by {}", who.join(", ")));
    if with_statement {
        page.labelled("", &first.sql);
    }
    if let Some(witness) = first.witness.as_ref().filter(|_| options.witnesses) {
        witness_text(page, witness);
    }
}

fn witness_text(page: &mut Page, witness: &Witness) {
    if !witness.confirmed {
        page.labelled("witness", "not seen a second time in a transaction of its own");
    }
    page.block(&witness.sql);
}

fn as_whom(principal: &Principal) -> String {
    format!("{} as {}", principal.tenant.name(), principal.role)
}

fn model(model: &Model) -> String {
    match model {
        Model::Root { key } => format!("root, {key}"),
        Model::Direct { column } => format!("by {column}"),
        Model::Via { columns, parent } => format!("via {} → {parent}", columns.join(", ")),
        Model::User { column } => format!("of a user, {column}"),
        Model::Global { declared: true } => "global".to_owned(),
        Model::Global { declared: false } => "global, not declared".to_owned(),
        Model::PartOf { parent } => format!("part of {parent}"),
    }
}

/// What is read of roles and settings, which no subject stands for.
fn others(page: &mut Page, report: &Report) {
    let stands = |finding: &&Finding| !report.subjects.iter().any(|subject| subject.name == finding.about);
    for finding in report.findings.iter().filter(stands) {
        let told = finding.message.contains(&finding.about);
        let about = if told { String::new() } else { format!("{}: ", finding.about) };
        page.labelled("read", &format!("{about}{}", finding.message));
        page.labelled("mend", &finding.mend);
    }
}

fn summary(report: &Report) -> String {
    let with = |verdict| {
        report.subjects.iter().filter(|subject| known(subject, &report.findings) == verdict).count()
    };
    let all = [Verdict::Proven, Verdict::Contradicted, Verdict::Vacuous, Verdict::NotCheckable];
    let told: Vec<String> = all
        .iter()
        .filter(|verdict| with(**verdict) > 0)
        .map(|verdict| format!("{} {}", with(*verdict), verdict.name()))
        .collect();
    let leaks: usize = report.subjects.iter().map(|subject| subject.leaks().count()).sum();
    let subjects = count(report.subjects.len(), "subject", "subjects");
    let told = if told.is_empty() { "nothing to try".to_owned() } else { told.join(", ") };
    format!(
        "{subjects}: {told}; {}, {} by reading",
        count(leaks, "leak", "leaks"),
        count(report.findings.len(), "finding", "findings")
    )
}

/// Model, seeds, controls and probes of one subject.
pub fn explained_text(subject: &Subject, options: ProofTextOptions) -> String {
    let mut page = Page::new(options);
    page.verdict_line(&format!("{} {}", subject.kind.name(), subject.name), subject.verdict.name());
    if let Some(is) = &subject.model {
        page.labelled("model", &format!("{}: {}", is.name(), model(is)));
    }
    page.labelled("because", &subject.reason);
    for link in &subject.links {
        let soft = if link.soft { " (by its name only)" } else { "" };
        let to = format!("{} ({})", link.parent, link.parent_columns.join(", "));
        page.labelled("points to", &format!("{} → {to}{soft}", link.columns.join(", ")));
    }
    if let Some(why) = &subject.why {
        page.labelled("why", why);
    }
    page.heading("Seeds");
    for seed in &subject.seeds {
        page.labelled(seed.tenant.name(), &seed.sql);
        if let Some(failed) = &seed.failed {
            page.labelled("", &format!("failed: {failed}"));
        }
    }
    page.heading("Controls");
    for control in &subject.controls {
        let answer = control.answer.as_ref().map(|answer| format!(": {answer}")).unwrap_or_default();
        let holds = if control.holds { "holds" } else { "fails" };
        page.labelled(holds, &format!("{} ({}){answer}", control.what, as_whom(&control.principal)));
        page.labelled("", &control.sql);
    }
    page.heading("Probes");
    for probe in &subject.probes {
        let (said, detail) = match &probe.outcome {
            Outcome::Held { by } => ("held", by),
            Outcome::Leak { what } => ("LEAK", what),
            Outcome::Vacuous { why } => ("vacuous", why),
            Outcome::NotCheckable { why } => ("not tried", why),
        };
        page.labelled(said, &format!("{}, {}: {detail}", probe.kind.name(), as_whom(&probe.principal)));
        page.labelled("", &probe.sql);
        if let Some(witness) = probe.witness.as_ref().filter(|_| options.witnesses) {
            witness_text(&mut page, witness);
        }
    }
    page.out
}
