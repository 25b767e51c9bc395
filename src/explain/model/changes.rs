//! Two explanations side by side: only what differs, and why.

use super::{Instant, Name};
use crate::eval::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What differs between two explanations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Changes {
    /// The number of the form of explanations.
    pub schema_version: u32,
    /// The program that compared them, and its version: `qualify 0.1.0`.
    pub engine: String,
    /// What stands beside what.
    pub kind: ChangesKind,
    /// The one that is compared with: the earlier, the other policy, the other lead.
    pub then: Side,
    /// The one that is told of.
    pub now: Side,
    /// Of two leads: whether the one that is told of stands higher, by stage, then by score; null for neither.
    pub above: Option<bool>,
    /// Stage, route, bands, cells, fits, checks, personas, reasons to disqualify that differ.
    pub standing: Vec<Changed>,
    /// Scores that differ or hold rules that do. Those that the stages speak of come first, the largest difference first.
    pub scores: Vec<ScoreChanged>,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangesKind {
    /// One lead and policy at two instants.
    Since,
    /// One lead and instant under two policies.
    Against,
    /// Two leads.
    Compare,
    /// An explanation that was kept, and the same made again.
    Replay,
}

/// One of two explanations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// The lead's key.
    pub key: String,
    /// The policy's label.
    pub policy: String,
    /// Its version.
    pub version: Option<String>,
    /// Its digest.
    pub digest: String,
    /// The as-of.
    pub as_of: Instant,
    /// The stage.
    pub stage: Option<Name>,
}

/// Something other than points that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Changed {
    /// What it is: `stage`, `icp`, `icp.in_us`.
    #[serde(flatten)]
    pub what: Name,
    /// What it was; null where there was none.
    pub then: Option<String>,
    /// What it is; null where there is none.
    pub now: Option<String>,
    /// Why.
    pub why: Vec<String>,
}

/// A score that differs. The differences of its rules add up to its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreChanged {
    /// The score.
    #[serde(flatten)]
    pub what: Name,
    /// Its points then; null where there was no such score.
    pub then: Option<Points>,
    /// Its points now; null where there is no such score.
    pub now: Option<Points>,
    /// The difference; what is not there counts as 0.
    pub change: Points,
    /// The rules, includes and limits that differ, the largest difference first.
    pub rules: Vec<RuleChanged>,
}

/// A rule, include or limit that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleChanged {
    /// The rule.
    #[serde(flatten)]
    pub what: Name,
    /// Whether it is what a limit takes or adds.
    pub limit: bool,
    /// Its points then; null where there was no such rule.
    pub then: Option<Points>,
    /// Its points now; null where there is no such rule.
    pub now: Option<Points>,
    /// The difference; what is not there counts as 0.
    pub change: Points,
    /// What made the difference: these add up to it.
    pub causes: Vec<Cause>,
}

/// A part of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// The points that it gave or took.
    pub points: Points,
    /// What happened.
    pub text: String,
}
