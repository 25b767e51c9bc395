//! All items of a policy with all their outcomes.

use super::conditions::inside;
use super::goal::{Item, Sight};
use super::model::{Group, Kind};
use super::possible::Possible;
use super::rules;
use crate::check::hir::{
    AlwaysId, Axis, BandsId, CheckId, DefineId, Expr, ExprKind, FitId, Matrix, MatrixId, Program, ReasonId, RouteId,
    Stage, StageId, Step,
};
use crate::model::{Scalar, Tri, Type};

/// Everything that has outcomes, in the order of the report.
pub fn items(program: &Program) -> Vec<Item<'_>> {
    let possible = Possible::new(program);
    let all = All { program, possible: &possible };
    let mut items = Vec::new();
    items.extend((0..program.defines.len()).filter_map(|place| all.define(DefineId(place as u16))));
    for (place, fit) in program.fits.iter().enumerate() {
        items.extend(fit.checks.clone().map(|check| all.check(&fit.name, CheckId(check))));
        items.push(all.fit(FitId(place as u16)));
    }
    for score in &program.scores {
        rules::of_score(program, &possible, *score, &mut items);
    }
    items.extend((0..program.bands.len()).map(|place| all.bands(BandsId(place as u16))));
    items.extend(program.matrices.iter().enumerate().map(|(place, matrix)| all.matrix(place, matrix)));
    items.extend((0..program.reasons.len()).map(|place| all.reason(ReasonId(place as u16))));
    items.extend(program.stages.iter().enumerate().map(|(place, stage)| all.stage(place, stage)));
    items.extend((0..program.routes.len()).map(|place| all.route(RouteId(place as u16))));
    if let Some(last) = program.routes.last().filter(|last| last.condition.is_some()) {
        let mut item = Item::new(Group::Routes, "none".to_owned(), "No route", last.span, &[Step::Route]);
        item.goal(Kind::Place, "no route takes the lead", last.span, Sight::Route(None));
        items.push(item);
    }
    items.extend((0..program.always.len()).map(|place| all.always(AlwaysId(place as u16))));
    items.retain(|item| !item.goals.is_empty());
    items
}

struct All<'p, 'o> {
    program: &'p Program,
    possible: &'o Possible<'p>,
}

impl<'p> All<'p, '_> {
    fn truths(&self, item: &mut Item<'p>, expr: &'p Expr, words: [&str; 3]) {
        for (truth, word) in [Tri::True, Tri::False, Tri::Unknown].into_iter().zip(words) {
            if truth != Tri::Unknown || self.possible.missing(expr) {
                item.goal(Kind::Truth, word, item.span, Sight::Truth(expr, truth));
            }
        }
    }

    fn define(&self, id: DefineId) -> Option<Item<'p>> {
        let define = &self.program.defines[id.index()];
        let mut item =
            Item::new(Group::Definitions, define.name.clone(), &define.label, define.span, &[Step::Define(id)]);
        match define.value.ty {
            Type::One(Scalar::Bool) if !matches!(define.value.kind, ExprKind::Constant(_)) => {
                self.truths(&mut item, &define.value, ["true", "false", "unknown"]);
            }
            _ if define.constant || matches!(define.value.kind, ExprKind::Constant(_)) => return None,
            _ => {
                item.goal(Kind::Truth, "known", define.span, Sight::Missing(&define.value, false));
                if self.possible.missing(&define.value) {
                    item.goal(Kind::Truth, "missing", define.span, Sight::Missing(&define.value, true));
                }
            }
        }
        inside(self.program, &mut item, &define.value, None);
        Some(item)
    }

    fn check(&self, fit: &str, id: CheckId) -> Item<'p> {
        let check = &self.program.checks[id.index()];
        let mut item =
            Item::new(Group::Fits, format!("{fit}.{}", check.name), &check.label, check.span, &[Step::Check(id)]);
        self.truths(&mut item, &check.condition, ["passes", "fails", "unknown"]);
        inside(self.program, &mut item, &check.condition, None);
        item
    }

    fn fit(&self, id: FitId) -> Item<'p> {
        let fit = &self.program.fits[id.index()];
        let mut item = Item::new(Group::Fits, fit.name.clone(), &fit.label, fit.span, &[Step::Fit(id)]);
        item.goal(Kind::Truth, "fits", fit.span, Sight::Fit(id, Tri::True));
        item.goal(Kind::Truth, "fails", fit.span, Sight::Fit(id, Tri::False));
        if self.possible.fit_unknown(id) {
            item.goal(Kind::Truth, "unknown", fit.span, Sight::Fit(id, Tri::Unknown));
        }
        item
    }

    /// The bands that the range of the score touches.
    fn reachable_bands(&self, id: BandsId) -> Vec<u16> {
        let bands = &self.program.bands[id.index()];
        let (low, high) = self.possible.range(bands.of);
        let reached = |band: &u16| {
            let band = usize::from(*band);
            let from = band.checked_sub(1).and_then(|below| bands.from.get(below));
            let next = bands.from.get(band);
            from.is_none_or(|from| high >= i128::from(*from)) && next.is_none_or(|next| low < i128::from(*next))
        };
        (0..=bands.from.len() as u16).filter(reached).collect()
    }

    fn bands(&self, id: BandsId) -> Item<'p> {
        let bands = &self.program.bands[id.index()];
        let choices = &self.program.schema.domain(bands.domain).choices;
        let mut item = Item::new(Group::Bands, bands.name.clone(), &bands.label, bands.span, &[Step::Bands(id)]);
        for band in self.reachable_bands(id) {
            if let Some(choice) = choices.get(usize::from(band)) {
                item.goal(Kind::Place, choice.name.clone(), bands.span, Sight::Band(id, band));
            }
        }
        item
    }

    /// The places of an axis that may be, with their names.
    fn places(&self, axis: &Axis) -> Vec<(u16, String)> {
        match axis {
            Axis::Bands(id) => {
                let choices = &self.program.schema.domain(self.program.bands[id.index()].domain).choices;
                let bands = self.reachable_bands(*id).into_iter();
                bands.filter_map(|band| Some((band, choices.get(usize::from(band))?.name.clone()))).collect()
            }
            Axis::Fit(fit) => {
                let all = [(0, "fits"), (1, "unknown"), (2, "fails")].into_iter();
                let places = all.filter(|(place, _)| *place != 1 || self.possible.fit_unknown(*fit));
                places.map(|(place, word)| (place, word.to_owned())).collect()
            }
            Axis::Field(field, domain) => {
                let choices = &self.program.schema.domain(*domain).choices;
                let mut places: Vec<(u16, String)> =
                    choices.iter().enumerate().map(|(place, choice)| (place as u16, choice.name.clone())).collect();
                let field = self.program.schema.field(*field);
                if !field.required && !field.key {
                    places.push((choices.len() as u16, "missing".to_owned()));
                }
                places
            }
        }
    }

    fn matrix(&self, place: usize, matrix: &'p Matrix) -> Item<'p> {
        let id = MatrixId(place as u16);
        let mut item = Item::new(Group::Matrices, matrix.name.clone(), &matrix.label, matrix.span, &[Step::Matrix(id)]);
        let choices = &self.program.schema.domain(matrix.domain).choices;
        let width = match &matrix.columns {
            Axis::Bands(id) => self.program.bands[id.index()].from.len() + 1,
            Axis::Fit(_) => 3,
            Axis::Field(_, domain) => self.program.schema.domain(*domain).choices.len() + 1,
        };
        for (row, row_name) in self.places(&matrix.rows) {
            for (column, column_name) in self.places(&matrix.columns) {
                let cell = matrix.cells.get(usize::from(row) * width + usize::from(column));
                let name = cell.and_then(|cell| choices.get(usize::from(*cell))).map_or("", |choice| &choice.name);
                let text = format!("{row_name} × {column_name}: {name}");
                item.goal(Kind::Place, text, matrix.span, Sight::Cell(id, row, column));
            }
        }
        item
    }

    fn reason(&self, id: ReasonId) -> Item<'p> {
        let reason = &self.program.reasons[id.index()];
        let mut item =
            Item::new(Group::Disqualifiers, reason.name.clone(), &reason.label, reason.span, &[Step::Reason(id)]);
        item.goal(Kind::Truth, "disqualifies", reason.span, Sight::Reason(id, true));
        item.goal(Kind::Truth, "does not", reason.span, Sight::Reason(id, false));
        inside(self.program, &mut item, &reason.condition, None);
        item
    }

    fn stage(&self, place: usize, stage: &'p Stage) -> Item<'p> {
        let id = StageId(place as u16);
        let mut item =
            Item::new(Group::Stages, stage.name.clone(), &stage.label, stage.span, &[Step::StageReached(id)]);
        item.goal(Kind::Place, "is the lead's stage", stage.span, Sight::Stage(id));
        if let Some(condition) = &stage.condition {
            item.goal(Kind::Place, "is not reached", stage.span, Sight::Standing(id, Tri::False));
            if self.possible.missing(condition) {
                item.goal(Kind::Place, "is not known to be reached", stage.span, Sight::Standing(id, Tri::Unknown));
            }
            if let Some(after) = stage.after {
                let after = &self.program.stages[after.index()].name;
                let text = format!("is held back: `{after}` is not reached");
                item.goal(Kind::Place, text, stage.span, Sight::HeldBack(id));
            }
            inside(self.program, &mut item, condition, None);
        }
        if let Some(keep) = &stage.keep_while {
            item.goal(Kind::Place, "`keep while` keeps the lead", keep.span, Sight::Kept(id, true));
            if !matches!(keep.kind, ExprKind::Constant(_)) {
                item.goal(Kind::Place, "`keep while` lets the lead go", keep.span, Sight::Kept(id, false));
            }
            inside(self.program, &mut item, keep, None);
        }
        item
    }

    fn route(&self, id: RouteId) -> Item<'p> {
        let route = &self.program.routes[id.index()];
        let mut item = Item::new(Group::Routes, route.name.clone(), &route.label, route.span, &[Step::Route]);
        item.goal(Kind::Place, "takes the lead", route.span, Sight::Route(Some(id)));
        if let Some(condition) = &route.condition {
            inside(self.program, &mut item, condition, None);
        }
        item
    }

    fn always(&self, id: AlwaysId) -> Item<'p> {
        let always = &self.program.always[id.index()];
        let mut item = Item::new(Group::Promises, "always".to_owned(), &always.label, always.span, &[Step::Always(id)]);
        match &always.condition.kind {
            ExprKind::Implies(premise, _) => {
                let sight = Sight::Exercised(premise, &always.condition);
                item.goal(Kind::Truth, "holds, and its premise is true", always.span, sight);
            }
            _ => item.goal(Kind::Truth, "holds", always.span, Sight::Always(id)),
        }
        item
    }
}
