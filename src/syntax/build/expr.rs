//! Expressions: operands, comparisons, tests of events.

use super::climb::{Climb, Step};
use super::grammar::Rule;
use super::{Builder, Node, child, children};
use crate::base::Span;
use crate::syntax::ast::*;
use crate::syntax::errors;

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Implies,
    Or,
    And,
    Compare(CompareOp),
    /// The `bool` is true for `is not exactly`.
    Exactly(bool),
    Between,
    Otherwise,
    Arithmetic(ArithmeticOp),
}

impl Operator {
    /// Whether it stands between the two sides of a comparison.
    pub(super) fn compares(self) -> bool {
        matches!(self, Operator::Compare(_) | Operator::Exactly(_) | Operator::Between)
    }
}

impl Builder<'_> {
    /// The expression inside `parent`; junk when there is none.
    pub(super) fn expression_in(&mut self, parent: &Node) -> Expr {
        match child(parent, Rule::expression) {
            Some(node) => self.expression(&node),
            None => Expr::new(ExprKind::Junk, self.span(parent)),
        }
    }

    pub(super) fn expression(&mut self, node: &Node) -> Expr {
        let span = self.span(node);
        if !self.descend(1, span) {
            return Expr::new(ExprKind::Junk, span);
        }
        let mut inner = node.clone().into_inner();
        // Most expressions in a policy are one operand: no need for a row of steps.
        let whole = match (inner.next(), inner.next()) {
            (Some(only), None) => self.operand(&only, true),
            _ => {
                let steps = self.steps(node);
                Climb::new(self, steps, span).whole()
            }
        };
        self.ascend(1);
        whole
    }

    /// What stands right of [`ExprKind::Subject`] in a case.
    pub(super) fn case_operator(&mut self, node: &Node) -> Expr {
        let span = self.span(node);
        let steps = self.steps(node);
        let subject = Expr::new(ExprKind::Subject, Span { end: span.start, ..span });
        Climb::new(self, steps, span).case(subject)
    }

    fn steps<'i>(&mut self, node: &Node<'i>) -> Vec<Step<'i>> {
        node.clone()
            .into_inner()
            .map(|step| match step.as_rule() {
                Rule::not_op => {
                    let span = self.span(&step);
                    if step.as_str() == "!" {
                        self.report(errors::foreign_operator("!", "not", span));
                    }
                    Step::Not(span)
                }
                Rule::minus => Step::Minus(self.span(&step)),
                Rule::is_op | Rule::word_op | Rule::sign_op => Step::Infix(self.operator(&step), self.span(&step)),
                Rule::is_state
                | Rule::in_set
                | Rule::text_test
                | Rule::has_test
                | Rule::within_test
                | Rule::verdict => Step::Postfix(step),
                _ => Step::Operand(step),
            })
            .collect()
    }

    fn operator(&mut self, node: &Node) -> Operator {
        if node.as_rule() == Rule::is_op {
            let not = child(node, Rule::k_not).is_some();
            return match child(node, Rule::k_exactly) {
                Some(_) => Operator::Exactly(not),
                None if not => Operator::Compare(CompareOp::IsNot),
                None => Operator::Compare(CompareOp::Is),
            };
        }
        let span = self.span(node);
        let (operator, instead) = match node.as_str() {
            "implies" => (Operator::Implies, None),
            "or" => (Operator::Or, None),
            "and" => (Operator::And, None),
            "between" => (Operator::Between, None),
            "otherwise" => (Operator::Otherwise, None),
            "+" => (Operator::Arithmetic(ArithmeticOp::Add), None),
            "-" => (Operator::Arithmetic(ArithmeticOp::Subtract), None),
            "*" => (Operator::Arithmetic(ArithmeticOp::Multiply), None),
            "/" => (Operator::Arithmetic(ArithmeticOp::Divide), None),
            "<" => (Operator::Compare(CompareOp::Less), None),
            "<=" => (Operator::Compare(CompareOp::LessOrEqual), None),
            ">" => (Operator::Compare(CompareOp::Greater), None),
            ">=" => (Operator::Compare(CompareOp::GreaterOrEqual), None),
            "=>" => (Operator::Compare(CompareOp::GreaterOrEqual), Some(">=")),
            "=<" => (Operator::Compare(CompareOp::LessOrEqual), Some("<=")),
            "!=" | "!==" | "<>" => (Operator::Compare(CompareOp::IsNot), Some("is not")),
            "&&" | "&" => (Operator::And, Some("and")),
            "||" | "|" => (Operator::Or, Some("or")),
            _ => (Operator::Compare(CompareOp::Is), Some("is")),
        };
        if let Some(instead) = instead {
            self.report(errors::foreign_operator(node.as_str(), instead, span));
        }
        operator
    }

    /// One operand; `alone` says that it is the whole expression.
    pub(super) fn operand(&mut self, node: &Node, alone: bool) -> Expr {
        let span = self.span(node);
        let kind = match node.as_rule() {
            Rule::date => self.moment(node),
            Rule::quantity => self.quantity(node),
            Rule::string => ExprKind::Text(self.text(node).value),
            Rule::boolean => ExprKind::Bool(node.as_str() == "true"),
            Rule::parenthesis => return self.parenthesis(node),
            Rule::expression_list => ExprKind::List(self.expressions(node)),
            Rule::reference => self.reference(node),
            Rule::aggregate => self.aggregate(node).unwrap_or(ExprKind::Junk),
            Rule::distinct => self.distinct(node).unwrap_or(ExprKind::Junk),
            Rule::among => self.among(node).unwrap_or(ExprKind::Junk),
            Rule::event_test => self.event_test(node).unwrap_or(ExprKind::Junk),
            Rule::count => self.events_in(node).map_or(ExprKind::Junk, ExprKind::Count),
            Rule::edge => self.edge(node),
            Rule::age => self.age(node),
            Rule::disqualified => ExprKind::Disqualified(self.name(node)),
            Rule::conditional => {
                if !alone {
                    self.report(errors::needs_parentheses("if", Span { end: span.start + 2, ..span }));
                }
                self.conditional(node)
            }
            _ => ExprKind::Junk,
        };
        Expr::new(kind, span)
    }

    /// What stands in parentheses, with a span that includes them.
    fn parenthesis(&mut self, node: &Node) -> Expr {
        let inner = self.expression_in(node);
        Expr { span: self.span(node), ..inner }
    }

    /// The expressions of a list or of arguments.
    fn expressions(&mut self, node: &Node) -> Vec<Expr> {
        children(node, Rule::expression).map(|node| self.expression(&node)).collect()
    }

    fn quantity(&mut self, node: &Node) -> ExprKind {
        let Some(number) = self.number_in(node) else { return ExprKind::Junk };
        if let Some(currency) = child(node, Rule::currency) {
            return ExprKind::Money(number, self.spelled(&currency));
        }
        match self.unit_in(node) {
            Some(unit) => ExprKind::Duration(self.duration(&number, unit, self.span(node))),
            None => ExprKind::Number(number),
        }
    }

    fn reference(&mut self, node: &Node) -> ExprKind {
        let Some(path) = child(node, Rule::path).map(|path| self.path(&path)) else { return ExprKind::Junk };
        let Some(arguments) = child(node, Rule::arguments) else { return ExprKind::Path(path) };
        let arguments = self.expressions(&arguments);
        match <[Name; 1]>::try_from(path.parts) {
            Ok([name]) => ExprKind::Call(name, arguments),
            Err(_) => {
                self.report(errors::dotted_call(self.source(path.span), path.span));
                ExprKind::Junk
            }
        }
    }

    fn conditional(&mut self, node: &Node) -> ExprKind {
        let mut parts = children(node, Rule::expression);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(condition), Some(then), Some(otherwise)) => {
                let condition = self.expression(&condition);
                let then = self.expression(&then);
                ExprKind::If(condition, then, self.expression(&otherwise))
            }
            _ => ExprKind::Junk,
        }
    }

    fn among(&mut self, node: &Node) -> Option<ExprKind> {
        let list = child(node, Rule::expression_list)?;
        let among = match child(node, Rule::quantity_bound) {
            Some(bound) => match self.bound(&bound)? {
                (true, amount) => Among::AtLeast(amount),
                (false, amount) => Among::AtMost(amount),
            },
            None if child(node, Rule::k_all).is_some() => Among::All,
            None => Among::Any,
        };
        Some(ExprKind::Among(among, self.expressions(&list)))
    }

    fn event_test(&mut self, node: &Node) -> Option<ExprKind> {
        let quantifier = match child(node, Rule::quantity_bound) {
            Some(bound) => match self.bound(&bound)? {
                (true, amount) => EventQuantifier::AtLeast(amount),
                (false, amount) => EventQuantifier::AtMost(amount),
            },
            None if child(node, Rule::k_no).is_some() => EventQuantifier::No,
            None => EventQuantifier::Any,
        };
        Some(ExprKind::EventTest(quantifier, self.events_in(node)?))
    }

    /// `at least N`, `at most N`; true for `at least`.
    fn bound(&mut self, node: &Node) -> Option<(bool, Amount)> {
        let least = child(node, Rule::k_least).is_some();
        self.amount_in(node).map(|amount| (least, amount))
    }

    fn aggregate(&mut self, node: &Node) -> Option<ExprKind> {
        let operator = match (child(node, Rule::k_total), child(node, Rule::k_highest)) {
            (Some(_), _) => AggregateOp::Total,
            (_, Some(_)) => AggregateOp::Highest,
            _ => AggregateOp::Lowest,
        };
        let field = self.path(&child(node, Rule::path)?);
        Some(ExprKind::Aggregate(operator, field, self.events_in(node)?))
    }

    fn distinct(&mut self, node: &Node) -> Option<ExprKind> {
        let field = self.path(&child(node, Rule::path)?);
        Some(ExprKind::Aggregate(AggregateOp::Distinct, field, self.events_in(node)?))
    }

    /// `first EVENTS`, `last EVENTS`.
    fn edge(&mut self, node: &Node) -> ExprKind {
        let first = child(node, Rule::k_first).is_some();
        self.events_in(node).map_or(ExprKind::Junk, |events| ExprKind::Edge(first, events))
    }

    fn age(&mut self, node: &Node) -> ExprKind {
        match self.operand_in(node) {
            Some(of) => ExprKind::Age(of),
            None => ExprKind::Junk,
        }
    }

    /// The parenthesis, reference or edge inside `parent`.
    pub(super) fn operand_in(&mut self, parent: &Node) -> Option<Expr> {
        let node = [Rule::parenthesis, Rule::reference, Rule::edge].into_iter().find_map(|rule| child(parent, rule))?;
        Some(self.operand(&node, true))
    }

    /// The events inside `parent`.
    pub(super) fn events_in(&mut self, parent: &Node) -> Option<Events> {
        let node = child(parent, Rule::events)?;
        let name = self.spelled(&child(&node, Rule::event_name)?);
        let condition = child(&node, Rule::where_clause).map(|node| self.where_clause(&node));
        let window = child(&node, Rule::window).and_then(|node| self.window(&node));
        if let Some(late) = child(&node, Rule::wrong_where) {
            self.report(errors::late_where(self.span(&late)));
        }
        Some(Events { name, condition, window, span: self.span(&node) })
    }

    fn where_clause(&mut self, node: &Node) -> Expr {
        if let Some(parenthesis) = child(node, Rule::parenthesis) {
            return self.parenthesis(&parenthesis);
        }
        let Some(bare) = child(node, Rule::wrong_bare) else {
            return Expr::new(ExprKind::Junk, self.span(node));
        };
        let span = self.span(&bare);
        self.report(errors::bare_where(self.source(span), span));
        // Without parentheses the window belongs to the condition: what that leads to is not worth saying.
        let reported = self.diagnostics.len();
        let condition = self.expression_in(&bare);
        self.diagnostics.truncate(reported);
        condition
    }

    fn window(&mut self, node: &Node) -> Option<EventWindow> {
        if let Some(duration) = self.duration_in(node) {
            return Some(EventWindow::Within(duration));
        }
        let since = match (child(node, Rule::date), child(node, Rule::path)) {
            (Some(date), _) => Expr::new(self.moment(&date), self.span(&date)),
            (None, Some(path)) => Expr::new(ExprKind::Path(self.path(&path)), self.span(&path)),
            _ => return None,
        };
        Some(EventWindow::Since(since))
    }

    /// `left` with the test behind it.
    pub(super) fn postfix(&mut self, left: Expr, node: &Node) -> Expr {
        let span = left.span.to(self.span(node));
        let kind = match node.as_rule() {
            Rule::is_state => self.is_state(left, node),
            Rule::in_set => self.in_set(left, node),
            Rule::text_test => self.text_test(left, node).unwrap_or(ExprKind::Junk),
            Rule::has_test => match self.pattern(node) {
                Some(pattern) => ExprKind::Has(left, pattern),
                None => ExprKind::Junk,
            },
            Rule::within_test => match self.duration_in(node) {
                Some(duration) => ExprKind::Within(left, child(node, Rule::k_next).is_some(), duration),
                None => ExprKind::Junk,
            },
            Rule::verdict if child(node, Rule::k_fits).is_some() => ExprKind::Verdict(left, VerdictOp::Fits),
            _ => ExprKind::Verdict(left, VerdictOp::Fails),
        };
        Expr::new(kind, span)
    }

    fn is_state(&mut self, left: Expr, node: &Node) -> ExprKind {
        let not = child(node, Rule::k_not).is_some();
        let has = |rule| child(node, rule).is_some();
        let (known, missing) = (has(Rule::k_known), has(Rule::k_missing));
        if not {
            let subject = self.source(left.span).to_string();
            let instead = match (known, missing) {
                (true, _) => format!("{subject} is missing"),
                (_, true) => format!("{subject} is known"),
                _ => format!("not ({subject} is unknown)"),
            };
            let span = self.span(node);
            self.report(errors::negated_state(self.source(span), &instead, span));
        }
        match (known != not, known || missing) {
            (_, false) => ExprKind::Verdict(left, VerdictOp::IsUnknown),
            (true, _) => ExprKind::IsKnown(left),
            (false, _) => ExprKind::IsMissing(left),
        }
    }

    fn in_set(&mut self, left: Expr, node: &Node) -> ExprKind {
        let not = child(node, Rule::k_not).is_some();
        let set = match (child(node, Rule::expression_list), child(node, Rule::path)) {
            (Some(list), _) => Expr::new(ExprKind::List(self.expressions(&list)), self.span(&list)),
            (None, Some(path)) => Expr::new(ExprKind::Path(self.path(&path)), self.span(&path)),
            _ => return ExprKind::Junk,
        };
        ExprKind::In(left, not, set)
    }

    fn text_test(&mut self, left: Expr, node: &Node) -> Option<ExprKind> {
        let operator = child(node, Rule::text_op)?;
        let operator = match operator.into_inner().next()?.as_rule() {
            Rule::k_like => TextOp::Like,
            Rule::k_mentions => TextOp::Mentions,
            Rule::k_contains => TextOp::Contains,
            Rule::k_starts => TextOp::StartsWith,
            Rule::k_ends => TextOp::EndsWith,
            _ => TextOp::Matches,
        };
        Some(ExprKind::TextTest(left, operator, self.pattern(node)?))
    }

    fn pattern(&mut self, parent: &Node) -> Option<Pattern> {
        let node = child(parent, Rule::pattern)?;
        let quantifier = match (child(&node, Rule::k_any), child(&node, Rule::k_all)) {
            (Some(_), _) => PatternQuantifier::Any,
            (_, Some(_)) => PatternQuantifier::All,
            _ => PatternQuantifier::One,
        };
        let of = match child(&node, Rule::expression_list) {
            Some(list) => Expr::new(ExprKind::List(self.expressions(&list)), self.span(&list)),
            None => self.value_in(&node)?,
        };
        Some(Pattern { quantifier, of })
    }

    /// The value inside `parent`: a literal, a list of them, or a name.
    pub(super) fn value_in(&mut self, parent: &Node) -> Option<Expr> {
        child(parent, Rule::value).map(|node| self.value(&node))
    }

    /// A literal, a list of them, or a name.
    pub(super) fn value(&mut self, node: &Node) -> Expr {
        let span = self.span(node);
        let mut minus: Option<Span> = None;
        for part in node.clone().into_inner() {
            let place = self.span(&part);
            let kind = match part.as_rule() {
                Rule::minus => {
                    if let Some(first) = minus {
                        self.report(errors::double_sign("-", first.to(place)));
                    }
                    minus = minus.or(Some(place));
                    continue;
                }
                Rule::value_list => ExprKind::List(self.values(&part)),
                Rule::path => ExprKind::Path(self.path(&part)),
                _ => *self.operand(&part, true).kind,
            };
            let value = Expr::new(kind, place);
            return match minus {
                Some(_) => Expr::new(ExprKind::Negate(value), span),
                None => value,
            };
        }
        Expr::new(ExprKind::Junk, span)
    }

    /// The values of a list of values.
    pub(super) fn values(&mut self, list: &Node) -> Vec<Expr> {
        children(list, Rule::value).map(|node| self.value(&node)).collect()
    }
}
