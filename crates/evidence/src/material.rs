//! The digest of what was agreed on, and the subjects that carry it.

use crate::{Digest, Entry, Statement, Subject};
use trueup_model::{Facts, MaterialChange, MaterialFact, material, material_changes, words_of};

/// The digest of everything in a spec whose change is another decision.
pub fn material_digest(facts: &Facts) -> Digest {
    let mut bytes = Vec::new();
    for fact in material(facts) {
        for part in [fact.kind, &fact.name, &fact.said] {
            bytes.extend_from_slice(part.as_bytes());
            bytes.push(0);
        }
    }
    Digest::of(&bytes)
}

/// The name of the subject that is a commit.
const COMMIT: &str = "git:commit";
/// How the subject of one fact begins behind the name of its spec.
const FACT: &str = "/fact/";

/// The subjects of a statement about a spec: its material digest, and the commit that was checked out.
pub fn spec_subjects(spec: &str, facts: &Facts, commit: Option<&str>) -> Vec<Subject> {
    let mut out = vec![Subject { name: spec.to_owned(), digest: material_digest(facts).0 }];
    out.extend(commit.map(|commit| Subject { name: COMMIT.to_owned(), digest: commit.to_owned() }));
    out
}

/// A subject for each fact, so that what changes later can be named.
pub fn fact_subjects(spec: &str, facts: &Facts) -> Vec<Subject> {
    let one = |fact: trueup_model::MaterialFact| Subject {
        name: format!("{spec}{FACT}{fact}"),
        digest: Digest::of(fact.said.as_bytes()).0,
    };
    material(facts).into_iter().map(one).collect()
}

/// The material digest that a statement is about.
pub fn digest_in<'e>(entry: &'e Entry, spec: &str) -> Option<&'e str> {
    entry.subjects.iter().find(|s| s.name == spec).map(|s| s.digest.as_str())
}

/// The statement by which a spec was agreed on last: only `accept` asks a gate, so that neither another name nor a
/// parked spec that is taken up again counts as one.
pub fn last_acceptance(entries: &[Entry]) -> Option<&Entry> {
    let accepts = |entry: &&Entry| matches!(&entry.statement, Statement::Transition { action, to, .. } if action == "accept" && to == "accepted");
    entries.iter().filter(accepts).max_by(|a, b| a.time.cmp(&b.time))
}

/// The name of the spec that a statement is about: its own name of that day, which another one may have followed.
fn spec_in(entry: &Entry) -> Option<&str> {
    let names = entry.subjects.iter().map(|s| s.name.as_str());
    names.filter(|name| *name != COMMIT && !name.contains(FACT)).find(|name| !name.contains('#'))
}

/// What of a spec differs from what was agreed on; nothing where the digests are the same or nothing was recorded.
/// A spec that has another name since is held to what was agreed on under the old one.
pub fn changes_since(acceptance: &Entry, spec: &str, facts: &Facts) -> Vec<MaterialChange> {
    let name = if digest_in(acceptance, spec).is_some() { Some(spec) } else { spec_in(acceptance) };
    let Some(name) = name else { return Vec::new() };
    let digest = digest_in(acceptance, name);
    if digest.is_none_or(|digest| digest == material_digest(facts).0) {
        return Vec::new();
    }
    let prefix = format!("{name}{FACT}");
    let of_fact = |s: &Subject| Some((s.name.strip_prefix(&prefix)?.to_owned(), s.digest.clone()));
    let before: Vec<(String, String)> = acceptance.subjects.iter().filter_map(of_fact).collect();
    if before.is_empty() {
        // Whoever wrote the statement recorded the digest alone.
        return vec![MaterialChange::Changed("what was agreed on".to_owned())];
    }
    let known = |name: &str, said: &str| {
        let digest = Digest::of(said.as_bytes()).0;
        before.iter().any(|(n, d)| n == name && *d == digest)
    };
    // A spec that speaks of itself by its name says the same when that name is another.
    let as_then = |fact: &MaterialFact| {
        let (told, said) = (fact.to_string(), fact.said.clone());
        let then = |text: &str| {
            let lower = text.replace(&words_of(spec), &words_of(name));
            lower.replace(spec, name)
        };
        let old = (then(&told), then(&said));
        let same = name == spec || known(&told, &said) || !known(&old.0, &old.1);
        let (told, said) = if same { (told, said) } else { old };
        (told, Digest::of(said.as_bytes()).0)
    };
    let after: Vec<(String, String)> = material(facts).iter().map(as_then).collect();
    material_changes(&before, &after)
}

/// The fronts of digests that a text names, as every transition writes them into a history: `(evidence 3f9c0a12d3e4)`
/// at the end of a line or of a table's cell. What a sentence says of evidence is no anchor.
pub fn anchors_in(text: &str) -> Vec<String> {
    let ends = text.lines().flat_map(|line| line.split('|'));
    ends.filter_map(anchor_at_end).map(str::to_owned).collect()
}

/// Whether a text holds what a history would take for evidence, wherever it stands.
pub fn names_evidence(text: &str) -> bool {
    let ends = text.match_indices(')').filter_map(|(at, _)| text.get(..at + 1));
    ends.filter_map(anchor_at_end).next().is_some()
}

fn anchor_at_end(text: &str) -> Option<&str> {
    let marks = ['`', '*', '_'];
    let inner = text.trim_end().trim_end_matches(marks).strip_suffix(')')?;
    let (_, named) = inner.rsplit_once("(evidence ")?;
    let front = named.trim_matches(marks);
    let hex = front.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (hex && (8..=64).contains(&front.len())).then_some(front)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_read_out_of_a_history() {
        let text = "- 2026-01-01: Accepted (evidence 3f9c0a12d3e4)\n- evidence of use: Implemented (evidence `0123456789ab`)";
        assert_eq!(anchors_in(text), ["3f9c0a12d3e4", "0123456789ab"]);
        assert_eq!(anchors_in("| 2026-01-01 | Accepted (evidence 3f9c0a12d3e4) | Ann |"), ["3f9c0a12d3e4"]);
        for text in [
            "(evidence deadbeefs)",
            "(evidence abc)",
            "Evidence 3f9c0a12d3e4",
            "- 2026-01-01: Parked: see (evidence deadbeef0012) of last year",
            "- 2026-01-01: Parked: evidence 3f9c0a12d3e4 is lost",
        ] {
            assert!(anchors_in(text).is_empty(), "{text}");
        }
        assert!(names_evidence("see (evidence deadbeef0012) of last year"));
        assert!(!names_evidence("evidence deadbeef0012 (lost)"));
    }
}
