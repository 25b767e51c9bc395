//! Policy text on one line.

use crate::base::Span;
use crate::check::hir::Program;

/// Policy text on one line: comments left out, white space outside quotes made one blank, and no parentheses around
/// the whole.
pub fn source(program: &Program, span: Span) -> String {
    let flat = one_line(program.sources.text(span));
    bare(&flat).to_owned()
}

fn one_line(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut chars = written.trim().chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push(c);
                while let Some(c) = chars.next() {
                    out.push(c);
                    match c {
                        '\\' => out.extend(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '#' => {
                chars.by_ref().find(|c| *c == '\n');
                blank(&mut out);
            }
            c if c.is_whitespace() => blank(&mut out),
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn blank(out: &mut String) {
    if !out.ends_with(' ') && !out.is_empty() {
        out.push(' ');
    }
}

/// Without parentheses that enclose the whole.
fn bare(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return text };
    let (mut depth, mut quoted, mut escaped) = (0i32, false, false);
    for c in inner.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return text;
        }
    }
    bare(inner.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy_text_is_one_line() {
        assert_eq!(one_line("  a is \"x  #y\" # comment \"\n\n   and  b  "), "a is \"x  #y\" and b");
        assert_eq!(bare("((a or b))"), "a or b");
        assert_eq!(bare("(a) or (b)"), "(a) or (b)");
        assert_eq!(bare("(a is \")\")"), "a is \")\"");
    }
}
