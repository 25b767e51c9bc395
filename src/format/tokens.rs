//! The words and signs of a text that parses, one after the other, comments and blanks left out.

/// No bracket.
const NONE: u32 = u32::MAX;

/// A word, number, text or sign.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub start: u32,
    pub end: u32,
    /// For a bracket, the index of the one that it opens or closes.
    mate: u32,
}

impl Token {
    /// The index of the bracket that belongs to this one.
    pub fn mate(&self) -> Option<usize> {
        (self.mate != NONE).then_some(self.mate as usize)
    }
}

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut all: Vec<Token> = Vec::with_capacity(text.len() / 5);
    let mut open: Vec<usize> = Vec::new();
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while let Some(&byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = match byte {
            b' ' | b'\n' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                continue;
            }
            b'"' => string(rest),
            b'0'..=b'9' => date(rest).unwrap_or_else(|| number(rest)),
            byte if is_word(byte) => path(rest),
            b'<' | b'>' if rest.get(1) == Some(&b'=') => 2,
            // What is no sign of the language does not parse; a whole character all the same.
            _ => text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8),
        };
        let index = all.len();
        let mut mate = NONE;
        match byte {
            b'(' | b'[' | b'{' => open.push(index),
            b')' | b']' | b'}' => {
                if let Some(opener) = open.pop() {
                    mate = opener as u32;
                    if let Some(opener) = all.get_mut(opener) {
                        opener.mate = index as u32;
                    }
                }
            }
            _ => {}
        }
        all.push(Token { start: at as u32, end: (at + length) as u32, mate });
        at += length;
    }
    all
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn words(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !is_word(*byte)).unwrap_or(bytes.len())
}

fn string(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// `company.employees`
fn path(bytes: &[u8]) -> usize {
    let mut at = words(bytes);
    while bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(|byte| is_word(*byte)) {
        at += 1 + words(bytes.get(at + 1..).unwrap_or_default());
    }
    at
}

/// `1_000.25%`
fn number(bytes: &[u8]) -> usize {
    let mut at = words(bytes);
    while bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at += 1 + words(bytes.get(at + 1..).unwrap_or_default());
    }
    if bytes.get(at) == Some(&b'%') { at + 1 } else { at }
}

/// `2026-10-01`, `2026-10-01T12:30:00.5+02:00`
fn date(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let dash = |at: usize| bytes.get(at) == Some(&b'-');
    if digits(0) != 4 || !dash(4) {
        return None;
    }
    let month = digits(5);
    if !(1..=2).contains(&month) || !dash(5 + month) {
        return None;
    }
    let day = digits(6 + month);
    if !(1..=2).contains(&day) {
        return None;
    }
    let end = 6 + month + day;
    if !matches!(bytes.get(end), Some(b'T' | b't')) {
        return Some(end);
    }
    let mut at = end + 1;
    while let Some(byte) = bytes.get(at) {
        let behind = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        match byte {
            b'0'..=b'9' => at += 1,
            b':' | b'.' if behind => at += 1,
            _ => break,
        }
    }
    match bytes.get(at) {
        Some(b'Z' | b'z') => Some(at + 1),
        Some(b'+' | b'-') if digits(at + 1) == 4 => Some(at + 5),
        Some(b'+' | b'-') if digits(at + 1) == 2 && bytes.get(at + 3) == Some(&b':') => Some(at + 4 + digits(at + 4)),
        _ => Some(at),
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn a_text_falls_into_words_and_signs() {
        let text = "opens: -5 if a.b.c>=1_0.5% # not (this)\nand x<2026-10-01T12:30:00.5+02:00 \"a \\\" b\"[(-7)]";
        let found: Vec<&str> = tokens(text).iter().map(|t| &text[t.start as usize..t.end as usize]).collect();
        let expected = [
            "opens",
            ":",
            "-",
            "5",
            "if",
            "a.b.c",
            ">=",
            "1_0.5%",
            "and",
            "x",
            "<",
            "2026-10-01T12:30:00.5+02:00",
            "\"a \\\" b\"",
            "[",
            "(",
            "-",
            "7",
            ")",
            "]",
        ];
        assert_eq!(found, expected);
        assert_eq!(tokens("[(a) b]")[0].mate(), Some(5));
    }
}
