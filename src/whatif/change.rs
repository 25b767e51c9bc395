//! What changes at an instant, by names.

use super::instants::Reason;
use super::name::{At, Name};
use crate::check::hir::Program;
use crate::eval::Points;
use crate::model::Event;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An instant at which something changes: it was otherwise a millisecond before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Turn {
    /// The first millisecond at which it is so.
    pub at: At,
    /// What changes, scores apart: the stage first.
    pub changes: Vec<Change>,
    /// The scores that change, in the policy's order.
    pub scores: Vec<ScoreChange>,
    /// The rules that change them.
    pub rules: Vec<ScoreChange>,
    /// What happens at that instant and can be the cause; empty where points have only shrunk or a period is full.
    pub causes: Vec<Cause>,
}

/// Something that is otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What kind of thing it is.
    pub kind: ChangeKind,
    /// Its name: `stage`, `route`, or that of the bands, the fit, the check (`icp.in_us`), …
    pub what: Name,
    /// What it was: a stage, a band, a cell, a route (or `none`); `fits`, `fails`, `unknown`; `true`, `false`; …
    pub from: Name,
    /// What it is.
    pub to: Name,
}

/// Kinds of things that change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The stage, or `disqualified`.
    Stage,
    /// A reason to disqualify.
    Disqualify,
    /// The band of a score.
    Band,
    /// A fit.
    Fit,
    /// A check of a fit.
    Check,
    /// The cell of a matrix.
    Matrix,
    /// A persona.
    Persona,
    /// The route.
    Route,
    /// An `always`.
    Always,
}

/// A score or a rule whose points are not what they were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreChange {
    /// Its name: `engagement`, `engagement.opens`.
    pub what: Name,
    /// Its points before.
    pub from: Points,
    /// Its points after.
    pub to: Points,
}

/// What happens at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Cause {
    /// An event comes.
    Event {
        /// Its type as the data spells it; its declared name where it has one.
        event: Name,
        /// When it is.
        at: At,
    },
    /// An event becomes too old for a window.
    Window {
        /// Its type.
        event: Name,
        /// When it was.
        at: At,
        /// The window: `90 days`.
        window: String,
    },
    /// A field's time, or another time, comes to be a length before the as-of or after it.
    Age {
        /// The field; none for a time that is no field.
        field: Option<String>,
        /// The length: `30 days`.
        length: String,
    },
    /// A field's time, or another time, has come.
    Time {
        /// The field; none for a time that is no field.
        field: Option<String>,
    },
}

impl Cause {
    pub(super) fn new(program: &Program, events: &[Event<'_>], reason: Reason) -> Option<Cause> {
        let event = |place: u32| {
            let event = events.get(place as usize)?;
            let name = match event.ty {
                Some(ty) => Name::new(&program.schema.event(ty).name, &program.schema.event(ty).label),
                None => Name::new(event.spelling, event.spelling),
            };
            Some((name, At(event.at)))
        };
        Some(match reason {
            Reason::Comes(place) => {
                let (event, at) = event(place)?;
                Cause::Event { event, at }
            }
            Reason::Leaves(place, length) => {
                let (event, at) = event(place)?;
                Cause::Window { event, at, window: program.lengths[length.index()].to_string() }
            }
            Reason::Crosses(field, length) => Cause::Age {
                field: field.map(|field| program.schema.field(field).name.clone()),
                length: program.lengths[length.index()].to_string(),
            },
            Reason::Passes(field) => Cause::Time { field: field.map(|field| program.schema.field(field).name.clone()) },
        })
    }
}
