//! Bands, matrices, stages, routes, and the tests of a policy.

use super::columns::{APART, Row};
use super::entry::{self, title};
use super::expr::{Place, amount, duration, expr};
use super::writer::Writer;
use crate::syntax::ast::*;

/// `bands NAME "label" of SCORE { bands }`
pub(super) fn bands(w: &mut Writer<'_>, label: &Option<Text>, bands: &[Band]) {
    title(w, "bands", label);
    w.blank();
    w.word("of");
    w.blank();
    w.verbatim();
    w.blank();
    w.block(bands, |w, band| {
        let mut row = Row::default();
        let mut mark = w.mark();
        w.verbatim();
        if band.label.is_some() {
            w.cell(&mut row, &mark, 0, 1, APART);
            mark = w.mark();
            w.text();
        }
        if let Some(from) = &band.from {
            w.cell(&mut row, &mark, 1, 1, APART);
            mark = w.mark();
            w.word("from");
            w.blank();
            amount(w, from);
        }
        row.rest = w.flat_since(&mark);
        row
    });
}

/// `matrix NAME "label" of ROWS by COLUMNS { heads and rows }`
pub(super) fn matrix(w: &mut Writer<'_>, label: &Option<Text>, columns: &[Head], rows: &[MatrixRow]) {
    title(w, "matrix", label);
    for word in ["of", "by"] {
        w.blank();
        w.word(word);
        w.blank();
        w.verbatim();
    }
    w.blank();
    // The line of heads may stand anywhere among the rows.
    let lines = rows.len() + usize::from(!columns.is_empty());
    w.block(&vec![(); lines], |w, ()| matrix_row(w));
}

/// `fits : p3, p2, p1`
fn matrix_row(w: &mut Writer<'_>) -> Row {
    let mut row = Row::default();
    let mark = w.mark();
    matrix_head(w);
    w.cell(&mut row, &mark, 0, 1, APART);
    w.group(|w| {
        w.indented(|w| {
            let mut mark = w.mark();
            let mut column = 1;
            w.sign(":");
            w.blank();
            matrix_head(w);
            while w.at(",") {
                w.sign(",");
                w.cell(&mut row, &mark, column, 1, APART);
                w.last_cell_fills(&row);
                mark = w.mark();
                column += 1;
                matrix_head(w);
            }
            row.rest = w.flat_since(&mark);
        });
    });
    row
}

fn matrix_head(w: &mut Writer<'_>) {
    if w.peek().starts_with('"') { w.text() } else { w.verbatim() }
}

/// `stages { .. }`
pub(super) fn stages(w: &mut Writer<'_>, stages: &[Stage]) {
    w.word("stages");
    w.blank();
    w.block(stages, stage);
}

fn stage(w: &mut Writer<'_>, stage: &Stage) -> Row {
    let Some(condition) = &stage.condition else {
        let mut row = Row::default();
        let mark = w.mark();
        w.verbatim();
        if stage.label.is_some() {
            w.cell(&mut row, &mark, 0, 1, APART);
            let mark = w.mark();
            w.text();
            row.rest = w.flat_since(&mark);
        }
        return row;
    };
    let head = entry::Head { prefix: None, label: stage.label.is_some(), clause: stage.after.is_some() };
    let after = |w: &mut Writer<'_>| {
        w.word("after");
        w.blank();
        w.verbatim();
    };
    entry::entry(w, head, after, |w| {
        let Some(keep) = &stage.keep_while else { return expr(w, condition, Place::Whole) };
        w.group(|w| expr(w, condition, Place::Whole));
        w.sign(",");
        w.line(1);
        w.group(|w| {
            w.words(&["keep", "while"]);
            w.blank();
            expr(w, keep, Place::Behind);
        });
    })
}

/// `route { .. }`
pub(super) fn route(w: &mut Writer<'_>, arms: &[RouteArm]) {
    w.word("route");
    w.blank();
    w.block(arms, |w, arm| {
        let head = entry::Head { prefix: None, label: arm.label.is_some(), clause: arm.within.is_some() };
        let within = |w: &mut Writer<'_>| {
            if let Some(within) = &arm.within {
                w.word("within");
                w.blank();
                duration(w, within);
            }
        };
        entry::entry(w, head, within, |w| match &arm.condition {
            Some(condition) => expr(w, condition, Place::Whole),
            None => w.word("otherwise"),
        })
    });
}

/// `test "label" as of DATE { .. }`
pub(super) fn test(w: &mut Writer<'_>, test: &Test) {
    w.word("test");
    w.blank();
    w.text();
    w.blank();
    w.words(&["as", "of"]);
    w.blank();
    w.verbatim();
    w.blank();
    w.block(&test.steps, |w, step| match step {
        TestStep::Lead(fields, _) => {
            w.word("lead");
            w.blank();
            entries(w, fields);
            Row::apart()
        }
        TestStep::Event(event) => test_event(w, event),
        TestStep::Expect(condition, _) => {
            w.group(|w| {
                w.word("expect");
                w.blank();
                expr(w, condition, Place::Behind);
            });
            Row::apart()
        }
        TestStep::Junk(_) => {
            w.problem(|| "a part of the tree is no line of a test".to_owned());
            Row::apart()
        }
    });
}

fn test_event(w: &mut Writer<'_>, event: &TestEvent) -> Row {
    let mut row = Row::default();
    let mark = w.mark();
    w.word("event");
    w.blank();
    w.verbatim();
    w.blank();
    match &event.when {
        When::Ago(ago) => {
            duration(w, ago);
            w.blank();
            w.word("ago");
        }
        When::On(_) => {
            w.word("on");
            w.blank();
            w.verbatim();
        }
        When::At(_) => {
            w.word("at");
            w.blank();
            w.verbatim();
        }
    }
    if let Some(times) = &event.times {
        w.sign(",");
        w.blank();
        w.verbatim();
        w.blank();
        w.spelled(if times.micros == 1_000_000 { "time" } else { "times" });
    }
    if w.at("{") {
        w.cell(&mut row, &mark, 0, 1, APART);
        let mark = w.mark();
        entries(w, &event.fields);
        row.rest = w.flat_since(&mark);
    }
    row
}

/// `{ country: "US", company: { employees: 50 } }`
fn entries(w: &mut Writer<'_>, all: &[Entry]) {
    w.bracketed("{", "}", 1, |w| {
        for (index, one) in all.iter().enumerate() {
            w.group(|w| {
                w.verbatim();
                w.sign(":");
                w.blank();
                match &one.value {
                    EntryValue::Value(value) => expr(w, value, Place::Inside),
                    EntryValue::Record(fields) => entries(w, fields),
                }
            });
            if index + 1 < all.len() {
                w.sign(",");
                w.fill(1);
            }
        }
        w.skip(",");
    });
}
