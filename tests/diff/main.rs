//! What a change of a policy does: claims of all leads against every lead of a small world.

mod brute;
mod git;
mod golden;
mod leads;
#[path = "../support/mod.rs"]
mod support;
mod world;

use qualify::analysis::Budget;
use qualify::check::check;
use qualify::check::hir::Program;
use qualify::diagnostic::{ColorChoice, render};
use qualify::diff::{Difference, Policy, diff};
use qualify::syntax::{Loaded, MemoryFiles, load};

/// A policy without errors, and what it was made of.
pub fn compiled(text: &str) -> (Loaded, Program) {
    let loaded = load("policy.qual", text, &MemoryFiles::new());
    let checked = check(&loaded, &[]);
    let shown = render(&checked.diagnostics, &loaded.sources, ColorChoice::Plain, 120);
    let program = checked.program.unwrap_or_else(|| panic!("{text}\n{shown}"));
    (loaded, program)
}

/// What changes between two policies.
pub fn difference(old: &str, new: &str, budget: Budget) -> Difference {
    let ((old_loaded, old), (new_loaded, new)) = (compiled(old), compiled(new));
    let policy = |program, loaded| Policy { program, loaded };
    diff(policy(&old, &old_loaded), policy(&new, &new_loaded), budget)
}
