//! The release binary over large repositories: `status` of thousands of specs, `drift` of thousands of files.

use super::against::{Cost, cost, mebibytes, on_path, release_binary};
use super::{Options, code, median, milliseconds};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One spec for this many files of code.
const FILES_PER_SPEC: usize = 50;

const CONFIGURATION: &str = "[[specs]]\nfolders = [\"docs/specs\"]\ntemplate = \"builtin:governance\"\n";

/// Measures the binary, if there is one.
pub(super) fn run(options: &Options) -> Result<(), String> {
    let trueup = match release_binary() {
        Ok(trueup) => trueup,
        Err(why) if options.only.is_none() => {
            println!("large repositories are left out: {why}\n");
            return Ok(());
        }
        Err(why) => return Err(why),
    };
    let (n, runs) = if options.short { (1_000, 1) } else { (10_000, 5) };
    println!("large repositories, CPU time of the whole program: medians of {runs} runs in turn");
    status(&trueup, n, runs)?;
    drift(&trueup, n, runs)
}

/// The board of `n` specs and of twice as many, with a linter of Markdown over the same files as the measure.
fn status(trueup: &Path, n: usize, runs: usize) -> Result<(), String> {
    let once = tempfile::tempdir().map_err(|error| error.to_string())?;
    let twice = tempfile::tempdir().map_err(|error| error.to_string())?;
    write_specs(once.path(), n)?;
    write_specs(twice.path(), 2 * n)?;
    let mut programs = vec![
        Program::new(format!("trueup status, {n} specs"), trueup, &["status"], once.path()),
        Program::new(format!("trueup status, {} specs", 2 * n), trueup, &["status"], twice.path()),
    ];
    if let Some(rumdl) = on_path("rumdl") {
        let arguments = ["check", "--no-cache", "."];
        programs.push(Program::new(format!("rumdl check, {n} specs"), &rumdl, &arguments, once.path()));
    }
    let medians = in_turn(&mut programs, runs)?;
    if let [one, two, others @ ..] = medians.as_slice() {
        print!("  twice the specs: {:.2} times the time", two / one.max(1e-6));
        others.iter().for_each(|other| print!("; {:.2} of rumdl's time", one / other.max(1e-6)));
        println!();
    }
    Ok(())
}

/// Drift of `n` files of code, with a search through all of their lines as the measure.
fn drift(trueup: &Path, n: usize, runs: usize) -> Result<(), String> {
    let (root, _) = code::tree(n)?;
    write_specs(root.path(), n / FILES_PER_SPEC)?;
    let mut programs = vec![Program::new(
        format!("trueup drift, {n} files of code, {} specs", n / FILES_PER_SPEC),
        trueup,
        &["drift", "--format", "json"],
        root.path(),
    )];
    if let Some(grep) = on_path("grep") {
        let arguments = ["-rcE", "router|environ|test|[A-Z]+_[0-9]+", "modules"];
        programs.push(Program::new(format!("grep -rcE, {n} files"), &grep, &arguments, root.path()));
    }
    let medians = in_turn(&mut programs, runs)?;
    if let [own, other] = medians.as_slice() {
        println!("  {:.1} times grep's time", own / other.max(1e-6));
    }
    println!();
    Ok(())
}

/// A program that is measured.
struct Program {
    name: String,
    path: PathBuf,
    arguments: Vec<String>,
    folder: PathBuf,
    costs: Vec<Cost>,
}

impl Program {
    fn new(name: String, path: &Path, arguments: &[&str], folder: &Path) -> Program {
        let arguments = arguments.iter().map(|a| (*a).to_owned()).collect();
        Program { name, path: path.to_path_buf(), arguments, folder: folder.to_path_buf(), costs: Vec::new() }
    }
}

/// Runs the programs in turn, so that a slow moment of the machine meets all. The medians in seconds.
fn in_turn(programs: &mut [Program], runs: usize) -> Result<Vec<f64>, String> {
    for _ in 0..runs {
        for program in programs.iter_mut() {
            let mut command = Command::new(&program.path);
            program.costs.push(cost(command.args(&program.arguments).current_dir(&program.folder))?);
        }
    }
    let mut medians = Vec::new();
    for program in programs {
        let middle = median(program.costs.iter().map(|cost| cost.cpu).collect());
        let memory = program.costs.iter().map(|cost| cost.memory).max().unwrap_or(0);
        println!("  {:>12} CPU  {:>7.1} MiB  {}", milliseconds(middle), mebibytes(memory), program.name);
        medians.push(middle.as_secs_f64());
    }
    Ok(medians)
}

/// A repository of `n` specs: those of the example over and over, under names of their own.
fn write_specs(root: &Path, n: usize) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", root.display());
    let example = crate::root().join("examples/shop/docs/specs");
    let mut texts: Vec<(String, String)> = Vec::new();
    for entry in std::fs::read_dir(&example).map_err(|error| format!("{}: {error}", example.display()))? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == "md") {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            texts.push((stem, std::fs::read_to_string(&path).map_err(failed)?));
        }
    }
    texts.sort();
    if texts.is_empty() {
        return Err(format!("{} holds no specs", example.display()));
    }
    let folder = root.join("docs/specs");
    std::fs::create_dir_all(&folder).map_err(failed)?;
    std::fs::write(root.join("trueup.toml"), CONFIGURATION).map_err(failed)?;
    for (number, (stem, text)) in texts.iter().cycle().take(n).enumerate() {
        std::fs::write(folder.join(format!("{stem}-{number}.md")), text).map_err(failed)?;
    }
    commit(root)
}

/// Most repositories are git's; what is asked of it counts, too.
fn commit(root: &Path) -> Result<(), String> {
    let identity =
        ["-c", "user.name=Bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"];
    for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "docs: all of it"]] {
        let mut git = Command::new("git");
        git.args(identity).args(arguments).current_dir(root).stdin(Stdio::null());
        let status = git.status().map_err(|error| format!("git: {error}"))?;
        if !status.success() {
            return Err(format!("`git {}` failed", arguments.join(" ")));
        }
    }
    Ok(())
}
