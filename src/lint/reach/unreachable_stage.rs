//! `unreachable-stage`: a stage that no lead can reach.

use super::can::{impossible, told};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "unreachable-stage",
    group: Group::Reach,
    level: Severity::Error,
    what: "No lead can be in this stage: its condition, with the stage that it comes `after`, can never be true.",
    why: "People wait for leads that never come, and reports show a stage that stays empty. It is searched for over \
          all leads that could exist, not over those that happen to be in a file.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id      text key
  country one of ["US", "CA"]
}

fit american {
  us: country is "US"
}

fit canadian {
  ca: country is "CA"
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": american fits and canadian fits
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  id      text key
  country one of ["US", "CA"]
}

fit american {
  us: country is "US"
}

fit canadian {
  ca: country is "CA"
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": american fits or canadian fits
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let mut empty = vec![false; program.stages.len()];
    for (place, stage) in program.stages.iter().enumerate().skip(1) {
        if !impossible(context, place) {
            continue;
        }
        empty[place] = true;
        // The first cause is told, and nothing that only follows from it.
        let follows = stage.after.is_some_and(|after| empty[after.index()]);
        if follows || stage.condition.iter().chain(&stage.keep_while).any(|condition| told(context, condition)) {
            continue;
        }
        let message = format!("no lead can reach the stage `{}`", stage.name);
        let mut finding = findings.at(stage.span, message);
        if let Some(condition) = &stage.condition {
            finding = finding.label(condition.span, "this is never true");
        }
        findings.push(finding.help("look for parts of the condition that exclude each other"));
    }
}
