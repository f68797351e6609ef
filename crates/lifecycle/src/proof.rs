//! What shows that the acceptance bullets of a spec hold.

use crate::gate::{GateCx, Reason, ReasonKind};
use crate::sections::{is_templates, shortened};
use trueup_evidence::{Entry, Statement, TestOutcome, item_digest, waivers};
use trueup_model::Item;

/// What the ledger says of a bullet.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Proof {
    /// A test passed for this very text.
    Proven,
    /// Somebody answers for it for a time.
    Waived,
    /// A test failed.
    Failed(String),
    /// Tests passed for another text.
    Stale,
    /// Nothing is recorded.
    Missing,
}

/// Adds every bullet that is neither proven at this text nor waived.
pub fn proof_reasons(cx: &GateCx<'_>, out: &mut Vec<Reason>) {
    let today = cx.workspace.world.today;
    let (valid, broken) = today.map(|day| waivers(&cx.ledger.entries, day)).unwrap_or_default();
    for item in &cx.spec.facts.acceptance {
        let text = shortened(&item.text, 60);
        if item.id.written.is_none() {
            // Evidence cites IDs only; of the template's own items a tick is all there can be.
            if is_templates(cx, item) {
                if item.done == Some(true) || says_not_applicable(&item.text) {
                    continue;
                }
                let what = format!("“{text}” is not ticked");
                let hint =
                    "tick it when it is done; where it does not apply, “N/A — ” and the reason behind it";
                out.push(Reason::new(ReasonKind::Proof, &cx.file.path, what).at(item.span).hint(hint));
                continue;
            }
            let what = format!("“{text}” has no ID, so nothing can prove it");
            out.push(
                Reason::new(ReasonKind::Proof, &cx.file.path, what)
                    .at(item.span)
                    .hint("write one in front (`AC-3: …`), and cite it in a test"),
            );
            continue;
        }
        let id = &item.id.text;
        let digest = item_digest(id, &item.text).0;
        let fits = |w: &&trueup_evidence::Waiver| w.item_digest.as_ref().is_none_or(|d| *d == digest);
        let waived = valid.iter().filter(fits).any(|w| same_item(&w.of, cx.name, id));
        let proof = if waived { Proof::Waived } else { proof_of(&cx.ledger.entries, cx.name, item, &digest) };
        let cite = format!("[{}#{id}]", cx.name);
        let (what, hint) = match proof {
            Proof::Proven | Proof::Waived => continue,
            Proof::Failed(test) => (
                format!("{id} is contradicted: the test “{}” failed", shortened(&test, 60)),
                "mend it, run the tests and record them: `trueup trace --junit FILE --record`".to_owned(),
            ),
            Proof::Stale => (
                format!("{id} was proven for another text: “{text}” is new"),
                format!(
                    "look whether the tests with {cite} still prove it, then `trueup trace --junit FILE --record`"
                ),
            ),
            Proof::Missing => (
                format!("{id} is not proven: “{text}”"),
                format!(
                    "a test with {cite} in its name, then `trueup trace --junit FILE --record`; or `trueup waive {} {id}`",
                    cx.name
                ),
            ),
        };
        let expired = broken.iter().find(|problem| same_item(&problem.of, cx.name, id));
        let what = match expired {
            Some(problem) => format!("{what}; its waiver does not count: {}", problem.why),
            None => what,
        };
        out.push(Reason::new(ReasonKind::Proof, &cx.file.path, what).at(item.span).hint(hint));
    }
}

/// Whether a statement names an item: `AC-3` or `SPEC-012#AC-3`.
fn same_item(named: &str, spec: &str, id: &str) -> bool {
    named.eq_ignore_ascii_case(id)
        || named
            .rsplit_once('#')
            .is_some_and(|(of, item)| of.eq_ignore_ascii_case(spec) && item.eq_ignore_ascii_case(id))
}

/// What the latest results say.
fn proof_of(entries: &[Entry], spec: &str, item: &Item, digest: &str) -> Proof {
    let id = &item.id.text;
    let mut latest: Option<(&str, Proof)> = None;
    for entry in entries {
        let Statement::TestResult { tests, .. } = &entry.statement else { continue };
        let own: Vec<_> = tests.iter().filter(|(_, of, _)| same_item(of, spec, id)).collect();
        let ran: Vec<_> = own.iter().filter(|(.., outcome)| *outcome != TestOutcome::Skipped).collect();
        if ran.is_empty() {
            continue;
        }
        let subject = entry.subjects.iter().find(|s| same_item(&s.name, spec, id) && s.name.contains('#'));
        let proof = match ran.iter().find(|(.., outcome)| *outcome == TestOutcome::Failed) {
            Some((test, ..)) => Proof::Failed(test.clone()),
            // Without the digest of the text nobody knows what was proven.
            None if subject.is_some_and(|s| s.digest == digest) => Proof::Proven,
            None => Proof::Stale,
        };
        if latest.as_ref().is_none_or(|(time, _)| *time <= entry.time.as_str()) {
            latest = Some((&entry.time, proof));
        }
    }
    latest.map_or(Proof::Missing, |(_, proof)| proof)
}

fn says_not_applicable(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("n/a —") || lower.contains("n/a –") || lower.contains("n/a - ") || lower.contains("n/a: ")
}
