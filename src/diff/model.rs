//! What a change of a policy does, as data.

use crate::explain::{Changes, Explanation, Instant, Name, PolicyHead};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The number of the form of differences; another form gets another number.
pub const SCHEMA_VERSION: u32 = 1;

/// What a change of a policy does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The number of this form.
    pub schema_version: u32,
    /// The program that compared them, and its version: `qualify 0.1.0`.
    pub engine: String,
    /// The old policy.
    pub old: PolicyHead,
    /// The new policy.
    pub new: PolicyHead,
    /// What changed, piece by piece.
    pub changes: Vec<Change>,
    /// Whether any lead's decision can change.
    pub verdict: Verdict,
    /// The instant of all leads that are shown, and of the claims that rest on one.
    pub as_of: Instant,
    /// Why nothing can be proved of all leads; null where that is no matter.
    pub caveat: Option<String>,
    /// For each kind of change that the differing pieces could make: whether any lead shows it.
    pub answers: Vec<Answer>,
    /// What the change does to the leads that were given; null where none were.
    pub leads: Option<super::Moves>,
}

/// Whether any lead's decision can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every lead has the same decision under both policies, to the last point.
    Equivalent,
    /// Every lead has the same stage, route, bands, cells, fits and personas; points may differ, and one policy may tell
    /// of more than the other.
    SameDecisions,
    /// A lead is shown whose decision changes.
    Changes,
    /// No lead was found whose decision changes, and it is not proved that there is none.
    NotDecided,
}

/// Something that changed in a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What happened to it.
    pub how: How,
    /// What it is: `rule`, `stage`, `list`.
    pub what: Piece,
    /// Its name, as the policy says it: `engagement.opens`.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it was, in words; null where there was nothing.
    pub old: Option<String>,
    /// What it is, in words; null where there is nothing.
    pub new: Option<String>,
    /// What changed in it, in words, each change by itself.
    pub details: Vec<String>,
}

/// What happened to a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It means something else.
    Changed,
    /// It means the same under another name.
    Renamed,
}

/// A kind of piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Piece {
    Timezone,
    Data,
    Field,
    Event,
    List,
    Define,
    Persona,
    Check,
    Fit,
    Score,
    Group,
    Include,
    Rule,
    Bands,
    Matrix,
    Reason,
    Stage,
    Route,
    Promise,
}

impl Piece {
    /// What people call it.
    pub fn word(self) -> &'static str {
        match self {
            Piece::Timezone => "time zone",
            Piece::Data => "data",
            Piece::Field => "field",
            Piece::Event => "event",
            Piece::List => "list",
            Piece::Define => "definition",
            Piece::Persona => "persona",
            Piece::Check => "check",
            Piece::Fit => "fit",
            Piece::Score => "score",
            Piece::Group => "group",
            Piece::Include => "include",
            Piece::Rule => "rule",
            Piece::Bands => "bands",
            Piece::Matrix => "matrix",
            Piece::Reason => "disqualification",
            Piece::Stage => "stage",
            Piece::Route => "route",
            Piece::Promise => "promise",
        }
    }
}

/// A kind of change of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A record that was decided is rejected.
    Rejected,
    /// A record that was rejected is decided.
    Accepted,
    /// A higher stage.
    StageUp,
    /// A lower stage.
    StageDown,
    /// A stage that the other policy does not know, or of which it cannot be said which is higher.
    Stage,
    /// Disqualified, and was not.
    NewlyDisqualified,
    /// Not disqualified, and was.
    NoLongerDisqualified,
    /// Disqualified for another reason.
    Reason,
    /// Another route.
    Route,
    /// The same route, another deadline.
    Deadline,
    /// A higher band.
    BandUp,
    /// A lower band.
    BandDown,
    /// A band that the other policy does not know, or of which it cannot be said which is higher.
    Band,
    /// Another cell of a matrix.
    Cell,
    /// Another verdict of a fit.
    Fit,
    /// Another persona.
    Persona,
    /// More points of a score.
    MorePoints,
    /// Fewer points of a score.
    FewerPoints,
}

impl Kind {
    /// Whether it is a change of a decision, and not of points alone.
    pub fn decides(self) -> bool {
        !matches!(self, Kind::MorePoints | Kind::FewerPoints)
    }

    /// What happens to a lead.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Rejected => "be rejected that was decided",
            Kind::Accepted => "be decided that was rejected",
            Kind::StageUp => "move up a stage",
            Kind::StageDown => "move down a stage",
            Kind::Stage => "move to a stage that only one policy knows",
            Kind::NewlyDisqualified => "be newly disqualified",
            Kind::NoLongerDisqualified => "be disqualified no longer",
            Kind::Reason => "be disqualified for another reason",
            Kind::Route => "take another route",
            Kind::Deadline => "have another deadline on the same route",
            Kind::BandUp => "move to a higher band",
            Kind::BandDown => "move to a lower band",
            Kind::Band => "move to a band that only one policy knows",
            Kind::Cell => "move to another cell",
            Kind::Fit => "have another verdict",
            Kind::Persona => "gain or lose the persona",
            Kind::MorePoints => "have more points",
            Kind::FewerPoints => "have fewer points",
        }
    }
}

/// Whether any lead shows a kind of change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// The kind.
    pub kind: Kind,
    /// The bands, matrix, fit, persona or score that it is about; null for the stage and the route.
    pub what: Option<Name>,
    /// Whether any lead shows it.
    pub can: Can,
    /// Why it is not decided, or what it rests on.
    pub reason: Option<String>,
    /// A lead that shows it.
    pub lead: Option<Box<Shown>>,
}

/// Whether something can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Can {
    /// A lead shows it; both policies decided it.
    Yes,
    /// It is proved that no lead does.
    No,
    /// Neither.
    NotDecided,
}

/// A lead that shows a change. Both policies decided it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Shown {
    /// The lead, in words.
    pub lead: String,
    /// What the old policy says of it.
    pub old: Explanation,
    /// What the new policy says of it.
    pub new: Explanation,
    /// What differs, and why.
    pub changes: Changes,
}
