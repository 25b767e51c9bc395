//! The functions: their names and signatures.

use crate::model::Type;

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Function {
    Domain,
    Length,
    Size,
    Min,
    Max,
    Round,
}

impl Function {
    /// The function with this name.
    pub fn named(_name: &str) -> Option<Function> {
        todo!()
    }

    /// All names, for suggestions.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ["domain"].into_iter()
    }

    /// The type of the result for arguments of these types; what it takes, in words, when they do not fit
    /// (`one text`, `two numbers or two amounts of one currency`).
    pub fn check(self, _arguments: &[Type]) -> Result<Type, &'static str> {
        todo!()
    }
}
