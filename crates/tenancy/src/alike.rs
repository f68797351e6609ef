//! Partitions that nothing tells apart but their bounds. One of them is tried, and stands for the others.

use crate::actors::given;
use crate::model::World;
use crate::ranks::asked_deeply;
use crate::texts::{mentions, text_of};
use std::collections::{BTreeMap, HashSet};
use trueup_catalog::Relation;

/// What a condition or a trigger may tell partitions apart by, besides the columns that divide them.
const TELLING: [&str; 6] =
    ["tableoid", "tg_table_name", "tg_relname", "tg_relid", "tg_table_schema", "tg_argv"];

/// Which partition, by object ID, stands for which other one.
pub(crate) fn alike(world: &World<'_>) -> BTreeMap<u32, u32> {
    let mut out = BTreeMap::new();
    let mut first: BTreeMap<String, Option<u32>> = BTreeMap::new();
    let named = named(world);
    // Those that nobody reaches by their names are tried through their table alone.
    let reached = |part: &&Relation| given(&part.grants, &part.owner).next().is_some();
    let parts = world.catalog.relations.iter().filter(|own| own.is_partition && own.kind.is_table());
    for part in parts.filter(reached) {
        // What is spoken of by its name is tried by itself.
        if named.contains(&part.name.to_lowercase()) {
            continue;
        }
        let stands =
            first.entry(likeness(part)).or_insert_with(|| (!is_told(world, part)).then_some(part.oid));
        if let Some(oid) = stands.filter(|oid| *oid != part.oid) {
            out.insert(part.oid, oid);
        }
    }
    out
}

/// Says of each partition that stands for others for how many.
pub(crate) fn told(world: &World<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for table in &world.catalog.relations {
        let count = world.alike.values().filter(|oid| **oid == table.oid).count();
        let name = table.display_name();
        match count {
            0 => {}
            1 => {
                out.push(format!("{name} was tried for one more partition, which is alike but for its bound"))
            }
            _ => out.push(format!(
                "{name} was tried for {count} more partitions, which are alike but for their bounds"
            )),
        }
    }
    out
}

/// All words of views, functions and rules, and tables that others point to.
fn named(world: &World<'_>) -> HashSet<String> {
    let views = world.catalog.relations.iter().filter_map(|own| own.definition.as_deref());
    let bodies = world.catalog.functions.iter().map(text_of);
    let rules =
        world.catalog.relations.iter().flat_map(|own| own.rules.iter().map(|(_, rule)| rule.as_str()));
    let words = views
        .chain(bodies)
        .chain(rules)
        .flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')).map(str::to_lowercase));
    let keys = world.catalog.relations.iter().flat_map(|own| &own.constraints).filter(|own| !own.inherited);
    let pointed = keys.filter_map(|key| key.references.as_ref()).map(|(_, name, _)| name.to_lowercase());
    words.chain(pointed).collect()
}

/// Everything about a partition that may bear on who sees its rows, without its name and its bound.
fn likeness(part: &Relation) -> String {
    let mut own = part.clone();
    (own.oid, own.file, own.bound, own.comment) = (0, 0, None, None);
    own.name.clear();
    for column in &mut own.columns {
        (column.number, column.comment) = (0, None);
    }
    for constraint in &mut own.constraints {
        constraint.oid = 0;
        constraint.name.clear();
    }
    for index in &mut own.indexes {
        (index.oid, index.file) = (0, 0);
        index.name.clear();
        index.definition = index.definition.split_once(" USING ").map_or("", |(_, rest)| rest).to_owned();
    }
    for trigger in &mut own.triggers {
        trigger.oid = 0;
        trigger.definition = trigger.definition.replace(part.name.as_str(), "");
    }
    for policy in &mut own.policies {
        policy.oid = 0;
        policy.name.clear();
    }
    own.constraints.sort_by(|one, two| one.definition.cmp(&two.definition));
    own.indexes.sort_by(|one, two| one.definition.cmp(&two.definition));
    own.policies.sort_by_key(|policy| format!("{policy:?}"));
    own.grants.sort_by_key(|grant| format!("{grant:?}"));
    format!("{own:?}")
}

/// Whether what is asked there speaks of what divides the partitions.
fn is_told(world: &World<'_>, part: &Relation) -> bool {
    let mut keys: Vec<&str> = part.partition_key.iter().map(String::as_str).collect();
    let mut at = part;
    while let Some(parent) =
        at.parents.first().and_then(|(schema, name)| world.catalog.relation(schema, name))
    {
        keys.extend(parent.partition_key.as_deref());
        at = parent;
    }
    let dividing = part.columns.iter().map(|column| column.name.as_str());
    let dividing: Vec<&str> = dividing.filter(|name| keys.iter().any(|key| mentions(key, name))).collect();
    let texts = asked_deeply(world, part);
    texts.iter().any(|text| TELLING.iter().chain(&dividing).any(|word| mentions(text, word)))
}
