//! `cap-never-reached`: a cap that cuts nothing off.

use super::can::points;
use crate::check::hir::{PartId, PartKind};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "cap-never-reached",
    group: Group::Reach,
    level: Severity::Note,
    what: "A cap that can never cut anything off: a group `to` more points than its rules can give together, or a rule \
           with `at most` more points than its other caps leave. The limits of a whole score are its scale, and are \
           not looked at.",
    why: "It looks as if it held something in check. Either it is too high, or another number is too low.",
    example: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement {
  webinars: +10 per webinar within 90 days, at most 2 times, at most 100 points
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement {
  webinars: +10 per webinar within 90 days, at most 2 times
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for (place, part) in program.parts.iter().enumerate() {
        let (low, high) = context.analysis().limits(PartId(place as u16));
        let cap = match &part.kind {
            PartKind::Group { to, .. } if part.parent.is_some() => *to,
            PartKind::Per(per) => per.most,
            _ => None,
        };
        let (Some(cap), Some(low), Some(high)) = (cap, low, high) else { continue };
        let most = if matches!(part.kind, PartKind::Per(_)) { high.max(-low) } else { high };
        if most < cap {
            let message = format!("`{}` is capped at {}, and has at most {}", part.name, points(cap), points(most));
            findings.push(findings.at(part.span, message).help("lower the cap, or leave it out"));
        }
    }
}
