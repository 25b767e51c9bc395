//! A program with other points for a rule: what a sweep looks at.

use super::hir::{PartId, PartKind, Program};
use crate::model::number::POINTS_LIMIT;

impl Program {
    /// Gives a rule that is worth one number (`±N if`, `±N per`) another one, in ten-thousandths. False, and nothing is
    /// changed, for a rule that is worth several numbers or none, and for points that a policy cannot say.
    pub fn set_points(&mut self, rule: PartId, value: i64) -> bool {
        if !(-POINTS_LIMIT..=POINTS_LIMIT).contains(&value) {
            return false;
        }
        match self.parts.get_mut(rule.index()).map(|part| &mut part.kind) {
            Some(PartKind::If { points, .. } | PartKind::PerPeriod { points, .. }) => *points = value,
            Some(PartKind::Per(per)) => per.points = value,
            _ => return false,
        }
        true
    }
}
