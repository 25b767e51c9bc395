//! Where a lead stands under a policy, and what decisions of two policies are compared by.

use super::super::pairs::Pair;
use crate::check::hir::{BandsId, MatrixId, Program};
use crate::eval::Outcome;
use crate::model::OUTSIDE;

/// Which piece is which, by what decisions tell.
#[derive(Debug)]
pub(super) struct Pairs {
    pub(super) bands: Vec<Pair>,
    pub(super) matrices: Vec<Pair>,
    pub(super) fits: Vec<Pair>,
    pub(super) scores: Vec<Pair>,
}

/// What decisions of both policies are compared by: a number for each name, so that no name is compared for each lead.
#[derive(Debug)]
pub(super) struct Codes {
    pub(super) stages: (Vec<u32>, Vec<u32>),
    pub(super) routes: (Vec<u32>, Vec<u32>),
    /// By pair.
    pub(super) bands: Vec<(Vec<u32>, Vec<u32>)>,
    pub(super) cells: Vec<(Vec<u32>, Vec<u32>)>,
    /// Places of the personas in both policies' defines.
    pub(super) personas: Vec<(Option<usize>, Option<usize>)>,
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
    pub(super) fn new(old: &Program, new: &Program, pairs: &Pairs) -> Codes {
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

pub(super) fn code(codes: &[u32], place: u16) -> Option<u32> {
    codes.get(usize::from(place)).copied()
}

/// What a policy decides, as far as it counts as a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    /// The stage; [`OUTSIDE`] of a disqualified lead.
    pub(super) stage: u16,
    /// The route; the number of routes for none.
    pub(super) route: u16,
    pub(super) rejected: bool,
}

impl Place {
    pub(super) const REJECTED: Place = Place { stage: OUTSIDE, route: OUTSIDE, rejected: true };

    pub(super) fn of(program: &Program, outcome: &Outcome<'_>) -> Place {
        Place {
            stage: if outcome.disqualified { OUTSIDE } else { outcome.stage },
            route: outcome.route.map_or(program.routes.len() as u16, |route| route.0),
            rejected: false,
        }
    }
}

/// What stands where a lead has no route.
pub(super) const NONE: &str = "none";

pub(super) fn stage(program: &Program, place: Place) -> String {
    if place.rejected {
        return "rejected".to_owned();
    }
    if place.stage == OUTSIDE {
        return "disqualified".to_owned();
    }
    program.stages.get(usize::from(place.stage)).map_or_else(|| NONE.to_owned(), |stage| stage.name.clone())
}

pub(super) fn route(program: &Program, place: Place) -> String {
    if place.rejected {
        return "rejected".to_owned();
    }
    program.routes.get(usize::from(place.route)).map_or_else(|| NONE.to_owned(), |route| route.name.clone())
}

pub(super) fn band<'p>(program: &'p Program, outcome: &Outcome<'_>, place: usize) -> Option<&'p str> {
    let bands = &program.bands[BandsId(place as u16).index()];
    let choices = &program.schema.domain(bands.domain).choices;
    choices.get(usize::from(outcome.bands[place])).map(|choice| choice.name.as_str())
}

pub(super) fn cell<'p>(program: &'p Program, outcome: &Outcome<'_>, place: usize) -> Option<&'p str> {
    let matrix = &program.matrices[MatrixId(place as u16).index()];
    let choices = &program.schema.domain(matrix.domain).choices;
    choices.get(usize::from(outcome.cells[place])).map(|choice| choice.name.as_str())
}

/// The names of the personas that are true.
pub(super) fn personas<'p>(program: &'p Program, outcome: &Outcome<'_>) -> Vec<&'p str> {
    let known = program.defines.iter().zip(outcome.defines.iter());
    known
        .filter(|(define, value)| define.persona && value.tri().is_true())
        .map(|(define, _)| define.name.as_str())
        .collect()
}
