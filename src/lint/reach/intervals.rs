//! The cases of a `by` over numbers, money, dates or times as intervals.

use crate::analysis::show;
use crate::analysis::values::amount_of;
use crate::check::hir::{Case, Expr, ExprKind, Program, Set};
use crate::model::number::{MONEY_SCALE, NUMBER_SCALE, POINTS_SCALE};
use crate::model::time::DAY;
use crate::model::{Literal, Scalar, Type};
use crate::syntax::ast::CompareOp;

/// The values of a case, both ends in, in the units of [`amount_of`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    pub(super) case: usize,
    pub(super) low: i128,
    pub(super) high: i128,
}

const OPEN: i128 = i128::MAX / 4;

/// The smallest difference of two values; none for what is no number, date or time.
pub(super) fn step(ty: Type, value: &Expr) -> Option<i128> {
    match ty {
        Type::One(Scalar::Int | Scalar::Number) if is_whole(value) => Some(i128::from(NUMBER_SCALE)),
        Type::One(Scalar::Number) if matches!(value.kind, ExprKind::Points(_)) => {
            Some(i128::from(NUMBER_SCALE / POINTS_SCALE))
        }
        Type::One(Scalar::Number | Scalar::Money(_) | Scalar::Date | Scalar::Time) => Some(1),
        _ => None,
    }
}

/// Whether a number is always whole: whole numbers, and what adds them up.
fn is_whole(value: &Expr) -> bool {
    value.ty == Type::One(Scalar::Int)
        || match &value.kind {
            ExprKind::Aggregate(_, field, _) => is_whole(field),
            ExprKind::Otherwise(..) | ExprKind::Negate(_) => value.children().into_iter().all(is_whole),
            _ => false,
        }
}

/// A gap no wider than this is taken for an oversight: one, one day; of whole numbers and dates one value left out.
pub(super) fn unit(ty: Type, value: &Expr) -> i128 {
    match ty {
        Type::One(Scalar::Money(_)) => i128::from(MONEY_SCALE),
        Type::One(Scalar::Time) => i128::from(DAY),
        Type::One(Scalar::Number) if !is_whole(value) => i128::from(NUMBER_SCALE),
        _ => 2 * step(ty, value).unwrap_or(1),
    }
}

/// The intervals of each case; none where a case is no interval.
pub(super) fn intervals(value: &Expr, cases: &[Case]) -> Option<Vec<Vec<Interval>>> {
    let step = step(value.ty, value)?;
    cases.iter().enumerate().map(|(place, case)| of_case(place, &case.condition, step)).collect()
}

fn of_case(case: usize, condition: &Expr, step: i128) -> Option<Vec<Interval>> {
    let number = |expr: &Expr| match &expr.kind {
        ExprKind::Constant(literal) => amount_of(literal),
        _ => None,
    };
    // Whole numbers only where only they count.
    let interval = |low: i128, high: i128| {
        let up = |end: i128| end.div_euclid(step) * step + if end.rem_euclid(step) == 0 { 0 } else { step };
        let (low, high) =
            (if low <= -OPEN { low } else { up(low) }, if high >= OPEN { high } else { high.div_euclid(step) * step });
        vec![Interval { case, low, high }]
    };
    match &condition.kind {
        ExprKind::Compare(op, _, right) => {
            let number = number(right)?;
            match op {
                CompareOp::Is => Some(interval(number, number)),
                CompareOp::Less => Some(interval(-OPEN, number - 1)),
                CompareOp::LessOrEqual => Some(interval(-OPEN, number)),
                CompareOp::Greater => Some(interval(number + 1, OPEN)),
                CompareOp::GreaterOrEqual => Some(interval(number, OPEN)),
                CompareOp::IsNot => None,
            }
        }
        ExprKind::Between(_, low, high) => Some(interval(number(low)?, number(high)?)),
        ExprKind::In { set: Set::Numbers(numbers), negated: false, .. } if numbers.len() <= 100 => {
            Some(numbers.iter().flat_map(|number| interval(*number, *number)).collect())
        }
        _ => None,
    }
}

/// A value as policies write it.
pub(super) fn shown(program: &Program, ty: Type, amount: i128) -> String {
    let units = i64::try_from(amount).unwrap_or(i64::MAX);
    let literal = match ty {
        Type::One(Scalar::Int) => Literal::Int(units / NUMBER_SCALE),
        Type::One(Scalar::Money(_)) => Literal::Money(units),
        Type::One(Scalar::Date) => Literal::Date(units as i32),
        Type::One(Scalar::Time) => Literal::Time(units),
        _ => Literal::Number(units),
    };
    show(program, &literal, ty)
}
