use crate::drifting::{IMPLEMENTED, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::{Difference, Drifted};
use trueup_finding::{FileCx, Report, Sink, declare_rule};

declare_rule! {
    TEST_ID_WITHOUT_TEST = "test-id-without-test" in "code", page "test_id_without_test.md",
    "no test carries the ID that the spec gives it",
    Specs, IMPLEMENTED, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(cx, out, CodeKind::Tests, Drifted::differs, report);
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    if row.difference == Difference::SwitchedOff {
        let report = place_of(cx, row, format!("the test `{}` is switched off", row.subject));
        return report
            .hint("a test that does not run proves nothing: switch it on, or say in the spec why not");
    }
    let report = place_of(cx, row, format!("there is no test `{}`: {}", row.subject, row.reason));
    report.hint("write its ID into the name of the test that covers it, or plan the test again")
}
