//! Why a stage will be another: which condition of which stage no longer holds, or holds from then on, and what limits of
//! points do at that instant.

use super::model::Turned;
use super::show::show_value;
use super::silence::silence;
use super::why::{Need, Why, is_compound, peeled};
use crate::check::hir::{CheckId, Expr, ExprKind, PartKind, Program, StageId};
use crate::eval::{Evaluator, Ledger, Outcome, Points};
use crate::model::time::AsOf;
use crate::model::{Lead, Literal, Tri, Value};
use crate::syntax::ast::CompareOp;
use crate::whatif::{ChangeKind, Forecast, Turn};
use crate::words::{Spoken, field_words};
use bumpalo::Bump;

/// So many conditions are told.
const MOST: usize = 3;
/// Points that fading takes in a millisecond; a difference that small is none that a limit makes.
const FADING: i64 = 10;

/// Why each turn of a forecast is one, where there is more to say than the forecast says.
pub(super) fn turned(evaluator: &Evaluator<'_>, spoken: &Spoken, lead: &Lead<'_>, forecast: &Forecast) -> Vec<Turned> {
    let known = lead.events.partition_point(|event| event.at <= evaluator.as_of().instant);
    let lead = Lead { events: &lead.events[..known], ..*lead };
    let turns = forecast.turns.iter().filter(|turn| !turn.changes.is_empty());
    turns.filter_map(|turn| at_turn(evaluator, spoken, &lead, turn)).collect()
}

fn at_turn(evaluator: &Evaluator<'_>, spoken: &Spoken, lead: &Lead<'_>, turn: &Turn) -> Option<Turned> {
    let program = evaluator.program();
    let arena = Bump::new();
    let at = |instant: i64| evaluator.at(AsOf::new(instant, &program.zone));
    let (before, after) = (at(turn.at.0 - 1), at(turn.at.0));
    let ((was, was_ledger), (is, is_ledger)) = (before.explain(lead, &arena), after.explain(lead, &arena));
    let sides = Sides {
        program,
        lead,
        was: Side { outcome: &was, ledger: &was_ledger },
        is: Side { outcome: &is, ledger: &is_ledger },
        spoken,
    };
    let stage = turn.changes.iter().any(|change| change.kind == ChangeKind::Stage);
    let why = if stage { sides.stage() } else { Vec::new() };
    let held = sides.held();
    (!why.is_empty() || !held.is_empty()).then_some(Turned { at: turn.at, why, held })
}

/// What was said a millisecond before, or what is said at the instant.
#[derive(Clone, Copy)]
struct Side<'a, 'o> {
    outcome: &'a Outcome<'o>,
    ledger: &'a Ledger,
}

/// An instant at which something becomes otherwise.
#[derive(Clone, Copy)]
struct Sides<'a, 'o> {
    program: &'a Program,
    lead: &'a Lead<'a>,
    was: Side<'a, 'o>,
    is: Side<'a, 'o>,
    spoken: &'a Spoken,
}

impl<'a, 'o> Sides<'a, 'o> {
    fn why(self, side: Side<'a, 'o>) -> Why<'a> {
        Why { program: self.program, ledger: side.ledger, spoken: Some(self.spoken), unread: &[], need: Need::All }
    }

    /// Why the stage is another.
    fn stage(self) -> Vec<String> {
        let reasons = self.program.reasons.iter().enumerate();
        if self.is.outcome.disqualified || self.was.outcome.disqualified {
            let turned = reasons.filter(|(place, _)| {
                self.is.outcome.reasons[*place].is_true() != self.was.outcome.reasons[*place].is_true()
            });
            let told = turned.map(|(place, reason)| match self.is.outcome.reasons[place].is_true() {
                true => format!("it is then disqualified: {}", reason.label),
                false => format!("“{}” no longer holds", reason.label),
            });
            return told.collect();
        }
        let (was, is) = (self.was.outcome.stage, self.is.outcome.stage);
        let mut told = Vec::new();
        if is < was {
            self.lost(StageId(was), &mut told);
        } else {
            self.won(StageId(is), &mut told);
        }
        told.truncate(MOST);
        told
    }

    /// What a stage is no longer reached for.
    fn lost(self, id: StageId, told: &mut Vec<String>) {
        let stage = &self.program.stages[id.index()];
        let label = &stage.label;
        let holds = |side: Side<'a, 'o>, expr: &Expr| side.ledger.value(expr.id) == Some(&Literal::Bool(true));
        let kept = stage
            .keep_while
            .as_ref()
            .filter(|keep| self.program.stands_at(self.lead, id) && holds(self.was, keep) && !holds(self.is, keep));
        let before = told.len();
        if let Some(keep) = kept {
            self.leaves(keep, true, &format!("staying {label}"), told);
        } else if let Some(condition) = stage.condition.as_ref().filter(|condition| !holds(self.is, condition)) {
            self.leaves(condition, true, label, told);
            if let (true, Some(why)) = (stage.keep_while.is_some(), self.not_kept(id)) {
                for text in told.iter_mut().skip(before) {
                    text.push_str(&format!(" ({why})"));
                }
            }
        }
        if told.len() == before
            && let Some(after) = stage.after
            && self.was.outcome.reached[after.index()]
            && !self.is.outcome.reached[after.index()]
        {
            self.lost(after, told);
            for text in told.iter_mut().skip(before) {
                text.push_str(&format!(" ({label} comes after it)"));
            }
        }
    }

    /// Why what would keep a lead at a stage does not: it is not known to stand there.
    fn not_kept(self, id: StageId) -> Option<String> {
        let field = self.program.schema.stage_field.filter(|_| !self.program.stands_at(self.lead, id))?;
        let name = field_words(&self.program.schema.field(field).name);
        Some(match self.lead.field(field) {
            Value::Missing => format!("what it takes to stay counts only once {name} says that it is there"),
            _ => format!("{name} does not say it stood there, so it is not kept"),
        })
    }

    /// What a stage is reached for from now on.
    fn won(self, id: StageId, told: &mut Vec<String>) {
        let stage = &self.program.stages[id.index()];
        for condition in stage.condition.iter().chain(&stage.keep_while) {
            if told.is_empty() {
                self.leaves(condition, false, &stage.label, told);
            }
        }
        if told.is_empty()
            && let Some(after) = stage.after
        {
            self.won(after, told);
        }
    }

    /// The single conditions below one that have turned: lost, or won.
    fn leaves(self, expr: &'a Expr, lost: bool, whose: &str, told: &mut Vec<String>) {
        self.leaf(expr, true, lost, whose, told);
    }

    fn leaf(self, expr: &'a Expr, wanted: bool, lost: bool, whose: &str, told: &mut Vec<String>) {
        let (expr, wanted) = peeled(expr, wanted);
        let value = Tri::from(wanted);
        let (was, is) = (self.why(self.was).truth(expr), self.why(self.is).truth(expr));
        if (was == value) == (is == value) {
            return;
        }
        match &expr.kind {
            _ if silence(self.program, expr).is_some() => {}
            ExprKind::Define(define) => {
                return self.leaf(&self.program.defines[define.index()].value, wanted, lost, whose, told);
            }
            ExprKind::Check(check) => {
                return self.leaf(&self.program.checks[check.index()].condition, wanted, lost, whose, told);
            }
            ExprKind::Fits(fit) => {
                for check in self.program.fits[fit.index()].checks.clone().map(CheckId) {
                    self.leaf(&self.program.checks[check.index()].condition, wanted, lost, whose, told);
                }
                return;
            }
            _ if is_compound(expr) => {
                let before = told.len();
                for child in expr.children() {
                    let wanted = match &expr.kind {
                        ExprKind::AtMostOf(..) => !wanted,
                        ExprKind::Implies(premise, _) if std::ptr::eq(child, &**premise) => !wanted,
                        _ => wanted,
                    };
                    self.leaf(child, wanted, lost, whose, told);
                }
                if told.len() > before {
                    return;
                }
            }
            _ => {}
        }
        let text = self.said(expr, wanted, lost, whose);
        if !told.contains(&text) {
            told.push(text);
        }
    }

    /// `Lead score falls below 20, the limit for staying Marketing qualified lead`
    fn said(self, expr: &Expr, wanted: bool, lost: bool, whose: &str) -> String {
        if let Some((text, limit)) = self.crossed(expr, wanted, lost) {
            return match limit {
                true => format!("{text}, the limit for {whose}"),
                false => text,
            };
        }
        let why = self.why(self.is);
        let words = why.condition_words(expr, wanted);
        match lost {
            true => format!("no longer so: {words} (needed for {whose})"),
            false => format!("from then on {words} (needed for {whose})"),
        }
    }

    /// Of a comparison of points or of another number with a constant: how it passes the limit.
    fn crossed(self, expr: &Expr, wanted: bool, lost: bool) -> Option<(String, bool)> {
        let ExprKind::Compare(op, left, right) = &expr.kind else { return None };
        let constant = match &right.kind {
            ExprKind::Constant(literal) => literal,
            ExprKind::Define(define) => match &self.program.defines[define.index()].value.kind {
                ExprKind::Constant(literal) => literal,
                _ => return None,
            },
            _ => return None,
        };
        if !matches!(constant, Literal::Int(_) | Literal::Number(_) | Literal::Money(_)) {
            return None;
        }
        let least = match (op, wanted) {
            (CompareOp::GreaterOrEqual, true) | (CompareOp::Less, false) => true,
            (CompareOp::Greater, true) | (CompareOp::LessOrEqual, false) => false,
            _ => return None,
        };
        let name = self.why(self.is).subject(left);
        let bound = show_value(self.program, left.ty, constant);
        let moves = match (lost, least) {
            (true, true) => format!("{name} falls below {bound}"),
            (true, false) => format!("{name} is no longer above {bound}"),
            (false, true) => format!("{name} rises to {bound}"),
            (false, false) => format!("{name} rises above {bound}"),
        };
        Some((moves, true))
    }

    /// What a limit keeps from the points: a group or a score whose parts change by more than it does.
    fn held(self) -> Vec<String> {
        let mut told = Vec::new();
        for (place, part) in self.program.parts.iter().enumerate() {
            let PartKind::Group { from, to, .. } = &part.kind else { continue };
            let id = crate::check::hir::PartId(place as u16);
            let points = |side: Side<'_, '_>| (side.ledger.part(id).raw, side.outcome.points(id));
            let ((sum, net), (sum_then, net_then)) = (points(self.was), points(self.is));
            let (parts, own) = (sum_then - sum, net_then - net);
            if (parts - own).abs() <= FADING {
                continue;
            }
            let label = &part.label;
            let size = Points(own.abs());
            told.push(match (own, *from, *to) {
                (0, ..) => format!("“{label}” stays at its limit, {}", Points(net_then)),
                (..0, Some(from), _) if net_then == from => {
                    format!("“{label}” loses only {size} of that: it cannot fall below {}", Points(from))
                }
                (..0, _, Some(to)) => {
                    format!("“{label}” loses only {size} of that: it was held at {}", Points(to))
                }
                (_, _, Some(to)) if net_then == to => {
                    format!("“{label}” gains only {size} of that: it cannot rise above {}", Points(to))
                }
                _ => format!("“{label}” changes by only {size} of that: limits hold it"),
            });
        }
        told
    }
}
