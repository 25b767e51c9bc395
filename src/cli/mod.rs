//! The command line: reads arguments, runs a command, ends with its exit code. One file a command.

mod ask;
mod backtest;
mod batches;
mod check;
mod completions;
mod dbt;
mod describe;
mod diff;
mod doc;
mod events;
mod exit;
mod explain;
mod fmt;
mod history;
mod input;
mod junit;
mod leads;
mod lint;
mod man;
mod policy;
mod progress;
pub mod project;
mod prove;
mod schema;
mod score;
mod search;
mod sql;
mod sweep;
mod terminal;
mod test;
mod unified;
mod when;

use clap::builder::styling::{AnsiColor, Effects, Styles};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use exit::{COULD_NOT_RUN, Exit, Failure};
use std::process::ExitCode;
use terminal::Terminal;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::Cyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default());

const AFTER_HELP: &str = "\
Exit codes:
  0  done
  1  something was found: an error in a policy, a failed test, a broken `always`
  2  could not run: wrong usage, an unreadable file, an invalid policy
  3  done, but records were rejected

A first look:
  qualify check policy.qual
  qualify score policy.qual leads.csv
  qualify explain policy.qual leads.csv --lead todd";

/// Lead-qualification policies as code: check them, score leads with them, explain every decision
#[derive(Debug, Parser)]
#[command(name = "qualify", version, styles = STYLES, after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    /// When to use colours; `auto` is for terminals only and heeds NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    color: clap::ColorChoice,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Lint(lint::Args),
    Score(Box<score::Args>),
    Explain(Box<explain::Args>),
    History(history::Args),
    Ask(ask::Args),
    Backtest(Box<backtest::Args>),
    Sweep(Box<sweep::Args>),
    Test(test::Args),
    Diff(Box<diff::Args>),
    Prove(prove::Args),
    Doc(doc::Args),
    Sql(sql::Args),
    Dbt(dbt::Args),
    Fmt(fmt::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    fn run(self, terminal: &Terminal) -> Result<Exit, Failure> {
        match self {
            Command::Check(args) => check::run(args, terminal),
            Command::Lint(args) => lint::run(args, terminal),
            Command::Score(args) => score::run(*args, terminal),
            Command::Explain(args) => explain::run(*args, terminal),
            Command::History(args) => history::run(args, terminal),
            Command::Ask(args) => ask::run(args, terminal),
            Command::Backtest(args) => backtest::run(*args, terminal),
            Command::Sweep(args) => sweep::run(*args, terminal),
            Command::Test(args) => test::run(args, terminal),
            Command::Diff(args) => diff::run(*args, terminal),
            Command::Prove(args) => prove::run(args, terminal),
            Command::Doc(args) => doc::run(args),
            Command::Sql(args) => sql::run(args),
            Command::Dbt(args) => dbt::run(args, terminal),
            Command::Fmt(args) => fmt::run(args, terminal),
            Command::Schema(args) => schema::run(args, terminal),
            Command::Completions(args) => completions::run(args),
            Command::Man(args) => man::run(args),
        }
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let parsed = Cli::command()
        .color(color_of(std::env::args_os()))
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // Help and versions come here too; when nobody reads them there is nothing to do.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { COULD_NOT_RUN } else { 0 });
        }
    };
    let terminal = Terminal::new(cli.color);
    match cli.command.run(&terminal) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal.report(&failure);
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// `--color` for help and usage errors, which are printed before there are arguments.
fn color_of(args: impl Iterator<Item = std::ffi::OsString>) -> clap::ColorChoice {
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    let apart =
        args.iter().zip(args.iter().skip(1)).find(|(name, _)| *name == "--color").map(|(_, value)| value.as_str());
    let joined = args.iter().find_map(|arg| arg.strip_prefix("--color="));
    apart.or(joined).and_then(|value| value.parse().ok()).unwrap_or(clap::ColorChoice::Auto)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Cli::command().debug_assert();
    }
}
