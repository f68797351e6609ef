//! Files of a spec's manifest ↔ paths of the repository.

mod expand;
mod nearest;

use crate::migrations::at;
use crate::{Difference, Drifted, Row, Subject};
use expand::{Pattern, expand};
use globset::{Glob, GlobSet, GlobSetBuilder};
use nearest::nearest;
use trueup_codebase::{CodeKind, Departed};
use trueup_model::{ManifestEntry, base_name, folder_of, join};

/// Holds the manifest of a spec against the paths.
pub(crate) fn judge(subject: &Subject<'_>) -> Vec<Drifted> {
    let places = Places::new(subject);
    let mut out = Vec::new();
    for entry in &subject.spec.facts.manifest {
        for path in expand(&entry.path) {
            let row = Row::new(CodeKind::Paths, path.clone(), entry.span);
            out.push(places.entry(row, entry, &path));
        }
    }
    out
}

/// What a manifest says of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Action {
    /// It is there afterwards.
    Stays,
    /// It is gone afterwards.
    Goes,
    /// It moves; the manifest names where from.
    Moves,
    /// A tool makes it.
    Made,
    /// It may or may not be touched.
    Maybe,
}

fn action_of(entry: &ManifestEntry) -> Action {
    let said = entry.action.as_deref().unwrap_or("").to_lowercase();
    let words: Vec<&str> = said.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let stays =
        has(&["create", "new", "add", "modify", "update", "edit", "extend", "created", "modified", "added"]);
    match () {
        () if has(&["optional", "optionally", "maybe", "possibly", "if", "proposed"]) => Action::Maybe,
        () if has(&["generate", "generated", "regenerate", "regenerated"]) => Action::Made,
        () if has(&["delete", "deleted", "remove", "removed", "drop"]) && !stays => Action::Goes,
        () if has(&["rename", "renamed", "move", "moved"]) && !stays => Action::Moves,
        () => Action::Stays,
    }
}

/// The paths of the repository as a spec sees them.
pub(crate) struct Places<'a> {
    subject: &'a Subject<'a>,
    excluded: GlobSet,
}

/// Folders whose files tools make.
const MADE: &[&str] =
    &["node_modules", "dist", "target", ".next", "generated", "__generated__", "__snapshots__"];
/// Folders of this name hold what tools make at the root; deeper down they may be a module's.
const MADE_AT_ROOT: &[&str] = &["build", "coverage"];

impl<'a> Places<'a> {
    pub(crate) fn new(subject: &'a Subject<'a>) -> Places<'a> {
        let mut excluded = GlobSetBuilder::new();
        for glob in subject.code.scope().excluded.iter().filter_map(|pattern| Glob::new(pattern).ok()) {
            excluded.add(glob);
        }
        Places { subject, excluded: excluded.build().unwrap_or_default() }
    }

    fn entry(&self, row: Row, entry: &ManifestEntry, path: &str) -> Drifted {
        match action_of(entry) {
            Action::Made => row.not_checkable(Difference::Foreign, "a tool makes it"),
            Action::Maybe => row.not_checkable(Difference::Vague, "the spec leaves it open"),
            Action::Goes => self.gone(row, path),
            Action::Moves => self.moved(row, path),
            Action::Stays => self.exists(row, path),
        }
    }

    /// A path that has to be there.
    pub(crate) fn exists(&self, row: Row, written: &str) -> Drifted {
        let path = match self.readable(written) {
            Ok(path) => path,
            Err((difference, why)) => return row.not_checkable(difference, why),
        };
        if let Some(pattern) = Pattern::of(&path) {
            return self.matched(row, &path, &pattern);
        }
        if self.subject.paths.contains(&path) {
            return row.proven(&path, Some(&at(&path)), "it is there");
        }
        let ends = self.ending(&path);
        match ends.as_slice() {
            [one] => {
                let reason = format!("it is there as `{one}`");
                return row.proven(one, Some(&at(one)), reason);
            }
            [] => {}
            several => {
                if let Some(one) = several.iter().find(|p| self.is_near(p)) {
                    return row.proven(one, Some(&at(one)), format!("it is there as `{one}`"));
                }
                let reason = format!("{} paths end so", several.len());
                return row.not_checkable(Difference::Vague, reason);
            }
        }
        self.not_there(row, &path)
    }

    fn not_there(&self, row: Row, path: &str) -> Drifted {
        if let Some(Departed { to, deleted, commit }) = self.subject.code.departed(path) {
            return match to {
                Some(to) if !deleted && self.subject.paths.contains(&to) => {
                    let reason = format!("it was renamed to `{to}` in {commit}");
                    row.proven(&to, Some(&at(&to)), reason)
                }
                Some(to) if deleted => {
                    let why = format!("it was renamed to `{to}`, and that was deleted in {commit}");
                    self.missing(row, path, why)
                }
                Some(to) => self.missing(
                    row,
                    path,
                    format!("it was renamed to `{to}` in {commit}, which is not there"),
                ),
                None => self.missing(row, path, format!("it was deleted in {commit}")),
            };
        }
        let name = base_name(path.trim_end_matches('/'));
        if let Some(elsewhere) = self.elsewhere(path, name) {
            // A spec moves to the folder of its state as it goes along.
            let moved_on = path.ends_with(".md") && elsewhere.starts_with(&format!("{}/", folder_of(path)));
            if moved_on {
                return row.proven(
                    &elsewhere,
                    Some(&at(&elsewhere)),
                    format!("it is there as `{elsewhere}`"),
                );
            }
            let reason = format!("a file of this name stands at `{elsewhere}`");
            return row.contradicted(Difference::Elsewhere, &elsewhere, Some(&at(&elsewhere)), reason);
        }
        if let Some(why) = self.foreign(path) {
            return row.not_checkable(Difference::Foreign, why);
        }
        self.missing(row, path, "there is no such path".to_owned())
    }

    /// A path that is not there, with the one that comes closest.
    fn missing(&self, row: Row, path: &str, why: String) -> Drifted {
        match nearest(self.subject.paths, path) {
            Some(near) => {
                let reason = format!("{why}; `{near}` comes closest");
                row.missing(Some((near, Some(&at(near)))), reason)
            }
            None => row.missing(None, why),
        }
    }

    /// A path that has to be gone.
    fn gone(&self, row: Row, written: &str) -> Drifted {
        let path = match self.readable(written) {
            Ok(path) => path,
            Err((difference, why)) => return row.not_checkable(difference, why),
        };
        let (still, several) = match Pattern::of(&path) {
            Some(pattern) if pattern.placeholder => {
                return row.not_checkable(Difference::Vague, "the path is not written out");
            }
            Some(pattern) => (self.first_match(&path, &pattern), false),
            None if self.subject.paths.contains(&path) => (Some(path.clone()), false),
            None => {
                let ends = self.ending(&path);
                let meant = ends.iter().find(|end| ends.len() == 1 || self.is_near(end));
                (meant.cloned(), meant.is_none() && !ends.is_empty())
            }
        };
        match still {
            Some(file) => {
                let reason = "it is to be deleted and still there";
                row.contradicted(Difference::StillThere, &file, Some(&at(&file)), reason)
            }
            None if several => row.not_checkable(Difference::Vague, "several paths end so and are there"),
            None if self.was_there(&path) => row.proven(&path, None, "it is gone"),
            None => {
                let reason = "it is not there, and the history knows no such path: it may be misspelt";
                row.not_checkable(Difference::Vague, reason)
            }
        }
    }

    /// Whether a path was there once; nobody can tell without a history.
    fn was_there(&self, path: &str) -> bool {
        let code = self.subject.code;
        if !code.knows_history() || code.departed(path).is_some() {
            return true;
        }
        match Pattern::of(path) {
            // What ends as the pattern does, at least as far as it is written out.
            Some(pattern) => {
                let end = path.rsplit(['*', '/']).next().unwrap_or("");
                let known = code.departed_ending(end);
                known.iter().any(|old| pattern.is_match(old) || pattern.is_match_below(old))
            }
            None => {
                let below_root = path.split_once('/').is_some_and(|(f, _)| self.subject.paths.is_folder(f));
                !below_root && !code.departed_ending(&format!("/{path}")).is_empty()
            }
        }
    }

    /// A path that moves: it may be named by where it was or by where it goes.
    fn moved(&self, row: Row, written: &str) -> Drifted {
        let known = self.readable(written).ok().filter(|path| self.subject.paths.contains(path));
        match known {
            Some(path) => row.proven(&path, Some(&at(&path)), "it is there"),
            None => row.not_checkable(Difference::Vague, "where it moves from and to is not told apart"),
        }
    }

    /// The path as it could stand in the repository, or why it cannot be one.
    fn readable(&self, written: &str) -> Result<String, (Difference, &'static str)> {
        let path = without_line(without_emphasis(written));
        let vague = |why| Err((Difference::Vague, why));
        let foreign = |why| Err((Difference::Foreign, why));
        if path.contains("://") || path.starts_with('~') || path.starts_with('@') {
            return foreign("it is not in this repository");
        }
        let drive = path.get(1..2) == Some(":") && path.starts_with(char::is_alphabetic);
        if drive
            || ["/home/", "/Users/", "/usr/", "/etc/", "/var/", "/tmp/", "/opt/"]
                .iter()
                .any(|f| path.starts_with(f))
        {
            return foreign("it is a path of somebody's machine");
        }
        let range = path.contains("..") && !path.contains("[...") && !path.starts_with("../");
        if path.contains(['…', ',']) || range && !path.contains("/../") {
            return vague("the path is not written out");
        }
        if base_name(path) == ".env" || base_name(path).ends_with(".local") {
            return foreign("it is kept out of the repository");
        }
        let shape = path.contains(['/', '*'])
            || base_name(path).rsplit_once('.').is_some_and(|(_, end)| is_ending(end));
        if path.contains(char::is_whitespace)
            || path.contains(['(', '=', ';', '|', '"']) && !path.contains("/(")
            || !shape
        {
            return vague("it is no path");
        }
        let from = match path.starts_with("./") || path.starts_with("../") {
            true => folder_of(self.subject.path),
            false => "",
        };
        let bare = path.trim_start_matches('/');
        let Some(joined) = join(from, bare).filter(|p| !p.is_empty()) else {
            return foreign("it leads out of this repository");
        };
        // A path with a leading `./` is also written from the root.
        let joined = match !from.is_empty() && !self.subject.paths.contains(&joined) && path.starts_with("./")
        {
            true => join("", bare).unwrap_or(joined),
            false => joined,
        };
        let excluded = self.excluded.is_match(&joined);
        let front = joined.split('/').next().unwrap_or("");
        let made = joined.split('/').any(|part| MADE.contains(&part))
            || MADE_AT_ROOT.contains(&front)
            || joined.contains(".generated.");
        let there = self.subject.paths.contains(&joined);
        if !there && (excluded || made || self.subject.code.is_ignored(&joined)) {
            return foreign("a tool makes it");
        }
        Ok(joined)
    }

    fn matched(&self, row: Row, path: &str, pattern: &Pattern) -> Drifted {
        match self.first_match(path, pattern) {
            Some(file) => row.proven(&file, Some(&at(&file)), "files of this form are there"),
            None if pattern.placeholder => {
                row.not_checkable(Difference::Vague, "the path is not written out")
            }
            None => match self.foreign(path) {
                Some(why) => row.not_checkable(Difference::Foreign, why),
                None => row.missing(None, "no path is of this form"),
            },
        }
    }

    /// The first path of a form; one that begins with no folder of the root is written from its module.
    fn first_match(&self, path: &str, pattern: &Pattern) -> Option<String> {
        let files = self.subject.paths.sorted();
        let first = |fits: &dyn Fn(&str) -> bool| files.iter().find(|file| fits(file));
        let below_root = path.split_once('/').is_none_or(|(first, _)| self.subject.paths.is_folder(first));
        let found = first(&|file| pattern.is_match(file));
        let found = found.or_else(|| first(&|file| !below_root && pattern.is_match_below(file)));
        found.map(|file| file.to_string())
    }

    /// Paths that end so, where the path begins with no folder of the root: it is written from its module.
    fn ending(&self, path: &str) -> Vec<String> {
        let below_root = path.split_once('/').is_some_and(|(first, _)| self.subject.paths.is_folder(first));
        if below_root {
            return Vec::new();
        }
        let end = format!("/{path}");
        let named = self.subject.paths.with_name(base_name(path)).iter();
        let mut found: Vec<String> =
            named.filter(|file| file.ends_with(&end)).map(|file| file.to_string()).collect();
        found.sort_unstable();
        found
    }

    /// Whether a path lies in a folder that the manifest names in full.
    fn is_near(&self, path: &str) -> bool {
        let entries = self.subject.spec.facts.manifest.iter();
        let whole =
            entries.map(|e| e.path.as_str()).filter(|p| self.subject.paths.contains(p) && p.contains('/'));
        let mut folders = whole.map(folder_of);
        folders.any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    /// The one file of the same name that can be meant: no other has the name, and it is no common one.
    fn elsewhere(&self, path: &str, name: &str) -> Option<String> {
        const COMMON: &[&str] = &[
            "index", "mod", "lib", "main", "route", "page", "__init__", "readme", "package", "types", "utils",
        ];
        let stem = name.split('.').next().unwrap_or(name).to_lowercase();
        match self.subject.paths.with_name(name) {
            [one] if !COMMON.contains(&stem.as_str()) => Some(one.to_string()),
            // A common name still tells where a folder went as a whole.
            several => {
                let tail = path.rsplitn(3, '/').take(2).collect::<Vec<&str>>();
                let [name, folder] = tail.as_slice() else { return None };
                let end = format!("/{folder}/{name}");
                let mut found = several.iter().filter(|file| file.ends_with(&end));
                let first = found.next()?;
                found.next().is_none().then(|| first.to_string())
            }
        }
    }

    /// Why a path is none of this repository, if it is not: nothing here has the name of its first folder.
    fn foreign(&self, path: &str) -> Option<String> {
        let (first, rest) = path.split_once('/')?;
        if rest.is_empty() || first.contains(['*', '<', '{']) {
            return None;
        }
        (!self.subject.paths.is_folder_name(first))
            .then(|| format!("there is no folder `{first}` in this repository"))
    }
}

/// A path without quotation marks, back-ticks and emphasis around it. The stars of a glob stay.
fn without_emphasis(written: &str) -> &str {
    let mut path = written.trim();
    loop {
        let bare = path.trim_matches(['`', '"', '\'']).trim();
        let inner = ["**", "*"].iter().find_map(|mark| bare.strip_prefix(mark)?.strip_suffix(mark));
        let inner = inner.filter(|inner| {
            inner.starts_with(|c: char| c.is_alphanumeric() || c == '`')
                && inner.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '`' | '/'))
        });
        let next = inner.unwrap_or(bare);
        if next.len() == path.len() {
            return path;
        }
        path = next;
    }
}

/// A path without `:12`, `:12-30` or `#L12`.
fn without_line(path: &str) -> &str {
    let path = path.split('#').next().unwrap_or(path);
    match path.rsplit_once(':') {
        Some((before, lines))
            if !lines.is_empty()
                && lines.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ',' | '–')) =>
        {
            before
        }
        _ => path,
    }
}

/// Whether the text behind the last dot of a name is the ending of a file.
fn is_ending(end: &str) -> bool {
    (1..=8).contains(&end.len())
        && end.bytes().all(|b| b.is_ascii_alphanumeric())
        && !end.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #[test]
    fn stars_of_globs_are_no_emphasis() {
        for (written, path) in [
            ("**`src/a.ts`**", "src/a.ts"),
            ("*src/a.ts*", "src/a.ts"),
            ("`**src/**`", "src/"),
            ("src/api/ap*", "src/api/ap*"),
            ("t*", "t*"),
            ("**/x/**", "**/x/**"),
            ("**/*.ts", "**/*.ts"),
            ("*.spec.*", "*.spec.*"),
            ("'a.ts'", "a.ts"),
            ("**", "**"),
            ("", ""),
        ] {
            assert_eq!(super::without_emphasis(written), path, "{written}");
        }
    }
}
