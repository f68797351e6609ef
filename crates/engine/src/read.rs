//! One file, read whole: its tree, its specs and the facts in them.

use crate::workspace::{FileRole, Workspace};
use rayon::prelude::*;
use std::sync::Arc;
use trueup_claims::BoundRow;
use trueup_markdown::Document;
use trueup_model::{Others, Sidecar, Spec, SpecOutline, read_specs};

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
    /// What policies say of the rows of each spec's matrix, in the order of `specs`; empty until
    /// [`Workspace::bind`] asks them.
    pub bound: Vec<Vec<BoundRow>>,
}

impl ReadFile {
    /// What policies say of the rows of a spec's matrix.
    pub fn bound_rows(&self, spec: &Spec) -> &[BoundRow] {
        let at = self.specs.iter().position(|s| s.region == spec.region);
        at.and_then(|at| self.bound.get(at)).map_or(&[], Vec::as_slice)
    }
}

impl Workspace {
    /// Reads a file that the repository holds; none where there is no such Markdown file.
    pub fn read_file(&self, path: &str) -> Option<ReadFile> {
        let head = self.corpus.head(path)?;
        let document = Document::parse(Arc::clone(&head.text));
        let set = match self.role(path) {
            FileRole::Spec(set) => Some(set),
            _ => None,
        };
        let sidecar = set.and_then(|s| self.sidecar(s, path));
        let specs = match set.map(|s| &self.sets[s]) {
            Some(set) => read_specs(
                path,
                &document,
                &set.schema,
                &set.settings,
                sidecar.as_ref(),
                head.file_id.as_ref(),
            ),
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
            bound: Vec::new(),
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
    fn outlines(&self, path: &str) -> &[SpecOutline] {
        let Some(slot) = self.corpus.position(path).and_then(|at| self.outlines.get(at)) else { return &[] };
        slot.get_or_init(|| {
            if !matches!(self.role(path), FileRole::Spec(_)) {
                return Box::default();
            }
            let Some(file) = self.read_file(path) else { return Box::default() };
            outlines_of(&file)
        })
    }
}

impl Workspace {
    /// Keeps what others may ask of a file that was read anyhow.
    pub(crate) fn keep_outlines(&self, file: &ReadFile) {
        if let Some(slot) = self.corpus.position(&file.path).and_then(|at| self.outlines.get(at)) {
            slot.get_or_init(|| outlines_of(file));
        }
    }
}

fn outlines_of(file: &ReadFile) -> Box<[SpecOutline]> {
    if file.tombstone {
        return Box::default();
    }
    file.specs.iter().map(|spec| SpecOutline::of(&file.path, &file.document, spec)).collect()
}
