//! Lints: each finds something in its own example, and nothing in its remedy.

mod cases;
mod examples;
mod leads;
mod statistics;
