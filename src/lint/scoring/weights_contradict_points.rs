//! `weights-contradict-points`: a larger factor that adds fewer points.

use super::in_points;
use crate::check::hir::{Included, PartId, PartKind};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::number::display;

/// The lint.
pub static LINT: Lint = Lint {
    name: "weights-contradict-points",
    group: Group::Scoring,
    level: Severity::Warning,
    what: "A score includes two others by factors, and the one with the larger factor can add fewer points than the \
           one with the smaller factor.",
    why: "Who writes 70 % beside 30 % means that the first counts more. What counts is the factor times the points \
          that can be reached.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id      text key
  country text
}

event webinar

score profile to 20 {
  home: +20 if country is "US"
}

score engagement to 100 {
  webinars: +10 per webinar within 90 days
}

score lead_score {
  include profile * 70%
  include engagement * 30%
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  id      text key
  country text
}

event webinar

score profile to 100 {
  home: +100 if country is "US"
}

score engagement to 100 {
  webinars: +10 per webinar within 90 days
}

score lead_score {
  include profile * 70%
  include engagement * 30%
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for part in &program.parts {
        let PartKind::Group { parts, .. } = &part.kind else { continue };
        // The factor of each included score, and the most that it adds.
        let included: Vec<(PartId, i64, i64)> = parts
            .iter()
            .filter_map(|id| match &program.parts[id.index()].kind {
                PartKind::Include { of: Included::Score(_), factor: Some(factor) } => {
                    Some((*id, *factor, context.analysis().limits(*id).1?))
                }
                _ => None,
            })
            .collect();
        for (at, first) in included.iter().enumerate() {
            for second in &included[at + 1..] {
                let (heavy, light) = if first.1 > second.1 { (first, second) } else { (second, first) };
                if heavy.1 == light.1 || heavy.2 >= light.2 {
                    continue;
                }
                let (a, b) = (&program.parts[heavy.0.index()], &program.parts[light.0.index()]);
                let share = |factor: i64| format!("{}%", display(factor * 100, 6));
                let message = format!(
                    "`{}` weighs {} and adds at most {}; `{}` weighs {} and adds up to {}",
                    a.name,
                    share(heavy.1),
                    in_points(heavy.2),
                    b.name,
                    share(light.1),
                    in_points(light.2),
                );
                let finding = findings.at(a.span, message).label(b.span, "this one counts more");
                findings.push(
                    finding.help("let both scores run over the same scale, or choose the factors by what they add"),
                );
            }
        }
    }
}
