//! The words of the language: which are reserved, which start a declaration, what may be a name.

/// The reserved words of §2: none of them is a name, save after a dot.
pub const RESERVED: &[&str] = &[
    "age",
    "all",
    "and",
    "any",
    "at",
    "between",
    "by",
    "contains",
    "count",
    "disqualified",
    "distinct",
    "else",
    "ends",
    "event",
    "exactly",
    "fails",
    "false",
    "first",
    "fits",
    "has",
    "if",
    "implies",
    "in",
    "is",
    "known",
    "last",
    "least",
    "like",
    "matches",
    "mentions",
    "missing",
    "most",
    "no",
    "not",
    "of",
    "or",
    "otherwise",
    "per",
    "since",
    "stage",
    "starts",
    "then",
    "to",
    "true",
    "unknown",
    "where",
    "with",
    "within",
];

/// The words that name fields only.
pub const UNITS: &[&str] =
    &["minutes", "hours", "days", "weeks", "months", "years", "minute", "hour", "day", "week", "month", "year"];

/// The words that start a clause of a field and therefore name no field.
pub const FIELD_CLAUSES: &[&str] = &["key", "required", "fixed", "from", "ask", "format"];

/// The words that start a declaration.
pub const DECLARATIONS: &[&str] = &[
    "policy",
    "version",
    "owner",
    "timezone",
    "review",
    "agreed",
    "use",
    "lead",
    "events",
    "event",
    "list",
    "define",
    "persona",
    "fit",
    "score",
    "bands",
    "matrix",
    "disqualify",
    "stages",
    "route",
    "always",
    "outcome",
    "test",
];

/// The words that stand behind a value and compare it or join it to another.
pub const OPERATORS: &[&str] = &[
    "and",
    "or",
    "implies",
    "otherwise",
    "between",
    "is",
    "in",
    "not",
    "has",
    "within",
    "fits",
    "fails",
    "mentions",
    "starts with",
    "ends with",
    "contains",
    "like",
    "matches",
];

/// The types of fields.
pub const TYPES: &[&str] =
    &["text", "int", "number", "money", "bool", "date", "time", "one of", "ranked", "list of", "stage"];

/// Whether a word is spelled as names are: `[a-z][a-z0-9_]*`.
pub fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The nearest spelling that is a name: lower case, `_` for what cannot stand in one.
pub fn as_name(word: &str) -> String {
    let mut name = String::with_capacity(word.len());
    let mut after_lower = false;
    for c in word.chars() {
        match c {
            'a'..='z' | '0'..='9' => name.push(c),
            'A'..='Z' => {
                if after_lower {
                    name.push('_');
                }
                name.push(c.to_ascii_lowercase());
            }
            _ if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            _ => {}
        }
        after_lower = c.is_ascii_lowercase();
    }
    let name = name.trim_end_matches('_');
    match name.starts_with(|c: char| c.is_ascii_lowercase()) {
        true => name.to_string(),
        false => format!("n{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_word_becomes_a_name() {
        for (word, name) in [("MQL", "mql"), ("inUs", "in_us"), ("in-us", "in_us"), ("_x", "x"), ("1st", "n1st")] {
            assert_eq!(as_name(word), name);
            assert!(is_name(name));
        }
    }
}
