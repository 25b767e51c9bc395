//! What a policy can say of a lead while some of its fields are open: every value that each condition and score can
//! have, never fewer.
//!
//! What rests on no open field has the value that it has. What rests on one open field alone has been worked out for
//! each of that field's values. Only what rests on several is put together from its parts, as if these were free of
//! each other: that can say too much, and never too little.

use super::reliance::{Reliance, Reliances, Shared};
use crate::check::hir::{
    Axis, Case, CheckState, Expr, ExprKind, FitId, Included, PartId, PartKind, Per, Program, StageId, Step,
};
use crate::eval::{Ledger, holds};
use crate::model::number::{NUMBER_SCALE, POINTS_LIMIT, POINTS_SCALE, divide, hold_points, saturate};
use crate::model::{FieldId, Lead, Literal, Scalar, Tri, Type};
use crate::syntax::ast::CompareOp;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Truths that a condition can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Truths(u8);

impl Truths {
    const NONE: Truths = Truths(0);
    const ANY: Truths = Truths(7);
    /// True or false.
    const KNOWN: Truths = Truths(3);

    fn of(tri: Tri) -> Truths {
        Truths(match tri {
            Tri::True => 1,
            Tri::False => 2,
            Tri::Unknown => 4,
        })
    }

    pub(super) fn can(self, tri: Tri) -> bool {
        self.0 & Truths::of(tri).0 != 0
    }

    pub(super) fn must(self, tri: Tri) -> bool {
        self == Truths::of(tri)
    }

    fn or_also(self, other: Truths) -> Truths {
        Truths(self.0 | other.0)
    }

    fn each(self) -> impl Iterator<Item = Tri> {
        [Tri::True, Tri::False, Tri::Unknown].into_iter().filter(move |tri| self.can(*tri))
    }

    fn with(self, other: Truths, combine: impl Fn(Tri, Tri) -> Tri) -> Truths {
        let mut all = Truths::NONE;
        for a in self.each() {
            for b in other.each() {
                all = all.or_also(Truths::of(combine(a, b)));
            }
        }
        all
    }

    fn not(self) -> Truths {
        self.with(Truths::of(Tri::True), |a, _| !a)
    }
}

/// Values that an expression can have.
#[derive(Clone, Debug, PartialEq)]
enum Values {
    Truths(Truths),
    /// From the least to the most, in millionths; and whether it can be missing.
    Numbers {
        low: i128,
        high: i128,
        missing: bool,
    },
    /// Places in a list of choices, [`crate::model::OUTSIDE`] too; and whether it can be missing.
    Choices {
        places: BTreeSet<u16>,
        missing: bool,
    },
    Any,
}

/// An open field and what everything is for each of its values, while all other open fields are missing.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) field: FieldId,
    /// The values that are told apart; the first is missing.
    pub(super) values: Vec<Literal>,
    /// Whether the values stand for all that the field can be.
    pub(super) complete: bool,
    /// For each value: every value and every rule's points.
    pub(super) ledgers: Vec<Ledger>,
    /// For each value: the stage as it is reported.
    pub(super) stages: Vec<u16>,
}

/// What can be said of the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    /// The lowest and the highest stage that can be; none for disqualified, which is lower than all.
    pub(super) low: Option<u16>,
    pub(super) high: Option<u16>,
}

/// A lead with open fields.
pub(super) struct Possible<'a> {
    pub(super) program: &'a Program,
    pub(super) reliances: &'a Reliances,
    pub(super) lead: &'a Lead<'a>,
    /// Every open field, those that are decided here too.
    pub(super) opens: &'a BTreeMap<FieldId, Open>,
    /// All of `opens`.
    pub(super) all_open: &'a Reliance,
    /// The fields that are still open here.
    pub(super) open: &'a Reliance,
    /// Whether events may come.
    pub(super) events: bool,
    /// What all is with the decided fields, and all others missing.
    pub(super) ledger: &'a Ledger,
    /// The points of each part, likewise.
    pub(super) points: &'a [i64],
}

/// Everything that was found, by the policy's ids.
#[derive(Debug)]
pub(super) struct Found {
    defines: Vec<Values>,
    pub(super) checks: Vec<Truths>,
    pub(super) fits: Vec<Truths>,
    /// By part: the least and the most points.
    pub(super) parts: Vec<(i64, i64)>,
    bands: Vec<BTreeSet<u16>>,
    cells: Vec<BTreeSet<u16>>,
    pub(super) reasons: Vec<Truths>,
    disqualified: Truths,
    pub(super) conditions: Vec<Truths>,
    pub(super) standing: Vec<Truths>,
    stage: BTreeSet<u16>,
}

impl<'a> Possible<'a> {
    /// What the stage can be.
    pub(super) fn reach(&self) -> (Reach, Found) {
        let program = self.program;
        let mut found = Found {
            defines: vec![Values::Any; program.defines.len()],
            checks: vec![Truths::ANY; program.checks.len()],
            fits: vec![Truths::ANY; program.fits.len()],
            parts: vec![(0, 0); program.parts.len()],
            bands: vec![BTreeSet::new(); program.bands.len()],
            cells: vec![BTreeSet::new(); program.matrices.len()],
            reasons: vec![Truths::ANY; program.reasons.len()],
            disqualified: Truths::of(Tri::False),
            conditions: vec![Truths::of(Tri::True); program.stages.len()],
            standing: vec![Truths::of(Tri::True); program.stages.len()],
            stage: BTreeSet::new(),
        };
        for step in &program.order {
            self.step(*step, &mut found);
        }
        let low = found.stage.first().copied().unwrap_or(0);
        let high = found.stage.last().copied().unwrap_or(0);
        let reach = Reach {
            low: (!found.disqualified.can(Tri::True)).then_some(low),
            high: found.disqualified.can(Tri::False).then_some(high),
        };
        (reach, found)
    }

    fn step(&self, step: Step, found: &mut Found) {
        let program = self.program;
        match step {
            Step::Define(id) => found.defines[id.index()] = self.values(&program.defines[id.index()].value, found),
            Step::Check(id) => found.checks[id.index()] = self.truths(&program.checks[id.index()].condition, found),
            Step::Fit(id) => found.fits[id.index()] = self.fit(id, found),
            Step::Part(id) => found.parts[id.index()] = self.part(id, found),
            Step::Bands(id) => {
                let bands = &program.bands[id.index()];
                let (low, high) = found.parts[bands.of.index()];
                let band = |points: i64| bands.from.partition_point(|from| *from <= points) as u16;
                found.bands[id.index()] = (band(low)..=band(high)).collect();
            }
            Step::Matrix(id) => {
                let matrix = &program.matrices[id.index()];
                let (rows, _) = self.axis(&matrix.rows, found);
                let (columns, count) = self.axis(&matrix.columns, found);
                let cells = rows.iter().flat_map(|row| columns.iter().map(move |column| row * count + column));
                found.cells[id.index()] = cells.filter_map(|place| matrix.cells.get(place).copied()).collect();
            }
            Step::Reason(id) => found.reasons[id.index()] = self.truths(&program.reasons[id.index()].condition, found),
            Step::Disqualified => {
                let mut any = Truths::of(Tri::False);
                for reason in &found.reasons {
                    let holds = reason.with(*reason, |a, _| if a == Tri::True { Tri::True } else { Tri::False });
                    any = any.with(holds, Tri::or);
                }
                found.disqualified = any;
            }
            Step::StageReached(id) => self.stage_reached(id, found),
            Step::Stage => {
                for (place, standing) in found.standing.iter().enumerate().rev() {
                    if standing.can(Tri::True) {
                        found.stage.insert(place as u16);
                    }
                    if standing.must(Tri::True) {
                        break;
                    }
                }
                if !found.standing.iter().any(|standing| standing.must(Tri::True)) {
                    found.stage.insert(0);
                }
            }
            Step::Route | Step::Always(_) => {}
        }
    }

    fn stage_reached(&self, id: StageId, found: &mut Found) {
        let stage = &self.program.stages[id.index()];
        let condition = match &stage.condition {
            Some(condition) => self.truths(condition, found),
            None => Truths::of(Tri::True),
        };
        let above = stage.after.map_or(Truths::of(Tri::True), |after| found.standing[after.index()]);
        let mut standing = condition.with(above, Tri::and);
        if let Some(keep) = &stage.keep_while
            && self.program.stands_at(self.lead, id)
        {
            standing = standing.with(self.truths(keep, found), Tri::or);
        }
        found.conditions[id.index()] = condition;
        found.standing[id.index()] = standing;
    }

    fn axis(&self, axis: &Axis, found: &Found) -> (BTreeSet<usize>, usize) {
        match axis {
            Axis::Bands(id) => {
                let all = found.bands[id.index()].iter().map(|band| usize::from(*band));
                (all.collect(), self.program.bands[id.index()].from.len() + 1)
            }
            Axis::Fit(id) => {
                let verdicts = found.fits[id.index()];
                let places = [(Tri::True, 0), (Tri::Unknown, 1), (Tri::False, 2)];
                (places.into_iter().filter(|(tri, _)| verdicts.can(*tri)).map(|(_, place)| place).collect(), 3)
            }
            Axis::Field(field, domain) => {
                let count = self.program.schema.domain(*domain).choices.len();
                let place = |value: &Literal| match value {
                    Literal::Choice(choice) => usize::from(*choice),
                    _ => count,
                };
                let places = match self.opens.get(field) {
                    Some(open) if self.open.contains(*field) => match open.complete {
                        true => open.values.iter().map(place).collect(),
                        false => (0..=count).collect(),
                    },
                    _ => BTreeSet::from([place(&self.lead.field(*field).to_literal())]),
                };
                (places, count + 1)
            }
        }
    }

    fn fit(&self, id: FitId, found: &Found) -> Truths {
        let fit = &self.program.fits[id.index()];
        let needs = usize::from(fit.needs);
        let checks = || fit.checks.clone().map(|check| found.checks[check as usize]);
        let sure_least = checks().filter(|check| check.must(Tri::True)).count();
        let sure_most = checks().filter(|check| check.can(Tri::True)).count();
        let open_least = checks().filter(|check| !check.can(Tri::False)).count();
        let open_most = checks().filter(|check| !check.must(Tri::False)).count();
        at_least(needs, (sure_least, sure_most), (open_least, open_most))
    }

    /// What an expression rests on here.
    fn rests(&self, reliance: &Reliance) -> Rests {
        if self.events && reliance.events {
            return Rests::Several;
        }
        match reliance.shared(self.open) {
            Shared::None => Rests::Nothing,
            Shared::Many => Rests::Several,
            // What was worked out for the field's values was so while all other open fields were missing.
            Shared::One(field) => match self.opens.get(&field) {
                Some(open) if open.complete && reliance.shared(self.all_open) == Shared::One(field) => {
                    Rests::One(field)
                }
                _ => Rests::Several,
            },
        }
    }

    /// The truths that a condition can have.
    pub(super) fn truths(&self, expr: &Expr, found: &Found) -> Truths {
        match self.values(expr, found) {
            Values::Truths(truths) => truths,
            _ => Truths::ANY,
        }
    }

    fn values(&self, expr: &Expr, found: &Found) -> Values {
        match self.rests(self.reliances.expression(expr.id)) {
            Rests::Nothing => of_literal(expr.ty, self.ledger.value(expr.id)),
            Rests::One(field) => {
                let Some(open) = self.opens.get(&field) else { return Values::Any };
                let all = open.ledgers.iter().map(|ledger| of_literal(expr.ty, ledger.value(expr.id)));
                all.reduce(join).unwrap_or(Values::Any)
            }
            Rests::Several => self.combined(expr, found),
        }
    }

    fn combined(&self, expr: &Expr, found: &Found) -> Values {
        let truths = |expr: &Expr| self.truths(expr, found);
        let answer = match &expr.kind {
            ExprKind::Define(id) => return found.defines[id.index()].clone(),
            ExprKind::Check(id) => found.checks[id.index()],
            ExprKind::Fits(id) => found.fits[id.index()],
            ExprKind::FitUnknown(id) => {
                let fit = found.fits[id.index()];
                fit.with(fit, |a, _| if a == Tri::Unknown { Tri::True } else { Tri::False })
            }
            ExprKind::CheckCount(id, state) => {
                let wanted = match state {
                    CheckState::Passed => Tri::True,
                    CheckState::Failed => Tri::False,
                    CheckState::Unknown => Tri::Unknown,
                };
                let checks = || self.program.fits[id.index()].checks.clone().map(|check| found.checks[check as usize]);
                let low = checks().filter(|check| check.must(wanted)).count() as i128;
                let high = checks().filter(|check| check.can(wanted)).count() as i128;
                let scale = i128::from(NUMBER_SCALE);
                return Values::Numbers { low: low * scale, high: high * scale, missing: false };
            }
            ExprKind::Points(id) => {
                let (low, high) = found.parts[id.index()];
                let micros = |points: i64| i128::from(points) * i128::from(NUMBER_SCALE / POINTS_SCALE);
                return Values::Numbers { low: micros(low), high: micros(high), missing: false };
            }
            ExprKind::Band(id) => {
                return Values::Choices { places: found.bands[id.index()].clone(), missing: false };
            }
            ExprKind::Cell(id) => {
                return Values::Choices { places: found.cells[id.index()].clone(), missing: false };
            }
            ExprKind::Stage => {
                let mut places = BTreeSet::new();
                if found.disqualified.can(Tri::False) {
                    places.extend(found.stage.iter().copied());
                }
                if found.disqualified.can(Tri::True) {
                    places.insert(crate::model::OUTSIDE);
                }
                return Values::Choices { places, missing: false };
            }
            ExprKind::Disqualified => found.disqualified,
            ExprKind::DisqualifiedBy(id) => {
                let reason = found.reasons[id.index()];
                reason.with(reason, |a, _| if a == Tri::True { Tri::True } else { Tri::False })
            }
            ExprKind::Not(of) => truths(of).not(),
            ExprKind::And(all) => {
                all.iter().fold(Truths::of(Tri::True), |so_far, one| so_far.with(truths(one), Tri::and))
            }
            ExprKind::Or(all) => {
                all.iter().fold(Truths::of(Tri::False), |so_far, one| so_far.with(truths(one), Tri::or))
            }
            ExprKind::Implies(a, b) => truths(a).with(truths(b), |a, b| (!a).or(b)),
            ExprKind::AtLeastOf(least, all) => self.count_of(all, *least as usize, found),
            ExprKind::AtMostOf(most, all) => self.count_of(all, *most as usize + 1, found).not(),
            ExprKind::Compare(op, a, b) => compared(*op, &self.values(a, found), &self.values(b, found)),
            ExprKind::Between(value, low, high) => {
                let (value, low, high) = (self.values(value, found), self.values(low, found), self.values(high, found));
                compared(CompareOp::GreaterOrEqual, &value, &low)
                    .with(compared(CompareOp::LessOrEqual, &value, &high), Tri::and)
            }
            ExprKind::IsKnown(of) => missing(&self.values(of, found)).not(),
            ExprKind::IsMissing(of) => missing(&self.values(of, found)),
            ExprKind::In { value, set: crate::check::hir::Set::Choices(listed), negated } => {
                match self.values(value, found) {
                    Values::Choices { places, missing } => {
                        let mut all = if missing { Truths::of(Tri::Unknown) } else { Truths::NONE };
                        for place in places {
                            all = all.or_also(Truths::of(Tri::from(listed.contains(&place) != *negated)));
                        }
                        all
                    }
                    _ => Truths::ANY,
                }
            }
            ExprKind::AtLeastEvents(..) | ExprKind::AtMostEvents(..) => Truths::KNOWN,
            ExprKind::If(condition, then, other) => {
                let condition = truths(condition);
                let mut all: Vec<Values> = Vec::new();
                if condition.can(Tri::True) {
                    all.push(self.values(then, found));
                }
                if condition.can(Tri::False) {
                    all.push(self.values(other, found));
                }
                if condition.can(Tri::Unknown) {
                    all.push(of_literal(expr.ty, Some(&Literal::Missing)));
                }
                return all.into_iter().reduce(join).unwrap_or(Values::Any);
            }
            ExprKind::Otherwise(value, default) => {
                return match self.values(value, found) {
                    Values::Numbers { low, high, missing: true } => {
                        let value = Values::Numbers { low, high, missing: false };
                        join(value, self.values(default, found))
                    }
                    Values::Truths(value) if value.can(Tri::Unknown) => {
                        let known = Truths(value.0 & Truths::KNOWN.0);
                        join(Values::Truths(known), self.values(default, found))
                    }
                    Values::Any => Values::Any,
                    Values::Choices { places, missing: true } => {
                        join(Values::Choices { places, missing: false }, self.values(default, found))
                    }
                    value => value,
                };
            }
            _ => return Values::Any,
        };
        Values::Truths(answer)
    }

    fn count_of(&self, all: &[Expr], least: usize, found: &Found) -> Truths {
        let all: Vec<Truths> = all.iter().map(|one| self.truths(one, found)).collect();
        let count = |what: &dyn Fn(&Truths) -> bool| all.iter().filter(|one| what(one)).count();
        at_least(
            least,
            (count(&|one| one.must(Tri::True)), count(&|one| one.can(Tri::True))),
            (count(&|one| !one.can(Tri::False)), count(&|one| !one.must(Tri::False))),
        )
    }

    /// The least and the most points of a part.
    fn part(&self, id: PartId, found: &Found) -> (i64, i64) {
        match self.rests(&self.reliances.step(Step::Part(id))) {
            Rests::Nothing => {
                let points = self.points[id.index()];
                return (points, points);
            }
            Rests::One(field) => {
                let nets = self.opens.get(&field).into_iter().flat_map(|open| &open.ledgers);
                let nets: Vec<i64> = nets.map(|ledger| ledger.part(id).net).collect();
                if let (Some(low), Some(high)) = (nets.iter().min(), nets.iter().max()) {
                    return (*low, *high);
                }
            }
            Rests::Several => {}
        }
        match &self.program.parts[id.index()].kind {
            PartKind::Group { parts, from, to } => {
                let held = |sum: i128| saturate(sum).min(to.unwrap_or(POINTS_LIMIT)).max(from.unwrap_or(-POINTS_LIMIT));
                let sum = |end: &dyn Fn((i64, i64)) -> i64| {
                    held(parts.iter().map(|part| i128::from(end(found.parts[part.index()]))).sum())
                };
                (sum(&|(low, _)| low), sum(&|(_, high)| high))
            }
            PartKind::Include { of: Included::Score(part), factor } => {
                let times = |points: i64| match factor {
                    Some(factor) => {
                        let product = i128::from(points) * i128::from(*factor);
                        divide(product, i128::from(NUMBER_SCALE)).map_or(0, hold_points)
                    }
                    None => points,
                };
                let (low, high) = found.parts[part.index()];
                (times(low), times(high))
            }
            PartKind::Include { of: Included::Number(number), factor } => match self.values(number, found) {
                Values::Numbers { low, high, missing } => {
                    let unit = i128::from(NUMBER_SCALE / POINTS_SCALE);
                    let times = |raw: i128| match factor {
                        Some(factor) => divide(raw * i128::from(*factor), unit * i128::from(NUMBER_SCALE)),
                        None => divide(raw, unit),
                    };
                    // A number that does not fit is missing: beyond that nothing needs to be held.
                    let fits = |raw: i128| raw.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
                    let points = |raw: i128| times(fits(raw)).map_or(0, hold_points);
                    let (low, high) = (points(low), points(high));
                    if missing { (low.min(0), high.max(0)) } else { (low, high) }
                }
                _ => (-POINTS_LIMIT, POINTS_LIMIT),
            },
            PartKind::If { points, condition } => {
                let truths = self.truths(condition, found);
                let mut all = Vec::new();
                if truths.can(Tri::True) {
                    all.push(*points);
                }
                if !truths.must(Tri::True) {
                    all.push(0);
                }
                ends(all.into_iter())
            }
            PartKind::Per(per) => self.per(per),
            PartKind::PerPeriod { points, most, .. } => up_to(*points, most.unwrap_or(POINTS_LIMIT)),
            PartKind::By { cases, missing, otherwise, .. } => {
                let cases = cases.iter().map(|case| case.points);
                ends(cases.chain([missing.unwrap_or(0), otherwise.unwrap_or(0), 0]))
            }
            PartKind::FirstOf { cases, otherwise } => self.first_of(cases, otherwise.unwrap_or(0), found),
        }
    }

    fn first_of(&self, cases: &[Case], otherwise: i64, found: &Found) -> (i64, i64) {
        let mut all = Vec::new();
        for case in cases {
            let truths = self.truths(&case.condition, found);
            if truths.can(Tri::True) {
                all.push(case.points);
            }
            if truths.must(Tri::True) {
                return ends(all.into_iter());
            }
        }
        ends(all.into_iter().chain([otherwise, 0]))
    }

    fn per(&self, per: &Per) -> (i64, i64) {
        let mut most = per.most.map_or(i128::from(POINTS_LIMIT), i128::from);
        let times = per.times.map(i128::from);
        let events = (!self.events).then_some(self.lead.events.len() as i128);
        for count in [times, events].into_iter().flatten() {
            most = most.min(count * i128::from(per.points.unsigned_abs()));
        }
        up_to(per.points, saturate(most))
    }
}

/// What an expression rests on.
enum Rests {
    Nothing,
    One(FieldId),
    Several,
}

/// From 0 to so many points, with the sign of `points`.
fn up_to(points: i64, most: i64) -> (i64, i64) {
    if points < 0 { (-most, 0) } else { (0, most) }
}

fn ends(points: impl Iterator<Item = i64>) -> (i64, i64) {
    points
        .fold(None, |ends: Option<(i64, i64)>, points| match ends {
            Some((low, high)) => Some((low.min(points), high.max(points))),
            None => Some((points, points)),
        })
        .unwrap_or((0, 0))
}

/// Truths of "at least so many of them": `sure` are true, `open` are true or unknown, from the least to the most.
fn at_least(least: usize, sure: (usize, usize), open: (usize, usize)) -> Truths {
    let mut all = Truths::NONE;
    if sure.1 >= least {
        all = all.or_also(Truths::of(Tri::True));
    }
    if open.0 < least {
        all = all.or_also(Truths::of(Tri::False));
    }
    if sure.0 < least && open.1 >= least {
        all = all.or_also(Truths::of(Tri::Unknown));
    }
    all
}

fn of_literal(ty: Type, value: Option<&Literal>) -> Values {
    let number = |micros: i128| Values::Numbers { low: micros, high: micros, missing: false };
    match (value, ty) {
        (Some(Literal::Bool(value)), _) => Values::Truths(Truths::of(Tri::from(*value))),
        (Some(Literal::Missing), Type::One(Scalar::Bool)) => Values::Truths(Truths::of(Tri::Unknown)),
        (Some(Literal::Int(value)), _) => number(i128::from(*value) * i128::from(NUMBER_SCALE)),
        (Some(Literal::Number(value)), _) => number(i128::from(*value)),
        (Some(Literal::Missing), Type::One(Scalar::Int | Scalar::Number)) => {
            Values::Numbers { low: i128::MAX, high: i128::MIN, missing: true }
        }
        (Some(Literal::Choice(place)), _) => Values::Choices { places: BTreeSet::from([*place]), missing: false },
        (Some(Literal::Missing), Type::One(Scalar::Choice(_))) => {
            Values::Choices { places: BTreeSet::new(), missing: true }
        }
        _ => Values::Any,
    }
}

fn join(a: Values, b: Values) -> Values {
    match (a, b) {
        (Values::Truths(a), Values::Truths(b)) => Values::Truths(a.or_also(b)),
        (
            Values::Numbers { low, high, missing },
            Values::Numbers { low: other_low, high: other_high, missing: other_missing },
        ) => Values::Numbers { low: low.min(other_low), high: high.max(other_high), missing: missing || other_missing },
        (Values::Choices { mut places, missing }, Values::Choices { places: more, missing: other_missing }) => {
            places.extend(more);
            Values::Choices { places, missing: missing || other_missing }
        }
        _ => Values::Any,
    }
}

/// Truths of "it is missing".
fn missing(values: &Values) -> Truths {
    let (never, always) = match values {
        Values::Truths(truths) => (!truths.can(Tri::Unknown), truths.must(Tri::Unknown)),
        Values::Numbers { low, high, missing } => (!missing, low > high),
        Values::Choices { places, missing } => (!missing, places.is_empty()),
        Values::Any => (false, false),
    };
    match (never, always) {
        (true, _) => Truths::of(Tri::False),
        (_, true) => Truths::of(Tri::True),
        _ => Truths::KNOWN,
    }
}

fn compared(op: CompareOp, a: &Values, b: &Values) -> Truths {
    match (a, b) {
        (
            Values::Numbers { low, high, missing },
            Values::Numbers { low: other_low, high: other_high, missing: other_missing },
        ) => {
            let mut all = if *missing || *other_missing { Truths::of(Tri::Unknown) } else { Truths::NONE };
            if low > high || other_low > other_high {
                return all;
            }
            let mut order = |can: bool, order: Ordering| {
                if can {
                    all = all.or_also(Truths::of(Tri::from(holds(op, order))));
                }
            };
            order(low < other_high, Ordering::Less);
            order(low <= other_high && other_low <= high, Ordering::Equal);
            order(high > other_low, Ordering::Greater);
            all
        }
        (Values::Choices { places, missing }, Values::Choices { places: others, missing: other_missing }) => {
            let mut all = if *missing || *other_missing { Truths::of(Tri::Unknown) } else { Truths::NONE };
            for a in places {
                for b in others {
                    let outside = *a == crate::model::OUTSIDE || *b == crate::model::OUTSIDE;
                    let truth = if outside { op == CompareOp::IsNot } else { holds(op, a.cmp(b)) };
                    all = all.or_also(Truths::of(Tri::from(truth)));
                }
            }
            all
        }
        _ => Truths::ANY,
    }
}
