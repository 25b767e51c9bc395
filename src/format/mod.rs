//! One layout for every policy: from a tree and its comments back to text.
//!
//! The tree says what stands where; the words themselves come from the source, one after the other
//! (`writer::Writer`), so that nothing can be lost or made up unseen. They become pieces of a layout: words, places to
//! break, groups that stay on one line when they fit (`layout`). Rows of a block get their columns last (`columns`).
//! What came out is parsed again and compared before anybody sees it. The rules of the layout: `docs/format.md`.

mod blocks;
mod columns;
mod data;
mod entry;
mod expr;
mod items;
mod layout;
mod score;
mod text;
mod tokens;
mod writer;

use crate::base::{FileId, Source};
use crate::syntax::{Parsed, ast, parse};
use writer::Writer;

/// Why a text was not formatted: a mistake of the formatter, never of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misformatted {
    /// What went wrong.
    pub why: String,
}

impl std::fmt::Display for Misformatted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the formatter made a mistake: {}", self.why)
    }
}

impl std::error::Error for Misformatted {}

/// The text of a file in the canonical layout. `file` is the tree of `source`, parsed without errors.
///
/// The result has been parsed again: its tree and its comments are those of `source`.
pub fn format(source: &Source, file: &ast::File) -> Result<String, Misformatted> {
    let text = layout(source, file)?;
    if text != source.text {
        compare(file, &text)?;
    }
    Ok(text)
}

fn layout(source: &Source, file: &ast::File) -> Result<String, Misformatted> {
    let mut writer = Writer::new(&source.text, &file.comments);
    items::items(&mut writer, &file.items);
    match writer.problem {
        Some(why) => Err(Misformatted { why }),
        None => Ok(layout::lines(&writer.pieces)),
    }
}

/// Whether a text says what a tree and its comments say.
fn compare(file: &ast::File, text: &str) -> Result<(), Misformatted> {
    let Parsed { file: again, diagnostics } = parse(&Source::new("formatted", text), FileId::default());
    let wrong = |why: String| Err(Misformatted { why });
    if let Some(found) = diagnostics.first() {
        return wrong(format!("its output does not parse: {}", found.message));
    }
    if again.items != file.items {
        return wrong("its output means something else".to_owned());
    }
    let comments = |file: &ast::File| file.comments.iter().map(|comment| comment.text.clone()).collect::<Vec<_>>();
    if comments(&again) != comments(file) {
        return wrong("its output has other comments".to_owned());
    }
    Ok(())
}
