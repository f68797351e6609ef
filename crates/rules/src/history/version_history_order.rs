use super::order::{Log, check_logs};
use trueup_finding::{FileCx, Levels, Sink, declare_rule};

declare_rule! {
    VERSION_HISTORY_ORDER = "version-history-order" in "history", page "version_history_order.md",
    "an entry of the version history stands out of the order of its dates",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    check_logs(cx, Log::History, out);
}
