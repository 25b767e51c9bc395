//! `list-entry-twice`: a list holds an entry twice.

use super::compared::{Entry, EntryValue, Set, sets};
use crate::base::Span;
use crate::diagnostic::{Fix, Severity};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::text::fold;
use std::collections::HashMap;

/// The lint.
pub static LINT: Lint = Lint {
    name: "list-entry-twice",
    group: Group::Data,
    level: Severity::Warning,
    what: "A list holds an entry twice, in the policy or in a file of its own. Case and blanks around an entry do not \
           count.",
    why: "The second does nothing. Often another entry was meant.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { email text }

list free_mail = ["gmail.com", "gmx.de", "GMail.com"]

disqualify {
  private "Private address": domain(email) in free_mail
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { email text }

list free_mail = ["gmail.com", "gmx.de"]

disqualify {
  private "Private address": domain(email) in free_mail
}
"#,
    ),
    fix: FixKind::Safe,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for set in sets(context) {
        let repeated = repeated(&set);
        if set.file {
            in_file(context, findings, &set, &repeated);
            continue;
        }
        for (first, second) in repeated {
            let (first, entry) = (&set.entries[first], &set.entries[second]);
            let before = set.entries[second - 1].span;
            // With the comma before it; the first entry is never the second of its kind.
            let cut = Span { start: before.end, ..entry.span };
            let mut finding = findings
                .at(entry.span, format!("{} is in the list already", shown(context, entry)))
                .here("a second time")
                .label(first.span, "here first")
                .help("remove it, or write what was meant");
            // A comment between them may be about either.
            if !context.text(Span { end: entry.span.start, ..cut }).contains('#') {
                finding = finding.fix(Fix::new("remove the second").remove(cut));
            }
            findings.push(finding);
        }
    }
}

/// All repetitions in a file are one finding: who mends one mends all.
fn in_file(context: &Context<'_>, findings: &mut Findings, set: &Set<'_>, repeated: &[(usize, usize)]) {
    let (Some(list), Some((first, second))) = (set.list, repeated.first()) else { return };
    let sources = &context.loaded().sources;
    let (first, second) = (&set.entries[*first], &set.entries[*second]);
    let line = |entry: &Entry<'_>| sources.locate(entry.span).map_or(0, |(_, location)| location.line);
    let file = sources.locate(second.span).map_or("", |(file, _)| file);
    let entry = shown(context, second);
    let message = match repeated.len() {
        1 => format!("{entry} stands twice in the file of `{}`", list.value),
        count => format!("{count} entries stand twice in the file of `{}`, {entry} for one", list.value),
    };
    let finding = findings
        .at(list.span, message)
        .here(format!("`{}`, lines {} and {}", crate::base::visible(file), line(first), line(second)))
        .help("remove it there, or write what was meant");
    findings.push(finding);
}

fn shown(context: &Context<'_>, entry: &Entry<'_>) -> String {
    match entry.value {
        EntryValue::Text(text) => format!("`{}`", crate::base::visible(text)),
        _ => format!("`{}`", crate::base::visible(context.text(entry.span))),
    }
}

/// Pairs of places: an entry and the first that is the same.
fn repeated(set: &Set<'_>) -> Vec<(usize, usize)> {
    let mut texts: HashMap<String, usize> = HashMap::new();
    let mut numbers: HashMap<i128, usize> = HashMap::new();
    let mut found = Vec::new();
    for (place, entry) in set.entries.iter().enumerate() {
        let first = match entry.value {
            // A regular expression sees case by its parts: `\D` is not `\d`.
            EntryValue::Text(text) if set.op == Some(crate::syntax::ast::TextOp::Matches) => {
                *texts.entry(text.to_owned()).or_insert(place)
            }
            EntryValue::Text(text) => *texts.entry(fold(text).into_owned()).or_insert(place),
            EntryValue::Number(number) => *numbers.entry(number).or_insert(place),
            EntryValue::Date(_) | EntryValue::Other => continue,
        };
        if first != place {
            found.push((first, place));
        }
    }
    found
}
