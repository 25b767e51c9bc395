//! What it would take: the smallest sets of changes that bring a lead to a stage.
//!
//! A plan is found by asking what stands in the way: the first condition that fails has to change, so that only changes
//! which it rests on are tried. Sets are tried in the order of their cost. Each that is given has been evaluated, and
//! so has each that leaves out a part of it.

use super::change::ScoreChange;
use super::moves::{Move, Moves, What, moves, with_moves};
use super::name::Name;
use super::obstacles::{Blocker, blockers, obstacles};
use super::open::{Opened, WhatIf};
use super::possible::Possible;
use super::reliance::Reliance;
use super::search::{Rank, rank, stage_of};
use super::snapshot::{part_name, stage_name, visible_stage};
use super::value::show_literal;
use crate::check::hir::{Program, StageId};
use crate::eval::{Evaluator, Ledger, Outcome, Points};
use crate::model::{EventTypeId, FieldId, Lead, Literal};
use bumpalo::Bump;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

/// What plans are looked for.
#[derive(Clone, Copy, Debug)]
pub struct PlanOptions {
    /// The stage to reach; the next one above where the lead stands unless given.
    pub to: Option<StageId>,
    /// At most so many plans.
    pub limit: usize,
    /// At most so many evaluations.
    pub work: u64,
}

impl Default for PlanOptions {
    fn default() -> PlanOptions {
        PlanOptions { to: None, limit: 3, work: 2_000 }
    }
}

/// What it would take to bring a lead to a stage or to one above it.
///
/// Changed are: fields that are missing, by an answer; fields that are known, unless they are the key, the stage field,
/// marked `fixed` or a date or time; and events that come at the as-of. What has happened cannot be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plans {
    /// The stage as it is, or `disqualified`.
    pub stage: Name,
    /// The stage to reach.
    pub goal: Name,
    /// The plans, the cheapest first.
    pub plans: Vec<Plan>,
    /// Whether all sets of changes that are cheaper than the last plan were looked at: no plan is cheaper than the
    /// first.
    pub smallest: bool,
    /// What stands in the way whatever is changed; empty unless the stage cannot be reached at all.
    pub impossible: Vec<Blocker>,
}

/// A set of changes that reaches the stage, none of which can be left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The changes.
    pub parts: Vec<PlanPart>,
    /// What it costs: 1 for an answer, 3 for another value, 2 for an event and 1 for each more of the same.
    pub cost: u32,
    /// The stage that is reached.
    pub stage: Name,
    /// The scores that come out otherwise.
    pub scores: Vec<ScoreChange>,
    /// The changes by the policy's ids, for evaluating them again; not part of the JSON form.
    #[serde(skip)]
    #[schemars(skip)]
    pub made: Vec<Made>,
}

/// A change of a plan by the policy's ids.
#[derive(Clone, Debug, PartialEq)]
pub enum Made {
    /// A field has this value.
    Field(FieldId, Literal),
    /// So many events of a type with these values come at the as-of.
    Events(EventTypeId, Vec<Literal>, u32),
}

/// A change of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum PlanPart {
    /// A question is answered.
    Answer {
        /// The field.
        field: String,
        /// The question, if the policy has one.
        ask: Option<String>,
        /// The answer in words.
        value: String,
    },
    /// A field comes to have another value.
    Change {
        /// The field.
        field: String,
        /// Its value, in words.
        from: String,
        /// The value that it comes to have, in words.
        to: String,
    },
    /// Something happens, at the as-of.
    Event {
        /// What: a type of event.
        event: Name,
        /// How often.
        times: u32,
        /// Fields of the event, and their values in words.
        fields: Vec<EventField>,
    },
}

/// The value of an event's field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventField {
    /// The field.
    pub field: String,
    /// Its value in words.
    pub value: String,
}

/// At most so many events of a kind in a plan.
const MOST_EVENTS: u32 = 60;
/// A plan that costs so much more than the cheapest is not looked for.
const DEARER: u32 = 6;
/// What tries that change nothing in the way count more.
const IDLE: u32 = 4;

/// What it would take; none where there is no stage to reach: the policy has none, or the lead stands at the highest or
/// already at the one that is asked for.
pub fn plans(evaluator: &Evaluator<'_>, plan: &WhatIf, lead: &Lead<'_>, options: PlanOptions) -> Option<Plans> {
    let program = evaluator.program();
    if program.stages.is_empty() {
        return None;
    }
    let known = lead.events.partition_point(|event| event.at <= evaluator.as_of().instant);
    let lead = Lead { events: &lead.events[..known], ..*lead };
    let arena = Bump::new();
    let (outcome, _) = evaluator.explain(&lead, &arena);
    let now = rank(visible_stage(&outcome));
    let goal = options.to.map_or(now + 1, |stage| Rank::from(stage.0));
    if goal <= now || goal >= program.stages.len() as Rank {
        return None;
    }
    let (moves, opened) = moves(evaluator, plan, &lead);
    let mut found = Plans {
        stage: stage_name(program, stage_of(now)),
        goal: stage_name(program, stage_of(goal)),
        plans: Vec::new(),
        smallest: true,
        impossible: impossible(evaluator, plan, &lead, &opened, goal),
    };
    if !found.impossible.is_empty() {
        return Some(found);
    }
    let mut search = Search {
        evaluator,
        plan,
        lead: &lead,
        moves: &moves,
        goal,
        left: options.work,
        queue: BinaryHeap::new(),
        seen: HashSet::new(),
        next: 0,
    };
    let made = search.run(options.limit);
    found.smallest = search.left > 0;
    found.plans = made.iter().map(|made| search.describe(made, outcome.points)).collect();
    Some(found)
}

/// What stands in the way whatever is changed.
fn impossible(evaluator: &Evaluator<'_>, plan: &WhatIf, lead: &Lead<'_>, opened: &Opened, goal: Rank) -> Vec<Blocker> {
    let arena = Bump::new();
    let mut fields = lead.fields.to_vec();
    for field in opened.opens.keys() {
        if let Some(slot) = fields.get_mut(field.index()) {
            *slot = crate::model::Value::Missing;
        }
    }
    let lead = Lead { fields: &fields, ..*lead };
    let (outcome, ledger) = evaluator.explain(&lead, &arena);
    let possible = Possible {
        program: evaluator.program(),
        reliances: &plan.reliances,
        lead: &lead,
        opens: &opened.opens,
        all_open: &opened.all,
        open: &opened.all,
        events: true,
        ledger: &ledger,
        points: &*outcome.points,
    };
    let (reach, truths) = possible.reach();
    if reach.high.map_or(-1, Rank::from) >= goal {
        return Vec::new();
    }
    blockers(&possible, &truths, goal)
}

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

struct Search<'a> {
    evaluator: &'a Evaluator<'a>,
    plan: &'a WhatIf,
    lead: &'a Lead<'a>,
    moves: &'a [Move],
    goal: Rank,
    left: u64,
    queue: BinaryHeap<Reverse<Try>>,
    seen: HashSet<Moves>,
    next: u64,
}

/// How a lead with changes comes out.
struct Looked {
    rank: Rank,
    /// What stands in the way: what it rests on, and how it stands.
    rests: Reliance,
    state: Vec<Option<Literal>>,
}

impl Search<'_> {
    /// The cheapest plans.
    fn run(&mut self, limit: usize) -> Vec<Moves> {
        let mut plans: Vec<(u32, Moves)> = Vec::new();
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
            if here.rank >= self.goal {
                self.reached(one.made, &mut plans, limit);
                continue;
            }
            self.expand(&one, &here);
        }
        plans.into_iter().map(|(_, plan)| plan).collect()
    }

    /// Keeps what reaches the goal, as small as it can be.
    fn reached(&mut self, mut made: Moves, plans: &mut Vec<(u32, Moves)>, limit: usize) {
        self.shrink(&mut made);
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
            if self.rank(&fewer) >= self.goal {
                *made = fewer;
                place = made.len();
                continue;
            }
            let Some((_, times)) = made.get(place).copied() else { continue };
            for less in 1..times {
                let mut fewer = made.clone();
                fewer[place].1 = less;
                if self.rank(&fewer) >= self.goal {
                    *made = fewer;
                    place = made.len();
                    break;
                }
            }
        }
    }

    fn cost(&self, made: &Moves) -> u32 {
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
            let moved = there.rank >= self.goal || there.state != here.state;
            self.offer(made, if moved { 0 } else { IDLE });
            if event && before == 0 && there.rank < self.goal {
                self.many(one, place, here);
            }
        }
    }

    /// Offers as many events of a kind as it takes to change what stands in the way, if that is more than one.
    fn many(&mut self, one: &Try, place: usize, here: &Looked) {
        let cleared = |there: &Looked, goal: Rank| there.rank >= goal || there.rests != here.rests;
        let most = self.look(&with(&one.made, place, MOST_EVENTS));
        if !cleared(&most, self.goal) {
            return;
        }
        let (mut few, mut many) = (1, MOST_EVENTS);
        while many - few > 1 && self.left > 0 {
            let middle = few + (many - few) / 2;
            let there = self.look(&with(&one.made, place, middle));
            if cleared(&there, self.goal) { many = middle } else { few = middle }
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

    fn look(&mut self, made: &Moves) -> Looked {
        self.left = self.left.saturating_sub(1);
        let (plan, program, goal) = (self.plan, self.evaluator.program(), self.goal);
        let arena = Bump::new();
        with_moves(self.evaluator, self.lead, self.moves, made, |lead| {
            let (outcome, ledger): (Outcome<'_>, Ledger) = self.evaluator.explain(lead, &arena);
            let here = rank(visible_stage(&outcome));
            let mut looked = Looked { rank: here, rests: Reliance::default(), state: Vec::new() };
            if here < goal {
                obstacles(program, lead, &outcome, &ledger, goal, &mut |expr| {
                    looked.rests.add(plan.reliances.expression(expr.id));
                    super::obstacles::state(program, &outcome, &ledger, expr, &mut looked.state);
                });
            }
            looked
        })
    }

    /// A plan by names.
    fn describe(&self, made: &Moves, before: &[i64]) -> Plan {
        let program = self.evaluator.program();
        let arena = Bump::new();
        let (stage, scores) = with_moves(self.evaluator, self.lead, self.moves, made, |lead| {
            let outcome = self.evaluator.evaluate(lead, &arena);
            let points = |id: &crate::check::hir::PartId| (before[id.index()], outcome.points[id.index()]);
            let scores = program.scores.iter().filter(|id| points(id).0 != points(id).1);
            let scores = scores.map(|id| {
                let (from, to) = points(id);
                ScoreChange { what: part_name(program, *id), from: Points(from), to: Points(to) }
            });
            (stage_name(program, visible_stage(&outcome)), scores.collect())
        });
        let parts = made.iter().map(|(place, times)| part(program, self.lead, &self.moves[*place], *times));
        let parts = parts.collect();
        let made_of = made.iter().map(|(place, times)| match &self.moves[*place].what {
            What::Answer(field, value) | What::Change(field, value) => Made::Field(*field, value.clone()),
            What::Event(ty, values) => Made::Events(*ty, values.clone(), *times),
        });
        Plan { parts, cost: self.cost(made), stage, scores, made: made_of.collect() }
    }
}

fn part(program: &Program, lead: &Lead<'_>, one: &Move, times: u32) -> PlanPart {
    match &one.what {
        What::Answer(field, _) => {
            let field = program.schema.field(*field);
            PlanPart::Answer { field: field.name.clone(), ask: field.ask.clone(), value: one.shown.clone() }
        }
        What::Change(id, _) => {
            let field = program.schema.field(*id);
            let from = show_literal(program, field.ty, &lead.field(*id).to_literal());
            PlanPart::Change { field: field.name.clone(), from, to: one.shown.clone() }
        }
        What::Event(ty, values) => {
            let event = program.schema.event(*ty);
            let known = event.fields.iter().zip(values).filter(|(_, value)| **value != Literal::Missing);
            let fields = known.map(|(field, value)| EventField {
                field: field.name.clone(),
                value: show_literal(program, field.ty, value),
            });
            PlanPart::Event { event: Name::new(&event.name, &event.label), times, fields: fields.collect() }
        }
    }
}

/// A set of changes with one made so often.
fn with(made: &Moves, place: usize, times: u32) -> Moves {
    let mut more: Moves = made.iter().copied().filter(|(other, _)| *other != place).collect();
    more.push((place, times));
    more.sort_unstable();
    more
}

/// Whether a set of changes holds all of another.
fn contains(made: &Moves, plan: &Moves) -> bool {
    plan.iter().all(|(place, times)| made.iter().any(|(other, more)| other == place && more >= times))
}
