//! Setting the engines up: Python environments with pinned versions, a Java, a PostgreSQL server; once, and quickly when
//! all of it is there.

use crate::python::{self, run};
use crate::support::root;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
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

/// One at a time on this machine, whatever suites run: let go when the file is closed.
fn lock() -> Result<File, String> {
    std::fs::create_dir_all(folder()).map_err(|problem| format!("{}: {problem}", folder().display()))?;
    let file = File::create(folder().join("lock")).map_err(|problem| problem.to_string())?;
    file.lock().map_err(|problem| problem.to_string())?;
    Ok(file)
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
    let done = DONE.get_or_init(|| package(&there, "postgresql", "a PostgreSQL server (postgres, initdb)"));
    done.as_ref().unwrap_or_else(|missing| panic!("{missing}"));
}

/// Java for Spark is on this machine; Debian's package when it is missing.
pub fn java() {
    static DONE: OnceLock<Result<(), String>> = OnceLock::new();
    let there = || on_path("java") || std::env::var_os("JAVA_HOME").is_some();
    let done = DONE.get_or_init(|| package(&there, "openjdk-17-jre-headless", "Java 17 or newer (java)"));
    done.as_ref().unwrap_or_else(|missing| panic!("{missing}"));
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

/// Installs one of Debian's packages when something is missing and it can.
fn package(there: &dyn Fn() -> bool, package: &str, what: &str) -> Result<(), String> {
    let _lock = lock()?;
    if there() {
        return Ok(());
    }
    eprintln!("installing Debian's {package}");
    let install = "apt-get update -qq && apt-get install -qq -y --no-install-recommends";
    let said =
        run(Command::new("sh").args(["-c", &format!("{install} {package}")]).env("DEBIAN_FRONTEND", "noninteractive"));
    if there() {
        return Ok(());
    }
    Err(format!(
        "generated SQL cannot be run: {what} is missing, and Debian's package {package} could not be installed\n{}",
        said.err().unwrap_or_default()
    ))
}
