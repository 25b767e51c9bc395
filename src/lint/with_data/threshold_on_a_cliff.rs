//! `threshold-on-a-cliff`: many leads stand within one event of a line.

use super::counts::{percent, thousands};
use crate::diagnostic::Severity;
use crate::lint::scoring::in_points;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "threshold-on-a-cliff",
    group: Group::WithData,
    level: Severity::Note,
    what: "One lead in four or more stands so close to a line of a stage, band or route that one event more or less, of \
           the kind that earns least, carries it over. Leads without events, and those held at the score's lower limit, \
           are not counted.",
    why: "Where the line lies hardly matters for most leads; where they crowd, one opened email more or less decides who \
          is called. The line then sorts by chance.",
    example: Example::with_leads(
        r#"policy "Inbound leads"

lead { id text key }

event webinar

score engagement { webinars "Attends webinars": +10 per webinar within 90 days }

stages {
  lead "Lead"
  mql  "Marketing qualified lead": engagement >= 15
}
"#,
        r#"{"id": "1", "events": [{"type": "webinar", "at": "2026-10-20"}]}
{"id": "2", "events": [{"type": "webinar", "at": "2026-10-20"}]}
{"id": "3", "events": [{"type": "webinar", "at": "2026-10-21"}]}
"#,
    ),
    instead: Example::with_leads(
        r#"policy "Inbound leads"

lead { id text key }

event webinar

score engagement { webinars "Attends webinars": +10 per webinar within 90 days }

stages {
  lead "Lead"
  mql  "Marketing qualified lead": engagement >= 25
}
"#,
        r#"{"id": "1", "events": [{"type": "webinar", "at": "2026-10-20"}]}
{"id": "2", "events": [{"type": "webinar", "at": "2026-10-20"}]}
{"id": "3", "events": [{"type": "webinar", "at": "2026-10-21"}]}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(data) = context.data().filter(|data| data.says_something()) else { return };
    let program = context.program();
    for threshold in &data.thresholds {
        let close = threshold.below + threshold.above;
        if threshold.leads < data.enough.max(1) || close.saturating_mul(4) < threshold.leads {
            continue;
        }
        let rule = &program.parts[threshold.step.1.index()];
        let share = percent(close, threshold.leads);
        let message = format!(
            "{} of {} leads with events ({share}%) stand within one event of {}",
            thousands(close),
            thousands(threshold.leads),
            threshold.begins
        );
        let here = format!(
            "{} just below and {} just above {} of `{}`",
            thousands(threshold.below),
            thousands(threshold.above),
            in_points(threshold.at),
            program.parts[threshold.score.index()].name
        );
        let finding = findings
            .at(threshold.span, message)
            .here(here)
            .label(rule.span, format!("one event earns {}", in_points(threshold.step.0)))
            .help("move the line to where fewer leads stand, or let single events earn less");
        findings.push(finding);
    }
}
