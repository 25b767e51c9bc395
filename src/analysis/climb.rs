//! Changing one thing of a lead at a time to come nearer to a goal.

use super::goal::Goal;
use super::search::{points, probe};
use super::space::Space;
use super::state::State;
use super::witness::{Witness, WitnessEvent};
use crate::check::hir::{Axis, BandsId, CheckId, Expr, ExprKind, MatrixId, PartId, StageId, Step};
use crate::eval::Probe;
use crate::model::{FieldId, Literal, Tri};
use crate::syntax::ast::CompareOp;
use bumpalo::Bump;

/// A lead that reaches the goal, found from another lead by small changes; none when none is found.
pub(super) fn climb<'p>(
    space: &Space<'p>,
    goal: &Goal<'p>,
    state: &State,
    start: Witness,
    tries: &mut u32,
) -> Option<Witness> {
    let cone = goal.cone(space.program);
    let fields = fields_of(space, goal, &cone);
    let far = |witness: &Witness| far(space, goal, &cone, witness);
    let (witness, left) = walk(space, state, &fields, start, &far, 0, tries);
    (left == 0).then_some(witness)
}

/// How far a lead is from a goal: 0 when it reaches it, which is the engine's word.
pub(super) fn far<'p>(space: &Space<'p>, goal: &Goal<'p>, cone: &[Step], witness: &Witness) -> i64 {
    let arena = Bump::new();
    let mut probe = probe(space, cone, witness, &arena);
    if goal.holds(space.program, &mut probe) { 0 } else { distance(space, goal, &mut probe).max(1) }
}

/// A lead with as many points as small changes find, up to `target`; with its points. Both are times `sign`.
pub(super) fn climb_points(
    space: &Space<'_>,
    (part, cone): (PartId, &[Step]),
    sign: i64,
    state: &State,
    start: Witness,
    target: i64,
    tries: &mut u32,
) -> (Witness, i64) {
    let fields = fields_in(space, cone, &[]);
    let far = |witness: &Witness| target.saturating_sub(points(space, part, cone, witness) * sign);
    let (witness, left) = walk(space, state, &fields, start, &far, 0, tries);
    (witness, target.saturating_sub(left))
}

/// The fields that a goal rests on.
fn fields_of<'p>(space: &Space<'p>, goal: &Goal<'p>, cone: &[Step]) -> Vec<FieldId> {
    let mut exprs = Vec::new();
    if let Goal::Is(expr, _) = goal {
        exprs.push(*expr);
    }
    if let Goal::All(all) = goal {
        exprs.extend(all.iter().filter_map(|goal| if let Goal::Is(expr, _) = goal { Some(*expr) } else { None }));
    }
    fields_in(space, cone, &exprs)
}

fn fields_in(space: &Space<'_>, cone: &[Step], exprs: &[&Expr]) -> Vec<FieldId> {
    let mut found = std::collections::BTreeSet::new();
    let mut visit = |expr: &Expr| {
        if let ExprKind::Field(field) = expr.kind {
            found.insert(field);
        }
    };
    cone.iter().for_each(|step| space.program.walk_step(*step, &mut |expr| visit(expr)));
    exprs.iter().for_each(|expr| expr.walk(space.program, &mut |expr| visit(expr)));
    for matrix in &space.program.matrices {
        for axis in [&matrix.rows, &matrix.columns] {
            if let crate::check::hir::Axis::Field(field, _) = axis {
                found.insert(*field);
            }
        }
    }
    found.extend(space.program.schema.stage_field);
    found.into_iter().collect()
}

/// Walks downhill: of all changes the first that comes nearer, round after round.
fn walk(
    space: &Space<'_>,
    state: &State,
    fields: &[FieldId],
    start: Witness,
    far: &dyn Fn(&Witness) -> i64,
    goal: i64,
    tries: &mut u32,
) -> (Witness, i64) {
    let mut best = start;
    let mut left = far(&best);
    loop {
        if left <= goal || *tries == 0 || space.stop.now() {
            return (best, left);
        }
        let before = left;
        for change in changes(space, state, fields, &best) {
            if *tries == 0 {
                break;
            }
            *tries -= 1;
            let change = change.of(space, &best);
            let now = far(&change);
            if now < left {
                (best, left) = (change, now);
                if left <= goal {
                    return (best, left);
                }
            }
        }
        if left == before {
            return (best, left);
        }
    }
}

/// A small change of a lead.
enum Change {
    /// Another value of a field.
    Value(FieldId, Literal),
    /// No events.
    NoEvents,
    /// Without the events that are like this one.
    Without(WitnessEvent),
    /// So many more events of a kind at an instant.
    More(usize, i64, usize),
}

impl Change {
    fn of(self, space: &Space<'_>, from: &Witness) -> Witness {
        let mut change = from.clone();
        match self {
            Change::Value(field, value) => change.fields[field.index()] = value,
            Change::NoEvents => change.events.clear(),
            Change::Without(event) => change.events.retain(|other| *other != event),
            Change::More(kind, at, count) => {
                let kind = &space.events.kinds[kind];
                let fields = kind.fields.clone();
                let one = WitnessEvent { ty: kind.ty, spelling: kind.spelling.clone(), at, fields };
                change.events.extend(std::iter::repeat_n(one, count));
                change.events.sort_by_key(|event| event.at);
            }
        }
        change
    }
}

/// All small changes of a lead: another value of a field, events more or less.
fn changes(space: &Space<'_>, state: &State, fields: &[FieldId], from: &Witness) -> Vec<Change> {
    let mut found = Vec::new();
    for field in fields {
        let alive = state.alive(space, *field);
        let cells = &space.cells.field(*field).cells;
        let mut values: Vec<Literal> = Vec::new();
        for (cell, _) in cells.iter().zip(alive).filter(|(_, alive)| **alive).take(60) {
            values.extend(cell.ends());
        }
        // What other fields of its type hold: they may be compared with it.
        let ty = space.program.schema.field(*field).ty;
        for (other, value) in space.program.schema.fields.iter().zip(&from.fields) {
            if other.ty == ty && *value != Literal::Missing {
                values.push(value.clone());
            }
        }
        values.retain(|value| from.fields[field.index()] != *value);
        found.extend(values.into_iter().map(|value| Change::Value(*field, value)));
    }
    if !from.events.is_empty() {
        found.push(Change::NoEvents);
        let mut once: Vec<&WitnessEvent> = Vec::new();
        for event in &from.events {
            if once.len() < 20 && !once.contains(&event) {
                once.push(event);
            }
        }
        found.extend(once.into_iter().map(|event| Change::Without(event.clone())));
    }
    for (place, kind) in space.events.kinds.iter().enumerate().take(200) {
        if kind.wildcard || kind.may.iter().next().is_none() {
            continue;
        }
        let earlier = kind.from.max(kind.to - 400 * crate::model::time::DAY);
        found.extend([(kind.to, 1), (earlier, 1), (kind.to, 3)].map(|(at, count)| Change::More(place, at, count)));
    }
    found
}

/// How far a lead is from a goal: 0 for there.
fn distance<'a>(space: &Space<'a>, goal: &Goal<'a>, probe: &mut Probe<'a>) -> i64 {
    let program = space.program;
    match goal {
        Goal::Is(expr, value) => away(space, expr, *value, probe),
        Goal::Check(id, value) => away(space, &program.checks[id.index()].condition, *value, probe),
        Goal::Fit(id, value) => fit(space, id.index(), *value, probe),
        Goal::Reason(id, value) => away(space, &program.reasons[id.index()].condition, *value, probe),
        Goal::Reached(id) => stage(space, *id, probe),
        Goal::Stage(id) => {
            let higher =
                (id.0 + 1..program.stages.len() as u16).filter(|stage| probe.outcome().reached[*stage as usize]);
            let higher = higher.count() as i64 * 500;
            stage(space, *id, probe) + higher + i64::from(probe.outcome().disqualified) * 700
        }
        Goal::Route(route) => {
            let place = route.map_or(program.routes.len(), |route| route.index());
            let mut sum = 0;
            for (other, route) in program.routes.iter().enumerate().take(place + 1) {
                if let Some(condition) = &route.condition {
                    sum += if other == place {
                        away(space, condition, Tri::True, probe)
                    } else if probe.value(condition).tri().is_true() {
                        away(space, condition, Tri::False, probe).min(away(space, condition, Tri::Unknown, probe))
                    } else {
                        0
                    };
                }
            }
            sum
        }
        Goal::Always(id, value) => away(space, &program.always[id.index()].condition, *value, probe),
        Goal::AtLeast(part, points) => small(i128::from(*points) - i128::from(probe.outcome().points(*part))),
        Goal::AtMost(part, points) => small(i128::from(probe.outcome().points(*part)) - i128::from(*points)),
        Goal::Band(id, band) => self::band(space, *id, *band, probe),
        Goal::Place(id, row, column) => {
            let matrix = &program.matrices[id.index()];
            axis(space, &matrix.rows, usize::from(*row), probe)
                + axis(space, &matrix.columns, usize::from(*column), probe)
        }
        Goal::Cell(id, cell) => self::cell(space, *id, *cell, probe),
        Goal::All(all) => all.iter().map(|goal| distance(space, goal, probe)).sum(),
        goal => {
            if goal.holds(program, probe) {
                0
            } else {
                1_000
            }
        }
    }
}

fn band<'a>(space: &Space<'a>, id: BandsId, band: u16, probe: &mut Probe<'a>) -> i64 {
    let bands = &space.program.bands[id.index()];
    let points = i128::from(probe.outcome().points(bands.of));
    let low = band.checked_sub(1).and_then(|place| bands.from.get(usize::from(place)));
    let high = bands.from.get(usize::from(band));
    low.map_or(0, |low| small(i128::from(*low) - points)) + high.map_or(0, |high| small(points - i128::from(*high) + 1))
}

/// How far a lead is from the nearest place of a matrix that gives a cell.
fn cell<'a>(space: &Space<'a>, id: MatrixId, cell: u16, probe: &mut Probe<'a>) -> i64 {
    let matrix = &space.program.matrices[id.index()];
    let columns = length(space, &matrix.columns).max(1);
    let places = matrix.cells.iter().enumerate().filter(|(_, found)| **found == cell);
    let far = places.map(|(place, _)| {
        axis(space, &matrix.rows, place / columns, probe) + axis(space, &matrix.columns, place % columns, probe)
    });
    far.min().unwrap_or(1_000)
}

fn length(space: &Space<'_>, axis: &Axis) -> usize {
    match axis {
        Axis::Bands(bands) => space.program.bands[bands.index()].from.len() + 1,
        Axis::Fit(_) => 3,
        Axis::Field(_, domain) => space.program.schema.domain(*domain).choices.len() + 1,
    }
}

/// How far a lead is from a row or column of a matrix.
fn axis<'a>(space: &Space<'a>, axis: &Axis, place: usize, probe: &mut Probe<'a>) -> i64 {
    match axis {
        Axis::Bands(bands) => band(space, *bands, place as u16, probe),
        Axis::Fit(fit) => self::fit(space, fit.index(), [Tri::True, Tri::Unknown, Tri::False][place.min(2)], probe),
        Axis::Field(field, domain) => {
            let choices = space.program.schema.domain(*domain).choices.len();
            let here = match probe.field(*field) {
                crate::model::Value::Choice(choice) => usize::from(choice),
                _ => choices,
            };
            if here == place { 0 } else { 300 }
        }
    }
}

/// A number that grows slowly with how far it is: 0 for not at all.
fn small(gap: i128) -> i64 {
    if gap <= 0 { 0 } else { 10 + i64::from(gap.ilog2()) * 7 + (gap.min(1 << 20) >> 14) as i64 }
}

fn stage<'a>(space: &Space<'a>, id: StageId, probe: &mut Probe<'a>) -> i64 {
    let stage_of = &space.program.stages[id.index()];
    if probe.outcome().reached[id.index()] {
        return 0;
    }
    let condition = stage_of.condition.as_ref().map_or(0, |condition| away(space, condition, Tri::True, probe));
    let above = stage_of.after.map_or(0, |after| stage(space, after, probe));
    let climbed = condition + above;
    match &stage_of.keep_while {
        Some(keep) => climbed.min(away(space, keep, Tri::True, probe) + 300),
        None => climbed,
    }
    .max(1)
}

fn fit<'a>(space: &Space<'a>, fit: usize, value: Tri, probe: &mut Probe<'a>) -> i64 {
    if probe.outcome().fits[fit].verdict == value {
        return 0;
    }
    let declared = &space.program.fits[fit];
    let mut all: Vec<i64> = declared
        .checks
        .clone()
        .map(|check| away(space, &space.program.checks[CheckId(check).index()].condition, value, probe))
        .collect();
    all.sort_unstable();
    let needed = match value {
        Tri::True => usize::from(declared.needs),
        Tri::False => all.len() + 1 - usize::from(declared.needs),
        Tri::Unknown => 1,
    };
    all.iter().take(needed).sum::<i64>().max(1)
}

/// What has rungs.
#[derive(Clone, Copy)]
enum Rungs {
    Stages,
    Bands(BandsId),
}

/// A stage or band compared with a constant: the first and last rung for which it holds.
fn rung(space: &Space<'_>, op: CompareOp, a: &Expr, b: &Expr) -> Option<(Rungs, u16, u16)> {
    let rungs = match a.kind {
        ExprKind::Stage => Rungs::Stages,
        ExprKind::Band(bands) => Rungs::Bands(bands),
        _ => return None,
    };
    let Some(Literal::Choice(rung)) = super::cells::constant(space.program, b) else { return None };
    let rung = *rung;
    Some(match op {
        CompareOp::Is => (rungs, rung, rung),
        CompareOp::GreaterOrEqual => (rungs, rung, u16::MAX),
        CompareOp::Greater => (rungs, rung.saturating_add(1), u16::MAX),
        CompareOp::LessOrEqual => (rungs, 0, rung),
        CompareOp::Less => (rungs, 0, rung.checked_sub(1)?),
        CompareOp::IsNot => return None,
    })
}

/// How far a condition is from a value.
fn away<'a>(space: &Space<'a>, expr: &'a Expr, value: Tri, probe: &mut Probe<'a>) -> i64 {
    if probe.value(expr).tri() == value {
        return 0;
    }
    let program = space.program;
    let far = match &expr.kind {
        ExprKind::Define(id) => away(space, &program.defines[id.index()].value, value, probe),
        ExprKind::Check(id) => away(space, &program.checks[id.index()].condition, value, probe),
        ExprKind::Fits(id) => fit(space, id.index(), value, probe),
        ExprKind::Not(of) => away(space, of, !value, probe),
        ExprKind::And(all) if value == Tri::True => all.iter().map(|one| away(space, one, value, probe)).sum(),
        ExprKind::And(all) if value == Tri::False => {
            all.iter().map(|one| away(space, one, value, probe)).min().unwrap_or(0)
        }
        ExprKind::Or(all) if value == Tri::False => all.iter().map(|one| away(space, one, value, probe)).sum(),
        ExprKind::Or(all) if value == Tri::True => {
            all.iter().map(|one| away(space, one, value, probe)).min().unwrap_or(0)
        }
        // One unknown, and nothing that decides.
        ExprKind::And(all) | ExprKind::Or(all) => {
            let decides = if matches!(expr.kind, ExprKind::And(_)) { Tri::False } else { Tri::True };
            let open = all.iter().map(|one| away(space, one, Tri::Unknown, probe)).min().unwrap_or(0);
            open + all.iter().filter(|one| probe.value(one).tri() == decides).count() as i64 * 400
        }
        ExprKind::Implies(a, b) => {
            let (first, second) = (away(space, a, !value, probe), away(space, b, value, probe));
            match value {
                Tri::True => first.min(second),
                _ => first + second,
            }
        }
        ExprKind::AtLeastOf(count, all) | ExprKind::AtMostOf(count, all) if value != Tri::Unknown => {
            // So many true, or so many false.
            let least = matches!(expr.kind, ExprKind::AtLeastOf(..));
            let needed = if (value == Tri::True) == least {
                *count as usize + usize::from(!least)
            } else {
                (all.len() + usize::from(least)).saturating_sub(*count as usize)
            };
            let wanted = Tri::from((value == Tri::True) == least);
            let mut each: Vec<i64> = all.iter().map(|one| away(space, one, wanted, probe)).collect();
            each.sort_unstable();
            each.iter().take(needed).sum()
        }
        ExprKind::DisqualifiedBy(reason) => away(space, &program.reasons[reason.index()].condition, value, probe),
        ExprKind::Disqualified if value == Tri::True => {
            let each = program.reasons.iter().map(|reason| away(space, &reason.condition, value, probe));
            each.min().unwrap_or(1_000)
        }
        ExprKind::Disqualified => {
            let each = program.reasons.iter().filter(|reason| probe.value(&reason.condition).tri().is_true());
            each.count() as i64 * 700
        }
        ExprKind::Compare(op, a, b) if value != Tri::Unknown && rung(space, *op, a, b).is_some() => {
            let Some((rungs, from, to)) = rung(space, *op, a, b) else { return 1_000 };
            let inside = |place: u16| (from..=to).contains(&place);
            let count = match rungs {
                Rungs::Stages => program.stages.len() as u16,
                Rungs::Bands(id) => program.bands[id.index()].from.len() as u16 + 1,
            };
            let wanted = (0..count).filter(|place| inside(*place) == (value == Tri::True));
            let each = wanted.map(|place| match rungs {
                Rungs::Stages => distance(space, &Goal::Stage(StageId(place)), probe),
                Rungs::Bands(id) => band(space, id, place, probe),
            });
            each.min().unwrap_or(1_000)
        }
        ExprKind::Compare(op, a, b) if value != Tri::Unknown => {
            let (left, right) = (probe.value(a), probe.value(b));
            match super::values::amount(left).zip(super::values::amount(right)) {
                Some((left, right)) => {
                    let up = matches!(op, CompareOp::Greater | CompareOp::GreaterOrEqual) == (value == Tri::True);
                    match op {
                        CompareOp::Is | CompareOp::IsNot => small((left - right).abs()).max(20),
                        _ if up => small(right - left).max(1),
                        _ => small(left - right).max(1),
                    }
                }
                None => 1_000,
            }
        }
        _ => 1_000,
    };
    far.max(1)
}
