//! Anchors: what links of a page point to.

use std::collections::HashSet;

/// The anchor of something that has a name: its kind and its names, `rule-engagement-opens`. It stays as long as the
/// names stay.
pub fn anchor(kind: &str, names: &[&str]) -> String {
    let parts = std::iter::once(kind).chain(names.iter().copied());
    parts.map(slug).collect::<Vec<_>>().join("-")
}

/// Text as a part of an anchor: small letters, digits and `_`; all else in a row becomes one `-`. Letters of any script
/// stay. Text without one is `x`.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || c == '_' {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
        if out.len() > 80 {
            break;
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    if out.is_empty() { "x".to_owned() } else { out }
}

/// Anchors that were given out: for things that have labels only, of which two may be alike.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    taken: HashSet<String>,
}

impl Anchors {
    /// An anchor that nobody has yet: a second `test-x` is `test-x-2`.
    pub fn unique(&mut self, wanted: String) -> String {
        let mut out = wanted.clone();
        let mut count = 1;
        while !self.taken.insert(out.clone()) {
            count += 1;
            out = format!("{wanted}-{count}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_hold_no_markup() {
        assert_eq!(anchor("rule", &["lead_score", "opens"]), "rule-lead_score-opens");
        assert_eq!(slug("Todd is an \"MQL\" <script>"), "todd-is-an-mql-script");
        assert_eq!(slug("Füße, 2"), "füße-2");
        assert_eq!(slug("  "), "x");
        let mut anchors = Anchors::default();
        assert_eq!(anchors.unique("a".into()), "a");
        assert_eq!(anchors.unique("a".into()), "a-2");
    }
}
