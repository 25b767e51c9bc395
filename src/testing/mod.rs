//! How well a policy's tests hold it: which outcomes they show, which changes of the policy they notice, and tests
//! that are missing.

pub mod coverage;
mod decision;
pub mod mutate;
pub mod suggest;

pub use coverage::{Coverage, coverage};
pub use mutate::{Mutants, Mutation};
pub use suggest::{Suggestions, suggest};
