//! Any text read as files of code, in each language, and put together.

use super::markdown::slice;
use std::sync::Arc;
use trueup_codebase::{CodePlace, Codebase};
use trueup_source::{FileFacts, Options, assemble, read};
use trueup_text::LineIndex;

/// Paths as the languages and frameworks have them; files of one row see each other.
const PATHS: &[&[&str]] = &[
    &["src/app.ts", "src/orders/orders.controller.ts", "src/orders/index.ts", "src/orders/orders.test.ts"],
    &["app.js", "routes/index.js", "routes/orders.js", "test/orders.spec.js"],
    &["app/api/orders/route.ts", "app/orders/[id]/page.tsx", "middleware.ts", "lib/flags.ts"],
    &["shop/urls.py", "shop/views.py", "shop/models.py", "tests/test_orders.py"],
    &["migrations/versions/a1_orders.py", "shop/migrations/0001_initial.py", "main.py", "db.py"],
    &[
        "config/routes.rb",
        "spec/orders_spec.rb",
        "db/migrate/20260101000000_create_orders.rb",
        "db/schema.rb",
    ],
    &["main.go", "internal/orders/routes.go", "internal/orders/model.go", "internal/orders/routes_test.go"],
    &["src/main.rs", "src/orders/mod.rs", "src/orders/routes.rs", "tests/orders.rs"],
    &[
        "migrations/V001__orders.sql",
        "migrations/V002__items.sql",
        "db/structure.sql",
        "prisma/schema.prisma",
    ],
    &["locales/en.json", "locales/de.yml", "config/locales/fr.properties", ".env.example"],
    &["package.json", "go.mod", "Cargo.toml", "pyproject.toml"],
];

/// Parts of a text that become files of their own.
const CUT: &str = "\n----\n";

/// Reads `text` as some files of code, `pick` says of which kind: every place lies in its file, its line is right,
/// and reading twice gives the same.
pub fn source_holds(pick: u8, text: &str) {
    let Some(paths) = PATHS.get(usize::from(pick) % PATHS.len()) else { return };
    let parts: Vec<(Arc<str>, &str)> = paths
        .iter()
        .zip(text.splitn(paths.len(), CUT))
        .map(|(path, part)| (Arc::from(*path), part))
        .collect();
    let options = Options::default();
    let all = || -> Vec<FileFacts> { parts.iter().map(|(path, part)| read(path, part, &options)).collect() };
    let (first, again) = (all(), all());
    assert_eq!(format!("{first:?}"), format!("{again:?}"), "read twice, read alike");
    let (first, again) = (assemble(first, &options), assemble(again, &options));
    assert_eq!(format!("{:?}", first.routes), format!("{:?}", again.routes), "put together alike");
    assert_eq!(format!("{:?}", first.tables), format!("{:?}", again.tables), "put together alike");
    for place in places(&first) {
        let Some((_, part)) = parts.iter().find(|(path, _)| *path == place.path) else {
            panic!("{place:?} is in no file");
        };
        slice(part, place.span, format_args!("{place:?}"));
        assert_eq!(place.line, LineIndex::new(part).line(place.span.start), "{place:?}");
    }
}

fn places(code: &Codebase) -> Vec<&CodePlace> {
    let columns = code.tables.iter().flat_map(|table| &table.columns).map(|column| &column.place);
    let names = code.env_vars.iter().chain(&code.flags).chain(&code.events).map(|name| &name.place);
    let routes = code.routes.iter().map(|route| &route.place);
    let tests = code.tests.iter().map(|test| &test.place);
    routes
        .chain(code.tables.iter().map(|table| &table.place))
        .chain(columns)
        .chain(names)
        .chain(tests)
        .collect()
}
