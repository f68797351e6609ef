//! The recomputed claims of a spec as JSON.

use super::Subject;
use schemars::JsonSchema;
use serde::Serialize;
use trueup_claims::{Judged, JudgedProof, Recomputed};

/// What `trueup report --format json` prints: each claim of a spec with trueup's verdict. Lines count from 1.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Recomputed claims of a spec")]
pub(super) struct Output<'a> {
    /// Version of this format. The first number changes when a reader could break.
    schema_version: &'a str,
    /// Path from the repository's root.
    path: &'a str,
    /// The spec's ID.
    id: Option<&'a str>,
    /// Rows of the compliance matrix.
    rows: Vec<Row<'a>>,
    /// Consistency checks: the author's, then those of the template that are not answered.
    checks: Vec<Check<'a>>,
    /// The verdict of the report.
    verdict: Claim<'a>,
    /// Claims that only a run can prove.
    proofs: Vec<Proof<'a>>,
}

/// A claim that only a run can prove.
#[derive(Serialize, JsonSchema)]
struct Proof<'a> {
    /// `idempotent`, `resumable`, `phases` or `isolation`.
    kind: &'a str,
    /// The author's words.
    claimed: &'a str,
    /// Their line.
    line: u32,
    /// `proven`, `contradicted`, `stale`, `missing` or `not checkable`.
    verdict: &'a str,
    /// Why.
    reason: &'a str,
    /// When the proof was recorded that it rests on, as RFC 3339.
    time: Option<&'a str>,
}

/// A row of the compliance matrix.
#[derive(Serialize, JsonSchema)]
struct Row<'a> {
    /// The guide.
    source: &'a str,
    /// The rule.
    rule: &'a str,
    /// What trueup makes of it.
    #[serde(flatten)]
    claim: Claim<'a>,
}

/// A consistency check.
#[derive(Serialize, JsonSchema)]
struct Check<'a> {
    /// Its words.
    check: &'a str,
    /// What trueup makes of it.
    #[serde(flatten)]
    claim: Claim<'a>,
}

/// A claim with trueup's verdict.
#[derive(Serialize, JsonSchema)]
struct Claim<'a> {
    /// The author's words; null where the author says nothing.
    claimed: Option<&'a str>,
    /// Line of the claim; null where the author says nothing.
    line: Option<u32>,
    /// `proven`, `contradicted`, `vacuous`, `not checkable` or `missing`.
    verdict: &'a str,
    /// Why.
    reason: &'a str,
    /// What it rests on.
    places: Vec<PlaceOf<'a>>,
}

/// A place.
#[derive(Serialize, JsonSchema)]
struct PlaceOf<'a> {
    /// The file, where it is another than the spec.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    /// Line.
    line: u32,
    /// What stands there.
    what: &'a str,
}

pub(super) fn report<'a>(
    subject: &'a Subject<'_>,
    recomputed: &'a Recomputed,
    proofs: &'a [JudgedProof],
) -> Output<'a> {
    let claims = subject.spec.facts.compliance.as_ref();
    let line = |span: trueup_text::Span| subject.lines.line(span.start);
    let claim = |judged: &'a Judged, claimed: Option<(&'a str, u32)>| Claim {
        claimed: claimed.map(|c| c.0),
        line: claimed.map(|c| c.1),
        verdict: judged.verdict.name(),
        reason: &judged.reason,
        places: judged
            .places
            .iter()
            .map(|place| PlaceOf {
                path: place.elsewhere.as_ref().map(|other| other.path.as_ref()),
                line: place.elsewhere.as_ref().map_or_else(|| line(place.span), |other| other.line),
                what: &place.what,
            })
            .collect(),
    };
    let rows = claims.map_or(&[][..], |c| &c.rows).iter().zip(&recomputed.rows).map(|(row, judged)| Row {
        source: &row.source,
        rule: &row.rule,
        claim: claim(judged, Some((&row.status.text, line(row.span)))),
    });
    let checks = recomputed.checks.iter().map(|check| {
        let row = check.row.and_then(|row| claims?.checks.get(row));
        let claimed = row.map(|row| (row.status.text.as_str(), line(row.span)));
        Check { check: &check.label, claim: claim(&check.judged, claimed) }
    });
    let verdict = claims.and_then(|c| c.verdict.as_ref()).map(|v| (v.text.as_str(), line(v.span)));
    Output {
        schema_version: crate::spec::SPEC_SCHEMA_VERSION,
        path: subject.path,
        id: subject.spec.name(),
        rows: rows.collect(),
        checks: checks.collect(),
        verdict: claim(&recomputed.verdict, verdict),
        proofs: proofs
            .iter()
            .map(|proof| Proof {
                kind: proof.claim.kind.name(),
                claimed: &proof.claim.text,
                line: line(proof.claim.span),
                verdict: proof.verdict.name(),
                reason: &proof.reason,
                time: proof.time.as_deref(),
            })
            .collect(),
    }
}
