//! Rules of the group `flags`.

mod flag_default_on;
mod flag_incomplete;
mod flag_overdue;
mod flag_without_telemetry;

use crate::asked::asks;
use trueup_finding::{FileCx, Rule};
use trueup_model::{Flag, Spec};
use trueup_text::Span;

pub(crate) const RULES: &[&Rule] = &[
    &flag_default_on::FLAG_DEFAULT_ON,
    &flag_incomplete::FLAG_INCOMPLETE,
    &flag_overdue::FLAG_OVERDUE,
    &flag_without_telemetry::FLAG_WITHOUT_TELEMETRY,
];

/// The specs that were asked for flags, with those that they name. Where a template has no such section,
/// "flags" are the options of a program.
fn flags<'a>(cx: &FileCx<'a>) -> impl Iterator<Item = (&'a Spec, &'a [Flag])> {
    let asked = asks(cx, "flags");
    cx.specs
        .iter()
        .filter(move |spec| asked && !spec.facts.flags.is_empty())
        .map(|s| (s, s.facts.flags.as_slice()))
}

/// What to call a flag.
fn name_of(flag: &Flag) -> String {
    match &flag.name {
        Some(name) => format!("the flag `{}`", name.text.trim_matches('`')),
        None => "the flag".to_owned(),
    }
}

/// Where a flag is named.
fn place_of(flag: &Flag) -> Span {
    flag.name.as_ref().map_or(flag.span, |name| name.span)
}
