//! Lints on how a policy reads.

mod double_negative;
mod duplicate_rule;
mod identical_tests;
mod magic_threshold;
mod naming;
mod rule_too_long;

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[
    &naming::LINT,
    &double_negative::LINT,
    &rule_too_long::LINT,
    &magic_threshold::LINT,
    &duplicate_rule::LINT,
    &identical_tests::LINT,
];
