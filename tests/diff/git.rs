//! Versions of a policy from a repository; the work tree is left as it is.

use crate::support::shell::Ran;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Repository {
    folder: tempfile::TempDir,
}

fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("a program");
    Ran {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code().unwrap_or(-1),
    }
}

impl Repository {
    fn new() -> Repository {
        let repository = Repository { folder: tempfile::tempdir().expect("a folder") };
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.current_dir(self.path()).args(["-c", "user.name=t", "-c", "user.email=t@t.example"]).args(arguments);
        let ran = ran(command.env("GIT_CONFIG_GLOBAL", "/dev/null"));
        assert_eq!(ran.code, 0, "git {arguments:?}: {}", ran.stderr);
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "x"]);
    }

    fn diff(&self, arguments: &[&str]) -> Ran {
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_qualify"));
        ran(Command::new(binary).current_dir(self.path()).env("NO_COLOR", "1").arg("diff").args(arguments))
    }
}

const POLICY: &str = r#"policy "P"
use "common/parts.qual"
lead { id text key  email text  n int }
list free from "lists/free.txt"
score s { r: +5 if n >= 3  f: -5 if domain(email) in free }
stages { lead  mql: s >= line }
"#;

/// Two commits: a used file and a list change in the second.
fn sample() -> Repository {
    let repository = Repository::new();
    repository.put("policies/policy.qual", POLICY);
    repository.put("policies/common/parts.qual", "define line: 5\n");
    repository.put("policies/lists/free.txt", "gmail.com\n");
    repository.commit();
    repository.put("policies/common/parts.qual", "define line: 10\n");
    repository.put("policies/lists/free.txt", "gmail.com\nyahoo.com\n");
    repository.commit();
    repository
}

#[test]
fn old_versions_come_with_their_files() {
    let repository = sample();
    let told = repository.diff(&["HEAD~1", "--", "policies/policy.qual"]);
    assert_eq!(told.code, 1, "{}", told.stderr);
    for wanted in ["line", "5 → 10", "added “yahoo.com”", "move down a stage"] {
        assert!(told.stdout.contains(wanted), "{wanted} is not in\n{}", told.stdout);
    }
    let range = repository.diff(&["HEAD~1..HEAD", "--", "policies/policy.qual"]);
    assert_eq!(range.stdout, told.stdout);
    // The file as it is, not as it was committed.
    repository.put("policies/common/parts.qual", "define line: 5\n");
    repository.put("policies/lists/free.txt", "gmail.com\n");
    let same = repository.diff(&["HEAD~1", "--", "policies/policy.qual"]);
    assert_eq!(same.code, 0, "{}{}", same.stdout, same.stderr);
    let committed = repository.diff(&["HEAD~1", "HEAD", "--", "policies/policy.qual"]);
    assert_eq!(committed.stdout, told.stdout);
    // Nothing was touched.
    let parts = std::fs::read_to_string(repository.path().join("policies/common/parts.qual")).expect("a file");
    assert_eq!(parts, "define line: 5\n");
}

#[test]
fn hostile_revisions_and_paths_are_refused() {
    let repository = sample();
    let mark = repository.path().join("written");
    let output = format!("--output={}", mark.display());
    for revision in [
        "--upload-pack=x",
        output.as_str(),
        "-",
        "-p",
        "HEAD:policies/policy.qual",
        "no-such",
        "",
        "a\nb",
        "HEAD...HEAD~1",
    ] {
        let told = repository.diff(&[revision, "--", "policies/policy.qual"]);
        assert_eq!(told.code, 2, "{revision}: {}{}", told.stdout, told.stderr);
        assert!(!mark.exists(), "{revision} wrote a file");
    }
    assert_eq!(repository.diff(&["HEAD", "--", "policies/none.qual"]).code, 2);
    assert_eq!(repository.diff(&["HEAD", "--", "none/policy.qual"]).code, 2);
    assert_eq!(repository.diff(&["HEAD", "--", "-"]).code, 2);
}

#[cfg(unix)]
#[test]
fn links_of_the_repository_are_not_followed() {
    let repository = sample();
    std::fs::remove_file(repository.path().join("policies/lists/free.txt")).expect("a file");
    std::os::unix::fs::symlink("/etc/hostname", repository.path().join("policies/lists/free.txt")).expect("a link");
    repository.commit();
    let told = repository.diff(&["HEAD", "HEAD~1", "--", "policies/policy.qual"]);
    assert_eq!(told.code, 2);
    assert!(told.stderr.contains("it is a link"), "{}", told.stderr);
}
