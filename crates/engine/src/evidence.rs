//! What the ledgers say of specs, and the trace of items to tests and results.

use crate::read::ReadFile;
use crate::workspace::Workspace;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
use trueup_codebase::{Code, CodeKind, Outcome, TestResult};
use trueup_evidence::{
    Checks, EVIDENCE_FOLDER, Ledger, LedgerError, Problem, Statement, TestOutcome, Waiver, WaiverProblem,
    anchors_in, file_stem, item_digest, ledgers, verify, waivers,
};
use trueup_model::{Spec, State, name_of_file};
use trueup_repo::{ChangeKind, Git, GitError};
use trueup_text::LineIndex;
use trueup_trace::{Input, Recorded, Trace, TracedSpec, Waived, items_of, trace};

/// Why evidence cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// A ledger cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Git does not say what stands in the last commit.
    #[error("git does not say what was committed: {0}")]
    Git(#[from] GitError),
}

/// A spec with its ledger.
#[derive(Clone, Debug)]
pub struct SpecLedger {
    /// What the ledger is called: the spec's ID, else the stem of its file. For a ledger whose spec is
    /// gone the stem of the ledger's file.
    pub name: String,
    /// The spec's file; none where no spec has this ledger.
    pub path: Option<Arc<str>>,
    /// The ledger.
    pub ledger: Ledger,
    /// The fronts of digests that the spec's history names.
    pub anchors: Vec<String>,
}

/// A trace with what it rests on.
#[derive(Debug)]
pub struct TraceRun {
    /// The trace.
    pub trace: Trace,
    /// How many tests the code holds.
    pub tests: usize,
    /// Why tests could not be read.
    pub tests_unreadable: Option<String>,
    /// How many results were given; none where no report was.
    pub results: Option<usize>,
    /// Waivers that count for nothing: the ledger, and what is wrong.
    pub waiver_problems: Vec<(String, WaiverProblem)>,
    /// What the ledger of each spec is called, by the spec's file.
    pub ledger_names: FxHashMap<Arc<str>, String>,
}

/// What one file gives for a trace.
struct Part {
    specs: Vec<TracedSpec>,
    names: Vec<String>,
}

impl Workspace {
    /// All ledgers, those of specs first in the order of their paths.
    pub fn evidence(&self) -> Result<Vec<SpecLedger>, EvidenceError> {
        let mut rest: FxHashSet<String> = ledgers(&self.root)?.into_iter().collect();
        let mut out: Vec<SpecLedger> = Vec::new();
        let of_file = |file: &ReadFile| -> Vec<(String, Vec<String>)> {
            file.specs.iter().map(|s| (self.ledger_name(&file.path, s), anchors_of(file, s))).collect()
        };
        for (path, named) in self.map_specs(|file| (Arc::clone(&file.path), of_file(file))) {
            for (name, anchors) in named {
                // A history may speak of a ledger that is not there any more.
                if rest.remove(&file_stem(&name)) || !anchors.is_empty() {
                    let ledger = Ledger::read(&self.root, &name)?;
                    out.push(SpecLedger { name, path: Some(Arc::clone(&path)), ledger, anchors });
                }
            }
        }
        let mut rest: Vec<String> = rest.into_iter().collect();
        rest.sort();
        for name in rest {
            let ledger = Ledger::read(&self.root, &name)?;
            out.push(SpecLedger { name, path: None, ledger, anchors: Vec::new() });
        }
        Ok(out)
    }

    /// The ledger of one spec.
    pub fn evidence_of(&self, file: &ReadFile, spec: &Spec) -> Result<SpecLedger, EvidenceError> {
        let name = self.ledger_name(&file.path, spec);
        let ledger = Ledger::read(&self.root, &name)?;
        Ok(SpecLedger { name, path: Some(Arc::clone(&file.path)), ledger, anchors: anchors_of(file, spec) })
    }

    /// Everything that does not hold in a ledger: by itself, by the spec's history and by the last commit.
    pub fn verify_evidence(&self, spec: &SpecLedger) -> Result<Vec<Problem>, EvidenceError> {
        let signers = self.allowed_signers();
        let known = match self.committed_ledgers.get_or_init(|| CommittedLedgers::read(self)) {
            Ok(known) => known,
            Err(error) => return Err(error.clone().into()),
        };
        let path = &spec.ledger.path;
        let committed = known.of_head(path)?;
        let copy = known.of_base(path)?;
        let base = self.world.main_branch.as_deref().zip(copy);
        let checks = Checks {
            anchors: &spec.anchors,
            committed: committed.as_deref(),
            base: base.as_ref().map(|(branch, copy)| (*branch, copy.as_slice())),
            signers: signers.as_ref(),
            require_signatures: self.config.evidence.require_signatures,
        };
        Ok(verify(&spec.ledger, &checks))
    }

    /// Traces what all specs promise to tests, results and evidence.
    pub fn trace(&self, results: Option<&[TestResult]>) -> Result<TraceRun, EvidenceError> {
        let parts = self.map_specs(|file| self.part(file));
        let mut specs = Vec::new();
        let mut ledger_names = FxHashMap::default();
        let mut evidence = Evidence::new(self)?;
        for part in parts {
            for (spec, name) in part.specs.into_iter().zip(part.names) {
                evidence.read(&spec, &name)?;
                ledger_names.insert(Arc::clone(&spec.path), name);
                specs.push(spec);
            }
        }
        Ok(self.traced(&specs, evidence, ledger_names, results))
    }

    /// What the ledger of one file's specs says of their items, for the code as it stands. Citations of
    /// other specs are not judged.
    pub fn trace_of(&self, file: &ReadFile) -> Result<TraceRun, EvidenceError> {
        let mut evidence = Evidence::new(self)?;
        let part = self.part(file);
        for (spec, name) in part.specs.iter().zip(&part.names) {
            evidence.read(spec, name)?;
        }
        Ok(self.traced(&part.specs, evidence, FxHashMap::default(), None))
    }

    fn traced(
        &self,
        specs: &[TracedSpec],
        evidence: Evidence<'_>,
        ledger_names: FxHashMap<Arc<str>, String>,
        results: Option<&[TestResult]>,
    ) -> TraceRun {
        let code = self.codebase();
        let readable = code.readable(CodeKind::Tests);
        let input = Input {
            specs,
            tests: &code.tests,
            readable: &readable,
            results,
            recorded: &evidence.recorded,
            waivers: &evidence.waived,
        };
        TraceRun {
            trace: trace(&input),
            tests: code.tests.len(),
            tests_unreadable: match readable {
                trueup_codebase::Readable::No(why) => Some(why),
                trueup_codebase::Readable::Yes(_) => None,
            },
            results: results.map(<[TestResult]>::len),
            waiver_problems: evidence.problems,
            ledger_names,
        }
    }

    fn part(&self, file: &ReadFile) -> Part {
        let text = file.document.text();
        let lines = LineIndex::new(text);
        let digest = |id: &str, said: &str| item_digest(id, said).0;
        let spec_of = |spec: &Spec| TracedSpec {
            name: spec.name().map_or_else(|| name_of_file(&file.path).to_owned(), str::to_owned),
            path: Arc::clone(&file.path),
            superseded: spec.state.state == State::Superseded,
            items: items_of(&spec.facts, text, &lines, &digest),
        };
        Part {
            specs: file.specs.iter().map(spec_of).collect(),
            names: file.specs.iter().map(|spec| self.ledger_name(&file.path, spec)).collect(),
        }
    }

    /// The items that the ledgers of the specs in a file name, for rules. A ledger that cannot be read
    /// names none: `evidence verify` says why.
    pub(crate) fn items_in_ledgers(&self, path: &str) -> Vec<String> {
        let Some(file) = self.read_file(path) else { return Vec::new() };
        let mut out = Vec::new();
        for spec in &file.specs {
            let name = self.ledger_name(path, spec);
            let Ok(ledger) = Ledger::read(&self.root, &name) else { continue };
            for entry in &ledger.entries {
                match &entry.statement {
                    Statement::TestResult { tests, .. } => {
                        out.extend(tests.iter().map(|(_, item, _)| item_name(item).to_owned()));
                    }
                    Statement::Verified { .. } => {
                        let items = entry.subjects.iter().filter_map(|s| s.name.split_once('#'));
                        out.extend(items.map(|(_, item)| item.to_owned()));
                    }
                    _ => {}
                }
            }
            let today = self.world.today.map(|day| waivers(&ledger.entries, day).0).unwrap_or_default();
            out.extend(today.into_iter().map(|w| item_name(&w.of).to_owned()));
        }
        out
    }

    /// Files whose change could change what a test says, that differ from the last commit; none where
    /// they are as committed.
    pub fn uncommitted_code(&self) -> Result<Vec<String>, EvidenceError> {
        let Some(git) = Git::open(&self.root) else { return Ok(Vec::new()) };
        Ok(telling(git.status()?))
    }
}

/// The ledgers at the last commit and where this branch left the main branch. Approvals, rejections, waivers and
/// results leave no mark in a spec, so that only the other branch knows of those that a commit took away. Which
/// ledgers there are is asked once for all specs: most have none.
#[derive(Debug, Default)]
pub(crate) struct CommittedLedgers {
    git: Option<Git>,
    head: Option<LedgersAt>,
    /// By the remote's main branch, then by the one of this clone.
    bases: Vec<LedgersAt>,
}

/// The files of ledgers that a commit holds.
#[derive(Debug)]
struct LedgersAt {
    commit: String,
    files: FxHashSet<String>,
}

impl CommittedLedgers {
    fn read(workspace: &Workspace) -> Result<CommittedLedgers, GitError> {
        let Some(git) = Git::open(&workspace.root) else { return Ok(CommittedLedgers::default()) };
        let Some(head) = git.head()? else { return Ok(CommittedLedgers::default()) };
        let mut bases = Vec::new();
        if let Some(main) = &workspace.world.main_branch {
            for name in [format!("origin/{main}"), format!("refs/heads/{main}")] {
                let Some(tip) = git.resolve(&name)?.filter(|tip| *tip != head) else { continue };
                if let Some(base) = git.merge_base(&tip, &head)?.filter(|base| *base != head) {
                    bases.push(LedgersAt::read(&git, base)?);
                }
            }
        }
        Ok(CommittedLedgers { head: Some(LedgersAt::read(&git, head)?), bases, git: Some(git) })
    }

    fn of_head(&self, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        self.copy(self.head.as_slice(), path)
    }

    fn of_base(&self, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        self.copy(&self.bases, path)
    }

    /// A ledger at the first of some commits that has it.
    fn copy(&self, commits: &[LedgersAt], path: &str) -> Result<Option<Vec<u8>>, GitError> {
        let Some(git) = &self.git else { return Ok(None) };
        match commits.iter().find(|at| at.files.contains(path)) {
            Some(at) => git.file_at(&at.commit, path),
            None => Ok(None),
        }
    }
}

impl LedgersAt {
    fn read(git: &Git, commit: String) -> Result<LedgersAt, GitError> {
        let files = git.tree_below(&commit, &[EVIDENCE_FOLDER])?;
        Ok(LedgersAt { files: files.into_iter().map(|file| file.path).collect(), commit })
    }
}

/// What all ledgers say.
struct Evidence<'a> {
    workspace: &'a Workspace,
    git: Option<Git>,
    /// Why the code of a commit is not the code as it stands, by commit.
    currency: FxHashMap<String, Option<String>>,
    stems: FxHashSet<String>,
    recorded: Vec<Recorded>,
    waived: Vec<Waived>,
    problems: Vec<(String, WaiverProblem)>,
}

impl<'a> Evidence<'a> {
    fn new(workspace: &'a Workspace) -> Result<Evidence<'a>, EvidenceError> {
        Ok(Evidence {
            workspace,
            git: Git::open(&workspace.root),
            currency: FxHashMap::default(),
            stems: ledgers(&workspace.root)?.into_iter().collect(),
            recorded: Vec::new(),
            waived: Vec::new(),
            problems: Vec::new(),
        })
    }

    fn read(&mut self, spec: &TracedSpec, name: &str) -> Result<(), EvidenceError> {
        if !self.stems.contains(&file_stem(name)) {
            return Ok(());
        }
        let ledger = Ledger::read(&self.workspace.root, name)?;
        let path: Arc<str> = Arc::from(ledger.path.as_str());
        for entry in &ledger.entries {
            let digest = |item: &str| {
                let of_item =
                    |s: &&trueup_evidence::Subject| s.name.rsplit_once('#').is_some_and(|(_, i)| i == item);
                entry.subjects.iter().find(of_item).map(|s| s.digest.clone())
            };
            let results: Vec<(String, String, Outcome)> = match &entry.statement {
                Statement::TestResult { tests, .. } => {
                    let one = |(test, item, outcome): &(String, String, TestOutcome)| {
                        (test.clone(), item_name(item).to_owned(), outcome_of(*outcome))
                    };
                    tests.iter().map(one).collect()
                }
                Statement::Verified { verifier, holds, .. } => {
                    let outcome = if *holds { Outcome::Passed } else { Outcome::Failed };
                    let items = entry.subjects.iter().filter_map(|s| s.name.split_once('#'));
                    items.map(|(_, item)| (verifier.clone(), item.to_owned(), outcome)).collect()
                }
                _ => continue,
            };
            let commit = entry.subjects.iter().find(|s| s.name == "git:commit").map(|s| s.digest.as_str());
            let outdated = self.outdated(commit);
            for (test, item, outcome) in results {
                self.recorded.push(Recorded {
                    spec: Arc::clone(&spec.path),
                    digest: digest(&item),
                    item,
                    test,
                    outcome,
                    outdated: outdated.clone(),
                    path: Arc::clone(&path),
                    line: entry.line,
                });
            }
        }
        self.read_waivers(spec, name, &ledger);
        Ok(())
    }

    fn read_waivers(&mut self, spec: &TracedSpec, name: &str, ledger: &Ledger) {
        // Without a day nothing counts.
        let Some(today) = self.workspace.world.today else { return };
        let (good, bad) = waivers(&ledger.entries, today);
        let one = |w: Waiver| Waived {
            spec: Arc::clone(&spec.path),
            item: item_name(&w.of).to_owned(),
            digest: w.item_digest,
            owner: w.owner,
            reason: w.reason,
            until: w.expires,
        };
        self.waived.extend(good.into_iter().map(one));
        self.problems.extend(bad.into_iter().map(|problem| (name.to_owned(), problem)));
    }

    /// Why results of a commit do not speak for the code as it stands.
    fn outdated(&mut self, commit: Option<&str>) -> Option<String> {
        let Some(commit) = commit else { return Some("it names no commit".to_owned()) };
        if let Some(known) = self.currency.get(commit) {
            return known.clone();
        }
        let why = self.compared(commit);
        self.currency.insert(commit.to_owned(), why.clone());
        why
    }

    fn compared(&self, commit: &str) -> Option<String> {
        let short = commit.get(..10).unwrap_or(commit);
        let Some(git) = &self.git else {
            return Some(format!("without git nobody can tell whether the code is that of {short}"));
        };
        let changed = match git.resolve(commit) {
            Ok(None) => return Some(format!("its commit {short} is not in this repository")),
            Ok(Some(_)) => git.changes(commit, Some("HEAD")).and_then(|mut all| {
                all.extend(git.status()?);
                Ok(telling(all))
            }),
            Err(error) => Err(error),
        };
        match changed.as_deref() {
            Ok([]) => None,
            Ok([one]) => Some(format!("{one} has changed since {short}")),
            Ok([one, rest @ ..]) => Some(format!("{one} and {} more have changed since {short}", rest.len())),
            Err(error) => Some(format!("git does not say what has changed since {short}: {error}")),
        }
    }
}

/// The files among changes that could change what a test says: all but documents and trueup's own; of
/// new files only code, since reports and builds lie about as well.
fn telling(changes: Vec<trueup_repo::Change>) -> Vec<String> {
    let mut out: Vec<String> = changes
        .into_iter()
        .filter(|c| {
            !is_document(&c.path) && (c.kind != ChangeKind::Added || trueup_repo::holds_code(&c.path))
        })
        .map(|c| c.path)
        .collect();
    out.sort();
    out.dedup();
    out
}

fn is_document(path: &str) -> bool {
    let lower = path.to_lowercase();
    lower.starts_with(".trueup/") || [".md", ".markdown", ".mdx"].iter().any(|end| lower.ends_with(end))
}

/// `AC-3` of `SPEC-012#AC-3` and of `AC-3`.
fn item_name(text: &str) -> &str {
    text.rsplit_once('#').map_or(text, |(_, item)| item)
}

fn outcome_of(outcome: TestOutcome) -> Outcome {
    match outcome {
        TestOutcome::Passed => Outcome::Passed,
        TestOutcome::Failed => Outcome::Failed,
        TestOutcome::Skipped => Outcome::Skipped,
    }
}

/// The fronts of digests that the history of a spec names (`evidence 3f9c0a12d3e4`).
fn anchors_of(file: &ReadFile, spec: &Spec) -> Vec<String> {
    anchors_in_history(file.document.text(), spec)
}

/// The same from the text of the spec's file.
pub(crate) fn anchors_in_history(text: &str, spec: &Spec) -> Vec<String> {
    let mut out = Vec::new();
    for entry in &spec.facts.changelog {
        for text in [entry.span.text(text), &entry.text] {
            out.extend(anchors_in(text));
        }
    }
    out.sort();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_tests_depend_on_outdates_them() {
        let change = |path: &str, kind| trueup_repo::Change { path: path.to_owned(), kind, old_path: None };
        let changes = vec![
            change("src/pay.rs", ChangeKind::Modified),
            change("src/new.rs", ChangeKind::Added),
            change("report.xml", ChangeKind::Added),
            change("Cargo.toml", ChangeKind::Modified),
            change("specs/a.md", ChangeKind::Modified),
            change(".trueup/evidence/A.jsonl", ChangeKind::Modified),
        ];
        assert_eq!(telling(changes), ["Cargo.toml", "src/new.rs", "src/pay.rs"]);
    }
}
