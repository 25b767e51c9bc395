//! Text as the language sees it: outer white space and case (§3).

use bumpalo::Bump;
use std::borrow::Cow;

/// Space, tab, line feed, carriage return and the no-break space.
pub fn is_outer_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{a0}')
}

/// Text without its outer white space.
#[inline(always)]
pub fn trim(text: &str) -> &str {
    // Nearly all text has no outer white space: its ends are visible ASCII.
    let visible = |byte: Option<&u8>| byte.is_some_and(|byte| (0x21..0x7f).contains(byte));
    let bytes = text.as_bytes();
    if visible(bytes.first()) && visible(bytes.last()) { text } else { trim_any(text) }
}

#[inline(never)]
fn trim_any(text: &str) -> &str {
    text.trim_matches(is_outer_space)
}

/// The simple (one to one) lower case of a character, with ς as σ.
pub fn fold_char(c: char) -> char {
    match c {
        // The only character whose full lower case is two.
        'İ' => 'i',
        'ς' => 'σ',
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// Text as all text operators see it: trimmed, case ignored.
pub fn fold(text: &str) -> Cow<'_, str> {
    let text = trim(text);
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().map(fold_char).collect())
    }
}

/// As [`fold`], new text in `arena`.
pub fn fold_in<'a>(text: &'a str, arena: &'a Bump) -> &'a str {
    let text = trim(text);
    let mut kind = 0u8;
    for byte in text.bytes() {
        kind |= if byte.is_ascii_uppercase() { 1 } else { byte & 0x80 };
    }
    match kind {
        0 => text,
        1 => {
            let folded = arena.alloc_str(text);
            folded.make_ascii_lowercase();
            folded
        }
        _ => {
            let mut folded = bumpalo::collections::String::with_capacity_in(text.len() + 8, arena);
            folded.extend(text.chars().map(fold_char));
            folded.into_bump_str()
        }
    }
}

/// Whether two texts are the same to the language.
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (trim(a), trim(b));
    if a.is_ascii() && b.is_ascii() {
        a.eq_ignore_ascii_case(b)
    } else {
        a.chars().map(fold_char).eq(b.chars().map(fold_char))
    }
}

/// A name made readable: `in_us` is "In us".
pub fn readable(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut chars = spaced.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_simple_lower_case() {
        assert_eq!(fold("\u{a0} İSTANBUL\t"), "istanbul");
        assert_eq!(fold("ΟΔΥΣΣΕΥΣ"), fold("οδυσσευς"));
        assert!(same(" Straße", "STRAßE"));
        assert!(!same("Straße", "STRASSE"));
        assert_eq!(fold_in("\u{a0} İSTANBUL\t", &Bump::new()), "istanbul");
    }

    #[test]
    fn only_listed_space_is_outer() {
        assert_eq!(trim("\u{2003}a"), "\u{2003}a");
        assert_eq!(trim("\u{a0}\r\na\t "), "a");
    }
}
