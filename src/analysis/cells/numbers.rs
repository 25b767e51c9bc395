//! Cells of numbers, money, dates and times: the intervals between the edges that conditions name.

use super::super::values::amount;
use super::collect::{Facts, Test, View};
use super::{Cell, Found};
use crate::check::hir::{Expr, Program, Set};
use crate::eval::Evaluator;
use crate::model::number::{LIMIT, NUMBER_SCALE};
use crate::model::time::{AsOf, DAY, EARLIEST, LATEST};
use crate::model::{FieldId, Lead, Literal, Scalar, Value};
use bumpalo::Bump;
use std::collections::BTreeSet;

/// More edges than these (a list of thousands of numbers, say) are not all told apart.
const MOST_EDGES: usize = 2_000;

/// The cells of a field of numbers, money, dates or times.
pub(super) fn cells(program: &Program, as_of: &AsOf, scalar: Scalar, facts: &Facts<'_>) -> Found {
    let mut cuts = BTreeSet::new();
    let mut covers = true;
    for (view, test) in &facts.atoms {
        if *view == View::Whole {
            covers &= add_cuts(program, as_of, scalar, test, &mut cuts);
        }
    }
    let mut turns = facts.atoms.iter().filter_map(|(_, test)| match test {
        Test::Turns(field, expr, literal) => Some((*field, *expr, *literal)),
        _ => None,
    });
    if let Some(first) = turns.next() {
        let evaluator = Evaluator::new(program, as_of.clone());
        for (field, expr, literal) in std::iter::once(first).chain(turns) {
            covers &= turn_cuts(&evaluator, field, scalar, expr, literal, &mut cuts);
        }
    }
    if !facts.why.is_empty() {
        sample_cuts(as_of, scalar, &mut cuts);
    }
    Found { cells: between(scalar, &cuts), covers, every: false }
}

/// Adds the edges at which something that rises or falls with the field passes a value, found by halving: the engine says
/// on which side each value lies. False when no value is on any side.
fn turn_cuts(
    evaluator: &Evaluator<'_>,
    field: FieldId,
    scalar: Scalar,
    expr: &Expr,
    literal: &Literal,
    cuts: &mut BTreeSet<i64>,
) -> bool {
    let Some(line) = amount(borrowed(literal)) else { return false };
    let mut arena = Bump::new();
    // Too large a result is missing: that comes last on either side.
    let mut side = |units: i64| {
        arena.reset();
        let mut fields = vec![Value::Missing; evaluator.program().schema.fields.len()];
        let value = self::literal(scalar, units);
        fields[field.index()] = borrowed(&value);
        let lead = Lead { key: "", fields: &fields, events: &[] };
        let found = amount(evaluator.probe(&lead, &arena).value(expr));
        found.map(|value| value.cmp(&line))
    };
    let (least, most) = whole_range(scalar);
    let known = [0, unit(scalar), -unit(scalar)].into_iter().chain(cuts.iter().copied());
    let Some(start) = known.filter(|at| (least..=most).contains(at)).find(|at| side(*at).is_some()) else {
        return false;
    };
    // Up, then down: the farthest value of each side that begins at `from`.
    for end in [most, least] {
        let mut from = start;
        loop {
            let here = side(from);
            let (mut near, mut far) = (from, end);
            if side(far) == here {
                break;
            }
            while near.abs_diff(far) > 1 {
                let middle = near + (far - near) / 2;
                if side(middle) == here { near = middle } else { far = middle }
            }
            cuts.insert(near.max(far));
            from = far;
        }
    }
    true
}

/// Edges that make a useful sample where a field is compared with others or calculated with.
fn sample_cuts(as_of: &AsOf, scalar: Scalar, cuts: &mut BTreeSet<i64>) {
    match scalar {
        Scalar::Time => cuts.extend([as_of.instant - DAY, as_of.instant, as_of.instant + 1]),
        Scalar::Date => cuts.extend([as_of.day, as_of.day + 1].map(i64::from)),
        _ => cuts.extend([0, 1, unit(scalar), unit(scalar) + 1]),
    }
}

/// One of the type in the units of [`Literal`].
fn unit(scalar: Scalar) -> i64 {
    match scalar {
        Scalar::Number => NUMBER_SCALE,
        Scalar::Money(_) => crate::model::number::MONEY_SCALE,
        _ => 1,
    }
}

/// The first and last value of a type.
pub(in crate::analysis) fn whole_range(scalar: Scalar) -> (i64, i64) {
    match scalar {
        Scalar::Date => (EARLIEST / DAY, LATEST / DAY),
        Scalar::Time => (EARLIEST, LATEST),
        _ => (1 - LIMIT, LIMIT - 1),
    }
}

/// The intervals between cuts; a cut is the first value of an interval.
fn between(scalar: Scalar, cuts: &BTreeSet<i64>) -> Vec<Cell> {
    let (least, most) = whole_range(scalar);
    let mut starts: Vec<i64> = vec![least];
    starts.extend(cuts.iter().copied().filter(|cut| *cut > least && *cut <= most));
    let ends = starts.iter().skip(1).map(|start| start - 1).chain([most]);
    let one = unit(scalar);
    starts
        .iter()
        .zip(ends)
        .map(|(&low, high)| {
            let value = match (low == least, high == most) {
                (true, true) => default_value(scalar),
                // 9 rather than 9.999999 below 10, where it is in the cell.
                (true, false) => ((high + 1) / one * one - one).clamp(low, high),
                _ if low % one != 0 => ((low.div_euclid(one) + 1) * one).clamp(low, high),
                _ => low,
            };
            Cell { value: literal(scalar, value), range: Some((low, high)) }
        })
        .collect()
}

fn default_value(scalar: Scalar) -> i64 {
    match scalar {
        Scalar::Date | Scalar::Time => 0,
        _ => unit(scalar),
    }
}

/// A value of a type from its units.
pub(in crate::analysis) fn literal(scalar: Scalar, units: i64) -> Literal {
    match scalar {
        Scalar::Number => Literal::Number(units),
        Scalar::Money(_) => Literal::Money(units),
        Scalar::Date => Literal::Date(units as i32),
        Scalar::Time => Literal::Time(units),
        _ => Literal::Int(units),
    }
}

/// Another value of the same type.
pub(in crate::analysis) fn with_units(like: &Literal, units: i64) -> Literal {
    match like {
        Literal::Number(_) => Literal::Number(units),
        Literal::Money(_) => Literal::Money(units),
        Literal::Date(_) => Literal::Date(units as i32),
        Literal::Time(_) => Literal::Time(units),
        _ => Literal::Int(units),
    }
}

/// The units of a value: ones, millionths, ten-thousandths, days, milliseconds.
pub(in crate::analysis) fn units(value: &Literal) -> Option<i64> {
    match value {
        Literal::Int(value) | Literal::Number(value) | Literal::Money(value) | Literal::Time(value) => Some(*value),
        Literal::Date(day) => Some(i64::from(*day)),
        _ => None,
    }
}

/// Adds the edges of a condition; false when they are too many.
fn add_cuts(program: &Program, as_of: &AsOf, scalar: Scalar, test: &Test<'_>, cuts: &mut BTreeSet<i64>) -> bool {
    match test {
        Test::Value(value) => value_cuts(program, scalar, value, cuts),
        Test::In(Set::Numbers(numbers)) => {
            for number in numbers.iter().take(MOST_EDGES / 2) {
                match scalar {
                    Scalar::Money(_) => equal(i64::try_from(*number).unwrap_or(i64::MAX - 1), cuts),
                    _ => micros_cuts(scalar, *number, cuts),
                }
            }
            return numbers.len() <= MOST_EDGES / 2;
        }
        Test::In(Set::Values(values)) => {
            values.iter().take(MOST_EDGES / 2).for_each(|value| value_cuts(program, scalar, value, cuts));
            return values.len() <= MOST_EDGES / 2;
        }
        Test::Age(length) => {
            let reach = as_of.reach(program.lengths[length.index()], &program.zone);
            match scalar {
                Scalar::Date => {
                    let day = reach.day_back.div_euclid(DAY);
                    cuts.extend([day, day + 1]);
                }
                _ => equal(reach.back, cuts),
            }
        }
        Test::Within(length, next) => {
            let reach = as_of.reach(program.lengths[length.index()], &program.zone);
            let now = i64::from(as_of.day);
            match (scalar, next) {
                (Scalar::Date, false) => cuts.extend([-(-reach.day_back).div_euclid(DAY), now + 1]),
                (Scalar::Date, true) => cuts.extend([now, reach.day_ahead.div_euclid(DAY) + 1]),
                (_, false) => cuts.extend([reach.back, as_of.instant + 1]),
                (_, true) => cuts.extend([as_of.instant, reach.ahead + 1]),
            }
        }
        Test::Known | Test::In(_) | Test::Exactly(_) | Test::Match(_) | Test::Has(..) | Test::Turns(..) => {}
    }
    true
}

/// Before, at and after a value.
fn equal(value: i64, cuts: &mut BTreeSet<i64>) {
    cuts.extend([value, value.saturating_add(1)]);
}

fn value_cuts(program: &Program, scalar: Scalar, value: &Literal, cuts: &mut BTreeSet<i64>) {
    let zone = &program.zone;
    match (scalar, value) {
        (Scalar::Time, Literal::Date(day)) => cuts.extend([zone.start_of_day(*day), zone.start_of_day(day + 1)]),
        (Scalar::Date, Literal::Time(instant)) => equal(i64::from(zone.day(*instant)), cuts),
        (Scalar::Int | Scalar::Number, Literal::Int(value)) => {
            micros_cuts(scalar, i128::from(*value) * i128::from(NUMBER_SCALE), cuts)
        }
        (Scalar::Int | Scalar::Number, Literal::Number(value)) => micros_cuts(scalar, i128::from(*value), cuts),
        _ => {
            if let Some(value) = units(value) {
                equal(value, cuts);
            }
        }
    }
}

/// The edges of a number in millionths among whole numbers or numbers.
fn micros_cuts(scalar: Scalar, micros: i128, cuts: &mut BTreeSet<i64>) {
    let held = |raw: i128| raw.clamp(-i128::from(LIMIT), i128::from(LIMIT)) as i64;
    if scalar == Scalar::Number {
        return equal(held(micros), cuts);
    }
    let scale = i128::from(NUMBER_SCALE);
    cuts.insert(held(micros.div_euclid(scale) + i128::from(micros.rem_euclid(scale) != 0)));
    cuts.insert(held(micros.div_euclid(scale) + 1));
}

/// The edges that conditions on `length(x)` and `size(x)` name, from 0.
pub(super) fn counts(facts: &Facts<'_>, view: View) -> Vec<i64> {
    let mut cuts = BTreeSet::new();
    for (seen, test) in &facts.atoms {
        if *seen != view {
            continue;
        }
        match test {
            Test::Value(Literal::Int(value)) => equal(*value, &mut cuts),
            Test::Value(Literal::Number(value)) => micros_cuts(Scalar::Int, i128::from(*value), &mut cuts),
            Test::In(Set::Numbers(numbers)) => {
                numbers.iter().take(MOST_EDGES / 2).for_each(|number| micros_cuts(Scalar::Int, *number, &mut cuts));
            }
            _ => {}
        }
    }
    cuts.into_iter().filter(|cut| *cut >= 0).collect()
}

/// How a whole number compares with a test on a count: the part of a signature that it makes.
pub(super) fn count_place(cuts: &[i64], count: i64) -> usize {
    cuts.partition_point(|cut| *cut <= count)
}

/// A value as conditions read it; lists are read elsewhere.
pub(in crate::analysis) fn borrowed(literal: &Literal) -> Value<'_> {
    match literal {
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Number(value) => Value::Number(*value),
        Literal::Money(value) => Value::Money(*value),
        Literal::Date(value) => Value::Date(*value),
        Literal::Time(value) => Value::Time(*value),
        Literal::Choice(value) => Value::Choice(*value),
        Literal::Text(value) => Value::Text(value),
        Literal::Missing | Literal::List(_) => Value::Missing,
    }
}
