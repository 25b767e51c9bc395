//! The functions and text operators of the language, one file each: what it means, examples that run as tests, its
//! evaluation.

mod contains;
mod domain;
mod ends_with;
mod functions;
mod length;
mod like;
mod matcher;
mod matches;
mod max;
mod mentions;
mod min;
mod round;
mod size;
mod starts_with;

pub use functions::Function;
pub use matcher::{Matcher, PatternProblem};

/// What people read about a function or operator.
#[derive(Debug)]
pub struct Builtin {
    /// Its name: `domain`, `starts with`.
    pub name: &'static str,
    /// How it is written: `domain(text)`.
    pub form: &'static str,
    /// What it means, in sentences.
    pub docs: &'static str,
    /// Expressions and their values, as a decision shows them; run as tests.
    pub examples: &'static [(&'static str, &'static str)],
}

/// All functions and text operators: a row a file.
pub static ALL: &[&Builtin] = &[
    &contains::BUILTIN,
    &domain::BUILTIN,
    &ends_with::BUILTIN,
    &length::BUILTIN,
    &like::BUILTIN,
    &matches::BUILTIN,
    &max::BUILTIN,
    &mentions::BUILTIN,
    &min::BUILTIN,
    &round::BUILTIN,
    &size::BUILTIN,
    &starts_with::BUILTIN,
];
