//! What tests can show of a policy: items (a check, a rule, a stage), each with its outcomes.

use super::model::{Group, Kind};
use crate::base::Span;
use crate::check::hir::{AlwaysId, BandsId, Expr, FitId, LengthId, MatrixId, PartId, ReasonId, RouteId, StageId, Step};
use crate::model::Tri;

/// Something that a policy declares and that has outcomes.
#[derive(Debug)]
pub struct Item<'p> {
    /// In which part of the report it stands.
    pub group: Group,
    /// Its name: `icp.in_us`.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Where it is declared.
    pub span: Span,
    /// What works it out.
    pub steps: Vec<Step>,
    /// What can come out of it.
    pub goals: Vec<Goal<'p>>,
}

/// One outcome.
#[derive(Debug)]
pub struct Goal<'p> {
    /// What kind of outcome it is.
    pub kind: Kind,
    /// What it is, in words.
    pub text: String,
    /// The part of the policy that it is about.
    pub span: Span,
    /// How it is seen on a lead.
    pub sight: Sight<'p>,
}

/// How an outcome is seen on a lead.
#[derive(Clone, Copy, Debug)]
pub enum Sight<'p> {
    /// A condition has this value.
    Truth(&'p Expr, Tri),
    /// A value is missing, or it is known.
    Missing(&'p Expr, bool),
    /// This part alone decides an `and` or `or`.
    Alone(&'p Expr, usize),
    /// The premise of an `implies` holds, and the whole does.
    Exercised(&'p Expr, &'p Expr),
    /// A value lies in a range, both ends in, in the unit of [`raw`].
    Range(&'p Expr, Unit, i128, i128),
    /// How far a time or date lies behind the as-of less a length (or plus it), in milliseconds, both ends in.
    Reach(&'p Expr, LengthId, Anchor, i64, i64),
    /// An event of a question lies just inside its window, or just outside.
    Window(Events<'p>, Start<'p>, Side),
    /// A question counts exactly so many events.
    Count(&'p Expr, u64),
    /// A fit's verdict.
    Fit(FitId, Tri),
    /// A rule gives points or takes them, or does not.
    Fires(PartId, bool),
    /// A case of `by` or `first of` is taken.
    Case(PartId, Taken),
    /// An event is lost to this cap; or just as many count as it lets, and none is lost.
    Cap(PartId, Cap, bool),
    /// Points are held at the lower limit (below), within the limits, at the upper.
    Limit(PartId, Held),
    /// An event earns full points, or fewer.
    Decay(PartId, bool),
    /// The score lies in this band.
    Band(BandsId, u16),
    /// The cell of this row and column.
    Cell(MatrixId, u16, u16),
    /// Whether this reason disqualifies.
    Reason(ReasonId, bool),
    /// The lead's stage is this one.
    Stage(StageId),
    /// Whether the stage is reached, as far as known.
    Standing(StageId, Tri),
    /// Its condition holds and the stage that it comes after is not reached.
    HeldBack(StageId),
    /// `keep while` keeps the lead, or lets it go.
    Kept(StageId, bool),
    /// This route is taken; none is.
    Route(Option<RouteId>),
    /// An `always` that says nothing of a premise holds.
    Always(AlwaysId),
}

/// What a range is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Millionths of a number.
    Micros,
    /// The raw value: money, days, choices, milliseconds.
    Raw,
    /// Days in the zone, also of a time.
    Days,
}

/// What a time is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The as-of less the length.
    Back,
    /// The as-of itself.
    Now,
    /// The as-of plus the length.
    Ahead,
}

/// Which events are looked at.
#[derive(Clone, Copy, Debug)]
pub enum Events<'p> {
    /// Those of a rule per event.
    Rule(PartId),
    /// Those that a question about events was answered with.
    Question(&'p Expr),
}

/// Where a window begins.
#[derive(Clone, Copy, Debug)]
pub enum Start<'p> {
    /// So long before the as-of.
    Within(LengthId),
    /// At a time or date.
    Since(&'p Expr),
}

/// The side of a window's edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Side {
    Inside,
    Outside,
}

/// Which case is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The one at this place.
    At(u16),
    /// `missing`
    Missing,
    /// `otherwise`
    Otherwise,
    /// None.
    None,
}

/// A cap on how often events count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Cap {
    Day,
    Week,
    Month,
    Times,
    /// `per distinct`
    Distinct,
}

/// Where limits hold points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Held {
    AtTheBottom,
    Within,
    AtTheTop,
}

impl<'p> Item<'p> {
    /// An item without outcomes yet.
    pub fn new(group: Group, name: String, label: &str, span: Span, steps: &[Step]) -> Item<'p> {
        Item { group, name, label: label.to_owned(), span, steps: steps.to_vec(), goals: Vec::new() }
    }

    /// Adds an outcome.
    pub fn goal(&mut self, kind: Kind, text: impl Into<String>, span: Span, sight: Sight<'p>) {
        let text = text.into();
        // Two cases of a rule may share a side of a line.
        let side = matches!(kind, Kind::Edge | Kind::Window);
        if !(side && self.goals.iter().any(|goal| goal.kind == kind && goal.text == text)) {
            self.goals.push(Goal { kind, text, span, sight });
        }
    }
}
