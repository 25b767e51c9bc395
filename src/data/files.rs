//! The files of a policy on disk.

use crate::syntax::{FileProblem, Files};
use std::path::{Path, PathBuf};

/// A folder on disk: the policy's. Nothing outside of it is read, also not through a link that leads out.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder with this path; empty for the current one.
    pub fn new(path: impl AsRef<Path>) -> Folder {
        let path = path.as_ref();
        Folder { path: if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_owned() } }
    }

    /// The folder that holds a file.
    pub fn of(file: impl AsRef<Path>) -> Folder {
        Folder::new(file.as_ref().parent().unwrap_or(Path::new("")))
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileProblem> {
        let parts = path.split('/').filter(|part| !part.is_empty());
        let wanted = parts.fold(self.path.clone(), |folder, part| folder.join(part));
        // Where links lead; the policy's folder may itself be reached through one.
        let folder = self.path.canonicalize().map_err(|error| problem(&error))?;
        let found = wanted.canonicalize().map_err(|error| problem(&error))?;
        if !found.starts_with(&folder) {
            return Err(FileProblem::Unreadable("it lies outside of the policy's folder".to_owned()));
        }
        if !found.is_file() {
            return Err(FileProblem::Unreadable("it is not a file".to_owned()));
        }
        std::fs::read(found).map_err(|error| problem(&error))
    }
}

fn problem(error: &std::io::Error) -> FileProblem {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => FileProblem::NotFound,
        ErrorKind::PermissionDenied => FileProblem::Unreadable("permission denied".to_owned()),
        ErrorKind::NotADirectory => FileProblem::NotFound,
        _ => FileProblem::Unreadable(error.to_string()),
    }
}
