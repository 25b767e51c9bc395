//! The report: every outcome, the tests that show it, and what no test shows.

use schemars::JsonSchema;
use serde::Serialize;

/// The version of the report's JSON form.
pub const SCHEMA_VERSION: u32 = 1;

/// Which outcomes of a policy its tests show. The JSON form is stable; `qualify schema coverage` prints its schema.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Coverage {
    /// The version of this form: 1.
    pub schema_version: u32,
    /// The policy's label.
    pub policy: String,
    /// The policy's file as it was named; `<stdin>` for standard input.
    pub file: String,
    /// Its tests.
    pub tests: Vec<TestSeen>,
    /// How many outcomes there are, and how many are shown. Those that cannot happen are not among them.
    pub outcomes: Tally,
    /// How many outcomes no lead can show, as the analysis proves.
    pub cannot_happen: usize,
    /// The same by the kind of outcome; kinds that do not occur are left out.
    pub kinds: Vec<KindTally>,
    /// Everything that has outcomes, in the order of the policy.
    pub items: Vec<Item>,
}

/// A test and what it adds.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TestSeen {
    /// Its label.
    pub name: String,
    /// The file that it stands in.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// Whether it passes.
    pub passed: bool,
    /// How many outcomes it shows.
    pub shows: usize,
    /// How many of these no other test shows.
    pub alone: usize,
}

/// How many of how many outcomes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Tally {
    /// All outcomes that may be.
    pub all: usize,
    /// Those that a test shows.
    pub covered: usize,
    /// Covered of all, in percent, cut to one digit after the point; 100 when there are none.
    pub percent: f64,
}

/// The outcomes of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct KindTally {
    /// The kind.
    pub kind: Kind,
    /// How many.
    #[serde(flatten)]
    pub tally: Tally,
}

/// Something that a policy declares and that has outcomes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Item {
    /// In which part of the report it stands.
    pub group: Group,
    /// Its name: `icp.in_us`, `engagement.opens`, `mql`.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The file that declares it.
    pub file: String,
    /// The line of its name, from 1.
    pub line: usize,
    /// Its outcomes.
    pub outcomes: Vec<Outcome>,
}

/// An outcome and the tests that show it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Outcome {
    /// What kind it is.
    pub kind: Kind,
    /// What it is, in words.
    pub outcome: String,
    /// The file of the part of the policy that it is about.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// Whether any test shows it.
    pub covered: bool,
    /// Whether no lead can show it, as the analysis proves.
    pub cannot_happen: bool,
    /// The tests that show it: their places in `tests`, from 0.
    pub tests: Vec<usize>,
}

/// The parts of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// `define`s that are conditions, and personas.
    Definitions,
    /// Fits and their checks.
    Fits,
    /// Scores, groups, rules.
    Scores,
    /// Bands.
    Bands,
    /// Matrices.
    Matrices,
    /// Reasons to disqualify.
    Disqualifiers,
    /// Stages.
    Stages,
    /// Routes.
    Routes,
    /// What must never be false.
    Promises,
}

impl Group {
    /// Its heading.
    pub fn heading(self) -> &'static str {
        match self {
            Group::Definitions => "Definitions",
            Group::Fits => "Fits",
            Group::Scores => "Scores",
            Group::Bands => "Bands",
            Group::Matrices => "Tables",
            Group::Disqualifiers => "Disqualifiers",
            Group::Stages => "Stages",
            Group::Routes => "Routes",
            Group::Promises => "Promises",
        }
    }
}

/// Kinds of outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A condition is true, false, unknown; a check passes, fails, is unknown; a fit's verdict.
    Truth,
    /// A rule gives points or none.
    Fires,
    /// A case of `by`, `first of`, `if`.
    Case,
    /// A part of an `and` or `or` decides alone.
    Decides,
    /// The two sides of a line.
    Edge,
    /// The two sides of a window of events.
    Window,
    /// A cap on how often events count.
    Cap,
    /// A limit of points.
    Limit,
    /// Points that shrink with age.
    Decay,
    /// A band, a cell, a stage, a route: where a lead ends up.
    Place,
}

impl Kind {
    /// All kinds, in the order of the report.
    pub const ALL: [Kind; 10] = [
        Kind::Truth,
        Kind::Place,
        Kind::Fires,
        Kind::Case,
        Kind::Cap,
        Kind::Limit,
        Kind::Decay,
        Kind::Window,
        Kind::Edge,
        Kind::Decides,
    ];

    /// What it is called in the report.
    pub fn heading(self) -> &'static str {
        match self {
            Kind::Truth => "true, false, unknown",
            Kind::Place => "stages, routes, bands, cells",
            Kind::Fires => "rules that fire or not",
            Kind::Case => "cases",
            Kind::Cap => "caps",
            Kind::Limit => "limits",
            Kind::Decay => "decay",
            Kind::Window => "sides of windows",
            Kind::Edge => "sides of lines",
            Kind::Decides => "parts that decide alone",
        }
    }
}

impl Tally {
    /// So many of so many.
    pub fn new(covered: usize, all: usize) -> Tally {
        let percent = (covered * 1000).checked_div(all).unwrap_or(1000) as f64 / 10.0;
        Tally { all, covered, percent }
    }
}
