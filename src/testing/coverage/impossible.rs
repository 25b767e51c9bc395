//! Outcomes that no lead can show, as the analysis proves: no test need show them.

use super::goal::{Sight, Taken, Unit};
use crate::analysis::{self, Analysis, Budget, Goal};
use crate::check::hir::{Expr, ExprKind, PartId, PartKind, Program};
use crate::model::Tri;

/// So many outcomes are searched for at most; bounds alone speak of the others.
const SEARCHES: usize = 200;
/// So many outcomes are asked for at all, with so many parts of an `and` or `or`.
const MOST_ASKED: usize = 2_000;
const MOST_PARTS: usize = 40;

/// Which of these outcomes cannot happen, whatever the lead and the as-of. What is not proved may happen.
pub fn impossible(program: &Program, open: &[(usize, &Sight<'_>)]) -> Vec<usize> {
    if open.is_empty() {
        return Vec::new();
    }
    let analysis = Analysis::of(program);
    let mut searches = SEARCHES;
    let mut found = Vec::new();
    for (place, sight) in open.iter().take(MOST_ASKED) {
        let Some(goal) = goal(program, sight) else { continue };
        let budget = if searches > 0 { Budget::QUICK } else { Budget { steps: 0, tries: 0 } };
        searches = searches.saturating_sub(1);
        if analysis.at_any_time(&goal) && analysis.never(&goal, budget).is_yes() {
            found.push(*place);
        }
    }
    found
}

/// What a lead must reach to show an outcome; perhaps less than that, never more.
fn goal<'p>(program: &'p Program, sight: &Sight<'p>) -> Option<Goal<'p>> {
    let is = |expr: &'p Expr, truth: Tri| Goal::Is(expr, truth);
    let not = |goal: Goal<'p>| Goal::Not(Box::new(goal));
    Some(match sight {
        Sight::Truth(expr, truth) => is(expr, *truth),
        Sight::Alone(expr, place) => match &expr.kind {
            ExprKind::And(parts) | ExprKind::Or(parts) if parts.len() > MOST_PARTS => return None,
            ExprKind::And(parts) => alone(parts, *place, Tri::False, |other| is(other, Tri::True)),
            ExprKind::Or(parts) => alone(parts, *place, Tri::True, |other| not(is(other, Tri::True))),
            _ => return None,
        },
        Sight::Exercised(premise, whole) => Goal::All(vec![is(premise, Tri::True), is(whole, Tri::True)]),
        Sight::Range(expr, Unit::Micros, low, high) => {
            let ExprKind::Points(part) = expr.kind else { return None };
            let points = |micros: i128| i64::try_from(micros.div_euclid(100)).ok();
            Goal::All(vec![Goal::AtLeast(part, points(*low)?), Goal::AtMost(part, points(*high)?)])
        }
        Sight::Fit(fit, truth) => Goal::Fit(*fit, *truth),
        Sight::Fires(part, fires) => fires_goal(program, *part, *fires)?,
        Sight::Case(part, taken) => Goal::Taken(*part, case(program, *part, *taken)),
        Sight::Band(bands, band) => Goal::Band(*bands, *band),
        Sight::Cell(matrix, row, column) => Goal::Place(*matrix, *row, *column),
        Sight::Reason(reason, true) => Goal::Reason(*reason, Tri::True),
        Sight::Reason(reason, false) => not(Goal::Reason(*reason, Tri::True)),
        Sight::Stage(stage) => Goal::Stage(*stage),
        Sight::Standing(stage, Tri::True) => Goal::Reached(*stage),
        Sight::Standing(stage, _) => not(Goal::Reached(*stage)),
        Sight::HeldBack(stage) => {
            let declared = &program.stages[stage.index()];
            let condition = is(declared.condition.as_ref()?, Tri::True);
            Goal::All(vec![condition, not(Goal::Reached(declared.after?))])
        }
        Sight::Route(route) => Goal::Route(*route),
        Sight::Always(always) => Goal::Always(*always, Tri::True),
        _ => return None,
    })
}

fn alone<'p>(parts: &'p [Expr], place: usize, own: Tri, others: impl Fn(&'p Expr) -> Goal<'p>) -> Goal<'p> {
    let goal = |(other, part): (usize, &'p Expr)| if other == place { Goal::Is(part, own) } else { others(part) };
    Goal::All(parts.iter().enumerate().map(goal).collect())
}

fn fires_goal<'p>(program: &'p Program, part: PartId, fires: bool) -> Option<Goal<'p>> {
    match &program.parts[part.index()].kind {
        PartKind::If { condition, .. } if fires => Some(Goal::Is(condition, Tri::True)),
        PartKind::If { condition, .. } => Some(Goal::Not(Box::new(Goal::Is(condition, Tri::True)))),
        _ => None,
    }
}

fn case(program: &Program, part: PartId, taken: Taken) -> analysis::Taken {
    let first_of = matches!(program.parts[part.index()].kind, PartKind::FirstOf { .. });
    match taken {
        Taken::At(place) => analysis::Taken::Case(place),
        // Of `first of`: a condition is unknown and none is true.
        Taken::Missing if first_of => analysis::Taken::Nothing,
        Taken::Missing => analysis::Taken::Missing,
        Taken::Otherwise | Taken::None => analysis::Taken::Otherwise,
    }
}
