//! `duplicate-rule`: the same rule twice.

use crate::base::Span;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::{Condition, Expr, ExprKind, Group as Score, ItemKind, Name, Part, Rule};

/// The lint.
pub static LINT: Lint = Lint {
    name: "duplicate-rule",
    group: Group::Style,
    level: Severity::Warning,
    what: "Two checks of a fit, two reasons to disqualify, two routes or two definitions have the same condition, or two \
           rules of a score are the same, points included.",
    why: "One of them was meant to say something else, or is left over. In a score its points count twice; a second \
          route is never taken.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { country text  employees int }

fit icp "Ideal customer" {
  in_us   "Lives in the US":   country is "US"
  at_home "In our own market": country is "US"
  size    "50 or more":        employees >= 50
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { country text  employees int }

fit icp "Ideal customer" {
  in_us "Lives in the US": country is "US"
  size  "50 or more":      employees >= 50
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut defines: Vec<(&Name, &Expr)> = Vec::new();
    let mut reasons: Vec<(&Name, &Expr)> = Vec::new();
    for item in context.items() {
        match &item.value {
            ItemKind::Fit { checks, .. } => twice("check", &conditions(checks), findings),
            ItemKind::Disqualify(more) => reasons.extend(conditions(more)),
            ItemKind::Route(arms) => {
                let arms = arms.iter().filter_map(|arm| Some((&arm.name, arm.condition.as_ref()?)));
                twice("route", &arms.collect::<Vec<_>>(), findings);
            }
            ItemKind::Score(score) => {
                let mut all = Vec::new();
                rules(score, &mut all);
                let all: Vec<_> = all.iter().map(|rule| (&rule.name, &rule.worth)).collect();
                twice("rule", &all, findings);
            }
            ItemKind::Define { name, value, .. } | ItemKind::Persona { name, condition: value, .. }
                if !is_constant(value) =>
            {
                defines.push((name, value));
            }
            _ => {}
        }
    }
    twice("reason to disqualify", &reasons, findings);
    twice("definition", &defines, findings);
}

fn conditions(conditions: &[Condition]) -> Vec<(&Name, &Expr)> {
    conditions.iter().map(|item| (&item.name, &item.condition)).collect()
}

fn rules<'a>(group: &'a Score, all: &mut Vec<&'a Rule>) {
    for part in &group.parts {
        match part {
            Part::Rule(rule) => all.push(rule),
            Part::Group(group) => rules(group, all),
            Part::Include(_) | Part::Junk(_) => {}
        }
    }
}

/// Two constants of one value are two things that may change apart; a second name for a name says what it is for.
fn is_constant(value: &Expr) -> bool {
    matches!(
        &*value.kind,
        ExprKind::Number(_)
            | ExprKind::Money(..)
            | ExprKind::Text(_)
            | ExprKind::Bool(_)
            | ExprKind::Negate(_)
            | ExprKind::Path(_)
    )
}

fn twice<T: PartialEq>(what: &str, all: &[(&Name, &T)], findings: &mut Findings) {
    for (index, (name, value)) in all.iter().enumerate() {
        let first = all.iter().take(index).find(|(_, earlier)| earlier == value);
        if let Some((first, _)) = first {
            report(what, name, first, first.span, findings);
        }
    }
}

fn report(what: &str, name: &Name, first: &Name, at: Span, findings: &mut Findings) {
    let finding = findings.at(name.span, format!("the {what} `{}` says the same as `{}`", name.value, first.value));
    findings.push(finding.label(at, "the first").help("remove one of them, or write what it was meant to say"));
}
