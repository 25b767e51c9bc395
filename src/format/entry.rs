//! Entries: a name, perhaps a label, a colon and what they stand for.

use super::columns::{APART, Row};
use super::expr::{Place, expr};
use super::writer::{Mark, Writer};
use crate::syntax::ast::{Expr, Text};

/// What stands before a colon has more room than a name: a deadline may be part of it.
const HEADS_APART: usize = 32;

/// What stands before the colon of an entry.
#[derive(Clone, Copy, Default)]
pub(super) struct Head {
    /// A word before the name: `define`.
    pub prefix: Option<&'static str>,
    /// Whether there is a label.
    pub label: bool,
    /// Whether a clause follows: `after mql`.
    pub clause: bool,
}

/// `fit NAME "label"`
pub(super) fn title(w: &mut Writer<'_>, word: &'static str, label: &Option<Text>) {
    w.word(word);
    w.blank();
    w.verbatim();
    if label.is_some() {
        w.blank();
        w.text();
    }
}

/// The cells of name and label, up to what stands behind them.
fn cells(w: &mut Writer<'_>, head: Head, clause: impl FnOnce(&mut Writer<'_>)) -> (Row, Mark) {
    let mut row = Row::default();
    let mut mark = w.mark();
    if let Some(prefix) = head.prefix {
        w.word(prefix);
        w.blank();
    }
    w.verbatim();
    if head.label {
        w.cell(&mut row, &mark, 0, 1, APART);
        mark = w.mark();
        w.text();
    }
    if head.clause {
        w.cell(&mut row, &mark, 1, 1, APART);
        mark = w.mark();
        clause(w);
    }
    (row, mark)
}

/// An entry whose content stands behind the colon, or below it where it does not fit.
pub(super) fn entry(
    w: &mut Writer<'_>,
    head: Head,
    clause: impl FnOnce(&mut Writer<'_>),
    content: impl FnOnce(&mut Writer<'_>),
) -> Row {
    let (mut row, mark) = cells(w, head, clause);
    w.sign(":");
    // Among declarations, constants keep to themselves.
    let column = if head.prefix.is_some() && !head.label { 3 } else { 2 };
    content_below(w, &mut row, &mark, column, content);
    row
}

/// What follows a colon: on its line, or indented below it.
pub(super) fn content_below(
    w: &mut Writer<'_>,
    row: &mut Row,
    mark: &Mark,
    column: usize,
    content: impl FnOnce(&mut Writer<'_>),
) {
    w.group(|w| {
        w.indented(|w| {
            w.cell(row, mark, column, 1, HEADS_APART);
            w.last_cell_breaks(row);
            let mark = w.mark();
            w.group(content);
            row.rest = w.flat_since(&mark);
        });
    });
}

/// An entry whose content is a block: it begins on the line of the name.
pub(super) fn block_entry(w: &mut Writer<'_>, head: Head, content: impl FnOnce(&mut Writer<'_>)) -> Row {
    let (mut row, mark) = cells(w, head, |_| {});
    w.sign(":");
    row.rest = w.flat_since(&mark);
    w.blank();
    content(w);
    row.barrier = Some(1);
    row
}

/// `NAME "label": condition`
pub(super) fn condition(w: &mut Writer<'_>, prefix: Option<&'static str>, label: &Option<Text>, of: &Expr) -> Row {
    let head = Head { prefix, label: label.is_some(), clause: false };
    entry(w, head, |_| {}, |w| expr(w, of, Place::Whole))
}
