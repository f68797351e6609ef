//! Runs one example of a page.

use super::parse::{Block, Example, MARKER};
use crate::repository::Repository;
use std::collections::{BTreeMap, BTreeSet};
use trueup_engine::{CheckOptions, CheckReport, fix};
use trueup_finding::{Applies, Finding, Registry, Rule};
use trueup_text::LineIndex;

/// Builds the example's repository, runs the rule and its fixes, and compares.
pub(super) fn example(rule: &'static Rule, example: &Example) -> Result<(), String> {
    well_formed(example)?;
    let repository = build(example);
    let registry = registry_with(rule);
    let mut options = repository.options();
    options.paths =
        example.blocks.iter().filter(|b| !b.fixed && is_markdown(&b.path)).map(|b| b.path.clone()).collect();
    if rule.applies != Applies::Engine {
        options.rules = vec![rule.name.to_owned()];
    }
    let mut workspace = repository.try_open().map_err(|error| format!("cannot be opened: {error}"))?;
    let mut report = workspace.check(&registry, &options);
    let held = workspace.hold_to_baseline(&mut report, &registry, &options);
    held.map_err(|error| error.to_string())?;
    compare(rule, example, &report)?;
    if !example.blocks.iter().any(|b| b.fixed) {
        return Ok(());
    }
    // The fixes of other rules are no part of this page.
    let fix_options = CheckOptions { rules: vec![rule.name.to_owned()], ..options.clone() };
    let fixed = fix(&mut workspace, &registry, &fix_options, true);
    let fixed: BTreeMap<&str, &str> = fixed.iter().map(|f| (&*f.path, &*f.after)).collect();
    compare_fixed(example, &fixed)?;
    for (path, text) in &fixed {
        repository.write(path, text);
    }
    let workspace =
        repository.try_open().map_err(|error| format!("cannot be opened after its fixes: {error}"))?;
    let report = workspace.check(&registry, &fix_options);
    if report.findings.is_empty() {
        return Ok(());
    }
    let left: Vec<String> = report.findings.iter().map(|f| told(f, &report)).collect();
    Err(format!("after its fixes there is still\n    {}", left.join("\n    ")))
}

fn well_formed(example: &Example) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for block in &example.blocks {
        let line = block.page_line - 1;
        if !block.unknown_words.is_empty() {
            return Err(format!("page line {line}: `{}` means nothing here", block.unknown_words.join(" ")));
        }
        if block.fixed && !block.marked.is_empty() {
            return Err(format!("page line {line}: a fixed file holds a marker"));
        }
        if !seen.insert((&block.path, block.fixed)) {
            return Err(format!("page line {line}: {} stands there twice", block.path));
        }
        if block.fixed && !example.blocks.iter().any(|b| !b.fixed && b.path == block.path) {
            return Err(format!("page line {line}: {} is fixed but was never shown", block.path));
        }
    }
    if example.blocks.iter().all(|b| b.fixed) {
        return Err("it has no file: no fenced block with `path=…`".to_owned());
    }
    if example.title.starts_with("Not found") && example.marked_lines() > 0 {
        return Err("its title says “Not found” but a line is marked".to_owned());
    }
    Ok(())
}

fn build(example: &Example) -> Repository {
    let repository = Repository::standard(&example.files());
    if let Some(day) = example.earlier.iter().find_map(|b| b.earlier.as_deref()) {
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        for block in &example.earlier {
            repository.write(&block.path, &block.text);
            repository.git(&["add", "--", &block.path]);
        }
        repository.git_on(&["commit", "--quiet", "--message", "Earlier"], &format!("{day}T12:00:00Z"));
        example.files().iter().for_each(|(path, text)| repository.write(path, text));
        repository.commit("Start");
        return repository;
    }
    if let Some(other) = example.elsewhere.iter().find_map(|b| b.elsewhere.as_deref()) {
        let branch = example.blocks.iter().find_map(|b| b.branch.as_deref()).unwrap_or("main");
        let repository = Repository::new::<&str, &str>(&[]).with_git("main");
        repository.git(&["checkout", "--quiet", "-b", other]);
        example.elsewhere.iter().for_each(|block| repository.write(&block.path, &block.text));
        repository.commit("On another branch");
        repository.git(&["checkout", "--quiet", "main"]);
        if branch != "main" {
            repository.git(&["checkout", "--quiet", "-b", branch]);
        }
        let repository = repository.completed(&example.files());
        repository.commit("Start");
        return repository;
    }
    match example.blocks.iter().find_map(|b| b.branch.as_deref()) {
        None => repository,
        Some("main") => repository.with_git("main"),
        Some(branch) => {
            let repository = repository.with_git("main");
            repository.git(&["checkout", "--quiet", "-b", branch]);
            repository
        }
    }
}

/// The shipped rules, so that suppressions know each other's names; the rule alone where it is not shipped.
fn registry_with(rule: &'static Rule) -> Registry {
    let shipped = trueup_rules::all();
    if shipped.get(rule.name).is_some() { shipped } else { Registry::new([rule]) }
}

fn compare(rule: &Rule, example: &Example, report: &CheckReport) -> Result<(), String> {
    let mut found: BTreeMap<(&str, u32), Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.rule == rule.name) {
        found.entry((&finding.path, line_of(finding, report))).or_default().push(finding);
    }
    let mut problems = Vec::new();
    for block in example.blocks.iter().filter(|b| !b.fixed) {
        for line in &block.marked {
            if found.remove(&(block.path.as_str(), *line)).is_none() {
                let source = line_text(block, *line);
                problems.push(format!("{}: not found: `{source}`", place(block, *line)));
            }
        }
    }
    for ((path, line), findings) in &found {
        for finding in findings {
            let shown = example.blocks.iter().find(|b| !b.fixed && b.path == *path);
            let at = shown.map_or_else(|| format!("{path}:{line}"), |block| place(block, *line));
            let source = shown.map_or("", |block| line_text(block, *line));
            problems.push(format!("{at}: found, though not marked: `{source}`: {}", finding.message));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(format!("\n    {}", problems.join("\n    "))) }
}

fn compare_fixed(example: &Example, fixed: &BTreeMap<&str, &str>) -> Result<(), String> {
    for wanted in example.blocks.iter().filter(|b| b.fixed) {
        let before = example.blocks.iter().find(|b| !b.fixed && b.path == wanted.path);
        let is = fixed.get(wanted.path.as_str()).copied().or(before.map(|b| b.text.as_str())).unwrap_or("");
        if is == wanted.text {
            continue;
        }
        let differing = is.lines().zip(wanted.text.lines()).position(|(a, b)| a != b);
        let line =
            differing.unwrap_or_else(|| is.lines().count().min(wanted.text.lines().count())) as u32 + 1;
        let of = |text: &str| text.lines().nth(line as usize - 1).unwrap_or("(end of the file)").to_owned();
        return Err(format!(
            "the fixes give another text than the page\n    {}: the page says `{}`\n    the fixes give `{}`; the whole file:\n{}",
            place(wanted, line),
            of(&wanted.text),
            of(is),
            indented(is),
        ));
    }
    for (path, after) in fixed {
        if !example.blocks.iter().any(|b| b.fixed && b.path == *path) {
            return Err(format!(
                "the fixes change {path}, which the page does not show:\n{}",
                indented(after)
            ));
        }
    }
    Ok(())
}

fn is_markdown(path: &str) -> bool {
    let lower = path.to_lowercase();
    lower.ends_with(".md") || lower.ends_with(".markdown")
}

fn line_of(finding: &Finding, report: &CheckReport) -> u32 {
    report.texts.get(&finding.path).map_or(1, |text| LineIndex::new(text).line(finding.span.start))
}

fn told(finding: &Finding, report: &CheckReport) -> String {
    format!("{}:{}: {}", finding.path, line_of(finding, report), finding.message)
}

fn place(block: &Block, line: u32) -> String {
    format!("{}:{line} (page line {})", block.path, block.page_line + line - 1)
}

fn line_text(block: &Block, line: u32) -> &str {
    block.text.lines().nth(line.saturating_sub(1) as usize).unwrap_or("").trim_end_matches(MARKER)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("      | {line}\n")).collect()
}
