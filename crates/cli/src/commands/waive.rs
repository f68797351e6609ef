//! `trueup waive`

use super::step::{open_to, told};
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::signing::{Signing, whoever};
use crate::specs::find_spec;
use trueup_engine::{ReadFile, Workspace, nearest};
use trueup_evidence::{NewEntry, Statement, Subject, append, item_digest, now, spec_subjects};
use trueup_model::{Date, Spec, find_dates};
use trueup_repo::Git;
use trueup_text::LineIndex;
use trueup_trace::{TraceItem, items_of};

/// What stands below the help.
const EXAMPLES: &str = "\
Examples:
  trueup waive SPEC-012 AC-3 --owner ada --reason \"needs the new terminal\" --until 2026-09-30
  trueup waive SPEC-012 risk-missing-key --owner ada --reason \"is being rewritten\" --until 2026-05-01

A waiver counts up to and including its last day, and for the item as it is worded now. One without an owner, a
reason or a day counts for nothing.";

/// Accept for a time that an item of a spec is not proven, or that a rule is broken
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Waive {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// What is waived: an item (AC-3), a rule's name, or a finding's fingerprint
    #[arg(value_name = "ITEM|RULE")]
    of: String,
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    owner: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The last day on which it counts
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: String,
    #[command(flatten)]
    signing: Signing,
}

/// Runs the command.
pub(crate) fn run(args: &Waive, context: &Context) -> Result<Exit, Failure> {
    let (_session, workspace) = open_to(true, &format!("waive {} {}", args.spec, args.of), context)?;
    let file = find_spec(&workspace, context, &args.spec)?;
    let until = last_day(&args.until, workspace.world.today)?;
    for (value, option) in [(&args.owner, "--owner"), (&args.reason, "--reason")] {
        if value.trim().is_empty() {
            return Err(
                Failure::new(format!("`{option}` is empty")).help("a waiver says who answers for it and why")
            );
        }
    }
    let (spec, waived) = subject(args, &file, context)?;
    let name = workspace.ledger_name(&file.path, spec);
    let of = waived.as_ref().map_or_else(|| args.of.clone(), |item| item.id.clone());
    let entry = NewEntry {
        by: whoever(&workspace)?,
        time: now(),
        subjects: subjects(&workspace, &name, spec, waived.as_ref()),
        statement: Statement::Waiver {
            of: of.clone(),
            owner: args.owner.trim().to_owned(),
            reason: args.reason.trim().to_owned(),
            expires: until.to_string(),
        },
    };
    let signer = args.signing.signer(&workspace)?;
    trueup_lifecycle::evidence_kept(&workspace.root, &name).map_err(|failure| told(failure, context))?;
    let done = append(&workspace.root, &name, &entry, signer.as_ref())?;
    for mended in &done.mended {
        context.terminal.warn(mended);
    }
    let ledger = trueup_evidence::EVIDENCE_FOLDER;
    context.terminal.note(&format!(
        "{name}: {of} is waived until {until}; commit {ledger}/{}.jsonl and .sum",
        trueup_evidence::file_stem(&name)
    ));
    Ok(Exit::Clean)
}

fn last_day(text: &str, today: Option<Date>) -> Result<Date, Failure> {
    let day = match find_dates(text).as_slice() {
        [only] if only.start == 0 && only.end == text.len() => only.date,
        _ => None,
    };
    let day =
        day.ok_or_else(|| Failure::new(format!("`{text}` is no day")).help("write it as 2026-09-30"))?;
    match today {
        Some(today) if day < today => {
            Err(Failure::new(format!("{day} is past, so the waiver would not count"))
                .help("`--until` takes the last day on which it counts"))
        }
        _ => Ok(day),
    }
}

/// The spec of the file that is meant, and its item where it is one and not a rule.
fn subject<'f>(
    args: &Waive,
    file: &'f ReadFile,
    context: &Context,
) -> Result<(&'f Spec, Option<TraceItem>), Failure> {
    let first = file.specs.first().ok_or_else(|| Failure::new(format!("{} is no spec", file.path)))?;
    let wanted = args.of.rsplit_once('#').map_or(args.of.as_str(), |(_, item)| item);
    let text = file.document.text();
    let lines = LineIndex::new(text);
    let mut known = Vec::new();
    for spec in &file.specs {
        for item in items_of(&spec.facts, text, &lines, &|id, said| item_digest(id, said).0) {
            if item.id.eq_ignore_ascii_case(wanted) {
                return match item.written {
                    true => Ok((spec, Some(item))),
                    false => Err(Failure::new(format!(
                        "{}:{}: the ID {} is only the bullet's position",
                        file.path, item.line, item.id
                    ))
                    .help(format!(
                        "write it in front of the bullet (`{}: …`), so that it stays the same",
                        item.id
                    ))),
                };
            }
            known.extend(Some(item.id).filter(|_| item.written));
        }
    }
    let rules = context.rule_names();
    let is_fingerprint = wanted.len() >= 12 && wanted.bytes().all(|b| b.is_ascii_hexdigit());
    if rules.contains(&wanted) || is_fingerprint {
        return Ok((first, None));
    }
    let failure = Failure::new(format!("{} has no item `{wanted}`, and there is no such rule", file.path));
    let names = known.iter().map(String::as_str).chain(rules.iter().copied());
    Err(match nearest(wanted, names) {
        Some(near) => failure.help(format!("did you mean {near}?")),
        None => {
            failure.help(format!("`trueup trace {}` shows the items, `trueup rules` the rules", args.spec))
        }
    })
}

fn subjects(workspace: &Workspace, name: &str, spec: &Spec, item: Option<&TraceItem>) -> Vec<Subject> {
    // Without git, or before the first commit, the waiver names no commit.
    let commit = Git::open(&workspace.root).and_then(|git| git.head().ok().flatten());
    let mut out = spec_subjects(name, &spec.facts, commit.as_deref());
    let own = item.map(|i| Subject { name: format!("{name}#{}", i.id), digest: i.digest.clone() });
    out.splice(0..0, own);
    out
}
