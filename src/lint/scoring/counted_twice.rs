//! `counted-twice`: two rules of a score give points for the same thing.

use super::rules::{Rule, Trial, in_points, reads, rules};
use crate::check::hir::{Expr, ExprKind, PartId, PartKind, Program, Set, Step};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::{DomainKind, FieldId, Literal, Scalar, Type};
use crate::syntax::ast::{EventQuantifier, Events, ExprKind as Written, Worth};
use bumpalo::Bump;
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// The lint.
pub static LINT: Lint = Lint {
    name: "counted-twice",
    group: Group::Scoring,
    level: Severity::Warning,
    what: "Two rules of a score give points for the same events under the same condition, or for the same field where the \
           one never gives any without the other. Rules that share a group with a limit are left in peace: the limit \
           says how much they are worth together.",
    why: "The points add up, which nobody sees who reads one of the rules: a sign that is worth 10 by the one rule and 5 \
          by the other is worth 15.",
    example: Example::new(
        r#"policy "Inbound leads"

event email_opened

score engagement from 0 to 100 {
  opens  "Reads our emails":  +5 per email_opened within 90 days
  recent "Read them lately": +10 per email_opened within 14 days
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event email_opened

score engagement from 0 to 100 {
  opens "Reads our emails": +15 per email_opened within 90 days, halving every 2 weeks
}
"#,
    ),
    fix: FixKind::None,
    run,
};

/// More values than this are not tried for a field.
const MOST_VALUES: usize = 200;

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let rules = rules(context);
    events_twice(program, &rules, findings);
    fields_twice(program, &rules, findings);
}

/// Whether a limit says how much two rules are worth together.
fn limited(program: &Program, a: &Rule<'_>, b: &Rule<'_>) -> bool {
    let (Some(group), true) = (a.part.parent, a.part.parent == b.part.parent) else { return false };
    let inner = program.parts[group.index()].parent.is_some();
    inner && matches!(program.parts[group.index()].kind, PartKind::Group { to: Some(_), .. })
}

/// The events that a rule gives points for, and whether it does for each of them.
fn paid<'a>(rule: &Rule<'a>) -> Option<(&'a Events, bool, i64)> {
    match (&rule.part.kind, &rule.written.worth) {
        (PartKind::Per(per), Worth::Per { events, distinct: None, .. }) if per.points > 0 => {
            Some((events, true, per.points))
        }
        (PartKind::If { points, .. }, Worth::If { condition, .. }) if *points > 0 => match &*condition.kind {
            Written::EventTest(EventQuantifier::Any | EventQuantifier::AtLeast(_), events) => {
                Some((events, false, *points))
            }
            _ => None,
        },
        _ => None,
    }
}

fn events_twice(program: &Program, rules: &[Rule<'_>], findings: &mut Findings) {
    type Key<'k> = (PartId, &'k str, bool);
    let mut by_events: IndexMap<Key<'_>, Vec<(&Rule<'_>, &Events, i64)>> = IndexMap::new();
    for rule in rules {
        if let Some((events, each, points)) = paid(rule) {
            by_events.entry((rule.part.score, &events.name.value, each)).or_default().push((rule, events, points));
        }
    }
    for ((_, name, each), paying) in by_events {
        for (at, (rule, events, points)) in paying.iter().enumerate() {
            let earlier = paying[..at]
                .iter()
                .find(|(other, wanted, _)| wanted.condition == events.condition && !limited(program, rule, other));
            let Some((other, _, before)) = earlier else { continue };
            let what = if each { "each" } else { "the same" };
            let message = format!(
                "{what} `{name}` earns {} in `{}` and {} in `{}`",
                in_points(*before),
                other.part.name,
                in_points(*points),
                rule.part.name
            );
            let help = if each {
                "let one rule count them, with a decay if late ones are to count more: `halving every 2 weeks`"
            } else {
                "let one rule do it, the strongest sign first: `first of { … }`"
            };
            findings.push(twice(findings, rule, other, message).help(help));
        }
    }
}

fn twice(findings: &Findings, rule: &Rule<'_>, other: &Rule<'_>, message: String) -> Diagnostic {
    findings.at(rule.part.span, message).here("counts them again").label(other.part.span, "counts them first")
}

fn fields_twice(program: &Program, rules: &[Rule<'_>], findings: &mut Findings) {
    // The rules that rest on one field alone.
    let mut by_field: BTreeMap<FieldId, Vec<&Rule<'_>>> = BTreeMap::new();
    for rule in rules {
        let reads = reads(program, rule.id);
        if reads.time || reads.more || !reads.queries.is_empty() || reads.fields.len() != 1 || asks(program, rule) {
            continue;
        }
        for field in reads.fields {
            if matches!(program.schema.field(field).ty, Type::One(_)) {
                by_field.entry(field).or_default().push(rule);
            }
        }
    }
    let mut trial = None;
    for (field, mut rules) in by_field {
        let all = rules.clone();
        rules.retain(|rule| all.iter().filter(|other| other.part.score == rule.part.score).count() > 1);
        if rules.is_empty() {
            continue;
        }
        let trial = trial.get_or_insert_with(|| Trial::new(program));
        let values = values(program, field, &rules);
        let arena = Bump::new();
        let steps = trial.steps(rules.iter().map(|rule| rule.id));
        let worths: Vec<Vec<i64>> =
            values.iter().map(|value| trial.field(field, value.value(&arena), &steps)).collect();
        for (at, rule) in rules.iter().enumerate() {
            let same = rules[..at].iter().filter(|other| other.part.score == rule.part.score);
            let found =
                same.into_iter().find_map(|other| both(program, &worths, rule, other).map(|value| (other, value)));
            if let Some((other, value)) = found {
                findings.push(report(program, findings, field, (other, rule), (&values[value], &worths[value])));
            }
        }
    }
}

/// The first value for which both rules give points, when one of them never gives any without the other.
fn both(program: &Program, worths: &[Vec<i64>], rule: &Rule<'_>, other: &Rule<'_>) -> Option<usize> {
    let pays: Vec<(bool, bool)> =
        worths.iter().map(|worths| (worths[rule.id.index()] > 0, worths[other.id.index()] > 0)).collect();
    let both = pays.iter().position(|pays| *pays == (true, true))?;
    let nested = !pays.contains(&(true, false)) || !pays.contains(&(false, true));
    (nested && !limited(program, rule, other)).then_some(both)
}

fn report(
    program: &Program,
    findings: &Findings,
    field: FieldId,
    (first, again): (&Rule<'_>, &Rule<'_>),
    (value, worths): (&Literal, &[i64]),
) -> Diagnostic {
    let worth = |rule: &Rule<'_>| in_points(worths[rule.id.index()]);
    let name = &program.schema.field(field).name;
    let message = format!(
        "`{name}` earns points in `{}` and again in `{}`: {} and {} where it is {}",
        first.part.name,
        again.part.name,
        worth(first),
        worth(again),
        shown(program, field, value)
    );
    findings
        .at(again.part.span, message)
        .here("counts it again")
        .label(first.part.span, "counts it first")
        .help(format!("say in one rule what each value is worth: `by {name} {{ … }}`"))
}

/// Whether a rule pays for an answer, whatever it is: that there is one is another thing than what it says.
fn asks(program: &Program, rule: &Rule<'_>) -> bool {
    let mut asks = false;
    program.walk_step(Step::Part(rule.id), &mut |expr| {
        asks |= matches!(expr.kind, ExprKind::IsKnown(_) | ExprKind::IsMissing(_));
    });
    asks
}

/// The values of a field that its rules may tell apart.
fn values(program: &Program, field: FieldId, rules: &[&Rule<'_>]) -> Vec<Literal> {
    let ty = match program.schema.field(field).ty {
        Type::One(ty) => ty,
        Type::List(_) => return Vec::new(),
    };
    match ty {
        Scalar::Bool => return vec![Literal::Bool(false), Literal::Bool(true)],
        Scalar::Choice(domain) => {
            let domain = program.schema.domain(domain);
            let all = if domain.kind == DomainKind::Stages { 0 } else { domain.choices.len() };
            return (0..all).map(|choice| Literal::Choice(choice as u16)).collect();
        }
        Scalar::Int | Scalar::Number | Scalar::Money(_) | Scalar::Text => {}
        Scalar::Date | Scalar::Time => return Vec::new(),
    }
    let mut found: Vec<Literal> = Vec::new();
    let mut visit = |expr: &Expr| match &expr.kind {
        ExprKind::Constant(Literal::Text(text)) => found.push(Literal::Text(text.clone())),
        ExprKind::Constant(Literal::Int(value)) => match ty {
            Scalar::Number => around(*value * 1_000_000, 1, Literal::Number, &mut found),
            _ => around(*value, 1, Literal::Int, &mut found),
        },
        ExprKind::Constant(Literal::Number(value)) => match ty {
            Scalar::Int => around(value / 1_000_000, 1, Literal::Int, &mut found),
            _ => around(*value, 1, Literal::Number, &mut found),
        },
        ExprKind::Constant(Literal::Money(value)) => around(*value, 1, Literal::Money, &mut found),
        ExprKind::Exactly { text, .. } => found.push(Literal::Text(text.clone())),
        ExprKind::In { set: Set::Texts(texts), .. } => {
            let mut texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
            texts.sort_unstable();
            found.extend(texts.into_iter().map(|text| Literal::Text(text.into())));
        }
        ExprKind::Match { matcher, .. } => {
            let plain = |pattern: &String| Literal::Text(pattern.replace(['*', '?'], "x").into());
            found.extend(matcher.patterns().iter().map(plain));
        }
        _ => {}
    };
    for rule in rules {
        program.walk_step(Step::Part(rule.id), &mut visit);
    }
    let mut values: Vec<Literal> = Vec::new();
    for value in found {
        if !values.contains(&value) && values.len() < MOST_VALUES {
            values.push(value);
        }
    }
    values
}

fn around(value: i64, step: i64, literal: fn(i64) -> Literal, found: &mut Vec<Literal>) {
    found.extend([value, value - step, value + step].map(literal));
}

fn shown(program: &Program, field: FieldId, value: &Literal) -> String {
    let text = match (value, program.schema.field(field).ty) {
        (Literal::Choice(choice), Type::One(Scalar::Choice(domain))) => {
            program.schema.domain(domain).choices[usize::from(*choice)].name.clone()
        }
        (Literal::Money(value), Type::One(Scalar::Money(currency))) => {
            format!("{} {}", crate::model::number::display(*value, 4), currency.as_str())
        }
        (Literal::Int(value), _) => value.to_string(),
        (Literal::Number(value), _) => crate::model::number::display(*value, 6).to_string(),
        (Literal::Text(text), _) => text.to_string(),
        (Literal::Bool(value), _) => value.to_string(),
        _ => String::new(),
    };
    format!("`{}`", crate::base::visible(&text))
}
