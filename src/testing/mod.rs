//! How well a policy's tests hold it: which outcomes they show, which changes of the policy they notice, and tests
//! that are missing.

pub mod coverage;
pub mod mutate;

pub use coverage::{Coverage, coverage};
pub use mutate::{Mutants, Mutation};
