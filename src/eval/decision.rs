//! What is said of a lead, by names: the stable form of an [`Outcome`] (§7).

use super::{Evaluator, Outcome};
use crate::check::hir::{CheckId, Expr, ExprKind, PartId, Program, StageId, Step};
use crate::model::number::{POINTS_SCALE, hold_points};
use crate::model::{FieldId, Lead, Problem, Tri, Value, time};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a policy says of a lead. The JSON form is stable; `qualify schema decision` prints its schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The lead's key as trimmed text; the record's number where the policy declares no key.
    pub key: String,
    /// The policy.
    pub policy: PolicyName,
    /// The instant that the lead was evaluated at, RFC 3339 in UTC.
    pub as_of: String,
    /// The stage's name, or `disqualified`; null where the policy has no stages and the lead is not disqualified.
    pub stage: Option<String>,
    /// The highest stage that is reached, whether or not the lead is disqualified; null without stages.
    pub ladder: Option<String>,
    /// Whether any reason to disqualify is true.
    pub disqualified: bool,
    /// The reasons that are true, in the policy's order.
    pub disqualified_by: Vec<String>,
    /// Every fit.
    pub fits: IndexMap<String, FitDecision>,
    /// Every score.
    pub scores: IndexMap<String, ScoreDecision>,
    /// The band of each `bands`.
    pub bands: IndexMap<String, String>,
    /// The cell of each matrix.
    pub matrices: IndexMap<String, String>,
    /// The personas that the lead is.
    pub personas: Vec<String>,
    /// The route; null for none.
    pub route: Option<DecisionRoute>,
    /// What is not known and keeps a check or a higher stage undecided.
    pub questions: Vec<Question>,
    /// Labels of the `always` declarations that are false.
    pub broken: Vec<String>,
    /// Values that could not be read and count as missing.
    pub problems: Vec<ProblemReport>,
}

/// Which policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyName {
    /// Its label.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
}

/// What a fit came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FitDecision {
    /// The verdict.
    pub verdict: FitVerdict,
    /// How many checks pass.
    pub passed: u16,
    /// How many fail.
    pub failed: u16,
    /// How many are unknown.
    pub unknown: u16,
    /// Every check.
    pub checks: IndexMap<String, CheckVerdict>,
}

/// A fit's verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FitVerdict {
    /// Enough checks pass.
    Fits,
    /// Too few can pass.
    Fails,
    /// It depends on what is not known.
    Unknown,
}

/// A check's verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CheckVerdict {
    /// True.
    Passes,
    /// False.
    Fails,
    /// Not known.
    Unknown,
}

/// What a score came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreDecision {
    /// Its points.
    pub points: Points,
    /// The points of every group, include and rule in it, groups before what they hold.
    pub parts: IndexMap<String, Points>,
}

/// Points with up to four decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(
    /// Ten-thousandths of a point.
    pub i64,
);

impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::model::number::display(self.0, 4).fmt(f)
    }
}

impl Serialize for Points {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % POINTS_SCALE == 0 {
            serializer.serialize_i64(self.0 / POINTS_SCALE)
        } else {
            // The nearest double prints as the decimal itself: points have at most 16 digits.
            serializer.serialize_f64(self.0 as f64 / POINTS_SCALE as f64)
        }
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Points, D::Error> {
        let points = f64::deserialize(deserializer)?;
        Ok(Points(hold_points((points * POINTS_SCALE as f64).round() as i128)))
    }
}

impl JsonSchema for Points {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Points".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "description": "Points with up to four decimals." })
    }
}

/// A route and when it is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionRoute {
    /// Its name.
    pub name: String,
    /// As-of plus the time it may take, RFC 3339 in UTC; null without a deadline.
    pub deadline: Option<String>,
}

/// A field whose value is not known and keeps something undecided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// The field.
    pub field: String,
    /// The question to ask, if the policy has one.
    pub ask: Option<String>,
    /// What it keeps undecided: checks (`icp.income`) and higher stages.
    pub decides: Vec<String>,
}

/// A value that could not be read and counts as missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProblemReport {
    /// The field.
    pub field: String,
    /// The event's place in the data, from 0, for an event's field.
    pub event: Option<u32>,
    /// A stable name of what is wrong.
    pub problem: String,
    /// The value as the data has it, at most 100 characters.
    pub value: String,
}

impl From<&Problem> for ProblemReport {
    fn from(problem: &Problem) -> ProblemReport {
        ProblemReport {
            field: problem.field.clone(),
            event: problem.event,
            problem: problem.kind.as_str().to_owned(),
            value: problem.value.clone(),
        }
    }
}

impl Decision {
    /// An outcome by names.
    pub fn new(evaluator: &Evaluator<'_>, lead: &Lead<'_>, outcome: &Outcome<'_>, problems: &[Problem]) -> Decision {
        let program = evaluator.program();
        let ladder = program.stages.get(outcome.stage as usize).map(|stage| stage.name.clone());
        let choice = |domain, place: u16| program.schema.domain(domain).choices[place as usize].name.clone();
        Decision {
            key: lead.key.to_owned(),
            policy: PolicyName { name: program.meta.label.clone(), version: program.meta.version.clone() },
            as_of: time::display_instant(evaluator.as_of().instant),
            stage: if outcome.disqualified { Some("disqualified".to_owned()) } else { ladder.clone() },
            ladder,
            disqualified: outcome.disqualified,
            disqualified_by: true_names(
                program.reasons.iter().map(|reason| &reason.name),
                outcome.reasons.iter().copied(),
            ),
            fits: program
                .fits
                .iter()
                .enumerate()
                .map(|(place, fit)| (fit.name.clone(), fit_decision(program, outcome, place)))
                .collect(),
            scores: program
                .scores
                .iter()
                .map(|score| (program.parts[score.index()].name.clone(), score_decision(program, outcome, *score)))
                .collect(),
            bands: program
                .bands
                .iter()
                .zip(outcome.bands.iter())
                .map(|(bands, band)| (bands.name.clone(), choice(bands.domain, *band)))
                .collect(),
            matrices: program
                .matrices
                .iter()
                .zip(outcome.cells.iter())
                .map(|(matrix, cell)| (matrix.name.clone(), choice(matrix.domain, *cell)))
                .collect(),
            personas: true_names(
                program.defines.iter().map(|define| &define.name),
                program
                    .defines
                    .iter()
                    .zip(outcome.defines.iter())
                    .map(|(define, value)| if define.persona { value.tri() } else { Tri::False }),
            ),
            route: outcome.route.map(|route| {
                let route = &program.routes[route.index()];
                let deadline = route.within.map(|within| time::display_instant(evaluator.reach(within).ahead));
                DecisionRoute { name: route.name.clone(), deadline }
            }),
            questions: questions(program, lead, outcome),
            broken: program
                .always
                .iter()
                .zip(outcome.always.iter())
                .filter(|(_, holds)| **holds == Tri::False)
                .map(|(always, _)| always.label.clone())
                .collect(),
            problems: problems.iter().map(ProblemReport::from).collect(),
        }
    }
}

fn true_names<'n>(names: impl Iterator<Item = &'n String>, values: impl Iterator<Item = Tri>) -> Vec<String> {
    names.zip(values).filter(|(_, value)| value.is_true()).map(|(name, _)| name.clone()).collect()
}

fn fit_decision(program: &Program, outcome: &Outcome<'_>, place: usize) -> FitDecision {
    let fit = outcome.fits[place];
    let checks = program.fits[place].checks.clone().map(|check| {
        let verdict = match outcome.checks[check as usize] {
            Tri::True => CheckVerdict::Passes,
            Tri::False => CheckVerdict::Fails,
            Tri::Unknown => CheckVerdict::Unknown,
        };
        (program.checks[check as usize].name.clone(), verdict)
    });
    let verdict = match fit.verdict {
        Tri::True => FitVerdict::Fits,
        Tri::False => FitVerdict::Fails,
        Tri::Unknown => FitVerdict::Unknown,
    };
    FitDecision { verdict, passed: fit.passed, failed: fit.failed, unknown: fit.unknown, checks: checks.collect() }
}

fn score_decision(program: &Program, outcome: &Outcome<'_>, score: PartId) -> ScoreDecision {
    let parts = program.parts.iter().enumerate().filter(|(place, part)| part.score == score && *place != score.index());
    ScoreDecision {
        points: Points(outcome.points(score)),
        parts: parts.map(|(place, part)| (part.name.clone(), Points(outcome.points[place]))).collect(),
    }
}

/// The missing fields that unknown checks and higher stages of unknown standing rest on, each once.
fn questions(program: &Program, lead: &Lead<'_>, outcome: &Outcome<'_>) -> Vec<Question> {
    let mut questions: IndexMap<FieldId, Vec<String>> = IndexMap::new();
    let mut ask = |roots: Vec<&Expr>, name: String| {
        for field in fields_below(program, roots) {
            if lead.field(field) == Value::Missing {
                questions.entry(field).or_default().push(name.clone());
            }
        }
    };
    for (place, check) in program.checks.iter().enumerate() {
        if outcome.checks[place] == Tri::Unknown {
            let fit = &program.fits[check.fit.index()].name;
            ask(vec![&check.condition], format!("{fit}.{}", check.name));
        }
    }
    for (place, stage) in program.stages.iter().enumerate().skip(outcome.stage as usize + 1) {
        let mut roots = Vec::new();
        undecided(program, lead, outcome, StageId(place as u16), &mut roots);
        ask(roots, stage.name.clone());
    }
    questions
        .into_iter()
        .map(|(field, decides)| {
            let field = program.schema.field(field);
            Question { field: field.name.clone(), ask: field.ask.clone(), decides }
        })
        .collect()
}

/// The conditions that keep it unknown whether a stage is reached.
fn undecided<'p>(
    program: &'p Program,
    lead: &Lead<'_>,
    outcome: &Outcome<'_>,
    stage: StageId,
    roots: &mut Vec<&'p Expr>,
) {
    if outcome.standing[stage.index()] != Tri::Unknown {
        return;
    }
    let declared = &program.stages[stage.index()];
    // A condition that is false cannot be what is open, nor can what stands beside it.
    if outcome.conditions[stage.index()] != Tri::False {
        if outcome.conditions[stage.index()] == Tri::Unknown {
            roots.extend(&declared.condition);
        }
        if let Some(after) = declared.after {
            undecided(program, lead, outcome, after, roots);
        }
    }
    if program.stands_at(lead, stage) {
        roots.extend(&declared.keep_while);
    }
}

/// The fields that conditions read, themselves or through what they name, except through scores: points are never
/// unknown.
fn fields_below(program: &Program, roots: Vec<&Expr>) -> BTreeSet<FieldId> {
    let mut fields = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = Vec::new();
    let mut visit = |expr: &Expr, open: &mut Vec<Step>| match &expr.kind {
        ExprKind::Field(field) => {
            fields.insert(*field);
        }
        ExprKind::Define(define) => open.push(Step::Define(*define)),
        ExprKind::Check(check) => open.push(Step::Check(*check)),
        ExprKind::Fits(fit) => open.push(Step::Fit(*fit)),
        _ => {}
    };
    for root in roots {
        root.walk(program, &mut |expr| visit(expr, &mut open));
    }
    while let Some(step) = open.pop() {
        if !seen.insert(step) {
            continue;
        }
        if let Step::Fit(fit) = step {
            open.extend(program.fits[fit.index()].checks.clone().map(|check| Step::Check(CheckId(check))));
        }
        program.walk_step(step, &mut |expr| visit(expr, &mut open));
    }
    fields
}
