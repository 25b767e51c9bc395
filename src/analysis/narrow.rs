//! Questions about events that a condition on the first or last of them, or on the highest or lowest of their values,
//! asks by its nature: the last is less than 30 days old if any is; the highest is at least 5 if any is.

use super::cells::constant;
use super::values::{Tris, amount, amount_of};
use crate::check::hir::{Expr, ExprKind, LengthId, Program, QueryId};
use crate::model::time::AsOf;
use crate::model::{Event, EventTypeId, Literal, Value};
use crate::syntax::ast::{AggregateOp, CompareOp};

/// A question that counts some of the events that another one counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Narrow {
    /// The question that the policy asks.
    pub(super) of: QueryId,
    pub(super) by: By,
}

/// Which events of a question count.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum By {
    /// From an instant on.
    From(i64),
    /// Up to an instant.
    Until(i64),
    /// A field, by its places in the types' fields, is known.
    Known(Vec<u16>),
    /// A field has at least this value, in the units of [`amount`]; none for more than it.
    Least(Vec<u16>, i128),
    /// A field has at most this value.
    Most(Vec<u16>, i128),
}

/// The place of a field in a type's fields.
pub(super) fn place_of(places: &[u16], ty: Option<EventTypeId>) -> Option<usize> {
    let place = if let [one] = places { *one } else { places.get(ty?.index()).copied()? };
    (place != u16::MAX).then_some(usize::from(place))
}

impl By {
    /// Whether an event of a type with these values, at any instant of the interval, counts; none where that rests on the
    /// instant. Intervals end where questions turn.
    pub(super) fn holds(
        &self,
        ty: Option<EventTypeId>,
        value: &dyn Fn(usize) -> Option<i128>,
        from: i64,
        to: i64,
    ) -> bool {
        let of = |places: &[u16]| place_of(places, ty).and_then(value);
        match self {
            By::From(at) => from >= *at,
            By::Until(at) => to <= *at,
            By::Known(places) => of(places).is_some(),
            By::Least(places, least) => of(places).is_some_and(|value| value >= *least),
            By::Most(places, most) => of(places).is_some_and(|value| value <= *most),
        }
    }

    /// Whether it looks at fields.
    pub(super) fn by_field(&self) -> bool {
        !matches!(self, By::From(_) | By::Until(_))
    }

    /// The instant at which an interval has to begin.
    pub(super) fn start(&self) -> Option<i64> {
        match self {
            By::From(at) => Some(*at),
            By::Until(at) => at.checked_add(1),
            _ => None,
        }
    }
}

impl Narrow {
    /// Whether an event of the wider question counts.
    pub(super) fn holds(&self, event: &Event<'_>) -> bool {
        let value = |place: usize| event.fields.get(place).copied().and_then(amount);
        self.by.holds(event.ty, &value, event.at, event.at)
    }
}

/// What a condition asks: unknown without any event of `base`; else whether all of these are so.
#[derive(Clone, Debug)]
pub(super) struct Asks {
    /// The place of the question without which nothing is known.
    pub(super) base: usize,
    /// Places of questions, and whether any event is to count for them.
    pub(super) all: Vec<(usize, bool)>,
    /// Whether the condition is the opposite.
    pub(super) not: bool,
}

impl Asks {
    /// What the condition can be, by how many events may count for each question.
    pub(super) fn tris(&self, counts: &[(u32, u32)]) -> Tris {
        let any = |place: usize| match counts[place] {
            (_, 0) => Tris::FALSE,
            (0, _) => Tris::KNOWN,
            _ => Tris::TRUE,
        };
        let base = any(self.base);
        if base == Tris::FALSE {
            return Tris::UNKNOWN;
        }
        let all = self.all.iter().fold(Tris::TRUE, |tris, (place, wanted)| {
            let any = any(*place);
            tris.and(if *wanted { any } else { !any })
        });
        let known = if self.not { !all } else { all };
        if base == Tris::KNOWN { known.union(Tris::UNKNOWN) } else { known }
    }
}

/// Collects the questions that conditions ask by their nature.
pub(super) struct Narrows<'p> {
    program: &'p Program,
    as_of: &'p AsOf,
    pub(super) all: Vec<Narrow>,
}

/// What is compared: the first or last of events, the highest or lowest of their values.
enum Seen<'p> {
    First(QueryId),
    Last(QueryId),
    Highest(&'p [u16], QueryId),
    Lowest(&'p [u16], QueryId),
}

/// A bound: at least an amount, or more than it; or the opposite.
#[derive(Clone, Copy)]
struct AtLeast {
    amount: i128,
    more: bool,
    not: bool,
}

impl<'p> Narrows<'p> {
    pub(super) fn new(program: &'p Program, as_of: &'p AsOf) -> Narrows<'p> {
        Narrows { program, as_of, all: Vec::new() }
    }

    /// What a condition asks, if it is such a condition.
    pub(super) fn asks(&mut self, expr: &'p Expr) -> Option<Asks> {
        let back = |length: LengthId| {
            i128::from(self.as_of.reach(self.program.lengths[length.index()], &self.program.zone).back)
        };
        // The older, the smaller the instant.
        let (seen, bounds, not) = match &expr.kind {
            ExprKind::Age(op, value, length) => {
                let turned = match op {
                    CompareOp::Less => CompareOp::Greater,
                    CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
                    CompareOp::Greater => CompareOp::Less,
                    CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
                    op => *op,
                };
                let (bounds, not) = bounds(turned, back(*length));
                (self.seen(value, true)?, bounds, not)
            }
            ExprKind::AgeBetween(value, low, high) => {
                let young = AtLeast { amount: back(*low), more: true, not: true };
                (self.seen(value, true)?, vec![young, at_least(back(*high))], false)
            }
            ExprKind::Within { value, next: false, length } => {
                (self.seen(value, true)?, vec![at_least(back(*length))], false)
            }
            ExprKind::Compare(op, a, b) => {
                let (op, value, literal) = match (constant(self.program, a), constant(self.program, b)) {
                    (None, Some(literal)) => (*op, a, literal),
                    (Some(literal), None) => (flipped(*op), b, literal),
                    _ => return None,
                };
                if matches!(literal, Literal::Date(_)) {
                    return None;
                }
                let (bounds, not) = bounds(op, amount_of(literal)?);
                (self.seen(value, matches!(literal, Literal::Time(_)))?, bounds, not)
            }
            ExprKind::Between(value, low, high) => {
                let (low, high) = (constant(self.program, low)?, constant(self.program, high)?);
                if matches!(low, Literal::Date(_)) || matches!(high, Literal::Date(_)) {
                    return None;
                }
                let above = AtLeast { amount: amount_of(high)?, more: true, not: true };
                let bounds = vec![at_least(amount_of(low)?), above];
                (self.seen(value, matches!(low, Literal::Time(_)))?, bounds, false)
            }
            _ => return None,
        };
        let base = match &seen {
            Seen::First(query) | Seen::Last(query) => query.index(),
            Seen::Highest(places, query) | Seen::Lowest(places, query) => {
                self.question(*query, By::Known(places.to_vec()))
            }
        };
        let mut all = Vec::new();
        for AtLeast { amount, more, not } in bounds {
            let instant = || i64::try_from(amount + i128::from(more)).ok();
            let (query, by, wanted) = match &seen {
                Seen::Last(query) => (*query, By::From(instant()?), true),
                Seen::First(query) => (*query, By::Until(instant()?.checked_sub(1)?), false),
                Seen::Highest(places, query) => (*query, By::Least(places.to_vec(), amount + i128::from(more)), true),
                Seen::Lowest(places, query) => (*query, By::Most(places.to_vec(), amount - i128::from(!more)), false),
            };
            all.push((self.question(query, by), wanted != not));
        }
        Some(Asks { base, all, not })
    }

    /// The place of a question.
    fn question(&mut self, of: QueryId, by: By) -> usize {
        let narrow = Narrow { of, by };
        let place = self.all.iter().position(|other| *other == narrow).unwrap_or_else(|| {
            self.all.push(narrow);
            self.all.len() - 1
        });
        self.program.queries.len() + place
    }

    fn seen(&self, value: &'p Expr, time: bool) -> Option<Seen<'p>> {
        match &value.kind {
            // The cells of an event's field turn at what it is compared with itself, not at what a define of it is.
            ExprKind::Define(id) if time => self.seen(&self.program.defines[id.index()].value, time),
            ExprKind::Edge(first, query) if time => Some(if *first { Seen::First(*query) } else { Seen::Last(*query) }),
            ExprKind::Aggregate(op, field, query) if !time => {
                let ExprKind::EventField(places) = &field.kind else { return None };
                match op {
                    AggregateOp::Highest => Some(Seen::Highest(places, *query)),
                    AggregateOp::Lowest => Some(Seen::Lowest(places, *query)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

fn at_least(amount: i128) -> AtLeast {
    AtLeast { amount, more: false, not: false }
}

/// The bounds that a comparison with an amount sets, and whether it is the opposite of them.
fn bounds(op: CompareOp, amount: i128) -> (Vec<AtLeast>, bool) {
    let more = AtLeast { amount, more: true, not: false };
    match op {
        CompareOp::GreaterOrEqual => (vec![at_least(amount)], false),
        CompareOp::Greater => (vec![more], false),
        CompareOp::Less => (vec![at_least(amount)], true),
        CompareOp::LessOrEqual => (vec![more], true),
        CompareOp::Is => (vec![at_least(amount), AtLeast { not: true, ..more }], false),
        CompareOp::IsNot => (vec![at_least(amount), AtLeast { not: true, ..more }], true),
    }
}

fn flipped(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        op => op,
    }
}

/// The value of a literal as an amount; none for what is missing.
pub(super) fn literal_amount(value: &Literal) -> Option<i128> {
    match super::cells::borrowed(value) {
        Value::Missing => None,
        value => amount(value),
    }
}
