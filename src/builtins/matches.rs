//! `matches`: a regular expression anywhere in a text, in linear time.

use super::{Builtin, PatternProblem};
use crate::model::text::fold_char;
use std::iter::Peekable;
use std::str::Chars;

pub(super) static BUILTIN: Builtin = Builtin {
    name: "matches",
    form: r#"text matches "regex", text matches any of ["a+", "b?"]"#,
    docs: r"The regular expression matches somewhere in the text; `^` and `$` tie it to the text's ends. There are
literals, `.`, `[ ]` with ranges, `|`, groups, `* + ? {m,n}`, `^ $`, and `\d \w \s \b` with their opposites, all ASCII;
a sign is taken literally with `\` before it. In a policy's text a backslash is written `\\`. Case and outer white space
do not count.",
    examples: &[
        (r#""C-level, CTO" matches "\\bc[etf]o\\b""#, "true"),
        (r#""2026-Q4" matches "^\\d{4}-q[1-4]$""#, "true"),
        (r#""doctor" matches "\\bc[etf]o\\b""#, "false"),
    ],
};

/// The largest count in `{m,n}`.
const MOST: u32 = 1000;

/// Compiled patterns.
#[derive(Clone, Debug)]
pub struct Matches {
    pub(super) patterns: Vec<String>,
    regex: regex::bytes::Regex,
}

impl Matches {
    pub(super) fn compile(patterns: &[&str]) -> Result<Matches, PatternProblem> {
        let mut source = String::new();
        for (place, pattern) in patterns.iter().enumerate() {
            if place > 0 {
                source.push('|');
            }
            source.push_str("(?:");
            Translator { rest: pattern.chars().peekable(), out: &mut source, depth: 0, place }.pattern()?;
            source.push(')');
        }
        // Bytes, for `\B` of ASCII words is none of the crate's for text; both sides are UTF-8 all the same.
        let regex = regex::bytes::Regex::new(&source)
            .map_err(|_| PatternProblem::new(0, "the pattern is too large").help("lower the counts in `{m,n}`"))?;
        Ok(Matches { patterns: patterns.iter().map(|pattern| (*pattern).to_owned()).collect(), regex })
    }

    /// The expression as the crate reads it, for folded text.
    pub(super) fn source(&self) -> &str {
        self.regex.as_str()
    }

    pub(super) fn matches(&self, folded: &str) -> bool {
        self.regex.is_match(folded.as_bytes())
    }
}

/// Reads the language's regular expressions and writes the crate's, for folded text.
struct Translator<'a> {
    rest: Peekable<Chars<'a>>,
    out: &'a mut String,
    depth: u32,
    place: usize,
}

impl Translator<'_> {
    fn problem<T>(&self, message: impl Into<String>) -> Result<T, PatternProblem> {
        Err(PatternProblem::new(self.place, message))
    }

    fn pattern(&mut self) -> Result<(), PatternProblem> {
        self.alternatives()?;
        match self.rest.next() {
            None => Ok(()),
            Some(c) => Err(PatternProblem::new(self.place, format!("`{c}` closes nothing"))
                .help(format!("a sign is written `\\\\{c}`"))),
        }
    }

    fn alternatives(&mut self) -> Result<(), PatternProblem> {
        loop {
            while let Some(&c) = self.rest.peek() {
                if c == '|' || c == ')' {
                    break;
                }
                self.repeated()?;
            }
            if self.rest.peek() != Some(&'|') {
                return Ok(());
            }
            self.rest.next();
            self.out.push('|');
        }
    }

    fn repeated(&mut self) -> Result<(), PatternProblem> {
        let repeatable = self.atom()?;
        let Some(c @ ('*' | '+' | '?' | '{')) = self.rest.peek().copied() else { return Ok(()) };
        if !repeatable {
            return self.problem(format!("`{c}` repeats nothing"));
        }
        self.rest.next();
        if c == '{' {
            self.counts()?
        } else {
            self.out.push(c)
        }
        match self.rest.peek().copied() {
            Some(c @ ('*' | '+' | '?' | '{')) => self.problem(format!("`{c}` behind a repetition has no meaning here")),
            _ => Ok(()),
        }
    }

    /// What stands behind `{`: `m}`, `m,}` or `m,n}`.
    fn counts(&mut self) -> Result<(), PatternProblem> {
        let written: String = std::iter::from_fn(|| self.rest.next_if(|&c| c != '}')).take(12).collect();
        let closed = self.rest.next() == Some('}');
        let (least, most) =
            written.split_once(',').map_or((written.as_str(), None), |(least, most)| (least, Some(most)));
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
        let (Some(least), true) = (number(least), closed) else {
            return Err(
                PatternProblem::new(self.place, "`{` begins no count").help("write `{2,5}`, or `\\\\{` for the sign")
            );
        };
        let most = match most {
            Some("") => None,
            Some(most) => match number(most) {
                Some(most) => Some(most),
                None => return self.problem("`{` begins no count"),
            },
            None => Some(least),
        };
        if least.max(most.unwrap_or(0)) > MOST || most.is_some_and(|most| most < least) {
            return self.problem(format!("a count goes from low to high, up to {MOST}"));
        }
        match most {
            Some(most) => self.out.push_str(&format!("{{{least},{most}}}")),
            None => self.out.push_str(&format!("{{{least},}}")),
        }
        Ok(())
    }

    /// One literal, class, group or anchor; whether it can be repeated.
    fn atom(&mut self) -> Result<bool, PatternProblem> {
        match self.rest.next() {
            None => Ok(false),
            Some('.') => {
                self.out.push('.');
                Ok(true)
            }
            Some('^') => {
                self.out.push_str(r"\A");
                Ok(false)
            }
            Some('$') => {
                self.out.push_str(r"\z");
                Ok(false)
            }
            Some('(') => self.group(),
            Some('[') => self.class(),
            Some('\\') => self.escape(),
            Some(c @ ('*' | '+' | '?' | '{' | '}' | ']')) => {
                Err(PatternProblem::new(self.place, format!("`{c}` has no meaning here"))
                    .help(format!("a sign is written `\\\\{c}`")))
            }
            Some(c) => {
                self.literal(c);
                Ok(true)
            }
        }
    }

    fn literal(&mut self, c: char) {
        self.out.push_str(&regex::escape(fold_char(c).encode_utf8(&mut [0; 4])));
    }

    fn group(&mut self) -> Result<bool, PatternProblem> {
        if self.rest.peek() == Some(&'?') {
            return self.problem("`(?` has no meaning here");
        }
        self.depth += 1;
        if self.depth > 50 {
            return self.problem("groups stand in each other too deep");
        }
        self.out.push_str("(?:");
        self.alternatives()?;
        self.depth -= 1;
        if self.rest.next() != Some(')') {
            return self.problem("a `(` is never closed");
        }
        self.out.push(')');
        Ok(true)
    }

    fn escape(&mut self) -> Result<bool, PatternProblem> {
        let text = match self.rest.next() {
            Some('d') => "[0-9]",
            Some('D') => "[^0-9]",
            Some('w') => "[0-9a-z_]",
            Some('W') => "[^0-9a-z_]",
            Some('s') => r"[\t\n\x0b\x0c\r ]",
            Some('S') => r"[^\t\n\x0b\x0c\r ]",
            Some('b') => {
                self.out.push_str(r"(?-u:\b)");
                return Ok(false);
            }
            Some('B') => {
                self.out.push_str(r"(?-u:\B)");
                return Ok(false);
            }
            Some(c) if c.is_ascii_punctuation() => {
                self.literal(c);
                return Ok(true);
            }
            Some(c) => return self.problem(format!("`\\{c}` has no meaning here")),
            None => return self.problem("nothing stands behind the last `\\`"),
        };
        self.out.push_str(text);
        Ok(true)
    }

    fn class(&mut self) -> Result<bool, PatternProblem> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        self.out.push_str(if negated { "[^" } else { "[" });
        let mut empty = true;
        loop {
            let first = match self.rest.next() {
                None => return self.problem("a `[` is never closed"),
                Some(']') if empty => return self.problem("a class is empty"),
                Some(']') => break,
                Some('[') => {
                    return Err(PatternProblem::new(self.place, "`[` has no meaning in a class")
                        .help("the sign is written `\\\\[`"));
                }
                Some('\\') => match self.class_escape()? {
                    Some(c) => c,
                    None => {
                        empty = false;
                        continue;
                    }
                },
                Some(c) => c,
            };
            empty = false;
            let mut ahead = self.rest.clone();
            let ranges = ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']');
            if !ranges {
                self.range(first, first);
                continue;
            }
            self.rest.next();
            let last = match self.rest.next() {
                Some('\\') => match self.class_escape()? {
                    Some(c) => c,
                    None => return self.problem("a range ends with a character"),
                },
                Some(c) => c,
                None => return self.problem("a `[` is never closed"),
            };
            if last < first {
                return self.problem(format!("the range `{first}-{last}` goes from high to low"));
            }
            self.range(first, last);
        }
        self.out.push(']');
        Ok(true)
    }

    /// What stands behind `\` in a class: a literal, or a class that is written at once.
    fn class_escape(&mut self) -> Result<Option<char>, PatternProblem> {
        let text = match self.rest.next() {
            Some('d') => "0-9",
            Some('D') => "[^0-9]",
            Some('w') => "0-9a-z_",
            Some('W') => "[^0-9a-z_]",
            Some('s') => r"\t\n\x0b\x0c\r ",
            Some('S') => r"[^\t\n\x0b\x0c\r ]",
            Some(c) if c.is_ascii_punctuation() => return Ok(Some(c)),
            Some(c) => return self.problem(format!("`\\{c}` has no meaning in a class")),
            None => return self.problem("a `[` is never closed"),
        };
        self.out.push_str(text);
        Ok(None)
    }

    /// Writes the folded characters of a range.
    fn range(&mut self, first: char, last: char) {
        let mut folded: Vec<char> = (first..=last).map(fold_char).collect();
        folded.sort_unstable();
        folded.dedup();
        let mut rest = folded.as_slice();
        while let [start, ..] = rest {
            let mut length = 1;
            while rest.get(length).is_some_and(|&next| rest[length - 1] as u32 + 1 == next as u32) {
                length += 1;
            }
            let end = rest[length - 1];
            self.out.push_str(&format!("\\x{{{:x}}}-\\x{{{:x}}}", *start as u32, end as u32));
            rest = &rest[length..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::fold;

    fn matches(pattern: &str, text: &str) -> bool {
        Matches::compile(&[pattern]).expect("a pattern").matches(&fold(text))
    }

    #[test]
    fn case_does_not_count() {
        assert!(matches("CEO", "the ceo"));
        assert!(matches("[A-C]x", "bX"));
        assert!(!matches("[^A]", "aA"));
        assert!(matches(r"\W", "a-b"));
        assert!(matches("ΣΑΣ", "σας"));
    }

    #[test]
    fn words_and_digits_are_ascii() {
        assert!(!matches(r"\d", "٣"));
        assert!(!matches(r"\w", "é"));
        assert!(matches(r"\Bé", "aéb") || matches(r"a\bé", "aéb"));
        assert!(matches(r"^\S+@\S+\.\S+$", " a@b.c "));
    }

    #[test]
    fn anything_else_is_a_problem() {
        for pattern in [
            "a**",
            "a*?",
            "(?i)a",
            "(a",
            "a)",
            "[",
            "[]",
            "[b-a]",
            "[[:alpha:]]",
            r"\p{L}",
            r"\1",
            "a{2",
            "{2}",
            "a{3,2}",
            "a{1001}",
            "*",
            "^*",
            r"\b+",
            "]",
            "a{,3}",
        ] {
            assert!(Matches::compile(&[pattern]).is_err(), "{pattern}");
        }
    }
}
