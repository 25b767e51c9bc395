//! A program with other points for a rule: what a sweep looks at.

use super::hir::{Case, PartId, PartKind, Program};
use crate::model::number::POINTS_LIMIT;

/// One of the numbers that a rule is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// The only one: `±N if`, `±N per`.
    Whole,
    /// That of a case of `by` or `first of`, from 0.
    Case(usize),
    /// That of `missing`; 0 where it is not written.
    Missing,
    /// That of `otherwise`; 0 where it is not written.
    Otherwise,
}

impl Program {
    /// A number that a rule is worth, in ten-thousandths; none where the rule has no such number.
    pub fn points_at(&self, rule: PartId, at: Worth) -> Option<i64> {
        let case = |cases: &[Case], place: usize| cases.get(place).map(|case| case.points);
        match (&self.parts.get(rule.index())?.kind, at) {
            (PartKind::If { points, .. } | PartKind::PerPeriod { points, .. }, Worth::Whole) => Some(*points),
            (PartKind::Per(per), Worth::Whole) => Some(per.points),
            (PartKind::By { cases, .. } | PartKind::FirstOf { cases, .. }, Worth::Case(place)) => case(cases, place),
            (PartKind::By { missing, .. }, Worth::Missing) => Some(missing.unwrap_or(0)),
            (PartKind::By { otherwise, .. } | PartKind::FirstOf { otherwise, .. }, Worth::Otherwise) => {
                Some(otherwise.unwrap_or(0))
            }
            _ => None,
        }
    }

    /// Gives a rule another number, in ten-thousandths. False, and nothing is changed, where the rule has no such number,
    /// and for points that a policy cannot say.
    pub fn set_points(&mut self, rule: PartId, at: Worth, value: i64) -> bool {
        if !(-POINTS_LIMIT..=POINTS_LIMIT).contains(&value) {
            return false;
        }
        let Some(part) = self.parts.get_mut(rule.index()) else { return false };
        match (&mut part.kind, at) {
            (PartKind::If { points, .. } | PartKind::PerPeriod { points, .. }, Worth::Whole) => *points = value,
            (PartKind::Per(per), Worth::Whole) => per.points = value,
            (PartKind::By { cases, .. } | PartKind::FirstOf { cases, .. }, Worth::Case(place)) => {
                let Some(case) = cases.get_mut(place) else { return false };
                case.points = value;
            }
            (PartKind::By { missing, .. }, Worth::Missing) => *missing = Some(value),
            (PartKind::By { otherwise, .. } | PartKind::FirstOf { otherwise, .. }, Worth::Otherwise) => {
                *otherwise = Some(value);
            }
            _ => return false,
        }
        true
    }
}
