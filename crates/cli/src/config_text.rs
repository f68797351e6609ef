//! Writing `trueup.toml` so that people like to read it.

use std::collections::BTreeMap;
use toml_edit::{Array, DocumentMut, Item, Table, Value, value};
use trueup_engine::{LearnedConfig, SetConfig};

const HEAD: &str = "\
# trueup.toml: where the specs of this repository are, and what they are held to.
# Written by `trueup init`; edit it as you like. `trueup template learn --write` measures the specs again.
";

const SPECS: &str = "\
# Folders of specs from the repository's root, and the template that the specs in them follow.
";

const RULES: &str = "\
# A rule's level, for all states of a spec or for some (`trueup rules` lists the rules):
#
# [rules]
# placeholder-left = { draft = \"off\", accepted = \"error\" }
# bad-anchor = \"info\"
";

/// The comment over what was measured.
const LEARNED: &str = "\
# Measured on the existing specs, so that one edit in a spec cannot change what is asked of the others.
";

/// A whole configuration for sets of specs.
pub(crate) fn config_text(sets: &[SetConfig]) -> String {
    let mut out = HEAD.to_owned();
    for set in sets {
        out.push('\n');
        out.push_str(&set_text(set));
    }
    out.push('\n');
    out.push_str(RULES);
    out
}

/// One `[[specs]]` entry.
pub(crate) fn set_text(set: &SetConfig) -> String {
    let mut out = format!("[[specs]]\n{SPECS}");
    out.push_str(&format!("folders = {}\n", strings(&set.folders)));
    out.push_str(&format!("template = {}\n", string(&set.template)));
    if let Some(document) = &set.document {
        out.push_str("# Every spec has a folder of its own; this is the document in it.\n");
        out.push_str(&format!("document = {}\n", string(document)));
    }
    if let Some(sidecar) = &set.sidecar {
        out.push_str("# The YAML file that stands beside every spec.\n");
        out.push_str(&format!("sidecar = {}\n", string(sidecar)));
    }
    if !set.exclude.is_empty() {
        out.push_str("# Documents beside the specs: their links are checked, no more.\n");
        out.push_str(&format!("exclude = {}\n", strings(&set.exclude)));
    }
    if set.learned.documents > 0 {
        out.push('\n');
        out.push_str(&learned_text(&set.learned));
    }
    out
}

/// The `[specs.learned]` table of a set.
pub(crate) fn learned_text(learned: &LearnedConfig) -> String {
    let mut out = format!("{LEARNED}[specs.learned]\n");
    out.push_str("# Specs that were measured.\n");
    out.push_str(&format!("documents = {}\n", learned.documents));
    if !learned.boilerplate.is_empty() {
        out.push_str("# Sentences of the template that most specs keep: they are no left-over guidance.\n");
        out.push_str(&format!("boilerplate = {}\n", strings(&learned.boilerplate)));
    }
    if !learned.constants.is_empty() {
        out.push_str("\n# Values of the template that the specs keep.\n[specs.learned.constants]\n");
        for (place, constant) in &learned.constants {
            out.push_str(&format!("{} = {}\n", key(place), string(constant)));
        }
    }
    if !learned.values.is_empty() {
        out.push_str("\n# Values that specs use beside the template's choices.\n[specs.learned.values]\n");
        for (place, words) in &learned.values {
            out.push_str(&format!("{} = {}\n", key(place), strings(words)));
        }
    }
    out
}

/// Puts what was measured into the entries of an existing configuration and leaves all else as it is.
/// None where the entries are not written as `[[specs]]`.
pub(crate) fn with_learned(text: &str, learned: &[LearnedConfig]) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let entries = document.get_mut("specs")?.as_array_of_tables_mut()?;
    if entries.len() != learned.len() {
        return None;
    }
    for (entry, learned) in entries.iter_mut().zip(learned) {
        let measured = learned_table(learned);
        match entry.get_mut("learned").and_then(Item::as_table_mut) {
            // Only what changes is written anew: comments above the keys stay.
            Some(table) => {
                let gone: Vec<String> = table
                    .iter()
                    .map(|(key, _)| key.to_owned())
                    .filter(|key| !measured.contains_key(key))
                    .collect();
                gone.iter().for_each(|key| drop(table.remove(key)));
                for (key, item) in measured.iter() {
                    replace(table, key, item);
                }
            }
            None => {
                entry.insert("learned", Item::Table(measured));
            }
        }
    }
    Some(document.to_string())
}

/// Puts a value in the place of another without touching the comments around it.
fn replace(table: &mut Table, key: &str, item: &Item) {
    match (table.get_mut(key), item) {
        (Some(Item::Value(old)), Item::Value(new)) => {
            let decor = old.decor().clone();
            *old = new.clone();
            *old.decor_mut() = decor;
        }
        (Some(Item::Table(old)), Item::Table(new)) => {
            let decor = old.decor().clone();
            let position = old.position();
            *old = new.clone();
            *old.decor_mut() = decor;
            old.set_position(position);
        }
        _ => {
            table.insert(key, item.clone());
        }
    }
}

fn learned_table(learned: &LearnedConfig) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix(format!("\n{LEARNED}"));
    table.insert("documents", value(i64::try_from(learned.documents).unwrap_or(i64::MAX)));
    if !learned.boilerplate.is_empty() {
        table.insert("boilerplate", value(array(&learned.boilerplate)));
    }
    if !learned.constants.is_empty() {
        table.insert(
            "constants",
            Item::Table(places(&learned.constants, |constant| constant.as_str().into())),
        );
    }
    if !learned.values.is_empty() {
        table.insert("values", Item::Table(places(&learned.values, |words| array(words).into())));
    }
    table
}

fn places<T>(of: &BTreeMap<String, T>, to: impl Fn(&T) -> Value) -> Table {
    let mut table = Table::new();
    for (place, found) in of {
        table.insert(place, value(to(found)));
    }
    table
}

/// An array with a line for each item, unless it is short.
fn array(items: &[String]) -> Array {
    let mut array: Array = items.iter().map(String::as_str).collect();
    let short = items.len() < 2 || items.iter().map(|item| item.len() + 4).sum::<usize>() <= 80;
    if items.len() > 1 && !short || items.iter().any(|item| item.len() > 80) {
        for item in array.iter_mut() {
            item.decor_mut().set_prefix("\n    ");
        }
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    array
}

fn strings(items: &[String]) -> String {
    Value::from(array(items)).to_string()
}

fn string(text: &str) -> String {
    Value::from(text).to_string()
}

/// A key as TOML writes it: in quotes unless it is one plain word.
fn key(text: &str) -> String {
    toml_edit::Key::new(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_engine::Config;

    fn set() -> SetConfig {
        SetConfig {
            folders: vec!["docs/specs".into(), "docs/\"odd\"\\ specs".into()],
            template: "docs/template.md".into(),
            document: Some("README.md".into()),
            sidecar: Some("spec.yaml".into()),
            exclude: vec!["docs/specs/notes/**".into()],
            learned: LearnedConfig {
                documents: 12,
                boilerplate: vec![
                    "All of it.".into(),
                    "Two\nlines with \"quotes\" and a long tail that goes on and on and on".into(),
                ],
                constants: [("Meta / Type".to_owned(), "Spec".to_owned())].into(),
                values: [("Meta / Area".to_owned(), vec!["ops".to_owned(), "ui kit".to_owned()])].into(),
            },
            ..SetConfig::default()
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let sets = vec![
            set(),
            SetConfig {
                folders: vec![String::new()],
                template: "builtin:governance".into(),
                ..SetConfig::default()
            },
        ];
        let text = config_text(&sets);
        let read = Config::parse(&text, &[]).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(read, Config { specs: sets, ..Config::default() }, "{text}");
    }

    #[test]
    fn learning_again_leaves_the_rest_alone() {
        let text = config_text(&[set()]).replace("documents = 12", "documents = 12 # in May")
            + "\n[rules]\nbad-anchor = \"off\" # for now\n";
        let mut learned = set().learned;
        assert_eq!(with_learned(&text, &[learned.clone()]).as_deref(), Some(text.as_str()));
        learned.documents = 13;
        learned.constants.clear();
        let after = with_learned(&text, &[learned.clone()]).expect("[[specs]] entries");
        assert!(
            after.contains("documents = 13 # in May") && after.contains("bad-anchor = \"off\" # for now"),
            "{after}"
        );
        assert!(!after.contains("[specs.learned.constants]"), "{after}");
        assert_eq!(Config::parse(&after, &[]).expect("valid").specs[0].learned, learned);
        let without = "[[specs]]\nfolders = [\"a\"] # here\ntemplate = \"t.md\"\n\n[links]\nignore = []\n";
        let after = with_learned(without, &[learned.clone()]).expect("[[specs]] entries");
        assert!(after.starts_with("[[specs]]\nfolders = [\"a\"] # here\n"), "{after}");
        assert_eq!(Config::parse(&after, &[]).expect("valid").specs[0].learned, learned);
    }
}
