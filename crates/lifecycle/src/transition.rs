//! A spec goes from one state to another.

use crate::action::Action;
use crate::failure::Failure;
use crate::gate::{self, in_words};
use crate::header::{field_edit, status_edit};
use crate::history::{HistoryEntry, history_edit};
use crate::links::relink;
use crate::place::path_in;
use crate::plan::{Plan, PlannedChange};
use crate::session::Session;
use crate::supersede;
use crate::tree::{TreeOptions, fit};
use crate::words::status_word;
use trueup_engine::{ReadFile, StateSourceName, Workspace};
use trueup_evidence::{
    Digest, Ledger, NewEntry, Person, Signer, Statement, fact_subjects, names_evidence, now, plan_append,
    spec_subjects,
};
use trueup_finding::Registry;
use trueup_model::{Date, Spec, State};
use trueup_repo::{BeforeWrite, Git};

/// What is asked for.
#[derive(Debug)]
pub struct Request<'a> {
    /// The step.
    pub action: Action,
    /// The spec, from the root.
    pub path: &'a str,
    /// The command as it was typed.
    pub command: &'a str,
    /// Who does it.
    pub by: Person,
    /// Why, for a spec that is put aside or taken up again.
    pub why: Option<String>,
    /// Until when a spec is put aside.
    pub until: Option<Date>,
    /// The spec that takes its place, from the root.
    pub successor: Option<&'a str>,
    /// Agree anew on a spec that is accepted.
    pub again: bool,
    /// Also change files with changes that are not committed.
    pub allow_dirty: bool,
    /// Work out what would change, and change nothing.
    pub dry_run: bool,
    /// Make a commit.
    pub commit: bool,
    /// Signs the line of the ledger.
    pub signer: Option<&'a Signer>,
}

/// What was done, or would be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What the spec is called.
    pub name: String,
    /// Its path afterwards.
    pub path: String,
    /// Its state before, in its own word.
    pub from: String,
    /// Its state afterwards, in its own word.
    pub to: String,
    /// The documents that changed.
    pub documents: Vec<PlannedChange>,
    /// The digest of the line of the ledger.
    pub evidence: Digest,
    /// The commit, where one was made.
    pub commit: Option<String>,
    /// What to know beside it, a sentence each.
    pub notes: Vec<String>,
}

/// Makes a step, or says why not; all or nothing is written. Without a session nothing is written at all.
pub fn transition(
    session: Option<&Session>,
    workspace: &Workspace,
    registry: &Registry,
    request: &Request<'_>,
    before: BeforeWrite<'_>,
) -> Result<Outcome, Failure> {
    let file = workspace.read_file(request.path).ok_or_else(|| no_spec(request.path))?;
    let (Some(set), Some(spec)) = (file.set, file.specs.first()) else { return Err(no_spec(request.path)) };
    let name = workspace.ledger_name(request.path, spec);
    let gate_notes = guard(workspace, registry, request, &file, spec, &name)?;
    let ledger = Ledger::read(&workspace.root, &name)?;
    let to = target_state(request, spec, &ledger);
    let step = Step { workspace, request, file: &file, set, spec, name: &name, to };
    let mut plan = Plan::default();
    let mut notes = gate_notes;
    notes.extend(step.plan(&mut plan)?);
    let evidence = plan.evidence.as_ref().map(|e| e.entry.digest.clone());
    let documents = plan.documents(workspace)?;
    let journal = plan.journal(workspace, request.command, request.path)?;
    fit(workspace, &journal, TreeOptions { allow_dirty: request.allow_dirty, commit: request.commit })?;
    let new_path = plan.moves.get(request.path).cloned().unwrap_or_else(|| request.path.to_owned());
    let mut outcome = Outcome {
        name: name.clone(),
        path: new_path,
        from: in_words(spec),
        to: status_word(workspace, set, to),
        documents,
        evidence: evidence.unwrap_or_else(|| Digest::of(b"")),
        commit: None,
        notes,
    };
    let Some(session) = session.filter(|_| !request.dry_run) else { return Ok(outcome) };
    session.make(&workspace.root, &journal, before)?;
    if request.commit {
        let paths: Vec<String> = journal.changes.iter().map(|change| change.path.clone()).collect();
        let message = commit_message(workspace, request.action.key(), &name, spec, &file, &outcome.to);
        outcome.commit = Some(commit(workspace, &paths, &message)?);
    }
    Ok(outcome)
}

/// Commits what was changed.
pub(crate) fn commit(workspace: &Workspace, paths: &[String], message: &str) -> Result<String, Failure> {
    let Some(git) = Git::open(&workspace.root) else {
        return Err(Failure::stopped("this is no git repository", "leave out `--commit`"));
    };
    git.commit(paths, message).map_err(|error| {
        Failure::stopped(
            format!("the files are changed, but the commit was not made: {error}"),
            "mend that and commit them by hand; `git status` shows them",
        )
    })
}

/// The message of `--commit`, as the team has it.
pub(crate) fn commit_message(
    workspace: &Workspace,
    action: &str,
    name: &str,
    spec: &Spec,
    file: &ReadFile,
    state: &str,
) -> String {
    let form = workspace.config.lifecycle.commit_message.as_deref().unwrap_or("docs(spec): {action} {id}");
    let title = spec.title.map(|id| file.document.section(id).title.clone()).unwrap_or_default();
    let slug: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    // One pass, so that a title with braces stays as it is.
    let mut out = String::new();
    let mut rest = form;
    while let Some(open) = rest.find('{') {
        let (before, inside) = rest.split_at(open);
        out.push_str(before);
        let close = inside.find('}').map_or(inside.len(), |at| at + 1);
        let (token, after) = inside.split_at(close);
        match token {
            "{action}" => out.push_str(action),
            "{id}" => out.push_str(name),
            "{title}" => out.push_str(&title),
            "{state}" => out.push_str(state),
            "{slug}" => out.push_str(&slug.join("-")),
            other => out.push_str(other),
        }
        rest = after;
    }
    out + rest
}

fn no_spec(path: &str) -> Failure {
    Failure::stopped(
        format!("{path} is no spec"),
        format!("`trueup check --explain-discovery {path}` says why"),
    )
}

/// Whether the step may be made at all; gives what to know beside it.
fn guard(
    workspace: &Workspace,
    registry: &Registry,
    request: &Request<'_>,
    file: &ReadFile,
    spec: &Spec,
    name: &str,
) -> Result<Vec<String>, Failure> {
    if file.specs.len() > 1 && request.action.gate().is_none() {
        return Err(Failure::stopped(
            format!("{} holds {} specs, and one step is for one spec", request.path, file.specs.len()),
            "give each spec a file of its own",
        ));
    }
    if let Some(which) = request.action.gate() {
        return match gate::gate(workspace, registry, request.path, which, request.again) {
            Some(report) if report.reasons.is_empty() => Ok(report.notes),
            Some(report) => Err(Failure::Refused(Box::new(report))),
            None => Err(no_spec(request.path)),
        };
    }
    if request.why.as_deref().is_some_and(names_evidence) {
        return Err(Failure::stopped(
            "`--why` holds “(evidence …)”, which the version history keeps for the ledger's own lines",
            "say it in other words",
        ));
    }
    let state = spec.state.state;
    if request.action.from().contains(&state) {
        return Ok(Vec::new());
    }
    let already = if state == request.action.to() { " already" } else { "" };
    let help = match state {
        State::Superseded => "`trueup reopen SPEC` takes it up again",
        _ => "`trueup status` shows where each spec stands",
    };
    Err(Failure::stopped(format!("{name} is {}{already}", in_words(spec)), help))
}

/// The state that the step leads to: a parked spec goes back to where it was.
fn target_state(request: &Request<'_>, spec: &Spec, ledger: &Ledger) -> State {
    if request.action != Action::Reopen || spec.state.state != State::Parked {
        return request.action.to();
    }
    let parked = ledger.entries.iter().rev().find_map(|entry| match &entry.statement {
        Statement::Transition { action, from, to }
            if action == Action::Park.key() && to == State::Parked.key() =>
        {
            State::from_key(from)
        }
        _ => None,
    });
    parked.unwrap_or(State::Draft)
}

struct Step<'a> {
    workspace: &'a Workspace,
    request: &'a Request<'a>,
    file: &'a ReadFile,
    set: usize,
    spec: &'a Spec,
    name: &'a str,
    to: State,
}

impl Step<'_> {
    /// Works out everything that changes; gives what to know beside it.
    fn plan(&self, plan: &mut Plan) -> Result<Vec<String>, Failure> {
        let (workspace, request) = (self.workspace, self.request);
        let mut notes = Vec::new();
        let word = status_word(workspace, self.set, self.to);
        let moved = path_in(workspace, self.set, request.path, self.to)?;
        if let Some(new) = &moved {
            plan.moves.insert(request.path.to_owned(), new.clone());
        }
        plan.evidence = Some(plan_append(&workspace.root, self.name, None, &self.entry(), request.signer)?);
        let digest = plan.evidence.as_ref().map(|e| e.entry.digest.short().to_owned()).unwrap_or_default();
        notes.extend(plan.evidence.iter().flat_map(|e| e.mended.clone()));
        self.status(plan, &word, moved.is_some())?;
        let text = self.history_text(&word, &digest);
        let settings = &workspace.sets.get(self.set).map(|s| &s.settings);
        let Some(settings) = settings else { return Err(no_spec(request.path)) };
        let entry = HistoryEntry { date: today(workspace)?, text, word: word.clone(), by: &request.by.name };
        let document = &self.file.document;
        match history_edit(document, self.spec, &settings.status_words, self.to, &entry) {
            Some(edit) => plan.edits.push(request.path, edit),
            None => notes
                .push("the spec has no version history, so the step stands in the ledger alone".to_owned()),
        }
        if let (Action::Supersede, Some(successor)) = (request.action, request.successor) {
            supersede::both_ends(workspace, self.file, self.spec, successor, &moved, plan)?;
        }
        let mut others: Vec<String> = request.successor.map(str::to_owned).into_iter().collect();
        if request.action == Action::Reopen && self.spec.state.state == State::Superseded {
            others.extend(supersede::neither_end(workspace, self.file, self.spec, plan));
        }
        relink(workspace, &plan.moves, &mut plan.edits);
        let both: Vec<&str> =
            std::iter::once(request.path).chain(others.iter().map(String::as_str)).collect();
        crate::index::update(workspace, plan, &both);
        if request.commit
            && workspace.world.branch == workspace.world.main_branch
            && self.to == State::InReview
        {
            notes.push("this is the main branch".to_owned());
        }
        Ok(notes)
    }

    fn entry(&self) -> NewEntry {
        let head = Git::open(&self.workspace.root).and_then(|git| git.head().ok().flatten());
        let facts = &self.spec.facts;
        let mut subjects = spec_subjects(self.name, facts, head.as_deref());
        // Only here was it agreed on: a parked spec that is taken up again stays what it was.
        if self.request.action == Action::Accept {
            subjects.extend(fact_subjects(self.name, facts));
        }
        NewEntry {
            by: self.request.by.clone(),
            time: now(),
            subjects,
            statement: Statement::Transition {
                action: self.request.action.key().to_owned(),
                from: self.spec.state.state.key().to_owned(),
                to: self.to.key().to_owned(),
            },
        }
    }

    fn status(&self, plan: &mut Plan, word: &str, moved: bool) -> Result<(), Failure> {
        let sidecar = self.file.sidecar.as_ref();
        if let Some(edit) =
            status_edit(&self.file.document, sidecar.map(|s| s.text.as_ref()), self.spec, word)
        {
            let path = match (self.spec.state.in_sidecar, sidecar) {
                (true, Some(sidecar)) => sidecar.path.as_str(),
                _ => self.request.path,
            };
            plan.edits.push(path, edit);
            return Ok(());
        }
        let source = self.workspace.config.lifecycle.source;
        let by_folder = source == Some(StateSourceName::Folder) || source.is_none() && moved;
        if !by_folder {
            plan.edits.push(self.request.path, field_edit(&self.file.document, self.spec, "Status", word));
        }
        Ok(())
    }

    fn history_text(&self, word: &str, digest: &str) -> String {
        let request = self.request;
        let mut text = match request.action {
            Action::Accept if request.again => format!("{word} again"),
            _ => word.to_owned(),
        };
        if let (Action::Supersede, Some(successor)) = (request.action, request.successor) {
            text.push_str(&format!(" by {}", supersede::called(self.workspace, successor)));
        }
        if let Some(until) = request.until {
            text.push_str(&format!(" until {until}"));
        }
        if let Some(why) = request.why.as_deref().map(str::trim).filter(|why| !why.is_empty()) {
            let line = why.split_whitespace().collect::<Vec<_>>().join(" ");
            text.push_str(&format!(": {line}"));
        }
        text.push_str(&format!(" (evidence {digest})"));
        text
    }
}

/// The day of the step.
pub(crate) fn today(workspace: &Workspace) -> Result<Date, Failure> {
    workspace
        .world
        .today
        .ok_or_else(|| Failure::stopped("the day cannot be told", "set TRUEUP_TODAY to YYYY-MM-DD"))
}
