//! Which fields can change the stage.

mod edge;
mod search;

use super::cells::{units, whole_range, with_units};
use super::search::probe;
use super::{Analysis, Budget, Goal, Reachable, Witness, cone};
use crate::check::hir::{Axis, Expr, ExprKind, PartId, Program, Step};
use crate::model::{FieldId, Literal, Scalar, Tri, Type};
use crate::syntax::ast::CompareOp;
use bumpalo::Bump;
use edge::at_edge;
use search::turns;
use std::collections::HashSet;

/// Whether a field has a say in the stage.
#[derive(Clone, Debug, PartialEq)]
pub enum Sway {
    /// These two leads differ in this field alone, and in their stage: the engine's word.
    Changes(Box<(Witness, Witness)>),
    /// No lead's stage depends on it.
    Never,
    /// Not decided, for this reason.
    NotDecided(&'static str),
}

/// The fields that a step rests on, directly or through others; parts that are `dead` rest on none.
fn fields_below(program: &Program, steps: &[Step], dead: &dyn Fn(PartId) -> bool) -> HashSet<FieldId> {
    let mut found = HashSet::new();
    for step in cone::cone(program, steps, &[]) {
        if matches!(step, Step::Part(part) if dead(part)) {
            continue;
        }
        program.walk_step(step, &mut |expr| {
            if let ExprKind::Field(field) = expr.kind {
                found.insert(field);
            }
        });
        match step {
            Step::Matrix(id) => {
                let matrix = &program.matrices[id.index()];
                for axis in [&matrix.rows, &matrix.columns] {
                    if let Axis::Field(field, _) = axis {
                        found.insert(*field);
                    }
                }
            }
            Step::StageReached(id) if program.stages[id.index()].keep_while.is_some() => {
                found.extend(program.schema.stage_field);
            }
            _ => {}
        }
    }
    found
}

/// Which fields can change the stage.
pub(super) fn sways(analysis: &Analysis<'_>, stages: &[Reachable], out: &Reachable, budget: Budget) -> Vec<Sway> {
    let program = analysis.program();
    // A rule that always gives the same passes nothing on.
    let dead = |part: PartId| {
        let (low, high) = analysis.limits(part);
        low.is_some() && low == high
    };
    let below = match program.stages.is_empty() {
        true => HashSet::new(),
        false => fields_below(program, &[Step::Stage, Step::Disqualified], &dead),
    };
    let mut leads: Vec<Witness> = Vec::new();
    for found in stages {
        if let Reachable::Yes(witness) = found {
            leads.push((**witness).clone());
        }
    }
    if let Reachable::Yes(witness) = out {
        leads.push((**witness).clone());
    }
    let fields = 0..program.schema.fields.len() as u16;
    let mut margins: Option<Vec<Witness>> = None;
    let mut left = edge::MOST_EDGES;
    fields
        .map(FieldId)
        .map(|field| {
            if !below.contains(&field) {
                return Sway::Never;
            }
            // The key of a witness stands for any: what it is made of is not looked at.
            if let Some(found) = leads.iter().find_map(|lead| changed(analysis, field, lead)) {
                return Sway::Changes(Box::new(found));
            }
            let margins = margins.get_or_insert_with(|| at_thresholds(analysis, budget));
            if let Some(found) = margins.iter().find_map(|lead| changed(analysis, field, lead)) {
                return Sway::Changes(Box::new(found));
            }
            let why = match turns(analysis, field, budget) {
                Ok(found) => return found.map_or(Sway::Never, |found| Sway::Changes(Box::new(found))),
                Err(why) => why,
            };
            match at_edge(analysis, field, Budget::QUICK, &mut left) {
                Some(found) => Sway::Changes(Box::new(found)),
                None => Sway::NotDecided(why),
            }
        })
        .collect()
}

/// What stands in the column of stages.
fn standing(analysis: &Analysis<'_>, lead: &Witness) -> Option<u16> {
    let arena = Bump::new();
    let outcome = probe(&analysis.space, &analysis.space.program.order, lead, &arena);
    let outcome = outcome.outcome();
    (!outcome.disqualified).then_some(outcome.stage)
}

fn scalar_of(ty: Type) -> Scalar {
    let (Type::One(scalar) | Type::List(scalar)) = ty;
    scalar
}

/// The lead, and the same with another value of a field and at another stage.
fn changed(analysis: &Analysis<'_>, field: FieldId, lead: &Witness) -> Option<(Witness, Witness)> {
    let now = standing(analysis, lead);
    let declared = analysis.program().schema.field(field);
    // It may be compared with what other fields of its type hold.
    let beside = analysis.program().schema.fields.iter().zip(&lead.fields).filter(|(other, _)| other.ty == declared.ty);
    let beside: Vec<Literal> = beside
        .flat_map(|(_, value)| match units(value) {
            Some(units) => {
                let (low, high) = whole_range(scalar_of(declared.ty));
                [-1, 0, 1].map(|by| with_units(value, units.saturating_add(by).clamp(low, high))).to_vec()
            }
            None => vec![value.clone()],
        })
        .collect();
    let exact = analysis.cells().field(field).exactness.is_complete();
    let cells = by_worth(analysis, field).into_iter().take(200).map(|cell| &analysis.cells().field(field).cells[cell]);
    let values = cells.map(|cell| if exact { vec![cell.value.clone()] } else { cell.ends() });
    for values in values.chain(std::iter::once(beside).filter(|_| !exact)) {
        for value in values {
            if value == lead.fields[field.index()] || value == Literal::Missing && (declared.required || declared.key) {
                continue;
            }
            let mut other = lead.clone();
            other.fields[field.index()] = value;
            if standing(analysis, &other) != now {
                return Some((lead.clone(), other));
            }
        }
    }
    None
}

/// The cells of a field: those that are worth most and least first.
fn by_worth(analysis: &Analysis<'_>, field: FieldId) -> Vec<usize> {
    let space = &analysis.space;
    let mut worth = vec![0i64; space.count(field)];
    for table in space.parts.iter().flatten().filter(|table| table.field == field) {
        for (sum, points) in worth.iter_mut().zip(&table.points) {
            *sum = sum.saturating_add(*points);
        }
    }
    let mut cells: Vec<usize> = (0..worth.len()).collect();
    cells.sort_by_key(|cell| worth[*cell]);
    // From both ends to the middle.
    let half = cells.len().div_ceil(2);
    let (low, high) = cells.split_at(half);
    let mut mixed = Vec::with_capacity(cells.len());
    for place in 0..half {
        mixed.extend(high.len().checked_sub(place + 1).and_then(|at| high.get(at)));
        mixed.extend(low.get(place));
    }
    mixed
}

/// Thresholds of points: `lead_score >= 30` and its kin, with the least points that meet it.
fn thresholds(program: &Program) -> Vec<(PartId, i64)> {
    let mut found = Vec::new();
    let points_of = |expr: &Expr| if let ExprKind::Points(part) = expr.kind { Some(part) } else { None };
    let number = |expr: &Expr| match &expr.kind {
        ExprKind::Constant(Literal::Int(value)) => value.checked_mul(10_000),
        ExprKind::Constant(Literal::Number(value)) => Some(value / 100),
        ExprKind::Define(id) => match &program.defines[id.index()].value.kind {
            ExprKind::Constant(Literal::Int(value)) => value.checked_mul(10_000),
            ExprKind::Constant(Literal::Number(value)) => Some(value / 100),
            _ => None,
        },
        _ => None,
    };
    for step in cone::cone(program, &[Step::Stage, Step::Disqualified], &[]) {
        program.walk_step(step, &mut |expr| {
            if let ExprKind::Compare(op, a, b) = &expr.kind {
                let at = points_of(a).zip(number(b)).or_else(|| points_of(b).zip(number(a)));
                let more = i64::from(matches!(op, CompareOp::Greater | CompareOp::LessOrEqual));
                found.extend(at.map(|(part, points)| (part, points + more)));
            }
        });
        if let Step::Bands(id) = step {
            let bands = &program.bands[id.index()];
            found.extend(bands.from.iter().map(|from| (bands.of, *from)));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A threshold of points within a condition that a stage asks for: what has to be true beside it, whose points, the least
/// that meet it.
fn margins(program: &Program) -> Vec<(Vec<&Expr>, PartId, i64)> {
    let lines = thresholds(program);
    let mut found = Vec::new();
    for stage in program.stages.iter().rev() {
        let Some(condition) = &stage.condition else { continue };
        let all: Vec<&Expr> = match &condition.kind {
            ExprKind::And(all) => all.iter().collect(),
            _ => vec![condition],
        };
        for (place, one) in all.iter().enumerate() {
            let mut parts = Vec::new();
            one.walk(program, &mut |expr| {
                if let ExprKind::Points(part) = expr.kind {
                    parts.push(part);
                }
            });
            let beside = all.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, other)| *other);
            let beside: Vec<&Expr> = beside.collect();
            found.extend(
                lines
                    .iter()
                    .filter(|(part, _)| parts.contains(part))
                    .map(|(part, line)| (beside.clone(), *part, *line)),
            );
        }
    }
    found.extend(lines.into_iter().map(|(part, line)| (Vec::new(), part, line)));
    found
}

/// So many thresholds and stages are looked at.
const MOST_MARGINS: usize = 24;

/// Leads that stand at a threshold, and at a stage that it may decide.
fn at_thresholds(analysis: &Analysis<'_>, budget: Budget) -> Vec<Witness> {
    let mut found = Vec::new();
    for (beside, part, line) in margins(analysis.program()).into_iter().take(MOST_MARGINS) {
        for (low, high) in [(line, line + 9_999), (line - 10_000, line - 1)] {
            let mut all: Vec<Goal<'_>> = beside.iter().map(|expr| Goal::Is(expr, Tri::True)).collect();
            all.extend([Goal::AtLeast(part, low), Goal::AtMost(part, high)]);
            if let Reachable::Yes(witness) = analysis.reachable(&Goal::All(all), budget) {
                found.push(*witness);
            }
        }
    }
    found
}
