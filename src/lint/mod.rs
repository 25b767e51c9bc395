//! What is valid in a policy and yet wrong, risky or hard to read: one file a lint, one table a group.

mod allowances;
mod context;
pub mod data;
pub mod docs;
pub mod governance;
mod levels;
mod mend;
mod places;
pub mod reach;
mod rests;
mod rule;
pub mod scoring;
pub mod style;
pub mod with_data;

pub use allowances::Allowance;
pub use context::Context;
pub use levels::{Level, Levels};
pub use mend::{Mended, MendedFile, Patient, mend};
pub use places::{Place, Places};
pub use rule::{Example, Findings, FixKind, Group, Lint};

use crate::analysis::Analysis;
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

/// Policies with so many rules and checks are analysed on a thread of their own, while lints run that need no analysis.
const LARGE: usize = 150;

/// Runs all lints that are not switched off over a checked policy. Findings that the policy allows are left out; the
/// others come in the order of the text, with the severity of their level.
pub fn lint(context: &Context<'_>, levels: &Levels) -> Vec<Diagnostic> {
    let program = context.program();
    let large = program.parts.len() + program.checks.len() >= LARGE;
    let analysed =
        |lint: &Lint| matches!(lint.group, Group::Reach | Group::Scoring) && levels.of(lint).severity().is_some();
    if !(large && all().any(analysed)) {
        return run(context, levels, all());
    }
    std::thread::scope(|scope| {
        let analysis = scope.spawn(|| Analysis::of(program));
        let (late, early): (Vec<_>, Vec<_>) = all().partition(|lint| {
            matches!(lint.group, Group::Reach | Group::Scoring) || lint.name == data::MISSING_UNDECIDED.name
        });
        let waits = early.into_iter().map(Some).chain([None]).chain(late.into_iter().map(Some));
        let mut analysis = Some(analysis);
        let in_turn = waits.filter_map(|lint| {
            if lint.is_none()
                && let Some(Ok(analysis)) = analysis.take().map(|analysis| analysis.join())
            {
                context.use_analysis(analysis);
            }
            lint
        });
        run(context, levels, in_turn)
    })
}

/// As [`lint`], with the lints in this order.
fn run(context: &Context<'_>, levels: &Levels, lints: impl Iterator<Item = &'static Lint>) -> Vec<Diagnostic> {
    let mut allowances = context.allowances();
    let mut found = Vec::new();
    let mut ran = Vec::new();
    // What hides nothing is known when all others have run.
    let last = &governance::unused_allowance::LINT;
    for lint in lints.filter(|lint| lint.name != last.name).chain([last]) {
        let Some(severity) = levels.of(lint).severity() else { continue };
        if lint.group == Group::WithData && context.data().is_none() {
            continue;
        }
        ran.push(lint.name);
        let mut findings = Findings::new(lint);
        if lint.name == last.name {
            governance::unused_allowance::report(context, &allowances, &ran, &mut findings);
        } else {
            (lint.run)(context, &mut findings);
        }
        let mut new = findings.into_diagnostics();
        new.retain(|finding| !allowances::hides(&mut allowances, finding));
        found.extend(new.into_iter().map(|finding| Diagnostic { severity, ..finding }));
    }
    found.sort_by_key(|finding| (finding.span().file, finding.span().start, finding.code));
    found
}
