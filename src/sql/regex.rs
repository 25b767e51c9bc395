//! The language's regular expressions in the words of other engines.

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

/// How an engine writes regular expressions. All of them are for folded text.
#[derive(Clone, Copy, Debug)]
pub struct Flavour {
    /// A character by its code, as in `\x{e9}`: what stands before and behind its hexadecimal digits.
    pub code: (&'static str, &'static str),
    /// How many digits a code has at least.
    pub digits: usize,
    /// The text's beginning and end.
    pub ends: (&'static str, &'static str),
    /// The border of an ASCII word, and its opposite.
    pub borders: (&'static str, &'static str),
    /// The highest count in `{m,n}`.
    pub most: u32,
    /// A group without a number.
    pub group: &'static str,
}

/// RE2, as in DuckDB, ClickHouse and BigQuery.
pub const RE2: Flavour =
    Flavour { code: ("\\x{", "}"), digits: 1, ends: ("\\A", "\\z"), borders: ("\\b", "\\B"), most: 1000, group: "(?:" };

/// The border of an ASCII word by what stands around it.
const BORDERS: (&str, &str) = (
    "(?:(?<![0-9a-z_])(?=[0-9a-z_])|(?<=[0-9a-z_])(?![0-9a-z_]))",
    "(?:(?<![0-9a-z_])(?![0-9a-z_])|(?<=[0-9a-z_])(?=[0-9a-z_]))",
);

/// Java, as in Spark.
pub const JAVA: Flavour =
    Flavour { code: ("\\x{", "}"), digits: 1, ends: ("\\A", "\\z"), borders: BORDERS, most: 1000, group: "(?:" };

/// PostgreSQL's advanced regular expressions.
pub const POSTGRES: Flavour =
    Flavour { code: ("\\U", ""), digits: 8, ends: ("\\A", "\\Z"), borders: BORDERS, most: 255, group: "(?:" };

/// Snowflake's.
pub const SNOWFLAKE: Flavour =
    Flavour { code: ("\\x{", "}"), digits: 1, ends: ("^", "$"), borders: ("\\b", "\\B"), most: 1000, group: "(" };

/// A regular expression of the `regex` crate, for folded text, in an engine's words; none when it cannot be read.
pub fn translate(source: &str, flavour: Flavour) -> Option<String> {
    let hir = regex_syntax::ParserBuilder::new().utf8(false).build().parse(source).ok()?;
    let mut out = String::new();
    write(&hir, flavour, &mut out)?;
    Some(out)
}

fn write(hir: &Hir, flavour: Flavour, out: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => {
            out.push_str(flavour.group);
            out.push(')');
        }
        HirKind::Literal(literal) => {
            for c in std::str::from_utf8(&literal.0).ok()?.chars() {
                literal_char(c, flavour, out);
            }
        }
        HirKind::Class(class) => write_class(class, flavour, out)?,
        HirKind::Look(look) => out.push_str(match look {
            Look::Start => flavour.ends.0,
            Look::End => flavour.ends.1,
            Look::WordAscii => flavour.borders.0,
            Look::WordAsciiNegate => flavour.borders.1,
            _ => return None,
        }),
        HirKind::Repetition(repetition) => repeat(repetition, flavour, out)?,
        HirKind::Capture(capture) => write(&capture.sub, flavour, out)?,
        HirKind::Concat(all) => {
            for one in all {
                let alternatives = matches!(one.kind(), HirKind::Alternation(_));
                if alternatives {
                    out.push_str(flavour.group);
                }
                write(one, flavour, out)?;
                if alternatives {
                    out.push(')');
                }
            }
        }
        HirKind::Alternation(all) => {
            for (place, one) in all.iter().enumerate() {
                if place > 0 {
                    out.push('|');
                }
                write(one, flavour, out)?;
            }
        }
    }
    Some(())
}

fn literal_char(c: char, flavour: Flavour, out: &mut String) {
    if c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-' | '@' | ',' | ':' | ';' | '<' | '>' | '=' | '%' | '~') {
        out.push(c);
    } else if c.is_ascii_punctuation() {
        out.push('\\');
        out.push(c);
    } else if c.is_alphabetic() && !c.is_ascii() {
        out.push(c);
    } else {
        code(c, flavour, out);
    }
}

fn code(c: char, flavour: Flavour, out: &mut String) {
    let (before, behind) = flavour.code;
    out.push_str(&format!("{before}{:0width$x}{behind}", c as u32, width = flavour.digits));
}

fn write_class(class: &Class, flavour: Flavour, out: &mut String) -> Option<()> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => {
            let ascii = class.ranges().iter().all(|range| range.end().is_ascii());
            if !ascii {
                return None;
            }
            class.ranges().iter().map(|range| (char::from(range.start()), char::from(range.end()))).collect()
        }
    };
    if ranges.is_empty() {
        // Nothing matches: a border that is none.
        out.push_str(&format!("{}{}x", flavour.ends.1, flavour.ends.0));
        return Some(());
    }
    // What nearly all characters are in is said by what is not.
    let all_but = ranges.last().is_some_and(|(_, end)| *end == char::MAX);
    let ranges = if all_but { opposite(&ranges) } else { ranges };
    if ranges.is_empty() {
        out.push_str(&format!("{}[^a]|a)", flavour.group));
        return Some(());
    }
    out.push_str(if all_but { "[^" } else { "[" });
    for (start, end) in ranges {
        class_char(start, flavour, out);
        if start != end {
            out.push('-');
            class_char(end, flavour, out);
        }
    }
    out.push(']');
    Some(())
}

fn class_char(c: char, flavour: Flavour, out: &mut String) {
    if c.is_ascii_alphanumeric() || c == '_' || c == ' ' { out.push(c) } else { code(c, flavour, out) }
}

/// The ranges between these.
fn opposite(ranges: &[(char, char)]) -> Vec<(char, char)> {
    let mut out = Vec::new();
    let mut next = Some('\0');
    for (start, end) in ranges {
        if let (Some(from), Some(to)) = (next, before(*start))
            && from <= to
        {
            out.push((from, to));
        }
        next = after(*end);
    }
    out
}

fn before(c: char) -> Option<char> {
    match c {
        '\0' => None,
        '\u{e000}' => Some('\u{d7ff}'),
        c => char::from_u32(c as u32 - 1),
    }
}

fn after(c: char) -> Option<char> {
    match c {
        '\u{d7ff}' => Some('\u{e000}'),
        c => char::from_u32(c as u32 + 1),
    }
}

fn repeat(repetition: &Repetition, flavour: Flavour, out: &mut String) -> Option<()> {
    let mut one = String::new();
    write(&repetition.sub, flavour, &mut one)?;
    let single = match repetition.sub.kind() {
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).is_ok_and(|text| text.chars().count() == 1),
        HirKind::Class(_) => one.starts_with('['),
        _ => false,
    };
    let atom = if single { one } else { format!("{}{one})", flavour.group) };
    match (repetition.min, repetition.max) {
        (0, None) => out.push_str(&format!("{atom}*")),
        (1, None) => out.push_str(&format!("{atom}+")),
        (0, Some(1)) => out.push_str(&format!("{atom}?")),
        (least, most) => counts(&atom, least, most, flavour.most, out),
    }
    Some(())
}

/// `{m,n}` in pieces that an engine takes.
fn counts(atom: &str, mut least: u32, most: Option<u32>, limit: u32, out: &mut String) {
    let mut more = most.map(|most| most - least);
    while least > limit {
        out.push_str(&format!("{atom}{{{limit}}}"));
        least -= limit;
    }
    match more {
        None => out.push_str(&format!("{atom}{{{least},}}")),
        Some(rest) if least + rest <= limit => {
            out.push_str(&if rest == 0 {
                format!("{atom}{{{least}}}")
            } else {
                format!("{atom}{{{least},{}}}", least + rest)
            });
        }
        Some(_) => {
            out.push_str(&format!("{atom}{{{least}}}"));
            while let Some(rest) = more.filter(|rest| *rest > 0) {
                let step = rest.min(limit);
                out.push_str(&format!("{atom}{{0,{step}}}"));
                more = Some(rest - step);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_have_their_own_words() {
        let source = r"(?:\A(?:vp|head of)(?-u:\b)[^0-9a-z_]{2,300}.\z)";
        assert_eq!(translate(source, RE2).as_deref(), Some(r"\A(?:vp|head of)\b[^0-9_a-z]{2,300}[^\x{a}]\z"));
        let postgres = translate(source, POSTGRES).unwrap_or_default();
        assert!(postgres.contains(r"[^0-9_a-z]{2}[^0-9_a-z]{0,255}[^0-9_a-z]{0,43}[^\U0000000a]\Z"), "{postgres}");
    }
}
