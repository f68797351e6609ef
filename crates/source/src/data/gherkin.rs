//! Scenarios of Gherkin's `.feature` files.

use crate::SourceFile;
use trueup_codebase::TestCase;

/// Keywords of a scenario.
const SCENARIOS: [&str; 4] = ["Scenario Outline:", "Scenario Template:", "Scenario:", "Example:"];
/// Tags that switch a scenario off.
const OFF: [&str; 5] = ["@skip", "@ignore", "@ignored", "@disabled", "@wip"];

/// Adds the scenarios of a file. The tags of a scenario and of its feature follow the names around it.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<TestCase>) {
    let (mut feature, mut rule) = (Level::default(), Level::default());
    let mut tags: Vec<String> = Vec::new();
    let mut in_text: Option<&str> = None;
    let mut at = 0;
    for line in file.text.split_inclusive('\n') {
        let text = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        // A text between `"""` says nothing.
        let fence = ["\"\"\"", "```"].into_iter().find(|fence| text.starts_with(fence));
        match (in_text, fence) {
            (None, Some(fence)) => in_text = Some(fence),
            (Some(open), Some(fence)) if open == fence => in_text = None,
            _ => {}
        }
        if in_text.is_some() || fence.is_some() || text.is_empty() || text.starts_with('#') {
            continue;
        }
        if text.starts_with('@') {
            tags.extend(text.split_whitespace().take_while(|word| word.starts_with('@')).map(str::to_owned));
        } else if let Some(name) = text.strip_prefix("Feature:") {
            feature = Level { name: name.trim().to_owned(), tags: std::mem::take(&mut tags) };
            rule = Level::default();
        } else if let Some(name) = text.strip_prefix("Rule:") {
            rule = Level { name: name.trim().to_owned(), tags: std::mem::take(&mut tags) };
        } else if let Some(name) = SCENARIOS.iter().find_map(|word| text.strip_prefix(word)) {
            let own = std::mem::take(&mut tags);
            let all: Vec<String> = feature.tags.iter().chain(&rule.tags).chain(&own).cloned().collect();
            let names = [&feature.name, &rule.name].into_iter().filter(|name| !name.is_empty()).cloned();
            let skipped = all.iter().any(|tag| OFF.contains(&tag.as_str()));
            let place = file.place(start..start + text.len());
            out.push(TestCase {
                name: name.trim().to_owned(),
                suites: names.chain(all).collect(),
                skipped,
                place,
            });
        } else {
            tags.clear();
        }
    }
}

/// A feature or a rule.
#[derive(Default)]
struct Level {
    name: String,
    tags: Vec<String>,
}

#[cfg(test)]
mod tests {
    use crate::tests::facts;

    #[test]
    fn scenarios() {
        let text = "@orders\nFeature: Orders\n  As a buyer\n\n  Background:\n    Given x\n\n  @AC-1 @smoke\n  Scenario: Placing an order\n    Given a cart\n    \"\"\"\n    Scenario: not one\n    \"\"\"\n\n  Rule: Limits\n    @skip\n    Scenario Outline: too many <n>\n      Examples:\n        | n |\n";
        let shown: Vec<String> = facts("orders.feature", text)
            .tests
            .iter()
            .map(|t| {
                format!(
                    "{}:{} [{}]{}",
                    t.place.line,
                    t.name,
                    t.suites.join(" "),
                    if t.skipped { " off" } else { "" }
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "9:Placing an order [Orders @orders @AC-1 @smoke]",
                "17:too many <n> [Orders Limits @orders @skip] off"
            ]
        );
    }
}
