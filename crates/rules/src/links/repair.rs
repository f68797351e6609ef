use super::target::PathTarget;
use trueup_finding::FileCx;
use trueup_model::{PathIndex, SpecId, base_name, folder_of, join, relative};

/// What is wrong with a path, where its repair tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reason {
    /// Written from the repository's root, not from the file.
    FromRoot,
    /// So many `../` are missing (or too many, where negative).
    Steps(i32),
    /// The file lies in another folder now.
    Moved,
    /// Upper and lower case differ.
    Case,
    /// The file's ending was left out.
    Ending,
    /// A path of somebody's computer.
    Computer,
    /// The file's ID is that of one spec, but nothing else agrees.
    SameId,
}

/// Where a broken link should lead.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Repair {
    /// Path from the root.
    pub target: String,
    /// What is wrong with the path as it is.
    pub reason: Reason,
}

/// What can be said about a path that leads to nothing.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// One target can be meant.
    One(Repair),
    /// One target may be meant; a person has to look.
    Likely(Repair),
    /// These may be meant; often none is known.
    Several(Vec<String>),
}

/// A link that leads to nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Broken<'t> {
    /// Its target.
    pub target: &'t PathTarget<'t>,
    /// What the reader sees; many links show the path that they mean.
    pub text: &'t str,
    /// As [`super::target::is_on_computer`] says.
    pub on_computer: bool,
    /// Whether all paths may be gone through for one that differs in case only.
    pub thorough: bool,
}

/// Finds the target of a link that leads to nothing.
pub(super) fn repair(cx: &FileCx<'_>, broken: Broken<'_>) -> Outcome {
    let target = broken.target;
    let paths = &cx.world.paths;
    let (steps_up, rest) = parts_of(&target.path);
    // Nobody nests folders that deep; such a path would only take time.
    if rest.is_empty() || rest.len() > 64 {
        return Outcome::Several(Vec::new());
    }
    let rest = rest.as_slice();
    let search = Search { cx, paths, broken, target, rest, steps_up };
    let mut sure: Vec<Repair> = Vec::new();
    let mut likely: Vec<Repair> = Vec::new();
    for (repair, is_sure) in search.by_path() {
        let list = if is_sure { &mut sure } else { &mut likely };
        if !list.iter().any(|s| s.target == repair.target) {
            list.push(repair);
        }
    }
    match sure.len() {
        0 => {}
        1 => {
            if let Some(repair) = sure.pop() {
                return Outcome::One(repair);
            }
        }
        _ => return Outcome::Several(sure.into_iter().map(|s| s.target).take(3).collect()),
    }
    if let Some(repair) = search.moved() {
        return Outcome::One(repair);
    }
    match likely.len() {
        0 => {}
        1 => {
            if let Some(repair) = likely.pop() {
                let told = rest.last().is_some_and(|name| !is_common(name));
                return if told { Outcome::Likely(repair) } else { Outcome::Several(vec![repair.target]) };
            }
        }
        _ => return Outcome::Several(likely.into_iter().map(|s| s.target).take(3).collect()),
    }
    if let Some(repair) = search.by_id() {
        return Outcome::Likely(repair);
    }
    Outcome::Several(search.by_name())
}

/// The number of `../` in front of a path, and its folders and name behind them.
fn parts_of(path: &str) -> (usize, Vec<&str>) {
    let mut steps_up = 0;
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    steps_up += 1;
                }
            }
            part => parts.push(part),
        }
    }
    (steps_up, parts)
}

struct Search<'c, 'a> {
    cx: &'c FileCx<'a>,
    paths: &'a PathIndex,
    broken: Broken<'c>,
    target: &'c PathTarget<'c>,
    /// The path without the `../` in front.
    rest: &'c [&'c str],
    steps_up: usize,
}

impl Search<'_, '_> {
    /// Targets that the whole path leads to when it is read in another way, and whether the path says
    /// enough for that.
    fn by_path(&self) -> Vec<(Repair, bool)> {
        if self.broken.on_computer {
            return self.below_a_project().into_iter().collect();
        }
        let mut out = Vec::new();
        let folder = folder_of(self.cx.path);
        let rest = self.rest.join("/");
        let from_root = self.target.path.starts_with('/');
        let resolved = if from_root { Some(rest.clone()) } else { join(folder, &self.target.path) };
        if let Some(found) = resolved.as_deref().and_then(|r| self.close_to(r)) {
            out.push((found, true));
        }
        // The same path from every folder above, the file's own and the root included.
        let mut above = Some(folder);
        let mut steps = 0;
        while let Some(base) = above {
            above = (!base.is_empty()).then(|| folder_of(base));
            let candidate = if base.is_empty() { rest.clone() } else { format!("{base}/{rest}") };
            let missing = steps - self.steps_up as i32;
            steps += 1;
            if Some(&candidate) == resolved.as_ref() {
                continue;
            }
            let reason = if !from_root && self.steps_up == 0 && base.is_empty() {
                Reason::FromRoot
            } else {
                Reason::Steps(missing)
            };
            if self.paths.contains(&candidate) {
                let is_sure = self.is_telling(&candidate, missing);
                out.push((Repair { target: candidate, reason }, is_sure));
            } else if self.rest.len() > 1
                && let Some(found) = self.with_ending(&candidate)
            {
                out.push((Repair { target: found, reason }, true));
            }
        }
        out
    }

    /// Whether a path says enough to be taken from another folder: it names a folder, too; or the link
    /// shows the path; or the name stands nowhere else, and it is the file that moved and not the target.
    fn is_telling(&self, candidate: &str, missing: i32) -> bool {
        let name = base_name(candidate);
        if self.rest.len() > 2 || candidate.contains('/') && self.broken.text.trim() == candidate {
            return true;
        }
        // `docs/README.md` stands below many folders.
        if is_common(name) {
            return false;
        }
        let alone = !self.paths.is_folder(candidate) && self.paths.with_name(name).len() == 1;
        self.rest.len() > 1 || alone && (self.steps_up > 0 && missing == 1 || is_specific(name))
    }

    /// A path of somebody's computer: what follows the folder of the project.
    fn below_a_project(&self) -> Option<(Repair, bool)> {
        for from in 1..self.rest.len().saturating_sub(1) {
            let part = self.rest.get(from..)?;
            let path = part.join("/");
            if self.paths.contains(&path) {
                let is_sure = part.len() > 2 || !part.last().is_some_and(|name| is_common(name));
                return Some((Repair { target: path, reason: Reason::Computer }, is_sure));
            }
            // From here on the path is inside the repository, and the file is not there. The first part
            // after `/Users` is a person.
            if from > 1 && part.first().is_some_and(|p| self.paths.is_folder(p)) {
                return None;
            }
        }
        None
    }

    /// The same path but for case or a missing ending.
    fn close_to(&self, path: &str) -> Option<Repair> {
        if let Some(target) = self.with_ending(path) {
            return Some(Repair { target, reason: Reason::Ending });
        }
        if !self.broken.thorough {
            return None;
        }
        let mut found = self.paths.files().filter(|f| f.len() == path.len() && f.eq_ignore_ascii_case(path));
        let target = found.next()?;
        found.next().is_none().then(|| Repair { target: target.to_owned(), reason: Reason::Case })
    }

    fn with_ending(&self, path: &str) -> Option<String> {
        if self.target.path.ends_with('/') {
            return None;
        }
        [".md", ".mdx"].into_iter().map(|ending| format!("{path}{ending}")).find(|p| self.paths.contains(p))
    }

    /// A file of the same name elsewhere, where the name can only be this file's and the place is near.
    fn moved(&self) -> Option<Repair> {
        let name = self.rest.last()?;
        let [target] = self.paths.with_name(name) else { return None };
        if !is_specific(name) {
            return None;
        }
        let new = folder_of(target);
        let here = folder_of(self.cx.path);
        let old = match self.target.path.strip_prefix('/') {
            Some(path) => join("", folder_of(path)),
            None => join(here, folder_of(&self.target.path)),
        };
        let below = |folder: &str, path: &str| {
            folder.is_empty()
                || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let same_set = self.cx.settings.folders.iter().any(|set| {
            let inside = below(set, target) && (!set.is_empty() || target.ends_with(".md"));
            inside && (below(set, self.cx.path) || old.as_deref().is_some_and(|old| below(set, old)))
        });
        let near = |old: &str| {
            old == new || folder_of(old) == folder_of(new) || folder_of(old) == new || folder_of(new) == old
        };
        (same_set || old.as_deref().is_some_and(near) || near(here))
            .then(|| Repair { target: target.to_string(), reason: Reason::Moved })
    }

    /// The one spec that has the ID in the file's name, and a word of it.
    fn by_id(&self) -> Option<Repair> {
        let name = self.rest.last()?;
        let id = SpecId::of_file_name(name).filter(|id| id.numbered)?;
        let mut specs = self.cx.corpus.specs_with_id(&id).filter(|h| self.paths.contains(&h.path));
        let spec = specs.next()?;
        let words = |name: &'_ str| -> Vec<String> {
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let rest = stem.get(id.text.len()..).unwrap_or("");
            let words = rest
                .split(['-', '_', ' '])
                .filter(|w| w.len() > 2 && w.bytes().all(|b| b.is_ascii_alphabetic()));
            words.map(str::to_lowercase).collect()
        };
        let (wanted, had) = (words(name), words(base_name(&spec.path)));
        let agrees = wanted.is_empty() || wanted.iter().any(|w| had.contains(w));
        let alone = specs.next().is_none();
        (alone && agrees).then(|| Repair { target: spec.path.to_string(), reason: Reason::SameId })
    }

    /// Up to three files of the same name that have most of the path in common.
    fn by_name(&self) -> Vec<String> {
        let Some(name) = self.rest.last() else { return Vec::new() };
        let same = self.paths.with_name(name);
        // Past this a name says nothing, and looking at all of them for each link would take long.
        if same.len() > 200 {
            return Vec::new();
        }
        let alone = same.len() == 1 && !is_common(name);
        let mut scored: Vec<(usize, &str)> = same
            .iter()
            .map(|path| {
                let renamed = is_renamed(self.rest, path);
                let (before, after) = common_parts(self.rest, path);
                let near = renamed || after > 1 || before > 1 || alone;
                (if near { before + after + usize::from(renamed) } else { 0 }, &**path)
            })
            .collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let best = scored.first().map_or(0, |(score, _)| *score);
        let best: Vec<String> = scored
            .into_iter()
            .take_while(|(score, _)| *score > 0 && *score == best)
            .map(|(_, p)| p.to_owned())
            .collect();
        if best.len() > 3 { Vec::new() } else { best }
    }
}

/// How many parts of two paths are the same, counted from the start and from the end.
fn common_parts(wanted: &[&str], path: &str) -> (usize, usize) {
    let before = wanted.iter().zip(path.split('/')).take_while(|(a, b)| **a == *b).count();
    let after = wanted.iter().rev().zip(path.rsplit('/')).take_while(|(a, b)| **a == *b).count();
    (before, after)
}

/// Whether a path ends as wanted but for one folder whose name is longer or shorter at one end
/// (`skills/review/SKILL.md`, `skills/team-review/SKILL.md`).
fn is_renamed(wanted: &[&str], path: &str) -> bool {
    let mut renamed = 0;
    let mut compared = 0;
    for (a, b) in wanted.iter().rev().zip(path.rsplit('/')) {
        compared += 1;
        if *a == b {
            continue;
        }
        let (short, long) = if a.len() < b.len() { (*a, b) } else { (b, *a) };
        let apart = |rest: &str, at_end: bool| {
            if at_end { rest.starts_with(['-', '_', '.']) } else { rest.ends_with(['-', '_', '.']) }
        };
        let longer = long.strip_suffix(short).is_some_and(|r| apart(r, false))
            || long.strip_prefix(short).is_some_and(|r| apart(r, true));
        if !longer {
            return false;
        }
        renamed += 1;
    }
    renamed == 1 && compared == wanted.len()
}

/// Whether a name stands in many folders, so that it says nothing about which file is meant.
fn is_common(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    matches!(
        stem.as_str(),
        "readme"
            | "agents"
            | "claude"
            | "index"
            | "mod"
            | "main"
            | "lib"
            | "route"
            | "page"
            | "layout"
            | "types"
            | "utils"
            | "entities"
            | "license"
            | "changelog"
            | "contributing"
            | "package"
            | "skill"
            | "template"
            | "overview"
            | "notes"
            | "todo"
            | "kep"
    )
}

/// Whether a file's name can be only this file's: it carries an ID or a date, or three words.
fn is_specific(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words = stem
        .split(['-', '_', '.', ' '])
        .filter(|w| w.len() > 1 && w.bytes().any(|b| b.is_ascii_alphabetic()));
    let words = words.count();
    words >= 3 || SpecId::of_file_name(name).is_some_and(|id| !id.prefix.is_empty() || words >= 1)
}

/// The path that a link in `path` has to hold to lead to `target`, in the manner of the path it had.
pub(super) fn link_path(path: &str, target: &str, had: &PathTarget<'_>, reason: Reason) -> String {
    let mut out = match had.path.starts_with('/') && reason != Reason::Computer {
        true => format!("/{target}"),
        false => relative(folder_of(path), target),
    };
    let dotted = had.path.starts_with("./") && !out.starts_with("../") && out != ".";
    // `a:b.md` would be read as an address.
    let scheme_like = out.split('/').next().is_some_and(|first| first.contains(':'));
    if dotted || scheme_like {
        out.insert_str(0, "./");
    }
    if had.path.ends_with('/') && !out.ends_with('/') {
        out.push('/');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::target::{Target, read_target};
    use super::*;

    fn link(path: &str, target: &str, had: &str) -> String {
        let Target::Path(had) = read_target(had) else { panic!("{had} is a path") };
        link_path(path, target, &had, Reason::Moved)
    }

    #[test]
    fn links_keep_the_manner_they_had() {
        assert_eq!(link("specs/a.md", "docs/x.md", "docs/x.md"), "../docs/x.md");
        assert_eq!(link("specs/a.md", "specs/done/b.md", "./b.md"), "./done/b.md");
        assert_eq!(link("specs/a.md", "specs/done/b.md", "/specs/b.md"), "/specs/done/b.md");
        assert_eq!(link("specs/a.md", "src", "src/"), "../src/");
        assert_eq!(link("a.md", "x:y.md", "z.md"), "./x:y.md");
    }

    #[test]
    fn names_tell_or_do_not() {
        for name in ["SPEC-045-a.md", "2026-03-01-stock.md", "order-status-history.md"] {
            assert!(is_specific(name), "{name}");
        }
        for name in ["README.md", "index.ts", "0001.md", "data-model.md", "types.ts"] {
            assert!(!is_specific(name), "{name}");
        }
        assert!(is_renamed(&["skills", "review", "SKILL.md"], "a/skills/team-review/SKILL.md"));
        assert!(!is_renamed(&["skills", "review", "SKILL.md"], "a/skills/preview/SKILL.md"));
        assert!(!is_renamed(&["skills", "review", "SKILL.md"], "a/skills/review/SKILL.md"));
    }
}
