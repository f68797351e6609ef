//! What the ledger of evidence says of specs.

use crate::workspace::Workspace;
use rustc_hash::FxHashSet;
use trueup_evidence::{
    AllowedSigners, Ledger, SignerProblem, changes_since, file_stem, last_acceptance, ledgers,
};
use trueup_finding::{FileCx, Report};
use trueup_model::{Spec, State, name_of_file};

/// Where the people and their keys stand, where the configuration says nothing.
const ALLOWED_SIGNERS: &str = ".trueup/allowed_signers";
/// Changes that a message names.
const MOST_NAMED: usize = 4;

impl Workspace {
    /// What the ledger of a spec is called: its ID, else the name of its file or folder. Where two specs share an ID
    /// each has the ledger of its file; but the one whose history names lines of a ledger keeps that ledger, so that
    /// nobody detaches a spec from what was recorded of it by adding a file.
    pub fn ledger_name(&self, path: &str, spec: &Spec) -> String {
        let stem = name_of_file(path).to_owned();
        let own = spec.file_id.as_ref().or(spec.title_ids.first().map(|(_, id)| id));
        let Some(id) = own else { return stem };
        let shared =
            self.corpus.specs_with_id(id).any(|head| &*head.path != path && !self.is_stub(&head.path));
        if !shared && (self.has_ledger(&id.text) || !self.has_ledger(&stem)) {
            return id.text.clone();
        }
        let anchors = self.anchors_of(path, spec);
        let has_lines = |name: &&str| {
            let ledger = Ledger::read(&self.root, name).unwrap_or_default();
            anchors
                .iter()
                .any(|anchor| ledger.lines.iter().any(|line| line.digest.0.starts_with(anchor.as_str())))
        };
        let recorded =
            [id.text.as_str(), stem.as_str()].into_iter().filter(|_| !anchors.is_empty()).find(has_lines);
        let usual = if shared { stem.as_str() } else { id.text.as_str() };
        recorded.unwrap_or(usual).to_owned()
    }

    /// Whether a file only says where its spec went.
    fn is_stub(&self, path: &str) -> bool {
        self.read_file(path).is_some_and(|file| file.tombstone)
    }

    /// The fronts of digests that the history of a spec names.
    fn anchors_of(&self, path: &str, spec: &Spec) -> Vec<String> {
        let text = self.corpus.head(path).map(|head| std::sync::Arc::clone(&head.text));
        crate::evidence::anchors_in_history(text.as_deref().unwrap_or_default(), spec)
    }

    /// Who may sign; none where there is no such file and none is configured, so that anybody may have signed.
    /// A file that is there and cannot be read allows nobody, and says so.
    pub fn allowed_signers(&self) -> Option<AllowedSigners> {
        let configured = self.config.evidence.allowed_signers.as_deref();
        let path = configured.unwrap_or(ALLOWED_SIGNERS);
        if configured.is_none() && std::fs::symlink_metadata(self.root.join(path)).is_err() {
            return None;
        }
        Some(match self.text_of(path, crate::workspace::MAX_FILE_SIZE) {
            Ok(text) => AllowedSigners::parse(path, &text),
            Err(problem) => {
                let problem = SignerProblem { line: 1, what: problem.to_string() };
                AllowedSigners { path: path.to_owned(), signers: Vec::new(), problems: vec![problem] }
            }
        })
    }

    /// The files of ledgers, listed once.
    fn ledger_stems(&self) -> &FxHashSet<String> {
        self.ledger_stems.get_or_init(|| {
            let found = ledgers(&self.root).unwrap_or_default();
            found.into_iter().collect::<FxHashSet<String>>()
        })
    }

    /// Whether anything was recorded of any spec.
    pub(crate) fn has_any_ledger(&self) -> bool {
        !self.ledger_stems().is_empty()
    }

    fn has_ledger(&self, name: &str) -> bool {
        let stems = self.ledger_stems();
        !stems.is_empty() && stems.contains(&file_stem(name))
    }

    /// What of accepted specs is not as it was when they were accepted.
    pub(crate) fn changed_since_accepted(&self, cx: &FileCx<'_>) -> Vec<Report> {
        // What a ledger is called may depend on other files: where there is none, none of them is read.
        if self.ledger_stems().is_empty() {
            return Vec::new();
        }
        let settled = |spec: &&Spec| matches!(spec.state.state, State::Accepted | State::Implemented);
        cx.specs.iter().filter(settled).filter_map(|spec| self.changed(cx, spec)).collect()
    }

    fn changed(&self, cx: &FileCx<'_>, spec: &Spec) -> Option<Report> {
        let name = self.ledger_name(cx.path, spec);
        if !self.has_ledger(&name) {
            return None;
        }
        let ledger = Ledger::read(&self.root, &name).ok()?;
        let acceptance = last_acceptance(&ledger.entries)?;
        let changes = changes_since(acceptance, &name, &spec.facts);
        if changes.is_empty() {
            return None;
        }
        let mut named: Vec<String> = changes.iter().take(MOST_NAMED).map(ToString::to_string).collect();
        if changes.len() > MOST_NAMED {
            named.push(format!("and {} more", changes.len() - MOST_NAMED));
        }
        let day = acceptance.time.get(..10).unwrap_or("");
        let message = format!("facts changed since this spec was accepted on {day}: {}", named.join(", "));
        let span = spec
            .state
            .span
            .filter(|_| !spec.state.in_sidecar)
            .or_else(|| spec.title.map(|id| cx.document.section(id).title_span));
        let report = Report::new(span.unwrap_or_default(), message)
            .hint(format!(
                "bring the facts back, or ask for a new approval (`trueup approve {name}`) and then `trueup accept {name} --again`"
            ))
            .subject("changed since accepted");
        Some(report)
    }
}
