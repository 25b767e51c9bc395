//! `rule-too-long`: more conditions in a row than anybody keeps in mind.

use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::{Expr, ExprKind, ItemKind};

/// So many conditions people keep in mind (G. Miller, "The magical number seven, plus or minus two", 1956).
const MOST: usize = 7;

/// The lint.
pub static LINT: Lint = Lint {
    name: "rule-too-long",
    group: Group::Style,
    level: Severity::Note,
    what: "A condition is made of more than seven conditions, joined by `and`, `or`, `implies`, `any of` and their kin. \
           Tests are not counted.",
    why: "Nobody reads it aloud and knows at its end what its beginning said. Parts of it have names that sales uses: a \
          `define` each.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { title text  seniority text  seats int  country text  budget int  trial bool  phone text }

stages {
  lead "Lead"
  mql "Marketing qualified lead":
    (title mentions "head of" or title mentions "director" or seniority is "VP" or seniority is "C-level")
    and seats >= 10 and country is "US" and (budget >= 10k or trial) and phone is known
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { title text  seniority text  seats int  country text  budget int  trial bool  phone text }

define leads_a_team "Leads a team":
  title mentions any of ["head of", "director"] or seniority in ["VP", "C-level"]

define means_it "Means to buy": budget >= 10k or trial

stages {
  lead "Lead"
  mql "Marketing qualified lead": leads_a_team and means_it and seats >= 10 and country is "US" and phone is known
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for item in context.items().filter(|item| !matches!(item.value, ItemKind::Test(_))) {
        for expr in item.expressions() {
            let conditions = conditions(expr);
            if conditions > MOST {
                let finding = findings.at(expr.span, format!("{conditions} conditions in one"));
                findings.push(finding.help("give parts of it a name with `define`"));
            }
        }
    }
}

/// Of how many conditions an expression is made.
fn conditions(expr: &Expr) -> usize {
    match &*expr.kind {
        ExprKind::And(all) | ExprKind::Or(all) | ExprKind::Among(_, all) => all.iter().map(conditions).sum(),
        ExprKind::Implies(a, b) => conditions(a) + conditions(b),
        ExprKind::Not(a) => conditions(a),
        ExprKind::If(a, b, c) => conditions(a) + conditions(b) + conditions(c) - 1,
        ExprKind::EventTest(_, events) => events.condition.as_ref().map_or(1, conditions),
        _ => 1,
    }
}
