//! Running the tests that a policy holds.

use super::{Evaluator, Ledger};
use crate::check::hir::{Program, Test};
use crate::model::time::AsOf;
use crate::model::{Event, Lead, Tri};
use bumpalo::Bump;

/// How a test came out.
#[derive(Debug)]
pub struct TestResult<'p> {
    /// The test.
    pub test: &'p Test,
    /// Its expectations, in order.
    pub expects: Vec<ExpectResult>,
    /// Every value that the expectations rest on.
    pub ledger: Ledger,
}

impl TestResult<'_> {
    /// Whether all expectations are true.
    pub fn passed(&self) -> bool {
        self.expects.iter().all(|expect| expect.value.is_true())
    }
}

/// How an expectation came out.
#[derive(Clone, Copy, Debug)]
pub struct ExpectResult {
    /// Its value; unknown is not true.
    pub value: Tri,
}

/// Runs every test of a policy, in order.
pub fn run_tests(program: &Program) -> Vec<TestResult<'_>> {
    program.tests.iter().map(|test| run_test(program, test)).collect()
}

fn run_test<'p>(program: &'p Program, test: &'p Test) -> TestResult<'p> {
    let arena = Bump::new();
    let evaluator = Evaluator::new(program, AsOf::new(test.as_of, &program.zone));
    let fields = arena.alloc_slice_fill_iter(test.lead.iter().map(|literal| literal.value(&arena)));
    let mut events: Vec<Event<'_>> = test
        .events
        .iter()
        .enumerate()
        .map(|(index, event)| Event {
            at: event.at,
            ty: Some(event.ty),
            spelling: &program.schema.event(event.ty).from,
            fields: arena.alloc_slice_fill_iter(event.fields.iter().map(|literal| literal.value(&arena))),
            index: index as u32,
        })
        .collect();
    events.sort_by_key(|event| event.at);
    let lead = Lead { key: "test", fields, events: &events };
    let mut ledger = Ledger::new(program, evaluator.as_of());
    let values = super::run::run_expecting(&evaluator, &lead, &arena, &mut ledger, &test.expects);
    TestResult { test, expects: values.into_iter().map(|value| ExpectResult { value }).collect(), ledger }
}
