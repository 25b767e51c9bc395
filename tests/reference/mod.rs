//! A slow and plain evaluator, written straight from the language document, and makers of random policies and leads.
//!
//! It shares nothing with the program but the tree of what was written, so that the two can be held against each other.

// Each test takes what it needs; literals are picked as `*pick(&[..])`, for which types are not inferred otherwise.
#![allow(dead_code, unused_imports, missing_docs)]
#![allow(clippy::unwrap_used, clippy::explicit_auto_deref)]

mod checks;
mod compare;
mod decide;
mod events;
pub mod generate;
pub mod number;
mod policy;
mod read;
pub mod regex;
mod run;
mod score;
pub mod text;
pub mod time;
mod types;
mod value;

pub use checks::{Outcome, run_tests};
pub use decide::{Decision, decide};
pub use read::Reject;
