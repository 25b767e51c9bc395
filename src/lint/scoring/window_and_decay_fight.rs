//! `window-and-decay-fight`: a window and a decay get in each other's way.

use super::rules::{extent, in_points, in_words, rules};
use crate::base::Span;
use crate::check::hir::{Decay, EventWindow, PartKind};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::{self, Limit, Worth};

/// The lint.
pub static LINT: Lint = Lint {
    name: "window-and-decay-fight",
    group: Group::Scoring,
    level: Severity::Warning,
    what: "Points for events have a window and a decay of which one makes the other pointless: the decay has hardly \
           begun when the window ends, or has taken everything long before.",
    why: "Two people had two ideas of how long an event counts, and only one of them comes true. A decay that is cut \
          short leaves a cliff: nearly all points today, none tomorrow.",
    example: Example::new(
        r#"policy "Inbound leads"

event webinar_attended

score engagement {
  webinars "Attends webinars": +10 per webinar_attended within 30 days, halving every 180 days
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event webinar_attended

score engagement {
  webinars "Attends webinars": +10 per webinar_attended within 180 days, halving every 30 days
}
"#,
    ),
    fix: FixKind::None,
    run,
};

/// What is wrong between a window and a decay.
enum Fight {
    /// The decay takes nothing within the window.
    Never,
    /// An event still has this share of its points, in percent, when the window ends.
    Cliff(i64),
    /// Nothing is left after so long.
    Gone(i64),
}

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for rule in rules(context) {
        let PartKind::Per(per) = &rule.part.kind else { continue };
        let Some(EventWindow::Within(length)) = program.queries[per.query.index()].window else { continue };
        let Some(decay) = &per.decay else { continue };
        let length = program.lengths[length.index()];
        let Some(fight) = fight(extent(length), decay, per.points) else { continue };
        let Worth::Per { events, limits, .. } = &rule.written.worth else { continue };
        let Some(decay_span) = limits.iter().find_map(|limit| decay_place(context, limit)) else { continue };
        let window = match &events.window {
            Some(ast::EventWindow::Within(window)) => window.span,
            _ => events.span,
        };
        let name = &rule.part.name;
        let (message, here, help) = match fight {
            Fight::Never => (
                format!("the points of `{name}` never shrink: they are gone after {length}"),
                "not a whole period of this has passed by then".to_owned(),
                "take a shorter period or a longer window, or leave the decay out",
            ),
            Fight::Cliff(share) => (
                format!("the points of `{name}` hardly shrink before they are all gone"),
                format!("an event is still worth {share}% of its points after {length}, and then nothing"),
                "take a faster decay or a longer window, or leave one of them out",
            ),
            Fight::Gone(after) => (
                format!("the points of `{name}` are used up long before the window ends"),
                format!("of {} nothing is left after {}", in_points(per.points), in_words(after)),
                "take a slower decay or a shorter window, or leave the window out",
            ),
        };
        findings.push(findings.at(decay_span, message).here(here).label(window, "the window").help(help));
    }
}

fn decay_place(context: &Context<'_>, limit: &Limit) -> Option<Span> {
    let (start, end) = match limit {
        Limit::Halving(every) | Limit::Fading(every) => (every.span, every.span),
        Limit::Losing { amount, every } => (amount.span, every.span),
        Limit::Points(_) | Limit::Times { .. } => return None,
    };
    // The word before it belongs to it.
    let before = context.text(Span { start: 0, end: start.start, ..start });
    let words = ["halving every", "fading over", "losing"];
    let word = words.iter().find_map(|word| before.trim_end().strip_suffix(word).map(str::len));
    Some(Span { start: word.map_or(start.start, |before| before as u32), ..end })
}

/// Lengths that differ by less than half are taken for a choice.
fn fight((shortest, longest): (i64, i64), decay: &Decay, points: i64) -> Option<Fight> {
    match decay {
        Decay::Halving { every } => {
            let left = (-(longest as f64) / *every as f64).exp2() * 100.0;
            (longest.saturating_mul(3) <= *every).then_some(Fight::Cliff(left.round() as i64))
        }
        Decay::Fading { over } if longest.saturating_mul(3) <= over.saturating_mul(2) => {
            Some(Fight::Cliff((over - longest) * 100 / over.max(&1)))
        }
        Decay::Fading { over } => gone(shortest, *over),
        Decay::LosingShare { every, .. } | Decay::LosingPoints { every, .. } if longest <= *every => Some(Fight::Never),
        Decay::LosingShare { share: 1_000_000, every } => gone(shortest, *every),
        Decay::LosingShare { .. } => None,
        Decay::LosingPoints { points: step, every } => {
            let periods = (points.abs() + step - 1) / (*step).max(1);
            gone(shortest, periods.saturating_mul(*every))
        }
    }
}

fn gone(window: i64, after: i64) -> Option<Fight> {
    (after.saturating_mul(3) <= window.saturating_mul(2)).then_some(Fight::Gone(after))
}
