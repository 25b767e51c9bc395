//! `cap-below-one-event`: a cap below what one event is worth.

use super::can::points;
use crate::check::hir::PartKind;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "cap-below-one-event",
    group: Group::Reach,
    level: Severity::Warning,
    what: "A rule per event may give fewer points in all than one event is worth.",
    why: "No event ever earns what the rule says: the first one already hits the cap.",
    example: Example::new(
        r#"policy "Inbound leads"

event demo_requested

score engagement {
  demos: +25 per demo_requested, at most 20 points
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event demo_requested

score engagement {
  demos: +25 per demo_requested, at most 50 points
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for part in &context.program().parts {
        let (worth, most) = match &part.kind {
            PartKind::Per(per) => (per.points, per.most),
            PartKind::PerPeriod { points, most, .. } => (*points, *most),
            _ => continue,
        };
        let Some(most) = most.filter(|most| *most < worth.abs()) else { continue };
        let what = if matches!(part.kind, PartKind::Per(_)) { "one event is worth" } else { "one period is worth" };
        let message = format!("`{}` is capped at {}, and {what} {}", part.name, points(most), points(worth.abs()));
        findings.push(findings.at(part.span, message).help("raise the cap, or say what it really is worth"));
    }
}
