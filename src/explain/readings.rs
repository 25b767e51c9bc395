//! What a condition reads: fields, points, verdicts, events, and what was worked out from them.

use super::model::{EventsSeen, Gap, Reading, ReadingKind, Shown};
use super::show;
use super::why::Why;
use crate::check::hir::{CheckState, Expr, ExprKind, FitId, PartId, Program};
use crate::eval::SeenEvents;
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE};
use crate::model::{Literal, Scalar, Type};
use crate::syntax::ast::CompareOp;
use serde_json::Value as Json;

impl Why<'_> {
    /// What a condition reads, each once, in the order written.
    pub(super) fn readings(self, condition: &Expr) -> Vec<Reading> {
        let mut out = Vec::new();
        self.collect(condition, true, &mut out);
        // What was worked out from a missing value says nothing that the value itself does not.
        if out.iter().any(|reading| reading.kind != ReadingKind::Worked && reading.value.value.is_null()) {
            out.retain(|reading| reading.kind != ReadingKind::Worked || !reading.value.value.is_null());
        }
        out
    }

    /// The value of an expression with its name or text.
    pub(super) fn reading(self, expr: &Expr) -> Reading {
        let reading = self.atom(expr).unwrap_or_else(|| self.worked(expr));
        Reading { plain: self.reading_words(expr), ..reading }
    }

    fn collect(self, expr: &Expr, whole: bool, out: &mut Vec<Reading>) {
        let mut add = |reading: Reading| {
            if !out.iter().any(|other| other.source == reading.source) {
                out.push(reading);
            }
        };
        if let Some(reading) = self.atom(expr) {
            add(Reading { plain: self.reading_words(expr), ..reading });
            if let ExprKind::Define(define) = &expr.kind
                && self.literal(expr) == Literal::Missing
            {
                for field in
                    super::why::missing_fields(self.program, self.ledger, &self.program.defines[define.index()].value)
                {
                    let field = self.program.schema.field(field);
                    add(Reading {
                        source: field.name.clone(),
                        kind: ReadingKind::Field,
                        plain: format!("{} is not known", crate::words::field_words(&field.name)),
                        value: show::shown(self.program, field.ty, &Literal::Missing),
                        note: None,
                        events: None,
                    });
                }
            }
            return;
        }
        match &expr.kind {
            ExprKind::Constant(_)
            | ExprKind::Subject
            | ExprKind::EventField(_)
            | ExprKind::EventType
            | ExprKind::EventDay => return,
            _ if !whole && expr.ty != Type::One(Scalar::Bool) => {
                add(Reading { plain: self.reading_words(expr), ..self.worked(expr) })
            }
            _ => {}
        }
        for child in expr.children() {
            // Of what is worked out, what is worked out on the way is not told.
            self.collect(child, !whole || matches!(expr.kind, ExprKind::Not(_)), out);
        }
    }

    fn literal(self, expr: &Expr) -> Literal {
        self.ledger.value(expr.id).cloned().unwrap_or(Literal::Missing)
    }

    fn worked(self, expr: &Expr) -> Reading {
        let value = self.literal(expr);
        Reading {
            source: show::source(self.program, expr.span),
            kind: ReadingKind::Worked,
            plain: String::new(),
            value: show::shown(self.program, expr.ty, &value),
            note: show::note(&value, self.ledger.as_of()),
            events: None,
        }
    }

    /// The value of what has a name, or of a question about events.
    fn atom(self, expr: &Expr) -> Option<Reading> {
        let program = self.program;
        let value = self.literal(expr);
        let of = |kind, source: String| {
            let mut value_shown = show::shown(program, expr.ty, &value);
            if value == Literal::Missing && kind == ReadingKind::Named && expr.ty == Type::One(Scalar::Bool) {
                value_shown.text = "unknown".to_owned();
            }
            Some(Reading {
                source,
                kind,
                plain: String::new(),
                value: value_shown,
                note: show::note(&value, self.ledger.as_of()),
                events: None,
            })
        };
        match &expr.kind {
            ExprKind::Field(field) => of(ReadingKind::Field, program.schema.field(*field).name.clone()),
            ExprKind::Points(part) => {
                let Literal::Number(millionths) = value else { return of(ReadingKind::Points, path(program, *part)) };
                let points = show::shown_points(millionths / (NUMBER_SCALE / POINTS_SCALE));
                let source = path(program, *part);
                Some(Reading {
                    source,
                    kind: ReadingKind::Points,
                    plain: String::new(),
                    value: points,
                    note: None,
                    events: None,
                })
            }
            ExprKind::Define(define) => of(ReadingKind::Named, program.defines[define.index()].name.clone()),
            ExprKind::Check(check) => {
                let check = &program.checks[check.index()];
                of(ReadingKind::Named, format!("{}.{}", program.fits[check.fit.index()].name, check.name))
            }
            ExprKind::CheckCount(fit, state) => {
                let word = match state {
                    CheckState::Passed => "passed",
                    CheckState::Failed => "failed",
                    CheckState::Unknown => "unknown",
                };
                of(ReadingKind::Named, format!("{}.{word}", program.fits[fit.index()].name))
            }
            ExprKind::Fits(fit) | ExprKind::FitUnknown(fit) => Some(self.fit(*fit)),
            ExprKind::Band(bands) => of(ReadingKind::Named, program.bands[bands.index()].name.clone()),
            ExprKind::Cell(matrix) => of(ReadingKind::Named, program.matrices[matrix.index()].name.clone()),
            ExprKind::Stage => of(ReadingKind::Named, "stage".to_owned()),
            ExprKind::Disqualified => of(ReadingKind::Named, "disqualified".to_owned()),
            ExprKind::DisqualifiedBy(reason) => {
                of(ReadingKind::Named, format!("disqualified by {}", program.reasons[reason.index()].name))
            }
            ExprKind::AtLeastEvents(_, query) | ExprKind::AtMostEvents(_, query) | ExprKind::Count(query) => {
                let seen = self.seen(expr)?;
                let count = Shown { text: show::plural(seen.count, "event"), value: Json::from(seen.count) };
                let source = show::source(program, program.queries[query.index()].span);
                Some(Reading {
                    source,
                    kind: ReadingKind::Events,
                    plain: String::new(),
                    value: count,
                    note: None,
                    events: Some(seen),
                })
            }
            ExprKind::Aggregate(..) | ExprKind::Edge(..) => {
                Some(Reading { kind: ReadingKind::Worked, events: self.seen(expr), ..self.worked(expr) })
            }
            _ => None,
        }
    }

    /// A fit's verdict, from its checks: the expression at hand may ask something else of it.
    pub(super) fn fit(self, id: FitId) -> Reading {
        let fit = &self.program.fits[id.index()];
        let (mut passed, mut unknown) = (0u16, 0u16);
        for check in fit.checks.clone() {
            match self.truth(&self.program.checks[check as usize].condition) {
                crate::model::Tri::True => passed += 1,
                crate::model::Tri::Unknown => unknown += 1,
                crate::model::Tri::False => {}
            }
        }
        let (text, value) = if passed >= fit.needs {
            ("fits", Json::Bool(true))
        } else if passed + unknown < fit.needs {
            ("fails", Json::Bool(false))
        } else {
            ("unknown", Json::Null)
        };
        Reading {
            source: fit.name.clone(),
            kind: ReadingKind::Fit,
            plain: String::new(),
            value: Shown { text: text.to_owned(), value },
            note: Some(format!("{passed} of {} checks pass", fit.checks.len())),
            events: None,
        }
    }

    fn seen(self, expr: &Expr) -> Option<EventsSeen> {
        let seen = self.ledger.seen(expr.id)?;
        Some(events_seen(seen, self))
    }

    /// How far a comparison of numbers that is false is from being true.
    pub(super) fn gap(self, expr: &Expr) -> Option<Gap> {
        if self.truth(expr) != crate::model::Tri::False {
            return None;
        }
        match &expr.kind {
            ExprKind::Compare(op, a, b) => {
                let (short, strict) = match op {
                    CompareOp::GreaterOrEqual => (true, false),
                    CompareOp::Greater => (true, true),
                    CompareOp::LessOrEqual => (false, false),
                    CompareOp::Less => (false, true),
                    CompareOp::Is | CompareOp::IsNot => return None,
                };
                let gap = self.distance(a, b, short)?;
                // The bound itself does not do: the distance is passed, not met.
                Some(if strict { Gap { text: format!("more than {}", gap.text), ..gap } } else { gap })
            }
            ExprKind::Between(value, low, high) => {
                self.distance(value, low, true).or_else(|| self.distance(value, high, false))
            }
            _ => None,
        }
    }

    /// How much smaller (larger) the first is, if it is and both are numbers.
    fn distance(self, a: &Expr, b: &Expr, short: bool) -> Option<Gap> {
        let (value, bound) = (amount(&self.literal(a))?, amount(&self.literal(b))?);
        let gap = if short { bound - value } else { value - bound };
        if gap <= 0 {
            return None;
        }
        let literal = match a.ty {
            Type::One(Scalar::Money(_)) => Literal::Money(i64::try_from(gap).ok()?),
            _ => Literal::Number(i64::try_from(gap).ok()?),
        };
        Some(Gap { text: show::show_value(self.program, a.ty, &literal), short })
    }
}

/// Numbers in millionths, money in ten-thousandths.
fn amount(literal: &Literal) -> Option<i128> {
    match literal {
        Literal::Int(value) => Some(i128::from(*value) * i128::from(NUMBER_SCALE)),
        Literal::Number(value) | Literal::Money(value) => Some(i128::from(*value)),
        _ => None,
    }
}

fn events_seen(seen: &SeenEvents, why: Why<'_>) -> EventsSeen {
    let instant = |at: Option<i64>| at.map(|at| show::instant(at, why.ledger.as_of(), &why.program.zone));
    EventsSeen {
        count: seen.count,
        first: instant(seen.first),
        latest: instant(seen.latest),
        outside: seen.outside,
        latest_outside: instant(seen.latest_outside),
    }
}

/// The name of a score, or of a part with its score's: `engagement.opens`.
pub(super) fn path(program: &Program, id: PartId) -> String {
    let part = &program.parts[id.index()];
    if part.score == id {
        part.name.clone()
    } else {
        format!("{}.{}", program.parts[part.score.index()].name, part.name)
    }
}
