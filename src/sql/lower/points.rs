//! What the parts of a score are worth.

use super::Lower;
use super::expr::added;
use crate::check::hir::{Case, Included, PartId, PartKind, Step};
use crate::model::number::POINTS_LIMIT;
use crate::sql::tree::{Sql, call, int, when};

impl Lower<'_> {
    fn points(&self, raw: i64) -> Sql {
        self.d.number(i128::from(raw), 4)
    }

    /// A part's points.
    pub(super) fn part(&mut self, id: PartId) -> Sql {
        let program = self.program;
        match &program.parts[id.index()].kind {
            PartKind::Group { parts, from, to } => {
                let mut sum: Vec<Sql> = parts.iter().map(|part| self.step_column(Step::Part(*part))).collect();
                let most = self.most_of(parts);
                if most > 1_000_000_000 * 10_000
                    && let Some(first) = sum.first_mut()
                {
                    *first = self.d.as_decimal(first.clone(), 38, 4);
                }
                let held = self.held(added(sum), most, *from, *to);
                self.d.as_decimal(held, 16, 4)
            }
            PartKind::Include { of: Included::Score(score), factor } => {
                let points = self.step_column(Step::Part(*score));
                match factor {
                    None => points,
                    Some(factor) => {
                        let factor = self.d.number(i128::from(*factor), 6);
                        let product = self.d.product((points, 4), (factor, 6), 4);
                        let held = self.held(product, i128::MAX, None, None);
                        self.d.as_decimal(held, 16, 4)
                    }
                }
            }
            PartKind::Include { of: Included::Number(expr), factor } => {
                let from = super::expr::scale(expr.ty);
                let value = self.value(expr);
                let value = call("coalesce", [value, int(0)]);
                let product = match factor {
                    Some(factor) => self.d.product((value, from), (self.d.number(i128::from(*factor), 6), 6), 4),
                    None if from > 4 => self.d.round(value, from, 4),
                    None => self.d.rescale(value, from, 4),
                };
                let held = self.held(product, i128::MAX, None, None);
                self.d.as_decimal(held, 16, 4)
            }
            PartKind::If { points, condition } => {
                let condition = self.value(condition);
                when(condition, self.points(*points), Some(int(0)))
            }
            PartKind::Per(per) => {
                let sum = self.per(id, per);
                let most = self.sum_of_per(per);
                self.held(sum, most, per.most.map(|most| -most), per.most)
            }
            PartKind::PerPeriod { points, period, since, most } => {
                let start = self.value(since);
                let start = if super::expr::is_date(since) { self.start_of_day_of(since, start) } else { start };
                let as_of = self.as_of();
                let gone = call("greatest", [as_of.bin("-", start.clone()), int(0)]);
                let periods = self.d.whole_quotient(gone, int((*period).max(1)));
                let periods = when(start.known(), periods, Some(int(0)));
                let most_periods = 315_569_520_000_000 / (*period).max(1);
                let size = i128::from(points.unsigned_abs()) * i128::from(most_periods);
                let factor = self.points(*points);
                let factor = if size > 1 << 60 { self.d.as_decimal(factor, 38, 4) } else { factor };
                self.held(factor.bin("*", periods), size, most.map(|most| -most), *most)
            }
            PartKind::By { value, cases, missing, otherwise } => {
                let text = value.ty == crate::model::Type::One(crate::model::Scalar::Text);
                let folded = if text { Some(self.folded(value, &[""])) } else { None };
                let own = self.value(value);
                let before = self.subject.replace((own.clone(), folded));
                let mut arms = Vec::new();
                if missing.unwrap_or(0) != otherwise.unwrap_or(0) {
                    arms.push((own.missing(), self.points(missing.unwrap_or(0))));
                }
                self.cases(cases, &mut arms);
                self.subject = before;
                one_of(arms, self.points(otherwise.unwrap_or(0)))
            }
            PartKind::FirstOf { cases, otherwise } => {
                let mut arms = Vec::new();
                self.cases(cases, &mut arms);
                if let Some(otherwise) = otherwise.filter(|points| *points != 0) {
                    let any = Sql::Or(arms.iter().map(|(condition, _)| condition.clone()).collect());
                    arms.push((Sql::Not(Box::new(any)), self.points(otherwise)));
                }
                one_of(arms, int(0))
            }
        }
    }

    fn cases(&mut self, cases: &[Case], arms: &mut Vec<(Sql, Sql)>) {
        for case in cases {
            let condition = self.value(&case.condition);
            arms.push((condition, self.points(case.points)));
        }
    }

    /// The most points in size that parts can come to together.
    fn most_of(&self, parts: &[PartId]) -> i128 {
        parts.iter().map(|part| self.most(*part)).fold(0i128, i128::saturating_add)
    }

    fn most(&self, part: PartId) -> i128 {
        let limit = i128::from(POINTS_LIMIT);
        let of_cases =
            |cases: &[Case]| cases.iter().map(|case| i128::from(case.points.unsigned_abs())).max().unwrap_or(0);
        let size = |points: &Option<i64>| i128::from(points.unwrap_or(0).unsigned_abs());
        let most = match &self.program.parts[part.index()].kind {
            PartKind::Group { parts, from, to } => match (from, to) {
                (Some(from), Some(to)) => i128::from(from.unsigned_abs().max(to.unsigned_abs())),
                _ => self.most_of(parts).max(size(from)).max(size(to)),
            },
            PartKind::Include { of: Included::Score(score), factor: None } => self.most(*score),
            PartKind::Include { of: Included::Score(score), factor: Some(factor) } => {
                self.most(*score).saturating_mul(i128::from(*factor)) / 1_000_000 + 1
            }
            PartKind::Include { .. } => limit,
            PartKind::If { points, .. } => i128::from(points.unsigned_abs()),
            PartKind::Per(per) => self.most_of_per(per),
            PartKind::PerPeriod { most: Some(most), .. } => i128::from(*most),
            PartKind::PerPeriod { points, period, .. } => {
                i128::from(points.unsigned_abs()) * i128::from(315_569_520_000_000 / (*period).max(1))
            }
            PartKind::By { cases, missing, otherwise, .. } => of_cases(cases).max(size(missing)).max(size(otherwise)),
            PartKind::FirstOf { cases, otherwise } => of_cases(cases).max(size(otherwise)),
        };
        most.min(limit)
    }

    /// Points between limits, and within what points are held where they could pass it.
    fn held(&self, value: Sql, most: i128, from: Option<i64>, to: Option<i64>) -> Sql {
        let limit = i128::from(POINTS_LIMIT);
        let could = most > limit;
        let to = to.or(could.then_some(POINTS_LIMIT)).filter(|to| i128::from(*to) < most || *to < 0);
        let from = from.or(could.then_some(-POINTS_LIMIT)).filter(|from| i128::from(*from) > -most || *from > 0);
        let value = match to {
            Some(to) => call("least", [value, self.points(to)]),
            None => value,
        };
        match from {
            Some(from) => call("greatest", [value, self.points(from)]),
            None => value,
        }
    }
}

fn one_of(arms: Vec<(Sql, Sql)>, other: Sql) -> Sql {
    if arms.is_empty() { other } else { Sql::Case(None, arms, Some(Box::new(other))) }
}
