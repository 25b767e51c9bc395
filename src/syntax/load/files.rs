//! Where the files of a policy come from.

use std::collections::BTreeMap;

/// The folder of a policy.
pub trait Files {
    /// The bytes of a file. `path` is relative to the policy's folder, with `/` between its parts and neither `.` nor
    /// `..` among them.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileProblem>;
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// There is no such file.
    NotFound,
    /// It is there; the words say what is in the way (`permission denied`).
    Unreadable(String),
}

/// Files in memory: for tests, and for who has their policy in a database.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryFiles {
    /// No files.
    pub fn new() -> MemoryFiles {
        MemoryFiles::default()
    }

    /// With one more file.
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> MemoryFiles {
        self.files.insert(path.into(), bytes.into());
        self
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileProblem> {
        self.files.get(path).cloned().ok_or(FileProblem::NotFound)
    }
}
