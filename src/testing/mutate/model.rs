//! The report on mutants.

use super::mutants::{Fate, Mutants};
use super::operators;
use crate::base::Source;
use crate::testing::coverage::Tally;
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the report's JSON form.
pub const SCHEMA_VERSION: u32 = 1;

/// What the tests of a policy say of its mutants. The JSON form is stable; `qualify schema mutation` prints its schema.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Mutation {
    /// The version of this form: 1.
    pub schema_version: u32,
    /// The policy's label.
    pub policy: String,
    /// The policy's file as it was named; `<stdin>` for standard input.
    pub file: String,
    /// How many tests it has.
    pub tests: usize,
    /// How many mutants there are, and how many a test kills.
    pub mutants: Tally,
    /// Changes that were left out: they are no policy, so that `check` finds them.
    pub invalid: usize,
    /// Changes that were left out: they mean the same.
    pub same: usize,
    /// The same by operator; those that found nothing are left out.
    pub operators: Vec<OperatorTally>,
    /// Every mutant, in the order of the policy.
    pub all: Vec<MutantReport>,
}

/// The mutants of an operator.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OperatorTally {
    /// The operator.
    pub operator: String,
    /// What it does.
    pub does: String,
    /// How many.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A mutant and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MutantReport {
    /// The operator that made it.
    pub operator: String,
    /// The file that it changes.
    pub file: String,
    /// The first line that it changes, from 1.
    pub line: usize,
    /// The lines as the policy has them.
    pub before: String,
    /// The lines with the change.
    pub after: String,
    /// What became of it.
    pub status: Status,
    /// The first test that fails on it.
    pub killed_by: Option<String>,
    /// Where no test fails: a test whose lead is decided differently.
    pub noticed: Option<Noticed>,
}

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// A test fails on it.
    Killed,
    /// No test fails, but a test's lead is decided differently: an expectation is missing.
    Noticed,
    /// No test's lead is decided differently: a lead is missing.
    Unseen,
}

/// A difference that no expectation speaks of.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Noticed {
    /// The label of the test.
    pub test: String,
    /// What is different: `engagement.opens`.
    pub what: String,
    /// What the mutant says.
    pub now: String,
    /// What the policy says.
    pub was: String,
}

impl Mutation {
    /// The report; a fate for each mutant.
    pub fn new(mutants: &Mutants<'_>, fates: &[Fate]) -> Mutation {
        let program = mutants.program();
        let name = |test: &usize| program.tests.get(*test).map_or_else(String::new, |test| test.label.clone());
        let judged = mutants.all.iter().zip(fates).filter(|(_, fate)| **fate != Fate::Invalid);
        let all: Vec<MutantReport> = judged
            .map(|(mutant, fate)| {
                let source = Source::new("", mutants.text(mutant));
                let (line, before, after) = lines(&source, mutant.change.start, mutant.change.end, &mutant.change.with);
                let (status, killed_by, noticed) = match fate {
                    Fate::Killed(test) => (Status::Killed, Some(name(test)), None),
                    Fate::Noticed(test, what, now, was) => {
                        let (what, now, was) = (what.clone(), now.clone(), was.clone());
                        (Status::Noticed, None, Some(Noticed { test: name(test), what, now, was }))
                    }
                    Fate::Survives | Fate::Invalid => (Status::Unseen, None, None),
                };
                MutantReport {
                    operator: mutant.operator.name.to_owned(),
                    file: program.sources.get(mutant.file).map_or_else(String::new, |source| source.name.clone()),
                    line,
                    before,
                    after,
                    status,
                    killed_by,
                    noticed,
                }
            })
            .collect();
        let tally = |of: &dyn Fn(&MutantReport) -> bool| {
            let those = || all.iter().filter(|mutant| of(mutant));
            Tally::new(those().filter(|mutant| mutant.status == Status::Killed).count(), those().count())
        };
        let by_operator = operators::ALL.iter().map(|operator| OperatorTally {
            operator: operator.name.to_owned(),
            does: operator.does.to_owned(),
            tally: tally(&|mutant| mutant.operator == operator.name),
        });
        Mutation {
            schema_version: SCHEMA_VERSION,
            policy: program.meta.label.clone(),
            file: program.sources.files().first().map(|source| source.name.clone()).unwrap_or_default(),
            tests: program.tests.len(),
            mutants: tally(&|_| true),
            invalid: fates.iter().filter(|fate| **fate == Fate::Invalid).count(),
            same: mutants.same,
            operators: by_operator.filter(|operator| operator.tally.all > 0).collect(),
            all,
        }
    }
}

/// The whole lines that a change touches, as they are and as they become, without their common indentation.
fn lines(source: &Source, start: u32, end: u32, with: &str) -> (usize, String, String) {
    let text = &source.text;
    let (start, end) = (start as usize, end as usize);
    // A change that begins with a line end begins on the next line.
    let visible = text.get(start..end).map_or(0, |gone| gone.len() - gone.trim_start().len());
    let shown = if visible < end - start { start + visible } else { start };
    let from = text.get(..shown).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let to = text.get(end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| end + at);
    let before = text.get(from..to).unwrap_or("");
    let kept = text.get(from..start.max(from)).unwrap_or("");
    let rest = text.get(end..to).unwrap_or("");
    let after = format!("{kept}{with}{rest}");
    (source.location(shown as u32).line, tidy(before), tidy(&after))
}

/// Lines without their common indentation, without blanks at their ends and without empty lines.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    let indent = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    // Columns that the change has moved are no part of it: runs of blanks become one.
    let squeezed = |line: &&str| line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let indented = |line: &&str| {
        let own = line.len() - line.trim_start().len();
        " ".repeat(own - indent.min(own)) + &squeezed(line)
    };
    lines.iter().map(indented).collect::<Vec<_>>().join("\n")
}
