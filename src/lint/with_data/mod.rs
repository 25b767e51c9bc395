//! Lints on what only real leads show.

mod statistics;

pub use statistics::Statistics;

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[];
