//! Lints on what no lead can reach, or every lead does.

mod always_false;
mod always_true;
mod can;
mod cap_below_one_event;
mod cap_never_reached;
mod contradictory_checks;
mod dead_disqualifier;
mod dead_route;
mod floor_without_negatives;
mod gap_in_cases;
mod impossible_check;
mod intervals;
mod overlapping_cases;
mod shadowed_case;
mod stage_order;
mod threshold_above_maximum;
mod threshold_met_by_everyone;
mod unreachable_band;
mod unreachable_stage;

pub use can::Truth;
pub(super) use can::{deep, threshold, truths};

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[
    &unreachable_stage::LINT,
    &threshold_above_maximum::LINT,
    &threshold_met_by_everyone::LINT,
    &stage_order::LINT,
    &unreachable_band::LINT,
    &impossible_check::LINT,
    &always_true::LINT,
    &always_false::LINT,
    &contradictory_checks::LINT,
    &shadowed_case::LINT,
    &gap_in_cases::LINT,
    &overlapping_cases::LINT,
    &dead_route::LINT,
    &dead_disqualifier::LINT,
    &cap_never_reached::LINT,
    &cap_below_one_event::LINT,
    &floor_without_negatives::LINT,
];
