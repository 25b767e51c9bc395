//! Names and instants as the results of this room show them.

use crate::model::time::display_instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A name of the policy and how people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Name {
    /// The name in the policy.
    pub name: String,
    /// Its label.
    pub label: String,
}

impl Name {
    pub(super) fn new(name: &str, label: &str) -> Name {
        Name { name: name.to_owned(), label: label.to_owned() }
    }
}

/// An instant: milliseconds since 1970-01-01T00:00:00Z; RFC 3339 in UTC in its JSON form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At(pub i64);

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&display_instant(self.0))
    }
}

impl Serialize for At {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<At, D::Error> {
        let text = String::deserialize(deserializer)?;
        let timestamp: jiff::Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        Ok(At(timestamp.as_millisecond()))
    }
}

impl JsonSchema for At {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "At".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time", "description": "RFC 3339 in UTC." })
    }
}
