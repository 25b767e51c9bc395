//! `missing-undecided`: a missing value that gets a lead further than a bad one.

use crate::analysis::{Budget, Goal, Reachable, Taken, show};
use crate::check::hir::{ExprKind, PartId, PartKind, StageId};
use crate::diagnostic::Severity;
use crate::lint::reach::{deep, threshold};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::Literal;

/// The lint.
pub static LINT: Lint = Lint {
    name: "missing-undecided",
    group: Group::Data,
    level: Severity::Note,
    what: "A `by` without a `missing` case takes points away for some values, and a lead for which the field is \
           missing reaches a stage that it does not reach with such a value.",
    why: "Who leaves the question open is better off than who answers it. Say what a missing value is worth: `missing: \
          -10`, or `missing: +0` where it is meant to be worth nothing.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id    text key
  title text
}

event demo_requested

score lead_score {
  demo:  +30 if any demo_requested within 30 days
  title: by title {
    contains "student": -20
    otherwise:          +5
  }
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": lead_score >= 30
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  id    text key
  title text
}

event demo_requested

score lead_score {
  demo:  +30 if any demo_requested within 30 days
  title: by title {
    contains "student": -20
    missing:            -5
    otherwise:          +5
  }
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": lead_score >= 30
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let analysis = context.analysis();
    for (place, part) in program.parts.iter().enumerate() {
        let PartKind::By { value, cases, missing: None, otherwise } = &part.kind else { continue };
        let ExprKind::Field(field) = value.kind else { continue };
        let least = cases.iter().map(|case| case.points).chain(*otherwise).min().unwrap_or(0);
        if least >= 0 || program.schema.field(field).required {
            continue;
        }
        let id = PartId(place as u16);
        let found = (1..program.stages.len()).find_map(|stage| {
            let goal = Goal::Reached(StageId(stage as u16));
            let mut all = vec![Goal::Taken(id, Taken::Missing), goal.clone()];
            // On the edge: with the points of the worst case it falls below.
            let condition = program.stages[stage].condition.as_ref()?;
            deep(program, condition, &mut |expr| {
                if let Some(threshold) = threshold(program, expr) {
                    all.push(Goal::AtMost(threshold.part, threshold.points));
                }
            });
            let Reachable::Yes(witness) = analysis.reachable(&Goal::All(all), Budget::QUICK) else { return None };
            let worse = analysis.cells().field(field).values().find(|value| {
                let mut other = (*witness).clone();
                other.fields[field.index()] = (*value).clone();
                **value != Literal::Missing && analysis.points(id, &other) < 0 && !analysis.confirms(&goal, &other)
            })?;
            Some((stage, worse.clone()))
        });
        let Some((stage, worse)) = found else { continue };
        let declared = program.schema.field(field);
        let message = format!(
            "`{}` has no `missing` case: without `{}` a lead can reach `{}`, where with {} it does not",
            part.name,
            declared.name,
            program.stages[stage].name,
            show(program, &worse, declared.ty)
        );
        findings.push(findings.at(part.span, message).help("say what a missing value is worth: `missing: …`"));
    }
}
