//! Paths of files that are proposed.

use crate::chain::{Chain, ChainFile, Layout};
use crate::lint::next_version;

/// The path of the `nth` file (from 1) that is proposed for another one: beside it, in the layout of the chain, with
/// a version that no file has.
pub(super) fn path(chain: &Chain, file: &ChainFile, nth: u64, slug: &str) -> String {
    let (folder, base) = split(&file.path);
    let last = chain.files.iter().rfind(|file| !file.repeatable).unwrap_or(file);
    let version = next_version(chain, nth).unwrap_or_else(|| dated(&last.version, nth));
    match chain.layout {
        Layout::Prisma => {
            let (parent, _) = split(folder.trim_end_matches('/'));
            format!("{parent}{version}_{slug}/migration.sql")
        }
        Layout::Diesel => {
            let (parent, _) = split(folder.trim_end_matches('/'));
            format!("{parent}{version}_{slug}/up.sql")
        }
        Layout::Sqlx | Layout::Numbered => {
            let sign = base.get(file.version.len()..).and_then(|rest| rest.chars().next());
            let sign = sign.filter(|sign| matches!(sign, '-' | '_' | '.')).unwrap_or('_');
            let end = if base.ends_with(".up.sql") { ".up.sql" } else { ".sql" };
            format!("{folder}{version}{sign}{slug}{end}")
        }
        Layout::Governance | Layout::Flyway | Layout::Refinery | Layout::Rails => {
            format!("{folder}V{version}__{slug}.sql")
        }
    }
}

fn split(path: &str) -> (&str, &str) {
    let at = path.rfind('/').map_or(0, |at| at + 1);
    path.split_at_checked(at).unwrap_or(("", path))
}

/// A date that is written in parts, so many seconds later.
fn dated(version: &str, nth: u64) -> String {
    let sign = version.chars().find(|c| !c.is_ascii_digit()).unwrap_or('_');
    let (day, time) = version.rsplit_once(['-', '_']).unwrap_or((version, ""));
    match time.parse::<u64>() {
        Ok(number) if time.len() >= 4 => format!("{day}{sign}{:0width$}", number + nth, width = time.len()),
        _ => format!("{version}{sign}{nth:06}"),
    }
}
