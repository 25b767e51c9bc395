//! Lints on what no lead can reach, or every lead does.

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[];
