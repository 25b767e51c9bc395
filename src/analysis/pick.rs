//! Which set of leads to part in two, and where: at a condition that what is asked for turns on.

use super::bounds::Run;
use super::cells::constant;
use super::goal::Goal;
use super::orders;
use super::space::Space;
use super::state::{MANY, State};
use super::values::{Set, Tris};
use crate::check::hir::{
    Axis, BandsId, CheckId, Expr, ExprId, ExprKind, FitId, Included, MatrixId, PartId, PartKind, QueryId, ReasonId,
    StageId,
};
use crate::model::number::POINTS_LIMIT;
use crate::model::{FieldId, Literal, Scalar, Tri, Type};
use std::cmp::Ordering;

/// How a set of leads is parted.
#[derive(Clone, Debug)]
pub(super) enum Split {
    /// By groups of a field's cells.
    Field(FieldId, Vec<Vec<usize>>),
    /// By whether at least so many events count.
    Count(QueryId, u32),
    /// By what a condition is, which cells do not decide; with its field's cells where there are such.
    Force(ExprId, Tris, Option<FieldId>),
    /// By which of two fields is greater.
    Order(FieldId, FieldId),
    /// By whether a part has at least so many points.
    Points(PartId, i64),
}

impl Split {
    /// The parts.
    pub(super) fn parts(&self, space: &Space<'_>, state: &State) -> Vec<State> {
        let mut parts = Vec::new();
        match self {
            Split::Field(field, groups) => {
                for group in groups {
                    let mut part = state.clone();
                    if part.keep(space, *field, |cell| group.contains(&cell)) {
                        parts.push(part);
                    }
                }
            }
            Split::Count(query, least) => {
                for (low, high) in [(*least, MANY), (0, least.saturating_sub(1))] {
                    let mut part = state.clone();
                    if part.count(space, *query, low, high) {
                        parts.push(part);
                    }
                }
            }
            Split::Order(a, b) => {
                for order in [Ordering::Less, Ordering::Equal, Ordering::Greater] {
                    let mut with = state.clone();
                    with.orders.push((*a, *b, order));
                    if with.orders_can_be(space) {
                        parts.push(with);
                    }
                }
            }
            Split::Points(part, least) => {
                for (low, high) in [(*least, POINTS_LIMIT), (-POINTS_LIMIT, least - 1)] {
                    let mut with = state.clone();
                    with.points.push((*part, low, high));
                    parts.push(with);
                }
            }
            Split::Force(expr, tris, field) => {
                for value in tris.iter() {
                    let mut part = state.clone();
                    part.forced.push((*expr, Tris::of(value)));
                    // The cells that show it, if there are any; others may hide behind them.
                    if let (Some(field), Some(table)) = (field, &space.tables[expr.index()])
                        && is_sampled(space, *field)
                    {
                        let shows = |cell: usize| table.sets[cell].tris().has(value);
                        let alive = part.alive(space, *field);
                        if (1..alive.len()).any(|cell| alive[cell] && shows(cell)) || alive[0] && shows(0) {
                            part.keep(space, *field, shows);
                        }
                    }
                    parts.push(part);
                }
            }
        }
        parts
    }
}

impl<'p> Run<'_, 'p> {
    /// Where to part the leads so that a goal is decided; none when nothing is left to try.
    pub(super) fn pick(&mut self, goal: &Goal<'p>) -> Option<Split> {
        let program = self.space.program;
        match goal {
            Goal::Is(expr, _) => self.pick_expr(expr),
            Goal::Check(id, _) => self.pick_expr(&program.checks[id.index()].condition),
            Goal::Fit(id, _) => self.pick_fit(*id),
            Goal::Reason(id, _) => self.pick_expr(&program.reasons[id.index()].condition),
            Goal::Disqualified(_) => self.pick_reasons(),
            Goal::Reached(id) => self.pick_stage(*id),
            Goal::Stage(id) => {
                let stages = (id.0..program.stages.len() as u16).map(StageId);
                self.pick_stages(stages).or_else(|| self.pick_reasons())
            }
            Goal::Band(id, _) => self.pick_bands(*id),
            Goal::Cell(id, _) | Goal::Place(id, ..) => self.pick_matrix(*id),
            Goal::Route(route) => {
                let before = route.map_or(program.routes.len(), |route| route.index() + 1);
                program.routes[..before]
                    .iter()
                    .filter_map(|route| route.condition.as_ref())
                    .find_map(|c| self.pick_expr(c))
            }
            Goal::Taken(part, _) => self.pick_cases(*part),
            Goal::Always(id, _) => self.pick_expr(&program.always[id.index()].condition),
            Goal::AtLeast(part, _) | Goal::AtMost(part, _) => self.pick_part(*part),
            Goal::All(all) => all.iter().find_map(|goal| {
                let open = !goal.truth(self).is_one();
                if open { self.pick(goal) } else { None }
            }),
            Goal::Not(goal) => self.pick(goal),
        }
    }

    /// A field that several parts of what is asked for look at, parted by what they come to.
    pub(super) fn pick_shared(&self, parts: &[PartId], exprs: &[ExprId]) -> Option<Split> {
        let space = self.space;
        let mut best: Option<(usize, FieldId, Vec<Vec<usize>>)> = None;
        for field in (0..space.program.schema.fields.len()).map(|field| FieldId(field as u16)) {
            let alive = self.state.alive(space, field);
            if alive.iter().filter(|alive| **alive).count() < 2 {
                continue;
            }
            let tables: Vec<_> =
                parts.iter().filter_map(|part| space.exact_part(*part)).filter(|table| table.field == field).collect();
            let conditions: Vec<_> = exprs
                .iter()
                .filter_map(|expr| space.tables[expr.index()].as_ref())
                .filter(|table| table.field == field && table.exact)
                .collect();
            if tables.is_empty() && conditions.is_empty() {
                continue;
            }
            let mut groups: Vec<(Vec<i64>, Vec<Set>, Vec<usize>)> = Vec::new();
            for (cell, _) in alive.iter().enumerate().filter(|(_, alive)| **alive) {
                let points: Vec<i64> = tables.iter().map(|table| table.points[cell]).collect();
                let sets: Vec<Set> = conditions.iter().map(|table| table.sets[cell]).collect();
                match groups.iter_mut().find(|(other, others, _)| *other == points && *others == sets) {
                    Some((_, _, cells)) => cells.push(cell),
                    None => groups.push((points, sets, vec![cell])),
                }
            }
            let uses = tables.len() + conditions.len();
            if groups.len() > 1 && best.as_ref().is_none_or(|(most, ..)| uses > *most) {
                best = Some((uses, field, groups.into_iter().map(|(_, _, cells)| cells).collect()));
            }
        }
        best.map(|(_, field, groups)| Split::Field(field, halves(groups)))
    }

    fn pick_fit(&mut self, fit: FitId) -> Option<Split> {
        let program = self.space.program;
        let checks = program.fits[fit.index()].checks.clone();
        checks.map(CheckId).find_map(|check| self.pick_expr(&program.checks[check.index()].condition))
    }

    fn pick_reasons(&mut self) -> Option<Split> {
        let program = self.space.program;
        if self.out.disqualified.is_one() {
            return None;
        }
        // One that cannot be true decides nothing.
        let open: Vec<ReasonId> = (0..program.reasons.len() as u16)
            .map(ReasonId)
            .filter(|reason| self.out.reasons[reason.index()].has(Tri::True))
            .collect();
        open.into_iter().find_map(|reason| self.pick_expr(&program.reasons[reason.index()].condition))
    }

    /// Where the leads turn from one stage to another, or are disqualified.
    pub(super) fn pick_standing(&mut self) -> Option<Split> {
        let stages = (0..self.space.program.stages.len() as u16).rev().map(StageId);
        self.pick_reasons().or_else(|| self.pick_stages(stages))
    }

    fn pick_stages(&mut self, stages: impl Iterator<Item = StageId>) -> Option<Split> {
        let stages: Vec<StageId> = stages.collect();
        stages
            .into_iter()
            .find_map(|stage| if self.out.standing[stage.index()].is_one() { None } else { self.pick_stage(stage) })
    }

    fn pick_stage(&mut self, id: StageId) -> Option<Split> {
        let stage = &self.space.program.stages[id.index()];
        if self.out.standing[id.index()].is_one() {
            return None;
        }
        if let Some(split) = stage.condition.as_ref().and_then(|condition| self.pick_expr(condition)) {
            return Some(split);
        }
        if let Some(split) = stage.after.and_then(|after| self.pick_stage(after)) {
            return Some(split);
        }
        let keep = stage.keep_while.as_ref()?;
        let field = self.space.program.schema.stage_field?;
        let alive = self.state.alive(self.space, field);
        let cells = || (0..alive.len()).filter(|cell| alive[*cell]);
        let here: Vec<usize> = cells().filter(|cell| *cell > usize::from(id.0)).collect();
        let not: Vec<usize> = cells().filter(|cell| *cell <= usize::from(id.0)).collect();
        if !here.is_empty() && !not.is_empty() {
            return Some(Split::Field(field, vec![not, here]));
        }
        self.pick_expr(keep)
    }

    fn pick_bands(&mut self, id: BandsId) -> Option<Split> {
        let (low, high) = self.out.bands[id.index()];
        if low == high { None } else { self.pick_part(self.space.program.bands[id.index()].of) }
    }

    fn pick_matrix(&mut self, id: MatrixId) -> Option<Split> {
        let matrix = &self.space.program.matrices[id.index()];
        [&matrix.rows, &matrix.columns].into_iter().find_map(|axis| match axis {
            Axis::Bands(bands) => self.pick_bands(*bands),
            Axis::Fit(fit) => {
                if self.out.fits[fit.index()].verdict.is_one() {
                    None
                } else {
                    self.pick_fit(*fit)
                }
            }
            Axis::Field(field, _) => {
                let alive = self.state.alive(self.space, *field);
                let cells: Vec<Vec<usize>> =
                    (0..alive.len()).filter(|cell| alive[*cell]).map(|cell| vec![cell]).collect();
                (cells.len() > 1).then(|| Split::Field(*field, halves(cells)))
            }
        })
    }

    /// Where an expression turns; none when it is decided.
    fn pick_expr(&mut self, expr: &'p Expr) -> Option<Split> {
        let set = self.expr(expr, None);
        if set.is_one() {
            return None;
        }
        let program = self.space.program;
        if let Some(table) = &self.space.tables[expr.id.index()] {
            if !table.exact {
                return match set {
                    Set::Tris(tris) => Some(Split::Force(expr.id, tris, Some(table.field))),
                    _ => None,
                };
            }
            let alive = self.state.alive(self.space, table.field);
            let mut groups: Vec<(Set, Vec<usize>)> = Vec::new();
            for (cell, _) in alive.iter().enumerate().filter(|(_, alive)| **alive) {
                match groups.iter_mut().find(|(set, _)| *set == table.sets[cell]) {
                    Some((_, cells)) => cells.push(cell),
                    None => groups.push((table.sets[cell], vec![cell])),
                }
            }
            if groups.len() > 1 {
                return Some(Split::Field(table.field, halves(groups.into_iter().map(|(_, cells)| cells).collect())));
            }
            return None;
        }
        if let Some(asks) = self.space.events.asks.get(&expr.id) {
            let open = |place: &usize| matches!(self.state.counts[*place], (0, high) if high > 0);
            let mut places = std::iter::once(asks.base).chain(asks.all.iter().map(|(place, _)| *place));
            return places.find(open).map(|place| Split::Count(QueryId(place as u16), 1));
        }
        let below = match &expr.kind {
            ExprKind::Define(id) => return self.pick_expr(&program.defines[id.index()].value),
            ExprKind::Check(id) => return self.pick_expr(&program.checks[id.index()].condition),
            ExprKind::CheckCount(id, _) | ExprKind::Fits(id) | ExprKind::FitUnknown(id) => return self.pick_fit(*id),
            ExprKind::Points(part) => return self.pick_part(*part),
            ExprKind::Band(bands) => return self.pick_bands(*bands),
            ExprKind::Cell(matrix) => return self.pick_matrix(*matrix),
            ExprKind::Stage => return self.pick_standing(),
            ExprKind::Disqualified => return self.pick_reasons(),
            ExprKind::DisqualifiedBy(reason) => return self.pick_expr(&program.reasons[reason.index()].condition),
            ExprKind::AtLeastEvents(least, query) => return Some(Split::Count(*query, *least)),
            ExprKind::AtMostEvents(most, query) => return Some(Split::Count(*query, most.saturating_add(1))),
            ExprKind::Count(query) | ExprKind::Aggregate(_, _, query) | ExprKind::Edge(_, query) => {
                let (low, high) = self.state.counts[query.index()];
                return (low == 0 && high > 0).then_some(Split::Count(*query, 1));
            }
            ExprKind::Compare(_, a, b) => {
                self.pick_order(a, b).or_else(|| self.pick_count(a, b)).or_else(|| self.pick_points(a, b))
            }
            _ => None,
        };
        below.or_else(|| expr.children().into_iter().find_map(|child| self.pick_expr(child))).or(match set {
            Set::Tris(tris) if self.state.forced(expr.id).is_none() => Some(Split::Force(expr.id, tris, None)),
            _ => None,
        })
    }

    /// A field compared with another one: parted by whether each is known, then by which is greater.
    fn pick_order(&self, a: &Expr, b: &Expr) -> Option<Split> {
        let (one, other) = orders::fields(self.space.program, a, b)?;
        for field in [one, other] {
            let alive = self.state.alive(self.space, field);
            if alive.first().copied().unwrap_or(false) {
                let known: Vec<usize> = (1..alive.len()).filter(|cell| alive[*cell]).collect();
                return (!known.is_empty()).then(|| Split::Field(field, vec![known, vec![0]]));
            }
        }
        self.state.order(one, other).is_none().then_some(Split::Order(one, other))
    }

    /// `count of EVENTS` compared with a constant: parted at the constant.
    fn pick_count(&self, a: &Expr, b: &Expr) -> Option<Split> {
        let program = self.space.program;
        let (query, literal) = match (&a.kind, &b.kind) {
            (ExprKind::Count(query), _) => (*query, constant(program, b)?),
            (_, ExprKind::Count(query)) => (*query, constant(program, a)?),
            _ => return None,
        };
        let number = match literal {
            Literal::Int(value) => *value,
            Literal::Number(value) => value.div_euclid(1_000_000),
            _ => return None,
        };
        let (low, high) = self.state.counts[query.index()];
        [number, number.saturating_add(1)]
            .into_iter()
            .filter_map(|least| u32::try_from(least).ok())
            .find(|least| *least > low && *least <= high)
            .map(|least| Split::Count(query, least))
    }

    /// As [`Run::pick_part`], but what is on one field alone is left out: its sums are exact already.
    pub(super) fn pick_part_beyond_tables(&mut self, id: PartId) -> Option<Split> {
        let range = self.range(id);
        if range.is_one() || self.space.exact_part(id).is_some() {
            return None;
        }
        match &self.space.program.parts[id.index()].kind {
            PartKind::Group { parts, .. } => {
                let open = self.by_width(parts);
                open.into_iter().find_map(|part| self.pick_part_beyond_tables(part))
            }
            PartKind::Include { of: Included::Score(score), .. } => self.pick_part_beyond_tables(*score),
            _ => self.pick_part(id),
        }
    }

    /// The parts that are open, the widest first.
    fn by_width(&self, parts: &[PartId]) -> Vec<PartId> {
        let mut open: Vec<(i128, PartId)> = parts
            .iter()
            .map(|part| {
                let range = self.range(*part);
                let width =
                    range.high.zip(range.low).map_or(i128::MAX, |(high, low)| i128::from(high) - i128::from(low));
                (width, *part)
            })
            .filter(|(width, _)| *width > 0)
            .collect();
        open.sort_by_key(|(width, part)| (std::cmp::Reverse(*width), *part));
        open.into_iter().map(|(_, part)| part).collect()
    }

    /// The points of a part compared with a constant: parted at the constant.
    fn pick_points(&self, a: &Expr, b: &Expr) -> Option<Split> {
        let program = self.space.program;
        let (part, literal) = match (&a.kind, &b.kind) {
            (ExprKind::Points(part), _) => (*part, constant(program, b)?),
            (_, ExprKind::Points(part)) => (*part, constant(program, a)?),
            _ => return None,
        };
        let micros = super::values::amount_of(literal)?;
        // The first points that are not below the constant, and the first above it.
        let first = i64::try_from(-(-micros).div_euclid(100)).ok()?;
        let range = self.range(part);
        [first, i64::try_from(micros.div_euclid(100)).ok()? + 1]
            .into_iter()
            .find(|least| range.low.is_none_or(|low| low < *least) && range.high.is_none_or(|high| high >= *least))
            .map(|least| Split::Points(part, least))
    }

    /// Where a part turns of which points were assumed.
    pub(super) fn pick_assumed(&mut self) -> Option<Split> {
        let parts: Vec<PartId> = self.state.points.iter().map(|(part, ..)| *part).collect();
        parts.into_iter().find_map(|part| self.pick_part(part))
    }

    /// Where a part turns: the part of it that is most open; none when it is decided or hangs on shared fields only.
    pub(super) fn pick_part(&mut self, id: PartId) -> Option<Split> {
        let range = self.range(id);
        if range.is_one() {
            return None;
        }
        let program = self.space.program;
        if let Some(table) = self.space.exact_part(id) {
            let alive = self.state.alive(self.space, table.field);
            let mut groups: Vec<(i64, Vec<usize>)> = Vec::new();
            for (cell, _) in alive.iter().enumerate().filter(|(_, alive)| **alive) {
                match groups.iter_mut().find(|(points, _)| *points == table.points[cell]) {
                    Some((_, cells)) => cells.push(cell),
                    None => groups.push((table.points[cell], vec![cell])),
                }
            }
            groups.sort_by_key(|(points, _)| -points);
            if groups.len() > 1 {
                return Some(Split::Field(table.field, halves(groups.into_iter().map(|(_, cells)| cells).collect())));
            }
            return None;
        }
        match &program.parts[id.index()].kind {
            PartKind::Group { parts, .. } => {
                let open = self.by_width(parts);
                open.into_iter().find_map(|part| self.pick_part(part))
            }
            PartKind::Include { of: Included::Score(score), .. } => self.pick_part(*score),
            PartKind::Include { of: Included::Number(expr), .. } => self.pick_expr(expr),
            PartKind::If { condition, .. } => self.pick_expr(condition),
            PartKind::Per(per) => {
                let (low, high) = self.state.counts[per.query.index()];
                if low == 0 && high > 0 {
                    return Some(Split::Count(per.query, 1));
                }
                // A cap, or how many it takes for the most points.
                let most = per.most.map(|most| (most + per.points.abs() - 1) / per.points.abs().max(1));
                let cap = per.times.or(most.and_then(|most| u32::try_from(most).ok()));
                if let Some(cap) = cap.filter(|cap| *cap > low && *cap <= high && per.decay.is_none()) {
                    return Some(Split::Count(per.query, cap));
                }
                // Below a cap so many count as there are; without one, small numbers are told apart.
                let most = cap.unwrap_or(MOST_TOLD_APART).min(high);
                (low < most).then(|| Split::Count(per.query, low + (most - low).div_ceil(2)))
            }
            PartKind::PerPeriod { since, .. } => self.pick_expr(since),
            PartKind::By { .. } | PartKind::FirstOf { .. } => self.pick_cases(id),
        }
    }

    fn pick_cases(&mut self, id: PartId) -> Option<Split> {
        if self.space.exact_part(id).is_some() {
            let table = self.space.exact_part(id)?;
            let taken = table.taken.as_ref()?;
            let alive = self.state.alive(self.space, table.field);
            let mut groups: Vec<(super::space::Taken, Vec<usize>)> = Vec::new();
            for (cell, _) in alive.iter().enumerate().filter(|(_, alive)| **alive) {
                match groups.iter_mut().find(|(case, _)| *case == taken[cell]) {
                    Some((_, cells)) => cells.push(cell),
                    None => groups.push((taken[cell], vec![cell])),
                }
            }
            return (groups.len() > 1)
                .then(|| Split::Field(table.field, halves(groups.into_iter().map(|(_, cells)| cells).collect())));
        }
        match &self.space.program.parts[id.index()].kind {
            PartKind::FirstOf { cases, .. } => cases.iter().find_map(|case| self.pick_expr(&case.condition)),
            PartKind::By { value, cases, .. } => {
                if let Some(split) = self.pick_expr(value) {
                    return Some(split);
                }
                let looked_at = self.expr(value, None);
                if looked_at.may_be_missing() && looked_at.may_be_known() {
                    let ExprKind::Field(field) = value.kind else { return None };
                    let alive = self.state.alive(self.space, field);
                    let known = (1..alive.len()).filter(|cell| alive[*cell]).collect();
                    return Some(Split::Field(field, vec![known, vec![0]]));
                }
                let known = Some(looked_at.known());
                cases.iter().find_map(|case| {
                    let holds = self.condition(&case.condition, known);
                    let free = !holds.is_one() && self.state.forced(case.condition.id).is_none();
                    free.then_some(Split::Force(case.condition.id, holds, None))
                })
            }
            _ => None,
        }
    }
}

/// So many events are told apart where no cap says when more make no difference.
const MOST_TOLD_APART: u32 = 6;

/// Whether a field's known values are tried as a sample that its known cells stand for.
fn is_sampled(space: &Space<'_>, field: FieldId) -> bool {
    matches!(space.program.schema.field(field).ty, Type::One(Scalar::Text) | Type::List(_))
}

/// At most eight groups: neighbours are put together.
fn halves(groups: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    if groups.len() <= 8 {
        return groups;
    }
    let middle = groups.len() / 2;
    vec![groups[..middle].concat(), groups[middle..].concat()]
}
