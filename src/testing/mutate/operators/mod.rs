//! The mutation operators: a file and a row each.

mod and_or;
mod arithmetic;
mod caps;
mod cells;
mod check;
mod comparison;
mod decay;
mod drop_after;
mod drop_cap;
mod drop_case;
mod drop_decay;
mod drop_entry;
mod drop_keep;
mod drop_limit;
mod drop_missing;
mod drop_not;
mod drop_part;
mod drop_where;
mod drop_window;
mod events;
mod factor;
mod limit;
mod negation;
mod number;
mod points;
mod reason;
mod routes;
mod swap_cases;
mod threshold;
mod verdict;
mod window;

use super::site::{Change, Site, Text};

/// A way to change a policy by one small mistake.
#[derive(Debug)]
pub struct Operator {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub does: &'static str,
    /// A piece of policy, and one change of it; run as a test.
    pub example: (&'static str, &'static str),
    /// The changes at a place.
    pub changes: fn(&Site<'_>, &Text<'_>) -> Vec<Change>,
}

/// All operators: a row a file.
pub static ALL: &[&Operator] = &[
    &and_or::OPERATOR,
    &arithmetic::OPERATOR,
    &caps::OPERATOR,
    &cells::OPERATOR,
    &check::OPERATOR,
    &comparison::OPERATOR,
    &decay::OPERATOR,
    &drop_after::OPERATOR,
    &drop_cap::OPERATOR,
    &drop_case::OPERATOR,
    &drop_decay::OPERATOR,
    &drop_entry::OPERATOR,
    &drop_keep::OPERATOR,
    &drop_limit::OPERATOR,
    &drop_missing::OPERATOR,
    &drop_not::OPERATOR,
    &drop_part::OPERATOR,
    &drop_where::OPERATOR,
    &drop_window::OPERATOR,
    &events::OPERATOR,
    &factor::OPERATOR,
    &limit::OPERATOR,
    &negation::OPERATOR,
    &number::OPERATOR,
    &points::OPERATOR,
    &reason::OPERATOR,
    &routes::OPERATOR,
    &swap_cases::OPERATOR,
    &threshold::OPERATOR,
    &verdict::OPERATOR,
    &window::OPERATOR,
];
