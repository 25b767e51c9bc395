//! `threshold-above-maximum`: points that no lead can have.

use super::can::{name_of, points, threshold, verdict};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::CompareOp;

/// The lint.
pub static LINT: Lint = Lint {
    name: "threshold-above-maximum",
    group: Group::Reach,
    level: Severity::Error,
    what: "A score, group or rule is compared with points that it can never have: more than the most that any lead can \
           reach, or fewer than the fewest.",
    why: "The condition is never true, and what rests on it never happens: nobody becomes an MQL, however keen. Most \
          often a rule was taken out or capped and the threshold was forgotten.",
    example: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement {
  webinars: +10 per webinar within 90 days, at most 2 times
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": engagement >= 30
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement {
  webinars: +10 per webinar within 90 days, at most 2 times
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": engagement >= 20
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    context.meant(&mut |expr| {
        let Some(threshold) = threshold(program, expr) else { return };
        let Some((false, end)) = verdict(context, &threshold) else { return };
        let name = name_of(program, threshold.part);
        let line = points(threshold.points);
        let above = end < threshold.points || (end == threshold.points && threshold.op == CompareOp::Greater);
        let (message, help) = if above {
            let more = if threshold.op == CompareOp::Greater { "more than " } else { "" };
            (
                format!("`{name}` never has {more}{line}: at most {} can be reached", points(end)),
                "lower the threshold, or let rules and caps give more",
            )
        } else {
            let fewer = if threshold.op == CompareOp::Less { "fewer than " } else { "" };
            (
                format!("`{name}` never has {fewer}{line}: it has at least {}", points(end)),
                "raise the threshold, or let rules and limits take more",
            )
        };
        findings.push(
            findings
                .at(expr.span, message)
                .label(program.parts[threshold.part.index()].span, "these points")
                .help(help),
        );
    });
}
