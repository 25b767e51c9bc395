//! Tests that stand in a policy.

use super::grammar::Rule;
use super::recover::{self, Block};
use super::{Builder, Node, child};
use crate::syntax::ast::*;
use crate::syntax::errors;

impl Builder<'_> {
    pub(super) fn test(&mut self, node: &Node) -> Option<ItemKind> {
        let label = self.label(node)?;
        let date = child(node, Rule::date)?;
        let as_of = Expr::new(self.moment(&date), self.span(&date));
        let block = Block { build: Self::step, junk: |span| Some(TestStep::Junk(span)) };
        let steps = self.block(node, &recover::STEPS, block);
        Some(ItemKind::Test(Test { label, as_of, steps }))
    }

    fn step(&mut self, node: &Node) -> Option<TestStep> {
        let span = self.span(node);
        Some(match node.as_rule() {
            Rule::test_lead => TestStep::Lead(self.entries_in(node), span),
            Rule::expect => TestStep::Expect(self.expression_in(node), span),
            _ => TestStep::Event(self.test_event(node)?),
        })
    }

    fn test_event(&mut self, node: &Node) -> Option<TestEvent> {
        let name = self.name(node)?;
        let when = self.when(node)?;
        let times = child(node, Rule::test_times).and_then(|node| self.number_in(&node));
        Some(TestEvent { name, when, times, fields: self.entries_in(node), span: self.span(node) })
    }

    fn when(&mut self, node: &Node) -> Option<When> {
        if let Some(ago) = child(node, Rule::ago) {
            return Some(When::Ago(self.duration_in(&ago)?));
        }
        if let Some(on) = child(node, Rule::on_date) {
            return Some(When::On(self.day_in(&on)?));
        }
        let date = child(&child(node, Rule::at_instant)?, Rule::date)?;
        Some(When::At(Expr::new(self.moment(&date), self.span(&date))))
    }

    fn entries_in(&mut self, parent: &Node) -> Vec<Entry> {
        child(parent, Rule::entries).map(|node| self.entries(&node)).unwrap_or_default()
    }

    fn entries(&mut self, node: &Node) -> Vec<Entry> {
        // A comma that lacks between two entries is said once for them all.
        let lines: Vec<Rule> = node.clone().into_inner().map(|line| line.as_rule()).collect();
        let lacking = lines.windows(2).position(|pair| pair == [Rule::entry, Rule::entry]);
        if let Some(place) = lacking.and_then(|index| node.clone().into_inner().nth(index)) {
            let span = self.span(&place);
            self.report(errors::missing_comma(self.source(span), span));
        }
        self.block(node, &recover::ENTRIES, Block { build: Self::entry, junk: |_| None })
    }

    fn entry(&mut self, node: &Node) -> Option<Entry> {
        let name = self.path(&child(node, Rule::entry_name)?);
        let value = match child(node, Rule::entries) {
            Some(entries) => EntryValue::Record(self.entries(&entries)),
            None => EntryValue::Value(self.value_in(node)?),
        };
        Some(Entry { name, value, span: self.span(node) })
    }
}
