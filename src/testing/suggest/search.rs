//! The search for leads that show what no test shows: from leads that are known, one step at a time.

use super::probe::{Probe, copy, empty, merged, size};
use super::reads::{Reads, of_steps};
use super::values::Values;
use crate::check::hir::{Expr, ExprKind, Included, PartId, PartKind, Program, Step};
use crate::eval::Tester;
use crate::testing::coverage::{GoalItem, Group, Seen, Sight};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// So many leads are tried at most.
const MOST_LEADS: usize = 60_000;
/// For an item so many leads are starting points of a round.
const MOST_SEEDS: usize = 10;
/// So many different points of a rule are kept.
const MOST_POINTS: usize = 10;

/// What was found so far.
pub struct Search<'p, 'v> {
    program: &'p Program,
    tester: Tester<'p>,
    values: &'v Values<'p>,
    goals: Vec<(usize, &'v Sight<'p>)>,
    /// For each goal the least lead that shows it.
    pub smallest: Vec<Option<Probe>>,
    /// Goals that a test of the policy shows.
    pub covered: Vec<bool>,
    /// For each rule the points that leads have, each with the least lead.
    points: Vec<BTreeMap<i64, Probe>>,
    tried: HashSet<u64>,
    left: usize,
}

/// What a lead shows, and the points of every part.
struct Tried {
    shows: Vec<usize>,
    points: Vec<i64>,
    raw: Vec<i64>,
}

impl<'p, 'v> Search<'p, 'v> {
    /// A search that knows the policy's tests.
    pub fn new(program: &'p Program, items: &'v [GoalItem<'p>], values: &'v Values<'p>) -> Search<'p, 'v> {
        let goals: Vec<(usize, &Sight<'p>)> = items
            .iter()
            .enumerate()
            .flat_map(|(item, found)| found.goals.iter().map(move |goal| (item, &goal.sight)))
            .collect();
        let mut search = Search {
            program,
            tester: Tester::new(program),
            values,
            smallest: goals.iter().map(|_| None).collect(),
            covered: vec![false; goals.len()],
            goals,
            points: program.parts.iter().map(|_| BTreeMap::new()).collect(),
            tried: HashSet::new(),
            left: MOST_LEADS,
        };
        for test in &program.tests {
            for goal in search.look(test).shows {
                search.covered[goal] = true;
            }
        }
        search
    }

    fn look(&self, probe: &Probe) -> Tried {
        let program = self.program;
        self.tester.explain(probe, |lead, outcome, _, ledger| {
            let seen = Seen { program, lead, outcome, ledger };
            let shows = self.goals.iter().enumerate().filter(|(_, (_, sight))| seen.shows(sight));
            Tried {
                shows: shows.map(|(place, _)| place).collect(),
                points: outcome.points.to_vec(),
                raw: (0..program.parts.len() as u16).map(|part| ledger.part(PartId(part)).raw).collect(),
            }
        })
    }

    /// Whether a lead shows a goal.
    pub fn shows(&self, probe: &Probe, goal: usize) -> bool {
        let Some((_, sight)) = self.goals.get(goal) else { return false };
        let program = self.program;
        self.tester.explain(probe, |lead, outcome, _, ledger| Seen { program, lead, outcome, ledger }.shows(sight))
    }

    /// Tries a lead; what it shows, or nothing when it was tried before or there have been too many.
    fn try_lead(&mut self, probe: &Probe) -> Option<Tried> {
        if self.left == 0 || !self.tried.insert(fingerprint(probe)) {
            return None;
        }
        self.left -= 1;
        let tried = self.look(probe);
        let own = size(probe);
        for goal in &tried.shows {
            if self.smallest[*goal].as_ref().is_none_or(|known| size(known) > own) {
                self.smallest[*goal] = Some(copy(probe));
            }
        }
        for (place, points) in tried.points.iter().enumerate() {
            let leaf = !matches!(
                self.program.parts[place].kind,
                PartKind::Group { .. } | PartKind::Include { of: Included::Score(_), .. }
            );
            if leaf && *points != 0 {
                let known = &mut self.points[place];
                let room = known.len() < MOST_POINTS
                    || known.keys().next().is_some_and(|least| points < least)
                    || known.keys().next_back().is_some_and(|most| points > most);
                match known.get(points) {
                    Some(least) if size(least) <= own => {}
                    None if !room => {}
                    _ => drop(known.insert(*points, copy(probe))),
                }
            }
        }
        Some(tried)
    }

    /// Whether a goal is neither shown by a test nor found.
    fn open(&self, goal: usize) -> bool {
        !self.covered[goal] && self.smallest[goal].is_none()
    }

    /// Looks for leads that show every goal.
    pub fn run(&mut self, items: &[GoalItem<'p>], as_of: i64) {
        let empty = empty(self.program, as_of);
        let tests: Vec<Probe> = self.program.tests.iter().filter(|test| test.as_of == as_of).map(copy).collect();
        self.try_lead(&empty);
        for test in &tests {
            self.try_lead(test);
        }
        // What each part does alone comes first: the rest is made of it.
        for item in items {
            let reads = of_steps(self.program, item.steps.iter().copied());
            for neighbour in self.values.neighbours(&empty, &reads) {
                self.try_lead(&neighbour);
            }
        }
        for item in 0..items.len() {
            self.item(item, items, &tests, false);
        }
        self.extremes(&empty);
        for item in 0..items.len() {
            self.thresholds(item, &tests, &empty);
        }
        self.crossed(items);
        for item in 0..items.len() {
            self.thresholds(item, &tests, &empty);
            self.item(item, items, &tests, true);
        }
    }

    fn goals_of(&self, item: usize) -> Vec<usize> {
        self.goals.iter().enumerate().filter(|(_, (of, _))| *of == item).map(|(place, _)| place).collect()
    }

    /// Steps from leads that show something of an item, to leads that show more of it.
    fn item(&mut self, item: usize, items: &[GoalItem<'p>], tests: &[Probe], deep: bool) {
        let goals = self.goals_of(item);
        if !goals.iter().any(|goal| self.open(*goal)) {
            return;
        }
        let steps = items[item].steps.iter().copied();
        let reads = if deep { Reads::deep(self.program, steps) } else { of_steps(self.program, steps) };
        let mut known: HashSet<Vec<usize>> = HashSet::new();
        let mut seeds = Vec::new();
        let own = |shows: &[usize]| shows.iter().copied().filter(|goal| goals.contains(goal)).collect::<Vec<_>>();
        let starts: Vec<Probe> = goals.iter().filter_map(|goal| self.smallest[*goal].as_ref()).map(copy).collect();
        for probe in starts.into_iter().chain(tests.iter().map(copy)) {
            let shows = own(&self.look(&probe).shows);
            if known.insert(shows) {
                seeds.push(probe);
            }
        }
        for _ in 0..3 {
            let mut next = Vec::new();
            seeds.truncate(MOST_SEEDS);
            for seed in &seeds {
                for neighbour in self.values.neighbours(seed, &reads) {
                    let Some(tried) = self.try_lead(&neighbour) else { continue };
                    if known.insert(own(&tried.shows)) {
                        next.push(neighbour);
                    }
                }
            }
            if next.is_empty() || !goals.iter().any(|goal| self.open(*goal)) {
                return;
            }
            seeds = next;
        }
    }

    /// The rules that a score or group is made of, also those of scores that it includes.
    fn leaves(&self, part: PartId) -> Vec<PartId> {
        match &self.program.parts[part.index()].kind {
            PartKind::Group { parts, .. } => parts.iter().flat_map(|part| self.leaves(*part)).collect(),
            PartKind::Include { of: Included::Score(score), .. } => self.leaves(*score),
            _ => vec![part],
        }
    }

    /// For each score and group the most and the fewest points that its rules come to together.
    fn extremes(&mut self, empty: &Probe) {
        let groups = (0..self.program.parts.len() as u16).map(PartId);
        let groups: Vec<PartId> =
            groups.filter(|part| matches!(self.program.parts[part.index()].kind, PartKind::Group { .. })).collect();
        for group in groups {
            let leaves = self.leaves(group);
            for sign in [1, -1] {
                let mut best: Vec<(i64, Probe)> = leaves
                    .iter()
                    .filter_map(|leaf| {
                        let points = &self.points[leaf.index()];
                        let found = if sign > 0 { points.iter().next_back() } else { points.iter().next() };
                        found.map(|(points, probe)| (*points * sign, copy(probe)))
                    })
                    .filter(|(points, _)| *points > 0)
                    .collect();
                best.sort_by_key(|(points, _)| -points);
                let mut sum = copy(empty);
                let mut reached = self.look(&sum).raw[group.index()] * sign;
                for (_, probe) in best.into_iter().take(24) {
                    let more = merged(&sum, &probe);
                    let Some(tried) = self.try_lead(&more) else { continue };
                    if tried.raw[group.index()] * sign > reached {
                        reached = tried.raw[group.index()] * sign;
                        sum = more;
                    }
                }
            }
        }
    }

    /// Leads that bring a score right to a line: points of rules that add up to it.
    fn thresholds(&mut self, item: usize, tests: &[Probe], empty: &Probe) {
        for goal in self.goals_of(item) {
            let (_, sight) = self.goals[goal];
            let Sight::Range(Expr { kind: ExprKind::Points(part), .. }, _, low, high) = sight else { continue };
            if !self.open(goal) {
                continue;
            }
            // From millionths to ten-thousandths.
            let (low, high) = (low.div_euclid(100) + i128::from(low.rem_euclid(100) > 0), high.div_euclid(100));
            let own = self.goals_of(item);
            let starts: Vec<Probe> = own.iter().filter_map(|goal| self.smallest[*goal].as_ref()).map(copy).collect();
            let seeds = starts.into_iter().chain([copy(empty)]).chain(tests.iter().map(copy)).take(MOST_SEEDS * 2);
            for seed in seeds.collect::<Vec<_>>() {
                if self.adds_up(goal, *part, &seed, low, high) {
                    break;
                }
            }
        }
    }

    fn adds_up(&mut self, goal: usize, part: PartId, seed: &Probe, low: i128, high: i128) -> bool {
        let at_seed = self.look(seed);
        let now = i128::from(at_seed.points[part.index()]);
        let mut steps: Vec<(usize, i128, Probe)> = Vec::new();
        for leaf in self.leaves(part) {
            if at_seed.points[leaf.index()] != 0 {
                continue;
            }
            let entries: Vec<Probe> = self.points[leaf.index()].values().map(copy).collect();
            for probe in entries {
                let more = merged(seed, &probe);
                let gained = i128::from(self.look(&more).points[part.index()]) - now;
                if gained != 0 {
                    steps.push((leaf.index(), gained, probe));
                }
            }
        }
        steps.sort_by_key(|(_, gained, _)| -gained.abs());
        let mut budget = 20_000;
        let mut chosen = Vec::new();
        let mut found = Vec::new();
        subsets(&steps, 0, now, (low, high), &mut chosen, &mut found, &mut budget);
        for choice in found {
            let probe = choice.iter().fold(copy(seed), |sum, place| merged(&sum, &steps[*place].2));
            if self.try_lead(&probe).is_some_and(|tried| tried.shows.contains(&goal)) {
                return true;
            }
        }
        false
    }

    /// Leads that show two things at once: a fit's verdict and a band, a stage and a persona.
    fn crossed(&mut self, items: &[GoalItem<'p>]) {
        let groups = [Group::Fits, Group::Bands, Group::Stages, Group::Disqualifiers, Group::Definitions];
        let several = |item: usize| {
            groups.contains(&items[item].group) && !matches!(items[item].steps.as_slice(), [Step::Check(_)])
        };
        let chosen: BTreeSet<usize> = (0..self.goals.len()).filter(|goal| several(self.goals[*goal].0)).collect();
        let mut probes: Vec<Probe> = Vec::new();
        for goal in chosen {
            if let Some(probe) = &self.smallest[goal]
                && !probes.iter().any(|known| super::probe::same(known, probe))
            {
                probes.push(copy(probe));
            }
        }
        probes.truncate(90);
        for one in 0..probes.len() {
            for other in 0..probes.len() {
                if one != other {
                    self.try_lead(&merged(&probes[one], &probes[other]));
                }
            }
        }
    }
}

/// Sets of up to four steps, at most one a rule, that bring a sum into a range; the first few.
fn subsets(
    steps: &[(usize, i128, Probe)],
    from: usize,
    sum: i128,
    range: (i128, i128),
    chosen: &mut Vec<usize>,
    found: &mut Vec<Vec<usize>>,
    budget: &mut u32,
) {
    if !chosen.is_empty() && (range.0..=range.1).contains(&sum) {
        found.push(chosen.clone());
    }
    if chosen.len() == 4 || found.len() >= 6 {
        return;
    }
    for place in from..steps.len() {
        if *budget == 0 || found.len() >= 6 {
            return;
        }
        *budget -= 1;
        let (leaf, gained, _) = &steps[place];
        if chosen.iter().any(|chosen| steps[*chosen].0 == *leaf) {
            continue;
        }
        chosen.push(place);
        subsets(steps, place + 1, sum + gained, range, chosen, found, budget);
        chosen.pop();
    }
}

/// A number that leads with other values or events hardly share.
fn fingerprint(probe: &Probe) -> u64 {
    use std::hash::{BuildHasher, Hash, Hasher};
    let mut hasher = foldhash::fast::FixedState::default().build_hasher();
    let literal = |value: &crate::model::Literal, hasher: &mut foldhash::fast::FoldHasher<'_>| {
        use crate::model::Literal::{Bool, Choice, Date, Int, List, Missing, Money, Number, Text, Time};
        std::mem::discriminant(value).hash(hasher);
        match value {
            Missing => {}
            Bool(value) => value.hash(hasher),
            Int(value) | Number(value) | Money(value) | Time(value) => value.hash(hasher),
            Date(value) => value.hash(hasher),
            Choice(value) => value.hash(hasher),
            Text(value) => value.hash(hasher),
            List(values) => format!("{values:?}").hash(hasher),
        }
    };
    probe.lead.iter().for_each(|value| literal(value, &mut hasher));
    for event in &probe.events {
        (event.at, event.ty).hash(&mut hasher);
        event.fields.iter().for_each(|value| literal(value, &mut hasher));
    }
    hasher.finish()
}
