//! Writes the files of a new rule.

use crate::{read, root, write};
use std::process::Command;

/// Writes the rule, its page and its line in the group's list.
pub fn run(group: &str, name: &str) -> Result<(), String> {
    let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(kebab) || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(format!(
            "`{name}` is no name for a rule: write it like `broken-link`; it says the problem"
        ));
    }
    let list_path = format!("crates/rules/src/{group}.rs");
    let list = read(&list_path)
        .map_err(|_| format!("there is no group `{group}`: the groups are {}", groups().join(", ")))?;
    let file = name.replace('-', "_");
    let code_path = format!("crates/rules/src/{group}/{file}.rs");
    let page_path = format!("crates/rules/src/{group}/{file}.md");
    if root().join(&code_path).exists() {
        return Err(format!("{code_path} is there already"));
    }
    let list = with_rule(&list, &file).ok_or_else(|| format!("{list_path} has no `RULES` list to add to"))?;
    write(&code_path, &code(group, name, &file))?;
    write(&page_path, &page(name))?;
    write(&list_path, &list)?;
    // Only for its looks: the list is right without.
    let formatted = Command::new("rustfmt").args(["--edition", "2024"]).arg(root().join(&list_path)).status();
    if !formatted.is_ok_and(|status| status.success()) {
        println!("rustfmt could not be run on {list_path}");
    }
    println!("wrote {code_path}\nwrote {page_path}\nadded a line to {list_path}");
    println!("next: write the page, then `cargo test -p trueup-rules --test pages`");
    Ok(())
}

fn groups() -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(root().join("crates/rules/src")) else { return Vec::new() };
    let folders = entries.flatten().filter(|e| e.path().is_dir());
    let mut names: Vec<String> = folders.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The group's list with a module and an entry more, both in order.
fn with_rule(list: &str, file: &str) -> Option<String> {
    const LIST: &str = "RULES: &[&Rule] =";
    let start = list.find(LIST)? + LIST.len();
    let open = start + list[start..].find("&[")? + 2;
    let end = open + list[open..].find("];")?;
    let mut entries: Vec<String> =
        list[open..end].split(',').map(|e| e.trim().to_owned()).filter(|e| !e.is_empty()).collect();
    entries.push(format!("&{file}::{}", file.to_uppercase()));
    entries.sort();
    let head = with_module(&list[..start], file)?;
    Some(format!("{head} &[{}];{}", entries.join(", "), &list[end + 2..]))
}

/// The lines above the list with one more module among the others.
fn with_module(head: &str, file: &str) -> Option<String> {
    let module = format!("mod {file};");
    let mut lines: Vec<&str> = head.split('\n').collect();
    let is_module = |line: &&str| line.starts_with("mod ") && line.ends_with(';');
    let after = lines.iter().position(|line| is_module(line) && *line > module.as_str());
    match after.or_else(|| lines.iter().rposition(is_module).map(|last| last + 1)) {
        Some(place) => lines.insert(place, &module),
        None => {
            let place = lines.iter().position(|line| line.starts_with("use "))?;
            lines.splice(place..place, [module.as_str(), ""]);
        }
    }
    Some(lines.join("\n"))
}

fn code(group: &str, name: &str, file: &str) -> String {
    let id = file.to_uppercase();
    format!(
        r#"use trueup_finding::{{FileCx, Levels, Sink, declare_rule}};

declare_rule! {{
    {id} = "{name}" in "{group}", page "{file}.md",
    "say in one sentence what is wrong",
    Specs, Levels::WARNING, check
}}

fn check(cx: &FileCx<'_>, out: &mut Sink) {{
    for (_spec, _schema) in cx.shaped() {{
        out.looked_at(1);
    }}
}}
"#
    )
}

fn page(name: &str) -> String {
    format!(
        "# {name}
Say in one sentence what is wrong.

## What it does

## Why

## Example
### Say what this shows
```markdown path=specs/a.md
# Refunds

## Overview
This line is found. «here»

## Risks
None known.
```

### Not found: say what is left alone
```markdown path=specs/a.md
# Refunds

## Overview
Money goes back.

## Risks
None known.
```

## How to fix

## Precision
Not measured yet.
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_added_in_order() {
        let empty = "//! Rules.\n\nuse trueup_finding::Rule;\n\npub(crate) const RULES: &[&Rule] = &[];\n";
        let one = with_rule(empty, "b_rule").unwrap();
        assert_eq!(
            one,
            "//! Rules.\n\nmod b_rule;\n\nuse trueup_finding::Rule;\n\npub(crate) const RULES: &[&Rule] = &[&b_rule::B_RULE];\n"
        );
        let two = with_rule(&one, "a_rule").unwrap();
        assert!(two.contains("mod a_rule;\nmod b_rule;\n\nuse"), "{two}");
        assert!(two.contains("&[&a_rule::A_RULE, &b_rule::B_RULE];"), "{two}");
        let three = with_rule(&two, "c_rule").unwrap();
        assert!(three.contains("mod a_rule;\nmod b_rule;\nmod c_rule;\n\nuse"), "{three}");
        let wrapped = three.replace("= &[", "=\n    &[");
        let four = with_rule(&wrapped, "d_rule").unwrap();
        assert!(
            four.contains("= &[&a_rule::A_RULE, &b_rule::B_RULE, &c_rule::C_RULE, &d_rule::D_RULE];"),
            "{four}"
        );
    }
}
