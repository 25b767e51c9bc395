//! `overlapping-cases`: cases that share some values.

use super::intervals::{intervals, shown};
use crate::check::hir::PartKind;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "overlapping-cases",
    group: Group::Reach,
    level: Severity::Warning,
    what: "Two cases of a `by` over numbers share some of their values, and neither lies within the other: the first \
           takes what they share.",
    why: "Who reads `10 to 50` and `50 to 100` cannot tell what 50 earns. Cases one behind the other, such as `>= 500` \
          and then `>= 50`, are fine.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id        text key
  employees int
}

score profile {
  size "Company size": by employees {
    10 to 50:  +5
    50 to 500: +15
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
    10 to 49:  +5
    50 to 500: +15
  }
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for part in &program.parts {
        let PartKind::By { value, cases, .. } = &part.kind else { continue };
        let Some(found) = intervals(value, cases) else { continue };
        let single: Vec<_> =
            found.iter().filter_map(|of_case| if let [one] = &**of_case { Some(*one) } else { None }).collect();
        for (at, second) in single.iter().enumerate() {
            let first = single[..at].iter().find(|first| {
                let meet = first.low <= second.high && second.low <= first.high;
                let within = (first.low <= second.low && second.high <= first.high)
                    || (second.low <= first.low && first.high <= second.high);
                meet && !within && cases[first.case].points != cases[second.case].points
            });
            let Some(first) = first else { continue };
            let (low, high) = (first.low.max(second.low), first.high.min(second.high));
            let (low, high) = (shown(program, value.ty, low), shown(program, value.ty, high));
            let values = if low == high { low } else { format!("{low} to {high}") };
            let message = format!("{values} is in two cases of `{}`: the first counts", part.name);
            let finding =
                findings.at(cases[second.case].span, message).label(cases[first.case].span, "this one counts");
            findings.push(finding.help("let the second case begin where the first ends"));
        }
    }
}
