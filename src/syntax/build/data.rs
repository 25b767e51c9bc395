//! Declarations of data: the lead and its fields, events, lists, outcomes.

use super::grammar::Rule;
use super::literal::Named;
use super::recover::{self, Block};
use super::{Builder, Node, child, children};
use crate::base::Spanned;
use crate::syntax::ast::*;
use crate::syntax::errors;

impl Builder<'_> {
    pub(super) fn lead(&mut self, node: &Node) -> ItemKind {
        let missing = child(node, Rule::missing_values).map(|node| self.missing_values(&node));
        ItemKind::Lead { missing, fields: self.fields(node) }
    }

    fn missing_values(&mut self, node: &Node) -> Vec<Expr> {
        child(node, Rule::value_list).map(|list| self.values(&list)).unwrap_or_default()
    }

    fn fields(&mut self, parent: &Node) -> Vec<Field> {
        self.block(parent, &recover::FIELDS, Block { build: Self::field, junk: |_| None })
    }

    fn field(&mut self, node: &Node) -> Option<Field> {
        let name = self.declared(node, Named::Field)?;
        let ty = child(node, Rule::field_type).and_then(|node| self.field_type(&node))?;
        let clauses = children(node, Rule::field_clause).filter_map(|node| self.field_clause(&node)).collect();
        Some(Field { name, ty, clauses, span: self.span(node) })
    }

    fn field_type(&mut self, node: &Node) -> Option<TypeExpr> {
        let span = self.span(node);
        let lists = children(node, Rule::list_of).count();
        let inner = node.clone().into_inner().find(|inner| inner.as_rule() != Rule::list_of)?;
        let ty = match inner.as_rule() {
            Rule::record => TypeExpr::Record(self.fields(&inner), span),
            Rule::one_of => TypeExpr::OneOf(self.texts(&inner), self.span(&inner)),
            Rule::ranked => TypeExpr::Ranked(self.texts(&inner), self.span(&inner)),
            Rule::money_type => {
                let currency = self.spelled(&child(&inner, Rule::currency_code)?);
                if !currency.value.bytes().all(|b| b.is_ascii_uppercase()) {
                    self.report(errors::bad_currency(&currency));
                }
                TypeExpr::Money(currency)
            }
            _ => TypeExpr::Name(self.spelled(&inner)),
        };
        match lists {
            0 => Some(ty),
            1 => Some(TypeExpr::List(Box::new(ty), span)),
            _ => {
                self.report(errors::list_of_lists(span));
                Some(TypeExpr::List(Box::new(ty), span))
            }
        }
    }

    fn field_clause(&mut self, node: &Node) -> Option<FieldClause> {
        let clause = node.clone().into_inner().next()?;
        // A clause that is one word looks ahead behind itself: its place is the word's.
        let span = self.span(&clause);
        Some(match clause.as_rule() {
            Rule::key_clause => FieldClause::Key(span),
            Rule::required_clause => FieldClause::Required(span),
            Rule::fixed_clause => FieldClause::Fixed(span),
            Rule::known_from => FieldClause::KnownFrom(self.name(&clause)?),
            Rule::from_clause => FieldClause::From(self.label(&clause)?),
            Rule::ask_clause => FieldClause::Ask(self.label(&clause)?),
            Rule::format_clause => FieldClause::Format(self.label(&clause)?),
            _ => FieldClause::Missing(self.missing_values(&clause), span),
        })
    }

    pub(super) fn events_source(&mut self, node: &Node) -> ItemKind {
        let block = Block { build: Self::events_clause, junk: |_| None };
        ItemKind::Events(self.block(node, &recover::EVENTS_CLAUSES, block))
    }

    fn events_clause(&mut self, node: &Node) -> Option<EventsClause> {
        let text = self.label(node)?;
        Some(match node.clone().into_inner().next()?.as_rule() {
            Rule::k_in => EventsClause::In(text),
            Rule::k_type => EventsClause::Type(text),
            Rule::k_at => EventsClause::At(text),
            _ => EventsClause::Lead(text),
        })
    }

    pub(super) fn event(&mut self, node: &Node) -> Option<ItemKind> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        if let Some(group) = child(node, Rule::event_group) {
            let of = children(&group, Rule::name).map(|node| self.spelled(&node)).collect();
            return Some(ItemKind::EventGroup { name, label, of });
        }
        let body = child(node, Rule::event_body)?;
        let from = child(&body, Rule::from_clause).and_then(|clause| self.label(&clause));
        Some(ItemKind::Event { name, label, from, fields: self.fields(&body) })
    }

    pub(super) fn list(&mut self, node: &Node) -> Option<ItemKind> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        let source = match (child(node, Rule::value_list), child(node, Rule::list_file)) {
            (Some(list), _) => ListSource::Inline(self.values(&list), self.span(&list)),
            (None, Some(file)) => {
                let mut texts = children(&file, Rule::string);
                let (path, column) = (texts.next()?, texts.next());
                ListSource::File { path: self.text(&path), column: column.map(|column| self.text(&column)) }
            }
            _ => return None,
        };
        Some(ItemKind::List { name, label, source })
    }

    pub(super) fn outcome(&mut self, node: &Node) -> ItemKind {
        let block = Block { build: Self::outcome_clause, junk: |_| None };
        ItemKind::Outcome(self.block(node, &recover::OUTCOME_CLAUSES, block))
    }

    fn outcome_clause(&mut self, node: &Node) -> Option<OutcomeClause> {
        let text = self.label(node)?;
        Some(match node.clone().into_inner().next()?.as_rule() {
            Rule::k_lead => OutcomeClause::Lead(text),
            Rule::k_converted => OutcomeClause::Converted(text),
            Rule::k_at => OutcomeClause::At(text),
            _ => {
                let currency = child(node, Rule::currency);
                let currency =
                    currency.map(|node| Spanned { value: node.as_str().to_string(), span: self.span(&node) });
                OutcomeClause::Amount(text, currency)
            }
        })
    }
}
