//! What was found, by names: what `--format json` prints.

use super::asked::{Asked, Relation};
use crate::analysis::{Analysis, Answer, End, Range, Reachable, Survey, Sway, Witness};
use crate::check::hir::{Axis, PartId, Program};
use crate::eval::{Evaluator, Points};
use crate::explain::{Explanation, explain};
use crate::model::DomainId;
use crate::model::time::display_instant;
use crate::words::Spoken;
use bumpalo::Bump;
use schemars::JsonSchema;
use serde::Serialize;

/// What holds for all leads.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// The policy's label.
    pub policy: String,
    /// Its version.
    pub version: Option<String>,
    /// The instant that leads are judged at.
    pub as_of: String,
    /// The zone of the policy.
    pub zone: String,
    /// What was asked with `--implies`, `--equivalent` and `--disjoint`; then all below is empty.
    pub asked: Vec<Question>,
    /// Each `always`.
    pub promises: Vec<Promise>,
    /// Each stage, lowest first.
    pub stages: Vec<Reach>,
    /// Whether any lead is disqualified; null when the policy disqualifies nobody.
    pub disqualified: Option<Reach>,
    /// Each score with its parts.
    pub scores: Vec<Score>,
    /// Each `bands`.
    pub bands: Vec<Bands>,
    /// Each matrix.
    pub matrices: Vec<Matrix>,
    /// Each route; one without a name is having none.
    pub routes: Vec<Reach>,
    /// Each field of the lead: whether it can change the stage.
    pub fields: Vec<Field>,
}

/// Whether something holds for every lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// For every lead.
    Proved,
    /// A lead shows that it does not.
    Broken,
    /// Neither was found.
    NotDecided,
}

/// Whether a promise holds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Promise {
    /// Its label.
    pub label: String,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Why it is not decided.
    pub reason: Option<&'static str>,
    /// A lead that breaks it, from which nothing can be left out, in words.
    pub lead: Option<String>,
    /// Why that lead breaks it, as `qualify explain --format json` tells it.
    pub explanation: Option<Box<Explanation>>,
}

/// Whether two conditions relate as was asked.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Question {
    /// How.
    pub relation: Relation,
    /// The first condition.
    pub first: String,
    /// The second.
    pub second: String,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Why it is not decided.
    pub reason: Option<&'static str>,
    /// A lead that shows that it does not, in words.
    pub lead: Option<String>,
    /// What both conditions are for that lead.
    pub values: Option<[&'static str; 2]>,
}

/// Whether a lead can come to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Possible {
    /// The engine confirmed a lead.
    Yes,
    /// No lead can.
    Never,
    /// Neither was found.
    NotDecided,
}

/// Something that a lead may come to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reach {
    /// Its name.
    pub name: Option<String>,
    /// Its label.
    pub label: String,
    /// Whether a lead can.
    pub possible: Possible,
    /// Why it is not decided.
    pub reason: Option<&'static str>,
    /// Such a lead, in words.
    pub lead: Option<String>,
}

/// A score, group, include or rule, and between which points it lies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Score {
    /// Its name: `engagement`, `engagement.opens`.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The fewest points; null where there is no end.
    pub low: Option<Bound>,
    /// The most points; null where there is no end.
    pub high: Option<Bound>,
    /// Its parts.
    pub parts: Vec<Score>,
}

/// An end of a range.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Bound {
    /// No lead has points beyond.
    pub points: Points,
    /// Whether a lead has these points: the engine confirmed it.
    pub exact: bool,
    /// The points of the lead that comes nearest.
    pub nearest: Points,
    /// That lead, in words.
    pub lead: String,
}

/// Bands of a score.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Bands {
    /// Their name.
    pub name: String,
    /// Their label.
    pub label: String,
    /// Each band, lowest first.
    pub bands: Vec<Reach>,
}

/// A matrix.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Matrix {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Each place, row by row.
    pub places: Vec<Place>,
}

/// A place of a matrix.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Place {
    /// The row.
    pub row: String,
    /// The column.
    pub column: String,
    /// What stands there.
    pub cell: String,
    /// Whether a lead can stand there.
    pub possible: Possible,
    /// Why it is not decided.
    pub reason: Option<&'static str>,
    /// Such a lead, in words.
    pub lead: Option<String>,
}

/// A field of the lead.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Whether it can change the stage.
    pub changes_stage: Possible,
    /// Why it is not decided.
    pub reason: Option<&'static str>,
    /// Two leads that differ in it alone and stand at other stages, in words.
    pub leads: Option<[String; 2]>,
}

impl Report {
    fn head(analysis: &Analysis<'_>) -> Report {
        let (program, as_of) = (analysis.program(), analysis.as_of());
        Report {
            policy: program.meta.label.clone(),
            version: program.meta.version.clone(),
            as_of: display_instant(as_of.instant),
            zone: program.zone.name().to_owned(),
            asked: Vec::new(),
            promises: Vec::new(),
            stages: Vec::new(),
            disqualified: None,
            scores: Vec::new(),
            bands: Vec::new(),
            matrices: Vec::new(),
            routes: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// The answers to what was asked.
    pub fn answers(analysis: &Analysis<'_>, asked: &[Asked]) -> Report {
        let asked = asked.iter().map(|asked| {
            let (verdict, reason, witness) = taken_apart(asked.answer(analysis));
            let [first, second] = asked.conditions.clone();
            Question {
                relation: asked.relation,
                first,
                second,
                verdict,
                reason,
                values: witness.as_ref().map(|witness| asked.values(analysis, witness)),
                lead: witness.map(|witness| words(analysis, &witness)),
            }
        });
        Report { asked: asked.collect(), ..Report::head(analysis) }
    }

    /// All that was found.
    pub fn of(analysis: &Analysis<'_>, survey: &Survey, spoken: &Spoken) -> Report {
        let program = analysis.program();
        let reach = |name: Option<&str>, label: &str, found: &Reachable| reach(analysis, name, label, found);
        let promises = program.always.iter().zip(&survey.promises).map(|(always, answer)| {
            let (verdict, reason, witness) = taken_apart(answer.clone());
            Promise {
                label: always.label.clone(),
                verdict,
                reason,
                lead: witness.as_ref().map(|witness| words(analysis, witness)),
                explanation: witness.map(|witness| Box::new(explanation(analysis, spoken, &witness))),
            }
        });
        let stages = program.stages.iter().zip(&survey.stages);
        let bands = program.bands.iter().zip(&survey.bands).map(|(bands, found)| Bands {
            name: bands.name.clone(),
            label: bands.label.clone(),
            bands: choices(program, bands.domain).zip(found).map(|((n, l), found)| reach(Some(n), l, found)).collect(),
        });
        let routes = program.routes.iter().zip(&survey.routes);
        let mut routes: Vec<Reach> =
            routes.map(|(route, found)| reach(Some(&route.name), &route.label, found)).collect();
        if let Some(none) = survey.routes.last().filter(|_| !program.routes.is_empty()) {
            routes.push(reach(None, "No route", none));
        }
        let fields = program.schema.fields.iter().zip(&survey.fields).map(|(field, sway)| {
            let (changes_stage, reason, leads) = match sway {
                Sway::Changes(pair) => {
                    (Possible::Yes, None, Some([words(analysis, &pair.0), words(analysis, &pair.1)]))
                }
                Sway::Never => (Possible::Never, None, None),
                Sway::NotDecided(why) => (Possible::NotDecided, Some(*why), None),
            };
            Field { name: field.name.clone(), changes_stage, reason, leads }
        });
        Report {
            promises: promises.collect(),
            stages: stages.map(|(stage, found)| reach(Some(&stage.name), &stage.label, found)).collect(),
            disqualified: (!program.reasons.is_empty())
                .then(|| reach(Some("disqualified"), "Disqualified", &survey.disqualified)),
            scores: program.scores.iter().map(|score| self::score(analysis, survey, *score)).collect(),
            bands: bands.collect(),
            matrices: matrices(analysis, survey),
            routes,
            fields: fields.collect(),
            ..Report::head(analysis)
        }
    }

    /// Whether a promise is broken, or what was asked does not hold; with `strict` also whether it is not decided.
    pub fn fails(&self, strict: bool) -> bool {
        let fails = |verdict: Verdict| verdict == Verdict::Broken || strict && verdict == Verdict::NotDecided;
        self.promises.iter().any(|promise| fails(promise.verdict)) || self.asked.iter().any(|one| fails(one.verdict))
    }
}

fn taken_apart(answer: Answer) -> (Verdict, Option<&'static str>, Option<Witness>) {
    match answer {
        Answer::Yes => (Verdict::Proved, None, None),
        Answer::No(witness) => (Verdict::Broken, None, Some(*witness)),
        Answer::NotDecided(why) => (Verdict::NotDecided, Some(why), None),
    }
}

fn words(analysis: &Analysis<'_>, witness: &Witness) -> String {
    witness.describe(analysis.program(), analysis.as_of())
}

/// What the engine says of a lead, and why.
fn explanation(analysis: &Analysis<'_>, spoken: &Spoken, witness: &Witness) -> Explanation {
    let evaluator = Evaluator::new(analysis.program(), analysis.as_of().clone());
    let arena = Bump::new();
    let lead = witness.lead(&arena);
    let (outcome, ledger) = evaluator.explain(&lead, &arena);
    explain(&evaluator, spoken, &lead, &outcome, &ledger, &[])
}

fn possible(found: &Reachable) -> (Possible, Option<&'static str>) {
    match found {
        Reachable::Yes(_) => (Possible::Yes, None),
        Reachable::No => (Possible::Never, None),
        Reachable::NotDecided(why) => (Possible::NotDecided, Some(why)),
    }
}

fn lead(analysis: &Analysis<'_>, found: &Reachable) -> Option<String> {
    if let Reachable::Yes(witness) = found { Some(words(analysis, witness)) } else { None }
}

fn reach(analysis: &Analysis<'_>, name: Option<&str>, label: &str, found: &Reachable) -> Reach {
    let (possible, reason) = possible(found);
    Reach { name: name.map(str::to_owned), label: label.to_owned(), possible, reason, lead: lead(analysis, found) }
}

fn choices(program: &Program, domain: DomainId) -> impl Iterator<Item = (&str, &str)> {
    program.schema.domain(domain).choices.iter().map(|choice| (&*choice.name, &*choice.label))
}

fn score(analysis: &Analysis<'_>, survey: &Survey, id: PartId) -> Score {
    let program = analysis.program();
    let part = &program.parts[id.index()];
    let Range { low, high } = &survey.ranges[id.index()];
    let name = match part.parent {
        None => part.name.clone(),
        Some(_) => format!("{}.{}", program.parts[part.score.index()].name, part.name),
    };
    let bound = |end: &End| {
        end.bound.map(|points| Bound {
            points: Points(points),
            exact: end.is_exact(),
            nearest: Points(end.reached),
            lead: words(analysis, &end.witness),
        })
    };
    let below = (0..program.parts.len() as u16).map(PartId);
    let below = below.filter(|other| program.parts[other.index()].parent == Some(id));
    Score {
        name,
        label: part.label.clone(),
        low: bound(low),
        high: bound(high),
        parts: below.map(|part| score(analysis, survey, part)).collect(),
    }
}

fn matrices(analysis: &Analysis<'_>, survey: &Survey) -> Vec<Matrix> {
    let program = analysis.program();
    let mut all = Vec::new();
    for (matrix, found) in program.matrices.iter().zip(&survey.places) {
        let (rows, columns) = (axis(program, &matrix.rows), axis(program, &matrix.columns));
        let cells: Vec<&str> = choices(program, matrix.domain).map(|(name, _)| name).collect();
        let mut places = Vec::new();
        for (row, found) in found.iter().enumerate() {
            for (column, found) in found.iter().enumerate() {
                let cell =
                    matrix.cells.get(row * columns.len() + column).and_then(|cell| cells.get(usize::from(*cell)));
                let (possible, reason) = possible(found);
                places.push(Place {
                    row: rows.get(row).cloned().unwrap_or_default(),
                    column: columns.get(column).cloned().unwrap_or_default(),
                    cell: cell.copied().unwrap_or_default().to_owned(),
                    possible,
                    reason,
                    lead: lead(analysis, found),
                });
            }
        }
        all.push(Matrix { name: matrix.name.clone(), label: matrix.label.clone(), places });
    }
    all
}

/// The names along an axis.
fn axis(program: &Program, axis: &Axis) -> Vec<String> {
    match axis {
        Axis::Bands(bands) => {
            choices(program, program.bands[bands.index()].domain).map(|(name, _)| name.to_owned()).collect()
        }
        Axis::Fit(_) => ["fits", "unknown", "fails"].map(str::to_owned).to_vec(),
        Axis::Field(_, domain) => {
            choices(program, *domain).map(|(name, _)| name).chain(["missing"]).map(str::to_owned).collect()
        }
    }
}
