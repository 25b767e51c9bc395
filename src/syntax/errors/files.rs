//! What is said about the files that a policy takes in.

use crate::base::Span;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::syntax::load::FileProblem;
use crate::syntax::load::paths::PathProblem;

pub(in crate::syntax) fn bad_path(written: &str, problem: PathProblem, span: Span) -> Diagnostic {
    let (message, help) = match problem {
        PathProblem::Empty => (format!("`{written}` names no file"), "write a path like `common/personas.qual`"),
        PathProblem::Absolute => {
            (format!("`{written}` is not relative"), "write the path from this file on: `common/personas.qual`")
        }
        PathProblem::Backslash => (format!("`{written}` has a backslash"), "write `/` between folders"),
        PathProblem::Outside => {
            (format!("`{written}` leaves the folder of the policy"), "move the file into the policy's folder")
        }
        PathProblem::Sign => ("this path has a sign that no file name has".to_string(), "delete it"),
    };
    Diagnostic::error("bad-path", message, span).help(help)
}

pub(in crate::syntax) fn unreadable(path: &str, problem: &FileProblem, span: Span) -> Diagnostic {
    match problem {
        FileProblem::NotFound => Diagnostic::error("missing-file", format!("there is no file `{path}`"), span)
            .help("paths are relative to the file that says so"),
        FileProblem::Unreadable(why) => {
            Diagnostic::error("unreadable-file", format!("the file `{path}` cannot be read: {why}"), span)
        }
    }
}

pub(in crate::syntax) fn circle(files: &[&str], span: Span) -> Diagnostic {
    let shown = files.iter().map(|file| format!("`{file}`")).collect::<Vec<_>>().join(" uses ");
    Diagnostic::error("circular-use", format!("files use each other in a circle: {shown}"), span)
        .help("move what both need into a file of its own")
}

pub(in crate::syntax) fn policy_in_used_file(file: &str, span: Span, used: Span) -> Diagnostic {
    Diagnostic::error("policy-in-used-file", format!("`{file}` is a policy of its own"), span)
        .here("a file that others use has no `policy` line")
        .label(used, "used here")
        .help("delete the `policy` line, or move what both need into a file of its own")
}

pub(in crate::syntax) fn too_many_files(span: Span) -> Diagnostic {
    Diagnostic::error("too-many-files", "this policy takes in too much", span)
        .help("put the declarations into fewer files")
}

pub(in crate::syntax) fn not_utf8(file: &str, line: usize, span: Span) -> Diagnostic {
    Diagnostic::error("not-utf8", format!("line {line} of `{file}` is not UTF-8 text"), span)
        .help("save the file with the encoding UTF-8")
}

pub(in crate::syntax) fn no_such_column<'a>(
    column: &str,
    file: &str,
    columns: impl Iterator<Item = &'a str> + Clone,
    span: Span,
) -> Diagnostic {
    let all: Vec<String> = columns.clone().take(20).map(|name| format!("`{name}`")).collect();
    let help = did_you_mean(column, columns).unwrap_or_else(|| format!("its columns are {}", all.join(", ")));
    Diagnostic::error("missing-column", format!("`{file}` has no column `{column}`"), span).help(help)
}

pub(in crate::syntax) fn column_is_missing(file: &str, first: Option<&str>, span: Span) -> Diagnostic {
    let column = first.unwrap_or("domain");
    Diagnostic::error("missing-column", format!("which column of `{file}`?"), span)
        .help(format!("write `from \"{file}\" column \"{column}\"`"))
}
