use super::{contradicted, judged};
use trueup_finding::{FileCx, Level, Levels, Sink, declare_rule};
use trueup_model::ProofKind;

declare_rule! {
    ISOLATION_CONTRADICTED = "isolation-contradicted" in "proofs", page "isolation_contradicted.md",
    "a run on a PostgreSQL contradicts the claim that tenants are kept apart",
    Specs,
    Levels::new([Level::Warning, Level::Error, Level::Error, Level::Error, Level::Info, Level::Off]),
    check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    judged(cx, out, |kind| kind == ProofKind::Isolation, |proof| contradicted(proof, "trueup tenancy prove"));
}
