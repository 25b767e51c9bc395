//! Lints on what points say about leads.

mod counted_twice;
mod decay_on_fit;
mod no_negative_signal;
mod points_never_expire;
mod rules;
mod single_event_qualifies;
mod weaker_evidence_pays_more;
mod weights_contradict_points;
mod window_and_decay_fight;

pub(super) use rules::in_points;

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[
    &counted_twice::LINT,
    &weaker_evidence_pays_more::LINT,
    &window_and_decay_fight::LINT,
    &points_never_expire::LINT,
    &no_negative_signal::LINT,
    &decay_on_fit::LINT,
    &single_event_qualifies::LINT,
    &weights_contradict_points::LINT,
];
