//! `floor-without-negatives`: a floor that nothing reaches.

use super::can::points;
use crate::check::hir::{PartId, PartKind};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "floor-without-negatives",
    group: Group::Reach,
    level: Severity::Note,
    what: "A score or group has a floor (`from`) that it never needs: nothing takes it so low. A floor that is one end \
           of a scale, as in `from 0 to 100`, is not reported.",
    why: "A floor tells the reader that rules take points away. None does.",
    example: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement from -20 to 100 {
  webinars: +10 per webinar within 90 days
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event webinar
event unsubscribed

score engagement from -20 to 100 {
  webinars: +10 per webinar within 90 days
  left:     -30 if any unsubscribed
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for (place, part) in program.parts.iter().enumerate() {
        let PartKind::Group { from: Some(from), to, .. } = &part.kind else { continue };
        let scale = *from == 0 && to.is_some();
        let (Some(low), _) = context.analysis().limits(PartId(place as u16)) else { continue };
        let needless = low > *from || (low == *from && *from == 0 && !takes(context, place));
        if needless && !scale {
            let message = format!(
                "the floor of `{}` is {}, and it never has fewer than {}",
                part.name,
                points(*from),
                points(low)
            );
            findings.push(findings.at(part.span, message).help("leave the floor out, or add what takes points away"));
        }
    }
}

/// Whether anything in a group can take points away.
fn takes(context: &Context<'_>, place: usize) -> bool {
    let PartKind::Group { parts, .. } = &context.program().parts[place].kind else { return false };
    parts.iter().any(|part| context.analysis().limits(*part).0.is_none_or(|low| low < 0))
}
