//! The policy's own tests: leads and events of literals, read as data is read.

use super::checker::Checker;
use super::hir::{Test, TestEvent};
use super::names::Entity;
use super::order::Owner;
use super::{Reported, Result, errors};
use crate::base::Span;
use crate::model::convert::{self, Raw};
use crate::model::number::{self, MONEY_SCALE, NUMBER_SCALE};
use crate::model::time::{AsOf, EARLIEST, LATEST, Length, to_days};
use crate::model::{EventTypeId, Field, Literal, ProblemKind, Scalar, Type};
use crate::syntax::ast::{self, EntryValue, ExprKind, TestStep, When};
use bumpalo::Bump;
use std::collections::HashMap;

/// An event of a test happens at most so often.
const MOST_TIMES: i128 = 10_000;

/// Whose fields the entries are for.
#[derive(Clone, Copy)]
enum Target {
    Lead,
    Event(EventTypeId),
}

impl<'a> Checker<'a> {
    /// Checks the policy's tests.
    pub fn tests(&mut self) -> Result<Vec<Test>> {
        let items = self.items.tests.clone();
        let tests: Vec<Result<Test>> = items.iter().map(|(test, span)| self.test(test, *span)).collect();
        tests.into_iter().collect()
    }

    fn test(&mut self, test: &'a ast::Test, span: Span) -> Result<Test> {
        let as_of = self.as_of(&test.as_of);
        let mut lead: Vec<Literal> = vec![Literal::Missing; self.schema.fields.len()];
        let mut first_lead: Option<Span> = None;
        let (mut events, mut expects) = (Vec::new(), Vec::new());
        let mut wrong = None;
        for step in &test.steps {
            let result = match step {
                TestStep::Lead(entries, span) => {
                    if let Some(first) = first_lead {
                        self.fail(errors::second_lead(first, *span))
                    } else {
                        first_lead = Some(*span);
                        self.entries_of(entries, Target::Lead).map(|values| lead = values)
                    }
                }
                TestStep::Event(event) => {
                    self.test_event(event, as_of.as_ref().ok()).map(|happened| events.extend(happened))
                }
                TestStep::Expect(expr, _) => self
                    .within(Owner::Expects, |checker| checker.condition(expr))
                    .map(|condition| expects.push(condition)),
                TestStep::Junk(_) => Err(Reported),
            };
            if let Err(reported) = result {
                wrong = Some(reported);
            }
        }
        if let Some(reported) = wrong {
            return Err(reported);
        }
        Ok(Test { label: test.label.value.clone(), as_of: as_of?.instant, lead, events, expects, span })
    }

    /// A date is its last millisecond.
    fn as_of(&mut self, expr: &ast::Expr) -> Result<AsOf> {
        let instant = match &*expr.kind {
            ExprKind::Date(date) => AsOf::end_of_day(to_days(*date), &self.zone),
            ExprKind::Instant(instant) => instant.as_millisecond(),
            ExprKind::Junk => return Err(Reported),
            _ => return self.fail(errors::no_instant(self.text(expr.span), expr.span)),
        };
        self.in_range(instant, expr.span).map(|instant| AsOf::new(instant, &self.zone))
    }

    fn in_range(&mut self, instant: i64, span: Span) -> Result<i64> {
        if (EARLIEST..=LATEST).contains(&instant) { Ok(instant) } else { self.fail(errors::instant_out_of_range(span)) }
    }

    fn test_event(&mut self, event: &'a ast::TestEvent, as_of: Option<&AsOf>) -> Result<Vec<TestEvent>> {
        let ty = match self.names.get(&event.name.value) {
            Some(Entity::Event(ty)) => Ok(ty),
            Some(Entity::EventGroup(_)) => self.fail(errors::test_event_of_group(&event.name.value, event.name.span)),
            _ if event.name.value == "event" => {
                self.fail(errors::test_event_of_group(&event.name.value, event.name.span))
            }
            _ => Err(self.unknown_event(&event.name)),
        };
        let times = event.times.as_ref().map_or(Ok(1), |times| self.times(times));
        let at = self.when(&event.when, as_of);
        let fields = match ty {
            Ok(ty) => self.entries_of(&event.fields, Target::Event(ty)),
            Err(reported) => Err(reported),
        };
        let happened = TestEvent { ty: ty?, at: at?, fields: fields? };
        Ok(vec![happened; times?])
    }

    fn times(&mut self, times: &ast::Number) -> Result<usize> {
        let scale = i128::from(NUMBER_SCALE);
        let count = times.micros / scale;
        if times.micros % scale == 0 && (1..=MOST_TIMES).contains(&count) {
            return Ok(count as usize);
        }
        self.fail(errors::out_of_range("how many times", 1, Some(MOST_TIMES as u32), times.span))
    }

    fn when(&mut self, when: &ast::When, as_of: Option<&AsOf>) -> Result<i64> {
        match when {
            When::Ago(duration) => {
                let Some(as_of) = as_of else { return Err(Reported) };
                let length = Length { count: duration.count, unit: duration.unit };
                let instant = as_of.reach(length, &self.zone).back;
                self.in_range(instant, duration.span)
            }
            When::On(day) => self.in_range(self.zone.start_of_day(to_days(day.date)), day.span),
            When::At(expr) => match &*expr.kind {
                ExprKind::Instant(instant) => self.in_range(instant.as_millisecond(), expr.span),
                ExprKind::Date(date) => self.in_range(self.zone.start_of_day(to_days(*date)), expr.span),
                ExprKind::Junk => Err(Reported),
                _ => self.fail(errors::no_instant(self.text(expr.span), expr.span)),
            },
        }
    }

    /// A value a field.
    fn entries_of(&mut self, entries: &'a [ast::Entry], target: Target) -> Result<Vec<Literal>> {
        let count = match target {
            Target::Lead => self.schema.fields.len(),
            Target::Event(ty) => self.schema.event(ty).fields.len(),
        };
        let mut values = vec![Literal::Missing; count];
        let mut seen = HashMap::new();
        self.entries_in(entries, "", target, &mut values, &mut seen)?;
        Ok(values)
    }

    fn entries_in(
        &mut self,
        entries: &'a [ast::Entry],
        prefix: &str,
        target: Target,
        values: &mut [Literal],
        seen: &mut HashMap<String, Span>,
    ) -> Result<()> {
        let mut wrong = None;
        for entry in entries {
            if let Err(reported) = self.entry(entry, prefix, target, values, seen) {
                wrong = Some(reported);
            }
        }
        wrong.map_or(Ok(()), Err)
    }

    fn entry(
        &mut self,
        entry: &'a ast::Entry,
        prefix: &str,
        target: Target,
        values: &mut [Literal],
        seen: &mut HashMap<String, Span>,
    ) -> Result<()> {
        let parts: Vec<&str> = entry.name.parts.iter().map(|part| part.value.as_str()).collect();
        let name = format!("{prefix}{}", parts.join("."));
        if let EntryValue::Record(inner) = &entry.value
            && self.is_record(&name, target)
        {
            return self.entries_in(inner, &format!("{name}."), target, values, seen);
        }
        let (fields, broken) = match target {
            Target::Lead => (&self.schema.fields, &self.broken_fields),
            Target::Event(ty) => (&self.schema.event(ty).fields, &self.event_records[ty.index()].1),
        };
        let Some(place) = fields.iter().position(|field| field.name == name) else {
            if broken.contains(&name) || parts.iter().any(|part| self.may_be_junk(part)) {
                return Err(Reported);
            }
            let of = match target {
                Target::Lead => "the lead".to_owned(),
                Target::Event(ty) => format!("`{}`", self.schema.event(ty).name),
            };
            let names = fields.iter().map(|field| field.name.as_str());
            let error = if self.is_record(&name, target) {
                errors::record_needed(&name, entry.span)
            } else {
                errors::unknown_field(&of, &name, entry.name.span, names)
            };
            return self.fail(error);
        };
        if let Some(first) = seen.insert(name, entry.name.span) {
            return self.fail(errors::duplicate_entry(&parts.join("."), first, entry.name.span));
        }
        let field = fields[place].clone();
        let EntryValue::Value(value) = &entry.value else {
            let what = self.describe(field.ty);
            return self.fail(errors::no_record(&field.name, &what, entry.span));
        };
        values[place] = self.test_value(value, &field)?;
        Ok(())
    }

    fn is_record(&self, name: &str, target: Target) -> bool {
        let records = match target {
            Target::Lead => &self.records,
            Target::Event(ty) => &self.event_records[ty.index()].0,
        };
        records.iter().any(|record| record == name)
    }

    /// A value of a test, read as data is read; what would be a data problem is an error.
    fn test_value(&mut self, value: &ast::Expr, field: &Field) -> Result<Literal> {
        if let Some(literal) = self.moment(value, field) {
            return Ok(literal);
        }
        let arena = Bump::new();
        let raw = self.raw(value, field, &arena)?;
        match convert::read(raw, field, &self.schema, &self.zone, &arena) {
            Ok(read) => Ok(read.to_literal()),
            Err(problem) => {
                let error = self.bad_value(problem, raw, field, value.span);
                self.fail(error)
            }
        }
    }

    /// Dates and instants stand for themselves, whatever the field's format.
    fn moment(&self, value: &ast::Expr, field: &Field) -> Option<Literal> {
        let one = |value: &ast::Expr, scalar: Scalar| {
            Some(match (&*value.kind, scalar) {
                (ExprKind::Date(date), Scalar::Date) => Literal::Date(to_days(*date)),
                (ExprKind::Date(date), Scalar::Time) => Literal::Time(self.zone.start_of_day(to_days(*date))),
                (ExprKind::Instant(instant), Scalar::Date) => Literal::Date(self.zone.day(instant.as_millisecond())),
                (ExprKind::Instant(instant), Scalar::Time) => Literal::Time(instant.as_millisecond()),
                _ => return None,
            })
        };
        match (field.ty, &*value.kind) {
            (Type::One(scalar), _) => one(value, scalar),
            (Type::List(scalar @ (Scalar::Date | Scalar::Time)), ExprKind::List(entries)) => {
                entries.iter().map(|entry| one(entry, scalar)).collect::<Option<Vec<_>>>().map(Literal::List)
            }
            _ => None,
        }
    }

    /// A literal as data would hold it.
    fn raw<'b>(&mut self, value: &ast::Expr, field: &Field, arena: &'b Bump) -> Result<Raw<'b>> {
        let number = |micros: i128| -> &'b str { arena.alloc_str(&plain(micros)) };
        Ok(match &*value.kind {
            ExprKind::Text(text) => Raw::Text(arena.alloc_str(text)),
            ExprKind::Bool(value) => Raw::Bool(*value),
            ExprKind::Number(written) => Raw::Number(number(written.micros)),
            ExprKind::Negate(inner) => match &*inner.kind {
                ExprKind::Number(written) => Raw::Number(number(-written.micros)),
                ExprKind::Money(written, currency) => self.raw_money(-written.micros, written, currency, arena)?,
                _ => return self.fail(errors::literal_needed(self.text(value.span), value.span)),
            },
            ExprKind::Money(written, currency) => self.raw_money(written.micros, written, currency, arena)?,
            ExprKind::Date(_) | ExprKind::Instant(_) => {
                let what = self.describe(field.ty);
                let found = if matches!(&*value.kind, ExprKind::Date(_)) { "a date" } else { "an instant" };
                return self.fail(errors::wrong_entry(found, &what, value.span));
            }
            ExprKind::List(entries) => {
                let mut values = bumpalo::collections::Vec::new_in(arena);
                let mut wrong = None;
                for entry in entries {
                    match self.raw(entry, field, arena) {
                        Ok(raw) => values.push(raw),
                        Err(reported) => wrong = Some(reported),
                    }
                }
                if let Some(reported) = wrong {
                    return Err(reported);
                }
                Raw::Array(values.into_bump_slice())
            }
            ExprKind::Path(path) => {
                let [name] = path.parts.as_slice() else {
                    return self.fail(errors::literal_needed(self.text(value.span), value.span));
                };
                if !matches!(field.ty, Type::One(Scalar::Choice(_)) | Type::List(Scalar::Choice(_))) {
                    let quoted = format!("\"{}\"", name.value);
                    let text = matches!(field.ty, Type::One(Scalar::Text) | Type::List(Scalar::Text));
                    let what = self.describe(field.ty);
                    let help = text.then(|| format!("write it in quotes: `{quoted}`"));
                    let error = errors::wrong_entry(&format!("the name `{}`", name.value), &what, value.span);
                    return self.fail(error.maybe_help(help));
                }
                Raw::Text(arena.alloc_str(&name.value))
            }
            ExprKind::Disqualified(None) => Raw::Text("disqualified"),
            ExprKind::Junk => return Err(Reported),
            _ => return self.fail(errors::literal_needed(self.text(value.span), value.span)),
        })
    }

    fn raw_money<'b>(
        &mut self,
        micros: i128,
        written: &ast::Number,
        currency: &ast::Name,
        arena: &'b Bump,
    ) -> Result<Raw<'b>> {
        let code = self.currency(currency)?;
        if micros % i128::from(NUMBER_SCALE / MONEY_SCALE) != 0 {
            let holds = "14 digits before the point and 4 after it";
            return self.fail(errors::too_many_digits(&written.written, "money has", holds, written.span));
        }
        let amount = Raw::Number(arena.alloc_str(&plain(micros)));
        let currency = Raw::Text(arena.alloc_str(code.as_str()));
        Ok(Raw::Object(arena.alloc_slice_copy(&[("amount", amount), ("currency", currency)])))
    }

    fn bad_value(
        &self,
        problem: ProblemKind,
        raw: Raw<'_>,
        field: &Field,
        span: Span,
    ) -> crate::diagnostic::Diagnostic {
        let (Type::One(scalar) | Type::List(scalar)) = field.ty;
        if let (ProblemKind::NotListed, Scalar::Choice(domain)) = (problem, scalar) {
            let domain = self.schema.domain(domain);
            let texts: Vec<&str> = match raw {
                Raw::Text(text) => vec![text],
                Raw::Array(entries) => entries
                    .iter()
                    .filter_map(|entry| match entry {
                        Raw::Text(text) if domain.find(text).is_none() => Some(*text),
                        _ => None,
                    })
                    .collect(),
                _ => Vec::new(),
            };
            if let Some(written) = texts.first() {
                return match domain.kind {
                    crate::model::DomainKind::Stages => errors::unknown_choice(
                        "stage",
                        written,
                        span,
                        domain.choices.iter().map(|choice| choice.name.as_str()),
                    ),
                    _ => errors::not_listed(written, domain, span),
                };
            }
        }
        errors::bad_value(&field.name, &self.type_text(field.ty), problem.describe(), span)
    }
}

/// Millionths in plain decimal form.
fn plain(micros: i128) -> String {
    match i64::try_from(micros) {
        Ok(micros) => number::display(micros, 6).to_string(),
        // Only whole numbers have that many digits.
        Err(_) => (micros / i128::from(NUMBER_SCALE)).to_string(),
    }
}
