//! What a proof of a chain says of the claim of a spec.

use trueup_model::{ProofKind, base_name};
use trueup_prove::{Check, CheckKind, FileReport, Outcome, Report};

/// What a file says of a claim.
enum Said<'f> {
    /// It was tried, and holds.
    Holds,
    /// There is nothing in the file that the claim speaks of.
    Nothing,
    /// Not all that the claim needs was tried.
    Untried,
    Against(&'f Check),
}

/// Checks that a claim stands on, beside the first run: that a file runs is no claim of its own.
fn checks_of(kind: ProofKind) -> &'static [CheckKind] {
    match kind {
        ProofKind::Idempotent => &[CheckKind::Rerun, CheckKind::AtHead],
        ProofKind::Resumable => &[CheckKind::KillPoints],
        ProofKind::Phases => &[CheckKind::Phases, CheckKind::OldVersion],
        ProofKind::Isolation => &[],
    }
}

/// Whether a claim holds of the named files, and what was seen; none where it was not tried on each of them, or no
/// file has anything to try it on.
pub(super) fn verdict_on(kind: ProofKind, named: &[String], report: &Report) -> Option<(bool, String)> {
    let files: Vec<&FileReport> = report.files.iter().filter(|file| named.contains(&file.path)).collect();
    let said: Vec<Said<'_>> = files.iter().map(|file| said(file, checks_of(kind))).collect();
    let against = files.iter().zip(&said).find_map(|(file, said)| match said {
        Said::Against(check) => Some(contradiction(file, check)),
        _ => None,
    });
    if let Some(against) = against {
        return Some((false, against));
    }
    let untried = files.len() < named.len() || said.iter().any(|said| matches!(said, Said::Untried));
    if untried || !said.iter().any(|said| matches!(said, Said::Holds)) {
        return None;
    }
    let statements: usize = files.iter().map(|file| file.statements).sum();
    let files = crate::words::count(files.len(), "file", "files");
    let statements = crate::words::count(statements, "statement", "statements");
    Some((true, format!("{files}, {statements} on PostgreSQL {}", report.server)))
}

/// A file holds where every check is there and one of them at least is proven. Those beside it may be vacuous or only worth
/// knowing: what a contracting file breaks of the old version is meant.
fn said<'f>(file: &'f FileReport, wanted: &[CheckKind]) -> Said<'f> {
    let ran = file.check(CheckKind::FirstRun);
    let checks: Vec<Option<&Check>> = wanted.iter().map(|kind| file.check(*kind)).collect();
    let mut all = ran.into_iter().chain(checks.iter().copied().flatten());
    if let Some(against) = all.find(|check| check.outcome == Outcome::Contradicted) {
        return Said::Against(against);
    }
    if ran.is_none_or(|ran| ran.outcome != Outcome::Proven) {
        return Said::Untried;
    }
    let Some(checks) = checks.into_iter().collect::<Option<Vec<_>>>() else { return Said::Untried };
    // What a run does to rows that it did not reach was not tried.
    let unreached = |check: &&Check| {
        matches!(check.kind, CheckKind::Rerun | CheckKind::KillPoints) && check.outcome == Outcome::Vacuous
    };
    if file.statements > 0 && checks.iter().any(unreached) {
        return Said::Untried;
    }
    let outcomes: Vec<Outcome> = checks.iter().map(|check| check.outcome).collect();
    let nothing = |outcome: &Outcome| matches!(outcome, Outcome::Vacuous | Outcome::NotApplicable);
    match () {
        () if outcomes.contains(&Outcome::NotCheckable) => Said::Untried,
        () if outcomes.contains(&Outcome::Proven) => Said::Holds,
        () if outcomes.iter().all(nothing) => Said::Nothing,
        () => Said::Untried,
    }
}

fn contradiction(file: &FileReport, check: &Check) -> String {
    match check.problems.first() {
        Some(problem) => {
            let code = problem.sqlstate.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
            format!(
                "{}:{} {}: {code}{}",
                base_name(&file.path),
                problem.line,
                check.kind.name(),
                problem.message
            )
        }
        None => format!("{} {}: {}", base_name(&file.path), check.kind.name(), check.note),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_prove::{Detail, Verdict};

    fn file(number: usize, checks: &[(CheckKind, Outcome)]) -> FileReport {
        let check = |(kind, outcome): &(CheckKind, Outcome)| Check {
            kind: *kind,
            outcome: *outcome,
            note: "as noted".to_owned(),
            problems: Vec::new(),
            detail: Detail::None,
        };
        FileReport {
            path: format!("db/V{number}.sql"),
            version: number.to_string(),
            slug: String::new(),
            statements: 2,
            millis: 1.0,
            verdict: Verdict::Proven,
            reason: None,
            claims_idempotent: true,
            claims_phases: true,
            checks: checks.iter().map(check).collect(),
        }
    }

    /// What stands for files with these checks beside a first run: `holds`, `not`, or nothing.
    #[track_caller]
    fn check(kind: ProofKind, files: &[&[(CheckKind, Outcome)]], wanted: Option<bool>) {
        let ran = [(CheckKind::FirstRun, Outcome::Proven)];
        let files: Vec<FileReport> = files
            .iter()
            .enumerate()
            .map(|(at, checks)| file(at, &[ran.as_slice(), checks].concat()))
            .collect();
        let named: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
        let found = verdict_on(kind, &named, &Report { files, ..Report::default() });
        assert_eq!(found.as_ref().map(|(holds, _)| *holds), wanted, "{found:?}");
    }

    #[test]
    fn a_claim_wants_each_check_and_one_that_is_proven() {
        use CheckKind::{AtHead, KillPoints, OldVersion, Phases, Rerun};
        use Outcome::{Contradicted, Information, NotApplicable, NotCheckable, Proven, Vacuous};
        check(ProofKind::Resumable, &[&[(KillPoints, Proven)]], Some(true));
        // With `--no-kill-points` nothing was killed.
        check(ProofKind::Resumable, &[&[(Rerun, Proven), (AtHead, Proven)]], None);
        check(ProofKind::Resumable, &[&[(KillPoints, Proven)], &[]], None);
        check(ProofKind::Resumable, &[&[(KillPoints, NotApplicable)]], None);
        check(ProofKind::Resumable, &[&[(KillPoints, NotCheckable)], &[(KillPoints, Proven)]], None);
        check(ProofKind::Resumable, &[&[(KillPoints, Information)], &[(KillPoints, Proven)]], None);
        check(ProofKind::Idempotent, &[&[(Rerun, Proven), (AtHead, Proven)]], Some(true));
        check(ProofKind::Idempotent, &[&[(Rerun, Proven)]], None);
        // A statement that reached no row.
        check(ProofKind::Idempotent, &[&[(Rerun, Vacuous), (AtHead, Proven)]], None);
        check(ProofKind::Resumable, &[&[(KillPoints, Vacuous)], &[(KillPoints, Proven)]], None);
        check(ProofKind::Phases, &[&[(Phases, Vacuous), (OldVersion, Vacuous)]], None);
        check(ProofKind::Phases, &[&[(Phases, Proven), (OldVersion, Vacuous)]], Some(true));
        check(ProofKind::Phases, &[&[(Phases, Proven), (OldVersion, Information)]], Some(true));
        // A file with nothing but comments takes nothing from what the others show.
        let comments = [(Phases, Vacuous), (OldVersion, Vacuous)];
        check(ProofKind::Phases, &[&comments, &[(Phases, Proven), (OldVersion, Proven)]], Some(true));
        // Whatever else was not tried, what was seen was seen.
        check(ProofKind::Resumable, &[&[], &[(KillPoints, Contradicted)]], Some(false));
    }

    #[test]
    fn a_file_that_does_not_run_shows_nothing() {
        use CheckKind::{FirstRun, KillPoints};
        let verdict = |checks: &[(CheckKind, Outcome)], named: &[&str]| {
            let named: Vec<String> = named.iter().map(|&name| name.to_owned()).collect();
            let report = Report { files: vec![file(1, checks)], ..Report::default() };
            verdict_on(ProofKind::Resumable, &named, &report).map(|(holds, _)| holds)
        };
        let tried = (KillPoints, Outcome::Proven);
        assert_eq!(verdict(&[(FirstRun, Outcome::Proven), tried], &["db/V1.sql"]), Some(true));
        assert_eq!(verdict(&[(FirstRun, Outcome::NotCheckable), tried], &["db/V1.sql"]), None);
        assert_eq!(verdict(&[tried], &["db/V1.sql"]), None);
        assert_eq!(verdict(&[(FirstRun, Outcome::Contradicted)], &["db/V1.sql"]), Some(false));
        assert_eq!(verdict(&[(FirstRun, Outcome::Proven), tried], &["db/V1.sql", "db/V2.sql"]), None);
    }
}
