//! stub
use crate::syntax::ast::TextOp;
use bumpalo::Bump;
/// A compiled pattern of a text operator.
#[derive(Clone, Debug)]
pub struct Matcher;
/// Why a pattern has no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternProblem {
    /// What is wrong, in words for people: lower case, no final period.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}
impl Matcher {
    /// Compiles patterns: a text matches when it matches any of them.
    pub fn compile(_op: TextOp, _patterns: &[&str]) -> Result<Matcher, PatternProblem> {
        todo!()
    }
    /// Whether a text matches.
    pub fn matches(&self, _text: &str, _arena: &Bump) -> bool {
        todo!()
    }
}
