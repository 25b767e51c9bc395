//! `sensitive-attribute`: a decision rests on what the law protects, or on what stands in for it.

use super::sensitive::{Kind, kind};
use crate::base::Span;
use crate::check::hir::Step;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint, rests};
use crate::model::Field;

/// The lint.
pub static LINT: Lint = Lint {
    name: "sensitive-attribute",
    group: Group::Governance,
    level: Severity::Warning,
    what: "A check, a rule of a score or a reason to disqualify reads a field that holds a person's age, sex, religion, \
           ethnic origin, health, sexual orientation, political opinion, union membership, credit score or criminal \
           record, or what stands in for these: nationality, marital and family status, postcode, names, mother tongue. \
           Fields are known by the words of their name and of what they are called in the data; definitions are looked \
           through.",
    why: "To treat people better or worse for such an attribute is forbidden in many places, and so is to treat them by \
          something that goes along with it. The finding names the law that comes to mind first; whether it applies is \
          for a lawyer to say. Where the attribute is needed (nobody under 18 can sign the contract), say so: \
          `# allow(sensitive-attribute): the reason`.",
    example: Example::new(
        r#"policy "Gym members"

lead {
  birth_date date ask "When were you born?"
  interests  list of text
}

score warmth {
  young  "Is young": +10 if age of birth_date < 30 years
  climbs "Climbs":   +20 if interests has "climbing"
}
"#,
    ),
    instead: Example::new(
        r#"policy "Gym members"

lead {
  birth_date date ask "When were you born?"
  interests  list of text
}

score warmth {
  climbs "Climbs": +20 if interests has "climbing"
}

# allow(sensitive-attribute): a minor cannot sign the contract
disqualify {
  minor "Is not 18 yet": age of birth_date < 18 years
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let checks =
        program.checks.iter().zip(0u16..).map(|(check, id)| (Step::Check(crate::check::hir::CheckId(id)), check.span));
    let rules =
        program.parts.iter().zip(0u16..).map(|(part, id)| (Step::Part(crate::check::hir::PartId(id)), part.span));
    let reasons = program
        .reasons
        .iter()
        .zip(0u16..)
        .map(|(reason, id)| (Step::Reason(crate::check::hir::ReasonId(id)), reason.span));
    let kinds: Vec<Option<&Kind>> =
        program.schema.fields.iter().map(|field| kind(&field.name).or_else(|| kind(&field.from.whole))).collect();
    for (step, span) in checks.chain(rules).chain(reasons) {
        let mut told: Vec<&str> = Vec::new();
        for field in rests::fields(program, step) {
            let Some(kind) = kinds[field.index()] else { continue };
            if !told.contains(&kind.name) {
                told.push(kind.name);
                report(kind, program.schema.field(field), span, findings);
            }
        }
    }
}

fn report(kind: &Kind, field: &Field, span: Span, findings: &mut Findings) {
    let finding = findings.at(span, format!("this rests on {}", kind.name)).here(format!("reads `{}`", field.name));
    let help =
        format!("{}; leave it out, or say why it is needed: `# allow(sensitive-attribute): the reason`", kind.risk);
    findings.push(finding.help(help));
}
