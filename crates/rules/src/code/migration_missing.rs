use crate::drifting::{IMPLEMENTED, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::Drifted;
use trueup_finding::{FileCx, Report, Sink, declare_rule};

declare_rule! {
    MIGRATION_MISSING = "migration-missing" in "code", page "migration_missing.md",
    "a migration that the spec names is not there",
    Specs, IMPLEMENTED, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(cx, out, CodeKind::Migrations, Drifted::differs, report);
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    let report = place_of(cx, row, format!("the migration `{}` is not there: {}", row.subject, row.reason));
    match row.candidate.as_deref() {
        Some(near) => report.hint(format!("the nearest is `{near}`")),
        None => report.hint("add the file, or write its name as it is"),
    }
}
