//! Rules of the group `history`: what a spec tells of its own past, and what the product's changelog will.

mod changelog_impact_missing;
mod changelog_order;
mod order;
mod status_history_mismatch;
mod status_phase_mismatch;
mod version_history_order;

use trueup_finding::{FileCx, Rule};
use trueup_model::ChangeEntry;
use trueup_text::Span;

pub(crate) const RULES: &[&Rule] = &[
    &changelog_impact_missing::CHANGELOG_IMPACT_MISSING,
    &changelog_order::CHANGELOG_ORDER,
    &status_history_mismatch::STATUS_HISTORY_MISMATCH,
    &status_phase_mismatch::STATUS_PHASE_MISMATCH,
    &version_history_order::VERSION_HISTORY_ORDER,
];

/// Where an entry's date stands, else its first line.
fn date_span(cx: &FileCx<'_>, entry: &ChangeEntry) -> Span {
    let source = entry.span.text(cx.text());
    let dates = trueup_model::find_dates(source);
    let found = dates.into_iter().find(|found| found.date.is_some() && found.date == entry.date);
    match found {
        Some(found) => Span::new(found.start, found.end).shifted(entry.span.start as usize),
        None => crate::asked::first_line(cx, entry.span),
    }
}
