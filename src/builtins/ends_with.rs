//! `ends with`: a text ends with another.

use super::Builtin;

pub(super) static BUILTIN: Builtin = Builtin {
    name: "ends with",
    form: r#"text ends with "part", text ends with any of ["a", "b"]"#,
    docs: "The text ends with the part. Case and outer white space do not count.",
    examples: &[
        (r#""a.b@Shop.example" ends with ".EXAMPLE""#, "true"),
        (r#""VP Sales" ends with any of ["vp", "ceo"]"#, "false"),
    ],
};

/// Compiled parts.
#[derive(Clone, Debug)]
pub struct EndsWith {
    pub(super) patterns: Vec<String>,
}

impl EndsWith {
    pub(super) fn compile(patterns: Vec<String>) -> EndsWith {
        EndsWith { patterns }
    }

    pub(super) fn matches(&self, folded: &str) -> bool {
        self.patterns.iter().any(|pattern| folded.ends_with(pattern.as_str()))
    }
}
