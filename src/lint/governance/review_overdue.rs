//! `review-overdue`: the day of the next review has passed.

use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::{Duration, ItemKind, Unit};
use jiff::civil::Date;

/// The lint.
pub static LINT: Lint = Lint {
    name: "review-overdue",
    group: Group::Governance,
    level: Severity::Warning,
    what: "The policy says how often it is reviewed, and that time has passed since the last review; or no review is \
           recorded. It looks at today's date, or at the day given with `--today`.",
    why: "What marked a good lead a year ago may not do so today. Sales and marketing agreed to look at the rules again, \
          and nobody did.",
    example: Example::new(
        r#"policy "Inbound leads"

review every 3 months, last 2026-01-10

stages { lead "Lead" }
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

review every 3 months, last 2026-10-10

stages { lead "Lead" }
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(today) = context.today() else { return };
    for item in context.items() {
        let ItemKind::Review { every, last } = &item.value else { continue };
        let Some(last) = last else {
            let finding = findings.at(item.span, "no review of this policy is recorded");
            findings.push(finding.help(format!("review it, then write the day behind it: `, last {today}`")));
            continue;
        };
        let Some(due) = after(last.date, every).filter(|due| *due < today) else { continue };
        let finding = findings.at(item.span, format!("the review of this policy was due on {due}"));
        findings.push(finding.label(last.span, "the last one").help(format!("review it, then write `last {today}`")));
    }
}

/// The day that comes so long after another; none when it is beyond the calendar.
fn after(day: Date, length: &Duration) -> Option<Date> {
    let count = i64::from(length.count);
    let span = jiff::Span::new();
    let span = match length.unit {
        Unit::Minute => span.try_minutes(count),
        Unit::Hour => span.try_hours(count),
        Unit::Day => span.try_days(count),
        Unit::Week => span.try_weeks(count),
        Unit::Month => span.try_months(count),
        Unit::Year => span.try_years(count),
    };
    day.checked_add(span.ok()?).ok()
}
