//! `qualify man`: manual pages.

use super::Cli;
use super::exit::{Exit, Failure};
use super::terminal::print;
use clap::CommandFactory;

/// Print the manual page, or write a page for every command
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qualify man | man -l -
  qualify man --dir /usr/local/share/man/man1")]
pub struct Args {
    /// Write `qualify.1` and a page for each command into this folder
    #[arg(long, value_name = "FOLDER")]
    dir: Option<String>,
}

pub fn run(args: Args) -> Result<Exit, Failure> {
    match args.dir {
        Some(dir) => {
            clap_mangen::generate_to(Cli::command(), &dir).map_err(|error| Failure::unwritable(&dir, &error))?
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            print(&String::from_utf8_lossy(&page))?;
        }
    }
    Ok(Exit::Done)
}
