//! Which outcomes of a policy its tests show: by outcome, not by line.
//!
//! An outcome is something that a lead can show of a policy: a check passes, fails or is unknown; a rule fires; a cap is
//! full; an event lies just outside a window. `items` lists them all, `seen` reads off a ledger which a lead shows.

mod conditions;
mod goal;
mod impossible;
mod items;
mod model;
mod page;
mod possible;
mod rules;
mod seen;

pub use page::page;

pub use model::{Coverage, Group, Item, Kind, KindTally, Outcome, SCHEMA_VERSION, Tally, TestSeen};

pub(super) use conditions::cut;
pub(super) use goal::{Item as GoalItem, Sight};
pub(super) use items::items;
pub(super) use possible::Possible;
pub(super) use seen::Seen;

use crate::base::Span;
use crate::check::hir::{Program, Test};
use crate::eval::Tester;

/// Which outcomes the tests of a policy show.
pub fn coverage(program: &Program) -> Coverage {
    let items = items(program);
    let tester = Tester::new(program);
    let goals: Vec<&Sight<'_>> = items.iter().flat_map(|item| &item.goals).map(|goal| &goal.sight).collect();
    let mut shown: Vec<Vec<usize>> = vec![Vec::new(); goals.len()];
    let mut passed = Vec::new();
    for (place, test) in program.tests.iter().enumerate() {
        let (shows, passes) = shows(&tester, program, test, &goals);
        for goal in shows {
            shown[goal].push(place);
        }
        passed.push(passes);
    }
    let open: Vec<(usize, &Sight<'_>)> = goals
        .iter()
        .enumerate()
        .filter(|(goal, _)| shown[*goal].is_empty())
        .map(|(goal, sight)| (goal, *sight))
        .collect();
    let impossible = impossible::impossible(program, &open);
    report(program, &items, &shown, &passed, &impossible)
}

/// Which of these outcomes a test's lead shows, and whether the test passes.
fn shows(tester: &Tester<'_>, program: &Program, test: &Test, goals: &[&Sight<'_>]) -> (Vec<usize>, bool) {
    tester.explain(test, |lead, outcome, expects, ledger| {
        let seen = Seen { program, lead, outcome, ledger };
        let shows = goals.iter().enumerate().filter(|(_, sight)| seen.shows(sight)).map(|(place, _)| place).collect();
        (shows, expects.iter().all(|expect| expect.is_true()))
    })
}

fn report(
    program: &Program,
    items: &[GoalItem<'_>],
    shown: &[Vec<usize>],
    passed: &[bool],
    impossible: &[usize],
) -> Coverage {
    let place = |span: Span| {
        let place = program.sources.locate(span);
        place.map_or_else(|| (String::new(), 0), |(file, location)| (file.to_owned(), location.line))
    };
    let tests = program.tests.iter().zip(passed).enumerate().map(|(number, (test, passed))| {
        let (file, line) = place(test.span);
        TestSeen {
            name: test.label.clone(),
            file,
            line,
            passed: *passed,
            shows: shown.iter().filter(|tests| tests.contains(&number)).count(),
            alone: shown.iter().filter(|tests| **tests == [number]).count(),
        }
    });
    let mut shown = shown.iter().enumerate();
    let reported: Vec<Item> = items
        .iter()
        .map(|item| {
            let (file, line) = place(item.span);
            let outcomes = item.goals.iter().zip(&mut shown).map(|(goal, (number, tests))| {
                let (file, line) = place(goal.span);
                let covered = !tests.is_empty();
                let cannot_happen = impossible.binary_search(&number).is_ok();
                let outcome = goal.text.clone();
                Outcome { kind: goal.kind, outcome, file, line, covered, cannot_happen, tests: tests.clone() }
            });
            let outcomes = outcomes.collect();
            Item { group: item.group, name: item.name.clone(), label: item.label.clone(), file, line, outcomes }
        })
        .collect();
    let tally = |of: &dyn Fn(&Outcome) -> bool| {
        let all = || reported.iter().flat_map(|item| &item.outcomes);
        let outcomes = || all().filter(|outcome| !outcome.cannot_happen && of(outcome));
        Tally::new(outcomes().filter(|outcome| outcome.covered).count(), outcomes().count())
    };
    let kinds = Kind::ALL.into_iter().map(|kind| KindTally { kind, tally: tally(&|outcome| outcome.kind == kind) });
    Coverage {
        schema_version: SCHEMA_VERSION,
        policy: program.meta.label.clone(),
        file: program.sources.files().first().map(|source| source.name.clone()).unwrap_or_default(),
        tests: tests.collect(),
        outcomes: tally(&|_| true),
        cannot_happen: impossible.len(),
        kinds: kinds.filter(|kind| kind.tally.all > 0).collect(),
        items: reported,
    }
}
