//! Scores: groups, includes, rules and what they are worth.

use super::grammar::Rule;
use super::literal::Named;
use super::recover::{self, Block};
use super::{Builder, Node, child, children};
use crate::syntax::ast::{
    Amount, Case, CaseTest, Choice, CompareOp, Expr, ExprKind, Group, Include, Limit, Part, Worth,
};
use crate::syntax::errors;

impl Builder<'_> {
    /// A score, or a group in one.
    pub(super) fn group(&mut self, node: &Node) -> Option<Group> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        let from = child(node, Rule::from_amount).and_then(|node| self.amount_in(&node));
        let to = child(node, Rule::to_amount).and_then(|node| self.amount_in(&node));
        let block = Block { build: Self::part, junk: |span| Some(Part::Junk(span)) };
        let parts = self.block(node, &recover::PARTS, block);
        Some(Group { name, label, from, to, parts, span: self.span(node) })
    }

    fn part(&mut self, node: &Node) -> Option<Part> {
        Some(match node.as_rule() {
            Rule::group => Part::Group(self.group(node)?),
            Rule::include => Part::Include(Include {
                of: self.path(&child(node, Rule::path)?),
                factor: self.amount_in(node),
                span: self.span(node),
            }),
            _ => Part::Rule(self.rule(node)?),
        })
    }

    fn rule(&mut self, node: &Node) -> Option<crate::syntax::ast::Rule> {
        let name = self.declared(node, Named::Other)?;
        let label = self.label(node);
        let worth = self.worth(node)?;
        Some(crate::syntax::ast::Rule { name, label, worth, span: self.span(node) })
    }

    fn worth(&mut self, node: &Node) -> Option<Worth> {
        if let Some(by) = child(node, Rule::by_cases) {
            return self.by_cases(&by);
        }
        if let Some(first) = child(node, Rule::first_of) {
            return Some(self.first_of(&first));
        }
        let points = self.points(node)?;
        if let Some(when) = child(node, Rule::when) {
            return Some(Worth::If { points, condition: self.expression_in(&when) });
        }
        if let Some(period) = child(node, Rule::per_period) {
            return Some(Worth::PerPeriod {
                points,
                period: self.duration_in(&period)?,
                since: self.operand_in(&period)?,
                limits: self.limits(&period),
            });
        }
        let per = child(node, Rule::per_events)?;
        Some(Worth::Per {
            points,
            distinct: child(&per, Rule::path).map(|path| self.path(&path)),
            events: self.events_in(&per)?,
            limits: self.limits(&per),
        })
    }

    fn limits(&mut self, node: &Node) -> Vec<Limit> {
        node.clone().into_inner().filter_map(|node| self.limit(&node)).collect()
    }

    fn limit(&mut self, node: &Node) -> Option<Limit> {
        Some(match node.as_rule() {
            Rule::halving => Limit::Halving(self.duration_in(node)?),
            Rule::fading => Limit::Fading(self.duration_in(node)?),
            Rule::losing => Limit::Losing { amount: self.amount_in(node)?, every: self.duration_in(node)? },
            Rule::at_most => {
                let Some(times) = child(node, Rule::times) else { return Some(Limit::Points(self.amount_in(node)?)) };
                let per = self.unit_in(&times);
                if let Some(unit) = child(&times, Rule::unit)
                    && !matches!(unit.as_str(), "day" | "week" | "month")
                {
                    self.report(errors::no_such_period(unit.as_str(), self.span(&unit)));
                }
                Limit::Times { count: self.amount_in(node)?, per, span: self.span(node) }
            }
            _ => return None,
        })
    }

    fn by_cases(&mut self, node: &Node) -> Option<Worth> {
        let value = self.expression_in(node);
        let block = Block { build: Self::case, junk: |_| None };
        Some(Worth::By { value, cases: self.block(node, &recover::CASES, block) })
    }

    fn case(&mut self, node: &Node) -> Option<Case> {
        let test = node.clone().into_inner().next()?;
        let span = self.span(&test);
        let test = match test.as_rule() {
            Rule::k_missing => CaseTest::Missing,
            Rule::k_otherwise => CaseTest::Otherwise,
            Rule::case_range => {
                let mut ends = children(&test, Rule::expression);
                let low = self.expression(&ends.next()?);
                match ends.next() {
                    Some(high) => CaseTest::Range(low, self.expression(&high)),
                    None => {
                        let name = matches!(*low.kind, ExprKind::Path(_));
                        self.report(errors::case_without_operator(self.source(span), name, span));
                        let subject = Expr::new(ExprKind::Subject, low.span);
                        CaseTest::Operator(Expr::new(ExprKind::Compare(CompareOp::Is, subject, low), span))
                    }
                }
            }
            _ => CaseTest::Operator(self.case_operator(&test)),
        };
        Some(Case { test, points: self.points(node)?, span: self.span(node) })
    }

    fn first_of(&mut self, node: &Node) -> Worth {
        let block = Block { build: Self::choice, junk: |_| None };
        let all = self.block(node, &recover::CHOICES, block);
        let mut cases: Vec<Choice> = Vec::new();
        let mut otherwise: Option<Amount> = None;
        for choice in all {
            match (choice, &otherwise) {
                ((Some(condition), points, span), _) => {
                    if let Some(first) = &otherwise {
                        self.report(errors::behind_otherwise(span, first.span));
                    }
                    cases.push(Choice { condition, points, span });
                }
                ((None, points, _), None) => otherwise = Some(points),
                ((None, _, span), Some(first)) => {
                    let first = first.span;
                    self.report(errors::behind_otherwise(span, first));
                }
            }
        }
        Worth::FirstOf { cases, otherwise }
    }

    /// A condition with its points; `otherwise` has no condition.
    fn choice(&mut self, node: &Node) -> Option<(Option<Expr>, Amount, crate::base::Span)> {
        let condition = child(node, Rule::expression).map(|node| self.expression(&node));
        Some((condition, self.points(node)?, self.span(node)))
    }
}
