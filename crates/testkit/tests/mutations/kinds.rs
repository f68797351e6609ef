//! The kinds of mutations. Each changes the text of files by its own means and says what has to be found.

use crate::example::{Files, Place, implemented, line_of, lines_in, lines_with, text};
use crate::expected::{check, code, drift, orphan};
use crate::random::Random;
use crate::routes::{ROUTES, Route, SHIPPING, Served, expected, method, path, plain, served};

/// A change of the example and what has to be found after it.
#[derive(Debug)]
pub(crate) struct Mutation {
    /// What was done, for people.
    pub what: String,
    /// The new texts of files by their paths; none where a file is gone.
    pub changed: Vec<(String, Option<String>)>,
    /// What has to be found, in the form of [`crate::expected`].
    pub expected: Vec<String>,
}

/// A kind: its name and what it makes of the example.
pub(crate) type Kind = (&'static str, fn(&Files, &mut Random) -> Mutation);

/// All kinds.
pub(crate) const KINDS: &[Kind] = &[
    ("rename a route", rename_route),
    ("drop a method", drop_method),
    ("change a method", change_method),
    ("change the case of a segment", change_segment_case),
    ("move a route file", move_route_file),
    ("add an undeclared route", add_route),
    ("rename a key", rename_key),
    ("delete a key", delete_key),
    ("delete a translation", delete_translation),
    ("move a manifest file", move_file),
    ("delete a manifest file", delete_file),
    ("delete a test", delete_test),
    ("rename a test's ID", rename_test),
    ("rename a column", rename_column),
    ("drop a table", drop_table),
    ("rename an event", rename_event),
    ("rename an environment variable", rename_variable),
    ("rename a flag", rename_flag),
    ("rename a migration", rename_migration),
    ("break an index row", break_index_row),
    ("change a promise", change_promise),
];

fn mutation(what: String, changed: Vec<(String, Option<String>)>, expected: Vec<String>) -> Mutation {
    Mutation { what, changed, expected }
}

/// A file with a text in it replaced, which has to stand there.
fn replaced(files: &Files, file: &str, from: &str, to: &str) -> (String, Option<String>) {
    let before = text(files, file);
    assert!(before.contains(from), "{file} has no `{from}`");
    (file.to_owned(), Some(before.replace(from, to)))
}

fn with(files: &Files, changed: &[(String, Option<String>)]) -> Files {
    let mut out = files.clone();
    for (path, text) in changed {
        match text {
            Some(text) => out.insert(path.clone(), text.clone()),
            None => out.remove(path),
        };
    }
    out
}

fn is_file_route(route: &Route) -> bool {
    route.file.starts_with("apps/web/")
}

fn is_in_text(route: &Route) -> bool {
    !is_file_route(route) && route.segment.is_some()
}

// ---------------------------------------------------------------- routes

fn rename_route(files: &Files, random: &mut Random) -> Mutation {
    let route = *random.one_of(&ROUTES.iter().filter(|r| is_in_text(r)).collect::<Vec<_>>());
    other_segment(files, route, random.word(), false)
}

fn change_segment_case(files: &Files, random: &mut Random) -> Mutation {
    let hyphened = |r: &&Route| r.segment.is_some_and(|s| s.contains('-'));
    let route = *random.one_of(&ROUTES.iter().filter(hyphened).collect::<Vec<_>>());
    let spelt = route.segment.unwrap().replace('-', "_");
    match is_file_route(route) {
        true => move_routes_of(files, route, &spelt, true),
        false => other_segment(files, route, &spelt, true),
    }
}

fn other_segment(files: &Files, route: &Route, to: &str, spelling: bool) -> Mutation {
    let segment = route.segment.unwrap();
    let (from, into) = match route.file == SHIPPING {
        true => (format!("/{segment}:"), format!("/{to}:")),
        false => (route.anchor.to_owned(), route.anchor.replace(segment, to)),
    };
    let mut after = served(files);
    for one in after.iter_mut().filter(|s| s.name == plain(route.promise)) {
        one.name = one.name.replace(&format!("/{segment}"), &format!("/{to}"));
    }
    let changed = vec![replaced(files, route.file, &from, &into)];
    mutation(format!("`{}` is served as `{to}`", route.promise), changed, expected(files, &after, spelling))
}

fn move_route_file(files: &Files, random: &mut Random) -> Mutation {
    let moving = |r: &&Route| is_file_route(r) && r.segment.is_some();
    let route = *random.one_of(&ROUTES.iter().filter(moving).collect::<Vec<_>>());
    move_routes_of(files, route, random.word(), false)
}

/// Moves every file route below a folder.
fn move_routes_of(files: &Files, route: &Route, to: &str, spelling: bool) -> Mutation {
    let folder = format!("/{}/", route.segment.unwrap());
    let moved = |path: &str| path.replace(&folder, &format!("/{to}/"));
    let mut changed = Vec::new();
    for (path, text) in files.iter().filter(|(p, _)| p.starts_with("apps/web/app") && p.contains(&folder)) {
        changed.push((path.clone(), None));
        changed.push((moved(path), Some(text.clone())));
    }
    let mut after = served(files);
    for one in after.iter_mut().filter(|s| s.file.contains(&folder)) {
        one.file = moved(&one.file);
        one.name = moved(&format!("{}/", one.name)).trim_end_matches('/').to_owned();
    }
    mutation(format!("the folder {folder} is {to}"), changed, expected(files, &after, spelling))
}

fn change_method(files: &Files, random: &mut Random) -> Mutation {
    let route = random.one_of(ROUTES);
    let own = plain(route.promise);
    let taken = |to: &str| served(files).iter().any(|s| s.name == format!("{to} {}", path(&own)));
    let to = ["PUT", "PATCH", "POST"].into_iter().find(|to| !taken(to)).unwrap();
    let verb = match route.verb.chars().nth(1).unwrap().is_uppercase() {
        true => to.to_owned(),
        false if route.verb.starts_with(char::is_uppercase) => {
            format!("{}{}", &to[..1], to[1..].to_lowercase())
        }
        false => to.to_lowercase(),
    };
    let anchor = match route.file == SHIPPING {
        true => route.anchor.replacen(route.verb, &verb, 1),
        false => route.anchor.replacen(&format!("{}(", route.verb), &format!("{verb}("), 1),
    };
    let mut after = served(files);
    for one in after.iter_mut().filter(|s| s.name == own) {
        one.name = format!("{to} {}", path(&own));
    }
    let (file, text) = replaced(files, route.file, route.anchor, &anchor);
    let text = text.map(|text| text.replace("routing::{get, post}", "routing::{get, patch, post, put}"));
    mutation(format!("`{}` answers {to}", route.promise), vec![(file, text)], expected(files, &after, false))
}

fn drop_method(files: &Files, random: &mut Random) -> Mutation {
    let route = random.one_of(ROUTES);
    let before = text(files, route.file);
    let changed = without_route(before, route);
    let shortened = with(files, &[(route.file.to_owned(), Some(changed.clone()))]);
    let mut after = Vec::new();
    for one in ROUTES.iter().filter(|r| r.promise != route.promise) {
        let line = line_of(if one.file == route.file { &shortened } else { files }, one.file, one.anchor);
        after.push(Served { name: plain(one.promise), file: one.file.to_owned(), line });
    }
    mutation(
        format!("`{}` is gone", route.promise),
        vec![(route.file.to_owned(), Some(changed))],
        expected(files, &after, false),
    )
}

/// The text of a file without a route: its chain, its line, its block or its function.
fn without_route(before: &str, route: &Route) -> String {
    let at = before.find(route.anchor).unwrap();
    let line = before[..at].rfind('\n').map_or(0, |end| end + 1);
    let end_of = |mark: &str| before[at..].find(mark).map_or(before.len(), |end| at + end + mark.len());
    match route.file {
        SHIPPING => {
            // The block ends where a line has its depth or less.
            let rest = &before[at..];
            let deeper = |l: &&str| l.starts_with("      ");
            let length: usize = rest.split_inclusive('\n').skip(1).take_while(deeper).map(str::len).sum();
            let first = rest.split_inclusive('\n').next().map_or(0, str::len);
            format!("{}{}", &before[..line], &before[at + first + length..])
        }
        file if file.ends_with(".ts") => format!("{}{}", &before[..line], &before[end_of("\n}\n")..]),
        file if file.ends_with(".rs") && route.anchor == "get(read)" => {
            before.replace("get(read).delete(release)", "axum::routing::delete(release)")
        }
        file if file.ends_with(".rs") && route.anchor == "delete(release)" => {
            before.replace(".delete(release)", "")
        }
        file if file.ends_with(".rs") => before.replacen(route.anchor, "", 1),
        _ => format!("{}{}", &before[..line], &before[end_of("\n")..]),
    }
}

fn add_route(files: &Files, random: &mut Random) -> Mutation {
    let word = random.word();
    let returns = "services/orders/orders/routers/returns.py";
    let payments = "services/payments/src/routes/payments.rs";
    let products = "services/catalog/internal/products/handlers.go";
    let (name, changed, line) = match random.below(5) {
        0 => {
            let text = format!(
                "{}\n\n@router.get(\"/all/{word}\")\ndef {word}():\n    return []\n",
                text(files, returns)
            );
            let line = text.matches('\n').count() - 2;
            (format!("GET /v1/returns/all/{word}"), (returns.to_owned(), Some(text)), line)
        }
        1 => {
            let first = ".route(\"/\", post(authorise))";
            let to = format!("{first}\n        .route(\"/{word}\", axum::routing::put(read))");
            let line = line_of(files, payments, first) + 1;
            (format!("PUT /v1/payments/{word}"), replaced(files, payments, first, &to), line)
        }
        2 => {
            let first = "r.Post(\"/\", h.create)";
            let line = line_of(files, products, first) + 1;
            let to = format!("{first}\n\tr.Delete(\"/{word}\", h.list)");
            (format!("DELETE /v1/products/{word}"), replaced(files, products, first, &to), line)
        }
        3 => {
            let file = format!("apps/web/app/api/{word}/route.ts");
            let text = "import { NextResponse } from 'next/server'\n\nexport async function GET() {\n  return NextResponse.json({})\n}\n";
            (format!("GET /api/{word}"), (file, Some(text.to_owned())), 3)
        }
        _ => {
            let text = format!(
                "{}  /{word}:\n    put:\n      summary: New\n      responses:\n        \"200\":\n          description: Done\n",
                text(files, SHIPPING)
            );
            let line = text.matches('\n').count() - 4;
            (format!("PUT /v1/{word}"), (SHIPPING.to_owned(), Some(text)), line)
        }
    };
    let told = code("endpoints", &name, &(changed.0.clone(), line));
    mutation(format!("`{name}` is new"), vec![changed], vec![told])
}

// ---------------------------------------------------------------- translations

const ENGLISH: &str = "apps/web/locales/en.json";
const POLISH: &str = "apps/web/locales/pl.json";

/// The keys of the file of translations with the places of their lines.
fn keys(files: &Files) -> Vec<(String, usize)> {
    let mut above: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for (at, line) in text(files, ENGLISH).lines().enumerate() {
        let name = line.trim().split('"').nth(1);
        match (name, line.trim_end()) {
            (Some(name), end) if end.ends_with('{') => above.push(name),
            (Some(name), _) => out.push(([above.as_slice(), &[name]].concat().join("."), at)),
            (None, end) if end.trim_start().starts_with('}') => drop(above.pop()),
            _ => {}
        }
    }
    out
}

/// What is found of a key that is not as promised.
fn key_missing(files: &Files, key: &str, difference: &str) -> Vec<String> {
    let mut out = Vec::new();
    for place in lines_in(files, "Internationalization", |l| l.contains(&format!("`{key}`"))) {
        out.push(drift(&place, "i18n", difference, key));
        out.push(check("i18n-key-missing", &place));
    }
    out
}

fn rename_key(files: &Files, random: &mut Random) -> Mutation {
    let (key, at) = random.one_of(&keys(files)).clone();
    let own = format!("\"{}\":", key.rsplit('.').next().unwrap());
    let to = format!("\"{}\":", random.word());
    let changed = on_line(files, ENGLISH, at, |line| Some(line.replace(&own, &to)));
    mutation(format!("the key {key} has another name"), vec![changed], key_missing(files, &key, "not there"))
}

fn delete_key(files: &Files, random: &mut Random) -> Mutation {
    let (key, at) = random.one_of(&keys(files)).clone();
    let changed = without_entry(files, ENGLISH, at);
    mutation(format!("the key {key} is gone"), vec![changed], key_missing(files, &key, "not there"))
}

fn delete_translation(files: &Files, random: &mut Random) -> Mutation {
    let (key, at) = random.one_of(&keys(files)).clone();
    let changed = without_entry(files, POLISH, at);
    mutation(
        format!("the key {key} is gone from one language"),
        vec![changed],
        key_missing(files, &key, "other languages"),
    )
}

/// A file with one line changed, or taken out.
fn on_line(
    files: &Files,
    file: &str,
    at: usize,
    change: impl Fn(&str) -> Option<String>,
) -> (String, Option<String>) {
    let mut out = String::new();
    for (place, line) in text(files, file).lines().enumerate() {
        let line = if place == at { change(line) } else { Some(line.to_owned()) };
        out.extend(line.into_iter().flat_map(|line| [line, "\n".to_owned()]));
    }
    (file.to_owned(), Some(out))
}

/// A JSON file without the entry on a line.
fn without_entry(files: &Files, file: &str, at: usize) -> (String, Option<String>) {
    let (file, text) = on_line(files, file, at, |_| None);
    let text = text.unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // The entry before the last one of an object ends with a comma.
    let closes = lines[at].trim_start().starts_with('}');
    if closes && let Some(line) = lines.get_mut(at - 1) {
        *line = line.trim_end_matches(',').to_owned();
    }
    (file, Some(lines.join("\n") + "\n"))
}

// ---------------------------------------------------------------- files

/// Files of manifests that can go elsewhere without taking routes, tables, events or tests with them.
const FILES: &[&str] = &[
    "services/orders/orders/commands.py",
    "services/payments/src/money.rs",
    "services/payments/src/provider.rs",
    "services/catalog/internal/products/store.go",
    "services/catalog/internal/sellers/seller.go",
    "services/catalog/internal/settings/settings.go",
    "services/shipping/src/main/kotlin/shipping/Labels.kt",
    "apps/web/lib/session.ts",
    "apps/web/lib/basket.ts",
    "apps/web/lib/wishlist.ts",
    "apps/web/app/basket/page.tsx",
    "apps/web/app/wishlist/page.tsx",
    "migrations/sql/V001__create_sellers.sql",
    "migrations/sql/V003__create_payments.sql",
];

/// Those of them that hold nothing else that a spec promises.
const BARE: &[&str] = &[
    "services/catalog/internal/products/store.go",
    "services/catalog/internal/sellers/seller.go",
    "services/shipping/src/main/kotlin/shipping/Labels.kt",
    "apps/web/lib/session.ts",
    "apps/web/app/basket/page.tsx",
    "apps/web/app/wishlist/page.tsx",
];

fn file_missing(files: &Files, file: &str, difference: &str) -> Vec<String> {
    let mut out = Vec::new();
    for place in lines_with(files, |l| l.starts_with(&format!("| `{file}` |"))) {
        out.push(drift(&place, "paths", difference, file));
        out.push(check("manifest-path-missing", &place));
    }
    out
}

fn move_file(files: &Files, random: &mut Random) -> Mutation {
    let file = *random.one_of(FILES);
    let (folder, name) = file.rsplit_once('/').unwrap();
    // A page is told by its folder as well.
    let to = match folder.strip_prefix("apps/web/app/") {
        Some(own) => format!("apps/web/app/{}/{own}/{name}", random.word()),
        None => format!("{folder}/{}/{name}", random.word()),
    };
    let changed = vec![(file.to_owned(), None), (to.clone(), Some(text(files, file).to_owned()))];
    mutation(format!("{file} is {to}"), changed, file_missing(files, file, "elsewhere"))
}

fn delete_file(files: &Files, random: &mut Random) -> Mutation {
    let file = *random.one_of(BARE);
    mutation(format!("{file} is gone"), vec![(file.to_owned(), None)], file_missing(files, file, "not there"))
}

// ---------------------------------------------------------------- tests

/// What a test names: the ID, or the spec and the bullet.
const TESTS: &[(&str, &str)] = &[
    ("TC-ORD-001", "services/orders/tests/test_orders.py"),
    ("TC-ORD-002", "services/orders/tests/test_orders.py"),
    ("TC-ORD-003", "services/orders/tests/test_orders.py"),
    ("TC-PAY-001", "services/payments/src/money.rs"),
    ("TC-PAY-002", "services/payments/src/money.rs"),
    ("TC-PAY-003", "services/payments/src/provider.rs"),
    ("TC-CAT-001", "services/catalog/internal/products/store_test.go"),
    ("TC-CAT-002", "services/catalog/internal/products/store_test.go"),
    ("TC-CAT-003", "services/catalog/internal/sellers/seller_test.go"),
    ("TC-BASKET-001", "apps/web/lib/basket.test.ts"),
    ("TC-BASKET-002", "apps/web/lib/basket.test.ts"),
    ("TC-BASKET-003", "apps/web/lib/basket.test.ts"),
    ("2026-02-03-wishlist-sharing#AC-1", "apps/web/lib/wishlist.test.ts"),
    ("2026-02-03-wishlist-sharing#AC-2", "apps/web/lib/wishlist.test.ts"),
    ("2026-02-20-goods-returns#AC-1", "services/orders/tests/test_returns.py"),
    ("2026-02-20-goods-returns#AC-2", "services/orders/tests/test_returns.py"),
    ("2026-02-20-goods-returns#AC-3", "services/orders/tests/test_returns.py"),
];

/// An ID as a language writes it in the name of a test.
fn written(id: &str, file: &str) -> String {
    match file.ends_with(".py") || file.ends_with(".rs") {
        true => id.to_lowercase().replace(['-', '#'], "_"),
        false => id.to_owned(),
    }
}

fn test_missing(files: &Files, id: &str) -> Vec<String> {
    if let Some((spec, bullet)) = id.split_once('#') {
        let path = format!("docs/specs/{spec}.md");
        let place = (path.clone(), line_of(files, &path, &format!("] {bullet}: ")));
        return vec![check("acceptance-unproven", &place)];
    }
    let mut out = Vec::new();
    for place in lines_with(files, |l| l.starts_with(&format!("- {id}: "))) {
        out.push(drift(&place, "tests", "not there", id));
        out.push(check("test-id-without-test", &place));
    }
    out
}

fn delete_test(files: &Files, random: &mut Random) -> Mutation {
    let (id, file) = *random.one_of(TESTS);
    let before = text(files, file);
    let name = before.find(&written(id, file)).unwrap();
    let start = before[..name].rfind('\n').unwrap() + 1;
    let (start, end) = match () {
        () if file.ends_with(".py") => {
            let end = before[name..].find("\n\n\n").map_or(before.len(), |end| name + end + 3);
            (start, end)
        }
        // `#[test]` stands on the line before.
        () if file.ends_with(".rs") => {
            let start = before[..start - 1].rfind('\n').unwrap() + 1;
            (start, name + before[name..].find("\n    }\n").unwrap() + 7)
        }
        () if file.ends_with(".go") => (start, name + before[name..].find("\n\t})\n").unwrap() + 5),
        () => (start, name + before[name..].find("\n  })\n").unwrap() + 6),
    };
    let after = format!("{}{}", &before[..start], &before[end..]);
    mutation(format!("the test {id} is gone"), vec![(file.to_owned(), Some(after))], test_missing(files, id))
}

fn rename_test(files: &Files, random: &mut Random) -> Mutation {
    let (id, file) = *random.one_of(TESTS);
    let own = written(id, file);
    let number = 80 + random.below(20);
    let end = own.rfind(['-', '_']).unwrap();
    let other = format!("{}{number}", &own[..=end]);
    let changed = replaced(files, file, &own, &other);
    let mut expected = test_missing(files, id);
    // A bullet that is cited and not there is told at the test, too.
    if id.contains('#') {
        let cited = format!("{}{number}", &id[..=id.rfind('-').unwrap()]);
        expected.push(orphan(&(file.to_owned(), line_of(files, file, &own)), &cited));
    }
    mutation(format!("the test {id} has the number {number}"), vec![changed], expected)
}

// ---------------------------------------------------------------- tables

/// Columns whose names stand for nothing else, with the files that declare them.
const COLUMNS: &[(&str, &[&str])] = &[
    ("Seller.display_name", &["migrations/sql/V001__create_sellers.sql"]),
    ("Seller.country_code", &["migrations/sql/V001__create_sellers.sql"]),
    ("Seller.joined_on", &["migrations/sql/V001__create_sellers.sql"]),
    ("Product.headline", &["migrations/sql/V002__create_products.sql"]),
    ("Product.price_cents", &["migrations/sql/V002__create_products.sql"]),
    ("Product.stock_level", &["migrations/sql/V002__create_products.sql"]),
    ("Payment.amount_cents", &["migrations/sql/V003__create_payments.sql"]),
    ("Payment.captured_at", &["migrations/sql/V003__create_payments.sql"]),
    ("Refund.refunded_cents", &["migrations/sql/V003__create_payments.sql"]),
    ("Refund.idempotency_key", &["migrations/sql/V003__create_payments.sql"]),
    ("Basket.touched_at", &["migrations/sql/V004__create_baskets.sql"]),
    ("Wish.wished_at", &["migrations/sql/V005__create_wishes.sql"]),
    ("ShareLink.expires_at", &["migrations/sql/V005__create_wishes.sql"]),
    ("Order.total_cents", &[MODELS, FIRST]),
    ("Order.placed_at", &[MODELS, FIRST]),
    ("OrderLine.unit_price_cents", &[MODELS, FIRST]),
    (
        "GoodsReturn.return_state",
        &[MODELS, "services/orders/migrations/versions/0002_create_goods_returns.py"],
    ),
];

const MODELS: &str = "services/orders/orders/models.py";
const FIRST: &str = "services/orders/migrations/versions/0001_create_orders.py";

/// Tables that SQL declares, with their entities.
const TABLES: &[(&str, &str, &str)] = &[
    ("Seller", "sellers", "migrations/sql/V001__create_sellers.sql"),
    ("Product", "products", "migrations/sql/V002__create_products.sql"),
    ("Payment", "payments", "migrations/sql/V003__create_payments.sql"),
    ("Refund", "refunds", "migrations/sql/V003__create_payments.sql"),
    ("Basket", "baskets", "migrations/sql/V004__create_baskets.sql"),
    ("BasketItem", "basket_items", "migrations/sql/V004__create_baskets.sql"),
    ("Wish", "wishes", "migrations/sql/V005__create_wishes.sql"),
    ("ShareLink", "share_links", "migrations/sql/V005__create_wishes.sql"),
];

/// The line of a field in the part of its entity.
fn field_line(files: &Files, entity: &str, field: &str) -> Place {
    for (path, text) in implemented(files) {
        let mut inside = false;
        for (at, line) in text.lines().enumerate() {
            if line.starts_with('#') {
                inside = line.starts_with(&format!("### {entity} (`"));
            }
            if inside && (field.is_empty() || line.starts_with(&format!("- `{field}`:"))) {
                return (path.to_owned(), at + 1);
            }
        }
    }
    panic!("no spec has {entity}.{field}")
}

fn rename_column(files: &Files, random: &mut Random) -> Mutation {
    let (subject, declared) = *random.one_of(COLUMNS);
    let (entity, field) = subject.split_once('.').unwrap();
    let to = random.word();
    let changed = declared.iter().map(|file| replaced(files, file, field, to)).collect();
    let expected = vec![drift(&field_line(files, entity, field), "entities", "not there", subject)];
    mutation(format!("the column {subject} is {to}"), changed, expected)
}

fn drop_table(files: &Files, random: &mut Random) -> Mutation {
    let (entity, table, file) = *random.one_of(TABLES);
    let before = text(files, file);
    let start = before.find(&format!("CREATE TABLE IF NOT EXISTS {table} (")).unwrap();
    let end = start + before[start..].find("\n);\n").unwrap() + 4;
    let after = format!("{}{}", &before[..start], &before[end..]);
    let expected = vec![drift(&field_line(files, entity, ""), "entities", "not there", entity)];
    mutation(format!("the table {table} is gone"), vec![(file.to_owned(), Some(after))], expected)
}

// ---------------------------------------------------------------- names

/// Events with the file that sends each.
const EVENTS: &[(&str, &str)] = &[
    ("orders.order.placed", "services/orders/orders/commands.py"),
    ("orders.order.cancelled", "services/orders/orders/commands.py"),
    ("orders.order.shipped", "services/orders/orders/commands.py"),
    ("orders.return.requested", "services/orders/orders/commands.py"),
    ("orders.return.approved", "services/orders/orders/commands.py"),
    ("payments.payment.authorised", "services/payments/src/routes/payments.rs"),
    ("payments.payment.captured", "services/payments/src/routes/payments.rs"),
    ("payments.refund.made", "services/payments/src/routes/refunds.rs"),
    ("catalog.product.listed", "services/catalog/internal/products/handlers.go"),
    ("catalog.price.changed", "services/catalog/internal/products/handlers.go"),
    ("catalog.seller.joined", "services/catalog/internal/sellers/handlers.go"),
    ("basket.item.added", "apps/web/lib/basket.ts"),
    ("basket.item.removed", "apps/web/lib/basket.ts"),
    ("basket.basket.checked_out", "apps/web/lib/basket.ts"),
    ("wishlist.link.made", "apps/web/lib/wishlist.ts"),
    ("wishlist.link.dropped", "apps/web/lib/wishlist.ts"),
];

/// The lines that promise an event: in the list of a design, and among what is watched after a release.
fn event_lines(files: &Files, event: &str) -> Vec<Place> {
    let listed = format!("- **Event**: `{event}`");
    let watched = format!("- `{event}` with ");
    lines_with(files, |l| l == listed || l.starts_with(&watched))
}

/// The line of a spec that is not built yet and watches an event that is there already.
fn event_line_not_built(files: &Files, event: &str) -> Option<Place> {
    let spec = "docs/specs/2026-03-10-seller-pages.md";
    let watched = format!("- `{event}` with ");
    text(files, spec).contains(&watched).then(|| (spec.to_owned(), line_of(files, spec, &watched)))
}

fn rename_event(files: &Files, random: &mut Random) -> Mutation {
    let (event, file) = *random.one_of(EVENTS);
    let to = format!("{}.{}", event.rsplit_once('.').unwrap().0, random.word());
    let mut expected = vec![code("events", &to, &(file.to_owned(), line_of(files, file, event)))];
    for place in event_lines(files, event) {
        expected.push(drift(&place, "events", "not there", event));
        expected.push(check("event-not-in-code", &place));
    }
    let not_built = event_line_not_built(files, event);
    expected.extend(not_built.map(|place| drift(&place, "events", "not there", event)));
    mutation(format!("the event {event} is {to}"), vec![replaced(files, file, event, &to)], expected)
}

/// Environment variables with the file that reads each.
const VARIABLES: &[(&str, &str)] = &[
    ("ORDERS_DATABASE_URL", "services/orders/orders/settings.py"),
    ("ORDERS_RETURN_DAYS", "services/orders/orders/settings.py"),
    ("PAYMENTS_DATABASE_URL", "services/payments/src/settings.rs"),
    ("PAYMENTS_PROVIDER_KEY", "services/payments/src/settings.rs"),
    ("CATALOG_DATABASE_URL", "services/catalog/internal/settings/settings.go"),
    ("CATALOG_PAGE_SIZE", "services/catalog/internal/settings/settings.go"),
    ("BASKET_TTL_HOURS", "apps/web/lib/basket.ts"),
    ("ORDERS_URL", "apps/web/lib/basket.ts"),
];

/// The list of variables still has the name: it is only listed.
fn rename_variable(files: &Files, random: &mut Random) -> Mutation {
    let (name, file) = *random.one_of(VARIABLES);
    let to = random.word().to_uppercase();
    let mut expected = vec![code("env", &to, &(file.to_owned(), line_of(files, file, name)))];
    for place in lines_in(files, "Configuration", |l| l.starts_with(&format!("- `{name}`:"))) {
        expected.push(drift(&place, "env", "only listed", name));
        expected.push(check("env-var-not-in-code", &place));
    }
    mutation(format!("the variable {name} is {to}"), vec![replaced(files, file, name, &to)], expected)
}

fn rename_flag(files: &Files, random: &mut Random) -> Mutation {
    let flags = [
        ("wishlist_sharing", LINKS, "docs/specs/2026-02-03-wishlist-sharing.md"),
        (
            "orders_goods_returns",
            "services/orders/orders/routers/returns.py",
            "docs/specs/2026-02-20-goods-returns.md",
        ),
    ];
    let (flag, file, spec) = *random.one_of(&flags);
    let to = format!("{}_{}", random.word(), random.word());
    let place = (spec.to_owned(), line_of(files, spec, &format!("- **Flag name:** `{flag}`")));
    let expected = vec![
        code("flags", &to, &(file.to_owned(), line_of(files, file, flag))),
        drift(&place, "flags", "not there", flag),
        check("flag-unreferenced", &place),
    ];
    mutation(format!("the flag {flag} is {to}"), vec![replaced(files, file, flag, &to)], expected)
}

const LINKS: &str = "apps/web/app/api/wishlist/share-links/route.ts";

// ---------------------------------------------------------------- migrations, indexes, promises

fn rename_migration(files: &Files, random: &mut Random) -> Mutation {
    let is_script = |p: &&String| p.contains("migrations/") && !p.contains("V006");
    let scripts: Vec<&String> = files.keys().filter(is_script).collect();
    let file = random.one_of(&scripts).as_str();
    let (folder, name) = file.rsplit_once('/').unwrap();
    let (number, ending) = (&name[..name.find("create").unwrap()], name.rsplit_once('.').unwrap().1);
    let to = format!("{folder}/{number}{}_{}.{ending}", random.word(), random.word());
    let mut expected = file_missing(files, file, "not there");
    expected.push(code("migrations", &to, &(to.clone(), 1)));
    // Scripts of SQL are promised by their bare names, too; where a spec names one first, it promises it.
    let named = if ending == "sql" { name } else { file };
    for heading in ["Migration & Compatibility", "Data & migrations"] {
        let mut places = lines_in(files, heading, |l| l.contains(named));
        places.dedup_by(|later, first| later.0 == first.0);
        for place in places {
            let line = text(files, &place.0).lines().nth(place.1 - 1).unwrap();
            let subject = if line.contains(file) { file } else { name };
            expected.push(drift(&place, "migrations", "spelling", subject));
            expected.push(check("migration-missing", &place));
        }
    }
    let changed = vec![(file.to_owned(), None), (to.clone(), Some(text(files, file).to_owned()))];
    mutation(format!("{file} is {to}"), changed, expected)
}

fn break_index_row(files: &Files, random: &mut Random) -> Mutation {
    let mut rows = Vec::new();
    for index in ["docs/design/README.md", "docs/specs/README.md"] {
        let lines = text(files, index).lines().enumerate().filter(|(_, l)| l.starts_with("| ["));
        rows.extend(lines.map(|(at, line)| (index, at, line)));
    }
    let (index, at, line) = *random.one_of(&rows);
    let target = line.split(['(', ')']).nth(1).unwrap();
    let to = format!("{}-{}.md", random.word(), random.word());
    let changed =
        on_line(files, index, at, |line| Some(line.replace(&format!("({target})"), &format!("({to})"))));
    let place = (index.to_owned(), at + 1);
    // The spec that the row led to is listed no more, which is told at the heading of the part.
    let heading = text(files, index).lines().take(at).collect::<Vec<_>>();
    let heading = heading.iter().rposition(|l| l.starts_with('#')).unwrap() + 1;
    let expected = vec![
        check("index-out-of-date", &place),
        check("broken-link", &place),
        check("index-out-of-date", &(index.to_owned(), heading)),
    ];
    mutation(format!("the row of {target} leads to {to}"), vec![changed], expected)
}

fn change_promise(files: &Files, random: &mut Random) -> Mutation {
    match random.below(3) {
        0 => change_endpoint(files, random),
        1 => change_field(files, random),
        _ => change_event(files, random),
    }
}

fn change_endpoint(files: &Files, random: &mut Random) -> Mutation {
    let with_segment: Vec<&Route> = ROUTES.iter().filter(|r| r.segment.is_some()).collect();
    let route = *random.one_of(&with_segment);
    let to = route.promise.replace(route.segment.unwrap(), random.word());
    let line = format!("- `{}`", route.promise);
    let place = lines_with(files, |l| l == line).remove(0);
    let changed = on_line(files, &place.0, place.1 - 1, |_| Some(format!("- `{to}`")));
    let real = served(files).into_iter().find(|s| s.name == plain(route.promise)).unwrap();
    let expected = vec![
        drift(&place, "endpoints", "not there", &to),
        check("endpoint-not-found", &place),
        code("endpoints", &real.name, &(real.file, real.line)),
    ];
    mutation(
        format!("a spec promises `{to}` for {} `{}`", method(&to), route.promise),
        vec![changed],
        expected,
    )
}

fn change_field(files: &Files, random: &mut Random) -> Mutation {
    let (subject, _) = *random.one_of(COLUMNS);
    let (entity, field) = subject.split_once('.').unwrap();
    let place = field_line(files, entity, field);
    let to = random.word();
    let changed =
        on_line(files, &place.0, place.1 - 1, |l| Some(l.replace(&format!("`{field}`"), &format!("`{to}`"))));
    let expected = vec![drift(&place, "entities", "not there", &format!("{entity}.{to}"))];
    mutation(format!("a spec promises {entity}.{to} for {field}"), vec![changed], expected)
}

fn change_event(files: &Files, random: &mut Random) -> Mutation {
    let (event, file) = *random.one_of(EVENTS);
    let to = format!("{}.{}", event.rsplit_once('.').unwrap().0, random.word());
    let place = event_lines(files, event).remove(0);
    let changed = on_line(files, &place.0, place.1 - 1, |_| Some(format!("- **Event**: `{to}`")));
    let mut expected = vec![drift(&place, "events", "not there", &to), check("event-not-in-code", &place)];
    // The event itself is in no spec any more, unless another one watches it.
    if event_lines(files, event).len() == 1 && event_line_not_built(files, event).is_none() {
        expected.push(code("events", event, &(file.to_owned(), line_of(files, file, event))));
    }
    mutation(format!("a spec promises {to} for {event}"), vec![changed], expected)
}
