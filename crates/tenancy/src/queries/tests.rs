use super::*;
use crate::report::{Link, Model};

fn table(name: &str, model: Model, columns: &[&str], links: &[(&str, &str, &str)]) -> QueryTable {
    let link = |(column, parent, key): &(&str, &str, &str)| Link {
        columns: vec![(*column).to_owned()],
        parent: (*parent).to_owned(),
        parent_columns: vec![(*key).to_owned()],
        soft: false,
    };
    QueryTable {
        schema: Some("public".to_owned()),
        name: name.to_owned(),
        model,
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        filled: Vec::new(),
        links: links.iter().map(link).collect(),
    }
}

fn model() -> QueryModel {
    let direct = || Model::Direct { column: "tenant_id".to_owned() };
    let via = Model::Via { columns: vec!["order_id".to_owned()], parent: "orders".to_owned() };
    QueryModel {
        tables: vec![
            table("tenants", Model::Root { key: "id".to_owned() }, &["id", "name"], &[]),
            table("customers", direct(), &["id", "tenant_id", "email"], &[("tenant_id", "tenants", "id")]),
            table(
                "orders",
                direct(),
                &["id", "tenant_id", "customer_id", "total"],
                &[("customer_id", "customers", "id")],
            ),
            table("items", via, &["id", "order_id", "what"], &[("order_id", "orders", "id")]),
            table("countries", Model::Global { declared: true }, &["code", "name"], &[]),
        ],
        claims: Vec::new(),
    }
}

/// The verdict on a statement: `p` proven, `c` contradicted, `n` not checkable, `-` of no concern.
fn check(sql: &str, expected: &str) {
    let report = queries(&[("log".to_owned(), sql.to_owned())], &model());
    let letter = match report.shapes.as_slice() {
        [] => "-",
        [one] if one.verdict == Verdict::Proven => "p",
        [one] if one.verdict == Verdict::Contradicted => "c",
        _ => "n",
    };
    assert_eq!(letter, expected, "{sql}\n{:#?}", report.shapes);
}

#[test]
fn conditions_that_hold() {
    check("SELECT * FROM orders WHERE tenant_id = $1", "p");
    check(
        "SELECT * FROM public.orders o WHERE (o.tenant_id)::text = current_setting('app.tenant_id') AND total > 3",
        "p",
    );
    check("SELECT * FROM orders WHERE $1 = \"tenant_id\" OR tenant_id = $1 AND total > 1", "p");
    check("SELECT * FROM orders WHERE tenant_id IN ($1)", "p");
    check("SELECT * FROM orders WHERE (tenant_id, id) = ($1, $2)", "p");
    check("SELECT * FROM tenants WHERE id = $1", "p");
    check(
        "SELECT * FROM orders o JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id WHERE c.tenant_id = $1",
        "p",
    );
    check("SELECT * FROM orders o JOIN customers c USING (tenant_id) WHERE o.tenant_id = $1", "p");
    check("SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.tenant_id = $1", "p");
    check("SELECT * FROM items i JOIN orders o ON o.id = i.order_id WHERE o.tenant_id = $1", "p");
    check("SELECT * FROM items i, orders o WHERE i.order_id = o.id AND tenant_id = $1", "p");
    check(
        "SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.tenant_id = c.tenant_id WHERE c.tenant_id = $1",
        "p",
    );
    check(
        "WITH mine AS (SELECT * FROM orders WHERE tenant_id = $1) SELECT * FROM mine JOIN items i ON i.order_id = mine.id",
        "p",
    );
    check(
        "WITH all_of_them AS (SELECT id, tenant_id AS t FROM orders) SELECT * FROM all_of_them WHERE t = $1",
        "p",
    );
    check("SELECT * FROM (SELECT o.* FROM orders o) x WHERE x.tenant_id = $1", "p");
    check("SELECT * FROM items WHERE order_id IN (SELECT id FROM orders WHERE tenant_id = $1)", "p");
    check(
        "SELECT * FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.tenant_id = o.tenant_id AND c.tenant_id = $1)",
        "p",
    );
    check(
        "SELECT * FROM orders o WHERE o.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id)",
        "p",
    );
    check(
        "SELECT (SELECT count(*) FROM items i WHERE i.order_id = o.id) FROM orders o WHERE o.tenant_id = $1",
        "p",
    );
    check(
        "SELECT id FROM orders WHERE tenant_id = $1 UNION SELECT id FROM customers WHERE tenant_id = $1",
        "p",
    );
    check(
        "WITH RECURSIVE t AS (SELECT id, tenant_id FROM orders WHERE tenant_id = $1 UNION ALL SELECT o.id, o.tenant_id FROM orders o JOIN t ON t.tenant_id = o.tenant_id) SELECT * FROM t",
        "p",
    );
    check("UPDATE orders SET total = 1 WHERE id = $2 AND tenant_id = $1", "p");
    check("UPDATE items SET what = 'x' FROM orders o WHERE o.id = items.order_id AND o.tenant_id = $1", "p");
    check("DELETE FROM items USING orders o WHERE items.order_id = o.id AND o.tenant_id = $1", "p");
    check("INSERT INTO orders (id, tenant_id) VALUES ($1, $2)", "p");
    check("INSERT INTO orders VALUES ($1, $2, $3, 4)", "p");
    check(
        "INSERT INTO customers (tenant_id, email) VALUES ($1, $2) ON CONFLICT (tenant_id, email) DO UPDATE SET email = 'x'",
        "p",
    );
    check("INSERT INTO items (order_id) SELECT id FROM orders WHERE tenant_id = $1", "p");
    check("EXPLAIN ANALYZE SELECT * FROM orders WHERE tenant_id = 'a'", "p");
}

#[test]
fn conditions_that_hold_nothing() {
    check("SELECT * FROM orders", "c");
    check("SELECT * FROM orders WHERE id = $1", "c");
    check("SELECT * FROM orders WHERE tenant_id = $1 OR total > 3", "c");
    check("SELECT * FROM orders WHERE $1 IS NULL OR tenant_id = $1", "c");
    check("SELECT * FROM orders WHERE NOT (tenant_id = $1)", "c");
    check("SELECT * FROM orders WHERE tenant_id <> $1", "c");
    check("SELECT * FROM orders WHERE tenant_id = tenant_id", "c");
    check("SELECT * FROM orders WHERE tenant_id = $1 OR tenant_id = $2", "c");
    check("SELECT * FROM orders WHERE tenant_id = NULL", "c");
    check("SELECT * FROM orders o JOIN customers c ON true WHERE c.tenant_id = $1", "c");
    check("SELECT * FROM customers c LEFT JOIN orders o ON o.tenant_id = $1 AND c.tenant_id = $1", "c");
    check(
        "SELECT * FROM orders o RIGHT JOIN customers c ON c.tenant_id = o.tenant_id AND c.tenant_id = $1",
        "c",
    );
    check(
        "SELECT * FROM orders o FULL JOIN customers c ON c.tenant_id = o.tenant_id AND c.tenant_id = $1",
        "c",
    );
    check(
        "SELECT * FROM orders o WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.tenant_id = o.tenant_id AND c.tenant_id = $1)",
        "c",
    );
    check(
        "SELECT * FROM orders o WHERE o.total > 1 OR EXISTS (SELECT 1 FROM customers c WHERE c.tenant_id = o.tenant_id AND c.tenant_id = $1)",
        "c",
    );
    check(
        "SELECT (SELECT max(c.email) FROM customers c WHERE c.tenant_id = o.tenant_id AND c.tenant_id = $1) FROM orders o",
        "c",
    );
    check("SELECT * FROM orders WHERE tenant_id NOT IN (SELECT id FROM tenants WHERE id = $1)", "c");
    check("SELECT count(*) FROM countries WHERE code IN (SELECT email FROM customers)", "c");
    check("WITH a AS (SELECT * FROM orders) SELECT * FROM a x, a y WHERE x.tenant_id = $1", "c");
    check("SELECT id FROM orders WHERE tenant_id = $1 UNION ALL SELECT id FROM customers", "c");
    check("UPDATE orders SET total = 1 WHERE id = $1", "c");
    check("UPDATE orders SET tenant_id = $1", "c");
    check("DELETE FROM items WHERE order_id = $1", "c");
    check("INSERT INTO orders (id) VALUES ($1)", "c");
    check("INSERT INTO items (order_id) VALUES ($1)", "c");
    check("INSERT INTO orders (tenant_id) SELECT tenant_id FROM customers", "c");
    check(
        "INSERT INTO customers (tenant_id, email) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET email = 'x'",
        "c",
    );
    check("WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone WHERE tenant_id = $1", "c");
    check("TRUNCATE orders", "c");
    check("COPY orders TO STDOUT", "c");
    check("SELECT 1 FROM countries ORDER BY (SELECT max(total) FROM orders)", "c");
}

#[test]
fn only_is_no_table() {
    check("SELECT * FROM ONLY orders WHERE id = 3", "c");
    check("DELETE FROM ONLY orders WHERE id = 3", "c");
    check("UPDATE ONLY orders SET total = 1", "c");
    check("update only public.orders o SET total = 1 WHERE o.tenant_id = $1", "p");
    check("SELECT * FROM ONLY (orders) WHERE id = 3", "c");
    check("SELECT * FROM only (orders)o WHERE o.tenant_id = 7 AND (o.id) > 1", "p");
    check("SELECT * FROM countries, ONLY/* x */orders WHERE code = 'x'", "c");
    check("SELECT * FROM (ONLY orders JOIN ONLY customers c USING (tenant_id)) WHERE c.tenant_id = $1", "p");
    check("DELETE FROM ONLY items USING ONLY orders o WHERE o.id = order_id", "c");
    check("TRUNCATE ONLY orders", "c");
    check("SELECT id FROM orders WHERE tenant_id = $1 FETCH FIRST 3 ROWS ONLY", "p");
    check("SELECT total AS only FROM orders", "c");
    check("SELECT * FROM \"only\"", "-");
}

#[test]
fn the_rest() {
    check("SELECT * FROM countries", "-");
    check("BEGIN", "-");
    check("SELECT FROM WHERE orders ((", "n");
    check("DO $$ BEGIN END $$", "n");
    check("CALL pay(1)", "n");
    check("COPY orders FROM STDIN", "n");
    check("CREATE INDEX ON orders (tenant_id)", "-");
}

#[test]
fn branches_of_merge_stand_by_themselves() {
    let merge = |source: &str, on: &str, branches: &str, expected: &str| {
        check(&format!("MERGE INTO orders o USING {source} ON {on} {branches}"), expected);
    };
    let mine = "(SELECT * FROM customers WHERE tenant_id = $1) c";
    let both = "o.tenant_id = c.tenant_id AND o.customer_id = c.id";
    let bound = "c.tenant_id = $1 AND o.tenant_id = c.tenant_id";
    let add = "WHEN NOT MATCHED THEN INSERT (id, tenant_id) VALUES (1, c.tenant_id)";
    merge(mine, both, "WHEN MATCHED THEN UPDATE SET total = 1", "p");
    merge(mine, both, &format!("WHEN MATCHED THEN DELETE {add}"), "p");
    merge("customers c", bound, "WHEN MATCHED THEN DELETE", "p");
    merge("customers c", both, "WHEN MATCHED AND o.tenant_id = $1 THEN DELETE", "p");
    merge("(VALUES ($2)) AS v (id)", "o.id = v.id AND o.tenant_id = $1", "WHEN MATCHED THEN DELETE", "p");
    merge("customers c", "o.id = 3", "WHEN MATCHED THEN DO NOTHING", "-");
    merge("customers c", both, "WHEN MATCHED THEN DELETE", "c");
    merge(mine, "o.total = 3", "WHEN MATCHED THEN UPDATE SET total = 1", "c");
    // Rows that do not match are those of all tenants.
    merge("customers c", bound, add, "c");
    merge(mine, both, "WHEN NOT MATCHED THEN INSERT (id) VALUES (1)", "c");
    merge(mine, both, "WHEN NOT MATCHED THEN INSERT (tenant_id) VALUES (o.tenant_id)", "c");
    merge(mine, both, "WHEN NOT MATCHED BY SOURCE THEN DELETE", "c");
    merge(mine, both, "WHEN NOT MATCHED BY SOURCE AND o.tenant_id = $1 THEN DELETE", "p");
    merge("(SELECT * FROM customers) c", both, "WHEN MATCHED AND c.tenant_id = $1 THEN DELETE", "p");
}

#[test]
fn what_is_copied_out_is_read() {
    check("COPY (SELECT * FROM orders WHERE tenant_id = $1) TO STDOUT", "p");
    check("COPY (SELECT * FROM orders WHERE tenant_id = 7) TO '/x' WITH (FORMAT csv, HEADER)", "p");
    check("COPY (SELECT * FROM orders) TO STDOUT", "c");
    check("COPY (SELECT o.* FROM orders o JOIN customers c ON c.id = o.customer_id) TO STDOUT", "c");
    check("COPY (DELETE FROM orders WHERE tenant_id = $1 RETURNING *) TO STDOUT", "p");
    check("COPY (DELETE FROM orders RETURNING *) TO STDOUT", "c");
    check("COPY countries TO STDOUT", "-");
}

#[test]
fn shapes_are_counted_and_claims_of_the_session_are_found() {
    let log = "x LOG:  statement: SELECT * FROM orders WHERE id IN (1, 2)\nx LOG:  statement: SELECT * FROM orders WHERE id IN (3, 4, 5)\n\
        x LOG:  statement: SET app.tenant_id = '7'\nx LOG:  statement: SET LOCAL app.tenant_id = '7'\nx LOG:  statement: SELECT set_config('app.tenant_id', '7', false)\n";
    let report = queries(&[("a.log".to_owned(), log.to_owned())], &model());
    let shape = &report.shapes[0];
    assert_eq!((shape.count, shape.place.line, report.statements, report.unscoped), (2, 1, 5, 3));
    assert_eq!(shape.shape, "select * from orders where id in ( ?+ )");
    let lines: Vec<u32> = report.session_claims.iter().map(|(place, _)| place.line).collect();
    assert_eq!(lines, [3, 5]);
    let empty = queries(&[("b".to_owned(), String::new())], &model());
    assert_eq!(empty.verdict(), Verdict::Vacuous);
}

/// The shapes of a log with count and verdict, in order.
fn check_shapes(statements: &[&str], expected: &[(&str, u64, Verdict)]) {
    let log = statements.iter().map(|sql| format!("{sql};\n")).collect::<String>();
    let report = queries(&[("log".to_owned(), log)], &model());
    let shapes: Vec<_> =
        report.shapes.iter().map(|shape| (shape.shape.as_str(), shape.count, shape.verdict)).collect();
    assert_eq!(shapes, expected, "{statements:?}");
}

#[test]
fn the_worse_of_one_shape_counts() {
    use Verdict::{Contradicted, Proven};
    let one = "SELECT * FROM orders WHERE tenant_id IN (7)";
    let two = "SELECT * FROM orders WHERE tenant_id IN (7, 8)";
    let (one_shape, two_shape) =
        ("select * from orders where tenant_id in ( ? )", "select * from orders where tenant_id in ( ?+ )");
    check_shapes(&[one, two, one], &[(one_shape, 2, Proven), (two_shape, 1, Contradicted)]);
    check_shapes(&[two, one, two], &[(two_shape, 2, Contradicted), (one_shape, 1, Proven)]);
    let same = "SELECT * FROM orders WHERE tenant_id = 7 OR tenant_id = 7";
    let other = "SELECT * FROM orders WHERE tenant_id = 7 OR tenant_id = 8";
    let either = "select * from orders where tenant_id = ? or tenant_id = ?";
    check_shapes(&[same, other, same], &[(either, 3, Contradicted)]);
    check_shapes(&[other, same, other, same], &[(either, 4, Contradicted)]);
    let rows = |rows: &str| format!("INSERT INTO orders (tenant_id, id) VALUES {rows}");
    let shape = |rows: &str| format!("insert into orders ( tenant_id , id ) values {rows}");
    check_shapes(
        &[&rows("(7, 1)"), &rows("(7, 1), (7, 2)"), &rows("(7, 1), (8, 2), (7, 3), (7, 3)"), &rows("(8, 4)")],
        &[(&shape("( ?+ )"), 2, Proven), (&shape("( ?+ ) +"), 2, Contradicted)],
    );
}

#[test]
fn rows_of_several_tenants() {
    check("INSERT INTO orders (id, tenant_id) VALUES (1, 7), (2, 7)", "p");
    check("INSERT INTO orders (id, tenant_id) VALUES (1, $1), (2, $1)", "p");
    check("INSERT INTO orders (id, tenant_id) VALUES (1, 7), (2, 8)", "c");
    check("INSERT INTO orders (id, tenant_id) VALUES (1, 7), (2, $1), (3, 8)", "c");
    // An application that binds each value: whether they are the same does not stand in the statement.
    check("INSERT INTO orders (id, tenant_id) VALUES ($1, $2), ($3, $4)", "n");
    check("INSERT INTO orders (id, tenant_id) SELECT 1, 7 UNION ALL SELECT 2, 8", "c");
    check("INSERT INTO tenants (id, name) VALUES (7, 'a'), (8, 'b')", "p");
}

#[test]
fn rows_that_are_given_away() {
    check("UPDATE orders SET tenant_id = 8 WHERE tenant_id = 7", "c");
    check("UPDATE orders SET tenant_id = 7, total = 1 WHERE tenant_id = '7'", "p");
    check("UPDATE orders SET tenant_id = $1 WHERE id = $2 AND tenant_id = $1", "p");
    check("UPDATE orders SET tenant_id = tenant_id WHERE tenant_id = $1", "p");
    check("UPDATE orders SET (id, tenant_id) = (3, 8) WHERE tenant_id = 7", "c");
    check(
        "UPDATE orders o SET tenant_id = c.tenant_id FROM customers c WHERE c.tenant_id = 7 AND o.tenant_id = 7",
        "p",
    );
    check(
        "UPDATE orders o SET tenant_id = c.tenant_id FROM customers c WHERE c.tenant_id = 8 AND o.tenant_id = 7",
        "c",
    );
    check("UPDATE orders SET tenant_id = $1 WHERE tenant_id = $2", "n");
    check("UPDATE orders SET tenant_id = tenant_id + 1 WHERE tenant_id = 7", "n");
    check("UPDATE orders SET tenant_id = random() * 10 WHERE tenant_id = 7", "c");
    check("UPDATE items SET order_id = 3 WHERE order_id IN (SELECT id FROM orders WHERE tenant_id = 7)", "n");
    let add = "INSERT INTO customers (tenant_id, email) VALUES (7, 'a') ON CONFLICT (tenant_id, email) DO UPDATE SET";
    check(&format!("{add} tenant_id = 8"), "c");
    check(&format!("{add} tenant_id = 7"), "p");
    check(&format!("{add} tenant_id = excluded.tenant_id, email = customers.email"), "p");
    check(&format!("{add} email = (SELECT max(email) FROM customers)"), "c");
    let merge = "MERGE INTO orders o USING (SELECT 3 AS id) s ON o.id = s.id AND o.tenant_id = 7 WHEN MATCHED THEN UPDATE SET";
    check(&format!("{merge} tenant_id = 8"), "c");
    check(&format!("{merge} tenant_id = 7"), "p");
}

#[test]
fn what_changes_each_time_holds_nothing() {
    check("SELECT * FROM orders WHERE tenant_id = random() * 10", "c");
    check("INSERT INTO orders (id, tenant_id) VALUES (1, floor(random() * 10))", "c");
    check("INSERT INTO orders (id, tenant_id) VALUES (nextval('ids'), 7)", "p");
    check("INSERT INTO tenants (id, name) VALUES (gen_random_uuid(), 'new')", "p");
    check("INSERT INTO orders (tenant_id, id) SELECT unnest($1::int[]), unnest($2::int[])", "n");
}

#[test]
fn lists_and_rows_of_values() {
    check("SELECT * FROM orders WHERE (tenant_id, id) IN ((7, 3), (7, 4))", "p");
    check("SELECT * FROM orders WHERE (tenant_id, id) IN ((7, 3), (8, 4))", "c");
    check("SELECT * FROM orders WHERE (tenant_id, id) IN (($1, $2), ($3, $4))", "n");
    check("SELECT * FROM orders WHERE tenant_id IN (7, 7)", "p");
    check("SELECT * FROM orders WHERE tenant_id IN ($1, $2)", "c");
    check("SELECT * FROM orders WHERE tenant_id NOT IN (7, 7)", "c");
    check("SELECT * FROM orders WHERE tenant_id = ANY(ARRAY[7])", "p");
    check("SELECT * FROM orders WHERE tenant_id = ANY(ARRAY[7, 8])", "c");
    check("SELECT * FROM orders WHERE tenant_id = ANY('{7}'::int[])", "p");
    check("SELECT * FROM orders WHERE tenant_id = ANY('{7,8}'::int[])", "c");
    check("SELECT * FROM orders WHERE tenant_id = ANY($1)", "n");
    check("SELECT * FROM items i JOIN orders o ON o.id = i.order_id WHERE o.tenant_id = ANY($1)", "n");
    check("SELECT * FROM orders WHERE tenant_id = ANY($1) AND tenant_id = $2", "p");
    check("SELECT * FROM orders WHERE tenant_id <> ANY($1)", "c");
    check("SELECT * FROM orders o JOIN (VALUES (7, 1), (7, 2)) v (t, id) ON v.t = o.tenant_id", "p");
    check("SELECT * FROM orders o JOIN (VALUES (7), (8)) v (t) ON v.t = o.tenant_id", "c");
    check("WITH v (t) AS (VALUES (7)) SELECT * FROM orders o JOIN v ON v.t = o.tenant_id", "p");
    let merge = "MERGE INTO orders o USING (VALUES (7, 2)) v (t, id) ON o.tenant_id = v.t AND o.id = v.id";
    check(&format!("{merge} WHEN MATCHED THEN DELETE"), "p");
    check(&format!("{merge} WHEN NOT MATCHED THEN INSERT (tenant_id, id) VALUES (v.t, v.id)"), "p");
    check("INSERT INTO orders (tenant_id, id) SELECT * FROM unnest($1::int[], $2::int[])", "n");
    check("INSERT INTO orders (tenant_id, id) SELECT $1, x.id FROM unnest($2::int[]) AS x (id)", "p");
    check("SELECT * FROM orders o JOIN unnest($1::int[]) AS t (id) ON t.id = o.id", "c");
    check("SELECT * FROM orders o JOIN unnest($1::int[]) AS t (id) ON t.id = o.tenant_id", "n");
}

#[test]
fn other_ways_to_hold() {
    check("SELECT * FROM orders WHERE tenant_id = (SELECT 7)", "p");
    check("SELECT * FROM orders WHERE tenant_id = (SELECT tenant_id)", "c");
    check("SELECT * FROM orders WHERE tenant_id = (SELECT current_setting('app.t')::int)", "p");
    check("SELECT * FROM orders WHERE (tenant_id = 7) IS TRUE", "p");
    check("SELECT * FROM orders WHERE (tenant_id = 7) IS NOT TRUE", "c");
    check("SELECT * FROM orders WHERE (tenant_id = 7) IS NOT FALSE", "c");
    check("SELECT * FROM orders AS o (id, tid) WHERE o.tid = 7", "p");
    check("SELECT * FROM orders AS o (tid, id) WHERE o.tid = 7", "c");
    check("SELECT * FROM orders AS o (tenant_id, x) WHERE o.tenant_id = 7", "c");
    check("SELECT * FROM orders NATURAL JOIN (SELECT 7 AS tenant_id) x", "p");
    check("SELECT * FROM orders NATURAL JOIN (SELECT 7 AS id) x", "c");
    check("SELECT * FROM orders o NATURAL JOIN customers c WHERE o.tenant_id = 7", "p");
    check("SELECT * FROM orders o NATURAL LEFT JOIN countries c WHERE o.id = 7", "c");
}

#[test]
fn deep_and_long_statements_end() {
    let deep =
        format!("SELECT * FROM orders WHERE {}tenant_id = $1{}", "(".repeat(20_000), ")".repeat(20_000));
    check(&deep, "n");
    let long =
        format!("SELECT * FROM orders WHERE tenant_id = $1 AND id IN ({})", vec!["7"; 50_000].join(", "));
    check(&long, "p");
    let chain = format!("SELECT * FROM orders WHERE tenant_id = $1{}", " AND id > 3".repeat(4_000));
    check(&chain, "p");
    check(&format!("SELECT * FROM orders WHERE tenant_id = $1{}", " AND id > 3".repeat(40_000)), "n");
}

/// A log with one message.
fn check_message(sql: &str, expected: &str) {
    let line = format!("2026-11-22 10:00:00 UTC [7] LOG:  statement: {}\n", sql.replace('\n', "\n\t"));
    let report = queries(&[("log".to_owned(), line)], &model());
    let verdicts: Vec<String> = report
        .shapes
        .iter()
        .map(|shape| format!("{} {}", shape.verdict.name(), shape.witness.split(' ').next().unwrap_or("")))
        .collect();
    assert_eq!(verdicts.join(", "), expected, "{sql}");
}

#[test]
fn each_statement_of_a_message_is_read() {
    check_message("BEGIN; SELECT * FROM orders", "contradicted SELECT");
    check_message("SET LOCAL app.t='7'; UPDATE orders SET total=1;", "contradicted UPDATE");
    check_message(
        "BEGIN;\nSELECT 1;\nDELETE FROM orders WHERE tenant_id = 7; INSERT INTO items (order_id) VALUES ($1); COMMIT",
        "proven DELETE, contradicted INSERT",
    );
    check_message("COPY orders FROM STDIN; DELETE FROM customers", "not checkable COPY, contradicted DELETE");
    check_message("SELECT ';' FROM orders WHERE tenant_id = 1 -- a; b", "proven SELECT");
    check_message("BEGIN; SELECT 1; COMMIT;", "");
    // What no statement can be made of is read as a whole.
    check_message("SELECT * FROM orders WHERE total = 'x; SELECT 1", "not checkable SELECT");
}

#[test]
fn queries_in_clauses_behind_the_condition_are_read() {
    check("DELETE FROM orders WHERE tenant_id = $1 RETURNING (SELECT count(*) FROM customers)", "c");
    check("UPDATE orders SET total = 1 WHERE tenant_id = $1 RETURNING (SELECT max(id) FROM customers)", "c");
    check("INSERT INTO orders (tenant_id) VALUES ($1) RETURNING (SELECT count(*) FROM customers)", "c");
    check("SELECT * FROM orders WHERE tenant_id = $1 LIMIT (SELECT count(*) FROM customers)", "c");
    check("SELECT * FROM orders WHERE tenant_id = $1 OFFSET (SELECT count(*) FROM customers)", "c");
    check("SELECT * FROM orders WHERE tenant_id = $1 ORDER BY (SELECT count(*) FROM customers)", "c");
    check("SELECT DISTINCT ON ((SELECT max(id) FROM customers)) id FROM orders WHERE tenant_id = $1", "c");
    check(
        "SELECT rank() OVER w FROM orders WHERE tenant_id = $1 WINDOW w AS (ORDER BY (SELECT max(id) FROM customers))",
        "c",
    );
    check(
        "INSERT INTO items (order_id) SELECT id FROM orders WHERE tenant_id = $1 LIMIT (SELECT count(*) FROM customers)",
        "c",
    );
    check(
        "WITH RECURSIVE t AS (WITH x AS (SELECT * FROM customers) SELECT id FROM x UNION SELECT id FROM t) SELECT * FROM t",
        "c",
    );
    check(
        "MERGE INTO orders o USING (SELECT 1 AS id) s ON o.id = s.id AND o.tenant_id = $1 WHEN MATCHED THEN DELETE \
         RETURNING (SELECT count(*) FROM customers)",
        "c",
    );
    // Where they ask for the tenant, too, all is well.
    check(
        "DELETE FROM orders o WHERE tenant_id = $1 RETURNING (SELECT email FROM customers c WHERE c.tenant_id = o.tenant_id LIMIT 1)",
        "p",
    );
    check(
        "INSERT INTO orders (tenant_id) VALUES ($1) RETURNING (SELECT count(*) FROM customers c WHERE c.tenant_id = $1)",
        "p",
    );
    check(
        "SELECT * FROM orders WHERE tenant_id = $1 LIMIT (SELECT count(*) FROM customers WHERE tenant_id = $1)",
        "p",
    );
}
