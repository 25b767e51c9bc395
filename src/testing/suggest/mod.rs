//! Tests that are missing: for what no test shows and for the mutants that survive, the least lead that tells, with
//! what the policy says of it today.
//!
//! The leads come from a search: `values` knows which values and events the policy tells apart, `search` goes from lead
//! to lead by them and keeps the least that shows each outcome, `kill` does so for mutants. The evaluator decides every
//! lead; `write` makes policy text, which is parsed, checked and run before it is handed out.

mod kill;
mod probe;
mod reads;
mod search;
mod values;
mod write;

use super::coverage::{GoalItem, Sight, items};
use super::decision::{self, What};
use super::mutate::{Fate, Mutants};
use crate::base::{FileId, Source};
use crate::check::check;
use crate::check::hir::{Expr, ExprKind, Program, Step};
use crate::eval::Tester;
use crate::format::format;
use crate::model::time::AsOf;
use crate::syntax::parse;
use kill::Killer;
use probe::{Probe, copy, least, same};
use search::Search;
use values::Values;

/// A test expects so much at most; more goes unsaid.
const MOST_EXPECTS: usize = 6;

/// Tests that are suggested.
#[derive(Clone, Debug, Default)]
pub struct Suggestions {
    /// They as policy text; empty when there are none.
    pub text: String,
    /// How many.
    pub tests: usize,
    /// Outcomes that no test shows and for which no lead was found.
    pub outcomes_left: usize,
    /// Mutants that survive and for which no lead was found that tells; some of them may mean the same as the policy.
    pub mutants_left: usize,
}

/// A test to suggest.
struct Suggested {
    /// Where it belongs: items are in the order of the policy.
    item: usize,
    labels: Vec<String>,
    probe: Probe,
    whats: Vec<What>,
}

/// Suggests tests for a policy; a fate for each mutant, as its tests decide it.
pub fn suggest(mutants: &Mutants<'_>, fates: &[Fate]) -> Suggestions {
    let program = mutants.program();
    let as_of = as_of(program);
    let (items, values) = (items(program), Values::new(program, as_of));
    let mut search = Search::new(program, &items, &values);
    search.run(&items, as_of);
    let mut suggested: Vec<Suggested> = Vec::new();
    let outcomes_left = outcomes(program, &items, &search, &mut suggested);
    let mut killer = Killer::new(mutants, &items, &values, &search, as_of);
    let mut mutants_left = 0;
    for (mutant, fate) in mutants.all.iter().zip(fates) {
        if matches!(fate, Fate::Survives | Fate::Noticed(..)) && !killer.kill(mutant, &mut suggested) {
            mutants_left += 1;
        }
    }
    suggested.sort_by_key(|suggested| suggested.item);
    let (text, tests) = written(mutants, &suggested);
    Suggestions { text, tests, outcomes_left, mutants_left }
}

/// The as-of of most tests; without tests the day of the last agreement or review.
fn as_of(program: &Program) -> i64 {
    let mut instants: Vec<i64> = program.tests.iter().map(|test| test.as_of).collect();
    instants.sort_unstable();
    let most = instants.iter().copied().max_by_key(|one| instants.iter().filter(|other| *other == one).count());
    let meta = &program.meta;
    let agreed = meta.agreed.iter().map(|(_, day)| *day);
    let day = agreed.chain(meta.review.and_then(|(_, last)| last)).max();
    // 2026-01-01 where nothing says when the policy is of.
    most.unwrap_or_else(|| AsOf::end_of_day(day.unwrap_or(20_454), &program.zone))
}

/// A test for every outcome that no test shows; how many have none.
fn outcomes(
    program: &Program,
    items: &[GoalItem<'_>],
    search: &Search<'_, '_>,
    suggested: &mut Vec<Suggested>,
) -> usize {
    let mut left = 0;
    let mut goal = 0;
    for (place, item) in items.iter().enumerate() {
        let first = suggested.len();
        for wanted in &item.goals {
            let number = goal;
            goal += 1;
            if search.covered[number] || suggested[first..].iter().any(|own| search.shows(&own.probe, number)) {
                continue;
            }
            let Some(found) = &search.smallest[number] else {
                left += 1;
                continue;
            };
            let probe = least(copy(found), &|probe| search.shows(probe, number));
            let what = subject(item.steps.first(), program);
            let label = format!("{}: {}", item.label, plain(&wanted.text));
            if let Sight::Range(Expr { kind: ExprKind::Points(part), .. }, ..) = wanted.sight {
                add(suggested, place, label.clone(), copy(&probe), What::Part(part.index()));
            }
            add(suggested, place, label, probe, what);
        }
    }
    left
}

/// Adds a test, or to a test of the same lead what else is expected of it.
fn add(suggested: &mut Vec<Suggested>, item: usize, label: String, probe: Probe, what: What) {
    let alike = suggested.iter_mut().find(|own| own.whats.len() < MOST_EXPECTS && same(&own.probe, &probe));
    match alike {
        Some(own) => {
            if !own.labels.contains(&label) {
                own.labels.push(label);
            }
            if !own.whats.contains(&what) {
                own.whats.push(what);
            }
        }
        None => suggested.push(Suggested { item, labels: vec![label], probe, whats: vec![what] }),
    }
}

/// What is expected of an item.
fn subject(step: Option<&Step>, program: &Program) -> What {
    match step {
        Some(Step::Define(id)) => What::Define(id.index()),
        Some(Step::Check(id)) => What::Check(id.index()),
        Some(Step::Fit(id)) => What::Fit(id.index()),
        Some(Step::Part(id)) => What::Part(id.index()),
        Some(Step::Bands(id)) => What::Bands(id.index()),
        Some(Step::Matrix(id)) => What::Matrix(id.index()),
        Some(Step::Reason(id)) => What::Reason(id.index()),
        _ if !program.stages.is_empty() => What::Stage,
        _ if !program.bands.is_empty() => What::Bands(0),
        _ if !program.fits.is_empty() => What::Fit(0),
        _ => What::Part(0),
    }
}

/// Words of a report without their marks.
fn plain(text: &str) -> String {
    text.replace('`', "")
}

/// The tests as text, after they were checked and have passed; how many there are.
fn written(mutants: &Mutants<'_>, suggested: &[Suggested]) -> (String, usize) {
    let program = mutants.program();
    let tester = Tester::new(program);
    let mut labels: Vec<String> = program.tests.iter().map(|test| test.label.clone()).collect();
    let mut texts = Vec::new();
    for own in suggested {
        let mut expects = Vec::new();
        tester.decide(&own.probe, |_, outcome| {
            decision::facts(program, outcome, &mut |what, fact| {
                if own.whats.contains(&what) {
                    expects.extend(write::expectation(program, what, &fact));
                }
            });
        });
        if expects.is_empty() {
            continue;
        }
        let nothing = own.probe.events.is_empty() && probe::size(&own.probe) == 0;
        let mut label = match own.labels.as_slice() {
            _ if nothing => "nothing known".to_owned(),
            [one] => one.clone(),
            [one, rest @ ..] => format!("{one} (and {} more)", rest.len()),
            [] => String::new(),
        };
        let mut number = 2;
        let stem = label.clone();
        while labels.contains(&label) {
            label = format!("{stem} ({number})");
            number += 1;
        }
        if let Some(text) = write::test(program, &label, &own.probe, &expects) {
            labels.push(label);
            texts.push(text);
        }
    }
    // Nothing goes out that was not parsed, checked and run. All at once is quick, and almost always right.
    if !passes(mutants, &texts.join("\n")) {
        texts.retain(|text| passes(mutants, text));
    }
    (formatted(texts.join("\n")), texts.len())
}

/// The text in the layout of `qualify fmt`.
fn formatted(text: String) -> String {
    let source = Source::new("suggested.qual", text);
    let parsed = parse(&source, FileId::default());
    match format(&source, &parsed.file) {
        Ok(formatted) if parsed.diagnostics.is_empty() => formatted,
        _ => source.text,
    }
}

/// Whether text holds tests that stand in the policy without an error and pass.
fn passes(mutants: &Mutants<'_>, text: &str) -> bool {
    let parsed = parse(&Source::new("", text), FileId(u16::MAX));
    let mut loaded = mutants.loaded().clone();
    let Some(main) = loaded.files.first_mut() else { return false };
    main.items.retain(|item| !matches!(item.value, crate::syntax::ast::ItemKind::Test(_)));
    main.items.extend(parsed.file.items);
    let checked = check(&loaded, mutants.overrides());
    parsed.diagnostics.is_empty()
        && checked.program.is_some_and(|program| {
            let tester = Tester::new(&program);
            !program.tests.is_empty() && program.tests.iter().all(|test| tester.passes(test))
        })
}
