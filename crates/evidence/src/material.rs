//! The digest of what was agreed on, and the subjects that carry it.

use crate::{Digest, Entry, Statement, Subject};
use trueup_model::{Facts, MaterialChange, material, material_changes};

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

/// How the subject of one fact begins behind the name of its spec.
const FACT: &str = "/fact/";

/// The subjects of a statement about a spec: its material digest, and the commit that was checked out.
pub fn spec_subjects(spec: &str, facts: &Facts, commit: Option<&str>) -> Vec<Subject> {
    let mut out = vec![Subject { name: spec.to_owned(), digest: material_digest(facts).0 }];
    out.extend(commit.map(|commit| Subject { name: "git:commit".to_owned(), digest: commit.to_owned() }));
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

/// The statement by which a spec was agreed on last.
pub fn last_acceptance(entries: &[Entry]) -> Option<&Entry> {
    let accepts =
        |entry: &&Entry| matches!(&entry.statement, Statement::Transition { to, .. } if to == "accepted");
    entries.iter().filter(accepts).max_by(|a, b| a.time.cmp(&b.time))
}

/// What of a spec differs from what was agreed on; nothing where the digests are the same or nothing was recorded.
pub fn changes_since(acceptance: &Entry, spec: &str, facts: &Facts) -> Vec<MaterialChange> {
    if digest_in(acceptance, spec).is_none_or(|digest| digest == material_digest(facts).0) {
        return Vec::new();
    }
    let prefix = format!("{spec}{FACT}");
    let pairs = |subjects: &[Subject]| -> Vec<(String, String)> {
        let of_facts = subjects
            .iter()
            .filter_map(|s| Some((s.name.strip_prefix(&prefix)?.to_owned(), s.digest.clone())));
        of_facts.collect()
    };
    let before = pairs(&acceptance.subjects);
    if before.is_empty() {
        // Whoever wrote the statement recorded the digest alone.
        return vec![MaterialChange::Changed("what was agreed on".to_owned())];
    }
    material_changes(&before, &pairs(&fact_subjects(spec, facts)))
}

/// The fronts of digests that a text names (`evidence 3f9c0a12d3e4`), as every transition writes them into a history.
pub fn anchors_in(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, word) in text.match_indices("evidence ") {
        let rest = text.get(at + word.len()..).unwrap_or("").trim_start_matches(['`', '*']);
        let digits = rest.bytes().take_while(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b)).count();
        let ends = rest.get(digits..).and_then(|r| r.chars().next()).is_none_or(|c| !c.is_alphanumeric());
        if let Some(front) = rest.get(..digits).filter(|_| (8..=64).contains(&digits) && ends) {
            out.push(front.to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_read_out_of_a_history() {
        let text = "- 2026-01-01: Accepted (evidence 3f9c0a12d3e4)\n- evidence of use: Implemented (evidence `0123456789ab`)";
        assert_eq!(anchors_in(text), ["3f9c0a12d3e4", "0123456789ab"]);
        assert!(anchors_in("evidence deadbeefs, evidence abc, Evidence 3f9c0a12d3e4").is_empty());
    }
}
