//! Drift over the specs of a repository.

use crate::read::ReadFile;
use crate::workspace::{FileRole, Workspace};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use trueup_codebase::{Code, CodeKind, Codebase, Departed, Readable, Scope};
use trueup_drift::{Drifted, Reviewed, Subject, Unpromised, drift, promises, since_review, unpromised};
use trueup_markdown::Document;
use trueup_model::{Spec, SpecId, State, base_name, read_specs};
use trueup_repo::{CodeAt, Git, GitError, read_code_at};

/// What to hold against the code.
#[derive(Clone, Debug, Default)]
pub struct DriftOptions {
    /// Spec files from the root; all where this is empty.
    pub paths: Vec<Arc<str>>,
    /// Kinds of promises; all where this is empty.
    pub kinds: Vec<CodeKind>,
    /// Commits at which somebody looked at the drift of a spec, by its file and the name of its ledger: what
    /// differed then is not told again.
    pub reviews: FxHashMap<(Arc<str>, String), String>,
}

/// A spec held against the code.
#[derive(Debug)]
pub struct SpecDrift {
    /// Path from the root.
    pub path: Arc<str>,
    /// What to call it: its ID, else its file's name.
    pub name: String,
    /// What its ledger is called.
    pub ledger: String,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: State,
    /// Its promises, in the order of the document.
    pub rows: Vec<Drifted>,
    /// Promises that differed when somebody last looked, and differ in the same way now.
    pub seen: Vec<Drifted>,
    /// The commit at which somebody last looked, where drift counts from there.
    pub reviewed_at: Option<String>,
    /// The text that the spans lie in.
    pub text: Arc<str>,
}

impl SpecDrift {
    /// Whether it differs in a way that counts: only what is implemented has to be there.
    pub fn fails(&self) -> bool {
        self.state == State::Implemented && self.rows.iter().any(Drifted::fails)
    }
}

/// The specs of a repository held against its code, and the other way round.
#[derive(Debug)]
pub struct DriftReport {
    /// The specs that promise something, in the order of their paths.
    pub specs: Vec<SpecDrift>,
    /// Specs that promise nothing of these kinds.
    pub without_promises: usize,
    /// What the code has and no spec promises; none where only some specs or kinds were asked for.
    pub unpromised: Option<Vec<Unpromised>>,
    /// What could be read from the code, by kind; only kinds that were asked for.
    pub readable: Vec<(CodeKind, Readable)>,
    /// Files of code that were read.
    pub files: usize,
    /// Files of code that could not be read, with the reason.
    pub unreadable: Vec<(Arc<str>, String)>,
    /// What a reader has to know besides.
    pub notes: Vec<String>,
}

/// Why drift could not be counted from a review.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is no history.
    #[error("this is no git repository: what was there at {0} cannot be told")]
    NoGit(String),
    /// The commit cannot be read.
    #[error("the code as it was at {commit} cannot be read: {source}")]
    Unreadable {
        /// The commit.
        commit: String,
        /// Why.
        source: GitError,
    },
}

impl Workspace {
    /// Holds specs against the code.
    pub fn drift(&self, options: &DriftOptions) -> Result<DriftReport, ReviewError> {
        let kinds: Vec<CodeKind> = match options.kinds.is_empty() {
            true => CodeKind::ALL.to_vec(),
            false => options.kinds.clone(),
        };
        let asked = |path: &str| options.paths.is_empty() || options.paths.iter().any(|p| &**p == path);
        let of_file = |file: &ReadFile| {
            if !asked(&file.path) {
                return Vec::new();
            }
            file.specs.iter().map(|spec| self.spec_drift(file, spec, &kinds)).collect()
        };
        let read: Vec<Vec<SpecDrift>> = match options.paths.is_empty() {
            true => self.map_specs(of_file),
            false => {
                options.paths.par_iter().filter_map(|p| self.read_file(p)).map(|f| of_file(&f)).collect()
            }
        };
        let all: Vec<SpecDrift> = read.into_iter().flatten().collect();
        let whole = options.paths.is_empty() && options.kinds.is_empty() && !self.listed;
        let unpromised = whole.then(|| {
            let known: Vec<_> = all.iter().map(|spec| promises(&spec.path, &spec.rows)).collect();
            unpromised(&known, self.codebase())
        });
        let count = all.len();
        let mut specs: Vec<SpecDrift> = all.into_iter().filter(|spec| !spec.rows.is_empty()).collect();
        let without_promises = count - specs.len();
        let notes = self.leave_out_seen(&mut specs, options, &kinds)?;
        let reads_code = kinds.iter().any(|kind| *kind != CodeKind::Paths);
        let code = reads_code.then(|| self.codebase());
        Ok(DriftReport {
            specs,
            without_promises,
            unpromised,
            readable: kinds.iter().map(|kind| (*kind, self.readable(*kind, code))).collect(),
            files: code.map_or(0, |code| code.files),
            unreadable: code.map_or_else(Vec::new, |code| code.unreadable.clone()),
            notes,
        })
    }

    fn readable(&self, kind: CodeKind, code: Option<&Codebase>) -> Readable {
        match (kind, code) {
            (CodeKind::Paths, _) if self.listed => Readable::Yes(vec!["list of paths"]),
            (CodeKind::Paths, _) => Readable::Yes(vec!["work tree"]),
            (_, Some(code)) => code.readable(kind),
            (_, None) => Readable::No("the code was not read".to_owned()),
        }
    }

    fn spec_drift(&self, file: &ReadFile, spec: &Spec, kinds: &[CodeKind]) -> SpecDrift {
        let subject = Subject { path: &file.path, spec, code: self, paths: &self.world.paths };
        let stem = base_name(&file.path).trim_end_matches(".md");
        let title = spec.title.map(|id| file.document.section(id).title.clone());
        SpecDrift {
            path: Arc::clone(&file.path),
            name: spec.name().unwrap_or(stem).to_owned(),
            ledger: self.ledger_name(&file.path, spec),
            title: title.unwrap_or_else(|| stem.to_owned()),
            state: spec.state.state,
            rows: drift(&subject, kinds),
            seen: Vec::new(),
            reviewed_at: None,
            text: file.document.text().into(),
        }
    }

    /// Takes out of the rows what somebody has looked at; says of which specs nothing is known.
    fn leave_out_seen(
        &self,
        specs: &mut [SpecDrift],
        options: &DriftOptions,
        kinds: &[CodeKind],
    ) -> Result<Vec<String>, ReviewError> {
        let mut notes = Vec::new();
        let mut then: FxHashMap<&str, Then> = FxHashMap::default();
        for spec in specs.iter_mut() {
            let key = (Arc::clone(&spec.path), spec.ledger.clone());
            let Some(commit) = options.reviews.get(&key) else { continue };
            let known = match then.get(commit.as_str()) {
                Some(known) => known,
                None => {
                    let read = self.at(commit)?;
                    then.entry(commit.as_str()).or_insert(read)
                }
            };
            let Some(before) = self.rows_then(spec, known, kinds) else {
                let short = commit.get(..12).unwrap_or(commit);
                notes.push(format!(
                    "{} was reviewed at {short}, but was not found there: all of its drift counts",
                    spec.path
                ));
                continue;
            };
            let Reviewed { counting, seen } = since_review(std::mem::take(&mut spec.rows), &before, commit);
            (spec.rows, spec.seen, spec.reviewed_at) = (counting, seen, Some(commit.clone()));
        }
        Ok(notes)
    }

    fn at(&self, commit: &str) -> Result<Then, ReviewError> {
        let failed = |source| ReviewError::Unreadable { commit: commit.to_owned(), source };
        let git = Git::open(&self.root).ok_or_else(|| ReviewError::NoGit(commit.to_owned()))?;
        let (options, excluded) = self.code_options();
        let at = read_code_at(&git, commit, &options, &excluded).map_err(failed)?;
        Ok(Then { git, commit: commit.to_owned(), at, scope: self.scope() })
    }

    /// The rows of a spec at a commit, under the path that it had there; none where it was not there.
    fn rows_then(&self, spec: &SpecDrift, then: &Then, kinds: &[CodeKind]) -> Option<Vec<Drifted>> {
        let FileRole::Spec(set) = self.role(&spec.path) else { return None };
        let set = self.sets.get(set)?;
        let path = self.path_at(&spec.path, &then.commit);
        let bytes = then.git.file_at(&then.commit, &path).ok().flatten()?;
        let document = Document::parse(String::from_utf8_lossy(&bytes).into_owned());
        let file_id = SpecId::of_file_name(base_name(&path));
        let specs = read_specs(&path, &document, &set.schema, &set.settings, None, file_id.as_ref());
        let same = specs.iter().find(|old| old.name().is_some_and(|name| name == spec.name));
        let old = same.or(specs.first())?;
        Some(drift(&Subject { path: &path, spec: old, code: then, paths: &then.at.paths }, kinds))
    }
}

/// The code as it was at a commit.
#[derive(Debug)]
struct Then {
    git: Git,
    commit: String,
    at: CodeAt,
    scope: Scope,
}

impl Code for Then {
    fn codebase(&self) -> &Codebase {
        &self.at.codebase
    }

    fn scope(&self) -> Scope {
        self.scope.clone()
    }

    fn departed(&self, _path: &str) -> Option<Departed> {
        None
    }
}
