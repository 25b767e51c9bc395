//! Steps: what the evaluator works out one by one becomes columns.

use super::Lower;
use crate::check::hir::{Axis, CheckState, ExprKind, FitId, MatrixId, PartKind, StageId, Step};
use crate::diagnostic::Diagnostic;
use crate::model::text::readable;
use crate::sql::tree::{Item, Sql, call, int, text, when};

/// The layers that parts of a policy stand in at the earliest.
mod phase {
    pub const VALUE: u32 = 10;
    pub const CHECK: u32 = 20;
    pub const FIT: u32 = 30;
    pub const RULE: u32 = 40;
    pub const GROUP: u32 = 50;
    pub const SCORE: u32 = 60;
    pub const BANDS: u32 = 70;
    pub const MATRIX: u32 = 80;
    pub const REASON: u32 = 90;
    pub const DISQUALIFIED: u32 = 100;
    pub const STAGE: u32 = 110;
    pub const STANDS: u32 = 130;
    pub const ROUTE: u32 = 150;
}

impl Lower<'_> {
    /// Lowers a step.
    pub(super) fn step(&mut self, step: Step) {
        let program = self.program;
        match step {
            Step::Define(id) => {
                let define = &program.defines[id.index()];
                if matches!(define.value.kind, ExprKind::Constant(_)) && !define.persona {
                    return;
                }
                self.context = define.name.clone();
                let label = said(&define.name, &define.label);
                self.made_of(step, &define.name, "values", phase::VALUE, label, |lower| {
                    lower.conform(&define.value, define.value.ty)
                });
            }
            Step::Check(id) => {
                let check = &program.checks[id.index()];
                let fit = &program.fits[check.fit.index()];
                self.context = format!("{}.{}", fit.name, check.name);
                let label = format!("{}.{}: {}", fit.name, check.name, check.label);
                let name = format!("{}__{}", fit.name, check.name);
                self.made_of(step, &name, "checks", phase::CHECK, label, |lower| lower.value(&check.condition));
            }
            Step::Fit(id) => {
                let fit = &program.fits[id.index()];
                self.context = fit.name.clone();
                let label = format!("{}, needs {} of {}", said(&fit.name, &fit.label), fit.needs, fit.checks.len());
                self.made_of(step, &fit.name, "fits", phase::FIT, label, |lower| lower.fit(id));
            }
            Step::Part(id) => {
                let part = &program.parts[id.index()];
                let score = &program.parts[part.score.index()].name;
                let root = part.parent.is_none();
                let (kind, phase) = match (&part.kind, root) {
                    (_, true) => ("scores", phase::SCORE),
                    (PartKind::Group { .. }, _) => ("groups", phase::GROUP),
                    _ => ("rules", phase::RULE),
                };
                let path = if root { part.name.clone() } else { format!("{score}.{}", part.name) };
                self.context.clone_from(&path);
                let name = path.replace('.', "__");
                self.made_of(step, &name, kind, phase, said(&path, &part.label), |lower| lower.part(id));
            }
            Step::Bands(id) => {
                let bands = &program.bands[id.index()];
                self.context = bands.name.clone();
                self.made_of(step, &bands.name, "bands", phase::BANDS, said(&bands.name, &bands.label), |lower| {
                    let points = lower.step_column(Step::Part(bands.of));
                    let arms = bands.from.iter().enumerate().rev().map(|(place, from)| {
                        let from = lower.d.number(i128::from(*from), 4);
                        (points.clone().bin(">=", from), lower.choice(bands.domain, place as u16 + 1))
                    });
                    let arms: Vec<(Sql, Sql)> = arms.collect();
                    let lowest = lower.choice(bands.domain, 0);
                    if arms.is_empty() { lowest } else { Sql::Case(None, arms, Some(Box::new(lowest))) }
                });
            }
            Step::Matrix(id) => {
                let matrix = &program.matrices[id.index()];
                self.context = matrix.name.clone();
                let label = said(&matrix.name, &matrix.label);
                self.made_of(step, &matrix.name, "matrices", phase::MATRIX, label, |lower| lower.matrix(id));
            }
            Step::Reason(id) => {
                let reason = &program.reasons[id.index()];
                self.context = format!("disqualify.{}", reason.name);
                let label = said(&self.context, &reason.label);
                let name = format!("disqualify__{}", reason.name);
                self.made_of(step, &name, "reasons", phase::REASON, label, |lower| lower.value(&reason.condition));
            }
            Step::Disqualified => {
                self.context = "disqualified".into();
                let label = "whether any reason to disqualify is true".to_owned();
                self.made_of(step, "disqualified", "disqualified", phase::DISQUALIFIED, label, |lower| {
                    let reasons = (0..program.reasons.len())
                        .map(|place| lower.step_column(Step::Reason(crate::check::hir::ReasonId(place as u16))));
                    let reasons: Vec<Sql> = reasons.collect();
                    match reasons.len() {
                        0 => Sql::Bool(false),
                        1 => call("coalesce", [Sql::Or(reasons), Sql::Bool(false)]),
                        _ => call("coalesce", [Sql::Or(reasons), Sql::Bool(false)]),
                    }
                });
            }
            Step::StageReached(id) => {
                let stage = &program.stages[id.index()];
                self.context = format!("stage.{}", stage.name);
                let label = format!("{}: is it reached?", said(&stage.name, &stage.label));
                let name = format!("{}__reached", stage.name);
                self.made_of(step, &name, "stages", phase::STAGE, label, |lower| lower.reached(id));
            }
            Step::Stage => {
                self.context = "stage".into();
                let label = "the highest stage that is reached".to_owned();
                self.made_of(step, "stage", "stage", phase::STANDS, label, |lower| {
                    let arms = program.stages.iter().enumerate().skip(1).rev().map(|(place, stage)| {
                        let reached = lower.step_column(Step::StageReached(StageId(place as u16)));
                        (reached, int(place as i128).remark(&stage.name))
                    });
                    let arms: Vec<(Sql, Sql)> = arms.collect();
                    let first = program.stages.first().map_or(int(0), |stage| int(0).remark(&stage.name));
                    if arms.is_empty() { first } else { Sql::Case(None, arms, Some(Box::new(first))) }
                });
            }
            Step::Route => {
                self.context = "route".into();
                self.made_of(
                    step,
                    "route",
                    "route",
                    phase::ROUTE,
                    "the first route that takes the lead".into(),
                    |lower| lower.route(),
                );
            }
            Step::Always(id) => {
                let always = &program.always[id.index()];
                self.context = format!("always_{}", id.0 + 1);
                let label = format!("always: {}", always.label);
                let name = self.context.clone();
                self.made_of(step, &name, "promises", phase::ROUTE, label, |lower| lower.value(&always.condition));
            }
        }
    }

    /// A step's column.
    fn made_of(
        &mut self,
        step: Step,
        wanted: &str,
        kind: &'static str,
        phase: u32,
        remark: String,
        make: impl FnOnce(&mut Self) -> Sql,
    ) {
        let (value, named) = self.resting(make);
        let name = self.names.unique(wanted);
        self.steps.insert(step, name.clone());
        self.add_column(Item::new(value, name).remark(remark), kind, phase, &named);
    }

    fn fit(&mut self, id: FitId) -> Sql {
        let fit = &self.program.fits[id.index()];
        let checks = fit.checks.clone().map(|check| self.step_column(Step::Check(crate::check::hir::CheckId(check))));
        let checks: Vec<Sql> = checks.collect();
        let needs = fit.needs as usize;
        if needs == checks.len() && needs > 0 {
            return Sql::And(checks);
        }
        if needs == 1 {
            return Sql::Or(checks);
        }
        let passed = self.check_count(id, CheckState::Passed);
        let failed = self.check_count(id, CheckState::Failed);
        let count = checks.len() as i128;
        let arms = vec![
            (passed.bin(">=", int(needs as i128)), Sql::Bool(true)),
            (failed.bin(">", int(count - needs as i128)), Sql::Bool(false)),
        ];
        Sql::Case(None, arms, None)
    }

    /// Where a lead stands on an axis, a condition a place, and what the places are called.
    fn axis(&mut self, axis: &Axis) -> Vec<Sql> {
        match axis {
            Axis::Bands(bands) => {
                let declared = &self.program.bands[bands.index()];
                let band = self.step_column(Step::Bands(*bands));
                (0..=declared.from.len() as u16)
                    .map(|place| band.clone().bin("=", self.choice(declared.domain, place)))
                    .collect()
            }
            Axis::Fit(fit) => {
                let fit = self.step_column(Step::Fit(*fit));
                vec![fit.clone(), fit.clone().missing(), Sql::Not(Box::new(fit))]
            }
            Axis::Field(field, domain) => {
                let value = self.fields[field.index()].clone().map_or(Sql::Null, |name| self.lead_column(&name));
                let choices = self.program.schema.domain(*domain).choices.len() as u16;
                let mut all: Vec<Sql> =
                    (0..choices).map(|place| value.clone().bin("=", self.choice(*domain, place))).collect();
                all.push(value.missing());
                all
            }
        }
    }

    fn matrix(&mut self, id: MatrixId) -> Sql {
        let matrix = &self.program.matrices[id.index()];
        let rows = self.axis(&matrix.rows);
        let columns = self.axis(&matrix.columns);
        let width = columns.len();
        let by = |conditions: Vec<Sql>, values: Vec<Sql>| {
            let mut arms: Vec<(Sql, Sql)> = conditions.into_iter().zip(values).collect();
            let last = arms.pop().map(|(_, value)| Box::new(value));
            match last {
                Some(last) if arms.is_empty() => *last,
                last => Sql::Case(None, arms, last),
            }
        };
        let mut values = Vec::new();
        for row in 0..rows.len() {
            let cells = &matrix.cells[row * width..(row + 1) * width];
            let same = cells.windows(2).all(|pair| pair[0] == pair[1]);
            let named: Vec<Sql> = cells.iter().map(|cell| self.choice(matrix.domain, *cell)).collect();
            values.push(match named.first() {
                Some(first) if same => first.clone(),
                _ => by(columns.clone(), named),
            });
        }
        by(rows, values)
    }

    fn reached(&mut self, id: StageId) -> Sql {
        let stage = &self.program.stages[id.index()];
        let mut all = Vec::new();
        if let Some(condition) = &stage.condition {
            match self.value(condition) {
                Sql::And(conditions) => all.extend(conditions),
                one => all.push(one),
            }
        }
        if let Some(after) = stage.after {
            all.push(self.step_column(Step::StageReached(after)));
        }
        if all.is_empty() {
            return Sql::Bool(true);
        }
        let mut reached = Sql::all(all);
        if let (Some(keep), Some(field)) = (&stage.keep_while, self.program.schema.stage_field)
            && let Some(name) = self.fields[field.index()].clone()
        {
            let domain = self.program.stage_domain;
            let rank = domain.map_or(int(id.0), |domain| self.choice(domain, id.0));
            let here = self.lead_column(&name).bin(">=", rank);
            let keep = self.value(keep);
            reached = Sql::Or(vec![reached, here.and(keep)]);
        }
        call("coalesce", [reached, Sql::Bool(false)])
    }

    fn route(&mut self) -> Sql {
        let mut arms = Vec::new();
        let mut other = None;
        for route in &self.program.routes {
            match &route.condition {
                Some(condition) => {
                    let condition = self.value(condition);
                    arms.push((condition, text(route.name.as_str())));
                }
                None => {
                    other = Some(Box::new(text(route.name.as_str())));
                    break;
                }
            }
        }
        match (arms.is_empty(), other) {
            (true, Some(other)) => *other,
            (true, None) => Sql::Null,
            (false, other) => Sql::Case(None, arms, other),
        }
    }

    /// When a route is due.
    pub(super) fn deadline(&mut self) -> Sql {
        let program = self.program;
        let route = self.step_column(Step::Route);
        let mut arms = Vec::new();
        for declared in &program.routes {
            if let Some(within) = declared.within {
                let ahead = self.reach(within, true);
                arms.push((text(declared.name.as_str()), self.d.instant(ahead)));
            }
        }
        if arms.is_empty() {
            return self.d.no_instant();
        }
        Sql::Case(Some(Box::new(route)), arms, None)
    }

    /// Says that the dialect cannot say something.
    pub(super) fn refuse(&mut self, span: crate::base::Span, construct: &str) {
        let title = self.d.title();
        let of = &self.context;
        self.refused.push(
            Diagnostic::error("sql-cannot-say", format!("{title} cannot say {construct} of `{of}` exactly"), span)
                .help(format!("choose another dialect than `{}`, or say it in another way", self.d.name())),
        );
    }

    /// Tables that do not fit the policy.
    pub(super) fn check_tables(&mut self) {
        let reads = crate::data::EventsRead::of(self.program) != crate::data::EventsRead::None;
        if reads && self.program.schema.key.is_none() {
            let span = self.program.queries.first().map(|query| query.span).unwrap_or_default();
            let error =
                Diagnostic::error("sql-no-key", "events in SQL need the lead's key, and no lead field is one", span);
            self.refused.push(error.help("mark the field that tells leads apart: `id text key`"));
        }
    }
}

/// A name and its label, when it says more.
fn said(name: &str, label: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    if label.is_empty() || label == readable(last) { name.to_owned() } else { format!("{name}: {label}") }
}

/// A condition where something is true.
pub(super) fn word_when(condition: Sql, word: String) -> Sql {
    when(condition, text(word), Some(text("")))
}
