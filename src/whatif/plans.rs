//! What it would take: the smallest sets of changes that bring a lead to a stage.
//!
//! First some way is looked for by going where it helps most; then sets of changes are tried in the order of their cost.
//! Each that is given has been evaluated, and so has each that leaves out a part of it.

use super::change::ScoreChange;
use super::moves::{Changes, Move, Moves, What, moves, with_moves};
use super::name::Name;
use super::obstacles::{Blocker, blockers};
use super::open::{Opened, WhatIf, fields_with};
use super::planning::Search;
use super::possible::Possible;
use super::search::{Rank, rank, stage_of};
use super::snapshot::{part_name, stage_name, visible_stage};
use super::value::{show_cell, show_literal};
use crate::check::hir::{Program, StageId};
use crate::eval::{Evaluator, Points};
use crate::model::{EventTypeId, FieldId, Lead, Literal, Scalar, Tri, Type};
use bumpalo::Bump;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// What stands in the way whatever is changed; empty unless neither the stage nor one above it can be reached.
    pub impossible: Vec<Blocker>,
    /// What stands in the way of the stage itself whatever is changed, where one above it can be reached without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub itself: Vec<Blocker>,
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

/// So many other values of a field are tried.
const MOST_OTHERS: usize = 64;

/// What it would take; none where there is no stage to reach: the policy has none, or the lead stands at the highest or
/// already at the one that is asked for.
pub fn plans(evaluator: &Evaluator<'_>, plan: &WhatIf<'_>, lead: &Lead<'_>, options: PlanOptions) -> Option<Plans> {
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
    let Changes { moves, opened, whole } = moves(evaluator, plan, &lead);
    let mut found = Plans {
        stage: stage_name(program, stage_of(now)),
        goal: stage_name(program, stage_of(goal)),
        plans: Vec::new(),
        smallest: true,
        impossible: Vec::new(),
        itself: Vec::new(),
    };
    let mut limit = options.limit;
    for passing_by in [false, true] {
        if limit == 0 || (passing_by && !passed_by(program, goal)) {
            continue;
        }
        let mut search = Search::new(evaluator, plan, &lead, &moves, goal, passing_by, options.work);
        // One way past the stage is enough: it is not what was asked for.
        let known = search.dive(if passing_by { 1 } else { limit });
        if known.is_empty() && !passing_by {
            // Where no way is seen at once, there may be none.
            (found.impossible, found.itself) = impossible(evaluator, plan, &lead, &opened, goal);
            if !found.impossible.is_empty() {
                return Some(found);
            }
            if !found.itself.is_empty() {
                continue;
            }
        }
        let made = search.run(known, if passing_by { 1 } else { limit });
        found.smallest &= whole && search.is_whole();
        limit -= made.len();
        found.plans.extend(made.iter().map(|made| search.describe(made, outcome.points)));
    }
    Some(found)
}

/// Whether a stage above can be reached without this one.
pub(super) fn passed_by(program: &Program, goal: Rank) -> bool {
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

/// What stands in the way whatever is changed: of the stage and all above it, and of the stage itself.
fn impossible(
    evaluator: &Evaluator<'_>,
    plan: &WhatIf<'_>,
    lead: &Lead<'_>,
    opened: &Opened,
    goal: Rank,
) -> (Vec<Blocker>, Vec<Blocker>) {
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
    let (reach, found) = possible.reach();
    if reach.high.map_or(-1, Rank::from) < goal {
        return (blockers(&possible, &found, goal), Vec::new());
    }
    let itself = usize::try_from(goal).ok().and_then(|goal| found.standing.get(goal));
    match itself.is_some_and(|standing| !standing.can(Tri::True)) {
        true => (Vec::new(), blockers(&possible, &found, goal)),
        false => (Vec::new(), Vec::new()),
    }
}

impl Search<'_> {
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
                let fields = fields_with(lead, [(*field, &cell.value)], &arena);
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
