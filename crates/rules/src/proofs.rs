//! Rules of the group `proofs`.

mod isolation_contradicted;
mod isolation_unproven;
mod migration_contradicted;
mod migration_unproven;

use trueup_claims::{JudgedProof, judge_proofs};
use trueup_finding::{FileCx, Level, Report, Rule, Sink};
use trueup_model::{ProofKind, Verdict};

pub(crate) const RULES: &[&Rule] = &[
    &isolation_contradicted::ISOLATION_CONTRADICTED,
    &isolation_unproven::ISOLATION_UNPROVEN,
    &migration_contradicted::MIGRATION_CONTRADICTED,
    &migration_unproven::MIGRATION_UNPROVEN,
];

/// Judges the claims of a file's specs that only a run can prove, and reports what is wanted.
fn judged(
    cx: &FileCx<'_>,
    out: &mut Sink,
    of: fn(ProofKind) -> bool,
    report: fn(&JudgedProof) -> Option<Report>,
) {
    for spec in cx.specs.iter().filter(|spec| spec.facts.proofs.iter().any(|claim| of(claim.kind))) {
        let records = cx.code.proof_records(cx.path);
        for proof in judge_proofs(&spec.facts, &records, &cx.world.paths) {
            let of_tenants = proof.claim.kind == ProofKind::Isolation;
            // A team that never proves anything knows that already.
            let known = proof.verdict == Verdict::Missing && !cx.code.declares_proofs(of_tenants);
            if of(proof.claim.kind) && !known {
                out.looked_at(usize::from(proof.verdict != Verdict::NotCheckable));
                if let Some(report) = report(&proof) {
                    out.push(report);
                }
            }
        }
    }
}

/// A claim that a run contradicts.
fn contradicted(proof: &JudgedProof, command: &str) -> Option<Report> {
    (proof.verdict == Verdict::Contradicted).then(|| {
        let message = format!("a run contradicts that {}: {}", proof.claim.kind.claim(), proof.reason);
        Report::new(proof.claim.span, message)
            .hint(format!("mend the files and run `{command} --record` again, or take the claim out"))
            .subject(proof.claim.text.clone())
    })
}

/// A claim that no run has shown, or that one has shown of other files.
fn unproven(proof: &JudgedProof, command: &str) -> Option<Report> {
    let claim = proof.claim.kind.claim();
    let report = |message: String| {
        Report::new(proof.claim.span, message)
            .hint(format!("`{command} --record` tries it on a PostgreSQL of its own and keeps the verdict"))
            .subject(proof.claim.text.clone())
    };
    match proof.verdict {
        Verdict::Stale => Some(report(format!("that {claim} was proven of other files: {}", proof.reason))),
        Verdict::Missing => {
            Some(report(format!("nobody has tried that {claim}: {}", proof.reason)).at_most(Level::Info))
        }
        _ => None,
    }
}
