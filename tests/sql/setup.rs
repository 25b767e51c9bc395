//! Setting the engines up: Python environments with pinned versions, a Java, a PostgreSQL server; once, and quickly when
//! all of it is there.

use crate::package::{self, on_path};
use crate::python;
use crate::support::root;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A Python environment with the engines in it.
pub fn engines() -> &'static Path {
    static DONE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    ready(DONE.get_or_init(|| environment("venv", "requirements.txt")))
}

/// A Python environment with dbt in it.
pub fn dbt() -> &'static Path {
    static DONE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    ready(DONE.get_or_init(|| environment("dbt", "requirements-dbt.txt")))
}

fn ready(done: &'static Result<PathBuf, String>) -> &'static Path {
    done.as_ref().unwrap_or_else(|missing| panic!("{missing}"))
}

/// The folder that all of it stands in.
fn folder() -> PathBuf {
    root().join("target/engines")
}

/// What a file in `tests/sql` holds.
fn file(name: &str) -> PathBuf {
    root().join("tests/sql").join(name)
}

/// Makes `target/engines/NAME` if it is not there or was made of other requirements. The python of it.
fn environment(name: &str, requirements: &str) -> Result<PathBuf, String> {
    python::environment(&folder().join(name), &file(requirements))
        .map_err(|missing| format!("generated SQL cannot be run: {missing}"))
}

/// A PostgreSQL server's programs are on this machine; Debian's package when they are missing.
pub fn postgres() {
    static DONE: OnceLock<Result<(), String>> = OnceLock::new();
    let there = || {
        let debian = Path::new("/usr/lib/postgresql");
        on_path("postgres") && on_path("initdb")
            || debian.is_dir() && debian.read_dir().is_ok_and(|mut all| all.next().is_some())
    };
    let done = DONE.get_or_init(|| install(&there, "postgresql", "a PostgreSQL server (postgres, initdb)"));
    done.as_ref().unwrap_or_else(|missing| panic!("{missing}"));
}

/// Java for Spark is on this machine; Debian's package when it is missing.
pub fn java() {
    static DONE: OnceLock<Result<(), String>> = OnceLock::new();
    let there = || on_path("java") || std::env::var_os("JAVA_HOME").is_some();
    let done = DONE.get_or_init(|| install(&there, "openjdk-17-jre-headless", "Java 17 or newer (java)"));
    done.as_ref().unwrap_or_else(|missing| panic!("{missing}"));
}

/// Installs one of Debian's packages when something is missing and it can.
fn install(there: &dyn Fn() -> bool, package: &str, what: &str) -> Result<(), String> {
    package::install(&folder().join("lock"), there, package, what)
        .map_err(|missing| format!("generated SQL cannot be run: {missing}"))
}
