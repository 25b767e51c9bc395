//! Lists: their entries, and what stands right of `in`, `has` and the text operators.

use super::checker::Checker;
use super::names::Entity;
use super::{Reported, Result, errors};
use crate::base::Span;
use crate::model::text;
use crate::syntax::ast;

/// A declared list.
pub(super) struct List<'a> {
    pub entries: Vec<Entry<'a>>,
    /// Whether a mistake in it is reported.
    pub broken: bool,
}

/// An entry of a list.
#[derive(Clone, Copy)]
pub(super) enum Entry<'a> {
    /// A literal of the policy.
    Literal(&'a ast::Expr),
    /// An entry of a file, and its place there.
    Text(&'a str, Span),
}

impl<'a> Checker<'a> {
    /// Declares the lists.
    pub fn lists(&mut self) {
        for place in 0..self.items.lists.len() {
            let (name, source) = (self.items.lists[place].name, self.items.lists[place].source);
            self.declare(name, Entity::List(place));
            let list = match source {
                ast::ListSource::Inline(entries, span) => self.inline_list(entries, *span),
                ast::ListSource::File { path, .. } => self.file_list(path),
            };
            self.lists.push(list);
        }
    }

    fn file_list(&mut self, path: &'a ast::Text) -> List<'a> {
        match self.loaded.lists.get(path) {
            Some(entries) => {
                let entries = entries.iter().map(|entry| Entry::Text(&entry.value, entry.span)).collect();
                List { entries, broken: false }
            }
            None => List { entries: Vec::new(), broken: true },
        }
    }

    fn inline_list(&mut self, entries: &'a [ast::Expr], span: Span) -> List<'a> {
        let mut list = List { entries: entries.iter().map(Entry::Literal).collect(), broken: false };
        if entries.is_empty() {
            self.report(errors::empty_list(span));
            list.broken = true;
        }
        let mut first: Option<(&'static str, Span)> = None;
        for entry in entries {
            let Some(kind) = kind(entry) else {
                list.broken = true;
                if !matches!(&*entry.kind, ast::ExprKind::Junk) {
                    self.report(errors::literal_needed(self.text(entry.span), entry.span));
                }
                continue;
            };
            match first {
                None => first = Some((kind, entry.span)),
                Some((other, place)) if other != kind => {
                    list.broken = true;
                    self.report(errors::mixed_list(other, place, kind, entry.span));
                    break;
                }
                Some(_) => {}
            }
            if let ast::ExprKind::Text(written) = &*entry.kind
                && text::trim(written).is_empty()
            {
                list.broken = true;
                self.report(errors::empty_text(entry.span));
            }
        }
        list
    }

    /// The entries that stand right of an operator: a literal, a list, or a list's name.
    pub fn entries(&mut self, of: &'a ast::Expr) -> Result<Vec<Entry<'a>>> {
        match &*of.kind {
            ast::ExprKind::List(entries) if entries.is_empty() => self.fail(errors::empty_list(of.span)),
            ast::ExprKind::List(entries) => Ok(entries.iter().map(Entry::Literal).collect()),
            ast::ExprKind::Path(path) => self.named_list(path),
            ast::ExprKind::Junk => Err(Reported),
            _ => Ok(vec![Entry::Literal(of)]),
        }
    }

    /// The place of the list that is named.
    pub fn list_named(&self, of: &ast::Expr) -> Option<usize> {
        let ast::ExprKind::Path(path) = &*of.kind else { return None };
        match (&path.parts[..], path.parts.first().and_then(|name| self.names.get(&name.value))) {
            ([_], Some(Entity::List(place))) => Some(place),
            _ => None,
        }
    }

    fn named_list(&mut self, path: &'a ast::Path) -> Result<Vec<Entry<'a>>> {
        let Some(name) = path.parts.first() else { return Err(Reported) };
        match self.names.get(&name.value) {
            Some(Entity::List(place)) if path.parts.len() == 1 => {
                let list = &self.lists[place];
                if list.broken { Err(Reported) } else { Ok(list.entries.clone()) }
            }
            Some(Entity::Broken) => Err(Reported),
            None if self.may_be_junk(&name.value) => Err(Reported),
            found => {
                let known = found.is_some() || path.parts.len() > 1;
                let lists = self.names.iter().filter(|(_, entity)| matches!(entity, Entity::List(_)));
                let text = self.text(path.span);
                let error = errors::not_a_list(text, known, lists.map(|(name, _)| name), path.span);
                self.fail(error)
            }
        }
    }
}

/// What a literal is, in words; none when it is no literal.
fn kind(entry: &ast::Expr) -> Option<&'static str> {
    use ast::ExprKind as K;
    match &*entry.kind {
        K::Text(_) => Some("text"),
        K::Number(_) => Some("a number"),
        K::Money(..) => Some("money"),
        K::Bool(_) => Some("true or false"),
        K::Date(_) => Some("a date"),
        K::Instant(_) => Some("an instant"),
        K::Negate(inner) if matches!(&*inner.kind, K::Number(_) | K::Money(..)) => kind(inner),
        _ => None,
    }
}
