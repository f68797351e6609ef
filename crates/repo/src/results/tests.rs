use super::{ReportError, cucumber, find_reports, junit};
use trueup_codebase::TestResult;

fn shown(result: Result<Vec<TestResult>, ReportError>) -> Vec<String> {
    match result {
        Ok(all) => all
            .iter()
            .map(|r| {
                let name = [r.suites.join("/"), r.name.clone()].join("/");
                format!("{} {name} {:?} {} :{}", r.outcome.name(), r.cites, r.message, r.line)
            })
            .collect(),
        Err(error) => vec![error.to_string()],
    }
}

fn check_junit(text: &str, wanted: &[&str]) {
    assert_eq!(shown(junit::parse(text.as_bytes(), "r.xml")), wanted, "{text}");
}

#[test]
fn outcomes_of_junit() {
    check_junit(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="orders">
    <properties><property name="spec" value="SPEC-012#AC-1"/></properties>
    <testcase name="pays &lt;once&gt; [SPEC-012#AC-3]" classname="orders.pay"/>
    <testcase name="b" classname="orders"><failure message="expected 1&#10;found 2">trace</failure></testcase>
    <testcase name="c"><error><![CDATA[
boom <x>
more]]></error></testcase>
    <testcase name="d"><skipped/></testcase>
    <testcase name="e" status="notrun"/>
    <testcase name="f"><flakyFailure message="once"/></testcase>
    <testcase name="g"><properties><property name="spec">
      SPEC-013#AC-1 </property></properties></testcase>
    <testsuite name="inner"><testcase name="h"/></testsuite>
  </testsuite>
  <testsuite name="other"><testcase name="i"><system-out>x</system-out></testcase></testsuite>
</testsuites>
"#,
        &[
            "passed orders/orders.pay/pays <once> [SPEC-012#AC-3] [\"SPEC-012#AC-1\"]  :5",
            "failed orders/b [\"SPEC-012#AC-1\"] expected 1 :6",
            "failed orders/c [\"SPEC-012#AC-1\"] boom <x> :7",
            "skipped orders/d [\"SPEC-012#AC-1\"]  :10",
            "skipped orders/e [\"SPEC-012#AC-1\"]  :11",
            "passed orders/f [\"SPEC-012#AC-1\"]  :12",
            "passed orders/g [\"SPEC-012#AC-1\", \"SPEC-013#AC-1\"]  :13",
            "passed orders/inner/h [\"SPEC-012#AC-1\"]  :15",
            "passed other/i []  :17",
        ],
    );
    check_junit("<testsuite/>", &[]);
    check_junit(
        "<testsuite><testcase name='a'><failure>a &lt; b &#38; c &amp; d &x;\nmore</failure></testcase>\n\
         <testcase name='a'/><testcase name='b'><flakyFailure>x &lt;</flakyFailure><system-err>e</system-err></testcase>\
         <testcase name='c'><failure/><rerunFailure>again &gt; 1</rerunFailure></testcase></testsuite>",
        &[
            "failed /a [] a < b & c & d &x; :1",
            "passed /a []  :3",
            "passed /b []  :3",
            "failed /c [] again > 1 :3",
        ],
    );
}

#[test]
fn what_is_no_junit_is_an_error() {
    let told = |text: &str, wanted: &str| {
        let found = shown(junit::parse(text.as_bytes(), "r.xml"));
        assert!(found.len() == 1 && found[0].contains(wanted), "{text}: {found:?}");
    };
    told("", "it is empty");
    told("hello", "it is empty");
    told("<html><body/></html>", "begins with `html`");
    told("<testsuite>\n<testcase name='a'>\n", "r.xml:3 is no JUnit XML: it ends in the middle");
    told("<testsuite><testcase></testsuite>", "testcase` has no name");
    told("<testsuite><testcase name='a'></testsuite>", "r.xml:1");
    told("<testsuite><testcase name='a'><testcase name='b'/></testcase></testsuite>", "stands in another");
    told("<!DOCTYPE x [<!ENTITY a \"b\">]><testsuite/>", "declares a document type");
    told("<testsuite><testcase name='&a;'/></testsuite>", "r.xml:1");
    told(&format!("<testsuite>{}", "<a>".repeat(200)), "nested more than 100 deep");
    let bad = shown(junit::parse(&b"<testsuite><testcase name='\xff'/></testsuite>"[..], "r.xml"));
    assert!(bad[0].contains("r.xml:1 is no JUnit XML"), "{bad:?}");
}

#[test]
fn a_large_report_is_read() {
    let cases: String = (0..50_000).map(|n| format!("<testcase name='t{n}'/>\n")).collect();
    let all = junit::parse(format!("<testsuite>\n{cases}</testsuite>").as_bytes(), "r.xml").unwrap();
    assert_eq!((all.len(), all[49_999].line), (50_000, 50_001));
}

const MESSAGES: &str = r#"{"meta":{"protocolVersion":"27"}}
{"gherkinDocument":{"uri":"pay.feature","feature":{"name":"Paying"}}}
{"pickle":{"id":"p1","uri":"pay.feature","name":"pays once","tags":[{"name":"@SPEC-012#AC-3","astNodeId":"1"}],"steps":[]}}
{"pickle":{"id":"p2","uri":"pay.feature","name":"is lazy","tags":[]}}
{"testCase":{"id":"c1","pickleId":"p1","testSteps":[]}}
{"testCase":{"id":"c2","pickleId":"p2","testSteps":[]}}
{"testCaseStarted":{"id":"s1","testCaseId":"c1","attempt":0}}
{"testStepFinished":{"testCaseStartedId":"s1","testStepId":"x","testStepResult":{"status":"FAILED","message":"no\nmore"}}}
{"testCaseFinished":{"testCaseStartedId":"s1","willBeRetried":true}}
{"testCaseStarted":{"id":"s2","testCaseId":"c1","attempt":1}}
{"testStepFinished":{"testCaseStartedId":"s2","testStepId":"x","testStepResult":{"status":"PASSED"}}}
{"testCaseFinished":{"testCaseStartedId":"s2","willBeRetried":false}}
{"testCaseStarted":{"id":"s3","testCaseId":"c2","attempt":0}}
"#;

fn check_cucumber(end: &str, wanted: &[&str]) {
    let found = shown(cucumber::parse(format!("{MESSAGES}{end}").as_bytes(), "r.ndjson"));
    assert_eq!(found, wanted, "{end}");
}

#[test]
fn outcomes_of_cucumber() {
    let first = "passed Paying/pays once [\"@SPEC-012#AC-3\"]  :10";
    let step = |status: &str| {
        format!(
            "{{\"testStepFinished\":{{\"testCaseStartedId\":\"s3\",\"testStepResult\":{{\"status\":\"{status}\"}}}}}}\n"
        )
    };
    let end =
        "{\"testCaseFinished\":{\"testCaseStartedId\":\"s3\"}}\n\n{\"testRunFinished\":{\"success\":true}}\n";
    let of = |second: &str, steps: &str| check_cucumber(&format!("{steps}{end}"), &[first, second]);
    of("skipped Paying/is lazy []  :13", "");
    of("passed Paying/is lazy []  :13", &step("PASSED"));
    of("skipped Paying/is lazy []  :13", &(step("PASSED") + &step("SKIPPED")));
    check_cucumber(
        "{\"testCaseFinished\":{\"testCaseStartedId\":\"s3\"}}\n{\"testRunFinished\":{\"success\":false}}",
        &[
            "the report r.ndjson:15 is no stream of Cucumber messages: it says that the run failed, and no scenario in it did: something around the scenarios failed",
        ],
    );
    let unknown = |line: &str, why: &str| {
        check_cucumber(
            &format!("{line}\n{{\"testRunFinished\":{{}}}}"),
            &[&format!("the report r.ndjson:14 is no stream of Cucumber messages: {why}: lines are missing")],
        );
    };
    unknown("{\"testCaseStarted\":{\"id\":\"s4\",\"testCaseId\":\"c9\"}}", "there is no test case `c9`");
    unknown("{\"testCaseFinished\":{\"testCaseStartedId\":\"s9\"}}", "the attempt `s9` was never begun");
    of("failed Paying/is lazy [] a step is undefined :13", &(step("UNDEFINED") + &step("SKIPPED")));
    check_cucumber("{\"testRunFinished\":{}}", &[first, "failed Paying/is lazy []  :13"]);
    check_cucumber(
        "",
        &[
            "the report r.ndjson:14 is no stream of Cucumber messages: it ends before the run does: it was interrupted, or the file was cut",
        ],
    );
}

#[test]
fn what_is_no_message_is_an_error() {
    for (text, wanted) in [
        ("[{}]", "the old JSON format"),
        ("{\"pickle\":", "r.ndjson:1"),
        ("{}\nhello", "r.ndjson:2"),
        ("<testsuite/>", "r.ndjson:1"),
        ("", "ends before the run does"),
    ] {
        let told = shown(cucumber::parse(text.as_bytes(), "r.ndjson"));
        assert!(told.len() == 1 && told[0].contains(wanted), "{text}: {told:?}");
    }
    let deep = format!("{{\"x\":{}", "[".repeat(100_000));
    assert!(cucumber::parse(deep.as_bytes(), "r").is_err());
}

#[test]
fn reports_are_found_by_path_and_glob() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for path in ["a/TEST-1.xml", "a/b/TEST-2.xml", "a/b/other.txt", "[x].xml"] {
        std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        std::fs::write(root.join(path), "").unwrap();
    }
    let found = |pattern: &str| match find_reports(root, pattern) {
        Ok(all) => all
            .iter()
            .map(|p| p.strip_prefix(root).unwrap().display().to_string())
            .collect::<Vec<_>>()
            .join(" "),
        Err(error) => error.to_string(),
    };
    assert_eq!(found("a/TEST-1.xml"), "a/TEST-1.xml");
    assert_eq!(found("a/*.xml"), "a/TEST-1.xml");
    assert_eq!(found("a/**/TEST-*.xml"), "a/TEST-1.xml a/b/TEST-2.xml");
    assert_eq!(found("[x].xml"), "[x].xml");
    assert_eq!(found("none.xml"), "no report fits none.xml");
    assert_eq!(found("a/*.json"), "no report fits a/*.json");
    assert!(found("nowhere/*.xml").contains("cannot be read"));
    assert!(found("a/{x").contains("a/{x"));
}
