//! The example `marketplace`: nothing is found as it stands, and each of two hundred random changes is found at
//! its place, with nothing else.
//!
//! `TRUEUP_MUTATION_SEED=7 cargo nextest run -p trueup-testkit -E 'binary(mutations)'` tries other changes.

mod example;
mod expected;
mod kinds;
mod random;
mod routes;

use example::Files;
use expected::found;
use kinds::{KINDS, Mutation};
use random::Random;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use trueup_model::Verdict;
use trueup_repo::read_junit;
use trueup_testkit::Repository;

/// How many changes are tried.
const MUTATIONS: usize = 200;

fn seed() -> u64 {
    let given = std::env::var("TRUEUP_MUTATION_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or(20_260_615)
}

fn repository(files: &Files) -> Repository {
    Repository::new(&files.iter().collect::<Vec<_>>())
}

/// What is promised and not there as the example stands: only by specs that are not built yet.
fn baseline(files: &Files) -> Vec<String> {
    found(&repository(files))
}

#[test]
fn nothing_is_found_as_it_stands() {
    let not_built = ["design/SPEC-006", "design/SPEC-007", "specs/2026-03-10-seller-pages"];
    let not_built =
        |line: &String| not_built.iter().any(|spec| line.starts_with(&format!("drift docs/{spec}")));
    let surprising: Vec<String> = baseline(&example::read()).into_iter().filter(|l| !not_built(l)).collect();
    assert_eq!(surprising, Vec::<String>::new());
}

/// With the reports of a run, each planned test and each bullet that a test names is proven.
#[test]
fn with_results_everything_named_is_proven() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mutations/results");
    let reports = ["pytest.xml", "vitest.xml", "services.xml"];
    let read = |name: &&str| read_junit(&folder.join(name), name).expect("the report can be read");
    let results: Vec<_> = reports.iter().flat_map(read).collect();
    let run = repository(&example::read()).open().trace(Some(&results)).expect("there are no ledgers");
    let named = |id: &str| id.starts_with("AC-") || id.starts_with("TC-");
    let (proven, open): (Vec<_>, Vec<_>) = run
        .trace
        .items
        .iter()
        .filter(|one| one.item.written && named(&one.item.id))
        .map(|one| (one.verdict == Verdict::Proven, format!("{} {}", one.spec, one.item.id)))
        .partition(|(proven, _)| *proven);
    let open: Vec<&str> = open.iter().map(|(_, name)| name.as_str()).collect();
    let not_built = [
        "SPEC-006 TC-PAY-010",
        "SPEC-007 TC-CAT-010",
        "2026-03-10-seller-pages AC-1",
        "2026-03-10-seller-pages AC-2",
    ];
    assert_eq!((proven.len(), open), (21, not_built.to_vec()));
    assert!(run.trace.orphans.is_empty(), "{:?}", run.trace.orphans);
}

#[test]
fn every_mutation_is_found_and_nothing_else() {
    let seed = seed();
    println!("seed {seed}");
    let files = example::read();
    let before = baseline(&files);
    let mut random = Random::new(seed);
    let mutations: Vec<(&str, Mutation)> = (0..MUTATIONS)
        .map(|at| {
            let (name, make) = KINDS[at % KINDS.len()];
            (name, make(&files, &mut random))
        })
        .collect();
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(2, usize::from);
    let failures: Vec<String> = thread::scope(|scope| {
        let one = || {
            let repository = repository(&files);
            let mut failures = Vec::new();
            while let Some((kind, mutation)) = mutations.get(next.fetch_add(1, Ordering::Relaxed)) {
                failures.extend(failure(&repository, &files, &before, kind, mutation));
            }
            failures
        };
        let all: Vec<_> = (0..workers).map(|_| scope.spawn(one)).collect();
        all.into_iter().flat_map(|worker| worker.join().expect("a mutation panicked")).collect()
    });
    let count = failures.len();
    assert!(failures.is_empty(), "seed {seed}: {count} of {MUTATIONS} mutations\n{}", failures.join("\n"));
}

/// Makes a change, looks at what is found, and takes it back.
fn failure(
    repository: &Repository,
    files: &Files,
    before: &[String],
    kind: &str,
    mutation: &Mutation,
) -> Option<String> {
    for (path, text) in &mutation.changed {
        match text {
            Some(text) => repository.write(path, text),
            None => fs::remove_file(repository.path().join(path)).expect("a file of the copy can be removed"),
        }
    }
    let after = found(repository);
    for (path, _) in &mutation.changed {
        match files.get(path) {
            Some(text) => repository.write(path, text),
            None => fs::remove_file(repository.path().join(path)).expect("a file of the copy can be removed"),
        }
    }
    let mut wanted: Vec<String> = before.iter().chain(&mutation.expected).cloned().collect();
    wanted.sort();
    if after == wanted && !mutation.expected.is_empty() {
        return None;
    }
    let lacking = difference(&wanted, &after).map(|line| format!("  not found  {line}"));
    let beyond = difference(&after, &wanted).map(|line| format!("  beyond     {line}"));
    let lines: Vec<String> = lacking.chain(beyond).collect();
    Some(format!("{kind}: {}\n{}", mutation.what, lines.join("\n")))
}

/// What one list has more often than another.
fn difference<'a>(list: &'a [String], other: &'a [String]) -> impl Iterator<Item = &'a String> {
    let count = |list: &[String], line: &String| list.iter().filter(|l| *l == line).count();
    list.iter().enumerate().filter_map(move |(at, line)| {
        let seen = list[..at].iter().filter(|l| *l == line).count();
        (seen >= count(other, line)).then_some(line)
    })
}
