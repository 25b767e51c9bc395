//! The outcomes of a condition: which part decides, the two sides of every line that a value can cross, of every
//! window, of every count.

use super::goal::{Anchor, Events, Item, Side, Sight, Start, Unit};
use super::model::Kind;
use super::seen::{raw, slack};
use crate::check::hir::{EventWindow, Expr, ExprKind, LengthId, Program, QueryId};
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE};
use crate::model::time::DAY;
use crate::model::{Literal, Scalar, Type};
use crate::syntax::ast::CompareOp;

/// A policy's text on one line, cut where it is long.
pub fn source(program: &Program, expr: &Expr) -> String {
    let text = cut(program.sources.text(expr.span), 60);
    // `(last demo_requested) within 3 days`: the parentheses belong to what stands around it.
    match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inner) if !inner.contains(['(', ')']) => inner.to_owned(),
        _ => text,
    }
}

/// Text on one line, cut after so many characters.
pub fn cut(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

/// Adds the outcomes of a condition or value, and of all below it. `subject` is what a `by` looks at.
pub fn inside<'p>(program: &'p Program, item: &mut Item<'p>, expr: &'p Expr, subject: Option<&'p Expr>) {
    Inside { program, item, subject }.visit(expr);
}

struct Inside<'p, 'i> {
    program: &'p Program,
    item: &'i mut Item<'p>,
    subject: Option<&'p Expr>,
}

impl<'p> Inside<'p, '_> {
    fn visit(&mut self, expr: &'p Expr) {
        match &expr.kind {
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let value = if matches!(expr.kind, ExprKind::And(_)) { "false" } else { "true" };
                for (place, part) in parts.iter().enumerate() {
                    let text = format!("only `{}` is {value}", source(self.program, part));
                    self.item.goal(Kind::Decides, text, part.span, Sight::Alone(expr, place));
                }
            }
            ExprKind::If(condition, ..) => {
                for (truth, word) in [(crate::model::Tri::True, "then"), (crate::model::Tri::False, "else")] {
                    let text = format!("`{word}` of `if {}`", source(self.program, condition));
                    self.item.goal(Kind::Case, text, condition.span, Sight::Truth(condition, truth));
                }
            }
            ExprKind::Compare(op, value, line) => self.compare(*op, value, line, expr),
            ExprKind::Between(value, low, high) => {
                self.compare(CompareOp::GreaterOrEqual, value, low, expr);
                self.compare(CompareOp::LessOrEqual, value, high, expr);
            }
            ExprKind::Age(op, value, length) => self.age(*op, value, *length, expr),
            ExprKind::AgeBetween(value, low, high) => {
                self.age(CompareOp::GreaterOrEqual, value, *low, expr);
                self.age(CompareOp::LessOrEqual, value, *high, expr);
            }
            ExprKind::Within { value, next, length } => self.within(value, *next, *length, expr),
            ExprKind::AtLeastEvents(count, query) => {
                self.window(expr, *query);
                // `any` is true or false anyway.
                if *count > 1 {
                    self.counts(expr, [u64::from(*count), u64::from(*count) - 1]);
                }
            }
            ExprKind::AtMostEvents(count, query) => {
                self.window(expr, *query);
                if *count > 0 {
                    self.counts(expr, [u64::from(*count), u64::from(*count) + 1]);
                }
            }
            ExprKind::Count(query) | ExprKind::Aggregate(_, _, query) | ExprKind::Edge(_, query) => {
                self.window(expr, *query);
            }
            _ => {}
        }
        if expr.query().is_none() {
            for child in expr.children() {
                self.visit(child);
            }
        }
    }

    /// What stands for a value: the subject of a `by` is its value.
    fn read(&self, value: &'p Expr) -> Option<&'p Expr> {
        match value.kind {
            ExprKind::Subject => self.subject,
            ExprKind::Constant(_) => None,
            _ => Some(value),
        }
    }

    /// Both sides of a line: the last value on the line's own side, the first beyond.
    fn compare(&mut self, op: CompareOp, value: &'p Expr, line: &'p Expr, whole: &'p Expr) {
        let ExprKind::Constant(literal) = &line.kind else { return };
        let Some(value) = self.read(value) else { return };
        let below = match op {
            CompareOp::GreaterOrEqual | CompareOp::Less => true,
            CompareOp::LessOrEqual | CompareOp::Greater => false,
            CompareOp::Is | CompareOp::IsNot => return,
        };
        let unit = match (value.ty, literal) {
            (_, Literal::Int(_) | Literal::Number(_)) => Unit::Micros,
            (Type::One(Scalar::Time | Scalar::Date), Literal::Date(_)) => Unit::Days,
            (_, Literal::Money(_) | Literal::Date(_) | Literal::Time(_) | Literal::Choice(_)) => Unit::Raw,
            _ => return,
        };
        let Some(at) = raw(literal, unit, self.program) else { return };
        let written = match line.span.range().is_empty() {
            true => String::new(),
            false => source(self.program, line),
        };
        let points = matches!(value.kind, ExprKind::Points(_));
        let step = if points { i128::from(NUMBER_SCALE) } else { step(literal, &written) };
        // Points seldom come to a number exactly: up to a point beyond it is just there.
        let slack = if points { step - i128::from(NUMBER_SCALE / POINTS_SCALE) } else { 0 };
        let shown = source(self.program, value);
        let (on, off) =
            if below { ((at, at + slack), (at - step, at - 1)) } else { ((at - slack, at), (at + 1, at + step)) };
        let exactly = if points { "just" } else { "exactly" };
        let beyond = match (unit, literal, below) {
            (Unit::Days, ..) | (_, Literal::Time(_), _) => {
                if below {
                    "just before"
                } else {
                    "just after"
                }
            }
            (_, _, true) => "just below",
            (_, _, false) => "just above",
        };
        self.item.goal(
            Kind::Edge,
            format!("`{shown}` is {exactly} {written}"),
            whole.span,
            Sight::Range(value, unit, on.0, on.1),
        );
        self.item.goal(
            Kind::Edge,
            format!("`{shown}` is {beyond} {written}"),
            whole.span,
            Sight::Range(value, unit, off.0, off.1),
        );
    }

    fn age(&mut self, op: CompareOp, value: &'p Expr, id: LengthId, whole: &'p Expr) {
        let Some(value) = self.read(value) else { return };
        let length = self.program.lengths[id.index()];
        let shown = source(self.program, value);
        let slack = slack(length);
        // The age of exactly the length belongs to `<=` and `>=`; the older, the smaller the instant.
        let (on, off, beyond) = match op {
            CompareOp::LessOrEqual | CompareOp::Greater => ((0, slack - 1), (-slack, -1), "just older than"),
            CompareOp::GreaterOrEqual | CompareOp::Less => ((1 - slack, 0), (1, slack), "just younger than"),
            CompareOp::Is | CompareOp::IsNot => return,
        };
        let mut goal = |text: String, (low, high): (i64, i64)| {
            self.item.goal(Kind::Edge, text, whole.span, Sight::Reach(value, id, Anchor::Back, low, high));
        };
        if length.count == 0 {
            goal(format!("`{shown}` is now"), on);
            goal(
                format!("`{shown}` is {} now", if beyond == "just older than" { "just before" } else { "just after" }),
                off,
            );
            return;
        }
        goal(format!("`{shown}` is {length} old"), on);
        goal(format!("`{shown}` is {beyond} {length}"), off);
    }

    fn within(&mut self, value: &'p Expr, next: bool, id: LengthId, whole: &'p Expr) {
        let Some(value) = self.read(value) else { return };
        let length = self.program.lengths[id.index()];
        let (shown, slack) = (source(self.program, value), slack(length));
        let ends = match next {
            false => [
                (Anchor::Back, 0, slack - 1, format!("`{shown}` is {length} ago")),
                (Anchor::Back, -slack, -1, format!("`{shown}` is just more than {length} ago")),
                (Anchor::Now, 1 - slack, 0, format!("`{shown}` is now")),
                (Anchor::Now, 1, slack, format!("`{shown}` is just after now")),
            ],
            true => [
                (Anchor::Ahead, 1 - slack, 0, format!("`{shown}` is {length} ahead")),
                (Anchor::Ahead, 1, slack, format!("`{shown}` is just more than {length} ahead")),
                (Anchor::Now, 0, slack - 1, format!("`{shown}` is now")),
                (Anchor::Now, -slack, -1, format!("`{shown}` is just before now")),
            ],
        };
        // No event comes after the as-of, and `last` and `first` are instants of events.
        let events = matches!(value.kind, ExprKind::Edge(..));
        for (anchor, low, high, text) in ends {
            if !(events && anchor == Anchor::Now) {
                self.item.goal(Kind::Edge, text, whole.span, Sight::Reach(value, id, anchor, low, high));
            }
        }
    }

    fn window(&mut self, expr: &'p Expr, query: QueryId) {
        window(self.program, self.item, Events::Question(expr), query);
    }

    fn counts(&mut self, expr: &'p Expr, counts: [u64; 2]) {
        for count in counts {
            let events = if count == 1 { "event counts" } else { "events count" };
            let text = format!("{count} {events}: `{}`", source(self.program, expr));
            self.item.goal(Kind::Edge, text, expr.span, Sight::Count(expr, count));
        }
    }
}

/// Adds the two sides of a window of events.
pub fn window<'p>(program: &'p Program, item: &mut Item<'p>, events: Events<'p>, query: QueryId) {
    let query = &program.queries[query.index()];
    let (start, from) = match &query.window {
        None => return,
        Some(EventWindow::Within(id)) => {
            let length = program.lengths[id.index()];
            (Start::Within(*id), ("within", length.to_string()))
        }
        Some(EventWindow::Since(time)) => (Start::Since(time), ("since", source(program, time))),
    };
    let name = first_word(program.sources.text(query.span));
    for (side, word) in [(Side::Inside, "just inside"), (Side::Outside, "just outside")] {
        let text = format!("`{name}` {word} `{} {}`", from.0, from.1);
        item.goal(Kind::Window, text, query.span, Sight::Window(events, start, side));
    }
}

fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or("event").to_owned()
}

/// One step of a literal's last written digit: 1 for 50, 0.1 for 0.5, 1% for 20%, a day, a choice.
fn step(literal: &Literal, written: &str) -> i128 {
    let (value, scale) = match literal {
        Literal::Int(_) => return i128::from(NUMBER_SCALE),
        Literal::Number(value) => (*value, NUMBER_SCALE),
        Literal::Money(value) => (*value, crate::model::number::MONEY_SCALE),
        Literal::Time(_) => return i128::from(DAY),
        _ => return 1,
    };
    let mut step = scale;
    while step > 1 && value % step != 0 {
        step /= 10;
    }
    if written.ends_with('%') {
        step = step.min(scale / 100);
    }
    i128::from(step)
}
