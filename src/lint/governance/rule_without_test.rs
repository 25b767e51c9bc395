//! `rule-without-test`: no test would notice that a rule is gone.

use crate::base::Span;
use crate::check::hir::{CheckId, PartId, PartKind, ReasonId, Step};
use crate::diagnostic::Severity;
use crate::eval::TestResult;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint, rests};
use crate::model::Literal;
use std::collections::HashSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "rule-without-test",
    group: Group::Governance,
    level: Severity::Note,
    what: "No test of the policy speaks of a check, of a rule of a score or of a reason to disqualify. A test speaks of \
           one when an expectation names it (`expect engagement.opens is 10`); or when an expectation rests on it and it \
           mattered in that test: the rule earned or lost points, the check passed or failed, the reason was true. A \
           policy without tests gets one finding.",
    why: "The rule may be wrong, or be made wrong by the next change, and nothing shows it.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { seats int  title text }

score profile {
  team   "Buys for a team": +10 if seats >= 10
  leader "Leads a team":    +10 if title mentions "head of"
}

test "ten seats" as of 2026-11-01 {
  lead { seats: 10 }
  expect profile is 10
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { seats int  title text }

score profile {
  team   "Buys for a team": +10 if seats >= 10
  leader "Leads a team":    +10 if title mentions "head of"
}

test "ten seats" as of 2026-11-01 {
  lead { seats: 10 }
  expect profile is 10
}

test "a head of sales" as of 2026-11-01 {
  lead { title: "Head of sales" }
  expect profile.leader is 10
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let rules = program.parts.iter().zip(0u16..);
    let rules = rules.filter(|(part, _)| !matches!(part.kind, PartKind::Group { .. } | PartKind::Include { .. }));
    let rules = rules.map(|(part, id)| (Step::Part(PartId(id)), "rule", &part.name, part.span));
    let checks = program.checks.iter().zip(0u16..);
    let checks = checks.map(|(check, id)| (Step::Check(CheckId(id)), "check", &check.name, check.span));
    let reasons = program.reasons.iter().zip(0u16..);
    let reasons = reasons.map(|(reason, id)| (Step::Reason(ReasonId(id)), "reason", &reason.name, reason.span));
    let subjects: Vec<(Step, &str, &String, Span)> = checks.chain(rules).chain(reasons).collect();
    if subjects.is_empty() {
        return;
    }
    if program.tests.is_empty() {
        let finding = findings.at(context.head(), "this policy has no tests");
        return findings.push(finding.help("write down a lead that you know, and what should become of it: `test \"…\" as of 2026-11-01 { lead { … } expect … }`"));
    }
    let tested: HashSet<Step> = context.tests().iter().flat_map(|test| tested(context, test)).collect();
    for (step, what, name, span) in subjects {
        if !tested.contains(&step) {
            let finding = findings.at(span, format!("no test speaks of the {what} `{name}`"));
            findings.push(finding.help("write a test in which it makes a difference"));
        }
    }
}

/// What a test speaks of.
fn tested(context: &Context<'_>, result: &TestResult<'_>) -> HashSet<Step> {
    let program = context.program();
    let named = rests::named(program, &result.test.expects);
    let mut tested = rests::closure(program, named.iter().copied());
    tested.retain(|step| {
        named.contains(step)
            || match step {
                Step::Part(id) => result.ledger.part(*id).net != 0,
                Step::Check(id) => {
                    let value = result.ledger.value(program.checks[id.index()].condition.id);
                    value.is_some_and(|value| *value != Literal::Missing)
                }
                Step::Reason(id) => {
                    result.ledger.value(program.reasons[id.index()].condition.id) == Some(&Literal::Bool(true))
                }
                _ => false,
            }
    });
    tested
}
