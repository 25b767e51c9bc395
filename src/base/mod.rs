//! What every room needs: positions in policy text, the files they point into, text that may be shown or quoted.

mod ends;
mod quote;
mod source;
mod span;
mod visible;

pub use ends::{ends, is_plain, same};
pub use quote::{push_quoted, quoted};
pub use source::{FileId, Location, Source, SourceMap};
pub use span::{Span, Spanned};
pub use visible::{is_hidden, visible, visible_excerpt, visible_json};
