//! Ledgers of evidence, and what does not hold in them: for people and as JSON.

mod json;
mod text;

pub use json::{EVIDENCE_SCHEMA_VERSION, evidence_json, evidence_json_schema, evidence_problems_json};
pub use text::{EvidenceTextOptions, evidence_problems_text, evidence_text};

use trueup_engine::SpecLedger;
use trueup_evidence::Problem;

/// A ledger with what does not hold in it.
#[derive(Debug)]
pub struct VerifiedLedger<'a> {
    /// The ledger.
    pub spec: &'a SpecLedger,
    /// What does not hold; nothing where all does.
    pub problems: Vec<Problem>,
}
