//! Mutants: a policy with one small mistake in it. A test that fails on it would have caught the mistake.
//!
//! A mutant is a change of the policy's text, so that it can be shown as what it is: source with a change. `site` finds
//! the places, `operators` makes the changes, `mutants` parses the changed declaration again, checks the policy and runs
//! its tests.

mod model;
mod mutants;
mod number;
pub mod operators;
mod site;

pub use model::{MutantReport, Mutation, Noticed, OperatorTally, SCHEMA_VERSION, Status};
pub use mutants::{Bench, Fate, Mutant, Mutants};
pub use site::{Change, Site, Text, sites};
