//! A check of one file gives the same findings for it as a check of everything.

use std::path::PathBuf;
use trueup_engine::{CheckOptions, OpenOptions, Workspace};
use trueup_rules::all;

#[test]
fn one_file_is_checked_as_in_the_whole() {
    let shop = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    let workspace = Workspace::open(&shop, &OpenOptions::default()).expect("the example opens");
    let registry = all();
    let whole = workspace.check(&registry, &CheckOptions::default());
    assert!(whole.findings.len() > 30, "the example holds planted defects");
    let mut checked = 0;
    for head in workspace.corpus.heads() {
        let options = CheckOptions { paths: vec![head.path.to_string()], ..CheckOptions::default() };
        let alone = workspace.check(&registry, &options);
        let expected: Vec<_> = whole.findings.iter().filter(|f| f.path == head.path).collect();
        let found: Vec<_> = alone.findings.iter().filter(|f| f.path == head.path).collect();
        assert_eq!(found, expected, "{}", head.path);
        checked += 1;
    }
    assert!(checked > 15);
}

#[test]
fn good_specs_of_the_example_are_clean() {
    let shop = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    let workspace = Workspace::open(&shop, &OpenOptions::default()).expect("the example opens");
    let report = workspace.check(&all(), &CheckOptions::default());
    let good = [
        "docs/specs/2025-10-20-manual-refunds.md",
        "docs/specs/2025-11-03-order-idempotency.md",
        "docs/specs/2026-01-15-self-service-returns.md",
        "docs/design/SPEC-002-2025-11-12-card-payments.md",
        "docs/design/SPEC-003-2025-12-09-returns.md",
        "docs/design/SPEC-004-2026-01-19-catalogue-search.md",
        "docs/design/implemented/SPEC-001-2025-10-06-order-lifecycle.md",
    ];
    let wrong: Vec<_> = report.findings.iter().filter(|f| good.contains(&&*f.path)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
