//! What can happen at all: analysis against the evaluator.

mod brute;
mod cells;
mod examples;
mod prove;
#[path = "../reference/mod.rs"]
mod reference;
mod small;
#[path = "../support/compared.rs"]
mod support;
mod world;

use qualify::check::check;
use qualify::check::hir::Program;
use qualify::diagnostic::{ColorChoice, render};
use qualify::syntax::{MemoryFiles, load};

/// The program of a policy without errors.
fn program(text: &str) -> Program {
    let files = MemoryFiles::new().with("lists/free-mail.txt", "gmail.com\nYahoo.com\n");
    let loaded = load("policy.qual", text, &files);
    let checked = check(&loaded, &[]);
    let shown = render(&checked.diagnostics, &loaded.sources, ColorChoice::Plain, 120);
    checked.program.unwrap_or_else(|| panic!("{text}\n{shown}"))
}
