//! What the differential suite needs of the shared modules.
#![allow(dead_code, reason = "the suite uses a part of it")]

#[path = "agree.rs"]
pub mod agree;
#[path = "flat.rs"]
pub mod flat;
#[path = "ledger.rs"]
pub mod ledger;
#[path = "shell.rs"]
pub mod shell;
