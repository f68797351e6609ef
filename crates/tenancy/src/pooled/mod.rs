//! Claims that outlive their transaction, tried as a pooler would have it: one connection, two clients.
//!
//! A pooler in transaction mode gives a connection to the next client as soon as a transaction has ended, and takes
//! nothing back before. So on one connection the first client sets the claim for A and commits, and the second one,
//! who has set nothing, looks. That cannot be rolled back, so it happens on a copy of the database.

mod plan;
mod script;
mod shown;
mod trial;

pub(crate) use plan::{Held, Plan, plan};
pub(crate) use script::is_nothing;
pub(crate) use trial::lost;

use crate::report::{Finding, FindingKind, Outcome, Report, Subject, Verdict};
use plan::{Suspect, Way};
use trial::{Ground, Tried, Turn};
use trueup_postgres::{Database, SqlError};

/// Tries all that is planned on copies of a database, and adds what came of it to the report. Nobody may be connected
/// to the database.
pub(crate) fn try_all(database: &Database<'_>, plan: &Plan, report: &mut Report) -> Result<(), SqlError> {
    if plan.suspects.is_empty() {
        return Ok(());
    }
    let ground = Ground { database, plan };
    let roles: Vec<&String> = plan.suspects.iter().flat_map(|suspect| &suspect.roles).collect();
    let stranger = ground.make_stranger(&roles)?;
    let done = all(&ground, report);
    if stranger {
        ground.drop_stranger()?;
    }
    done
}

fn all(ground: &Ground<'_, '_>, report: &mut Report) -> Result<(), SqlError> {
    let shared = ground.copy(false)?;
    for suspect in &ground.plan.suspects {
        if suspect.roles.is_empty() {
            forget(report, suspect);
            continue;
        }
        let mut tried = Vec::new();
        for role in &suspect.roles {
            tried.push(one(ground, &shared, suspect, role)?);
        }
        add(report, suspect, tried);
    }
    Ok(())
}

fn one(
    ground: &Ground<'_, '_>,
    shared: &Database<'_>,
    suspect: &Suspect,
    role: &str,
) -> Result<Tried, SqlError> {
    let turn = Turn { suspect, role, rows_there: false };
    if let Way::Login { statement } = &suspect.way {
        return ground.login(statement, Turn { rows_there: true, ..turn });
    }
    let tried = ground.way(shared, turn)?;
    if tried.probe.is_some() || !matches!(suspect.way, Way::Call(_)) {
        return Ok(tried);
    }
    // Whoever signs in may have to be there.
    let fresh = ground.copy(true)?;
    let again = ground.way(&fresh, Turn { rows_there: true, ..turn })?;
    Ok(if again.probe.is_some() { again } else { tried })
}

/// What was tried and does not stay is not told as read any more.
fn forget(report: &mut Report, suspect: &Suspect) {
    let of_suspect = |finding: &Finding| {
        finding.kind == FindingKind::SessionClaim && suspect.findings.contains(&finding.about)
    };
    report.findings.retain(|finding| !of_suspect(finding));
}

fn add(report: &mut Report, suspect: &Suspect, tried: Vec<Tried>) {
    let why = tried.iter().find_map(|tried| tried.why.clone());
    let probes: Vec<_> = tried.into_iter().filter_map(|tried| tried.probe).collect();
    let leak = probes.iter().find_map(|probe| match &probe.outcome {
        Outcome::Leak { what } => Some(format!("{}: {what}", probe.kind.name())),
        _ => None,
    });
    let read = report.findings.iter().any(|finding| {
        finding.kind == FindingKind::SessionClaim && suspect.findings.contains(&finding.about)
    });
    // What one role is refused says nothing of another, whose trial came to nothing.
    if leak.is_none() && (probes.is_empty() || why.is_some()) {
        untried(report, suspect, read, &why.unwrap_or_default());
        return;
    }
    match leak.is_some() {
        true if !read => report.findings.push(crate::statics::session_claim(&suspect.name, &suspect.reason)),
        true => {
            for finding in &mut report.findings {
                if matches!(suspect.way, Way::Login { .. }) && suspect.findings.contains(&finding.about) {
                    finding.about.clone_from(&suspect.name);
                }
            }
        }
        false => forget(report, suspect),
    }
    let verdict = if leak.is_some() { Verdict::Contradicted } else { Verdict::Proven };
    if let Some(subject) = report.subjects.iter_mut().find(|subject| subject.name == suspect.name) {
        subject.probes.extend(probes);
        if leak.is_some() && subject.verdict != Verdict::Contradicted {
            subject.verdict = verdict;
            subject.why = leak;
        }
        return;
    }
    report.subjects.push(Subject {
        name: suspect.name.clone(),
        kind: suspect.kind,
        model: None,
        reason: suspect.reason.clone(),
        links: Vec::new(),
        seeds: Vec::new(),
        controls: Vec::new(),
        probes,
        verdict,
        why: leak,
    });
}

/// What could not be tried stays as it was read; what only might set a claim is noted.
fn untried(report: &mut Report, suspect: &Suspect, read: bool, why: &str) {
    if !read {
        report.notes.push(format!(
            "whether a claim that {} sets ends with its transaction is not known: {why}",
            suspect.name
        ));
        return;
    }
    for finding in &mut report.findings {
        if finding.kind == FindingKind::SessionClaim && suspect.findings.contains(&finding.about) {
            finding.message = format!("{} (read, and not tried: {why})", finding.message);
        }
    }
}
