//! What changed in meaning, piece by piece, in words.

mod book;
mod conditions;
mod data;
mod rules;
mod scores;

use super::model::{Change, How, Piece};
use super::pairs::{Known, Pair, pair};
use crate::check::hir::{Axis, FitId, StageId};
pub(super) use book::Book;
use conditions::{Both, turned};

/// All changes, in the order in which a policy is read.
pub(super) fn changes(old: &Book<'_>, new: &Book<'_>) -> Vec<Change> {
    let mut all = All { both: Both { old, new }, changes: Vec::new(), with: Vec::new() };
    all.data();
    all.lists();
    all.defines(false);
    all.defines(true);
    all.fits();
    all.scores();
    all.bands();
    all.matrices();
    all.reasons();
    all.stages();
    all.routes();
    all.promises();
    all.finish()
}

/// A piece of the old or the new policy, as it is told.
#[derive(Clone, Debug, Default)]
struct Told {
    name: String,
    label: String,
    words: String,
}

struct All<'b, 'p> {
    both: Both<'b, 'p>,
    changes: Vec<Change>,
    /// Pieces that changed because of what they name: what they are called, and the names.
    with: Vec<(String, Vec<String>)>,
}

impl<'b, 'p> All<'b, 'p> {
    fn before(&self) -> Known<'p> {
        self.both.old.known
    }

    fn after(&self) -> Known<'p> {
        self.both.new.known
    }

    /// Tells of a pair of pieces.
    fn tell(
        &mut self,
        what: Piece,
        pair: Pair,
        old: impl Fn(&Book<'p>, usize) -> Told,
        details: impl Fn(Both<'b, 'p>, usize, usize) -> Vec<String>,
        names: impl Fn(&Book<'p>, usize) -> Vec<String>,
    ) {
        let told = |book: &Book<'p>, place: Option<usize>| place.map(|place| old(book, place));
        let (was, is) = (told(self.both.old, pair.old), told(self.both.new, pair.new));
        let about = is.clone().or(was.clone()).unwrap_or_default();
        let change = |how: How, old: Option<String>, new: Option<String>, details: Vec<String>| Change {
            how,
            what,
            name: about.name.clone(),
            label: about.label.clone(),
            old,
            new,
            details,
        };
        let words = |told: &Option<Told>| told.as_ref().map(|told| told.words.clone());
        match (pair.old, pair.new) {
            (Some(_), None) => self.changes.push(change(How::Removed, words(&was), None, Vec::new())),
            (None, Some(_)) => self.changes.push(change(How::Added, None, words(&is), Vec::new())),
            (Some(_), Some(_)) if pair.same => {
                let names = (was.map(|was| was.name), is.map(|is| is.name));
                if names.0 != names.1 {
                    self.changes.push(change(How::Renamed, names.0, names.1, Vec::new()));
                }
            }
            (Some(a), Some(b)) => {
                let details = details(self.both, a, b);
                if details.is_empty() {
                    self.with.push((about.name, names(self.both.new, b)));
                } else {
                    self.changes.push(change(How::Changed, words(&was), words(&is), details));
                }
            }
            (None, None) => {}
        }
    }

    fn defines(&mut self, personas: bool) {
        let ((were, known), (are, now)) = (self.before().defines(personas), self.after().defines(personas));
        let what = if personas { Piece::Persona } else { Piece::Define };
        for found in pair(&known, &now) {
            // A definition is what it stands for: only where it is used does it mean anything.
            if !personas && found.both().is_none() {
                continue;
            }
            let place = |book: &Book<'p>, place: usize| {
                let places = if std::ptr::eq(book, self.both.old) { &were } else { &are };
                places[place]
            };
            let tell = |book: &Book<'p>, at: usize| {
                let define = &book.known.program.defines[place(book, at)];
                let words = book.define(&define.name).map_or_else(String::new, |value| book.meaning(value));
                Told { name: define.name.clone(), label: define.label.clone(), words }
            };
            let value = |book: &'b Book<'p>, at: usize| book.define(&book.known.program.defines[place(book, at)].name);
            let both = self.both;
            let details = move |_: Both<'b, 'p>, a: usize, b: usize| match (value(both.old, a), value(both.new, b)) {
                (Some(old), Some(new)) => both.condition(old, new),
                _ => Vec::new(),
            };
            let names = |book: &Book<'p>, at: usize| {
                book.define(&book.known.program.defines[place(book, at)].name).map_or_else(Vec::new, Book::names)
            };
            self.tell(what, found, tell, details, names);
        }
    }

    fn fits(&mut self) {
        for found in pair(&self.before().fits(), &self.after().fits()) {
            let fit = |book: &Book<'p>, at: usize| {
                let fit = &book.known.program.fits[at];
                let words =
                    format!("needs {} of {}", fit.needs, crate::words::plural(fit.checks.len() as u64, "check"));
                Told { name: fit.name.clone(), label: fit.label.clone(), words }
            };
            let Some((a, b)) = found.both() else {
                self.tell(Piece::Fit, found, fit, |_, _, _| Vec::new(), |_, _| Vec::new());
                continue;
            };
            if found.same {
                self.tell(Piece::Fit, found, fit, |_, _, _| Vec::new(), |_, _| Vec::new());
                continue;
            }
            let (before, after) = (&self.before().program.fits[a], &self.after().program.fits[b]);
            // All that are needed, as the number of checks changes, is no change by itself.
            let all = |needs: u16, checks: usize| usize::from(needs) == checks;
            let every = (all(before.needs, before.checks.len()), all(after.needs, after.checks.len()));
            if before.needs != after.needs && every != (true, true) {
                let (was, is) = (fit(self.both.old, a), fit(self.both.new, b));
                self.changes.push(Change {
                    how: How::Changed,
                    what: Piece::Fit,
                    name: is.name,
                    label: is.label,
                    details: vec![format!("needs: {}", turned(before.needs, after.needs))],
                    old: Some(was.words),
                    new: Some(is.words),
                });
            }
            let checks = |known: Known<'p>, fit: FitId| {
                let checks = known.program.fits[fit.index()].checks.clone().map(usize::from);
                let of = |place: usize| &known.program.checks[place];
                let places: Vec<usize> = checks.collect();
                let named: Vec<_> = places
                    .iter()
                    .map(|place| (of(*place).name.clone(), known.keys.expr(&of(*place).condition)))
                    .collect();
                (places, named)
            };
            let ((were, known), (are, now)) =
                (checks(self.before(), FitId(a as u16)), checks(self.after(), FitId(b as u16)));
            let both = self.both;
            let place = |book: &Book<'p>, at: usize| if std::ptr::eq(book, both.old) { were[at] } else { are[at] };
            for check in pair(&known, &now) {
                let tell = |book: &Book<'p>, at: usize| {
                    let check = &book.known.program.checks[place(book, at)];
                    let fit = &book.known.program.fits[check.fit.index()].name;
                    let name = format!("{fit}.{}", check.name);
                    let words = book.check(fit, &check.name).map_or_else(String::new, |expr| book.say(expr));
                    Told { name, label: check.label.clone(), words }
                };
                let condition = |book: &'b Book<'p>, at: usize| {
                    let check = &book.known.program.checks[place(book, at)];
                    book.check(&book.known.program.fits[check.fit.index()].name, &check.name)
                };
                let details =
                    |_: Both<'b, 'p>, a: usize, b: usize| match (condition(both.old, a), condition(both.new, b)) {
                        (Some(old), Some(new)) => both.condition(old, new),
                        _ => Vec::new(),
                    };
                let names = |book: &Book<'p>, at: usize| {
                    let check = &book.known.program.checks[place(book, at)];
                    let fit = &book.known.program.fits[check.fit.index()].name;
                    book.check(fit, &check.name).map_or_else(Vec::new, Book::names)
                };
                self.tell(Piece::Check, check, tell, details, names);
            }
        }
    }

    fn bands(&mut self) {
        for found in pair(&self.before().bands(), &self.after().bands()) {
            let tell = |book: &Book<'p>, at: usize| {
                let bands = &book.known.program.bands[at];
                Told { name: bands.name.clone(), label: bands.label.clone(), words: book.bands(at) }
            };
            let details = |both: Both<'b, 'p>, a: usize, b: usize| both.bands(a, b);
            let names = |book: &Book<'p>, at: usize| {
                let of = &book.known.program.parts[book.known.program.bands[at].of.index()];
                vec![of.name.clone()]
            };
            self.tell(Piece::Bands, found, tell, details, names);
        }
    }

    fn matrices(&mut self) {
        for found in pair(&self.before().matrices(), &self.after().matrices()) {
            let tell = |book: &Book<'p>, at: usize| {
                let matrix = &book.known.program.matrices[at];
                let words = format!("{} by {}", book.axis(&matrix.rows), book.axis(&matrix.columns));
                Told { name: matrix.name.clone(), label: matrix.label.clone(), words }
            };
            let details = |both: Both<'b, 'p>, a: usize, b: usize| both.matrix(a, b);
            let names = |book: &Book<'p>, at: usize| {
                let matrix = &book.known.program.matrices[at];
                let axis = |axis: &Axis| match axis {
                    Axis::Bands(id) => book.known.program.bands[id.index()].name.clone(),
                    Axis::Fit(id) => book.known.program.fits[id.index()].name.clone(),
                    Axis::Field(id, _) => book.known.program.schema.field(*id).name.clone(),
                };
                vec![axis(&matrix.rows), axis(&matrix.columns)]
            };
            self.tell(Piece::Matrix, found, tell, details, names);
        }
    }

    fn reasons(&mut self) {
        for found in pair(&self.before().reasons(), &self.after().reasons()) {
            let tell = |book: &Book<'p>, at: usize| {
                let reason = &book.known.program.reasons[at];
                let words = book.reason(&reason.name).map_or_else(String::new, |expr| book.say(expr));
                Told { name: reason.name.clone(), label: reason.label.clone(), words }
            };
            let details = |both: Both<'b, 'p>, a: usize, b: usize| {
                let of = |book: &Book<'p>, at: usize| book.reason(&book.known.program.reasons[at].name).cloned();
                match (of(both.old, a), of(both.new, b)) {
                    (Some(old), Some(new)) => both.condition(&old, &new),
                    _ => Vec::new(),
                }
            };
            let names = |book: &Book<'p>, at: usize| {
                book.reason(&book.known.program.reasons[at].name).map_or_else(Vec::new, Book::names)
            };
            self.tell(Piece::Reason, found, tell, details, names);
        }
    }

    fn stages(&mut self) {
        let named = |known: Known<'p>| -> Vec<_> {
            let stages = known.program.stages.iter().enumerate();
            stages.map(|(at, stage)| (stage.name.clone(), known.keys.stage(StageId(at as u16)))).collect()
        };
        let pairs = pair(&named(self.before()), &named(self.after()));
        let common: Vec<(usize, usize)> = pairs.iter().filter_map(|pair| pair.both()).collect();
        let partner = |old: Option<StageId>| {
            let place = old?.index();
            common.iter().find(|(a, _)| *a == place).map(|(_, b)| *b)
        };
        for found in &pairs {
            let mut found = *found;
            if let Some((a, b)) = found.both() {
                let (before, after) = (&self.before().program.stages[a], &self.after().program.stages[b]);
                found.same &= partner(before.after) == after.after.map(|after| after.index())
                    && before.after.is_some() == after.after.is_some();
            }
            let tell = |book: &Book<'p>, at: usize| {
                let stage = &book.known.program.stages[at];
                let words = book.stage(&stage.name).map_or_else(String::new, |stage| book.rung(stage));
                Told { name: stage.name.clone(), label: stage.label.clone(), words }
            };
            let details = |both: Both<'b, 'p>, a: usize, b: usize| {
                let (before, after) = (&both.old.known.program.stages[a], &both.new.known.program.stages[b]);
                match (both.old.stage(&before.name), both.new.stage(&after.name)) {
                    (Some(old), Some(new)) => both.stage(old, new),
                    _ => Vec::new(),
                }
            };
            let names = |book: &Book<'p>, at: usize| {
                let stage = book.stage(&book.known.program.stages[at].name);
                let conditions = stage.into_iter().flat_map(|stage| stage.condition.iter().chain(&stage.keep_while));
                conditions.flat_map(Book::names).collect()
            };
            self.tell(Piece::Stage, found, tell, details, names);
        }
        if !common.windows(2).all(|two| two[0].0 < two[1].0) {
            self.order(Piece::Stage, "stages", "the order of the ladder");
        }
    }

    fn routes(&mut self) {
        let named = |known: Known<'p>| -> Vec<_> {
            let routes = known.program.routes.iter().enumerate();
            routes.map(|(at, route)| (route.name.clone(), known.keys.route(at))).collect()
        };
        let pairs = pair(&named(self.before()), &named(self.after()));
        for found in &pairs {
            let mut found = *found;
            if let Some((a, b)) = found.both() {
                let within = |known: Known<'p>, at: usize| {
                    known.program.routes[at].within.map(|within| known.keys.length(within))
                };
                found.same &= within(self.before(), a) == within(self.after(), b);
            }
            let tell = |book: &Book<'p>, at: usize| {
                let route = &book.known.program.routes[at];
                let words = book.route(&route.name).map_or_else(String::new, |arm| book.arm(arm));
                Told { name: route.name.clone(), label: route.label.clone(), words }
            };
            let details = |both: Both<'b, 'p>, a: usize, b: usize| {
                let (before, after) = (&both.old.known.program.routes[a], &both.new.known.program.routes[b]);
                match (both.old.route(&before.name), both.new.route(&after.name)) {
                    (Some(old), Some(new)) => both.arm(old, new),
                    _ => Vec::new(),
                }
            };
            let names = |book: &Book<'p>, at: usize| {
                let arm = book.route(&book.known.program.routes[at].name);
                arm.and_then(|arm| arm.condition.as_ref()).map_or_else(Vec::new, Book::names)
            };
            self.tell(Piece::Route, found, tell, details, names);
        }
        let common: Vec<(usize, usize)> = pairs.iter().filter_map(|pair| pair.both()).collect();
        if !common.windows(2).all(|two| two[0].0 < two[1].0) {
            self.order(Piece::Route, "route", "the order in which routes are asked");
        }
    }

    fn order(&mut self, what: Piece, name: &str, changed: &str) {
        let names = |known: Known<'p>| -> String {
            let names: Vec<&str> = match what {
                Piece::Route => known.program.routes.iter().map(|route| route.name.as_str()).collect(),
                _ => known.program.stages.iter().map(|stage| stage.name.as_str()).collect(),
            };
            names.join(", ")
        };
        let (old, new) = (names(self.before()), names(self.after()));
        self.changes.push(Change {
            how: How::Changed,
            what,
            name: name.to_owned(),
            label: String::new(),
            details: vec![format!("{changed}: {}", turned(&old, &new))],
            old: Some(old),
            new: Some(new),
        });
    }

    fn promises(&mut self) {
        let named = |known: Known<'p>| -> Vec<_> {
            let always = known.program.always.iter();
            always.map(|always| (always.label.clone(), known.keys.expr(&always.condition))).collect()
        };
        for found in pair(&named(self.before()), &named(self.after())) {
            if found.same {
                continue;
            }
            let tell = |book: &Book<'p>, at: usize| {
                let always = &book.known.program.always[at];
                let words = book.promise(at).map_or_else(String::new, |expr| book.say(expr));
                Told { name: String::new(), label: always.label.clone(), words }
            };
            let details = |both: Both<'b, 'p>, a: usize, b: usize| match (both.old.promise(a), both.new.promise(b)) {
                (Some(old), Some(new)) => both.condition(old, new),
                _ => Vec::new(),
            };
            let names = |book: &Book<'p>, at: usize| book.promise(at).map_or_else(Vec::new, Book::names);
            self.tell(Piece::Promise, found, tell, details, names);
        }
    }

    /// What changed only because of what it names is told of there.
    fn finish(self) -> Vec<Change> {
        let All { mut changes, with, .. } = self;
        for change in &mut changes {
            if !matches!(change.what, Piece::Define | Piece::List | Piece::Field | Piece::Event | Piece::Group)
                || matches!(change.how, How::Renamed)
            {
                continue;
            }
            let own = change.name.rsplit('.').next().unwrap_or(&change.name).to_owned();
            let users: Vec<String> = with
                .iter()
                .filter(|(_, names)| names.iter().any(|name| *name == own || *name == change.name))
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            if !users.is_empty() {
                change.details.push(format!("and with it {}", users.join(", ")));
            }
        }
        changes
    }
}
