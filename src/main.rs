//! The command line.

fn main() -> std::process::ExitCode {
    qualify::cli::main()
}
