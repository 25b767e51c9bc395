//! What a policy says of its data: fields, events, lists, outcomes.

use super::columns::{APART, Row};
use super::entry::title;
use super::expr::{ListStyle, bracket_list, list};
use super::layout::{INDENT, WIDTH};
use super::writer::{Mark, Writer};
use crate::syntax::ast::*;

/// Clauses share a column when they are about as long.
const CLAUSES_APART: usize = 12;

/// `lead missing [..] { fields }`
pub(super) fn lead(w: &mut Writer<'_>, missing: &Option<Vec<Expr>>, fields: &[Field]) {
    w.word("lead");
    w.blank();
    if let Some(missing) = missing {
        w.word("missing");
        w.blank();
        list(w, missing, ListStyle::Rows);
        w.blank();
    }
    w.block(fields, field);
}

fn field(w: &mut Writer<'_>, field: &Field) -> Row {
    let mut row = Row::default();
    let line = w.mark();
    w.verbatim();
    let name = w.mark();
    w.cell(&mut row, &line, 0, 1, APART);
    let mark = w.mark();
    if let TypeExpr::Record(fields, _) = &field.ty
        && !inline(w, fields, &line)
    {
        w.back_to(&name);
        w.blank();
        w.block(fields, self::field);
        if !field.clauses.is_empty() {
            w.blank();
            clauses(w, &field.clauses, &mut Row::default());
        }
        // Its fields are rows of their own block; the rows around it are neighbours all the same.
        return Row::default();
    }
    w.group(|w| {
        field_type(w, &field.ty);
        // `text key` is read as one.
        let flags = field.clauses.iter().take_while(|clause| is_flag(clause)).count();
        let (flags, others) = field.clauses.split_at(flags);
        for flag in flags {
            w.blank();
            clause(w, flag);
        }
        if others.is_empty() {
            row.rest = w.flat_since(&mark);
            return;
        }
        w.indented(|w| {
            w.cell(&mut row, &mark, 1, 2, APART);
            w.last_cell_fills(&row);
            clauses(w, others, &mut row);
        });
    });
    row
}

/// `{ fields }` on the line that began at `line`, when it fits and reads well there: one field, or fields without clauses.
/// Else nothing is written.
fn inline(w: &mut Writer<'_>, fields: &[Field], line: &Mark) -> bool {
    let short = fields.len() < 2 || fields.iter().all(|field| field.clauses.is_empty());
    if !short || fields.iter().any(|field| matches!(field.ty, TypeExpr::Record(..))) {
        return false;
    }
    let mark = w.mark();
    w.bracketed("{", "}", 1, |w| {
        for (index, one) in fields.iter().enumerate() {
            field(w, one);
            if index + 1 < fields.len() {
                w.line(2);
            }
        }
    });
    let fits = w.flat_since(line).is_some_and(|width| width + (w.depth + 1) * INDENT <= WIDTH);
    if !fits {
        w.back_to(&mark);
    }
    fits
}

fn is_flag(clause: &FieldClause) -> bool {
    matches!(clause, FieldClause::Key(_) | FieldClause::Required(_))
}

/// Clauses, each a cell but for the last.
fn clauses(w: &mut Writer<'_>, clauses: &[FieldClause], row: &mut Row) {
    let Some((last, before)) = clauses.split_last() else { return };
    for (index, one) in before.iter().enumerate() {
        let mark = w.mark();
        clause(w, one);
        w.cell(row, &mark, 2 + index, 2, CLAUSES_APART);
        w.last_cell_fills(row);
    }
    let mark = w.mark();
    clause(w, last);
    row.rest = w.flat_since(&mark);
}

fn clause(w: &mut Writer<'_>, clause: &FieldClause) {
    match clause {
        FieldClause::Key(_) | FieldClause::Required(_) | FieldClause::Fixed(_) => w.verbatim(),
        FieldClause::KnownFrom(_) => {
            w.words(&["known", "from"]);
            w.blank();
            w.verbatim();
        }
        FieldClause::From(_) | FieldClause::Ask(_) | FieldClause::Format(_) => {
            w.verbatim();
            w.blank();
            w.text();
        }
        FieldClause::Missing(values, _) => {
            w.word("missing");
            w.blank();
            list(w, values, ListStyle::Rows);
        }
    }
}

fn field_type(w: &mut Writer<'_>, ty: &TypeExpr) {
    match ty {
        TypeExpr::Name(_) => w.verbatim(),
        TypeExpr::Money(_) => {
            w.word("money");
            w.blank();
            w.verbatim();
        }
        TypeExpr::OneOf(texts, _) => {
            w.words(&["one", "of"]);
            w.blank();
            bracket_list(w, texts, ListStyle::Rows, |w, _| w.text());
        }
        TypeExpr::Ranked(texts, _) => {
            w.word("ranked");
            w.blank();
            bracket_list(w, texts, ListStyle::Rows, |w, _| w.text());
        }
        TypeExpr::List(of, _) => {
            w.words(&["list", "of"]);
            w.blank();
            field_type(w, of);
        }
        // It stands there already.
        TypeExpr::Record(..) => {}
    }
}

/// `event page_viewed "label" from "Page View" { fields }`
pub(super) fn event(w: &mut Writer<'_>, label: &Option<Text>, from: bool, fields: &[Field]) -> Row {
    let mut row = Row::default();
    let line = w.mark();
    let mut mark = w.mark();
    title(w, "event", label);
    if from {
        w.cell(&mut row, &mark, 0, 1, APART);
        mark = w.mark();
        w.word("from");
        w.blank();
        w.text();
    }
    if !w.at("{") {
        row.rest = if from { w.flat_since(&mark) } else { None };
        return row;
    }
    let head = w.mark();
    let cells = row.cells.len();
    w.cell(&mut row, &mark, usize::from(from), 1, APART);
    let body = w.mark();
    if inline(w, fields, &line) {
        row.rest = w.flat_since(&body);
        return row;
    }
    w.back_to(&head);
    row.cells.truncate(cells);
    w.blank();
    row.rest = w.flat_since(&mark);
    w.block(fields, field);
    row
}

/// `event engaged "label" is any of [a, b]`
pub(super) fn event_group(w: &mut Writer<'_>, label: &Option<Text>, of: &[Name]) -> Row {
    let mut row = Row::default();
    let mark = w.mark();
    title(w, "event", label);
    w.cell(&mut row, &mark, 0, 1, APART);
    let mark = w.mark();
    w.words(&["is", "any", "of"]);
    w.blank();
    bracket_list(w, of, ListStyle::Rows, |w, _| w.verbatim());
    row.rest = w.flat_since(&mark);
    row
}

/// `list NAME "label" = [..]`, `list NAME from "file" column "name"`
pub(super) fn list_item(w: &mut Writer<'_>, label: &Option<Text>, source: &ListSource) -> Row {
    let mut row = Row::default();
    let mark = w.mark();
    title(w, "list", label);
    w.cell(&mut row, &mark, 0, 1, APART);
    let mark = w.mark();
    match source {
        ListSource::Inline(entries, _) => {
            w.word("=");
            w.blank();
            // One entry a line: who adds one changes one line.
            list(w, entries, ListStyle::Column);
        }
        ListSource::File { column, .. } => {
            w.word("from");
            w.blank();
            w.text();
            if column.is_some() {
                w.blank();
                w.word("column");
                w.blank();
                w.text();
            }
        }
    }
    row.rest = w.flat_since(&mark);
    row
}

/// `events { in "activities" type "activity_type" }`, and `outcome { .. }`: each clause a word, a text, perhaps `in USD`.
pub(super) fn clause_block(w: &mut Writer<'_>, word: &'static str, clauses: &[bool]) {
    let line = w.mark();
    w.word(word);
    w.blank();
    let block = w.mark();
    if !clauses.is_empty() {
        w.bracketed("{", "}", 1, |w| {
            for (index, currency) in clauses.iter().enumerate() {
                if index > 0 {
                    w.blank();
                }
                clause_line(w, &mut Row::default(), *currency);
            }
        });
        if w.flat_since(&line).is_some_and(|width| width <= WIDTH) {
            return;
        }
        w.back_to(&block);
    }
    w.block(clauses, |w, currency| {
        let mut row = Row::default();
        clause_line(w, &mut row, *currency);
        row
    });
}

fn clause_line(w: &mut Writer<'_>, row: &mut Row, currency: bool) {
    let mark = w.mark();
    w.verbatim();
    w.cell(row, &mark, 0, 1, APART);
    let mark = w.mark();
    w.text();
    if currency {
        w.blank();
        w.word("in");
        w.blank();
        w.verbatim();
    }
    row.rest = w.flat_since(&mark);
}
