//! Runs the examples on a rule's page: the page is the rule's test.
//!
//! Each `###` under `## Example` is a repository. A fenced block with `path=…` behind its language is a
//! file of it; a line that ends in ` «here»` is one that the rule must find, and no other may be found.
//! The same path with the word `fixed` behind it shows the file after all fixes. `branch=NAME` behind any
//! block's path makes the repository one of git, on that branch beside `main`. `earlier=YYYY-MM-DD` is the text
//! that a file was committed with on that day, before the others, `elsewhere=NAME` a file on another branch, which begins from an empty `main`.

mod parse;
mod run;

pub use parse::{Block, Example, MARKER, Page};

use trueup_finding::{Applies, Rule};

/// What a page holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageStats {
    /// Examples.
    pub examples: usize,
    /// Examples in which something is found.
    pub found: usize,
    /// Examples in which nothing is found.
    pub not_found: usize,
    /// Lines that are found.
    pub lines: usize,
    /// Examples that show what the fixes make of them.
    pub fixed: usize,
}

/// The sections that every page has, in this order.
pub const SECTIONS: [&str; 5] = ["What it does", "Why", "Example", "How to fix", "Precision"];

/// Reads a rule's page and runs its examples. The error names every example and line that is wrong.
pub fn run(rule: &'static Rule) -> Result<PageStats, String> {
    let page = Page::parse(rule.page);
    let mut problems = shape_problems(rule, &page);
    let mut stats = PageStats { examples: page.examples.len(), ..PageStats::default() };
    for example in &page.examples {
        match run::example(rule, example) {
            Ok(()) => {
                let marked = example.marked_lines();
                stats.lines += marked;
                match marked {
                    0 => stats.not_found += 1,
                    _ => stats.found += 1,
                }
                stats.fixed += usize::from(example.blocks.iter().any(|b| b.fixed));
            }
            Err(problem) => problems.push(format!("example “{}”: {problem}", example.title)),
        }
    }
    let marked = page.examples.iter().filter(|e| e.marked_lines() > 0).count();
    if rule.applies != Applies::Engine {
        if marked == 0 {
            problems.push(format!("no example marks a line with `{}`", MARKER.trim()));
        }
        if marked == page.examples.len() {
            problems.push("no example shows where nothing is found; title one “Not found: …”".to_owned());
        }
    }
    if problems.is_empty() { Ok(stats) } else { Err(problems.join("\n")) }
}

fn shape_problems(rule: &Rule, page: &Page) -> Vec<String> {
    let mut problems = Vec::new();
    if page.title != rule.name {
        problems.push(format!("the first heading is `{}`, not the rule's name `{}`", page.title, rule.name));
    }
    let plain = |text: &str| text.trim().trim_end_matches('.').replace('`', "").to_lowercase();
    if plain(&page.summary) != plain(rule.summary) {
        problems
            .push(format!("the first paragraph is “{}”, not the summary “{}”", page.summary, rule.summary));
    }
    let mut at = 0;
    for wanted in SECTIONS {
        match page.sections.iter().position(|title| title == wanted) {
            None => problems.push(format!("the section “{wanted}” is missing")),
            Some(place) if place < at => problems.push(format!("the section “{wanted}” stands too early")),
            Some(place) => at = place,
        }
    }
    problems
}
