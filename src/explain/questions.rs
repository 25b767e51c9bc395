//! What is not known of a lead, and what it keeps undecided.

use super::build::AtHand;
use super::model::{OpenQuestion, Undecided, UndecidedKind};
use super::readings::path;
use super::why;
use crate::check::hir::{Expr, Included, PartId, PartKind};
use crate::eval::Decision;
use crate::model::{FieldId, Literal, Tri};
use indexmap::IndexMap;

/// The decision's questions, for checks and higher stages, then what else rests on fields that are missing: reasons to
/// disqualify, routes, personas, rules.
pub(super) fn questions(at_hand: AtHand<'_, '_>) -> Vec<OpenQuestion> {
    let mut open = Open { at_hand, questions: IndexMap::new() };
    open.of_decision();
    open.of_conditions();
    open.of_rules();
    open.questions.into_values().collect()
}

struct Open<'a, 'o> {
    at_hand: AtHand<'a, 'o>,
    /// By the field's name.
    questions: IndexMap<String, OpenQuestion>,
}

impl Open<'_, '_> {
    fn of_decision(&mut self) {
        let AtHand { program, evaluator, lead, outcome, .. } = self.at_hand;
        for question in Decision::new(evaluator, lead, outcome, &[]).questions {
            let decides = question.decides.into_iter().map(|name| {
                let check = name.split_once('.').and_then(|(fit, check)| {
                    program
                        .checks
                        .iter()
                        .find(|other| other.name == check && program.fits[other.fit.index()].name == fit)
                });
                let stage = program.stages.iter().find(|stage| stage.name == name);
                let (kind, label) = match (check, stage) {
                    (Some(check), _) => (UndecidedKind::Check, check.label.clone()),
                    (_, Some(stage)) => (UndecidedKind::Stage, stage.label.clone()),
                    _ => (UndecidedKind::Check, name.clone()),
                };
                Undecided { kind, name, label }
            });
            let entry = OpenQuestion { field: question.field.clone(), ask: question.ask, decides: decides.collect() };
            self.questions.insert(question.field, entry);
        }
    }

    fn of_conditions(&mut self) {
        let AtHand { program, outcome, .. } = self.at_hand;
        for (place, reason) in program.reasons.iter().enumerate() {
            if outcome.reasons[place] == Tri::Unknown {
                self.ask(UndecidedKind::Disqualify, &reason.name, &reason.label, &reason.condition);
            }
        }
        let taken = outcome.route.map_or(program.routes.len(), |route| route.index());
        for route in program.routes.iter().take(taken) {
            if let Some(condition) = &route.condition
                && self.is_unknown(condition)
            {
                self.ask(UndecidedKind::Route, &route.name, &route.label, condition);
            }
        }
        for (place, define) in program.defines.iter().enumerate() {
            if define.persona && outcome.defines[place].tri() == Tri::Unknown {
                self.ask(UndecidedKind::Persona, &define.name, &define.label, &define.value);
            }
        }
    }

    fn of_rules(&mut self) {
        let AtHand { program, .. } = self.at_hand;
        let why = self.at_hand.why();
        for (place, part) in program.parts.iter().enumerate() {
            let name = path(program, PartId(place as u16));
            let mut ask = |expr: &Expr| self.ask(UndecidedKind::Rule, &name, &part.label, expr);
            match &part.kind {
                PartKind::If { condition: expr, .. }
                | PartKind::PerPeriod { since: expr, .. }
                | PartKind::By { value: expr, .. }
                | PartKind::Include { of: Included::Number(expr), .. } => ask(expr),
                PartKind::FirstOf { cases, .. } => {
                    for case in cases {
                        match why.truth(&case.condition) {
                            Tri::True => break,
                            Tri::Unknown => ask(&case.condition),
                            Tri::False => {}
                        }
                    }
                }
                PartKind::Per(_) | PartKind::Group { .. } | PartKind::Include { .. } => {}
            }
        }
    }

    fn is_unknown(&self, expr: &Expr) -> bool {
        matches!(self.at_hand.ledger.value(expr.id), None | Some(Literal::Missing))
    }

    /// Notes that something rests on an expression, if that is unknown.
    fn ask(&mut self, kind: UndecidedKind, name: &str, label: &str, expr: &Expr) {
        if !self.is_unknown(expr) {
            return;
        }
        for field in why::missing_fields(self.at_hand.program, self.at_hand.ledger, expr) {
            let decides = &mut self.question(field).decides;
            if !decides.iter().any(|other| other.kind == kind && other.name == name) {
                decides.push(Undecided { kind, name: name.to_owned(), label: label.to_owned() });
            }
        }
    }

    fn question(&mut self, field: FieldId) -> &mut OpenQuestion {
        let field = self.at_hand.program.schema.field(field);
        self.questions.entry(field.name.clone()).or_insert_with(|| OpenQuestion {
            field: field.name.clone(),
            ask: field.ask.clone(),
            decides: Vec::new(),
        })
    }
}
