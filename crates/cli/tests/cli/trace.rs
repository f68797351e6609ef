//! `trace`, `evidence` and `waive`.

use crate::repository::Repository;
use std::process::Command;

const SPEC: &str = "# SPEC-012: Refunds

**Status:** Implemented

## 10) Acceptance bullets

- [x] AC-1: A buyer gets the money back once
- [x] AC-2: A second <b>request</b> is refused
- [ ] Mails go out
";

const TESTS: &str = "\
def test_spec_012_ac_1_money_comes_back_once():
    assert refund(1) == 1

def test_spec_012_ac_2_second_request():
    assert refund(1) == 1
";

fn report(second: &str) -> String {
    format!(
        "<testsuite name=\"pytest\">\n<testcase name=\"test_spec_012_ac_1_money_comes_back_once\"/>\n\
         <testcase name=\"test_spec_012_ac_2_second_request\">{second}</testcase>\n</testsuite>\n"
    )
}

fn git(repository: &Repository, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository.path(""))
        .args(["-c", "commit.gpgsign=false"])
        .args(arguments)
        .output()
        .expect("git");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn traced() -> Repository {
    let repository = Repository::empty();
    repository.write("trueup.toml", "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"builtin:governance\"\n");
    repository.write("specs/SPEC-012-refunds.md", SPEC);
    repository.write("tests/test_refunds.py", TESTS);
    git(&repository, &["init", "-q", "-b", "main"]);
    git(&repository, &["config", "user.name", "Ada"]);
    git(&repository, &["config", "user.email", "ada@example.org"]);
    git(&repository, &["add", "-A"]);
    git(&repository, &["commit", "-qm", "begin"]);
    repository
}

#[test]
fn results_are_traced_recorded_and_go_stale() {
    let repository = traced();
    repository.run(&["trace"]).exits(0).says("0 of 3 proven").says("there is no result of it");
    repository.write("report.xml", &report("<failure message=\"2 != 1\"/>"));
    let ran = repository.run(&["trace", "--junit", "report.xml"]).exits(1);
    ran.says("1 of 3 proven").says("contradicted").says("failed: 2 != 1").says("1 item has no written ID");
    repository.write("report.xml", &report(""));
    repository.run(&["trace", "--junit", "report.xml", "--record"]).exits(0).tells("recorded 2 results");
    repository
        .run(&["trace", "--junit", "report.xml", "--record"])
        .exits(0)
        .tells("nothing new was recorded");
    repository.run(&["evidence", "list"]).exits(0).says("test-result").says("2 passed (report.xml)");
    repository
        .run(&["evidence", "verify", "SPEC-012"])
        .exits(0)
        .says("1 ledger with 1 line, 0 signed: all hold");
    repository.run(&["trace"]).exits(0).says("2 of 3 proven");
    // Another text is another promise.
    repository.write("specs/SPEC-012-refunds.md", &SPEC.replace("money back once", "money back twice"));
    repository.run(&["trace"]).exits(0).says("1 of 3 proven").says("its text has changed since");
    repository.write("specs/SPEC-012-refunds.md", SPEC);
    // So is other code.
    repository.write("tests/test_refunds.py", &format!("{TESTS}\n# more\n"));
    repository.run(&["trace"]).exits(0).says("0 of 3 proven").says("tests/test_refunds.py has changed since");
    let ran = repository.run(&["trace", "--junit", "report.xml", "--record"]).exits(2);
    ran.tells("tests/test_refunds.py differ from the last commit");
    repository.run(&["trace", "--fail-on", "unproven"]).exits(1);
}

#[test]
fn a_changed_or_cut_ledger_is_named() {
    let repository = traced();
    repository.write("report.xml", &report(""));
    repository.run(&["trace", "--junit", "report.xml", "--record"]).exits(0);
    let waive = ["waive", "SPEC-012", "ac-2", "--owner", "ada", "--reason", "later", "--until", "2999-01-01"];
    repository.run(&waive).exits(0).tells("AC-2 is waived until 2999-01-01");
    git(&repository, &["add", "-A"]);
    git(&repository, &["commit", "-qm", "evidence"]);
    repository.run(&["evidence", "verify"]).exits(0);
    let (ledger, sum) = (".trueup/evidence/SPEC-012.jsonl", ".trueup/evidence/SPEC-012.sum");
    let (whole, sums) = (repository.read(ledger), repository.read(sum));
    repository.write(ledger, &whole.replace("passed", "PASSED"));
    repository.run(&["evidence", "verify"]).exits(1).says("SPEC-012.jsonl:1").says("was changed");
    // Both files are cut: the last commit still knows.
    let first = |text: &str| format!("{}\n", text.lines().next().unwrap_or_default());
    repository.write(ledger, &first(&whole));
    repository.write(sum, &first(&sums));
    let ran = repository.run(&["evidence", "verify", "--format", "json"]).exits(1);
    let value: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(value["ledgers"][0]["problems"][0]["kind"], "gone");
    assert_eq!(value["ledgers"][0]["problems"][0]["line"], 2);
}

#[test]
fn wrong_waivers_are_refused() {
    let repository = traced();
    let waive = |of: &str, reason: &str, until: &str| {
        repository.run(&["waive", "SPEC-012", of, "--owner", "ada", "--reason", reason, "--until", until])
    };
    waive("AC-7", "later", "2999-01-01").exits(2).tells("has no item `AC-7`");
    waive("AC-3", "later", "2999-01-01").exits(2).tells("only the bullet's position");
    waive("AC-1", "later", "2001-01-01").exits(2).tells("is past");
    waive("AC-1", "later", "soon").exits(2).tells("`soon` is no day");
    waive("AC-1", " ", "2999-01-01").exits(2).tells("`--reason` is empty");
    waive("acceptance-unproven", "later", "2999-01-01").exits(0);
    waive("AC-1", "later", "2999-01-01").exits(0);
    // Evidence is dated by the clock; these tests run on an earlier day, on which the waiver is not given yet.
    repository.run(&["trace"]).exits(0).says("the waiver of AC-1 in line 2").says("which is in the future");
    let output = Command::new(env!("CARGO_BIN_EXE_trueup"))
        .current_dir(repository.path(""))
        .arg("trace")
        .env_remove("TRUEUP_TODAY")
        .output()
        .expect("trueup starts");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("waived by ada until 2999-01-01: later"), "{told}");
}

#[test]
fn reports_that_cannot_be_read_are_errors() {
    let repository = traced();
    repository.run(&["trace", "--junit", "none.xml"]).exits(2).tells("no report fits none.xml");
    repository.write("report.xml", "<testsuite><testcase name=\"a\">");
    repository.run(&["trace", "--junit", "report.xml"]).exits(2).tells("it ends in the middle");
    repository.run(&["trace", "--record"]).exits(2).tells("there are no results to record");
    repository.write("report.xml", "<testsuite name=\"none\"/>");
    repository.run(&["trace", "--junit", "report.xml"]).exits(2).tells("the reports hold no tests");
    repository.run(&["trace", "--kind", "smoke"]).exits(2).tells("nothing was traced");
    repository.run(&["trace", "--output", "trace.png"]).exits(2).tells("does not say the format");
}

#[test]
fn the_page_holds_no_text_of_specs_as_markup() {
    let repository = traced();
    repository.write("report.xml", &report("<failure message=\"&lt;script&gt;\"/>"));
    let options = ["trace", "--junit", "report.xml", "--output", "trace.html", "--fail-on", "never"];
    repository.run(&options).exits(0).tells("wrote the trace to trace.html");
    let page = repository.read("trace.html");
    assert!(
        page.contains("&lt;script&gt;") && !page.contains("<script") && !page.contains("<b>request"),
        "{page}"
    );
    repository
        .run(&["trace", "--format", "csv"])
        .exits(0)
        .says("SPEC-012,specs/SPEC-012-refunds.md,7,acceptance,AC-1");
    let ran = repository.run(&["trace", "--format", "json"]).exits(0);
    let value: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((&value["summary"]["items"], &value["summary"]["tests"]), (&3.into(), &2.into()));
}
