//! Opening a file of leads.

use super::exit::Failure;
use super::input;
use super::terminal::Terminal;
use crate::base::visible;
use crate::data::{Format, LeadReader, Plan, ReadError};

/// Opens a file of leads; what is odd about it as a whole is said on standard error.
pub fn open(path: &str, plan: &Plan<'_>, terminal: &Terminal) -> Result<LeadReader, Failure> {
    let input = input::open(path, terminal)?;
    let reader = LeadReader::open(input, Format::of(path), plan).map_err(|error| unreadable(path, error))?;
    for warning in reader.warnings() {
        terminal.warn(&format!("{}: {}", input::name(path), warning.message), warning.help.as_deref());
    }
    Ok(reader)
}

/// Reading ended before the end of the leads.
pub fn unreadable(path: &str, error: ReadError) -> Failure {
    Failure::new(format!("{}: {}", input::name(path), visible(&error.message))).maybe_help(error.help)
}
