//! What commands that prove something share: the server, the output, and evidence.

use super::trace::clean_commit;
use crate::context::Context;
use crate::failure::Failure;
use crate::signing::{Signing, whoever};
use crate::words::count;
use std::path::PathBuf;
use trueup_engine::{Workspace, proof_statement};
use trueup_evidence::{Ledger, NewEntry, Statement, Subject, append, item_digest, now};
use trueup_model::{ProofKind, Spec};
use trueup_postgres::{Server, ServerOptions};

/// Which PostgreSQL.
#[derive(Debug, clap::Args)]
pub(crate) struct ServerArgs {
    /// Use scratch databases on this server in place of a server of our own (`postgresql://user@host/db`)
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// The major version of our own server; the newest that is installed where absent
    #[arg(long, value_name = "MAJOR", conflicts_with = "database_url")]
    postgres: Option<u32>,
}

impl ServerArgs {
    /// Starts the server, or connects to the given one.
    pub(crate) fn start(&self) -> Result<Server, Failure> {
        let options = ServerOptions { database_url: self.database_url.clone(), version: self.postgres };
        Ok(Server::start(&options)?)
    }
}

/// How a proof is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(crate) enum ProofFormat {
    /// For people
    #[default]
    Human,
    /// For programs
    Json,
    /// For pipelines that show results of tests
    Junit,
    /// For GitHub, GitLab and editors
    Sarif,
}

/// Where a proof is shown, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Destination {
    /// How to show it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: ProofFormat,
    /// Write into a file
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Destination {
    pub(crate) fn format(&self) -> ProofFormat {
        self.format
    }

    /// Whether it goes to standard output.
    pub(crate) fn is_terminal(&self) -> bool {
        self.output.is_none()
    }

    pub(crate) fn write(&self, text: &str, context: &Context) -> Result<(), Failure> {
        match &self.output {
            None => context.terminal.print(text),
            Some(path) => {
                trueup_repo::write_atomically(path, text.as_bytes())?;
                context.terminal.note(&format!("wrote the report to {}", path.display()));
                Ok(())
            }
        }
    }
}

/// Whether a claim of a spec holds, and what was seen; none where it was not tried.
type VerdictOf<'v> = dyn Fn(&Spec, ProofKind) -> Option<(bool, String)> + Sync + 'v;

/// A verdict that is to be recorded: the ledger, the items of the spec that say the claim, and the statement.
struct Verdict {
    ledger: String,
    items: Vec<Subject>,
    statement: Statement,
}

/// Adds verdicts on the claims of all specs to their ledgers, bound to the files that were seen and to the commit.
pub(crate) fn record_proofs(
    workspace: &Workspace,
    files: &[Subject],
    verdict: &VerdictOf<'_>,
    signing: &Signing,
    context: &Context,
) -> Result<(), Failure> {
    let verdicts = verdicts(workspace, verdict);
    if verdicts.is_empty() {
        context.terminal.note("no spec claims what was tried, so nothing was recorded");
        return Ok(());
    }
    let commit = clean_commit(workspace)?;
    let by = whoever(workspace)?;
    let signer = signing.signer(workspace)?;
    let mut recorded = 0;
    for verdict in verdicts {
        let mut subjects = verdict.items;
        subjects.extend(files.iter().cloned());
        subjects.push(Subject { name: "git:commit".to_owned(), digest: commit.clone() });
        if is_recorded(workspace, &verdict.ledger, &subjects, &verdict.statement)? {
            continue;
        }
        recorded += 1;
        let entry = NewEntry { by: by.clone(), time: now(), subjects, statement: verdict.statement };
        trueup_lifecycle::evidence_kept(&workspace.root, &verdict.ledger)
            .map_err(|failure| super::step::told(failure, context))?;
        for mended in append(&workspace.root, &verdict.ledger, &entry, signer.as_ref())?.mended {
            context.terminal.warn(&mended);
        }
    }
    let short = commit.get(..10).unwrap_or(&commit);
    context.terminal.note(&match recorded {
        0 => format!("nothing new was recorded for commit {short}"),
        _ => format!(
            "recorded {} for commit {short}; commit .trueup/evidence",
            count(recorded, "verdict", "verdicts")
        ),
    });
    Ok(())
}

fn verdicts(workspace: &Workspace, verdict: &VerdictOf<'_>) -> Vec<Verdict> {
    let per_file = workspace.map_specs(|file| {
        let mut out = Vec::new();
        for spec in &file.specs {
            for claim in &spec.facts.proofs {
                let Some((holds, detail)) = verdict(spec, claim.kind) else { continue };
                let ledger = workspace.ledger_name(&file.path, spec);
                // The bullet that says the claim is proven with it.
                let says = spec.facts.acceptance.iter().filter(|item| item.span == claim.span);
                let items = says.filter(|item| item.id.written.is_some()).map(|item| Subject {
                    name: format!("{ledger}#{}", item.id.text),
                    digest: item_digest(&item.id.text, &item.text).0,
                });
                let items = items.collect();
                out.push(Verdict { ledger, items, statement: proof_statement(claim.kind, holds, detail) });
            }
        }
        out
    });
    per_file.into_iter().flatten().collect()
}

/// Whether the last verdict of this kind in the ledger is the same, so that a second run adds nothing.
fn is_recorded(
    workspace: &Workspace,
    ledger: &str,
    subjects: &[Subject],
    statement: &Statement,
) -> Result<bool, Failure> {
    let Statement::Verified { verifier, .. } = statement else { return Ok(false) };
    let of_kind = |entry: &&trueup_evidence::Entry| match &entry.statement {
        Statement::Verified { verifier: other, .. } => other == verifier,
        _ => false,
    };
    let ledger = Ledger::read(&workspace.root, ledger)?;
    Ok(ledger
        .entries
        .iter()
        .rfind(of_kind)
        .is_some_and(|e| e.subjects == subjects && e.statement == *statement))
}
