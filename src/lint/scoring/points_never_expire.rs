//! `points-never-expire`: what a lead did once earns points for ever.

use super::rules::{Rule, in_points, rules, worths};
use crate::check::hir::{Expr, ExprKind, PartKind, Program};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::Worth;

/// The lint.
pub static LINT: Lint = Lint {
    name: "points-never-expire",
    group: Group::Scoring,
    level: Severity::Warning,
    what: "Events earn points without a window (`within`, `since`) and without a decay, and no rule takes points for \
           silence.",
    why: "A lead that read ten emails three years ago has as many points as one that read them last week. Scores only \
          rise, and in time everybody is qualified.",
    example: Example::new(
        r#"policy "Inbound leads"

event webinar_attended

score engagement from 0 to 100 {
  webinars "Attends webinars": +10 per webinar_attended
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event webinar_attended

score engagement from 0 to 100 {
  webinars "Attends webinars": +10 per webinar_attended within 180 days
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let rules = rules(context);
    if rules.iter().any(|rule| takes_for_silence(program, rule)) {
        return;
    }
    for rule in rules {
        let (earns, span) = match (&rule.part.kind, &rule.written.worth) {
            (PartKind::Per(per), Worth::Per { events, .. }) => {
                let ages = per.decay.is_some() || program.queries[per.query.index()].window.is_some();
                if ages || per.points <= 0 {
                    continue;
                }
                (format!("each event earns {} for ever", in_points(per.points)), events.span)
            }
            (PartKind::If { points, condition }, Worth::If { condition: written, .. }) => {
                if *points <= 0 || !for_ever(program, condition) {
                    continue;
                }
                (format!("once true, it earns {} for ever", in_points(*points)), written.span)
            }
            (PartKind::By { value, .. }, Worth::By { value: written, .. }) => {
                if worths(rule.part).iter().all(|points| *points <= 0) || !for_ever(program, value) {
                    continue;
                }
                ("the count only grows".to_owned(), written.span)
            }
            _ => continue,
        };
        let finding = findings
            .at(span, format!("the points of `{}` never expire", rule.part.name))
            .here(earns)
            .help("say how long it counts: `within 90 days`, or `halving every 30 days`");
        findings.push(finding);
    }
}

/// Whether an expression rests on events, and what is true once stays so.
fn for_ever(program: &Program, expr: &Expr) -> bool {
    let (mut counts, mut ends) = (false, false);
    expr.walk(program, &mut |expr| match &expr.kind {
        ExprKind::AtLeastEvents(_, query) | ExprKind::Count(query) | ExprKind::Aggregate(_, _, query) => {
            counts = true;
            ends |= program.queries[query.index()].window.is_some();
        }
        ExprKind::AtMostEvents(..)
        | ExprKind::Edge(..)
        | ExprKind::Age(..)
        | ExprKind::AgeBetween(..)
        | ExprKind::Within { .. }
        | ExprKind::Not(_)
        | ExprKind::Implies(..)
        | ExprKind::Define(_) => ends = true,
        _ => {}
    });
    counts && !ends
}

/// Whether a rule takes points from leads that have done nothing for a while.
fn takes_for_silence(program: &Program, rule: &Rule<'_>) -> bool {
    if worths(rule.part).iter().all(|points| *points >= 0) {
        return false;
    }
    let mut silence = false;
    let mut look = |expr: &Expr| match &expr.kind {
        ExprKind::AtMostEvents(_, query) => silence |= program.queries[query.index()].window.is_some(),
        ExprKind::Edge(false, _) => silence = true,
        _ => {}
    };
    match &rule.part.kind {
        PartKind::If { condition, .. } => condition.walk(program, &mut look),
        PartKind::PerPeriod { since, .. } => since.walk(program, &mut look),
        PartKind::FirstOf { cases, .. } => cases.iter().for_each(|case| case.condition.walk(program, &mut look)),
        PartKind::By { value, .. } => value.walk(program, &mut look),
        PartKind::Per(_) | PartKind::Group { .. } | PartKind::Include { .. } => {}
    }
    silence
}
