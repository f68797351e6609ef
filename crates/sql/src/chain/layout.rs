//! The layouts of folders of migrations.

use super::names;

/// How a folder of migrations is laid out, which is to say: which tool runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// `V012__slug.sql`; each statement commits by itself unless the file begins a transaction.
    Governance,
    /// `012_slug.sql`, `20240131120000-slug.sql`; also with `.up.sql` and `.down.sql`, and with the marks of goose and
    /// dbmate in comments.
    Numbered,
    /// Flyway: `V1_2__slug.sql`, `R__slug.sql`, `U1_2__slug.sql`, `B1__slug.sql`.
    Flyway,
    /// sqlx: `20240131_slug.sql`, or `.up.sql` and `.down.sql`.
    Sqlx,
    /// refinery: `V1__slug.sql`, `U2__slug.sql`.
    Refinery,
    /// Prisma: `20240131120000_slug/migration.sql`.
    Prisma,
    /// Diesel: `2024-01-31-120000_slug/up.sql` with `down.sql` and `metadata.toml` beside it.
    Diesel,
    /// Rails with `config.active_record.schema_format = :sql`: `db/structure.sql`, a dump with the versions at its end.
    Rails,
}

/// A layout, and what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The layout.
    pub layout: Layout,
    /// Why, in words that can be shown.
    pub why: String,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Layout; 8] = [
        Layout::Governance,
        Layout::Numbered,
        Layout::Flyway,
        Layout::Sqlx,
        Layout::Refinery,
        Layout::Prisma,
        Layout::Diesel,
        Layout::Rails,
    ];

    /// Its name, as configurations write it.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Governance => "governance",
            Layout::Numbered => "numbered",
            Layout::Flyway => "flyway",
            Layout::Sqlx => "sqlx",
            Layout::Refinery => "refinery",
            Layout::Prisma => "prisma",
            Layout::Diesel => "diesel",
            Layout::Rails => "rails",
        }
    }

    /// The layout of this name.
    pub fn named(name: &str) -> Option<Layout> {
        Layout::ALL.into_iter().find(|layout| layout.name() == name)
    }

    /// The form of its files' names.
    pub fn form(self) -> &'static str {
        match self {
            Layout::Governance => "V012__slug.sql",
            Layout::Numbered => "012_slug.sql",
            Layout::Flyway => "V1_2__slug.sql, R__slug.sql, U1_2__slug.sql or B1__slug.sql",
            Layout::Sqlx => "012_slug.sql, 012_slug.up.sql or 012_slug.down.sql",
            Layout::Refinery => "V1__slug.sql or U1__slug.sql",
            Layout::Prisma => "20240131120000_slug/migration.sql",
            Layout::Diesel => "2024-01-31-120000_slug/up.sql or 2024-01-31-120000_slug/down.sql",
            Layout::Rails => "structure.sql",
        }
    }

    /// Whether each migration has a folder of its own, which has the version.
    pub fn has_folders(self) -> bool {
        matches!(self, Layout::Prisma | Layout::Diesel)
    }

    /// The most likely layout of a folder with these files. Tools whose names look the same are told apart by files
    /// that lie beside (`migration_lock.toml`, `flyway.conf`, `.sqlx`), and a team that has none of them may say
    /// which it is.
    pub fn guess<'a>(paths: impl IntoIterator<Item = &'a str>) -> Guess {
        let paths: Vec<&str> = paths.into_iter().collect();
        let marks: [(Layout, &[&str]); 5] = [
            (Layout::Prisma, &["migration_lock.toml", "/migration.sql"]),
            (Layout::Diesel, &["/up.sql"]),
            (Layout::Flyway, &["flyway.conf", "flyway.toml", ".sql.conf"]),
            (Layout::Refinery, &["refinery.toml"]),
            (Layout::Rails, &["structure.sql"]),
        ];
        for (layout, ends) in marks {
            if let Some(path) = paths.iter().find(|path| ends.iter().any(|end| ends_with_name(path, end))) {
                return Guess { layout, why: format!("there is {path}") };
            }
        }
        by_names(&paths)
    }
}

/// Whether a path ends with a name: `structure.sql`, but not `infrastructure.sql`.
fn ends_with_name(path: &str, end: &str) -> bool {
    let whole = !end.starts_with(['/', '.']);
    path.strip_suffix(end).is_some_and(|rest| !whole || rest.is_empty() || rest.ends_with('/'))
}

/// "1 file is", "12 files are".
fn files_are(number: usize) -> String {
    match number {
        1 => "1 file is".to_owned(),
        number => format!("{number} files are"),
    }
}

fn by_names(paths: &[&str]) -> Guess {
    let base = |path: &&str| path.rsplit('/').next().unwrap_or("").to_owned();
    let sql: Vec<String> = paths.iter().map(base).filter(|name| name.ends_with(".sql")).collect();
    let count = |test: fn(&str) -> bool| sql.iter().filter(|name| test(name)).count();
    let versioned = count(names::is_versioned);
    let numbered = count(names::is_numbered);
    let flyway = sql.iter().find(|name| names::only_flyway(name));
    if versioned >= numbered && versioned > 0 {
        return match flyway {
            Some(name) => Guess { layout: Layout::Flyway, why: format!("only Flyway names a file {name}") },
            None if count(names::is_padded) == versioned => Guess {
                layout: Layout::Governance,
                why: format!("{} named like V012__slug.sql, with three digits or more", files_are(versioned)),
            },
            None => Guess {
                layout: Layout::Flyway,
                why: format!("{} named like V1__slug.sql", files_are(versioned)),
            },
        };
    }
    if paths.iter().any(|path| path.contains(".sqlx/")) {
        return Guess { layout: Layout::Sqlx, why: "there is a folder .sqlx".to_owned() };
    }
    match numbered {
        0 => Guess { layout: Layout::Governance, why: "no file has a name that tells it".to_owned() },
        _ => Guess {
            layout: Layout::Numbered,
            why: format!("{} named like 012_slug.sql", files_are(numbered)),
        },
    }
}
