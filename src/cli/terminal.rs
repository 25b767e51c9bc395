//! The terminal: colours, width, and what is written to it.

use super::exit::Failure;
use crate::base::visible;
use crate::diagnostic::{ColorChoice, Diagnostic, render};
pub use crate::words::thousands;
use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use unicode_width::UnicodeWidthStr;

/// The styles of everything that the program prints itself.
pub mod style {
    use super::{AnsiColor, Style};

    /// Headings.
    pub const HEADING: Style = Style::new().bold();
    /// What stands back.
    pub const QUIET: Style = Style::new().dimmed();
    /// What is well.
    pub const GOOD: Style = AnsiColor::Green.on_default();
    /// What needs a look.
    pub const WARNING: Style = AnsiColor::Yellow.on_default();
    /// What is wrong.
    pub const BAD: Style = AnsiColor::Red.on_default().bold();
    /// Bars and other figures.
    pub const FIGURE: Style = AnsiColor::Cyan.on_default();
}

/// Where a command writes: what it knows of standard output and standard error.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Whether standard output is a terminal.
    pub interactive: bool,
    /// Whether standard error is a terminal.
    pub errors_interactive: bool,
    /// Whether standard output is coloured.
    pub color: bool,
    /// Whether standard error is coloured.
    pub errors_color: bool,
    /// Columns of the terminal; 100 where there is none.
    pub width: usize,
}

impl Terminal {
    /// What the process runs in.
    pub fn new(color: clap::ColorChoice) -> Terminal {
        let colored = |auto: anstream::ColorChoice| match color {
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
            clap::ColorChoice::Auto => auto != anstream::ColorChoice::Never,
        };
        let interactive = std::io::stdout().is_terminal();
        let size = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Terminal {
            interactive,
            errors_interactive: std::io::stderr().is_terminal(),
            color: colored(anstream::AutoStream::choice(&std::io::stdout())),
            errors_color: colored(anstream::AutoStream::choice(&std::io::stderr())),
            width: size.filter(|width| *width >= 20).unwrap_or(100).min(120),
        }
    }

    /// Paints for standard output.
    pub fn paint(&self) -> Paint {
        Paint { color: self.color }
    }

    /// The columns and the paint of what is printed or written to a file; a file has 100 columns and no colour.
    pub fn on(&self, output: Option<&str>) -> (usize, Paint) {
        match output {
            None | Some("-") => (self.width, self.paint()),
            Some(_) => (100, Paint { color: false }),
        }
    }

    /// Paints for standard error.
    pub fn paint_errors(&self) -> Paint {
        Paint { color: self.errors_color }
    }

    /// Findings as text for standard output.
    pub fn findings(&self, diagnostics: &[Diagnostic], sources: &crate::base::SourceMap) -> String {
        render(diagnostics, sources, choice(self.color), self.width)
    }

    /// Says why a command could not run, on standard error.
    pub fn report(&self, failure: &Failure) {
        match failure {
            Failure::ClosedPipe => {}
            Failure::Message { message, help } => {
                let paint = self.paint_errors();
                self.say(&format!("{} {message}", paint.with(style::BAD, "error:")));
                if let Some(help) = help {
                    self.say(&format!("{} {help}", paint.with(style::GOOD, "help:")));
                }
            }
            Failure::Policy { diagnostics, sources } => {
                self.say(render(diagnostics, sources, choice(self.errors_color), self.width).trim_end());
            }
        }
    }

    /// A warning on standard error.
    pub fn warn(&self, message: &str, help: Option<&str>) {
        let paint = self.paint_errors();
        self.say(&format!("{} {}", paint.with(style::WARNING, "warning:"), visible(message)));
        if let Some(help) = help {
            self.say(&format!("{} {}", paint.with(style::GOOD, "help:"), visible(help)));
        }
    }

    /// A line on standard error; when that is closed there is nobody to tell.
    pub fn say(&self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }
}

fn choice(color: bool) -> ColorChoice {
    if color { ColorChoice::Colored } else { ColorChoice::Plain }
}

/// Puts colour on text, or leaves it.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    color: bool,
}

impl Paint {
    /// Text in a style.
    pub fn with(&self, style: Style, text: impl Display) -> String {
        let text = text.to_string();
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text }
    }
}

/// Writes text to standard output, whole.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// How many columns text takes.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// Text from a file on one line: hidden characters are seen, and what is over `most` columns gives way to `…`.
pub fn shown(text: &str, most: usize) -> String {
    let text = visible(text);
    if columns(&text) <= most {
        return text.into_owned();
    }
    let mut out = String::new();
    let mut taken = 1;
    for c in text.chars() {
        taken += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if taken > most {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// Text filled with blanks on the right.
pub fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// Text filled with blanks on the left.
pub fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

/// "1 lead", "2,000 leads".
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_files_is_cut_by_columns() {
        assert_eq!(shown("abcdef", 6), "abcdef");
        assert_eq!(shown("abcdefg", 6), "abcde…");
        assert_eq!(shown("日本語日本語", 6), "日本…");
        assert_eq!(shown("a\u{1b}[2J", 40), "a\\u{1b}[2J");
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(count(1, "lead", "leads"), "1 lead");
        assert_eq!(right("日本", 6), "  日本");
    }
}
