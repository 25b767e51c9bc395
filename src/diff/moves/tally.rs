//! Counts of the leads that were decided, and what they come to.

use super::places::{NONE, Place, route, stage};
use super::sides::Sides;
use super::{CauseOf, Load, Move, Moves, Shift};
use crate::check::hir::Program;
use crate::model::number::POINTS_SCALE;
use std::collections::BTreeMap;

/// As many leads of a batch are looked at for what made them move, shared among the changes; at least so many each.
pub(super) const LOOKS: usize = 500;

/// Counts of leads; those of several threads add up.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub(super) places: BTreeMap<(Place, Place), u64>,
    pub(super) rejected: u64,
    pub(super) moved: u64,
    pub(super) looked_at: u64,
    pub(super) together: u64,
    pub(super) causes: BTreeMap<usize, u64>,
    /// By score: unchanged, and by whole points.
    pub(super) shifts: Vec<(u64, BTreeMap<i64, u64>)>,
    pub(super) left: Option<usize>,
}

impl Tally {
    /// For a batch of leads.
    pub fn for_batch(sides: &Sides<'_>) -> Tally {
        let count = sides.of.pairs.scores.len();
        let looks = LOOKS / sides.variants.len().max(1);
        Tally { shifts: vec![Default::default(); count], left: Some(looks.max(10)), ..Tally::default() }
    }

    /// A record that neither policy decides.
    pub fn reject(&mut self) {
        self.rejected += 1;
    }

    /// How many records neither policy decides.
    pub fn rejects(&self) -> u64 {
        self.rejected
    }

    /// Adds the counts of other leads.
    pub fn add(&mut self, other: Tally) {
        for (places, count) in other.places {
            *self.places.entry(places).or_default() += count;
        }
        self.rejected += other.rejected;
        self.moved += other.moved;
        self.looked_at += other.looked_at;
        self.together += other.together;
        for (cause, count) in other.causes {
            *self.causes.entry(cause).or_default() += count;
        }
        self.shifts.resize(self.shifts.len().max(other.shifts.len()), Default::default());
        for (own, (same, by)) in self.shifts.iter_mut().zip(other.shifts) {
            own.0 += same;
            for (shift, count) in by {
                *own.1.entry(shift).or_default() += count;
            }
        }
    }
}

impl Sides<'_> {
    /// What all leads come to.
    pub fn moves_of(&self, tally: &Tally) -> Moves {
        let of = self.of;
        let mut stages: BTreeMap<(String, String), u64> = BTreeMap::new();
        let mut routes: BTreeMap<(String, String), u64> = BTreeMap::new();
        let mut load: (BTreeMap<String, u64>, BTreeMap<String, u64>) = Default::default();
        for ((was, is), count) in &tally.places {
            *stages.entry((stage(of.old, *was), stage(of.new, *is))).or_default() += count;
            let (from, to) = (route(of.old, *was), route(of.new, *is));
            *load.0.entry(from.clone()).or_default() += count;
            *load.1.entry(to.clone()).or_default() += count;
            *routes.entry((from, to)).or_default() += count;
        }
        let rank = |program: &Program, name: &str| {
            program.stages.iter().position(|stage| stage.name == name).map_or(999, |place| place)
        };
        let mut stages = moved(stages);
        stages
            .sort_by_key(|pair| (rank(of.old, &pair.old), rank(of.new, &pair.new), pair.old.clone(), pair.new.clone()));
        let mut loads: Vec<Load> = Vec::new();
        let names =
            |program: &Program| -> Vec<String> { program.routes.iter().map(|route| route.name.clone()).collect() };
        let (were, are) = (names(of.old), names(of.new));
        for route in are.iter().chain(were.iter().filter(|route| !are.contains(route))) {
            let count = |known: &[String], counts: &BTreeMap<String, u64>| {
                known.contains(route).then(|| counts.get(route).copied().unwrap_or(0))
            };
            loads.push(Load { route: route.clone(), old: count(&were, &load.0), new: count(&are, &load.1) });
        }
        let none = (load.0.get(NONE).copied().unwrap_or(0), load.1.get(NONE).copied().unwrap_or(0));
        if none != (0, 0) {
            loads.push(Load { route: NONE.to_owned(), old: Some(none.0), new: Some(none.1) });
        }
        let mut causes: Vec<CauseOf> = tally
            .causes
            .iter()
            .map(|(change, leads)| CauseOf { change: *change as u64, words: of.words[*change].clone(), leads: *leads })
            .collect();
        causes.sort_by_key(|cause| (std::cmp::Reverse(cause.leads), cause.change));
        let scores = of.pairs.scores.iter().zip(&tally.shifts).filter_map(|(pair, (same, by))| {
            let (_, new) = pair.both()?;
            let score = of.new.parts[of.new.scores[new].index()].name.clone();
            Some(Shift { score, same: *same, by: by.iter().map(|(shift, count)| (*shift, *count)).collect() })
        });
        Moves {
            leads: tally.places.values().sum(),
            rejected: tally.rejected,
            moved: tally.moved,
            stages,
            routes: moved(routes),
            load: loads,
            causes,
            looked_at: tally.looked_at,
            together: tally.together,
            shifts: scores.filter(|shift| !shift.by.is_empty()).collect(),
        }
    }
}

fn moved(pairs: BTreeMap<(String, String), u64>) -> Vec<Move> {
    pairs.into_iter().map(|((old, new), leads)| Move { old, new, leads }).collect()
}

pub(super) fn rounded(points: i64) -> i64 {
    let half = POINTS_SCALE / 2;
    (points + if points < 0 { -half } else { half }) / POINTS_SCALE
}
