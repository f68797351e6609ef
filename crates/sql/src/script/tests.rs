use super::*;
use proptest::prelude::*;

/// Statements as `line: text`, then commands and what is not closed.
fn split(text: &str) -> Vec<String> {
    let script = Script::read(text);
    let mut out: Vec<String> = Vec::new();
    for statement in &script.statements {
        let data = statement.data.map(|data| format!(" <{}>", data.text(text))).unwrap_or_default();
        out.push(format!("{}: {}{data}", statement.line, statement.text(text)));
    }
    out.extend(
        script.commands.iter().map(|c| format!("{}: {} is {}", c.line, c.span.text(text), c.name(text))),
    );
    out.extend(script.unclosed.map(|unclosed| format!("{}: {} is open", unclosed.line, unclosed.what)));
    out
}

#[track_caller]
fn check(text: &str, wanted: &[&str]) {
    assert_eq!(split(text), wanted, "{text}");
}

#[test]
fn statements_end_at_semicolons() {
    check("SELECT 1; SELECT 2;\n\n SELECT 3", &["1: SELECT 1", "1: SELECT 2", "3: SELECT 3"]);
    check("", &[]);
    check(";;\n;", &[]);
    check("-- nothing\n/* at; all */\n", &[]);
    check("\u{feff}SELECT 1;", &["1: SELECT 1"]);
    check("SELECT 1\r\n;\r\nSELECT\r\n2;", &["1: SELECT 1", "3: SELECT\r\n2"]);
}

#[test]
fn quotes_comments_and_brackets_keep_semicolons() {
    check(
        "SELECT ';', \";\", $$;$$, $a$;$$;$a$, E'\\';';",
        &["1: SELECT ';', \";\", $$;$$, $a$;$$;$a$, E'\\';'"],
    );
    check("SELECT 1 -- ;\n, 2 /* ; /* ; */ ; */;", &["1: SELECT 1 -- ;\n, 2"]);
    check("SELECT 'it''s;';SELECT 2", &["1: SELECT 'it''s;'", "1: SELECT 2"]);
    check(
        "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b); SELECT 1;",
        &["1: CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)", "1: SELECT 1"],
    );
}

#[test]
fn bodies_keep_semicolons() {
    let atomic = "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC\n  \
                  SELECT CASE WHEN a > 0 THEN 1 END; SELECT 2;\nEND";
    check(&format!("{atomic};\nSELECT 1;"), &[&format!("1: {atomic}"), "4: SELECT 1"]);
    let body = "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; COMMIT; END; $$";
    check(&format!("{body}; SELECT 1"), &[&format!("1: {body}"), "1: SELECT 1"]);
    // `BEGIN` of a transaction is a statement of its own.
    check("BEGIN; SELECT 1; END; SELECT 2;", &["1: BEGIN", "1: SELECT 1", "1: END", "1: SELECT 2"]);
    check("DO $do$ BEGIN; END $do$;SELECT 1", &["1: DO $do$ BEGIN; END $do$", "1: SELECT 1"]);
}

#[test]
fn data_is_no_statement() {
    check(
        "COPY public.item (id, name) FROM stdin;\n1\ta;b\n2\t'c\n\\.\n\nSELECT 1;",
        &["1: COPY public.item (id, name) FROM stdin <1\ta;b\n2\t'c\n>", "6: SELECT 1"],
    );
    check(
        "COPY item FROM STDIN WITH (FORMAT csv);\r\n1,a\r\n\\.\r\n",
        &["1: COPY item FROM STDIN WITH (FORMAT csv) <1,a\r\n>"],
    );
    check("COPY item FROM STDIN;\n1\ta", &["1: COPY item FROM STDIN <1\ta>"]);
    check("COPY item TO STDOUT; SELECT 1;", &["1: COPY item TO STDOUT", "1: SELECT 1"]);
}

#[test]
fn commands_of_the_client_are_told() {
    check("\\set ON_ERROR_STOP on\nSELECT 1;\n", &["2: SELECT 1", "1: \\set ON_ERROR_STOP on is \\set"]);
    check("\\copy item FROM 'a;b.csv'\n", &["1: \\copy item FROM 'a;b.csv' is \\copy"]);
    check("SELECT 'x' \\gexec\nSELECT 2;", &["1: SELECT 'x'", "2: SELECT 2", "1: \\gexec is \\gexec"]);
    check("SELECT '\\d', E'\\\\';", &["1: SELECT '\\d', E'\\\\'"]);
}

#[test]
fn what_is_not_closed_is_told() {
    check(
        "SELECT 1;\nSELECT 'a;\nSELECT 2;",
        &["1: SELECT 1", "2: SELECT 'a;\nSELECT 2;", "2: a quoted string is open"],
    );
    check("SELECT $x$ a; $y$;", &["1: SELECT $x$ a; $y$;", "1: a body in dollars is open"]);
    check("SELECT 1;\n\n/* a; ", &["1: SELECT 1", "3: a comment is open"]);
    check("SELECT (1; SELECT 2;", &["1: SELECT (1; SELECT 2;"]);
}

proptest! {
    #[test]
    fn any_text_is_split(text in "[a-z;'\"$()/*\\\\\\n -]{0,80}|\\PC{0,60}") {
        let script = Script::read(&text);
        let mut last = 0;
        for statement in &script.statements {
            prop_assert!(statement.span.start >= last && statement.span.end > statement.span.start);
            prop_assert!(text.get(statement.span.range()).is_some());
            last = statement.data.unwrap_or(statement.span).end;
            let lines = text[..statement.span.start as usize].matches('\n').count() as u32 + 1;
            prop_assert_eq!(statement.line, lines);
        }
    }

    #[test]
    fn statements_that_are_put_together_are_taken_apart(parts in prop::collection::vec(
        prop::sample::select(vec![
            "SELECT ';'", "CREATE TABLE t (a text DEFAULT ';')", "DO $$ BEGIN NULL; END $$", "SELECT 1 -- ;\n",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END", "/* ; */ SELECT \";\"",
        ]), 0..8)) {
        let text = parts.iter().map(|part| format!("{part};\n")).collect::<String>();
        prop_assert_eq!(Script::read(&text).statements.len(), parts.len());
    }
}
