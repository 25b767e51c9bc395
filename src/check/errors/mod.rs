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
pub static CODES: &[&str] = &[
    "after-not-lower",
    "age-alone",
    "all-of-patterns",
    "bad-format",
    "bad-pattern",
    "band-threshold",
    "bands-of-no-score",
    "calendar-duration",
    "cannot-calculate",
    "cannot-compare",
    "cannot-include",
    "cannot-set",
    "circle",
    "declared-twice",
    "different-types",
    "duplicate-case",
    "duplicate-choice",
    "duplicate-clause",
    "duplicate-entry",
    "duplicate-limit",
    "duplicate-name",
    "duplicate-spelling",
    "duration-alone",
    "empty-block",
    "empty-list",
    "empty-text",
    "event-as-value",
    "events-in-where",
    "first-stage",
    "fit-as-value",
    "group-in-group",
    "keep-without-field",
    "key-type",
    "limits-reversed",
    "list-alone",
    "list-as-value",
    "list-compared",
    "list-of-lists",
    "literal-needed",
    "matrix-axis",
    "matrix-heads",
    "matrix-row",
    "misplaced-clause",
    "misplaced-limit",
    "mixed-list",
    "no-order",
    "no-parts",
    "no-stages",
    "not-a-condition",
    "not-a-constant",
    "not-a-fit",
    "not-a-list",
    "not-a-number",
    "not-a-time",
    "not-listed",
    "not-text",
    "not-whole",
    "other-currency",
    "otherwise-not-last",
    "out-of-range",
    "outcome-without-lead",
    "quoted-literal",
    "quoted-name",
    "record-as-value",
    "reserved-word",
    "second-key",
    "second-lead",
    "second-stage-field",
    "stage-is-disqualified",
    "too-deep",
    "too-large",
    "too-many-digits",
    "unknown-check",
    "unknown-choice",
    "unknown-currency",
    "unknown-event",
    "unknown-field",
    "unknown-function",
    "unknown-name",
    "unknown-part",
    "unknown-reason",
    "unknown-timezone",
    "wrong-arguments",
    "wrong-case",
    "wrong-entry",
    "wrong-value",
];

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
