//! Holes and sound ways in small schemas, each with what has to be told of it.

use crate::{found, fresh, wrongs};
use trueup_postgres::{Server, ServerOptions};
use trueup_tenancy::{Options, prove_within};

/// A schema: what it is called, the table of which is spoken, what has to be found there (nothing: all is proven), SQL.
type Case = (&'static str, &'static str, &'static str, String);

pub const TENANTS: &str = "CREATE ROLE app; CREATE TABLE tenants (id uuid PRIMARY KEY, name text NOT NULL);
    ALTER TABLE tenants ENABLE ROW LEVEL SECURITY; ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
    CREATE FUNCTION own() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;
    CREATE POLICY p ON tenants FOR SELECT USING (id = own()); GRANT SELECT ON tenants TO app;";

/// What each table has besides its columns.
const GUARD: &str = "ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;
    CREATE POLICY p ON docs USING (tenant_id = own()); GRANT SELECT, INSERT, UPDATE, DELETE ON docs TO app;";

const QUOTED: &str = r#"CREATE ROLE app; CREATE TABLE "Tenants" ("Id" uuid PRIMARY KEY, "Name" text NOT NULL);
    CREATE TABLE "Orders" ("Id" uuid PRIMARY KEY, "TenantId" uuid NOT NULL REFERENCES "Tenants", "Note" text);
    ALTER TABLE "Tenants" ENABLE ROW LEVEL SECURITY; ALTER TABLE "Tenants" FORCE ROW LEVEL SECURITY;
    ALTER TABLE "Orders" ENABLE ROW LEVEL SECURITY; ALTER TABLE "Orders" FORCE ROW LEVEL SECURITY;
    CREATE POLICY p ON "Tenants" USING ("Id" = nullif(current_setting('app.tenant_id', true), '')::uuid);
    CREATE POLICY p ON "Orders" USING ("TenantId" = nullif(current_setting('app.tenant_id', true), '')::uuid);
    GRANT SELECT ON "Tenants" TO app; GRANT SELECT, INSERT, UPDATE, DELETE ON "Orders" TO app"#;

/// Users who belong to a tenant, and what they wrote.
const USERS: &str = "CREATE TABLE users (id bigint PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants, email text, UNIQUE (tenant_id, id));
    ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY;
    CREATE POLICY p ON users USING (tenant_id = own()); GRANT SELECT ON users TO app;";

pub fn docs(columns: &str, more: &str) -> String {
    format!("{TENANTS} CREATE TABLE docs (id uuid PRIMARY KEY, {columns}); {GUARD} {more}")
}

/// Tries each schema in a transaction of its own: roles go with it.
pub(crate) fn check(server: &Server, cases: &[Case]) {
    for (name, about, wanted, sql) in cases {
        let database = server.create().unwrap();
        let mut client = fresh(&database);
        client.batch_execute(&format!("BEGIN; {sql}")).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let report = prove_within(&mut client, &Options::default()).unwrap();
        if wanted.is_empty() {
            assert_eq!(wrongs(&report), [], "{name}");
        }
        let seen = found(&report, about);
        for kind in wanted.split(", ").filter(|kind| !kind.is_empty()) {
            assert!(seen.contains(&kind), "{name}: {kind} is not among {seen:?}; {:#?}", wrongs(&report));
        }
        for leak in report.subjects.iter().flat_map(|subject| subject.leaks()) {
            let shown = leak.witness.as_ref().is_some_and(|witness| witness.confirmed);
            assert!(shown, "{name}: the witness shows nothing: {}", leak.sql);
        }
    }
}

#[test]
fn rows_keys_and_names_of_all_kinds_are_tried() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let empty = "CREATE POLICY r ON docs FOR SELECT USING (tenant_id IS NULL);";
    let optional = "tenant_id uuid REFERENCES tenants, title text";
    let author = "tenant_id uuid NOT NULL REFERENCES tenants, author_id bigint NOT NULL";
    check(
        &server,
        &[
            ("names in quotes", "Orders", "", QUOTED.to_owned()),
            (
                "users of a tenant are pointed to",
                "docs",
                "reference",
                format!(
                    "{TENANTS} {USERS} CREATE TABLE docs (id uuid PRIMARY KEY, {author} REFERENCES users); {GUARD}"
                ),
            ),
            (
                "a key holds the tenant of a user",
                "docs",
                "",
                format!(
                    "{TENANTS} {USERS} CREATE TABLE docs (id uuid PRIMARY KEY, {author}, FOREIGN KEY (tenant_id, author_id) REFERENCES users (tenant_id, id)); {GUARD}"
                ),
            ),
            ("rows of nobody are read alone", "docs", "nullable-tenant", docs(optional, empty)),
            (
                "rows of nobody are deleted",
                "docs",
                "row without tenant",
                docs(
                    optional,
                    &format!("{empty} CREATE POLICY d ON docs FOR DELETE USING (tenant_id IS NULL)"),
                ),
            ),
            (
                "rows of nobody are added",
                "docs",
                "row without tenant",
                docs(
                    optional,
                    &format!("{empty} CREATE POLICY w ON docs FOR INSERT WITH CHECK (tenant_id IS NULL)"),
                ),
            ),
        ],
    );
}

#[test]
fn keys_of_all_kinds_tell_or_hold() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let columns = "tenant_id uuid NOT NULL REFERENCES tenants, email text, number int, is_main boolean NOT NULL DEFAULT false, during tstzrange NOT NULL";
    let told = |name: &'static str, sql: &str| (name, "docs", "unique-key oracle", docs(columns, sql));
    let held = |name: &'static str, sql: &str| (name, "docs", "", docs(columns, sql));
    check(
        &server,
        &[
            told("some rows alone", "CREATE UNIQUE INDEX ON docs (email) WHERE NOT is_main"),
            told("some rows that have to be made", "CREATE UNIQUE INDEX ON docs (email) WHERE is_main"),
            told("an expression", "CREATE UNIQUE INDEX ON docs (lower(email))"),
            told("a column that may be empty", "CREATE UNIQUE INDEX ON docs (number)"),
            told("spans of time", "ALTER TABLE docs ADD EXCLUDE USING gist (during WITH &&)"),
            held("an expression of the tenant's", "CREATE UNIQUE INDEX ON docs (tenant_id, lower(email))"),
            held("rows of nobody", "CREATE UNIQUE INDEX ON docs (email) WHERE tenant_id IS NULL"),
            held(
                "the tenant excludes",
                "ALTER TABLE docs ADD EXCLUDE USING btree (tenant_id WITH =, email WITH =)",
            ),
        ],
    );
}

#[test]
fn values_of_all_types_open_rows() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let opened = |name: &'static str, wanted: &'static str, column: &str, condition: &str| {
        let open = format!("CREATE POLICY open ON docs FOR SELECT USING ({condition})");
        (name, "docs", wanted, docs(&format!("tenant_id uuid NOT NULL REFERENCES tenants, {column}"), &open))
    };
    let label = opened("a label among many", "select", "st st NOT NULL DEFAULT 'a'", "st = 'public'");
    let labels = "CREATE TYPE st AS ENUM ('a','b','c','d','e','f','g','h','i','public');";
    check(
        &server,
        &[
            (label.0, label.1, label.2, format!("{labels} {}", label.3)),
            opened(
                "a word in a list",
                "select",
                "tags text[] NOT NULL DEFAULT '{}'",
                "'public' = ANY (tags)",
            ),
            opened("a number in a list", "select", "levels int[]", "7 = ANY (levels)"),
            opened(
                "a sign in a document",
                "select",
                "meta jsonb NOT NULL DEFAULT '{}'",
                "(meta ->> 'public')::boolean",
            ),
            opened("a word in a document", "select", "meta jsonb", "meta -> 'sight' ->> 'of' = 'all'"),
            opened(
                "an id of all",
                "select",
                "shared_with uuid",
                "shared_with = '00000000-0000-0000-0000-000000000000'",
            ),
            opened("long ago", "select", "closed_at timestamptz", "closed_at < now() - interval '13 months'"),
            opened("a pattern", "select", "body text", "body ~ '^#public'"),
            opened("what no row was made for", "vacuous", "body text", "length(body) = 777"),
            opened("the tenant's alone", "", "tags text[]", "tenant_id = own() AND 'public' = ANY (tags)"),
        ],
    );
}
