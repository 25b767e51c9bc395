//! Two policies that decide leads side by side.

use super::super::Policy;
use super::super::lens::Lens;
use super::super::model::Change;
use super::super::pairs::{Known, Pair, pair};
use super::super::putback::put_back;
use super::causes::Both;
use super::decided::Decided;
use super::places::{Codes, Pairs, Place, code, route, stage};
use super::tally::Tally;
use crate::check::hir::{FitId, Program};
use crate::check::join::Join;
use crate::check::keys::{Keys, Meanings};
use crate::eval::{Block, Evaluator, Leads, Memo, Outcome, Points};
use crate::model::time::AsOf;
use crate::model::{Lead, OUTSIDE};
use crate::syntax::ast::Expr;
use bumpalo::Bump;

/// Two policies ready to decide leads side by side. Threads share it.
#[derive(Debug)]
pub struct Comparison<'p> {
    pub(super) old: &'p Program,
    pub(super) new: &'p Program,
    reading: Reading,
    pub(super) variants: Vec<(usize, Program, Lens)>,
    /// Changes that cannot be put back alone.
    pub stuck: Vec<usize>,
    pub(super) words: Vec<String>,
    pub(super) pairs: Pairs,
    codes: Codes,
}

/// How the policies read leads.
#[derive(Debug)]
enum Reading {
    /// Each record is read once, as a joint policy reads it.
    Once { joint: Box<Program>, lenses: Box<(Lens, Lens)> },
    /// Each policy reads it its own way.
    Twice { old: Lens, new: Lens },
}

/// Which programs leads are read as.
#[derive(Clone, Copy, Debug)]
pub enum Reads<'c> {
    /// Once, as this one reads them: [`Sides::leads`] decides them.
    Once(&'c Program),
    /// Twice: [`Sides::decided`] decides each as the old one reads it, then [`Sides::again`] as the new one does.
    Twice {
        /// The old policy.
        old: &'c Program,
        /// The new policy.
        new: &'c Program,
    },
}

impl<'p> Comparison<'p> {
    /// Makes two policies ready. The changes are those that [`crate::diff::diff()`] tells; the overrides those of both policies.
    /// An error says why leads cannot be read for both.
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
        let once = super::super::caveat(before, after).is_none().then(|| {
            let mut joint = Join::new(old.program, new.program, &meanings).finish().program;
            for field in &mut joint.schema.fields {
                // Whether one of the policies rejects a lead is asked of each.
                field.required = false;
            }
            let lens = |program: &Program| Lens::new(&joint, program, &meanings);
            let lenses = Box::new((lens(old.program)?, lens(new.program)?));
            Some(Reading::Once { joint: Box::new(joint), lenses })
        });
        let own = |program: &Program| {
            Lens::new(program, program, &meanings).ok_or("a policy reads one thing of the data in two ways")
        };
        let reading = match once.flatten() {
            Some(once) => once,
            None => Reading::Twice { old: own(old.program)?, new: own(new.program)? },
        };
        let read_as = if let Reading::Once { joint, .. } = &reading { joint } else { new.program };
        let lens = |program: &Program| Lens::new(read_as, program, &meanings);
        let (mut variants, mut stuck) = (Vec::new(), Vec::new());
        for (place, change) in changes.iter().enumerate() {
            if matches!(change.how, super::super::How::Renamed) || matches!(change.what, super::super::Piece::Promise) {
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
            variants,
            stuck,
            words: words.collect(),
            pairs,
            reading,
        })
    }

    /// How leads are read: once for both policies where both count their days in one time zone and find events in one
    /// place.
    pub fn reads(&self) -> Reads<'_> {
        match &self.reading {
            Reading::Once { joint, .. } => Reads::Once(joint),
            Reading::Twice { .. } => Reads::Twice { old: self.old, new: self.new },
        }
    }

    /// Ready at an as-of.
    pub fn at(&self, as_of: &AsOf) -> Sides<'_> {
        fn ready<'c>(program: &'c Program, as_of: &AsOf) -> Evaluator<'c> {
            Evaluator::new(program, AsOf::new(as_of.instant, &program.zone))
        }
        let at = |program| ready(program, as_of);
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
    pub(super) of: &'c Comparison<'c>,
    old: Evaluator<'c>,
    new: Evaluator<'c>,
    pub(super) variants: Vec<Evaluator<'c>>,
}

/// A lead that moves.
#[derive(Debug)]
pub struct Mover<'m> {
    sides: &'m Sides<'m>,
    places: (Place, Place),
    scores: Vec<(Option<i64>, Option<i64>)>,
}

/// What a thread remembers from lead to lead.
#[derive(Debug)]
pub struct Memory {
    old: Memo,
    new: Memo,
    pub(super) variants: Vec<Memo>,
}

impl Memory {
    /// Between leads that were decided together: lets go of what is too much.
    pub fn tidy(&mut self) {
        [&mut self.old, &mut self.new].into_iter().chain(&mut self.variants).for_each(Memo::tidy);
    }
}

impl<'c> Sides<'c> {
    /// A memory, for one thread.
    pub fn memory(&self) -> Memory {
        let variants = self.variants.iter().map(Evaluator::memo).collect();
        Memory { old: self.old.memo(), new: self.new.memo(), variants }
    }

    /// Decides leads that are read once under both policies: some hundred at once. Those that move are given to a sink.
    pub fn leads<'a>(
        &'a self,
        leads: &'a [Lead<'a>],
        memory: &mut Memory,
        arena: &'a Bump,
        tally: &mut Tally,
        sink: &mut dyn FnMut(&Lead<'a>, Mover<'a>),
    ) {
        let lenses = match &self.of.reading {
            Reading::Once { lenses, .. } => (&lenses.0, &lenses.1),
            Reading::Twice { old, new } => (old, new),
        };
        let mut old = side(lenses.0, &self.old, leads, &mut memory.old, arena).iter();
        let mut new = side(lenses.1, &self.new, leads, &mut memory.new, arena).iter();
        let mut both = Vec::new();
        for lead in leads {
            let was = if lenses.0.rejects(lead) { None } else { old.next() };
            let is = if lenses.1.rejects(lead) { None } else { new.next() };
            if let Some(mover) = self.compared(was, is, tally) {
                if let (Some(was), Some(_)) = (was, is) {
                    both.push(Both { was, lead });
                }
                sink(lead, mover);
            }
        }
        self.look(&both, memory, arena, tally);
    }

    /// What the old policy decides of a lead that it reads its own way.
    pub fn decided(&self, lead: &Lead<'_>, memory: &mut Memory, arena: &Bump) -> Decided {
        Decided::of(self.of.old, &self.old.evaluate_with(lead, &mut memory.old, arena))
    }

    /// Decides a lead that the new policy reads its own way, held against what the old one decided; none for a record
    /// that a policy rejects. A lead that moves is given back.
    pub fn again<'a>(
        &'a self,
        was: Option<&Decided>,
        lead: Option<&'a Lead<'a>>,
        memory: &mut Memory,
        arena: &'a Bump,
        tally: &mut Tally,
    ) -> Option<Mover<'a>> {
        let was = was.map(|was| was.outcome(self.of.old, arena));
        let is = lead.map(|lead| self.new.evaluate_with(lead, &mut memory.new, arena));
        let mover = self.compared(was.as_ref(), is.as_ref(), tally);
        if let (Some(_), Some(was), Some(lead)) = (&mover, &was, lead) {
            self.look(&[Both { was, lead }], memory, arena, tally);
        }
        mover
    }

    /// Counts a lead: none for a policy that rejects it.
    fn compared<'a>(
        &'a self,
        was: Option<&Outcome<'a>>,
        is: Option<&Outcome<'a>>,
        tally: &mut Tally,
    ) -> Option<Mover<'a>> {
        let of = self.of;
        if was.is_none() && is.is_none() {
            tally.reject();
            return None;
        }
        let place = |program: &Program, outcome: Option<&Outcome<'_>>| {
            outcome.map_or(Place::REJECTED, |outcome| Place::of(program, outcome))
        };
        let places = (place(of.old, was), place(of.new, is));
        *tally.places.entry(places).or_default() += 1;
        if let (Some(was), Some(is)) = (was, is) {
            for (shift, pair) in tally.shifts.iter_mut().zip(&of.pairs.scores) {
                let Some((a, b)) = pair.both() else { continue };
                let by = is.points(of.new.scores[b]) - was.points(of.old.scores[a]);
                if by == 0 {
                    shift.0 += 1;
                } else {
                    *shift.1.entry(super::tally::rounded(by)).or_default() += 1;
                }
            }
            if !self.moves(places, was, is) {
                return None;
            }
        }
        tally.moved += 1;
        let points = |program: &Program, outcome: Option<&Outcome<'_>>, place: Option<usize>| {
            outcome.zip(place).map(|(outcome, place)| outcome.points(program.scores[place]))
        };
        let scores = of.pairs.scores.iter();
        let scores = scores.map(|pair| (points(of.old, was, pair.old), points(of.new, is, pair.new))).collect();
        Some(Mover { sides: self, places, scores })
    }

    fn moves(&self, places: (Place, Place), was: &Outcome<'_>, is: &Outcome<'_>) -> bool {
        let (of, codes) = (self.of, &self.of.codes);
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

/// What a policy decides of leads, but for those that it rejects.
fn side<'a>(
    lens: &Lens,
    evaluator: &'a Evaluator<'_>,
    leads: &'a [Lead<'a>],
    memo: &mut Memo,
    arena: &'a Bump,
) -> &'a [Outcome<'a>] {
    outcomes_of(lens, evaluator, leads.iter().filter(|lead| !lens.rejects(lead)), memo, arena)
}

/// What a policy decides of leads, which it does not reject.
pub(super) fn outcomes_of<'a>(
    lens: &Lens,
    evaluator: &'a Evaluator<'_>,
    leads: impl Iterator<Item = &'a Lead<'a>>,
    memo: &mut Memo,
    arena: &'a Bump,
) -> &'a [Outcome<'a>] {
    let mut own = bumpalo::collections::Vec::new_in(arena);
    own.extend(leads.map(|lead| lens.lead(lead, arena)));
    let leads: &[Lead<'a>] = own.into_bump_slice();
    let leads = Leads::from(leads);
    evaluator.evaluate_block(Block { leads, columns: &[], counts: None }, memo, arena).all()
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
