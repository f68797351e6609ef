//! Claims that only a run can prove, held against what provers recorded.

use trueup_codebase::{FileNow, ProofRecord};
use trueup_model::{Facts, PathIndex, ProofClaim, ProofKind, Verdict, base_name, means_path};

/// A claim with its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedProof {
    /// The claim.
    pub claim: ProofClaim,
    /// What is known of it: proven, contradicted, stale, missing or not checkable.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// When the proof was recorded that it rests on, in UTC, as RFC 3339.
    pub time: Option<String>,
}

/// Judges every such claim of a spec by the proofs in its ledger.
///
/// A proof is about the files that it saw. It counts where these hold what they held, and where the migrations that the
/// spec names are among them.
pub fn judge_proofs(facts: &Facts, records: &[ProofRecord], paths: &PathIndex) -> Vec<JudgedProof> {
    let named = named_files(facts, paths);
    facts.proofs.iter().map(|claim| judge(claim, &named, records)).collect()
}

/// A migration that a spec names, and the files of the repository that it may be.
struct Named<'a> {
    name: &'a str,
    files: Vec<String>,
}

fn named_files<'a>(facts: &'a Facts, paths: &PathIndex) -> Vec<Named<'a>> {
    let scripts = facts.migrations.migrations.iter().filter(|migration| migration.name.ends_with(".sql"));
    let one = |name: &'a str| {
        let alike = paths.with_name(base_name(name)).iter().map(AsRef::as_ref);
        Named { name, files: alike.filter(|path| means_path(name, path)).map(str::to_owned).collect() }
    };
    scripts.map(|migration| one(&migration.name)).collect()
}

fn judge(claim: &ProofClaim, named: &[Named<'_>], records: &[ProofRecord]) -> JudgedProof {
    let of_migrations = claim.kind != ProofKind::Isolation;
    let out = |verdict, reason: String, record: Option<&ProofRecord>| JudgedProof {
        claim: claim.clone(),
        verdict,
        reason,
        time: record.map(|record| record.time.clone()),
    };
    if of_migrations && named.is_empty() {
        let reason = "the spec names no migration in SQL that could be run".to_owned();
        return out(Verdict::NotCheckable, reason, None);
    }
    if let Some(absent) = named.iter().find(|named| named.files.is_empty()).filter(|_| of_migrations) {
        return out(Verdict::NotCheckable, format!("{} is not in the repository", absent.name), None);
    }
    let mut of_kind: Vec<&ProofRecord> = records.iter().filter(|r| r.what == claim.kind.name()).collect();
    // Branches merge by union: the last line need not be the latest.
    of_kind.sort_by(|one, other| one.time.cmp(&other.time));
    let current = of_kind.iter().rev().find(|record| record.first_change().is_none());
    let Some(record) = current.or(of_kind.last()) else {
        return out(Verdict::Missing, "no proof was recorded".to_owned(), None);
    };
    if let Some(changed) = record.first_change() {
        let how = if changed.now == FileNow::Gone { "is gone" } else { "has changed" };
        let reason = format!("{} {how} since it was tried on {}", changed.path, day(record));
        return out(Verdict::Stale, reason, Some(record));
    }
    let untried =
        named.iter().find(|named| !record.files.iter().any(|file| named.files.contains(&file.path)));
    if let Some(untried) = untried.filter(|_| of_migrations) {
        let reason = format!("{} was not among the files that were tried on {}", untried.name, day(record));
        return out(Verdict::Missing, reason, Some(record));
    }
    match record.holds {
        true => out(Verdict::Proven, format!("{} ({})", record.detail, day(record)), Some(record)),
        false => out(Verdict::Contradicted, format!("{} ({})", record.detail, day(record)), Some(record)),
    }
}

fn day(record: &ProofRecord) -> &str {
    record.time.get(..10).unwrap_or(&record.time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_codebase::ProvenFile;
    use trueup_markdown::Document;
    use trueup_model::{Settings, read_specs};

    const SPEC: &str = "# A\n\n## 7) Data & migrations (if any)\n\n- Schema deltas (DDL): `V001__a.sql` and `V002__b.sql`, idempotent.\n";

    fn record(time: &str, holds: bool, files: &[(&str, FileNow)]) -> ProofRecord {
        let file = |(path, now): &(&str, FileNow)| ProvenFile { path: (*path).to_owned(), now: *now };
        ProofRecord {
            what: "idempotent".to_owned(),
            holds,
            detail: "2 files".to_owned(),
            time: time.to_owned(),
            files: files.iter().map(file).collect(),
        }
    }

    fn check(records: &[ProofRecord], expected: (Verdict, &str)) {
        let document = Document::parse(SPEC);
        let schema = trueup_template::builtin("governance").map(|(_, schema)| schema).unwrap_or_default();
        let specs = read_specs("a.md", &document, &schema, &Settings::default(), None, None);
        let paths = PathIndex::new(["db/V001__a.sql", "db/V002__b.sql"]);
        let judged = judge_proofs(&specs.first().unwrap().facts, records, &paths);
        let judged = judged.first().unwrap();
        assert_eq!((judged.verdict, judged.reason.as_str()), expected);
    }

    #[test]
    fn a_proof_counts_for_the_files_that_it_saw() {
        const BOTH: [(&str, FileNow); 2] =
            [("db/V001__a.sql", FileNow::Same), ("db/V002__b.sql", FileNow::Same)];
        const EDITED: [(&str, FileNow); 2] =
            [("db/V001__a.sql", FileNow::Same), ("db/V002__b.sql", FileNow::Changed)];
        let first = "2026-01-01T00:00:00Z";
        let second = "2026-01-02T00:00:00Z";
        check(&[], (Verdict::Missing, "no proof was recorded"));
        check(&[record(first, true, &BOTH)], (Verdict::Proven, "2 files (2026-01-01)"));
        check(
            &[record(second, false, &BOTH), record(first, true, &BOTH)],
            (Verdict::Contradicted, "2 files (2026-01-02)"),
        );
        check(
            &[record(first, true, &EDITED)],
            (Verdict::Stale, "db/V002__b.sql has changed since it was tried on 2026-01-01"),
        );
        // The edit was taken back: the older proof is about what stands there now.
        check(
            &[record(first, true, &BOTH), record(second, false, &EDITED)],
            (Verdict::Proven, "2 files (2026-01-01)"),
        );
        check(
            &[record(first, true, &BOTH[..1])],
            (Verdict::Missing, "V002__b.sql was not among the files that were tried on 2026-01-01"),
        );
    }
}
