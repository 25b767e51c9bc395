//! Annotations of a GitHub workflow: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

use super::report::Linted;
use crate::base::visible;
use crate::diagnostic::Severity;

/// A line for each finding.
pub fn annotations(linted: &[Linted]) -> String {
    let mut out = String::new();
    for policy in linted {
        for found in &policy.found {
            let finding = &found.diagnostic;
            let kind = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let end = policy.sources.get(finding.span().file).map(|source| source.location(finding.span().end));
            let (line, column) = found.at;
            let (end_line, end_column) = end.map_or(found.at, |end| (end.line, end.column));
            // Columns are for places on one line.
            let columns = match line == end_line {
                true => format!(",col={column},endColumn={end_column}"),
                false => String::new(),
            };
            let help = finding.help.as_ref().map_or_else(String::new, |help| format!("\n{help}"));
            let message = escaped(&format!("{}{help}", finding.message));
            let file = property(&found.file);
            out.push_str(&format!(
                "::{kind} file={file},line={line},endLine={end_line}{columns},title={}::{message}\n",
                property(finding.code)
            ));
        }
    }
    out
}

/// Text that cannot end a command or begin another.
fn escaped(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| visible(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
