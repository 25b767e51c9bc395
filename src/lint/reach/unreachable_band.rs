//! `unreachable-band`: a band that no lead can be in.

use super::can::{name_of, never, points};
use crate::analysis::{Budget, Goal};
use crate::check::hir::BandsId;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "unreachable-band",
    group: Group::Reach,
    level: Severity::Warning,
    what: "No lead can be in this band: the score never has so many points, or always has more.",
    why: "Whatever is done for the leads of this band is done for nobody.",
    example: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement to 50 {
  webinars: +10 per webinar within 90 days
}

bands interest of engagement {
  cold "Cold"
  warm "Warm" from 20
  hot  "Hot"  from 60
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement to 50 {
  webinars: +10 per webinar within 90 days
}

bands interest of engagement {
  cold "Cold"
  warm "Warm" from 20
  hot  "Hot"  from 40
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for (place, bands) in program.bands.iter().enumerate() {
        let analysis = context.analysis();
        let name = name_of(program, bands.of);
        for (band, choice) in program.schema.domain(bands.domain).choices.iter().enumerate() {
            if !never(context, &Goal::Band(BandsId(place as u16), band as u16)) {
                continue;
            }
            let range = analysis.range(bands.of, Budget::QUICK);
            let from = band.checked_sub(1).and_then(|below| bands.from.get(below));
            let message = match (from, range.low.bound, range.high.bound) {
                (Some(from), _, Some(high)) if high < *from => {
                    format!(
                        "no lead is in the band `{}`: it begins at {}, and `{name}` has at most {}",
                        choice.name,
                        points(*from),
                        points(high)
                    )
                }
                (_, Some(low), _) => {
                    format!("no lead is in the band `{}`: `{name}` always has at least {}", choice.name, points(low))
                }
                _ => format!("no lead is in the band `{}`", choice.name),
            };
            findings.push(findings.at(bands.span, message).help("move the line, or leave the band out"));
        }
    }
}
