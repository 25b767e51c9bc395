//! What a backtest tells: plain data with a stable JSON form.

use crate::eval::{Points, PolicyName};
use crate::model::number::POINTS_SCALE;
use crate::whatif::{At, Name};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// The number of the form of a [`Backtest`]; it grows when a reader of the last one would misread the new one.
pub const BACKTEST_VERSION: u32 = 1;

/// A share, a rate, a ratio: with six decimals in its JSON form, the nearest to the exact value.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Ratio(pub f64);

impl Ratio {
    /// A part of all; none of nothing.
    pub fn of(part: u64, all: u64) -> Option<Ratio> {
        (all > 0).then(|| Ratio(part as f64 / all as f64))
    }

    /// With six decimals.
    pub fn rounded(self) -> f64 {
        let rounded = format!("{:.6}", self.0).parse().unwrap_or(self.0);
        // No negative zero.
        rounded + 0.0
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.rounded())
    }
}

impl JsonSchema for Ratio {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ratio".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "description": "Rounded to six decimals." })
    }
}

/// An amount of money, in ten-thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub i128);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scale = i128::from(POINTS_SCALE);
        match i64::try_from(self.0 / scale) {
            Ok(whole) if self.0 % scale == 0 => serializer.serialize_i64(whole),
            _ => serializer.serialize_f64(self.0 as f64 / POINTS_SCALE as f64),
        }
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "description": "Up to four decimals." })
    }
}

/// How well a policy told who would convert.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Backtest {
    /// The number of this form.
    pub schema_version: u32,
    /// The policy.
    pub policy: PolicyName,
    /// When each lead was judged, in words.
    pub judged: String,
    /// The last instant of which outcomes are known; null when nothing tells.
    pub known_until: Option<At>,
    /// The score that leads are ranked by; null without scores.
    pub score: Option<Name>,
    /// The stage from which on leads are passed to sales; null without stages.
    pub line: Option<Name>,
    /// The currency of amounts; null when the policy names none.
    pub currency: Option<String>,
    /// What was read, and why some leads are not judged. Nothing is lost: `records` is the sum of `rejected`, `judged`
    /// and all of `left_out`.
    pub data: DataCounts,
    /// All judged leads.
    pub total: Group,
    /// Leads by stage, lowest first; disqualified ones last.
    pub stages: Vec<StageGroup>,
    /// Leads by the verdict of each fit.
    pub fits: Vec<Groups>,
    /// Leads by the band of each `bands`, lowest first.
    pub bands: Vec<Groups>,
    /// Every rule of every score.
    pub rules: Vec<RuleReport>,
    /// How the score ranks; null without scores.
    pub ranking: Option<Ranking>,
    /// What leads and customers cost, when the cost of a lead is given.
    pub cost: Option<Costs>,
    /// What sales can work, when that is given.
    pub capacity: Option<Capacity>,
    /// Thresholds chosen on the past and judged on later leads; all other figures are then of the later leads alone.
    pub split: Option<Split>,
    /// Another policy, judged on the same leads.
    pub against: Option<Against>,
}

/// What was read, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DataCounts {
    /// Records of leads.
    pub records: u64,
    /// Records without a decision.
    pub rejected: u64,
    /// Leads that were judged and whose outcome is known.
    pub judged: u64,
    /// Leads that were not judged, by reason.
    pub left_out: LeftOutCounts,
    /// Judged leads whose key an earlier judged lead has: each counts.
    pub repeated_leads: u64,
    /// Values of leads that could not be read.
    pub problems: u64,
    /// Leads without a conversion that had less time than nine of ten conversions took.
    pub young: u64,
    /// How many days nine of ten conversions took at most; null where no conversion has an instant.
    pub days_to_convert: Option<u64>,
    /// Conversions without an instant: that they came after the decision is taken on trust.
    pub undated_conversions: u64,
    /// Events of judged leads after the decision: none was looked at.
    pub later_events: u64,
    /// Fields with a date or time after the decision: what is in them may not have been known.
    pub later_values: Vec<LaterValues>,
    /// The file of outcomes.
    pub outcomes: OutcomeRecords,
    /// The second file of events; null without one.
    pub events: Option<EventRecords>,
}

/// Leads that were not judged, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOutCounts {
    /// The file of outcomes does not name it.
    pub no_outcome: u64,
    /// The file does not say whether it converted.
    pub outcome_unknown: u64,
    /// The field or column of the decision's instant is missing.
    pub no_instant: u64,
    /// It never reached the stage at which leads are judged.
    pub not_reached: u64,
    /// It did not exist yet.
    pub not_created: u64,
    /// Its outcome was there already.
    pub settled: u64,
    /// It would be judged after the last instant of which outcomes are known.
    pub after_end: u64,
    /// Its outcome had not the time that `--within` gives.
    pub too_young: u64,
    /// It belongs to the past that thresholds are chosen on.
    pub past: u64,
}

/// A field with instants after the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LaterValues {
    /// The field.
    pub field: String,
    /// How many leads have one.
    pub leads: u64,
}

/// What was read of the file of outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OutcomeRecords {
    /// Records.
    pub records: u64,
    /// Records that are broken or have no key.
    pub rejected: u64,
    /// Values that could not be read.
    pub problems: u64,
    /// Records of a key that an earlier one has; they count as one outcome.
    pub repeated: u64,
    /// Keys without a lead.
    pub without_lead: u64,
}

/// What was read of the second file of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventRecords {
    /// Records.
    pub records: u64,
    /// Records that are broken or have no key.
    pub rejected: u64,
    /// Events without a readable type or time.
    pub unreadable: u64,
    /// Records whose lead is not there.
    pub without_lead: u64,
}

/// Leads that have something in common.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Group {
    /// What they have in common.
    #[serde(flatten)]
    pub name: Name,
    /// How many they are.
    pub leads: u64,
    /// How many of them converted.
    pub converted: u64,
    /// Their share of all judged leads.
    pub share_of_leads: Option<Ratio>,
    /// The share of them that converted.
    pub rate: Option<Ratio>,
    /// Wilson's interval of that at 95 %.
    pub interval: Option<[Ratio; 2]>,
    /// Their rate by that of all.
    pub lift: Option<Ratio>,
    /// Their share of all conversions.
    pub share_of_conversions: Option<Ratio>,
    /// What the conversions brought; null without amounts.
    pub amount: Option<Amount>,
}

/// The leads of a stage.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StageGroup {
    /// Those who stand there.
    #[serde(flatten)]
    pub group: Group,
    /// Those who stand there or higher; null for disqualified ones.
    pub or_higher: Option<Group>,
}

/// Leads by what a part of the policy says of them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Groups {
    /// The part.
    #[serde(flatten)]
    pub of: Name,
    /// The leads by its value.
    pub groups: Vec<Group>,
    /// Pairs of neighbours in which the higher converts less than the lower; empty where there is no order.
    pub inverted: Vec<Inversion>,
}

/// A higher band that converts less than the next lower one that has leads.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Inversion {
    /// The lower one.
    pub lower: String,
    /// The higher one.
    pub higher: String,
    /// Whether the intervals of the two lie apart: more than chance.
    pub clear: bool,
}

/// What a rule tells.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleReport {
    /// The rule.
    #[serde(flatten)]
    pub name: Name,
    /// What is to be said of it.
    pub verdict: RuleVerdict,
    /// Leads to which it gives points or takes some.
    pub with_points: Group,
    /// All other leads.
    pub without_points: Group,
    /// Leads by the points that it gives, highest first; at most twelve values, else empty.
    pub by_points: Vec<Group>,
    /// The area under the ROC curve of its points alone.
    pub auc: Option<Ratio>,
    /// How likely such a difference is by chance (Mann and Whitney).
    pub p_value: Option<Ratio>,
    /// The policy without it; null without scores.
    pub without: Option<WithoutRule>,
}

/// What is to be said of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleVerdict {
    /// Leads that convert have more of its points.
    Helps,
    /// Leads that convert have fewer of its points.
    Backwards,
    /// A difference that chance would make more often than one time in twenty.
    NoDifference,
    /// All leads have the same points.
    Same,
    /// No lead has points.
    Never,
}

/// A policy without one of its rules.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct WithoutRule {
    /// The area under the ROC curve of the score.
    pub auc: Option<Ratio>,
    /// That less the area with the rule: negative where the rule helps.
    pub auc_change: Option<Ratio>,
    /// Leads that would be passed to sales.
    pub passed: u64,
    /// Conversions among them.
    pub passed_converted: u64,
    /// Conversions among as many of the best leads as are passed with the rule, less those among the best with it.
    pub best_change: Option<Ratio>,
}

/// How a score ranks leads.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Ranking {
    /// The area under the ROC curve: of a lead that converts and one that does not, how often the first is higher.
    pub auc: Option<Ratio>,
    /// The area under the curve of precision and recall: the average precision.
    pub average_precision: Option<Ratio>,
    /// Every value of the score that some lead has, highest first.
    pub thresholds: Vec<Threshold>,
    /// The best tenth of the leads, the best two tenths, and so on.
    pub gains: Vec<Gain>,
    /// Ten groups of about equal size by score, lowest first.
    pub calibration: Vec<Bin>,
}

/// What comes of passing all leads with at least so many points.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Threshold {
    /// The points.
    pub at_least: Points,
    /// Leads that have them.
    pub leads: u64,
    /// Conversions among them.
    pub converted: u64,
    /// The share of them that converts.
    pub precision: Option<Ratio>,
    /// The share of all conversions among them: the true positive rate.
    pub recall: Option<Ratio>,
    /// The share of all leads that do not convert among them.
    pub false_positive_rate: Option<Ratio>,
    /// Precision by the rate of all.
    pub lift: Option<Ratio>,
    /// What the conversions among them brought; null without amounts.
    pub amount: Option<Amount>,
}

/// The best leads.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Gain {
    /// So many tenths of all leads.
    pub tenths: u8,
    /// How many leads that is, rounded down.
    pub leads: u64,
    /// The conversions among them; of leads with the same score, as many as an order by lot gives on average.
    pub converted: Ratio,
    /// Their share of all conversions.
    pub share_of_conversions: Option<Ratio>,
    /// Their rate by that of all.
    pub lift: Option<Ratio>,
}

/// Leads with scores in a range.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Bin {
    /// The lowest score.
    pub from: Points,
    /// The highest.
    pub to: Points,
    /// How many leads.
    pub leads: u64,
    /// Their average score.
    pub mean: Ratio,
    /// How many of them converted.
    pub converted: u64,
    /// The share of them that converted.
    pub rate: Option<Ratio>,
    /// Wilson's interval of that at 95 %.
    pub interval: Option<[Ratio; 2]>,
}

/// What leads cost on their way.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Costs {
    /// What a lead costs.
    pub per_lead: Amount,
    /// What all judged leads cost.
    pub total: Amount,
    /// What each lead that stands at a stage or higher costs.
    pub per_stage: Vec<StageCost>,
    /// What a customer costs; null without conversions.
    pub per_customer: Option<Ratio>,
}

/// What a lead of a stage costs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StageCost {
    /// The stage.
    #[serde(flatten)]
    pub stage: Name,
    /// Leads at it or higher.
    pub leads: u64,
    /// All costs by these; null without any.
    pub cost: Option<Ratio>,
}

/// What sales can work.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Capacity {
    /// As it was given: "200 leads a month".
    pub given: String,
    /// The days from the first to the last decision, both in.
    pub days: u64,
    /// So many leads can be worked in them.
    pub most: u64,
    /// The lowest score at which no more leads come; null when not even those with the highest can be worked.
    pub threshold: Option<Points>,
    /// Leads with at least that score that are not disqualified.
    pub leads: u64,
    /// Conversions among them.
    pub converted: u64,
    /// Conversions of leads below it: what the limit costs.
    pub lost: u64,
    /// That as a share of all conversions.
    pub lost_share: Option<Ratio>,
    /// Leads that the policy passes; null without stages.
    pub passed: Option<u64>,
    /// Conversions among those; null without stages.
    pub passed_converted: Option<u64>,
}

/// Thresholds that were chosen on the past, judged on later leads.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Split {
    /// The last instant of the past: leads judged until then.
    pub until: At,
    /// All leads of the past.
    pub past: Group,
    /// All later leads.
    pub later: Group,
    /// The area under the ROC curve in the past.
    pub past_auc: Option<Ratio>,
    /// The same of the later leads.
    pub later_auc: Option<Ratio>,
    /// The thresholds.
    pub chosen: Vec<Chosen>,
    /// The past's groups by score: what was to be expected of later leads, and what came.
    pub calibration: Vec<Expected>,
    /// The average of (expected rate − outcome)² over the later leads, smaller is better; null without any.
    pub brier: Option<Ratio>,
    /// The same if the past's rate were expected of every lead.
    pub brier_of_rate: Option<Ratio>,
}

/// A threshold that was chosen on the past.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Chosen {
    /// What was looked for.
    pub aim: String,
    /// The points.
    pub at_least: Points,
    /// What it would have done in the past.
    pub past: Threshold,
    /// What it does to later leads.
    pub later: Threshold,
    /// Wilson's interval of the later precision at 95 %.
    pub later_interval: Option<[Ratio; 2]>,
}

/// A group by score: what was expected of it and what came.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Expected {
    /// Leads with at least so many points, and fewer than the next group; the first takes all below too.
    pub from: Points,
    /// The rate of the past.
    pub expected: Option<Ratio>,
    /// How many later leads are in it.
    pub leads: u64,
    /// How many of them converted.
    pub converted: u64,
    /// The share of them that converted.
    pub rate: Option<Ratio>,
    /// Wilson's interval of that at 95 %.
    pub interval: Option<[Ratio; 2]>,
}

/// Two policies on the same leads.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Against {
    /// The other policy.
    pub policy: PolicyName,
    /// The score that it ranks by.
    pub score: Option<Name>,
    /// The stage from which on it passes leads.
    pub line: Option<Name>,
    /// Leads that both judge: all that follows is of these.
    pub leads: u64,
    /// Leads that only one of them judges.
    pub only_one: u64,
    /// How the intervals were found.
    pub bootstrap: Bootstrap,
    /// What is compared.
    pub measures: Vec<Measure>,
}

/// How intervals are found: leads are drawn with replacement, the same for both policies.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Bootstrap {
    /// How often all leads were drawn anew.
    pub resamples: u32,
    /// The seed of the generator.
    pub seed: u64,
    /// The generator and how a lead is drawn with it.
    pub generator: String,
}

/// A figure of two policies.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Measure {
    /// What it is.
    pub measure: MeasureKind,
    /// Of the policy.
    pub policy: Option<Ratio>,
    /// Of the other.
    pub other: Option<Ratio>,
    /// The policy's less the other's.
    pub difference: Option<Ratio>,
    /// The 2.5 % and 97.5 % quantiles of the difference over all resamples; null when no resample gives any.
    pub interval: Option<[Ratio; 2]>,
}

/// What is compared of two policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// The area under the ROC curve.
    Auc,
    /// The average precision.
    AveragePrecision,
    /// The share of all conversions in the best tenth of the leads.
    BestTenth,
    /// The share of all conversions in the best three tenths of the leads.
    BestThreeTenths,
    /// The share of leads that are passed.
    Passed,
    /// The share of passed leads that convert.
    Precision,
    /// The share of conversions that are passed.
    Recall,
}
