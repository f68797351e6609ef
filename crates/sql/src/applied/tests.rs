use super::*;
use crate::chain::Source;

fn chain(layout: Layout, files: &[(&str, &str)]) -> Chain {
    let sources: Vec<Source<'_>> =
        files.iter().map(|(path, text)| Source { path, bytes: text.as_bytes() }).collect();
    Chain::read(layout, &sources)
}

/// A row; the checksum `=` is the one of the file with that version, `-` is none.
fn row(chain: &Chain, version: &str, checksum: &str, success: bool) -> AppliedRow {
    let of = |file: &&ChainFile| file.version == version || (version.is_empty() && file.repeatable);
    let file = chain.files.iter().find(of);
    let checksum = match checksum {
        "=" => file.and_then(|file| checksums(chain.layout, file).into_iter().next()),
        "-" => None,
        other => Some(other.to_owned()),
    };
    let name = file.map_or("gone".to_owned(), |file| file.slug.replace('_', " "));
    AppliedRow {
        version: version.to_owned(),
        name,
        checksum,
        success,
        at: Some("now".to_owned()),
        kind: None,
    }
}

#[track_caller]
fn check(chain: &Chain, rows: &[AppliedRow], wanted: &[&str]) {
    let told: Vec<String> =
        standings(chain, rows).iter().map(|one| format!("{} {}", one.version, one.state.name())).collect();
    assert_eq!(told, wanted);
}

#[test]
fn files_stand_as_the_database_says() {
    let flyway = chain(
        Layout::Flyway,
        &[
            ("V1__a.sql", "SELECT 1;"),
            ("V2__b.sql", "SELECT 2;"),
            ("V3__c.sql", ""),
            ("V4__d.sql", ""),
            ("V6__f.sql", ""),
            ("R__my_view.sql", "SELECT 3;"),
        ],
    );
    let rows = [
        row(&flyway, "1", "=", true),
        row(&flyway, "2", "17", true),
        row(&flyway, "4", "=", false),
        row(&flyway, "5", "1", true),
        row(&flyway, "", "=", true),
    ];
    check(
        &flyway,
        &rows,
        &[
            "1 applied",
            "2 changed after applied",
            "3 out of order",
            "4 failed",
            "6 pending",
            "my_view applied",
            "5 missing",
        ],
    );
    let mut changed = rows;
    changed[4].checksum = Some("1".to_owned());
    let told = standings(&flyway, &changed);
    assert_eq!(told[5].state, State::Pending);
    assert_eq!(told[2].state, State::OutOfOrder { behind: "5".to_owned() });
}

#[test]
fn undone_and_marked_rows() {
    let flyway = chain(Layout::Flyway, &[("V1__a.sql", ""), ("V1.2__b.sql", ""), ("V2__c.sql", "")]);
    let mut base = row(&flyway, "1.2.0", "-", true);
    base.kind = Some("BASELINE".to_owned());
    check(&flyway, &[base], &["1 applied, unchecked", "1.2 applied, unchecked", "2 pending"]);
    let mut undo = row(&flyway, "2", "-", true);
    undo.kind = Some("UNDO_SQL".to_owned());
    let rows =
        [row(&flyway, "1", "=", true), row(&flyway, "1.2", "=", true), row(&flyway, "2", "=", true), undo];
    check(&flyway, &rows, &["1 applied", "1.2 applied", "2 pending"]);
    let kind = |version: &str, kind: &str, success: bool| AppliedRow {
        kind: Some(kind.to_owned()),
        ..row(&flyway, version, "-", success)
    };
    // Programs are no files of SQL; one that failed is told.
    check(
        &flyway,
        &[kind("1", "SQL", true), kind("1.5", "JDBC", true), kind("1.6", "SPRING_JDBC", false)],
        &["1 applied, unchecked", "1.2 out of order", "2 pending", "1.6 failed"],
    );
    let numbered = chain(Layout::Numbered, &[("001_a.sql", ""), ("002_b.sql", ""), ("003_c.sql", "")]);
    let mut at = row(&numbered, "2", "-", false);
    at.kind = Some("up to".to_owned());
    check(&numbered, &[at], &["001 applied, unchecked", "002 failed", "003 pending"]);
}

#[test]
fn folders_are_held_by_name() {
    let prisma =
        chain(Layout::Prisma, &[("20240101_a/migration.sql", "x"), ("20240102_b/migration.sql", "y")]);
    let rows = [row(&prisma, "20240102_b", "=", true), row(&prisma, "20231231_z", "1", true)];
    check(&prisma, &rows, &["20240101_a out of order", "20240102_b applied", "20231231_z missing"]);
    let digits =
        chain(Layout::Prisma, &[("20240101_1/migration.sql", "x"), ("20240102_2/migration.sql", "y")]);
    let rows = [row(&digits, "20240101_1", "=", true), row(&digits, "20240102_2", "=", true)];
    check(&digits, &rows, &["20240101_1 applied", "20240102_2 applied"]);
}

#[test]
fn the_other_tools() {
    let refinery = chain(Layout::Refinery, &[("V1__a.sql", "x"), ("V10__b.sql", "y")]);
    check(&refinery, &[row(&refinery, "1", "=", true)], &["1 applied", "10 pending"]);
    let sqlx = chain(Layout::Sqlx, &[("0001_a.sql", "x"), ("0002_b.sql", "y")]);
    check(
        &sqlx,
        &[AppliedRow { version: "1".to_owned(), ..row(&sqlx, "0001", "=", true) }],
        &["0001 applied", "0002 pending"],
    );
    let diesel = chain(
        Layout::Diesel,
        &[("2024-02-01-000000_b/up.sql", ""), ("2024-01-01-000000-0000_a/up.sql", ""), ("00_c/up.sql", "")],
    );
    let at = |version: &str| row(&diesel, version, "-", true);
    check(
        &diesel,
        &[at("202401010000000000"), at("20231231000000")],
        &[
            "00 out of order",
            "2024-01-01-000000-0000 applied, unchecked",
            "2024-02-01-000000 pending",
            "20231231000000 missing",
        ],
    );
    assert_eq!(
        versions_of_dump(
            "SELECT 1;\nINSERT INTO \"schema_migrations\" (version) VALUES\n('20240102'),\n('20240101');\nINSERT INTO t VALUES ('3');"
        ),
        ["20240101", "20240102"]
    );
    for layout in Layout::ALL {
        for history in layout.histories() {
            assert!(history.query.contains(history.table));
        }
    }
}
