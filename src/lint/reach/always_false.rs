//! `always-false`: a condition that no lead meets.

use super::can::{Of, Truth, is_constant, operands, told_by_thresholds, verdicts};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::Tri;

/// The lint.
pub static LINT: Lint = Lint {
    name: "always-false",
    group: Group::Reach,
    level: Severity::Warning,
    what: "A condition of a rule, a definition or a persona, or a part of a condition, is true for no lead.",
    why: "The rule never gives points, the persona is nobody. Parts that exclude each other, or a value that the field \
          cannot hold, are the usual causes.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id        text key
  seniority ranked ["Individual", "Manager", "Director"]
}

score profile {
  decides "Decides": +20 if seniority >= "Director" and seniority < "Manager"
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  id        text key
  seniority ranked ["Individual", "Manager", "Director"]
}

score profile {
  decides "Decides": +20 if seniority >= "Director"
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for (condition, truth) in verdicts(context) {
        if truth == Truth::Never {
            // Checks, stages, routes and reasons have lints of their own.
            let mine = matches!(condition.of, Of::Rule | Of::Define);
            if mine && !is_constant(program, condition.expr) && !told_by_thresholds(context, condition.expr) {
                let message = format!("the condition of {} is never true", condition.name);
                findings.push(findings.at(condition.expr.span, message).help("look for parts that exclude each other"));
            }
            continue;
        }
        for part in operands(condition.expr).into_iter().skip(1) {
            let never = !context.analysis().values(part).has(Tri::True);
            if never && !is_constant(program, part) && !told_by_thresholds(context, part) {
                let message = format!("this part of the condition of {} is never true", condition.name);
                findings.push(findings.at(part.span, message).help("no lead meets it: leave it out, or mend it"));
            }
        }
    }
}
