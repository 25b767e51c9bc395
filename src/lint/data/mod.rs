//! Lints on fields, events, lists and the texts that they are compared with.

mod case_only_difference;
mod compared;
mod leaky_field;
mod list_entry_twice;
mod missing_undecided;
mod near_duplicate_entries;
mod pattern_too_wide;
mod regex_could_be_mentions;
mod sentinel_value;
mod unused_definition;
mod unused_event;
mod unused_field;
mod witnesses;

pub(super) use missing_undecided::LINT as MISSING_UNDECIDED;
pub(super) use sentinel_value::is_no_answer;

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[
    &unused_field::LINT,
    &unused_event::LINT,
    &unused_definition::LINT,
    &leaky_field::LINT,
    &pattern_too_wide::LINT,
    &sentinel_value::LINT,
    &case_only_difference::LINT,
    &list_entry_twice::LINT,
    &near_duplicate_entries::LINT,
    &regex_could_be_mentions::LINT,
    &missing_undecided::LINT,
];
