//! Measurements: how long each stage takes over a folder, whether cost grows linearly, and how the
//! release binary compares with another linter.

mod against;
mod code;
mod doubling;
mod large;
mod samples;
mod stages;
mod subjects;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What was asked for.
#[derive(Clone, Debug, Default)]
struct Options {
    /// Ends within 20 s.
    short: bool,
    folder: String,
    against: Option<String>,
    only: Option<String>,
}

/// Runs the measurements. An error where something grows faster than it may.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    let mut options = Options { folder: "examples/shop".to_owned(), ..Options::default() };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value =
            |name: &str| words.next().map(|v| (*v).to_owned()).ok_or(format!("{name} needs a value"));
        match *word {
            "--short" => options.short = true,
            "--against" => options.against = Some(value("--against")?),
            "--only" => options.only = Some(value("--only")?),
            folder if !folder.starts_with('-') => options.folder = folder.to_owned(),
            unknown => return Err(format!("bench does not know `{unknown}`")),
        }
    }
    if cfg!(debug_assertions) {
        println!("(not optimised: only the ratios mean something; measure with --release)\n");
    }
    // First, since the peak memory of a program counts from what its parent had.
    if let Some(other) = &options.against {
        return against::run(other, &options);
    }
    if options.only.as_deref().is_none_or(|only| only == "large") {
        large::run(&options)?;
        if options.only.is_some() {
            return Ok(());
        }
    }
    // One thread, so that its CPU time is the whole cost; with a stack so large that deep inputs are measured
    // to their end. That they need none is tested elsewhere.
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .stack_size(1 << 30)
        .build()
        .map_err(|error| error.to_string())?;
    pool.install(|| {
        if options.only.is_none() {
            stages::run(&options)?;
        }
        if options.only.as_deref().is_none_or(|only| only == "code") {
            code::run(&options)?;
        }
        doubling::run(&options)
    })
}

/// A folder as a repository of its own: a copy of it where it is a part of another one.
struct Folder {
    path: PathBuf,
    _copy: Option<tempfile::TempDir>,
}

impl Folder {
    fn of(options: &Options) -> Result<Folder, String> {
        let given = Path::new(&options.folder);
        let given = if given.exists() { given.to_path_buf() } else { crate::root().join(given) };
        let path = given.canonicalize().map_err(|error| format!("{}: {error}", given.display()))?;
        if path.join(".git").exists() {
            return Ok(Folder { path, _copy: None });
        }
        let copy = tempfile::tempdir().map_err(|error| error.to_string())?;
        copy_into(&path, copy.path()).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Folder { path: copy.path().to_path_buf(), _copy: Some(copy) })
    }
}

fn copy_into(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = entry.file_name();
        if kind.is_dir() && name != "target" && name != "node_modules" {
            copy_into(&entry.path(), &to.join(name))?;
        } else if kind.is_file() {
            std::fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

/// CPU time of this thread; the time that passes where the system does not tell it.
fn cpu() -> Duration {
    // The system counts up to the last switch between threads.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(since_start, Duration::from_nanos)
}

fn since_start() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// CPU time of a piece of work.
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = cpu();
    let value = std::hint::black_box(work());
    (cpu().saturating_sub(start), value)
}

/// The middle one of several times.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
