//! `double-negative`: `not` before what is negative already.

use crate::diagnostic::{Fix, Severity};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::{CompareOp, EventQuantifier, Expr, ExprKind, VerdictOp};

/// The lint.
pub static LINT: Lint = Lint {
    name: "double-negative",
    group: Group::Style,
    level: Severity::Note,
    what: "`not` stands before a condition that is a negative itself: `is not`, `not in`, `is not exactly`, `is missing`, \
           `no EVENTS`, `icp fails` or another `not`.",
    why: "Read aloud, two negatives make people stop and count. What is meant has a name of its own.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { country text  phone text }

fit icp "Ideal customer" {
  in_us "Lives in the US": not (country is not "US")
  phone "Has a phone":     not (phone is missing)
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { country text  phone text }

fit icp "Ideal customer" {
  in_us "Lives in the US": country is "US"
  phone "Has a phone":     phone is known
}
"#,
    ),
    fix: FixKind::Safe,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    context.written(&mut |expr| {
        let ExprKind::Not(inner) = &*expr.kind else { return };
        let Some(positive) = positive(context, inner) else { return };
        // Parentheses around the `not` belong to it.
        let positive = match context.text(expr.span).starts_with('(') {
            true => format!("({positive})"),
            false => positive,
        };
        let short = positive.split_whitespace().collect::<Vec<_>>().join(" ");
        let finding = findings.at(expr.span, "two negatives");
        let fix = Fix::new("say it as it is meant").replace(expr.span, positive);
        findings.push(finding.help(format!("write `{short}`")).fix(fix));
    });
}

/// The opposite of a negative condition, as text; none for what is no negative.
fn positive(context: &Context<'_>, inner: &Expr) -> Option<String> {
    let text = |expr: &Expr| context.text(expr.span);
    Some(match &*inner.kind {
        ExprKind::Not(meant) => text(meant).to_owned(),
        ExprKind::Compare(CompareOp::IsNot, a, b) => format!("{} is {}", text(a), text(b)),
        ExprKind::Exactly(a, true, b) => format!("{} is exactly {}", text(a), text(b)),
        ExprKind::In(a, true, set) => format!("{} in {}", text(a), text(set)),
        ExprKind::IsMissing(a) => format!("{} is known", text(a)),
        ExprKind::Verdict(a, VerdictOp::Fails) => format!("{} fits", text(a)),
        ExprKind::EventTest(EventQuantifier::No, events) => format!("any {}", context.text(events.span)),
        _ => return None,
    })
}
