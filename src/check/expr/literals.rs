//! Literals, typed by what stands left of them.

use super::super::checker::Checker;
use super::super::hir::{Expr, ExprKind};
use super::super::{Result, errors};
use super::{BOOL, DATE, INT, NUMBER, TEXT, TIME};
use crate::base::Span;
use crate::model::number::{LIMIT, MONEY_SCALE, NUMBER_SCALE};
use crate::model::time::{Moment, to_days};
use crate::model::{DomainId, DomainKind, Literal, Scalar, Type, text};
use crate::syntax::ast;

impl<'a> Checker<'a> {
    /// A number: whole ones are of type int, unless a number is expected.
    pub(in super::super) fn number(
        &mut self,
        number: &ast::Number,
        negative: bool,
        span: Span,
        expected: Option<Type>,
    ) -> Result<Expr> {
        let micros = if negative { -number.micros } else { number.micros };
        let scale = i128::from(NUMBER_SCALE);
        if micros % scale == 0 && expected != Some(NUMBER) {
            return match fits(micros / scale) {
                Some(value) => Ok(self.constant(INT, span, Literal::Int(value))),
                None => self.fail(errors::too_many_digits(&number.written, "a whole number has", "18 digits", span)),
            };
        }
        match fits(micros) {
            Some(value) => Ok(self.constant(NUMBER, span, Literal::Number(value))),
            None => {
                let holds = "12 digits before the point and 6 after it";
                self.fail(errors::too_many_digits(&number.written, "a number has", holds, span))
            }
        }
    }

    pub(super) fn money(
        &mut self,
        number: &ast::Number,
        currency: &ast::Name,
        negative: bool,
        span: Span,
    ) -> Result<Expr> {
        let currency = self.currency(currency)?;
        let micros = if negative { -number.micros } else { number.micros };
        let finer = i128::from(NUMBER_SCALE / MONEY_SCALE);
        match fits(micros / finer).filter(|_| micros % finer == 0) {
            Some(value) => Ok(self.constant(Type::One(Scalar::Money(currency)), span, Literal::Money(value))),
            None => {
                let holds = "14 digits before the point and 4 after it";
                self.fail(errors::too_many_digits(&number.written, "money has", holds, span))
            }
        }
    }

    pub(super) fn date(&mut self, date: jiff::civil::Date, span: Span) -> Expr {
        self.constant(DATE, span, Literal::Date(to_days(date)))
    }

    /// Text; one of the listed texts where such a field stands left of it.
    pub(super) fn text_literal(&mut self, written: &str, span: Span, expected: Option<Type>) -> Result<Expr> {
        if text::trim(written).is_empty() {
            return self.fail(errors::empty_text(span));
        }
        match expected {
            Some(Type::One(Scalar::Choice(domain))) => self.quoted_choice(domain, written, span),
            Some(ty @ (DATE | TIME)) if Moment::read(written.as_bytes()).is_some() => {
                let what = self.describe(ty);
                self.fail(errors::quoted_date(written, &what, span))
            }
            Some(BOOL) if text::same(written, "true") || text::same(written, "false") => {
                self.fail(errors::quoted_bool(&written.to_lowercase(), span))
            }
            _ => Ok(self.constant(TEXT, span, Literal::Text(written.into()))),
        }
    }

    fn quoted_choice(&mut self, domain: DomainId, written: &str, span: Span) -> Result<Expr> {
        let choices = self.schema.domain(domain);
        let found = choices.find(written);
        if matches!(choices.kind, DomainKind::OneOf | DomainKind::Ranked) {
            return match found {
                Some(choice) => {
                    let ty = Type::One(Scalar::Choice(domain));
                    Ok(self.constant(ty, span, Literal::Choice(choice)))
                }
                None => {
                    let error = errors::not_listed(written, choices, span);
                    self.fail(error)
                }
            };
        }
        let error = match found {
            Some(choice) => errors::quoted_name(&choices.choices[choice as usize].name, choices, span),
            None if text::same(written, "disqualified") && choices.kind == DomainKind::Stages => {
                errors::stage_is_disqualified(false, span)
            }
            None => errors::unknown_choice(
                choice_word(choices.kind),
                written,
                span,
                choices.choices.iter().map(|choice| choice.name.as_str()),
            ),
        };
        self.fail(error)
    }

    /// A bare name as one of the choices of what stands left of it; none when it is none of them.
    pub(super) fn bare_choice(&mut self, domain: DomainId, name: &ast::Name) -> Option<Expr> {
        let choices = self.schema.domain(domain);
        let listed = matches!(choices.kind, DomainKind::OneOf | DomainKind::Ranked);
        let place = if listed {
            choices.find(&name.value)?
        } else {
            choices.choices.iter().position(|choice| choice.name == name.value)? as u16
        };
        Some(self.constant(Type::One(Scalar::Choice(domain)), name.span, Literal::Choice(place)))
    }

    /// A list: only where one of a known type is expected (`pets otherwise []`).
    pub(super) fn list_value(&mut self, entries: &'a [ast::Expr], span: Span, expected: Option<Type>) -> Result<Expr> {
        let Some(ty @ Type::List(scalar)) = expected else {
            return self.fail(errors::list_alone(span));
        };
        let mut literals = self.literals(entries, Type::One(scalar))?;
        if scalar == Scalar::Time {
            for literal in &mut literals {
                if let Literal::Date(day) = literal {
                    *literal = Literal::Time(self.zone.start_of_day(*day));
                }
            }
        }
        Ok(self.constant(ty, span, Literal::List(literals)))
    }

    /// Literals of one type; all that are wrong are reported.
    pub(super) fn literals(&mut self, entries: &'a [ast::Expr], ty: Type) -> Result<Vec<Literal>> {
        let results: Vec<Result<Literal>> = entries.iter().map(|entry| self.literal(entry, ty)).collect();
        results.into_iter().collect()
    }

    /// A literal of a type: what stands in lists, sets and cases.
    pub(super) fn literal(&mut self, entry: &'a ast::Expr, ty: Type) -> Result<Literal> {
        if let (Some(error), Type::One(Scalar::Choice(domain))) = (stands_for_disqualified(entry), ty)
            && self.schema.domain(domain).kind == DomainKind::Stages
        {
            return self.fail(error);
        }
        if !is_literal(entry) {
            return self.fail(errors::literal_needed(self.text(entry.span), entry.span));
        }
        let mut expr = self.value(entry, Some(ty))?;
        if super::is_numeric(ty) {
            super::convert(&mut expr, ty, &self.zone);
        }
        let same = expr.ty == ty
            || super::is_numeric(expr.ty) && super::is_numeric(ty)
            || super::is_temporal(expr.ty) && super::is_temporal(ty);
        match expr.kind {
            ExprKind::Constant(literal) if same => Ok(literal),
            ExprKind::Constant(_) => {
                let (found, wanted) = (self.describe(expr.ty), self.describe(ty));
                let help = self.money_help(ty, &expr);
                self.fail(errors::wrong_entry(&found, &wanted, entry.span).maybe_help(help))
            }
            _ => self.fail(errors::literal_needed(self.text(entry.span), entry.span)),
        }
    }

    /// `100k USD` where money stands left and a bare number right.
    pub(super) fn money_help(&self, left: Type, right: &Expr) -> Option<String> {
        match (left, right.ty) {
            (Type::One(Scalar::Money(currency)), INT | NUMBER) if matches!(right.kind, ExprKind::Constant(_)) => {
                Some(format!("write `{} {}`", self.text(right.span), currency.as_str()))
            }
            _ => None,
        }
    }
}

/// Whether it is a literal, or a bare name that may stand for a choice.
pub(super) fn is_literal(expr: &ast::Expr) -> bool {
    use ast::ExprKind as K;
    match &*expr.kind {
        K::Number(_) | K::Money(..) | K::Text(_) | K::Bool(_) | K::Date(_) | K::Instant(_) | K::Junk => true,
        K::Negate(inner) => matches!(&*inner.kind, K::Number(_) | K::Money(..)),
        K::Path(path) => path.parts.len() == 1,
        _ => false,
    }
}

fn stands_for_disqualified(entry: &ast::Expr) -> Option<crate::diagnostic::Diagnostic> {
    matches!(&*entry.kind, ast::ExprKind::Disqualified(None)).then(|| errors::stage_is_disqualified(false, entry.span))
}

/// The raw value, if it has at most 18 digits.
fn fits(raw: i128) -> Option<i64> {
    (raw.unsigned_abs() < LIMIT as u128).then_some(raw as i64)
}

/// `stage`, `band` or `cell`.
pub(super) fn choice_word(kind: DomainKind) -> &'static str {
    match kind {
        DomainKind::Stages => "stage",
        DomainKind::Bands => "band",
        DomainKind::Cells => "cell",
        DomainKind::OneOf | DomainKind::Ranked => "text",
    }
}
