//! `qualify completions`: completion scripts for shells.

use super::Cli;
use super::exit::{Exit, Failure};
use super::terminal::print;
use clap::CommandFactory;
use clap_complete::{Shell, generate};

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify completions bash > ~/.local/share/bash-completion/completions/qualify
  qualify completions zsh > ~/.zfunc/_qualify
  qualify completions fish > ~/.config/fish/completions/qualify.fish")]
pub struct Args {
    /// The shell
    shell: Shell,
}

pub fn run(args: Args) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "qualify", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
