//! What is proposed runs on a real server, runs again, and comes to what the old file came to.

use trueup_postgres::{Client, Database, Server, ServerOptions};
use trueup_sql::{Chain, Layout, Plan, Planned, Script, Source, plan};

const BASE: &str = "
    CREATE TABLE parent (a int, b int, PRIMARY KEY (a, b));
    CREATE TABLE item (id int PRIMARY KEY, a int, b int, price int, \"Odd name\" text);
    CREATE VIEW seen AS SELECT id, price FROM item;
    INSERT INTO parent VALUES (1, 1);
    INSERT INTO item VALUES (1, 1, 1, 5, 'x'), (2, NULL, NULL, 6, 'y');";

/// Columns, constraints and indexes, as text.
const STATE: &str = "
    SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
        SELECT format('%s.%s %s %s', attrelid::regclass, attname, atttypid::regtype, attnotnull) AS line
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT format('%s %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL
        SELECT format('%s %s %s', indexrelid::regclass, indisvalid, indisunique) FROM pg_index
        WHERE indrelid IN ('item'::regclass, 'parent'::regclass)) AS lines";

fn planned(change: &str) -> Plan {
    let chain = Chain::read(Layout::Governance, &[Source { path: "V001__x.sql", bytes: change.as_bytes() }]);
    match plan(&chain, &chain.files[0]) {
        Planned::Split(plan) => plan,
        other => panic!("{other:?}"),
    }
}

fn base<'s>(server: &'s Server) -> (Database<'s>, Client) {
    let database = server.create().unwrap();
    let mut client = database.connect().unwrap();
    client.batch_execute(BASE).unwrap();
    (database, client)
}

/// Runs a file as psql would.
fn run(client: &mut Client, text: &str) -> Result<(), String> {
    for statement in Script::read(text).statements {
        let statement = statement.text(text);
        client.batch_execute(statement).map_err(|error| format!("{statement}\n{error:?}"))?;
    }
    Ok(())
}

fn state(client: &mut Client) -> String {
    client.query_one(STATE, &[]).unwrap().get(0)
}

/// Runs what is proposed, each file twice, with `fill` in the place of what nobody can know.
#[track_caller]
fn comes_to_the_same(server: &Server, change: &str, fill: &str) {
    let (_one, mut whole) = base(server);
    run(&mut whole, &change.replace("/* fill */", fill)).unwrap();
    let (_other, mut parts) = base(server);
    for file in planned(change).files {
        let text = if file.unfinished { fill } else { &file.text };
        for _ in 0..2 {
            run(&mut parts, text).unwrap_or_else(|error| panic!("{}\n{error}", file.path));
        }
    }
    assert_eq!(state(&mut whole), state(&mut parts), "{change}");
}

#[test]
fn proposals_run_and_come_to_the_same() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let fill = "UPDATE item SET c = 1";
    // Where a needed column is added, the old file cannot run on rows at all: the state is that of the careful way.
    let (_database, mut client) = base(&server);
    let needed = planned("ALTER TABLE item ADD COLUMN IF NOT EXISTS c int NOT NULL");
    let mut refused = 0;
    for file in &needed.files {
        if file.unfinished {
            let error = run(&mut client, &file.text).unwrap_err();
            assert!(error.contains("this file is unfinished"), "{error}");
            refused += 1;
            run(&mut client, fill).unwrap();
        } else {
            run(&mut client, &file.text).unwrap();
            run(&mut client, &file.text).unwrap();
        }
    }
    assert_eq!(refused, 1);
    assert!(state(&mut client).contains("item.c integer t"), "{}", state(&mut client));
    assert!(!state(&mut client).contains("not_null"));

    let changes = [
        "ALTER TABLE item ADD CONSTRAINT k FOREIGN KEY (a, b) REFERENCES parent (a, b) ON DELETE CASCADE;",
        "ALTER TABLE item ADD CONSTRAINT \"Odd check\" CHECK (price > 0), ADD COLUMN IF NOT EXISTS d int;",
        "ALTER TABLE item ADD CONSTRAINT u UNIQUE (price);",
        "ALTER TABLE public.item ALTER COLUMN \"Odd name\" SET NOT NULL, ALTER price SET NOT NULL;",
        "BEGIN; ALTER TABLE item ADD COLUMN IF NOT EXISTS e int; CREATE INDEX IF NOT EXISTS i ON item (e); COMMIT;",
        "ALTER TABLE item ADD COLUMN IF NOT EXISTS f int; DROP VIEW IF EXISTS seen; \
         ALTER TABLE item ALTER price TYPE bigint; CREATE VIEW seen AS SELECT id, price FROM item;",
        "ALTER TABLE parent ADD COLUMN IF NOT EXISTS g int; DROP VIEW IF EXISTS seen; \
         ALTER TABLE item ALTER price TYPE bigint; CREATE VIEW seen AS SELECT * FROM item;",
        "CREATE TEMP TABLE x AS SELECT id FROM item; ALTER TABLE item ADD COLUMN IF NOT EXISTS h int; \
         UPDATE item SET h = 1 FROM x WHERE x.id = item.id; DROP TABLE x;",
    ];
    for change in changes {
        comes_to_the_same(&server, change, fill);
    }
}
