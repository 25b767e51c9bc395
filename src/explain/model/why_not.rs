//! Why a lead does not stand higher.

use super::{Item, Name, Truth};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a lead has not reached a stage above its own. What is false, what is not known and what does not apply are kept
/// apart; a part of the condition that holds is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WhyNot {
    /// The stage.
    #[serde(flatten)]
    pub item: Item,
    /// Whether it is reached as far as that is known: false or unknown.
    pub standing: Truth,
    /// Parts of the condition that are false and have to become true.
    pub fails: Vec<Lack>,
    /// Parts of the condition that are not known and have to become true.
    pub unknown: Vec<Lack>,
    /// What keeps the condition from being asked at all.
    pub not_applicable: Vec<NotApplicable>,
    /// For a lead that stood here or higher: why it is not kept.
    pub not_kept: Vec<Lack>,
}

/// A part of a condition that would have to be otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lack {
    /// As the policy writes it, on one line, without comments.
    pub source: String,
    /// In words, names by their labels.
    pub plain: String,
    /// Its value.
    pub truth: Truth,
    /// The value that is needed.
    pub wanted: bool,
    /// How many of its parts have to become otherwise; 0 where it has none.
    pub needs: u32,
    /// Whether it is a fit; its parts are checks then.
    pub fit: bool,
    /// Its parts that are not as they would have to be.
    pub parts: Vec<Lack>,
    /// Fields of the lead whose value is missing and keeps it unknown.
    pub fields: Vec<String>,
}

/// Why the condition of a stage is not asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NotApplicable {
    /// It comes after a stage that is not reached.
    After {
        /// The lower stage.
        stage: Name,
        /// Whether that is reached as far as that is known: false or unknown.
        standing: Truth,
    },
    /// The lead is disqualified, and stands outside all stages.
    Disqualified {
        /// The reasons that are true.
        by: Vec<Name>,
    },
}
