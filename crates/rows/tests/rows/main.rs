//! Rows are made on a server, for schemas of many shapes.

use trueup_catalog::Catalog;
use trueup_postgres::{Client, Server, ServerOptions};
use trueup_rows::{Family, Maker, Pin, Sample};

fn with_schema(sql: &str, test: impl FnOnce(&mut Client, &Catalog)) {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let database = server.create().unwrap();
    let mut client = database.connect().unwrap();
    client.batch_execute("BEGIN").unwrap();
    client.batch_execute(sql).unwrap();
    let catalog = Catalog::read(&mut client).unwrap();
    test(&mut client, &catalog);
}

/// Tables of which each takes a row, two of the first family and one of the second.
const SCHEMA: &str = r#"
CREATE TYPE status AS ENUM ('new', 'paid');
CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{3}-\d{4}$');
CREATE DOMAIN small_positive AS int CHECK (VALUE BETWEEN 3 AND 5);
CREATE TABLE tenants (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+$'));
CREATE TABLE checked (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code code NOT NULL, n small_positive NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'closed')), quantity int NOT NULL CHECK (quantity > 0 AND quantity < 10),
  pin char(4) NOT NULL CHECK (length(pin) = 4), ratio numeric(3,2) NOT NULL CHECK (ratio >= 0.5 AND ratio <= 0.6),
  starts date NOT NULL, ends date NOT NULL CHECK (ends > starts), low int NOT NULL, high int NOT NULL CHECK (high > low),
  doubled int GENERATED ALWAYS AS (quantity * 2) STORED, status status NOT NULL, tags text[] NOT NULL CHECK (cardinality(tags) > 1),
  CHECK ((state = 'closed') = (status = 'paid')));
CREATE TABLE types (a smallint NOT NULL, b bigint NOT NULL, c real NOT NULL, d money NOT NULL, e bytea NOT NULL, f json NOT NULL,
  g jsonb NOT NULL CHECK (jsonb_typeof(g) = 'array'), h inet NOT NULL, i cidr NOT NULL, j macaddr NOT NULL, k interval NOT NULL,
  l time NOT NULL, m timetz NOT NULL, n timestamptz(3) NOT NULL, o int4range NOT NULL, p tstzrange NOT NULL, q point NOT NULL,
  r box NOT NULL, s tsvector NOT NULL, t bit(3) NOT NULL, u varbit(5) NOT NULL, v xml, w int[] NOT NULL, x "char" NOT NULL,
  y name NOT NULL, z boolean NOT NULL, aa circle NOT NULL, bb polygon NOT NULL, cc line NOT NULL, dd daterange NOT NULL);
CREATE TABLE customers (tenant_id uuid NOT NULL REFERENCES tenants, id bigint NOT NULL, email varchar(20) NOT NULL,
  PRIMARY KEY (tenant_id, id), UNIQUE (email));
CREATE TABLE "Orders" (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, customer_id bigint NOT NULL, "select" text,
  parent_id uuid NOT NULL REFERENCES "Orders", FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id));
CREATE TABLE soft (id serial PRIMARY KEY, tenant_id uuid NOT NULL, country_id int);
CREATE TABLE countries (id serial PRIMARY KEY, name text UNIQUE);
CREATE TABLE lefts (id int PRIMARY KEY, right_id int NOT NULL);
CREATE TABLE rights (id int PRIMARY KEY, left_id int NOT NULL REFERENCES lefts DEFERRABLE);
ALTER TABLE lefts ADD FOREIGN KEY (right_id) REFERENCES rights DEFERRABLE;
CREATE TABLE loops_a (id int PRIMARY KEY, b int);
CREATE TABLE loops_b (id int PRIMARY KEY, a int NOT NULL REFERENCES loops_a);
ALTER TABLE loops_a ADD FOREIGN KEY (b) REFERENCES loops_b;
CREATE TABLE sales (tenant_id uuid NOT NULL REFERENCES tenants, sold_on date NOT NULL, region text NOT NULL) PARTITION BY RANGE (sold_on);
CREATE TABLE sales_old PARTITION OF sales FOR VALUES FROM ('2020-01-01') TO ('2020-02-01') PARTITION BY LIST (region);
CREATE TABLE sales_old_eu PARTITION OF sales_old FOR VALUES IN ('eu');
CREATE TABLE excluded (room int NOT NULL, during tstzrange NOT NULL, EXCLUDE USING gist (during WITH &&));
CREATE TABLE counts (tenant_id uuid NOT NULL UNIQUE REFERENCES tenants, n int NOT NULL DEFAULT 0);
CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO counts VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER count_it AFTER INSERT ON tenants FOR EACH ROW EXECUTE FUNCTION count_it();
CREATE TABLE one_to_one (tenant_id uuid PRIMARY KEY REFERENCES tenants, note text);
CREATE TABLE nothing ();
CREATE TABLE only_defaults (id serial PRIMARY KEY, made timestamptz DEFAULT now());
"#;

#[test]
fn each_table_takes_rows() {
    with_schema(SCHEMA, |client, catalog| {
        let mut maker = Maker::new(catalog, Vec::new());
        let (mut a, mut b) = (Family::new("a"), Family::new("b"));
        for table in catalog.tables() {
            for family in [&mut a, &mut b] {
                let made = maker.row(client, family, table);
                assert!(made.is_ok(), "{}: {made:#?}", table.name);
            }
        }
        client.batch_execute("SET CONSTRAINTS ALL IMMEDIATE").unwrap();
        let tenant =
            |family: &Family| family.row("public", "tenants").unwrap().value("id").unwrap().to_owned();
        for family in [&a, &b] {
            let order = family.row("public", "Orders").unwrap();
            assert_eq!(order.value("tenant_id"), Some(tenant(family).as_str()));
            let soft = family.row("public", "soft").unwrap();
            assert_eq!(soft.value("tenant_id"), Some(tenant(family).as_str()), "by the column's name");
            assert_eq!(soft.value("country_id"), family.row("public", "countries").unwrap().value("id"));
        }
        assert_ne!(tenant(&a), tenant(&b));
    });
}

#[test]
fn pins_and_samples_win() {
    let sql = "CREATE TABLE t (id int PRIMARY KEY, tenant_id text NOT NULL, note text NOT NULL CHECK (note = reverse(note) AND length(note) = 5));
        CREATE TABLE child (t_id int NOT NULL REFERENCES t);";
    with_schema(sql, |client, catalog| {
        let table = catalog.relation("public", "t").unwrap();
        let mut one = Family::new("a");
        one.pins.push(Pin { table: None, column: "tenant_id".into(), sql: "'acme'".into() });
        let refused = Maker::new(catalog, Vec::new()).row(client, &mut one.clone(), table).unwrap_err();
        assert_eq!(refused.error.unwrap().sqlstate, "23514");
        assert!(refused.sql.starts_with("INSERT INTO public.t"), "{}", refused.sql);
        let child = catalog.relation("public", "child").unwrap();
        let why = Maker::new(catalog, Vec::new()).row(client, &mut one.clone(), child).unwrap_err();
        assert_eq!(why.table.1, "t", "the parent is named");
        let sql = "INSERT INTO t VALUES ({n}, {tenant}, 'level');".to_owned();
        one.words.push(("tenant".into(), "'acme'".into()));
        let mut maker = Maker::new(catalog, vec![Sample { table: ("public".into(), "t".into()), sql }]);
        let made = maker.row(client, &mut one, table).unwrap();
        assert_eq!((made.value("tenant_id"), made.value("note")), (Some("acme"), Some("level")));
        assert!(maker.another(client, &mut one, table).is_ok());
    });
}

#[test]
fn tables_are_filled() {
    with_schema(SCHEMA, |client, catalog| {
        let mut maker = Maker::new(catalog, Vec::new());
        let mut one = Family::new("f");
        let mut check = |name: &str, wanted: u64| {
            let table = catalog.relation("public", name).unwrap();
            let filled = maker.fill(client, &mut one, table, 500);
            assert_eq!(filled.as_ref().ok(), Some(&wanted), "{name}: {filled:#?}");
        };
        check("tenants", 500);
        check("checked", 500);
        check("types", 500);
        check("customers", 500);
        check("Orders", 500);
        check("soft", 500);
        check("sales", 500);
        check("only_defaults", 500);
        check("nothing", 500);
        check("one_to_one", 500);
    });
}

/// Each table points to all before it, and none takes a row: there are as many ways as there are sets of tables.
#[test]
fn what_cannot_be_made_is_not_tried_on_each_way_to_it() {
    const TABLES: usize = 9;
    let mut sql =
        "CREATE SEQUENCE tries; CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM nextval('tries'); RAISE EXCEPTION 'never'; END $$;"
            .to_owned();
    for at in 0..TABLES {
        let links: String = (0..at).map(|other| format!(", t{other}_id int REFERENCES t{other}")).collect();
        sql.push_str(&format!(
            "CREATE TABLE t{at} (id int PRIMARY KEY{links});
            CREATE TRIGGER refuse BEFORE INSERT ON t{at} FOR EACH ROW EXECUTE FUNCTION refuse();"
        ));
    }
    with_schema(&sql, |client, catalog| {
        let mut maker = Maker::new(catalog, Vec::new());
        let last = catalog.relation("public", &format!("t{}", TABLES - 1)).unwrap();
        maker.row(client, &mut Family::new("alpha"), last).unwrap_err();
        let tries: i64 = client.query_one("SELECT last_value FROM tries", &[]).unwrap().get(0);
        let each = client_tries(client, &mut maker, catalog);
        assert!(tries <= each * 3 * i64::try_from(TABLES).unwrap(), "{tries} attempts, {each} for one row");
    });
}

/// How often one row that points nowhere is tried.
fn client_tries(client: &mut Client, maker: &mut Maker<'_>, catalog: &Catalog) -> i64 {
    let count = |client: &mut Client| -> i64 {
        client.query_one("SELECT last_value FROM tries", &[]).unwrap().get(0)
    };
    let before = count(client);
    maker.row(client, &mut Family::new("beta"), catalog.relation("public", "t0").unwrap()).unwrap_err();
    count(client) - before
}
