use super::*;
use crate::chain::Source;

fn chain(layout: Layout, files: &[(&str, &str)]) -> Chain {
    let sources: Vec<Source<'_>> =
        files.iter().map(|(path, text)| Source { path, bytes: text.as_bytes() }).collect();
    Chain::read(layout, &sources)
}

/// Problems as `path:line code`.
fn told(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|one| format!("{}:{} {}", one.path, one.line, one.code)).collect()
}

#[track_caller]
fn check(layout: Layout, options: &LintOptions, files: &[(&str, &str)], wanted: &[&str]) {
    assert_eq!(told(&lint(&chain(layout, files), options)), wanted);
}

const ONE: &str = "SELECT 1;";

#[test]
fn numbers_and_names() {
    let strict = LintOptions {
        pattern: Some(Pattern::read("V###__slug.sql").unwrap()),
        rollback: true,
        gaps_allowed: false,
    };
    check(
        Layout::Governance,
        &strict,
        &[
            ("V001__a.sql", "-- Rollback: none is needed\nSELECT 1;"),
            ("V003__b.sql", ONE),
            ("V003__c.sql", ONE),
            ("V003__c.down.sql", ONE),
            ("V04__D.sql", "-- Rollback: x\nSELECT 1;"),
        ],
        &[
            "V003__b.sql:1 number-gap",
            "V003__c.sql:1 number-duplicate",
            "V003__c.sql:1 rollback-missing",
            "V04__D.sql:1 name-off-pattern",
        ],
    );
}

#[test]
fn dates_and_tens_have_no_gaps() {
    let plain = LintOptions::default();
    check(Layout::Numbered, &plain, &[("20240101000000_a.sql", ONE), ("20250101000000_b.sql", ONE)], &[]);
    check(Layout::Numbered, &plain, &[("10_a.sql", ONE), ("20_b.sql", ONE), ("30_c.sql", ONE)], &[]);
    check(
        Layout::Numbered,
        &plain,
        &[("10_a.sql", ONE), ("20_b.sql", ONE), ("50_c.sql", ONE)],
        &["50_c.sql:1 number-gap"],
    );
    check(Layout::Flyway, &plain, &[("V1_2__a.sql", ONE), ("V3__b.sql", ONE)], &[]);
    let gap = lint(
        &chain(Layout::Governance, &[("V001__a.sql", ONE), ("V005__b.sql", ONE), ("V006__c.sql", ONE)]),
        &plain,
    );
    assert_eq!(gap[0].message, "nothing has the number 2 to 4, which comes before 005");
}

#[test]
fn text_that_the_tool_cannot_run() {
    let plain = LintOptions::default();
    check(
        Layout::Governance,
        &plain,
        &[
            ("V001__a.sql", "SELECT 1;\nSELECT 'a;\n"),
            ("V002__b.sql", "\\copy t FROM 'x'\n"),
            ("V003__c.sql", "-- nothing\n"),
            ("V004__d.sql", "BEGIN;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCOMMIT;\nVACUUM;"),
        ],
        &[
            "V001__a.sql:2 unclosed",
            "V002__b.sql:1 client-command",
            "V003__c.sql:1 no-statement",
            "V004__d.sql:2 alone-in-transaction",
        ],
    );
    let index = "CREATE INDEX CONCURRENTLY i ON t (a);";
    let two = format!("{index}\nSELECT 1;");
    check(Layout::Sqlx, &plain, &[("1_a.sql", index)], &["1_a.sql:1 alone-in-transaction"]);
    check(Layout::Flyway, &plain, &[("V1__a.sql", &two)], &["V1__a.sql:2 mixed-statements"]);
    check(Layout::Prisma, &plain, &[("1_a/migration.sql", index)], &[]);
    check(
        Layout::Prisma,
        &plain,
        &[("1_a/migration.sql", &two)],
        &["1_a/migration.sql:1 alone-in-transaction"],
    );
}

#[test]
fn other_branches_and_tags() {
    let here = chain(Layout::Governance, &[("m/V001__a.sql", ONE), ("m/V002__b.sql", ONE)]);
    let other = |paths: &[&str]| Elsewhere {
        branch: "other".to_owned(),
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
    };
    let taken = taken_elsewhere(&here, &[other(&["m/V001__a.sql", "m/V002__c.sql"])]);
    assert_eq!(told(&taken), ["m/V002__b.sql:1 number-taken"]);
    assert_eq!(taken[0].message, "branch other gives the version 002 to m/V002__c.sql");
    assert!(taken_elsewhere(&here, &[other(&["m/V001__a.sql", "m/V003__c.sql", "README.md"])]).is_empty());
    let now = [("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())];
    let sealed = |path: &str, digest: &str| Sealed {
        path: path.to_owned(),
        digest: digest.to_owned(),
        by: "tag x".to_owned(),
    };
    let found = changed_since(&now, &[sealed("a", "1"), sealed("b", "1"), sealed("c", "1")]);
    assert_eq!(told(&found), ["b:1 changed-after-applied", "c:1 removed-after-applied"]);
}

#[test]
fn free_versions_are_written_as_the_others() {
    let next = |layout, path: &str| next_version(&chain(layout, &[(path, ONE)]), 2);
    assert_eq!(next(Layout::Governance, "V012__a.sql").as_deref(), Some("014"));
    assert_eq!(next(Layout::Governance, "V999__a.sql").as_deref(), Some("1001"));
    assert_eq!(next(Layout::Flyway, "V1_2__a.sql").as_deref(), Some("3"));
    assert_eq!(next(Layout::Prisma, "20240131120000_a/migration.sql").as_deref(), Some("20240131120002"));
    assert_eq!(next(Layout::Numbered, "2024-01-31-a.sql"), None);
    assert_eq!(next_version(&chain(Layout::Governance, &[]), 1).as_deref(), Some("001"));
}

#[test]
fn transactions_begin_and_end() {
    for begins in ["BEGIN", "begin work", "START TRANSACTION ISOLATION LEVEL SERIALIZABLE"] {
        assert_eq!(transaction_word(begins), Some(true), "{begins}");
    }
    for ends in ["COMMIT", "END", "ROLLBACK", "ABORT", "COMMIT AND CHAIN", "PREPARE TRANSACTION 'x'"] {
        assert_eq!(transaction_word(ends), Some(false), "{ends}");
    }
    for neither in [
        "ROLLBACK TO SAVEPOINT a",
        "ROLLBACK WORK TO SAVEPOINT a",
        "SAVEPOINT a",
        "SELECT 1",
        "COMMIT PREPARED 'x'",
        "",
    ] {
        assert_eq!(transaction_word(neither), None, "{neither}");
    }
}
