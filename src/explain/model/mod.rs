//! What an explanation holds: everything that any renderer shows, and more. No layout, no colours, no cut texts.

mod changes;
mod condition;
mod input;
mod outlook;
mod points;
mod standing;
mod why_not;

pub use changes::*;
pub use condition::*;
pub use input::*;
pub use outlook::*;
pub use points::*;
pub use standing::*;
pub use why_not::*;

use crate::eval::ProblemReport;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The number of this form; it grows when a reader of the last one would misread the new one.
pub const SCHEMA_VERSION: u32 = 2;

/// Why a policy says what it says of one lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// The number of this form.
    pub schema_version: u32,
    /// The lead's key as trimmed text; the record's number where the policy declares no key.
    pub key: String,
    /// The program that explained it, and its version: `qualify 0.1.0`.
    pub engine: String,
    /// The policy.
    pub policy: PolicyHead,
    /// The instant that the lead was evaluated at.
    pub as_of: Instant,
    /// The policy's time zone, its IANA name.
    pub zone: String,
    /// The lead's stage, or `disqualified`; null where the policy has no stages and the lead is not disqualified.
    pub stage: Option<Name>,
    /// The highest stage that is reached, whether or not the lead is disqualified; null without stages.
    pub ladder: Option<Name>,
    /// Whether any reason to disqualify is true.
    pub disqualified: bool,
    /// Every reason to disqualify, true or not.
    pub disqualify: Vec<ConditionItem>,
    /// The route; null for none.
    pub route: Option<RouteTaken>,
    /// Every route in order, and why it was taken or passed over.
    pub routes: Vec<RouteTried>,
    /// Every fit.
    pub fits: Vec<FitItem>,
    /// Every score.
    pub scores: Vec<ScoreItem>,
    /// Every `bands`.
    pub bands: Vec<BandsItem>,
    /// Every matrix.
    pub matrices: Vec<MatrixItem>,
    /// Every persona.
    pub personas: Vec<ConditionItem>,
    /// Every stage, lowest first.
    pub stages: Vec<Rung>,
    /// For each stage above the lead's own, lowest first: why it is not reached. For a disqualified lead every stage.
    pub why_not: Vec<WhyNot>,
    /// The scores and fits that the stages speak of, by name, in the policy's order; of a policy without stages all.
    pub matters: Vec<String>,
    /// Every `always`.
    pub always: Vec<ConditionItem>,
    /// What is not known, and what it keeps undecided.
    pub questions: Vec<OpenQuestion>,
    /// Values of this lead that could not be read and count as missing.
    pub problems: Vec<DataProblem>,
    /// What lies ahead of the lead, and behind it; null where it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Outlook>,
    /// The lead as it was read.
    pub input: Input,
}

/// Which policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyHead {
    /// Its label.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// The SHA-256 of all that it is made of, and of constants that were given other values: `sha256:…`.
    pub digest: String,
    /// The file that it was read from, as it was named.
    pub file: Option<String>,
}

/// A name and how people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Name {
    /// The name in the policy.
    pub name: String,
    /// Its label.
    pub label: String,
}

/// A declaration of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Its name; of a check, rule, group or include with what it is in: `icp.in_us`, `engagement.opens`.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Where it is declared.
    pub at: Option<Place>,
}

/// A place in the policy's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// An instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Instant {
    /// RFC 3339 in UTC.
    pub utc: String,
    /// In the policy's zone, for people: `2026-10-20 14:00 UTC-4`; of a day's last millisecond
    /// `2026-11-01, end of day`.
    pub local: String,
    /// Seen from the as-of: `12 days ago`, `in 5 days`.
    pub ago: String,
}

/// A field whose value is not known and that something rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenQuestion {
    /// The field.
    pub field: String,
    /// The question to ask, if the policy has one.
    pub ask: Option<String>,
    /// What it keeps undecided.
    pub decides: Vec<Undecided>,
}

/// Something that is undecided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Undecided {
    /// What kind of thing it is.
    pub kind: UndecidedKind,
    /// Its name: `icp.can_afford`, `sal`.
    pub name: String,
    /// Its label.
    pub label: String,
}

/// What can be undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UndecidedKind {
    /// A check of a fit.
    Check,
    /// A stage above the lead's.
    Stage,
    /// A reason to disqualify.
    Disqualify,
    /// A persona.
    Persona,
    /// A rule of a score: no points for want of knowledge.
    Rule,
    /// A route before the one that is taken.
    Route,
}

/// A value that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DataProblem {
    /// Where and what.
    #[serde(flatten)]
    pub report: ProblemReport,
    /// What is wrong with it, for people.
    pub description: String,
}
