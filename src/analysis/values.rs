//! Sets of values: what an expression can be for all leads of a set. They may hold more than can be, never less.

use crate::model::number::{LIMIT, NUMBER_SCALE};
use crate::model::{Literal, OUTSIDE, Scalar, Tri, Type, Value};
use crate::syntax::ast::CompareOp;

/// A set of truth values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Tris(u8);

impl Tris {
    /// No value at all.
    pub const NONE: Tris = Tris(0);
    /// Always true.
    pub const TRUE: Tris = Tris(1);
    /// Always false.
    pub const FALSE: Tris = Tris(2);
    /// Always unknown.
    pub const UNKNOWN: Tris = Tris(4);
    /// True or false.
    pub const KNOWN: Tris = Tris(3);
    /// Anything.
    pub const ANY: Tris = Tris(7);

    /// The set of one value.
    pub fn of(value: Tri) -> Tris {
        match value {
            Tri::True => Tris::TRUE,
            Tri::False => Tris::FALSE,
            Tri::Unknown => Tris::UNKNOWN,
        }
    }

    /// Whether the value is in the set.
    pub fn has(self, value: Tri) -> bool {
        self.0 & Tris::of(value).0 != 0
    }

    /// The values, true first.
    pub fn iter(self) -> impl Iterator<Item = Tri> {
        [Tri::True, Tri::False, Tri::Unknown].into_iter().filter(move |value| self.has(*value))
    }

    /// Whether there is exactly one value.
    pub fn is_one(self) -> bool {
        self.0.is_power_of_two()
    }

    /// Whether there is no value.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// What is in either set.
    pub fn union(self, other: Tris) -> Tris {
        Tris(self.0 | other.0)
    }

    /// What is in both sets.
    pub fn both(self, other: Tris) -> Tris {
        Tris(self.0 & other.0)
    }

    fn map(self, other: Tris, combine: impl Fn(Tri, Tri) -> Tri) -> Tris {
        let mut found = Tris::NONE;
        for a in self.iter() {
            for b in other.iter() {
                found = found.union(Tris::of(combine(a, b)));
            }
        }
        found
    }

    /// `a and b` for all values of both.
    pub fn and(self, other: Tris) -> Tris {
        self.map(other, Tri::and)
    }

    /// `a or b` for all values of both.
    pub fn or(self, other: Tris) -> Tris {
        self.map(other, Tri::or)
    }
}

impl std::ops::Not for Tris {
    type Output = Tris;

    fn not(self) -> Tris {
        Tris((self.0 & 1) << 1 | (self.0 & 2) >> 1 | self.0 & 4)
    }
}

/// A set of numbers: an interval, and whether the value may be missing. Whole numbers and numbers are in millionths,
/// money in ten-thousandths, dates in days, times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The least value.
    pub low: i128,
    /// The greatest value; below the least when there is no known value.
    pub high: i128,
    /// Whether it may be missing.
    pub missing: bool,
}

impl Interval {
    /// Only missing.
    pub const MISSING: Interval = Interval { low: 1, high: 0, missing: true };
    /// Nothing at all.
    pub const NONE: Interval = Interval { low: 1, high: 0, missing: false };

    /// From one to another value.
    pub fn new(low: i128, high: i128) -> Interval {
        Interval { low, high, missing: false }
    }

    /// Whether a known value is possible.
    pub fn is_known(&self) -> bool {
        self.low <= self.high
    }

    /// What is in either.
    pub fn union(self, other: Interval) -> Interval {
        let missing = self.missing || other.missing;
        match (self.is_known(), other.is_known()) {
            (true, true) => Interval { low: self.low.min(other.low), high: self.high.max(other.high), missing },
            (true, false) => Interval { missing, ..self },
            _ => Interval { missing, ..other },
        }
    }

    /// Adds "missing" to the set where `missing` holds.
    pub fn or_missing(self, missing: bool) -> Interval {
        Interval { missing: self.missing || missing, ..self }
    }

    /// Known values of an operation on two intervals; missing when a side is.
    pub fn zip(self, other: Interval, combine: impl Fn((i128, i128), (i128, i128)) -> (i128, i128)) -> Interval {
        let missing = self.missing || other.missing;
        if !self.is_known() || !other.is_known() {
            return Interval { missing, ..Interval::NONE };
        }
        let (low, high) = combine((self.low, self.high), (other.low, other.high));
        Interval { low, high, missing }
    }

    /// Holds results within the limits of numbers: what does not fit is missing.
    pub fn fit(self, whole: bool) -> Interval {
        let most = if whole { i128::from(LIMIT - 1) * i128::from(NUMBER_SCALE) } else { i128::from(LIMIT - 1) };
        if !self.is_known() || (self.low >= -most && self.high <= most) {
            return self;
        }
        Interval { low: self.low.max(-most), high: self.high.min(most), missing: true }
    }

    /// `a OP b` for all values of both.
    pub fn compare(self, op: CompareOp, other: Interval) -> Tris {
        let unknown = if self.missing || other.missing { Tris::UNKNOWN } else { Tris::NONE };
        if !self.is_known() || !other.is_known() {
            return unknown;
        }
        let (a, b) = (self, other);
        let one = a.low == a.high && b.low == b.high && a.low == b.low;
        let apart = a.high < b.low || b.high < a.low;
        let sets = |always: bool, never: bool| match (always, never) {
            (true, _) => Tris::TRUE,
            (_, true) => Tris::FALSE,
            _ => Tris::KNOWN,
        };
        unknown.union(match op {
            CompareOp::Is => sets(one, apart),
            CompareOp::IsNot => sets(apart, one),
            CompareOp::Less => sets(a.high < b.low, a.low >= b.high),
            CompareOp::LessOrEqual => sets(a.high <= b.low, a.low > b.high),
            CompareOp::Greater => sets(a.low > b.high, a.high <= b.low),
            CompareOp::GreaterOrEqual => sets(a.low >= b.high, a.high < b.low),
        })
    }
}

/// A set of choices of a list of up to 127; of longer lists any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choices {
    bits: u128,
    /// Whether it may be missing.
    pub missing: bool,
    /// Whether it may be that of a disqualified lead.
    pub outside: bool,
    /// The list is too long: any choice may be.
    pub any: bool,
}

impl Choices {
    /// The empty set.
    pub const NONE: Choices = Choices { bits: 0, missing: false, outside: false, any: false };

    /// Any choice.
    pub const ANY: Choices = Choices { bits: 0, missing: false, outside: false, any: true };

    /// All choices of a list.
    pub fn all(count: usize) -> Choices {
        let mut all = Choices::NONE;
        (0..count.min(usize::from(OUTSIDE))).for_each(|choice| all.add(choice as u16));
        all
    }

    /// Adds a choice.
    pub fn add(&mut self, choice: u16) {
        match choice {
            OUTSIDE => self.outside = true,
            0..127 => self.bits |= 1 << choice,
            _ => self.any = true,
        }
    }

    /// Whether a choice may be.
    pub fn has(&self, choice: u16) -> bool {
        match choice {
            OUTSIDE => self.outside,
            0..127 => self.any || self.bits >> choice & 1 == 1,
            _ => self.any,
        }
    }

    /// Whether nothing but one choice may be.
    pub fn is_one(&self) -> bool {
        !self.any && u32::from(self.missing) + u32::from(self.outside) + self.bits.count_ones() == 1
    }

    /// The choices on the list that may be; none when any may.
    pub fn listed(&self) -> Option<impl Iterator<Item = u16> + use<>> {
        let bits = self.bits;
        (!self.any).then(move || (0..127u16).filter(move |choice| bits >> choice & 1 == 1))
    }
}

/// What an expression can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// A condition.
    Tris(Tris),
    /// A number, an amount of money, a date or a time.
    Interval(Interval),
    /// A choice.
    Choices(Choices),
    /// A text or a list: whether it may be known, and missing.
    Other {
        /// It may be known.
        known: bool,
        /// It may be missing.
        missing: bool,
    },
}

impl Set {
    /// Everything that a type holds, and missing.
    pub fn anything(ty: Type) -> Set {
        match ty {
            Type::One(Scalar::Bool) => Set::Tris(Tris::ANY),
            Type::One(Scalar::Text) | Type::List(_) => Set::Other { known: true, missing: true },
            Type::One(Scalar::Choice(_)) => Set::Choices(Choices { any: true, missing: true, ..Choices::NONE }),
            Type::One(scalar) => {
                let (low, high) = super::cells::whole_range(scalar);
                let scale = if scalar == Scalar::Int { NUMBER_SCALE } else { 1 };
                let wide = |end: i64| i128::from(end) * i128::from(scale);
                Set::Interval(Interval { low: wide(low), high: wide(high), missing: true })
            }
        }
    }

    /// The set of one value.
    pub fn of(value: Value<'_>, ty: Type) -> Set {
        match (value, ty) {
            (value, Type::One(Scalar::Bool)) => Set::Tris(Tris::of(value.tri())),
            (Value::Missing, Type::One(Scalar::Text) | Type::List(_)) => Set::Other { known: false, missing: true },
            (Value::Text(_) | Value::List(_), _) => Set::Other { known: true, missing: false },
            (Value::Missing, Type::One(Scalar::Choice(_))) => Set::Choices(Choices { missing: true, ..Choices::NONE }),
            (Value::Choice(choice), _) => {
                let mut one = Choices::NONE;
                one.add(choice);
                Set::Choices(one)
            }
            (Value::Missing, _) => Set::Interval(Interval::MISSING),
            (value, _) => {
                let number = amount(value).unwrap_or(0);
                Set::Interval(Interval::new(number, number))
            }
        }
    }

    /// What is in either set.
    pub fn union(self, other: Set) -> Set {
        match (self, other) {
            (Set::Tris(a), Set::Tris(b)) => Set::Tris(a.union(b)),
            (Set::Interval(a), Set::Interval(b)) => Set::Interval(a.union(b)),
            (Set::Choices(a), Set::Choices(b)) => Set::Choices(Choices {
                bits: a.bits | b.bits,
                missing: a.missing || b.missing,
                outside: a.outside || b.outside,
                any: a.any || b.any,
            }),
            (Set::Other { known: a, missing: b }, Set::Other { known: c, missing: d }) => {
                Set::Other { known: a || c, missing: b || d }
            }
            (a, _) => a,
        }
    }

    /// As a set of truth values; anything for what is no condition.
    pub fn tris(self) -> Tris {
        if let Set::Tris(tris) = self { tris } else { Tris::ANY }
    }

    /// Whether the value may be missing, or the condition unknown.
    pub fn may_be_missing(self) -> bool {
        match self {
            Set::Tris(tris) => tris.has(Tri::Unknown),
            Set::Interval(interval) => interval.missing,
            Set::Choices(choices) => choices.missing,
            Set::Other { missing, .. } => missing,
        }
    }

    /// Whether the value may be known.
    pub fn may_be_known(self) -> bool {
        match self {
            Set::Tris(tris) => !tris.both(Tris::KNOWN).is_none(),
            Set::Interval(interval) => interval.is_known(),
            Set::Choices(choices) => choices.any || choices.outside || choices.bits != 0,
            Set::Other { known, .. } => known,
        }
    }

    /// Whether there is exactly one value (of texts and lists: whether it is only missing).
    pub fn is_one(self) -> bool {
        match self {
            Set::Tris(tris) => tris.is_one(),
            Set::Interval(interval) => {
                if interval.is_known() {
                    interval.low == interval.high && !interval.missing
                } else {
                    true
                }
            }
            Set::Choices(choices) => choices.is_one(),
            Set::Other { known, .. } => !known,
        }
    }

    /// Without "missing".
    pub fn known(self) -> Set {
        match self {
            Set::Tris(tris) => Set::Tris(tris.both(Tris::KNOWN)),
            Set::Interval(interval) => Set::Interval(Interval { missing: false, ..interval }),
            Set::Choices(choices) => Set::Choices(Choices { missing: false, ..choices }),
            Set::Other { known, .. } => Set::Other { known, missing: false },
        }
    }
}

/// A known number, amount, date or time in the units of [`Interval`].
pub fn amount(value: Value<'_>) -> Option<i128> {
    match value {
        Value::Money(value) | Value::Time(value) => Some(i128::from(value)),
        Value::Date(day) => Some(i128::from(day)),
        value => value.micros(),
    }
}

/// As [`amount`], of a literal.
pub fn amount_of(literal: &Literal) -> Option<i128> {
    amount(super::cells::borrowed(literal))
}
