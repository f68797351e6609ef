//! Locks that a file takes, and how long others wait for them.

use crate::report::{Lock, Stall};
use crate::run::{Run, millis};
use crate::steps::File;
use postgres::Client;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};
use trueup_catalog::Catalog;
use trueup_postgres::{Database, ServerError};

/// Modes from the weakest to the strongest ("Explicit Locking" in PostgreSQL's documentation).
const MODES: [(&str, &str); 8] = [
    ("AccessShareLock", "ACCESS SHARE"),
    ("RowShareLock", "ROW SHARE"),
    ("RowExclusiveLock", "ROW EXCLUSIVE"),
    ("ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"),
    ("ShareLock", "SHARE"),
    ("ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"),
    ("ExclusiveLock", "EXCLUSIVE"),
    ("AccessExclusiveLock", "ACCESS EXCLUSIVE"),
];

/// The place of `SHARE UPDATE EXCLUSIVE`: weaker ones are those of everyday statements.
const WORTH_TELLING: usize = 3;

/// The place of `SHARE`, the weakest one that those who write wait for.
const BLOCKS_WRITES: usize = 4;

/// The strongest lock on each relation that was there before.
pub(crate) fn locks(before: &Catalog, file: &File<'_>, run: &Run) -> Vec<Lock> {
    let known = relations(before);
    let mut strongest: BTreeMap<u32, (usize, usize, f64)> = BTreeMap::new();
    for held in &run.held {
        let Some(mode) = MODES.iter().position(|(name, _)| *name == held.mode) else { continue };
        if mode < WORTH_TELLING || !known.contains_key(&held.relation) {
            continue;
        }
        let entry = strongest.entry(held.relation).or_insert((mode, held.at, held.millis));
        // The first statement that takes it, and how long one of them keeps it at most: the line is the same in each run.
        match mode.cmp(&entry.0) {
            Ordering::Greater => *entry = (mode, held.at, held.millis),
            Ordering::Equal => *entry = (mode, entry.1.min(held.at), entry.2.max(held.millis)),
            Ordering::Less => {}
        }
    }
    let mut all: Vec<Lock> = strongest
        .into_iter()
        .filter_map(|(oid, (mode, at, held))| {
            let (relation, kind) = known.get(&oid)?;
            Some(lock(relation, kind, mode, file.line(at), held))
        })
        .collect();
    all.extend(unseen(before, file, run));
    all.sort_by(|a, b| a.line.cmp(&b.line).then_with(|| a.relation.cmp(&b.relation)));
    all
}

fn lock(relation: &str, kind: &str, mode: usize, line: u32, held: f64) -> Lock {
    Lock {
        relation: relation.to_owned(),
        kind: kind.to_owned(),
        mode: MODES.get(mode).map_or("", |(_, name)| name).to_owned(),
        line,
        held,
        blocks_reads: mode + 1 == MODES.len(),
        blocks_writes: mode >= BLOCKS_WRITES,
    }
}

fn relations(catalog: &Catalog) -> BTreeMap<u32, (String, &'static str)> {
    let mut all = BTreeMap::new();
    for relation in &catalog.relations {
        all.insert(relation.oid, (relation.display_name(), relation.kind.name()));
        for index in &relation.indexes {
            let name = trueup_catalog::display_name(&relation.schema, &index.name);
            all.insert(index.oid, (name, "index"));
        }
    }
    all
}

/// Locks of statements that ran in no transaction of their own, as the documentation tells them.
fn unseen(before: &Catalog, file: &File<'_>, run: &Run) -> Vec<Lock> {
    let one = |at: &usize| {
        let step = file.steps.get(*at)?;
        let concurrently = trueup_sql::runs_alone(step.text)?.ends_with("CONCURRENTLY");
        let effect = trueup_sql::effects(step.text).into_iter().next().filter(|_| concurrently)?;
        let written = effect.table.unwrap_or(effect.name);
        let named = |relation: &&trueup_catalog::Relation| {
            [relation.name.clone(), relation.display_name(), format!("{}.{}", relation.schema, relation.name)]
                .contains(&written)
        };
        let relation = before.relations.iter().find(named)?;
        let held = run.times.get(*at).copied().unwrap_or_default();
        Some(lock(&relation.display_name(), relation.kind.name(), WORTH_TELLING, step.line, held))
    };
    run.unseen.iter().filter_map(one).collect()
}

/// Tables that are watched at once; each takes two connections.
const MOST_WATCHED: usize = 12;

/// Connections that read and write beside a migration.
pub(crate) struct Watch {
    watched: Vec<(String, Client, Client)>,
}

impl Watch {
    /// Connects once for each reader and writer of the tables.
    pub(crate) fn new(database: &Database<'_>, tables: &[String]) -> Result<Watch, ServerError> {
        let mut watched = Vec::new();
        for table in tables.iter().take(MOST_WATCHED) {
            watched.push((table.clone(), database.connect()?, database.connect()?));
        }
        Ok(Watch { watched })
    }

    /// Reads and writes for as long as `work` takes; for each table the longest waits of a reader and a writer, in
    /// milliseconds.
    pub(crate) fn during<T>(self, work: impl FnOnce() -> T) -> (T, Vec<(String, f64, f64)>) {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let threads: Vec<_> = self
                .watched
                .into_iter()
                .map(|(table, mut reads, mut writes)| {
                    let read = format!("SELECT 1 FROM {table} LIMIT 1");
                    // The lock of those who write, without writing.
                    let write = format!("BEGIN; LOCK TABLE {table} IN ROW EXCLUSIVE MODE; ROLLBACK");
                    let over = &over;
                    let reader = scope.spawn(move || longest(&mut reads, &read, over));
                    let writer = scope.spawn(move || longest(&mut writes, &write, over));
                    (table, reader, writer)
                })
                .collect();
            let done = work();
            over.store(true, Relaxed);
            let waits = threads.into_iter().map(|(table, reader, writer)| {
                (table, reader.join().unwrap_or_default(), writer.join().unwrap_or_default())
            });
            (done, waits.collect())
        })
    }
}

/// How long a statement took at most while it was repeated, in milliseconds. It ends where the table is gone.
fn longest(client: &mut Client, sql: &str, over: &AtomicBool) -> f64 {
    let mut longest: f64 = 0.0;
    while !over.load(Relaxed) {
        let begun = Instant::now();
        let done = client.batch_execute(sql);
        longest = longest.max(millis(begun));
        if done.is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    longest
}

/// The waits, the longest first.
pub(crate) fn stalls(waits: Vec<(String, f64, f64)>, rows: u64) -> Vec<Stall> {
    let one = |(relation, reader, writer)| Stall { relation, reader, writer, rows };
    let mut all: Vec<Stall> = waits.into_iter().map(one).collect();
    all.sort_by(|a, b| b.reader.max(b.writer).total_cmp(&a.reader.max(a.writer)));
    all
}

/// Tables for which somebody has to wait: those that are locked in a mode that stops others.
pub(crate) fn contended(before: &Catalog, locks: &[(u32, String)]) -> Vec<String> {
    let stops = |mode: &str| MODES.iter().skip(BLOCKS_WRITES).any(|(name, _)| *name == mode);
    let waits = |oid: u32| locks.iter().any(|(locked, mode)| *locked == oid && stops(mode));
    let tables = before.relations.iter().filter(|relation| relation.kind.is_table());
    tables.filter(|relation| waits(relation.oid)).map(|relation| relation.sql_name()).collect()
}
