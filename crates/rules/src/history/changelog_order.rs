use super::order::{Log, check_logs};
use trueup_finding::{FileCx, Levels, Sink, declare_rule};

declare_rule! {
    CHANGELOG_ORDER = "changelog-order" in "history", page "changelog_order.md",
    "an entry of the changelog stands out of the order of its dates",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    check_logs(cx, Log::Changelog, out);
}
