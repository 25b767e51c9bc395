//! Lints on how a policy reads.

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[];
