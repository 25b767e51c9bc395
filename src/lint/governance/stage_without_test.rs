//! `stage-without-test`: no test says who reaches a stage.

use crate::check::hir::{Expr, ExprKind, Program, Set};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::{Literal, Scalar, Type};

/// The lint.
pub static LINT: Lint = Lint {
    name: "stage-without-test",
    group: Group::Governance,
    level: Severity::Warning,
    what: "No test of the policy expects something of a stage: none says `stage is mql`, `stage >= mql` or the like. The \
           first stage needs no test: every lead reaches it.",
    why: "Stages are what the policy is for. A test shows who reaches one and fails when a change moves the line by \
          mistake.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { seats int }

stages {
  lead "Lead"
  mql  "Marketing qualified lead": seats >= 10
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { seats int }

stages {
  lead "Lead"
  mql  "Marketing qualified lead": seats >= 10
}

test "ten seats are enough" as of 2026-11-01 {
  lead { seats: 10 }
  expect stage is mql
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let Some(domain) = program.stage_domain else { return };
    let mut named = vec![false; program.stages.len()];
    for expect in program.tests.iter().flat_map(|test| &test.expects) {
        expect.walk(program, &mut |expr| {
            let mut choices = Vec::new();
            match &expr.kind {
                ExprKind::Compare(_, a, b) => choices.extend([a, b].map(|side| choice(side))),
                ExprKind::Between(_, a, b) => choices.extend([a, b].map(|side| choice(side))),
                ExprKind::In { value, set: Set::Choices(all), .. } if value.ty == Type::One(Scalar::Choice(domain)) => {
                    named_all(&mut named, all);
                }
                _ => {}
            }
            let stages = choices.into_iter().flatten().filter(|(ty, _)| *ty == Type::One(Scalar::Choice(domain)));
            named_all(&mut named, &stages.map(|(_, choice)| choice).collect::<Vec<_>>());
        });
    }
    for (stage, named) in program.stages.iter().zip(named).skip(1) {
        if !named {
            let finding = findings.at(stage.span, format!("no test expects a lead in the stage `{}`", stage.name));
            findings.push(finding.help(help(program, &stage.name)));
        }
    }
}

fn named_all(named: &mut [bool], choices: &[u16]) {
    for choice in choices {
        if let Some(named) = named.get_mut(usize::from(*choice)) {
            *named = true;
        }
    }
}

fn choice(expr: &Expr) -> Option<(Type, u16)> {
    match &expr.kind {
        ExprKind::Constant(Literal::Choice(choice)) => Some((expr.ty, *choice)),
        _ => None,
    }
}

fn help(program: &Program, stage: &str) -> String {
    match program.tests.is_empty() {
        true => format!(
            "write a test of a lead that reaches it: `test \"…\" as of 2026-11-01 {{ lead {{ … }} expect stage is {stage} }}`"
        ),
        false => format!("write a test of a lead that reaches it, with `expect stage is {stage}`"),
    }
}
