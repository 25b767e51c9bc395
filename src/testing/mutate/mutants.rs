//! All mutants of a policy, and what its tests say of each.

use super::operators::{ALL, Operator};
use super::site::{Change, Site, Text, sites};
use crate::base::{FileId, Source, SourceMap, Span};
use crate::check::check;
use crate::check::hir::{PartKind, Program};
use crate::eval::Tester;
use crate::syntax::ast::{Expr, ItemKind};
use crate::syntax::{Loaded, parse};
use crate::testing::coverage::Possible;
use crate::testing::decision;
use std::collections::HashSet;

/// A policy with one small change.
#[derive(Debug)]
pub struct Mutant {
    /// What made it.
    pub operator: &'static Operator,
    /// The file that is changed.
    pub file: FileId,
    /// The declaration that is changed, by its place in the file.
    item: usize,
    /// The change of the file's text.
    pub change: Change,
    /// Whether a route is changed: no expectation can name one, so a lead that takes another route tells.
    route: bool,
}

/// What the tests say of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A test fails: the first one, by its place.
    Killed(usize),
    /// No test fails, but a test's lead is decided differently: the test, what is different, what it is now and was.
    Noticed(usize, String, String, String),
    /// Nothing that the tests do is any different.
    Survives,
    /// It is no policy.
    Invalid,
}

/// The mutants of a policy.
#[derive(Debug)]
pub struct Mutants<'p> {
    loaded: &'p Loaded,
    program: &'p Program,
    overrides: &'p [(String, Expr)],
    /// What the policy decides of each test's lead.
    decisions: Vec<(Vec<u64>, u64)>,
    /// All of them, by file and place.
    pub all: Vec<Mutant>,
    /// How many were left out because they mean the same as the policy.
    pub same: usize,
}

impl<'p> Mutants<'p> {
    /// Finds all mutants. The program must be what was made of the policy with these overrides.
    pub fn new(loaded: &'p Loaded, program: &'p Program, overrides: &'p [(String, Expr)]) -> Mutants<'p> {
        let tester = Tester::new(program);
        let decide = |test| {
            tester.decide(test, |_, outcome| (decision::digest(program, outcome), decision::route(program, outcome)))
        };
        let decisions = program.tests.iter().map(decide).collect();
        let mut mutants = Mutants { loaded, program, overrides, decisions, all: Vec::new(), same: 0 };
        for place in 0..loaded.files.len() {
            mutants.find(place);
        }
        mutants
    }

    fn find(&mut self, place: usize) {
        let loaded = self.loaded;
        let tree = &loaded.files[place];
        let file = FileId(place_of(loaded, place));
        let Some(source) = loaded.sources.get(file) else { return };
        let text = Text { text: &source.text };
        let idle = idle_limits(self.program, file);
        let mut seen = HashSet::new();
        for (item, declared) in tree.items.iter().enumerate() {
            let route = matches!(declared.value, ItemKind::Route(_));
            let one = crate::syntax::ast::File { items: vec![declared.clone()], comments: Vec::new() };
            if self.replaced(&declared.value) {
                continue;
            }
            let mut found = Vec::new();
            sites(&one, &mut |site| {
                for operator in ALL {
                    for change in (operator.changes)(&site, &text) {
                        found.push((*operator, change, is_idle(&site, operator, &idle)));
                    }
                }
            });
            for (operator, change, idle) in found {
                let inside = declared.span.start <= change.start && change.end <= declared.span.end;
                let same = idle || text.text.get(change.start as usize..change.end as usize) == Some(&change.with);
                if same {
                    self.same += 1;
                } else if inside && seen.insert((change.start, change.end, change.with.clone())) {
                    self.all.push(Mutant { operator, file, item, change, route });
                }
            }
        }
        self.all.sort_by_key(|mutant| (mutant.file, mutant.change.start));
    }

    /// Whether a declaration is a constant that an override replaces: no change of it is seen.
    fn replaced(&self, item: &ItemKind) -> bool {
        match item {
            ItemKind::Define { name, .. } => self.overrides.iter().any(|(replaced, _)| *replaced == name.value),
            _ => false,
        }
    }

    /// A place to try mutants at; each thread needs its own.
    pub fn bench(&self) -> Bench<'_> {
        // No text is needed to run tests; spans lead nowhere.
        let loaded = Loaded { sources: SourceMap::default(), ..self.loaded.clone() };
        Bench { mutants: self, loaded }
    }

    /// The policy.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// What it was made of.
    pub fn loaded(&self) -> &'p Loaded {
        self.loaded
    }

    /// New values of its constants.
    pub fn overrides(&self) -> &'p [(String, Expr)] {
        self.overrides
    }

    /// The text of the file of a mutant.
    pub fn text(&self, mutant: &Mutant) -> &'p str {
        self.loaded.sources.get(mutant.file).map_or("", |source| &source.text)
    }
}

/// The number of the file that a tree was made of: that of its spans.
fn place_of(loaded: &Loaded, tree: usize) -> u16 {
    loaded.files[tree].items.first().map_or(tree as u16, |item| item.span.file.0)
}

/// Where mutants are tried.
#[derive(Debug)]
pub struct Bench<'m> {
    mutants: &'m Mutants<'m>,
    loaded: Loaded,
}

impl Bench<'_> {
    /// Makes a mutant's program and looks at it; none when it is no policy.
    pub fn with<T>(&mut self, mutant: &Mutant, look: impl FnOnce(&Program) -> T) -> Option<T> {
        let text = self.mutants.text(mutant);
        let place = self
            .loaded
            .files
            .iter()
            .position(|file| file.items.first().is_some_and(|item| item.span.file == mutant.file))?;
        let slot = self.loaded.files.get_mut(place)?.items.get_mut(mutant.item)?;
        let Span { start, end, .. } = slot.span;
        // Only the declaration is parsed again.
        let before = text.get(start as usize..mutant.change.start as usize)?;
        let after = text.get(mutant.change.end as usize..end as usize)?;
        let source = Source::new("", [before, &mutant.change.with, after].concat());
        let parsed = parse(&source, FileId(u16::MAX));
        let [item] = <[_; 1]>::try_from(parsed.file.items).ok()?;
        if !parsed.diagnostics.is_empty() {
            return None;
        }
        let before = std::mem::replace(slot, item);
        let checked = check(&self.loaded, self.mutants.overrides);
        if let Some(slot) = self.loaded.files.get_mut(place).and_then(|file| file.items.get_mut(mutant.item)) {
            *slot = before;
        }
        checked.program.as_ref().map(look)
    }

    /// What the tests say of a mutant.
    pub fn judge(&mut self, mutant: &Mutant) -> Fate {
        let (own, decisions) = (self.mutants.program, &self.mutants.decisions);
        self.with(mutant, |program| {
            let tester = Tester::new(program);
            if let Some(killer) = program.tests.iter().position(|test| !tester.passes(test)) {
                return Fate::Killed(killer);
            }
            for (place, (test, (before, route))) in program.tests.iter().zip(decisions).enumerate() {
                let fate = tester.decide(test, |_, outcome| {
                    if mutant.route {
                        return (decision::route(program, outcome) != *route).then_some(Fate::Killed(place));
                    }
                    let now = decision::digest(program, outcome);
                    let differs = now.iter().zip(before).position(|(now, before)| now != before)?;
                    let (what, now) = decision::told(program, outcome, differs)?;
                    let was = own.tests.get(place).and_then(|test| {
                        Tester::new(own).decide(test, |_, outcome| decision::told(own, outcome, differs))
                    });
                    let was = was.map_or_else(String::new, |(_, was)| was.text());
                    Some(Fate::Noticed(place, what.name(own), now.text(), was))
                });
                if let Some(fate) = fate {
                    return fate;
                }
            }
            Fate::Survives
        })
        .unwrap_or(Fate::Invalid)
    }
}

/// Limits that no sum of points can pass, by where the name of their score, group or rule stands.
fn idle_limits(program: &Program, file: FileId) -> Vec<(u32, bool)> {
    let possible = Possible::new(program);
    let mut idle = Vec::new();
    for part in program.parts.iter().filter(|part| part.span.file == file) {
        if let PartKind::Group { parts, from, to } = &part.kind {
            let (low, high) = possible.sum(parts);
            // A limit that is moved by one must be out of reach as well.
            let point = i128::from(crate::model::number::POINTS_SCALE);
            if from.is_some_and(|from| low >= i128::from(from) + point) {
                idle.push((part.span.start, false));
            }
            if to.is_some_and(|to| high <= i128::from(to) - point) {
                idle.push((part.span.start, true));
            }
        }
    }
    idle
}

/// Whether a change is one of a limit that is out of reach.
fn is_idle(site: &Site<'_>, operator: &Operator, idle: &[(u32, bool)]) -> bool {
    let Site::Group(group) = site else { return false };
    let start = group.name.span.start;
    let both = [(&group.from, false), (&group.to, true)].into_iter().filter(|(limit, _)| limit.is_some());
    ["limit", "drop-limit"].contains(&operator.name) && both.clone().count() > 0 && {
        let mut all = both;
        all.all(|(_, upper)| idle.contains(&(start, upper)))
    }
}
