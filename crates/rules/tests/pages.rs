//! Every rule's page is its test: the examples on it are run.

use trueup_testkit::pages;

#[test]
fn the_examples_on_every_page_hold() {
    let registry = trueup_rules::all();
    let mut failures = Vec::new();
    let mut examples = 0;
    for rule in registry.rules() {
        match pages::run(rule) {
            Ok(stats) => examples += stats.examples,
            Err(problem) => {
                failures.push(format!("{}/{}:\n  {}", rule.group, rule.name, problem.replace('\n', "\n  ")))
            }
        }
    }
    let all = registry.rules().len();
    assert!(
        failures.is_empty(),
        "{} of {all} pages do not hold ({examples} examples on the others do):\n\n{}\n",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn names_are_in_kebab_case_and_stand_once() {
    let registry = trueup_rules::all();
    let names: Vec<&str> = registry.rules().iter().map(|r| r.name).collect();
    for name in &names {
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit()), "{name}");
        assert_eq!(names.iter().filter(|n| n == &name).count(), 1, "{name} stands twice");
    }
}
