//! What would be otherwise: what time changes by itself, what happened to a lead over its life, what the answers to
//! open questions could change, and what it would take to reach a stage.
//!
//! Nothing here scores: every answer is found by asking [`crate::eval::Evaluator`], at other instants or of other leads.

mod ask;
mod bounds;
mod change;
mod crossings;
mod dive;
mod forecast;
mod history;
mod instants;
mod moves;
mod name;
mod obstacles;
mod open;
mod planning;
mod plans;
mod possible;
mod reliance;
mod search;
mod settings;
mod snapshot;
mod steady;
mod timeline;
mod value;

pub use ask::{ASKS_VERSION, AskField, Asks, Tally as AskTally};
pub use bounds::{Answer, AnswerEffect, Bounds, BoundsOptions, FieldBound, PointsBound, StageBound, bounds};
pub use change::{Cause, Change, ChangeKind, ScoreChange, Turn};
pub use forecast::{Forecast, ForecastOptions, forecast};
pub use history::{
    CurvePoint, HISTORY_VERSION, History, HistoryOptions, Moment, StageChange, Stay, history, stage_changes,
};
pub use name::{At, Name};
pub use obstacles::{Blocker, BlockerKind};
pub use open::WhatIf;
pub use plans::{EventField, Made, Plan, PlanOptions, PlanPart, Plans, plans};
pub use timeline::TimePlan;
pub use value::show_literal;
