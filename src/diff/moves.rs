//! What a change does to leads that are given: who moves where, why, and how the scores shift.

use super::Policy;
use super::lens::Lens;
use super::model::Change;
use super::pairs::{Known, Pair, pair};
use super::putback::put_back;
use crate::check::hir::{BandsId, FitId, MatrixId, Program};
use crate::check::join::Join;
use crate::check::keys::{Keys, Meanings};
use crate::eval::{Evaluator, Outcome, Points};
use crate::model::number::POINTS_SCALE;
use crate::model::time::AsOf;
use crate::model::{Lead, OUTSIDE};
use crate::syntax::ast::Expr;
use bumpalo::Bump;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// As many leads of a batch are looked at for what made them move, shared among the changes; at least so many each.
const LOOKS: usize = 500;

/// What a change does to the leads that were given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moves {
    /// How many leads both policies decided, or one did.
    pub leads: u64,
    /// Records that neither policy decides.
    pub rejected: u64,
    /// How many leads are decided otherwise: another stage, route, band, cell, verdict or persona.
    pub moved: u64,
    /// From which stage to which: all pairs that a lead has.
    pub stages: Vec<Move>,
    /// From which route to which.
    pub routes: Vec<Move>,
    /// How many leads each route gets.
    pub load: Vec<Load>,
    /// What made leads move, the most first.
    pub causes: Vec<CauseOf>,
    /// How many of the leads that move were looked at for what made them move.
    pub looked_at: u64,
    /// Of these, how many move only because of several changes together.
    pub together: u64,
    /// How the points of each score shift.
    pub shifts: Vec<Shift>,
}

/// How many leads go from one place to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Move {
    /// The stage or route under the old policy.
    pub old: String,
    /// The stage or route under the new policy.
    pub new: String,
    /// How many leads.
    pub leads: u64,
}

/// How many leads a route gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Load {
    /// The route.
    pub route: String,
    /// Leads under the old policy; null where it has no such route.
    pub old: Option<u64>,
    /// Leads under the new policy; null where it has no such route.
    pub new: Option<u64>,
}

/// A change that moves leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CauseOf {
    /// The change: its place among the changes, from 0.
    pub change: u64,
    /// What it is, in words.
    pub words: String,
    /// How many leads would stay as they were decided if this change alone were put back.
    pub leads: u64,
}

/// How the points of a score shift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Shift {
    /// The score.
    pub score: String,
    /// How many leads have the same points.
    pub same: u64,
    /// How many leads gain or lose so many points, rounded to whole points; those that gain or lose less than half a
    /// point stand at 0.
    pub by: Vec<(i64, u64)>,
}

/// Two policies ready to decide leads side by side. Threads share it.
#[derive(Debug)]
pub struct Comparison<'p> {
    old: &'p Program,
    new: &'p Program,
    joint: Program,
    lenses: (Lens, Lens),
    variants: Vec<(usize, Program, Lens)>,
    /// Changes that cannot be put back alone.
    pub stuck: Vec<usize>,
    words: Vec<String>,
    pairs: Pairs,
    codes: Codes,
}

/// What decisions of both policies are compared by: a number for each name, so that no name is compared for each lead.
#[derive(Debug)]
struct Codes {
    stages: (Vec<u32>, Vec<u32>),
    routes: (Vec<u32>, Vec<u32>),
    /// By pair.
    bands: Vec<(Vec<u32>, Vec<u32>)>,
    cells: Vec<(Vec<u32>, Vec<u32>)>,
    /// Places of the personas in both policies' defines.
    personas: Vec<(Option<usize>, Option<usize>)>,
}

/// The same name has the same number.
fn codes<'n>(old: impl Iterator<Item = &'n str>, new: impl Iterator<Item = &'n str>) -> (Vec<u32>, Vec<u32>) {
    let mut known: std::collections::HashMap<&str, u32> = std::collections::HashMap::new();
    let mut of = |names: &mut dyn Iterator<Item = &'n str>| -> Vec<u32> {
        names
            .map(|name| {
                let next = known.len() as u32;
                *known.entry(name).or_insert(next)
            })
            .collect()
    };
    let old = of(&mut { old });
    (old, of(&mut { new }))
}

impl Codes {
    fn new(old: &Program, new: &Program, pairs: &Pairs) -> Codes {
        let choices = |program: &'_ Program, domain| -> Vec<String> {
            program.schema.domain(domain).choices.iter().map(|choice| choice.name.clone()).collect()
        };
        let pair_codes =
            |was: Vec<String>, is: Vec<String>| codes(was.iter().map(String::as_str), is.iter().map(String::as_str));
        let stages =
            |program: &'_ Program| -> Vec<String> { program.stages.iter().map(|stage| stage.name.clone()).collect() };
        let routes = |program: &'_ Program| -> Vec<String> {
            program.routes.iter().map(|route| route.name.clone()).chain([NONE.to_owned()]).collect()
        };
        let both = |pairs: &[Pair]| -> Vec<(usize, usize)> { pairs.iter().filter_map(|pair| pair.both()).collect() };
        let personas = |program: &Program| -> Vec<(usize, String)> {
            let known = program.defines.iter().enumerate().filter(|(_, define)| define.persona);
            known.map(|(place, define)| (place, define.name.clone())).collect()
        };
        let (were, are) = (personas(old), personas(new));
        let mut joined: Vec<(Option<usize>, Option<usize>)> = were
            .iter()
            .map(|(place, name)| (Some(*place), are.iter().find(|(_, other)| other == name).map(|(place, _)| *place)))
            .collect();
        joined.extend(
            are.iter()
                .filter(|(_, name)| !were.iter().any(|(_, other)| other == name))
                .map(|(place, _)| (None, Some(*place))),
        );
        Codes {
            stages: pair_codes(stages(old), stages(new)),
            routes: pair_codes(routes(old), routes(new)),
            bands: both(&pairs.bands)
                .into_iter()
                .map(|(a, b)| pair_codes(choices(old, old.bands[a].domain), choices(new, new.bands[b].domain)))
                .collect(),
            cells: both(&pairs.matrices)
                .into_iter()
                .map(|(a, b)| pair_codes(choices(old, old.matrices[a].domain), choices(new, new.matrices[b].domain)))
                .collect(),
            personas: joined,
        }
    }
}

fn code(codes: &[u32], place: u16) -> Option<u32> {
    codes.get(usize::from(place)).copied()
}

/// Which piece is which, by what decisions tell.
#[derive(Debug)]
struct Pairs {
    bands: Vec<Pair>,
    matrices: Vec<Pair>,
    fits: Vec<Pair>,
    scores: Vec<Pair>,
}

impl<'p> Comparison<'p> {
    /// Makes two policies ready. The changes are those that [`super::diff`] tells; the overrides those of both policies.
    /// An error says why leads cannot be read for both at once.
    pub fn new(
        old: Policy<'p>,
        new: Policy<'p>,
        changes: &[Change],
        overrides: &[(String, Expr)],
    ) -> Result<Comparison<'p>, &'static str> {
        let meanings = Meanings::default();
        let (old_keys, new_keys) = (Keys::new(old.program, &meanings), Keys::new(new.program, &meanings));
        let before = Known { program: old.program, keys: &old_keys };
        let after = Known { program: new.program, keys: &new_keys };
        if let Some(why) = super::caveat(before, after) {
            return Err(why);
        }
        let mut joint = Join::new(old.program, new.program, &meanings).finish().program;
        for field in &mut joint.schema.fields {
            // Whether one of the policies rejects a lead is asked of each.
            field.required = false;
        }
        let lens = |program: &Program| Lens::new(&joint, program, &meanings);
        let (Some(was), Some(is)) = (lens(old.program), lens(new.program)) else {
            return Err("the policies read the data in two ways");
        };
        let (mut variants, mut stuck) = (Vec::new(), Vec::new());
        for (place, change) in changes.iter().enumerate() {
            if matches!(change.how, super::How::Renamed) || matches!(change.what, super::Piece::Promise) {
                continue;
            }
            let variant = put_back(old.loaded, new.loaded, change, overrides);
            match variant.and_then(|variant| Some((lens(&variant)?, variant))) {
                Some((lens, variant)) => variants.push((place, variant, lens)),
                None => stuck.push(place),
            }
        }
        let words = changes.iter().map(|change| {
            let details = change.lines();
            let told = details.first().map_or_else(String::new, |first| format!(": {first}"));
            format!("{} {}{told}", change.title(), change.word())
        });
        let pairs = Pairs {
            bands: pair(&before.bands(), &after.bands()),
            matrices: pair(&before.matrices(), &after.matrices()),
            fits: pair(&before.fits(), &after.fits()),
            scores: pair(&before.scores(), &after.scores()),
        };
        Ok(Comparison {
            codes: Codes::new(old.program, new.program, &pairs),
            old: old.program,
            new: new.program,
            lenses: (was, is),
            variants,
            stuck,
            words: words.collect(),
            pairs,
            joint,
        })
    }

    /// The joint policy: leads are read as it reads them.
    pub fn program(&self) -> &Program {
        &self.joint
    }

    /// Ready at an as-of.
    pub fn at(&self, as_of: &AsOf) -> Sides<'_> {
        let at = |program| Evaluator::new(program, AsOf::new(as_of.instant, &self.new.zone));
        Sides {
            of: self,
            old: at(self.old),
            new: at(self.new),
            variants: self.variants.iter().map(|(_, program, _)| at(program)).collect(),
        }
    }
}

/// A comparison at an as-of.
#[derive(Debug)]
pub struct Sides<'c> {
    of: &'c Comparison<'c>,
    old: Evaluator<'c>,
    new: Evaluator<'c>,
    variants: Vec<Evaluator<'c>>,
}

/// What a policy decides, as far as it counts as a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The stage; [`OUTSIDE`] of a disqualified lead.
    stage: u16,
    /// The route; the number of routes for none.
    route: u16,
    rejected: bool,
}

impl Place {
    const REJECTED: Place = Place { stage: OUTSIDE, route: OUTSIDE, rejected: true };

    fn of(program: &Program, outcome: &Outcome<'_>) -> Place {
        Place {
            stage: if outcome.disqualified { OUTSIDE } else { outcome.stage },
            route: outcome.route.map_or(program.routes.len() as u16, |route| route.0),
            rejected: false,
        }
    }
}

/// Counts of leads; those of several threads add up.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    places: BTreeMap<(Place, Place), u64>,
    rejected: u64,
    moved: u64,
    looked_at: u64,
    together: u64,
    causes: BTreeMap<usize, u64>,
    /// By score: unchanged, and by whole points.
    shifts: Vec<(u64, BTreeMap<i64, u64>)>,
    left: Option<usize>,
}

/// A lead that moves.
#[derive(Debug)]
pub struct Mover<'m> {
    sides: &'m Sides<'m>,
    places: (Place, Place),
    scores: Vec<(Option<i64>, Option<i64>)>,
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

impl<'c> Sides<'c> {
    /// Decides a lead under both policies. A lead that moves is given back.
    pub fn lead<'a>(&'a self, lead: &'a Lead<'a>, arena: &'a Bump, tally: &mut Tally) -> Option<Mover<'a>> {
        let of = self.of;
        let (was_lens, is_lens) = (&of.lenses.0, &of.lenses.1);
        let rejects = (was_lens.rejects(lead), is_lens.rejects(lead));
        if rejects == (true, true) {
            tally.reject();
            return None;
        }
        let was = self.old.evaluate(arena.alloc(was_lens.lead(lead, arena)), arena);
        let is = self.new.evaluate(arena.alloc(is_lens.lead(lead, arena)), arena);
        let place = |rejected: bool, program: &Program, outcome: &Outcome<'_>| {
            if rejected { Place::REJECTED } else { Place::of(program, outcome) }
        };
        let places = (place(rejects.0, of.old, &was), place(rejects.1, of.new, &is));
        *tally.places.entry(places).or_default() += 1;
        let decided = rejects == (false, false);
        if decided {
            for (shift, pair) in tally.shifts.iter_mut().zip(&of.pairs.scores) {
                let Some((a, b)) = pair.both() else { continue };
                let by = is.points(of.new.scores[b]) - was.points(of.old.scores[a]);
                if by == 0 {
                    shift.0 += 1;
                } else {
                    *shift.1.entry(rounded(by)).or_default() += 1;
                }
            }
        }
        if !self.moves(places, &was, &is, !decided) {
            return None;
        }
        tally.moved += 1;
        let left = tally.left.get_or_insert(LOOKS);
        if decided && *left > 0 {
            *left -= 1;
            tally.looked_at += 1;
            let mut alone = false;
            for (variant, (change, program, lens)) in self.variants.iter().zip(&of.variants) {
                let outcome = variant.evaluate(arena.alloc(lens.lead(lead, arena)), arena);
                // Pieces have their places of the new policy, unless the change took or gave one.
                if self.stays(&was, program, &outcome) {
                    alone = true;
                    *tally.causes.entry(*change).or_default() += 1;
                }
            }
            tally.together += u64::from(!alone);
        }
        let points = |program: &Program, outcome: &Outcome<'_>, place: Option<usize>, rejected: bool| {
            place.filter(|_| !rejected).map(|place| outcome.points(program.scores[place]))
        };
        let scores = of
            .pairs
            .scores
            .iter()
            .map(|pair| (points(of.old, &was, pair.old, rejects.0), points(of.new, &is, pair.new, rejects.1)));
        let scores = scores.collect();
        Some(Mover { sides: self, places, scores })
    }

    fn moves(&self, places: (Place, Place), was: &Outcome<'_>, is: &Outcome<'_>, rejected: bool) -> bool {
        let (of, codes) = (self.of, &self.of.codes);
        if rejected {
            return true;
        }
        let outside = (places.0.stage == OUTSIDE, places.1.stage == OUTSIDE);
        let stage = outside.0 != outside.1
            || !outside.0 && code(&codes.stages.0, places.0.stage) != code(&codes.stages.1, places.1.stage);
        if stage || code(&codes.routes.0, places.0.route) != code(&codes.routes.1, places.1.route) {
            return true;
        }
        let both = |pairs: &'c [Pair]| pairs.iter().filter_map(|pair| pair.both());
        let bands = both(&of.pairs.bands)
            .zip(&codes.bands)
            .any(|((a, b), (old, new))| code(old, was.bands[a]) != code(new, is.bands[b]));
        let cells = both(&of.pairs.matrices)
            .zip(&codes.cells)
            .any(|((a, b), (old, new))| code(old, was.cells[a]) != code(new, is.cells[b]));
        let fits =
            both(&of.pairs.fits).any(|(a, b)| was.fit(FitId(a as u16)).verdict != is.fit(FitId(b as u16)).verdict);
        let truth = |outcome: &Outcome<'_>, place: Option<usize>| {
            place.is_some_and(|place| outcome.defines[place].tri().is_true())
        };
        bands || cells || fits || codes.personas.iter().any(|(a, b)| truth(was, *a) != truth(is, *b))
    }

    /// Whether a variant decides as the old policy does.
    fn stays(&self, was: &Outcome<'_>, program: &Program, is: &Outcome<'_>) -> bool {
        let old = self.of.old;
        let (a, b) = (Place::of(old, was), Place::of(program, is));
        if stage(old, a) != stage(program, b) || route(old, a) != route(program, b) {
            return false;
        }
        let name = |bands: &crate::check::hir::Bands| bands.name.clone();
        for pair in self.of.pairs.bands.iter() {
            let Some((a, b)) = pair.both() else { continue };
            let wanted = name(&self.of.new.bands[b]);
            if let Some(place) = program.bands.iter().position(|bands| bands.name == wanted)
                && band(old, was, a) != band(program, is, place)
            {
                return false;
            }
        }
        for pair in self.of.pairs.matrices.iter() {
            let Some((a, b)) = pair.both() else { continue };
            let wanted = &self.of.new.matrices[b].name;
            if let Some(place) = program.matrices.iter().position(|matrix| matrix.name == *wanted)
                && cell(old, was, a) != cell(program, is, place)
            {
                return false;
            }
        }
        for pair in self.of.pairs.fits.iter() {
            let Some((a, b)) = pair.both() else { continue };
            let wanted = &self.of.new.fits[b].name;
            if let Some(place) = program.fits.iter().position(|fit| fit.name == *wanted)
                && was.fit(FitId(a as u16)).verdict != is.fit(FitId(place as u16)).verdict
            {
                return false;
            }
        }
        personas(old, was) == personas(program, is)
    }

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

    /// The names of the scores that a row of a lead has.
    pub fn scores(&self) -> Vec<String> {
        let of = self.of;
        let name = |program: &Program, place: usize| program.parts[program.scores[place].index()].name.clone();
        let names = of.pairs.scores.iter().map(|pair| match (pair.old, pair.new) {
            (_, Some(new)) => name(of.new, new),
            (Some(old), None) => name(of.old, old),
            (None, None) => String::new(),
        });
        names.collect()
    }
}

impl Mover<'_> {
    /// The stages.
    pub fn stages(&self) -> (String, String) {
        (stage(self.sides.of.old, self.places.0), stage(self.sides.of.new, self.places.1))
    }

    /// The routes.
    pub fn routes(&self) -> (String, String) {
        (route(self.sides.of.old, self.places.0), route(self.sides.of.new, self.places.1))
    }

    /// The points of each score, in the order of [`Sides::scores`].
    pub fn scores(&self) -> impl Iterator<Item = (Option<Points>, Option<Points>)> + '_ {
        self.scores.iter().map(|(was, is)| (was.map(Points), is.map(Points)))
    }
}

/// What stands where a lead has no route.
const NONE: &str = "none";

fn moved(pairs: BTreeMap<(String, String), u64>) -> Vec<Move> {
    pairs.into_iter().map(|((old, new), leads)| Move { old, new, leads }).collect()
}

fn rounded(points: i64) -> i64 {
    let half = POINTS_SCALE / 2;
    (points + if points < 0 { -half } else { half }) / POINTS_SCALE
}

fn stage(program: &Program, place: Place) -> String {
    if place.rejected {
        return "rejected".to_owned();
    }
    if place.stage == OUTSIDE {
        return "disqualified".to_owned();
    }
    program.stages.get(usize::from(place.stage)).map_or_else(|| NONE.to_owned(), |stage| stage.name.clone())
}

fn route(program: &Program, place: Place) -> String {
    if place.rejected {
        return "rejected".to_owned();
    }
    program.routes.get(usize::from(place.route)).map_or_else(|| NONE.to_owned(), |route| route.name.clone())
}

fn band<'p>(program: &'p Program, outcome: &Outcome<'_>, place: usize) -> Option<&'p str> {
    let bands = &program.bands[BandsId(place as u16).index()];
    let choices = &program.schema.domain(bands.domain).choices;
    choices.get(usize::from(outcome.bands[place])).map(|choice| choice.name.as_str())
}

fn cell<'p>(program: &'p Program, outcome: &Outcome<'_>, place: usize) -> Option<&'p str> {
    let matrix = &program.matrices[MatrixId(place as u16).index()];
    let choices = &program.schema.domain(matrix.domain).choices;
    choices.get(usize::from(outcome.cells[place])).map(|choice| choice.name.as_str())
}

/// The names of the personas that are true.
fn personas<'p>(program: &'p Program, outcome: &Outcome<'_>) -> Vec<&'p str> {
    let known = program.defines.iter().zip(outcome.defines.iter());
    known
        .filter(|(define, value)| define.persona && value.tri().is_true())
        .map(|(define, _)| define.name.as_str())
        .collect()
}

/// Leads and their share of all, as people read them.
pub(super) fn share(count: u64, all: u64) -> String {
    let (count, all) = (u128::from(count), u128::from(all.max(1)));
    let tenths = (count * 2_000 + all) / (2 * all);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

impl Moves {
    /// The stages of rows and columns.
    pub(super) fn axes(&self) -> (Vec<&str>, Vec<&str>) {
        let mut rows: Vec<&str> = Vec::new();
        let mut columns: Vec<&str> = Vec::new();
        for pair in &self.stages {
            if !rows.contains(&pair.old.as_str()) {
                rows.push(&pair.old);
            }
        }
        // A stage stands at the same place of both.
        for name in rows.iter().copied().chain(self.stages.iter().map(|pair| pair.new.as_str())) {
            if self.stages.iter().any(|pair| pair.new == name) && !columns.contains(&name) {
                columns.push(name);
            }
        }
        (rows, columns)
    }

    /// How many leads go from one stage to another.
    pub(super) fn count(&self, old: &str, new: &str) -> u64 {
        self.stages.iter().find(|pair| pair.old == old && pair.new == new).map_or(0, |pair| pair.leads)
    }

    /// What is said of all, in a sentence.
    pub(super) fn sentence(&self) -> String {
        let leads = crate::words::plural(self.leads, "lead");
        let rejected = match self.rejected {
            0 => String::new(),
            count => format!("; {} rejected by both policies", crate::words::plural(count, "record")),
        };
        format!(
            "{} of {leads} ({}) {} decided otherwise{rejected}.",
            grouped(self.moved),
            share(self.moved, self.leads),
            if self.moved == 1 { "is" } else { "are" }
        )
    }

    /// How far the causes go.
    pub(super) fn looked(&self) -> Option<String> {
        let mut said = Vec::new();
        if self.looked_at < self.moved {
            said.push(format!(
                "Told from {} of the {} leads that move: the first of each part of the file.",
                grouped(self.looked_at),
                grouped(self.moved)
            ));
        }
        if self.together > 0 {
            said.push(format!(
                "{} only by several changes together.",
                match self.together {
                    1 => "1 lead moves".to_owned(),
                    count => format!("{} leads move", grouped(count)),
                }
            ));
        }
        (!said.is_empty()).then(|| said.join(" "))
    }
}

/// A count with commas between thousands.
pub(super) fn grouped(count: u64) -> String {
    crate::words::grouped(&count.to_string(), 4)
}

impl Shift {
    /// Points in at most 15 steps of one width, with the leads of each.
    pub(super) fn bins(&self) -> Vec<(String, u64)> {
        let (Some(first), Some(last)) = (self.by.first().map(|(by, _)| *by), self.by.last().map(|(by, _)| *by)) else {
            return Vec::new();
        };
        let (first, last) = (first.min(0), last.max(0));
        let span = last - first;
        let width = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 1_000_000]
            .into_iter()
            .find(|width| span / width < 15)
            .unwrap_or(i64::MAX / 4);
        let mut bins: BTreeMap<i64, u64> = BTreeMap::new();
        for (by, count) in &self.by {
            // What is lost and what is gained never share a bin.
            let bin = if *by < 0 { -((-by + width - 1) / width) } else { (by + width - 1) / width };
            *bins.entry(bin).or_default() += count;
        }
        *bins.entry(0).or_default() += self.same;
        let (low, high) = (bins.keys().next().copied().unwrap_or(0), bins.keys().next_back().copied().unwrap_or(0));
        let name = |bin: i64| match (bin, width) {
            (0, _) => "0".to_owned(),
            (bin, 1) => format!("{bin:+}"),
            (bin, width) if bin > 0 => format!("+{} to +{}", (bin - 1) * width + 1, bin * width),
            (bin, width) => format!("{} to {}", bin * width, (bin + 1) * width - 1),
        };
        (low..=high).map(|bin| (name(bin), bins.get(&bin).copied().unwrap_or(0))).collect()
    }
}
