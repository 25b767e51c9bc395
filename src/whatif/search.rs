//! The highest or lowest stage over all values of open fields: branch and bound.

use super::open::{Opened, WhatIf};
use super::possible::{Possible, Reach};
use super::snapshot::visible_stage;
use crate::eval::{Evaluator, Ledger, Outcome};
use crate::model::{FieldId, Lead, OUTSIDE, Value};
use bumpalo::Bump;
use std::cmp::Ordering;

/// A stage as it is ranked: disqualified is the lowest.
pub(super) type Rank = i32;

pub(super) fn rank(stage: u16) -> Rank {
    if stage == OUTSIDE { -1 } else { Rank::from(stage) }
}

pub(super) fn stage_of(rank: Rank) -> u16 {
    u16::try_from(rank).unwrap_or(OUTSIDE)
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Highest,
    Lowest,
}

impl Goal {
    fn better(self, a: Rank, b: Rank) -> bool {
        if self == Goal::Highest { a > b } else { a < b }
    }

    /// The best that can be.
    fn bound(self, reach: Reach) -> Rank {
        let of = |stage: Option<u16>| stage.map_or(-1, Rank::from);
        if self == Goal::Highest { of(reach.high) } else { of(reach.low) }
    }
}

/// Values of open fields: for each, the place among its values.
pub(super) type Answers = Vec<(FieldId, usize)>;

/// What was found.
#[derive(Clone, Debug)]
pub(super) struct Extreme {
    pub(super) rank: Rank,
    pub(super) answers: Answers,
    /// Whether nothing is beyond it.
    pub(super) exact: bool,
}

/// A search over the open fields of a lead.
pub(super) struct Search<'a> {
    pub(super) evaluator: &'a Evaluator<'a>,
    pub(super) plan: &'a WhatIf<'a>,
    pub(super) lead: &'a Lead<'a>,
    pub(super) opened: &'a Opened,
    /// The fields in the order in which they are decided.
    pub(super) order: Vec<FieldId>,
    /// How many evaluations there may still be.
    pub(super) left: u64,
    /// How many there were.
    pub(super) tried: u64,
}

impl Search<'_> {
    /// Evaluates the lead with some fields decided and the other open ones missing; it is given along with what comes of it.
    pub(super) fn with<T>(&mut self, answers: &Answers, look: impl FnOnce(&Lead<'_>, &Outcome<'_>, &Ledger) -> T) -> T {
        self.tried += 1;
        self.left = self.left.saturating_sub(1);
        let arena = Bump::new();
        let fields = self.fields(answers, &arena);
        let lead = Lead { fields: &fields, ..*self.lead };
        let (outcome, ledger) = self.evaluator.explain(&lead, &arena);
        look(&lead, &outcome, &ledger)
    }

    /// As [`Search::with`], only the stage.
    pub(super) fn stage_with(&mut self, answers: &Answers) -> Rank {
        self.tried += 1;
        self.left = self.left.saturating_sub(1);
        let arena = Bump::new();
        let fields = self.fields(answers, &arena);
        let lead = Lead { fields: &fields, ..*self.lead };
        let outcome = self.evaluator.evaluate(&lead, &arena);
        rank(visible_stage(&outcome))
    }

    fn fields<'v>(&'v self, answers: &Answers, arena: &'v Bump) -> Vec<Value<'v>> {
        let mut fields: Vec<Value<'v>> = self.lead.fields.to_vec();
        for (field, open) in &self.opened.opens {
            let place = answers.iter().find(|(other, _)| other == field).map_or(0, |(_, place)| *place);
            if let (Some(slot), Some(value)) = (fields.get_mut(field.index()), open.values.get(place)) {
                *slot = value.value(arena);
            }
        }
        fields
    }

    /// The highest or lowest stage, with one field left missing if so wanted.
    pub(super) fn extreme(&mut self, goal: Goal, without: Option<FieldId>) -> Extreme {
        let mut best: Option<(Rank, Answers)> = None;
        let mut answers = Answers::new();
        let mut top = None;
        let whole = self.look(goal, without, &mut answers, &mut best, &mut top);
        let (rank, mut answers) = best.unwrap_or((0, Answers::new()));
        self.simplify(rank, &mut answers);
        let complete = self.opened.opens.values().all(|open| open.complete || Some(open.field) == without);
        let exact = (whole && complete) || top == Some(rank);
        Extreme { rank, answers, exact }
    }

    /// Looks below some answers; false when the work was too much.
    fn look(
        &mut self,
        goal: Goal,
        without: Option<FieldId>,
        answers: &mut Answers,
        best: &mut Option<(Rank, Answers)>,
        top: &mut Option<Rank>,
    ) -> bool {
        if self.left == 0 && best.is_some() {
            return false;
        }
        let mut open = self.opened.all.clone();
        for field in answers.iter().map(|(field, _)| *field).chain(without) {
            open.remove(field);
        }
        let (program, plan, opened) = (self.evaluator.program(), self.plan, self.opened);
        let (here, bound) = self.with(answers, |lead, outcome, ledger| {
            let possible = Possible {
                program,
                reliances: &plan.reliances,
                lead,
                opens: &opened.opens,
                all_open: &opened.all,
                open: &open,
                events: false,
                ledger,
                points: &*outcome.points,
            };
            (rank(visible_stage(outcome)), goal.bound(possible.reach().0))
        });
        top.get_or_insert(bound);
        if best.as_ref().is_none_or(|(rank, _)| goal.better(here, *rank)) {
            *best = Some((here, answers.clone()));
        }
        let beaten = |best: &Option<(Rank, Answers)>| best.as_ref().is_some_and(|(rank, _)| !goal.better(bound, *rank));
        if beaten(best) {
            return true;
        }
        let Some(field) = self.order.iter().copied().find(|field| open.contains(*field)) else { return true };
        let mut whole = true;
        for place in self.places(goal, field) {
            answers.push((field, place));
            whole &= self.look(goal, without, answers, best, top);
            answers.pop();
            if beaten(best) || !whole {
                break;
            }
        }
        whole
    }

    /// The values of a field, the most promising first: by what each comes to alone.
    fn places(&self, goal: Goal, field: FieldId) -> Vec<usize> {
        let program = self.evaluator.program();
        let Some(open) = self.opened.opens.get(&field) else { return Vec::new() };
        let worth = |place: &usize| -> i128 {
            let points =
                |ledger: &Ledger| -> i128 { program.scores.iter().map(|id| i128::from(ledger.part(*id).net)).sum() };
            let passes = |ledger: &Ledger| -> i128 {
                let checks = program.checks.iter().map(|check| ledger.value(check.condition.id));
                checks.map(|value| i128::from(value == Some(&crate::model::Literal::Bool(true)))).sum()
            };
            open.ledgers.get(*place).map_or(0, |ledger| passes(ledger) * 1_000_000 + points(ledger))
        };
        let mut places: Vec<usize> = (0..open.values.len()).collect();
        places.sort_by(|a, b| {
            let order = worth(a).cmp(&worth(b));
            let order = if goal == Goal::Highest { order.reverse() } else { order };
            order.then(Ordering::Equal)
        });
        places
    }

    /// Leaves out answers that the stage does not need.
    fn simplify(&mut self, rank: Rank, answers: &mut Answers) {
        let mut place = 0;
        while place < answers.len() {
            let mut fewer = answers.clone();
            let (_, value) = fewer.remove(place);
            if value == 0 || self.stage_with(&fewer) == rank {
                *answers = fewer;
            } else {
                place += 1;
            }
        }
    }
}
