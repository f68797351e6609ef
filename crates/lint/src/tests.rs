use super::*;
use proptest::prelude::*;
use trueup_sql::{Chain, Layout, Source};

fn file(layout: Layout, path: &str, text: &str) -> ChainFile {
    Chain::read(layout, &[Source { path, bytes: text.as_bytes() }]).files.remove(0)
}

fn told(settings: &Settings, layout: Layout, path: &str, text: &str) -> Vec<String> {
    let squawk = Squawk::new(settings).unwrap();
    let found = squawk.check(&file(layout, path, text));
    found.iter().map(|one| format!("{}:{} {}", one.line, one.column, one.code)).collect()
}

/// What only these rules find in a file whose statements commit by themselves.
#[track_caller]
fn check(rules: &[&str], text: &str, wanted: &[&str]) {
    let all = super::rules();
    let exclude = all.into_iter().filter(|rule| !rules.contains(&rule.as_str())).collect();
    let settings = Settings { exclude, include: Vec::new(), ..Settings::default() };
    assert_eq!(told(&settings, Layout::Governance, "V001__a.sql", text), wanted, "{text}");
}

#[test]
fn rules_find_places() {
    check(
        &["adding-not-nullable-field", "require-concurrent-index-creation", "ban-drop-column"],
        "-- a\nCREATE INDEX i ON t (a);\nALTER TABLE t\n  DROP COLUMN é;",
        &["2:1 require-concurrent-index-creation", "4:3 ban-drop-column"],
    );
}

#[test]
fn nobody_waits_for_what_the_file_has_made() {
    let rules = [
        "adding-foreign-key-constraint",
        "adding-serial-primary-key-field",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "require-concurrent-index-creation",
    ];
    let on = |make: &str, table: &str| {
        format!(
            "{make};\nALTER TABLE {table} ADD CONSTRAINT k UNIQUE (a);\nALTER TABLE {table} ADD PRIMARY KEY (a);\n\
             CREATE INDEX i ON {table} (b);\nALTER TABLE {table} ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (a);"
        )
    };
    check(&rules, &on("CREATE TABLE n AS SELECT * FROM t", "n"), &["5:19 adding-foreign-key-constraint"]);
    check(&rules, &on("SELECT * INTO n FROM t", "n"), &["5:19 adding-foreign-key-constraint"]);
    check(&rules, &on("CREATE TABLE n (a int)", "n"), &[]);
    let old = told(&Settings::default(), Layout::Governance, "V001__a.sql", &on("SELECT 1", "t"));
    for rule in rules.iter().filter(|rule| !rule.contains("foreign")) {
        assert!(old.iter().any(|told| told.ends_with(rule)), "{rule}: {old:?}");
    }
}

#[test]
fn what_comes_back_breaks_nobody() {
    let rules = ["ban-drop-function", "ban-drop-trigger", "ban-drop-view"];
    let make = "CREATE VIEW v AS SELECT 1 AS a;\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n\
                CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION h();";
    let with = |drop: &str| format!("{drop};\n{make}");
    check(&rules, &with("DROP VIEW IF EXISTS v;\nDROP FUNCTION f();\nDROP TRIGGER IF EXISTS g ON t"), &[]);
    check(&rules, &with("DROP VIEW v CASCADE"), &["1:1 ban-drop-view"]);
    check(
        &rules,
        &with("DROP VIEW w;\nDROP FUNCTION f(int)"),
        &["1:1 ban-drop-view", "2:1 ban-drop-function"],
    );
    check(&rules, &format!("{make}\nDROP VIEW v;"), &["4:1 ban-drop-view"]);
}

#[test]
fn of_another_system_nothing_is_said() {
    check(&["syntax-error"], "CREATE TABLE `t` (`a` int) ENGINE=InnoDB;", &[]);
}

#[test]
fn comments_suppress() {
    let rules = ["ban-drop-column", "unused-ignore"];
    check(&rules, "-- squawk-ignore ban-drop-column\nALTER TABLE t DROP COLUMN a;", &[]);
    check(&rules, "-- squawk-ignore ban-drop-table\nALTER TABLE t DROP COLUMN a;", &["2:15 ban-drop-column"]);
    check(&rules, "-- squawk-ignore-file ban-drop-column\nSELECT 1;\nALTER TABLE t DROP COLUMN a;", &[]);
}

#[test]
fn the_runner_counts() {
    let rule = "ban-concurrent-index-creation-in-transaction";
    let exclude: Vec<String> = rules().into_iter().filter(|name| name != rule).collect();
    let settings = Settings { exclude, ..Settings::default() };
    let index = "CREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 1;";
    assert!(told(&settings, Layout::Governance, "V001__a.sql", index).is_empty());
    assert_eq!(told(&settings, Layout::Refinery, "V1__a.sql", index), [format!("1:14 {rule}")]);
}

#[test]
fn what_is_no_sql_is_left_out() {
    let text = "\\set x 1\nCOPY t FROM stdin;\n1\t;;'\\n\n\\.\nALTER TABLE t DROP COLUMN a;";
    check(&["ban-drop-column"], text, &["5:15 ban-drop-column"]);
    check(&["ban-drop-column"], "CREATE TABL t (;", &["1:1 syntax-error"]);
}

#[test]
fn names_of_rules_are_held() {
    assert!(rules().contains(&"prefer-robust-stmts".to_owned()));
    assert!(rules().len() > 60);
    let wrong = Settings { include: vec!["no-such".to_owned()], ..Settings::default() };
    assert_eq!(Squawk::new(&wrong).unwrap_err().to_string(), "squawk has no rule no-such");
}

#[test]
fn every_problem_says_what_and_how() {
    let settings = Settings::default();
    let found = Squawk::new(&settings).unwrap().check(&file(
        Layout::Governance,
        "V001__a.sql",
        "ALTER TABLE t ADD COLUMN a int NOT NULL; DROP TABLE u;",
    ));
    assert!(found.len() >= 2, "{found:#?}");
    assert!(found.iter().all(|one| !one.message.is_empty() && !one.message.contains('\n')));
    assert!(found.iter().any(|one| one.mend.is_some()));
}

#[test]
fn nesting_takes_nothing_down() {
    let deep = format!("SELECT {}1{};", "(".repeat(100_000), ")".repeat(100_000));
    let nots = format!("SELECT {} true;", "NOT ".repeat(100_000));
    let case = format!("SELECT {} 1;", "CASE WHEN ".repeat(1_900));
    let sum = format!("SELECT 1{};", " + 1".repeat(1_900));
    let inside = format!("SELECT {}1{};", "(".repeat(490), ")".repeat(490));
    let squawk = Squawk::new(&Settings::default()).unwrap();
    let codes = |text: &str| {
        let found = squawk.check(&file(Layout::Governance, "V001__a.sql", text));
        found.into_iter().map(|one| one.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&deep), ["not-linted"]);
    assert_eq!(codes(&nots), ["not-linted"]);
    for text in [case, sum, inside] {
        codes(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_checked(text in "[a-z;'\"$()/*\\\\\\n ,.:=<>-]{0,80}|\\PC{0,60}") {
        let squawk = Squawk::new(&Settings::default()).unwrap();
        for problem in squawk.check(&file(Layout::Governance, "V001__a.sql", &text)) {
            prop_assert!(problem.line as usize <= text.matches('\n').count() + 1);
        }
    }

    #[test]
    fn any_words_are_checked(words in prop::collection::vec(prop::sample::select(vec![
        "ALTER", "TABLE", "t", "ADD", "COLUMN", "a", "int", "NOT", "NULL", "CREATE", "INDEX", "ON", "(", ")", ";", ",",
        "DROP", "CONSTRAINT", "CHECK", "UPDATE", "SET", "=", "SELECT", "FROM", "$$", "'", "BEGIN", "COMMIT", "\n", "--",
        "squawk-ignore", "POLICY", "USING", "FUNCTION", "RETURNS", "AS", "LANGUAGE", "sql", "CASE", "WHEN",
    ]), 0..30)) {
        let squawk = Squawk::new(&Settings::default()).unwrap();
        squawk.check(&file(Layout::Governance, "V001__a.sql", &words.join(" ")));
    }
}
