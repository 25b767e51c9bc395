//! A policy's trees by name.

use super::conditions::{Both, entries, turned};
use crate::check::hir::{Axis, Program};
use crate::diff::pairs::Known;
use crate::eval::Points;
use crate::model::text;
use crate::syntax::Loaded;
use crate::syntax::ast::{Condition, Expr, ExprKind, Group, Item, ItemKind, ListSource, RouteArm, Stage};
use crate::words::{Words, plural};

/// A policy with its meaning, its trees and its words.
#[derive(Debug)]
pub(in crate::diff) struct Book<'p> {
    pub(super) known: Known<'p>,
    pub(super) words: Words<'p>,
    pub(super) loaded: &'p Loaded,
}

impl<'p> Book<'p> {
    pub(in crate::diff) fn new(known: Known<'p>, loaded: &'p Loaded) -> Book<'p> {
        Book { known, words: Words::new(known.program, &loaded.files).unlinked(), loaded }
    }

    fn items(&self) -> impl Iterator<Item = &'p Item> + use<'p> {
        self.loaded.files.iter().flat_map(|file| &file.items)
    }

    /// The value of a define or persona.
    pub(super) fn define(&self, wanted: &str) -> Option<&'p Expr> {
        self.items().find_map(|item| match &item.value {
            ItemKind::Define { name, value, .. } if name.value == wanted => Some(value),
            ItemKind::Persona { name, condition, .. } if name.value == wanted => Some(condition),
            _ => None,
        })
    }

    /// What a define stands for: a constant that was given another value has that one.
    pub(super) fn meaning(&self, value: &Expr) -> String {
        match &*value.kind {
            ExprKind::Number(_) | ExprKind::Money(..) | ExprKind::Text(_) | ExprKind::Negate(_) => self.value(value),
            _ => self.say(value),
        }
    }

    fn condition_of(conditions: &'p [Condition], wanted: &str) -> Option<&'p Expr> {
        conditions.iter().find(|condition| condition.name.value == wanted).map(|found| &found.condition)
    }

    pub(super) fn check(&self, fit: &str, check: &str) -> Option<&'p Expr> {
        self.items().find_map(|item| match &item.value {
            ItemKind::Fit { name, checks, .. } if name.value == fit => Book::condition_of(checks, check),
            _ => None,
        })
    }

    pub(super) fn reason(&self, wanted: &str) -> Option<&'p Expr> {
        self.items().find_map(|item| match &item.value {
            ItemKind::Disqualify(reasons) => Book::condition_of(reasons, wanted),
            _ => None,
        })
    }

    pub(super) fn score(&self, wanted: &str) -> Option<&'p Group> {
        self.items().find_map(|item| match &item.value {
            ItemKind::Score(group) if group.name.value == wanted => Some(group),
            _ => None,
        })
    }

    pub(super) fn stage(&self, wanted: &str) -> Option<&'p Stage> {
        self.items().find_map(|item| match &item.value {
            ItemKind::Stages(stages) => stages.iter().find(|stage| stage.name.value == wanted),
            _ => None,
        })
    }

    pub(super) fn route(&self, wanted: &str) -> Option<&'p RouteArm> {
        self.items().find_map(|item| match &item.value {
            ItemKind::Route(arms) => arms.iter().find(|arm| arm.name.value == wanted),
            _ => None,
        })
    }

    /// The condition of a promise, by its place.
    pub(super) fn promise(&self, place: usize) -> Option<&'p Expr> {
        let promises = self.items().filter_map(|item| match &item.value {
            ItemKind::Always { condition, .. } => Some(condition),
            _ => None,
        });
        promises.skip(place).take(1).next()
    }

    /// All lists: name, label, entries.
    pub(super) fn lists(&self) -> Vec<(String, String, Vec<String>)> {
        let lists = self.items().filter_map(|item| match &item.value {
            ItemKind::List { name, source, .. } => {
                let label = self.words.list_label(&name.value).to_owned();
                Some((name.value.clone(), label, self.listed(source)))
            }
            _ => None,
        });
        lists.collect()
    }

    fn listed(&self, source: &ListSource) -> Vec<String> {
        let found: Vec<String> = match source {
            ListSource::Inline(entries, _) => entries.iter().map(|entry| self.entry(entry)).collect(),
            ListSource::File { path, .. } => {
                let entries = self.loaded.lists.get(path).unwrap_or_default();
                entries.iter().map(|entry| entry.value.clone()).collect()
            }
        };
        let mut seen = std::collections::HashSet::new();
        let folded = |entry: &str| text::fold(entry).into_owned();
        found.into_iter().map(|entry| folded(&entry)).filter(|entry| seen.insert(entry.clone())).collect()
    }

    fn entry(&self, entry: &Expr) -> String {
        match &*entry.kind {
            ExprKind::Text(text) => text.clone(),
            _ => self.value(entry),
        }
    }

    /// The entries of a list that stands in a condition: a literal, a list, the name of one.
    pub(super) fn entries(&self, of: &Expr) -> Option<Vec<String>> {
        match &*of.kind {
            ExprKind::List(all) => Some(all.iter().map(|entry| self.entry(entry)).collect()),
            ExprKind::Text(text) => Some(vec![text.clone()]),
            _ => None,
        }
    }

    /// The names that a condition speaks of.
    pub(super) fn names(expr: &Expr) -> Vec<String> {
        let mut names = Vec::new();
        expr.walk(&mut |expr| {
            if let ExprKind::Path(path) = &*expr.kind {
                let parts: Vec<&str> = path.parts.iter().map(|part| part.value.as_str()).collect();
                names.push(parts.join("."));
                names.extend(parts.first().map(|first| (*first).to_owned()));
            }
            // The name of a list stands where a pattern stands; that of events where events are asked for.
            if let Some(events) = expr.events() {
                names.push(events.name.value.clone());
            }
            if let ExprKind::TextTest(_, _, pattern) | ExprKind::Has(_, pattern) = &*expr.kind
                && let ExprKind::Path(path) = &*pattern.of.kind
            {
                names.extend(path.parts.first().map(|part| part.value.clone()));
            }
            if let ExprKind::In(_, _, set) = &*expr.kind
                && let ExprKind::Path(path) = &*set.kind
            {
                names.extend(path.parts.first().map(|part| part.value.clone()));
            }
        });
        names
    }

    pub(super) fn bands(&self, place: usize) -> String {
        let program = self.known.program;
        let bands = &program.bands[place];
        let names = program.schema.domain(bands.domain).choices.iter().skip(1).zip(&bands.from);
        let told: Vec<String> = names.map(|(choice, from)| format!("{} from {}", choice.name, Points(*from))).collect();
        told.join(", ")
    }

    pub(super) fn axis(&self, axis: &Axis) -> String {
        let program = self.known.program;
        match axis {
            Axis::Bands(id) => program.bands[id.index()].label.clone(),
            Axis::Fit(id) => program.fits[id.index()].label.clone(),
            Axis::Field(id, _) => program.schema.field(*id).name.clone(),
        }
    }

    /// A stage in words.
    pub(super) fn rung(&self, stage: &Stage) -> String {
        let mut words =
            stage.condition.as_ref().map_or_else(|| "every lead".to_owned(), |condition| self.say(condition));
        if let Some(after) = &stage.after {
            words.push_str(&format!(", after {}", after.value));
        }
        if let Some(keep) = &stage.keep_while {
            words.push_str(&format!(", kept while {}", self.say(keep)));
        }
        words
    }

    /// A route in words.
    pub(super) fn arm(&self, arm: &RouteArm) -> String {
        let mut words =
            arm.condition.as_ref().map_or_else(|| "every lead left".to_owned(), |condition| self.say(condition));
        if let Some(within) = arm.within {
            words.push_str(&format!(", within {}", self.length(Some(within))));
        }
        words
    }
}

/// The heads of an axis of a matrix.
fn heads(program: &Program, axis: &Axis) -> Vec<String> {
    let names = |domain| program.schema.domain(domain).choices.iter().map(|choice| choice.name.clone());
    match axis {
        Axis::Bands(id) => names(program.bands[id.index()].domain).collect(),
        Axis::Fit(_) => ["fits", "unknown", "fails"].map(str::to_owned).to_vec(),
        Axis::Field(_, domain) => names(*domain).chain(["missing".to_owned()]).collect(),
    }
}

impl Both<'_, '_> {
    pub(super) fn bands(self, a: usize, b: usize) -> Vec<String> {
        let (old, new) = (self.old.known.program, self.new.known.program);
        let (before, after) = (&old.bands[a], &new.bands[b]);
        let mut out = Vec::new();
        let of = |program: &Program, part: crate::check::hir::PartId| program.parts[part.index()].name.clone();
        if of(old, before.of) != of(new, after.of) {
            out.push(format!("of {}", turned(of(old, before.of), of(new, after.of))));
        }
        let names = |program: &Program, bands: &crate::check::hir::Bands| -> Vec<(String, Option<i64>)> {
            let choices = &program.schema.domain(bands.domain).choices;
            let from = std::iter::once(None).chain(bands.from.iter().copied().map(Some));
            choices.iter().map(|choice| choice.name.clone()).zip(from).collect()
        };
        let (was, is) = (names(old, before), names(new, after));
        let points =
            |from: Option<i64>| from.map_or_else(|| "the lowest".to_owned(), |from| format!("from {}", Points(from)));
        for (name, from) in &is {
            match was.iter().find(|(other, _)| other == name) {
                Some((_, other)) if other == from => {}
                Some((_, other)) => out.push(format!("{name}: {}", turned(points(*other), points(*from)))),
                None => out.push(format!("now {name} {}", points(*from))),
            }
        }
        let gone = was.iter().filter(|(name, _)| !is.iter().any(|(other, _)| other == name));
        out.extend(gone.map(|(name, from)| format!("no longer {name} {}", points(*from))));
        out
    }

    pub(super) fn matrix(self, a: usize, b: usize) -> Vec<String> {
        let (old, new) = (self.old.known.program, self.new.known.program);
        let (before, after) = (&old.matrices[a], &new.matrices[b]);
        let mut out = Vec::new();
        let axes = [(&before.rows, &after.rows, "rows"), (&before.columns, &after.columns, "columns")];
        for (was, is, word) in axes {
            let (was, is) = (self.old.axis(was), self.new.axis(is));
            if was != is {
                out.push(format!("{word}: {}", turned(was, is)));
            }
        }
        let cells = |program: &Program, matrix: &crate::check::hir::Matrix| -> Vec<(String, String)> {
            let (rows, columns) = (heads(program, &matrix.rows), heads(program, &matrix.columns));
            let choices = &program.schema.domain(matrix.domain).choices;
            let places = rows.iter().flat_map(|row| columns.iter().map(move |column| format!("{row} by {column}")));
            let cells = matrix
                .cells
                .iter()
                .map(|cell| choices.get(usize::from(*cell)).map_or_else(String::new, |choice| choice.name.clone()));
            places.zip(cells).collect()
        };
        let (was, is) = (cells(old, before), cells(new, after));
        for (place, cell) in &is {
            match was.iter().find(|(other, _)| other == place) {
                Some((_, other)) if other == cell => {}
                Some((_, other)) => out.push(format!("{place}: {}", turned(other, cell))),
                None => out.push(format!("now {place}: {cell}")),
            }
        }
        let gone = was.iter().filter(|(place, _)| !is.iter().any(|(other, _)| other == place));
        out.extend(gone.map(|(place, cell)| format!("no longer {place}: {cell}")));
        out
    }

    pub(super) fn stage(self, old: &Stage, new: &Stage) -> Vec<String> {
        let mut out = self.maybe("asked", old.condition.as_ref(), new.condition.as_ref());
        let after = |stage: &Stage| stage.after.as_ref().map_or_else(|| "none".to_owned(), |name| name.value.clone());
        if after(old) != after(new) {
            out.push(format!("after: {}", turned(after(old), after(new))));
        }
        let kept = self.maybe("kept while", old.keep_while.as_ref(), new.keep_while.as_ref());
        let both = old.keep_while.is_some() && new.keep_while.is_some();
        out.extend(kept.into_iter().map(|change| if both { format!("kept while: {change}") } else { change }));
        out
    }

    pub(super) fn arm(self, old: &RouteArm, new: &RouteArm) -> Vec<String> {
        let mut out = self.maybe("only if", old.condition.as_ref(), new.condition.as_ref());
        let (was, is) = (self.old.length(old.within), self.new.length(new.within));
        if was != is {
            out.push(format!("deadline: {}", turned(was, is)));
        }
        out
    }

    /// Entries of a list that came and went.
    pub(super) fn list(self, old: &[String], new: &[String]) -> Vec<String> {
        let mut out = entries(old, new);
        if !out.is_empty() {
            out.push(format!("{} → {}", plural_entries(old.len()), plural_entries(new.len())));
        }
        out
    }
}

fn plural_entries(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { plural(count as u64, "entrie") }
}
