//! Migration files, known by their names.

use crate::Options;
use std::sync::Arc;
use trueup_codebase::MigrationFile;

/// Folders whose numbered files are migrations.
const FOLDERS: [&str; 5] = ["migrations", "migration", "migrate", "versions", "flyway"];
/// Endings of files that can be a migration.
const ENDINGS: [&str; 15] =
    ["sql", "py", "rb", "ts", "js", "mjs", "cjs", "mts", "cts", "go", "rs", "php", "java", "kt", "exs"];

/// The migration that a file is by its path: in one of the common places, or where the configuration
/// says. The way back (`.down.sql`, `down.sql`) is no migration of its own.
pub fn migration_of(path: &Arc<str>, options: &Options) -> Option<MigrationFile> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, ending) = file.rsplit_once('.')?;
    let configured = options.migrations.is_match(path.as_ref());
    if !configured && !ENDINGS.contains(&ending) {
        return None;
    }
    // `001_a.up.sql`; `a.test.ts` and `a.d.ts` are none.
    let stem = match stem.rsplit_once('.') {
        Some((_, "down" | "undo" | "test" | "spec" | "d")) => return None,
        Some((before, "up" | "do" | "tx")) => before,
        _ => stem,
    };
    let mut folders = folder.rsplit('/');
    let own = folders.next().unwrap_or("");
    let of = |(number, slug): (&str, &str)| MigrationFile {
        path: Arc::clone(path),
        number: number.to_owned(),
        slug: slug.to_owned(),
    };
    if matches!(stem, "migration" | "up") {
        let usual = folders.any(|name| FOLDERS.contains(&name));
        return numbered(own).filter(|_| configured || usual).map(of);
    }
    if ending == "sql"
        && let Some(parts) = versioned(stem)
    {
        return Some(of(parts));
    }
    let usual = FOLDERS.contains(&own) || folders.take(2).any(|name| FOLDERS.contains(&name));
    if !configured && !usual {
        return None;
    }
    numbered(stem).or_else(|| versioned(stem)).or_else(|| revision(own, stem)).map(of)
}

/// Flyway's `V3__slug` and `V1_2__slug`.
fn versioned(stem: &str) -> Option<(&str, &str)> {
    let (number, slug) = stem.strip_prefix('V')?.split_once("__")?;
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'_' || b == b'.');
    plain.then_some((number, slug))
}

/// `003_slug`, `20260101120000-slug`, `2026-01-01-120000_slug`, `m20260101_000001_slug`,
/// `Migration20260101120000`, `1767225600000`.
fn numbered(stem: &str) -> Option<(&str, &str)> {
    let text = stem.strip_prefix("Migration").unwrap_or(stem);
    let text = text.strip_prefix('m').filter(|t| t.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(text);
    let mut end = digits(text);
    if end == 0 {
        return None;
    }
    // The parts of a date and a time belong together: groups of two and more digits behind a year or a day.
    while matches!(end, 4..)
        && let Some(rest) = text.get(end..)
    {
        let more = rest.strip_prefix(['-', '_']).map_or(0, digits);
        let next = rest.get(more + 1..).and_then(|r| r.chars().next());
        if more < 2 || end == 4 && more > 2 || next.is_some_and(|c| c != '-' && c != '_') {
            break;
        }
        end += more + 1;
    }
    let (number, rest) = text.split_at_checked(end)?;
    if rest.is_empty() {
        return Some((number, ""));
    }
    let slug = rest.strip_prefix("__").or_else(|| rest.strip_prefix(['_', '-', '.']))?;
    Some((number, slug))
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Alembic's `ae1027a6acf0_slug` in `versions`.
fn revision<'a>(folder: &str, stem: &'a str) -> Option<(&'a str, &'a str)> {
    let (number, slug) = stem.split_once('_')?;
    let hash = number.len() == 12 && number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
    (folder == "versions" && hash).then_some((number, slug))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_migrations() {
        for (path, expected) in [
            ("migrations/001_orders.sql", "001 orders"),
            ("db/migrate/20260101120000_add_orders.rb", "20260101120000 add_orders"),
            ("src/main/resources/db/V003__orders.sql", "003 orders"),
            ("db/V1_2__two.sql", "1_2 two"),
            ("db/R__views.sql", "-"),
            ("db/001_seed.sql", "-"),
            ("migrations/0003_order_total.py", "0003 order_total"),
            ("migrations/__init__.py", "-"),
            ("app/migrations/0003_x.pyc", "-"),
            ("src/modules/orders/migrations/Migration20260101120000.ts", "20260101120000 "),
            ("src/migrations/Migration20260101120000_orders.ts", "20260101120000 orders"),
            ("src/migrations/1767225600000-AddOrders.ts", "1767225600000 AddOrders"),
            ("src/migrations/1767225600000-AddOrders.test.ts", "-"),
            ("prisma/migrations/20260101_x/migration.sql", "20260101 x"),
            ("migrations/2026-01-01-120000_orders/up.sql", "2026-01-01-120000 orders"),
            ("migrations/2026-01-01-120000_orders/down.sql", "-"),
            ("migrations/000001_orders.up.sql", "000001 orders"),
            ("migrations/000001_orders.down.sql", "-"),
            ("migration/src/m20260101_000001_orders.rs", "20260101_000001 orders"),
            ("migration/src/main.rs", "-"),
            ("database/migrations/2026_01_01_120000_orders.php", "2026_01_01_120000 orders"),
            ("alembic/versions/ae1027a6acf0_orders.py", "ae1027a6acf0 orders"),
            ("migrations/versions/2026_01_02_1030-ae1027a6acf0_x.py", "2026_01_02_1030 ae1027a6acf0_x"),
            ("migrations/2026_orders.sql", "2026 orders"),
            ("migrations/0002_2fa_tokens.py", "0002 2fa_tokens"),
            ("migrations/002_2.sql", "002 2"),
            ("migrations/20260101_2_step.sql", "20260101 2_step"),
            ("migrations/ü.sql", "-"),
            ("migrations/1ü.sql", "-"),
            ("a.sql", "-"),
        ] {
            let found = migration_of(&path.into(), &Options::default());
            let shown = found.map_or("-".to_owned(), |m| format!("{} {}", m.number, m.slug));
            assert_eq!(shown, expected, "{path}");
        }
    }

    #[test]
    fn configured_places() {
        let mut globs = globset::GlobSetBuilder::new();
        globs.add(globset::Glob::new("schema/changes/*").expect("a glob"));
        let options = Options { migrations: globs.build().expect("globs"), ..Options::default() };
        let of = |path: &str| migration_of(&path.into(), &options).map(|m| m.number);
        assert_eq!(of("schema/changes/7-x.edn"), Some("7".to_owned()));
        assert_eq!(of("schema/other/7-x.sql"), None);
    }
}
