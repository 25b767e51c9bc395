//! What a lint is, and what it finds.

use super::Context;
use crate::base::Span;
use crate::diagnostic::{Diagnostic, Severity};

/// A lint: its words, and how it looks for what it reports. `qualify lint --explain` and `docs/lints.md` are made from
/// the words, and a test runs both policies.
#[derive(Debug)]
pub struct Lint {
    /// Stable kebab-case name; reads as "allow `unused-field`".
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// How bad a finding is when nobody says otherwise: a bug is an error.
    pub level: Severity,
    /// What it reports: a whole sentence, Markdown.
    pub what: &'static str,
    /// Why that is bad: whole sentences, Markdown.
    pub why: &'static str,
    /// A small policy, whole and valid, in which it finds something.
    pub example: Example,
    /// The same policy mended: nothing is found.
    pub instead: Example,
    /// Whether it mends the text itself.
    pub fix: FixKind,
    /// Looks for it.
    pub run: fn(&Context<'_>, &mut Findings),
}

/// A policy with what it is judged with.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The policy.
    pub policy: &'static str,
    /// Leads as NDJSON with their events inside, for lints of [`Group::WithData`].
    pub leads: Option<&'static str>,
}

impl Example {
    /// A policy alone.
    pub const fn new(policy: &'static str) -> Example {
        Example { policy, leads: None }
    }

    /// A policy and leads as NDJSON, their events inside.
    pub const fn with_leads(policy: &'static str, leads: &'static str) -> Example {
        Example { policy, leads: Some(leads) }
    }
}

/// What a lint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What no lead can reach, or every lead does.
    Reach,
    /// What points say about leads.
    Scoring,
    /// Fields, events, lists and the texts that they are compared with.
    Data,
    /// Who answers for a policy, and what the law asks.
    Governance,
    /// How a policy reads.
    Style,
    /// What only real leads show.
    WithData,
}

impl Group {
    /// Its name, as in `--deny reach`.
    pub fn name(self) -> &'static str {
        match self {
            Group::Reach => "reach",
            Group::Scoring => "scoring",
            Group::Data => "data",
            Group::Governance => "governance",
            Group::Style => "style",
            Group::WithData => "with-data",
        }
    }

    /// What its lints are about, in one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Group::Reach => "What no lead can reach, or every lead does.",
            Group::Scoring => "What points say about leads.",
            Group::Data => "Fields, events, lists and the texts that they are compared with.",
            Group::Governance => "Who answers for a policy, and what the law asks.",
            Group::Style => "How a policy reads.",
            Group::WithData => "What only real leads show: these run with `--data`.",
        }
    }
}

/// Whether a lint mends the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixKind {
    /// There is no one right answer.
    None,
    /// Some or all findings have a fix; every lead is decided as before.
    Safe,
    /// Some or all findings have a fix, and a lead may be decided otherwise after it.
    ChangesDecisions,
}

impl Lint {
    /// A finding with its main place.
    pub fn finding(&self, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::new(self.level, self.name, message, span)
    }
}

/// What a lint finds in a policy.
#[derive(Debug)]
pub struct Findings {
    lint: &'static Lint,
    found: Vec<Diagnostic>,
}

impl Findings {
    pub(super) fn new(lint: &'static Lint) -> Findings {
        Findings { lint, found: Vec::new() }
    }

    /// A finding of this lint at its main place; hand it to [`Findings::push`] when it is whole.
    pub fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.lint.finding(message, span)
    }

    /// Takes a finding in.
    pub fn push(&mut self, finding: Diagnostic) {
        self.found.push(finding);
    }

    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.found
    }
}
