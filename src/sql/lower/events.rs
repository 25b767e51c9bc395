//! Questions about events: each is a column of a pass over them.

use super::expr::is_date;
use super::{Counted, Lower, Scope};
use crate::check::hir::{EventTypes, EventWindow, Expr, ExprKind, QueryId};
use crate::model::{EventTypeId, Scalar, Type};
use crate::sql::print::Printer;
use crate::sql::tree::{Sql, call, int, text};
use crate::syntax::ast::AggregateOp;
use std::collections::BTreeSet;

/// The conditions under which an event counts.
pub(super) struct Filter {
    pub conditions: Vec<Sql>,
    /// The columns of the lead that they name.
    pub rests_on: BTreeSet<String>,
}

impl Lower<'_> {
    /// Works something out on an event of these types.
    pub(super) fn on_event<T>(&mut self, types: &EventTypes, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.scope, Scope::Event(types.clone()));
        let subject = self.subject.take();
        let result = work(self);
        self.scope = before;
        self.subject = subject;
        result
    }

    /// When an event counts for a question; what `more` asks of it too.
    pub(super) fn filter(&mut self, query: QueryId, more: impl FnOnce(&mut Self) -> Vec<Sql>) -> Filter {
        let program = self.program;
        let asked = &program.queries[query.index()];
        let (conditions, rests_on) = self.resting(|lower| {
            lower.on_event(&asked.types, |lower| {
                let mut conditions = Vec::new();
                match &asked.types {
                    EventTypes::All => {}
                    EventTypes::One(ty) => {
                        let spelled = text(program.schema.event(*ty).from.as_str());
                        conditions.push(Sql::Of("e", "event_type".into()).bin("=", spelled));
                    }
                    EventTypes::Any(types) => {
                        let all = types.iter().map(|ty| text(program.schema.event(*ty).from.as_str())).collect();
                        conditions.push(Sql::In(Box::new(Sql::Of("e", "event_type".into())), all, false));
                    }
                }
                match &asked.window {
                    None => {}
                    Some(EventWindow::Within(length)) => {
                        let written = lower.length(*length);
                        conditions.push(match written.millis() {
                            Some(millis) => {
                                Sql::Of("e", "age".into()).bin("<=", int(millis).remark(written.to_string()))
                            }
                            None => {
                                let back = lower.reach(*length, false);
                                Sql::Of("e", "at".into()).bin(">=", back)
                            }
                        });
                    }
                    Some(EventWindow::Since(time)) => {
                        let start = lower.lead_value(time);
                        let constant = matches!(time.kind, ExprKind::Constant(_));
                        let start = if is_date(time) { lower.start_of_day_of(time, start) } else { start };
                        let since = Sql::Of("e", "at".into()).bin(">=", start.clone());
                        conditions.push(if constant { since } else { Sql::Or(vec![start.missing(), since]) });
                    }
                }
                if let Some(condition) = &asked.condition {
                    match lower.value(condition) {
                        Sql::And(all) => conditions.extend(all),
                        one => conditions.push(one),
                    }
                }
                conditions.extend(more(lower));
                conditions
            })
        });
        Filter { conditions, rests_on }
    }

    /// A value of the lead where an event is at hand.
    fn lead_value(&mut self, expr: &Expr) -> Sql {
        self.value(expr)
    }

    /// The first instant of a day, of a literal at once.
    pub(super) fn start_of_day_of(&mut self, expr: &Expr, value: Sql) -> Sql {
        match &expr.kind {
            ExprKind::Constant(crate::model::Literal::Date(day)) => {
                self.instant_literal(self.program.zone.start_of_day(*day))
            }
            _ => self.start_of_day(value),
        }
    }

    /// The level of a pass that rests on these columns of the lead.
    pub(super) fn level(&self, rests_on: &BTreeSet<String>) -> u32 {
        if rests_on.is_empty() { 0 } else { self.behind(rests_on).level + 1 }
    }

    /// A column of a pass over the events; an equal one is not made twice.
    pub(super) fn counted(&mut self, wanted: &str, value: Sql, zero: bool, rests_on: BTreeSet<String>) -> Sql {
        let level = self.level(&rests_on);
        let shown = Printer::new(self.d).flat(&value);
        let pass = self.passes.entry(level).or_default();
        let name = match pass.by_text.get(&shown) {
            Some(name) => name.clone(),
            None => {
                let name = self.names.unique(wanted);
                pass.by_text.insert(shown, name.clone());
                let remark = self.context.clone();
                pass.counted.push(Counted { name: name.clone(), value, zero, rests_on, remark });
                self.places.insert(name.clone(), super::Place { level, layer: 0 });
                name
            }
        };
        self.lead_column(&name)
    }

    /// A name for a column of what is lowered.
    pub(super) fn wanted(&self, word: &str) -> String {
        let context: String = self
            .context
            .split(':')
            .next()
            .unwrap_or("")
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_string() } else { "__".to_owned() })
            .collect();
        format!("{context}__{word}")
    }

    /// How many events there are.
    pub(super) fn count(&mut self, query: QueryId) -> Sql {
        let filter = self.filter(query, |_| Vec::new());
        let value = self.d.aggregate("count", None, false, Sql::all(filter.conditions));
        let wanted = self.wanted("count");
        self.counted(&wanted, value, true, filter.rests_on)
    }

    /// `first`, `last`
    pub(super) fn edge(&mut self, first: bool, query: QueryId) -> Sql {
        let filter = self.filter(query, |_| Vec::new());
        let (function, word) = if first { ("min", "first") } else { ("max", "last") };
        let at = Sql::Of("e", "at".into());
        let value = self.d.aggregate(function, Some(at), false, Sql::all(filter.conditions));
        let wanted = self.wanted(word);
        self.counted(&wanted, value, false, filter.rests_on)
    }

    /// `total`, `highest`, `lowest`, `distinct`; a total of none is 0.
    pub(super) fn aggregate(&mut self, op: AggregateOp, field: &Expr, query: QueryId) -> Sql {
        let types = self.program.queries[query.index()].types.clone();
        let (value, named) = self.resting(|lower| {
            lower.on_event(&types, |lower| {
                if op == AggregateOp::Distinct { lower.distinct_value(field) } else { lower.value(field) }
            })
        });
        let mut filter = self.filter(query, |_| Vec::new());
        filter.rests_on.extend(named);
        let condition = Sql::all(filter.conditions);
        let (function, word) = match op {
            AggregateOp::Total => ("sum", "total"),
            AggregateOp::Highest => ("max", "highest"),
            AggregateOp::Lowest => ("min", "lowest"),
            AggregateOp::Distinct => ("count", "distinct"),
        };
        let value = if op == AggregateOp::Total { self.d.summand(value, super::expr::scale(field.ty)) } else { value };
        let value = self.d.aggregate(function, Some(value), op == AggregateOp::Distinct, condition);
        let zero = matches!(op, AggregateOp::Total | AggregateOp::Distinct);
        let wanted = self.wanted(word);
        self.counted(&wanted, value, zero, filter.rests_on)
    }

    /// A value of which different ones are counted.
    pub(super) fn distinct_value(&mut self, field: &Expr) -> Sql {
        if field.ty == Type::One(Scalar::Text) { self.folded(field, &[]) } else { self.value(field) }
    }

    /// The day of the event at hand.
    pub(super) fn event_day(&mut self) -> Sql {
        self.event_day = true;
        Sql::Of("e", "event_day".into())
    }

    /// A field of the event at hand, by its place in each type's fields.
    pub(super) fn event_value(&mut self, places: &[u16]) -> Sql {
        let program = self.program;
        let types: Vec<EventTypeId> = match self.scope_types() {
            Some(EventTypes::One(one)) => vec![*one],
            Some(EventTypes::Any(types)) => types.clone(),
            _ => return Sql::Null,
        };
        let mut arms: Vec<(EventTypeId, Sql)> = Vec::new();
        for ty in types {
            let place = match places {
                [one] => *one,
                many => many.get(ty.index()).copied().unwrap_or(u16::MAX),
            };
            let Some(field) = program.schema.event(ty).fields.get(place as usize) else { continue };
            let column = self.event_columns().into_iter().find(|column| column.name == field.from.whole);
            let Some(column) = column else { continue };
            let name = self.event_field_name(&column.name);
            let value = self.field_value(Sql::Of("e", name), &column.ty, field);
            arms.push((ty, value));
        }
        let Some((_, first)) = arms.first().cloned() else { return Sql::Null };
        if arms.iter().all(|(_, value)| *value == first) {
            return first;
        }
        let arms = arms.into_iter().map(|(ty, value)| (text(program.schema.event(ty).from.as_str()), value)).collect();
        Sql::Case(Some(Box::new(Sql::Of("e", "event_type".into()))), arms, None)
    }

    /// The columns of events that hold fields.
    pub(super) fn event_columns(&self) -> Vec<crate::sql::Column> {
        let all = crate::sql::layout(self.program, self.options).events;
        all.into_iter().filter(|column| !column.event_fields.is_empty()).collect()
    }

    /// What a column of events is called inside the query.
    pub(super) fn event_field_name(&self, column: &str) -> String {
        let plain: String = column
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '_' })
            .collect();
        let place = self.event_columns().iter().position(|known| known.name == column).unwrap_or(0);
        let clashes = matches!(
            plain.as_str(),
            "lead_key"
                | "event_type"
                | "at"
                | "age"
                | "event_day"
                | "as_of"
                | "as_of_day"
                | "place"
                | "value"
                | "points"
        ) || self
            .event_columns()
            .iter()
            .enumerate()
            .any(|(other, known)| other != place && known.name.eq_ignore_ascii_case(column))
            || plain.len() > 60
            || plain != column.to_ascii_lowercase()
            || self.clock.iter().any(|(name, _)| *name == plain);
        if clashes { format!("field_{}", place + 1) } else { plain }
    }

    /// Nothing where a lead has no events.
    pub(super) fn or_zero(value: Sql) -> Sql {
        call("coalesce", [value, int(0)])
    }
}
