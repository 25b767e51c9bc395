//! Lints on fields, events, lists and the texts that they are compared with.

use super::Lint;

/// The lints of this group.
pub static LINTS: &[&Lint] = &[];
