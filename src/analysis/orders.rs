//! Which of two fields is greater, and numbers that stand in such orders.

use super::space::Space;
use super::state::State;
use crate::check::hir::{Expr, ExprKind, Program};
use crate::model::{FieldId, Scalar, Type};
use std::cmp::Ordering;

/// The fields of one type that two sides of a comparison are.
pub(super) fn fields(program: &Program, a: &Expr, b: &Expr) -> Option<(FieldId, FieldId)> {
    fn field(program: &Program, expr: &Expr) -> Option<FieldId> {
        match &expr.kind {
            ExprKind::Field(field) => Some(*field),
            ExprKind::Define(id) => field(program, &program.defines[id.index()].value),
            _ => None,
        }
    }
    let (one, other) = (field(program, a)?, field(program, b)?);
    let (ty, like) = (program.schema.field(one).ty, program.schema.field(other).ty);
    let ordered =
        matches!(ty, Type::One(Scalar::Int | Scalar::Number | Scalar::Money(_) | Scalar::Date | Scalar::Time));
    (ordered && ty == like && one != other).then_some((one, other))
}

/// Values of fields within ranges that stand in these orders, in the units of literals; none when there are none. Each is
/// as large as it can be.
fn solve(ranges: &[(FieldId, i64, i64)], orders: &[(FieldId, FieldId, Ordering)]) -> Option<Vec<(FieldId, i64)>> {
    let place = |field: FieldId| ranges.iter().position(|(other, ..)| *other == field);
    // The last is the origin: `to - from <= most`.
    let origin = ranges.len();
    let mut edges: Vec<(usize, usize, i128)> = Vec::new();
    for (at, (_, low, high)) in ranges.iter().enumerate() {
        edges.push((origin, at, i128::from(*high)));
        edges.push((at, origin, -i128::from(*low)));
    }
    for (a, b, order) in orders {
        let (Some(a), Some(b)) = (place(*a), place(*b)) else { continue };
        match order {
            Ordering::Less => edges.push((b, a, -1)),
            Ordering::Greater => edges.push((a, b, -1)),
            Ordering::Equal => edges.extend([(a, b, 0), (b, a, 0)]),
        }
    }
    let mut most = vec![i128::MAX / 4; origin + 1];
    most[origin] = 0;
    for round in 0..=origin + 1 {
        let mut changed = false;
        for (from, to, by) in &edges {
            if most[*from] + by < most[*to] {
                most[*to] = most[*from] + by;
                changed = true;
            }
        }
        if !changed {
            break;
        }
        if round > origin {
            return None;
        }
    }
    let values = ranges.iter().zip(&most).map(|((field, ..), value)| Some((*field, i64::try_from(*value).ok()?)));
    values.collect()
}

impl State {
    /// The order of two fields that was assumed where both are known.
    pub(super) fn order(&self, a: FieldId, b: FieldId) -> Option<Ordering> {
        self.orders.iter().find_map(|(one, other, order)| match (*one == a && *other == b, *one == b && *other == a) {
            (true, _) => Some(*order),
            (_, true) => Some(order.reverse()),
            _ => None,
        })
    }

    /// Whether fields can stand in the orders that were assumed.
    pub(super) fn orders_can_be(&self, space: &Space<'_>) -> bool {
        if self.orders.is_empty() {
            return true;
        }
        let mut ranges: Vec<(FieldId, i64, i64)> = Vec::new();
        for (a, b, _) in &self.orders {
            for field in [*a, *b] {
                if ranges.iter().any(|(other, ..)| *other == field) {
                    continue;
                }
                let Some((low, high)) = self.hull(space, field) else { return true };
                ranges.push((field, low, high));
            }
        }
        // Where one may be missing the order says nothing.
        let known = |field: FieldId| !self.alive(space, field).first().copied().unwrap_or(false);
        let all = self.orders.iter().all(|(a, b, _)| known(*a) && known(*b));
        !all || solve(&ranges, &self.orders).is_some()
    }

    /// The least and greatest known value that a field may have.
    fn hull(&self, space: &Space<'_>, field: FieldId) -> Option<(i64, i64)> {
        let alive = self.alive(space, field);
        let cells = space.cells.field(field).cells.iter().zip(alive).filter(|(_, alive)| **alive);
        cells.filter_map(|(cell, _)| cell.range).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// Values for the fields of which an order was assumed, near the ones that are wished for; none when that fails.
    pub(super) fn ordered(&self, space: &Space<'_>, wished: &dyn Fn(FieldId) -> usize) -> Option<Vec<(FieldId, i64)>> {
        let mut fields: Vec<FieldId> = self.orders.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
        fields.sort_unstable();
        fields.dedup();
        let choices: Vec<Vec<(i64, i64)>> = fields
            .iter()
            .map(|field| {
                let alive = self.alive(space, *field);
                let cells = &space.cells.field(*field).cells;
                let first = wished(*field);
                let rest = (1..cells.len()).filter(|cell| alive[*cell] && *cell != first);
                let all = std::iter::once(first).filter(|cell| *cell > 0).chain(rest);
                all.filter_map(|cell| cells[cell].range).collect()
            })
            .collect();
        let mut picked = vec![0usize; fields.len()];
        for _ in 0..MOST_PICKS {
            let ranges: Option<Vec<(FieldId, i64, i64)>> = fields
                .iter()
                .zip(&choices)
                .zip(&picked)
                .map(|((field, ranges), pick)| ranges.get(*pick).map(|(low, high)| (*field, *low, *high)))
                .collect();
            let ranges = ranges?;
            // Values that people may have written, if there are such.
            let near: Vec<(FieldId, i64, i64)> = ranges
                .iter()
                .map(|(field, low, high)| {
                    let middle = 0i64.clamp(*low, *high);
                    let near = |by: i64| middle.saturating_add(by).clamp(*low, *high);
                    (*field, near(-NEAR), near(NEAR))
                })
                .collect();
            if let Some(found) = solve(&near, &self.orders).or_else(|| solve(&ranges, &self.orders)) {
                return Some(found);
            }
            // The next combination of cells.
            let place = (0..picked.len()).find(|place| picked[*place] + 1 < choices[*place].len())?;
            picked[place] += 1;
            picked[..place].fill(0);
        }
        None
    }
}

/// So many combinations of cells are tried.
const MOST_PICKS: usize = 2_000;
/// So far from a cell's end values are looked for first.
const NEAR: i64 = 100;
