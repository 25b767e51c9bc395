//! Lints: each finds something in its own example and nothing in its remedy, allowances and levels, what the command
//! prints, and what fixes leave.

#[path = "../reference/mod.rs"]
mod reference;

mod allowances;
mod cases;
mod command;
mod examples;
mod fixes;
mod leads;
mod properties;
mod random_leads;
mod reach;
mod shipped;
mod statistics;
#[path = "../support/compared.rs"]
mod support;

/// The day on which policies are judged.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 1);
