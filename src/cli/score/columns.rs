//! Decisions as typed columns, for Parquet: the columns of the table of rows, each of its own type.

use super::rows;
use crate::check::hir::{DefineId, PartId, Program};
use crate::eval::{Evaluator, Mask, Outcomes, bit};
use crate::model::{DomainId, Tri};
use arrow_array::builder::{
    Decimal128Builder, ListBuilder, StringBuilder, StringDictionaryBuilder, TimestampMillisecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::sync::Arc;

type Names = StringDictionaryBuilder<Int32Type>;

/// Rows that are being put together.
pub struct ColumnRows<'e> {
    program: &'e Program,
    schema: SchemaRef,
    personas: Vec<DefineId>,
    scores: Vec<PartId>,
    /// By route.
    deadlines: Vec<Option<i64>>,
    key: StringBuilder,
    stage: Names,
    reasons: ListBuilder<StringBuilder>,
    fits: Vec<Names>,
    points: Vec<Decimal128Builder>,
    bands: Vec<Names>,
    cells: Vec<Names>,
    held: ListBuilder<StringBuilder>,
    route: Names,
    deadline: TimestampMillisecondBuilder,
}

/// Points: twelve digits before the point, four after.
const POINTS: DataType = DataType::Decimal128(16, 4);

/// The columns of the decisions of a policy.
pub fn schema(program: &Program) -> SchemaRef {
    let names = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let list = || DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)));
    let count = |length: usize, ty: DataType| std::iter::repeat_n(ty, length);
    let types = [DataType::Utf8, names(), list()]
        .into_iter()
        .chain(count(program.fits.len(), names()))
        .chain(count(program.scores.len(), POINTS))
        .chain(count(program.bands.len() + program.matrices.len(), names()))
        .chain([list(), names(), DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()))]);
    let heads = rows::columns(program);
    let fields = heads.into_iter().zip(types).enumerate();
    Arc::new(Schema::new(fields.map(|(place, (head, ty))| Field::new(head, ty, place > 0)).collect::<Vec<_>>()))
}

impl<'e> ColumnRows<'e> {
    /// No rows yet.
    pub fn new(evaluator: &'e Evaluator<'e>) -> ColumnRows<'e> {
        let program = evaluator.program();
        let deadline = |within: crate::check::hir::LengthId| {
            evaluator.as_of().reach(program.lengths[within.index()], &program.zone).ahead
        };
        let personas = program.defines.iter().enumerate().filter(|(_, define)| define.persona);
        let names = |count: usize| (0..count).map(|_| Names::new()).collect();
        let point = || Decimal128Builder::new().with_data_type(POINTS);
        ColumnRows {
            program,
            schema: schema(program),
            personas: personas.map(|(place, _)| DefineId(place as u16)).collect(),
            scores: program.scores.clone(),
            deadlines: program.routes.iter().map(|route| route.within.map(deadline)).collect(),
            key: StringBuilder::new(),
            stage: Names::new(),
            reasons: ListBuilder::new(StringBuilder::new()),
            fits: names(program.fits.len()),
            points: program.scores.iter().map(|_| point()).collect(),
            bands: names(program.bands.len()),
            cells: names(program.matrices.len()),
            held: ListBuilder::new(StringBuilder::new()),
            route: Names::new(),
            deadline: TimestampMillisecondBuilder::new().with_timezone("UTC"),
        }
    }

    /// Adds the rows of leads; `told`: which of them.
    pub fn add(&mut self, keys: &[&str], outcomes: &Outcomes<'_>, told: Mask<'_>) {
        let program = self.program;
        let leads = || (0..keys.len()).filter(|lead| bit(told, *lead));
        let choice = |domain: DomainId, place: Option<&u16>| {
            let choices = &program.schema.domain(domain).choices;
            place.and_then(|place| choices.get(usize::from(*place))).map(|choice| choice.name.as_str())
        };
        for lead in leads() {
            self.key.append_option(keys.get(lead));
            let stage = outcomes.stage.get(lead).and_then(|stage| program.stages.get(usize::from(*stage)));
            match (bit(outcomes.disqualified, lead), stage) {
                (true, _) => self.stage.append_value("disqualified"),
                (false, Some(stage)) => self.stage.append_value(&stage.name),
                (false, None) => self.stage.append_null(),
            }
            for (reason, tris) in program.reasons.iter().zip(outcomes.reasons.iter()) {
                if bit(tris.yes, lead) {
                    self.reasons.values().append_value(&reason.name);
                }
            }
            self.reasons.append(true);
            for persona in &self.personas {
                let values = outcomes.defines.get(persona.index());
                if values.is_some_and(|values| values.get(lead).tri().is_true()) {
                    self.held.values().append_value(&program.defines[persona.index()].name);
                }
            }
            self.held.append(true);
            let route = outcomes.route(lead).map(|route| route.index());
            self.route
                .append_option(route.and_then(|route| program.routes.get(route)).map(|route| route.name.as_str()));
            self.deadline.append_option(route.and_then(|route| self.deadlines.get(route).copied().flatten()));
        }
        for (column, fit) in self.fits.iter_mut().zip(outcomes.fits.iter()) {
            leads().for_each(|lead| {
                column.append_value(match fit.get(lead) {
                    Tri::True => "fits",
                    Tri::False => "fails",
                    Tri::Unknown => "unknown",
                })
            });
        }
        for (column, score) in self.points.iter_mut().zip(&self.scores) {
            let points = outcomes.points(*score);
            leads().for_each(|lead| column.append_option(points.get(lead).map(|points| i128::from(*points))));
        }
        for ((column, bands), places) in self.bands.iter_mut().zip(&program.bands).zip(outcomes.bands.iter()) {
            leads().for_each(|lead| column.append_option(choice(bands.domain, places.get(lead))));
        }
        for ((column, matrix), places) in self.cells.iter_mut().zip(&program.matrices).zip(outcomes.cells.iter()) {
            leads().for_each(|lead| column.append_option(choice(matrix.domain, places.get(lead))));
        }
    }

    /// The rows that were added, if there are any; afterwards there are none.
    pub fn take(&mut self) -> Option<RecordBatch> {
        let mut columns: Vec<ArrayRef> =
            vec![Arc::new(self.key.finish()), Arc::new(self.stage.finish()), Arc::new(self.reasons.finish())];
        let names = |column: &mut Names| Arc::new(column.finish()) as ArrayRef;
        columns.extend(self.fits.iter_mut().map(names));
        columns.extend(self.points.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        columns.extend(self.bands.iter_mut().map(names));
        columns.extend(self.cells.iter_mut().map(names));
        columns.push(Arc::new(self.held.finish()));
        columns.push(names(&mut self.route));
        columns.push(Arc::new(self.deadline.finish()));
        // The columns are the schema's, made beside it.
        RecordBatch::try_new(Arc::clone(&self.schema), columns).ok().filter(|rows| rows.num_rows() > 0)
    }
}
