//! Paths as a policy writes them: relative to the file that says so, and never out of the policy's folder.

/// Why a path is none that a policy may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathProblem {
    /// Nothing is left of it.
    Empty,
    /// It starts at the root or at a drive.
    Absolute,
    /// It has a backslash.
    Backslash,
    /// It leaves the policy's folder.
    Outside,
    /// It has a sign that no file name has.
    Sign,
}

/// The path from the policy's folder that `written` means in the file `from`, itself such a path.
pub(in crate::syntax) fn resolve(from: &str, written: &str) -> Result<String, PathProblem> {
    if written.contains('\\') {
        return Err(PathProblem::Backslash);
    }
    let drive = written.as_bytes().get(1) == Some(&b':') && written.starts_with(|c: char| c.is_ascii_alphabetic());
    if written.starts_with('/') || drive || written.contains("://") {
        return Err(PathProblem::Absolute);
    }
    if written.chars().any(char::is_control) {
        return Err(PathProblem::Sign);
    }
    let mut parts: Vec<&str> = match from.rsplit_once('/') {
        Some((folder, _)) => folder.split('/').collect(),
        None => Vec::new(),
    };
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(PathProblem::Outside)?;
            }
            _ => parts.push(part),
        }
    }
    let is_folder = written.ends_with('/') || written.ends_with("/.") || written.ends_with("..") || written == ".";
    if is_folder || written.trim().is_empty() || parts.is_empty() {
        return Err(PathProblem::Empty);
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_file_that_says_so() {
        assert_eq!(resolve("a.qual", "lists/x.txt"), Ok("lists/x.txt".to_string()));
        assert_eq!(resolve("common/a.qual", "./x.txt"), Ok("common/x.txt".to_string()));
        assert_eq!(resolve("common/a.qual", "../x.txt"), Ok("x.txt".to_string()));
        assert_eq!(resolve("a.qual", "b//c.txt"), Ok("b/c.txt".to_string()));
    }

    #[test]
    fn no_path_leaves_the_folder() {
        for (from, written, problem) in [
            ("a.qual", "../x.txt", PathProblem::Outside),
            ("common/a.qual", "../../x.txt", PathProblem::Outside),
            ("a.qual", "b/../../x.txt", PathProblem::Outside),
            ("a.qual", "/etc/passwd", PathProblem::Absolute),
            ("a.qual", "C:/x.txt", PathProblem::Absolute),
            ("a.qual", "https://x.example/y", PathProblem::Absolute),
            ("a.qual", "b\\x.txt", PathProblem::Backslash),
            ("a.qual", "", PathProblem::Empty),
            ("a.qual", ".", PathProblem::Empty),
            ("a.qual", "b/", PathProblem::Empty),
            ("a.qual", "b\0.txt", PathProblem::Sign),
        ] {
            assert_eq!(resolve(from, written), Err(problem), "{written}");
        }
    }
}
