//! What can happen at all: which values a policy tells apart, which points, stages and routes any lead can reach.
//!
//! - [`cells`]: for each field the finitely many values that the policy's conditions tell apart.

pub mod cells;

pub use cells::Cells;
