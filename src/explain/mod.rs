//! Why a policy says what it says of one lead: from the evaluator's ledger to an [`Explanation`], and from that to text.
//!
//! An [`Explanation`] is plain data, complete and without layout: its JSON form is serde's, and every renderer shows a
//! part of it. It is read off what the evaluator wrote down, never worked out a second time.

pub mod text;

mod build;
mod lack;
mod matters;
mod model;
mod outline;
mod plain;
mod questions;
mod readings;
mod score;
mod show;
mod why;

pub use build::explain;
pub use model::{
    After, AxisPlace, BandsItem, Case, CheckItem, Condition, ConditionItem, DataProblem, EventFate, EventItem,
    EventsSeen, Explanation, FitItem, Gap, How, Instant, Item, Keep, Lack, LostEvents, MatrixItem, Name, Named,
    NamedKind, NextBand, NotApplicable, OpenQuestion, PartItem, PerEvents, Place, PolicyHead, Reading, ReadingKind,
    Reason, RouteTaken, RouteTried, Rung, SCHEMA_VERSION, ScoreItem, Shown, Truth, Undecided, UndecidedKind, WhyNot,
};
pub use outline::Length;
pub use show::show_value;
pub use why::why;
