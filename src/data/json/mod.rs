//! JSON (RFC 8259) in one pass: everything is validated, only what is asked for is built.
//!
//! What is malformed does not depend on what is read: a value that nobody reads is checked as strictly as any other.
//! Text is checked for UTF-8 before it comes here.

mod build;
mod record;
mod scan;

pub(crate) use build::Json;
pub(crate) use record::{Lists, NoLists};
pub(crate) use scan::{Fault, What};

/// Values may be nested this deep; a record itself is the first level.
pub(crate) const MAX_DEPTH: u32 = 512;
