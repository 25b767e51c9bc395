//! What some steps of a policy rest on.

use crate::check::hir::{Program, Step};

/// All steps that these steps need, these steps included, in the policy's order.
pub fn rests_on(program: &Program, steps: &[Step]) -> Vec<Step> {
    super::cone::cone(program, steps, &[])
}
