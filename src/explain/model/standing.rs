//! Fits, bands, matrices, stages and routes: where a lead stands.

use super::{Condition, Instant, Item, Name, Truth};
use crate::eval::{CheckVerdict, FitVerdict, Points};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FitItem {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// The verdict.
    pub verdict: FitVerdict,
    /// How many checks must pass.
    pub needs: u16,
    /// How many pass.
    pub passed: u16,
    /// How many fail.
    pub failed: u16,
    /// How many are unknown.
    pub unknown: u16,
    /// Every check.
    pub checks: Vec<CheckItem>,
}

/// A check of a fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckItem {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// The verdict.
    pub verdict: CheckVerdict,
    /// The condition.
    #[serde(flatten)]
    pub condition: Condition,
}

/// Bands of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BandsItem {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// The score, group or rule.
    pub of: Name,
    /// Its points.
    pub points: Points,
    /// The band.
    pub band: Name,
    /// Where the band begins; null for the lowest.
    pub from: Option<Points>,
    /// The next higher band.
    pub next: Option<NextBand>,
}

/// The band above the lead's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NextBand {
    /// The band.
    pub band: Name,
    /// Where it begins.
    pub from: Points,
    /// How many points are missing.
    pub short: Points,
}

/// A matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatrixItem {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// The cell.
    pub cell: Name,
    /// The row.
    pub row: AxisPlace,
    /// The column.
    pub column: AxisPlace,
}

/// Where a lead stands on an axis of a matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AxisPlace {
    /// The bands, fit or field.
    pub of: Name,
    /// The row or column.
    pub place: Name,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rung {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// Whether it is reached.
    pub reached: bool,
    /// Whether it is reached as far as that is known: unknown where a missing value could reach it.
    pub standing: Truth,
    /// Whether it is the highest that is reached.
    pub highest: bool,
    /// Its condition; the first stage has none.
    pub condition: Option<Condition>,
    /// The lower stage that must be reached as well.
    pub after: Option<After>,
    /// What keeps a lead that is here or higher.
    pub keep_while: Option<Keep>,
}

/// A lower stage that must be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct After {
    /// The stage.
    #[serde(flatten)]
    pub stage: Name,
    /// Whether it is reached.
    pub reached: bool,
    /// Whether it is reached as far as that is known.
    pub standing: Truth,
}

/// `keep while`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Keep {
    /// Whether the lead's stage field holds this stage or a higher one.
    pub applies: bool,
    /// The condition.
    #[serde(flatten)]
    pub condition: Condition,
}

/// The route that a lead takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RouteTaken {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// The time that it may take: `1 day`.
    pub within: Option<String>,
    /// The deadline.
    pub deadline: Option<Instant>,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RouteTried {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// Whether it is the lead's.
    pub taken: bool,
    /// Its condition; null for `otherwise`.
    pub condition: Option<Condition>,
}
