//! The release binary and another linter over the same folder, in turn.

use super::{Folder, Options, median, milliseconds};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use wait4::Wait4;

/// What a run of a program cost.
pub(super) struct Cost {
    pub(super) cpu: Duration,
    /// The most that it held at a time, in bytes.
    pub(super) memory: u64,
}

pub(super) fn run(other: &str, options: &Options) -> Result<(), String> {
    if other != "rumdl" {
        return Err(format!("bench knows how to run `rumdl`, not `{other}`"));
    }
    let rumdl = on_path("rumdl")
        .ok_or("rumdl is not on the PATH; install it with `pip install rumdl` or `cargo install rumdl`")?;
    let trueup = release_binary()?;
    let folder = Folder::of(options)?;
    let folder = folder.path.as_path();
    let runs = if options.short { 5 } else { 15 };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        ours.push(cost(Command::new(&trueup).args(["check", "--format", "json"]).current_dir(folder))?);
        theirs.push(cost(Command::new(&rumdl).args(["check", "--no-cache", "."]).current_dir(folder))?);
    }
    let cpu = |costs: &[Cost]| median(costs.iter().map(|c| c.cpu).collect());
    let memory = |costs: &[Cost]| costs.iter().map(|c| c.memory).max().unwrap_or(0);
    println!("{}: medians of {runs} runs in turn", options.folder);
    println!("  {:>12} CPU  {:>7.1} MiB  trueup check", milliseconds(cpu(&ours)), mebibytes(memory(&ours)));
    println!(
        "  {:>12} CPU  {:>7.1} MiB  rumdl check --no-cache",
        milliseconds(cpu(&theirs)),
        mebibytes(memory(&theirs))
    );
    let times = cpu(&theirs).as_secs_f64() / cpu(&ours).as_secs_f64().max(1e-6);
    println!(
        "  trueup needs 1/{times:.2} of the CPU and {:.2} of the memory",
        mebibytes(memory(&ours)) / mebibytes(memory(&theirs)).max(0.1)
    );
    Ok(())
}

/// The program as users run it.
pub(super) fn release_binary() -> Result<PathBuf, String> {
    let trueup = crate::root().join("target/release/trueup");
    let missing = "there is no release binary; build it with `cargo build --release --package trueup-cli`";
    if trueup.exists() { Ok(trueup) } else { Err(missing.to_owned()) }
}

pub(super) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

/// CPU time and peak memory of a program that may find something.
pub(super) fn cost(command: &mut Command) -> Result<Cost, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let used = child.and_then(Wait4::wait4).map_err(|error| format!("{name}: {error}"))?;
    match used.status.code() {
        Some(0 | 1) => Ok(Cost { cpu: used.rusage.utime + used.rusage.stime, memory: used.rusage.maxrss }),
        code => Err(format!("{name} ended with {code:?}; run it by hand to see why")),
    }
}

pub(super) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
