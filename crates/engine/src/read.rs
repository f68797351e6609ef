//! One file, read whole: its tree, its specs and the facts in them.

use crate::workspace::{FileRole, Workspace};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use trueup_claims::BoundRow;
use trueup_drift::FileRows;
use trueup_markdown::Document;
use trueup_model::{NameElsewhere, Others, Sidecar, Spec, SpecOutline, TakenElsewhere, read_specs};

/// A file of a repository, read whole.
#[derive(Debug)]
pub struct ReadFile {
    /// Path from the root.
    pub path: Arc<str>,
    /// The set that it is a spec of.
    pub set: Option<usize>,
    /// Its tree.
    pub document: Document,
    /// The specs in it; none where it is no spec.
    pub specs: Vec<Spec>,
    /// The YAML file beside it.
    pub sidecar: Option<Sidecar>,
    /// Whether it is a stub that says where a document went.
    pub tombstone: bool,
    /// The version of its template, where it is not the newest.
    pub(crate) version: Option<usize>,
    /// What policies say of the rows of each spec's matrix, in the order of `specs`; empty until
    /// [`Workspace::bind`] asks them.
    pub bound: Vec<Vec<BoundRow>>,
    /// What became of the promises of the specs, for each kind that a rule has asked for.
    pub(crate) rows: FileRows,
}

impl ReadFile {
    /// What policies say of the rows of a spec's matrix.
    pub fn bound_rows(&self, spec: &Spec) -> &[BoundRow] {
        let at = self.specs.iter().position(|s| s.region == spec.region);
        at.and_then(|at| self.bound.get(at)).map_or(&[], Vec::as_slice)
    }
}

/// What was read before its turn came, by the file's position in the corpus, so that no file is read twice.
#[derive(Debug, Default)]
pub(crate) struct ReadAhead {
    /// Trees of the specs that were measured.
    trees: Mutex<FxHashMap<usize, Document>>,
    /// Files that the check at hand will look at; with what was read of them for another's sake.
    files: Mutex<FxHashMap<usize, Option<ReadFile>>>,
}

impl ReadAhead {
    /// Keeps a tree until the file is read.
    pub(crate) fn keep_tree(&self, position: usize, tree: Document) {
        locked(&self.trees).insert(position, tree);
    }

    /// A check will ask for these files, each once.
    pub(crate) fn expect(&self, positions: impl Iterator<Item = usize>) {
        *locked(&self.files) = positions.map(|position| (position, None)).collect();
    }

    /// Keeps a file for the check, if that still waits for it.
    fn keep_file(&self, position: usize, file: ReadFile) {
        if let Some(slot) = locked(&self.files).get_mut(&position) {
            *slot = Some(file);
        }
    }

    /// Whether anything of a file is kept.
    fn holds(&self, position: usize) -> bool {
        locked(&self.trees).contains_key(&position)
            || matches!(locked(&self.files).get(&position), Some(Some(_)))
    }

    fn take_file(&self, position: usize) -> Option<ReadFile> {
        locked(&self.files).remove(&position).flatten()
    }
}

/// Files that wait for their check, by their place in a list.
pub(crate) struct Turns {
    waiting: Mutex<Vec<usize>>,
}

impl Turns {
    /// As many as there are, in order.
    pub(crate) fn new(count: usize) -> Turns {
        Turns { waiting: Mutex::new((0..count).collect()) }
    }

    /// The next one: a file of which something was read before its turn goes first, so that this is not
    /// kept in memory longer than it must be.
    pub(crate) fn next(&self, ahead: &ReadAhead, position: impl Fn(usize) -> Option<usize>) -> Option<usize> {
        let mut waiting = locked(&self.waiting);
        let held = waiting.iter().position(|turn| position(*turn).is_some_and(|at| ahead.holds(at)));
        let at = held.unwrap_or(0);
        (at < waiting.len()).then(|| waiting.remove(at))
    }
}

/// What is kept can be read again at any time, so a thread that died does no harm.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workspace {
    /// Reads a file that the repository holds; none where there is no such Markdown file.
    pub fn read_file(&self, path: &str) -> Option<ReadFile> {
        let position = self.corpus.position(path)?;
        let head = self.corpus.head(path)?;
        let tree = locked(&self.ahead.trees).remove(&position);
        let document = tree.unwrap_or_else(|| Document::parse(Arc::clone(&head.text)));
        let set = match self.role(path) {
            FileRole::Spec(set) => Some(set),
            _ => None,
        };
        let sidecar = set.and_then(|s| self.sidecar(s, path));
        let version = set.and_then(|s| self.version_of(s, path, &document, sidecar.as_ref()));
        let specs = match set.map(|s| (&self.sets[s], self.schema_of(s, version))) {
            Some((set, schema)) => {
                read_specs(path, &document, schema, &set.settings, sidecar.as_ref(), head.file_id.as_ref())
            }
            None => Vec::new(),
        };
        let tombstone = set.is_some() && crate::check::is_tombstone(&document, &specs);
        Some(ReadFile {
            path: Arc::clone(&head.path),
            set,
            document,
            specs,
            sidecar,
            tombstone,
            version,
            bound: Vec::new(),
            rows: FileRows::default(),
        })
    }

    /// Calls a function with every spec file of the repository, in parallel; what it returns comes in the
    /// order of the paths. Stubs that say where a document went are left out.
    pub fn map_specs<T: Send>(&self, map: impl Fn(&ReadFile) -> T + Sync) -> Vec<T> {
        let heads = self.corpus.heads();
        let read = heads.par_iter().filter(|h| matches!(self.role(&h.path), FileRole::Spec(_)));
        let files = read.filter_map(|h| self.read_file(&h.path)).filter(|f| !f.tombstone);
        files.map(|file| map(&file)).collect()
    }
}

impl Others for Workspace {
    fn taken_elsewhere(&self, path: &str) -> &[TakenElsewhere] {
        self.taken_ids(path)
    }

    fn names_elsewhere(&self, path: &str) -> Vec<NameElsewhere> {
        self.names_taken(path)
    }

    fn outlines(&self, path: &str) -> &[SpecOutline] {
        let Some(position) = self.corpus.position(path) else { return &[] };
        let Some(slot) = self.outlines.get(position) else { return &[] };
        slot.get_or_init(|| {
            if !matches!(self.role(path), FileRole::Spec(_)) {
                return Box::default();
            }
            let Some(file) = self.read_file(path) else { return Box::default() };
            let outlines = outlines_of(&file);
            self.ahead.keep_file(position, file);
            outlines
        })
    }
}

impl Workspace {
    /// Reads a file to check it, or takes it as it was read for another's sake. Its outlines are kept.
    pub(crate) fn read_to_check(&self, path: &str) -> Option<ReadFile> {
        let position = self.corpus.position(path)?;
        let mut file = None;
        if let Some(slot) = self.outlines.get(position) {
            // Waits where another thread is reading the file at this moment.
            slot.get_or_init(|| {
                file = self.read_file(path);
                file.as_ref().map(outlines_of).unwrap_or_default()
            });
        }
        let kept = self.ahead.take_file(position);
        file.or(kept).or_else(|| self.read_file(path))
    }
}

fn outlines_of(file: &ReadFile) -> Box<[SpecOutline]> {
    if file.tombstone {
        return Box::default();
    }
    file.specs.iter().map(|spec| SpecOutline::of(&file.path, &file.document, spec)).collect()
}
