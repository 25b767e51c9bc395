//! Debian's packages, installed when a test needs one that is missing.

use crate::python::run;
use std::fs::File;
use std::path::Path;
use std::process::Command;

/// Whether a program is on the path.
pub fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

/// Installs `package` when something is missing and it can. `lock` is a file: one at a time on this machine, whatever suites run.
pub fn install(lock: &Path, there: &dyn Fn() -> bool, package: &str, what: &str) -> Result<(), String> {
    if there() {
        return Ok(());
    }
    lock.parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .map_err(|problem| format!("{}: {problem}", lock.display()))?;
    let lock = File::create(lock).map_err(|problem| problem.to_string())?;
    lock.lock().map_err(|problem| problem.to_string())?;
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
        "{what} is missing, and Debian's package {package} could not be installed\n{}",
        said.err().unwrap_or_default()
    ))
}
