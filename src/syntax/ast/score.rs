//! Scores: groups, rules and what they are worth.

use super::{Events, Expr, Name, Path, Text};
use crate::base::Span;

/// A score, or a group inside one.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Option<Text>,
    /// `from A`
    pub from: Option<Amount>,
    /// `to B`
    pub to: Option<Amount>,
    /// Rules, groups and includes.
    pub parts: Vec<Part>,
    /// The whole.
    pub span: Span,
}

/// A part of a score.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// `opens "label": +5 per ..`
    Rule(Rule),
    /// `group email "label" to 25 { .. }`
    Group(Group),
    /// `include profile * 50%`
    Include(Include),
    /// Text that is no part; an error was reported for it.
    Junk(Span),
}

/// `include X [* factor]`. Its name in the score is the last part of X.
#[derive(Clone, Debug, PartialEq)]
pub struct Include {
    /// What is included.
    pub of: Path,
    /// The factor.
    pub factor: Option<Amount>,
    /// The whole.
    pub span: Span,
}

/// `NAME "label": worth`
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Option<Text>,
    /// What it is worth.
    pub worth: Worth,
    /// The whole.
    pub span: Span,
}

/// What a rule is worth.
#[derive(Clone, Debug, PartialEq)]
pub enum Worth {
    /// `±N if condition`
    If {
        /// The points.
        points: Amount,
        /// When.
        condition: Expr,
    },
    /// `±N per [distinct FIELD of] EVENTS, limits`
    Per {
        /// Points for one event.
        points: Amount,
        /// The field whose different values count.
        distinct: Option<Path>,
        /// The events.
        events: Events,
        /// The limits and the decay, as written.
        limits: Vec<Limit>,
    },
    /// `±N per 30 days since TIME, limits`
    PerPeriod {
        /// Points for one period.
        points: Amount,
        /// The period.
        period: Duration,
        /// Since when: a time field or `first`/`last` EVENTS.
        since: Expr,
        /// At most M points.
        limits: Vec<Limit>,
    },
    /// `by expression { CASE: ±N .. }`
    By {
        /// What is looked at.
        value: Expr,
        /// The cases.
        cases: Vec<Case>,
    },
    /// `first of { condition: ±N .. otherwise: ±N }`
    FirstOf {
        /// The conditions, in order.
        cases: Vec<Choice>,
        /// `otherwise: ±N`
        otherwise: Option<Amount>,
    },
}

/// A number where points, limits, thresholds and factors stand: `+5`, `-10`, `50%`, `+demo_points`.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// `+` or `-` if one is written.
    pub sign: Option<Sign>,
    /// The number, or the name of a constant.
    pub value: AmountValue,
    /// The whole.
    pub span: Span,
}

/// A sign as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// The size of an [`Amount`].
#[derive(Clone, Debug, PartialEq)]
pub enum AmountValue {
    /// A number.
    Number(Number),
    /// The name of a `define` that is a constant.
    Constant(Name),
}

/// A number as written. Two numbers are equal when they are spelled alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its value in millionths: `100k` is 100_000_000_000, `20%` is 200_000. At most 6 digits after the point and 18
    /// before it are in the tree; `syntax` reports any other.
    pub micros: i128,
    /// As written: `100k`, `2.5M`, `1_000`, `20%`.
    pub written: String,
    /// Where.
    pub span: Span,
}

/// A whole number and a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Duration {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
    /// Where.
    pub span: Span,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// A calendar month in the policy's zone.
    Month,
    /// A calendar year in the policy's zone.
    Year,
}

/// `2026-10-01`, a day that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateLit {
    /// The day.
    pub date: jiff::civil::Date,
    /// Where.
    pub span: Span,
}

/// A limit or a decay of a `per` rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// `at most M [points]`
    Points(Amount),
    /// `at most K times [a day | a week | a month]`
    Times {
        /// K
        count: Amount,
        /// In which calendar period; none: in all.
        per: Option<Unit>,
        /// The whole.
        span: Span,
    },
    /// `halving every 30 days`
    Halving(Duration),
    /// `fading over 90 days`
    Fading(Duration),
    /// `losing 25% every 30 days`, `losing 5 every 30 days`
    Losing {
        /// A share when it is written with `%`, else points.
        amount: Amount,
        /// The period.
        every: Duration,
    },
}

/// A case of `by`.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// When it holds.
    pub test: CaseTest,
    /// The points.
    pub points: Amount,
    /// The whole.
    pub span: Span,
}

/// When a case of `by` holds.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseTest {
    /// `a to b`, both in
    Range(Expr, Expr),
    /// An operator with its right side: `>= 500`, `in ["a"]`, `mentions "ceo"`; the left side of the expression is
    /// [`super::ExprKind::Subject`].
    Operator(Expr),
    /// `missing`
    Missing,
    /// `otherwise`
    Otherwise,
}

/// `condition: ±N` in `first of`.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The condition.
    pub condition: Expr,
    /// The points.
    pub points: Amount,
    /// The whole.
    pub span: Span,
}
