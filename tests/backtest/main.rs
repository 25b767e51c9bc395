//! Backtests and sweeps: every figure by an independent calculation, laws, and no look into the future.

#![allow(clippy::unwrap_used)]

#[path = "../support/python.rs"]
mod python;
#[path = "../support/shell.rs"]
#[allow(dead_code, reason = "the suite uses a part of it")]
mod shell;

mod independent;
mod laws;
mod leakage;
mod small;
