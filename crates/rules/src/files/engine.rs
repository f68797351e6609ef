//! Rules that the engine reports: they concern files that cannot be parsed, and the check itself. They are
//! declared here like any other, so that each has its page, its levels and its place in `trueup.toml`.

use trueup_finding::{FileCx, Level, Levels, Sink, declare_rule};

declare_rule! {
    UNREADABLE_FILE = "unreadable-file" in "files", page "unreadable_file.md",
    "a file could not be read",
    Engine, Levels::always(Level::Error), check
}

declare_rule! {
    UNUSED_SUPPRESSION = "unused-suppression" in "files", page "unused_suppression.md",
    "a suppression suppresses nothing",
    Engine, Levels::WARNING, check
}

declare_rule! {
    SUPPRESSION_WITHOUT_REASON = "suppression-without-reason" in "files", page "suppression_without_reason.md",
    "a suppression does not say why",
    Engine, Levels::always(Level::Error), check
}

declare_rule! {
    UNKNOWN_SUPPRESSION = "unknown-suppression" in "files", page "unknown_suppression.md",
    "a suppression names a rule that does not exist",
    Engine, Levels::always(Level::Warning), check
}

declare_rule! {
    BASELINE_STALE = "baseline-stale" in "files", page "baseline_stale.md",
    "the baseline holds what is no longer found",
    Engine, Levels::always(Level::Info), check
}

declare_rule! {
    BASELINE_WIDENED = "baseline-widened" in "files", page "baseline_widened.md",
    "the baseline holds more than that of the base branch",
    Engine, Levels::always(Level::Error), check
}

/// Never called: what these rules report is not in any one parsed file.
fn check(_: &FileCx<'_>, _: &mut Sink) {}
