//! What lints look at.

use super::reach::{Truth, truths};
use super::with_data::Statistics;
use crate::analysis::Analysis;
use crate::base::Span;
use crate::check::hir::{self, Program};
use crate::syntax::{Loaded, ast};
use jiff::civil::Date;
use std::cell::OnceCell;

/// A checked policy, and what is known besides.
#[derive(Debug)]
pub struct Context<'a> {
    loaded: &'a Loaded,
    program: &'a Program,
    today: Option<Date>,
    data: Option<&'a Statistics>,
    analysis: OnceCell<Analysis<'a>>,
    truths: OnceCell<Vec<Truth>>,
}

impl<'a> Context<'a> {
    /// The policy as it was loaded and the program that the checker made of it.
    pub fn new(loaded: &'a Loaded, program: &'a Program) -> Context<'a> {
        Context { loaded, program, today: None, data: None, analysis: OnceCell::new(), truths: OnceCell::new() }
    }

    /// The day on which it is judged. Without one, lints that look at a calendar find nothing.
    pub fn on(mut self, today: Date) -> Context<'a> {
        self.today = Some(today);
        self
    }

    /// What real leads look like under this policy.
    pub fn with_data(mut self, data: &'a Statistics) -> Context<'a> {
        self.data = Some(data);
        self
    }

    /// The files and their trees.
    pub fn loaded(&self) -> &'a Loaded {
        self.loaded
    }

    /// What the policy means.
    pub fn program(&self) -> &'a Program {
        self.program
    }

    /// The day on which it is judged.
    pub fn today(&self) -> Option<Date> {
        self.today
    }

    /// What any lead can reach, at the end of the latest day that the policy names. Made when it is first asked for.
    pub fn analysis(&self) -> &Analysis<'a> {
        self.analysis.get_or_init(|| Analysis::of(self.program))
    }

    /// How often each condition of the policy is true, by what the analysis finds.
    pub(super) fn truths(&self) -> &[Truth] {
        self.truths.get_or_init(|| truths(self))
    }

    /// What real leads look like under this policy.
    pub fn data(&self) -> Option<&'a Statistics> {
        self.data
    }

    /// The policy's own file, without what it uses.
    pub fn main(&self) -> Option<&'a ast::File> {
        self.loaded.files.first()
    }

    /// The declarations of all files, in their order.
    pub fn items(&self) -> impl Iterator<Item = &'a ast::Item> + use<'a> {
        self.loaded.files.iter().flat_map(|file| &file.items)
    }

    /// Visits all expressions of all files as written, tests included.
    pub fn written(&self, visit: &mut dyn FnMut(&'a ast::Expr)) {
        for item in self.items() {
            item.walk(visit);
        }
    }

    /// Visits all expressions that decisions rest on, as they are meant. Expectations of tests are not among them.
    pub fn meant(&self, visit: &mut impl FnMut(&'a hir::Expr)) {
        for step in &self.program.order {
            self.program.walk_step(*step, visit);
        }
    }

    /// The text at a place.
    pub fn text(&self, span: Span) -> &'a str {
        self.loaded.sources.text(span)
    }
}
