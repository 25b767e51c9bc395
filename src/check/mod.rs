//! From [`crate::syntax::ast`] to [`hir::Program`]: names resolved to slots, every expression typed.

pub mod hir;
mod walk;
