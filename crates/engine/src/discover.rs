//! Finding spec folders and templates in a repository that has no configuration.

use crate::config::SetConfig;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use trueup_model::{Head, PathIndex, SpecId, base_name, folder_of};
use trueup_template::{BUILTIN_NAMES, Schema, builtin, tokens_in};

/// What was found, and why.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// The sets, as `trueup init` would write them.
    pub sets: Vec<SetConfig>,
    /// What was assumed, a sentence each.
    pub assumed: Vec<String>,
    /// For `--explain-discovery`: folder by folder, why it is or is not a spec folder.
    pub folders: BTreeMap<String, String>,
    /// Templates that were considered.
    pub templates: Vec<String>,
}

/// A spec folder has at least this many specs …
const MIN_SPECS: usize = 3;
/// … that carry at least this many of the template's titles …
const MIN_TITLES: usize = 3;
/// … and they are at least one file in this many.
const SHARE: usize = 4;

/// File names that are never specs.
pub fn is_companion_name(path: &str) -> bool {
    let name = base_name(path).to_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    matches!(
        stem,
        "readme"
            | "agents"
            | "claude"
            | "gemini"
            | "license"
            | "contributing"
            | "changelog"
            | "index"
            | "code_of_conduct"
            | "security"
            | "codeowners"
            | "notice"
            | "authors"
            | "skill"
            | "summary"
            | "_index"
    ) || stem.contains("template") && !carries_id(base_name(path))
}

/// Whether a name carries an ID: a spec about templates does, a template carries none, or zeros, or a
/// placeholder in its place.
fn carries_id(name: &str) -> bool {
    SpecId::of_file_name(name).is_some_and(|id| !id.numbered || id.key.rsplit('#').next() != Some("0"))
}

struct Candidate {
    /// Path or `builtin:NAME`.
    name: String,
    titles: FxHashSet<String>,
    /// The document's name where every spec has a folder of its own.
    document: Option<String>,
    sidecar: Option<String>,
}

impl Candidate {
    fn score(&self, head: &Head) -> usize {
        let found: FxHashSet<&str> = head
            .titles()
            .iter()
            .map(|t| t.normal.core.as_str())
            .filter(|t| self.titles.contains(*t))
            .collect();
        found.len()
    }

    /// How much of the template a file carries, from 0 to 1.
    fn share(&self, head: &Head) -> f64 {
        self.score(head) as f64 / self.titles.len().max(1) as f64
    }
}

/// Looks through all Markdown files of a tree.
pub fn discover(heads: &[Head], paths: &PathIndex) -> Discovery {
    let mut candidates: Vec<Candidate> = heads.iter().filter_map(|h| named_template(h, paths)).collect();
    let mut discovery =
        Discovery { templates: candidates.iter().map(|c| c.name.clone()).collect(), ..Discovery::default() };
    let folders = by_folder(heads);
    let mut chosen = choose(&candidates, heads, &folders, &mut discovery);
    if chosen.is_empty() {
        candidates = shared_titles_template(heads, &folders).into_iter().collect();
        chosen = choose(&candidates, heads, &folders, &mut discovery);
        for candidate in &candidates {
            discovery.templates.push(candidate.name.clone());
        }
    }
    if chosen.is_empty() {
        candidates =
            BUILTIN_NAMES.iter().filter_map(|n| builtin(n)).map(|(_, s)| builtin_candidate(&s)).collect();
        chosen = choose(&candidates, heads, &folders, &mut discovery);
        if !chosen.is_empty() {
            discovery
                .assumed
                .push("no template was found in the tree: the specs look like a built-in one".to_owned());
        }
    }
    for (candidate, mut roots) in chosen {
        roots.sort();
        let candidate = &candidates[candidate];
        let exclude = match &candidate.document {
            Some(_) => Vec::new(),
            None => excluded(&roots, &discovery.folders),
        };
        discovery.assumed.push(format!(
            "{} {} specs written from {}",
            roots.iter().map(|r| shown_folder(r)).collect::<Vec<_>>().join(", "),
            if roots.len() == 1 { "holds" } else { "hold" },
            candidate.name
        ));
        discovery.sets.push(SetConfig {
            folders: roots,
            template: candidate.name.clone(),
            document: candidate.document.clone(),
            sidecar: candidate.sidecar.clone(),
            exclude,
            ..SetConfig::default()
        });
    }
    discovery
}

/// A folder for people: the root has no name.
pub fn shown_folder(folder: &str) -> String {
    if folder.is_empty() { ".".to_owned() } else { format!("{folder}/") }
}

fn by_folder(heads: &[Head]) -> BTreeMap<&str, Vec<usize>> {
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, head) in heads.iter().enumerate() {
        folders.entry(folder_of(&head.path)).or_default().push(index);
    }
    folders
}

/// A file that calls itself a template, by its name or its folder's.
fn named_template(head: &Head, paths: &PathIndex) -> Option<Candidate> {
    let name = base_name(&head.path).to_lowercase();
    let folder = folder_of(&head.path);
    let folder_name = base_name(folder).to_lowercase();
    let by_name = name.contains("template");
    let by_folder =
        folder_name.contains("template") && matches!(name.as_str(), "readme.md" | "index.md" | "spec.md");
    let forge = head
        .path
        .to_lowercase()
        .split('/')
        .any(|p| p == "issue_template" || p == "pull_request_template" || p == ".github")
        || name.starts_with("pull_request_template");
    let named = if by_name { base_name(&head.path) } else { base_name(folder) };
    let is_spec = carries_id(named);
    if !(by_name || by_folder) || forge || is_spec {
        return None;
    }
    let titles = template_titles(head);
    if titles.len() < MIN_TITLES {
        return None;
    }
    let document = by_folder.then(|| base_name(&head.path).to_owned());
    let sidecar = document.as_ref().and_then(|_| sidecar_of(folder, paths));
    Some(Candidate { name: head.path.to_string(), titles, document, sidecar })
}

/// The single YAML file beside a template that has a folder of its own.
fn sidecar_of(folder: &str, paths: &PathIndex) -> Option<String> {
    let mut found: Vec<&str> = paths
        .files()
        .filter(|p| folder_of(p) == folder && (p.ends_with(".yaml") || p.ends_with(".yml")))
        .collect();
    found.sort_unstable();
    (found.len() == 1).then(|| base_name(found[0]).to_owned())
}

fn template_titles(head: &Head) -> FxHashSet<String> {
    let tops = head.titles().iter().filter(|t| t.level == 1).count();
    head.titles()
        .iter()
        .enumerate()
        .filter(|(i, t)| !(t.level == 1 && tops == 1 && *i == 0))
        .map(|(_, t)| t.normal.core.clone())
        .filter(|t| !t.is_empty() && t != "required sections")
        .collect()
}

fn builtin_candidate(schema: &Schema) -> Candidate {
    Candidate {
        name: schema.name.clone(),
        titles: schema.sections.iter().filter(|s| !s.repeats).map(|s| s.normal.core.clone()).collect(),
        document: None,
        sidecar: None,
    }
}

/// Spec folders with the best of the candidates, by candidate.
fn choose(
    candidates: &[Candidate],
    heads: &[Head],
    folders: &BTreeMap<&str, Vec<usize>>,
    discovery: &mut Discovery,
) -> Vec<(usize, Vec<String>)> {
    let mut roots: FxHashMap<usize, Vec<String>> = FxHashMap::default();
    for (index, candidate) in candidates.iter().enumerate().filter(|(_, c)| c.document.is_some()) {
        if let Some(root) = foldered(candidate, heads, discovery) {
            roots.entry(index).or_default().push(root);
        }
    }
    let flat: Vec<(usize, &Candidate)> =
        candidates.iter().enumerate().filter(|(_, c)| c.document.is_none()).collect();
    for (folder, files) in folders {
        let specs: Vec<&Head> =
            files.iter().map(|i| &heads[*i]).filter(|h| !is_companion_name(&h.path)).collect();
        if specs.is_empty() {
            continue;
        }
        // Of several templates the one that the folder's files carry most of.
        let best = flat
            .iter()
            .map(|(i, c)| {
                let carrying =
                    specs.iter().filter(|h| h.path.as_ref() != c.name && c.score(h) >= MIN_TITLES).count();
                let share: f64 = specs.iter().map(|h| c.share(h)).sum();
                (*i, carrying, share)
            })
            .filter(|(_, carrying, _)| *carrying > 0)
            .max_by(|a, b| (a.1, a.2).partial_cmp(&(b.1, b.2)).unwrap_or(std::cmp::Ordering::Equal));
        let Some((candidate, carrying, share)) = best else {
            discovery.folders.entry((*folder).to_owned()).or_insert_with(|| {
                format!(
                    "not a spec folder: none of {} {} carries {MIN_TITLES} titles of a template",
                    specs.len(),
                    if specs.len() == 1 { "file" } else { "files" }
                )
            });
            continue;
        };
        let ties: Vec<&str> = flat
            .iter()
            .filter(|(i, c)| {
                let other: f64 = specs.iter().map(|h| c.share(h)).sum();
                *i != candidate && (other - share).abs() < 1e-9
            })
            .map(|(_, c)| c.name.as_str())
            .collect();
        let enough = carrying >= MIN_SPECS && carrying * SHARE >= specs.len();
        let inherits = roots.get(&candidate).is_some_and(|r| r.iter().any(|root| is_below(folder, root)));
        let small = specs.len() < MIN_SPECS;
        let reason = format!(
            "{carrying} of {} {} {MIN_TITLES} or more titles of {}",
            specs.len(),
            carry(specs.len(), carrying),
            candidates[candidate].name
        );
        if enough || inherits && (small || carrying * SHARE >= specs.len()) {
            discovery.folders.insert((*folder).to_owned(), format!("spec folder: {reason}"));
            if !ties.is_empty() && enough {
                discovery.assumed.push(format!("{} fits {} as well", shown_folder(folder), ties.join(", ")));
            }
            let list = roots.entry(candidate).or_default();
            if !list.iter().any(|root| is_below(folder, root)) {
                list.push((*folder).to_owned());
            }
        } else {
            discovery.folders.insert((*folder).to_owned(), format!("not a spec folder: only {reason}"));
        }
    }
    let mut chosen: Vec<(usize, Vec<String>)> = roots.into_iter().collect();
    chosen.sort();
    chosen
}

/// `file carries`, `files carry`: the noun for all files, the verb for those that do.
fn carry(files: usize, carrying: usize) -> String {
    let noun = if files == 1 { "file" } else { "files" };
    let verb = if carrying == 1 { "carries" } else { "carry" };
    format!("{noun} {verb}")
}

/// Where every spec has a folder of its own: the folder above the template's.
fn foldered(candidate: &Candidate, heads: &[Head], discovery: &mut Discovery) -> Option<String> {
    let document = candidate.document.as_deref()?;
    let root = folder_of(folder_of(&candidate.name)).to_owned();
    let files: Vec<&Head> = heads
        .iter()
        .filter(|h| {
            base_name(&h.path) == document
                && h.path.as_ref() != candidate.name
                && is_below(folder_of(&h.path), &root)
        })
        .collect();
    let carrying = files.iter().filter(|h| candidate.score(h) >= MIN_TITLES).count();
    let reason = format!(
        "{carrying} of {} {} named {document} below it {} {MIN_TITLES} or more titles of {}",
        files.len(),
        if files.len() == 1 { "file" } else { "files" },
        if carrying == 1 { "carries" } else { "carry" },
        candidate.name
    );
    let enough = carrying >= MIN_SPECS && carrying * SHARE >= files.len();
    let verdict = if enough { "spec folder" } else { "not a spec folder: only" };
    discovery.folders.insert(root.clone(), format!("{verdict}: {reason}"));
    enough.then_some(root)
}

/// Whether a folder is another one or lies in it.
pub fn is_below(folder: &str, root: &str) -> bool {
    root.is_empty() || folder == root || folder.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

/// Sub-folders of the spec folders whose files do not look like the template.
fn excluded(roots: &[String], folders: &BTreeMap<String, String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (folder, reason) in folders {
        let inside = roots.iter().any(|r| folder != r && is_below(folder, r));
        if inside && reason.starts_with("not a spec folder") {
            let glob = format!("{folder}/**");
            if !out.iter().any(|o| is_below(folder, o.trim_end_matches("/**"))) {
                out.push(glob);
            }
        }
    }
    out
}

/// A file outside a folder of alike files that holds most of the titles that they share.
fn shared_titles_template(heads: &[Head], folders: &BTreeMap<&str, Vec<usize>>) -> Option<Candidate> {
    for files in folders.values() {
        let specs: Vec<&Head> =
            files.iter().map(|i| &heads[*i]).filter(|h| !is_companion_name(&h.path)).collect();
        if specs.len() < MIN_SPECS {
            continue;
        }
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for head in &specs {
            let titles: FxHashSet<&str> = head
                .titles()
                .iter()
                .filter(|t| t.level > 1)
                .map(|t| t.normal.core.as_str())
                .filter(|t| !t.is_empty())
                .collect();
            for title in titles {
                *counts.entry(title).or_default() += 1;
            }
        }
        let shared: Vec<&str> =
            counts.into_iter().filter(|(_, n)| n * 2 > specs.len()).map(|(t, _)| t).collect();
        if shared.len() < MIN_TITLES {
            continue;
        }
        let holds = |head: &&Head| {
            let titles = template_titles(head);
            let found = shared.iter().filter(|t| titles.contains(**t)).count();
            found * 10 >= shared.len() * 6 && tokens_in(&head.text).len() >= MIN_TITLES
        };
        let template = heads.iter().filter(holds).max_by_key(|h| tokens_in(&h.text).len());
        if let Some(head) = template {
            return Some(Candidate {
                name: head.path.to_string(),
                titles: template_titles(head),
                document: None,
                sidecar: None,
            });
        }
    }
    None
}
