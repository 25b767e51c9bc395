//! Which piece of the new policy is which piece of the old one: by name, and where a name is gone by meaning. A piece
//! that only has another name is the same piece.

use crate::check::hir::{BandsId, DefineId, FitId, MatrixId, PartId, Program, ReasonId, StageId};
use crate::check::keys::{Key, Keys};

/// A piece of the old policy, of the new one, or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) old: Option<usize>,
    pub(super) new: Option<usize>,
    /// Whether both mean the same.
    pub(super) same: bool,
}

impl Pair {
    /// Both places, if it is in both policies.
    pub(super) fn both(self) -> Option<(usize, usize)> {
        Some((self.old?, self.new?))
    }
}

/// All pieces: those of the new policy in its order, then those that are gone.
pub(super) fn pair(old: &[(String, Key)], new: &[(String, Key)]) -> Vec<Pair> {
    let mut taken = vec![false; old.len()];
    let mut partner: Vec<Option<usize>> = vec![None; new.len()];
    for (place, (name, _)) in new.iter().enumerate() {
        let found = (0..old.len()).find(|other| !taken[*other] && old[*other].0 == *name);
        if let Some(other) = found {
            taken[other] = true;
            partner[place] = Some(other);
        }
    }
    for (place, (_, key)) in new.iter().enumerate() {
        if partner[place].is_none()
            && let Some(other) = (0..old.len()).find(|other| !taken[*other] && old[*other].1 == *key)
        {
            taken[other] = true;
            partner[place] = Some(other);
        }
    }
    let kept = partner.into_iter().enumerate().map(|(place, other)| Pair {
        old: other,
        new: Some(place),
        same: other.is_some_and(|other| old[other].1 == new[place].1),
    });
    let gone = (0..old.len()).filter(|place| !taken[*place]);
    kept.chain(gone.map(|place| Pair { old: Some(place), new: None, same: false })).collect()
}

/// A policy and what its pieces mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'p> {
    pub(super) program: &'p Program,
    pub(super) keys: &'p Keys<'p>,
}

impl Known<'_> {
    fn all(&self, count: usize, name: impl Fn(usize) -> String, key: impl Fn(u16) -> Key) -> Vec<(String, Key)> {
        (0..count).map(|place| (name(place), key(place as u16))).collect()
    }

    pub(super) fn stages(&self) -> Vec<(String, Key)> {
        let stages = &self.program.stages;
        self.all(stages.len(), |place| stages[place].name.clone(), |place| self.keys.reached(StageId(place)))
    }

    pub(super) fn reasons(&self) -> Vec<(String, Key)> {
        let reasons = &self.program.reasons;
        self.all(reasons.len(), |place| reasons[place].name.clone(), |place| self.keys.reason(ReasonId(place)))
    }

    pub(super) fn routes(&self) -> Vec<(String, Key)> {
        let routes = &self.program.routes;
        self.all(routes.len(), |place| routes[place].name.clone(), |place| self.keys.route(usize::from(place)))
    }

    pub(super) fn bands(&self) -> Vec<(String, Key)> {
        let bands = &self.program.bands;
        self.all(bands.len(), |place| bands[place].name.clone(), |place| self.keys.bands(BandsId(place)))
    }

    pub(super) fn matrices(&self) -> Vec<(String, Key)> {
        let matrices = &self.program.matrices;
        self.all(matrices.len(), |place| matrices[place].name.clone(), |place| self.keys.matrix(MatrixId(place)))
    }

    pub(super) fn fits(&self) -> Vec<(String, Key)> {
        let fits = &self.program.fits;
        self.all(fits.len(), |place| fits[place].name.clone(), |place| self.keys.fit(FitId(place)))
    }

    /// Their places are those in [`Program::scores`].
    pub(super) fn scores(&self) -> Vec<(String, Key)> {
        let scores = &self.program.scores;
        let name = |place: usize| self.program.parts[scores[place].index()].name.clone();
        self.all(scores.len(), name, |place| self.keys.part(scores[usize::from(place)]))
    }

    /// Defines or personas, with their places in [`Program::defines`].
    pub(super) fn defines(&self, personas: bool) -> (Vec<usize>, Vec<(String, Key)>) {
        let defines = self.program.defines.iter().enumerate();
        let places: Vec<usize> =
            defines.filter(|(_, define)| define.persona == personas).map(|(place, _)| place).collect();
        let known = places
            .iter()
            .map(|place| (self.program.defines[*place].name.clone(), self.keys.define(DefineId(*place as u16))));
        let known = known.collect();
        (places, known)
    }

    /// The rules, groups and includes of a score, with their places in [`Program::parts`].
    pub(super) fn parts(&self, score: PartId) -> (Vec<usize>, Vec<(String, Key)>) {
        let parts = self.program.parts.iter().enumerate();
        let places: Vec<usize> =
            parts.filter(|(_, part)| part.score == score && part.parent.is_some()).map(|(place, _)| place).collect();
        let known =
            places.iter().map(|place| (self.program.parts[*place].name.clone(), self.keys.part(PartId(*place as u16))));
        let known = known.collect();
        (places, known)
    }
}
