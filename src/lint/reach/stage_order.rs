//! `stage-order`: a higher stage that is as easy to reach as the one below it.

use super::can::{impossible, never, told};
use crate::analysis::Goal;
use crate::check::hir::StageId;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "stage-order",
    group: Group::Reach,
    level: Severity::Error,
    what: "Whoever reaches a stage reaches a higher one at once: the higher stage is as easy to reach as the one below \
           it, or easier, so that no lead is ever in the lower one.",
    why: "A lead is in the highest stage that it reaches. A ladder on which a rung is always skipped has its \
          thresholds in the wrong order, or lacks an `after`.",
    example: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement {
  webinars: +10 per webinar within 90 days
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": engagement >= 50
  sql  "Sales qualified lead":     engagement >= 30
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement {
  webinars: +10 per webinar within 90 days
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": engagement >= 30
  sql  "Sales qualified lead":     engagement >= 50
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for (place, stage) in program.stages.iter().enumerate() {
        if place + 1 == program.stages.len() || impossible(context, place) {
            continue;
        }
        let reached = |stage: usize| Goal::Reached(StageId(stage as u16));
        let higher = place + 1..program.stages.len();
        let mut here = vec![reached(place)];
        here.extend(higher.clone().map(|other| Goal::Not(Box::new(reached(other)))));
        if !never(context, &Goal::All(here)) {
            continue;
        }
        // The one higher stage that is to blame, if it is one alone.
        let blamed = higher
            .clone()
            .find(|other| never(context, &Goal::All(vec![reached(place), Goal::Not(Box::new(reached(*other)))])));
        if place == 0 && higher.clone().any(|other| program.stages[other].condition.iter().any(|c| told(context, c))) {
            continue;
        }
        let blamed = blamed.map(|blamed| &program.stages[blamed]);
        let message = match blamed {
            Some(blamed) => {
                format!("no lead is ever in `{}`: whoever reaches it reaches `{}` as well", stage.name, blamed.name)
            }
            None => format!("no lead is ever in `{}`: whoever reaches it reaches a higher stage as well", stage.name),
        };
        let mut finding = findings.at(stage.span, message);
        if let Some(blamed) = blamed {
            finding = finding.label(blamed.span, "the higher stage");
        }
        findings.push(
            finding.help("ask more of the higher stage, or put the stages in the order of how hard they are to reach"),
        );
    }
}
