//! Fits, bands, matrices, reasons to disqualify, stages, routes, `always`.

use super::checker::{Checker, label};
use super::hir::{
    Always, AlwaysId, Axis, Bands, Check, CheckId, Fit, Matrix, MatrixId, Reason, ReasonId, Route, Stage, StageId, Step,
};
use super::names::Entity;
use super::{Reported, Result, errors};
use crate::base::Span;
use crate::model::{Scalar, Type, text};
use crate::syntax::ast;

/// Names that a check cannot have: `icp.passed` counts.
const COUNTS: [&str; 3] = ["passed", "failed", "unknown"];

impl<'a> Checker<'a> {
    /// Checks all fits.
    pub fn fits(&mut self) -> Result<Vec<Fit>> {
        let mut fits = Vec::new();
        for place in 0..self.fits.len() {
            let fit = &self.fits[place];
            let (name, needs, range) = (fit.name, fit.needs, fit.checks.clone());
            let items: Vec<&'a ast::Condition> = range.clone().map(|id| self.checks[id as usize].item).collect();
            self.unique(items.iter().map(|item| &item.name));
            for (id, item) in range.clone().zip(&items) {
                self.check(CheckId(id), item);
            }
            let count = u32::from(range.end - range.start);
            if self.fits[place].damaged {
                continue;
            }
            if count == 0 {
                self.report(errors::empty_block(&name.value, "a check", name.span));
                continue;
            }
            let needs = needs.map_or(Ok(count), |needs| self.whole(needs, 1, count, "`needs`"));
            let Ok(needs) = needs else { continue };
            fits.push(Fit {
                name: name.value.clone(),
                label: self.fits[place].label.clone(),
                needs: needs as u16,
                checks: range,
                span: name.span,
            });
        }
        if fits.len() == self.fits.len() { Ok(fits) } else { Err(Reported) }
    }

    fn check(&mut self, id: CheckId, item: &'a ast::Condition) {
        if COUNTS.contains(&item.name.value.as_str()) {
            self.report(errors::reserved_check_name(&item.name.value, item.name.span));
        }
        let condition = self.for_step(Step::Check(id), |checker| checker.condition(&item.condition));
        self.checks[id.index()].done = condition.ok().map(|condition| Check {
            name: item.name.value.clone(),
            label: label(&item.label, &item.name.value),
            fit: self.checks[id.index()].fit,
            condition,
            span: item.name.span,
        });
    }

    /// Checks all bands.
    pub fn bands(&mut self) -> Result<Vec<Bands>> {
        let results: Vec<Result<Bands>> = (0..self.items.bands.len()).map(|place| self.one_bands(place)).collect();
        results.into_iter().collect()
    }

    fn one_bands(&mut self, place: usize) -> Result<Bands> {
        let item = &self.items.bands[place];
        let (name, of, bands, label) = (item.name, item.of, item.bands, item.label.clone());
        let damaged = item.damaged;
        self.unique(bands.iter().map(|band| &band.name));
        let score = self.band_score(of);
        let from = if damaged { Err(Reported) } else { self.thresholds(name, bands) };
        let (of_score, from) = (score?, from?);
        let step = Step::Bands(super::hir::BandsId(place as u16));
        self.for_step(step, |checker| checker.need(Step::Part(of_score), of.span));
        let domain = self.bands_domains[place];
        Ok(Bands { name: name.value.clone(), label, of: of_score, domain, from, span: name.span })
    }

    fn band_score(&mut self, of: &'a ast::Path) -> Result<super::hir::PartId> {
        let entity = match of.parts.as_slice() {
            [name] => self.names.get(&name.value),
            _ => None,
        };
        match (entity, of.parts.as_slice()) {
            (Some(Entity::Score(score)), _) => Ok(score),
            (Some(Entity::Broken), _) => Err(Reported),
            (None, [name]) => {
                let scores: Vec<&'a str> = self.items.scores.iter().map(|score| score.name.value.as_str()).collect();
                Err(self.unknown_name(name, Some(scores)))
            }
            _ => self.fail(errors::bands_of_no_score(self.text(of.span), of.span)),
        }
    }

    /// Where the bands begin: the first has no `from`, the others rise strictly.
    fn thresholds(&mut self, name: &ast::Name, bands: &'a [ast::Band]) -> Result<Vec<i64>> {
        let Some((first, others)) = bands.split_first() else {
            return self.fail(errors::empty_block(&name.value, "a band", name.span));
        };
        let mut wrong = None;
        if let Some(from) = &first.from {
            wrong = Some(self.report(errors::first_band_from(&first.name.value, from.span)));
        }
        let mut thresholds: Vec<i64> = Vec::new();
        let mut before: Option<(i64, Span)> = None;
        for band in others {
            let Some(from) = &band.from else {
                wrong = Some(self.report(errors::band_without_from(&band.name.value, band.span)));
                continue;
            };
            match self.points(from) {
                Ok(points) => {
                    if let Some((last, span)) = before
                        && points <= last
                    {
                        wrong = Some(self.report(errors::bands_do_not_rise(&band.name.value, span, from.span)));
                    }
                    before = Some((points, from.span));
                    thresholds.push(points);
                }
                Err(reported) => wrong = Some(reported),
            }
        }
        wrong.map_or(Ok(thresholds), Err)
    }

    /// Checks all matrices.
    pub fn matrices(&mut self) -> Result<Vec<Matrix>> {
        let results: Vec<Result<Matrix>> = (0..self.items.matrices.len()).map(|place| self.matrix(place)).collect();
        results.into_iter().collect()
    }

    fn matrix(&mut self, place: usize) -> Result<Matrix> {
        let item = &self.items.matrices[place];
        let (name, label, damaged) = (item.name, item.label.clone(), item.damaged);
        let (rows_of, columns_of, heads, rows) = (item.rows_of, item.columns_of, item.columns, item.rows);
        let step = Step::Matrix(MatrixId(place as u16));
        let axes = self.for_step(step, |checker| (checker.axis(rows_of), checker.axis(columns_of)));
        if damaged {
            return Err(Reported);
        }
        let column_places = match &axes.1 {
            Ok(axis) => self.heads(axis, "column", heads.iter().collect(), columns_of.span),
            Err(reported) => Err(*reported),
        };
        let row_places = match &axes.0 {
            Ok(axis) => self.heads(axis, "row", rows.iter().map(|row| &row.head).collect(), rows_of.span),
            Err(reported) => Err(*reported),
        };
        let mut wrong = None;
        for row in rows.iter().filter(|row| row.cells.len() != heads.len()) {
            wrong = Some(self.report(errors::row_length(row.cells.len(), heads.len(), row.span)));
        }
        if let Some(reported) = wrong {
            return Err(reported);
        }
        let (row_axis, column_axis) = (axes.0?, axes.1?);
        let (row_places, column_places) = (row_places?, column_places?);
        let domain = self.matrix_domains[place];
        let width = column_places.len();
        let mut cells = vec![0; row_places.len() * width];
        for (row, at) in rows.iter().zip(&row_places) {
            for (cell, column) in row.cells.iter().zip(&column_places) {
                let choices = &self.schema.domain(domain).choices;
                let choice = choices.iter().position(|choice| choice.name == cell.value).unwrap_or_default();
                cells[at * width + column] = choice as u16;
            }
        }
        let matrix = Matrix {
            name: name.value.clone(),
            label,
            rows: row_axis,
            columns: column_axis,
            domain,
            cells,
            span: name.span,
        };
        Ok(matrix)
    }

    fn axis(&mut self, path: &'a ast::Path) -> Result<Axis> {
        let entity = path.parts.first().and_then(|name| self.names.get(&name.value));
        match (entity, path.parts.as_slice()) {
            (Some(Entity::Bands(id)), [_]) => {
                self.need(Step::Bands(id), path.span);
                return Ok(Axis::Bands(id));
            }
            (Some(Entity::Fit(id)), [_]) => {
                self.need(Step::Fit(id), path.span);
                return Ok(Axis::Fit(id));
            }
            (Some(Entity::Broken), _) => return Err(Reported),
            (None, [name]) if name.value != "stage" => return Err(self.unknown_name(name, None)),
            (Some(Entity::Field(_) | Entity::Record), _) | (None, [_, _, ..]) => {
                let value = self.path(path, None)?;
                if let (super::hir::ExprKind::Field(field), Type::One(Scalar::Choice(domain))) = (&value.kind, value.ty)
                    && self.is_listed(domain)
                {
                    return Ok(Axis::Field(*field, domain));
                }
            }
            _ => {}
        }
        self.fail(errors::matrix_axis(self.text(path.span), path.span))
    }

    /// The place of each head in its axis; every head once, none left out.
    fn heads(&mut self, axis: &Axis, what: &'static str, heads: Vec<&ast::Head>, of: Span) -> Result<Vec<usize>> {
        let names = self.axis_names(axis);
        let field = matches!(axis, Axis::Field(..));
        let mut places: Vec<usize> = Vec::new();
        let mut wrong = None;
        for head in &heads {
            let found = names.iter().position(|(name, quoted)| {
                let alike = if field { text::same(name, &head.text) } else { *name == head.text };
                alike && (*quoted || !head.quoted)
            });
            match found {
                None => {
                    let known = names.iter().map(|(name, _)| name.as_str());
                    let error = errors::unknown_head(what, &head.text, known, self.text(of), head.span);
                    wrong = Some(self.report(error));
                }
                Some(place) => {
                    if let Some(first) = places.iter().position(|known| *known == place) {
                        let first = heads[first].span;
                        wrong = Some(self.report(errors::duplicate_head(what, &head.text, first, head.span)));
                    }
                    places.push(place);
                }
            }
        }
        if let Some(reported) = wrong {
            return Err(reported);
        }
        let left_out = names.iter().enumerate().filter(|(place, _)| !places.contains(place));
        let left_out: Vec<String> = left_out.map(|(_, (name, quoted))| head_text(name, *quoted)).collect();
        if left_out.is_empty() {
            return Ok(places);
        }
        self.fail(errors::heads_left_out(what, &left_out, self.text(of), of))
    }

    /// The heads that an axis has, in its order, and whether they may be quoted.
    fn axis_names(&self, axis: &Axis) -> Vec<(String, bool)> {
        let choices = |domain| -> &[crate::model::Choice] { &self.schema.domain(domain).choices };
        match axis {
            Axis::Bands(id) => {
                let bands = choices(self.bands_domains[id.index()]);
                bands.iter().map(|choice| (choice.name.clone(), false)).collect()
            }
            Axis::Fit(_) => ["fits", "unknown", "fails"].map(|name| (name.to_owned(), false)).to_vec(),
            Axis::Field(_, domain) => {
                let listed = choices(*domain).iter().map(|choice| (choice.name.clone(), true));
                listed.chain([("missing".to_owned(), false)]).collect()
            }
        }
    }

    /// Checks the reasons to disqualify.
    pub fn reasons(&mut self) {
        let items: Vec<&'a ast::Condition> = self.reasons.iter().map(|reason| reason.item).collect();
        self.unique(items.iter().map(|item| &item.name));
        for (place, item) in items.into_iter().enumerate() {
            let step = Step::Reason(ReasonId(place as u16));
            let condition = self.for_step(step, |checker| checker.condition(&item.condition));
            self.reasons[place].done = condition.ok().map(|condition| Reason {
                name: item.name.value.clone(),
                label: label(&item.label, &item.name.value),
                condition,
                span: item.name.span,
            });
        }
    }

    /// Checks the stages.
    pub fn stages(&mut self) -> Result<Vec<Stage>> {
        let items = self.items.stages.clone();
        self.unique(items.iter().map(|item| &item.name));
        let stages: Vec<Result<Stage>> = items
            .iter()
            .enumerate()
            .map(|(place, item)| {
                let id = StageId(place as u16);
                self.for_step(Step::StageReached(id), |checker| checker.stage(id, item))
            })
            .collect();
        stages.into_iter().collect()
    }

    fn stage(&mut self, id: StageId, item: &'a ast::Stage) -> Result<Stage> {
        let first = id.0 == 0;
        let extra = item.condition.as_ref().map(|condition| ("a condition", condition.span));
        let extra = extra.or(item.after.as_ref().map(|after| ("`after`", after.span)));
        let extra = extra.or(item.keep_while.as_ref().map(|keep| ("`keep while`", keep.span)));
        let shape = match extra {
            _ if self.items.stages_damaged => Err(Reported),
            Some((what, span)) if first => self.fail(errors::first_stage(&item.name.value, what, span)),
            // Reported with the syntax.
            _ if !first && item.condition.is_none() => Err(Reported),
            _ => Ok(()),
        };
        let after = item.after.as_ref().filter(|_| !first).map(|after| self.after(id, after)).transpose();
        let condition = item.condition.as_ref().map(|condition| self.condition(condition)).transpose();
        let keep_while = item.keep_while.as_ref().map(|keep| self.keep_while(keep)).transpose();
        shape?;
        Ok(Stage {
            name: item.name.value.clone(),
            label: label(&item.label, &item.name.value),
            after: after?,
            condition: condition?,
            keep_while: keep_while?,
            span: item.name.span,
        })
    }

    fn after(&mut self, id: StageId, after: &ast::Name) -> Result<StageId> {
        match self.stage_named(&after.value) {
            Some(lower) if lower < id => {
                self.need_inner(Step::StageReached(lower));
                Ok(lower)
            }
            Some(_) => {
                let lower: Vec<&str> =
                    self.items.stages[..id.index()].iter().map(|stage| stage.name.value.as_str()).collect();
                let error = errors::after_not_lower(&after.value, &lower, after.span);
                self.fail(error)
            }
            None if self.may_be_junk(&after.value) => Err(Reported),
            None => {
                let names = self.items.stages[..id.index()].iter().map(|stage| stage.name.value.as_str());
                let error = errors::unknown_choice("stage", &after.value, after.span, names);
                self.fail(error)
            }
        }
    }

    fn keep_while(&mut self, keep: &'a ast::Expr) -> Result<super::hir::Expr> {
        let condition = self.condition(keep);
        match self.schema.stage_field {
            Some(field) => {
                self.read_field(field);
                condition
            }
            None if self.broken_fields.is_empty() => self.fail(errors::keep_without_field(keep.span)),
            None => Err(Reported),
        }
    }

    /// Checks the routes.
    pub fn routes(&mut self) -> Result<Vec<Route>> {
        let items = self.items.routes.clone();
        self.unique(items.iter().map(|item| &item.name));
        let count = items.len();
        let routes: Vec<Result<Route>> = items
            .iter()
            .enumerate()
            .map(|(place, item)| {
                if item.condition.is_none() && place + 1 < count {
                    self.report(errors::otherwise_not_last("route", item.name.span));
                }
                let within = item.within.as_ref().map(|within| self.length(within));
                let condition = item.condition.as_ref();
                let condition = condition.map(|it| self.for_step(Step::Route, |checker| checker.condition(it)));
                Ok(Route {
                    name: item.name.value.clone(),
                    label: label(&item.label, &item.name.value),
                    within,
                    condition: condition.transpose()?,
                    span: item.name.span,
                })
            })
            .collect();
        routes.into_iter().collect()
    }

    /// Checks what must never be false.
    pub fn always(&mut self) -> Result<Vec<Always>> {
        let always: Vec<Result<Always>> = (0..self.items.always.len())
            .map(|place| {
                let item = &self.items.always[place];
                let (text, condition, span) = (item.label, item.condition, item.span);
                let step = Step::Always(AlwaysId(place as u16));
                let checked = self.for_step(step, |checker| checker.condition(condition));
                let label = text.map_or_else(|| one_line(self.text(condition.span)), |text| text.value.clone());
                Ok(Always { label, condition: checked?, span })
            })
            .collect();
        always.into_iter().collect()
    }
}

fn head_text(name: &str, quoted: bool) -> String {
    let bare = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if quoted && !bare { format!("\"{name}\"") } else { name.to_owned() }
}

/// Text of several lines in one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
