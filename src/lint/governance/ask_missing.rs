//! `ask-missing`: a check rests on a field that nobody asks for.

use crate::check::hir::{CheckId, Step};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint, rests};

/// The lint.
pub static LINT: Lint = Lint {
    name: "ask-missing",
    group: Group::Governance,
    level: Severity::Note,
    what: "A check of a fit can be unknown, and of the fields that it reads none has an `ask`. Fields that are always \
           there (the key and `required` ones) do not matter, nor do checks that ask whether a field is known.",
    why: "A lead whose check is unknown waits for an answer. `explain` and the forms made from the policy list the \
          questions to ask, and this one is not among them.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { employees int }

fit icp "Ideal customer" {
  size "50 people or more": employees >= 50
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { employees int ask "How many people work for you?" }

fit icp "Ideal customer" {
  size "50 people or more": employees >= 50
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for (check, id) in program.checks.iter().zip(0u16..) {
        let fields = rests::fields_that_matter(program, Step::Check(CheckId(id)));
        let fields = fields.into_iter().map(|field| program.schema.field(field));
        let open: Vec<_> = fields.filter(|field| !field.key && !field.required).collect();
        if open.is_empty() || open.iter().any(|field| field.ask.is_some()) {
            continue;
        }
        let names: Vec<String> = open.iter().map(|field| format!("`{}`", field.name)).collect();
        let finding = findings.at(check.span, format!("nobody asks for what this check reads: {}", names.join(", ")));
        findings.push(finding.help("write the question behind the field: `ask \"How many people work for you?\"`"));
    }
}
