//! Why a policy says what it says of one lead: from the evaluator's ledger to an [`Explanation`], and from that to text.
//!
//! An [`Explanation`] is plain data, complete and without layout: its JSON form is serde's, and every renderer shows a
//! part of it. It is read off what the evaluator wrote down, never worked out a second time.

pub mod page;
pub mod text;

mod build;
mod change;
mod input;
mod lack;
mod matters;
mod model;
mod outline;
mod outlook;
mod plain;
mod questions;
mod readings;
mod replay;
mod score;
mod show;
mod silence;
mod turned;
mod why;

pub use build::explain;
pub use change::changes;
pub use input::Unread;
pub use model::*;
pub use outline::Length;
pub use outlook::{Ahead, OutlookOptions, outlook};
pub use replay::{Replayed, replayed};
pub use show::{as_of as show_as_of, show_value};
pub use why::why;
