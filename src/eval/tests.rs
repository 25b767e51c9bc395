//! Running the tests that a policy holds.

use super::{Evaluator, Ledger, Nothing, Outcome, Recorder};
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
    let tester = Tester::new(program);
    program
        .tests
        .iter()
        .map(|test| {
            let (expects, ledger) = tester.explain(test, |_, _, expects, ledger| (expects.to_vec(), ledger.clone()));
            let expects = expects.into_iter().map(|value| ExpectResult { value }).collect();
            TestResult { test, expects, ledger }
        })
        .collect()
}

/// A policy that is ready to decide the leads of tests, its own and others of its shape.
#[derive(Debug)]
pub struct Tester<'p> {
    program: &'p Program,
    /// One for each as-of of the policy's tests.
    evaluators: Vec<Evaluator<'p>>,
}

impl<'p> Tester<'p> {
    /// A policy with its tests.
    pub fn new(program: &'p Program) -> Tester<'p> {
        let mut instants: Vec<i64> = program.tests.iter().map(|test| test.as_of).collect();
        instants.sort_unstable();
        instants.dedup();
        let evaluators =
            instants.into_iter().map(|instant| Evaluator::new(program, AsOf::new(instant, &program.zone))).collect();
        Tester { program, evaluators }
    }

    /// Whether all expectations of a test are true.
    pub fn passes(&self, test: &Test) -> bool {
        self.run(test, &mut Nothing, |_, _, expects, _| expects.iter().all(|value| value.is_true()))
    }

    /// Decides a test's lead and looks at what came out.
    pub fn decide<T>(&self, test: &Test, look: impl FnOnce(&Lead<'_>, &Outcome<'_>) -> T) -> T {
        self.run(test, &mut Nothing, |lead, outcome, _, _| look(lead, outcome))
    }

    /// Decides a test's lead, writes everything down, and looks at the lead, the outcome, the values of the
    /// expectations, and the ledger.
    pub fn explain<T>(&self, test: &Test, look: impl FnOnce(&Lead<'_>, &Outcome<'_>, &[Tri], &Ledger) -> T) -> T {
        let mut ledger = Ledger::new(self.program, &AsOf::new(test.as_of, &self.program.zone));
        self.run(test, &mut ledger, |lead, outcome, expects, ledger| look(lead, outcome, expects, ledger))
    }

    fn run<R: Recorder, T>(
        &self,
        test: &Test,
        recorder: &mut R,
        look: impl FnOnce(&Lead<'_>, &Outcome<'_>, &[Tri], &R) -> T,
    ) -> T {
        match self.evaluators.iter().find(|evaluator| evaluator.as_of().instant == test.as_of) {
            Some(evaluator) => run_with(evaluator, test, recorder, look),
            None => {
                let as_of = AsOf::new(test.as_of, &self.program.zone);
                run_with(&Evaluator::new(self.program, as_of), test, recorder, look)
            }
        }
    }
}

fn run_with<R: Recorder, T>(
    evaluator: &Evaluator<'_>,
    test: &Test,
    recorder: &mut R,
    look: impl FnOnce(&Lead<'_>, &Outcome<'_>, &[Tri], &R) -> T,
) -> T {
    let arena = Bump::new();
    let program = evaluator.program();
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
    let (outcome, expects) = super::run::run_expecting(evaluator, &lead, &arena, recorder, &test.expects);
    look(&lead, &outcome, &expects, recorder)
}
