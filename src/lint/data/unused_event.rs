//! `unused-event`: nothing counts an event type.

use crate::check::hir::EventTypes;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::ItemKind;

/// The lint.
pub static LINT: Lint = Lint {
    name: "unused-event",
    group: Group::Data,
    level: Severity::Warning,
    what: "An event type that no rule counts, by its own name, by that of a group, or as `event`.",
    why: "A reader takes every declared event for something that earns points. Either the rule was forgotten, or the \
          declaration can go.",
    example: Example::new(
        r#"policy "Inbound leads"

event email_opened
event webinar_attended

score engagement {
  opens "Reads our emails": +5 per email_opened within 90 days
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event email_opened
event webinar_attended

score engagement {
  opens    "Reads our emails": +5 per email_opened within 90 days
  webinars "Attends webinars": +10 per webinar_attended within 180 days
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    // `event` counts them all, declared or not.
    if program.queries.iter().any(|query| query.types == EventTypes::All) {
        return;
    }
    for ty in program.schema.events.iter().filter(|ty| !ty.used) {
        let mut finding = findings
            .at(ty.span, format!("no rule counts `{}`", ty.name))
            .help("remove the event, or write the rule that it is for");
        for item in context.items() {
            if let ItemKind::EventGroup { name, of, .. } = &item.value
                && of.iter().any(|of| of.value == ty.name)
            {
                finding = finding.label(name.span, "it belongs to this group, which nothing counts");
            }
        }
        findings.push(finding);
    }
}
