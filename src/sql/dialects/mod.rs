//! One file a dialect: what it says in its own way.

pub mod duckdb;
