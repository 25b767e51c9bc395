//! `sentinel-value`: a field is compared with a text or number that stands for no answer.

use super::compared::{Compared, EntryValue, How, compared};
use crate::base::visible;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::text::fold;
use crate::model::{Field, Scalar, Schema, Type};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "sentinel-value",
    group: Group::Data,
    level: Severity::Warning,
    what: "A field is compared with a text or number by which forms and databases say that there is no answer: \
           `\"N/A\"`, `\"Unknown\"`, `\"-\"`, `-1`, `1970-01-01`; or with one that the field's own `missing` takes away.",
    why: "No answer is not an answer. As a text it passes `is not`, counts as known, and fails checks that ought to ask; \
          declared as `missing`, it is a hole like any other, and the lead gets the question.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { industry text  ask "Which industry are you in?" }

fit icp {
  industry "An industry that we serve": industry not in ["Gambling", "N/A"]
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { industry text  missing ["N/A"]  ask "Which industry are you in?" }

fit icp {
  industry "An industry that we serve": industry is not "Gambling"
}
"#,
    ),
    fix: FixKind::None,
    run,
};

/// Texts, folded, that no business uses for anything else. `None` is not among them: it is an answer to "Which pets do
/// you have?" and a plan of a price list.
const TEXTS: &[&str] = &[
    "n/a",
    "n.a.",
    "#n/a",
    "not available",
    "not provided",
    "[not provided]",
    "not specified",
    "not set",
    "unspecified",
    "unknown",
    "(unknown)",
    "undefined",
    "null",
    "(null)",
    "nil",
    "nan",
    "tbd",
    "tba",
    "-",
    "--",
    "---",
    "–",
    "—",
    ".",
    "?",
    "??",
    "???",
    "k. a.",
    "k.a.",
    "keine angabe",
    "no value",
    "no data",
    "blank",
    "(blank)",
    "empty",
    "(empty)",
];

/// Texts, folded, by which a form asks for a choice.
const PROMPTS: &[&str] = &[
    "select",
    "please select",
    "--select--",
    "- select -",
    "-- select --",
    "select one",
    "select...",
    "select…",
    "choose one",
    "please choose",
];

/// Dates that stand for none.
const DATES: &[Date] = &[date(1, 1, 1), date(1900, 1, 1), date(1970, 1, 1), date(9999, 12, 31)];

fn run(context: &Context<'_>, findings: &mut Findings) {
    let schema = &context.program().schema;
    let mut seen: BTreeSet<(u16, u32)> = BTreeSet::new();
    for compared in compared(context) {
        let negated = match compared.how {
            How::Is(negated) | How::In(negated) => negated,
            How::Exactly | How::Has => false,
            How::Text(_) | How::Order => continue,
        };
        let field = compared.column.field(schema);
        for entry in &compared.entries {
            let taken = taken_away(field, &entry.value);
            let sentinel = is_sentinel(schema, field, &entry.value);
            if !(taken || sentinel) || !seen.insert((entry.span.file.0, entry.span.start)) {
                continue;
            }
            let written = match entry.value {
                // What means missing is looked for before dates are read.
                EntryValue::Date(_) => format!("\"{}\"", context.text(entry.span)),
                _ => visible(context.text(entry.span)).into_owned(),
            };
            let shown = written.trim_matches('"');
            let finding = if taken {
                findings
                    .at(entry.span, format!("`{}` is never `{shown}`: its `missing` takes that away", field.name))
                    .here("compared with what is missing by then")
                    .label(field.span, "declared here")
            } else {
                findings
                    .at(entry.span, format!("`{shown}` says that `{}` is not known", field.name))
                    .here("a hole that is treated as an answer")
                    .label(field.span, "declared here")
            };
            findings.push(finding.help(help(field, &written, &compared, negated, taken)));
        }
    }
}

fn help(field: &Field, written: &str, compared: &Compared<'_>, negated: bool, taken: bool) -> String {
    let name = &field.name;
    let ask = match (compared.value.is_some(), negated) {
        (true, false) => format!("ask `{name} is missing` where that matters"),
        (true, true) => format!("ask `{name} is known` where that matters"),
        (false, _) => "write the case `missing:`".to_owned(),
    };
    if taken { ask } else { format!("declare it, `{name} … missing [{written}]`, and {ask}") }
}

/// Whether the field's declaration makes the value missing.
fn taken_away(field: &Field, value: &EntryValue<'_>) -> bool {
    match value {
        EntryValue::Text(text) => field.missing.texts.iter().any(|missing| **missing == *fold(text)),
        EntryValue::Number(number) => field.missing.numbers.contains(number),
        EntryValue::Date(_) | EntryValue::Other => false,
    }
}

/// Whether a text says that there is no answer.
pub fn is_no_answer(text: &str) -> bool {
    TEXTS.contains(&&*fold(text))
}

/// A prompt stands first in its list; further on `Select` is a kind of membership.
fn may_be_prompt(schema: &Schema, field: &Field, text: &str) -> bool {
    match field.ty {
        Type::One(Scalar::Choice(domain)) | Type::List(Scalar::Choice(domain)) => {
            schema.domain(domain).choices.first().is_some_and(|first| first.folded == *fold(text))
        }
        _ => true,
    }
}

fn is_sentinel(schema: &Schema, field: &Field, value: &EntryValue<'_>) -> bool {
    match value {
        EntryValue::Text(text) => {
            is_no_answer(text) || (PROMPTS.contains(&&*fold(text)) && may_be_prompt(schema, field, text))
        }
        EntryValue::Number(number) => {
            let count = matches!(field.ty, Type::One(Scalar::Int));
            count && [-1, -9, -99, -999, -9999].iter().any(|sentinel| *number == sentinel * 1_000_000)
        }
        EntryValue::Date(date) => DATES.contains(date),
        EntryValue::Other => false,
    }
}
