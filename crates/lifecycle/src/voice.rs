//! What people say of a spec: approvals, rejections, reviews.

use crate::approvals::{authors, is_listed};
use crate::failure::Failure;
use crate::gate::in_words;
use crate::session::Session;
use crate::tree::evidence_kept;
use trueup_engine::Workspace;
use trueup_evidence::{Appended, NewEntry, Person, Signer, Statement, append, now, spec_subjects};
use trueup_model::State;
use trueup_repo::Git;

/// What somebody says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Voice {
    /// They agree to it as it stands.
    Approve,
    /// They do not.
    Reject(String),
    /// They looked at what drifted from it at this commit.
    Reviewed(String),
}

/// Records what somebody says of a spec as it stands. Nothing else changes.
pub fn speak(
    _session: &Session,
    workspace: &Workspace,
    path: &str,
    by: &Person,
    voice: &Voice,
    signer: Option<&Signer>,
) -> Result<(String, Appended), Failure> {
    let no_spec = || Failure::stopped(format!("{path} is no spec"), "name a spec");
    let file = workspace.read_file(path).ok_or_else(no_spec)?;
    let spec = file.specs.first().ok_or_else(no_spec)?;
    let name = workspace.ledger_name(path, spec);
    let state = spec.state.state;
    if matches!(voice, Voice::Approve | Voice::Reject(_))
        && matches!(state, State::Parked | State::Superseded)
    {
        return Err(Failure::stopped(
            format!("{name} is {}: there is nothing to agree on", in_words(spec)),
            "`trueup reopen SPEC` takes it up again",
        ));
    }
    if *voice == Voice::Approve {
        may_approve(workspace, path, spec, by, &name)?;
    }
    let commit = Git::open(&workspace.root).and_then(|git| git.head().ok().flatten());
    let statement = match voice {
        Voice::Approve => Statement::Approval,
        Voice::Reject(why) => Statement::Rejection { why: why.clone() },
        Voice::Reviewed(note) => {
            if commit.is_none() {
                return Err(Failure::stopped(
                    "there is no commit that could have been looked at",
                    "a review is recorded for a commit: it needs git and a first commit",
                ));
            }
            Statement::Review { note: note.clone() }
        }
    };
    let subjects = spec_subjects(&name, &spec.facts, commit.as_deref());
    let entry = NewEntry { by: by.clone(), time: now(), subjects, statement };
    evidence_kept(&workspace.root, &name)?;
    let appended = append(&workspace.root, &name, &entry, signer)?;
    Ok((name, appended))
}

/// Whether somebody's approval would count.
fn may_approve(
    workspace: &Workspace,
    path: &str,
    spec: &trueup_model::Spec,
    by: &Person,
    name: &str,
) -> Result<(), Failure> {
    let authors = authors(workspace, path, spec);
    if authors.has(by) {
        return Err(Failure::stopped(
            format!("{by} wrote {name}, and nobody approves their own spec"),
            "ask somebody else; authors are whoever first committed the file, and its owner",
        ));
    }
    if let Some((what, help)) = authors.unknown {
        return Err(Failure::stopped(format!("{what}, and nobody approves their own spec"), help));
    }
    let config = &workspace.config.lifecycle.approvals;
    let of_area = config.areas.iter().any(|area| is_listed(by, &area.allowed));
    if !config.allowed.is_empty() && !is_listed(by, &config.allowed) && !of_area {
        return Err(Failure::stopped(
            format!("{by} is not among those whose approval counts"),
            format!("`[lifecycle.approvals]` in trueup.toml names {}", config.allowed.join(", ")),
        ));
    }
    Ok(())
}
