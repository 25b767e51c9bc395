//! Declarations: each in its layout, neighbours of one kind in columns.

use super::columns::{APART, Row, align};
use super::entry::{self, title};
use super::expr::{Place, amount, duration, expr};
use super::writer::Writer;
use super::{blocks, data, score};
use crate::syntax::ast::*;
use std::mem::{Discriminant, discriminant};

/// All declarations.
pub(super) fn items(w: &mut Writer<'_>, items: &[Item]) {
    let mut rows: Vec<Row> = Vec::new();
    let mut kind: Option<Kind> = None;
    for (index, item) in items.iter().enumerate() {
        let parted = w.begin(index == 0);
        let here = Kind::of(&item.value);
        if parted || kind != Some(here) {
            align(&mut w.pieces, &rows, 0);
            rows.clear();
            kind = Some(here);
        }
        rows.push(self::item(w, &item.value));
    }
    align(&mut w.pieces, &rows, 0);
    w.end();
}

/// Declarations of one kind share columns.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// What a policy says of itself: a word and a text.
    About,
    /// Events and groups of them.
    Event,
    Other(Discriminant<ItemKind>),
}

impl Kind {
    fn of(item: &ItemKind) -> Kind {
        use ItemKind::*;
        match item {
            Policy(_) | Version(_) | Owner(_) | Timezone(_) | Review { .. } | Agreed { .. } => Kind::About,
            Event { .. } | EventGroup { .. } => Kind::Event,
            other => Kind::Other(discriminant(other)),
        }
    }
}

fn item(w: &mut Writer<'_>, item: &ItemKind) -> Row {
    use ItemKind::*;
    match item {
        Policy(_) | Version(_) | Owner(_) | Timezone(_) | Review { .. } | Agreed { .. } => return about(w, item),
        Event { label, from, fields, .. } => return data::event(w, label, from.is_some(), fields),
        EventGroup { label, of, .. } => return data::event_group(w, label, of),
        List { label, source, .. } => return data::list_item(w, label, source),
        Define { label, value, .. } => return entry::condition(w, Some("define"), label, value),
        Persona { label, condition, .. } => return entry::condition(w, Some("persona"), label, condition),
        Always { label, condition } => return always(w, label, condition),
        Use(_) => {
            w.word("use");
            w.blank();
            w.text();
        }
        Lead { missing, fields } => data::lead(w, missing, fields),
        Events(clauses) => data::clause_block(w, "events", &vec![false; clauses.len()]),
        Outcome(clauses) => {
            let currency = |clause: &OutcomeClause| matches!(clause, OutcomeClause::Amount(_, Some(_)));
            data::clause_block(w, "outcome", &clauses.iter().map(currency).collect::<Vec<_>>());
        }
        Fit { label, needs, checks, .. } => {
            title(w, "fit", label);
            w.blank();
            if let Some(needs) = needs {
                w.word("needs");
                w.blank();
                amount(w, needs);
                w.blank();
            }
            conditions(w, checks);
        }
        Disqualify(reasons) => {
            w.word("disqualify");
            w.blank();
            conditions(w, reasons);
        }
        Score(of) => score::group(w, "score", of),
        Bands { label, bands, .. } => blocks::bands(w, label, bands),
        Matrix { label, columns, rows, .. } => blocks::matrix(w, label, columns, rows),
        Stages(stages) => blocks::stages(w, stages),
        Route(arms) => blocks::route(w, arms),
        Test(test) => blocks::test(w, test),
        Junk => w.problem(|| "a part of the tree is no declaration".to_owned()),
    }
    Row::apart()
}

fn conditions(w: &mut Writer<'_>, all: &[Condition]) {
    w.block(all, |w, one| entry::condition(w, None, &one.label, &one.condition));
}

/// `always "label": condition`
fn always(w: &mut Writer<'_>, label: &Option<Text>, condition: &Expr) -> Row {
    let mut row = Row::default();
    let mark = w.mark();
    w.word("always");
    if label.is_some() {
        w.blank();
        w.text();
    }
    w.sign(":");
    entry::content_below(w, &mut row, &mark, 2, |w| expr(w, condition, Place::Whole));
    row
}

/// `version "2026.4"`, `agreed by "sales" on 2026-10-02`
fn about(w: &mut Writer<'_>, item: &ItemKind) -> Row {
    let mut row = Row::default();
    let mark = w.mark();
    w.verbatim();
    w.cell(&mut row, &mark, 0, 1, APART);
    let mut mark = w.mark();
    match item {
        ItemKind::Review { every, last } => {
            w.word("every");
            w.blank();
            duration(w, every);
            if last.is_some() {
                w.sign(",");
                w.blank();
                w.word("last");
                w.blank();
                w.verbatim();
            }
        }
        ItemKind::Agreed { .. } => {
            w.word("by");
            w.blank();
            w.text();
            w.cell(&mut row, &mark, 1, 1, APART);
            mark = w.mark();
            w.word("on");
            w.blank();
            w.verbatim();
        }
        _ => w.text(),
    }
    row.rest = w.flat_since(&mark);
    row
}
