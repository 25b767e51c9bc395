//! Texts in quotes, in their one spelling.

use crate::base::{is_hidden, push_quoted};
use std::borrow::Cow;

/// A text as it stands in the source, quotes included, with its escapes made canonical: `\"`, `\\`, `\n`, `\t`, and
/// `\u{…}` for characters that nobody sees. All others stand for themselves.
pub(super) fn canonical(written: &str) -> Cow<'_, str> {
    let inside = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    if !inside.contains(|c: char| c == '\\' || is_hidden(c)) {
        return Cow::Borrowed(written);
    }
    let mut out = String::with_capacity(written.len() + 8);
    out.push('"');
    let mut rest = inside.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('n') => out.push_str("\\n"),
                Some('t') => out.push_str("\\t"),
                Some('u') => {
                    let code: String = rest.by_ref().skip_while(|c| *c == '{').take_while(|c| *c != '}').collect();
                    match u32::from_str_radix(&code, 16).ok().and_then(char::from_u32) {
                        Some(c) => push_quoted(c, &mut out),
                        None => out.push_str(&format!("\\u{{{code}}}")),
                    }
                }
                Some(c) => push_quoted(c, &mut out),
                None => {}
            },
            c => push_quoted(c, &mut out),
        }
    }
    out.push('"');
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn escapes_have_one_spelling() {
        for (written, expected) in [
            (r#""plain é 👩‍🚀""#, r#""plain é 👩‍🚀""#),
            (r#""a\"b\\c\nd\te""#, r#""a\"b\\c\nd\te""#),
            (r#""\u{41}\u{22}\u{5C}\u{0a}\u{9}\u{1B}""#, r#""A\"\\\n\t\u{1b}""#),
            ("\"a\tb\u{202e}c\"", r#""a\tb\u{202e}c""#),
            (r#""""#, r#""""#),
        ] {
            assert_eq!(canonical(written), expected);
            assert_eq!(canonical(expected), expected);
        }
    }
}
