//! Compiled patterns of the text operators, each in its file.

use super::{contains, ends_with, like, matches, mentions, starts_with};
use crate::model::text;
use crate::syntax::ast::TextOp;
use bumpalo::Bump;

/// The compiled patterns of a text operator: a text matches when it matches any of them.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// `like`
    Like(like::Like),
    /// `mentions`
    Mentions(mentions::Mentions),
    /// `contains`
    Contains(contains::Contains),
    /// `starts with`
    StartsWith(starts_with::StartsWith),
    /// `ends with`
    EndsWith(ends_with::EndsWith),
    /// `matches`
    Matches(matches::Matches),
}

/// Why a pattern has no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternProblem {
    /// Which of the patterns, from 0.
    pub pattern: usize,
    /// What is wrong, in words for people: lower case, no final period.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl PatternProblem {
    pub(super) fn new(pattern: usize, message: impl Into<String>) -> PatternProblem {
        PatternProblem { pattern, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> PatternProblem {
        self.help = Some(help.into());
        self
    }
}

impl Matcher {
    /// Compiles patterns as they are written; case and outer white space do not count.
    pub fn compile(op: TextOp, patterns: &[&str]) -> Result<Matcher, PatternProblem> {
        let folded: Vec<String> = patterns.iter().map(|pattern| text::fold(pattern).into_owned()).collect();
        if let Some(empty) = folded.iter().position(String::is_empty) {
            return Err(PatternProblem::new(empty, "the pattern is empty")
                .help("a missing value is asked for with `is missing`"));
        }
        match op {
            TextOp::Like => like::Like::compile(&folded).map(Matcher::Like),
            TextOp::Mentions => mentions::Mentions::compile(&folded).map(Matcher::Mentions),
            TextOp::Contains => contains::Contains::compile(&folded).map(Matcher::Contains),
            TextOp::StartsWith => Ok(Matcher::StartsWith(starts_with::StartsWith::compile(folded))),
            TextOp::EndsWith => Ok(Matcher::EndsWith(ends_with::EndsWith::compile(folded))),
            // Case in a regular expression is a matter of its parts: `\D` is not `\d`.
            TextOp::Matches => matches::Matches::compile(patterns).map(Matcher::Matches),
        }
    }

    /// Whether a text matches any of the patterns.
    pub fn matches<'a>(&self, text: &'a str, arena: &'a Bump) -> bool {
        let folded = text::fold_in(text, arena);
        match self {
            Matcher::Like(matcher) => matcher.matches(folded),
            Matcher::Mentions(matcher) => matcher.matches(folded, arena),
            Matcher::Contains(matcher) => matcher.matches(folded),
            Matcher::StartsWith(matcher) => matcher.matches(folded),
            Matcher::EndsWith(matcher) => matcher.matches(folded),
            Matcher::Matches(matcher) => matcher.matches(folded),
        }
    }

    /// The patterns; folded, but for those of `matches`.
    pub fn patterns(&self) -> &[String] {
        match self {
            Matcher::Like(matcher) => &matcher.patterns,
            Matcher::Mentions(matcher) => &matcher.patterns,
            Matcher::Contains(matcher) => &matcher.patterns,
            Matcher::StartsWith(matcher) => &matcher.patterns,
            Matcher::EndsWith(matcher) => &matcher.patterns,
            Matcher::Matches(matcher) => &matcher.patterns,
        }
    }

    /// All texts that match, as a regular expression of the `regex` crate for the whole folded text.
    pub fn language(&self) -> String {
        let any = |patterns: &[String]| {
            let escaped: Vec<String> = patterns.iter().map(|pattern| regex::escape(pattern)).collect();
            format!("(?:{})", escaped.join("|"))
        };
        match self {
            Matcher::Like(matcher) => matcher.source().to_owned(),
            Matcher::Mentions(matcher) => matcher.language(),
            Matcher::Contains(matcher) => format!(r"\A(?s:.*){}(?s:.*)\z", any(&matcher.patterns)),
            Matcher::StartsWith(matcher) => format!(r"\A{}(?s:.*)\z", any(&matcher.patterns)),
            Matcher::EndsWith(matcher) => format!(r"\A(?s:.*){}\z", any(&matcher.patterns)),
            Matcher::Matches(matcher) => format!(r"\A(?s:.*)(?:{})(?s:.*)\z", matcher.source()),
        }
    }
}
