//! What an explanation was made from, so that it can be made again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The lead as it was read: all that the policy reads of it, exactly. With the policy and the as-of it gives the same
/// explanation again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The known values of its fields, by the policy's names: whole numbers as numbers; other numbers and money as decimal
    /// text; dates and instants as RFC 3339 text; choices by name. What is not here is missing.
    pub fields: Map<String, Value>,
    /// Its events that the policy reads, earliest first.
    pub events: Vec<InputEvent>,
    /// Constants of the policy that were given other values, as `--set` writes them.
    pub set: Vec<String>,
}

/// An event as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputEvent {
    /// Its type as the data spells it.
    #[serde(rename = "type")]
    pub ty: String,
    /// When it was: RFC 3339 in UTC.
    pub at: String,
    /// Its place among the lead's events in the data, from 0.
    pub index: u32,
    /// The known values of its fields, as those of the lead.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}
