//! What other branches have taken: IDs of specs, numbers of migrations, flags, endpoints.
//!
//! Asked of git when somebody wants to know, and only where there is another branch that is not merged and
//! was changed within a year.

use crate::workspace::{FileRole, Workspace};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
use trueup_markdown::Document;
use trueup_model::{Corpus, Date, Spec, SpecId, TakenElsewhere, base_name, folder_of, read_specs};
use trueup_repo::{Branch, ChangeKind, FileElsewhere, Git, GitError};

/// A branch that was not changed for longer is forgotten, in days.
const OLDEST_BRANCH: i64 = 365;
/// More files of other branches than this are not read for one question.
const MOST_FILES: usize = 5_000;

/// A kind of names that two branches can take at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CollisionKind {
    /// The ID of a spec.
    SpecId,
    /// The number of a migration.
    Migration,
    /// The name of a flag.
    Flag,
    /// A method and path.
    Endpoint,
}

/// Something that a spec takes and that another branch has taken, too.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Collision {
    /// What it is.
    pub kind: CollisionKind,
    /// Its name.
    pub name: String,
    /// The branch, as people write it.
    pub branch: String,
    /// The file on that branch.
    pub path: String,
}

/// What branches hold that are not merged here.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere {
    branches: Vec<Branch>,
    /// Files in the folders of specs.
    files: Vec<FileElsewhere>,
    /// By path: the IDs that other branches give to other files.
    taken: FxHashMap<String, Vec<TakenElsewhere>>,
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
        let mut elsewhere = Elsewhere { branches, files, taken: FxHashMap::default() };
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

    /// What a spec takes that other branches have taken, too: its ID, the numbers of its migrations, its
    /// flags and endpoints, in that order.
    pub fn collisions(&self, path: &str) -> Vec<Collision> {
        let ids = self.taken_ids(path).iter().map(|taken| Collision {
            kind: CollisionKind::SpecId,
            name: id_of(path).map(|id| id.text).unwrap_or_default(),
            branch: taken.branch.clone(),
            path: taken.path.clone(),
        });
        let mut out: Vec<Collision> = ids.collect();
        let Some(file) = self.read_file(path).filter(|file| !file.specs.is_empty()) else { return out };
        let own: FxHashSet<(CollisionKind, String)> = file.specs.iter().flat_map(declared).collect();
        if own.is_empty() || self.elsewhere().branches.is_empty() {
            return out;
        }
        // Where git cannot tell, nothing is known to be taken.
        out.extend(self.declared_elsewhere(path, &own).unwrap_or_default());
        out.extend(self.migrations_elsewhere(&own).unwrap_or_default());
        out.sort();
        out.dedup();
        out
    }

    /// What specs of other branches declare that they do not declare here.
    fn declared_elsewhere(
        &self,
        path: &str,
        own: &FxHashSet<(CollisionKind, String)>,
    ) -> Result<Vec<Collision>, GitError> {
        let elsewhere = self.elsewhere();
        let Some(git) = Git::open(&self.root) else { return Ok(Vec::new()) };
        let mut seen: FxHashSet<(usize, &str)> = FxHashSet::default();
        let others: Vec<&FileElsewhere> = elsewhere
            .files
            .iter()
            .filter(|file| file.path != path && seen.insert((file.branch, &file.path)))
            .take(MOST_FILES)
            .collect();
        let commit = |file: &&&FileElsewhere| elsewhere.branch(file).map(|branch| branch.commit.as_str());
        let paths = others.iter().filter_map(|file| Some((commit(&file)?, file.path.as_str())));
        let contents = git.files_at(&paths.collect::<Vec<_>>())?;
        let mut out = Vec::new();
        for (file, content) in others.into_iter().zip(contents) {
            let text = content.and_then(|bytes| String::from_utf8(bytes).ok());
            let (Some(text), Some(branch)) = (text, elsewhere.branch(file)) else { continue };
            let FileRole::Spec(set) = self.role(&file.path) else { continue };
            let there = self.declared_in(set, &file.path, text.into());
            let here = self.corpus.head(&file.path).map(|head| Arc::clone(&head.text));
            let here = here.map(|text| self.declared_in(set, &file.path, text)).unwrap_or_default();
            for (kind, name) in there.into_iter().filter(|both| own.contains(both) && !here.contains(both)) {
                out.push(Collision { kind, name, branch: branch.shown(), path: file.path.clone() });
            }
        }
        Ok(out)
    }

    fn declared_in(&self, set: usize, path: &str, text: Arc<str>) -> FxHashSet<(CollisionKind, String)> {
        let Some(set) = self.sets.get(set) else { return FxHashSet::default() };
        let document = Document::parse(text);
        let specs = read_specs(path, &document, &set.schema, &set.settings, None, None);
        specs.iter().flat_map(declared).collect()
    }

    /// Files of migrations that other branches have added under a number of this spec's.
    fn migrations_elsewhere(
        &self,
        own: &FxHashSet<(CollisionKind, String)>,
    ) -> Result<Vec<Collision>, GitError> {
        if !own.iter().any(|(kind, _)| *kind == CollisionKind::Migration) {
            return Ok(Vec::new());
        }
        let Some(git) = Git::open(&self.root) else { return Ok(Vec::new()) };
        let elsewhere = self.elsewhere();
        let (options, _) = self.code_options();
        let mut out = Vec::new();
        for file in git.changed_on(&elsewhere.branches, &[])? {
            let here = self.world.paths.contains(&file.path);
            let Some(branch) = elsewhere.branch(&file).filter(|_| file.kind == ChangeKind::Added && !here)
            else {
                continue;
            };
            let Some(migration) = trueup_repo::migration_of(&file.path.as_str().into(), &options) else {
                continue;
            };
            let name = number_name(&migration.number);
            if own.contains(&(CollisionKind::Migration, name.clone())) {
                let kind = CollisionKind::Migration;
                out.push(Collision { kind, name, branch: branch.shown(), path: file.path });
            }
        }
        Ok(out)
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
fn declared(spec: &Spec) -> Vec<(CollisionKind, String)> {
    let facts = &spec.facts;
    let flags = facts.flags.iter().filter_map(|flag| flag.name.as_ref());
    let flags = flags.map(|name| (CollisionKind::Flag, name.text.trim_matches('`').to_owned()));
    let endpoints = facts.api.endpoints.iter().map(|endpoint| {
        let path = endpoint.path.split(['?', '#']).next().unwrap_or_default();
        (CollisionKind::Endpoint, format!("{} {}", endpoint.method, path.trim_end_matches('/')))
    });
    let numbers = facts.migrations.migrations.iter().filter_map(|migration| migration.number);
    let numbers = numbers.map(|number| (CollisionKind::Migration, number.to_string()));
    flags.chain(endpoints).chain(numbers).collect()
}

/// A number without the zeros in front.
fn number_name(number: &str) -> String {
    let bare = number.trim_start_matches('0');
    if bare.is_empty() { "0".to_owned() } else { bare.to_owned() }
}
