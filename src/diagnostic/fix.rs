//! How a text is mended: edits, and what they mean for decisions.

use crate::base::Span;

/// One way to mend a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is done, as an order: "remove the field".
    pub message: String,
    /// The edits; all or none are made.
    pub edits: Vec<Edit>,
    /// Whether some lead may be decided otherwise after it.
    pub changes_decisions: bool,
}

/// A text in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty range is a place to insert.
    pub span: Span,
    /// What stands there afterwards; empty to remove.
    pub replacement: String,
}

impl Fix {
    /// A fix that changes no decision.
    pub fn new(message: impl Into<String>) -> Fix {
        Fix { message: message.into(), edits: Vec::new(), changes_decisions: false }
    }

    /// Replaces the text at a place.
    pub fn replace(mut self, span: Span, replacement: impl Into<String>) -> Fix {
        self.edits.push(Edit { span, replacement: replacement.into() });
        self
    }

    /// Removes the text at a place.
    pub fn remove(self, span: Span) -> Fix {
        self.replace(span, "")
    }

    /// Says that some lead may be decided otherwise after it.
    pub fn changing_decisions(mut self) -> Fix {
        self.changes_decisions = true;
        self
    }
}

/// The text of one file with edits made. Edits lie in that file and do not overlap; one that does not fit the text, or
/// overlaps an earlier one, is left out.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let range = edit.span.range();
        let Some(kept) = text.get(done..range.start).filter(|_| text.get(range.clone()).is_some()) else { continue };
        out.push_str(kept);
        out.push_str(&edit.replacement);
        done = range.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;

    #[test]
    fn edits_are_made_in_the_order_of_the_text() {
        let edit = |start, end, replacement: &str| Edit {
            span: Span::new(FileId(0), start, end),
            replacement: replacement.to_owned(),
        };
        assert_eq!(apply("abcdef", &[edit(4, 5, "X"), edit(0, 1, ""), edit(6, 6, "!")]), "bcdXf!");
        assert_eq!(apply("abc", &[edit(0, 2, "x"), edit(1, 3, "y"), edit(2, 9, "z")]), "xc");
    }
}
