//! The rules of scores as written and as meant, and leads made up to try them: for the lints beside.

use crate::check::hir::{Expr, ExprKind, Included, Part, PartId, PartKind, Program, QueryId, Step};
use crate::eval::Evaluator;
use crate::lint::Context;
use crate::model::number::{POINTS_SCALE, display};
use crate::model::time::{AsOf, DAY, Length};
use crate::model::{Event, EventTypeId, FieldId, Lead, Value};
use crate::syntax::ast::{self, ItemKind, Unit};
use bumpalo::Bump;
use std::collections::{BTreeSet, HashMap};

/// A rule of a score.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// Its place.
    pub id: PartId,
    /// What it means.
    pub part: &'a Part,
    /// As it is written.
    pub written: &'a ast::Rule,
}

/// All rules of all scores, in the order written; groups and includes are none.
pub fn rules<'a>(context: &Context<'a>) -> Vec<Rule<'a>> {
    let mut written: HashMap<(u16, u32), &'a ast::Rule> = HashMap::new();
    for item in context.items() {
        if let ItemKind::Score(group) = &item.value {
            collect(group, &mut written);
        }
    }
    let parts = context.program().parts.iter().enumerate();
    parts
        .filter_map(|(place, part)| {
            let written = written.get(&(part.span.file.0, part.span.start))?;
            Some(Rule { id: PartId(place as u16), part, written })
        })
        .collect()
}

fn collect<'a>(group: &'a ast::Group, written: &mut HashMap<(u16, u32), &'a ast::Rule>) {
    for part in &group.parts {
        match part {
            ast::Part::Group(group) => collect(group, written),
            ast::Part::Rule(rule) => {
                written.insert((rule.name.span.file.0, rule.name.span.start), rule);
            }
            ast::Part::Include(_) | ast::Part::Junk(_) => {}
        }
    }
}

/// What a part of a score rests on, through definitions too.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// Fields of the lead.
    pub fields: BTreeSet<FieldId>,
    /// Questions about events.
    pub queries: BTreeSet<QueryId>,
    /// Whether the passing of time alone changes it.
    pub time: bool,
    /// Whether it rests on scores, fits, stages or the like.
    pub more: bool,
}

/// What a part rests on itself.
pub fn reads(program: &Program, part: PartId) -> Reads {
    let mut reads = Reads::default();
    let kind = &program.parts[part.index()].kind;
    match kind {
        PartKind::Per(per) => {
            reads.queries.insert(per.query);
        }
        PartKind::PerPeriod { .. } => reads.time = true,
        PartKind::Include { of: Included::Score(_), .. } | PartKind::Group { .. } => reads.more = true,
        _ => {}
    }
    let mut seen = BTreeSet::new();
    let mut open = vec![Step::Part(part)];
    while let Some(step) = open.pop() {
        if !seen.insert(step) {
            continue;
        }
        program.walk_step(step, &mut |expr| read(expr, &mut reads, &mut open));
    }
    reads
}

/// What an expression rests on.
pub fn reads_of(program: &Program, expr: &Expr) -> Reads {
    let (mut reads, mut open) = (Reads::default(), Vec::new());
    let mut seen = BTreeSet::new();
    expr.walk(program, &mut |expr| read(expr, &mut reads, &mut open));
    while let Some(step) = open.pop() {
        if seen.insert(step) {
            program.walk_step(step, &mut |expr| read(expr, &mut reads, &mut open));
        }
    }
    reads
}

fn read(expr: &Expr, reads: &mut Reads, open: &mut Vec<Step>) {
    reads.queries.extend(expr.query());
    match &expr.kind {
        ExprKind::Field(field) => {
            reads.fields.insert(*field);
        }
        ExprKind::Define(define) => open.push(Step::Define(*define)),
        ExprKind::Age(..) | ExprKind::AgeBetween(..) | ExprKind::Within { .. } => reads.time = true,
        ExprKind::Points(_)
        | ExprKind::Check(_)
        | ExprKind::CheckCount(..)
        | ExprKind::Fits(_)
        | ExprKind::FitUnknown(_)
        | ExprKind::Band(_)
        | ExprKind::Cell(_)
        | ExprKind::Stage
        | ExprKind::Disqualified
        | ExprKind::DisqualifiedBy(_) => reads.more = true,
        _ => {}
    }
}

/// All points that a rule can be worth for one event, condition or case.
pub fn worths(part: &Part) -> Vec<i64> {
    match &part.kind {
        PartKind::If { points, .. } | PartKind::PerPeriod { points, .. } => vec![*points],
        PartKind::Per(per) => vec![per.points],
        PartKind::By { cases, missing, otherwise, .. } => {
            cases.iter().map(|case| case.points).chain(*missing).chain(*otherwise).collect()
        }
        PartKind::FirstOf { cases, otherwise } => cases.iter().map(|case| case.points).chain(*otherwise).collect(),
        PartKind::Group { .. } | PartKind::Include { .. } => Vec::new(),
    }
}

/// The shortest and the longest that a length can be, in milliseconds.
pub fn extent(length: Length) -> (i64, i64) {
    let count = i64::from(length.count);
    match length.unit {
        Unit::Month => (28 * count * DAY, 31 * count * DAY),
        Unit::Year => (365 * count * DAY, 366 * count * DAY),
        _ => {
            let millis = length.millis().unwrap_or(0);
            (millis, millis)
        }
    }
}

/// A length in words.
pub fn in_words(millis: i64) -> String {
    let (count, unit) = match millis {
        millis if millis % DAY == 0 => (millis / DAY, "day"),
        millis if millis % 3_600_000 == 0 => (millis / 3_600_000, "hour"),
        millis => (millis / 60_000, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// A number of points: `5 points`, `1 point`.
pub fn in_points(raw: i64) -> String {
    let size = raw.abs();
    format!("{} {}", display(size, 4), if size == POINTS_SCALE { "point" } else { "points" })
}

/// Tries a policy on leads that are made up.
pub struct Trial<'p> {
    evaluator: Evaluator<'p>,
    arena: Bump,
}

/// The instant of all trials: 2026-07-01T12:00:00Z.
const NOW: i64 = 1_782_907_200_000;

impl<'p> Trial<'p> {
    /// A policy to try.
    pub fn new(program: &'p Program) -> Trial<'p> {
        Trial { evaluator: Evaluator::new(program, AsOf::new(NOW, &program.zone)), arena: Bump::new() }
    }

    /// The points of these steps' parts for a lead of which a single field is known.
    pub fn field(&mut self, field: FieldId, value: Value<'_>, steps: &[Step]) -> Vec<i64> {
        let program = self.evaluator.program();
        let mut fields = vec![Value::Missing; program.schema.fields.len()];
        if let Some(slot) = fields.get_mut(field.index()) {
            *slot = value;
        }
        let lead = Lead { key: "", fields: &fields, events: &[] };
        let points = self.evaluator.evaluate_steps(&lead, steps, &self.arena).points.to_vec();
        self.arena.reset();
        points
    }

    /// The points of these steps' parts for a lead that did something so often, that long ago, and of which nothing
    /// else is known.
    pub fn events(&mut self, ty: Option<EventTypeId>, count: u32, age: i64, steps: &[Step]) -> Vec<i64> {
        let program = self.evaluator.program();
        let fields = vec![Value::Missing; program.schema.fields.len()];
        let own = ty.map_or(0, |ty| program.schema.event(ty).fields.len());
        let own = vec![Value::Missing; own];
        let events: Vec<Event<'_>> =
            (0..count).map(|index| Event { at: NOW - age, ty, spelling: "event", fields: &own, index }).collect();
        let lead = Lead { key: "", fields: &fields, events: &events };
        let points = self.evaluator.evaluate_steps(&lead, steps, &self.arena).points.to_vec();
        self.arena.reset();
        points
    }

    /// The steps that work out these rules: with the definitions that they name, or all when they name anything else.
    pub fn steps(&self, rules: impl IntoIterator<Item = PartId>) -> Vec<Step> {
        let program = self.evaluator.program();
        let (mut wanted, mut more) = (BTreeSet::new(), false);
        let mut open: Vec<Step> = rules.into_iter().map(Step::Part).collect();
        while let Some(step) = open.pop() {
            if wanted.insert(step) {
                let mut reads = Reads::default();
                program.walk_step(step, &mut |expr| read(expr, &mut reads, &mut open));
                more |= reads.more;
            }
        }
        program.order.iter().copied().filter(|step| more || wanted.contains(step)).collect()
    }

    /// How old what just lies in a window of this length is, in milliseconds.
    pub fn age(&self, length: Length) -> i64 {
        NOW - self.evaluator.as_of().reach(length, &self.evaluator.program().zone).back
    }
}
