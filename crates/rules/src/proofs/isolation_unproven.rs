use super::{judged, unproven};
use trueup_finding::{FileCx, Level, Levels, Sink, declare_rule};
use trueup_model::ProofKind;

declare_rule! {
    ISOLATION_UNPROVEN = "isolation-unproven" in "proofs", page "isolation_unproven.md",
    "no run has shown the claim that tenants are kept apart, or it has shown it of other files",
    Specs,
    Levels::new([Level::Off, Level::Info, Level::Warning, Level::Warning, Level::Off, Level::Off]),
    check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    judged(cx, out, |kind| kind == ProofKind::Isolation, |proof| unproven(proof, "trueup tenancy prove"));
}
