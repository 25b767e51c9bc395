//! What a lead should be like to reach a goal: a good first guess, not a proof.

use super::cells::constant;
use super::goal::Goal;
use super::narrow::Asks;
use super::space::{Space, Taken};
use super::values::Tris;
use crate::check::hir::{
    Axis, CheckId, CheckState, Expr, ExprKind, FitId, Included, PartId, PartKind, Per, QueryId, StageId,
};
use crate::model::number::NUMBER_SCALE;
use crate::model::{FieldId, Literal, OUTSIDE, Tri};
use crate::syntax::ast::{AggregateOp, ArithmeticOp, CompareOp};
use std::collections::BTreeMap;

/// Events that are wished for.
#[derive(Clone, Debug)]
pub(super) struct EventWish {
    pub(super) query: QueryId,
    pub(super) count: u32,
    /// The rule whose caps say how they should be spread.
    pub(super) rule: Option<PartId>,
    /// How long ago it should be, in milliseconds.
    pub(super) age: Option<i64>,
    /// A field that should be high (true) or low, by its places in the types' fields.
    pub(super) prefer: Option<(Vec<u16>, bool)>,
    /// The events should differ in this field.
    pub(super) distinct: Option<Distinct>,
}

/// What events should differ in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Distinct {
    /// Their day.
    Day,
    /// A field, by its places in the types' fields.
    Field(Vec<u16>),
}

impl Distinct {
    /// What an expression on events names.
    pub(super) fn of(field: &Expr) -> Option<Distinct> {
        match &field.kind {
            ExprKind::EventDay => Some(Distinct::Day),
            ExprKind::EventField(places) => Some(Distinct::Field(places.to_vec())),
            _ => None,
        }
    }
}

impl EventWish {
    /// So many events that count for a question.
    pub(super) fn new(query: QueryId, count: u32) -> EventWish {
        EventWish { query, count: count.min(MOST_EVENTS), rule: None, age: None, prefer: None, distinct: None }
    }
}

/// What a lead should be like.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes {
    /// How much each cell of a field is wished for.
    pub(super) cells: BTreeMap<FieldId, Vec<i64>>,
    /// Whether a number should be at the high end of its cell (true) or the low one.
    pub(super) ends: BTreeMap<FieldId, bool>,
    /// A time that should be so long ago.
    pub(super) ages: BTreeMap<FieldId, i64>,
    pub(super) events: Vec<EventWish>,
    /// Questions that no, or only so many, events should count for.
    pub(super) avoid: Vec<(QueryId, u32)>,
    /// Events should be as old as may be.
    pub(super) oldest: bool,
}

/// A condition that must hold weighs more than points.
const MUST: i64 = 1 << 40;
/// Where nothing caps them.
const MANY_EVENTS: u32 = 12;
const MOST_EVENTS: u32 = 1_000;

/// Collects wishes.
pub(super) struct Wisher<'w, 'p> {
    space: &'w Space<'p>,
    wishes: Wishes,
    depth: u32,
    /// So many events are spread over days at most.
    most_spread: u32,
}

/// The wishes for a goal.
pub(super) fn for_goal<'p>(space: &Space<'p>, goal: &Goal<'p>) -> Wishes {
    let mut wisher = Wisher { space, wishes: Wishes::default(), depth: 0, most_spread: 40 };
    wisher.goal(goal);
    wisher.wishes
}

/// The wishes for the most (or least) points of a part.
pub(super) fn for_points(space: &Space<'_>, part: PartId, up: bool) -> Wishes {
    let mut wisher = Wisher { space, wishes: Wishes::default(), depth: 0, most_spread: 400 };
    wisher.part(part, up);
    wisher.wishes
}

impl<'p> Wisher<'_, 'p> {
    fn goal(&mut self, goal: &Goal<'p>) {
        let program = self.space.program;
        match goal {
            Goal::Is(expr, value) => self.expr(expr, *value),
            Goal::Check(id, value) => self.expr(&program.checks[id.index()].condition, *value),
            Goal::Fit(id, value) => self.fit(*id, *value),
            Goal::Reason(id, value) => self.expr(&program.reasons[id.index()].condition, *value),
            Goal::Disqualified(true) => {
                if let Some(reason) = program.reasons.first() {
                    self.expr(&reason.condition, Tri::True);
                }
            }
            Goal::Disqualified(false) => self.stay_in(),
            Goal::Reached(id) => self.stage(*id),
            Goal::Stage(id) => {
                self.stage(*id);
                for higher in id.index() + 1..program.stages.len() {
                    if let Some(condition) = &program.stages[higher].condition {
                        self.not_true(condition);
                    }
                }
                self.stay_in();
            }
            Goal::Band(id, band) => {
                let bands = &program.bands[id.index()];
                self.part(bands.of, *band > 0);
            }
            Goal::Cell(id, cell) => {
                let matrix = &program.matrices[id.index()];
                let columns = self.length(&matrix.columns);
                if let Some(place) = matrix.cells.iter().position(|found| found == cell) {
                    self.axis(&matrix.rows, place / columns);
                    self.axis(&matrix.columns, place % columns);
                }
            }
            Goal::Place(id, row, column) => {
                let matrix = &program.matrices[id.index()];
                self.axis(&matrix.rows, usize::from(*row));
                self.axis(&matrix.columns, usize::from(*column));
            }
            Goal::Route(route) => {
                let place = route.map_or(program.routes.len(), |route| route.index());
                if let Some(condition) = program.routes.get(place).and_then(|route| route.condition.as_ref()) {
                    self.expr(condition, Tri::True);
                }
                program.routes[..place]
                    .iter()
                    .filter_map(|route| route.condition.as_ref())
                    .for_each(|c| self.not_true(c));
            }
            Goal::Taken(part, taken) => self.taken(*part, *taken),
            Goal::Always(id, value) => self.expr(&program.always[id.index()].condition, *value),
            Goal::AtLeast(part, _) => self.part(*part, true),
            Goal::AtMost(part, _) => self.part(*part, false),
            Goal::All(all) => all.iter().for_each(|goal| self.goal(goal)),
            Goal::Not(_) => {}
        }
    }

    fn stay_in(&mut self) {
        let program = self.space.program;
        program.reasons.iter().for_each(|reason| self.not_true(&reason.condition));
    }

    fn length(&self, axis: &Axis) -> usize {
        let program = self.space.program;
        match axis {
            Axis::Bands(bands) => program.bands[bands.index()].from.len() + 1,
            Axis::Fit(_) => 3,
            Axis::Field(_, domain) => program.schema.domain(*domain).choices.len() + 1,
        }
    }

    fn axis(&mut self, axis: &Axis, place: usize) {
        match axis {
            Axis::Bands(bands) => self.part(self.space.program.bands[bands.index()].of, place > 0),
            Axis::Fit(fit) => self.fit(*fit, [Tri::True, Tri::Unknown, Tri::False][place.min(2)]),
            Axis::Field(field, _) => {
                let count = self.space.count(*field);
                let cell = if place + 1 == count { 0 } else { place + 1 };
                self.cells(*field, |other| if other == cell { MUST } else { 0 });
            }
        }
    }

    fn cells(&mut self, field: FieldId, worth: impl Fn(usize) -> i64) {
        let count = self.space.count(field);
        let scores = self.wishes.cells.entry(field).or_insert_with(|| vec![0; count]);
        for (cell, score) in scores.iter_mut().enumerate() {
            *score = score.saturating_add(worth(cell));
        }
    }

    fn stage(&mut self, id: StageId) {
        let stage = &self.space.program.stages[id.index()];
        if let Some(condition) = &stage.condition {
            self.expr(condition, Tri::True);
        }
        if let Some(after) = stage.after {
            self.stage(after);
        }
    }

    fn fit(&mut self, id: FitId, verdict: Tri) {
        let fit = &self.space.program.fits[id.index()];
        let checks: Vec<CheckId> = fit.checks.clone().map(CheckId).collect();
        for (place, check) in checks.iter().enumerate() {
            let value = match verdict {
                // One more unknown than may be.
                Tri::Unknown if place + 1 < usize::from(fit.needs) => Tri::True,
                verdict => verdict,
            };
            self.expr(&self.space.program.checks[check.index()].condition, value);
        }
    }

    /// Wishes for anything but true.
    fn not_true(&mut self, expr: &'p Expr) {
        if let Some(table) = &self.space.tables[expr.id.index()] {
            return self.cells(table.field, |cell| if table.sets[cell].tris().has(Tri::True) { 0 } else { MUST / 4 });
        }
        self.expr(expr, Tri::False);
    }

    fn expr(&mut self, expr: &'p Expr, value: Tri) {
        if self.depth > 60 {
            return;
        }
        self.depth += 1;
        self.of_kind(expr, value);
        self.depth -= 1;
    }

    fn of_kind(&mut self, expr: &'p Expr, value: Tri) {
        if let Some(table) = &self.space.tables[expr.id.index()] {
            return self.cells(table.field, |cell| if table.sets[cell].tris() == Tris::of(value) { MUST } else { 0 });
        }
        if let Some(asks) = self.space.events.asks.get(&expr.id) {
            return self.asked(asks, value);
        }
        let program = self.space.program;
        let yes = value == Tri::True;
        match &expr.kind {
            ExprKind::Define(id) => self.expr(&program.defines[id.index()].value, value),
            ExprKind::Check(id) => self.expr(&program.checks[id.index()].condition, value),
            ExprKind::Fits(id) => self.fit(*id, value),
            ExprKind::FitUnknown(id) => self.fit(*id, if yes { Tri::Unknown } else { Tri::True }),
            ExprKind::Not(of) => self.expr(of, !value),
            ExprKind::And(all) if yes => all.iter().for_each(|condition| self.expr(condition, value)),
            ExprKind::Or(any) if value == Tri::False => any.iter().for_each(|condition| self.expr(condition, value)),
            ExprKind::And(some) | ExprKind::Or(some) => {
                if let Some(first) = some.first() {
                    self.expr(first, value);
                }
            }
            ExprKind::Implies(a, b) => {
                if value == Tri::False {
                    self.expr(a, Tri::True);
                }
                self.expr(b, value);
            }
            ExprKind::AtLeastOf(count, some) => {
                let needed = if yes { *count as usize } else { some.len() };
                some.iter().take(needed).for_each(|condition| self.expr(condition, value));
            }
            ExprKind::AtMostOf(count, some) => {
                let needed = if yes { some.len() } else { *count as usize + 1 };
                some.iter().take(needed).for_each(|condition| self.expr(condition, !value));
            }
            ExprKind::DisqualifiedBy(reason) => self.expr(&program.reasons[reason.index()].condition, value),
            ExprKind::Disqualified if !yes => self.stay_in(),
            ExprKind::Disqualified => {
                if let Some(reason) = program.reasons.first() {
                    self.expr(&reason.condition, Tri::True);
                }
            }
            ExprKind::Compare(op, a, b) => self.compare(*op, a, b, value),
            ExprKind::In { value: of, set: crate::check::hir::Set::Choices(choices), negated } => {
                if let (ExprKind::Stage, Some(choice), true) = (&of.kind, choices.first(), yes != *negated) {
                    self.stage(StageId(*choice));
                } else if let (ExprKind::Cell(matrix), Some(choice), true) =
                    (&of.kind, choices.first(), yes != *negated)
                {
                    self.goal(&Goal::Cell(*matrix, *choice));
                }
            }
            ExprKind::AtLeastEvents(least, query) if yes => self.events(*query, *least),
            ExprKind::AtLeastEvents(least, query) => self.wishes.avoid.push((*query, least.saturating_sub(1))),
            ExprKind::AtMostEvents(most, query) if yes => self.wishes.avoid.push((*query, *most)),
            ExprKind::AtMostEvents(most, query) => self.events(*query, most.saturating_add(1)),
            _ => {
                for child in expr.children() {
                    if let Some(query) = child.query() {
                        self.events(query, 1);
                    }
                }
            }
        }
    }

    /// Wishes for what a condition on the first or last of events, or on their values, asks by its nature.
    fn asked(&mut self, asks: &Asks, value: Tri) {
        if value == Tri::Unknown {
            return self.wishes.avoid.push((QueryId(asks.base as u16), 0));
        }
        self.events(QueryId(asks.base as u16), 1);
        let all = (value == Tri::True) != asks.not;
        // That one is otherwise is enough.
        let so_many = if all { asks.all.len() } else { 1 };
        for (place, wanted) in asks.all.iter().take(so_many) {
            let query = QueryId(*place as u16);
            if *wanted == all {
                self.events(query, 1);
            } else {
                self.wishes.avoid.push((query, 0));
            }
        }
    }

    fn events(&mut self, query: QueryId, count: u32) {
        self.known_for(query);
        self.wishes.events.push(EventWish::new(query, count));
    }

    /// Where the lead's own fields have a say which events count, they had better be known.
    fn known_for(&mut self, query: QueryId) {
        if !self.space.events.questions[query.index()].by_lead {
            return;
        }
        let mut fields = Vec::new();
        self.space.program.walk_query(self.space.written(query), &mut |expr| {
            if let ExprKind::Field(field) = expr.kind {
                fields.push(field);
            }
        });
        fields.into_iter().for_each(|field| self.cells(field, |cell| i64::from(cell > 0)));
    }

    fn distinct(&mut self, field: &Expr, query: QueryId, count: u32) {
        let distinct = Distinct::of(field);
        self.wishes.events.push(EventWish { distinct, ..EventWish::new(query, count) });
    }

    fn summed(&mut self, field: &Expr, query: QueryId, up: bool) {
        let places = if let ExprKind::EventField(places) = &field.kind { Some((places.to_vec(), up)) } else { None };
        self.wishes.events.push(EventWish { prefer: places, ..EventWish::new(query, 1) });
    }

    fn compare(&mut self, op: CompareOp, a: &'p Expr, b: &'p Expr, value: Tri) {
        let program = self.space.program;
        let flipped = match op {
            CompareOp::Less => CompareOp::Greater,
            CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
            CompareOp::Greater => CompareOp::Less,
            CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
            op => op,
        };
        let (op, of, other) = if constant(program, b).is_some() {
            (op, a, constant(program, b))
        } else {
            (flipped, b, constant(program, a))
        };
        let yes = value == Tri::True;
        let up = matches!(op, CompareOp::Greater | CompareOp::GreaterOrEqual) == yes;
        match (&of.kind, other) {
            (ExprKind::Stage, Some(Literal::Choice(choice))) if *choice != OUTSIDE => {
                if matches!(op, CompareOp::Is | CompareOp::GreaterOrEqual) && yes {
                    self.goal(&Goal::Stage(StageId(*choice)));
                }
            }
            (ExprKind::Cell(matrix), Some(Literal::Choice(choice))) if (op == CompareOp::Is) == yes => {
                self.goal(&Goal::Cell(*matrix, *choice));
            }
            (ExprKind::Band(bands), Some(Literal::Choice(choice))) => {
                let up = if op == CompareOp::Is { *choice > 0 } else { up };
                self.part(program.bands[bands.index()].of, up);
            }
            (ExprKind::Count(query), Some(literal)) => {
                let number = super::values::amount_of(literal).unwrap_or(0) / i128::from(NUMBER_SCALE);
                let number = u32::try_from(number).unwrap_or(0);
                match (op, yes) {
                    (CompareOp::Is, true) => {
                        self.events(*query, number);
                        self.wishes.avoid.push((*query, number));
                    }
                    _ if up => self.events(*query, number.saturating_add(1)),
                    _ => self.wishes.avoid.push((*query, number.saturating_sub(1))),
                }
            }
            (ExprKind::Aggregate(AggregateOp::Distinct, field, query), Some(literal)) if up || op == CompareOp::Is => {
                let number = super::values::amount_of(literal).unwrap_or(0) / i128::from(NUMBER_SCALE);
                let more = u32::from(op != CompareOp::Is && op != CompareOp::GreaterOrEqual);
                self.distinct(field, *query, u32::try_from(number).unwrap_or(0).saturating_add(more));
            }
            (ExprKind::Aggregate(AggregateOp::Total | AggregateOp::Distinct, _, query), Some(_)) if !up => {
                self.wishes.avoid.push((*query, 0));
            }
            (ExprKind::CheckCount(fit, state), Some(_)) => {
                let value = match state {
                    CheckState::Passed => Tri::True,
                    CheckState::Failed => Tri::False,
                    CheckState::Unknown => Tri::Unknown,
                };
                if up {
                    self.fit(*fit, value);
                }
            }
            _ => {
                self.number(a, up);
                if other.is_none() {
                    self.number(b, !up);
                }
            }
        }
    }

    /// Wishes for a large or small number.
    fn number(&mut self, expr: &'p Expr, up: bool) {
        let program = self.space.program;
        match &expr.kind {
            ExprKind::Points(part) => self.part(*part, up),
            ExprKind::Define(id) => self.number(&program.defines[id.index()].value, up),
            ExprKind::Field(field) => {
                let count = self.space.count(*field) as i64;
                self.cells(*field, |cell| match cell as i64 {
                    0 => 0,
                    cell if up => cell,
                    cell => count - cell,
                });
                self.wishes.ends.insert(*field, up);
            }
            ExprKind::Arithmetic(ArithmeticOp::Subtract, a, b) => {
                self.number(a, up);
                self.number(b, !up);
            }
            ExprKind::Negate(of) => self.number(of, !up),
            ExprKind::Arithmetic(ArithmeticOp::Divide, a, _) => self.number(a, up),
            ExprKind::If(condition, then, _) => {
                self.expr(condition, Tri::True);
                self.number(then, up);
            }
            ExprKind::Aggregate(AggregateOp::Distinct, field, query) => self.distinct(field, *query, 3),
            ExprKind::Aggregate(_, field, query) => self.summed(field, *query, up),
            ExprKind::Count(query) | ExprKind::Edge(_, query) => self.events(*query, 1),
            _ => expr.children().into_iter().for_each(|child| self.number(child, up)),
        }
    }

    /// Wishes for many or few points.
    pub(super) fn part(&mut self, id: PartId, up: bool) {
        if let Some(table) = &self.space.parts[id.index()] {
            let sign = if up { 1 } else { -1 };
            return self.cells(table.field, |cell| sign * table.points[cell]);
        }
        let program = self.space.program;
        let worth = |points: i64| (points > 0) == up;
        match &program.parts[id.index()].kind {
            PartKind::Group { parts, .. } => parts.iter().for_each(|part| self.part(*part, up)),
            PartKind::Include { of: Included::Score(score), .. } => self.part(*score, up),
            PartKind::Include { of: Included::Number(expr), .. } => self.number(expr, up),
            PartKind::If { points, condition } => {
                if worth(*points) {
                    self.expr(condition, Tri::True);
                } else {
                    self.not_true(condition);
                }
            }
            PartKind::Per(per) if worth(per.points) => self.per(id, per),
            PartKind::Per(per) => self.wishes.avoid.push((per.query, 0)),
            PartKind::PerPeriod { points, period, since, most } => {
                let periods = most.map_or(3, |most| (most + points.abs() - 1) / points.abs().max(1));
                let age = if worth(*points) { periods.saturating_mul(*period) } else { 0 };
                match &since.kind {
                    ExprKind::Field(field) => drop(self.wishes.ages.insert(*field, age)),
                    ExprKind::Edge(_, query) if worth(*points) => {
                        self.wishes.events.push(EventWish { age: Some(age), ..EventWish::new(*query, 1) });
                    }
                    _ => {}
                }
            }
            PartKind::By { cases, missing, otherwise, .. } => {
                let of = |taken: Taken, points: i64| (if up { points } else { -points }, std::cmp::Reverse(taken));
                let mut all: Vec<(i64, std::cmp::Reverse<Taken>)> =
                    cases.iter().enumerate().map(|(place, case)| of(Taken::Case(place as u16), case.points)).collect();
                all.push(of(Taken::Missing, missing.unwrap_or(0)));
                all.push(of(Taken::Otherwise, otherwise.unwrap_or(0)));
                if let Some((_, best)) = all.into_iter().max() {
                    self.taken(id, best.0);
                }
            }
            PartKind::FirstOf { cases, otherwise } => {
                let of = |points: i64| if up { points } else { -points };
                let best =
                    cases.iter().enumerate().max_by_key(|(place, case)| (of(case.points), std::cmp::Reverse(*place)));
                if let Some((place, case)) = best {
                    let taken = if of(case.points) > of(otherwise.unwrap_or(0)) {
                        Taken::Case(place as u16)
                    } else {
                        Taken::Otherwise
                    };
                    self.taken(id, taken);
                }
            }
        }
    }

    fn per(&mut self, id: PartId, per: &Per) {
        let by_points = per.most.map(|most| (most + per.points.abs() - 1) / per.points.abs().max(1));
        let by_points = by_points.and_then(|count| u32::try_from(count).ok());
        let spread =
            per.per_day.is_some() || per.per_week.is_some() || per.per_month.is_some() || per.distinct.is_some();
        let count = match (per.times, by_points) {
            // Spread over days they are older and worth less.
            (Some(times), Some(points)) if per.decay.is_none() || !spread => times.min(points),
            (Some(times), _) => times,
            (None, Some(points)) if per.decay.is_none() || !spread => points,
            (None, Some(points)) => points.saturating_mul(3),
            (None, None) if spread => self.most_spread,
            (None, None) => MANY_EVENTS,
        };
        let count = count.clamp(1, if spread { self.most_spread } else { MOST_EVENTS });
        let distinct = per.distinct.as_ref().and_then(Distinct::of);
        self.wishes.events.push(EventWish { rule: Some(id), distinct, ..EventWish::new(per.query, count) });
    }

    fn taken(&mut self, id: PartId, taken: Taken) {
        let program = self.space.program;
        if let Some(table) = &self.space.parts[id.index()]
            && let Some(cases) = &table.taken
        {
            return self.cells(table.field, |cell| if cases[cell] == taken { MUST } else { 0 });
        }
        match &program.parts[id.index()].kind {
            PartKind::FirstOf { cases, .. } => {
                let place = if let Taken::Case(place) = taken { usize::from(place) } else { cases.len() };
                cases[..place].iter().for_each(|case| self.not_true(&case.condition));
                if let Some(case) = cases.get(place) {
                    self.expr(&case.condition, Tri::True);
                }
            }
            PartKind::By { value, .. } if taken != Taken::Missing => {
                let up = taken != Taken::Case(0);
                self.number(value, up);
            }
            _ => {}
        }
    }
}
