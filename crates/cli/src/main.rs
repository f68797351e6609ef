//! The `trueup` program; everything it does is in the library beside it.

fn main() -> std::process::ExitCode {
    trueup_cli::main()
}
