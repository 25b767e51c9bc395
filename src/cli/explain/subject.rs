//! What explains a lead: a policy at an as-of, and what is told of other instants.

use crate::eval::Evaluator;
use crate::explain::{Ahead, Explanation, OutlookOptions, explain, outlook};
use crate::model::{Lead, Problem};
use crate::words::Spoken;
use bumpalo::Bump;

/// What explains.
#[derive(Debug)]
pub struct Subject<'e> {
    /// The policy at an as-of.
    pub evaluator: &'e Evaluator<'e>,
    /// What it says in words.
    spoken: &'e Spoken,
    /// Constants that were given other values.
    set: Vec<String>,
    ahead: OutlookOptions,
    time: Ahead<'e>,
}

impl<'e> Subject<'e> {
    /// A policy at an as-of, constants that were given other values, and what is told of other instants.
    pub fn new(
        evaluator: &'e Evaluator<'e>,
        spoken: &'e Spoken,
        set: Vec<String>,
        ahead: OutlookOptions,
    ) -> Subject<'e> {
        let time = if ahead.quick { Ahead::quick(evaluator) } else { Ahead::new(evaluator) };
        Subject { evaluator, spoken, set, ahead, time }
    }

    /// What the policy says in words.
    pub fn spoken(&self) -> &'e Spoken {
        self.spoken
    }

    /// The same with another policy or as-of.
    pub fn with<'o>(&self, evaluator: &'o Evaluator<'o>, spoken: &'o Spoken) -> Subject<'o> {
        Subject::new(evaluator, spoken, self.set.clone(), self.ahead)
    }

    /// Explains a lead.
    pub fn explain(&self, lead: &Lead<'_>, problems: &[Problem]) -> Explanation {
        let arena = Bump::new();
        let (outcome, ledger) = self.evaluator.explain(lead, &arena);
        let mut explanation = explain(self.evaluator, self.spoken, lead, &outcome, &ledger, problems);
        explanation.input.set.clone_from(&self.set);
        if self.ahead.any() {
            explanation.outlook = Some(outlook(self.evaluator, self.spoken, &self.time, lead, self.ahead));
        }
        explanation
    }
}
