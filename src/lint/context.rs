//! What lints look at.

use super::allowances::{self, Allowance};
use super::places::Places;
use super::reach::{Truth, truths};
use super::with_data::Statistics;
use crate::analysis::Analysis;
use crate::base::Span;
use crate::check::hir::{self, Program};
use crate::eval::{TestResult, run_tests};
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
    places: OnceCell<Places>,
    tests: OnceCell<Vec<TestResult<'a>>>,
    analysis: OnceCell<Analysis<'a>>,
    truths: OnceCell<Vec<Truth>>,
}

impl<'a> Context<'a> {
    /// The policy as it was loaded and the program that the checker made of it.
    pub fn new(loaded: &'a Loaded, program: &'a Program) -> Context<'a> {
        Context {
            loaded,
            program,
            today: None,
            data: None,
            places: OnceCell::new(),
            tests: OnceCell::new(),
            analysis: OnceCell::new(),
            truths: OnceCell::new(),
        }
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

    /// As if [`Context::analysis`] had been asked for and had made this one.
    pub(super) fn use_analysis(&self, analysis: Analysis<'a>) {
        // Where there is one already, it is the same.
        let _ = self.analysis.set(analysis);
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

    /// The declarations of all files with their parts.
    pub fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::of(&self.loaded.files))
    }

    /// The comments of all files that allow findings.
    pub fn allowances(&self) -> Vec<Allowance> {
        allowances::read(&self.loaded.files, self.places(), &self.loaded.sources)
    }

    /// The policy's own tests, each run once, in their order.
    pub fn tests(&self) -> &[TestResult<'a>] {
        self.tests.get_or_init(|| run_tests(self.program))
    }

    /// The head of the policy, for findings about all of it: its first declaration.
    pub fn head(&self) -> Span {
        self.main().and_then(|file| file.items.first()).map_or_else(Span::default, |item| item.span)
    }

    /// The whole lines of a place when nothing else stands on them, line end included; else the place itself, with the
    /// blanks before it when nothing stands behind it. For fixes that remove a declaration.
    pub fn lines(&self, span: Span) -> Span {
        let Some(source) = self.loaded.sources.get(span.file) else { return span };
        let (before, behind) = (source.text.get(..span.start as usize), source.text.get(span.end as usize..));
        let (Some(before), Some(behind)) = (before, behind) else { return span };
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let alone = before.get(line..).is_some_and(|text| text.trim().is_empty());
        let end = behind.find('\n').map_or(behind.len(), |at| at + 1);
        let alone = alone && behind.get(..end).is_some_and(|text| text.trim().is_empty());
        let last = behind.get(..end).is_some_and(|text| text.trim().is_empty());
        match (alone, last) {
            (true, _) => Span::new(span.file, line, span.end as usize + end),
            (false, true) => Span::new(span.file, before.trim_end_matches([' ', '\t']).len(), span.end as usize),
            (false, false) => span,
        }
    }

    /// The text at a place.
    pub fn text(&self, span: Span) -> &'a str {
        self.loaded.sources.text(span)
    }
}
