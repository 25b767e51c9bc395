//! The same policy in a random layout, with comments strewn between its words.

use crate::reference::generate::Rng;

/// How a text is scattered.
#[derive(Clone, Copy)]
pub struct Style {
    /// In so many of a hundred gaps stands a comment.
    pub comments: usize,
    /// Whether there are empty lines.
    pub empty_lines: bool,
    /// Whether commas and parentheses that say nothing are added.
    pub extras: bool,
}

const COMMENTS: &[&str] = &["# why", "#", "# \"quoted", "#{ [ (", "# é — ü", "#### title", "# a, b: c }", "# # twice"];

/// The words and signs of a policy.
fn words(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let is_word = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let mut all = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'#' => {
                at += text[at..].find('\n').unwrap_or(text.len() - at);
                continue;
            }
            b'"' => {
                at += 1;
                while bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'<' | b'>' if bytes.get(at + 1) == Some(&b'=') => at += 2,
            byte if byte.is_ascii_digit() => {
                let date = text[at..].get(4..5) == Some("-") && text[at..at + 4].bytes().all(|b| b.is_ascii_digit());
                // A date with its time, or a number.
                let signs: &[u8] = if date { b"-:.+" } else { b"." };
                while is_word(at) || bytes.get(at).is_some_and(|byte| signs.contains(byte)) && is_word(at + 1) {
                    at += 1;
                }
                at += usize::from(bytes.get(at) == Some(&b'%'));
            }
            _ if is_word(at) => {
                while is_word(at) || bytes.get(at) == Some(&b'.') && is_word(at + 1) {
                    at += 1;
                }
            }
            _ => at += 1,
        }
        all.push(&text[start..at]);
    }
    all
}

/// Commas before `]`, and parentheses in parentheses.
fn with_extras<'t>(words: Vec<&'t str>, rng: &mut Rng) -> Vec<&'t str> {
    let mut out: Vec<&str> = Vec::with_capacity(words.len());
    // For each bracket that is open, whether it was doubled.
    let mut open = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let before = place.checked_sub(1).map_or("", |before| words[before]);
        match *word {
            "(" => {
                let joined = ["where", "and", "or", "not", "if", "(", "[", ">=", "is", "implies"].contains(&before);
                let doubled = joined && rng.chance(30);
                open.push(doubled);
                out.extend(doubled.then_some("("));
                out.push("(");
            }
            ")" => {
                out.extend(open.pop().unwrap_or(false).then_some(")"));
                out.push(")");
            }
            "]" => {
                out.extend((!["[", ","].contains(&before) && rng.chance(30)).then_some(","));
                out.push("]");
            }
            word => out.push(word),
        }
    }
    out
}

/// The policy in another layout.
pub fn scattered(text: &str, seed: u64, style: Style) -> String {
    let mut rng = Rng::new(seed);
    let mut all = words(text);
    if style.extras {
        all = with_extras(all, &mut rng);
    }
    let mut out = String::new();
    for (place, word) in all.iter().enumerate() {
        if place > 0 {
            gap(&mut out, &mut rng, style, true);
        } else if rng.chance(30) {
            gap(&mut out, &mut rng, style, false);
        }
        out.push_str(word);
    }
    gap(&mut out, &mut rng, style, false);
    out
}

/// What stands between two words; `needed` where there must be something.
fn gap(out: &mut String, rng: &mut Rng, style: Style, needed: bool) {
    if !rng.chance(style.comments) {
        let blanks: &[&str] = if style.empty_lines {
            &[" ", " ", "  ", "\n", "\t", "\r\n", "\n\n", "\n \n\n    "]
        } else {
            &[" ", " ", " ", "  ", "\n", "\t", "\r\n  "]
        };
        return out.push_str(if needed || rng.chance(50) { *rng.pick(blanks) } else { "" });
    }
    for _ in 0..rng.between(1, 2) {
        out.push_str(*rng.pick(&["", " ", "\n", "   ", "\n\n  ", "\t"]));
        out.push_str(*rng.pick(COMMENTS));
        out.push_str(*rng.pick(&["\n", "\n", "  \n", "\r\n", "\n\n\n"]));
    }
}
