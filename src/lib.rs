//! Qualify: lead-qualification policies as code.

pub mod base;
pub mod data;
pub mod diagnostic;
pub mod model;
pub mod syntax;
