//! Positions in policy text.

use super::FileId;

/// A range of bytes in one source file, `start..end`.
///
/// Spans are small and `Copy`. Two nodes that differ only in where they stand are equal: all spans compare equal, so
/// that `#[derive(PartialEq)]` on a tree compares what was written and not where.
#[derive(Clone, Copy, Debug, Default, Eq)]
pub struct Span {
    /// The file that the range lies in.
    pub file: FileId,
    /// First byte of the range.
    pub start: u32,
    /// First byte behind the range.
    pub end: u32,
}

impl PartialEq for Span {
    fn eq(&self, _: &Span) -> bool {
        true
    }
}

impl std::hash::Hash for Span {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl Span {
    /// The range `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Span {
        Span { file, start: start as u32, end: end as u32 }
    }

    /// The smallest range that covers both; both lie in the same file.
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The range as byte offsets.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}
