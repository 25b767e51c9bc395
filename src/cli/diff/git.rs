//! Policies as they were: read from the repository through the `git` program; the work tree is not touched.

use crate::base::visible;
use crate::cli::exit::Failure;
use crate::syntax::{FileProblem, Files};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder of a policy as a revision has it.
#[derive(Debug)]
pub struct Revision {
    /// The folder on disk; it is only where `git` is run.
    folder: PathBuf,
    /// The commit, a hexadecimal hash.
    commit: String,
}

/// What `git` prints; what it complains of.
fn git(folder: &Path, arguments: &[&str]) -> Result<Result<Vec<u8>, String>, Failure> {
    let output = Command::new("git")
        .arg("--no-pager")
        .args(arguments)
        .current_dir(folder)
        // Nothing is written, nothing is asked.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            Failure::new(format!("cannot run `git`: {error}")).help("old versions are read with the `git` program")
        })?;
    if output.status.success() {
        return Ok(Ok(output.stdout));
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let first = words.lines().next().unwrap_or_default();
    Ok(Err(first.trim_start_matches("fatal: ").to_owned()))
}

impl Revision {
    /// A revision of the repository that holds a policy: `HEAD~1`, `main`, a hash.
    pub fn of(revision: &str, policy: &str) -> Result<Revision, Failure> {
        let wrong = |why: &str| Failure::new(format!("`{}` is no revision{why}", visible(revision)));
        if revision.is_empty() || revision.starts_with('-') || revision.chars().any(char::is_control) {
            return Err(wrong("").help("write one as `git` does: `HEAD~1`, `main`, a hash"));
        }
        let folder = match Path::new(policy).parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        if !folder.is_dir() {
            return Err(Failure::new(format!("there is no folder `{}`", visible(&folder.to_string_lossy()))));
        }
        let commit = format!("{revision}^{{commit}}");
        let found = git(&folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        let hash = match found {
            Ok(hash) => String::from_utf8_lossy(&hash).trim().to_owned(),
            Err(why) if why.is_empty() => return Err(wrong(" of this repository")),
            Err(why) => return Err(Failure::new(format!("`git` says: {}", visible(&why)))),
        };
        // Whatever is given to `git` from here on is known not to be an option.
        if hash.len() < 40 || !hash.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(wrong(" of this repository"));
        }
        Ok(Revision { folder, commit: hash })
    }

    /// The policy's own file.
    pub fn policy(&self, revision: &str, policy: &str) -> Result<Vec<u8>, Failure> {
        let name = Path::new(policy).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.read(&name).map_err(|problem| {
            let why = match problem {
                FileProblem::NotFound => "it is not there".to_owned(),
                FileProblem::Unreadable(why) => why,
            };
            Failure::new(format!("cannot read `{}` of `{}`: {}", visible(policy), visible(revision), visible(&why)))
        })
    }
}

impl Files for Revision {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileProblem> {
        let failed = |failure: Failure| match failure {
            Failure::Message { message, .. } => FileProblem::Unreadable(message),
            _ => FileProblem::Unreadable("`git` failed".to_owned()),
        };
        if path.chars().any(char::is_control) {
            return Err(FileProblem::NotFound);
        }
        // A link in the repository is a file with a path in it: it is not followed.
        let place = format!("./{path}");
        let listed =
            git(&self.folder, &["--literal-pathspecs", "ls-tree", "-z", &self.commit, "--", &place]).map_err(failed)?;
        let listed = listed.map_err(FileProblem::Unreadable)?;
        match String::from_utf8_lossy(&listed).split(' ').next() {
            None | Some("") => return Err(FileProblem::NotFound),
            Some("100644" | "100755") => {}
            Some("120000") => return Err(FileProblem::Unreadable("it is a link".to_owned())),
            Some(_) => return Err(FileProblem::Unreadable("it is not a file".to_owned())),
        }
        let object = format!("{}:./{path}", self.commit);
        git(&self.folder, &["cat-file", "blob", &object]).map_err(failed)?.map_err(FileProblem::Unreadable)
    }
}
