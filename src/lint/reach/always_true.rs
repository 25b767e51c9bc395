//! `always-true`: a condition that every lead meets.

use super::can::{Truth, is_constant, operands, told_by_thresholds, verdicts};
use crate::analysis::values::Tris;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "always-true",
    group: Group::Reach,
    level: Severity::Warning,
    what: "A condition, or a part of one that is joined with `and` or `or`, is true for every lead.",
    why: "It decides nothing. Most often a comparison has lost its meaning, or an `or` should be an `and`: `not in a \
          or not in b` is true of everything.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id      text key
  email   text required
  country text
}

fit icp {
  mail "Has an address": email is known
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  id      text key
  email   text
  country text
}

fit icp {
  mail "Has an address": email is known
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for (condition, truth) in verdicts(context) {
        if truth == Truth::Always {
            if !is_constant(program, condition.expr) && !told_by_thresholds(context, condition.expr) {
                let message = format!("the condition of {} is always true", condition.name);
                findings.push(
                    findings
                        .at(condition.expr.span, message)
                        .help("every lead meets it: leave it out, or ask for more"),
                );
            }
            continue;
        }
        for part in operands(condition.expr).into_iter().skip(1) {
            let always = context.analysis().values(part) == Tris::TRUE;
            if always && !is_constant(program, part) && !told_by_thresholds(context, part) {
                let message = format!("this part of the condition of {} is always true", condition.name);
                findings
                    .push(findings.at(part.span, message).help("every lead meets it: leave it out, or ask for more"));
            }
        }
    }
}
