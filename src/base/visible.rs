//! Text from files as it may reach a terminal.

use std::borrow::Cow;

/// Whether a character steers a terminal, is not seen, or reorders what is seen: controls (line feed and tab too),
/// bidirectional marks and isolates, line and paragraph separators, zero-width spaces, tags.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text on one line in which everything is seen: hidden characters are written as `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Policy text to be shown as an excerpt: every line and every byte stays where it is, and hidden characters but line
/// ends and tabs give way to a mark as long as they are.
pub fn visible_excerpt(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t' | '\r');
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let marked = text.chars().map(|c| match (hidden(c), c.len_utf8()) {
        (false, _) => c,
        (true, 1) => '?',
        (true, 2) => '¿',
        (true, 3) => '\u{fffd}',
        (true, _) => '\u{1f6ab}',
    });
    Cow::Owned(marked.collect())
}

/// JSON text that is the same to every reader and shows no hidden character to a terminal: they are written as
/// `\u009b`. JSON has them inside its texts only, where those below U+0020 are written so already; the line feeds between
/// texts stay.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    if json.is_ascii() && memchr::memchr(0x7f, json.as_bytes()).is_none() {
        return Cow::Borrowed(json);
    }
    let hidden = |c: char| is_hidden(c) && c != '\n';
    if !json.contains(hidden) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if hidden(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_reaches_the_terminal() {
        assert_eq!(visible("\u{1b}[2J\u{202e}x\n"), "\\u{1b}[2J\\u{202e}x\\u{a}");
        assert_eq!(visible("Zoë 👩‍🚀"), "Zoë 👩‍🚀");
        assert_eq!(visible_json("{\"a\": \"\u{7f}\u{9b}\u{e0041}\"}\n"), "{\"a\": \"\\u007f\\u009b\\udb40\\udc41\"}\n");
    }

    #[test]
    fn excerpts_keep_their_places() {
        let text = "# \u{1b}\u{9b}\u{202e}\u{e0041}\nx\ty";
        let shown = visible_excerpt(text);
        assert_eq!(shown.len(), text.len());
        assert!(shown.ends_with("\nx\ty") && !shown.contains(|c| is_hidden(c) && c != '\n' && c != '\t'));
    }
}
