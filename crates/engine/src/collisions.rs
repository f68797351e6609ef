//! What other branches have taken: IDs of specs, numbers of migrations, flags, endpoints.
//!
//! Asked of git when somebody wants to know, and only where there is another branch that is not merged and
//! was changed within a year.

use crate::workspace::{FileRole, Workspace};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;
use std::sync::{Arc, OnceLock};
use trueup_markdown::Document;
use trueup_model::{
    Corpus, Date, NameElsewhere, NameKind, Spec, SpecId, TakenElsewhere, base_name, folder_of, read_specs,
};
use trueup_repo::{Branch, ChangeKind, FileElsewhere, Git, GitError};
use trueup_text::Span;

/// A branch that was not changed for longer is forgotten, in days.
const OLDEST_BRANCH: i64 = 365;
/// More files of other branches than this are not read for one question.
const MOST_FILES: usize = 5_000;

/// Names that a file declares, by kind, each with its name as written and its place.
type Declared = FxHashMap<(NameKind, String), (String, Span)>;

/// A file of another branch that declares a name.
#[derive(Clone, Debug)]
struct Declarer {
    /// Its place among the files, or among the added migrations.
    file: FileElsewhere,
    /// The name as written there.
    written: String,
}

/// What branches hold that are not merged here.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere {
    branches: Vec<Branch>,
    /// Files in the folders of specs.
    files: Vec<FileElsewhere>,
    /// By path: the IDs that other branches give to other files.
    taken: FxHashMap<String, Vec<TakenElsewhere>>,
    /// What specs and migrations of other branches declare that is not declared at that path here.
    declared: OnceLock<FxHashMap<(NameKind, String), Vec<Declarer>>>,
}

impl Workspace {
    pub(crate) fn taken_ids(&self, path: &str) -> &[TakenElsewhere] {
        self.elsewhere().taken.get(path).map_or(&[], Vec::as_slice)
    }

    /// The IDs of spec files that other branches have added, each with the branch.
    pub fn ids_elsewhere(&self) -> Vec<(SpecId, String)> {
        let elsewhere = self.elsewhere();
        let new = elsewhere.files.iter().filter(|file| file.kind != ChangeKind::Modified);
        let ids = new.filter_map(|file| {
            let id = id_of(&file.path).filter(|id| !is_unset(id, &file.path))?;
            Some((id, elsewhere.branch(file)?.shown()))
        });
        ids.collect()
    }

    fn elsewhere(&self) -> &Elsewhere {
        // Where git cannot tell, nothing is known to be taken.
        self.elsewhere.get_or_init(|| self.read_elsewhere().unwrap_or_default())
    }

    fn read_elsewhere(&self) -> Result<Elsewhere, GitError> {
        if self.listed || self.snapshot.is_some() {
            return Ok(Elsewhere::default());
        }
        let Some(git) = Git::open(&self.root) else { return Ok(Elsewhere::default()) };
        let epoch = Date { year: 1970, month: 1, day: 1 };
        let since = self.world.today.map_or(0, |today| (today.days_since(epoch) - OLDEST_BRANCH) * 86_400);
        let branches = git.unmerged(since, self.world.branch.as_deref())?;
        let folders: Vec<&str> =
            self.sets.iter().flat_map(|set| &set.config.folders).map(|f| f.trim_end_matches('/')).collect();
        if folders.is_empty() {
            return Ok(Elsewhere::default());
        }
        let mut files = git.changed_on(&branches, &folders)?;
        files.retain(|file| matches!(self.role(&file.path), FileRole::Spec(_)));
        let mut elsewhere = Elsewhere { branches, files, ..Elsewhere::default() };
        elsewhere.taken = self.judge_ids(&git, &elsewhere)?;
        Ok(elsewhere)
    }

    /// The IDs of added files that another file has here.
    fn judge_ids(
        &self,
        git: &Git,
        elsewhere: &Elsewhere,
    ) -> Result<FxHashMap<String, Vec<TakenElsewhere>>, GitError> {
        let mut out: FxHashMap<String, Vec<TakenElsewhere>> = FxHashMap::default();
        let mut told: FxHashSet<(String, String)> = FxHashSet::default();
        for file in elsewhere.files.iter().filter(|file| file.kind == ChangeKind::Added) {
            let (Some(id), Some(branch)) = (id_of(&file.path), elsewhere.branch(file)) else { continue };
            if is_unset(&id, &file.path) || self.corpus.head(&file.path).is_some() {
                continue;
            }
            for own in holders(&self.corpus, &id).filter(|own| **own != *file.path) {
                // The same branch here and at a remote, or two that hold the same file.
                if !told.insert((own.to_string(), file.path.clone())) {
                    continue;
                }
                if let Some(ours_first) = is_taken(git, branch, file, &own)? {
                    let branch = branch.shown();
                    let taken = TakenElsewhere { branch, path: file.path.clone(), ours_first };
                    out.entry(own.to_string()).or_default().push(taken);
                }
            }
        }
        Ok(out)
    }

    /// Names that a spec brings and that other branches bring as well: numbers of migrations, flags,
    /// endpoints, in that order.
    pub(crate) fn names_taken(&self, path: &str) -> Vec<NameElsewhere> {
        if self.elsewhere().branches.is_empty() {
            return Vec::new();
        }
        let Some(file) = self.read_file(path) else { return Vec::new() };
        let own: Declared = file.specs.iter().flat_map(declared).collect();
        if own.is_empty() {
            return Vec::new();
        }
        // Where git cannot tell, nothing is known to be taken.
        let mut out = self.taken_of(path, file.set.unwrap_or_default(), &own).unwrap_or_default();
        out.sort();
        out.dedup();
        out
    }

    fn taken_of(&self, path: &str, set: usize, own: &Declared) -> Result<Vec<NameElsewhere>, GitError> {
        let elsewhere = self.elsewhere();
        let Some(git) = Git::open(&self.root) else { return Ok(Vec::new()) };
        let all = elsewhere.declared.get_or_init(|| self.all_declared(&git).unwrap_or_default());
        // What the spec said when the branch began, by branch.
        let mut earlier: FxHashMap<usize, Declared> = FxHashMap::default();
        let mut out = Vec::new();
        for (key, (written, span)) in own {
            for other in all.get(key).into_iter().flatten().filter(|other| other.file.path != path) {
                let Some(branch) = elsewhere.branch(&other.file) else { continue };
                if key.0 == NameKind::Migration && !may_meet(written, &other.written) {
                    continue;
                }
                if is_taken(&git, branch, &other.file, path)?.is_none() {
                    continue;
                }
                if let Entry::Vacant(slot) = earlier.entry(other.file.branch) {
                    slot.insert(self.declared_at_start(&git, branch, path, set)?);
                }
                // It was here first, and the other branch builds on it or has to give way.
                if earlier.get(&other.file.branch).is_some_and(|names| names.contains_key(key)) {
                    continue;
                }
                out.push(NameElsewhere {
                    kind: key.0,
                    name: written.clone(),
                    span: *span,
                    branch: branch.shown(),
                    path: other.file.path.clone(),
                });
            }
        }
        Ok(out)
    }

    /// What a spec declared where a branch parted from the one that is checked out.
    fn declared_at_start(
        &self,
        git: &Git,
        branch: &Branch,
        path: &str,
        set: usize,
    ) -> Result<Declared, GitError> {
        let Some(base) = git.merge_base(&branch.commit, "HEAD")? else { return Ok(Declared::default()) };
        let text = git.file_at(&base, path)?.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(text.map(|text| self.declared_in(set, path, text.into())).unwrap_or_default())
    }

    /// What the files of other branches declare and the files of the same paths here do not.
    fn all_declared(&self, git: &Git) -> Result<FxHashMap<(NameKind, String), Vec<Declarer>>, GitError> {
        let elsewhere = self.elsewhere();
        let mut seen: FxHashSet<(usize, &str)> = FxHashSet::default();
        let files = elsewhere.files.iter().filter(|file| seen.insert((file.branch, &file.path)));
        let files: Vec<&FileElsewhere> = files.take(MOST_FILES).collect();
        let commit = |file: &FileElsewhere| elsewhere.branch(file).map(|branch| branch.commit.as_str());
        let paths = files.iter().filter_map(|file| Some((commit(file)?, file.path.as_str())));
        let contents = git.files_at(&paths.collect::<Vec<_>>())?;
        let mut out: FxHashMap<(NameKind, String), Vec<Declarer>> = FxHashMap::default();
        for (file, content) in files.into_iter().zip(contents) {
            let text = content.and_then(|bytes| String::from_utf8(bytes).ok());
            let (Some(text), FileRole::Spec(set)) = (text, self.role(&file.path)) else { continue };
            let there = self.declared_in(set, &file.path, text.into());
            let here = self.corpus.head(&file.path).map(|head| Arc::clone(&head.text));
            let here = here.map(|text| self.declared_in(set, &file.path, text)).unwrap_or_default();
            for (key, (written, _)) in there.into_iter().filter(|(key, _)| !here.contains_key(key)) {
                out.entry(key).or_default().push(Declarer { file: file.clone(), written });
            }
        }
        self.migrations_elsewhere(git, &mut out)?;
        Ok(out)
    }

    fn declared_in(&self, set: usize, path: &str, text: Arc<str>) -> Declared {
        let Some(set) = self.sets.get(set) else { return Declared::default() };
        let document = Document::parse(text);
        let specs = read_specs(path, &document, &set.schema, &set.settings, None, None);
        specs.iter().flat_map(declared).collect()
    }

    /// Files of migrations that other branches have added and that are not here.
    fn migrations_elsewhere(
        &self,
        git: &Git,
        out: &mut FxHashMap<(NameKind, String), Vec<Declarer>>,
    ) -> Result<(), GitError> {
        let elsewhere = self.elsewhere();
        let (options, _) = self.code_options();
        for file in git.changed_on(&elsewhere.branches, &[])? {
            if file.kind != ChangeKind::Added || self.world.paths.contains(&file.path) {
                continue;
            }
            let path: Arc<str> = file.path.as_str().into();
            let Some(migration) = trueup_repo::migration_of(&path, &options) else { continue };
            let Ok(number) = migration.number.parse::<u32>() else { continue };
            let written = file.path.clone();
            out.entry((NameKind::Migration, number.to_string()))
                .or_default()
                .push(Declarer { file, written });
        }
        Ok(())
    }
}

impl Elsewhere {
    fn branch(&self, file: &FileElsewhere) -> Option<&Branch> {
        self.branches.get(file.branch)
    }
}

/// The ID in the name of a spec's file, or of its folder.
fn id_of(path: &str) -> Option<SpecId> {
    let name = base_name(path);
    match name.eq_ignore_ascii_case("readme.md") {
        true => SpecId::of_file_name(base_name(folder_of(path))),
        false => SpecId::of_file_name(name),
    }
}

/// Whether an ID is none that two files could take: `0000`, which is still to be given, or the year of a date.
fn is_unset(id: &SpecId, path: &str) -> bool {
    let behind = base_name(path).split_once(id.text.as_str()).map_or("", |(_, behind)| behind);
    let parts: Vec<&str> = behind.split(['-', '_', '.']).skip(1).take(2).collect();
    let two_digits = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    let year = id.text.bytes().rev().take_while(u8::is_ascii_digit).count() == 4;
    id.key.ends_with("#0") || id.numbered && year && parts.len() == 2 && parts.iter().all(two_digits)
}

fn holders<'c>(corpus: &'c Corpus, id: &SpecId) -> impl Iterator<Item = Arc<str>> + 'c {
    corpus.specs_with_id(id).map(|head| Arc::clone(&head.path)).collect::<Vec<_>>().into_iter()
}

/// Whether another branch gives the ID of one of our files to a file of its own, and if so, whether ours was
/// there when that branch began. It does not where it has merely renamed ours, has removed its file again, or
/// where its file was merged here and renamed since.
fn is_taken(git: &Git, branch: &Branch, file: &FileElsewhere, own: &str) -> Result<Option<bool>, GitError> {
    let asked = git.files_at(&[(&branch.commit, file.path.as_str()), (&branch.commit, own)])?;
    let there = |at: usize| asked.get(at).is_some_and(Option::is_some);
    if !there(0) {
        return Ok(None);
    }
    let base = git.merge_base(&branch.commit, "HEAD")?;
    let ours_first = match &base {
        Some(base) => git.file_at(base, own)?.is_some(),
        None => false,
    };
    if ours_first && !there(1) || !git.revisions(None, &file.path)?.is_empty() {
        return Ok(None);
    }
    Ok(Some(ours_first))
}

/// What a spec takes for itself.
fn declared(spec: &Spec) -> Vec<((NameKind, String), (String, Span))> {
    let facts = &spec.facts;
    let flags = facts.flags.iter().filter_map(|flag| flag.name.as_ref()).map(|name| {
        let written = name.text.trim_matches('`').to_owned();
        ((NameKind::Flag, written.clone()), (written, name.span))
    });
    let endpoints = facts.api.endpoints.iter().map(|endpoint| {
        let path = endpoint.path.split(['?', '#']).next().unwrap_or_default();
        let written = format!("{} {}", endpoint.method, path.trim_end_matches('/'));
        ((NameKind::Endpoint, written.clone()), (written, endpoint.span))
    });
    let migrations = facts.migrations.migrations.iter().filter_map(|migration| {
        let number = migration.number?.to_string();
        Some(((NameKind::Migration, number), (migration.name.clone(), migration.span)))
    });
    flags.chain(endpoints).chain(migrations).collect()
}

/// Whether two migrations of one number can lie in one folder: services count each for themselves.
fn may_meet(ours: &str, theirs: &str) -> bool {
    let (ours, theirs) = (folder_of(ours), folder_of(theirs));
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short).is_some_and(|front| front.is_empty() || front.ends_with('/'))
    };
    ours.is_empty() || theirs.is_empty() || ends(ours, theirs) || ends(theirs, ours)
}
