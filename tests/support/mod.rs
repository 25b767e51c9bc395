//! What several suites share.
#![allow(dead_code, reason = "each suite uses a part of it")]

pub mod markdown;
pub mod shell;
