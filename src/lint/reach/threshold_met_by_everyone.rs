//! `threshold-met-by-everyone`: a threshold that every lead meets.

use super::can::{name_of, points, threshold, verdict};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "threshold-met-by-everyone",
    group: Group::Reach,
    level: Severity::Warning,
    what: "A score, group or rule is compared with points that every lead has: the condition is always true.",
    why: "The threshold separates nobody from anybody. A lead of which nothing is known, and that never did anything, \
          meets it as well.",
    example: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement from 0 to 100 {
  webinars: +10 per webinar within 90 days
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": engagement >= 0
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement from 0 to 100 {
  webinars: +10 per webinar within 90 days
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
        let Some((true, end)) = verdict(context, &threshold) else { return };
        let name = name_of(program, threshold.part);
        let has = if end >= threshold.points { "at least" } else { "at most" };
        let message = format!("every lead meets this: `{name}` always has {has} {}", points(end));
        findings.push(
            findings.at(expr.span, message).help("choose a threshold that some leads do not meet, or leave it out"),
        );
    });
}
