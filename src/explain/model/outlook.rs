//! What lies ahead of a lead and behind it.

use super::Name;
use crate::whatif::{At, Bounds, Forecast, History, Plans};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What will change by itself, and how it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outlook {
    /// What changes by itself after the as-of, if nothing happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Forecast>,
    /// Why the stage changes at instants of the forecast, and what limits of points do there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turned: Vec<Turned>,
    /// What it would take to stand higher; null where there is nothing higher that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plans: Option<Plans>,
    /// What the missing fields could change; null for a policy without stages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
    /// Scores, bands and stage over the lead's life: for pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
}

/// More about an instant of the forecast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Turned {
    /// The instant, as the forecast has it.
    pub at: At,
    /// Of a change of stage: the conditions that no longer hold, or hold from then on, in words, and which stage they are
    /// of.
    pub why: Vec<String>,
    /// Groups and scores whose points change by less than those of their rules, since a limit holds them: a sentence each.
    pub held: Vec<String>,
}

/// A value of a score at which something begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Threshold {
    /// The points.
    pub at: crate::eval::Points,
    /// What begins there: a band, or a stage whose condition asks for so many points.
    pub begins: Name,
}
