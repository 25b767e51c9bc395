//! What was found in each policy, for all forms of output.

use super::baseline::Hidden;
use crate::base::SourceMap;
use crate::cli::describe::{Finding, FindingPlace};
use crate::cli::policy::Policy;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::Places;
use schemars::JsonSchema;
use serde::Serialize;

/// A policy and what was found in it.
#[derive(Debug)]
pub struct Linted {
    /// The policy's file as it was named.
    pub policy: String,
    /// Its texts.
    pub sources: SourceMap,
    /// What was found, in the order of the text.
    pub found: Vec<Found>,
    /// How many findings the baseline hides.
    pub hidden: usize,
}

/// A finding and where it belongs.
#[derive(Clone, Debug)]
pub struct Found {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// The file of its main place.
    pub file: String,
    /// The declaration that it stands in: `engagement.opens`.
    pub declaration: String,
    /// Line and column of its main place.
    pub at: (usize, usize),
}

impl Linted {
    /// What was found in a policy.
    pub fn new(policy: Policy, found: Vec<Diagnostic>) -> Linted {
        let places = Places::of(&policy.loaded.files);
        let sources = policy.loaded.sources;
        let found = found.into_iter().map(|diagnostic| {
            let (file, at) = match sources.locate(diagnostic.span()) {
                Some((file, location)) => (file.to_owned(), (location.line, location.column)),
                None => (String::new(), (1, 1)),
            };
            let declaration = places.innermost(diagnostic.span()).map_or_else(String::new, |place| place.path.clone());
            Found { diagnostic, file, declaration, at }
        });
        let found = found.collect();
        let name = sources.files().first().map_or_else(String::new, |source| source.name.clone());
        Linted { policy: name, sources, found, hidden: 0 }
    }

    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> u64 {
        self.found.iter().filter(|found| found.diagnostic.severity == severity).count() as u64
    }
}

impl Found {
    /// What tells a finding from all others of a run.
    pub fn place_and_words(&self) -> (&'static str, String, (usize, usize), String) {
        (self.diagnostic.code, self.file.clone(), self.at, self.diagnostic.message.clone())
    }

    /// The words without their numbers: they stay when an edit elsewhere changes a sum or a place.
    pub fn gist(&self) -> String {
        let mut gist = String::new();
        for c in self.diagnostic.message.chars() {
            match c.is_ascii_digit() {
                true if gist.ends_with('#') => {}
                true => gist.push('#'),
                false => gist.push(c),
            }
        }
        gist
    }

    /// A number that stays the same while the finding does, whatever lines it stands on: FNV-1a of lint, file,
    /// declaration and words.
    pub fn fingerprint(&self) -> String {
        let gist = self.gist();
        let parts = [self.diagnostic.code, self.file.as_str(), self.declaration.as_str(), gist.as_str()];
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in parts.join("\0").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        format!("{hash:016x}")
    }
}

/// What `qualify lint --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this form; it rises when something is taken away or changes its meaning.
    pub version: u32,
    /// A policy each, in the order in which they were named or found.
    pub policies: Vec<PolicyReport>,
    /// What the baseline did; null without one.
    pub baseline: Option<Hidden>,
}

/// A policy and what was found in it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PolicyReport {
    /// The policy's file as it was named; `<stdin>` for standard input.
    pub file: String,
    /// What was found, in the order of the text.
    pub findings: Vec<LintFinding>,
}

/// A finding of a lint, or an error of the policy.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LintFinding {
    /// What is wrong, and where.
    #[serde(flatten)]
    pub finding: Finding,
    /// The declaration that the main place stands in: `engagement.opens`, `stages.mql`; empty when it stands in none.
    pub declaration: String,
    /// Stays the same while the finding does, whatever line it stands on.
    pub fingerprint: String,
    /// How the text is mended, when there is one right way.
    pub fix: Option<FixReport>,
}

/// How a text is mended.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FixReport {
    /// What is done.
    pub message: String,
    /// Whether some lead may be decided otherwise after it.
    pub changes_decisions: bool,
    /// The edits; all or none are made.
    pub edits: Vec<EditReport>,
}

/// A text in the place of another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EditReport {
    /// What is replaced; where beginning and end are the same, it is a place to insert.
    pub place: FindingPlace,
    /// What stands there afterwards.
    pub replacement: String,
}

impl Report {
    /// The report of a run.
    pub fn new(linted: &[Linted], baseline: Option<Hidden>) -> Report {
        let policy = |linted: &Linted| PolicyReport {
            file: linted.policy.clone(),
            findings: linted.found.iter().map(|found| finding(found, &linted.sources)).collect(),
        };
        Report { version: 1, policies: linted.iter().map(policy).collect(), baseline }
    }
}

fn finding(found: &Found, sources: &SourceMap) -> LintFinding {
    let fix = found.diagnostic.fix.as_ref().map(|fix| FixReport {
        message: fix.message.clone(),
        changes_decisions: fix.changes_decisions,
        edits: fix
            .edits
            .iter()
            .filter_map(|edit| {
                let place = FindingPlace::new(edit.span, "", sources)?;
                Some(EditReport { place, replacement: edit.replacement.clone() })
            })
            .collect(),
    });
    LintFinding {
        finding: Finding::new(&found.diagnostic, sources),
        declaration: found.declaration.clone(),
        fingerprint: found.fingerprint(),
        fix,
    }
}
