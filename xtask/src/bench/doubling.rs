//! Twice the size may cost twice the time, not four times.

use super::samples::SAMPLES;
use super::subjects::{Bench, CORPUS_SUBJECTS, SUBJECTS, rules};
use super::{Options, milliseconds};
use std::time::{Duration, Instant};

/// A doubled input may cost this many times as much. Quadratic cost gives 4.
const MOST: f64 = 3.0;
/// Shorter times say nothing.
const NOTHING: Duration = Duration::from_micros(100);

/// What was measured of one subject on one sample.
struct Outcome {
    ratio: f64,
    size: usize,
    time: Duration,
}

/// How far an input grows before it is measured.
struct Limits {
    /// Bytes (or files) up to which it grows in any case.
    size: usize,
    /// Time from which on it is measured.
    enough: Duration,
    /// Time from which on it is measured though it is still small.
    most: Duration,
    runs: usize,
}

pub(super) fn run(options: &Options) -> Result<(), String> {
    let bench = Bench::new()?;
    let started = Instant::now();
    let limits = match options.short {
        true => Limits {
            size: 4 << 10,
            enough: Duration::from_micros(300),
            most: Duration::from_millis(3),
            runs: 1,
        },
        false => Limits {
            size: 64 << 10,
            enough: Duration::from_millis(6),
            most: Duration::from_millis(60),
            runs: 4,
        },
    };
    let share = if options.short { Duration::from_secs(14) / SUBJECTS.len() as u32 } else { Duration::MAX };
    let asked = |name: &str| match options.only.as_deref() {
        None => true,
        // Inputs that hold code are meant by "code spans", and so on.
        Some("code") => name == "files read the code",
        Some(only) => name.contains(only),
    };
    let mut failures = 0;
    println!("doubling: time of 2n over time of n, the worst of each stage");
    for subject in SUBJECTS {
        let begun = Instant::now();
        let mut worst: Option<(&str, Outcome)> = None;
        let (mut measured, mut skipped) = (0, 0);
        let mut told_of = Vec::new();
        for sample in SAMPLES {
            let name = format!("{} of {}", subject.name, sample.name);
            if !asked(&name) {
                continue;
            }
            if begun.elapsed() > share {
                skipped += 1;
                continue;
            }
            measured += 1;
            let outcome =
                ratio_of(&limits, |n| (sample.make)(n).len(), |n| (subject.run)(&bench, &(sample.make)(n)));
            if outcome.ratio > MOST {
                failures += 1;
                told_of.push(format!("too fast: {name}: {}", told(&outcome)));
                if subject.name == "rules" && !options.short {
                    told_of.extend(culprits(&bench, &limits, sample.make));
                }
            }
            if worst.as_ref().is_none_or(|(_, w)| outcome.ratio > w.ratio) {
                worst = Some((sample.name, outcome));
            }
        }
        let Some((name, outcome)) = worst else { continue };
        let left = if skipped > 0 { format!(", {skipped} left out for time") } else { String::new() };
        println!(
            "  {:>5.2}  {} ({measured} inputs{left}; worst: {name}, {})",
            outcome.ratio,
            subject.name,
            told(&outcome)
        );
        told_of.iter().for_each(|line| println!("         {line}"));
    }
    let limits = match options.short {
        true => {
            Limits { size: 60, enough: Duration::from_millis(8), most: Duration::from_millis(30), runs: 1 }
        }
        false => Limits {
            size: 1000,
            enough: Duration::from_millis(50),
            most: Duration::from_millis(400),
            runs: 3,
        },
    };
    println!("doubling the number of files");
    for subject in CORPUS_SUBJECTS.iter().filter(|subject| asked(&format!("files {}", subject.name))) {
        let outcome = ratio_of(&limits, |n| n, |n| (subject.run)(&bench, n));
        println!("  {:>5.2}  {} ({})", outcome.ratio, subject.name, told(&outcome));
        if outcome.ratio > MOST {
            println!("         too fast: {}", subject.name);
            failures += 1;
        }
    }
    println!("  took {:.1} s", started.elapsed().as_secs_f64());
    match failures {
        0 => Ok(()),
        // One run each on small inputs and a busy machine proves nothing: it is told, and the full form decides.
        _ if options.short => {
            println!("  {failures} may grow too fast: run `cargo xtask bench` on a quiet machine");
            Ok(())
        }
        _ => Err(format!("{failures} grow too fast: more than {MOST} times the time for twice the input")),
    }
}

/// Grows the input until its time can be told from noise, then doubles it.
fn ratio_of(limits: &Limits, size: impl Fn(usize) -> usize, work: impl Fn(usize) -> Duration) -> Outcome {
    let mut n = 16;
    let mut best = loop {
        let started = Instant::now();
        let time = work(n);
        let grown = size(n) >= limits.size && time >= limits.enough;
        // What has to be made before may be slower than what is measured.
        let slow = time >= limits.most || started.elapsed() >= 10 * limits.most;
        if grown || slow || size(n) >= 16 * limits.size {
            break measure(limits.runs, n, time, &work);
        }
        n *= 2;
    };
    // What looks bad is measured again, a size further: noise goes, and a fixed cost weighs less.
    for _ in 0..2 {
        if best.0 <= MOST || best.1 < NOTHING {
            break;
        }
        if best.1 < limits.most {
            n *= 2;
        }
        let again = measure(limits.runs.max(2), n, Duration::MAX, &work);
        best = if again.0 < best.0 { again } else { (best.0, again.1) };
    }
    if best.1 < NOTHING {
        best.0 = best.0.min(MOST);
    }
    Outcome { ratio: best.0, size: size(n), time: best.1 }
}

/// The ratio of the best times for 2n and n, and the latter. `first` is a time for n that is known.
fn measure(runs: usize, n: usize, first: Duration, work: &impl Fn(usize) -> Duration) -> (f64, Duration) {
    let (mut once, mut twice) = (first, Duration::MAX);
    // In turn, so that a slow moment of the machine meets both.
    for run in 0..runs {
        if run > 0 || first == Duration::MAX {
            once = once.min(work(n));
        }
        twice = twice.min(work(2 * n));
    }
    (twice.as_secs_f64() / once.as_secs_f64().max(1e-6), once)
}

/// The rules that grow too fast on a sample.
fn culprits(bench: &Bench, limits: &Limits, make: fn(usize) -> String) -> Vec<String> {
    let mut out = Vec::new();
    for rule in bench.rules().iter().copied() {
        let outcome = ratio_of(limits, |n| make(n).len(), |n| rules(bench, &make(n), &[rule]));
        if outcome.ratio > MOST {
            out.push(format!("  by {}: {}", rule.name, told(&outcome)));
        }
    }
    out
}

fn told(outcome: &Outcome) -> String {
    format!("{:.1} times ({} for {})", outcome.ratio, milliseconds(outcome.time), outcome.size)
}
