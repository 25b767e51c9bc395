//! What is not known: the best and the worst stage that the missing fields allow, and what each of them could change.

use super::name::Name;
use super::open::{Opened, WhatIf, missing_fields, open};
use super::search::{Answers, Extreme, Goal, Rank, Search, rank, stage_of};
use super::snapshot::{part_name, stage_name, visible_stage};
use super::value::show_cell;
use crate::check::hir::Program;
use crate::eval::{Evaluator, Points};
use crate::model::{FieldId, Lead};
use bumpalo::Bump;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much work bounds may take.
#[derive(Clone, Copy, Debug)]
pub struct BoundsOptions {
    /// At most so many evaluations.
    pub work: u64,
}

impl Default for BoundsOptions {
    fn default() -> BoundsOptions {
        BoundsOptions { work: 3_000 }
    }
}

/// What the missing fields of a lead could change.
///
/// Looked at are all values of all fields that are missing and that the stage rests on, but the key and the stage
/// field; each may also stay missing. Everything else is as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bounds {
    /// The stage as it is, or `disqualified`.
    pub stage: Name,
    /// The highest stage that can be.
    pub best: StageBound,
    /// The lowest stage that can be; `disqualified` is lower than all.
    pub worst: StageBound,
    /// The missing fields that could change the stage, what changes the most first.
    pub fields: Vec<FieldBound>,
    /// Why a bound is not exact, if one is not: a sentence each.
    pub because: Vec<String>,
}

/// The highest or lowest stage that can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageBound {
    /// The stage, or `disqualified`.
    pub stage: Name,
    /// Whether no answers at all lead beyond it; else it is only the most extreme that was found.
    pub exact: bool,
    /// Answers that lead there; none can be left out. Empty where it is the stage as it is.
    pub answers: Vec<Answer>,
}

/// An answer to an open question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// The field.
    pub field: String,
    /// What it would have to be, in words: `100,000 USD or more`, `"US"`.
    pub value: String,
}

/// What a missing field could change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldBound {
    /// The field.
    pub field: String,
    /// The question to ask, if the policy has one.
    pub ask: Option<String>,
    /// What the stage would be for each answer that is told apart, if nothing else were known.
    pub answers: Vec<AnswerEffect>,
    /// The best stage that can be if this field stays missing; null where that was not decided.
    pub best_without: Option<Name>,
    /// The worst stage that can be if this field stays missing; null where that was not decided.
    pub worst_without: Option<Name>,
    /// Whether an answer to this question alone changes the stage.
    pub alone: bool,
    /// Whether an answer can raise the stage above what it is, alone or with others.
    pub raises: bool,
    /// Whether it can change the stage at all, alone or with others; null where that was not decided.
    pub changes: Option<bool>,
    /// How far the points of each score can be changed by this field alone; scores that stay as they are left out.
    pub points: Vec<PointsBound>,
}

/// What an answer alone comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerEffect {
    /// The answer in words.
    pub value: String,
    /// The stage that it leads to.
    pub stage: Name,
}

/// How far a score can be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PointsBound {
    /// The score.
    pub score: Name,
    /// Its points as they are.
    pub now: Points,
    /// The least that it can be.
    pub low: Points,
    /// The most that it can be.
    pub high: Points,
}

/// Up to so many combinations are all tried to say whether a field can change the stage at all.
const ALL_TRIED: u64 = 600;

/// What the missing fields of a lead could change; none for a policy without stages and reasons to disqualify.
pub fn bounds(evaluator: &Evaluator<'_>, plan: &WhatIf<'_>, lead: &Lead<'_>, options: BoundsOptions) -> Option<Bounds> {
    let program = evaluator.program();
    if program.stages.is_empty() && program.reasons.is_empty() {
        return None;
    }
    let fields = missing_fields(program, plan, lead);
    let opened = open(evaluator, plan, lead, &fields, false);
    let arena = Bump::new();
    let now = rank(visible_stage(&evaluator.evaluate(lead, &arena)));
    let mut search = Search {
        evaluator,
        plan,
        lead,
        opened: &opened,
        order: order(program, &opened, now),
        left: options.work,
        tried: 0,
    };
    let best = search.extreme(Goal::Highest, None);
    let worst = search.extreme(Goal::Lowest, None);
    let changing = all_tried(&mut search);
    let mut all: Vec<(Weight, FieldBound)> = Vec::new();
    for (place, field) in fields.iter().enumerate() {
        if opened.opens.contains_key(field) {
            let looked = Looked { program, opened: &opened, now, best: &best, worst: &worst };
            let (weight, bound) = looked.field(&mut search, *field, place, changing.as_ref());
            if bound.changes != Some(false) {
                all.push((weight, bound));
            }
        }
    }
    all.sort_by(|(a, _), (b, _)| b.cmp(a));
    let because = reasons(program, &opened, &[&best, &worst]);
    let stage_bound = |found: &Extreme| StageBound {
        stage: stage_name(program, stage_of(found.rank)),
        exact: found.exact,
        answers: answers(program, &opened, &found.answers),
    };
    Some(Bounds {
        stage: stage_name(program, stage_of(now)),
        best: stage_bound(&best),
        worst: stage_bound(&worst),
        fields: all.into_iter().map(|(_, bound)| bound).collect(),
        because,
    })
}

/// Why a bound is not exact.
fn reasons(program: &Program, opened: &Opened, found: &[&Extreme]) -> Vec<String> {
    if found.iter().all(|found| found.exact) {
        return Vec::new();
    }
    let sampled = opened.sampled.iter().filter(|(field, _)| opened.opens.contains_key(field));
    let mut because: Vec<String> = sampled
        .map(|(field, why)| format!("not every value of `{}` was tried: {why}", program.schema.field(*field).name))
        .collect();
    if because.is_empty() {
        because.push("there are too many combinations of answers to try".to_owned());
    }
    because
}

fn answers(program: &Program, opened: &Opened, answers: &Answers) -> Vec<Answer> {
    answers
        .iter()
        .filter_map(|(field, place)| {
            let cell = opened.cells.get(field)?.get(*place)?;
            let field = program.schema.field(*field);
            Some(Answer { field: field.name.clone(), value: show_cell(program, field.ty, cell) })
        })
        .collect()
}

/// Fields whose answers change the most alone are decided first.
fn order(program: &Program, opened: &Opened, now: Rank) -> Vec<FieldId> {
    let weight = |open: &super::possible::Open| {
        let ranks = open.stages.iter().map(|stage| rank(*stage));
        let moved = ranks.filter(|rank| *rank != now).count();
        let swing: i128 = program
            .scores
            .iter()
            .map(|id| {
                let points = || open.ledgers.iter().map(|ledger| i128::from(ledger.part(*id).net));
                points().max().unwrap_or(0) - points().min().unwrap_or(0)
            })
            .sum();
        (moved > 0, open.complete, swing)
    };
    let mut fields: Vec<FieldId> = opened.opens.keys().copied().collect();
    fields.sort_by_key(|field| std::cmp::Reverse(opened.opens.get(field).map(weight)));
    fields
}

/// Which fields can change the stage, by trying all combinations; none when there are too many.
fn all_tried(search: &mut Search<'_>) -> Option<Vec<FieldId>> {
    let opens: Vec<(FieldId, usize)> =
        search.opened.opens.values().map(|open| (open.field, open.values.len())).collect();
    let product = opens.iter().try_fold(1u64, |product, (_, count)| product.checked_mul(*count as u64))?;
    let complete = search.opened.opens.values().all(|open| open.complete);
    if product > ALL_TRIED.min(search.left) || !complete {
        return None;
    }
    let mut ranks = Vec::new();
    for number in 0..product {
        let mut rest = number;
        let answers: Answers = opens
            .iter()
            .map(|(field, count)| {
                let place = rest % *count as u64;
                rest /= *count as u64;
                (*field, place as usize)
            })
            .collect();
        ranks.push(search.stage_with(&answers));
    }
    let mut changing = Vec::new();
    let mut stride = 1usize;
    for (field, count) in &opens {
        let changes = (0..ranks.len()).any(|place| {
            let digit = place / stride % count;
            digit > 0 && ranks.get(place) != ranks.get(place - digit * stride)
        });
        if changes {
            changing.push(*field);
        }
        stride *= count;
    }
    Some(changing)
}

/// By what fields are ranked.
type Weight = (Rank, bool, Rank, Rank, i128, std::cmp::Reverse<usize>);

struct Looked<'a> {
    program: &'a Program,
    opened: &'a Opened,
    now: Rank,
    best: &'a Extreme,
    worst: &'a Extreme,
}

impl Looked<'_> {
    fn field(
        &self,
        search: &mut Search<'_>,
        id: FieldId,
        place: usize,
        changing: Option<&Vec<FieldId>>,
    ) -> (Weight, FieldBound) {
        let program = self.program;
        let without = |search: &mut Search<'_>, goal: Goal, whole: &Extreme| -> Option<Rank> {
            // Answers that lead there without the field show that it is not needed.
            if !whole.answers.iter().any(|(field, _)| *field == id) {
                return whole.exact.then_some(whole.rank);
            }
            let found = search.extreme(goal, Some(id));
            found.exact.then_some(found.rank)
        };
        let best_without = without(search, Goal::Highest, self.best);
        let worst_without = without(search, Goal::Lowest, self.worst);
        let empty = Vec::new();
        let cells = self.opened.cells.get(&id).unwrap_or(&empty);
        let open = self.opened.opens.get(&id);
        let ledgers = open.map_or(&[][..], |open| &open.ledgers);
        let field = program.schema.field(id);
        let ranks: Vec<Rank> = open.iter().flat_map(|open| &open.stages).map(|stage| rank(*stage)).collect();
        let effects = cells.iter().zip(&ranks).skip(1).map(|(cell, rank)| AnswerEffect {
            value: show_cell(program, field.ty, cell),
            stage: stage_name(program, stage_of(*rank)),
        });
        let mut points = Vec::new();
        let mut swing = 0i128;
        for score in &program.scores {
            let of = || ledgers.iter().map(|ledger| ledger.part(*score).net);
            let (low, high) = (of().min().unwrap_or(0), of().max().unwrap_or(0));
            if low != high {
                swing += i128::from(high) - i128::from(low);
                points.push(PointsBound {
                    score: part_name(program, *score),
                    now: Points(of().next().unwrap_or(0)),
                    low: Points(low),
                    high: Points(high),
                });
            }
        }
        let highest = ranks.iter().copied().max().unwrap_or(self.now);
        let is_alone = ranks.iter().any(|rank| *rank != self.now);
        let needed = best_without.is_some_and(|without| without < self.best.rank);
        let holds = worst_without.is_some_and(|without| without > self.worst.rank);
        let known = is_alone || needed || holds;
        let changes = if known { Some(true) } else { changing.map(|changing| changing.contains(&id)) };
        let lost = best_without.map_or(0, |without| self.best.rank - without);
        let fallen = worst_without.map_or(0, |without| without - self.worst.rank);
        let weight = (lost, is_alone, highest, fallen, swing, std::cmp::Reverse(place));
        let name = |rank: Rank| stage_name(program, stage_of(rank));
        let bound = FieldBound {
            field: field.name.clone(),
            ask: field.ask.clone(),
            answers: effects.collect(),
            best_without: best_without.map(name),
            worst_without: worst_without.map(name),
            alone: is_alone,
            raises: highest > self.now || (needed && self.best.rank > self.now),
            changes,
            points,
        };
        (weight, bound)
    }
}
