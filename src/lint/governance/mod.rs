//! Lints on who answers for a policy, and what the law asks.

mod no_owner;

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[&no_owner::LINT];
