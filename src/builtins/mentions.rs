//! `mentions`: words that stand in a text in a row.

use super::contains::Search;
use super::{Builtin, PatternProblem};
use bumpalo::Bump;

pub(super) static BUILTIN: Builtin = Builtin {
    name: "mentions",
    form: r#"text mentions "head of", text mentions any of ["ceo", "founder"]"#,
    docs: "The pattern's words stand in the text in a row. Words are what stands between separators: blanks, \
           punctuation and signs (the ASCII characters that are not letters or digits, U+0080 to U+00BF, U+2000 to \
           U+206F, U+3000 to U+303F). Case does not count.",
    examples: &[
        (r#""Head-of  Sales" mentions "head of""#, "true"),
        (r#""oceorama" mentions "ceo""#, "false"),
        (r#""Co-Founder & CEO" mentions any of ["ceo", "owner"]"#, "true"),
    ],
};

/// Whether a character stands between words.
fn is_separator(c: char) -> bool {
    match c {
        '\0'..='\x7f' => !c.is_ascii_alphanumeric(),
        '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' => true,
        _ => false,
    }
}

/// Compiled patterns.
#[derive(Clone, Debug)]
pub struct Mentions {
    pub(super) patterns: Vec<String>,
    search: Search,
}

impl Mentions {
    pub(super) fn compile(folded: &[String]) -> Result<Mentions, PatternProblem> {
        let rows: Vec<String> = folded.iter().map(|pattern| row(pattern)).collect();
        if let Some(empty) = rows.iter().position(|row| row == " ") {
            return Err(
                PatternProblem::new(empty, "the pattern has no word").help("`contains` finds signs: `contains \"&\"`")
            );
        }
        Ok(Mentions { patterns: folded.to_vec(), search: Search::new(&rows)? })
    }

    /// See [`super::Matcher::language`].
    pub(super) fn language(&self) -> String {
        const SEPARATOR: &str =
            r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\u{80}-\u{bf}\u{2000}-\u{206f}\u{3000}-\u{303f}]";
        let rows: Vec<String> = self
            .patterns
            .iter()
            .map(|pattern| {
                let words = pattern.split(is_separator).filter(|word| !word.is_empty());
                words.map(regex::escape).collect::<Vec<_>>().join(&format!("{SEPARATOR}+"))
            })
            .collect();
        format!(r"\A(?:(?s:.*){SEPARATOR})?(?:{})(?:{SEPARATOR}(?s:.*))?\z", rows.join("|"))
    }

    pub(super) fn matches(&self, folded: &str, arena: &Bump) -> bool {
        let mut words = bumpalo::collections::Vec::with_capacity_in(folded.len() + 2, arena);
        write_row(folded, &mut words);
        self.search.finds_bytes(&words)
    }
}

/// The words of a text with one blank before, between and behind them.
fn row(text: &str) -> String {
    let mut row = String::from(" ");
    for word in text.split(is_separator).filter(|word| !word.is_empty()) {
        row.push_str(word);
        row.push(' ');
    }
    row
}

/// As [`row`], into bytes that the caller owns.
fn write_row(text: &str, row: &mut bumpalo::collections::Vec<'_, u8>) {
    row.push(b' ');
    if text.is_ascii() {
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                row.push(byte);
            } else if row.last() != Some(&b' ') {
                row.push(b' ');
            }
        }
    } else {
        for c in text.chars() {
            if !is_separator(c) {
                row.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            } else if row.last() != Some(&b' ') {
                row.push(b' ');
            }
        }
    }
    if row.last() != Some(&b' ') {
        row.push(b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_words() {
        let arena = Bump::new();
        for text in ["", "head of", "-Head--of sales!", "zoë\u{2003}müller", "a·b", "東京　駅"] {
            let mut bytes = bumpalo::collections::Vec::new_in(&arena);
            write_row(text, &mut bytes);
            assert_eq!(String::from_utf8_lossy(&bytes), row(text));
        }
        assert_eq!(row("a·b　c"), " a b c ");
    }
}
