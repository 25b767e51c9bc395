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
use super::value::{show_cell, show_literal};
use crate::check::hir::{Program, StageId};
use crate::eval::{Evaluator, Ledger, Outcome, Points};
use crate::model::{EventTypeId, FieldId, Lead, Literal, Scalar, Type};
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
        PlanOptions { to: None, limit: 3, work: 4_000 }
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
    /// The plans, the cheapest first; those that pass the stage by come last.
    pub plans: Vec<Plan>,
    /// Whether all sets of changes that are cheaper than the last plan of its kind were looked at: no plan is cheaper
    /// than the first.
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
    /// Whether it comes to a higher stage without the one that was to be reached.
    #[serde(default)]
    pub passes_by: bool,
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
        /// Other answers that do as well, each evaluated with the rest of the plan.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        or: Vec<String>,
    },
    /// A field comes to have another value.
    Change {
        /// The field.
        field: String,
        /// Its value, in words.
        from: String,
        /// The value that it comes to have, in words.
        to: String,
        /// Other values that do as well, each evaluated with the rest of the plan.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        or: Vec<String>,
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
/// So many other values of a field are tried.
const MOST_OTHERS: usize = 64;
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
    let mut limit = options.limit;
    for passing_by in [false, true] {
        if limit == 0 || (passing_by && !passed_by(program, goal)) {
            continue;
        }
        let mut search = Search {
            evaluator,
            plan,
            lead: &lead,
            moves: &moves,
            goal,
            passing_by,
            left: options.work,
            queue: BinaryHeap::new(),
            seen: HashSet::new(),
            next: 0,
        };
        // One way past the stage is enough: it is not what was asked for.
        let made = search.run(if passing_by { 1 } else { limit });
        found.smallest &= search.left > 0;
        limit -= made.len();
        found.plans.extend(made.iter().map(|made| search.describe(made, outcome.points)));
    }
    Some(found)
}

/// Whether a stage above can be reached without this one.
fn passed_by(program: &Program, goal: Rank) -> bool {
    let Ok(goal) = usize::try_from(goal) else { return false };
    let through = |mut stage: usize| loop {
        match program.stages.get(stage).and_then(|stage| stage.after) {
            _ if stage == goal => return true,
            Some(after) => stage = after.index(),
            None => return false,
        }
    };
    (goal + 1..program.stages.len()).any(|stage| !through(stage))
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
    /// Whether a higher stage does, where the goal itself is not reached; else the goal has to be.
    passing_by: bool,
    left: u64,
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
            if here.met {
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
        if self.fewer_pass_by(&made) {
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
    fn met(&self, outcome: &Outcome<'_>) -> bool {
        let itself = usize::try_from(self.goal).ok().and_then(|goal| outcome.reached.get(goal)).copied();
        let itself = itself.unwrap_or(false) && !outcome.disqualified;
        if self.passing_by { !itself && rank(visible_stage(outcome)) >= self.goal } else { itself }
    }

    fn look(&mut self, made: &Moves) -> Looked {
        self.left = self.left.saturating_sub(1);
        let (plan, program, goal) = (self.plan, self.evaluator.program(), self.goal);
        let goals = if self.passing_by { goal..program.stages.len() as Rank } else { goal..goal + 1 };
        let arena = Bump::new();
        with_moves(self.evaluator, self.lead, self.moves, made, |lead| {
            let (outcome, ledger): (Outcome<'_>, Ledger) = self.evaluator.explain(lead, &arena);
            let met = self.met(&outcome);
            let mut looked = Looked { met, rests: Reliance::default(), state: Vec::new() };
            if !met {
                obstacles(program, lead, &outcome, &ledger, goals, &mut |expr| {
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
        let parts = made.iter().map(|(place, times)| {
            let one = &self.moves[*place];
            part(program, self.lead, one, *times, self.as_good(made, one))
        });
        let parts = parts.collect();
        let made_of = made.iter().map(|(place, times)| match &self.moves[*place].what {
            What::Answer(field, value) | What::Change(field, value) => Made::Field(*field, value.clone()),
            What::Event(ty, values) => Made::Events(*ty, values.clone(), *times),
        });
        let (cost, passes_by) = (self.cost(made), self.passing_by);
        Plan { parts, cost, stage, passes_by, scores, made: made_of.collect() }
    }

    /// Other values of a field that do as well as the one that a plan gives it.
    fn as_good(&self, made: &Moves, one: &Move) -> Vec<String> {
        let (What::Answer(field, value) | What::Change(field, value)) = &one.what else { return Vec::new() };
        let program = self.evaluator.program();
        let ty = program.schema.field(*field).ty;
        let now = self.lead.field(*field).to_literal();
        let cells = self.plan.cells.field(*field).cells.iter();
        // A text and a number stand for many others: which, their words tell.
        let listed = matches!(ty, Type::One(Scalar::Choice(_)));
        let others = cells.filter(|cell| listed && cell.value != Literal::Missing && cell.value != now);
        let others = others.filter(|cell| cell.value != *value).take(MOST_OTHERS);
        let arena = Bump::new();
        let good = others.filter(|cell| {
            with_moves(self.evaluator, self.lead, self.moves, made, |lead| {
                let mut fields = lead.fields.to_vec();
                if let Some(slot) = fields.get_mut(field.index()) {
                    *slot = cell.value.value(&arena);
                }
                self.met(&self.evaluator.evaluate(&Lead { fields: &fields, ..*lead }, &arena))
            })
        });
        let words = good.map(|cell| show_cell(program, ty, cell));
        words.filter(|words| *words != one.shown).collect()
    }
}

fn part(program: &Program, lead: &Lead<'_>, one: &Move, times: u32, or: Vec<String>) -> PlanPart {
    match &one.what {
        What::Answer(field, _) => {
            let field = program.schema.field(*field);
            PlanPart::Answer { field: field.name.clone(), ask: field.ask.clone(), value: one.shown.clone(), or }
        }
        What::Change(id, _) => {
            let field = program.schema.field(*id);
            let from = show_literal(program, field.ty, &lead.field(*id).to_literal());
            PlanPart::Change { field: field.name.clone(), from, to: one.shown.clone(), or }
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
