//! The tree of what was written. Names are not looked up here and nothing is typed; `check` does that.
//!
//! Every node carries its [`Span`]; equality ignores spans. Optional parts are `Option`, lists keep the order of the
//! text. Parentheses leave no node of their own: [`Expr::span`] of what stands in them includes them.

mod expr;
mod score;
mod walk;

pub use expr::*;
pub use score::*;

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
