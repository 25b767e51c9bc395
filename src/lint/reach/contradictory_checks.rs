//! `contradictory-checks`: checks that never pass together.

use super::can::{never, truth_of_check};
use crate::analysis::Goal;
use crate::check::hir::{CheckId, FitId};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::Tri;

/// The lint.
pub static LINT: Lint = Lint {
    name: "contradictory-checks",
    group: Group::Reach,
    level: Severity::Error,
    what: "Two checks of a fit can never pass together, and the fit needs both: no lead fits.",
    why: "Nobody is an ideal customer. Each check is possible on its own, which is why a look at one line does not \
          show it.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id        text key
  employees int
}

fit icp {
  large "Large enough": employees >= 500
  small "Small enough": employees <= 250
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  id        text key
  employees int
}

fit icp {
  large "Large enough": employees >= 250
  small "Small enough": employees <= 500
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for (place, fit) in program.fits.iter().enumerate() {
        let id = FitId(place as u16);
        if fit.checks.clone().any(|check| truth_of_check(context, CheckId(check)).is_never())
            || !never(context, &Goal::Fit(id, Tri::True))
        {
            continue;
        }
        let checks: Vec<CheckId> = fit.checks.clone().map(CheckId).collect();
        let pairs = checks.iter().enumerate().flat_map(|(at, a)| checks[at + 1..].iter().map(move |b| (*a, *b)));
        let apart = pairs
            .take(200)
            .find(|(a, b)| never(context, &Goal::All(vec![Goal::Check(*a, Tri::True), Goal::Check(*b, Tri::True)])));
        let finding = match apart {
            Some((a, b)) => {
                let (a, b) = (&program.checks[a.index()], &program.checks[b.index()]);
                let message = format!(
                    "no lead fits `{}`: the checks `{}` and `{}` never pass together",
                    fit.name, a.name, b.name
                );
                findings.at(b.span, message).label(a.span, "this one excludes it")
            }
            None => {
                let message =
                    format!("no lead fits `{}`: never do {} of its checks pass together", fit.name, fit.needs);
                findings.at(fit.span, message)
            }
        };
        findings.push(finding.help("mend a check, or let the fit need fewer of them"));
    }
}
