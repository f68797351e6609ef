//! What the names of migrations say.

use super::{Layout, Order};

/// What a path says of its file.
pub(super) enum Read {
    /// It is no migration, and nobody would think so.
    Passed,
    /// It looks like SQL, but the tool would not run it; why.
    Odd(String),
    /// A file of a chain.
    Named(Name),
}

/// The name of a file of a chain.
#[derive(Debug)]
pub(super) struct Name {
    pub version: String,
    pub order: Order,
    pub slug: String,
    pub kind: Kind,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Up,
    Down,
    Repeatable,
    Baseline,
    Callback,
}

impl Name {
    fn new(version: &str, slug: &str, kind: Kind) -> Name {
        let mut order = Order::of_version(version);
        order.baseline = kind == Kind::Baseline;
        order.repeatable = kind == Kind::Repeatable;
        if order.repeatable {
            slug.clone_into(&mut order.name);
        }
        Name { version: version.to_owned(), order, slug: slug.to_owned(), kind }
    }
}

/// Reads the path of a file.
pub(super) fn read(layout: Layout, path: &str) -> Read {
    let mut parts = path.rsplit('/');
    let base = parts.next().unwrap_or("");
    let folder = parts.next().unwrap_or("");
    let Some(stem) = base.strip_suffix(".sql") else { return Read::Passed };
    match layout {
        Layout::Governance => governance(stem),
        Layout::Numbered => numbered(stem),
        Layout::Flyway => flyway(stem),
        Layout::Sqlx => sqlx(stem),
        Layout::Refinery => refinery(stem),
        Layout::Prisma => prisma(stem, folder),
        Layout::Diesel => diesel(stem, folder),
        Layout::Rails => rails(stem),
    }
}

/// Letters before a version, and the rest behind two underscores.
fn split_versioned(stem: &str) -> Option<(char, &str, &str)> {
    let (head, slug) = stem.split_once("__")?;
    let letter = head.chars().next()?;
    Some((letter, head.get(letter.len_utf8()..)?, slug))
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Parts of digits, separated by dots or underscores.
fn dotted(text: &str) -> bool {
    !text.is_empty() && text.split(['.', '_']).all(all_digits)
}

fn governance(stem: &str) -> Read {
    let (stem, down) = match [".down", ".rollback", ".undo"].iter().find_map(|end| stem.strip_suffix(end)) {
        Some(stem) => (stem, true),
        None => (stem, false),
    };
    match split_versioned(stem) {
        Some(('V' | 'v', version, slug)) if all_digits(version) && !slug.is_empty() => {
            Read::Named(Name::new(version, slug, if down { Kind::Down } else { Kind::Up }))
        }
        Some(('U', version, slug)) if all_digits(version) && !slug.is_empty() => {
            Read::Named(Name::new(version, slug, Kind::Down))
        }
        _ => Read::Odd("it needs a V, digits, two underscores and a slug".to_owned()),
    }
}

/// Lengths of the runs of digits of a date that is written in parts.
const DATES: [&[usize]; 5] = [&[4, 2, 2, 6], &[4, 2, 2, 4], &[4, 2, 2], &[8, 6], &[8, 4]];

/// Digits in front, and dates in parts (`2024-01-31-…`, `2024_01_31_120000_…`), and what stands behind.
fn leading_version(stem: &str) -> Option<(&str, &str)> {
    let dated = stem.starts_with("19") || stem.starts_with("20");
    let date = DATES.iter().filter(|_| dated).find_map(|form| date_end(stem, form));
    let (version, slug) = stem.split_at_checked(date.unwrap_or(digits_with_dots(stem)))?;
    let apart = slug.chars().next().is_none_or(|c| !c.is_alphanumeric());
    (!version.is_empty() && apart).then(|| (version, slug.trim_start_matches(['_', '-', '.', ' '])))
}

/// Where `012` ends, or `1.02.3`.
fn digits_with_dots(stem: &str) -> usize {
    let mut end = 0;
    loop {
        let rest = stem.as_bytes().get(end..).unwrap_or_default();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            // A dot that no digit follows begins what stands behind.
            return end.saturating_sub(1);
        }
        match rest.get(digits) {
            Some(b'.') => end += digits + 1,
            _ => return end + digits,
        }
    }
}

/// Where a date of this form ends that begins a name.
fn date_end(stem: &str, form: &[usize]) -> Option<usize> {
    let mut end = 0;
    for (place, wanted) in form.iter().enumerate() {
        if place > 0 {
            end += usize::from(matches!(stem.as_bytes().get(end), Some(b'-' | b'_')));
        }
        let digits = stem.get(end..)?.bytes().take_while(u8::is_ascii_digit).count();
        if digits != *wanted {
            return None;
        }
        end += digits;
    }
    Some(end)
}

fn numbered(stem: &str) -> Read {
    let ends = [(".up", Kind::Up), (".down", Kind::Down), (".rollback", Kind::Down), (".undo", Kind::Down)];
    let found = ends.iter().find_map(|(end, kind)| Some((stem.strip_suffix(end)?, *kind)));
    let (stem, kind) = found.unwrap_or((stem, Kind::Up));
    match leading_version(stem) {
        Some((version, slug)) => Read::Named(Name::new(version, slug, kind)),
        None => Read::Odd("it does not begin with a number".to_owned()),
    }
}

/// Prefixes, separators and versions as in Flyway's defaults (its `ResourceNameParser` and `MigrationVersion`).
fn flyway(stem: &str) -> Read {
    if let Some(slug) = stem.strip_prefix("R__") {
        return match slug {
            "" => Read::Odd("a description is missing".to_owned()),
            slug => Read::Named(Name::new("", slug, Kind::Repeatable)),
        };
    }
    let event = stem.split("__").next().unwrap_or("");
    let callbacks = ["before", "after", "createSchema"];
    if callbacks.iter().any(|start| event.starts_with(start)) {
        return Read::Named(Name::new("", stem, Kind::Callback));
    }
    match split_versioned(stem) {
        Some((letter @ ('V' | 'U' | 'B'), version, slug)) if dotted(version) => {
            let kind = match letter {
                'V' => Kind::Up,
                'U' => Kind::Down,
                _ => Kind::Baseline,
            };
            Read::Named(Name::new(version, slug, kind))
        }
        Some(('V' | 'U' | 'B', version, _)) => Read::Odd(format!("{version:?} is no version")),
        _ => Read::Odd("it has no prefix and version before two underscores".to_owned()),
    }
}

/// As sqlx splits names (`resolve_blocking` in its `migrate/source.rs`): at the first underscore.
fn sqlx(stem: &str) -> Read {
    let Some((version, slug)) = stem.split_once('_') else {
        return Read::Odd("there is no underscore behind the version".to_owned());
    };
    if version.parse::<i64>().is_err() {
        return Read::Odd(format!("{version:?} is no version of 64 bits, and sqlx stops here"));
    }
    let (slug, kind) = match (slug.strip_suffix(".up"), slug.strip_suffix(".down")) {
        (Some(slug), _) => (slug, Kind::Up),
        (_, Some(slug)) => (slug, Kind::Down),
        _ => (slug, Kind::Up),
    };
    Read::Named(Name::new(version, slug, kind))
}

/// As refinery reads names (`STEM_RE` in its `util.rs`). `U` is a migration that may run out of order, not an undo.
fn refinery(stem: &str) -> Read {
    let word = |slug: &str| !slug.is_empty() && slug.chars().all(|c| c.is_alphanumeric() || c == '_');
    match split_versioned(stem) {
        Some(('V' | 'U', version, slug)) if all_digits(version) && word(slug) => {
            match version.parse::<i64>() {
                Ok(_) => Read::Named(Name::new(version, slug, Kind::Up)),
                Err(_) => Read::Odd(format!("the version {version} is too large")),
            }
        }
        Some(('V' | 'U', version, slug)) if all_digits(version) => {
            Read::Odd(format!("{slug:?} is not made of letters, digits and underscores only"))
        }
        _ => Read::Odd("it needs a V or U, digits and two underscores".to_owned()),
    }
}

fn prisma(stem: &str, folder: &str) -> Read {
    match (stem, folder) {
        ("migration", "") => Read::Odd("it is in no folder of its own".to_owned()),
        ("migration" | "down", folder) => {
            // Folders run in the order of their names (`list_migrations` in Prisma's `migrations_directory.rs`).
            let digits = folder.bytes().take_while(u8::is_ascii_digit).count();
            let (version, slug) = folder.split_at(digits);
            let mut name = Name::new(version, slug.trim_start_matches('_'), Kind::Up);
            name.order = Order { name: folder.to_owned(), ..Order::default() };
            folder.clone_into(&mut name.version);
            if stem == "down" {
                name.kind = Kind::Down;
            }
            Read::Named(name)
        }
        _ => Read::Odd("only migration.sql is run".to_owned()),
    }
}

/// As Diesel reads names (`version_from_string` and `valid_sql_migration_directory` in its `migrations_internals`): what
/// stands before the first underscore of a folder's name, without dashes, compared as text.
fn diesel(stem: &str, folder: &str) -> Read {
    match (stem, folder) {
        ("up" | "down", "") => Read::Odd("it is in no folder of its own".to_owned()),
        ("up" | "down", folder) if folder.starts_with('.') => Read::Passed,
        ("up" | "down", folder) => {
            let (version, slug) = folder.split_once('_').unwrap_or((folder, ""));
            let mut name = Name::new(version, slug, if stem == "up" { Kind::Up } else { Kind::Down });
            name.order = Order { name: version.replace('-', ""), ..Order::default() };
            Read::Named(name)
        }
        _ => Read::Odd("only up.sql and down.sql are run".to_owned()),
    }
}

fn rails(stem: &str) -> Read {
    if stem == "structure" || stem.ends_with("_structure") {
        let mut name = Name::new("", stem, Kind::Up);
        stem.clone_into(&mut name.order.name);
        return Read::Named(name);
    }
    Read::Odd("Rails loads structure.sql only".to_owned())
}

/// `V1__slug.sql` and its like.
pub(super) fn is_versioned(base: &str) -> bool {
    let stem = base.strip_suffix(".sql").unwrap_or(base);
    stem.starts_with("R__")
        || split_versioned(stem)
            .is_some_and(|(letter, version, _)| matches!(letter, 'V' | 'U' | 'B') && dotted(version))
}

/// `V012__slug.sql`: three digits or more.
pub(super) fn is_padded(base: &str) -> bool {
    split_versioned(base).is_some_and(|(_, version, _)| version.len() >= 3 && all_digits(version))
}

/// `012_slug.sql`.
pub(super) fn is_numbered(base: &str) -> bool {
    base.strip_suffix(".sql").is_some_and(|stem| leading_version(stem).is_some())
}

/// `R__x.sql`, `B1__x.sql`, `V1_2__x.sql`: no other tool has these.
pub(super) fn only_flyway(base: &str) -> bool {
    base.starts_with("R__")
        || split_versioned(base)
            .is_some_and(|(letter, version, _)| letter == 'B' || (dotted(version) && !all_digits(version)))
}
