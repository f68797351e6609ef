//! Migrations of a spec ↔ migration files.

use crate::names::{fold, is_name};
use crate::{Difference, Drifted, Row, Subject};
use std::sync::Arc;
use trueup_codebase::{CodeKind, CodePlace, MigrationFile, Readable};
use trueup_model::{Migration, base_name, folder_of};
use trueup_text::Span;

/// Holds the migrations that a spec names against the files.
pub(crate) fn judge(subject: &Subject<'_>) -> Vec<Drifted> {
    subject.spec.facts.migrations.migrations.iter().map(|migration| one(subject, migration)).collect()
}

fn one(subject: &Subject<'_>, migration: &Migration) -> Drifted {
    let written = migration.name.trim().trim_matches('`').trim_start_matches("./");
    let row = Row::new(CodeKind::Migrations, written, migration.span);
    if !is_name(written) {
        return row.not_checkable(Difference::Vague, "it is no name of a file");
    }
    if subject.paths.contains(written) {
        return row.proven(written, Some(&at(written)), "the file is there");
    }
    let name = base_name(written);
    let folder = folder_of(written);
    let mut same: Vec<&str> = subject.paths.with_name(name).iter().map(AsRef::as_ref).collect();
    same.sort_unstable();
    let (beside, others): (Vec<&str>, Vec<&str>) =
        same.into_iter().partition(|path| folder.is_empty() || is_beside(path, written));
    if let Some(path) = beside.first() {
        return row.proven(path, Some(&at(path)), "the file is there");
    }
    let code = subject.code.codebase();
    if let Readable::No(why) = code.readable(CodeKind::Migrations) {
        return row.not_checkable(Difference::Unread, why);
    }
    let (number, slug) = parts(name);
    let stem = fold(name.split('.').next().unwrap_or(name));
    // Each service of a repository has migrations of its own, often of the same names.
    let own = |m: &&MigrationFile| folder.is_empty() || is_beside(&m.path, written);
    let of = |test: &dyn Fn(&MigrationFile) -> bool| code.migrations.iter().filter(own).find(|m| test(m));
    // A name without its ending or without its number is enough.
    let whole = of(&|m| {
        let own = fold(base_name(&m.path).split('.').next().unwrap_or(""));
        own == stem || number.is_empty() && !slug.is_empty() && fold(&m.slug) == fold(slug)
    });
    if let Some(found) = whole {
        return row.proven(&found.path, Some(&at(&found.path)), "the file is there");
    }
    let same_number =
        of(&|m| !number.is_empty() && trimmed(&m.number) == trimmed(number) && is_beside(&m.path, written));
    let same_slug = of(&|m| !slug.is_empty() && fold(&m.slug) == fold(slug));
    match same_slug.or(same_number) {
        Some(other) => {
            let reason = match same_slug.is_some() {
                true => "the file has another number",
                false => "the file of this number has another name",
            };
            row.contradicted(Difference::Spelling, &other.path, Some(&at(&other.path)), reason)
        }
        None => match others.first() {
            Some(path) => {
                let reason = format!("there is no such file; one of this name stands at `{path}`");
                row.missing(Some((path, Some(&at(path)))), reason)
            }
            None => row.missing(None, "there is no such migration"),
        },
    }
}

/// Number and slug of a migration's name: `V003__create_orders.sql`, `0003_create_orders.py`.
fn parts(name: &str) -> (&str, &str) {
    let stem = name.split('.').next().unwrap_or(name);
    let stem = stem.strip_prefix("Migration").or_else(|| stem.strip_prefix(['V', 'v'])).unwrap_or(stem);
    let end = stem.find(|c: char| !c.is_ascii_digit()).unwrap_or(stem.len());
    let (number, slug) = stem.split_at(end);
    (number, slug.trim_start_matches(['_', '-']))
}

/// Whether a file is of the row of migrations that a written name belongs to: services of one repository each
/// count from 1.
fn is_beside(path: &str, written: &str) -> bool {
    match folder_of(written) {
        "" => ending(path) == ending(written) || ending(written).is_empty(),
        // Files may lie in folders of their own below it, by year or by module.
        folder => format!("/{path}").contains(&format!("/{folder}/")),
    }
}

fn ending(path: &str) -> &str {
    base_name(path).rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn trimmed(number: &str) -> &str {
    number.trim_start_matches('0')
}

/// A file as a place.
pub(crate) fn at(path: &str) -> CodePlace {
    CodePlace { path: Arc::from(path), span: Span::at(0), line: 1 }
}

#[cfg(test)]
mod tests {
    #[test]
    fn rows_of_migrations() {
        for (path, written, expected) in [
            ("db/sql/V002__a.sql", "db/sql/V002__b.sql", true),
            ("orders/db/sql/V002__a.sql", "db/sql/V002__b.sql", true),
            ("db/sql/V002__a.sql", "orders/versions/0002_b.py", false),
            ("db/sql/2026/V002__a.sql", "db/sql/V002__b.sql", true),
            ("other/mydb/sql/V002__a.sql", "db/sql/V002__b.sql", false),
            ("db/sql/V002__a.sql", "V002__b.sql", true),
            ("db/sql/V002__a.sql", "0002_b.py", false),
            ("db/sql/V002__a.sql", "0002_b", true),
        ] {
            assert_eq!(super::is_beside(path, written), expected, "{path} {written}");
        }
    }

    #[test]
    fn numbers_and_slugs() {
        for (name, expected) in [
            ("V003__create_orders.sql", ("003", "create_orders")),
            ("0003_create_orders.py", ("0003", "create_orders")),
            ("20260101120000-create-orders.js", ("20260101120000", "create-orders")),
            ("create_orders", ("", "create_orders")),
        ] {
            assert_eq!(super::parts(name), expected, "{name}");
        }
    }
}
