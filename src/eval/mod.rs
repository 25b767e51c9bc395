//! From a [`Program`], a lead and an as-of to an [`Outcome`]: the only evaluator. Scoring and explaining run the same
//! code, generic over a [`Recorder`].

mod asking;
mod columns;
mod compare;
mod counts;
mod decay;
mod decision;
mod events;
mod expr;
mod feeding;
mod ledger;
mod memo;
mod outcome;
mod points;
mod probe;
mod remembered;
mod run;
mod tests;
mod wheres;

pub use asking::Asking;
pub use columns::{Block, Column, Kind, Leads, Mask, Outcomes, Tris, Values, bit, count};
pub use compare::holds;
pub use counts::Counts;
pub use decision::{
    CheckVerdict, Decision, DecisionRoute, FitDecision, FitVerdict, Points, PolicyName, ProblemReport, Question,
    ScoreDecision,
};
pub use feeding::Feeding;
pub use ledger::{EventEntry, Fate, Ledger, RuleEntry, SeenEvents};
pub use memo::{Memo, SubjectId};
pub use outcome::{FitOutcome, Outcome};
pub use probe::Probe;
pub use remembered::Row;
pub use tests::{ExpectResult, TestResult, Tester, run_tests};

use crate::check::hir::{ExprId, LengthId, PartId, PartKind, Program, StageId, Step};
use crate::model::time::{AsOf, Reach};
use crate::model::{Lead, Value};
use bumpalo::Bump;
use std::sync::Arc;

/// A policy at an as-of, ready to evaluate leads. Cheap to make; share one among threads.
#[derive(Debug)]
pub struct Evaluator<'p> {
    program: &'p Program,
    as_of: AsOf,
    /// By [`LengthId`].
    reaches: Vec<Reach>,
    /// By [`PartId`]: what an event is worth after so many periods, for shares lost.
    tables: Arc<[Option<decay::ShareTable>]>,
    /// What is counted in one pass over the events.
    counting: counts::Counting<'p>,
    /// The texts whose conditions may be remembered.
    subjects: Arc<memo::Subjects<'p>>,
    /// Where leads stand, instead of what their stage field says.
    standing: Option<Option<StageId>>,
}

impl<'p> Evaluator<'p> {
    /// The policy at this as-of.
    pub fn new(program: &'p Program, as_of: AsOf) -> Evaluator<'p> {
        let reaches: Vec<Reach> = program.lengths.iter().map(|length| as_of.reach(*length, &program.zone)).collect();
        let counting = counts::Counting::new(program, &reaches, &as_of);
        let tables = program
            .parts
            .iter()
            .map(|part| match &part.kind {
                PartKind::Per(per) => decay::ShareTable::new(per),
                _ => None,
            })
            .collect();
        Evaluator {
            program,
            as_of,
            reaches,
            tables,
            counting,
            subjects: Arc::new(memo::Subjects::new(program)),
            standing: None,
        }
    }

    /// The same at another as-of; cheaper than [`Evaluator::new`].
    pub fn at(&self, as_of: AsOf) -> Evaluator<'p> {
        let reaches: Vec<Reach> =
            self.program.lengths.iter().map(|length| as_of.reach(*length, &self.program.zone)).collect();
        let counting = counts::Counting::new(self.program, &reaches, &as_of);
        Evaluator {
            program: self.program,
            as_of,
            reaches,
            tables: Arc::clone(&self.tables),
            counting,
            subjects: Arc::clone(&self.subjects),
            standing: self.standing,
        }
    }

    /// The same for leads that stand at this stage (none: at no stage), whatever their stage field says. Only `keep
    /// while` asks for it: an expression that names the field still reads the field.
    pub fn standing(mut self, stage: Option<StageId>) -> Evaluator<'p> {
        self.standing = Some(stage);
        self
    }

    /// Whether a lead stands at this stage or a higher one.
    fn stands_at(&self, lead: &Lead<'_>, stage: StageId) -> bool {
        match self.standing {
            Some(standing) => standing.is_some_and(|standing| standing >= stage),
            None => self.program.stands_at(lead, stage),
        }
    }

    /// The policy.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// The as-of.
    pub fn as_of(&self) -> &AsOf {
        &self.as_of
    }

    fn reach(&self, length: LengthId) -> Reach {
        self.reaches[length.index()]
    }

    /// Evaluates a lead, recording nothing. What it returns lives in `arena`; reset it after each batch.
    pub fn evaluate<'a>(&'a self, lead: &'a Lead<'a>, arena: &'a Bump) -> Outcome<'a>
    where
        'p: 'a,
    {
        run::run(self, lead, arena, &mut Nothing, None)
    }

    /// As [`Evaluator::evaluate`], remembering what conditions on texts came to: the way for many leads.
    pub fn evaluate_with<'a>(&'a self, lead: &'a Lead<'a>, memo: &mut Memo, arena: &'a Bump) -> Outcome<'a>
    where
        'p: 'a,
    {
        let outcome = run::run(self, lead, arena, &mut Nothing, Some(&mut *memo));
        memo.forget_lead();
        outcome
    }

    /// Works out only these steps of a lead, in this order; what they need stands before them. All other parts of the
    /// outcome are as if nothing were known.
    pub fn evaluate_steps<'a>(&'a self, lead: &'a Lead<'a>, steps: &[Step], arena: &'a Bump) -> Outcome<'a>
    where
        'p: 'a,
    {
        run::run_steps(self, lead, steps, arena, &mut Nothing)
    }

    /// Evaluates a lead and tells a recorder what is done.
    pub fn record<'a, R: Recorder>(&'a self, lead: &'a Lead<'a>, arena: &'a Bump, recorder: &mut R) -> Outcome<'a>
    where
        'p: 'a,
    {
        run::run(self, lead, arena, recorder, None)
    }

    /// Evaluates a lead and writes down every point and every value.
    pub fn explain<'a>(&'a self, lead: &'a Lead<'a>, arena: &'a Bump) -> (Outcome<'a>, Ledger)
    where
        'p: 'a,
    {
        let mut ledger = Ledger::new(self.program, &self.as_of);
        let outcome = run::run(self, lead, arena, &mut ledger, None);
        (outcome, ledger)
    }
}

/// Writes down what the evaluator does. With [`Recorder::RECORDS`] everything is worked out, also what cannot change
/// the result; the results are the same.
pub trait Recorder {
    /// Whether anything is written down.
    const RECORDS: bool;
    /// An expression of the lead has this value (expressions inside `where` and decays are not told).
    fn value(&mut self, id: ExprId, value: Value<'_>);
    /// The events that a question about events of the lead was answered with.
    fn seen(&mut self, id: ExprId, seen: SeenEvents);
    /// What became of an event under a rule.
    fn event(&mut self, rule: PartId, entry: EventEntry);
    /// How the points of a part came about.
    fn part(&mut self, part: PartId, entry: RuleEntry);
}

/// Writes nothing down.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Recorder for Nothing {
    const RECORDS: bool = false;

    #[inline(always)]
    fn value(&mut self, _: ExprId, _: Value<'_>) {}

    #[inline(always)]
    fn seen(&mut self, _: ExprId, _: SeenEvents) {}

    #[inline(always)]
    fn event(&mut self, _: PartId, _: EventEntry) {}

    #[inline(always)]
    fn part(&mut self, _: PartId, _: RuleEntry) {}
}
