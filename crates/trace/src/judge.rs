//! The verdict of each item.

use crate::cite::{Cited, Lost, Names};
use crate::items::{TraceItem, TracedSpec};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use trueup_codebase::{Outcome, Readable, TestCase, TestResult};
use trueup_model::{Date, Verdict};

/// A result that a ledger holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// The file of the spec, as [`TracedSpec`] has it.
    pub spec: Arc<str>,
    /// The item: `AC-3`.
    pub item: String,
    /// The digest of the item's text at that time; none where it was not recorded.
    pub digest: Option<String>,
    /// The test, or who verified.
    pub test: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it no longer speaks for the code as it stands; none where it does.
    pub outdated: Option<String>,
    /// The ledger, from the root.
    pub path: Arc<str>,
    /// The line in it.
    pub line: u32,
}

/// A waiver that counts today.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waived {
    /// The file of the spec, as [`TracedSpec`] has it.
    pub spec: Arc<str>,
    /// The item.
    pub item: String,
    /// The digest of the item's text when it was waived; none where it was not recorded.
    pub digest: Option<String>,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day on which it counts.
    pub until: Date,
}

/// Everything that a trace rests on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The specs. All specs of the repository, so that a citation of another one is not taken for a
    /// wrong one.
    pub specs: &'a [TracedSpec],
    /// The tests of the code.
    pub tests: &'a [TestCase],
    /// Whether tests could be read.
    pub readable: &'a Readable,
    /// Results of a run on the code as it stands; none where no report was given.
    pub results: Option<&'a [TestResult]>,
    /// What the ledgers hold, the oldest first.
    pub recorded: &'a [Recorded],
    /// The waivers that count today.
    pub waivers: &'a [Waived],
}

/// A test that speaks for an item, or against it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// The test with its suites.
    pub test: String,
    /// What came of it; none for a test of the code without a result.
    pub outcome: Option<Outcome>,
    /// The file of the test, the report or the ledger.
    pub path: Arc<str>,
    /// The line in it, from 1.
    pub line: u32,
    /// The digest of the item's text it was recorded for is another, or the code has changed since.
    pub outdated: bool,
}

/// An item with its verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Traced {
    /// The spec's name.
    pub spec: String,
    /// The spec's file.
    pub path: Arc<str>,
    /// The item.
    pub item: TraceItem,
    /// What is known of it.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
    /// The tests that name it and the evidence for it.
    pub proofs: Vec<Proof>,
}

/// What is wrong with a citation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum OrphanKind {
    /// There is no such spec.
    NoSpec,
    /// The spec has no such item.
    NoItem,
    /// The item has no written ID.
    Provisional,
    /// The spec is superseded.
    Superseded,
    /// Several specs fit.
    Ambiguous,
}

impl OrphanKind {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            OrphanKind::NoSpec => "no-spec",
            OrphanKind::NoItem => "no-item",
            OrphanKind::Provisional => "provisional",
            OrphanKind::Superseded => "superseded",
            OrphanKind::Ambiguous => "ambiguous",
        }
    }
}

/// A test that cites what it cannot prove.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Orphan {
    /// The citation as written.
    pub citation: String,
    /// What is wrong with it.
    pub kind: OrphanKind,
    /// The same in a sentence, with what to do.
    pub why: String,
    /// The test with its suites.
    pub test: String,
    /// The file of the test, or the report.
    pub path: Arc<str>,
    /// The line in it, from 1.
    pub line: u32,
}

/// A whole trace.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trace {
    /// All items of the specs that no other has taken the place of, by spec.
    pub items: Vec<Traced>,
    /// Tests that cite what they cannot prove, by place.
    pub orphans: Vec<Orphan>,
    /// How many tests of the code cite something.
    pub citing_tests: usize,
    /// How many results cite something.
    pub citing_results: usize,
}

/// Traces every item to its tests and their results.
///
/// A result of the present run decides; without one, the last line of the ledger for this text and this
/// code does. A waiver counts where nothing proves the item.
pub fn trace(input: &Input<'_>) -> Trace {
    let names = Names::new(input.specs);
    let mut found = Found::default();
    let by_name = found.tests(input, &names);
    found.results(input, &names, &by_name);
    let mut out = Trace {
        items: Vec::new(),
        orphans: found.orphans,
        citing_tests: found.citing_tests,
        citing_results: found.citing_results,
    };
    let ledgers = Ledgers::of(input);
    for (at, spec) in input.specs.iter().enumerate().filter(|(_, s)| !s.superseded) {
        for (place, item) in spec.items.iter().enumerate() {
            let named = Named {
                tests: found.in_code.remove(&(at, place)).unwrap_or_default(),
                results: found.in_results.remove(&(at, place)).unwrap_or_default(),
                ambiguous: found.ambiguous.remove(&(at, place)),
            };
            out.items.push(traced(input, &ledgers, spec, item, named));
        }
    }
    out.orphans.sort_by(|a, b| (&a.path, a.line, &a.citation).cmp(&(&b.path, b.line, &b.citation)));
    // A report names a test again that was found in the code.
    out.orphans.dedup_by(|a, b| a.citation == b.citation && a.path == b.path && a.line == b.line);
    out
}

type Place = (usize, usize);

/// What the ledgers hold, by the file of the spec and the item.
struct Ledgers<'a> {
    recorded: FxHashMap<(&'a str, &'a str), Vec<&'a Recorded>>,
    waivers: FxHashMap<(&'a str, &'a str), Vec<&'a Waived>>,
}

impl<'a> Ledgers<'a> {
    fn of(input: &Input<'a>) -> Ledgers<'a> {
        let mut out = Ledgers { recorded: FxHashMap::default(), waivers: FxHashMap::default() };
        for recorded in input.recorded {
            out.recorded.entry((&recorded.spec, &recorded.item)).or_default().push(recorded);
        }
        for waived in input.waivers {
            out.waivers.entry((&waived.spec, &waived.item)).or_default().push(waived);
        }
        out
    }
}

/// What names an item.
struct Named {
    tests: Vec<Proof>,
    results: Vec<(Proof, String)>,
    /// A test that names it by a name that several specs have.
    ambiguous: Option<String>,
}

#[derive(Default)]
struct Found {
    in_code: FxHashMap<Place, Vec<Proof>>,
    in_results: FxHashMap<Place, Vec<(Proof, String)>>,
    /// Items that a test names by a name that several specs have, with that test.
    ambiguous: FxHashMap<Place, String>,
    orphans: Vec<Orphan>,
    citing_tests: usize,
    citing_results: usize,
}

impl Found {
    /// What the tests of the code cite; what those cite whose name no other test has.
    fn tests<'a>(&mut self, input: &Input<'a>, names: &Names<'_>) -> FxHashMap<&'a str, Option<Vec<Place>>> {
        let mut by_name: FxHashMap<&str, Option<Vec<Place>>> = FxHashMap::default();
        for test in input.tests {
            let cited = names.cited(&texts(&test.suites, &test.name, &[]));
            self.citing_tests += usize::from(!cited.items.is_empty() || !cited.lost.is_empty());
            let whole = whole_name(&test.suites, &test.name);
            self.lost(&cited, &whole, &test.place.path, test.place.line);
            self.note_ambiguous(&cited, &whole);
            for item in &cited.items {
                let proof = Proof {
                    test: whole.clone(),
                    outcome: None,
                    path: Arc::clone(&test.place.path),
                    line: test.place.line,
                    outdated: false,
                };
                self.in_code.entry(*item).or_default().push(proof);
            }
            by_name.entry(test.name.as_str()).and_modify(|known| *known = None).or_insert(Some(cited.items));
        }
        by_name
    }

    /// What the results cite, by themselves or through the test of the same name.
    fn results(
        &mut self,
        input: &Input<'_>,
        names: &Names<'_>,
        by_name: &FxHashMap<&str, Option<Vec<Place>>>,
    ) {
        for result in input.results.unwrap_or_default() {
            let cited = names.cited(&texts(&result.suites, &result.name, &result.cites));
            let whole = whole_name(&result.suites, &result.name);
            let mut items = cited.items.clone();
            if items.is_empty() && cited.lost.is_empty() {
                items = by_name.get(result.name.as_str()).cloned().flatten().unwrap_or_default();
            }
            self.citing_results += usize::from(!items.is_empty());
            self.note_ambiguous(&cited, &whole);
            let known = self
                .orphans
                .iter()
                .any(|o| cited.lost.iter().any(|(w, _)| *w == o.citation) && o.test == whole);
            if !known {
                self.lost(&cited, &whole, &result.source, result.line);
            }
            for item in items {
                let proof = Proof {
                    test: whole.clone(),
                    outcome: Some(result.outcome),
                    path: Arc::clone(&result.source),
                    line: result.line,
                    outdated: false,
                };
                self.in_results.entry(item).or_default().push((proof, result.message.clone()));
            }
        }
    }

    fn note_ambiguous(&mut self, cited: &Cited, test: &str) {
        for item in &cited.ambiguous {
            self.ambiguous.entry(*item).or_insert_with(|| test.to_owned());
        }
    }

    fn lost(&mut self, cited: &Cited, test: &str, path: &Arc<str>, line: u32) {
        for (citation, lost) in &cited.lost {
            let (kind, why) = told(citation, lost);
            self.orphans.push(Orphan {
                citation: citation.clone(),
                kind,
                why,
                test: test.to_owned(),
                path: Arc::clone(path),
                line,
            });
        }
    }
}

fn told(citation: &str, lost: &Lost) -> (OrphanKind, String) {
    let (spec, item) = citation.split_once('#').unwrap_or((citation, citation));
    match lost {
        Lost::Spec => (OrphanKind::NoSpec, format!("there is no spec {spec}")),
        Lost::Item(path) => (OrphanKind::NoItem, format!("{path} has no item {item}")),
        Lost::Provisional(path, line) => {
            let why =
                format!("the ID {item} is not written in {path}:{line}; write it in front of the bullet");
            (OrphanKind::Provisional, why)
        }
        Lost::Superseded(path) => {
            (OrphanKind::Superseded, format!("{path} is superseded; cite the spec that took its place"))
        }
        Lost::Several(paths) => {
            (OrphanKind::Ambiguous, format!("several specs have this name: {}", paths.join(", ")))
        }
    }
}

fn texts<'a>(suites: &'a [String], name: &'a str, cites: &'a [String]) -> Vec<&'a str> {
    suites.iter().map(String::as_str).chain([name]).chain(cites.iter().map(String::as_str)).collect()
}

fn whole_name(suites: &[String], name: &str) -> String {
    suites.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(" › ")
}

fn traced(
    input: &Input<'_>,
    ledgers: &Ledgers<'_>,
    spec: &TracedSpec,
    item: &TraceItem,
    named: Named,
) -> Traced {
    let key = (&*spec.path, item.id.as_str());
    let recorded = ledgers.recorded.get(&key).filter(|_| item.written).map_or(&[][..], Vec::as_slice);
    let (verdict, reason) = judged(input, item, &named, recorded);
    let waivers = ledgers.waivers.get(&key).filter(|_| item.written).map_or(&[][..], Vec::as_slice);
    // A waiver of this very text.
    let waived = waivers.iter().find(|w| !is_other_text(item, w.digest.as_deref()));
    let (verdict, reason) = match waived {
        Some(waived) if verdict != Verdict::Proven => {
            let told =
                format!("waived by {} until {}: {} ({reason})", waived.owner, waived.until, waived.reason);
            (Verdict::Waived, told)
        }
        _ => (verdict, reason),
    };
    let mut proofs: Vec<Proof> = named.results.into_iter().map(|(proof, _)| proof).collect();
    proofs.extend(named.tests);
    proofs.extend(recorded.iter().map(|r| Proof {
        test: r.test.clone(),
        outcome: Some(r.outcome),
        path: Arc::clone(&r.path),
        line: r.line,
        outdated: r.outdated.is_some() || is_other_text(item, r.digest.as_deref()),
    }));
    Traced {
        spec: spec.name.clone(),
        path: Arc::clone(&spec.path),
        item: item.clone(),
        verdict,
        reason,
        proofs,
    }
}

fn is_other_text(item: &TraceItem, digest: Option<&str>) -> bool {
    !item.digest.is_empty() && digest.is_some_and(|d| d != item.digest)
}

fn judged(input: &Input<'_>, item: &TraceItem, named: &Named, recorded: &[&Recorded]) -> (Verdict, String) {
    if item.id.is_empty() {
        return (
            Verdict::NotCheckable,
            "it has no ID that a test could cite; write one in front of it".to_owned(),
        );
    }
    if !item.written {
        let told = format!(
            "its ID {} is only its position; write the ID in front of it, so that tests can cite it",
            item.id
        );
        return (Verdict::NotCheckable, told);
    }
    if let Some(by_results) = of_results(&named.results) {
        return by_results;
    }
    if let Some(by_ledger) = of_ledger(item, recorded) {
        return by_ledger;
    }
    match (named.tests.as_slice(), &named.ambiguous, input.readable) {
        ([], Some(test), _) => {
            (Verdict::Missing, format!("the test “{test}” names it, but several specs have this ID"))
        }
        ([], None, Readable::No(why)) => (Verdict::NotCheckable, format!("tests cannot be read: {why}")),
        ([], None, Readable::Yes(_)) => (Verdict::Missing, "no test names it".to_owned()),
        ([one, ..], _, _) => {
            let why = if named.results.is_empty() { "there is no result of it" } else { "it was skipped" };
            (Verdict::Missing, format!("the test “{}” names it, and {why}", one.test))
        }
    }
}

/// One failure is enough; where all were skipped nothing is known.
fn of_results(results: &[(Proof, String)]) -> Option<(Verdict, String)> {
    let with = |outcome: Outcome| results.iter().filter(move |(p, _)| p.outcome == Some(outcome));
    if let Some((proof, message)) = with(Outcome::Failed).next() {
        let said = if message.is_empty() { String::new() } else { format!(": {message}") };
        return Some((Verdict::Contradicted, format!("the test “{}” failed{said}", proof.test)));
    }
    if let Some((proof, _)) = with(Outcome::Passed).next() {
        let count = with(Outcome::Passed).count();
        let told = match count {
            1 => format!("the test “{}” passed", proof.test),
            _ => format!("{count} tests passed"),
        };
        return Some((Verdict::Proven, told));
    }
    let (proof, _) = results.first()?;
    Some((Verdict::Missing, format!("the test “{}” was skipped", proof.test)))
}

/// The last word of the ledger on each test, where it is about this text and this code. Branches merge their
/// lines in any order: what is outdated does not hide what is not, wherever it stands.
fn of_ledger(item: &TraceItem, recorded: &[&Recorded]) -> Option<(Verdict, String)> {
    let is_current = |r: &Recorded| r.outdated.is_none() && !is_other_text(item, r.digest.as_deref());
    let mut last: Vec<&Recorded> = Vec::new();
    for record in recorded.iter().filter(|r| r.outcome != Outcome::Skipped) {
        if !is_current(record) && last.iter().any(|r| r.test == record.test && is_current(r)) {
            continue;
        }
        last.retain(|r| r.test != record.test);
        last.push(record);
    }
    let current = |r: &&&Recorded| is_current(r);
    let at = |r: &Recorded| format!("{}:{}", r.path, r.line);
    if let Some(failed) = last.iter().filter(current).find(|r| r.outcome == Outcome::Failed) {
        return Some((Verdict::Contradicted, format!("“{}” failed ({})", failed.test, at(failed))));
    }
    if let Some(passed) = last.iter().rfind(current) {
        return Some((Verdict::Proven, format!("“{}” passed ({})", passed.test, at(passed))));
    }
    let old = last.last()?;
    let why = match &old.outdated {
        _ if is_other_text(item, old.digest.as_deref()) => "its text has changed since".to_owned(),
        Some(why) => why.clone(),
        None => "it is outdated".to_owned(),
    };
    Some((Verdict::Stale, format!("“{}” {} ({}), but {why}", old.test, old.outcome.name(), at(old))))
}
