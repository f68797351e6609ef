//! The rules: one file each, its page beside it. A rule sees one file's facts and the repository as data;
//! it does no IO and gives the same answer under every face.

mod compliance;
mod content;
mod files;
mod ids;
mod lifecycle;
mod links;
mod risks;
mod structure;
mod support;
mod tables;

use trueup_finding::{Registry, Rule};

/// Every rule that ships.
pub fn all() -> Registry {
    let groups: [&[&'static Rule]; 9] = [
        compliance::RULES,
        content::RULES,
        files::RULES,
        ids::RULES,
        lifecycle::RULES,
        links::RULES,
        risks::RULES,
        structure::RULES,
        tables::RULES,
    ];
    Registry::new(groups.into_iter().flatten().copied())
}
