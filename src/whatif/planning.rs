//! Looking for plans: sets of changes in the order of their cost, of those that can change what stands in the way.
//!
//! A plan is found by asking what stands in the way: the first condition that fails has to change, so that only changes
//! which it rests on are tried.

use super::moves::{Move, Moves, What, with_moves};
use super::obstacles::obstacles;
use super::open::WhatIf;
use super::plans::passed_by;
use super::reliance::Reliance;
use super::search::{Rank, rank};
use super::snapshot::visible_stage;
use crate::eval::{Evaluator, Ledger, Outcome};
use crate::model::{FieldId, Lead, Literal};
use bumpalo::Bump;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

/// At most so many events of a kind in a plan.
pub(super) const MOST_EVENTS: u32 = 60;
/// A plan that costs so much more than the cheapest is not looked for.
const DEARER: u32 = 6;
/// What tries that change nothing in the way count more.
const IDLE: u32 = 4;

/// A set of changes that is to be tried.
#[derive(PartialEq, Eq)]
struct Try {
    /// By what it is taken: its cost, and more for what changed nothing in the way.
    weight: u32,
    /// The earlier of equal ones first.
    number: u64,
    cost: u32,
    made: Moves,
}

impl Ord for Try {
    fn cmp(&self, other: &Try) -> std::cmp::Ordering {
        (self.weight, self.number).cmp(&(other.weight, other.number))
    }
}

impl PartialOrd for Try {
    fn partial_cmp(&self, other: &Try) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// A search for the cheapest sets of changes.
pub(super) struct Search<'a> {
    pub(super) evaluator: &'a Evaluator<'a>,
    pub(super) plan: &'a WhatIf<'a>,
    pub(super) lead: &'a Lead<'a>,
    pub(super) moves: &'a [Move],
    pub(super) goal: Rank,
    /// Whether a higher stage does, where the goal itself is not reached; else the goal has to be.
    pub(super) passing_by: bool,
    /// How many evaluations there were to be, and how many there may still be.
    work: u64,
    pub(super) left: u64,
    queue: BinaryHeap<Reverse<Try>>,
    seen: HashSet<Moves>,
    next: u64,
}

/// How a lead with changes comes out.
struct Looked {
    met: bool,
    /// What stands in the way: what it rests on, and how it stands.
    rests: Reliance,
    state: Vec<Option<Literal>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        evaluator: &'a Evaluator<'a>,
        plan: &'a WhatIf<'a>,
        lead: &'a Lead<'a>,
        moves: &'a [Move],
        goal: Rank,
        passing_by: bool,
        work: u64,
    ) -> Search<'a> {
        let (queue, seen) = (BinaryHeap::new(), HashSet::new());
        Search { evaluator, plan, lead, moves, goal, passing_by, work, left: work, queue, seen, next: 0 }
    }

    /// Whether all was looked at that is cheaper than what was found.
    pub(super) fn is_whole(&self) -> bool {
        self.left > 0
    }

    /// Whether half of the work is done: the other half is for what is cheaper.
    pub(super) fn is_tired(&self) -> bool {
        self.left < self.work / 2
    }

    /// The stages that do.
    pub(super) fn goals(&self) -> std::ops::Range<Rank> {
        let all = self.evaluator.program().stages.len() as Rank;
        if self.passing_by { self.goal..all } else { self.goal..self.goal + 1 }
    }

    /// The cheapest plans, those that are known already among them.
    pub(super) fn run(&mut self, known: Vec<(u32, Moves)>, limit: usize) -> Vec<Moves> {
        let mut plans = known;
        self.offer(Moves::new(), 0);
        while let Some(Reverse(one)) = self.queue.pop() {
            let enough = plans.len() >= limit;
            if plans.first().is_some_and(|(cost, _)| one.weight >= *cost + DEARER + IDLE) {
                break;
            }
            if enough && plans.last().is_some_and(|(cost, _)| one.weight >= *cost + IDLE) || self.left == 0 {
                break;
            }
            if enough && plans.last().is_some_and(|(cost, _)| one.cost >= *cost) {
                continue;
            }
            // What holds a plan needs no more.
            if plans.iter().any(|(_, plan)| contains(&one.made, plan)) {
                continue;
            }
            let here = self.look(&one.made);
            if here.met {
                self.reached(one.made, &mut plans, limit);
                continue;
            }
            self.expand(&one, &here);
        }
        plans.into_iter().map(|(_, plan)| plan).collect()
    }

    /// Keeps what reaches the goal, as small as it can be.
    pub(super) fn reached(&mut self, mut made: Moves, plans: &mut Vec<(u32, Moves)>, limit: usize) {
        self.shrink(&mut made);
        // What reaches the stage itself has been told.
        if self.fewer_pass_by(&made) || (self.passing_by && self.reaches_itself(&made)) {
            return;
        }
        let kinds = |made: &Moves| -> Vec<FieldId> {
            let mut kinds: Vec<FieldId> = made.iter().map(|(place, _)| self.moves[*place].touches).collect();
            kinds.sort_unstable();
            kinds
        };
        let cost = self.cost(&made);
        // The same fields with other values, the same events in another way, are no other plan.
        let same = plans.iter().position(|(_, plan)| kinds(plan) == kinds(&made));
        match same {
            Some(place) if plans[place].0 <= cost => return,
            Some(place) => drop(plans.remove(place)),
            None => {}
        }
        plans.push((cost, made));
        plans.sort_by_key(|(cost, made)| (*cost, made.len()));
        plans.truncate(limit);
    }

    /// Leaves out and lowers what is not needed.
    fn shrink(&mut self, made: &mut Moves) {
        let mut place = made.len();
        while place > 0 {
            place -= 1;
            let mut fewer = made.clone();
            fewer.remove(place);
            if self.meets(&fewer) {
                *made = fewer;
                place = made.len();
                continue;
            }
            let Some((_, times)) = made.get(place).copied() else { continue };
            for less in 1..times {
                let mut fewer = made.clone();
                fewer[place].1 = less;
                if self.meets(&fewer) {
                    *made = fewer;
                    place = made.len();
                    break;
                }
            }
        }
    }

    /// Whether less than a plan comes to a higher stage already, past the one that is looked for.
    fn fewer_pass_by(&mut self, made: &Moves) -> bool {
        if self.passing_by || !passed_by(self.evaluator.program(), self.goal) {
            return false;
        }
        (0..made.len()).any(|place| {
            let mut fewer = made.clone();
            fewer.remove(place);
            self.rank(&fewer) >= self.goal
                || (1..made[place].1).any(|less| {
                    let mut fewer = made.clone();
                    fewer[place].1 = less;
                    self.rank(&fewer) >= self.goal
                })
        })
    }

    pub(super) fn cost(&self, made: &Moves) -> u32 {
        made.iter().map(|(place, times)| self.moves[*place].cost(*times)).sum()
    }

    fn offer(&mut self, made: Moves, idle: u32) {
        if self.seen.insert(made.clone()) {
            let cost = self.cost(&made);
            self.queue.push(Reverse(Try { weight: cost + idle, number: self.next, cost, made }));
            self.next += 1;
        }
    }

    /// Offers what is one change more, of those that can change what stands in the way.
    fn expand(&mut self, one: &Try, here: &Looked) {
        let touched = super::moves::touched(self.moves, &one.made);
        for place in 0..self.moves.len() {
            let candidate = &self.moves[place];
            let event = matches!(candidate.what, What::Event(..));
            if !here.rests.contains(candidate.touches) || (!event && touched.contains(&candidate.touches)) {
                continue;
            }
            let before = one.made.iter().find(|(other, _)| *other == place).map_or(0, |(_, times)| *times);
            if before >= MOST_EVENTS {
                continue;
            }
            let made = with(&one.made, place, before + 1);
            if self.seen.contains(&made) || self.left == 0 {
                continue;
            }
            let there = self.look(&made);
            let moved = there.met || there.state != here.state;
            self.offer(made, if moved { 0 } else { IDLE });
            if event && before == 0 && !there.met {
                self.many(one, place, here);
            }
        }
    }

    /// Offers as many events of a kind as it takes to change what stands in the way, if that is more than one.
    fn many(&mut self, one: &Try, place: usize, here: &Looked) {
        let cleared = |there: &Looked| there.met || there.rests != here.rests;
        let most = self.look(&with(&one.made, place, MOST_EVENTS));
        if !cleared(&most) {
            return;
        }
        let (mut few, mut many) = (1, MOST_EVENTS);
        while many - few > 1 && self.left > 0 {
            let middle = few + (many - few) / 2;
            let there = self.look(&with(&one.made, place, middle));
            if cleared(&there) { many = middle } else { few = middle }
        }
        self.offer(with(&one.made, place, many), 0);
    }

    fn rank(&mut self, made: &Moves) -> Rank {
        self.left = self.left.saturating_sub(1);
        let arena = Bump::new();
        with_moves(self.evaluator, self.lead, self.moves, made, |lead| {
            rank(visible_stage(&self.evaluator.evaluate(lead, &arena)))
        })
    }

    fn meets(&mut self, made: &Moves) -> bool {
        self.left = self.left.saturating_sub(1);
        let arena = Bump::new();
        with_moves(self.evaluator, self.lead, self.moves, made, |lead| self.met(&self.evaluator.evaluate(lead, &arena)))
    }

    /// Whether an outcome is what is looked for.
    pub(super) fn met(&self, outcome: &Outcome<'_>) -> bool {
        let itself = usize::try_from(self.goal).ok().and_then(|goal| outcome.reached.get(goal)).copied();
        match self.passing_by {
            true => rank(visible_stage(outcome)) >= self.goal,
            false => itself.unwrap_or(false) && !outcome.disqualified,
        }
    }

    /// Whether changes reach the stage itself.
    fn reaches_itself(&self, made: &Moves) -> bool {
        let arena = Bump::new();
        with_moves(self.evaluator, self.lead, self.moves, made, |lead| {
            let reached = self.evaluator.evaluate(lead, &arena).reached;
            usize::try_from(self.goal).ok().and_then(|goal| reached.get(goal)).copied().unwrap_or(false)
        })
    }

    fn look(&mut self, made: &Moves) -> Looked {
        let (plan, program, goals) = (self.plan, self.evaluator.program(), self.goals());
        let this = &*self;
        let looked = this.explained(made, |lead, outcome, ledger| {
            let met = this.met(outcome);
            let mut looked = Looked { met, rests: Reliance::default(), state: Vec::new() };
            if !met {
                obstacles(program, lead, outcome, ledger, goals.clone(), &mut |expr| {
                    looked.rests.add(plan.reliances.expression(expr.id));
                    super::obstacles::state(program, outcome, ledger, expr, &mut looked.state);
                });
            }
            looked
        });
        self.left = self.left.saturating_sub(1);
        looked
    }

    /// A lead with changes, what is said of it, and the ledger of that.
    pub(super) fn explained<T>(&self, made: &Moves, look: impl FnOnce(&Lead<'_>, &Outcome<'_>, &Ledger) -> T) -> T {
        let arena = Bump::new();
        with_moves(self.evaluator, self.lead, self.moves, made, |lead| {
            let (outcome, ledger): (Outcome<'_>, Ledger) = self.evaluator.explain(lead, &arena);
            look(lead, &outcome, &ledger)
        })
    }
}

/// A set of changes with one made so often.
pub(super) fn with(made: &Moves, place: usize, times: u32) -> Moves {
    let mut more: Moves = made.iter().copied().filter(|(other, _)| *other != place).collect();
    more.push((place, times));
    more.sort_unstable();
    more
}

/// Whether a set of changes holds all of another.
fn contains(made: &Moves, plan: &Moves) -> bool {
    plan.iter().all(|(place, times)| made.iter().any(|(other, more)| other == place && more >= times))
}
