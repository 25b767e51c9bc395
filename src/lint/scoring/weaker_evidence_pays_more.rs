//! `weaker-evidence-pays-more`: who does less, or did it longer ago, gets more.

use super::rules::{Rule, Trial, in_points, rules};
use crate::check::hir::{EventTypes, EventWindow, Expr, ExprKind, PartKind, Program, QueryId};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::EventTypeId;
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "weaker-evidence-pays-more",
    group: Group::Scoring,
    level: Severity::Warning,
    what: "A rule gives more points for fewer events than for more, or for events that are longer ago than for recent \
           ones. It is found by trying the rule on leads that did the same thing more often, or later.",
    why: "Two numbers have most likely changed places: a lead loses points by showing more interest.",
    example: Example::new(
        r#"policy "Inbound leads"

event demo_requested

score engagement {
  demo "Asked for a demo": first of {
    any demo_requested within 7 days:  +10
    any demo_requested within 90 days: +25
  }
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

event demo_requested

score engagement {
  demo "Asked for a demo": first of {
    any demo_requested within 7 days:  +25
    any demo_requested within 90 days: +10
  }
}
"#,
    ),
    fix: FixKind::None,
    run,
};

/// More events than this are not tried.
const MOST: u32 = 50;

/// What the events of a rule say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    /// They are counted for points.
    Interest,
    /// Their absence is counted against the lead.
    Silence,
    /// They are counted against the lead.
    Nuisance,
}

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let mut trial = None;
    for rule in rules(context) {
        let Some((ty, sense, counts)) = family(program, &rule) else { continue };
        let trial = trial.get_or_insert_with(|| Trial::new(program));
        let mut ages = vec![0];
        for query in queries(program, &rule) {
            if let Some(EventWindow::Within(length)) = program.queries[query.index()].window {
                let age = trial.age(program.lengths[length.index()]);
                ages.extend([age, age + 1]);
            }
        }
        ages.sort_unstable();
        ages.dedup();
        let mut most = counts.iter().max().map_or(1, |most| (*most).min(MOST)) + 1;
        if sense == Sense::Silence {
            most = 1;
        }
        let steps = trial.steps([rule.id]);
        let mut worth = |count, age| trial.events(ty, count, age, &steps)[rule.id.index()];
        // What says more is told first.
        let wrong = |more: i64, less: i64| match sense {
            Sense::Interest => more > 0 && less > more,
            Sense::Nuisance => more < 0 && less < more,
            Sense::Silence => more < 0 && less < more,
        };
        let by_age: Vec<i64> = ages.iter().map(|age| worth(1, *age)).collect();
        let by_count: Vec<i64> = (1..=most).map(|count| worth(count, 0)).collect();
        let pairs = |worths: &[i64]| {
            let each = worths.iter().enumerate();
            each.flat_map(|(at, first)| worths[at + 1..].iter().map(|then| (*first, *then))).collect::<Vec<_>>()
        };
        let by_age = pairs(&by_age).into_iter().map(|(later, earlier)| match sense {
            Sense::Silence => (earlier, later, "a long silence", "a short one"),
            _ => (later, earlier, "what was done lately", "what is long ago"),
        });
        let by_count = pairs(&by_count).into_iter().map(|(few, many)| (many, few, "much of it", "a little"));
        let found = by_age.chain(by_count).find(|(more, less, ..)| wrong(*more, *less));
        let Some((more, less, much, little)) = found else { continue };
        let name = &rule.part.name;
        let (verb, more_points, less_points) =
            (if more > 0 { "gives" } else { "takes" }, in_points(more), in_points(less));
        let message = format!("`{name}` {verb} {more_points} for {much}, and {less_points} for {little}");
        let mut finding = findings.at(rule.part.span, message).help("have the numbers changed places?");
        if let PartKind::FirstOf { cases, .. } | PartKind::By { cases, .. } = &rule.part.kind {
            for (worth, what) in [(more, much), (less, little)] {
                if let Some(case) = cases.iter().find(|case| case.points == worth) {
                    finding = finding.label(case.span, what);
                }
            }
        }
        findings.push(finding);
    }
}

/// The questions about events of a rule that takes one of several cases.
fn queries(program: &Program, rule: &Rule<'_>) -> BTreeSet<QueryId> {
    let mut queries = BTreeSet::new();
    each(program, rule, &mut |expr| queries.extend(expr.query()));
    queries
}

fn each<'p>(program: &'p Program, rule: &Rule<'p>, visit: &mut impl FnMut(&'p Expr)) {
    match &rule.part.kind {
        PartKind::FirstOf { cases, .. } => cases.iter().for_each(|case| case.condition.walk(program, visit)),
        PartKind::By { value, cases, .. } => {
            value.walk(program, visit);
            cases.iter().for_each(|case| case.condition.walk(program, visit));
        }
        _ => {}
    }
}

/// Of a rule whose cases look at one kind of events, without conditions on them: the type, what they say, and the counts
/// that are told apart.
fn family(program: &Program, rule: &Rule<'_>) -> Option<(Option<EventTypeId>, Sense, Vec<u32>)> {
    let queries = queries(program, rule);
    let first = &program.queries[queries.first()?.index()].types;
    if queries.iter().any(|query| {
        let query = &program.queries[query.index()];
        query.types != *first || query.condition.is_some()
    }) {
        return None;
    }
    let ty = match first {
        EventTypes::All => None,
        EventTypes::One(ty) => Some(*ty),
        EventTypes::Any(types) => types.first().copied(),
    };
    let (mut least, mut most, mut other) = (false, false, false);
    let mut counts = Vec::new();
    each(program, rule, &mut |expr| match &expr.kind {
        ExprKind::AtLeastEvents(count, _) => {
            least = true;
            counts.push(*count);
        }
        ExprKind::Count(_) => least = true,
        ExprKind::AtMostEvents(..) => most = true,
        ExprKind::Edge(..)
        | ExprKind::Aggregate(..)
        | ExprKind::Not(_)
        | ExprKind::Age(..)
        | ExprKind::Within { .. } => {
            other = true;
        }
        ExprKind::Constant(crate::model::Literal::Int(count)) => counts.extend(u32::try_from(*count)),
        _ => {}
    });
    let worths = super::rules::worths(rule.part);
    let gives = worths.iter().all(|points| *points >= 0);
    let takes = worths.iter().all(|points| *points <= 0);
    let sense = match (least, most) {
        (true, false) if gives => Sense::Interest,
        (true, false) if takes => Sense::Nuisance,
        (false, true) if takes => Sense::Silence,
        _ => return None,
    };
    (!other).then_some((ty, sense, counts))
}
