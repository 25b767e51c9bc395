//! Comments: they mean nothing, and the formatter keeps every one.

use super::ast::Comment;
use crate::base::{FileId, Span};

/// The comment that stands at `start..end` of a text, `#` included and the line end not.
pub(super) fn comment(text: &str, file: FileId, start: usize, end: usize) -> Comment {
    let written = text.get(start..end).unwrap_or_default().trim_end();
    let line = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let before = text.get(line..start).unwrap_or_default();
    Comment {
        text: written.to_string(),
        span: Span::new(file, start, start + written.len()),
        own_line: before.trim_start_matches('\u{feff}').trim().is_empty(),
    }
}
