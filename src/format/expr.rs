//! Expressions.

use super::writer::Writer;
use crate::syntax::ast::*;

/// Where an expression stands: which parentheses around it say nothing there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is all that stands there, at the beginning of its line.
    Whole,
    /// It is all that stands there, behind other words: its further lines are indented.
    Behind,
    /// `and` or `or` joins it to others.
    Joined,
    /// Anywhere else.
    Inside,
}

/// Whether parentheses around an expression are left out.
fn needless(expr: &Expr, place: Place) -> bool {
    use ExprKind::*;
    match place {
        Place::Whole | Place::Behind => true,
        Place::Joined => matches!(
            &*expr.kind,
            Path(_)
                | Compare(..)
                | Exactly(..)
                | In(..)
                | TextTest(..)
                | Has(..)
                | IsKnown(_)
                | IsMissing(_)
                | Within(..)
                | Verdict(..)
        ),
        Place::Inside => matches!(&*expr.kind, Path(_) | Text(_) | Bool(_)),
    }
}

/// An expression. Parentheses stay as they are written, but those that only double others, or surround a single word or
/// all that stands there, or a comparison beside `and` or `or`, are left out.
pub(super) fn expr(w: &mut Writer<'_>, expr: &Expr, place: Place) {
    let written = w.parentheses(expr.span);
    let kept = usize::from(written > 0 && !needless(expr, place));
    leave_out(w, written - kept);
    if kept == 0 {
        bare(w, expr, place);
    } else {
        in_parentheses(w, expr);
    }
    for _ in kept..written {
        w.skip(")");
    }
}

/// Leaves out opening parentheses; a comment behind them comes before what follows, as if they had not been there.
fn leave_out(w: &mut Writer<'_>, count: usize) {
    for _ in 0..count {
        w.skip("(");
    }
    if count > 0 {
        w.comment_behind();
    }
}

fn in_parentheses(w: &mut Writer<'_>, expr: &Expr) {
    w.group(|w| {
        w.word("(");
        w.indented(|w| {
            bare(w, expr, Place::Whole);
            w.comments_before();
        });
        w.word(")");
    });
}

/// The lines of what breaks as a whole stand in the group around it; anywhere else it is a group of its own.
fn lines(w: &mut Writer<'_>, place: Place, inside: impl FnOnce(&mut Writer<'_>)) {
    match place {
        Place::Whole => inside(w),
        Place::Behind => w.indented(inside),
        _ => w.group(|w| w.indented(inside)),
    }
}

fn bare(w: &mut Writer<'_>, expr: &Expr, place: Place) {
    use ExprKind::*;
    match &*expr.kind {
        Number(_) | Date(_) | Instant(_) | Path(_) | Bool(_) => w.verbatim(),
        Money(..) => {
            w.verbatim();
            w.blank();
            w.verbatim();
        }
        Text(_) => w.text(),
        Duration(of) => duration(w, of),
        List(all) => list(w, all, ListStyle::of(all)),
        Subject => {}
        Call(_, arguments) => call(w, arguments),
        Negate(of) => {
            w.word("-");
            self::expr(w, of, Place::Inside);
        }
        Arithmetic(..) => w.group(|w| arithmetic(w, expr)),
        Otherwise(value, otherwise) => {
            self::expr(w, value, Place::Inside);
            w.blank();
            w.word("otherwise");
            w.blank();
            self::expr(w, otherwise, Place::Inside);
        }
        If(..) => lines(w, place, |w| conditional(w, expr)),
        Not(of) => {
            w.word("not");
            w.blank();
            self::expr(w, of, Place::Inside);
        }
        And(all) => lines(w, place, |w| joined(w, "and", all)),
        Or(all) => lines(w, place, |w| joined(w, "or", all)),
        Implies(condition, then) => lines(w, place, |w| {
            self::expr(w, condition, Place::Inside);
            w.line(1);
            w.word("implies");
            w.blank();
            self::expr(w, then, Place::Inside);
        }),
        Among(quantifier, conditions) => among(w, quantifier, conditions),
        EventTest(quantifier, of) => event_test(w, quantifier, of),
        Count(of) => {
            w.words(&["count", "of"]);
            w.blank();
            events(w, of);
        }
        Aggregate(_, _, of) => {
            w.verbatim();
            w.blank();
            w.verbatim();
            w.blank();
            w.word("of");
            w.blank();
            events(w, of);
        }
        Edge(_, of) => {
            w.verbatim();
            w.blank();
            events(w, of);
        }
        Disqualified(by) => {
            w.word("disqualified");
            if by.is_some() {
                w.blank();
                w.word("by");
                w.blank();
                w.verbatim();
            }
        }
        Age(of) => {
            w.words(&["age", "of"]);
            w.blank();
            self::expr(w, of, Place::Inside);
        }
        Junk => w.problem(|| "a part of the tree is no expression".to_owned()),
        _ => comparison(w, expr),
    }
}

fn joined(w: &mut Writer<'_>, operator: &'static str, all: &[Expr]) {
    for (index, one) in all.iter().enumerate() {
        if index > 0 {
            w.line(1);
            w.word(operator);
            w.blank();
        }
        expr(w, one, Place::Joined);
    }
}

/// `if a then b else if c then d else e`
fn conditional(w: &mut Writer<'_>, expr: &Expr) {
    let ExprKind::If(condition, then, otherwise) = &*expr.kind else { return };
    w.group(|w| {
        w.word("if");
        w.blank();
        self::expr(w, condition, Place::Inside);
        w.indented(|w| {
            w.line(1);
            w.word("then");
            w.blank();
            self::expr(w, then, Place::Inside);
        });
    });
    w.line(1);
    w.word("else");
    w.blank();
    match &*otherwise.kind {
        ExprKind::If(..) if !w.at("(") => conditional(w, otherwise),
        _ => self::expr(w, otherwise, Place::Inside),
    }
}

/// Sums and products; what binds alike on the left stands in one row of lines.
fn arithmetic(w: &mut Writer<'_>, expr: &Expr) {
    let ExprKind::Arithmetic(operator, left, right) = &*expr.kind else { return };
    match &*left.kind {
        ExprKind::Arithmetic(inner, ..) if is_sum(*inner) == is_sum(*operator) && w.parentheses(left.span) == 0 => {
            arithmetic(w, left)
        }
        _ => self::expr(w, left, Place::Inside),
    }
    w.indented(|w| {
        w.line(1);
        w.verbatim();
        w.blank();
        self::expr(w, right, Place::Inside);
    });
}

fn is_sum(operator: ArithmeticOp) -> bool {
    matches!(operator, ArithmeticOp::Add | ArithmeticOp::Subtract)
}

fn comparison(w: &mut Writer<'_>, of: &Expr) {
    use ExprKind::*;
    let (Compare(_, left, _)
    | Between(left, ..)
    | Exactly(left, ..)
    | In(left, ..)
    | TextTest(left, ..)
    | Has(left, _)
    | IsKnown(left)
    | IsMissing(left)
    | Within(left, ..)
    | Verdict(left, _)) = &*of.kind
    else {
        return;
    };
    if !matches!(*left.kind, Subject) {
        expr(w, left, Place::Inside);
        w.blank();
    }
    match &*of.kind {
        Compare(operator, _, right) => {
            match operator {
                CompareOp::Is => w.word("is"),
                CompareOp::IsNot => w.words(&["is", "not"]),
                _ => w.verbatim(),
            }
            w.blank();
            expr(w, right, Place::Inside);
        }
        Between(_, low, high) => {
            w.word("between");
            w.blank();
            expr(w, low, Place::Inside);
            w.blank();
            w.word("and");
            w.blank();
            expr(w, high, Place::Inside);
        }
        Exactly(_, not, right) => {
            w.words(if *not { &["is", "not", "exactly"] } else { &["is", "exactly"] });
            w.blank();
            expr(w, right, Place::Inside);
        }
        In(_, not, set) => {
            w.words(if *not { &["not", "in"] } else { &["in"] });
            w.blank();
            expr(w, set, Place::Inside);
        }
        TextTest(_, operator, of) => {
            match operator {
                TextOp::StartsWith => w.words(&["starts", "with"]),
                TextOp::EndsWith => w.words(&["ends", "with"]),
                _ => w.verbatim(),
            }
            pattern(w, of);
        }
        Has(_, of) => {
            w.word("has");
            pattern(w, of);
        }
        IsKnown(_) => w.words(&["is", "known"]),
        IsMissing(_) => w.words(&["is", "missing"]),
        Within(_, next, within) => {
            w.words(if *next { &["within", "next"] } else { &["within"] });
            w.blank();
            duration(w, within);
        }
        Verdict(_, VerdictOp::IsUnknown) => w.words(&["is", "unknown"]),
        _ => w.verbatim(),
    }
}

fn pattern(w: &mut Writer<'_>, pattern: &Pattern) {
    w.blank();
    match pattern.quantifier {
        PatternQuantifier::One => {}
        PatternQuantifier::Any => w.words(&["any", "of"]),
        PatternQuantifier::All => w.words(&["all", "of"]),
    }
    if pattern.quantifier != PatternQuantifier::One {
        w.blank();
    }
    expr(w, &pattern.of, Place::Inside);
}

fn call(w: &mut Writer<'_>, arguments: &[Expr]) {
    w.verbatim();
    w.bracketed("(", ")", 0, |w| {
        for (index, argument) in arguments.iter().enumerate() {
            expr(w, argument, Place::Whole);
            if index + 1 < arguments.len() {
                w.sign(",");
                w.line(1);
            }
        }
        w.skip(",");
    });
}

fn among(w: &mut Writer<'_>, quantifier: &Among, conditions: &[Expr]) {
    match quantifier {
        Among::Any => w.word("any"),
        Among::All => w.word("all"),
        Among::AtLeast(count) => at("least", w, count),
        Among::AtMost(count) => at("most", w, count),
    }
    w.blank();
    w.word("of");
    w.blank();
    list(w, conditions, ListStyle::Column);
}

fn event_test(w: &mut Writer<'_>, quantifier: &EventQuantifier, of: &Events) {
    match quantifier {
        EventQuantifier::Any => w.word("any"),
        EventQuantifier::No => w.word("no"),
        EventQuantifier::AtLeast(count) => at("least", w, count),
        EventQuantifier::AtMost(count) => at("most", w, count),
    }
    w.blank();
    events(w, of);
}

/// `at least 3`
fn at(word: &'static str, w: &mut Writer<'_>, count: &Amount) {
    w.words(&["at", word]);
    w.blank();
    amount(w, count);
}

/// `page_viewed where (condition) within 14 days`
pub(super) fn events(w: &mut Writer<'_>, events: &Events) {
    w.group(|w| {
        w.verbatim();
        w.indented(|w| {
            if let Some(condition) = &events.condition {
                w.line(1);
                w.word("where");
                w.blank();
                where_condition(w, condition);
            }
            if let Some(window) = &events.window {
                w.line(1);
                match window {
                    EventWindow::Within(within) => {
                        w.word("within");
                        w.blank();
                        duration(w, within);
                    }
                    EventWindow::Since(since) => {
                        w.word("since");
                        w.blank();
                        expr(w, since, Place::Inside);
                    }
                }
            }
        });
    });
}

/// The parentheses behind `where` belong to it.
fn where_condition(w: &mut Writer<'_>, condition: &Expr) {
    let doubled = w.parentheses(condition.span).saturating_sub(1);
    leave_out(w, doubled);
    in_parentheses(w, condition);
    for _ in 0..doubled {
        w.skip(")");
    }
}

/// How a list breaks that does not fit on one line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ListStyle {
    /// One entry a line, each with a comma.
    Column,
    /// As many entries a line as fit.
    Rows,
}

impl ListStyle {
    /// Literals fill lines, longer things have their own.
    pub(super) fn of(entries: &[Expr]) -> ListStyle {
        let literal = |entry: &Expr| {
            use ExprKind::*;
            matches!(
                &*entry.kind,
                Number(_) | Money(..) | Text(_) | Bool(_) | Date(_) | Instant(_) | Duration(_) | Path(_) | Negate(_)
            )
        };
        if entries.iter().all(literal) { ListStyle::Rows } else { ListStyle::Column }
    }
}

/// A list of expressions or values.
pub(super) fn list(w: &mut Writer<'_>, entries: &[Expr], style: ListStyle) {
    bracket_list(w, entries, style, |w, entry| expr(w, entry, Place::Whole));
}

/// A list in brackets of whatever `each` writes.
pub(super) fn bracket_list<T>(w: &mut Writer<'_>, entries: &[T], style: ListStyle, each: impl Fn(&mut Writer<'_>, &T)) {
    w.bracketed("[", "]", 0, |w| {
        for (index, entry) in entries.iter().enumerate() {
            w.group(|w| each(w, entry));
            if index + 1 < entries.len() {
                w.sign(",");
                match style {
                    ListStyle::Column => w.line(1),
                    ListStyle::Rows => w.fill(1),
                }
            }
        }
        w.skip(",");
        if style == ListStyle::Column {
            w.added_if_broken(",");
        }
    });
}

/// `+100k`, `-demo_points`
pub(super) fn amount(w: &mut Writer<'_>, amount: &Amount) {
    match amount.sign {
        Some(Sign::Plus) => w.word("+"),
        Some(Sign::Minus) => w.word("-"),
        None => {}
    }
    w.verbatim();
}

/// `30 days`: the number as it is written, the unit in the right number.
pub(super) fn duration(w: &mut Writer<'_>, duration: &Duration) {
    w.verbatim();
    w.blank();
    w.spelled(unit(duration.unit, duration.count != 1));
}

/// A unit's word.
pub(super) fn unit(unit: Unit, many: bool) -> &'static str {
    match (unit, many) {
        (Unit::Minute, false) => "minute",
        (Unit::Minute, true) => "minutes",
        (Unit::Hour, false) => "hour",
        (Unit::Hour, true) => "hours",
        (Unit::Day, false) => "day",
        (Unit::Day, true) => "days",
        (Unit::Week, false) => "week",
        (Unit::Week, true) => "weeks",
        (Unit::Month, false) => "month",
        (Unit::Month, true) => "months",
        (Unit::Year, false) => "year",
        (Unit::Year, true) => "years",
    }
}
