//! What a single event is enough for.

use super::cone::below;
use super::events::Kind;
use super::search::probe;
use super::space::Space;
use super::{Analysis, Goal, Witness, WitnessEvent};
use crate::check::hir::{Included, PartId, PartKind, Program, Step};
use crate::model::Literal;
use crate::model::number::NUMBER_SCALE;
use bumpalo::Bump;
use std::collections::HashSet;

/// What rounding may add where a score is included, in ten-thousandths.
const ROUNDING: f64 = 100.0;

impl<'p> Analysis<'p> {
    /// A lead that reaches a goal by a single event and nothing else that is known, where no lead without events and
    /// without any known field does.
    pub fn one_event(&self, goal: &Goal<'p>) -> Option<Witness> {
        let fields = vec![Literal::Missing; self.program().schema.fields.len()];
        let mut witness = Witness { fields, events: Vec::new() };
        if self.confirms(goal, &witness) {
            return None;
        }
        let gains = match goal {
            Goal::AtLeast(part, points) => Gains::of(self, *part, *points, &witness),
            _ => None,
        };
        for kind in self.space.events.kinds.iter().filter(|kind| !kind.wildcard) {
            if gains.as_ref().is_some_and(|gains| !gains.may_do(&self.space, kind)) {
                continue;
            }
            let fields = kind.fields.clone();
            witness.events = vec![WitnessEvent { ty: kind.ty, spelling: kind.spelling.clone(), at: kind.to, fields }];
            if self.confirms(goal, &witness) {
                return Some(self.simplest(goal, witness));
            }
        }
        None
    }
}

/// The steps that rest on events, directly or through others.
fn seeing(program: &Program) -> HashSet<Step> {
    let mut seeing = HashSet::new();
    for step in &program.order {
        let mut sees = matches!(step, Step::Part(part) if matches!(program.parts[part.index()].kind, PartKind::Per(_)));
        program.walk_step(*step, &mut |expr| sees |= expr.query().is_some());
        if sees || below(program, *step).iter().any(|other| seeing.contains(other)) {
            seeing.insert(*step);
        }
    }
    seeing
}

/// How many points an event can add to a score at most: never less than what is possible.
struct Gains {
    /// The points that are needed.
    needed: f64,
    /// What is there without the event, and what may come of conditions that it changes.
    otherwise: f64,
    /// Rules per event, each with how often its points count.
    rules: Vec<(PartId, f64)>,
}

impl Gains {
    fn of(analysis: &Analysis<'_>, goal: PartId, needed: i64, nothing: &Witness) -> Option<Gains> {
        let program = analysis.program();
        let arena = Bump::new();
        let probe = probe(&analysis.space, &analysis.space.program.order, nothing, &arena);
        let now = |part: PartId| probe.outcome().points(part);
        let seeing = seeing(program);
        let mut weights = vec![0.0f64; program.parts.len()];
        weights[goal.index()] = 1.0;
        let mut gains = Gains { needed: needed as f64, otherwise: now(goal) as f64, rules: Vec::new() };
        // What a part is made of stands before it. Limits never make a gain larger.
        for step in program.order.iter().rev() {
            let Step::Part(part) = step else { continue };
            let weight = weights[part.index()];
            if weight == 0.0 {
                continue;
            }
            match &program.parts[part.index()].kind {
                PartKind::Group { parts, .. } => parts.iter().for_each(|inner| weights[inner.index()] += weight),
                PartKind::Include { of: Included::Score(score), factor } => {
                    let factor = factor.map_or(1.0, |factor| factor as f64 / NUMBER_SCALE as f64);
                    weights[score.index()] += weight * factor;
                    gains.otherwise += weight * ROUNDING;
                }
                PartKind::Per(_) => gains.rules.push((*part, weight)),
                // Without a question about events, one event changes nothing.
                _ if !seeing.contains(step) => {}
                _ => {
                    let most = analysis.limits(*part).1?;
                    gains.otherwise += weight * most.saturating_sub(now(*part)).max(0) as f64;
                }
            }
        }
        Some(gains)
    }

    fn may_do(&self, space: &Space<'_>, kind: &Kind) -> bool {
        let mut reached = self.otherwise;
        for (rule, weight) in &self.rules {
            let PartKind::Per(per) = &space.program.parts[rule.index()].kind else { continue };
            if kind.may.has(per.query.index()) {
                let Some(most) = space.most_points(*rule, 1) else { return true };
                reached += weight * most.max(0) as f64;
            }
        }
        reached >= self.needed
    }
}
