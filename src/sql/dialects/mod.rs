//! One file a dialect: what it says in its own way.

pub mod bigquery;
pub mod clickhouse;
pub mod duckdb;
pub mod postgres;
pub mod snowflake;
pub mod spark;
pub mod sqlite;
