//! `dead-route`: a route that no lead takes.

use super::can::{never, told};
use crate::analysis::Goal;
use crate::check::hir::RouteId;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::Tri;

/// The lint.
pub static LINT: Lint = Lint {
    name: "dead-route",
    group: Group::Reach,
    level: Severity::Warning,
    what: "No lead ever takes this route: its condition is never true, or the routes above it take every lead that \
           meets it.",
    why: "A team waits for leads that all go elsewhere.",
    example: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement {
  webinars: +10 per webinar within 90 days
}

route {
  marketing "Marketing": engagement >= 10
  sales     "Sales":     engagement >= 50
  nobody    "Nobody":    otherwise
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event webinar

score engagement {
  webinars: +10 per webinar within 90 days
}

route {
  sales     "Sales":     engagement >= 50
  marketing "Marketing": engagement >= 10
  nobody    "Nobody":    otherwise
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for (place, route) in program.routes.iter().enumerate() {
        if !never(context, &Goal::Route(Some(RouteId(place as u16)))) {
            continue;
        }
        if route.condition.as_ref().is_some_and(|condition| told(context, condition)) {
            continue;
        }
        let by_itself =
            route.condition.as_ref().is_some_and(|condition| never(context, &Goal::Is(condition, Tri::True)));
        let message = if by_itself {
            format!("no lead takes the route `{}`: its condition is never true", route.name)
        } else {
            format!("no lead takes the route `{}`: the routes above it take all of them", route.name)
        };
        let help = if by_itself {
            "look for parts of the condition that exclude each other"
        } else {
            "put the narrower route first, or leave it out"
        };
        findings.push(findings.at(route.span, message).help(help));
    }
}
