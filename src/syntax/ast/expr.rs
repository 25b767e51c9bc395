//! Expressions (§4).

use super::{Amount, Duration, Name, Number, Path};
use crate::base::Span;

/// An expression and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Box<ExprKind>,
    /// Where it stands, parentheses included.
    pub span: Span,
}

impl Expr {
    /// An expression at a place.
    pub fn new(kind: ExprKind, span: Span) -> Expr {
        Expr { kind: Box::new(kind), span }
    }
}

/// What an expression is (§4).
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `100k`, `20%`, `-3` is a [`ExprKind::Negate`]
    Number(Number),
    /// `100k USD`
    Money(Number, Name),
    /// `"US"`
    Text(String),
    /// `true`, `false`
    Bool(bool),
    /// `2026-10-01`
    Date(jiff::civil::Date),
    /// `2026-10-01T12:30:00Z`; as written, an instant that exists
    Instant(jiff::Timestamp),
    /// `30 days`
    Duration(Duration),
    /// `[a, b]`
    List(Vec<Expr>),
    /// A name
    Path(Path),
    /// The left side of a case of `by`; nothing is written for it
    Subject,
    /// `domain(email)`
    Call(Name, Vec<Expr>),
    /// `-x`
    Negate(Expr),
    /// `+ - * /`
    Arithmetic(ArithmeticOp, Expr, Expr),
    /// `x otherwise y`
    Otherwise(Expr, Expr),
    /// `if c then a else b`
    If(Expr, Expr, Expr),
    /// `not c`
    Not(Expr),
    /// `a and b and c`: two or more
    And(Vec<Expr>),
    /// `a or b or c`: two or more
    Or(Vec<Expr>),
    /// `a implies b`
    Implies(Expr, Expr),
    /// `any of [..]`, `all of [..]`, `at least N of [..]`, `at most N of [..]`, of conditions
    Among(Among, Vec<Expr>),
    /// `a is b`, `a >= b`
    Compare(CompareOp, Expr, Expr),
    /// `a between b and c`
    Between(Expr, Expr, Expr),
    /// `a is [not] exactly "b"`; the `bool` is true for `not`
    Exactly(Expr, bool, Expr),
    /// `a [not] in set`; the `bool` is true for `not`; the set is a list or the name of one
    In(Expr, bool, Expr),
    /// A text operator: value, operator, pattern. The pattern is a literal, a list or a list's name.
    TextTest(Expr, TextOp, Pattern),
    /// `pets has "dog"`, `has any of [..]`, `has all of [..]`
    Has(Expr, Pattern),
    /// `x is known`
    IsKnown(Expr),
    /// `x is missing`
    IsMissing(Expr),
    /// `x within [next] 30 days`, x no EVENTS; the `bool` is true for `next`
    Within(Expr, bool, Duration),
    /// `age of x`
    Age(Expr),
    /// `icp fits`, `icp fails`, `icp is unknown`
    Verdict(Expr, VerdictOp),
    /// `disqualified`, `disqualified by competitor`
    Disqualified(Option<Name>),
    /// `any EVENTS`, `no EVENTS`, `at least 3 EVENTS`, `at most 2 EVENTS`
    EventTest(EventQuantifier, Events),
    /// `count of EVENTS`
    Count(Events),
    /// `total seconds of EVENTS` and its kin
    Aggregate(AggregateOp, Path, Events),
    /// `first EVENTS`, `last EVENTS`; the `bool` is true for `first`
    Edge(bool, Events),
    /// Text that is no expression; an error was reported for it
    Junk,
}

/// `+ - * /`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ArithmeticOp {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// `is`, `is not`, `<`, `<=`, `>`, `>=`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CompareOp {
    Is,
    IsNot,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How many of the conditions of a list must hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Among {
    /// `any of`
    Any,
    /// `all of`
    All,
    /// `at least N of`
    AtLeast(Amount),
    /// `at most N of`
    AtMost(Amount),
}

/// The text operators but for `is`, `is exactly` and `in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextOp {
    /// `like`
    Like,
    /// `mentions`
    Mentions,
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `matches`
    Matches,
}

/// The right side of a text operator or of `has`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// `any of` (also for one value without the words) or `all of`.
    pub quantifier: PatternQuantifier,
    /// A literal, a list, or the name of a list.
    pub of: Expr,
}

/// How many patterns of a list must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternQuantifier {
    /// Nothing is written: `mentions "ceo"`.
    One,
    /// `any of`
    Any,
    /// `all of`
    All,
}

/// What is asked of a fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerdictOp {
    /// `icp fits`
    Fits,
    /// `icp fails`
    Fails,
    /// `icp is unknown`
    IsUnknown,
}

/// How many events must there be.
#[derive(Clone, Debug, PartialEq)]
pub enum EventQuantifier {
    /// `any`
    Any,
    /// `no`
    No,
    /// `at least N`
    AtLeast(Amount),
    /// `at most N`
    AtMost(Amount),
}

/// `total`, `highest`, `lowest`, `distinct`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum AggregateOp {
    Total,
    Highest,
    Lowest,
    Distinct,
}

/// `page_viewed where (condition) within 14 days`
#[derive(Clone, Debug, PartialEq)]
pub struct Events {
    /// The event type, a group of types, or `event` for all.
    pub name: Name,
    /// The condition on each event.
    pub condition: Option<Expr>,
    /// `within` or `since`.
    pub window: Option<EventWindow>,
    /// The whole.
    pub span: Span,
}

/// Which time of events counts.
#[derive(Clone, Debug, PartialEq)]
pub enum EventWindow {
    /// `within 14 days`
    Within(Duration),
    /// `since 2026-01-01`, `since created_at`
    Since(Expr),
}
