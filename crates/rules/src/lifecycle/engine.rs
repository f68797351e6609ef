//! Rules that need more than one parsed file: the journal, the ledger, the gates. They are reported elsewhere and
//! declared here like any other, so that each has its page, its levels and its place in `trueup.toml`.

use trueup_finding::{FileCx, Level, Levels, Sink, declare_rule};

declare_rule! {
    TRANSITION_INTERRUPTED = "transition-interrupted" in "lifecycle", page "transition_interrupted.md",
    "a lifecycle command was stopped half-way",
    Engine, Levels::always(Level::Error), check
}

declare_rule! {
    CHANGED_SINCE_ACCEPTED = "changed-since-accepted" in "lifecycle", page "changed_since_accepted.md",
    "facts of an accepted spec are not those that were agreed on",
    Engine, Levels::ERROR, check
}

declare_rule! {
    GATE = "gate" in "lifecycle", page "gate.md",
    "a gate asks for something that is not there",
    Engine, Levels::always(Level::Error), check
}

/// Never called: what these rules report is not in any one parsed file.
fn check(_: &FileCx<'_>, _: &mut Sink) {}
