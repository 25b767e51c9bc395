//! Findings as JUnit XML: a policy is a suite, a finding a case that failed.

use super::report::{Found, Linted};
use crate::cli::exit::Failure;
use crate::cli::junit::{Case, Problem, Suite, report as junit};

/// The report of all policies. A policy without findings is a case that passed.
pub fn report(linted: &[Linted]) -> Result<String, Failure> {
    let suites: Vec<Suite> = linted.iter().map(suite).collect();
    junit(&suites)
}

fn suite(policy: &Linted) -> Suite {
    let mut cases: Vec<Case> = policy.found.iter().map(case).collect();
    if cases.is_empty() {
        let name = "no findings".to_owned();
        cases.push(Case { name, file: policy.policy.clone(), line: 1, problems: Vec::new() });
    }
    Suite { name: policy.policy.clone(), cases }
}

fn case(found: &Found) -> Case {
    let finding = &found.diagnostic;
    let problem = Problem {
        message: finding.message.clone(),
        kind: finding.code.to_owned(),
        text: format!("{}:{}:{}\n{}", found.file, found.at.0, found.at.1, finding.help.as_deref().unwrap_or_default()),
    };
    let name = format!("{}: {}", finding.code, found.declaration);
    Case { name, file: found.file.clone(), line: found.at.0, problems: vec![problem] }
}
