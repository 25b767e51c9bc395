//! A first way to a stage: step by step whatever helps most for what it costs. It is made as small as it can be, and need
//! not be the cheapest.

use super::moves::{Moves, What};
use super::obstacles::obstacles;
use super::planning::{MOST_EVENTS, Search, with};
use super::reliance::Reliance;
use super::search::Rank;
use crate::check::hir::{CheckId, Expr, ExprKind, Program, StageId};
use crate::eval::{Ledger, Outcome};
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE};
use crate::model::{FieldId, Lead, Literal, Tri};
use std::collections::BTreeSet;

/// So many steps at most.
const DEEP: usize = 24;
/// How far a single condition is from what it has to be, where that has no measure.
const FAR: i64 = 1_000_000;
/// A way that is no way.
const NEVER: i64 = i64::MAX / 1_000_000;

/// How far a lead with changes is from the stage.
struct Measured {
    /// 0 where it is reached.
    distance: i64,
    /// What the first thing in the way rests on.
    rests: Reliance,
}

impl Search<'_> {
    /// Some ways to the stage, each with its cost: one, and others that do without a part of it.
    pub(super) fn dive(&mut self, limit: usize) -> Vec<(u32, Moves)> {
        let mut found = Vec::new();
        let Some(first) = self.descend(&BTreeSet::new()) else { return found };
        self.reached(first, &mut found, limit);
        let touched: Vec<FieldId> = match found.first() {
            Some((_, made)) => super::moves::touched(self.moves, made).into_iter().collect(),
            None => return found,
        };
        for without in touched {
            if found.len() >= limit || self.is_tired() {
                break;
            }
            if let Some(other) = self.descend(&BTreeSet::from([without])) {
                self.reached(other, &mut found, limit);
            }
        }
        found
    }

    /// A way that changes none of these fields and has no events of these kinds.
    fn descend(&mut self, without: &BTreeSet<FieldId>) -> Option<Moves> {
        let mut made = Moves::new();
        let mut here = self.measure(&made);
        for _ in 0..DEEP {
            if here.distance == 0 {
                return Some(made);
            }
            (made, here) = self.step(&made, &here, without)?;
        }
        None
    }

    /// The step that brings the lead nearer to the stage than any other, for what it costs.
    fn step(&mut self, made: &Moves, here: &Measured, without: &BTreeSet<FieldId>) -> Option<(Moves, Measured)> {
        let touched = super::moves::touched(self.moves, made);
        let mut best: Option<(i128, i128, Moves, Measured)> = None;
        let better = |gain: i64, cost: u32, best: &Option<(i128, i128, Moves, Measured)>| {
            let (gain, cost) = (i128::from(gain), i128::from(cost));
            gain > 0 && best.as_ref().is_none_or(|(most, dear, ..)| gain * dear > most * cost)
        };
        for place in 0..self.moves.len() {
            let (touches, event) = (self.moves[place].touches, matches!(self.moves[place].what, What::Event(..)));
            let free = event || !touched.contains(&touches);
            if !here.rests.contains(touches) || without.contains(&touches) || !free || self.is_tired() {
                continue;
            }
            let before = made.iter().find(|(other, _)| *other == place).map_or(0, |(_, times)| *times);
            if before >= MOST_EVENTS {
                continue;
            }
            let now = if before == 0 { 0 } else { self.moves[place].cost(before) };
            let one = self.measure(&with(made, place, before + 1));
            let reached = one.distance;
            let (gain, cost) = (here.distance - reached, self.moves[place].cost(before + 1) - now);
            if better(gain, cost, &best) {
                best = Some((i128::from(gain), i128::from(cost), with(made, place, before + 1), one));
            }
            if !event || reached == 0 {
                continue;
            }
            // More of the same may do more than one: as few of them as come as far as many do.
            let most = self.measure(&with(made, place, MOST_EVENTS));
            if most.distance >= reached || !better(here.distance - most.distance, 3, &best) {
                continue;
            }
            let (mut few, mut many, mut there) = (before + 1, MOST_EVENTS, most);
            while many - few > 1 && self.left > 0 {
                let middle = few + (many - few) / 2;
                let half = self.measure(&with(made, place, middle));
                if half.distance <= there.distance { (many, there) = (middle, half) } else { few = middle }
            }
            let (gain, cost) = (here.distance - there.distance, self.moves[place].cost(many) - now);
            if better(gain, cost, &best) {
                best = Some((i128::from(gain), i128::from(cost), with(made, place, many), there));
            }
        }
        best.map(|(_, _, made, there)| (made, there))
    }

    fn measure(&mut self, made: &Moves) -> Measured {
        let (plan, program, goals) = (self.plan, self.evaluator.program(), self.goals());
        let this = &*self;
        let measured = this.explained(made, |lead, outcome, ledger| {
            let mut rests = Reliance::default();
            if this.met(outcome) {
                return Measured { distance: 0, rests };
            }
            obstacles(program, lead, outcome, ledger, goals.clone(), &mut |expr| {
                rests.add(plan.reliances.expression(expr.id));
            });
            let away = Away { program, lead, outcome, ledger };
            Measured { distance: away.from(goals).clamp(1, NEVER), rests }
        });
        self.left = self.left.saturating_sub(1);
        measured
    }
}

/// How far a lead is from what it has to be.
#[derive(Clone, Copy)]
struct Away<'a, 'o> {
    program: &'a Program,
    lead: &'a Lead<'a>,
    outcome: &'a Outcome<'o>,
    ledger: &'a Ledger,
}

impl Away<'_, '_> {
    /// From the nearest of several stages.
    fn from(self, goals: std::ops::Range<Rank>) -> i64 {
        let reasons = self.program.reasons.iter().zip(self.outcome.reasons.iter());
        let undone = reasons.filter(|(_, truth)| truth.is_true()).map(|(reason, _)| self.of(&reason.condition, false));
        let stages = goals.filter_map(|place| u16::try_from(place).ok()).map(|place| self.stage(StageId(place)));
        undone.sum::<i64>().saturating_add(stages.min().unwrap_or(NEVER))
    }

    fn stage(self, id: StageId) -> i64 {
        if self.outcome.reached[id.index()] {
            return 0;
        }
        let stage = &self.program.stages[id.index()];
        let below = stage.after.map_or(0, |after| self.stage(after));
        let way = below.saturating_add(stage.condition.as_ref().map_or(0, |condition| self.of(condition, true)));
        match stage.keep_while.as_ref().filter(|_| self.program.stands_at(self.lead, id)) {
            Some(keep) => way.min(self.of(keep, true)),
            None => way,
        }
    }

    fn truth(self, expr: &Expr) -> Tri {
        match self.ledger.value(expr.id) {
            Some(Literal::Bool(value)) => Tri::from(*value),
            _ => Tri::Unknown,
        }
    }

    /// How far a condition is from a value.
    fn of(self, expr: &Expr, wanted: bool) -> i64 {
        if self.truth(expr) == Tri::from(wanted) {
            return 0;
        }
        match &expr.kind {
            ExprKind::Not(of) => self.of(of, !wanted),
            ExprKind::And(all) => self.some(all.iter(), if wanted { all.len() } else { 1 }, wanted),
            ExprKind::Or(all) => self.some(all.iter(), if wanted { 1 } else { all.len() }, wanted),
            ExprKind::AtLeastOf(least, all) => {
                let least = *least as usize;
                self.some(all.iter(), if wanted { least } else { (all.len() + 1).saturating_sub(least) }, wanted)
            }
            ExprKind::AtMostOf(most, all) => {
                let most = *most as usize;
                self.some(all.iter(), if wanted { all.len().saturating_sub(most) } else { most + 1 }, !wanted)
            }
            ExprKind::Implies(premise, conclusion) => {
                let (premise, conclusion) = (self.of(premise, !wanted), self.of(conclusion, wanted));
                if wanted { premise.min(conclusion) } else { premise.saturating_add(conclusion) }
            }
            ExprKind::Define(id) => self.of(&self.program.defines[id.index()].value, wanted),
            ExprKind::Check(id) => self.of(&self.program.checks[id.index()].condition, wanted),
            ExprKind::DisqualifiedBy(id) => self.of(&self.program.reasons[id.index()].condition, wanted),
            ExprKind::Fits(id) => {
                let fit = &self.program.fits[id.index()];
                let (all, needs) = (fit.checks.len(), usize::from(fit.needs));
                let checks = fit.checks.clone().map(CheckId);
                let checks = checks.map(|check| &self.program.checks[check.index()].condition);
                self.some(checks, if wanted { needs } else { (all + 1).saturating_sub(needs) }, wanted)
            }
            ExprKind::Compare(_, a, b) => self.compared(a, b),
            ExprKind::Between(value, low, high) => self.compared(value, low).min(self.compared(value, high)),
            ExprKind::AtLeastEvents(count, _) | ExprKind::AtMostEvents(count, _) => {
                let seen = self.ledger.seen(expr.id).map_or(0, |seen| seen.count);
                part_of_far(i128::from(seen.abs_diff(u64::from(*count))), i128::from(*count))
            }
            _ => FAR,
        }
    }

    /// How far so many of several conditions are: the nearest ones.
    fn some<'e>(self, all: impl Iterator<Item = &'e Expr>, count: usize, wanted: bool) -> i64 {
        let mut all: Vec<i64> = all.map(|one| self.of(one, wanted)).collect();
        all.sort_unstable();
        all.into_iter().take(count).fold(0, i64::saturating_add)
    }

    fn compared(self, a: &Expr, b: &Expr) -> i64 {
        match (self.amount(a), self.amount(b)) {
            (Some(a), Some(b)) => part_of_far((a - b).abs(), b.abs()),
            _ => self.band(a, b).unwrap_or(FAR),
        }
    }

    fn amount(self, expr: &Expr) -> Option<i128> {
        match self.ledger.value(expr.id)? {
            Literal::Int(value) => Some(i128::from(*value) * i128::from(NUMBER_SCALE)),
            Literal::Number(value) | Literal::Money(value) => Some(i128::from(*value)),
            _ => None,
        }
    }

    /// Of a band that is compared: the points up to it.
    fn band(self, a: &Expr, b: &Expr) -> Option<i64> {
        let (ExprKind::Band(id), ExprKind::Constant(Literal::Choice(place))) = (&a.kind, &b.kind) else { return None };
        let bands = &self.program.bands[id.index()];
        let points = self.outcome.points(bands.of);
        let from = usize::from(*place).checked_sub(1).and_then(|below| bands.from.get(below)).copied()?;
        let micros = |points: i64| i128::from(points) * i128::from(NUMBER_SCALE / POINTS_SCALE);
        Some(part_of_far((micros(from) - micros(points)).abs(), micros(from).abs()))
    }
}

/// More than half of [`FAR`], and less than it: the more the larger a gap is beside what is asked for.
fn part_of_far(gap: i128, asked: i128) -> i64 {
    let (gap, asked) = (gap.max(0), asked.max(0) + 1);
    let half = i128::from(FAR / 2);
    i64::try_from(half + half * gap / (gap + asked)).unwrap_or(FAR)
}
