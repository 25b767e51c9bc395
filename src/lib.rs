//! Qualify: lead-qualification policies as code.

pub mod analysis;
pub mod backtest;
pub mod base;
pub mod blocks;
pub mod builtins;
pub mod check;
pub mod cli;
pub mod data;
pub mod dbt;
pub mod diagnostic;
pub mod diff;
pub mod doc;
pub mod eval;
pub mod explain;
pub mod format;
pub mod lint;
pub mod model;
pub mod report;
pub mod sql;
pub mod syntax;
pub mod testing;
pub mod whatif;
pub mod words;

mod policy;

pub use eval::Decision;
pub use policy::{Invalid, Policy, Undecided};
