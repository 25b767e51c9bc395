//! What an explanation holds: everything that any renderer shows, and more. No layout, no colours, no cut texts.

use crate::eval::{CheckVerdict, FitVerdict, Points, ProblemReport};
use crate::model::Tri;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The number of this form; it grows when a reader of the last one would misread the new one.
pub const SCHEMA_VERSION: u32 = 1;

/// Why a policy says what it says of one lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// The number of this form.
    pub schema_version: u32,
    /// The lead's key as trimmed text; the record's number where the policy declares no key.
    pub key: String,
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
    /// Every `always`.
    pub always: Vec<ConditionItem>,
    /// What is not known, and what it keeps undecided.
    pub questions: Vec<OpenQuestion>,
    /// Values of this lead that could not be read and count as missing.
    pub problems: Vec<DataProblem>,
}

/// Which policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyHead {
    /// Its label.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
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

/// A condition's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Not known.
    Unknown,
}

impl From<Tri> for Truth {
    fn from(tri: Tri) -> Truth {
        match tri {
            Tri::True => Truth::True,
            Tri::False => Truth::False,
            Tri::Unknown => Truth::Unknown,
        }
    }
}

/// A condition and what decided it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// As the policy writes it, on one line, without comments.
    pub source: String,
    /// Its value.
    pub truth: Truth,
    /// The smallest parts that decide it.
    pub because: Vec<Reason>,
}

/// A declaration that is a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConditionItem {
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
    /// The condition.
    #[serde(flatten)]
    pub condition: Condition,
}

/// A part of a condition that decides it: a comparison, or something with a name that was decided elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// As the policy writes it, on one line, without comments.
    pub source: String,
    /// Its value.
    pub truth: Truth,
    /// What it reads.
    pub readings: Vec<Reading>,
    /// How far a comparison of numbers that is false is from being true.
    pub gap: Option<Gap>,
    /// What it names, when it is nothing but a name.
    pub named: Option<Named>,
    /// The parts that decide what it names.
    pub because: Vec<Reason>,
}

/// What a reason names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Named {
    /// What kind of thing it is.
    pub kind: NamedKind,
    /// Its label.
    pub label: String,
}

/// A kind of thing that a condition can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NamedKind {
    /// A `define`.
    Define,
    /// A persona.
    Persona,
    /// A check of a fit.
    Check,
    /// A fit.
    Fit,
    /// A reason to disqualify, or any of them.
    Disqualified,
}

/// A value that a condition reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reading {
    /// The name, or the text of what was worked out: `income`, `engagement.opens`, `domain(email)`.
    pub source: String,
    /// What it is.
    pub kind: ReadingKind,
    /// Its value.
    pub value: Shown,
    /// More about the value: how long ago it was, how many checks pass.
    pub note: Option<String>,
    /// Of a question about events: which there were.
    pub events: Option<EventsSeen>,
}

/// What a condition reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReadingKind {
    /// A field of the lead.
    Field,
    /// The points of a score, group, include or rule.
    Points,
    /// A `define`, persona, check, count of checks, band, cell or stage.
    Named,
    /// A fit's verdict.
    Fit,
    /// How many events there are.
    Events,
    /// Something worked out.
    Worked,
}

/// A value, for people and exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shown {
    /// For people: `120,000 USD`, `"US"`, `missing`.
    pub text: String,
    /// Exactly: null when missing; whole numbers as numbers; other numbers and money as decimal text; dates and
    /// instants as RFC 3339 text; choices by name.
    pub value: serde_json::Value,
}

/// The events that a question was answered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventsSeen {
    /// How many are in the window.
    pub count: u64,
    /// When the first of these was.
    pub first: Option<Instant>,
    /// When the latest of these was.
    pub latest: Option<Instant>,
    /// How many are too old for the window.
    pub outside: u64,
    /// When the latest of the too old was.
    pub latest_outside: Option<Instant>,
}

/// How far a comparison is from being true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// For people: `1.5`, `20,000 USD`.
    pub text: String,
    /// Whether the left side is too small; else too large.
    pub short: bool,
}

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
