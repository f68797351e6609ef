use crate::repository::Repository;

#[test]
fn a_rule_is_explained_with_its_levels() {
    let repository = Repository::empty();
    let ran = repository.run(&["explain", "broken-link"]).exits(0).says("broken-link\n").says("Levels\n");
    assert!(!ran.out.contains("«here»") && ran.out.contains("← found here"), "{}", ran.out);
    repository.write("trueup.toml", "[rules]\nbroken-link = { accepted = \"info\" }\n");
    repository.run(&["explain", "broken-link"]).exits(0).says("(info by trueup.toml)");
    repository.run(&["explain", "broken-lnk"]).exits(2).tells("did you mean `broken-link`?");
}

#[test]
fn rules_are_listed_for_people_and_programs() {
    let repository = Repository::empty();
    repository.run(&["rules"]).exits(0).says("links\n").says("  broken-link ");
    let ran = repository.run(&["rules", "--format", "json"]).exits(0);
    let value: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let rules = value["rules"].as_array().expect("a list");
    assert!(rules.iter().any(|rule| rule["name"] == "broken-link" && rule["levels"]["accepted"] == "error"));
    repository.run(&["rules", "--markdown"]).exits(0).says("| `broken-link` |");
    repository.write("trueup.toml", "[rules]\nbroken-link = \"info\"\n");
    repository.run(&["rules"]).exits(0).says("* changed by trueup.toml");
}
