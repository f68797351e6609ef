//! What becomes of the promises of a spec, case by case.

use crate::{Difference, Drifted, Subject, drift, promises, since_review, unpromised};
use std::sync::Arc;
use trueup_codebase::*;
use trueup_markdown::Document;
use trueup_model::{PathIndex, Settings, Spec, read_specs};
use trueup_text::Span;

/// Code and paths made by hand.
#[derive(Debug, Default)]
struct Made {
    code: Codebase,
    scope: Scope,
    paths: Vec<&'static str>,
    departed: Vec<(&'static str, Option<&'static str>)>,
}

impl Code for Made {
    fn codebase(&self) -> &Codebase {
        &self.code
    }

    fn scope(&self) -> Scope {
        self.scope.clone()
    }

    fn departed(&self, path: &str) -> Option<Departed> {
        let found = self.departed.iter().find(|(from, _)| *from == path)?;
        let deleted = found.1.is_none();
        Some(Departed { to: found.1.map(str::to_owned), deleted, commit: "abc1234".to_owned() })
    }

    fn knows_history(&self) -> bool {
        !self.departed.is_empty()
    }

    fn departed_ending(&self, end: &str) -> Vec<String> {
        let all = self.departed.iter().map(|(from, _)| (*from).to_owned());
        all.filter(|from| from.ends_with(end)).collect()
    }
}

fn place(path: &str, line: u32) -> CodePlace {
    CodePlace { path: Arc::from(path), span: Span::at(0), line }
}

/// A codebase from lines: `GET /a`, `table orders Order: id total`, `en a.b`, `test TC-1 name`,
/// `skipped TC-1 name`, `env NAME`, `lists NAME`, `flag name`, `event name`, `word name`, `constant name` in
/// another file, `rails /path`, `migration path`.
fn made(lines: &[&str]) -> Made {
    let mut made = Made::default();
    let code = &mut made.code;
    code.readable = CodeKind::ALL.map(|kind| (kind, Readable::Yes(vec!["by hand"]))).to_vec();
    for (at, line) in lines.iter().enumerate() {
        let at = place("src/code.ts", at as u32 + 1);
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        let used = |how| NameUse { name: rest.to_owned(), how, place: at.clone() };
        match first {
            "table" => {
                let (names, columns) = rest.split_once(':').unwrap_or((rest, ""));
                let mut names = names.split(' ');
                code.tables.push(Table {
                    name: names.next().unwrap_or_default().to_owned(),
                    class: names.next().map(str::to_owned),
                    columns: columns
                        .split_whitespace()
                        .map(|name| Column { name: name.to_owned(), kind: String::new(), place: at.clone() })
                        .collect(),
                    complete: true,
                    source: "SQL",
                    place: at,
                });
            }
            "test" | "skipped" => code.tests.push(TestCase {
                name: rest.to_owned(),
                suites: Vec::new(),
                skipped: first == "skipped",
                place: at,
            }),
            "env" => code.env_vars.push(used(Use::Read)),
            "lists" => code.env_vars.push(used(Use::Declared)),
            "flag" => code.flags.push(used(Use::Read)),
            "event" => code.events.push(used(Use::Sent)),
            "listens" => code.events.push(used(Use::Read)),
            "word" => code.words.add(rest, at),
            "constant" => code.words.add(rest, place("src/names.ts", 1)),
            "rails" => {
                let path = RoutePath::parse(rest);
                code.routes.push(Route {
                    method: Method::Get,
                    path,
                    whole: true,
                    framework: "Rails",
                    place: at,
                });
            }
            "unreadable" => code.unreadable.push((Arc::from(rest), "it is too large".to_owned())),
            "path" => made.paths.push(Box::leak(rest.to_owned().into_boxed_str())),
            "migration" => {
                let name = rest.rsplit('/').next().unwrap_or(rest);
                let (number, slug) = name.split_once("__").unwrap_or(("", name));
                code.migrations.push(MigrationFile {
                    path: Arc::from(rest),
                    number: number.trim_start_matches('V').to_owned(),
                    slug: slug.trim_end_matches(".sql").to_owned(),
                });
            }
            "unread" => {
                let (below, whole) = (RoutePath::parse(rest), !rest.starts_with('~'));
                code.unread_routes.push(UnreadRoutes { below, whole, place: at });
            }
            "partial" | "GET" | "PUT" | "POST" | "PATCH" | "DELETE" | "*" => {
                let (method, path) = match first {
                    "partial" => rest.split_once(' ').unwrap_or(("GET", rest)),
                    _ => (first, rest),
                };
                let method = Method::from_name(method).unwrap_or(Method::Any);
                let (path, whole) = (RoutePath::parse(path), first != "partial");
                code.routes.push(Route { method, path, whole, framework: "Express", place: at });
            }
            locale => {
                let span = at.span;
                let key = LocaleKey { key: rest.to_owned(), span, line: at.line };
                let path: Arc<str> = Arc::from(format!("locales/{locale}.json"));
                match code.locales.iter_mut().find(|f| f.locale == locale) {
                    Some(file) => file.keys.push(key),
                    None => code.locales.push(LocaleFile {
                        path,
                        locale: locale.to_owned(),
                        namespace: String::new(),
                        keys: vec![key],
                    }),
                }
            }
        }
    }
    made
}

fn spec_of(text: &str) -> Spec {
    let document = Document::parse(text);
    let (_, schema) = trueup_template::builtin("architecture").expect("the template is built in");
    let mut specs = read_specs("docs/design/a.md", &document, &schema, &Settings::default(), None, None);
    specs.remove(0)
}

fn rows_of(spec: &Spec, made: &Made) -> Vec<Drifted> {
    let paths = PathIndex::new(made.paths.iter().copied());
    drift(&Subject { path: "docs/design/a.md", spec, code: made, paths: &paths }, &CodeKind::ALL)
}

/// What does not come out proven, a line each: `missing GET /a (near GET /b)`.
fn differing(rows: &[Drifted]) -> Vec<String> {
    let shown = |row: &Drifted| {
        let near = row.candidate.as_ref().map(|c| format!(" → {c}")).unwrap_or_default();
        match row.difference {
            Difference::None => format!("{} {}", row.verdict, row.subject),
            other => format!("{}: {} {}{near}", row.verdict, other.name(), row.subject),
        }
    };
    rows.iter().filter(|row| row.difference != Difference::None).map(shown).collect()
}

fn check(section: &str, code: &[&str], expected: &[&str]) {
    let spec = spec_of(&format!("# SPEC-001: Orders\n\n{section}\n"));
    let rows = rows_of(&spec, &made(code));
    assert!(!rows.is_empty(), "nothing is promised by {section}");
    assert_eq!(differing(&rows), expected, "{section}\n{code:?}");
}

fn endpoints(list: &[&str], code: &[&str], expected: &[&str]) {
    let bullets: String = list.iter().map(|e| format!("- `{e}`\n")).collect();
    check(&format!("## API Contracts\n\n{bullets}"), code, expected);
}

#[test]
fn endpoints_that_are_served() {
    endpoints(&["GET /api/orders/:id"], &["GET /api/orders/{order}"], &[]);
    endpoints(&["GET /api/orders?page=1"], &["GET /api/orders"], &[]);
    endpoints(&["GET /api/orders/{id?}"], &["GET /api/orders/{id}"], &[]);
    endpoints(&["GET /api/orders"], &["* /api/orders"], &[]);
    // A router whose mount was not understood.
    endpoints(&["GET /api/orders/{id}"], &["partial GET /orders/{id}"], &[]);
    endpoints(&["GET /{file}"], &["partial GET /{name}"], &[]);
    // The method is served by such a router, others by one that is known.
    endpoints(&["POST /api/orders/x"], &["GET /api/orders/x", "partial POST /orders/x"], &[]);
    // The base path is left out throughout, or a proxy adds it.
    endpoints(&["GET /orders"], &["GET /api/orders", "GET /api/items"], &[]);
    endpoints(&["GET /api/orders"], &["GET /orders", "GET /items"], &[]);
}

#[test]
fn endpoints_that_may_be_where_nobody_could_read() {
    let unread = |path: &str| [format!("not checkable: not read GET {path}")];
    for (promise, served, found) in [
        ("/accounts/login", "unread /accounts", false),
        ("/accounting/login", "unread /accounts", true),
        ("/plugins/a", "unread /", false),
        // A module that was read is known whole, whatever else is served somewhere.
        ("/orders/lost", "unread /", true),
        ("/orders/lost", "unread /orders", false),
    ] {
        let expected = match found {
            true => [format!("missing: not there GET {promise}")],
            false => unread(promise),
        };
        let endpoint = format!("GET {promise}");
        endpoints(&[endpoint.as_str()], &["GET /orders/{id}/items", served], &[expected[0].as_str()]);
    }
}

#[test]
fn endpoints_that_are_spelt_otherwise() {
    endpoints(
        &["GET /api/order-items"],
        &["GET /api/order_items"],
        &["contradicted: spelling GET /api/order-items → GET /api/order_items"],
    );
    endpoints(
        &["GET /api/Orders"],
        &["GET /api/orders"],
        &["contradicted: spelling GET /api/Orders → GET /api/orders"],
    );
    endpoints(
        &["GET /api/order/{id}"],
        &["GET /api/orders/{id}"],
        &["contradicted: spelling GET /api/order/{id} → GET /api/orders/{id}"],
    );
    endpoints(
        &["GET /api/movie/{id}"],
        &["GET /api/movies/{id}"],
        &["contradicted: spelling GET /api/movie/{id} → GET /api/movies/{id}"],
    );
    endpoints(
        &["GET /api/v2/orders"],
        &["GET /api/v1/orders"],
        &["contradicted: base path GET /api/v2/orders → GET /api/v1/orders"],
    );
}

#[test]
fn endpoints_with_another_method() {
    endpoints(
        &["PUT /api/orders/{id}", "GET /api/orders/{id}"],
        &["GET /api/orders/{id}", "PATCH /api/orders/{id}"],
        &["contradicted: method PUT /api/orders/{id} → GET /api/orders/{id}"],
    );
    endpoints(
        &["GET /api/orders", "DELETE /api/orders/{id}"],
        &["GET /api/orders", "DELETE /api/orders"],
        &["contradicted: member or collection DELETE /api/orders/{id} → DELETE /api/orders"],
    );
    // Both are promised: the missing one is not the other's.
    endpoints(
        &["DELETE /api/orders", "DELETE /api/orders/{id}"],
        &["GET /api/orders/{id}", "DELETE /api/orders"],
        &["contradicted: method DELETE /api/orders/{id} → GET /api/orders/{id}"],
    );
}

#[test]
fn endpoints_that_are_not_there() {
    endpoints(&["GET /api/invoices"], &["GET /api/orders"], &["missing: not there GET /api/invoices"]);
    // What could not be read may hold it.
    endpoints(
        &["GET /api/invoices", "GET /api/Orders"],
        &["GET /api/orders", "unreadable src/invoices.ts"],
        &[
            "not checkable: not read GET /api/invoices",
            "contradicted: spelling GET /api/Orders → GET /api/orders",
        ],
    );
    endpoints(
        &["POST /api/orders/{id}/cancel"],
        &["POST /api/orders/{id}/cancelling"],
        &["missing: not there POST /api/orders/{id}/cancel → POST /api/orders/{id}/cancelling"],
    );
    // The route that has a parameter there is the spec's own, and is not `export`.
    endpoints(
        &["GET /api/orders/{id}", "GET /api/orders/export"],
        &["GET /api/orders/{id}"],
        &["missing: not there GET /api/orders/export"],
    );
    endpoints(
        &["GET /api/settings/theme"],
        &["GET /api/settings/{key}"],
        &["not checkable: vague GET /api/settings/theme"],
    );
}

#[test]
fn endpoints_with_a_format() {
    endpoints(&["GET /orders.json", "GET /orders/{id}.xml"], &["rails /orders", "rails /orders/{id}"], &[]);
    endpoints(
        &["GET /orders.json"],
        &["GET /orders"],
        &["missing: not there GET /orders.json → GET /orders"],
    );
    endpoints(&["GET /orders.v2"], &["rails /orders"], &["missing: not there GET /orders.v2 → GET /orders"]);
}

#[test]
fn endpoints_below_a_catch_all() {
    endpoints(
        &["GET /api/files/a/b", "POST /api/files/a", "GET /api/notes"],
        &["GET /api/files/{*path}", "GET /api/{*rest}", "GET /api/orders"],
        &[
            "not checkable: vague GET /api/files/a/b",
            "missing: not there POST /api/files/a",
            "missing: not there GET /api/notes",
        ],
    );
}

#[test]
fn endpoints_that_a_router_without_a_mount_may_serve() {
    endpoints(
        &["POST /api/orders", "GET /api/items/{id}", "DELETE /api/items/{id}"],
        &["GET /api/orders", "partial POST /", "partial GET /{id}", "partial PUT /{id}"],
        &[
            "not checkable: not read POST /api/orders",
            "not checkable: not read GET /api/items/{id}",
            "missing: not there DELETE /api/items/{id}",
        ],
    );
    // Its ends do not fit, or the whole path is there in another spelling.
    endpoints(
        &["GET /api/orders/{id}/lines", "GET /api/order-items"],
        &["GET /api/order_items", "partial GET /{id}", "partial GET /"],
        &[
            "not checkable: not read GET /api/orders/{id}/lines",
            "contradicted: spelling GET /api/order-items → GET /api/order_items",
        ],
    );
}

#[test]
fn endpoints_of_others() {
    endpoints(
        &["POST /v1/charges", "GET /api/orders"],
        &["GET /api/orders"],
        &["not checkable: foreign POST /v1/charges"],
    );
    // Nothing to compare with is no drift.
    endpoints(&["GET /api/orders"], &[], &["not checkable: not read GET /api/orders"]);
    endpoints(&["GET /api/orders"], &["GET /{*all}"], &["not checkable: not read GET /api/orders"]);
}

#[test]
fn entities_and_columns() {
    let orders = "## Data Models\n\n### OrderItem\n- `id`: uuid\n- `orderId`: uuid\n- `total`: int\n";
    check(orders, &["table order_items: id order_id total"], &[]);
    check(orders, &["table lines OrderItem: id order_id total"], &[]);
    check(orders, &["table shop_order_items: id order_id total"], &[]);
    check(
        orders,
        &["table order_items: id order_id totals"],
        &["missing: not there OrderItem.total → totals"],
    );
    check(orders, &["table customers: id"], &["missing: not there OrderItem"]);
    for (entity, table) in [
        ("Movie", "movies"),
        ("OrderStatus", "order_statuses"),
        ("BoxSize", "box_sizes"),
        ("Cookie", "site_cookies"),
    ] {
        check(
            &format!("## Data Models\n\n### {entity}\n- `id`: uuid\n"),
            &[&format!("table {table}: id")],
            &[],
        );
    }
    let table = "## Data Models\n\n### `order_items`\n- `id`: uuid\n- `total`: int\n";
    check(
        table,
        &["table shop_order_items: id total"],
        &["missing: not there order_items → shop_order_items"],
    );
}

#[test]
fn events_and_their_spelling() {
    let events = "## Architecture\n\n### Events\n- `orders.order.created` — an order was made\n";
    check(events, &["event orders.order.created"], &[]);
    check(events, &["word orders.order.created"], &[]);
    check(
        events,
        &["event orders.order_created"],
        &["contradicted: spelling orders.order.created → orders.order_created"],
    );
    check(
        events,
        &["event orders.order.create", "listens orders.order.created", "word orders.order.created"],
        &["missing: only listed orders.order.created"],
    );
    check(events, &["event x"], &["missing: not there orders.order.created"]);
}

#[test]
fn translations() {
    let keys = "## Internationalization (i18n)\n\n- `orders.form.title`\n- `orders.list.*`\n";
    check(keys, &["en orders.form.title", "en orders.list.empty"], &[]);
    check(
        keys,
        &["en orders.form.headline", "en orders.list.empty"],
        &["missing: not there orders.form.title → orders.form.headline"],
    );
    check(
        keys,
        &["en orders.form.title", "en orders.list.empty", "pl orders.list.empty"],
        &["missing: other languages orders.form.title"],
    );
    check(keys, &["en orders.form.title", "en-US orders.list.empty", "pl orders.form.title"], &[]);
    check(keys, &["en orders.form.title", "en orders.list.empty", "pt orders.form.title", "pt-BR x"], &[]);
    check(
        keys,
        &["en orders.form_title", "en orders.list.empty"],
        &["contradicted: spelling orders.form.title → orders.form_title"],
    );
}

fn manifest(rows: &[&str], code: &[&str], expected: &[&str]) {
    let rows: String = rows.iter().map(|row| format!("| {row} | why |\n")).collect();
    let text = format!("## File Manifest\n\n| File | Action | Purpose |\n|-|-|-|\n{rows}");
    check(&text, code, expected);
}

#[test]
fn files() {
    manifest(&["`src/a.ts` | Create", "`src/b.ts:12` | Modify"], &["path src/a.ts", "path src/b.ts"], &[]);
    manifest(
        &["`locales/{en,de}.json` | Create"],
        &["path locales/en.json"],
        &["missing: not there locales/de.json"],
    );
    manifest(&["`src/*.ts` | Create"], &["path src/a.ts"], &[]);
    manifest(&["`src/*.ts` | Create"], &["path src/a/b.ts"], &["missing: not there src/*.ts"]);
    manifest(&["`src/old.ts` | Delete"], &["path src/a.ts"], &[]);
    manifest(
        &["`src/old.ts` | Delete"],
        &["path src/old.ts"],
        &["contradicted: still there src/old.ts → src/old.ts"],
    );
    manifest(
        &["`src/orders/totals.ts` | Create"],
        &["path src/sums/totals.ts"],
        &["contradicted: elsewhere src/orders/totals.ts → src/sums/totals.ts"],
    );
    manifest(&["`src/a.ts` | Create"], &["path src/b.ts"], &["missing: not there src/a.ts"]);
    manifest(
        &["`src/a.ts` | Create"],
        &["path src/a.tsx", "path lib/a.ts", "path app/a.ts"],
        &["missing: not there src/a.ts → src/a.tsx"],
    );
    // The stars of globs stand at their ends, too.
    manifest(&["`src/api/ap*` | Create"], &["path src/api/app.ts"], &[]);
    manifest(&["`t*` | Delete"], &["path t1.ts"], &["contradicted: still there t* → t1.ts"]);
    manifest(&["`api/*.ts` | Create"], &["path packages/orders/api/list.ts"], &[]);
    manifest(
        &["`orders/api/*.ts` | Delete", "`orders/api/list.ts` | Delete", "`api/list.ts` | Delete"],
        &["path packages/orders/api/list.ts", "path packages/items/api/list.ts"],
        &[
            "contradicted: still there orders/api/*.ts → packages/orders/api/list.ts",
            "contradicted: still there orders/api/list.ts → packages/orders/api/list.ts",
            "not checkable: vague api/list.ts",
        ],
    );
    manifest(&["`build/app.js` | Create"], &["path src/a.ts"], &["not checkable: foreign build/app.js"]);
    manifest(&["`src/build/app.ts` | Create"], &["path src/a.ts"], &["missing: not there src/build/app.ts"]);
    // Written from the module's folder.
    manifest(&["`orders/api/list.ts` | Create"], &["path packages/orders/api/list.ts"], &[]);
    manifest(&["`src/orders/` | Create"], &["path src/orders/a.ts"], &[]);
}

#[test]
fn files_that_nobody_can_look_for() {
    manifest(
        &[
            "`New migration` | Create",
            "`src/<module>/a.ts` | Create",
            "`https://x.test/a.ts` | Create",
            "`other-repository/src/a.ts` | Create",
            "`src/client.ts` | Generate",
            "`dist/app.js` | Create",
            "`../../../up.ts` | Modify",
            "`e2e/tc-ord-001..009.ts` | Create",
            "`app/.env` | Modify",
            "`setup.ts` | Modify",
        ],
        &["path src/b.ts", "path a/setup.ts", "path b/setup.ts"],
        &[
            "not checkable: vague New migration",
            "not checkable: vague src/<module>/a.ts",
            "not checkable: foreign https://x.test/a.ts",
            "not checkable: foreign other-repository/src/a.ts",
            "not checkable: foreign src/client.ts",
            "not checkable: foreign dist/app.js",
            "not checkable: foreign ../../../up.ts",
            "not checkable: vague e2e/tc-ord-001..009.ts",
            "not checkable: foreign app/.env",
            "not checkable: vague setup.ts",
        ],
    );
}

#[test]
fn renames_of_the_history_are_followed() {
    let text = "# A\n\n## File Manifest\n\n| File | Action |\n|-|-|\n| `src/a.ts` | Create |\n| `src/b.ts` | Create |\n";
    let spec = spec_of(text);
    let mut made = made(&["path src/c.ts"]);
    made.departed = vec![("src/a.ts", Some("src/c.ts")), ("src/b.ts", None)];
    let rows = rows_of(&spec, &made);
    assert_eq!(differing(&rows), ["missing: not there src/b.ts"]);
    assert_eq!(rows[0].reason, "it was renamed to `src/c.ts` in abc1234");
    assert_eq!(rows[1].reason, "it was deleted in abc1234");
}

#[test]
fn what_never_was_is_not_gone() {
    let text = "# A\n\n## File Manifest\n\n| File | Action |\n|-|-|\n| `src/old.ts` | Delete |\n| `src/never.ts` | Delete |\n\
        | `orders/old.ts` | Delete |\n| `lib/x*.ts` | Delete |\n| `lib/y*.ts` | Delete |\n";
    let spec = spec_of(text);
    let mut made = made(&["path src/c.ts", "path lib/a.ts"]);
    made.departed = vec![("src/old.ts", None), ("packages/orders/old.ts", None), ("lib/x1.ts", None)];
    assert_eq!(
        differing(&rows_of(&spec, &made)),
        ["not checkable: vague src/never.ts", "not checkable: vague lib/y*.ts"]
    );
}

#[test]
fn migrations_of_each_service() {
    let of = |written: &str| {
        format!("## Migration & Compatibility\n\n| Migration | What |\n|-|-|\n| `{written}` | tables |\n")
    };
    let code = &["path services/a/db/V1__init.sql", "migration services/a/db/V1__init.sql"];
    check(&of("services/a/db/V1__init.sql"), code, &[]);
    check(&of("a/db/V1__init.sql"), code, &[]);
    check(&of("V1__init.sql"), code, &[]);
    check(
        &of("services/b/db/V1__init.sql"),
        code,
        &["missing: not there services/b/db/V1__init.sql → services/a/db/V1__init.sql"],
    );
}

#[test]
fn planned_tests() {
    let tests = "## Testing Strategy\n\n| ID | Test |\n|-|-|\n| TC-ORD-001 | An order is made |\n| TC-ORD-002 | An order is paid |\n";
    check(tests, &["test TC-ORD-001 makes", "test pays [TC-ORD-002]"], &[]);
    check(tests, &["test TC-ORD-001 makes", "path e2e/TC-ORD-002.spec.ts"], &[]);
    check(tests, &["test TC-ORD-001 makes", "test x"], &["missing: not there TC-ORD-002"]);
    check(
        tests,
        &["test TC-ORD-001 makes", "test SHOP-TC-ORD-002", "path e2e/X-TC-ORD-002.spec.ts"],
        &["missing: not there TC-ORD-002"],
    );
    check(
        tests,
        &["test TC-ORD-001 makes", "skipped TC-ORD-002 pays"],
        &["contradicted: switched off TC-ORD-002 → TC-ORD-002 pays"],
    );
    check(tests, &[], &["not checkable: not read TC-ORD-001", "not checkable: not read TC-ORD-002"]);
}

#[test]
fn planned_tests_by_the_name_of_a_function() {
    let plan =
        "## Testing Strategy\n\n- `test_orders_are_made` in `src/orders.rs`\n- `test_helper` sets up\n";
    let named = ["test test_a_b", "test test_c_d", "test test_e_f"];
    check(plan, &["test test_orders_are_made"], &["not checkable: vague test_helper sets up"]);
    check(
        plan,
        &named,
        &[
            "missing: not there test_orders_are_made in src/orders.rs",
            "not checkable: vague test_helper sets up",
        ],
    );
    // The code does not name its tests so.
    check(
        plan,
        &["test makes orders"],
        &[
            "not checkable: vague test_orders_are_made in src/orders.rs",
            "not checkable: vague test_helper sets up",
        ],
    );
    let plan = "## Testing Strategy\n\n- `TestOrdersAreMade`\n- `TestClient(app)` calls it\n";
    let named = ["test TestOne", "test TestTwo", "test TestThree"];
    check(
        plan,
        &named,
        &["missing: not there TestOrdersAreMade", "not checkable: vague TestClient(app) calls it"],
    );
}

#[test]
fn environment_variables() {
    let env = "## Configuration\n\n- `ORDER_LIMIT`: how many, env var\n";
    check(env, &["env ORDER_LIMIT"], &[]);
    check(env, &["lists ORDER_LIMIT"], &["missing: only listed ORDER_LIMIT"]);
    // A constant holds the name, and the code reads what the constant says.
    check(env, &["lists ORDER_LIMIT", "constant ORDER_LIMIT"], &[]);
    check(env, &["lists ORDER_LIMIT", "word ORDER_LIMIT"], &["missing: only listed ORDER_LIMIT"]);
    check(env, &["env ORDERLIMIT"], &["contradicted: spelling ORDER_LIMIT → ORDERLIMIT"]);
    check(env, &["env X"], &["missing: not there ORDER_LIMIT"]);
}

#[test]
fn what_was_seen_does_not_count_again() {
    let spec =
        spec_of("# A\n\n## API Contracts\n\n- `GET /api/orders`\n- `GET /api/items`\n- `GET /api/notes`\n");
    let then = rows_of(&spec, &made(&["GET /api/notes"]));
    let now = rows_of(&spec, &made(&["GET /api/Items"]));
    let reviewed = since_review(now, &then, "abc");
    assert_eq!(reviewed.seen.len(), 1, "{:?}", reviewed.seen);
    assert_eq!(
        differing(&reviewed.counting),
        ["stale: spelling GET /api/items → GET /api/Items", "missing: not there GET /api/notes",]
    );
}

#[test]
fn the_code_has_more() {
    let spec = spec_of("# A\n\n## API Contracts\n\n- `GET /api/orders/{id}`\n- `GET /api/order-notes`\n");
    let made =
        made(&["GET /api/orders/{order}", "GET /api/order_notes", "DELETE /api/orders/{id}", "env LIMIT"]);
    let rows = rows_of(&spec, &made);
    let found = unpromised(&[promises("specs/orders.md", &rows)], &made.code);
    let shown: Vec<String> = found.iter().map(|u| format!("{} {}", u.kind, u.name)).collect();
    assert_eq!(shown, ["endpoints DELETE /api/orders/{id}", "env LIMIT"]);
    assert_eq!(found[0].spec.as_deref(), Some("specs/orders.md"));
}
