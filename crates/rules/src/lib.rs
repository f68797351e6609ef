//! The rules: one file each, its page beside it. A rule sees one file's facts and the repository as data;
//! it does no IO and gives the same answer under every face.

mod acceptance;
mod api;
mod asked;
mod code;
mod compliance;
mod content;
mod data;
mod drifting;
mod files;
mod flags;
mod guides;
mod history;
mod ids;
mod lifecycle;
mod links;
mod proofs;
mod relations;
mod risks;
mod rollout;
mod structure;
mod support;
mod tables;
mod wording;

use trueup_finding::{Registry, Rule};

/// Every rule that ships.
pub fn all() -> Registry {
    let groups: &[&[&'static Rule]] = &[
        acceptance::RULES,
        api::RULES,
        code::RULES,
        compliance::RULES,
        content::RULES,
        data::RULES,
        files::RULES,
        flags::RULES,
        guides::RULES,
        history::RULES,
        ids::RULES,
        lifecycle::RULES,
        links::RULES,
        proofs::RULES,
        relations::RULES,
        risks::RULES,
        rollout::RULES,
        structure::RULES,
        tables::RULES,
    ];
    Registry::new(groups.iter().copied().flatten().copied())
}
