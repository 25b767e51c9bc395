//! Lints: each finds something in its own example, and nothing in its remedy.

mod examples;
mod leads;
mod statistics;
