//! The words of the checker's errors: a constructor for each, and the table of their codes.

mod declarations;
mod names;
mod types;

pub(super) use declarations::*;
pub(super) use names::*;
pub(super) use types::*;

use crate::base::{SourceMap, Span};
use crate::diagnostic::Diagnostic;

/// The codes of all errors that [`super::check`] reports, in the order of the alphabet.
pub static CODES: &[&str] = &[];

/// Points at where something is declared first; says it in words where that is another file, which is not shown.
fn first_place(error: Diagnostic, first: Span, second: Span, sources: &SourceMap, message: &str) -> Diagnostic {
    if first.file == second.file {
        return error.label(first, message);
    }
    match sources.locate(first) {
        Some((file, place)) => error.label(first, message).help(format!("{message}: `{file}`, line {}", place.line)),
        None => error,
    }
}

/// `a`, `b` and `c`
fn and_list<T: AsRef<str>>(names: &[T]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// At most eight of the names that could be written.
fn some_of<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let names: Vec<&str> = names.into_iter().collect();
    match names.len() {
        0 => None,
        1..=8 => Some(and_list(&names)),
        _ => Some(format!("{}, …", names[..8].iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))),
    }
}
