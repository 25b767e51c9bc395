//! What is said about single signs, before any grammar.

use crate::base::Span;
use crate::diagnostic::Diagnostic;

pub(in crate::syntax) fn too_long(length: usize, most: usize, span: Span) -> Diagnostic {
    Diagnostic::error("text-too-long", format!("this file has {length} bytes, and at most {most} are read"), span)
        .help("put long lists into files of their own: `list free_mail from \"free_mail.txt\"`")
}

pub(in crate::syntax) fn too_many_brackets(sign: char, most: usize, span: Span) -> Diagnostic {
    Diagnostic::error("too-deep", format!("more than {most} open `{sign}`"), span)
        .help("give parts of it a name with `define` and use the names")
}

pub(in crate::syntax) fn too_many_ifs(most: usize, span: Span) -> Diagnostic {
    Diagnostic::error("too-deep", format!("more than {most} `if … then … else` in one expression"), span)
        .help("give parts of it a name with `define` and use the names")
}

pub(in crate::syntax) fn unterminated_text(span: Span) -> Diagnostic {
    Diagnostic::error("unterminated-text", "this text does not end on its line", span)
        .help("close it with `\"`; for a line break inside a text write `\\n`")
}

pub(in crate::syntax) fn foreign_quotes(inside: &str, span: Span) -> Diagnostic {
    Diagnostic::error("foreign-quotes", "texts stand in plain double quotes", span)
        .help(format!("write `\"{inside}\"`"))
}

pub(in crate::syntax) fn foreign_comment(sign: &str, span: Span) -> Diagnostic {
    Diagnostic::error("foreign-comment", format!("a comment does not start with `{sign}`"), span)
        .help("write `#`; it reaches to the end of the line")
}

pub(in crate::syntax) fn foreign_sign(sign: &str, instead: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-operator", format!("`{sign}` is not an operator"), span)
        .help(format!("write `{instead}`"))
}

pub(in crate::syntax) fn foreign_letters(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error("misspelt-name", format!("`{word}` is not spelled as names are"), span)
        .here("names are the letters a to z, digits and `_`")
        .help("take another name; the label behind it can hold any letters")
}

pub(in crate::syntax) fn unknown_sign(sign: char, span: Span) -> Diagnostic {
    let help = match sign {
        ';' => "entries follow each other without a sign between".to_string(),
        '$' | '€' | '£' | '¥' => "money is written with its code: `100k USD`".to_string(),
        '@' | '\\' | '~' | '?' | '^' => "texts stand in double quotes".to_string(),
        '`' | '\'' => "texts stand in double quotes".to_string(),
        _ => "leave it out, or put it into a text in double quotes".to_string(),
    };
    let code = u32::from(sign);
    let shown = match sign.is_ascii() {
        true => format!("`{sign}` means nothing here"),
        false => format!("`{sign}` (U+{code:04X}) means nothing here"),
    };
    Diagnostic::error("unknown-sign", shown, span).help(help)
}

pub(in crate::syntax) fn invisible_sign(sign: char, span: Span) -> Diagnostic {
    let code = u32::from(sign);
    let (what, help) = match sign {
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            ("a sign that turns the direction of text", "delete it: it can make a policy look like another one")
        }
        '\r' => ("a carriage return without a line feed", "end lines with a line feed"),
        _ if sign.is_whitespace() => ("a blank of a special kind", "write a plain blank"),
        _ => ("an invisible sign", "delete it"),
    };
    Diagnostic::error("invisible-sign", format!("{what} stands here: U+{code:04X}"), span).help(help)
}

pub(in crate::syntax) fn unclosed_brace(open: Span, before: Span) -> Diagnostic {
    Diagnostic::error("missing-brace", "this `{` is not closed", open)
        .label(before, "a `}` is missing before this")
        .help("write `}` where the block ends")
}

pub(in crate::syntax) fn extra_brace(span: Span) -> Diagnostic {
    Diagnostic::error("extra-brace", "this `}` closes nothing", span)
        .help("delete it, or open a block with `{` before it")
}
