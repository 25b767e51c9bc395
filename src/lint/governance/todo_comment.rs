//! `todo-comment`: something is left to do.

use crate::base::Span;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// Words that mark what is left to do, in capitals.
const MARKS: [&str; 5] = ["TODO", "FIXME", "XXX", "HACK", "TBD"];

/// The lint.
pub static LINT: Lint = Lint {
    name: "todo-comment",
    group: Group::Governance,
    level: Severity::Note,
    what: "A comment says `TODO`, `FIXME`, `XXX`, `HACK` or `TBD`.",
    why: "A policy that is signed should be done. What is open is better seen as an issue, with somebody's name on it, \
          than found in a comment next year.",
    example: Example::new(
        r#"policy "Inbound leads"

# TODO: ask sales about the second stage
stages { lead "Lead" }
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

# Sales takes every lead, as agreed on 2026-10-01.
stages { lead "Lead" }
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for comment in context.loaded().files.iter().flat_map(|file| &file.comments) {
        let words = comment.text.split(|c: char| !c.is_alphanumeric());
        let marked = words.filter(|word| MARKS.contains(word)).map(|word| (word, offset(&comment.text, word)));
        let Some((word, at)) = marked.min_by_key(|(_, at)| *at) else { continue };
        let start = comment.span.start as usize + at;
        let span = Span::new(comment.span.file, start, start + word.len());
        let finding = findings.at(span, format!("something is left to do: `{word}`"));
        findings.push(finding.help("do it, or open an issue for it"));
    }
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}
