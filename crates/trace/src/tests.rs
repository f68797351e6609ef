use crate::{Citations, Input, ItemRole, OrphanKind, Recorded, TraceItem, TracedSpec, Waived, trace};
use proptest::prelude::*;
use std::sync::Arc;
use trueup_codebase::{CodePlace, Outcome, Readable, TestCase, TestResult};
use trueup_model::{Date, Verdict};
use trueup_text::Span;

fn item(role: ItemRole, id: &str) -> TraceItem {
    let (written, id) = id.strip_prefix('?').map_or((!id.is_empty(), id), |id| (false, id));
    TraceItem {
        role,
        id: id.to_owned(),
        written,
        text: "pays once".to_owned(),
        digest: "now".to_owned(),
        span: Span::new(0, 1),
        line: 7,
    }
}

fn spec(name: &str, path: &str, items: Vec<TraceItem>) -> TracedSpec {
    TracedSpec { name: name.to_owned(), path: Arc::from(path), superseded: false, items }
}

/// Two specs, one that was superseded, and a name that two specs have.
fn specs() -> Vec<TracedSpec> {
    let ac = |id: &str| item(ItemRole::Acceptance, id);
    let old = TracedSpec { superseded: true, ..spec("SPEC-001", "old.md", vec![ac("AC-1")]) };
    vec![
        spec(
            "SPEC-012",
            "orders.md",
            vec![
                ac("AC-3"),
                ac("AC-3.1"),
                ac("?AC-4"),
                item(ItemRole::Story, ""),
                item(ItemRole::PlannedTest, "TC-AUTH-012"),
            ],
        ),
        old,
        spec("SPEC-020", "a.md", vec![ac("AC-1"), ac("AC-2")]),
        spec("SPEC-020", "b.md", vec![ac("AC-1")]),
    ]
}

fn place(line: u32) -> CodePlace {
    CodePlace { path: Arc::from("tests/orders.rs"), span: Span::new(0, 1), line }
}

fn test(name: &str) -> TestCase {
    let mut parts: Vec<String> = name.split(" › ").map(str::to_owned).collect();
    let name = parts.pop().unwrap_or_default();
    TestCase { name, suites: parts, skipped: false, place: place(1) }
}

fn result(name: &str, outcome: Outcome) -> TestResult {
    let test = test(name);
    TestResult {
        name: test.name,
        suites: test.suites,
        cites: Vec::new(),
        outcome,
        message: "expected 1, found 2".to_owned(),
        source: Arc::from("report.xml"),
        line: 3,
    }
}

fn recorded(digest: &str, outcome: Outcome, outdated: Option<&str>) -> Recorded {
    Recorded {
        spec: Arc::from("orders.md"),
        item: "AC-3".to_owned(),
        digest: Some(digest.to_owned()),
        test: "pays".to_owned(),
        outcome,
        outdated: outdated.map(str::to_owned),
        path: Arc::from("ledger"),
        line: 2,
    }
}

fn waived(item: &str, digest: Option<&str>) -> Waived {
    Waived {
        spec: Arc::from("orders.md"),
        item: item.to_owned(),
        digest: digest.map(str::to_owned),
        owner: "ada".to_owned(),
        reason: "later".to_owned(),
        until: Date { year: 2026, month: 9, day: 1 },
    }
}

fn yes() -> Readable {
    Readable::Yes(vec!["cargo test"])
}

/// What a test of this name cites: items, then orphans.
fn check(name: &str, wanted: &[&str]) {
    let specs = specs();
    let tests = [test(name)];
    let traced = trace(&Input {
        specs: &specs,
        tests: &tests,
        readable: &yes(),
        results: None,
        recorded: &[],
        waivers: &[],
    });
    let items = traced.items.iter().filter(|i| !i.proofs.is_empty());
    let mut found: Vec<String> = items.map(|i| format!("{}#{}", i.path, i.item.id)).collect();
    found.extend(traced.orphans.iter().map(|o| format!("{} {}", o.kind.name(), o.citation)));
    assert_eq!(found, wanted, "{name}");
}

#[test]
fn tests_cite_in_any_dress() {
    for name in [
        "[SPEC-012#AC-3] pays once",
        "orders › [SPEC-012#AC-3] › pays once",
        "spec_012_ac_3_pays_once",
        "test_SPEC_12_AC_3",
        "pays once @SPEC-012-AC-3",
        "[spec-012#ac-3]",
    ] {
        check(name, &["orders.md#AC-3"]);
    }
    check("TC-AUTH-012 signs in", &["orders.md#TC-AUTH-012"]);
    check("tests › tc_auth_012_signs_in", &["orders.md#TC-AUTH-012"]);
    check(
        "[SPEC-012#AC-3, AC-3.1] TC-AUTH-012",
        &["orders.md#AC-3", "orders.md#AC-3.1", "orders.md#TC-AUTH-012"],
    );
    check("[SPEC-012#AC-3.1] x", &["orders.md#AC-3.1"]);
    check("spec_012_ac_3_1", &["orders.md#AC-3.1"]);
    check("[SPEC-020#AC-2]", &["a.md#AC-2"]);
    check("pays AC-3 for SPEC-012", &[]);
    check("spec_012_is_kept", &[]);
}

#[test]
fn one_item_can_be_asked_for() {
    let tests = [
        test("orders › [SPEC-012#AC-3, AC-4] pays"),
        test("spec_013_ac_1_pays"),
        test("test_2026_02_10_order_returns_for_guest_users_of_the_shop_ac_1_pays"),
    ];
    let citations = Citations::of(&tests);
    for (spec, item, wanted) in [
        ("SPEC-012", "AC-3", true),
        ("SPEC-12", "AC-4", true),
        ("SPEC-013", "AC-1", true),
        ("SPEC-012", "AC-1", false),
        ("SPEC-013", "AC-3", false),
        ("2026-02-10-order-returns-for-guest-users-of-the-shop", "AC-1", true),
        ("2026-02-10-order-returns-for-guest-users-of-the-shop", "AC-2", false),
        ("", "", false),
    ] {
        assert_eq!(citations.cite(spec, item), wanted, "{spec} {item}");
    }
}

#[test]
fn wrong_citations_are_orphans() {
    check("[SPEC-099#AC-3] x", &["no-spec SPEC-099#AC-3"]);
    check("[SPEC-012#AC-9] x", &["no-item SPEC-012#AC-9"]);
    check("[SPEC-012#AC-4] x", &["provisional SPEC-012#AC-4"]);
    check("spec_012_ac_33", &["no-item SPEC-012#AC-33"]);
    check("@SPEC-012-AC-9", &["no-item SPEC-012#AC-9"]);
    check("[SPEC-001#AC-1] x", &["superseded SPEC-001#AC-1"]);
    check("[SPEC-020#AC-1] x", &["ambiguous SPEC-020#AC-1"]);
}

#[test]
fn an_item_whose_name_several_have_is_told_so() {
    let (specs, tests) = (specs(), [test("[SPEC-020#AC-1] x")]);
    let traced = trace(&Input {
        specs: &specs,
        tests: &tests,
        readable: &yes(),
        results: None,
        recorded: &[],
        waivers: &[],
    });
    let of = |path: &str, id: &str| {
        traced.items.iter().find(|i| &*i.path == path && i.item.id == id).map(|i| i.reason.as_str())
    };
    let told = "the test “[SPEC-020#AC-1] x” names it, but several specs have this ID";
    assert_eq!((of("a.md", "AC-1"), of("b.md", "AC-1")), (Some(told), Some(told)));
    assert_eq!(of("a.md", "AC-2"), Some("no test names it"));
}

fn judge(input: &Input<'_>) -> (Verdict, String) {
    let traced = trace(input);
    let first = &traced.items[0];
    assert_eq!(first.item.id, "AC-3");
    (first.verdict, first.reason.clone())
}

#[test]
fn each_verdict_has_its_reason() {
    let (specs, readable, no) = (specs(), yes(), Readable::No("no framework".to_owned()));
    let tests = [test("[SPEC-012#AC-3] pays")];
    let base = Input {
        specs: &specs,
        tests: &tests,
        readable: &readable,
        results: None,
        recorded: &[],
        waivers: &[],
    };
    let told = |input: Input<'_>, verdict: Verdict, wanted: &str| {
        let (found, reason) = judge(&input);
        assert!(found == verdict && reason.contains(wanted), "{found}: {reason} / {verdict}: {wanted}");
    };
    told(Input { tests: &[], ..base }, Verdict::Missing, "no test names it");
    told(
        Input { tests: &[], readable: &no, ..base },
        Verdict::NotCheckable,
        "tests cannot be read: no framework",
    );
    told(base, Verdict::Missing, "“[SPEC-012#AC-3] pays” names it, and there is no result");
    let passed = [result("[SPEC-012#AC-3] pays", Outcome::Passed)];
    told(Input { results: Some(&passed), ..base }, Verdict::Proven, "passed");
    let failed = [passed[0].clone(), result("[SPEC-012#AC-3] twice", Outcome::Failed)];
    told(
        Input { results: Some(&failed), ..base },
        Verdict::Contradicted,
        "twice” failed: expected 1, found 2",
    );
    let skipped = [result("[SPEC-012#AC-3] pays", Outcome::Skipped)];
    told(Input { results: Some(&skipped), ..base }, Verdict::Missing, "was skipped");
    let property =
        [TestResult { cites: vec!["SPEC-012#AC-3".to_owned()], ..result("pays", Outcome::Passed) }];
    told(Input { results: Some(&property), tests: &[], ..base }, Verdict::Proven, "passed");

    let ledger = [recorded("now", Outcome::Failed, None), recorded("now", Outcome::Passed, None)];
    told(Input { recorded: &ledger, ..base }, Verdict::Proven, "passed (ledger:2)");
    told(Input { recorded: &ledger[..1], ..base }, Verdict::Contradicted, "failed (ledger:2)");
    // The line of a branch that was merged later is about older code.
    let merged = [ledger[1].clone(), recorded("now", Outcome::Failed, Some("a file has changed since"))];
    told(Input { recorded: &merged, ..base }, Verdict::Proven, "passed (ledger:2)");
    told(Input { recorded: &ledger, results: Some(&failed), ..base }, Verdict::Contradicted, "twice");
    told(
        Input { recorded: &[recorded("then", Outcome::Passed, None)], ..base },
        Verdict::Stale,
        "its text has changed",
    );
    let old = [recorded("now", Outcome::Passed, Some("src/pay.rs has changed since"))];
    told(Input { recorded: &old, ..base }, Verdict::Stale, "but src/pay.rs has changed since");

    let waiver = [waived("AC-3", Some("now"))];
    told(
        Input { waivers: &waiver, ..base },
        Verdict::Waived,
        "waived by ada until 2026-09-01: later (the test",
    );
    told(Input { waivers: &waiver, results: Some(&passed), ..base }, Verdict::Proven, "passed");
    told(Input { waivers: &[waived("AC-3", Some("then"))], ..base }, Verdict::Missing, "names it");
    told(Input { waivers: &[waived("AC-4", None)], ..base }, Verdict::Missing, "names it");
}

#[test]
fn items_without_a_written_id_are_not_checkable() {
    let specs = specs();
    let recorded = [Recorded { item: "AC-4".to_owned(), ..recorded("now", Outcome::Passed, None) }];
    let waivers = [waived("AC-4", None)];
    let input = Input {
        specs: &specs,
        tests: &[],
        readable: &yes(),
        results: None,
        recorded: &recorded,
        waivers: &waivers,
    };
    let traced = trace(&input);
    let of = |id: &str| traced.items.iter().find(|i| i.item.id == id).unwrap();
    assert_eq!(of("AC-4").verdict, Verdict::NotCheckable);
    assert!(of("AC-4").reason.contains("write the ID in front of it"));
    assert!(of("").reason.contains("has no ID"));
    assert!(traced.items.iter().all(|i| &*i.path != "old.md"));
}

#[test]
fn a_result_is_found_by_the_name_of_its_test() {
    let specs = specs();
    let tests = [test("[SPEC-012#AC-3] › pays"), test("other")];
    let results = [result("com.shop.Orders › pays", Outcome::Passed), result("other", Outcome::Passed)];
    let base = Input {
        specs: &specs,
        tests: &tests,
        readable: &yes(),
        results: Some(&results),
        recorded: &[],
        waivers: &[],
    };
    assert_eq!(judge(&base).0, Verdict::Proven);
    // Not where two tests have this name.
    let tests = [tests[0].clone(), test("pays")];
    assert_eq!(judge(&Input { tests: &tests, ..base }).0, Verdict::Missing);
}

#[test]
fn an_orphan_is_told_once() {
    let specs = specs();
    let tests = [test("[SPEC-099#AC-1] x")];
    let results =
        [result("[SPEC-099#AC-1] x", Outcome::Passed), result("[SPEC-098#AC-1] y", Outcome::Passed)];
    let traced = trace(&Input {
        specs: &specs,
        tests: &tests,
        readable: &yes(),
        results: Some(&results),
        recorded: &[],
        waivers: &[],
    });
    let told: Vec<_> = traced.orphans.iter().map(|o| (o.citation.as_str(), o.kind, &*o.path)).collect();
    assert_eq!(
        told,
        [
            ("SPEC-098#AC-1", OrphanKind::NoSpec, "report.xml"),
            ("SPEC-099#AC-1", OrphanKind::NoSpec, "tests/orders.rs"),
        ]
    );
}

proptest! {
    #[test]
    fn any_names_can_be_traced(
        names in prop::collection::vec("[ -~a-dżÅ#\\[\\]@]{0,40}", 0..6),
        ids in prop::collection::vec("[ A-C0-3#.-]{0,6}", 0..6),
    ) {
        let items = ids.iter().map(|id| item(ItemRole::Acceptance, id)).collect();
        let specs = [spec(names.first().map_or("", String::as_str), "x.md", items)];
        let tests: Vec<TestCase> = names.iter().map(|n| test(n)).collect();
        let results: Vec<TestResult> = names.iter().map(|n| result(n, Outcome::Passed)).collect();
        let traced = trace(&Input { specs: &specs, tests: &tests, readable: &yes(), results: Some(&results), recorded: &[], waivers: &[] });
        prop_assert_eq!(traced.items.len(), ids.len());
        prop_assert!(traced.items.iter().all(|i| !i.reason.is_empty()));
    }
}
