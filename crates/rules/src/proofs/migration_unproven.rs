use super::{judged, unproven};
use trueup_finding::{FileCx, Level, Levels, Sink, declare_rule};
use trueup_model::ProofKind;

declare_rule! {
    MIGRATION_UNPROVEN = "migration-unproven" in "proofs", page "migration_unproven.md",
    "no run has shown a claim about migrations, or it has shown it of other files",
    Specs,
    Levels::new([Level::Off, Level::Info, Level::Warning, Level::Warning, Level::Off, Level::Off]),
    check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    judged(cx, out, |kind| kind != ProofKind::Isolation, |proof| unproven(proof, "trueup migrations prove"));
}
