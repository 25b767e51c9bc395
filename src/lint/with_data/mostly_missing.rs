//! `mostly-missing`: hardly any lead has a value that decisions rest on.

use super::counts::{of_leads, percent};
use crate::check::hir::{Axis, ExprKind, PartKind};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::FieldId;
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "mostly-missing",
    group: Group::WithData,
    level: Severity::Note,
    what: "A field that decisions read is missing in four of five leads or more. Fields that people fill in later (`known \
           from`) are left out, and those for which the policy says what holds when they are missing.",
    why: "A rule on a field that hardly anybody fills in decides hardly anything: checks stay unknown and points are not \
          given. Often the column is called otherwise in the data, or no form asks for it.",
    example: Example::with_leads(
        r#"policy "Inbound leads"

lead {
  id        text key
  employees int
}

fit icp {
  size "Has 50 people or more": employees >= 50
}
"#,
        r#"{"id": "1", "size": 80}
{"id": "2", "size": 20}
{"id": "3", "size": 12}
"#,
    ),
    instead: Example::with_leads(
        r#"policy "Inbound leads"

lead {
  id        text key
  employees int from "size"
}

fit icp {
  size "Has 50 people or more": employees >= 50
}
"#,
        r#"{"id": "1", "size": 80}
{"id": "2", "size": 20}
{"id": "3", "size": 12}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(data) = context.data().filter(|data| data.says_something()) else { return };
    let schema = &context.program().schema;
    let handled = handled(context);
    for (place, field) in schema.fields.iter().enumerate() {
        let missing = data.missing[place];
        let rare = missing.saturating_mul(5) >= data.leads.saturating_mul(4);
        let id = FieldId(place as u16);
        if !rare || !field.used || field.known_from.is_some() || handled.contains(&id) || schema.stage_field == Some(id)
        {
            continue;
        }
        let share = percent(missing, data.leads);
        let message = format!("`{}` is missing in {} ({share}%)", field.name, of_leads(missing, data));
        let help = match (missing == data.leads, &field.ask) {
            (true, _) => format!("has the data a column or key `{}`?", crate::base::visible(&field.from.whole)),
            (false, Some(_)) => "ask for it on more forms, or say what holds without it".to_owned(),
            (false, None) => "give it a question, `ask \"…\"`, or say what holds without it".to_owned(),
        };
        findings.push(findings.at(field.span, message).here("what rests on it is seldom decided").help(help));
    }
}

/// The fields for which the policy says what holds when they are missing.
fn handled(context: &Context<'_>) -> BTreeSet<FieldId> {
    let program = context.program();
    let mut handled = BTreeSet::new();
    let mut fields = |expr: &crate::check::hir::Expr| {
        expr.walk(program, &mut |expr| {
            if let ExprKind::Field(field) = expr.kind {
                handled.insert(field);
            }
        });
    };
    context.meant(&mut |expr| match &expr.kind {
        ExprKind::IsKnown(of) | ExprKind::IsMissing(of) | ExprKind::Otherwise(of, _) => fields(of),
        _ => {}
    });
    for part in &program.parts {
        if let PartKind::By { value, missing: Some(_), .. } = &part.kind {
            fields(value);
        }
    }
    for matrix in &program.matrices {
        for axis in [&matrix.rows, &matrix.columns] {
            if let Axis::Field(field, _) = axis {
                handled.insert(*field);
            }
        }
    }
    handled
}
