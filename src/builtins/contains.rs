//! `contains`: a text stands anywhere in another.

use super::{Builtin, PatternProblem};
use aho_corasick::AhoCorasick;
use memchr::memmem::Finder;

pub(super) static BUILTIN: Builtin = Builtin {
    name: "contains",
    form: r#"text contains "part", text contains any of ["a", "b"]"#,
    docs: "The part stands anywhere in the text, also inside a word. Case and outer white space do not count.",
    examples: &[(r#""Head of Sales" contains "of sal""#, "true"), (r#""Sales" contains any of ["x", "y"]"#, "false")],
};

/// Compiled parts.
#[derive(Clone, Debug)]
pub struct Contains {
    pub(super) patterns: Vec<String>,
    search: Search,
}

/// Finds any of several texts in another.
#[derive(Clone, Debug)]
pub(super) enum Search {
    One(Box<Finder<'static>>),
    Many(AhoCorasick),
}

impl Search {
    pub(super) fn new(patterns: &[String]) -> Result<Search, PatternProblem> {
        match patterns {
            [one] => Ok(Search::One(Box::new(Finder::new(one).into_owned()))),
            many => AhoCorasick::new(many)
                .map(Search::Many)
                .map_err(|_| PatternProblem::new(0, "the patterns are too long together")),
        }
    }

    pub(super) fn finds_bytes(&self, text: &[u8]) -> bool {
        match self {
            Search::One(finder) => finder.find(text).is_some(),
            Search::Many(automaton) => automaton.is_match(text),
        }
    }
}

impl Contains {
    pub(super) fn compile(folded: &[String]) -> Result<Contains, PatternProblem> {
        Ok(Contains { patterns: folded.to_vec(), search: Search::new(folded)? })
    }

    pub(super) fn matches(&self, folded: &str) -> bool {
        self.search.finds_bytes(folded.as_bytes())
    }
}
