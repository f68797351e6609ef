//! Rows that a team's own policies decide.

use crate::Judged;
use trueup_model::{Answer, MatrixRow, Spec, Verdict};

/// What a policy says of a row of the matrix.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BoundRow {
    /// The row, by its place in the matrix.
    pub row: usize,
    /// The policy's name.
    pub policy: String,
    /// Whether the rule is kept, whatever the author answers.
    pub judged: Judged,
}

/// Whether a policy is bound to a row: the row's source holds the name of the guide, and its rule all of
/// the policy's words, in any case and order.
pub fn row_binds(row: &MatrixRow, guide: Option<&str>, rule: &str) -> bool {
    let holds = |text: &str, wanted: &str| text.to_lowercase().contains(&wanted.to_lowercase());
    let mut words = rule.split_whitespace().peekable();
    words.peek().is_some()
        && guide.is_none_or(|guide| holds(&row.source, guide))
        && words.all(|word| holds(&row.rule, word))
}

/// The verdicts of the rows with what policies say. A row that the author does not call compliant claims
/// nothing; what the spec's own facts contradict stays contradicted; the first policy that contradicts a
/// row, then the first that cannot tell, then the first that proves it has the word.
pub(crate) fn with_policies(mut rows: Vec<Judged>, spec: &Spec, bound: &[BoundRow]) -> Vec<Judged> {
    let Some(report) = &spec.facts.compliance else { return rows };
    for (at, (judged, row)) in rows.iter_mut().zip(&report.rows).enumerate() {
        if row.answer != Answer::Pass || judged.verdict == Verdict::Contradicted {
            continue;
        }
        let rank = |verdict: Verdict| match verdict {
            Verdict::Contradicted => 0,
            Verdict::Proven => 2,
            _ => 1,
        };
        let own = bound.iter().filter(|b| b.row == at).min_by_key(|b| rank(b.judged.verdict));
        if let Some(own) = own {
            *judged = own.judged.clone();
            judged.reason = format!("the policy `{}` says: {}", own.policy, own.judged.reason);
        }
    }
    rows
}
