//! Declarations that hold named conditions: fits, bands, matrices, stages, routes, what disqualifies.

use super::grammar::Rule;
use super::literal::Named;
use super::recover::{self, Block};
use super::{Builder, Node, child, children};
use crate::syntax::ast::*;
use crate::syntax::errors;

impl Builder<'_> {
    pub(super) fn define(&mut self, node: &Node) -> Option<ItemKind> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        Some(ItemKind::Define { name, label, value: self.expression_in(node) })
    }

    pub(super) fn persona(&mut self, node: &Node) -> Option<ItemKind> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        Some(ItemKind::Persona { name, label, condition: self.expression_in(node) })
    }

    pub(super) fn fit(&mut self, node: &Node) -> Option<ItemKind> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        let needs = self.amount_in(node);
        Some(ItemKind::Fit { name, label, needs, checks: self.conditions(node) })
    }

    pub(super) fn conditions(&mut self, node: &Node) -> Vec<Condition> {
        self.block(node, &recover::CONDITIONS, Block { build: Self::condition, junk: |_| None })
    }

    fn condition(&mut self, node: &Node) -> Option<Condition> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        Some(Condition { name, label, condition: self.expression_in(node), span: self.span(node) })
    }

    pub(super) fn always(&mut self, node: &Node) -> ItemKind {
        let label = self.label(node);
        ItemKind::Always { label, condition: self.expression_in(node) }
    }

    pub(super) fn bands(&mut self, node: &Node) -> Option<ItemKind> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        let of = self.path(&child(node, Rule::path)?);
        let block = Block { build: Self::band, junk: |_| None };
        Some(ItemKind::Bands { name, label, of, bands: self.block(node, &recover::BANDS, block) })
    }

    fn band(&mut self, node: &Node) -> Option<Band> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        let from = child(node, Rule::from_amount).and_then(|node| self.amount_in(&node));
        Some(Band { name, label, from, span: self.span(node) })
    }

    pub(super) fn matrix(&mut self, node: &Node) -> Option<ItemKind> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        let mut paths = children(node, Rule::path);
        let (rows_of, columns_of) = (paths.next()?, paths.next()?);
        let (rows_of, columns_of) = (self.path(&rows_of), self.path(&columns_of));
        let mut columns: Option<Vec<Head>> = None;
        let mut rows = Vec::new();
        let block = Block { build: |builder: &mut Self, node: &Node| Some(builder.matrix_line(node)), junk: |_| None };
        for line in self.block(node, &recover::MATRIX_ROWS, block) {
            match line {
                MatrixLine::Columns(heads, span) if columns.is_some() => {
                    self.report(errors::second_matrix_head(span));
                    drop(heads);
                }
                MatrixLine::Columns(heads, _) => columns = Some(heads),
                MatrixLine::Row(row) => rows.extend(row),
            }
        }
        if columns.is_none() {
            self.report(errors::no_matrix_head(&name));
        }
        Some(ItemKind::Matrix { name, label, rows_of, columns_of, columns: columns.unwrap_or_default(), rows })
    }

    fn matrix_line(&mut self, node: &Node) -> MatrixLine {
        let span = self.span(node);
        if node.as_rule() == Rule::matrix_head {
            let heads = children(node, Rule::head).filter_map(|head| self.head(&head)).collect();
            return MatrixLine::Columns(heads, span);
        }
        let head = child(node, Rule::head).and_then(|head| self.head(&head));
        let cells = children(node, Rule::name).map(|cell| self.spelled(&cell)).collect();
        MatrixLine::Row(head.map(|head| MatrixRow { head, cells, span }))
    }

    fn head(&mut self, node: &Node) -> Option<Head> {
        match self.label(node) {
            Some(text) => Some(Head { text: text.value, quoted: true, span: text.span }),
            None => {
                let name = self.declared(node, Named::Head)?;
                Some(Head { text: name.value, quoted: false, span: name.span })
            }
        }
    }

    pub(super) fn stages(&mut self, node: &Node) -> ItemKind {
        let block = Block { build: Self::stage, junk: |_| None };
        let stages = self.block(node, &recover::STAGES, block);
        // `after` says that it is no first stage; such a one has to say when it is reached.
        for (index, stage) in stages.iter().enumerate() {
            if stage.condition.is_none() && (index > 0 || stage.after.is_some()) {
                self.report(errors::stage_without_condition(&stage.name));
            }
        }
        ItemKind::Stages(stages)
    }

    fn stage(&mut self, node: &Node) -> Option<Stage> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        let after = child(node, Rule::after).and_then(|node| self.name(&node));
        let condition = child(node, Rule::expression).map(|node| self.expression(&node));
        let keep_while = child(node, Rule::keep_while).map(|node| self.expression_in(&node));
        Some(Stage { name, label, after, condition, keep_while, span: self.span(node) })
    }

    pub(super) fn route(&mut self, node: &Node) -> ItemKind {
        ItemKind::Route(self.block(node, &recover::ROUTE_ARMS, Block { build: Self::route_arm, junk: |_| None }))
    }

    fn route_arm(&mut self, node: &Node) -> Option<RouteArm> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        let within = self.duration_in(node);
        let condition = match child(node, Rule::k_otherwise) {
            Some(_) => None,
            None => Some(self.expression_in(node)),
        };
        Some(RouteArm { name, label, within, condition, span: self.span(node) })
    }
}

enum MatrixLine {
    Columns(Vec<Head>, crate::base::Span),
    Row(Option<MatrixRow>),
}
