//! Text operators, `in` and `has`.

use super::super::checker::Checker;
use super::super::hir::{Expr, ExprKind, Set, TextSet};
use super::super::lists::Entry;
use super::super::{Reported, Result, errors};
use super::{BOOL, TEXT};
use crate::base::Span;
use crate::builtins::Matcher;
use crate::diagnostic::Label;
use crate::model::{Literal, Scalar, Type, Value, text};
use crate::syntax::ast::{self, PatternQuantifier, TextOp};
use foldhash::fast::FixedState;
use std::borrow::Cow;
use std::sync::Arc;

impl<'a> Checker<'a> {
    /// `in [..]`, `in list_name`
    pub(super) fn in_set(
        &mut self,
        value: &'a ast::Expr,
        negated: bool,
        set: &'a ast::Expr,
        span: Span,
    ) -> Result<Expr> {
        if self.is_age(value) {
            return self.fail(errors::age_compared("a list", set.span));
        }
        let value = self.value(value, None);
        let Ok(value) = value else {
            return Err(Reported);
        };
        let Type::One(scalar) = value.ty else {
            let help = format!("`{} has any of {}`", self.text(value.span), self.text(set.span));
            return self.fail(errors::list_compared(Some(&help), span));
        };
        let set = match scalar {
            Scalar::Text => Set::Texts(self.text_set(set)?),
            _ => set_of(self.entry_literals(set, Type::One(scalar))?, scalar),
        };
        Ok(self.make(BOOL, span, ExprKind::In { value: Box::new(value), set, negated }))
    }

    /// A text operator with its pattern.
    pub(super) fn text_test(
        &mut self,
        value: &'a ast::Expr,
        op: TextOp,
        pattern: &'a ast::Pattern,
        span: Span,
    ) -> Result<Expr> {
        let value = if self.is_age(value) {
            self.fail(errors::age_alone(self.text(value.span), value.span))
        } else {
            self.value(value, None)
        };
        let matcher = self.matcher(op, pattern);
        let (value, matcher) = (value?, matcher?);
        let is_text = match value.ty {
            Type::One(Scalar::Text) => true,
            Type::One(Scalar::Choice(domain)) => self.is_listed(domain),
            _ => false,
        };
        if !is_text {
            let what = self.describe(value.ty);
            let help = matches!(value.ty, Type::List(_)).then(|| {
                format!("a list is asked with `has`: `{} has {}`", self.text(value.span), self.text(pattern.of.span))
            });
            return self.fail(errors::not_text(word(op), &what, help, value.span));
        }
        Ok(self.make(BOOL, span, ExprKind::Match { value: Box::new(value), matcher: Box::new(matcher) }))
    }

    fn matcher(&mut self, op: TextOp, pattern: &'a ast::Pattern) -> Result<Matcher> {
        if pattern.quantifier == PatternQuantifier::All {
            let entries = match &*pattern.of.kind {
                ast::ExprKind::List(entries) => entries.iter().map(|entry| self.text(entry.span)).collect(),
                _ => Vec::new(),
            };
            return self.fail(errors::all_of_patterns(word(op), &entries, pattern.of.span));
        }
        let entries = self.entries(&pattern.of)?;
        let mut texts = Vec::new();
        let mut wrong = None;
        for entry in &entries {
            match entry {
                Entry::Text(text, span) => texts.push((*text, *span)),
                Entry::Literal(expr) => match &*expr.kind {
                    ast::ExprKind::Text(text) => texts.push((text.as_str(), expr.span)),
                    ast::ExprKind::Junk => wrong = Some(Reported),
                    _ => wrong = Some(self.report(errors::pattern_not_text(word(op), expr.span))),
                },
            }
        }
        if let Some(reported) = wrong {
            return Err(reported);
        }
        let patterns: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
        let problem = match Matcher::compile(op, &patterns) {
            Ok(matcher) => return Ok(matcher),
            Err(problem) => problem,
        };
        let (before, named) = (self.diagnostics.len(), is_name(&pattern.of));
        let mut reported = None;
        for (text, span) in &texts {
            if let Err(problem) = Matcher::compile(op, &[text]) {
                reported = Some(self.report(errors::bad_pattern(problem, *span)));
                if named {
                    self.say_where_used(before, pattern.of.span);
                    break;
                }
            }
        }
        match reported {
            Some(reported) => Err(reported),
            None => self.fail(errors::bad_pattern(problem, pattern.of.span)),
        }
    }

    /// `pets has "dog"`
    pub(super) fn has(&mut self, value: &'a ast::Expr, pattern: &'a ast::Pattern, span: Span) -> Result<Expr> {
        let value = self.value(value, None)?;
        let Type::List(scalar) = value.ty else {
            let what = self.describe(value.ty);
            let (left, right) = (self.text(value.span), self.text(pattern.of.span));
            let help = (value.ty == TEXT).then(|| format!("of text, write `{left} contains {right}` or `mentions`"));
            return self.fail(errors::has_of_no_list(&what, help, value.span));
        };
        let entries = self.entry_literals(&pattern.of, Type::One(scalar))?;
        let all = pattern.quantifier == PatternQuantifier::All;
        Ok(self.make(BOOL, span, ExprKind::Has { value: Box::new(value), entries, all }))
    }

    /// The entries right of an operator as texts. Those of a named list are made once.
    fn text_set(&mut self, of: &'a ast::Expr) -> Result<Arc<TextSet>> {
        let place = self.list_named(of);
        if let Some(known) = place.and_then(|place| self.text_sets.get(&place)) {
            return Ok(Arc::clone(known));
        }
        let literals = self.entry_literals(of, TEXT)?;
        let mut texts = TextSet::with_capacity_and_hasher(literals.len(), FixedState::default());
        texts.extend(literals.into_iter().filter_map(folded));
        let texts = Arc::new(texts);
        if let Some(place) = place {
            self.text_sets.insert(place, Arc::clone(&texts));
        }
        Ok(texts)
    }

    /// The entries right of an operator as values of a type. Of a named list only the first that is wrong is reported.
    fn entry_literals(&mut self, of: &'a ast::Expr, ty: Type) -> Result<Vec<Literal>> {
        let entries = self.entries(of)?;
        let named = is_name(of);
        let before = self.diagnostics.len();
        let mut literals = Vec::new();
        let mut wrong = None;
        for entry in &entries {
            let literal = match entry {
                Entry::Literal(expr) => self.literal(expr, ty),
                Entry::Text(written, span) => self.text_entry(written, *span, ty),
            };
            match literal {
                Ok(literal) => literals.push(literal),
                Err(reported) => wrong = Some(reported),
            }
            if named && wrong.is_some() {
                self.say_where_used(before, of.span);
                break;
            }
        }
        wrong.map_or(Ok(literals), Err)
    }

    /// Points from what is wrong in a list to where the list is used.
    fn say_where_used(&mut self, before: usize, used: Span) {
        let place = self.loaded.sources.locate(used).map(|(file, place)| format!("`{file}`, line {}", place.line));
        for diagnostic in &mut self.diagnostics[before..] {
            let here = diagnostic.span();
            if here.file == used.file {
                diagnostic.labels.push(Label { span: used, message: "the list is used here".to_owned() });
            } else if let (None, Some(place)) = (&diagnostic.help, &place) {
                diagnostic.help = Some(format!("the list is used in {place}"));
            }
        }
    }

    /// An entry of a list's file, as a value of the type that it is compared with.
    fn text_entry(&mut self, written: &str, span: Span, ty: Type) -> Result<Literal> {
        let read = |places, whole| crate::model::number::parse(text::trim(written).as_bytes(), places, whole).ok();
        let literal = match ty {
            Type::One(Scalar::Text) => Some(Literal::Text(text::trim(written).into())),
            Type::One(Scalar::Choice(domain)) => self.schema.domain(domain).find(written).map(Literal::Choice),
            Type::One(Scalar::Int) => read(0, true).map(Literal::Int),
            Type::One(Scalar::Number) => read(6, false).map(Literal::Number),
            Type::One(Scalar::Money(_)) => read(4, false).map(Literal::Money),
            _ => None,
        };
        match literal {
            Some(literal) => Ok(literal),
            None => {
                let what = self.describe(ty);
                self.fail(errors::wrong_file_entry(written, &what, span))
            }
        }
    }
}

fn is_name(expr: &ast::Expr) -> bool {
    matches!(&*expr.kind, ast::ExprKind::Path(_))
}

/// The operator as written.
fn word(op: TextOp) -> &'static str {
    match op {
        TextOp::Like => "like",
        TextOp::Mentions => "mentions",
        TextOp::Contains => "contains",
        TextOp::StartsWith => "starts with",
        TextOp::EndsWith => "ends with",
        TextOp::Matches => "matches",
    }
}

fn set_of(literals: Vec<Literal>, scalar: Scalar) -> Set {
    match scalar {
        Scalar::Choice(_) => {
            let mut choices: Vec<u16> = literals
                .into_iter()
                .filter_map(|literal| match literal {
                    Literal::Choice(choice) => Some(choice),
                    _ => None,
                })
                .collect();
            choices.sort_unstable();
            choices.dedup();
            Set::Choices(choices)
        }
        Scalar::Int | Scalar::Number | Scalar::Money(_) => {
            let mut numbers: Vec<i128> = literals.iter().filter_map(raw).collect();
            numbers.sort_unstable();
            numbers.dedup();
            Set::Numbers(numbers)
        }
        Scalar::Bool | Scalar::Text | Scalar::Date | Scalar::Time => Set::Values(literals),
    }
}

fn folded(literal: Literal) -> Option<Box<str>> {
    match literal {
        Literal::Text(written) => match text::fold(&written) {
            Cow::Borrowed(whole) if whole.len() == written.len() => Some(written),
            folded => Some(folded.into()),
        },
        _ => None,
    }
}

/// Numbers in millionths, money in ten-thousandths.
fn raw(literal: &Literal) -> Option<i128> {
    match literal {
        Literal::Money(value) => Some(i128::from(*value)),
        Literal::Int(value) => Value::Int(*value).micros(),
        Literal::Number(value) => Value::Number(*value).micros(),
        _ => None,
    }
}
