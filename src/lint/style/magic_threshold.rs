//! `magic-threshold`: one number, written in many places.

use crate::base::Span;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::{CompareOp, Expr, ExprKind, ItemKind};
use indexmap::IndexMap;

/// In so many places a number deserves a name.
const MANY: usize = 3;

/// The lint.
pub static LINT: Lint = Lint {
    name: "magic-threshold",
    group: Group::Style,
    level: Severity::Note,
    what: "The same value is compared with the same number in three places or more, tests not counted.",
    why: "When the line moves, all places have to move, and one is forgotten. A `define` gives it a name, and one place.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { employees int  title text }

define big    "A big company": employees >= 200
persona olga  "Olga, runs operations at a big company": employees >= 200 and title mentions "operations"
persona sam   "Sam, buys for a big company":            employees >= 200 and title mentions "purchasing"

stages {
  lead "Lead"
  mql  "Marketing qualified lead": big or olga or sam
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { employees int  title text }

define big    "A big company": employees >= 200
persona olga  "Olga, runs operations at a big company": big and title mentions "operations"
persona sam   "Sam, buys for a big company":            big and title mentions "purchasing"

stages {
  lead "Lead"
  mql  "Marketing qualified lead": big or olga or sam
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut places: IndexMap<(String, &str), Vec<Span>> = IndexMap::new();
    for item in context.items().filter(|item| !matches!(item.value, ItemKind::Test(_))) {
        item.walk(&mut |expr| {
            let (subject, numbers) = match &*expr.kind {
                ExprKind::Compare(CompareOp::Is | CompareOp::IsNot, ..) => return,
                ExprKind::Compare(_, a, b) => (a, vec![b]),
                ExprKind::Between(a, b, c) => (a, vec![b, c]),
                _ => return,
            };
            if *subject.kind == ExprKind::Subject {
                return;
            }
            for number in numbers.into_iter().filter(|number| is_number(number)) {
                let subject = context.text(subject.span).split_whitespace().collect::<Vec<_>>().join(" ");
                places.entry((subject, context.text(number.span))).or_default().push(number.span);
            }
        });
    }
    for ((subject, number), spans) in places {
        let [first, rest @ ..] = spans.as_slice() else { continue };
        if spans.len() < MANY {
            continue;
        }
        let lines = rest.iter().filter_map(|span| context.loaded().sources.locate(*span));
        let lines: Vec<String> = lines.map(|(_, location)| location.line.to_string()).collect();
        let message = format!("`{subject}` is compared with `{number}` in {} places", spans.len());
        let finding = findings.at(*first, message).here(format!("also in line {}", lines.join(", ")));
        findings.push(finding.help("give the number or the condition a name with `define`, and use that"));
    }
}

fn is_number(expr: &Expr) -> bool {
    match &*expr.kind {
        ExprKind::Number(_) | ExprKind::Money(..) | ExprKind::Duration(_) => true,
        ExprKind::Negate(inner) => is_number(inner),
        _ => false,
    }
}
