//! `starts with`: a text begins with another.

use super::Builtin;

pub(super) static BUILTIN: Builtin = Builtin {
    name: "starts with",
    form: r#"text starts with "part", text starts with any of ["a", "b"]"#,
    docs: "The text begins with the part. Case and outer white space do not count.",
    examples: &[
        (r#""/pricing/eu" starts with "/Pricing""#, "true"),
        (r#""the VP" starts with any of ["vp", "ceo"]"#, "false"),
    ],
};

/// Compiled parts.
#[derive(Clone, Debug)]
pub struct StartsWith {
    pub(super) patterns: Vec<String>,
}

impl StartsWith {
    pub(super) fn compile(patterns: Vec<String>) -> StartsWith {
        StartsWith { patterns }
    }

    pub(super) fn matches(&self, folded: &str) -> bool {
        self.patterns.iter().any(|pattern| folded.starts_with(pattern.as_str()))
    }
}
