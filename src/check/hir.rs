//! What a policy means: every name a slot, every expression typed, everything in the order it is worked out.
//!
//! Only this folder makes a [`Program`]; whoever holds one needs no further check.

use crate::base::{SourceMap, Span};
use crate::builtins::{Function, Matcher};
use crate::model::time::{Length, Zone};
use crate::model::{Currency, DomainId, EventTypeId, FieldId, Lead, Literal, Schema, Type, Value, ids};
use crate::syntax::ast::{AggregateOp, ArithmeticOp, CompareOp};
use std::sync::Arc;

ids! {
    /// An expression: numbers are given in order, from 0 to [`Program::expressions`].
    ExprId(u32);
    /// A `define` or `persona`: its place in [`Program::defines`].
    DefineId(u16);
    /// A check: its place in [`Program::checks`].
    CheckId(u16);
    /// A fit: its place in [`Program::fits`].
    FitId(u16);
    /// A score, group, include or rule: its place in [`Program::parts`].
    PartId(u16);
    /// Bands: their place in [`Program::bands`].
    BandsId(u16);
    /// A matrix: its place in [`Program::matrices`].
    MatrixId(u16);
    /// A reason to disqualify: its place in [`Program::reasons`].
    ReasonId(u16);
    /// A stage: its place in [`Program::stages`], lowest first; equal to its place in the domain of stages.
    StageId(u16);
    /// A route: its place in [`Program::routes`].
    RouteId(u16);
    /// An `always`: its place in [`Program::always`].
    AlwaysId(u16);
    /// A length of time counted from the as-of: its place in [`Program::lengths`].
    LengthId(u16);
    /// A question about events: its place in [`Program::queries`].
    QueryId(u16);
}

/// A checked policy.
#[derive(Debug)]
pub struct Program {
    /// What stands at its head.
    pub meta: Meta,
    /// The time zone.
    pub zone: Zone,
    /// The shape of leads and events.
    pub schema: Schema,
    /// The domain of stages, when the policy has stages.
    pub stage_domain: Option<DomainId>,
    /// All lengths of time that are counted from the as-of, each once.
    pub lengths: Vec<Length>,
    /// All questions about events, in the order written.
    pub queries: Vec<EventQuery>,
    /// `define`s and personas.
    pub defines: Vec<Define>,
    /// The checks of all fits, a fit's in a row.
    pub checks: Vec<Check>,
    /// Fits.
    pub fits: Vec<Fit>,
    /// Scores, in the order written: their roots in [`Program::parts`].
    pub scores: Vec<PartId>,
    /// Scores, groups, includes and rules.
    pub parts: Vec<Part>,
    /// Bands.
    pub bands: Vec<Bands>,
    /// Matrices.
    pub matrices: Vec<Matrix>,
    /// Reasons to disqualify.
    pub reasons: Vec<Reason>,
    /// Stages, lowest first.
    pub stages: Vec<Stage>,
    /// Routes, in order.
    pub routes: Vec<Route>,
    /// What must never be false.
    pub always: Vec<Always>,
    /// Names of a file of outcomes.
    pub outcome: Option<Outcomes>,
    /// The policy's own tests.
    pub tests: Vec<Test>,
    /// The order in which all of it is worked out.
    pub order: Vec<Step>,
    /// How many expressions there are.
    pub expressions: u32,
    /// Whether any decision reads events at all.
    pub reads_events: bool,
    /// The policy's texts.
    pub sources: SourceMap,
    /// The constants that were given other values (`--set`), by name, in millionths.
    pub overrides: Vec<(String, i128)>,
}

/// What stands at a policy's head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// `policy "label"`; the file's name without one.
    pub label: String,
    /// `version`
    pub version: Option<String>,
    /// All `owner`s.
    pub owners: Vec<String>,
    /// `review every D, last DATE`: the length, and the day since 1970-01-01.
    pub review: Option<(Length, Option<i32>)>,
    /// `agreed by WHO on DATE`, days since 1970-01-01.
    pub agreed: Vec<(String, i32)>,
}

/// One thing to work out; what it needs stands before it in [`Program::order`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Step {
    Define(DefineId),
    Check(CheckId),
    /// The verdict of a fit, from its checks.
    Fit(FitId),
    Part(PartId),
    Bands(BandsId),
    Matrix(MatrixId),
    Reason(ReasonId),
    /// Whether any reason is true.
    Disqualified,
    /// Whether this stage is reached.
    StageReached(StageId),
    /// The lead's stage: the highest that is reached.
    Stage,
    Route,
    Always(AlwaysId),
}

/// A `define` or a persona.
#[derive(Debug)]
pub struct Define {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Whether it is a persona.
    pub persona: bool,
    /// Its value.
    pub value: Expr,
    /// Whether its value is a constant that `--set` may replace.
    pub constant: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A check of a fit.
#[derive(Debug)]
pub struct Check {
    /// Its name in the fit.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Its fit.
    pub fit: FitId,
    /// The condition.
    pub condition: Expr,
    /// Where it is declared.
    pub span: Span,
}

/// A fit.
#[derive(Debug)]
pub struct Fit {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// How many checks must pass.
    pub needs: u16,
    /// Its checks: `first..first + count` in [`Program::checks`].
    pub checks: std::ops::Range<u16>,
    /// Where it is declared.
    pub span: Span,
}

/// A part of a score, or a score itself.
#[derive(Debug)]
pub struct Part {
    /// Its name in the score; a score's own name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The score that it is in; a score's own.
    pub score: PartId,
    /// The group or score right above it; none for a score.
    pub parent: Option<PartId>,
    /// What it is worth.
    pub kind: PartKind,
    /// Where it is declared.
    pub span: Span,
}

/// What a part of a score is worth. All points are in ten-thousandths.
#[derive(Debug)]
pub enum PartKind {
    /// A score or group: the sum of its parts, held between the limits.
    Group {
        /// Its parts in the order written.
        parts: Vec<PartId>,
        /// `from A`
        from: Option<i64>,
        /// `to B`
        to: Option<i64>,
    },
    /// Another score's points, or a number, times a factor.
    Include {
        /// What is included.
        of: Included,
        /// The factor in millionths; none is 1, and nothing is rounded.
        factor: Option<i64>,
    },
    /// `±N if condition`
    If {
        /// N
        points: i64,
        /// When.
        condition: Expr,
    },
    /// `±N per EVENTS`
    Per(Box<Per>),
    /// `±N per D since TIME`
    PerPeriod {
        /// N
        points: i64,
        /// D in milliseconds.
        period: i64,
        /// A time or a date.
        since: Expr,
        /// At most so many points in size.
        most: Option<i64>,
    },
    /// `by expression { .. }`
    By {
        /// What is looked at.
        value: Expr,
        /// The cases in order; their conditions speak of [`ExprKind::Subject`].
        cases: Vec<Case>,
        /// Points when the value is missing.
        missing: Option<i64>,
        /// Points for a known value that no case took.
        otherwise: Option<i64>,
    },
    /// `first of { .. }`
    FirstOf {
        /// The cases in order.
        cases: Vec<Case>,
        /// Points when every condition is false.
        otherwise: Option<i64>,
    },
}

/// What an `include` adds.
#[derive(Debug)]
pub enum Included {
    /// A score, after its limits.
    Score(PartId),
    /// A number; missing is 0.
    Number(Expr),
}

/// A case of `by` or `first of`.
#[derive(Debug)]
pub struct Case {
    /// When it holds.
    pub condition: Expr,
    /// Its points.
    pub points: i64,
    /// Where it stands.
    pub span: Span,
}

/// `±N per [distinct FIELD of] EVENTS, limits`
#[derive(Debug)]
pub struct Per {
    /// N
    pub points: i64,
    /// The events.
    pub query: QueryId,
    /// The field whose known values count once each.
    pub distinct: Option<Expr>,
    /// At most so many a calendar day.
    pub per_day: Option<u32>,
    /// At most so many a week, from Monday.
    pub per_week: Option<u32>,
    /// At most so many a calendar month.
    pub per_month: Option<u32>,
    /// At most so many in all.
    pub times: Option<u32>,
    /// How an event's points shrink with its age.
    pub decay: Option<Decay>,
    /// At most so many points in size.
    pub most: Option<i64>,
}

/// How an event's points shrink with its age. Lengths are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decay {
    /// N × 2^(−age/D), rounded to nine places, then to four.
    Halving {
        /// D
        every: i64,
    },
    /// N × (D − age)/D, to 0.
    Fading {
        /// D
        over: i64,
    },
    /// N × (1 − share)^(whole periods).
    LosingShare {
        /// The share in millionths, above 0, at most 1,000,000.
        share: i64,
        /// The period.
        every: i64,
    },
    /// The size of N less so many points for each whole period, never past 0.
    LosingPoints {
        /// The points, in ten-thousandths.
        points: i64,
        /// The period.
        every: i64,
    },
}

/// Names of ranges of a score.
#[derive(Debug)]
pub struct Bands {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The score.
    pub of: PartId,
    /// The names and labels of the bands.
    pub domain: DomainId,
    /// Where each band but the first begins, in points, rising; one fewer than bands.
    pub from: Vec<i64>,
    /// Where it is declared.
    pub span: Span,
}

/// A table of two dimensions.
#[derive(Debug)]
pub struct Matrix {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What gives the row.
    pub rows: Axis,
    /// What gives the column.
    pub columns: Axis,
    /// The names of the cells.
    pub domain: DomainId,
    /// Row by row, in the order of the axes: the choice in `domain`.
    pub cells: Vec<u16>,
    /// Where it is declared.
    pub span: Span,
}

/// A dimension of a matrix.
#[derive(Debug)]
pub enum Axis {
    /// The bands, in their order.
    Bands(BandsId),
    /// A fit: fits, unknown, fails.
    Fit(FitId),
    /// A field's listed texts in their order, then missing.
    Field(FieldId, DomainId),
}

/// A reason to disqualify.
#[derive(Debug)]
pub struct Reason {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// When.
    pub condition: Expr,
    /// Where it is declared.
    pub span: Span,
}

/// A stage.
#[derive(Debug)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The lower stage that must be reached as well.
    pub after: Option<StageId>,
    /// The condition; the first has none.
    pub condition: Option<Expr>,
    /// What keeps a lead that is here or higher.
    pub keep_while: Option<Expr>,
    /// Where it is declared.
    pub span: Span,
}

/// A route.
#[derive(Debug)]
pub struct Route {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The deadline, counted from the as-of.
    pub within: Option<LengthId>,
    /// The condition; none takes every lead left.
    pub condition: Option<Expr>,
    /// Where it is declared.
    pub span: Span,
}

/// What must never be false.
#[derive(Debug)]
pub struct Always {
    /// Its label.
    pub label: String,
    /// The condition.
    pub condition: Expr,
    /// Where it is declared.
    pub span: Span,
}

/// Names of a file of outcomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcomes {
    /// The column of the lead's key.
    pub lead: String,
    /// The column that says whether it converted.
    pub converted: Option<String>,
    /// The column of the instant.
    pub at: Option<String>,
    /// The column of the amount and its currency.
    pub amount: Option<(String, Option<Currency>)>,
}

/// A test of the policy.
#[derive(Debug)]
pub struct Test {
    /// Its label.
    pub label: String,
    /// The as-of.
    pub as_of: i64,
    /// A value a field of the lead.
    pub lead: Vec<Literal>,
    /// The lead's events in the order written, each repeated as often as it says.
    pub events: Vec<TestEvent>,
    /// What is expected.
    pub expects: Vec<Expr>,
    /// Where it is declared: its label.
    pub span: Span,
}

/// An event of a test.
#[derive(Clone, Debug)]
pub struct TestEvent {
    /// Its type.
    pub ty: EventTypeId,
    /// When it was.
    pub at: i64,
    /// A value a field of the type.
    pub fields: Vec<Literal>,
}

/// Which events count.
#[derive(Debug)]
pub struct EventQuery {
    /// Their types.
    pub types: EventTypes,
    /// The condition on each.
    pub condition: Option<Expr>,
    /// The time.
    pub window: Option<EventWindow>,
    /// Where it stands.
    pub span: Span,
}

/// Types of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventTypes {
    /// `event`: every type, declared or not.
    All,
    /// One type.
    One(EventTypeId),
    /// Several types.
    Any(Vec<EventTypeId>),
}

impl EventTypes {
    /// Whether an event of this type counts.
    pub fn contains(&self, ty: Option<EventTypeId>) -> bool {
        match self {
            EventTypes::All => true,
            EventTypes::One(one) => ty == Some(*one),
            EventTypes::Any(types) => ty.is_some_and(|ty| types.contains(&ty)),
        }
    }
}

/// The time in which events count.
#[derive(Debug)]
pub enum EventWindow {
    /// `within D`
    Within(LengthId),
    /// `since TIME`: a time or a date; missing: all count
    Since(Expr),
}

/// An expression with its type.
#[derive(Debug)]
pub struct Expr {
    /// Its number.
    pub id: ExprId,
    /// Its type.
    pub ty: Type,
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// What an expression is. Operands have the types that the checker made sure of; comparisons and arithmetic take whole
/// numbers and numbers in any mixture, and times and dates (compared by their day).
#[derive(Debug)]
pub enum ExprKind {
    /// A literal or a constant.
    Constant(Literal),
    /// A field of the lead.
    Field(FieldId),
    /// A field of the event at hand: its place in the fields of each type, `u16::MAX` where the type has none. One
    /// entry: the place whatever the type.
    EventField(Box<[u16]>),
    /// The type of the event at hand, as the data spells it.
    EventType,
    /// The day of the event at hand, in the zone.
    EventDay,
    /// The value that a `by` looks at.
    Subject,
    /// A define or persona.
    Define(DefineId),
    /// The points of a score, group, include or rule, as a number.
    Points(PartId),
    /// A check's condition.
    Check(CheckId),
    /// How many checks of a fit pass (fail, are unknown).
    CheckCount(FitId, CheckState),
    /// True when it fits, false when it fails, else unknown.
    Fits(FitId),
    /// Whether a fit is unknown; never unknown.
    FitUnknown(FitId),
    /// The band of a score.
    Band(BandsId),
    /// The cell of a matrix.
    Cell(MatrixId),
    /// The lead's stage; [`crate::model::OUTSIDE`] when it is disqualified.
    Stage,
    /// Whether the lead is disqualified.
    Disqualified,
    /// Whether this reason is true; unknown is false.
    DisqualifiedBy(ReasonId),
    /// `not`
    Not(Box<Expr>),
    /// `and`, `all of`
    And(Vec<Expr>),
    /// `or`, `any of`
    Or(Vec<Expr>),
    /// `implies`
    Implies(Box<Expr>, Box<Expr>),
    /// `at least N of`
    AtLeastOf(u32, Vec<Expr>),
    /// `at most N of`
    AtMostOf(u32, Vec<Expr>),
    /// `is`, `is not` and the orders, of values of one kind
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `a between b and c`
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `is [not] exactly`
    Exactly {
        /// The text.
        value: Box<Expr>,
        /// The literal, trimmed.
        text: Box<str>,
        /// Whether it is `is not exactly`.
        negated: bool,
    },
    /// `in`, `not in`
    In {
        /// The value.
        value: Box<Expr>,
        /// What it is looked up in.
        set: Set,
        /// Whether it is `not in`.
        negated: bool,
    },
    /// A text operator. `one of` and `ranked` values are read as their listed text.
    Match {
        /// The text.
        value: Box<Expr>,
        /// The compiled pattern.
        matcher: Box<Matcher>,
    },
    /// `has`, `has any of`, `has all of`
    Has {
        /// The list.
        value: Box<Expr>,
        /// The entries looked for; at least one.
        entries: Vec<Literal>,
        /// Whether all must be there.
        all: bool,
    },
    /// `is known`
    IsKnown(Box<Expr>),
    /// `is missing`
    IsMissing(Box<Expr>),
    /// `age of x` compared with a length: the older, the greater
    Age(CompareOp, Box<Expr>, LengthId),
    /// `age of x between D and E`
    AgeBetween(Box<Expr>, LengthId, LengthId),
    /// `x within D`, `x within next D`
    Within {
        /// A time or a date.
        value: Box<Expr>,
        /// Whether it is `within next`.
        next: bool,
        /// D
        length: LengthId,
    },
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x otherwise y`
    Otherwise(Box<Expr>, Box<Expr>),
    /// Unary `-`
    Negate(Box<Expr>),
    /// `+ - * /`; the type of the expression says how the result is rounded
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// A function
    Call(Function, Vec<Expr>),
    /// `any EVENTS` (1), `at least N EVENTS`
    AtLeastEvents(u32, QueryId),
    /// `no EVENTS` (0), `at most N EVENTS`
    AtMostEvents(u32, QueryId),
    /// `count of EVENTS`
    Count(QueryId),
    /// `total`, `highest`, `lowest`, `distinct FIELD of EVENTS`; the field is an expression on the event
    Aggregate(AggregateOp, Box<Expr>, QueryId),
    /// `first EVENTS` (true), `last EVENTS`
    Edge(bool, QueryId),
}

/// What a check can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CheckState {
    Passed,
    Failed,
    Unknown,
}

/// Texts that are looked up by the whole text.
pub type TextSet = std::collections::HashSet<Box<str>, foldhash::fast::FixedState>;

/// What `in` looks a value up in.
#[derive(Debug)]
pub enum Set {
    /// Folded texts (see [`crate::model::text::fold`]). All that ask the same list share them.
    Texts(Arc<TextSet>),
    /// Choices, by their place.
    Choices(Vec<u16>),
    /// Whole numbers and numbers in millionths, or money in ten-thousandths, sorted.
    Numbers(Vec<i128>),
    /// Dates and times (compared by their day where one is a date), bools.
    Values(Vec<Literal>),
}

impl Program {
    /// Whether the lead's stage field holds this stage or a higher one.
    pub fn stands_at(&self, lead: &Lead<'_>, stage: StageId) -> bool {
        let field = self.schema.stage_field;
        field.is_some_and(|field| matches!(lead.field(field), Value::Choice(choice) if choice >= stage.0))
    }
}
