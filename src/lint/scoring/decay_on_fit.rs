//! `decay-on-fit`: points for what a lead is run out like points for what it does.

use super::rules::{Reads, Rule, reads, reads_of, rules};
use crate::check::hir::{EventWindow, Expr, ExprKind, PartId, PartKind, Program};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::EventTypeId;
use crate::syntax::ast::{CompareOp, Worth};
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "decay-on-fit",
    group: Group::Scoring,
    level: Severity::Warning,
    what: "Points for what a lead is run out with time: in a score that looks at nothing the lead does, beside another \
           that does, a rule takes points for the age of the record or gives them to young ones only; or events earn \
           points with a window or a decay for nothing but a field that the lead has too.",
    why: "A company does not leave its industry because 90 days have gone by. Interest fades; fit is looked up anew. With \
          both in one number nobody can tell a bad fit from a lead that has gone quiet.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  industry   one of ["Software", "Retail"]
  employees  int
  created_at time
}

event email_opened

score profile "Who they are" {
  industry "Industry":      +20 if industry is "Software"
  size     "Company size":  +10 if employees >= 50
  older    "Getting older": -5 per 30 days since created_at
}

score engagement "What they do" {
  opens "Reads our emails": +5 per email_opened within 90 days
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  industry   one of ["Software", "Retail"]
  employees  int
  created_at time
}

event email_opened

score profile "Who they are" {
  industry "Industry":      +20 if industry is "Software"
  size     "Company size":  +10 if employees >= 50
}

score engagement "What they do" {
  opens "Reads our emails": +5 per email_opened within 90 days
  older "Getting older":    -5 per 30 days since created_at
}
"#,
    ),
    fix: FixKind::None,
    run,
};

/// Names of fields that say what a lead is.
const LASTING: &[&str] = &[
    "title",
    "job_title",
    "role",
    "position",
    "seniority",
    "department",
    "function",
    "industry",
    "sector",
    "employees",
    "company_size",
    "headcount",
    "revenue",
    "turnover",
    "country",
    "region",
    "state",
    "city",
    "company",
    "income",
    "household_income",
    "education",
    "profession",
    "occupation",
];

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let rules = rules(context);
    let known: Vec<(Rule<'_>, Reads)> = rules.into_iter().map(|rule| (rule, reads(program, rule.id))).collect();
    for (rule, _) in &known {
        on_events(program, rule, findings);
    }
    let acts = |score: PartId| known.iter().any(|(rule, reads)| rule.part.score == score && !reads.queries.is_empty());
    for score in &program.scores {
        // A score of who leads are, in a policy that has another of what they do.
        if acts(*score) || !program.scores.iter().any(|other| acts(*other)) {
            continue;
        }
        let own = known.iter().filter(|(rule, _)| rule.part.score == *score);
        let lasting = own.clone().filter(|(_, reads)| !reads.time && !reads.more && !reads.fields.is_empty()).count();
        for (rule, _) in own {
            if lasting >= 2 && ages(program, rule) {
                let name = &program.parts[score.index()].name;
                let finding = findings
                    .at(rule.part.span, format!("`{}` lets points for what a lead is run out", rule.part.name))
                    .here("changes with the age of the record alone")
                    .label(program.parts[score.index()].span, format!("no rule of `{name}` looks at what leads do"))
                    .help("move it to the score of what leads do");
                findings.push(finding);
            }
        }
    }
}

/// Whether a rule takes points for the age of the record, or gives some to young ones that are something else besides.
fn ages(program: &Program, rule: &Rule<'_>) -> bool {
    match &rule.part.kind {
        PartKind::PerPeriod { points, since, .. } => *points < 0 && matches!(since.kind, ExprKind::Field(_)),
        PartKind::If { points, condition } => {
            let ExprKind::And(all) = &condition.kind else { return false };
            let young = |expr: &Expr| match &expr.kind {
                ExprKind::Within { value, next: false, .. } => matches!(value.kind, ExprKind::Field(_)),
                ExprKind::Age(CompareOp::Less | CompareOp::LessOrEqual, value, _) => {
                    matches!(value.kind, ExprKind::Field(_))
                }
                _ => false,
            };
            let lasting = |expr: &Expr| {
                let reads = reads_of(program, expr);
                !reads.time && !reads.more && !reads.fields.is_empty()
            };
            *points > 0 && all.iter().any(young) && all.iter().any(lasting)
        }
        _ => false,
    }
}

/// Events of which only fields count that the lead has too: a title that a form asks for.
fn on_events(program: &Program, rule: &Rule<'_>, findings: &mut Findings) {
    let (query, shrinks) = match &rule.part.kind {
        PartKind::Per(per) if per.points > 0 => (per.query, per.decay.is_some()),
        PartKind::If { points, condition } if *points > 0 => match condition.kind {
            ExprKind::AtLeastEvents(1, query) => (query, false),
            _ => return,
        },
        _ => return,
    };
    let query = &program.queries[query.index()];
    let windowed = matches!(query.window, Some(EventWindow::Within(_)));
    let Some(condition) = query.condition.as_ref().filter(|_| windowed || shrinks) else { return };
    let crate::check::hir::EventTypes::One(ty) = query.types else { return };
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut other = false;
    condition.walk(program, &mut |expr| match &expr.kind {
        ExprKind::EventField(places) => match event_field(program, ty, places) {
            Some(name) => {
                names.insert(name);
            }
            None => other = true,
        },
        ExprKind::EventType | ExprKind::EventDay | ExprKind::Define(_) | ExprKind::Field(_) => other = true,
        _ => {}
    });
    let shared = |name: &&str| {
        LASTING.contains(name) && program.schema.fields.iter().any(|field| field.name.rsplit('.').next() == Some(*name))
    };
    let Some(name) = names.first() else { return };
    if other || !names.iter().all(shared) {
        return;
    }
    let span = match &rule.written.worth {
        Worth::Per { events, .. } => events.span,
        Worth::If { condition, .. } => condition.span,
        _ => rule.part.span,
    };
    let finding = findings
        .at(span, format!("`{}` lets points for what a lead is run out", rule.part.name))
        .here(format!("`{name}` is what it is, whenever it was told"))
        .help(format!("give the points for the lead's own `{name}`, which does not age"));
    findings.push(finding);
}

fn event_field<'p>(program: &'p Program, ty: EventTypeId, places: &[u16]) -> Option<&'p str> {
    let fields = &program.schema.event(ty).fields;
    let place = if places.len() == 1 { places.first() } else { places.get(ty.index()) };
    place.and_then(|place| fields.get(usize::from(*place))).map(|field| field.name.as_str())
}
