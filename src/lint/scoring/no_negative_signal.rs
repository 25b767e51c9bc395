//! `no-negative-signal`: nothing speaks against a lead.

use super::rules::{reads, rules, worths};
use crate::check::hir::{Included, PartId, PartKind};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "no-negative-signal",
    group: Group::Scoring,
    level: Severity::Note,
    what: "A policy scores what leads do by three rules or more, none of which takes points, and it disqualifies nobody.",
    why: "Job seekers, students, competitors and people who unsubscribed collect points like buyers do. A score in which \
          nothing speaks against a lead tells who is busy, not who will buy.",
    example: Example::new(
        r#"policy "Inbound leads"

event email_opened
event webinar_attended
event page_viewed { path text }

score engagement from 0 to 100 {
  opens    "Reads our emails":   +5  per email_opened within 90 days
  webinars "Attends webinars":   +10 per webinar_attended within 180 days
  pricing  "Looks at our prices": +20 if any page_viewed where (path starts with "/pricing") within 14 days
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event email_opened
event webinar_attended
event page_viewed { path text }

score engagement from 0 to 100 {
  opens    "Reads our emails":   +5  per email_opened within 90 days
  webinars "Attends webinars":   +10 per webinar_attended within 180 days
  pricing  "Looks at our prices": +20 if any page_viewed where (path starts with "/pricing") within 14 days
  jobs     "Looks for a job":    -20 if any page_viewed where (path starts with "/careers") within 90 days
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let rules = rules(context);
    let earns = rules.iter().filter(|rule| worths(rule.part).iter().any(|points| *points > 0)).count();
    let behaviour = rules.iter().any(|rule| !reads(program, rule.id).queries.is_empty());
    let takes = rules.iter().any(|rule| worths(rule.part).iter().any(|points| *points < 0));
    // A number that is included may be negative.
    let includes = |kind: &PartKind| matches!(kind, PartKind::Include { of: Included::Number(_), .. });
    let unsure = program.parts.iter().any(|part| includes(&part.kind));
    if earns < 3 || !behaviour || takes || unsure || !program.reasons.is_empty() {
        return;
    }
    // The score that rests on what leads do; of several, the last: it takes in the others.
    let of_events = |score: &&PartId| {
        rules.iter().any(|rule| rule.part.score == **score && !reads(program, rule.id).queries.is_empty())
    };
    let Some(score) = program.scores.iter().rev().find(of_events) else { return };
    let score = &program.parts[score.index()];
    let finding = findings
        .at(score.span, format!("nothing speaks against a lead in `{}`", score.name))
        .here("no rule takes points, and the policy disqualifies nobody")
        .help("take points for what buyers do not do: `-20 if any unsubscribed within 1 year`, or add `disqualify`");
    findings.push(finding);
}
