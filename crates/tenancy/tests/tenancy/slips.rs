//! Ways in which a proof may slip: a hole that no probe comes near, and a complaint about what is sound.

use crate::found::{TENANTS, docs};
use crate::pooled::values;
use crate::{fresh, wrongs};
use trueup_postgres::{Database, Server, ServerOptions};
use trueup_tenancy::{Options, Report, Verdict, prove_pooled, prove_within};

/// A schema: what it is called, the verdict on it, what has to be told, SQL.
type Case = (&'static str, Verdict, &'static str, String);

const OWN: &str = "tenant_id uuid NOT NULL REFERENCES tenants";

/// Notes that may be read by their tenant alone; what else is allowed follows.
fn read_alone(columns: &str, more: &str) -> String {
    format!(
        "{TENANTS} CREATE TABLE docs (id uuid PRIMARY KEY, {OWN}, {columns});
        ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;
        CREATE POLICY r ON docs FOR SELECT USING (tenant_id = own()); GRANT SELECT ON docs TO app; {more}"
    )
}

/// All that is told, as lines.
fn told(report: &Report) -> String {
    let wrongs = wrongs(report).into_iter().map(|(about, what)| format!("{about}: {what}"));
    wrongs.chain(report.notes.iter().map(|note| format!("note: {note}"))).collect::<Vec<_>>().join("\n")
}

/// Proves each schema, and says of all of them at once which were told otherwise.
fn check(cases: &[Case], prove: impl Fn(&Database<'_>, &str) -> Report) {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let mut missed = Vec::new();
    for (name, verdict, wanted, sql) in cases {
        let database = server.create().unwrap();
        let report = prove(&database, sql);
        let told = told(&report);
        if report.verdict() != *verdict || !told.contains(wanted) {
            missed
                .push(format!("{name}: {:?}, wanted {verdict:?} with {wanted:?}:\n{told}", report.verdict()));
        }
        for leak in report.subjects.iter().flat_map(|subject| subject.leaks()) {
            if !leak.witness.as_ref().is_some_and(|witness| witness.confirmed) {
                missed.push(format!("{name}: the witness shows nothing: {}", leak.sql));
            }
        }
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), cases.len(), missed.join("\n\n"));
}

/// In a transaction: roles go with it.
fn check_within(cases: &[Case]) {
    check(cases, |database, sql| {
        let mut client = fresh(database);
        client.batch_execute(&format!("BEGIN; {sql}")).unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
        prove_within(&mut client, &Options::default()).unwrap_or_else(|error| panic!("{error:?}\n{sql}"))
    });
}

#[test]
fn rows_that_are_hard_to_make_or_to_change_are_tried() {
    let labels =
        "CREATE TABLE docs (id uuid PRIMARY KEY, tenant_id uuid REFERENCES tenants, name text NOT NULL";
    let guard = "ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;";
    let system = format!(
        "{TENANTS} {labels}, is_system bool NOT NULL DEFAULT false, CHECK ((tenant_id IS NULL) = is_system)); {guard}
        GRANT SELECT, INSERT, UPDATE, DELETE ON docs TO app;"
    );
    let open_update = "CREATE POLICY w ON docs FOR UPDATE USING (true);";
    let closed_update = "CREATE POLICY w ON docs FOR UPDATE USING (tenant_id = own());";
    let kinds = "CREATE TYPE st AS ENUM ('new', 'paid');";
    check_within(&[
        (
            "rows of nobody that only a sign allows",
            Verdict::Contradicted,
            "a row without tenant is deleted by a tenant",
            format!("{system} CREATE POLICY p ON docs USING (tenant_id IS NULL OR tenant_id = own())"),
        ),
        (
            "rows of nobody that are read alone",
            Verdict::Proven,
            "",
            format!("{system} CREATE POLICY p ON docs USING (tenant_id = own())"),
        ),
        (
            "rows of nobody that cannot be",
            Verdict::Proven,
            "",
            format!(
                "{TENANTS} {labels}, CHECK (tenant_id IS NOT NULL)); {guard} CREATE POLICY p ON docs USING (tenant_id = own());
                GRANT SELECT, INSERT, UPDATE, DELETE ON docs TO app"
            ),
        ),
        (
            "rows of nobody that nobody could make",
            Verdict::Vacuous,
            "no row without tenant could be made",
            format!(
                "{TENANTS} {labels}, CHECK (tenant_id IS NOT NULL OR md5(name) = 'x')); {guard}
                CREATE POLICY p ON docs USING (tenant_id IS NULL OR tenant_id = own()); GRANT SELECT, DELETE ON docs TO app"
            ),
        ),
        (
            "a label is all that may be changed",
            Verdict::Contradicted,
            "blind update",
            format!("{kinds} {}", read_alone("status st NOT NULL DEFAULT 'new'", &format!("GRANT UPDATE (status) ON docs TO app; {open_update}"))),
        ),
        (
            "a word among few is all that may be changed",
            Verdict::Contradicted,
            "blind update",
            read_alone(
                "status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid'))",
                &format!("GRANT UPDATE (status) ON docs TO app; {open_update}"),
            ),
        ),
        (
            "a number is all that may be changed",
            Verdict::Contradicted,
            "blind update",
            read_alone("n int NOT NULL DEFAULT 0", &format!("GRANT UPDATE (n) ON docs TO app; {open_update}")),
        ),
        (
            "what may be changed is the tenant's",
            Verdict::Proven,
            "",
            format!("{kinds} {}", read_alone("status st NOT NULL DEFAULT 'new'", &format!("GRANT UPDATE (status) ON docs TO app; {closed_update}"))),
        ),
        (
            "nothing else can stand there",
            Verdict::Vacuous,
            "no other value",
            read_alone(
                "status text NOT NULL DEFAULT 'new' CHECK (status = 'new')",
                &format!("GRANT UPDATE (status) ON docs TO app; {open_update}"),
            ),
        ),
    ]);
}

#[test]
fn functions_without_claims_and_without_names_are_tried_or_told() {
    let definer = |name: &str, returns: &str, body: &str| {
        format!(
            "CREATE FUNCTION {name} RETURNS {returns} SECURITY DEFINER SET search_path = public, pg_temp {body};"
        )
    };
    let plain = |more: &str| docs(&format!("{OWN}, title text"), more);
    let dump = definer(
        "dump(t text)",
        "SETOF jsonb",
        "LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'SELECT to_jsonb(x) FROM '||t||' x'; END $$",
    );
    check_within(&[
        ("a table by its name", Verdict::Contradicted, "dump(t text): function", plain(&dump)),
        (
            "a table by its name, closed",
            Verdict::Proven,
            "",
            plain(&format!("{dump} REVOKE EXECUTE ON FUNCTION dump(text) FROM PUBLIC")),
        ),
        (
            "a table that is worked out",
            Verdict::NotCheckable,
            "worked out",
            plain(&definer(
                "count_all(n int)",
                "bigint",
                "LANGUAGE plpgsql AS $$ DECLARE c bigint; BEGIN EXECUTE 'SELECT count(*) FROM t' || n INTO c; RETURN c; END $$",
            )),
        ),
        (
            "any type",
            Verdict::NotCheckable,
            "of any type",
            plain(&definer("show(x anyelement)", "SETOF docs", "LANGUAGE sql AS 'SELECT d FROM docs d'")),
        ),
        (
            "another language",
            Verdict::NotCheckable,
            "in another language",
            plain("CREATE FUNCTION now_c() RETURNS text LANGUAGE internal AS 'pgsql_version'"),
        ),
        (
            "a word in a remark",
            Verdict::Proven,
            "",
            plain(&definer("one()", "int", "LANGUAGE plpgsql AS $$ BEGIN -- we execute nothing\n RETURN 1; END $$")),
        ),
        (
            "open as long as nobody has spoken",
            Verdict::Contradicted,
            "function app Unset leak",
            plain(&format!(
                "{} CREATE FUNCTION a_speak(t text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.tenant_id', t, true) $$",
                definer(
                    "titles()",
                    "SETOF text",
                    "LANGUAGE sql AS $$ SELECT title FROM docs WHERE nullif(current_setting('app.tenant_id', true), '') IS NULL
                      AND current_setting('app.tenant_id', true) IS NULL OR tenant_id = own() $$",
                )
            )),
        ),
        (
            "triggers ask who writes",
            Verdict::Proven,
            "a trigger asks who writes",
            plain(
                "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.tenant_id := coalesce(NEW.tenant_id, own()); RETURN NEW; END $$;
                CREATE TRIGGER fill BEFORE INSERT ON docs FOR EACH ROW EXECUTE FUNCTION fill()",
            ),
        ),
        (
            "the form of an id is learned before nobody is tried",
            Verdict::Contradicted,
            "Unset leak",
            "CREATE ROLE app; CREATE TABLE docs (id int PRIMARY KEY, tenant_id text NOT NULL, body text);
            ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;
            CREATE POLICY p ON docs USING (tenant_id::uuid = nullif(current_setting('app.t', true), '')::uuid OR current_setting('app.t', true) IS NULL);
            GRANT SELECT, INSERT, UPDATE, DELETE ON docs TO app"
                .to_owned(),
        ),
    ]);
}

#[test]
fn what_is_read_is_read_to_the_end() {
    let plain = |more: &str| docs(&format!("{OWN}, title text"), more);
    let projects = "CREATE TABLE projects (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants, UNIQUE (tenant_id, id));
        ALTER TABLE projects ENABLE ROW LEVEL SECURITY; ALTER TABLE projects FORCE ROW LEVEL SECURITY;
        CREATE POLICY p ON projects USING (tenant_id = own()); GRANT SELECT ON projects TO app;";
    let trigger = |body: &str| {
        format!(
            "CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN {body} RETURN NEW; END $$;
            CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON docs FOR EACH ROW EXECUTE FUNCTION guard();"
        )
    };
    let of_project = format!(
        "{TENANTS} {projects} CREATE TABLE docs (id uuid PRIMARY KEY, {OWN}, project_id uuid NOT NULL, title text,
        FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id));
        ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;
        CREATE POLICY p ON docs USING (tenant_id = own()); GRANT SELECT, INSERT, UPDATE, DELETE ON docs TO app;"
    );
    let secret =
        "CREATE POLICY s ON docs FOR SELECT USING (md5(title) = 'd41d8cd98f00b204e9800998ecf8427f9');";
    check_within(&[
        (
            "a login with the rights of another role is not asked",
            Verdict::Contradicted,
            "web: bypasses-row-security",
            plain("CREATE ROLE web LOGIN BYPASSRLS IN ROLE app"),
        ),
        (
            "a login with the rights of another role may become the owner",
            Verdict::Contradicted,
            "web: member-of-bypass",
            plain("CREATE ROLE holder; ALTER TABLE docs OWNER TO holder; CREATE ROLE web LOGIN IN ROLE app, holder"),
        ),
        (
            "a login with the rights of another role",
            Verdict::Proven,
            "",
            plain("CREATE ROLE web LOGIN IN ROLE app; CREATE ROLE holder BYPASSRLS; ALTER TABLE docs OWNER TO holder"),
        ),
        (
            "what stands before adding alone does not stand before reading",
            Verdict::Vacuous,
            "md5",
            plain(&format!("{secret} CREATE POLICY o ON docs AS RESTRICTIVE FOR INSERT WITH CHECK (true)")),
        ),
        (
            "what asks for nobody stands before nothing",
            Verdict::Vacuous,
            "md5",
            plain(&format!("{secret} CREATE POLICY o ON docs AS RESTRICTIVE USING (own() IS NOT NULL)")),
        ),
        (
            "the tenant stands before all",
            Verdict::Proven,
            "",
            plain(&format!("{secret} CREATE POLICY o ON docs AS RESTRICTIVE USING (tenant_id = own())")),
        ),
        (
            "a table in a message",
            Verdict::Proven,
            "",
            plain(&trigger("IF TG_OP = 'UPDATE' AND NEW.tenant_id <> OLD.tenant_id THEN RAISE EXCEPTION 'from docs none goes'; END IF;")),
        ),
        (
            "what is not found is refused",
            Verdict::Proven,
            "",
            format!(
                "{of_project} {}",
                trigger("SELECT count(*) INTO n FROM projects WHERE id = NEW.project_id; IF n = 0 THEN RAISE EXCEPTION 'none'; END IF;")
            ),
        ),
        (
            "a guard that nothing shows to be blind",
            Verdict::Proven,
            "note: the trigger guard on docs looks for rows of projects",
            format!(
                "{of_project} {}",
                trigger("IF EXISTS (SELECT FROM projects p WHERE p.id = NEW.project_id AND p.tenant_id <> NEW.tenant_id) THEN RAISE EXCEPTION 'of another'; END IF;")
            ),
        ),
        (
            "a guard that is blind",
            Verdict::Contradicted,
            "docs: blind-guard",
            plain(&trigger("IF EXISTS (SELECT FROM docs d WHERE d.title = NEW.title AND d.tenant_id <> NEW.tenant_id) THEN RAISE EXCEPTION 'taken'; END IF;")),
        ),
        (
            "a function that speaks as nobody",
            Verdict::Proven,
            "",
            plain("CREATE FUNCTION f() RETURNS int LANGUAGE sql SET app.tenant_id = '' AS 'SELECT 1'"),
        ),
        (
            "a function of the owner speaks as somebody",
            Verdict::Proven,
            "",
            plain(
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET app.tenant_id = '00000000-0000-4000-8000-000000000001' AS 'SELECT 1';
                REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC",
            ),
        ),
        (
            "sums that have to be even at the end",
            Verdict::Proven,
            "a constraint that was put off",
            docs(
                &format!("{OWN}, debit int NOT NULL, credit int NOT NULL"),
                "CREATE FUNCTION even() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                   IF (SELECT sum(debit) - sum(credit) FROM docs) <> 0 THEN RAISE EXCEPTION 'not even'; END IF; RETURN NULL; END $$;
                 CREATE CONSTRAINT TRIGGER even AFTER INSERT ON docs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION even()",
            ),
        ),
    ]);
}

#[test]
fn one_role_says_nothing_of_another() {
    let sign_in = docs(
        &format!("{OWN}, title text"),
        "CREATE FUNCTION login(email text, pw text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
           IF md5(pw) <> 'd41d8cd98f00b204e9800998ecf8427f9' THEN RAISE EXCEPTION 'wrong'; END IF;
           PERFORM set_config('app.tenant_id', email, false); END $$;
         REVOKE EXECUTE ON FUNCTION login(text, text) FROM PUBLIC; GRANT EXECUTE ON FUNCTION login(text, text) TO app;
         CREATE ROLE reporting; GRANT SELECT ON docs TO reporting; GRANT SELECT ON tenants TO PUBLIC",
    );
    check(
        &[("a password that is not guessed", Verdict::Contradicted, "read, and not tried", sign_in)],
        |database, sql| {
            fresh(database).batch_execute(sql).unwrap();
            // What a run that was killed has left on a server.
            let number = values(
                &mut fresh(database),
                "SELECT oid FROM pg_database WHERE datname = current_database()",
            );
            for left in ["", "_4294967295", &format!("_{}", number.concat())] {
                fresh(database).batch_execute(&format!("CREATE ROLE trueup_stranger{left}")).unwrap();
            }
            let report = prove_pooled(database, &Options::default()).unwrap();
            let left =
                values(&mut fresh(database), "SELECT rolname FROM pg_roles WHERE rolname LIKE 'trueup%'");
            assert_eq!(left, ["trueup", "trueup_stranger"]);
            report
        },
    );
}
