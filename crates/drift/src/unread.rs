//! Files of code that could not be read: what was not found may stand in one of them.

use crate::{Difference, Drifted};
use trueup_codebase::names::is_test_path;
use trueup_codebase::{CodeKind, Codebase};
use trueup_model::{Verdict, base_name};

/// Turns what is missing into what nobody can tell, where a file that could not be read may hold it.
pub(crate) fn weaken(rows: Vec<Drifted>, code: &Codebase, kind: CodeKind) -> Vec<Drifted> {
    let open: Vec<&str> =
        code.unreadable.iter().map(|(path, _)| path.as_ref()).filter(|path| may_hold(path, kind)).collect();
    let Some(first) = open.first() else { return rows };
    let more = if open.len() > 1 { format!(" and {} more", open.len() - 1) } else { String::new() };
    let weaker = |row: Drifted| match (row.verdict, row.difference) {
        (Verdict::Missing, Difference::NotThere) => {
            let reason = format!("it was not found, but `{first}`{more} could not be read");
            Drifted { verdict: Verdict::NotCheckable, difference: Difference::Unread, reason, ..row }
        }
        _ => row,
    };
    rows.into_iter().map(weaker).collect()
}

/// Whether a file may hold things of a kind, as far as its path tells.
fn may_hold(path: &str, kind: CodeKind) -> bool {
    let lower = path.to_lowercase();
    let ending = base_name(&lower).rsplit_once('.').map_or("", |(_, ending)| ending);
    let named = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    // What a tool made of other files holds nothing of its own.
    if named(&[".min.", ".bundle.", "vendor/", "third_party/"]) {
        return false;
    }
    let data =
        matches!(ending, "json" | "yaml" | "yml" | "toml" | "po" | "properties" | "ftl" | "arb" | "xml");
    match kind {
        // These are known by their paths alone.
        CodeKind::Paths | CodeKind::Migrations => false,
        CodeKind::Locales => data && named(&["locale", "i18n", "lang", "translation", "messages"]),
        CodeKind::Routes if data => named(&["openapi", "swagger"]),
        CodeKind::Tests => !data && is_test_path(&lower),
        _ if data || is_test_path(&lower) => false,
        CodeKind::Tables => true,
        _ => !matches!(ending, "sql" | "prisma"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_tell_what_a_file_may_hold() {
        use CodeKind::*;
        for (path, kinds) in [
            ("src/api.go", &[Routes, Tables, Events, EnvVars, Flags][..]),
            ("db/schema.sql", &[Tables]),
            ("tests/api_test.go", &[Tests]),
            ("locales/en.json", &[Locales]),
            ("docs/openapi.yaml", &[Routes]),
            ("data/cities.json", &[]),
            ("public/app.min.js", &[]),
        ] {
            let found: Vec<CodeKind> = CodeKind::ALL.into_iter().filter(|k| may_hold(path, *k)).collect();
            assert_eq!(found, kinds, "{path}");
        }
    }
}
