//! One lead evaluated, with any expression of the policy asked on top: how analysis looks at what a policy does.

use super::run::Run;
use super::{Evaluator, Nothing, Outcome, decay};
use crate::check::hir::{Expr, MatrixId, PartId, PartKind, QueryId, Step};
use crate::model::{Event, FieldId, Lead, Value};
use bumpalo::Bump;

/// A lead that was evaluated.
pub struct Probe<'a> {
    run: Run<'a, 'a, Nothing>,
}

impl<'p> Evaluator<'p> {
    /// Evaluates a lead and keeps it for more questions.
    pub fn probe<'a>(&'a self, lead: &'a Lead<'a>, arena: &'a Bump) -> Probe<'a>
    where
        'p: 'a,
    {
        let mut run = Run::new(self, lead, arena, arena.alloc(Nothing), None);
        run.steps();
        Probe { run }
    }

    /// As [`Evaluator::probe`], with these steps alone, in the order of the program: what rests on others is not asked for.
    pub fn probe_steps<'a>(&'a self, lead: &'a Lead<'a>, steps: &[Step], arena: &'a Bump) -> Probe<'a>
    where
        'p: 'a,
    {
        let mut run = Run::new(self, lead, arena, arena.alloc(Nothing), None);
        steps.iter().for_each(|step| run.step(*step));
        Probe { run }
    }

    /// What an event of this age (milliseconds) is worth under a rule per event, in ten-thousandths.
    pub fn event_points(&self, rule: PartId, age: i64) -> i64 {
        match &self.program.parts[rule.index()].kind {
            PartKind::Per(per) => decay::points(per, self.tables[rule.index()].as_ref(), age),
            _ => 0,
        }
    }
}

impl<'a> Probe<'a> {
    /// What the policy says of the lead.
    pub fn outcome(&self) -> &Outcome<'a> {
        &self.run.out
    }

    /// The value of an expression; missing for an unknown condition.
    pub fn value(&mut self, expr: &'a Expr) -> Value<'a> {
        self.run.value(expr)
    }

    /// The value of a case's condition for what its `by` looks at.
    pub fn value_with(&mut self, expr: &'a Expr, subject: Value<'a>) -> Value<'a> {
        let before = std::mem::replace(&mut self.run.subject, subject);
        let value = self.run.value(expr);
        self.run.subject = before;
        value
    }

    /// The value of a field of the lead.
    pub fn field(&self, field: FieldId) -> Value<'a> {
        self.run.lead.fields.get(field.index()).copied().unwrap_or(Value::Missing)
    }

    /// The row and column of a matrix that the lead stands at.
    pub fn place(&self, matrix: MatrixId) -> (usize, usize) {
        let matrix = &self.run.program.matrices[matrix.index()];
        (self.run.place(&matrix.rows).0, self.run.place(&matrix.columns).0)
    }

    /// Whether an event counts for a question about events: its type, its `where`, its window.
    pub fn counts(&mut self, query: QueryId, event: &'a Event<'a>) -> bool {
        event.at <= self.run.evaluator.as_of.instant
            && event.at >= self.window_start(query)
            && self.matches(query, event)
    }

    /// Whether an event is of a question's types and its `where` is true, whenever it was.
    pub fn matches(&mut self, query: QueryId, event: &'a Event<'a>) -> bool {
        let declared = &self.run.program.queries[query.index()];
        declared.types.contains(event.ty)
            && declared.condition.as_ref().is_none_or(|condition| self.run.at_event(event, condition).tri().is_true())
    }

    /// The first instant of a question's window; the earliest of all without one.
    pub fn window_start(&mut self, query: QueryId) -> i64 {
        self.run.window_start(&self.run.program.queries[query.index()])
    }
}
