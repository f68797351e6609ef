//! Claims that only a run can prove, as a table.

use crate::spec::one_line;
use std::fmt::Write as _;
use trueup_claims::JudgedProof;
use trueup_text::LineIndex;

pub(super) fn report(proofs: &[JudgedProof], lines: &LineIndex) -> String {
    let mut out = String::from(
        "## Claims that a run can prove\n\n| Claim | Line | trueup | Why |\n|---|---|---|---|\n",
    );
    for proof in proofs {
        let _ = writeln!(
            out,
            "| {}: {} | {} | {} | {} |",
            proof.claim.kind.name(),
            cell(&proof.claim.text),
            lines.line(proof.claim.span.start),
            proof.verdict.name(),
            cell(&proof.reason)
        );
    }
    out
}

fn cell(text: &str) -> String {
    one_line(text).replace("\\|", "|").replace('|', "\\|")
}
