//! A policy and what is wrong with it as JSON.

use crate::base::{SourceMap, Span};
use crate::check::hir::{Axis, PartId, PartKind, Program};
use crate::diagnostic::{Diagnostic, Severity};
use crate::eval::Points;
use crate::model::{Domain, DomainId, DomainKind, Field, Scalar, Schema, Type, time};
use schemars::JsonSchema;
use serde::Serialize;

/// Something that is wrong with a policy.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// Its stable name.
    pub code: &'static str,
    /// How bad it is.
    pub severity: FindingSeverity,
    /// What is wrong.
    pub message: String,
    /// Where; the first is the main place.
    pub places: Vec<FindingPlace>,
    /// What to write instead.
    pub help: Option<String>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FindingSeverity {
    /// The policy has no meaning until this is mended.
    Error,
    /// Probably not what was meant.
    Warning,
    /// Worth knowing.
    Note,
}

/// A place in the policy's text. Lines and columns count from 1, columns in characters.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingPlace {
    /// The file.
    pub file: String,
    /// The line of its beginning.
    pub line: usize,
    /// The column of its beginning.
    pub column: usize,
    /// The line of its end.
    pub end_line: usize,
    /// The first column behind its end.
    pub end_column: usize,
    /// What is said there.
    pub message: Option<String>,
}

impl FindingPlace {
    pub fn new(span: Span, message: &str, sources: &SourceMap) -> Option<FindingPlace> {
        let source = sources.get(span.file)?;
        let (start, end) = (source.location(span.start), source.location(span.end));
        Some(FindingPlace {
            file: source.name.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            message: (!message.is_empty()).then(|| message.to_owned()),
        })
    }
}

impl Finding {
    pub fn new(diagnostic: &Diagnostic, sources: &SourceMap) -> Finding {
        Finding {
            code: diagnostic.code,
            severity: match diagnostic.severity {
                Severity::Error => FindingSeverity::Error,
                Severity::Warning => FindingSeverity::Warning,
                Severity::Note => FindingSeverity::Note,
            },
            message: diagnostic.message.clone(),
            places: diagnostic
                .labels
                .iter()
                .filter_map(|label| FindingPlace::new(label.span, &label.message, sources))
                .collect(),
            help: diagnostic.help.clone(),
        }
    }
}

/// What a policy declares, by names and labels.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Description {
    /// Its label.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Who owns it.
    pub owners: Vec<String>,
    /// Its time zone, an IANA name.
    pub zone: String,
    /// Who agreed to it, and when.
    pub agreed: Vec<AgreedBy>,
    /// The lead's fields, nested ones by their dotted name.
    pub fields: Vec<FieldDescription>,
    /// The event types.
    pub events: Vec<EventDescription>,
    /// Constants that `--set` may replace.
    pub constants: Vec<Named>,
    /// Personas.
    pub personas: Vec<Named>,
    /// Fits and their checks.
    pub fits: Vec<FitDescription>,
    /// Scores and all that is in them.
    pub scores: Vec<ScoreDescription>,
    /// Bands, lowest first.
    pub bands: Vec<BandsDescription>,
    /// Matrices.
    pub matrices: Vec<MatrixDescription>,
    /// Reasons to disqualify.
    pub disqualify: Vec<Named>,
    /// Stages, lowest first.
    pub stages: Vec<Named>,
    /// Routes, in order.
    pub routes: Vec<RouteDescription>,
    /// What must never be false.
    pub always: Vec<String>,
    /// The labels of its tests.
    pub tests: Vec<String>,
}

/// Who agreed to a policy.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AgreedBy {
    /// Who.
    pub by: String,
    /// The day, `YYYY-MM-DD`.
    pub on: String,
}

/// A name and its label.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The label.
    pub label: String,
}

/// A field of the lead or of an event.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FieldDescription {
    /// Its name.
    pub name: String,
    /// Its type as a policy writes it, without the choices: `text`, `money USD`, `one of`, `list of text`.
    #[serde(rename = "type")]
    pub ty: String,
    /// The listed texts or stages, of `one of`, `ranked` and `stage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<String>>,
    /// The column or key that holds it.
    pub from: String,
    /// Whether it is the key.
    pub key: bool,
    /// Whether a lead without it is rejected.
    pub required: bool,
    /// Whether any decision reads it.
    pub used: bool,
    /// The question that asks for it.
    pub ask: Option<String>,
}

/// An event type.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EventDescription {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// How the data spells it.
    pub from: String,
    /// Its fields.
    pub fields: Vec<FieldDescription>,
}

/// A fit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FitDescription {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// How many checks must pass.
    pub needs: u16,
    /// Its checks.
    pub checks: Vec<Named>,
}

/// A score.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScoreDescription {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Its lower limit.
    pub from: Option<Points>,
    /// Its upper limit.
    pub to: Option<Points>,
    /// Groups, includes and rules, groups before what they hold.
    pub parts: Vec<PartDescription>,
}

/// A part of a score.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartDescription {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it is.
    pub kind: PartName,
    /// The group that it is in.
    pub group: Option<String>,
}

/// What a part of a score is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PartName {
    /// A score inside a score.
    Group,
    /// Another score, a field or a define.
    Include,
    /// Points for something.
    Rule,
}

/// Names of ranges of a score.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BandsDescription {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The score.
    pub of: String,
    /// The bands, lowest first.
    pub bands: Vec<BandDescription>,
}

/// A range of a score.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BandDescription {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Where it begins; null for the lowest.
    pub from: Option<Points>,
}

/// A table of two dimensions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MatrixDescription {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What gives the row: bands, a fit or a field.
    pub rows: String,
    /// What gives the column.
    pub columns: String,
    /// The names of its cells, each once.
    pub cells: Vec<String>,
}

/// A route.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RouteDescription {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// How soon: `1 hour`.
    pub within: Option<String>,
}

impl Description {
    pub fn new(program: &Program) -> Description {
        let meta = &program.meta;
        let schema = &program.schema;
        Description {
            name: meta.label.clone(),
            version: meta.version.clone(),
            owners: meta.owners.clone(),
            zone: program.zone.name().to_owned(),
            agreed: meta
                .agreed
                .iter()
                .map(|(by, on)| AgreedBy { by: by.clone(), on: time::from_days(*on).to_string() })
                .collect(),
            fields: schema.fields.iter().map(|field| describe_field(schema, field)).collect(),
            events: schema
                .events
                .iter()
                .map(|event| EventDescription {
                    name: event.name.clone(),
                    label: event.label.clone(),
                    from: event.from.clone(),
                    fields: event.fields.iter().map(|field| describe_field(schema, field)).collect(),
                })
                .collect(),
            constants: named(program.defines.iter().filter(|one| one.constant).map(|one| (&one.name, &one.label))),
            personas: named(program.defines.iter().filter(|one| one.persona).map(|one| (&one.name, &one.label))),
            fits: program
                .fits
                .iter()
                .map(|fit| FitDescription {
                    name: fit.name.clone(),
                    label: fit.label.clone(),
                    needs: fit.needs,
                    checks: named(fit.checks.clone().filter_map(|check| {
                        program.checks.get(check as usize).map(|check| (&check.name, &check.label))
                    })),
                })
                .collect(),
            scores: program.scores.iter().map(|score| describe_score(program, *score)).collect(),
            bands: program.bands.iter().map(|bands| describe_bands(program, bands)).collect(),
            matrices: program
                .matrices
                .iter()
                .map(|matrix| MatrixDescription {
                    name: matrix.name.clone(),
                    label: matrix.label.clone(),
                    rows: axis(program, &matrix.rows),
                    columns: axis(program, &matrix.columns),
                    cells: choices(schema.domain(matrix.domain)),
                })
                .collect(),
            disqualify: named(program.reasons.iter().map(|one| (&one.name, &one.label))),
            stages: named(program.stages.iter().map(|one| (&one.name, &one.label))),
            routes: program
                .routes
                .iter()
                .map(|route| RouteDescription {
                    name: route.name.clone(),
                    label: route.label.clone(),
                    within: route.within.map(|within| program.lengths[within.index()].to_string()),
                })
                .collect(),
            always: program.always.iter().map(|always| always.label.clone()).collect(),
            tests: program.tests.iter().map(|test| test.label.clone()).collect(),
        }
    }
}

fn named<'n>(names: impl Iterator<Item = (&'n String, &'n String)>) -> Vec<Named> {
    names.map(|(name, label)| Named { name: name.clone(), label: label.clone() }).collect()
}

fn describe_field(schema: &Schema, field: &Field) -> FieldDescription {
    let (Type::One(scalar) | Type::List(scalar)) = field.ty;
    let list = if let Type::List(_) = field.ty { "list of " } else { "" };
    FieldDescription {
        name: field.name.clone(),
        ty: format!("{list}{}", scalar_name(schema, scalar)),
        choices: if let Scalar::Choice(domain) = scalar { Some(choices(schema.domain(domain))) } else { None },
        from: field.from.whole.clone(),
        key: field.key,
        required: field.required,
        used: field.used,
        ask: field.ask.clone(),
    }
}

fn scalar_name(schema: &Schema, scalar: Scalar) -> String {
    match scalar {
        Scalar::Bool => "bool".to_owned(),
        Scalar::Int => "int".to_owned(),
        Scalar::Number => "number".to_owned(),
        Scalar::Money(currency) => format!("money {}", currency.as_str()),
        Scalar::Text => "text".to_owned(),
        Scalar::Date => "date".to_owned(),
        Scalar::Time => "time".to_owned(),
        Scalar::Choice(domain) => kind_name(schema, domain).to_owned(),
    }
}

fn kind_name(schema: &Schema, domain: DomainId) -> &'static str {
    match schema.domain(domain).kind {
        DomainKind::Ranked => "ranked",
        DomainKind::Stages => "stage",
        DomainKind::OneOf | DomainKind::Bands | DomainKind::Cells => "one of",
    }
}

fn choices(domain: &Domain) -> Vec<String> {
    domain.choices.iter().map(|choice| choice.name.clone()).collect()
}

fn describe_score(program: &Program, score: PartId) -> ScoreDescription {
    let root = &program.parts[score.index()];
    let (from, to) = match &root.kind {
        PartKind::Group { from, to, .. } => (*from, *to),
        _ => (None, None),
    };
    let inside = program.parts.iter().filter(|part| part.score == score && part.parent.is_some());
    ScoreDescription {
        name: root.name.clone(),
        label: root.label.clone(),
        from: from.map(Points),
        to: to.map(Points),
        parts: inside
            .map(|part| PartDescription {
                name: part.name.clone(),
                label: part.label.clone(),
                kind: match part.kind {
                    PartKind::Group { .. } => PartName::Group,
                    PartKind::Include { .. } => PartName::Include,
                    _ => PartName::Rule,
                },
                group: part.parent.filter(|parent| *parent != score).map(|id| program.parts[id.index()].name.clone()),
            })
            .collect(),
    }
}

fn describe_bands(program: &Program, bands: &crate::check::hir::Bands) -> BandsDescription {
    let from = std::iter::once(None).chain(bands.from.iter().map(|from| Some(Points(*from))));
    BandsDescription {
        name: bands.name.clone(),
        label: bands.label.clone(),
        of: program.parts[bands.of.index()].name.clone(),
        bands: program
            .schema
            .domain(bands.domain)
            .choices
            .iter()
            .zip(from)
            .map(|(band, from)| BandDescription { name: band.name.clone(), label: band.label.clone(), from })
            .collect(),
    }
}

fn axis(program: &Program, axis: &Axis) -> String {
    match axis {
        Axis::Bands(id) => program.bands[id.index()].name.clone(),
        Axis::Fit(id) => program.fits[id.index()].name.clone(),
        Axis::Field(id, _) => program.schema.field(*id).name.clone(),
    }
}
