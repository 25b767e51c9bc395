//! How a command ends.

use crate::base::{SourceMap, visible};
use crate::diagnostic::Diagnostic;

/// How a command that ran ended; the number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Done = 0,
    /// Something was found: an error in a checked policy, a failed test, a broken `always`.
    Findings = 1,
    /// Done, but records were rejected.
    Rejected = 3,
}

/// The exit code of a command that could not run.
pub const COULD_NOT_RUN: u8 = 2;

/// Why a command could not run.
#[derive(Debug)]
pub enum Failure {
    /// What is wrong, and what to do about it.
    Message {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// The policy has errors.
    Policy {
        /// What was found.
        diagnostics: Vec<Diagnostic>,
        /// The policy's texts.
        sources: Box<SourceMap>,
    },
    /// Nobody reads the output any more.
    ClosedPipe,
}

impl Failure {
    /// A failure in one sentence.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure::Message { message: message.into(), help: None }
    }

    /// Says what to do about it.
    pub fn help(self, help: impl Into<String>) -> Failure {
        match self {
            Failure::Message { message, .. } => Failure::Message { message, help: Some(help.into()) },
            other => other,
        }
    }

    /// As [`Failure::help`] where there may be nothing to say.
    pub fn maybe_help(self, help: Option<String>) -> Failure {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// A file that cannot be read; `-` is standard input.
    pub fn unreadable(path: &str, error: &std::io::Error) -> Failure {
        let name = if path == "-" { "standard input".to_owned() } else { format!("`{}`", visible(path)) };
        Failure::new(format!("cannot read {name}: {}", reason(error)))
    }

    /// A file that cannot be written; `-` is standard output.
    pub fn unwritable(path: &str, error: &std::io::Error) -> Failure {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Failure::ClosedPipe;
        }
        let name = if path == "-" { "standard output".to_owned() } else { format!("`{}`", visible(path)) };
        Failure::new(format!("cannot write {name}: {}", reason(error)))
    }
}

/// An error of the system as people say it, without its number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Only for standard output.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::unwritable("-", &error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_errors_read_as_a_sentence() {
        let error = std::io::Error::from_raw_os_error(2);
        let Failure::Message { message, .. } = Failure::unreadable("a\u{1b}b", &error) else { panic!() };
        assert_eq!(message, "cannot read `a\\u{1b}b`: no such file or directory");
    }
}
