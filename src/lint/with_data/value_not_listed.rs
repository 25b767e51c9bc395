//! `value-not-listed`: the data holds texts that a field does not list.

use super::counts::{listed, thousands};
use crate::base::{Span, quoted};
use crate::diagnostic::{Severity, nearest};
use crate::lint::data::is_no_answer;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::{Scalar, Type};

/// The lint.
pub static LINT: Lint = Lint {
    name: "value-not-listed",
    group: Group::WithData,
    level: Severity::Warning,
    what: "The data holds texts for a `one of` or `ranked` field, of leads or events, that the field does not list.",
    why: "Such a value counts as missing: the lead earns nothing for it and is asked for what it has told already.",
    example: Example::with_leads(
        r#"policy "Inbound leads"

lead {
  id       text key
  industry one of ["Software", "Retail"]
}

fit icp {
  industry "An industry that we serve": industry is "Software"
}
"#,
        r#"{"id": "1", "industry": "Software"}
{"id": "2", "industry": "Logistics"}
{"id": "3", "industry": "Retail"}
"#,
    ),
    instead: Example::with_leads(
        r#"policy "Inbound leads"

lead {
  id       text key
  industry one of ["Software", "Retail", "Logistics"]
}

fit icp {
  industry "An industry that we serve": industry is "Software"
}
"#,
        r#"{"id": "1", "industry": "Software"}
{"id": "2", "industry": "Logistics"}
{"id": "3", "industry": "Retail"}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(data) = context.data().filter(|data| data.says_something()) else { return };
    let schema = &context.program().schema;
    let mut fields: Vec<(String, Span, Type)> =
        schema.fields.iter().map(|field| (field.name.clone(), field.span, field.ty)).collect();
    for ty in &schema.events {
        fields.extend(ty.fields.iter().map(|field| (format!("{}.{}", ty.name, field.name), field.span, field.ty)));
    }
    for (name, span, ty) in fields {
        let Some(texts) = data.not_listed.get(&name) else { continue };
        let (Type::One(Scalar::Choice(domain)) | Type::List(Scalar::Choice(domain))) = ty else { continue };
        let choices = schema.domain(domain).choices.iter().map(|choice| choice.name.as_str());
        let most = texts.most();
        let meant = most.first().and_then(|(text, _)| Some((text, nearest(text, choices)?)));
        let values = if texts.total == 1 { "value" } else { "values" };
        let message =
            format!("{} {values} of `{name}` are not listed: {}", thousands(texts.total), listed(most.clone(), 5));
        let message = if texts.total == 1 { message.replace(" are not", " is not") } else { message };
        let help = match meant {
            Some((text, meant)) => {
                format!("is `{}` meant to be `{meant}`? if not, list it", crate::base::visible(text))
            }
            None if most.iter().any(|(text, _)| is_no_answer(text)) => {
                let missing = most.iter().map(|(text, _)| *text).filter(|text| is_no_answer(text)).map(quoted);
                format!("declare those that say nothing: `missing [{}]`", missing.collect::<Vec<_>>().join(", "))
            }
            None => "list them, or declare with `missing [..]` those that say nothing".to_owned(),
        };
        findings.push(findings.at(span, message).here("these count as missing").help(help));
    }
}
