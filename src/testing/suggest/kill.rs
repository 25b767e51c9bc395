//! Leads that tell a mutant from the policy.

use super::probe::{Probe, copy, empty, least, same};
use super::reads::Reads;
use super::search::Search;
use super::values::Values;
use super::{Suggested, add, plain, subject};
use crate::check::hir::Program;
use crate::eval::Tester;
use crate::testing::coverage::{GoalItem, Group};
use crate::testing::decision::{self, What};
use crate::testing::mutate::{Bench, Mutant, Mutants};

/// For a mutant so many leads are starting points.
const MOST_SEEDS: usize = 16;
/// For a mutant so many leads are tried.
const MOST_LEADS: usize = 5000;

/// Finds leads for mutants.
pub struct Killer<'p, 'v> {
    mutants: &'v Mutants<'p>,
    bench: Bench<'v>,
    items: &'v [GoalItem<'p>],
    values: &'v Values<'p>,
    /// Leads that show something, each with the item that it shows something of, and what the policy decides.
    known: Vec<(usize, Probe, Vec<u64>)>,
    layout: Vec<What>,
}

impl<'p, 'v> Killer<'p, 'v> {
    /// All that the search has found is a starting point.
    pub fn new(
        mutants: &'v Mutants<'p>,
        items: &'v [GoalItem<'p>],
        values: &'v Values<'p>,
        search: &Search<'_, '_>,
        as_of: i64,
    ) -> Killer<'p, 'v> {
        let program = mutants.program();
        let tester = Tester::new(program);
        let decide = |probe: &Probe| tester.decide(probe, |_, outcome| decision::digest(program, outcome));
        let mut layout = Vec::new();
        let nothing = empty(program, as_of);
        tester.decide(&nothing, |_, outcome| decision::facts(program, outcome, &mut |what, _| layout.push(what)));
        let owners = items.iter().enumerate().flat_map(|(place, item)| item.goals.iter().map(move |_| place));
        let found = owners.zip(&search.smallest).filter_map(|(item, probe)| Some((item, copy(probe.as_ref()?))));
        let tests = program.tests.iter().map(|test| (usize::MAX, copy(test)));
        let mut known: Vec<(usize, Probe, Vec<u64>)> = Vec::new();
        for (item, probe) in found.chain(tests).chain([(usize::MAX, nothing)]) {
            if !known.iter().any(|(of, other, _)| *of == item && same(other, &probe)) {
                let decided = decide(&probe);
                known.push((item, probe, decided));
            }
        }
        Killer { mutants, bench: mutants.bench(), items, values, known, layout }
    }

    /// The item that a mutant changes: the last that begins before the change, in the same declaration.
    fn item(&self, mutant: &Mutant) -> Option<usize> {
        let before = self
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.span.file == mutant.file && item.span.start <= mutant.change.start);
        before.max_by_key(|(_, item)| item.span.start).map(|(place, _)| place)
    }

    /// Finds a lead that tells a mutant, and adds it to the tests; whether there is one.
    pub fn kill(&mut self, mutant: &Mutant, suggested: &mut Vec<Suggested>) -> bool {
        let program = self.mutants.program();
        let item = self.item(mutant);
        let steps = item.map(|item| self.items[item].steps.clone()).unwrap_or_default();
        let own = subject(steps.first(), program);
        let reads = Reads::deep(program, steps);
        let (items, values, known, layout) = (self.items, self.values, &self.known, &self.layout);
        let tester = Tester::new(program);
        let label = item.map_or("Policy", |item| items[item].label.as_str());
        let label = format!("{label}: {}", plain(&said(self.mutants, mutant)));
        let killed = self.bench.with(mutant, |mutated| {
            let other = Tester::new(mutated);
            let differing = |probe: &Probe| {
                let before = tester.decide(probe, |_, outcome| decision::digest(program, outcome));
                differs(&other, mutated, probe, &before)
            };
            // A test that is suggested already may tell, or would with one more expectation.
            for suggestion in suggested.iter_mut() {
                let places = differing(&suggestion.probe);
                let whats: Vec<What> = places.iter().map(|place| layout[*place]).collect();
                if whats.iter().any(|what| suggestion.whats.contains(what)) {
                    return true;
                }
                let Some(what) = expected(&whats, own) else { continue };
                if item == Some(suggestion.item) && suggestion.whats.len() < super::MOST_EXPECTS {
                    suggestion.whats.push(what);
                    return true;
                }
            }
            let of_item = |probe: &&(usize, Probe, Vec<u64>)| Some(probe.0) == item;
            let near = |probe: &&(usize, Probe, Vec<u64>)| {
                probe.0 == usize::MAX
                    || matches!(items[probe.0].group, Group::Fits | Group::Stages | Group::Bands | Group::Definitions)
            };
            let found = known
                .iter()
                .filter(of_item)
                .chain(known.iter().filter(|probe| !of_item(probe)))
                .find(|(_, probe, before)| expected_of(&differs(&other, mutated, probe, before), layout, own).is_some())
                .map(|(_, probe, _)| copy(probe))
                .or_else(|| {
                    let others = known.iter().filter(|probe| !of_item(probe)).filter(near);
                    let seeds = known.iter().filter(of_item).take(MOST_SEEDS).chain(others.take(MOST_SEEDS));
                    let mut neighbours =
                        seeds.flat_map(|(_, probe, _)| values.neighbours(probe, &reads)).take(MOST_LEADS);
                    neighbours.find(|probe| expected_of(&differing(probe), layout, own).is_some())
                });
            let Some(found) = found else { return false };
            let probe = least(found, &|probe| expected_of(&differing(probe), layout, own).is_some());
            match expected_of(&differing(&probe), layout, own) {
                Some(what) => add(suggested, item.unwrap_or(usize::MAX), label.clone(), probe, what),
                None => return false,
            }
            true
        });
        killed.unwrap_or(true)
    }
}

/// The places of the facts that a mutant decides differently.
fn differs(other: &Tester<'_>, mutated: &Program, probe: &Probe, before: &[u64]) -> Vec<usize> {
    let now = other.decide(probe, |_, outcome| decision::digest(mutated, outcome));
    now.iter().zip(before).enumerate().filter(|(_, (now, before))| now != before).map(|(place, _)| place).collect()
}

fn expected_of(places: &[usize], layout: &[What], own: What) -> Option<What> {
    let whats: Vec<What> = places.iter().filter_map(|place| layout.get(*place)).copied().collect();
    expected(&whats, own)
}

/// Of several facts the one to expect: that of the changed item, else the first. Where only the route is another, the
/// stage is said: the lead is what tells.
fn expected(whats: &[What], own: What) -> Option<What> {
    if whats.contains(&own) {
        return Some(own);
    }
    let named = whats.iter().find(|what| !matches!(what, What::Route | What::Reached(_)));
    named.copied().or_else(|| whats.contains(&What::Route).then_some(What::Stage))
}

/// What a mutant changes, in a few words.
fn said(mutants: &Mutants<'_>, mutant: &Mutant) -> String {
    let text = mutants.text(mutant);
    let was = text.get(mutant.change.start as usize..mutant.change.end as usize).unwrap_or("");
    let short = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        crate::testing::coverage::cut(text.trim_matches([',', ' ']), 40)
    };
    match (short(was), short(&mutant.change.with)) {
        (was, now) if now.is_empty() => format!("{was} matters"),
        (was, _) if mutant.operator.name.starts_with("swap") => format!("the order of {was} matters"),
        (was, now) => format!("{was}, not {now}"),
    }
}
