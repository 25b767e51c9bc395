//! Running command lines as people type them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's root, where all command lines run.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a command line printed and how it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl Ran {
    /// Both streams, one after the other, and the exit code unless it is 0: the form of golden files.
    pub fn transcript(&self) -> String {
        let mut out = self.stdout.clone();
        out.push_str(&self.stderr);
        if self.code != 0 {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(&format!("(exit {})\n", self.code));
        }
        out
    }
}

/// Runs a command line in a shell at the project's root, with `qualify` on the path, and no colours.
pub fn run(line: &str) -> Ran {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_qualify"));
    let folder = binary.parent().expect("a folder");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(root())
        .env("PATH", path)
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("CLICOLOR_FORCE")
        .env("NO_COLOR", "1")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("a shell");
    Ran {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// Whether golden files are to be rewritten.
pub fn update() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value != "0")
}

/// Compares text with a golden file, or rewrites the file.
pub fn golden(file: &Path, actual: &str) -> Result<(), String> {
    if update() {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).expect("a folder for golden files");
        }
        std::fs::write(file, actual).expect("a golden file");
        return Ok(());
    }
    let expected = std::fs::read_to_string(file).map_err(|problem| format!("{}: {problem}", file.display()))?;
    if expected == actual {
        return Ok(());
    }
    let differs = expected.lines().zip(actual.lines()).position(|(a, b)| a != b);
    let line = differs.unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
    Err(format!(
        "{} differs from line {}:\n  expected: {}\n  actual:   {}\n(UPDATE_GOLDEN=1 rewrites it)",
        file.display(),
        line + 1,
        expected.lines().nth(line).unwrap_or("(end)"),
        actual.lines().nth(line).unwrap_or("(end)"),
    ))
}
