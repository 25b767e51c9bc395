//! `single-event-qualifies`: one event alone is enough for a stage.

use crate::analysis::Goal;
use crate::diagnostic::Severity;
use crate::lint::reach::{deep, threshold};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::Literal;
use crate::syntax::ast::CompareOp;

/// The lint.
pub static LINT: Lint = Lint {
    name: "single-event-qualifies",
    group: Group::Scoring,
    level: Severity::Note,
    what: "One event alone, of a lead of which nothing else is known, is worth enough for a stage's threshold.",
    why: "One click, or one robot that clicks, makes a qualified lead. Where that is wanted (who asks for a demo is \
          qualified), say so in the stage instead: `any demo_requested within 30 days`.",
    example: Example::new(
        r#"policy "Inbound leads"

event link_clicked

score engagement {
  clicks: +30 per link_clicked within 30 days
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": engagement >= 30
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event link_clicked

score engagement {
  clicks: +10 per link_clicked within 30 days
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": engagement >= 30
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for stage in program.stages.iter().skip(1) {
        let Some(condition) = &stage.condition else { continue };
        let mut thresholds = Vec::new();
        deep(program, condition, &mut |expr| {
            if let Some(threshold) = threshold(program, expr)
                && matches!(threshold.op, CompareOp::GreaterOrEqual | CompareOp::Greater)
            {
                thresholds.push((expr.span, threshold));
            }
        });
        for (span, threshold) in thresholds {
            let more = i64::from(threshold.op == CompareOp::Greater);
            let goal = Goal::AtLeast(threshold.part, threshold.points + more);
            let Some(witness) = context.analysis().one_event(&goal) else { continue };
            debug_assert!(witness.fields.iter().all(|value| *value == Literal::Missing));
            let words = crate::base::visible(&witness.describe(program, context.analysis().as_of())).into_owned();
            let message = format!("one event is enough for the threshold of `{}`: {words}", stage.name);
            let help = "raise the threshold, or name the event in the stage if it is meant to be enough";
            findings.push(findings.at(span, message).help(help));
        }
    }
}
