//! Lints on what only real leads show.

mod always_fires;
mod counts;
mod mostly_missing;
mod never_decides;
mod never_fires;
mod statistics;
mod threshold_on_a_cliff;
mod thresholds;
mod unknown_event_type;
mod value_not_listed;

pub use statistics::{CheckSeen, ENOUGH, PartSeen, Statistics, Texts};
pub use thresholds::Threshold;

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[
    &never_fires::LINT,
    &always_fires::LINT,
    &never_decides::LINT,
    &value_not_listed::LINT,
    &mostly_missing::LINT,
    &threshold_on_a_cliff::LINT,
    &unknown_event_type::LINT,
];
