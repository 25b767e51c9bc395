//! `unused-field`: nothing reads a field.

use crate::check::hir::{DefineId, ExprKind, Step};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::FieldId;

/// The lint.
pub static LINT: Lint = Lint {
    name: "unused-field",
    group: Group::Data,
    level: Severity::Note,
    what: "A field of the lead or of an event that no check, points, stage, route or test reads.",
    why: "A reader takes every field for something that decides. Either the rule that the field is for was forgotten, \
          or the field can go.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  country   text
  employees int
}

fit icp {
  in_us "Lives in the US": country is "US"
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  country   text
  employees int
}

fit icp {
  in_us "Lives in the US":    country is "US"
  size  "Has 50 people or more": employees >= 50
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let keeps = program.stages.iter().any(|stage| stage.keep_while.is_some());
    for (place, field) in program.schema.fields.iter().enumerate() {
        let stage = program.schema.stage_field.is_some_and(|stage| stage.index() == place) && keeps;
        if field.used || field.key || field.required || stage {
            continue;
        }
        let mut finding = findings
            .at(field.span, format!("nothing reads `{}`", field.name))
            .here("no check, points, stage, route or test asks for it")
            .help("remove the field, or write the rule that it is for");
        for define in readers(context, FieldId(place as u16)) {
            let define = &program.defines[define.index()];
            finding = finding.label(define.span, format!("only `{}` does, and nothing uses that", define.name));
        }
        findings.push(finding);
    }
    for ty in program.schema.events.iter().filter(|ty| ty.used) {
        for field in ty.fields.iter().filter(|field| !field.used) {
            let finding = findings
                .at(field.span, format!("nothing reads `{}` of `{}`", field.name, ty.name))
                .here("no condition on these events asks for it")
                .help("remove the field, or write the rule that it is for");
            findings.push(finding);
        }
    }
}

/// The definitions that read a field although nothing reads them.
fn readers(context: &Context<'_>, field: FieldId) -> Vec<DefineId> {
    let program = context.program();
    let reads = |place: &usize| {
        let step = Step::Define(DefineId(*place as u16));
        let mut reads = false;
        program.walk_step(step, &mut |expr| {
            reads |= matches!(expr.kind, ExprKind::Field(read) if read == field);
        });
        reads
    };
    (0..program.defines.len()).filter(reads).map(|place| DefineId(place as u16)).collect()
}
