//! The places of a policy where a mutant may be made: everything that decides, in the order of the text.

use crate::base::Span;
use crate::syntax::ast::{
    Amount, Case, CaseTest, Choice, Condition, EventWindow, Events, Expr, ExprKind, File, Group, Include, ItemKind,
    Limit, MatrixRow, Part, RouteArm, Rule, Stage, Worth,
};

/// A place, by what stands there.
#[derive(Clone, Copy, Debug)]
pub enum Site<'t> {
    /// An expression; its parts come behind it.
    Expr(&'t Expr),
    /// The value of a `define` that is one number.
    Constant(&'t Expr),
    /// Events that are counted.
    Events(&'t Events),
    /// The points of a rule or a case.
    Points(&'t Amount),
    /// Where a band begins, how many checks a fit needs.
    Line(&'t Amount),
    /// A score or a group with its limits.
    Group(&'t Group),
    /// An `include`.
    Include(&'t Include),
    /// A rule per event or per period: its limits and its decay.
    Limits(&'t Rule, &'t [Limit]),
    /// The length of a rule per period.
    Period(&'t crate::syntax::ast::Duration),
    /// The cases of a `by`.
    Cases(&'t [Case]),
    /// The cases of a `first of`.
    Choices(&'t [Choice], Option<&'t Amount>),
    /// A check of a fit.
    Check(&'t Condition),
    /// A reason to disqualify.
    Reason(&'t Condition),
    /// A stage.
    Stage(&'t Stage),
    /// All routes.
    Routes(&'t [RouteArm]),
    /// A row of a matrix.
    Row(&'t MatrixRow),
}

/// Visits all places of a file. Tests, fields, promises and what names files of data decide nothing.
pub fn sites<'t>(file: &'t File, visit: &mut dyn FnMut(Site<'t>)) {
    for item in &file.items {
        item_sites(&item.value, visit);
    }
}

fn item_sites<'t>(item: &'t ItemKind, visit: &mut dyn FnMut(Site<'t>)) {
    match item {
        ItemKind::Define { value, .. } => {
            visit(Site::Constant(value));
            expr(value, visit);
        }
        ItemKind::Persona { condition, .. } => expr(condition, visit),
        ItemKind::Fit { needs, checks, .. } => {
            if let Some(needs) = needs {
                visit(Site::Line(needs));
            }
            for check in checks {
                visit(Site::Check(check));
                expr(&check.condition, visit);
            }
        }
        ItemKind::Score(score) => group(score, visit),
        ItemKind::Bands { bands, .. } => {
            for from in bands.iter().filter_map(|band| band.from.as_ref()) {
                visit(Site::Line(from));
            }
        }
        ItemKind::Matrix { rows, .. } => rows.iter().for_each(|row| visit(Site::Row(row))),
        ItemKind::Disqualify(reasons) => {
            for reason in reasons {
                visit(Site::Reason(reason));
                expr(&reason.condition, visit);
            }
        }
        ItemKind::Stages(stages) => {
            for stage in stages {
                visit(Site::Stage(stage));
                stage.condition.iter().chain(&stage.keep_while).for_each(|condition| expr(condition, visit));
            }
        }
        ItemKind::Route(routes) => {
            visit(Site::Routes(routes));
            routes.iter().filter_map(|route| route.condition.as_ref()).for_each(|condition| expr(condition, visit));
        }
        _ => {}
    }
}

fn group<'t>(group_: &'t Group, visit: &mut dyn FnMut(Site<'t>)) {
    visit(Site::Group(group_));
    for part in &group_.parts {
        match part {
            Part::Rule(rule) => rule_sites(rule, visit),
            Part::Group(inner) => group(inner, visit),
            Part::Include(include) => visit(Site::Include(include)),
            Part::Junk(_) => {}
        }
    }
}

fn rule_sites<'t>(rule: &'t Rule, visit: &mut dyn FnMut(Site<'t>)) {
    match &rule.worth {
        Worth::If { points, condition } => {
            visit(Site::Points(points));
            expr(condition, visit);
        }
        Worth::Per { points, events: counted, limits, .. } => {
            visit(Site::Points(points));
            events(counted, visit);
            visit(Site::Limits(rule, limits));
        }
        Worth::PerPeriod { points, period, since, limits } => {
            visit(Site::Points(points));
            visit(Site::Period(period));
            expr(since, visit);
            visit(Site::Limits(rule, limits));
        }
        Worth::By { value, cases } => {
            expr(value, visit);
            visit(Site::Cases(cases));
            for case in cases {
                visit(Site::Points(&case.points));
                if let CaseTest::Operator(condition) = &case.test {
                    expr(condition, visit);
                }
            }
        }
        Worth::FirstOf { cases, otherwise } => {
            visit(Site::Choices(cases, otherwise.as_ref()));
            for case in cases {
                visit(Site::Points(&case.points));
                expr(&case.condition, visit);
            }
            otherwise.iter().for_each(|points| visit(Site::Points(points)));
        }
    }
}

fn events<'t>(counted: &'t Events, visit: &mut dyn FnMut(Site<'t>)) {
    visit(Site::Events(counted));
    counted.condition.iter().for_each(|condition| expr(condition, visit));
    if let Some(EventWindow::Since(time)) = &counted.window {
        expr(time, visit);
    }
}

fn expr<'t>(whole: &'t Expr, visit: &mut dyn FnMut(Site<'t>)) {
    visit(Site::Expr(whole));
    match &*whole.kind {
        ExprKind::Negate(a) | ExprKind::Not(a) | ExprKind::IsKnown(a) | ExprKind::IsMissing(a) | ExprKind::Age(a) => {
            expr(a, visit);
        }
        ExprKind::Arithmetic(_, a, b)
        | ExprKind::Otherwise(a, b)
        | ExprKind::Implies(a, b)
        | ExprKind::Compare(_, a, b) => [a, b].into_iter().for_each(|part| expr(part, visit)),
        ExprKind::Between(a, b, c) | ExprKind::If(a, b, c) => [a, b, c].into_iter().for_each(|part| expr(part, visit)),
        ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Among(_, parts) | ExprKind::Call(_, parts) => {
            parts.iter().for_each(|part| expr(part, visit));
        }
        ExprKind::Exactly(a, ..)
        | ExprKind::In(a, ..)
        | ExprKind::TextTest(a, ..)
        | ExprKind::Has(a, _)
        | ExprKind::Within(a, ..) => expr(a, visit),
        ExprKind::EventTest(_, counted)
        | ExprKind::Count(counted)
        | ExprKind::Aggregate(_, _, counted)
        | ExprKind::Edge(_, counted) => events(counted, visit),
        _ => {}
    }
}

/// The text of a file, for finding the words between the parts of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// The whole text.
    pub text: &'t str,
}

impl<'t> Text<'t> {
    /// What a span covers.
    pub fn of(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Where a word or sign stands between two places; the first one.
    pub fn find(&self, start: u32, end: u32, word: &str) -> Option<(u32, u32)> {
        let between = self.text.get(start as usize..end as usize)?;
        let at = between.match_indices(word).map(|(at, _)| at).find(|at| {
            let letters = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let word_like = word.starts_with(|c: char| c.is_alphanumeric());
            !word_like
                || !(letters(between[..*at].chars().next_back()) || letters(between[at + word.len()..].chars().next()))
        })?;
        Some((start + at as u32, start + (at + word.len()) as u32))
    }

    /// Where a word begins that stands right before a place, with blanks between.
    pub fn back(&self, at: u32, word: &str) -> Option<u32> {
        let before = self.text.get(..at as usize)?.trim_end();
        before.ends_with(word).then(|| (before.len() - word.len()) as u32)
    }

    /// Where the blanks before a place begin.
    pub fn blanks_before(&self, at: u32) -> u32 {
        self.text.get(..at as usize).map_or(at, |before| before.trim_end().len() as u32)
    }
}

/// A change of a file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The first byte that goes.
    pub start: u32,
    /// The first byte behind what goes.
    pub end: u32,
    /// What comes instead.
    pub with: String,
}

impl Change {
    /// Puts something else in place of a range.
    pub fn new(start: u32, end: u32, with: impl Into<String>) -> Change {
        Change { start, end, with: with.into() }
    }

    /// Puts something else in place of a span.
    pub fn of(span: Span, with: impl Into<String>) -> Change {
        Change::new(span.start, span.end, with)
    }

    /// The text with the change made.
    pub fn apply(&self, text: &str) -> String {
        let before = text.get(..self.start as usize).unwrap_or("");
        let after = text.get(self.end as usize..).unwrap_or("");
        [before, &self.with, after].concat()
    }
}
