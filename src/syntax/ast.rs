//! The tree of what was written. Names are not looked up here and nothing is typed; `check` does that.
//!
//! Every node carries its [`Span`]; equality ignores spans. Optional parts are `Option`, lists keep the order of the
//! text. Parentheses leave no node of their own: [`Expr::span`] of what stands in them includes them.

use crate::base::{Span, Spanned};

/// One `.qual` file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// Its declarations, in order.
    pub items: Vec<Item>,
    /// Its comments, in order.
    pub comments: Vec<Comment>,
}

/// A comment: from `#` to the end of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text with its `#`, without the line end and without blanks at the end.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Whether only blanks stand before it on its line.
    pub own_line: bool,
}

/// A name as written.
pub type Name = Spanned<String>;
/// A text literal, escapes resolved.
pub type Text = Spanned<String>;

/// A dotted name: `company.employees`, `lead.country`, `engagement.opens`, `country`.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Its parts; at least one.
    pub parts: Vec<Name>,
    /// The whole.
    pub span: Span,
}

/// A declaration and its place.
pub type Item = Spanned<ItemKind>;

/// What a declaration declares.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `policy "label"`
    Policy(Text),
    /// `version "2026.4"`
    Version(Text),
    /// `owner "revops@doggie.example"`
    Owner(Text),
    /// `timezone "America/New_York"`
    Timezone(Text),
    /// `review every 3 months, last 2026-10-01`
    Review {
        /// How often.
        every: Duration,
        /// When it was last done.
        last: Option<DateLit>,
    },
    /// `agreed by "marketing" on 2026-10-01`
    Agreed {
        /// Who.
        by: Text,
        /// When.
        on: DateLit,
    },
    /// `use "common/personas.qual"`
    Use(Text),
    /// `lead [missing [..]] { fields }`
    Lead {
        /// Texts and numbers that mean missing, for all fields.
        missing: Option<Vec<Expr>>,
        /// The fields.
        fields: Vec<Field>,
    },
    /// `events { in "activities" type "activity_type" at "occurred_at" lead "person_id" }`; each at most once
    Events(Vec<EventsClause>),
    /// `event page_viewed "label" from "Page View" { fields }`
    Event {
        /// Its name.
        name: Name,
        /// Its label.
        label: Option<Text>,
        /// How the data spells the type.
        from: Option<Text>,
        /// Its fields.
        fields: Vec<Field>,
    },
    /// `event engaged "label" is any of [webinar_attended, discovery_call]`
    EventGroup {
        /// Its name.
        name: Name,
        /// Its label.
        label: Option<Text>,
        /// The event types.
        of: Vec<Name>,
    },
    /// `list NAME "label" = [..]` or `from "file"`
    List {
        /// Its name.
        name: Name,
        /// Its label.
        label: Option<Text>,
        /// Its entries.
        source: ListSource,
    },
    /// `define NAME "label": expression`
    Define {
        /// Its name.
        name: Name,
        /// Its label.
        label: Option<Text>,
        /// Its value.
        value: Expr,
    },
    /// `persona NAME "label": condition`
    Persona {
        /// Its name.
        name: Name,
        /// Its label.
        label: Option<Text>,
        /// Who they are.
        condition: Expr,
    },
    /// `fit NAME "label" [needs N] { checks }`
    Fit {
        /// Its name.
        name: Name,
        /// Its label.
        label: Option<Text>,
        /// How many checks must pass.
        needs: Option<Amount>,
        /// The checks.
        checks: Vec<Condition>,
    },
    /// `score NAME "label" [from A] [to B] { parts }`
    Score(Group),
    /// `bands NAME "label" of SCORE { bands }`
    Bands {
        /// Its name.
        name: Name,
        /// Its label.
        label: Option<Text>,
        /// The score.
        of: Path,
        /// The bands, lowest first.
        bands: Vec<Band>,
    },
    /// `matrix NAME "label" of ROWS by COLUMNS { header rows }`
    Matrix {
        /// Its name.
        name: Name,
        /// Its label.
        label: Option<Text>,
        /// What gives the row.
        rows_of: Path,
        /// What gives the column.
        columns_of: Path,
        /// The column heads: what stands behind `_ :`.
        columns: Vec<Head>,
        /// The rows.
        rows: Vec<MatrixRow>,
    },
    /// `disqualify { NAME "label": condition }`
    Disqualify(Vec<Condition>),
    /// `stages { .. }`
    Stages(Vec<Stage>),
    /// `route { .. }`
    Route(Vec<RouteArm>),
    /// `always "label": condition`
    Always {
        /// Its label.
        label: Option<Text>,
        /// What must never be false.
        condition: Expr,
    },
    /// `outcome { lead "lead_id" converted "converted" at "converted_at" amount "acv_usd" in USD }`
    Outcome(Vec<OutcomeClause>),
    /// `test "label" as of DATE { .. }`
    Test(Test),
    /// Text that is no declaration; an error was reported for it.
    Junk,
}

/// A field of the lead, of an event, or a nested record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// Its clauses, in order.
    pub clauses: Vec<FieldClause>,
    /// The whole field.
    pub span: Span,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeExpr {
    /// `text`, `int`, `number`, `bool`, `date`, `time`, `stage`; any other word is an error for `check`.
    Name(Name),
    /// `money USD`
    Money(Name),
    /// `one of [..]`
    OneOf(Vec<Text>, Span),
    /// `ranked [..]`
    Ranked(Vec<Text>, Span),
    /// `list of T`
    List(Box<TypeExpr>, Span),
    /// `{ fields }`
    Record(Vec<Field>, Span),
}

impl TypeExpr {
    /// Where the type is written.
    pub fn span(&self) -> Span {
        match self {
            TypeExpr::Name(name) | TypeExpr::Money(name) => name.span,
            TypeExpr::OneOf(_, span)
            | TypeExpr::Ranked(_, span)
            | TypeExpr::List(_, span)
            | TypeExpr::Record(_, span) => *span,
        }
    }
}

/// A clause of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldClause {
    /// `key`
    Key(Span),
    /// `required`
    Required(Span),
    /// `fixed`
    Fixed(Span),
    /// `known from sal`
    KnownFrom(Name),
    /// `from "path"`
    From(Text),
    /// `ask "question"`
    Ask(Text),
    /// `format "%d.%m.%Y"`
    Format(Text),
    /// `missing ["Select", -1]`
    Missing(Vec<Expr>, Span),
}

/// A clause of `events { .. }`.
#[derive(Clone, Debug, PartialEq)]
pub enum EventsClause {
    /// `in "activities"`: the lead's field that holds its events
    In(Text),
    /// `type "activity_type"`
    Type(Text),
    /// `at "occurred_at"`
    At(Text),
    /// `lead "person_id"`: the column that joins a second file to the leads
    Lead(Text),
}

/// A clause of `outcome { .. }`.
#[derive(Clone, Debug, PartialEq)]
pub enum OutcomeClause {
    /// `lead "lead_id"`
    Lead(Text),
    /// `converted "converted"`
    Converted(Text),
    /// `at "converted_at"`
    At(Text),
    /// `amount "acv_usd" in USD`
    Amount(Text, Option<Name>),
}

/// Where the entries of a list come from.
#[derive(Clone, Debug, PartialEq)]
pub enum ListSource {
    /// `= ["a", "b"]`
    Inline(Vec<Expr>, Span),
    /// `from "file.txt"`, `from "file.csv" column "domain"`
    File {
        /// The file, relative to the file that says so.
        path: Text,
        /// The column of a CSV file.
        column: Option<Text>,
    },
}

/// `NAME "label": condition`, a check or a reason to disqualify.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Option<Text>,
    /// The condition.
    pub condition: Expr,
    /// The whole.
    pub span: Span,
}

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
    /// [`ExprKind::Subject`].
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

/// A band: `warm "Warm" from 20`.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Option<Text>,
    /// Where it begins.
    pub from: Option<Amount>,
    /// The whole.
    pub span: Span,
}

/// The head of a row or column of a matrix. `fits`, `unknown`, `fails`, `missing` are bare heads too.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The name, or the quoted text.
    pub text: String,
    /// Whether it was quoted.
    pub quoted: bool,
    /// Where.
    pub span: Span,
}

/// `fits: p3, p2, p1`
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixRow {
    /// The row's head.
    pub head: Head,
    /// Its cells.
    pub cells: Vec<Name>,
    /// The whole.
    pub span: Span,
}

/// `sal "Sales accepted lead" after mql: condition, keep while condition`
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Option<Text>,
    /// The lower stage that must be reached as well.
    pub after: Option<Name>,
    /// The condition; the first stage has none.
    pub condition: Option<Expr>,
    /// `keep while c`
    pub keep_while: Option<Expr>,
    /// The whole.
    pub span: Span,
}

/// `ae "Account executive" within 1 hour: stage is sql`
#[derive(Clone, Debug, PartialEq)]
pub struct RouteArm {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Option<Text>,
    /// The deadline.
    pub within: Option<Duration>,
    /// The condition; none is `otherwise`.
    pub condition: Option<Expr>,
    /// The whole.
    pub span: Span,
}

/// `test "label" as of DATE { .. }`
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Its label.
    pub label: Text,
    /// A date or an instant.
    pub as_of: Expr,
    /// What it says, in order.
    pub steps: Vec<TestStep>,
}

/// A line of a test.
#[derive(Clone, Debug, PartialEq)]
pub enum TestStep {
    /// `lead { country: "US", .. }`
    Lead(Vec<Entry>, Span),
    /// `event NAME when, N times { fields }`
    Event(TestEvent),
    /// `expect condition`
    Expect(Expr, Span),
    /// Text that is none of these; an error was reported for it.
    Junk(Span),
}

/// An event of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct TestEvent {
    /// Its type.
    pub name: Name,
    /// When it was.
    pub when: When,
    /// How many times; 1 if not said.
    pub times: Option<Number>,
    /// Its fields.
    pub fields: Vec<Entry>,
    /// The whole.
    pub span: Span,
}

/// When an event of a test was.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// `12 days ago`
    Ago(Duration),
    /// `on 2026-10-01`
    On(DateLit),
    /// `at 2026-10-01T12:00:00Z`
    At(Expr),
}

/// `name: value` in a test. A nested record is `company: { name: "x" }` or `company.name: "x"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The field.
    pub name: Path,
    /// Its value.
    pub value: EntryValue,
    /// The whole.
    pub span: Span,
}

/// The value of an [`Entry`].
#[derive(Clone, Debug, PartialEq)]
pub enum EntryValue {
    /// A literal, a list of literals, or a bare name (a stage or listed text).
    Value(Expr),
    /// `{ name: value }`
    Record(Vec<Entry>),
}

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
