//! `case-only-difference`: one text is spelled in two ways.

use super::compared::{Column, EntryValue, How, compared};
use crate::base::{Span, quoted, visible};
use crate::diagnostic::{Fix, Severity};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::text::{fold, trim};
use crate::model::{DomainKind, Field};
use indexmap::IndexMap;
use std::collections::{BTreeSet, HashMap};

/// The lint.
pub static LINT: Lint = Lint {
    name: "case-only-difference",
    group: Group::Data,
    level: Severity::Note,
    what: "A field is compared with two texts that differ only in case or in blanks around them, or with a listed text \
           that its list spells otherwise; or two events or columns of the data differ only in case.",
    why: "Texts are compared without regard to case, so both mean the same; a reader has to know that to see it. Names of \
          events and columns are taken to the letter: of two that differ only in case, one is probably a slip.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { country text }

fit icp {
  here "Lives where we deliver": country in ["US", "CA"]
}

disqualify {
  abroad "Lives abroad": country is not "us"
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { country text }

fit icp {
  here "Lives where we deliver": country in ["US", "CA"]
}

disqualify {
  abroad "Lives abroad": country is not "US"
}
"#,
    ),
    fix: FixKind::Safe,
    run,
};

/// A spelling and where it stands.
type Spelled<'a> = (&'a str, Span);

fn run(context: &Context<'_>, findings: &mut Findings) {
    let schema = &context.program().schema;
    let mut texts: IndexMap<(Column, String), Vec<Spelled<'_>>> = IndexMap::new();
    let mut seen: BTreeSet<(u16, u32)> = BTreeSet::new();
    for compared in compared(context) {
        if matches!(compared.how, How::Exactly | How::Text(_)) {
            continue;
        }
        for entry in &compared.entries {
            let EntryValue::Text(text) = entry.value else { continue };
            // An entry of a list's file is as its owner spells it, and a list may be used in several places.
            let policy = context.text(entry.span).starts_with('"');
            if policy && seen.insert((entry.span.file.0, entry.span.start)) {
                texts.entry((compared.column, fold(text).into_owned())).or_default().push((text, entry.span));
            }
        }
    }
    for ((column, folded), spelled) in &texts {
        let field = column.field(schema);
        let listed = column.domain(schema).map(|domain| schema.domain(domain));
        match listed {
            Some(domain) if matches!(domain.kind, DomainKind::OneOf | DomainKind::Ranked) => {
                let Some(choice) = domain.choices.iter().find(|choice| choice.folded == *folded) else { continue };
                for (text, span) in spelled.iter().filter(|(text, _)| trim(text) != choice.name) {
                    let message =
                        format!("`{}` is listed as `{}` in `{}`", visible(text), visible(&choice.name), field.name);
                    let finding = findings
                        .at(*span, message)
                        .here("means the same: case and blanks around a text do not count")
                        .label(field.span, "listed here")
                        .help(format!("spell it as the list does: `{}`", visible(&choice.name)))
                        .fix(Fix::new("spell it as the list does").replace(*span, quoted(&choice.name)));
                    findings.push(finding);
                }
            }
            Some(_) => {}
            None => one_spelling(findings, field, spelled),
        }
    }
    spellings_of_data(context, findings);
}

/// All texts that a text field is compared with are spelled as most of them are; of as many, as the first.
fn one_spelling(findings: &mut Findings, field: &Field, spelled: &[Spelled<'_>]) {
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for (text, _) in spelled {
        *counts.entry(text).or_default() += 1;
    }
    if counts.len() < 2 {
        return;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let Some(usual) = counts.iter().find(|(_, count)| **count == most).map(|(text, _)| *text) else { return };
    let Some((_, first)) = spelled.iter().find(|(text, _)| *text == usual) else { return };
    for (text, span) in spelled.iter().filter(|(text, _)| *text != usual) {
        let message = format!("`{}` is spelled `{}` elsewhere", visible(text), visible(usual));
        let finding = findings
            .at(*span, message)
            .here(format!("means the same to `{}`: case and blanks around a text do not count", field.name))
            .label(*first, "spelled like this")
            .help(format!("spell it `{}` here too", visible(usual)))
            .fix(Fix::new("spell it alike").replace(*span, quoted(usual)));
        findings.push(finding);
    }
}

/// How the data spells events and columns is taken to the letter.
fn spellings_of_data(context: &Context<'_>, findings: &mut Findings) {
    let schema = &context.program().schema;
    let mut events: HashMap<String, (&str, Span)> = HashMap::new();
    for ty in &schema.events {
        let folded = fold(&ty.from).into_owned();
        match events.get(&folded) {
            Some((other, span)) => {
                let message =
                    format!("the events `{}` and `{}` differ only in case", visible(other), visible(&ty.from));
                findings.push(
                    findings
                        .at(ty.span, message)
                        .here("how the data spells an event is taken to the letter")
                        .label(*span, "the other")
                        .help("keep the one that the data has"),
                );
            }
            None => {
                events.insert(folded, (&ty.from, ty.span));
            }
        }
    }
    let mut columns: HashMap<String, &Field> = HashMap::new();
    for field in &schema.fields {
        let folded = fold(&field.from.whole).into_owned();
        match columns.get(&folded) {
            Some(other) if other.from.whole != field.from.whole => {
                let (a, b) = (visible(&other.from.whole), visible(&field.from.whole));
                findings.push(
                    findings
                        .at(field.span, format!("the columns `{a}` and `{b}` differ only in case"))
                        .here("columns of the data are taken to the letter")
                        .label(other.span, "the other")
                        .help("keep the one that the data has"),
                );
            }
            Some(_) => {}
            None => {
                columns.insert(folded, field);
            }
        }
    }
}
