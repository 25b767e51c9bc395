//! Text in quotes, as a policy writes it.

use super::is_hidden;

/// Text in quotes, with the escapes that a policy knows (§2): `\"`, `\\`, `\n`, `\t`, and `\u{…}` for characters that
/// nobody sees. All others stand for themselves.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        push_quoted(c, &mut out);
    }
    out.push('"');
    out
}

/// A character as it stands between quotes.
pub fn push_quoted(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        c if is_hidden(c) => out.extend(c.escape_unicode()),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_would_end_or_hide_is_escaped() {
        assert_eq!(quoted("a \"b\" \\ é\n\t\u{1b}\u{202e}"), r#""a \"b\" \\ é\n\t\u{1b}\u{202e}""#);
    }
}
