//! Applications that keep tenants apart in their code: whether each statement of a log names its tenant.

mod analysis;
mod changes;
mod exprs;
mod graph;
mod lists;
mod log;
mod merge;
mod names;
mod shape;
mod tables;

pub use log::{Logged, read_log};
pub use tables::{QueryModel, QueryTable};

use crate::report::{Place, Proof, QueryReport, QueryShape, Verdict};
use crate::statics::session_settings;
use analysis::analyse;
use shape::{Read, Shape, read, shape};
use std::collections::BTreeMap;

/// Longest statement that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// Bytes of stack for reading: chains of operators are read into trees as deep as they are long.
const STACK: usize = 256 << 20;

/// Reads logs, given by name and text, and tells for each shape of a statement whether it names its tenant.
///
/// What cannot be read is not checkable, and never passes.
pub fn queries(files: &[(String, String)], model: &QueryModel) -> QueryReport {
    // A thread of its own: the stack of whoever calls is not known.
    std::thread::scope(|scope| {
        let worker =
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || read_all(files, model));
        let done = worker.ok().and_then(|worker| worker.join().ok());
        done.unwrap_or_else(|| unread(files))
    })
}

/// Where no thread can be had, nothing is known.
fn unread(files: &[(String, String)]) -> QueryReport {
    let mut report = QueryReport::default();
    for (file, text) in files {
        report.unreadable += read_log(text).0.iter().map(|logged| logged.count).sum::<u64>();
        report.shapes.push(QueryShape {
            shape: String::new(),
            count: 0,
            witness: String::new(),
            place: Place { file: file.clone(), line: 1 },
            uses: Vec::new(),
            verdict: Verdict::NotCheckable,
            why: Some("the log could not be read to its end".to_owned()),
        });
    }
    report.statements = report.unreadable;
    report
}

fn read_all(files: &[(String, String)], model: &QueryModel) -> QueryReport {
    let mut report = QueryReport::default();
    let mut known = Known::default();
    for (file, text) in files {
        let (statements, others) = read_log(text);
        report.other_lines += others;
        for logged in statements {
            let place = Place { file: file.clone(), line: logged.line };
            for found in session_settings(&logged.sql, &|name| model.is_claim(name)) {
                report.session_claims.push((place.clone(), found));
            }
            for part in logged.parts() {
                let found = known.found(&part, place.clone(), model, &mut report.shapes);
                counted(&mut report, found, part.count);
            }
        }
    }
    report
}

/// Statements that were read before.
#[derive(Default)]
struct Known {
    /// Where their shapes stand.
    shapes: BTreeMap<String, usize>,
    /// What was found, by their keys.
    seen: BTreeMap<String, Found>,
}

impl Known {
    fn found(
        &mut self,
        part: &Logged,
        place: Place,
        model: &QueryModel,
        shapes: &mut Vec<QueryShape>,
    ) -> Found {
        let Shape { text, key } = shape(&part.sql);
        if let Some(found) = self.seen.get(&key) {
            return *found;
        }
        let judged = judge(part, &text, place, model);
        let found = taken_in(judged, text, &mut self.shapes, shapes);
        self.seen.insert(key, found);
        found
    }
}

fn counted(report: &mut QueryReport, found: Found, count: u64) {
    // The numbers stand in the log, whatever wrote it.
    let add = |sum: &mut u64| *sum = sum.saturating_add(count);
    add(&mut report.statements);
    match found {
        Found::Without => add(&mut report.unscoped),
        Found::Shape { at, read } => {
            if !read {
                add(&mut report.unreadable);
            }
            if let Some(shape) = report.shapes.get_mut(at) {
                add(&mut shape.count);
            }
        }
    }
}

/// What was found of statements alike.
#[derive(Clone, Copy)]
enum Found {
    /// They use no table of tenants.
    Without,
    /// Which shape it is, and whether they could be read.
    Shape { at: usize, read: bool },
}

/// Takes a verdict into its shape; where statements of one shape differ, the worse one counts.
fn taken_in(
    judged: Option<QueryShape>,
    text: String,
    known: &mut BTreeMap<String, usize>,
    shapes: &mut Vec<QueryShape>,
) -> Found {
    let Some(judged) = judged else { return Found::Without };
    let judged = QueryShape { count: 0, ..judged };
    let read = !judged.uses.is_empty();
    let at = *known.entry(text).or_insert(shapes.len());
    match shapes.get_mut(at) {
        Some(before) if severity(judged.verdict) > severity(before.verdict) => {
            *before = QueryShape { count: before.count, ..judged };
        }
        Some(_) => {}
        None => shapes.push(judged),
    }
    Found::Shape { at, read }
}

fn severity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Contradicted => 2,
        Verdict::NotCheckable => 1,
        _ => 0,
    }
}

/// What is known of a statement; nothing where it uses no table of tenants.
fn judge(logged: &Logged, shape: &str, place: Place, model: &QueryModel) -> Option<QueryShape> {
    let not = |why: String| QueryShape {
        shape: shape.to_owned(),
        count: logged.count,
        witness: logged.sql.clone(),
        place: place.clone(),
        uses: Vec::new(),
        verdict: Verdict::NotCheckable,
        why: Some(why),
    };
    if logged.sql.len() > LONGEST {
        return Some(not("it is too long to be read".to_owned()));
    }
    let statements = match read(&logged.sql) {
        Read::Statements(statements) => statements,
        Read::Nothing => return None,
        Read::Not(why) => return model.is_named_in(&logged.sql).then(|| not(why)),
        Read::Hidden(why) => return Some(not(why)),
    };
    let mut uses = Vec::new();
    for statement in &statements {
        match analyse(statement, &|used, column| model.knows(used, column), &|used| model.columns(used)) {
            Ok(analysis) => uses.extend(model.proofs(&analysis)),
            Err(why) => return Some(not(why.to_owned())),
        }
    }
    if uses.is_empty() {
        return None;
    }
    let (verdict, why) = whole(&uses);
    Some(QueryShape { uses, verdict, why, ..not(String::new()) })
}

fn whole(uses: &[Proof]) -> (Verdict, Option<String>) {
    let worst = [Verdict::Contradicted, Verdict::NotCheckable].into_iter().find_map(|verdict| {
        let found = uses.iter().find(|used| used.verdict == verdict)?;
        Some((verdict, Some(format!("{}: {}", found.alias, found.why))))
    });
    worst.unwrap_or((Verdict::Proven, None))
}

#[cfg(test)]
mod tests;
