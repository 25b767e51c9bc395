//! Conditions and what joins them.

use super::super::checker::Checker;
use super::super::hir::{Expr, ExprKind, Step};
use super::super::names::Entity;
use super::super::{Reported, Result, errors};
use super::BOOL;
use crate::base::Span;
use crate::model::{DomainKind, Scalar, Type};
use crate::syntax::ast;

impl<'a> Checker<'a> {
    /// An expression that is true, false or unknown.
    pub fn condition(&mut self, expr: &'a ast::Expr) -> Result<Expr> {
        if let ast::ExprKind::Edge(first, events) = &*expr.kind {
            return self.edge_as_condition(*first, events, expr.span);
        }
        let condition = self.value(expr, None)?;
        if condition.ty == BOOL {
            return Ok(condition);
        }
        let what = self.describe(condition.ty);
        let help = self.condition_help(condition.ty, self.text(expr.span));
        self.fail(errors::not_a_condition(&what, &help, expr.span))
    }

    /// What to write to make a condition of a value.
    fn condition_help(&self, ty: Type, text: &str) -> String {
        match ty {
            Type::List(_) => format!("say what it has to hold: `{text} has …`"),
            Type::One(Scalar::Int | Scalar::Number) => format!("compare it: `{text} >= …`"),
            Type::One(Scalar::Money(currency)) => format!("compare it: `{text} >= … {}`", currency.as_str()),
            Type::One(Scalar::Text) => format!("compare it: `{text} is \"…\"`, or ask `{text} is known`"),
            Type::One(Scalar::Date | Scalar::Time) => format!("write `{text} is known` or `{text} within 30 days`"),
            Type::One(Scalar::Choice(domain)) => {
                let domain = self.schema.domain(domain);
                let quote = if matches!(domain.kind, DomainKind::OneOf | DomainKind::Ranked) { "\"" } else { "" };
                let first = domain.choices.first().map_or("…", |choice| choice.name.as_str());
                format!("compare it: `{text} is {quote}{first}{quote}`")
            }
            Type::One(Scalar::Bool) => String::new(),
        }
    }

    pub(super) fn conditions(&mut self, conditions: &'a [ast::Expr]) -> Result<Vec<Expr>> {
        let results: Vec<Result<Expr>> = conditions.iter().map(|condition| self.condition(condition)).collect();
        results.into_iter().collect()
    }

    pub(super) fn not(&mut self, inner: &'a ast::Expr, span: Span) -> Result<Expr> {
        let inner = self.condition(inner)?;
        Ok(self.make(BOOL, span, ExprKind::Not(Box::new(inner))))
    }

    pub(super) fn and(&mut self, conditions: &'a [ast::Expr], span: Span) -> Result<Expr> {
        let conditions = self.conditions(conditions)?;
        Ok(self.make(BOOL, span, ExprKind::And(conditions)))
    }

    pub(super) fn or(&mut self, conditions: &'a [ast::Expr], span: Span) -> Result<Expr> {
        let results: Vec<Result<Expr>> = (0..conditions.len()).map(|at| self.alternative(conditions, at)).collect();
        let conditions = results.into_iter().collect::<Result<Vec<Expr>>>()?;
        Ok(self.make(BOOL, span, ExprKind::Or(conditions)))
    }

    /// A condition of an `or`. For `s is "a" or "b"` the list that is meant is offered, once.
    fn alternative(&mut self, conditions: &'a [ast::Expr], at: usize) -> Result<Expr> {
        let condition = &conditions[at];
        let first =
            conditions[..at].iter().rposition(|condition| !is_literal(condition)).filter(|_| is_literal(condition));
        let Some((first, ast::ExprKind::Compare(ast::CompareOp::Is, left, right))) =
            first.map(|first| (first, &*conditions[first].kind))
        else {
            return self.condition(condition);
        };
        if at > first + 1 {
            return Err(Reported);
        }
        let others = conditions[at..].iter().take_while(|condition| is_literal(condition));
        let entries: Vec<&str> = std::iter::once(right).chain(others).map(|entry| self.text(entry.span)).collect();
        let help = format!("write `{} in [{}]`", self.text(left.span), entries.join(", "));
        let value = self.value(condition, None)?;
        let what = self.describe(value.ty);
        self.fail(errors::not_a_condition(&what, &help, condition.span))
    }

    pub(super) fn implies(&mut self, left: &'a ast::Expr, right: &'a ast::Expr, span: Span) -> Result<Expr> {
        let (left, right) = (self.condition(left), self.condition(right));
        Ok(self.make(BOOL, span, ExprKind::Implies(Box::new(left?), Box::new(right?))))
    }

    /// `any of [..]` and its kin, of conditions.
    pub(super) fn among(&mut self, among: &'a ast::Among, conditions: &'a [ast::Expr], span: Span) -> Result<Expr> {
        self.no_events_among(conditions, span, None)?;
        if conditions.is_empty() {
            return self.fail(errors::empty_list(span));
        }
        let count = conditions.len() as u32;
        let bound = match among {
            ast::Among::Any | ast::Among::All => Ok(0),
            ast::Among::AtLeast(amount) => self.whole(amount, 1, count, "`at least`"),
            ast::Among::AtMost(amount) => self.whole(amount, 0, count - 1, "`at most`"),
        };
        let (conditions, bound) = (self.conditions(conditions)?, bound?);
        let kind = match among {
            ast::Among::Any => ExprKind::Or(conditions),
            ast::Among::All => ExprKind::And(conditions),
            ast::Among::AtLeast(_) => ExprKind::AtLeastOf(bound, conditions),
            ast::Among::AtMost(_) => ExprKind::AtMostOf(bound, conditions),
        };
        Ok(self.make(BOOL, span, kind))
    }

    /// `any of [page_viewed, email_opened] within 30 days`: events where conditions are needed.
    pub(super) fn no_events_among(&mut self, conditions: &[ast::Expr], span: Span, window: Option<&str>) -> Result<()> {
        let events: Vec<&str> = conditions.iter().filter_map(|condition| self.event_name(condition)).collect();
        if events.is_empty() {
            return Ok(());
        }
        let offers: Vec<String> = conditions
            .iter()
            .map(|condition| match self.event_name(condition) {
                Some(name) => format!("any {name} within {}", window.unwrap_or("30 days")),
                None => self.text(condition.span).to_owned(),
            })
            .collect();
        let offer = format!("any of [{}]", offers.join(", "));
        self.fail(errors::events_as_conditions(&events, &offer, span))
    }

    /// The name of an event, where one stands alone as a value.
    pub(super) fn event_name<'e>(&self, expr: &'e ast::Expr) -> Option<&'e str> {
        let ast::ExprKind::Path(path) = &*expr.kind else { return None };
        let [name] = path.parts.as_slice() else { return None };
        let own =
            self.scope.events.as_ref().is_some_and(|scope| scope.fields.iter().any(|field| field.name == name.value));
        let is_event = matches!(self.names.get(&name.value), Some(Entity::Event(_) | Entity::EventGroup(_)));
        (is_event && !own).then_some(&name.value)
    }

    pub(super) fn is_known(&mut self, inner: &'a ast::Expr, known: bool, span: Span) -> Result<Expr> {
        if let Some(name) = self.fit_name(inner) {
            return self.fail(errors::fit_is_known(name, known, span));
        }
        let inner = Box::new(self.value(inner, None)?);
        let kind = if known { ExprKind::IsKnown(inner) } else { ExprKind::IsMissing(inner) };
        Ok(self.make(BOOL, span, kind))
    }

    fn fit_name<'e>(&self, expr: &'e ast::Expr) -> Option<&'e str> {
        let ast::ExprKind::Path(path) = &*expr.kind else { return None };
        let [name] = path.parts.as_slice() else { return None };
        matches!(self.names.get(&name.value), Some(Entity::Fit(_))).then_some(&name.value)
    }

    /// `icp fits`, `icp fails`, `icp is unknown`
    pub(super) fn verdict(&mut self, fit: &'a ast::Expr, op: ast::VerdictOp, span: Span) -> Result<Expr> {
        let id = match &*fit.kind {
            ast::ExprKind::Junk => return Err(Reported),
            ast::ExprKind::Path(path) if path.parts.len() == 1 => match self.names.get(&path.parts[0].value) {
                Some(Entity::Fit(id)) => Some(id),
                Some(Entity::Broken) => return Err(Reported),
                None => {
                    let fits: Vec<&str> = self.fits.iter().map(|fit| fit.name.value.as_str()).collect();
                    return Err(self.unknown_name(&path.parts[0], Some(fits)));
                }
                Some(_) => None,
            },
            _ => None,
        };
        let Some(id) = id else {
            let value = self.value(fit, None)?;
            let (what, text) = (self.describe(value.ty), self.text(fit.span));
            return self.fail(errors::not_a_fit(text, &what, op == ast::VerdictOp::IsUnknown, fit.span));
        };
        self.need(Step::Fit(id), fit.span);
        Ok(match op {
            ast::VerdictOp::Fits => self.make(BOOL, span, ExprKind::Fits(id)),
            ast::VerdictOp::IsUnknown => self.make(BOOL, span, ExprKind::FitUnknown(id)),
            ast::VerdictOp::Fails => {
                let fits = self.make(BOOL, fit.span, ExprKind::Fits(id));
                self.make(BOOL, span, ExprKind::Not(Box::new(fits)))
            }
        })
    }

    /// `disqualified`, `disqualified by competitor`
    pub(super) fn disqualified(&mut self, reason: Option<&ast::Name>, span: Span) -> Result<Expr> {
        let Some(name) = reason else {
            self.need(Step::Disqualified, span);
            return Ok(self.make(BOOL, span, ExprKind::Disqualified));
        };
        let id = self.reason(name)?;
        self.need(Step::Reason(id), span);
        Ok(self.make(BOOL, span, ExprKind::DisqualifiedBy(id)))
    }
}

fn is_literal(expr: &ast::Expr) -> bool {
    use ast::ExprKind as K;
    matches!(&*expr.kind, K::Text(_) | K::Number(_) | K::Money(..) | K::Date(_))
}
