//! From [`crate::syntax::ast`] to [`hir::Program`]: names resolved to slots, every expression typed.
//!
//! The passes run over all declarations of all files, in this order: names and shapes (`collect`, `fields`, `events`,
//! `lists`), values (`amounts`, `expr`), declarations (`blocks`, `scores`, `policy_tests`), and last what needs what
//! (`order`). Every pass runs whatever went wrong before it; an expression with a mistake is `Reported`, and what
//! rests on it says nothing more.

mod amounts;
mod blocks;
mod checker;
mod collect;
mod describe;
mod digest;
mod errors;
mod events;
mod expr;
mod fields;
pub mod hir;
pub mod join;
pub mod keys;
mod lists;
mod names;
mod order;
mod points;
mod policy_tests;
mod program;
mod scores;
mod walk;

pub use digest::Digest;

pub use errors::CODES;
pub use points::Worth;

use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::{Loaded, ast};

/// Something is wrong, and that is reported.
#[derive(Clone, Copy, Debug)]
struct Reported;

type Result<T> = std::result::Result<T, Reported>;

/// What a policy is made into.
#[derive(Debug)]
pub struct Checked {
    /// The program; none when there is an error.
    pub program: Option<hir::Program>,
    /// What is wrong with the policy, errors of its syntax included, in the order of its text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a policy with all its files. `overrides` are new values of constants, by their name.
pub fn check(loaded: &Loaded, overrides: &[(String, ast::Expr)]) -> Checked {
    let mut checker = checker::Checker::new(loaded);
    let program = checker.run(overrides);
    let mut diagnostics = loaded.diagnostics.clone();
    diagnostics.append(&mut checker.diagnostics);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span().file, diagnostic.span().start));
    let clean = diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error);
    Checked { program: program.filter(|_| clean), diagnostics }
}
