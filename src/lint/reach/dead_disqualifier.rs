//! `dead-disqualifier`: a reason that disqualifies nobody.

use super::can::{Of, Truth, is_constant, told_by_thresholds, verdicts};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "dead-disqualifier",
    group: Group::Reach,
    level: Severity::Warning,
    what: "A reason to disqualify is never true.",
    why: "It protects from nothing: who should be kept out comes in.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id      text key
  country one of ["US", "CA"]
}

disqualify {
  abroad "Lives abroad": country is not "US" and country is not "CA"
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  id      text key
  country one of ["US", "CA", "Other"]
}

disqualify {
  abroad "Lives abroad": country is not "US" and country is not "CA"
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for (condition, truth) in verdicts(context) {
        if condition.of != Of::Reason || truth != Truth::Never {
            continue;
        }
        if !is_constant(context.program(), condition.expr) && !told_by_thresholds(context, condition.expr) {
            let message = format!("{} never disqualifies anybody: it is never true", condition.name);
            findings.push(
                findings
                    .at(condition.expr.span, message)
                    .help("look for parts of the condition that exclude each other"),
            );
        }
    }
}
