//! GitLab's Code Quality: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use super::report::Linted;
use crate::diagnostic::Severity;
use serde::Serialize;
use std::collections::HashMap;

/// An issue of the report.
#[derive(Debug, Serialize)]
pub struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// All findings; paths without `./` before them, fingerprints each once.
pub fn issues(linted: &[Linted]) -> Vec<Issue> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut issues = Vec::new();
    for policy in linted {
        for found in &policy.found {
            let finding = &found.diagnostic;
            let end = policy.sources.get(finding.span().file).map(|source| source.location(finding.span().end).line);
            let mut fingerprint = found.fingerprint();
            let times = seen.entry(fingerprint.clone()).or_default();
            *times += 1;
            if *times > 1 {
                fingerprint = format!("{fingerprint}-{times}");
            }
            let help = finding.help.as_ref().map_or_else(String::new, |help| format!(" ({help})"));
            issues.push(Issue {
                description: format!("{}{help}", finding.message),
                check_name: finding.code,
                fingerprint,
                severity: match finding.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "minor",
                    Severity::Note => "info",
                },
                location: Location {
                    path: found.file.trim_start_matches("./").to_owned(),
                    lines: Lines { begin: found.at.0, end: end.unwrap_or(found.at.0) },
                },
            });
        }
    }
    issues
}
