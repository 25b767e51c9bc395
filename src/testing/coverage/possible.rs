//! Which outcomes cannot be, as far as that is cheap to know: conditions that are never unknown, limits that no sum can
//! reach.

use crate::builtins::Function;
use crate::check::hir::{CheckId, DefineId, Expr, ExprKind, FitId, Included, PartId, PartKind, Program, Step};
use crate::syntax::ast::AggregateOp;

/// What is known of a policy's values.
#[derive(Debug)]
pub struct Possible<'p> {
    program: &'p Program,
    defines: Vec<bool>,
    checks: Vec<bool>,
    ranges: Vec<(i128, i128)>,
}

const FAR: i128 = 1 << 80;

impl<'p> Possible<'p> {
    /// Looks through the policy once, in its order.
    pub fn new(program: &'p Program) -> Possible<'p> {
        let mut possible = Possible {
            program,
            defines: vec![true; program.defines.len()],
            checks: vec![true; program.checks.len()],
            ranges: vec![(-FAR, FAR); program.parts.len()],
        };
        for step in &program.order {
            match *step {
                Step::Define(id) => possible.defines[id.index()] = possible.missing(&program.defines[id.index()].value),
                Step::Check(id) => {
                    possible.checks[id.index()] = possible.missing(&program.checks[id.index()].condition)
                }
                Step::Part(id) => possible.ranges[id.index()] = possible.range_of(&program.parts[id.index()].kind),
                _ => {}
            }
        }
        possible
    }

    /// Whether an expression may be missing, or a condition unknown, for a lead with its key and required fields.
    pub fn missing(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Field(field) => {
                let field = self.program.schema.field(*field);
                !field.key && !field.required
            }
            ExprKind::Define(DefineId(define)) => self.defines[usize::from(*define)],
            ExprKind::Check(CheckId(check)) => self.checks[usize::from(*check)],
            ExprKind::Fits(fit) => self.fit_unknown(*fit),
            ExprKind::IsKnown(_)
            | ExprKind::IsMissing(_)
            | ExprKind::AtLeastEvents(..)
            | ExprKind::AtMostEvents(..) => false,
            ExprKind::EventField(_) | ExprKind::Subject | ExprKind::Edge(..) => true,
            ExprKind::Aggregate(op, ..) => matches!(op, AggregateOp::Highest | AggregateOp::Lowest),
            ExprKind::Otherwise(value, default) => self.missing(value) && self.missing(default),
            ExprKind::Arithmetic(crate::syntax::ast::ArithmeticOp::Divide, ..)
            | ExprKind::Call(Function::Domain, _) => true,
            _ => expr.children().into_iter().any(|child| self.missing(child)),
        }
    }

    /// Whether a fit may be unknown.
    pub fn fit_unknown(&self, fit: FitId) -> bool {
        self.program.fits[fit.index()].checks.clone().any(|check| self.checks[usize::from(check)])
    }

    /// A range that holds all points that a part can have, in ten-thousandths; it may be too wide.
    pub fn range(&self, part: PartId) -> (i128, i128) {
        self.ranges[part.index()]
    }

    /// The range of a group's sum before its limits.
    pub fn sum(&self, parts: &[PartId]) -> (i128, i128) {
        parts.iter().map(|part| self.range(*part)).fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
    }

    fn range_of(&self, kind: &PartKind) -> (i128, i128) {
        let of = |points: &mut dyn Iterator<Item = i64>| {
            points
                .map(i128::from)
                .fold((0, 0), |range: (i128, i128), points| (range.0.min(points), range.1.max(points)))
        };
        let range = match kind {
            PartKind::Group { parts, from, to } => {
                let (low, high) = self.sum(parts);
                let hold = |points: i128| {
                    let points = to.map_or(points, |to| points.min(i128::from(to)));
                    from.map_or(points, |from| points.max(i128::from(from)))
                };
                (hold(low), hold(high))
            }
            PartKind::Include { of: Included::Score(score), factor } => {
                let (low, high) = self.range(*score);
                let times = |points: i128| match factor {
                    // A point of rounding at either end is more than enough.
                    Some(factor) => points.saturating_mul(i128::from(*factor)) / 1_000_000 + points.signum(),
                    None => points,
                };
                (times(low), times(high))
            }
            PartKind::Include { of: Included::Number(_), .. } => (-FAR, FAR),
            PartKind::If { points, .. } => of(&mut [*points].into_iter()),
            PartKind::Per(per) => {
                let most = per.times.map_or(FAR, i128::from);
                limited(per.points, most, per.most)
            }
            PartKind::PerPeriod { points, most, .. } => limited(*points, FAR, *most),
            PartKind::By { cases, missing, otherwise, .. } => {
                of(&mut cases.iter().map(|case| case.points).chain(*missing).chain(*otherwise))
            }
            PartKind::FirstOf { cases, otherwise } => of(&mut cases.iter().map(|case| case.points).chain(*otherwise)),
        };
        (range.0.max(-FAR), range.1.min(FAR))
    }
}

/// Points that come so many times, at most so many in size.
fn limited(points: i64, times: i128, most: Option<i64>) -> (i128, i128) {
    let far = i128::from(points).saturating_mul(times).clamp(-FAR, FAR);
    let far = most.map_or(far, |most| far.clamp(-i128::from(most), i128::from(most)));
    (far.min(0), far.max(0))
}
