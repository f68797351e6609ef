//! Rules of the group `lifecycle`.

mod branch;
mod branch_name;
mod date_invalid;
mod dates;
mod draft_on_main;
mod engine;
mod file_name_form;
mod future_date;
mod status_folder_mismatch;
mod unknown_status;

use trueup_finding::{FileCx, Rule};
use trueup_model::Spec;
use trueup_text::Span;

pub(crate) const RULES: &[&Rule] = &[
    &branch_name::BRANCH_NAME,
    &date_invalid::DATE_INVALID,
    &draft_on_main::DRAFT_ON_MAIN,
    &engine::CHANGED_SINCE_ACCEPTED,
    &engine::GATE,
    &engine::TRANSITION_INTERRUPTED,
    &file_name_form::FILE_NAME_FORM,
    &future_date::FUTURE_DATE,
    &status_folder_mismatch::STATUS_FOLDER_MISMATCH,
    &unknown_status::UNKNOWN_STATUS,
];

/// Where a finding about a spec as a whole stands: its title, else the first line of its part of the file.
fn head_span(cx: &FileCx<'_>, spec: &Spec) -> Span {
    if let Some(title) = spec.title {
        return cx.document.section(title).title_span;
    }
    let text = spec.region.text(cx.text());
    let lead = text.len() - text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).len();
    let first = text[lead..].lines().next().unwrap_or("");
    let start = spec.region.start as usize + lead;
    Span::new(start, start + first.len())
}

/// The same for the file.
fn file_span(cx: &FileCx<'_>) -> Span {
    cx.specs.first().map_or(Span::at(0), |spec| head_span(cx, spec))
}

/// A text, short enough for a message.
fn clip(text: &str, most: usize) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line.to_owned(),
    }
}
