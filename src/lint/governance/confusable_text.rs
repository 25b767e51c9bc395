//! `confusable-text`: what people read is not what the program reads.

use crate::base::{FileId, Span, is_hidden};
use crate::diagnostic::{Fix, Severity};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use unicode_security::{MixedScript, is_potential_mixed_script_confusable_char};

/// The lint.
pub static LINT: Lint = Lint {
    name: "confusable-text",
    group: Group::Governance,
    level: Severity::Error,
    what: "A policy or a file of a list, comments and labels included, has a character that is not seen (it turns the \
           direction of writing, has no width, steers a terminal), or a word that mixes letters of several alphabets \
           which look alike (Unicode Technical Standard 39).",
    why: "A reviewer signs what they see. With a hidden character a condition can look like another one, and \
          `pаypal.example` with a Cyrillic `а` is not the competitor that the list seems to name.",
    example: Example::new(
        "policy \"Inbound leads\"\n\nlead { email text }\n\ndisqualify {\n  competitor \"Works for a competitor\": \
         domain(email) is \"p\u{430}ypal.example\"\n}\n\n# Signed by sales\u{202e}\u{202c}\nstages { lead \"Lead\" }\n",
    ),
    instead: Example::new(
        "policy \"Inbound leads\"\n\nlead { email text }\n\ndisqualify {\n  competitor \"Works for a competitor\": \
         domain(email) is \"paypal.example\"\n}\n\n# Signed by sales\nstages { lead \"Lead\" }\n",
    ),
    fix: FixKind::Safe,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for (source, number) in context.loaded().sources.files().iter().zip(0u16..) {
        if !source.text.is_ascii() || source.text.bytes().any(|byte| byte.is_ascii_control()) {
            hidden(context, FileId(number), &source.text, findings);
            mixed(FileId(number), &source.text, findings);
        }
    }
}

/// Whether a character is not seen; white space and the mark at the start of a file are as usual.
fn unseen(at: usize, c: char) -> bool {
    is_hidden(c) && !matches!(c, '\n' | '\r' | '\t' | '\u{ad}') && !(at == 0 && c == '\u{feff}')
}

fn hidden(context: &Context<'_>, file: FileId, text: &str, findings: &mut Findings) {
    let tree = context.loaded().files.iter().find(|tree| tree.items.first().is_some_and(|item| item.span.file == file));
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !unseen(at, c) {
            continue;
        }
        let mut written: String = c.escape_unicode().collect();
        let mut end = at + c.len_utf8();
        while let Some((_, next)) = chars.next_if(|(at, next)| unseen(*at, *next)) {
            written.extend(next.escape_unicode());
            end += next.len_utf8();
        }
        let span = Span::new(file, at, end);
        let finding = findings.at(span, format!("text that is not seen: `{written}`"));
        let in_comment = tree.is_some_and(|tree| {
            tree.comments.iter().any(|comment| (comment.span.start..comment.span.end).contains(&span.start))
        });
        findings.push(match (tree.is_some(), in_comment) {
            (false, _) => finding.help("remove it from the list"),
            (true, true) => finding.help("remove it").fix(Fix::new("remove what is not seen").remove(span)),
            (true, false) => finding
                .help(format!("remove it; where it is meant, write `{written}`"))
                .fix(Fix::new("write it so that it is seen").replace(span, written)),
        });
    }
}

fn mixed(file: FileId, text: &str, findings: &mut Findings) {
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                start = None;
                let word = text.get(from..at).unwrap_or_default();
                if !word.is_ascii() && !word.is_single_script() {
                    mixed_word(word, Span::new(file, from, at), findings);
                }
            }
            _ => {}
        }
    }
}

/// Reports a word of several alphabets if one of its letters is taken for a letter of another alphabet.
fn mixed_word(word: &str, span: Span, findings: &mut Findings) {
    let Some(odd) = word.chars().find(|c| !c.is_ascii() && is_potential_mixed_script_confusable_char(*c)) else {
        return;
    };
    let finding = findings.at(span, format!("`{word}` mixes letters of several alphabets"));
    let code = u32::from(odd);
    findings.push(finding.here(format!("`{odd}` is U+{code:04X}")).help("type the word again, in one alphabet"));
}
