//! From text to [`ast`]: the grammar, the tree, the comments, the files that belong to a policy.

pub mod ast;
mod build;
mod comments;
mod errors;
mod load;
mod scan;
pub mod words;

pub use load::{FileProblem, Files, ListEntries, Loaded, MemoryFiles, load};

use crate::base::{FileId, Source, Span, Spanned};
use crate::diagnostic::Diagnostic;

/// What a text is made into. There is always a tree, also of a text with errors: what could not be read is
/// [`ast::ItemKind::Junk`] and its kin, or left out.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The tree.
    pub file: ast::File,
    /// What is wrong, by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a file of policy text.
pub fn parse(source: &Source, file: FileId) -> Parsed {
    let scan::Scanned { text, comments, mut diagnostics, fatal } = scan::scan(&source.text, file);
    if fatal {
        let span = Span::new(file, 0, source.text.len());
        let items = vec![Spanned { value: ast::ItemKind::Junk, span }];
        return Parsed { file: ast::File { items, comments }, diagnostics };
    }
    let (items, found) = build::items(&source.text, &text, file, &diagnostics);
    // A block that does not open leaves its `}` over: that is one mistake.
    for unopened in found.iter().filter(|found| found.code == "missing-brace") {
        let behind = unopened.span().start;
        let extra = |other: &Diagnostic| other.code == "extra-brace" && other.span().start >= behind;
        if let Some(index) = diagnostics.iter().position(extra) {
            diagnostics.remove(index);
        }
    }
    diagnostics.extend(found);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span().start);
    Parsed { file: ast::File { items, comments }, diagnostics }
}

/// The file that `use "written"` in the file `from` means; both are paths from the policy's folder. None when it leaves
/// that folder or is no path.
pub fn used_file(from: &str, written: &str) -> Option<String> {
    load::paths::resolve(from, written).ok()
}

/// Parses one literal: `100k USD`, `-3`, `"US"`, `2026-10-01`, `["a", "b"]`. Spans count from the start of `text`, in a
/// file that is in no [`crate::base::SourceMap`].
pub fn parse_constant(text: &str) -> Result<ast::Expr, Vec<Diagnostic>> {
    let scanned = scan::scan(text, FileId::default());
    match scanned.diagnostics.is_empty() {
        true => build::constant(text),
        false => Err(scanned.diagnostics),
    }
}
