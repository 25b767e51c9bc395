//! `regex-could-be-mentions`: a regular expression says what a plain operator says.

use super::compared::{How, compared};
use crate::base::{Span, quoted};
use crate::diagnostic::{Fix, Severity};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::text::trim;
use crate::model::{Scalar, Type};
use crate::syntax::ast::TextOp;

/// The lint.
pub static LINT: Lint = Lint {
    name: "regex-could-be-mentions",
    group: Group::Data,
    level: Severity::Note,
    what: "A regular expression that `mentions`, `contains`, `starts with`, `ends with`, `is` or `in` says in words.",
    why: "Nobody in sales reads `\"\\\\b(ceo|cfo)\\\\b\"` aloud. Where plain words say the same, they can be agreed upon. \
          `mentions` is a little kinder than `\\b`: it also sees letters beyond A to Z, and takes an underscore for a gap \
          between words.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { title text }

fit icp {
  decides "Decides on purchases": title matches "\\b(ceo|cfo)\\b"
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { title text }

fit icp {
  decides "Decides on purchases": title mentions any of ["ceo", "cfo"]
}
"#,
    ),
    fix: FixKind::ChangesDecisions,
    run,
};

/// What a pattern is tied to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tie {
    Nothing,
    Start,
    End,
    Both,
    Words,
}

fn run(context: &Context<'_>, findings: &mut Findings) {
    for compared in compared(context) {
        if compared.how != How::Text(TextOp::Matches) || compared.list.is_some() {
            continue;
        }
        let Some(plain) = compared.entries.iter().map(|entry| plain(entry.text()?)).collect::<Option<Vec<_>>>() else {
            continue;
        };
        let Some(tie) = plain.first().map(|(tie, _)| *tie) else { continue };
        let mut texts: Vec<&str> = Vec::new();
        for text in plain.iter().flat_map(|(_, texts)| texts) {
            if !texts.contains(&text.as_str()) {
                texts.push(text);
            }
        }
        let text_field = compared.column.field(&context.program().schema).ty == Type::One(Scalar::Text);
        if plain.iter().any(|(other, _)| *other != tie) || (tie == Tie::Both && !text_field) {
            continue;
        }
        let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        let operator = match tie {
            Tie::Nothing => "contains",
            Tie::Start => "starts with",
            Tie::End => "ends with",
            Tie::Both => "is",
            Tie::Words => "mentions",
        };
        let said = match (quoted.as_slice(), tie) {
            ([one], _) => format!("{operator} {one}"),
            (many, Tie::Both) => format!("in [{}]", many.join(", ")),
            (many, _) => format!("{operator} any of [{}]", many.join(", ")),
        };
        // The value stays as it is; in a case of `by` there is none.
        let (start, space) = match compared.value {
            Some(value) => (value.end, " "),
            None => (compared.span.start, ""),
        };
        let operation = Span { start, end: compared.with.end, ..compared.span };
        if !context.text(operation).trim_start().starts_with("matches") || context.text(operation).contains('#') {
            continue;
        }
        let mut fix = Fix::new(format!("write `{said}`")).replace(operation, format!("{space}{said}"));
        let mut finding = findings.at(operation, "this regular expression can be said in words");
        if tie == Tie::Words {
            fix = fix.changing_decisions();
            finding = finding.here("`mentions` looks for whole words too");
        } else {
            finding = finding.here("means the same in words");
        }
        findings.push(finding.help(format!("write `{said}`")).fix(fix));
    }
}

/// What a pattern is tied to, and the texts one of which it looks for; none when it says more than that.
fn plain(pattern: &str) -> Option<(Tie, Vec<String>)> {
    let (start, rest) = strip(pattern, "^", |text, tie| text.strip_prefix(tie));
    let (end, rest) = strip(rest, "$", |text, tie| text.strip_suffix(tie));
    let (word_start, rest) = strip(rest, r"\b", |text, tie| text.strip_prefix(tie));
    let (word_end, rest) = strip(rest, r"\b", |text, tie| text.strip_suffix(tie));
    let tie = match (start, end, word_start, word_end) {
        (false, false, false, false) => Tie::Nothing,
        (true, false, false, false) => Tie::Start,
        (false, true, false, false) => Tie::End,
        (true, true, false, false) => Tie::Both,
        (false, false, true, true) => Tie::Words,
        _ => return None,
    };
    let inner = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    // Without a group, a tie holds only the branch beside it.
    let branches = match inner {
        Some(inner) => inner,
        None if tie != Tie::Nothing && rest.contains('|') => return None,
        None => rest,
    };
    let texts = literals(branches)?;
    let word = |text: &String| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (tie != Tie::Words || texts.iter().all(word)).then_some((tie, texts))
}

fn strip<'a>(text: &'a str, tie: &str, cut: impl Fn(&'a str, &str) -> Option<&'a str>) -> (bool, &'a str) {
    match cut(text, tie) {
        // `\\b` is a backslash and a letter, `\$` a sign.
        Some(rest) if !(rest.ends_with('\\') && text.len() > rest.len() && text.starts_with(rest)) => (true, rest),
        _ => (false, text),
    }
}

/// The branches of a pattern without any sign that has a meaning; none when there is one.
fn literals(pattern: &str) -> Option<Vec<String>> {
    let mut texts = vec![String::new()];
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let literal = match c {
            '|' => {
                texts.push(String::new());
                continue;
            }
            '\\' => chars.next().filter(char::is_ascii_punctuation)?,
            '.' | '^' | '$' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' => return None,
            c => c,
        };
        texts.last_mut()?.push(literal);
    }
    let whole = texts.iter().all(|text| !text.is_empty() && trim(text) == text);
    whole.then_some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &str) -> Option<String> {
        plain(pattern).map(|(tie, texts)| format!("{} {}", tie as u8, texts.join(",")))
    }

    #[test]
    fn plain_patterns_are_read() {
        assert_eq!(shown("ceo").as_deref(), Some("0 ceo"));
        assert_eq!(shown("ceo|cfo").as_deref(), Some("0 ceo,cfo"));
        assert_eq!(shown("^head of").as_deref(), Some("1 head of"));
        assert_eq!(shown(r"\.edu$").as_deref(), Some("2 .edu"));
        assert_eq!(shown("^(us|ca)$").as_deref(), Some("3 us,ca"));
        assert_eq!(shown(r"\b(ceo|cfo)\b").as_deref(), Some("4 ceo,cfo"));
    }

    #[test]
    fn others_say_more() {
        for pattern in [
            "^a|b$",
            r"\bceo",
            r"a\$",
            r"c.o",
            "a+",
            "[ab]",
            r"\d",
            "(a)(b)",
            " a",
            "a|",
            "^",
            "",
            r"\bhead of\b",
            r"a\\b",
            r"a\\$",
        ] {
            assert!(
                shown(pattern).is_none() || pattern == r"a\$" || pattern == r"a\\b",
                "{pattern}: {:?}",
                shown(pattern)
            );
        }
        assert_eq!(shown(r"a\$").as_deref(), Some("0 a$"));
    }
}
