//! Which operator binds tighter (§4): a flat row of operands and operators becomes a tree.
//!
//! From loose to tight: `implies`, `and`/`or`, `not`, comparisons, `otherwise`, `+ -`, `* /`, unary `-`.

use super::expr::Operator;
use super::{Builder, Node};
use crate::base::Span;
use crate::syntax::ast::*;
use crate::syntax::errors;

/// What an expression may nest; passes over the tree recurse this deep and not deeper.
pub(in crate::syntax) const DEEPEST: usize = 250;

/// A piece of a flat row.
pub(super) enum Step<'i> {
    Not(Span),
    Minus(Span),
    Operand(Node<'i>),
    Postfix(Node<'i>),
    Infix(Operator, Span),
}

/// A row on its way to a tree.
pub(super) struct Climb<'b, 'i, 't> {
    builder: &'b mut Builder<'t>,
    steps: Vec<Step<'i>>,
    next: usize,
    /// The place of a row that ends too early, for what has to stand in the tree all the same.
    span: Span,
}

impl<'b, 'i, 't> Climb<'b, 'i, 't> {
    pub(super) fn new(builder: &'b mut Builder<'t>, steps: Vec<Step<'i>>, span: Span) -> Self {
        Climb { builder, steps, next: 0, span }
    }

    /// The whole row as an expression.
    pub(super) fn whole(mut self) -> Expr {
        let whole = self.implies();
        self.nothing_left();
        whole
    }

    /// The row as what stands right of `subject` in a case of `by`.
    pub(super) fn case(mut self, subject: Expr) -> Expr {
        let test = self.comparisons(subject);
        if let Some(Step::Infix(_, span)) = self.steps.get(self.next) {
            let span = *span;
            self.builder.report(errors::case_of_several(span));
        }
        test
    }

    fn nothing_left(&mut self) {
        let rest = match self.steps.get(self.next) {
            Some(Step::Not(span) | Step::Minus(span) | Step::Infix(_, span)) => *span,
            Some(Step::Operand(node) | Step::Postfix(node)) => self.builder.span(node),
            None => return,
        };
        self.builder.report(errors::unexpected(self.builder.source(rest), rest));
    }

    fn infix(&self) -> Option<(Operator, Span)> {
        match self.steps.get(self.next) {
            Some(Step::Infix(operator, span)) => Some((*operator, *span)),
            _ => None,
        }
    }

    fn implies(&mut self) -> Expr {
        let mut left = self.junction();
        let mut first: Option<Span> = None;
        while let Some((Operator::Implies, place)) = self.infix() {
            self.next += 1;
            let right = self.junction();
            let span = left.span.to(right.span);
            if let Some(first) = first {
                // One error for a chain, and the tree stays flat however long it is.
                self.builder.report(errors::chained_implies(first, place));
                while let Some((Operator::Implies, _)) = self.infix() {
                    self.next += 1;
                    self.junction();
                }
                return Expr::new(ExprKind::Junk, span);
            }
            first = Some(place);
            left = Expr::new(ExprKind::Implies(left, right), span);
        }
        left
    }

    /// `a and b and c`, `a or b`; both beside each other are an error that shows both readings.
    fn junction(&mut self) -> Expr {
        let first = self.negation();
        let mut operands = vec![first];
        let mut operators: Vec<(Operator, Span)> = Vec::new();
        while let Some((operator @ (Operator::And | Operator::Or), place)) = self.infix() {
            self.next += 1;
            operators.push((operator, place));
            operands.push(self.negation());
        }
        let Some((operator, _)) = operators.first().copied() else {
            return operands.pop().unwrap_or_else(|| Expr::new(ExprKind::Junk, self.span));
        };
        let span = operands.iter().fold(self.span_of(&operands), |span, operand| span.to(operand.span));
        if let Some(other) = operators.iter().find(|(other, _)| *other != operator) {
            let tight_and = self.reading(&operands, &operators, Operator::And);
            let tight_or = self.reading(&operands, &operators, Operator::Or);
            let places = [operators.first().map_or(span, |(_, place)| *place), other.1];
            self.builder.report(errors::and_beside_or(operator == Operator::And, places, &tight_and, &tight_or));
        }
        let kind = match operator {
            Operator::And => ExprKind::And(operands),
            _ => ExprKind::Or(operands),
        };
        Expr::new(kind, span)
    }

    fn span_of(&self, operands: &[Expr]) -> Span {
        operands.first().map_or(self.span, |operand| operand.span)
    }

    /// The row as written, with parentheses around what `tight` joins.
    fn reading(&self, operands: &[Expr], operators: &[(Operator, Span)], tight: Operator) -> String {
        let mut out = String::new();
        let mut open = false;
        for (index, operand) in operands.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| operators.get(index)).map(|(operator, _)| *operator);
            let behind = operators.get(index).map(|(operator, _)| *operator);
            if let Some(before) = before {
                out.push_str(if before == Operator::And { " and " } else { " or " });
            }
            if behind == Some(tight) && !open {
                out.push('(');
                open = true;
            }
            out.push_str(&one_line(self.builder.source(operand.span)));
            if open && behind != Some(tight) {
                out.push(')');
                open = false;
            }
        }
        out
    }

    fn negation(&mut self) -> Expr {
        let Some(Step::Not(place)) = self.steps.get(self.next) else {
            let left = self.otherwise();
            return self.comparisons(left);
        };
        let place = *place;
        self.next += 1;
        if let Some(Step::Not(second)) = self.steps.get(self.next) {
            let second = *second;
            self.builder.report(errors::double_sign("not", place.to(second)));
            while let Some(Step::Not(_)) = self.steps.get(self.next) {
                self.next += 1;
            }
        }
        let left = self.otherwise();
        let inner = self.comparisons(left);
        let span = place.to(inner.span);
        Expr::new(ExprKind::Not(inner), span)
    }

    /// What compares `left`, if anything does. Two comparisons in a row are an error.
    fn comparisons(&mut self, left: Expr) -> Expr {
        let mut whole = left;
        let mut places: Vec<Span> = Vec::new();
        loop {
            let place = match self.steps.get(self.next) {
                Some(Step::Postfix(node)) => self.builder.span(node),
                Some(Step::Infix(operator, span)) if operator.compares() => *span,
                _ => return whole,
            };
            if let [first] = places.as_slice() {
                self.builder.report(errors::chained_comparison(*first, place));
            }
            places.push(place);
            // The first comparison of a chain stands in the tree, the others do not: it cannot grow deep.
            match places.len() {
                1 => whole = self.comparison(whole),
                _ => drop(self.comparison(Expr::new(ExprKind::Junk, place))),
            }
        }
    }

    fn comparison(&mut self, left: Expr) -> Expr {
        let start = left.span;
        match self.steps.get(self.next) {
            Some(Step::Postfix(node)) => {
                let node = node.clone();
                self.next += 1;
                self.builder.postfix(left, &node)
            }
            Some(Step::Infix(operator, _)) => {
                let operator = *operator;
                self.next += 1;
                let right = self.otherwise();
                if operator == Operator::Between {
                    return self.between(left, right);
                }
                let span = start.to(right.span);
                let kind = match operator {
                    Operator::Exactly(not) => ExprKind::Exactly(left, not, right),
                    Operator::Compare(operator) => ExprKind::Compare(operator, left, right),
                    _ => ExprKind::Junk,
                };
                Expr::new(kind, span)
            }
            _ => left,
        }
    }

    /// `a between b and c`: this `and` joins the two ends.
    fn between(&mut self, value: Expr, low: Expr) -> Expr {
        let Some((Operator::And, _)) = self.infix() else {
            let span = value.span.to(low.span);
            self.builder.report(errors::between_without_and(self.builder.source(low.span), low.span));
            return Expr::new(ExprKind::Junk, span);
        };
        self.next += 1;
        let high = self.otherwise();
        let span = value.span.to(high.span);
        Expr::new(ExprKind::Between(value, low, high), span)
    }

    /// How many operators of arithmetic and `otherwise` stand in a row from here: as deep may the tree become.
    fn run(&self) -> usize {
        let mut count = 0;
        for step in self.steps.get(self.next..).unwrap_or_default() {
            match step {
                Step::Infix(Operator::Arithmetic(_) | Operator::Otherwise, _) => count += 1,
                Step::Infix(..) | Step::Postfix(_) => break,
                _ => {}
            }
        }
        count
    }

    /// `x otherwise y otherwise z`, to the right.
    fn otherwise(&mut self) -> Expr {
        let run = self.run();
        if !self.builder.descend(run, self.span) {
            while let Some(
                Step::Operand(_)
                | Step::Minus(_)
                | Step::Not(_)
                | Step::Infix(Operator::Arithmetic(_) | Operator::Otherwise, _),
            ) = self.steps.get(self.next)
            {
                self.next += 1;
            }
            return Expr::new(ExprKind::Junk, self.span);
        }
        let mut values = vec![self.sum()];
        while let Some((Operator::Otherwise, _)) = self.infix() {
            self.next += 1;
            values.push(self.sum());
        }
        self.builder.ascend(run);
        let mut whole = values.pop().unwrap_or_else(|| Expr::new(ExprKind::Junk, self.span));
        while let Some(value) = values.pop() {
            let span = value.span.to(whole.span);
            whole = Expr::new(ExprKind::Otherwise(value, whole), span);
        }
        whole
    }

    fn sum(&mut self) -> Expr {
        let mut whole = self.product();
        while let Some((Operator::Arithmetic(operator @ (ArithmeticOp::Add | ArithmeticOp::Subtract)), _)) =
            self.infix()
        {
            self.next += 1;
            let right = self.product();
            let span = whole.span.to(right.span);
            whole = Expr::new(ExprKind::Arithmetic(operator, whole, right), span);
        }
        whole
    }

    fn product(&mut self) -> Expr {
        let mut whole = self.signed();
        while let Some((Operator::Arithmetic(operator @ (ArithmeticOp::Multiply | ArithmeticOp::Divide)), _)) =
            self.infix()
        {
            self.next += 1;
            let right = self.signed();
            let span = whole.span.to(right.span);
            whole = Expr::new(ExprKind::Arithmetic(operator, whole, right), span);
        }
        whole
    }

    fn signed(&mut self) -> Expr {
        let place = match self.steps.get(self.next) {
            Some(Step::Minus(place)) => *place,
            Some(Step::Not(place)) => {
                let place = *place;
                self.builder.report(errors::needs_parentheses("not", place));
                return self.negation();
            }
            _ => return self.operand(),
        };
        self.next += 1;
        if let Some(Step::Minus(second)) = self.steps.get(self.next) {
            let second = *second;
            self.builder.report(errors::double_sign("-", place.to(second)));
            while let Some(Step::Minus(_)) = self.steps.get(self.next) {
                self.next += 1;
            }
        }
        let inner = match self.steps.get(self.next) {
            // `- not x`: said once, and no way down from here to another sign.
            Some(Step::Not(not)) => {
                let not = *not;
                self.builder.report(errors::needs_parentheses("not", not));
                while let Some(Step::Not(_) | Step::Minus(_)) = self.steps.get(self.next) {
                    self.next += 1;
                }
                self.operand()
            }
            _ => self.operand(),
        };
        let span = place.to(inner.span);
        Expr::new(ExprKind::Negate(inner), span)
    }

    fn operand(&mut self) -> Expr {
        let alone = self.steps.len() == 1;
        match self.steps.get(self.next) {
            Some(Step::Operand(node)) => {
                let node = node.clone();
                self.next += 1;
                self.builder.operand(&node, alone)
            }
            _ => Expr::new(ExprKind::Junk, self.span),
        }
    }
}

/// A piece of policy text for a help line: line breaks and comments folded away, cut when it is long.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .lines()
        .map(|line| line.split_once(" #").map_or(line, |(line, _)| line))
        .flat_map(str::split_whitespace)
        .collect();
    let line = words.join(" ");
    match line.chars().count() > 60 {
        true => line.chars().take(57).chain("...".chars()).collect(),
        false => line,
    }
}
