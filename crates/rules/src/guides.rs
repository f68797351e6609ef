//! Rules of the group `guides`.

mod guide_not_found;
mod guide_not_reviewed;
mod rule_in_another_guide;

use trueup_finding::{FileCx, Rule};
use trueup_guides::{Cited, resolve};

pub(crate) const RULES: &[&Rule] = &[
    &guide_not_found::GUIDE_NOT_FOUND,
    &guide_not_reviewed::GUIDE_NOT_REVIEWED,
    &rule_in_another_guide::RULE_IN_ANOTHER_GUIDE,
];

/// The guide that a spec cites with some words.
fn cited(cx: &FileCx<'_>, source: &str) -> Cited {
    let guides: Vec<&str> = cx.house.guides().iter().map(|guide| guide.path.as_str()).collect();
    let settings = cx.settings;
    resolve(source, cx.path, &guides, &cx.world.paths, &settings.guide_names, &settings.guide_aliases)
}
