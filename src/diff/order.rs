//! What can only go one way: a threshold that rose lets no lead in that it kept out before.
//!
//! A claim holds here when it follows from how conditions are joined and how they compare, for any lead at any as-of; the
//! cells and events of leads are not looked at. What does not follow may still hold: the search decides.

use crate::check::hir::{
    EventTypes, EventWindow, Expr, ExprKind, FitId, Included, PartId, PartKind, Per, Program, QueryId, Set,
};
use crate::check::keys::{Key, Keys};
use crate::model::{Literal, Scalar, Type, text};
use crate::syntax::ast::CompareOp;
use std::cell::RefCell;
use std::collections::HashSet;

/// As many steps a question may take.
const STEPS: u32 = 20_000;

/// Conditions and points of a policy, compared.
#[derive(Debug)]
pub(super) struct Order<'p> {
    program: &'p Program,
    keys: &'p Keys<'p>,
    /// Groups whose parts are proved never to add up to more than those of another.
    proved: RefCell<HashSet<(PartId, PartId)>>,
}

/// A condition, or its negation.
#[derive(Clone, Copy)]
struct Signed<'p> {
    expr: &'p Expr,
    not: bool,
}

/// A condition that is not made of others.
#[derive(Clone, Copy)]
struct Atom<'p> {
    expr: &'p Expr,
    not: bool,
    key: Key,
}

/// A sequent under way: when all of the left are true, one of the right is.
#[derive(Clone, Default)]
struct Open<'p> {
    left: Vec<Signed<'p>>,
    right: Vec<Signed<'p>>,
    known: Vec<Atom<'p>>,
    wanted: Vec<Atom<'p>>,
}

impl<'p> Order<'p> {
    pub(super) fn new(program: &'p Program, keys: &'p Keys<'p>) -> Order<'p> {
        Order { program, keys, proved: RefCell::default() }
    }

    /// The parts of the first group never add up to more than those of the second.
    pub(super) fn never_more(&self, group: PartId, than: PartId) {
        self.proved.borrow_mut().insert((group, than));
    }

    /// Whether one of `right` is true whenever all of `left` are, so far as that follows from their form.
    pub(super) fn follows(&self, left: &[&'p Expr], right: &[&'p Expr]) -> bool {
        let signed = |all: &[&'p Expr]| all.iter().map(|expr| Signed { expr, not: false }).collect();
        let open = Open { left: signed(left), right: signed(right), ..Open::default() };
        let mut steps = STEPS;
        self.proved(open, &mut steps)
    }

    fn proved(&self, mut open: Open<'p>, steps: &mut u32) -> bool {
        loop {
            if *steps == 0 {
                return false;
            }
            *steps -= 1;
            let (side, signed) = match (open.left.pop(), open.right.is_empty()) {
                (Some(signed), _) => (true, signed),
                (None, false) => match open.right.pop() {
                    Some(signed) => (false, signed),
                    None => return false,
                },
                (None, true) => return self.closed(&open),
            };
            let Signed { expr, not } = signed;
            let program = self.program;
            match &expr.kind {
                ExprKind::Define(id) => {
                    self.put(&mut open, side, &program.defines[id.index()].value, not);
                }
                ExprKind::Check(id) => self.put(&mut open, side, &program.checks[id.index()].condition, not),
                ExprKind::Not(inner) => self.put(&mut open, side, inner, !not),
                // Of a condition it is asked whether it is true; that it is false is more than that it is not true.
                ExprKind::Otherwise(inner, default) if is_false(default) && !not => {
                    self.put(&mut open, side, inner, false);
                }
                ExprKind::Otherwise(inner, default) if is_false(default) => {
                    self.put(&mut open, !side, inner, false);
                }
                ExprKind::Constant(Literal::Bool(value)) => {
                    // True on the left and false on the right say nothing; the others decide.
                    if (*value != not) != side {
                        return true;
                    }
                }
                ExprKind::And(all) | ExprKind::Or(all) => {
                    let and = matches!(expr.kind, ExprKind::And(_)) != not;
                    if and == side {
                        all.iter().for_each(|part| self.put(&mut open, side, part, not));
                    } else {
                        return all.iter().all(|part| {
                            let mut branch = open.clone();
                            self.put(&mut branch, side, part, not);
                            self.proved(branch, steps)
                        });
                    }
                }
                ExprKind::Implies(a, b) => {
                    if side == not {
                        self.put(&mut open, side, a, !not);
                        self.put(&mut open, side, b, not);
                    } else {
                        return [(&**a, !not), (&**b, not)].into_iter().all(|(part, not)| {
                            let mut branch = open.clone();
                            self.put(&mut branch, side, part, not);
                            self.proved(branch, steps)
                        });
                    }
                }
                ExprKind::Fits(fit) if self.all_needed(*fit) => {
                    let checks = program.fits[fit.index()].checks.clone();
                    let checks = checks.map(|check| &program.checks[usize::from(check)].condition);
                    if not != side {
                        checks.for_each(|check| self.put(&mut open, side, check, not));
                    } else {
                        return checks.into_iter().all(|check| {
                            let mut branch = open.clone();
                            self.put(&mut branch, side, check, not);
                            self.proved(branch, steps)
                        });
                    }
                }
                _ if not && self.sure(expr) => self.atom(&mut open, !side, expr, false),
                _ => self.atom(&mut open, side, expr, not),
            }
        }
    }

    fn put(&self, open: &mut Open<'p>, left: bool, expr: &'p Expr, not: bool) {
        let side = if left { &mut open.left } else { &mut open.right };
        side.push(Signed { expr, not });
    }

    fn atom(&self, open: &mut Open<'p>, left: bool, expr: &'p Expr, not: bool) {
        let side = if left { &mut open.known } else { &mut open.wanted };
        side.push(Atom { expr, not, key: self.keys.expr(expr) });
    }

    fn closed(&self, open: &Open<'p>) -> bool {
        open.known.iter().any(|known| {
            open.wanted.iter().any(|wanted| match (known.not, wanted.not) {
                (false, false) => known.key == wanted.key || self.below(known.expr, wanted.expr),
                (true, true) => known.key == wanted.key || self.below(wanted.expr, known.expr),
                _ => false,
            })
        })
    }

    fn all_needed(&self, fit: FitId) -> bool {
        let fit = &self.program.fits[fit.index()];
        usize::from(fit.needs) == fit.checks.len()
    }

    /// Whether a condition is never unknown.
    fn sure(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Constant(_)
            | ExprKind::IsKnown(_)
            | ExprKind::IsMissing(_)
            | ExprKind::FitUnknown(_)
            | ExprKind::DisqualifiedBy(_)
            | ExprKind::AtLeastEvents(..)
            | ExprKind::AtMostEvents(..) => true,
            ExprKind::Compare(_, a, b) => [a, b].into_iter().all(|side| {
                matches!(
                    side.kind,
                    ExprKind::Constant(_)
                        | ExprKind::Points(_)
                        | ExprKind::Band(_)
                        | ExprKind::Cell(_)
                        | ExprKind::Count(_)
                        | ExprKind::CheckCount(..)
                )
            }),
            _ => false,
        }
    }

    /// Whether `b` is at least as true as `a`, false below unknown below true, for every lead.
    fn below(&self, a: &Expr, b: &Expr) -> bool {
        let same = |a: &Expr, b: &Expr| self.keys.expr(a) == self.keys.expr(b);
        if same(a, b) {
            return true;
        }
        if let (Some(a), Some(b)) = (self.bound(a), self.bound(b)) {
            return match (a.least, b.least) {
                (true, true) => self.no_more(a.value, b.value) && b.looser(&a),
                (false, false) => self.no_more(b.value, a.value) && b.looser(&a),
                _ => false,
            };
        }
        if let (Some((value, set, not)), Some((other, among, never))) = (self.listed(a), self.listed(b)) {
            let within = |inner: &[String], outer: &[String]| inner.iter().all(|entry| outer.contains(entry));
            return same(value, other) && not == never && if not { within(&among, &set) } else { within(&set, &among) };
        }
        match (&a.kind, &b.kind) {
            (ExprKind::Match { value, matcher }, ExprKind::Match { value: other, matcher: looser }) => {
                same(value, other)
                    && std::mem::discriminant(&**matcher) == std::mem::discriminant(&**looser)
                    && matcher.patterns().iter().all(|pattern| looser.patterns().contains(pattern))
            }
            (ExprKind::Has { value, entries, all }, ExprKind::Has { value: other, entries: looser, all: every }) => {
                let within = |inner: &[Literal], outer: &[Literal]| inner.iter().all(|entry| outer.contains(entry));
                let single = |all: bool, entries: &[Literal]| all || entries.len() == 1;
                same(value, other)
                    && match (single(*all, entries), single(*every, looser)) {
                        (true, true) => within(looser, entries),
                        (false, false) => within(entries, looser),
                        (true, false) => looser.iter().any(|entry| entries.contains(entry)),
                        (false, true) => false,
                    }
            }
            (
                ExprKind::Within { value, next, length },
                ExprKind::Within { value: other, next: ahead, length: longer },
            ) => same(value, other) && next == ahead && self.no_longer(*length, *longer),
            (ExprKind::Age(op, value, length), ExprKind::Age(with, other, longer)) => {
                let (young, old) =
                    ([CompareOp::Less, CompareOp::LessOrEqual], [CompareOp::Greater, CompareOp::GreaterOrEqual]);
                same(value, other)
                    && op == with
                    && (young.contains(op) && self.no_longer(*length, *longer)
                        || old.contains(op) && self.no_longer(*longer, *length))
            }
            (ExprKind::AtLeastEvents(count, query), ExprKind::AtLeastEvents(fewer, wider)) => {
                fewer <= count && self.no_wider(*query, *wider)
            }
            (ExprKind::AtMostEvents(count, query), ExprKind::AtMostEvents(more, narrower)) => {
                count <= more && self.no_wider(*narrower, *query)
            }
            _ => false,
        }
    }

    /// A value compared with a constant.
    fn bound(&self, expr: &Expr) -> Option<Bound> {
        let ExprKind::Compare(op, a, b) = &expr.kind else { return None };
        let (op, value, limit) = match (self.constant(a), self.constant(b)) {
            (None, Some(limit)) => (*op, &**a, limit),
            (Some(limit), None) => (turned(*op), &**b, limit),
            _ => return None,
        };
        let (least, strict) = match op {
            CompareOp::GreaterOrEqual => (true, false),
            CompareOp::Greater => (true, true),
            CompareOp::LessOrEqual => (false, false),
            CompareOp::Less => (false, true),
            CompareOp::Is | CompareOp::IsNot => return None,
        };
        // A band is a range of a score.
        if let (ExprKind::Band(bands), Literal::Choice(band)) = (&value.kind, limit) {
            let bands = &self.program.bands[bands.index()];
            let band = usize::from(*band);
            let from = match (least, strict) {
                (true, false) | (false, true) => bands.from.get(band.checked_sub(1)?)?,
                (true, true) | (false, false) => bands.from.get(band)?,
            };
            let limit = Limit::Points(i128::from(*from) * 100);
            return Some(Bound { value: Measured::Points(bands.of), limit, least, strict: !least });
        }
        let limit = match limit {
            Literal::Int(value) => Limit::Points(i128::from(*value) * 1_000_000),
            Literal::Number(value) => Limit::Points(i128::from(*value)),
            Literal::Money(value) => Limit::Other(i64::MAX, i128::from(*value)),
            Literal::Date(value) => Limit::Other(1, i128::from(*value)),
            Literal::Time(value) => Limit::Other(2, i128::from(*value)),
            Literal::Choice(value) => Limit::Other(3, i128::from(*value)),
            _ => return None,
        };
        let value = match &value.kind {
            ExprKind::Points(part) => Measured::Points(*part),
            ExprKind::Count(query) => Measured::Count(*query),
            _ => Measured::Value(self.keys.expr(value)),
        };
        Some(Bound { value, limit, least, strict })
    }

    fn constant<'e>(&'e self, expr: &'e Expr) -> Option<&'e Literal> {
        match &expr.kind {
            ExprKind::Constant(literal) => Some(literal),
            ExprKind::Define(id) => self.constant(&self.program.defines[id.index()].value),
            _ => None,
        }
    }

    /// A value looked up among others: `in`, `is`.
    fn listed<'e>(&self, expr: &'e Expr) -> Option<(&'e Expr, Vec<String>, bool)> {
        match &expr.kind {
            ExprKind::In { value, set, negated } => Some((value, entries(set)?, *negated)),
            ExprKind::Compare(op @ (CompareOp::Is | CompareOp::IsNot), value, other) => {
                let ExprKind::Constant(literal) = &other.kind else { return None };
                let entry = match literal {
                    Literal::Text(text) => format!("{:?}", text::fold(text)),
                    Literal::Choice(choice) => format!("{choice}"),
                    _ => return None,
                };
                let plain = matches!(value.ty, Type::One(Scalar::Text | Scalar::Choice(_)));
                plain.then(|| (&**value, vec![entry], *op == CompareOp::IsNot))
            }
            _ => None,
        }
    }

    /// Whether a value is never greater than another, and both are known of the same leads.
    fn no_more(&self, a: Measured, b: Measured) -> bool {
        match (a, b) {
            (Measured::Points(a), Measured::Points(b)) => self.fewer(a, b),
            (Measured::Count(a), Measured::Count(b)) => self.no_wider(a, b),
            (a, b) => a == b,
        }
    }

    /// Whether a length is never longer than another.
    fn no_longer(&self, a: crate::check::hir::LengthId, b: crate::check::hir::LengthId) -> bool {
        let (a, b) = (self.program.lengths[a.index()], self.program.lengths[b.index()]);
        match (a.millis(), b.millis()) {
            (Some(a), Some(b)) => a <= b,
            (None, None) => a.months() <= b.months(),
            _ => false,
        }
    }

    /// Whether every event that counts for the first question counts for the second.
    fn no_wider(&self, a: QueryId, b: QueryId) -> bool {
        if a == b {
            return true;
        }
        let (a, b) = (&self.program.queries[a.index()], &self.program.queries[b.index()]);
        let types = match (&a.types, &b.types) {
            (_, EventTypes::All) => true,
            (EventTypes::All, _) => false,
            (EventTypes::One(one), types) => types.contains(Some(*one)),
            (EventTypes::Any(any), types) => any.iter().all(|ty| types.contains(Some(*ty))),
        };
        let condition = match (&a.condition, &b.condition) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(narrow), Some(wide)) => self.narrower(narrow, wide, &a.types, &b.types),
        };
        let window = match (&a.window, &b.window) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(EventWindow::Within(a)), Some(EventWindow::Within(b))) => self.no_longer(*a, *b),
            (Some(EventWindow::Since(a)), Some(EventWindow::Since(b))) => self.keys.expr(a) == self.keys.expr(b),
            _ => false,
        };
        types && condition && window
    }

    /// Whether a condition on events is no wider: with more `and`, or fewer `or`.
    fn narrower(&self, a: &Expr, b: &Expr, of_a: &EventTypes, of_b: &EventTypes) -> bool {
        if self.keys.at_event(a, of_a) == self.keys.at_event(b, of_b) {
            return true;
        }
        match (&a.kind, &b.kind) {
            (_, ExprKind::And(all)) => all.iter().all(|part| self.narrower(a, part, of_a, of_b)),
            (ExprKind::Or(any), _) => any.iter().all(|part| self.narrower(part, b, of_a, of_b)),
            (_, ExprKind::Or(any)) => any.iter().any(|part| self.narrower(a, part, of_a, of_b)),
            (ExprKind::And(all), _) => all.iter().any(|part| self.narrower(part, b, of_a, of_b)),
            _ => false,
        }
    }

    /// Whether a part never has more points than another.
    pub(super) fn fewer(&self, a: PartId, b: PartId) -> bool {
        if a == b || self.keys.part(a) == self.keys.part(b) {
            return true;
        }
        match (&self.program.parts[a.index()].kind, &self.program.parts[b.index()].kind) {
            (PartKind::Group { parts, from, to }, PartKind::Group { parts: others, from: low, to: high }) => {
                let below = |a: Option<i64>, b: Option<i64>, open: i64| a.unwrap_or(open) <= b.unwrap_or(open);
                below(*from, *low, i64::MIN)
                    && below(*to, *high, i64::MAX)
                    && (self.proved.borrow().contains(&(a, b)) || self.sums(parts, others))
            }
            (
                PartKind::Include { of: Included::Score(a), factor },
                PartKind::Include { of: Included::Score(b), factor: same },
            ) => factor == same && self.fewer(*a, *b),
            (PartKind::If { points, condition }, PartKind::If { points: more, condition: other }) => {
                let same = self.keys.expr(condition) == self.keys.expr(other);
                points <= more
                    && (same
                        || *points >= 0 && self.implied(condition, other)
                        || *more <= 0 && self.implied(other, condition))
            }
            (PartKind::Per(a), PartKind::Per(b)) => self.fewer_per(a, b),
            (
                PartKind::By { value, cases, missing, otherwise },
                PartKind::By { value: other, cases: others, missing: gone, otherwise: rest },
            ) => {
                self.keys.expr(value) == self.keys.expr(other)
                    && missing.unwrap_or(0) <= gone.unwrap_or(0)
                    && otherwise.unwrap_or(0) <= rest.unwrap_or(0)
                    && self.cases(cases, others)
            }
            (PartKind::FirstOf { cases, otherwise }, PartKind::FirstOf { cases: others, otherwise: rest }) => {
                otherwise.unwrap_or(0) <= rest.unwrap_or(0) && self.cases(cases, others)
            }
            _ => false,
        }
    }

    fn implied(&self, a: &'p Expr, b: &'p Expr) -> bool {
        self.follows(&[a], &[b])
    }

    fn cases(&self, cases: &[crate::check::hir::Case], others: &[crate::check::hir::Case]) -> bool {
        cases.len() == others.len()
            && cases.iter().zip(others).all(|(case, other)| {
                case.points <= other.points && self.keys.expr(&case.condition) == self.keys.expr(&other.condition)
            })
    }

    fn fewer_per(&self, a: &Per, b: &Per) -> bool {
        let distinct = |per: &Per| {
            per.distinct.as_ref().map(|field| self.keys.at_event(field, &self.program.queries[per.query.index()].types))
        };
        let caps = |per: &Per| (per.per_day, per.per_week, per.per_month);
        let open = |cap: Option<i64>| cap.unwrap_or(i64::MAX);
        let times = |per: &Per| per.times.unwrap_or(u32::MAX);
        if distinct(a) != distinct(b) || caps(a) != caps(b) || a.decay != b.decay {
            return false;
        }
        let same_events = self.keys.query(a.query) == self.keys.query(b.query);
        if same_events && a.times == b.times && a.most == b.most {
            // The same events, each worth as much or more.
            return a.points <= b.points && (a.points >= 0) == (b.points >= 0);
        }
        // More events: only where none of them takes another's place.
        let plain = distinct(a).is_none() && caps(a) == (None, None, None) && a.decay.is_none();
        if !plain {
            return false;
        }
        if a.points >= 0 && b.points >= 0 {
            a.points <= b.points
                && self.no_wider(a.query, b.query)
                && times(a) <= times(b)
                && open(a.most) <= open(b.most)
        } else if a.points <= 0 && b.points <= 0 {
            a.points <= b.points
                && self.no_wider(b.query, a.query)
                && times(b) <= times(a)
                && open(b.most) <= open(a.most)
        } else {
            a.points <= 0 && b.points >= 0
        }
    }

    /// Whether a sum is never more than another, part by part.
    fn sums(&self, parts: &[PartId], others: &[PartId]) -> bool {
        let mut left: Vec<PartId> = parts.to_vec();
        let mut right: Vec<PartId> = others.to_vec();
        let mut strike = |alike: &dyn Fn(PartId, PartId) -> bool| {
            left.retain(|part| match right.iter().position(|other| alike(*part, *other)) {
                Some(place) => {
                    right.remove(place);
                    false
                }
                None => true,
            });
        };
        let name = |part: PartId| &self.program.parts[part.index()].name;
        strike(&|a, b| a == b || self.keys.part(a) == self.keys.part(b));
        strike(&|a, b| name(a) == name(b) && self.fewer(a, b));
        strike(&|a, b| self.fewer(a, b));
        left.iter().all(|part| self.sign(*part) == Some(false))
            && right.iter().all(|part| self.sign(*part) == Some(true))
    }

    /// Whether a part never takes points (true), or never gives any (false).
    fn sign(&self, part: PartId) -> Option<bool> {
        let of = |points: &mut dyn Iterator<Item = i64>| {
            let points: Vec<i64> = points.collect();
            match (points.iter().all(|points| *points >= 0), points.iter().all(|points| *points <= 0)) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            }
        };
        match &self.program.parts[part.index()].kind {
            PartKind::If { points, .. } => of(&mut [*points].into_iter()),
            PartKind::Per(per) => of(&mut [per.points].into_iter()),
            PartKind::PerPeriod { .. } => None,
            PartKind::By { cases, missing, otherwise, .. } => {
                of(&mut cases.iter().map(|case| case.points).chain(*missing).chain(*otherwise))
            }
            PartKind::FirstOf { cases, otherwise } => of(&mut cases.iter().map(|case| case.points).chain(*otherwise)),
            PartKind::Group { parts, from, to } => {
                let signs: Vec<Option<bool>> = parts.iter().map(|part| self.sign(*part)).collect();
                let (low, high) = (from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX));
                if low >= 0 || signs.iter().all(|sign| *sign == Some(true)) && high >= 0 {
                    Some(true)
                } else if high <= 0 || signs.iter().all(|sign| *sign == Some(false)) && low <= 0 {
                    Some(false)
                } else {
                    None
                }
            }
            PartKind::Include { of: Included::Score(score), .. } => self.sign(*score),
            PartKind::Include { of: Included::Number(_), .. } => None,
        }
    }
}

/// What is compared with a constant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measured {
    Points(PartId),
    Count(QueryId),
    Value(Key),
}

/// A constant; numbers in millionths.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Limit {
    Points(i128),
    Other(i64, i128),
}

struct Bound {
    value: Measured,
    limit: Limit,
    least: bool,
    strict: bool,
}

impl Bound {
    /// Whether this limit lets through all that another does.
    fn looser(&self, other: &Bound) -> bool {
        let (own, others) = match (self.limit, other.limit) {
            (Limit::Points(own), Limit::Points(other)) => (own, other),
            (Limit::Other(kind, own), Limit::Other(same, other)) if kind == same => (own, other),
            _ => return false,
        };
        let beyond = if self.least { own < others } else { own > others };
        beyond || own == others && (!self.strict || other.strict)
    }
}

fn turned(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        op => op,
    }
}

fn is_false(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Constant(Literal::Bool(false)))
}

fn entries(set: &Set) -> Option<Vec<String>> {
    match set {
        Set::Texts(texts) => Some(texts.iter().map(|text| format!("{text:?}")).collect()),
        Set::Choices(choices) => Some(choices.iter().map(|choice| format!("{choice}")).collect()),
        Set::Numbers(_) | Set::Values(_) => None,
    }
}
