//! The `trueup` program; everything it does is in the library beside it.

/// A check makes and drops millions of small strings; the system's allocator takes a tenth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    trueup_cli::main()
}
