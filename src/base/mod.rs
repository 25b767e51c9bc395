//! What every room needs: positions in policy text and the files they point into.

mod source;
mod span;

pub use source::{FileId, Location, Source, SourceMap};
pub use span::{Span, Spanned};
