//! Catalogs of a real server.

use trueup_catalog::{Catalog, Change, Difference, PRIVILEGES, differences};
use trueup_postgres::{Client, Server, ServerOptions};

const SCHEMA: &str = "
    CREATE ROLE app NOLOGIN;
    CREATE TYPE mood AS ENUM ('good', 'bad');
    CREATE DOMAIN share AS numeric CHECK (VALUE BETWEEN 0 AND 1);
    CREATE TYPE pair AS (a int, b text);
    CREATE SCHEMA side;
    CREATE TABLE tenants (id uuid PRIMARY KEY, name text NOT NULL);
    CREATE TABLE items (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
        price numeric(10, 2) DEFAULT 0 CHECK (price >= 0),
        doubled numeric GENERATED ALWAYS AS (price * 2) STORED,
        mood mood, part share,
        UNIQUE (tenant_id, mood));
    CREATE INDEX items_lower ON items (lower(tenant_id::text)) WHERE price > 1;
    ALTER TABLE items ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON items FOR SELECT TO app USING (tenant_id::text = current_setting('app.tenant', true));
    CREATE VIEW cheap WITH (security_barrier) AS SELECT id FROM items WHERE price < 1;
    CREATE MATERIALIZED VIEW sums AS SELECT count(*) AS n FROM items;
    CREATE TABLE side.events (at date NOT NULL, what text) PARTITION BY RANGE (at);
    CREATE TABLE side.events_1 PARTITION OF side.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE FUNCTION total(tenant uuid, OUT n bigint, VARIADIC rest int[] DEFAULT '{}') LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog AS 'SELECT count(*) FROM public.items WHERE tenant_id = tenant';
    CREATE PROCEDURE nothing() LANGUAGE plpgsql AS 'BEGIN END';
    CREATE AGGREGATE adds(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER touched BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION touch();
    GRANT SELECT, UPDATE (price) ON items TO app;
    CREATE SEQUENCE numbers OWNED BY items.price;
    CREATE STATISTICS known ON price, mood FROM items;
    CREATE RULE quiet AS ON DELETE TO tenants DO INSTEAD NOTHING;
    COMMENT ON COLUMN items.mood IS 'how it is';
    ALTER DEFAULT PRIVILEGES IN SCHEMA side GRANT SELECT ON TABLES TO app;
";

fn server() -> Server {
    Server::start(&ServerOptions::default()).unwrap_or_else(|error| {
        panic!("{error}\nhelp: {}", error.help().unwrap_or_default());
    })
}

fn said(all: &[Difference]) -> Vec<String> {
    let one = |difference: &Difference| match &difference.change {
        Change::Added => format!("+ {}", difference.object),
        Change::Removed => format!("- {}", difference.object),
        Change::Recreated => format!("anew {}", difference.object),
        Change::Changed(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|field| format!("{}: {} -> {}", field.field, field.before, field.after))
                .collect();
            format!("{} {}", difference.object, fields.join("; "))
        }
    };
    all.iter().map(one).collect()
}

/// Runs the statements in a transaction that is rolled back, and compares.
fn check(client: &mut Client, sql: &str, without: &[&str], expected: &[&str]) {
    let before = Catalog::read(client).unwrap();
    client.batch_execute("BEGIN").unwrap();
    client.batch_execute(sql).unwrap();
    let after = Catalog::read(client).unwrap();
    client.batch_execute("ROLLBACK").unwrap();
    assert_eq!(said(&differences(&before, &after, without)), expected, "{sql}");
}

#[test]
fn a_schema_is_read_and_compared() {
    let server = server();
    let database = server.create().unwrap();
    let mut client = database.connect().unwrap();
    client.batch_execute(SCHEMA).unwrap();
    client.batch_execute("SET search_path = side, public").unwrap();
    let catalog = Catalog::read(&mut client).unwrap();
    let path: String = client.query_one("SHOW search_path", &[]).unwrap().get(0);
    assert_eq!(path, "side, public");
    it_says_what_is_there(&catalog);

    let none: [&str; 0] = [];
    check(&mut client, "SELECT 1", &none, &[]);
    check(
        &mut client,
        "ALTER TABLE items ALTER mood SET NOT NULL",
        &none,
        &["column items.mood not null: no -> yes"],
    );
    check(&mut client, "DROP VIEW cheap", &none, &["- view cheap"]);
    check(&mut client, "CREATE TABLE public.t (a int UNIQUE)", &none, &["+ table t"]);
    check(&mut client, "TRUNCATE items", &none, &["anew table items"]);
    check(&mut client, "GRANT DELETE ON side.events_1 TO app", &PRIVILEGES, &[]);
    check(
        &mut client,
        "DROP POLICY own ON items; CREATE POLICY own ON items USING (true)",
        &none,
        &["policy own on items command: SELECT -> ALL; roles: app -> PUBLIC; using: ((tenant_id)::text = \
             current_setting('app.tenant'::text, true)) -> true"],
    );
    check(
        &mut client,
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'items_lower'::regclass",
        &none,
        &["index items_lower on items valid: yes -> no"],
    );
    check(
        &mut client,
        "ALTER TABLE items DROP CONSTRAINT items_price_check, ADD CONSTRAINT items_price_check CHECK (price >= 0)",
        &none,
        &["anew constraint items_price_check on items"],
    );
    check(
        &mut client,
        "CREATE OR REPLACE VIEW public.cheap AS SELECT id FROM items WHERE price < 1",
        &none,
        &["view cheap options: security_barrier=true -> "],
    );
}

fn it_says_what_is_there(catalog: &Catalog) {
    let items = catalog.relation("public", "items").unwrap();
    assert_eq!(items.columns.len(), 6);
    assert!(items.row_security && !items.forces_row_security);
    let key = items.constraints.iter().find(|constraint| constraint.references.is_some()).unwrap();
    assert_eq!(key.references.as_ref().unwrap().1, "tenants");
    assert_eq!(key.definition, "FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE");
    let index = items.indexes.iter().find(|index| index.name == "items_lower").unwrap();
    assert_eq!((index.columns.as_slice(), index.predicate.is_some()), ([String::new()].as_slice(), true));
    assert!(
        items.grants.iter().any(|grant| grant.column.as_deref() == Some("price") && grant.grantee == "app")
    );
    let part = catalog.relation("side", "events_1").unwrap();
    assert!(part.is_partition && part.bound.is_some());
    let total = catalog.functions.iter().find(|function| function.name == "total").unwrap();
    assert_eq!(total.argument_names, ["tenant", "rest"]);
    assert_eq!(total.argument_types, ["uuid", "integer[]"]);
    assert!(total.security_definer && total.settings == ["search_path=pg_catalog"]);
    assert_eq!(
        catalog.types.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["mood", "pair", "share"]
    );
    assert_eq!(
        catalog.tables().map(|table| table.name.as_str()).collect::<Vec<_>>(),
        ["tenants", "items", "events"]
    );
}
