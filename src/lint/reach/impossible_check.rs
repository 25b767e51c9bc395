//! `impossible-check`: a check that can never pass.

use super::can::{Of, Truth, is_constant, told_by_thresholds, verdicts};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "impossible-check",
    group: Group::Reach,
    level: Severity::Error,
    what: "A check of a fit can never pass.",
    why: "The fit fails, or stays unknown, for every lead as far as this check goes. The condition asks for something \
          that the field cannot hold, or for two things at once.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id        text key
  employees int
}

fit icp {
  size "Mid-sized": employees >= 500 and employees < 50
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
  size "Mid-sized": employees >= 50 and employees < 500
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for (condition, truth) in verdicts(context) {
        if condition.of != Of::Check || truth != Truth::Never {
            continue;
        }
        if !is_constant(context.program(), condition.expr) && !told_by_thresholds(context, condition.expr) {
            let message = format!("{} can never pass", condition.name);
            let finding = findings.at(condition.expr.span, message);
            findings.push(finding.help("look for parts of the condition that exclude each other"));
        }
    }
}
