//! The formatter keeps what was written and has one layout for it.

#![allow(clippy::unwrap_used, clippy::explicit_auto_deref)]

mod cases;
mod command;
mod properties;
#[path = "../reference/mod.rs"]
mod reference;
mod scatter;

use qualify::base::{FileId, Source};
use qualify::format::format;
use qualify::syntax::{ast, parse};

/// The tree of a text without errors.
fn tree(text: &str) -> ast::File {
    let parsed = parse(&Source::new("policy.qual", text), FileId(0));
    assert!(parsed.diagnostics.is_empty(), "{:#?}\n{text}", parsed.diagnostics);
    parsed.file
}

fn formatted(text: &str) -> String {
    let file = tree(text);
    format(&Source::new("policy.qual", text), &file).unwrap_or_else(|mistake| panic!("{mistake}\n{text}"))
}

fn comments(file: &ast::File) -> Vec<&str> {
    file.comments.iter().map(|comment| comment.text.as_str()).collect()
}

/// Formats, and checks all that holds of every text.
fn keeps(text: &str) -> String {
    let before = tree(text);
    let output = formatted(text);
    let after = tree(&output);
    assert_eq!(before.items, after.items, "the tree changed:\n{text}\n-- became --\n{output}");
    assert_eq!(comments(&before), comments(&after), "comments changed:\n{text}\n-- became --\n{output}");
    let again = formatted(&output);
    if again != output {
        let diff = similar::TextDiff::from_lines(&output, &again);
        panic!("formatting twice is not formatting once:\n{}\n-- of --\n{text}", diff.unified_diff());
    }
    assert!(output.lines().all(|line| line.trim_end() == line), "blanks at a line's end:\n{output}");
    assert!(!output.contains("\n\n\n") && !output.starts_with('\n') && !output.ends_with("\n\n"), "{output}");
    output
}
