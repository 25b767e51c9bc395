//! `unknown-event-type`: the data spells an event otherwise than the policy.

use super::counts::{listed, thousands};
use crate::base::quoted;
use crate::base::visible;
use crate::diagnostic::{Severity, nearest};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::text::fold;

/// The lint.
pub static LINT: Lint = Lint {
    name: "unknown-event-type",
    group: Group::WithData,
    level: Severity::Warning,
    what: "An event type that rules count never occurs in the data, or the data has a type that is nearly spelled like \
           one; or most of its events are of types that no `event` declares.",
    why: "How the data spells the type of an event is taken to the letter. With another spelling the event counts for \
          nothing, and no error tells.",
    example: Example::with_leads(
        r#"policy "Inbound leads"

lead { id text key }

event page_viewed from "Page View"

score engagement {
  pages "Looks around": +2 per page_viewed within 30 days
}
"#,
        r#"{"id": "1", "events": [{"type": "page view", "at": "2026-10-20"}]}
{"id": "2", "events": [{"type": "page view", "at": "2026-10-21"}]}
"#,
    ),
    instead: Example::with_leads(
        r#"policy "Inbound leads"

lead { id text key }

event page_viewed from "page view"

score engagement {
  pages "Looks around": +2 per page_viewed within 30 days
}
"#,
        r#"{"id": "1", "events": [{"type": "page view", "at": "2026-10-20"}]}
{"id": "2", "events": [{"type": "page view", "at": "2026-10-21"}]}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(data) = context.data().filter(|data| data.says_something() && data.events > 0) else { return };
    let schema = &context.program().schema;
    let unknown = data.undeclared.most();
    let mut told = false;
    for (ty, count) in schema.events.iter().zip(&data.types).filter(|(ty, _)| ty.used) {
        let near = unknown.iter().find(|(spelling, _)| plain(spelling) == plain(&ty.from));
        let near = near.or_else(|| {
            let meant = nearest(&ty.from, unknown.iter().map(|(spelling, _)| *spelling)).filter(|_| *count == 0)?;
            unknown.iter().find(|(spelling, _)| *spelling == meant)
        });
        let spelled = visible(&ty.from);
        let finding = match (near, *count) {
            (Some((spelling, others)), _) => {
                let other = visible(spelling);
                let verb = if *others == 1 { "event is" } else { "events are" };
                findings
                    .at(ty.span, format!("{} {verb} spelled `{other}`, not `{spelled}`", thousands(*others)))
                    .here("counts for nothing under that spelling")
                    .help(format!("if it is the same, write `event {} from {}`", ty.name, quoted(spelling)))
            }
            (None, 0) => {
                let all = thousands(data.events);
                let finding = findings
                    .at(ty.span, format!("no event is a `{spelled}`: 0 of {all} events"))
                    .here("rules count it, and the data has none");
                match unknown.is_empty() {
                    true => finding,
                    false => finding.help(format!(
                        "the data has {}, which the policy does not declare",
                        listed(unknown.clone(), 5)
                    )),
                }
            }
            (None, _) => continue,
        };
        told = true;
        findings.push(finding);
    }
    if !told && data.undeclared.total.saturating_mul(2) > data.events && counts_by_name(context) {
        let Some(first) = schema.events.first() else { return };
        let (count, all) = (thousands(data.undeclared.total), thousands(data.events));
        let finding = findings
            .at(first.span, format!("{count} of {all} events are of types that the policy does not declare"))
            .here("the events that it declares begin here")
            .help(format!("the data has {}", listed(unknown, 5)));
        findings.push(finding);
    }
}

/// Whether no rule counts `event`, which takes undeclared types in.
fn counts_by_name(context: &Context<'_>) -> bool {
    let queries = &context.program().queries;
    queries.iter().all(|query| query.types != crate::check::hir::EventTypes::All)
}

/// A spelling without case and signs.
fn plain(spelling: &str) -> String {
    fold(spelling).chars().filter(|c| c.is_alphanumeric()).collect()
}
