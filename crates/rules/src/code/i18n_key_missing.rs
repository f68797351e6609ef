use crate::drifting::{IMPLEMENTED, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::{Difference, Drifted};
use trueup_finding::{FileCx, Level, Report, Sink, declare_rule};

declare_rule! {
    I18N_KEY_MISSING = "i18n-key-missing" in "code", page "i18n_key_missing.md",
    "a key of a translation is in no file of translations",
    Specs, IMPLEMENTED, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(cx, out, CodeKind::Locales, Drifted::differs, report);
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    if row.difference == Difference::OtherLanguages {
        let report =
            place_of(cx, row, format!("the key `{}` is not in all languages: {}", row.subject, row.reason));
        return report.hint("translate it").at_most(Level::Info);
    }
    let report = place_of(cx, row, format!("the key `{}` is not there: {}", row.subject, row.reason));
    match row.candidate.as_deref() {
        Some(near) => report.hint(format!("did you mean `{near}`?")),
        None => report.hint("add it to the files of translations, or take it out of the spec"),
    }
}
