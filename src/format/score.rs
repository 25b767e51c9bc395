//! Scores: groups, rules and what they are worth.

use super::columns::Row;
use super::entry::{self, Head};
use super::expr::{Place, amount, duration, events, expr, unit};
use super::writer::Writer;
use crate::syntax::ast::*;

/// Points are read across a wide gap more easily than conditions.
const CASES_APART: usize = 48;

/// `score NAME "label" from 0 to 100 { parts }`, or a group.
pub(super) fn group(w: &mut Writer<'_>, word: &'static str, group: &Group) {
    entry::title(w, word, &group.label);
    for (word, end) in [("from", &group.from), ("to", &group.to)] {
        if let Some(end) = end {
            w.blank();
            w.word(word);
            w.blank();
            amount(w, end);
        }
    }
    w.blank();
    w.block(&group.parts, part);
}

fn part(w: &mut Writer<'_>, part: &Part) -> Row {
    match part {
        Part::Rule(of) => return rule(w, of),
        Part::Group(of) => group(w, "group", of),
        Part::Include(include) => {
            w.word("include");
            w.blank();
            w.verbatim();
            if let Some(factor) = &include.factor {
                w.blank();
                w.word("*");
                w.blank();
                amount(w, factor);
            }
        }
        Part::Junk(_) => w.problem(|| "a part of the tree is no part of a score".to_owned()),
    }
    Row::apart()
}

fn rule(w: &mut Writer<'_>, rule: &Rule) -> Row {
    let head = Head { prefix: None, label: rule.label.is_some(), clause: false };
    match &rule.worth {
        Worth::If { points, condition } => entry::entry(
            w,
            head,
            |_| {},
            |w| {
                amount(w, points);
                w.blank();
                w.word("if");
                w.blank();
                expr(w, condition, Place::Behind);
            },
        ),
        Worth::Per { points, distinct, events: of, limits: all } => entry::entry(
            w,
            head,
            |_| {},
            |w| {
                amount(w, points);
                w.blank();
                w.word("per");
                w.blank();
                if distinct.is_some() {
                    w.word("distinct");
                    w.blank();
                    w.verbatim();
                    w.blank();
                    w.word("of");
                    w.blank();
                }
                events(w, of);
                limits(w, all);
            },
        ),
        Worth::PerPeriod { points, period, since, limits: all } => entry::entry(
            w,
            head,
            |_| {},
            |w| {
                amount(w, points);
                w.blank();
                w.word("per");
                w.blank();
                duration(w, period);
                w.blank();
                w.word("since");
                w.blank();
                expr(w, since, Place::Inside);
                limits(w, all);
            },
        ),
        Worth::By { value, cases } => entry::block_entry(w, head, |w| {
            w.word("by");
            w.blank();
            expr(w, value, Place::Inside);
            w.blank();
            w.block(cases, case);
        }),
        Worth::FirstOf { cases, otherwise } => entry::block_entry(w, head, |w| {
            let choices: Vec<(Option<&Expr>, &Amount)> = cases
                .iter()
                .map(|choice| (Some(&choice.condition), &choice.points))
                .chain(otherwise.iter().map(|points| (None, points)))
                .collect();
            w.words(&["first", "of"]);
            w.blank();
            w.block(&choices, |w, (condition, points)| {
                worth(w, points, |w| match condition {
                    Some(condition) => expr(w, condition, Place::Whole),
                    None => w.word("otherwise"),
                })
            });
        }),
    }
}

fn case(w: &mut Writer<'_>, case: &Case) -> Row {
    worth(w, &case.points, |w| match &case.test {
        CaseTest::Range(low, high) => {
            expr(w, low, Place::Inside);
            w.blank();
            w.word("to");
            w.blank();
            expr(w, high, Place::Inside);
        }
        CaseTest::Operator(of) => expr(w, of, Place::Inside),
        CaseTest::Missing => w.word("missing"),
        CaseTest::Otherwise => w.word("otherwise"),
    })
}

/// `CASE: +5`
fn worth(w: &mut Writer<'_>, points: &Amount, test: impl FnOnce(&mut Writer<'_>)) -> Row {
    let mut row = Row::default();
    let mark = w.mark();
    w.group(|w| w.indented(test));
    w.sign(":");
    w.cell(&mut row, &mark, 0, 1, CASES_APART);
    let mark = w.mark();
    amount(w, points);
    row.rest = w.flat_since(&mark);
    row
}

fn limits(w: &mut Writer<'_>, limits: &[Limit]) {
    w.indented(|w| {
        for of in limits {
            w.sign(",");
            w.line(1);
            limit(w, of);
        }
    });
}

fn limit(w: &mut Writer<'_>, limit: &Limit) {
    match limit {
        Limit::Points(most) => {
            at_most(w, most);
            let one = is_one(most);
            // A rule may be called `points`: then a label or a colon follows.
            if (w.at("point") || w.at("points")) && !w.at_entry() {
                w.blank();
                w.spelled(if one { "point" } else { "points" });
            } else {
                w.added(if one { " point" } else { " points" });
            }
        }
        Limit::Times { count, per, .. } => {
            at_most(w, count);
            w.blank();
            w.spelled(if is_one(count) { "time" } else { "times" });
            if let Some(period) = per {
                w.blank();
                w.word("a");
                w.blank();
                w.spelled(unit(*period, false));
            }
        }
        Limit::Halving(every) => {
            w.words(&["halving", "every"]);
            w.blank();
            duration(w, every);
        }
        Limit::Fading(over) => {
            w.words(&["fading", "over"]);
            w.blank();
            duration(w, over);
        }
        Limit::Losing { amount: of, every } => {
            w.word("losing");
            w.blank();
            amount(w, of);
            w.blank();
            w.word("every");
            w.blank();
            duration(w, every);
        }
    }
}

fn at_most(w: &mut Writer<'_>, most: &Amount) {
    w.words(&["at", "most"]);
    w.blank();
    amount(w, most);
}

fn is_one(amount: &Amount) -> bool {
    matches!(&amount.value, AmountValue::Number(number) if number.micros == 1_000_000)
}
