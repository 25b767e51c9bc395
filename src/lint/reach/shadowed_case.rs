//! `shadowed-case`: a case that is never taken.

use super::can::{is_constant, never, told_by_thresholds};
use crate::analysis::{Goal, Taken};
use crate::check::hir::{PartId, PartKind};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "shadowed-case",
    group: Group::Reach,
    level: Severity::Warning,
    what: "A case of `by` or `first of` is never taken: the cases above it take every value that it could.",
    why: "The first case that holds gives the points. A case behind a wider one looks as if it counted, and does not.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id        text key
  employees int
}

score profile {
  size "Company size": by employees {
    >= 50:  +5
    >= 500: +15
  }
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  id        text key
  employees int
}

score profile {
  size "Company size": by employees {
    >= 500: +15
    >= 50:  +5
  }
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for (place, part) in program.parts.iter().enumerate() {
        let (PartKind::By { cases, .. } | PartKind::FirstOf { cases, .. }) = &part.kind else { continue };
        let id = PartId(place as u16);
        for (at, case) in cases.iter().enumerate() {
            let taken = Taken::Case(at as u16);
            // What most cases are comes first.
            if context.analysis().may_be_taken(id, taken).unwrap_or_else(|| !never(context, &Goal::Taken(id, taken)))
                || is_constant(program, &case.condition)
                || told_by_thresholds(context, &case.condition)
            {
                continue;
            }
            let message = if at == 0 {
                format!("this case of `{}` is never taken: no value meets it", part.name)
            } else {
                format!(
                    "this case of `{}` is never taken: what it means is taken by the cases above, or by none",
                    part.name
                )
            };
            let mut finding = findings.at(case.span, message);
            if let Some(above) = at.checked_sub(1).map(|above| &cases[above]) {
                finding = finding.label(above.span, "the case above");
            }
            findings.push(finding.help("put the narrower case first, or leave it out"));
        }
    }
}
