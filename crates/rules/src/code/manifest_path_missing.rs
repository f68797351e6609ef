use crate::drifting::{IMPLEMENTED, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::{Difference, Drifted};
use trueup_finding::{FileCx, Report, Sink, declare_rule};

declare_rule! {
    MANIFEST_PATH_MISSING = "manifest-path-missing" in "code", page "manifest_path_missing.md",
    "a file of the manifest is not where the manifest says",
    Specs, IMPLEMENTED, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(cx, out, CodeKind::Paths, Drifted::differs, report);
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    let message = match row.difference {
        Difference::StillThere => format!("`{}` is to be deleted and still there", row.subject),
        _ => format!("`{}` is not there: {}", row.subject, row.reason),
    };
    let report = place_of(cx, row, message);
    report.hint(match (row.difference, &row.candidate) {
        (Difference::StillThere, _) => "delete the file, or say in the manifest that it stays".to_owned(),
        (Difference::Elsewhere, Some(path)) => format!("write where the file stands now: `{path}`"),
        (_, Some(path)) => {
            format!("write `{path}` if that is meant; else make the file, or take the line out")
        }
        _ => "make the file, write where it stands now, or take the line out".to_owned(),
    })
}
