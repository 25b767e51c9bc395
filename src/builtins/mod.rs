//! The functions and text operators of the language, one file each.

mod functions;
mod matcher;

pub use functions::Function;
pub use matcher::{Matcher, PatternProblem};
