//! `like`: the whole text by a pattern with `*` and `?`.

use super::{Builtin, PatternProblem};
use regex::Regex;

pub(super) static BUILTIN: Builtin = Builtin {
    name: "like",
    form: r#"text like "vp *", text like any of ["vp *", "*director*"]"#,
    docs: "The whole text is as the pattern says: `*` is any run of characters, none too, and `?` is one character; \
           neither can be escaped. Case and outer white space do not count.",
    examples: &[
        (r#""VP of Sales" like "vp *""#, "true"),
        (r#""VP" like "vp *""#, "false"),
        (r#""SVP Sales" like "vp *""#, "false"),
        (r#""cat" like any of ["c?t", "dog"]"#, "true"),
    ],
};

/// Compiled patterns.
#[derive(Clone, Debug)]
pub struct Like {
    pub(super) patterns: Vec<String>,
    regex: Regex,
}

impl Like {
    pub(super) fn compile(folded: &[String]) -> Result<Like, PatternProblem> {
        let mut source = String::from(r"(?s)\A(?:");
        for (place, pattern) in folded.iter().enumerate() {
            if place > 0 {
                source.push('|');
            }
            for c in pattern.chars() {
                match c {
                    '*' => source.push_str(".*"),
                    '?' => source.push('.'),
                    c => source.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
                }
            }
        }
        source.push_str(r")\z");
        let regex = Regex::new(&source).map_err(|_| PatternProblem::new(0, "the pattern is too long"))?;
        Ok(Like { patterns: folded.to_vec(), regex })
    }

    pub(super) fn source(&self) -> &str {
        self.regex.as_str()
    }

    pub(super) fn matches(&self, folded: &str) -> bool {
        self.regex.is_match(folded)
    }
}
