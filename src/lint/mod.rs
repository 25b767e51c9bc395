//! What is valid in a policy and yet wrong, risky or hard to read: one file a lint, one table a group.

mod context;
pub mod data;
pub mod governance;
mod levels;
pub mod reach;
mod rule;
pub mod scoring;
pub mod style;
pub mod with_data;

pub use context::Context;
pub use levels::{Level, Levels};
pub use rule::{Example, Findings, FixKind, Group, Lint};

use crate::diagnostic::Diagnostic;

/// The tables of all groups, in the order in which they are told.
pub static GROUPS: &[(Group, &[&Lint])] = &[
    (Group::Reach, reach::LINTS),
    (Group::Scoring, scoring::LINTS),
    (Group::Data, data::LINTS),
    (Group::Governance, governance::LINTS),
    (Group::Style, style::LINTS),
    (Group::WithData, with_data::LINTS),
];

/// All lints, group by group.
pub fn all() -> impl Iterator<Item = &'static Lint> {
    GROUPS.iter().flat_map(|(_, lints)| lints.iter().copied())
}

/// The lint of this name.
pub fn named(name: &str) -> Option<&'static Lint> {
    all().find(|lint| lint.name == name)
}

/// Runs all lints that are not switched off over a checked policy. Findings come in the order of the text, with the
/// severity of their level.
pub fn lint(context: &Context<'_>, levels: &Levels) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for lint in all() {
        let Some(severity) = levels.of(lint).severity() else { continue };
        if lint.group == Group::WithData && context.data().is_none() {
            continue;
        }
        let mut findings = Findings::new(lint);
        (lint.run)(context, &mut findings);
        found.extend(findings.into_diagnostics().into_iter().map(|diagnostic| Diagnostic { severity, ..diagnostic }));
    }
    found.sort_by_key(|diagnostic| (diagnostic.span().file, diagnostic.span().start, diagnostic.code));
    found
}
