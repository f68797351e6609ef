use crate::facts::support::testing::facts_of;

fn check(body: &str, expected: &[&str]) {
    let text = format!("# T\n\n## 9. Glossary\n\n{body}\n\n## Risks\n\n- **Not**: a term\n");
    let found: Vec<String> = facts_of(&text, "architecture")
        .glossary
        .into_iter()
        .map(|t| {
            assert!(!t.span.is_empty());
            format!("{}={}", t.term, t.definition)
        })
        .collect();
    assert_eq!(found, expected, "{body}");
}

#[test]
fn every_notation() {
    check(
        "- **Lock** — keeps others\n  out\n- `Token`: what is sent\n- **Guard:** a check\n- Unit: of measure",
        &["Lock=keeps others out", "Token=what is sent", "Guard=a check", "Unit=of measure"],
    );
    check("- **UoM** (unit of measure): how much\n  - **nested**: belongs to it", &["UoM=how much"]);
    check("| Term | Meaning |\n|---|---|\n| **Lock** | keeps `x` |\n| | none |", &["Lock=keeps x"]);
    check(
        "**Lock** — keeps others out.\n**Token**: sent.\n\nProse without a term.",
        &["Lock=keeps others out.", "Token=sent."],
    );
    check("### Lock\n\nKeeps others out.\n\n### Empty", &["Lock=Keeps others out."]);
    check("- just a sentence\n- **bold** without a mark", &[]);
}

#[test]
fn other_titles() {
    let text = "# T\n\n## Terms and Definitions\n\n- **A**: b\n";
    assert_eq!(facts_of(text, "architecture").glossary.len(), 1);
    assert!(facts_of("# T\n\n## Task Definitions\n\n- **A**: b\n", "architecture").glossary.is_empty());
}
