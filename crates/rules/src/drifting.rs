//! Rules that hold a spec against the code: all of them ask the crate `drift`, as `trueup drift` does.

use crate::asked::first_line;
use trueup_codebase::CodeKind;
use trueup_drift::{Drifted, promises_any};
use trueup_finding::{FileCx, Level, Levels, Report, Sink};
use trueup_model::Verdict;

/// What is not built yet is promised and no more.
const fn implemented(level: Level) -> Levels {
    Levels::new([Level::Off, Level::Off, Level::Off, level, Level::Off, Level::Off])
}

/// A warning, once the spec is implemented.
pub(crate) const IMPLEMENTED: Levels = implemented(Level::Warning);

/// Worth knowing, once the spec is implemented.
pub(crate) const IMPLEMENTED_INFO: Levels = implemented(Level::Info);

/// Another spelling of what is there already is wrong before it is built, too.
pub(crate) const SPELLING: Levels =
    Levels::new([Level::Off, Level::Off, Level::Warning, Level::Warning, Level::Off, Level::Off]);

/// Holds what the specs of a file promise of a kind against the code, and reports what is wanted. The code
/// is not read where no spec promises anything of the kind.
pub(crate) fn held_against_code(
    cx: &FileCx<'_>,
    out: &mut Sink,
    kind: CodeKind,
    wanted: impl Fn(&Drifted) -> bool,
    report: impl Fn(&FileCx<'_>, &Drifted) -> Report,
) {
    if !cx.specs.iter().any(|spec| promises_any(spec, kind)) {
        return;
    }
    for row in cx.rows.of(cx.path, cx.specs, cx.code, &cx.world.paths, kind) {
        out.looked_at(usize::from(row.verdict != Verdict::NotCheckable));
        if row.differs() && wanted(row) {
            out.push(report(cx, row));
        }
    }
}

/// A finding at the place of a promise, with what the code has in its stead.
pub(crate) fn place_of(cx: &FileCx<'_>, row: &Drifted, message: String) -> Report {
    let report = Report::new(first_line(cx, row.span), message).subject(row.subject.clone());
    match (&row.place, &row.candidate) {
        (Some(place), Some(candidate)) => {
            report.related(place.path.clone(), place.span, format!("`{candidate}` stands here"))
        }
        _ => report,
    }
}
