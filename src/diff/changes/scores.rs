//! What changed in scores, part by part.

use super::conditions::{Both, turned};
use super::{All, Book, Told};
use crate::check::hir::{PartId, PartKind, Program};
use crate::diff::model::{Change, How, Piece};
use crate::diff::pairs::{Pair, pair};
use crate::syntax::ast::{AmountValue, Group, Part};

/// A part of a score by its name, however deep.
fn find<'p>(group: &'p Group, wanted: &str) -> Option<&'p Part> {
    group.parts.iter().find_map(|part| {
        let own = match part {
            Part::Rule(rule) => Some(&rule.name.value),
            Part::Group(group) => Some(&group.name.value),
            Part::Include(include) => include.of.parts.last().map(|last| &last.value),
            Part::Junk(_) => None,
        };
        if own.is_some_and(|own| own == wanted) {
            return Some(part);
        }
        match part {
            Part::Group(group) => find(group, wanted),
            _ => None,
        }
    })
}

/// The group right above a part that holds it within limits; the score itself is none.
fn limited(program: &Program, part: usize) -> Option<String> {
    let mut parent = program.parts[part].parent;
    while let Some(id) = parent {
        let above = &program.parts[id.index()];
        above.parent?;
        if let PartKind::Group { from, to, .. } = &above.kind
            && (from.is_some() || to.is_some())
        {
            return Some(above.name.clone());
        }
        parent = above.parent;
    }
    None
}

impl<'b, 'p> All<'b, 'p> {
    pub(super) fn scores(&mut self) {
        for found in pair(&self.before().scores(), &self.after().scores()) {
            let tell = |book: &Book<'p>, at: usize| {
                let part = &book.known.program.parts[book.known.program.scores[at].index()];
                let words = book.score(&part.name).map_or_else(String::new, |group| book.group(group));
                Told { name: part.name.clone(), label: part.label.clone(), words }
            };
            let details = |both: Both<'b, 'p>, a: usize, b: usize| {
                let of = |book: &Book<'p>, at: usize| {
                    book.score(&book.known.program.parts[book.known.program.scores[at].index()].name)
                };
                match (of(both.old, a), of(both.new, b)) {
                    (Some(old), Some(new)) => both.group(old, new),
                    _ => Vec::new(),
                }
            };
            self.tell(Piece::Score, found, tell, details, |_, _| Vec::new());
            if let Some((a, b)) = found.both() {
                let scores = (self.before().program.scores[a], self.after().program.scores[b]);
                self.parts(scores.0, scores.1, found.same);
            }
        }
    }

    /// The parts of a score; of one that means the same only those with another name are told.
    fn parts(&mut self, old: PartId, new: PartId, same: bool) {
        let ((were, known), (are, now)) = (self.before().parts(old), self.after().parts(new));
        let both = self.both;
        let place = |book: &Book<'p>, at: usize| if std::ptr::eq(book, both.old) { were[at] } else { are[at] };
        let part_of = |book: &Book<'p>, at: usize| -> Option<&'p Part> {
            let program = book.known.program;
            let part = &program.parts[place(book, at)];
            book.score(&program.parts[part.score.index()].name).and_then(|group| find(group, &part.name))
        };
        let tell = |book: &Book<'p>, at: usize| {
            let program = book.known.program;
            let part = &program.parts[place(book, at)];
            let name = format!("{}.{}", program.parts[part.score.index()].name, part.name);
            let words = match part_of(book, at) {
                Some(Part::Rule(rule)) => book.rule(rule),
                Some(Part::Group(group)) => book.group(group),
                Some(Part::Include(include)) => book.include(include),
                Some(Part::Junk(_)) | None => String::new(),
            };
            Told { name, label: part.label.clone(), words }
        };
        let details = |both: Both<'b, 'p>, a: usize, b: usize| match (part_of(both.old, a), part_of(both.new, b)) {
            (Some(Part::Rule(old)), Some(Part::Rule(new))) => both.rule(old, new),
            (Some(Part::Group(old)), Some(Part::Group(new))) => both.group(old, new),
            (Some(Part::Include(old)), Some(Part::Include(new))) => {
                let (was, is) = (both.old.include(old), both.new.include(new));
                if was == is { Vec::new() } else { vec![turned(was, is)] }
            }
            _ => vec![turned(tell(both.old, a).words, tell(both.new, b).words)],
        };
        let names = |book: &Book<'p>, at: usize| match part_of(book, at) {
            Some(Part::Rule(rule)) => {
                let mut names: Vec<String> = rule.worth.expressions().into_iter().flat_map(Book::names).collect();
                names.extend(amounts(rule));
                names
            }
            Some(Part::Include(include)) => include.of.parts.iter().map(|part| part.value.clone()).collect(),
            _ => Vec::new(),
        };
        for found in pair(&known, &now) {
            if same && !found.same {
                continue;
            }
            let kind = |book: &Book<'p>, at: usize| match book.known.program.parts[place(book, at)].kind {
                PartKind::Group { .. } => Piece::Group,
                PartKind::Include { .. } => Piece::Include,
                _ => Piece::Rule,
            };
            let what = match found {
                Pair { new: Some(b), .. } => kind(both.new, b),
                Pair { old: Some(a), .. } => kind(both.old, a),
                _ => Piece::Rule,
            };
            self.tell(what, found, tell, details, names);
            if let (Some((a, b)), false) = (found.both(), same) {
                let groups = (limited(both.old.known.program, were[a]), limited(both.new.known.program, are[b]));
                if groups.0 != groups.1 {
                    let (was, is) = (tell(both.old, a), tell(both.new, b));
                    let none = || "none with limits".to_owned();
                    let details = vec![format!(
                        "group: {}",
                        turned(groups.0.unwrap_or_else(none), groups.1.unwrap_or_else(none))
                    )];
                    self.changes.push(Change {
                        how: How::Changed,
                        what,
                        name: is.name,
                        label: is.label,
                        old: Some(was.words),
                        new: Some(is.words),
                        details,
                    });
                }
            }
        }
    }
}

/// Constants that stand for points.
fn amounts(rule: &crate::syntax::ast::Rule) -> Vec<String> {
    use crate::syntax::ast::Worth;
    let of = |amount: &crate::syntax::ast::Amount| match &amount.value {
        AmountValue::Constant(name) => Some(name.value.clone()),
        AmountValue::Number(_) => None,
    };
    match &rule.worth {
        Worth::If { points, .. } | Worth::Per { points, .. } | Worth::PerPeriod { points, .. } => {
            of(points).into_iter().collect()
        }
        Worth::By { cases, .. } => cases.iter().filter_map(|case| of(&case.points)).collect(),
        Worth::FirstOf { cases, .. } => cases.iter().filter_map(|case| of(&case.points)).collect(),
    }
}
