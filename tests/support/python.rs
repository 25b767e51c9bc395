//! A Python environment with pinned packages, made once, and quickly there when it is.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Makes the environment `folder` of a file of requirements, if it is not there or was made of others. Its python; or,
/// plainly, what is missing.
pub fn environment(folder: &Path, requirements: &Path) -> Result<PathBuf, String> {
    let wanted =
        std::fs::read_to_string(requirements).map_err(|problem| format!("{}: {problem}", requirements.display()))?;
    std::fs::create_dir_all(folder).map_err(|problem| format!("{}: {problem}", folder.display()))?;
    // One at a time on this machine, whatever suites run: let go when the file is closed.
    let lock = File::create(folder.join("lock")).map_err(|problem| problem.to_string())?;
    lock.lock().map_err(|problem| problem.to_string())?;
    let (python, made_of) = (folder.join("bin/python"), folder.join("made-of.txt"));
    if std::fs::read_to_string(&made_of).is_ok_and(|made| made == wanted) {
        return Ok(python);
    }
    eprintln!("setting up {} (a minute or two, once)", folder.display());
    let missing = |what: &str, said: String| {
        format!(
            "{what}\n{said}\nThe packages of {} must be in {} (python3 with venv, and a network or a pip cache that has them)",
            requirements.display(),
            folder.display()
        )
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(folder))
        .map_err(|said| missing("no environment for Python could be made", said))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(requirements);
    run(&mut pip).map_err(|said| missing("the pinned packages are missing and could not be installed", said))?;
    std::fs::write(&made_of, wanted).map_err(|problem| problem.to_string())?;
    Ok(python)
}

/// Runs a command; what it said when it fails.
pub fn run(command: &mut Command) -> Result<String, String> {
    let ran = command.stdin(Stdio::null()).output().map_err(|problem| format!("{command:?}: {problem}"))?;
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    if ran.status.success() { Ok(said) } else { Err(format!("{command:?} ended with {}\n{said}", ran.status)) }
}
