//! A lead over time: every instant of a range at which what a policy says of it changes.

use super::crossings::Range;
use super::instants::{Reason, instants};
use super::snapshot::{Mark, Snapshot, marks, scores_differ};
use super::steady::{Moving, Stretch};
use crate::check::hir::{PartId, Program, StageId};
use crate::eval::{Evaluator, Ledger};
use crate::model::time::AsOf;
use crate::model::{Lead, OUTSIDE};
use bumpalo::Bump;
use std::cell::OnceCell;
use std::ops::ControlFlow;

/// An instant at which something changes.
pub(super) struct Turning<'s> {
    pub(super) at: i64,
    pub(super) before: &'s Snapshot,
    pub(super) after: &'s Snapshot,
    pub(super) reasons: &'s [(i64, Reason)],
}

/// What is needed of a policy to look at many leads over time; worked out once.
#[derive(Debug)]
pub struct TimePlan {
    pub(super) marks: Vec<Mark>,
    moving: Moving,
}

impl TimePlan {
    /// The plan of an evaluator's policy.
    pub fn new(evaluator: &Evaluator<'_>) -> TimePlan {
        let program = evaluator.program();
        TimePlan { marks: marks(program), moving: Moving::new(program) }
    }

    /// The names of the scores of which a part shrinks all the time and has done so between two instants.
    pub(super) fn drifting<'p>(&self, program: &'p Program, before: &[i64], after: &[i64]) -> Vec<&'p String> {
        let moved = |id: PartId| before[id.index()] != after[id.index()];
        let scores = program.scores.iter().filter(|score| self.moving.has_drift(program, **score, &moved));
        scores.map(|score| &program.parts[score.index()].name).collect()
    }
}

/// A lead over time.
pub(super) struct Timeline<'a> {
    evaluator: &'a Evaluator<'a>,
    plan: &'a TimePlan,
    lead: &'a Lead<'a>,
    /// Where the lead stands for `keep while`, where that is carried on and asked; none: what the data says.
    standing: Option<Option<StageId>>,
    arena: Bump,
    /// How many evaluations of an event there may still be.
    work: u64,
}

impl<'a> Timeline<'a> {
    pub(super) fn new(
        evaluator: &'a Evaluator<'a>,
        plan: &'a TimePlan,
        lead: &'a Lead<'a>,
        carries: bool,
        work: u64,
    ) -> Timeline<'a> {
        let asked = evaluator.program().stages.iter().any(|stage| stage.keep_while.is_some());
        Timeline { evaluator, plan, lead, standing: (carries && asked).then_some(None), arena: Bump::new(), work }
    }

    fn evaluator(&self, at: i64, standing: Option<Option<StageId>>) -> Evaluator<'a> {
        let evaluator = self.evaluator.at(AsOf::new(at, &self.evaluator.program().zone));
        match standing {
            Some(stage) => evaluator.standing(stage),
            None => evaluator,
        }
    }

    /// What the policy says at an instant. Where the stage is carried on, it is so at once: a lead that comes to stand
    /// at a stage keeps the lower ones from that instant, and what rests on those.
    pub(super) fn at(&mut self, at: i64) -> Snapshot {
        let mut standing = self.standing;
        loop {
            self.work = self.work.saturating_sub(1 + self.lead.events.len() as u64);
            self.arena.reset();
            let evaluator = self.evaluator(at, standing);
            let outcome = evaluator.evaluate(self.lead, &self.arena);
            let stage = (!outcome.disqualified).then_some(StageId(outcome.stage));
            // A lead that rises only keeps more, one that falls is kept by nothing above: this ends.
            if standing.is_none_or(|standing| standing == stage) {
                return Snapshot::new(&self.plan.marks, &outcome);
            }
            standing = Some(stage);
        }
    }

    fn ledger(&self, at: i64) -> Ledger {
        let evaluator = self.evaluator(at, self.standing);
        let arena = Bump::new();
        evaluator.explain(self.lead, &arena).1
    }

    /// Carries the stage on.
    fn carry(&mut self, snapshot: &Snapshot) {
        if self.standing.is_some() && self.plan.marks.first() == Some(&Mark::Stage) {
            self.stand(snapshot.marks.first().copied());
        }
    }

    /// Lets the lead stand at a stage, as it is reported, if that is carried on.
    pub(super) fn stand(&mut self, stage: Option<u16>) {
        if self.standing.is_some() {
            self.standing = Some(stage.filter(|stage| *stage != OUTSIDE).map(StageId));
        }
    }

    /// Visits every change of a range, in order, and returns the instant up to which there is no other: the range's
    /// end, or less when the visitor or the work ended it.
    pub(super) fn walk(
        &mut self,
        range: Range,
        visit: &mut dyn FnMut(Turning<'_>) -> ControlFlow<()>,
    ) -> (Snapshot, i64) {
        let instants = instants(self.evaluator.program(), self.lead, range);
        let mut here = self.at(range.from);
        self.carry(&here);
        let start = here.clone();
        let mut now = range.from;
        let mut rest = instants.as_slice();
        while let Some((at, _)) = rest.first() {
            let at = *at;
            let (reasons, behind) = rest.split_at(rest.partition_point(|(other, _)| *other == at));
            rest = behind;
            here = match self.stretch(now, here, at - 1, visit) {
                Ok(here) => here,
                Err(covered) => return (start, covered),
            };
            if self.work == 0 {
                return (start, at - 1);
            }
            let after = self.at(at);
            if here.marks != after.marks || scores_differ(self.evaluator.program(), &here, &after) {
                self.carry(&after);
                if visit(Turning { at, before: &here, after: &after, reasons }).is_break() {
                    return (start, at);
                }
            }
            (now, here) = (at, after);
        }
        match self.stretch(now, here, range.to, visit) {
            Ok(_) => (start, range.to),
            Err(covered) => (start, covered),
        }
    }

    /// A stretch without jumps. What it returns is the end's snapshot, or the instant that was reached.
    fn stretch(
        &mut self,
        from: i64,
        here: Snapshot,
        to: i64,
        visit: &mut dyn FnMut(Turning<'_>) -> ControlFlow<()>,
    ) -> Result<Snapshot, i64> {
        if from >= to || !self.plan.moving.any() {
            return Ok(here);
        }
        let end = self.at(to);
        self.between(from, here, to, end, visit)
    }

    fn between(
        &mut self,
        from: i64,
        here: Snapshot,
        to: i64,
        end: Snapshot,
        visit: &mut dyn FnMut(Turning<'_>) -> ControlFlow<()>,
    ) -> Result<Snapshot, i64> {
        if self.is_steady(from, &here, &end) {
            return Ok(end);
        }
        if self.work == 0 {
            return Err(from);
        }
        if to - from == 1 {
            let program = self.evaluator.program();
            let stepped = self.plan.moving.steps_differ(&here.points, &end.points);
            if here.marks != end.marks || (stepped && scores_differ(program, &here, &end)) {
                self.carry(&end);
                if visit(Turning { at: to, before: &here, after: &end, reasons: &[] }).is_break() {
                    return Err(to);
                }
            }
            return Ok(end);
        }
        let middle = from + (to - from) / 2;
        let standing = self.standing;
        let half = self.at(middle);
        let half = self.between(from, here, middle, half, visit)?;
        // What stands behind a change was worked out for a lead that stood elsewhere.
        let end = if self.standing == standing { end } else { self.at(to) };
        self.between(middle, half, to, end, visit)
    }

    fn is_steady(&self, from: i64, here: &Snapshot, end: &Snapshot) -> bool {
        let ledger = OnceCell::new();
        let stretch = Stretch {
            program: self.evaluator.program(),
            moving: &self.plan.moving,
            from: &here.points,
            to: &end.points,
            value: &|id| ledger.get_or_init(|| self.ledger(from)).value(id).cloned(),
        };
        here.marks == end.marks && stretch.is_steady()
    }
}
