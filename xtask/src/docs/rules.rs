//! `docs/rules/`: a page for each rule and a list of all.

use super::{Files, cell, origin};
use std::collections::BTreeMap;
use trueup_finding::{Applies, Rule};
use trueup_markdown::{Document, Kind, NodeId};
use trueup_model::State;
use trueup_text::{Edit, Span, apply_edits};

/// Ends a line in an example that the rule reports.
const MARKER: &str = "«here»";

pub(super) fn generate(files: &mut Files) -> Result<(), String> {
    let registry = trueup_rules::all();
    let mut groups: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in registry.rules() {
        groups.entry(rule.group).or_default().push(rule);
        files.insert(format!("docs/rules/{}.md", rule.name), page(rule)?);
    }
    files.insert("docs/rules/README.md".to_owned(), list(&groups));
    Ok(())
}

fn list(groups: &BTreeMap<&str, Vec<&Rule>>) -> String {
    let mut out = origin("the rules");
    let count: usize = groups.values().map(Vec::len).sum();
    out.push_str(&format!("# Rules\n\nThe {count} rules of `trueup check`, by group. "));
    out.push_str(
        "A rule has a level for each state of a spec: `error` fails the check, `warning` should be mended, `info` is worth \
         knowing, `–` is not reported. `[rules]` in [`trueup.toml`](../configuration.md) changes them. Some findings stay \
         below their rule's level; the rule's page says which. Files that are no specs are held to the levels of an \
         accepted one.\n",
    );
    for (group, rules) in groups {
        let mut letters = group.chars();
        let title: String = match *group {
            "ids" => "IDs".to_owned(),
            _ => letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect(),
        };
        out.push_str(&format!(
            "\n## {title}\n\n| Rule | Finds that | Looks at |{}\n|---|---|---|{}\n",
            states(),
            "---|".repeat(6)
        ));
        for rule in rules {
            out.push_str(&format!(
                "| [`{0}`]({0}.md) | {1} | {2} |{3}\n",
                rule.name,
                cell(rule.summary),
                scope(rule),
                levels(rule)
            ));
        }
    }
    out
}

fn states() -> String {
    State::ALL.iter().map(|state| format!(" {} |", state.name())).collect()
}

fn levels(rule: &Rule) -> String {
    let name = |state: &State| match rule.levels.of(*state) {
        trueup_finding::Level::Off => "–",
        level => level.name(),
    };
    State::ALL.iter().map(|state| format!(" {} |", name(state))).collect()
}

fn scope(rule: &Rule) -> &'static str {
    match rule.applies {
        Applies::Specs => "specs",
        Applies::AllFiles => "specs and the documents beside them",
        Applies::Engine => "the check itself",
    }
}

/// The rule's page with its levels, and its examples with their files' names in sight.
fn page(rule: &Rule) -> Result<String, String> {
    let document = Document::parse(rule.page);
    let mut edits = vec![Edit::replace(
        Span::at(0),
        origin(&format!("`{}/{}.md`", rule.group, rule.name.replace('-', "_"))),
    )];
    let summary = document.blocks().find(|b| document.kind(*b) == Kind::Paragraph);
    if let Some(summary) = summary {
        let table = format!("\n|{}\n|{}\n|{}\n", states(), "---|".repeat(6), levels(rule));
        let end = document.span(summary).end as usize;
        let line_end = rule.page[end..].find('\n').map_or(rule.page.len(), |at| end + at + 1);
        let start = if rule.page[..end].ends_with('\n') { end } else { line_end };
        edits.push(Edit::replace(Span::at(start), table));
    }
    if rule.page.contains(MARKER) {
        let example = document.sections().iter().find(|s| s.level == 2 && s.title == "Example");
        if let Some(section) = example {
            let end = document.span(section.heading).end as usize;
            let end = if rule.page[..end].ends_with('\n') { end } else { end + 1 };
            let note =
                format!("\nLines that end in {MARKER} are reported; the mark is no part of the file.\n\n");
            edits.push(Edit::replace(Span::at(end.min(rule.page.len())), note));
        }
    }
    for block in document.blocks() {
        edits.extend(caption(&document, block));
    }
    let text =
        apply_edits(rule.page, &edits).map_err(|error| format!("the page of {}: {error}", rule.name))?;
    Ok(one_blank_line(&text))
}

/// The name of an example's file above it, in place of the words behind the fence.
fn caption(document: &Document, block: NodeId) -> Vec<Edit> {
    if document.kind(block) != (Kind::Code { fenced: true }) {
        return Vec::new();
    }
    let span = document.span(block);
    let first = document.source(block).lines().next().unwrap_or("");
    let marks = first.len() - first.trim_start_matches(['`', '~']).len();
    let words: Vec<&str> = first[marks..].split_whitespace().collect();
    let value = |key: &str| words.iter().find_map(|word| word.strip_prefix(key));
    let Some(path) = value("path=") else { return Vec::new() };
    let language = words.first().filter(|word| !word.contains('=')).copied().unwrap_or("");
    let mut caption = format!("`{path}`");
    if words.contains(&"fixed") {
        caption.push_str(", fixed");
    }
    if let Some(branch) = value("branch=") {
        caption.push_str(&format!(", on the branch `{branch}`"));
    }
    let start = span.start as usize;
    let info = Span::new(start + marks, start + first.len());
    vec![Edit::replace(Span::at(start), format!("\n{caption}:\n\n")), Edit::replace(info, language)]
}

/// Blank lines that the captions doubled, outside fences.
fn one_blank_line(text: &str) -> String {
    let document = Document::parse(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut blank = false;
    for line in text.split_inclusive('\n') {
        let node = document.block_at(at as u32);
        let in_code = matches!(document.kind(node), Kind::Code { .. });
        let empty = line.trim().is_empty() && !in_code;
        if !(empty && blank) {
            out.push_str(line);
        }
        blank = empty;
        at += line.len();
    }
    out
}
