//! Scores and where their points come from.

use super::{Condition, Instant, Item, Reading, Reason, Shown, Threshold};
use crate::eval::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreItem {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// Its points: the sum, held between the limits.
    pub points: Points,
    /// The sum of its parts.
    pub sum: Points,
    /// `from A`
    pub from: Option<Points>,
    /// `to B`
    pub to: Option<Points>,
    /// Where bands begin, and what stages ask for, lowest first.
    pub thresholds: Vec<Threshold>,
    /// Its parts in the policy's order.
    pub parts: Vec<PartItem>,
}

/// A group, include or rule of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartItem {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// What it adds to the group or score that it is in.
    pub points: Points,
    /// How these came about.
    pub how: How,
}

/// How a part's points came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum How {
    /// The sum of its parts, held between its limits.
    Group {
        /// The sum.
        sum: Points,
        /// `from A`
        from: Option<Points>,
        /// `to B`
        to: Option<Points>,
        /// Its parts in the policy's order.
        parts: Vec<PartItem>,
    },
    /// Another score, or a number, times a factor.
    Include {
        /// What is included, by name.
        of: String,
        /// What is included, in words.
        #[serde(default)]
        words: String,
        /// Its value.
        value: Shown,
        /// The factor as people write it: `50%`, `1.25`.
        factor: Option<String>,
    },
    /// Points if a condition is true.
    If {
        /// The points when it is.
        worth: Points,
        /// The condition.
        #[serde(flatten)]
        condition: Condition,
    },
    /// Points per event.
    Per(Box<PerEvents>),
    /// Points per whole period since a time.
    PerPeriod {
        /// The points of a period.
        each: Points,
        /// The period: `30 days`.
        period: String,
        /// Since when.
        since: Reading,
        /// How many whole periods have gone by.
        periods: u64,
        /// Points before the limit.
        raw: Points,
        /// Lost to `at most M points`.
        over_limit: Points,
        /// `at most M points`
        most: Option<Points>,
    },
    /// The first case that holds for a value.
    By {
        /// The value.
        value: Reading,
        /// The case; null when none holds.
        case: Option<Case>,
    },
    /// The first condition that is true.
    FirstOf {
        /// The case; null when none holds.
        case: Option<Case>,
        /// The conditions before it (all, when there is none), false or unknown.
        passed_over: Vec<Condition>,
    },
}

/// The case of a rule that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// As the policy writes it: `10 to 49`, `missing`, `otherwise`.
    pub source: String,
    /// What decided it; empty for `by`, where the value says it all.
    pub because: Vec<Reason>,
}

/// Points per event. `raw − outside − duplicates − over_cap − decay − over_limit` is the part's points; losses have the
/// sign of the points that are lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PerEvents {
    /// The points of an event.
    pub each: Points,
    /// Which events, as the policy writes it.
    pub query: String,
    /// The field whose different values count once each.
    pub distinct: Option<String>,
    /// Points if every event counted in full.
    pub raw: Points,
    /// Lost by events outside the window.
    pub outside: Points,
    /// Lost by events with a value that a later event has, or without one.
    pub duplicates: Points,
    /// Lost by events over a number of times.
    pub over_cap: Points,
    /// Lost to the age of the events that count.
    pub decay: Points,
    /// How events lose points with age, in words: `halves every 60 days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fades: Option<String>,
    /// Lost to `at most M points`.
    pub over_limit: Points,
    /// `at most M points`
    pub most: Option<Points>,
    /// How many events count.
    pub counted: u64,
    /// When the latest event was, counting or not.
    pub latest: Option<Instant>,
    /// The events that do not count, by reason.
    pub lost: Vec<LostEvents>,
    /// Every event of the right type whose `where` is true, latest first.
    pub events: Vec<EventItem>,
}

/// Events that do not count for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LostEvents {
    /// Why.
    pub fate: EventFate,
    /// How many times the rule allows, where it is about that.
    pub cap: Option<u32>,
    /// How many events.
    pub events: u64,
    /// The points that they would have earned in full.
    pub points: Points,
}

/// An event under a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventItem {
    /// Its place among the lead's events in the data, from 0.
    pub index: u32,
    /// Its type as the data spells it.
    #[serde(rename = "type")]
    pub ty: String,
    /// When it was.
    pub at: Instant,
    /// What became of it.
    pub fate: EventFate,
    /// What it earned, after decay.
    pub points: Points,
}

/// What became of an event under a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventFate {
    /// It counts.
    Counts,
    /// It is too old for the window.
    OutsideWindow,
    /// Its field's value is not known.
    NoValue,
    /// A later event has the same value.
    Duplicate,
    /// Later events of its day fill the cap.
    OverDay,
    /// Later events of its week fill the cap.
    OverWeek,
    /// Later events of its month fill the cap.
    OverMonth,
    /// Later events fill the cap.
    OverTimes,
}
