//! Lints on who answers for a policy, and what the law asks.

mod allow_without_reason;
mod ask_missing;
mod confusable_text;
mod missing_label;
mod no_owner;
mod no_version;
mod not_agreed;
mod review_overdue;
mod rule_without_test;
mod sensitive;
mod sensitive_attribute;
mod stage_without_test;
mod todo_comment;
mod unknown_allowance;
pub(super) mod unused_allowance;

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[
    &review_overdue::LINT,
    &not_agreed::LINT,
    &no_owner::LINT,
    &no_version::LINT,
    &stage_without_test::LINT,
    &rule_without_test::LINT,
    &missing_label::LINT,
    &ask_missing::LINT,
    &sensitive_attribute::LINT,
    &confusable_text::LINT,
    &todo_comment::LINT,
    &allow_without_reason::LINT,
    &unknown_allowance::LINT,
    &unused_allowance::LINT,
];
