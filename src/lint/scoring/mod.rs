//! Lints on what points say about leads.

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[];
