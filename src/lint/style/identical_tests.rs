//! `identical-tests`: the same test twice.

use crate::diagnostic::{Fix, Severity};
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::{ItemKind, Test};

/// The lint.
pub static LINT: Lint = Lint {
    name: "identical-tests",
    group: Group::Style,
    level: Severity::Warning,
    what: "Two tests have the same as-of, lead, events and expectations; only their labels may differ.",
    why: "The second shows nothing that the first does not. Most often it was copied and not changed: what its label \
          promises is not tested.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { seats int }

define team "Buys for a team": seats >= 10

test "ten seats are a team" as of 2026-11-01 {
  lead { seats: 10 }
  expect team
}

test "nine seats are none" as of 2026-11-01 {
  lead { seats: 10 }
  expect team
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { seats int }

define team "Buys for a team": seats >= 10

test "ten seats are a team" as of 2026-11-01 {
  lead { seats: 10 }
  expect team
}

test "nine seats are none" as of 2026-11-01 {
  lead { seats: 9 }
  expect team is false
}
"#,
    ),
    fix: FixKind::Safe,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut seen: Vec<&Test> = Vec::new();
    for item in context.items() {
        let ItemKind::Test(test) = &item.value else { continue };
        let Some(first) = seen.iter().find(|first| first.as_of == test.as_of && first.steps == test.steps) else {
            seen.push(test);
            continue;
        };
        let message = format!("this test is the same as \"{}\"", first.label.value);
        let finding = findings.at(test.label.span, message).label(first.label.span, "the first");
        let fix = Fix::new("remove the second").remove(context.lines(item.span));
        findings.push(finding.help("change it so that it shows what its label says, or remove it").fix(fix));
    }
}
