//! The whole library in one type: a policy that is compiled once and decides leads given as JSON.

use crate::base::SourceMap;
use crate::check::hir::Program;
use crate::check::{Checked, check};
use crate::data::{Batch, Decoded, EventsRead, Plan};
use crate::diagnostic::{ColorChoice, Diagnostic, render};
use crate::eval::{Decision, Evaluator, Ledger};
use crate::model::Reject;
use crate::model::time::AsOf;
use crate::syntax::{Files, MemoryFiles, load};
use bumpalo::Bump;

/// A checked policy.
///
/// ```
/// use qualify::Policy;
///
/// let policy = Policy::compile(
///     r#"
///     policy "Doggie Delights"
///     lead {
///       id      text key
///       country text ask "Which country do you live in?"
///       income  money USD
///     }
///     event webinar
///     fit icp {
///       in_us:      country is "US"
///       can_afford: income >= 100k USD
///     }
///     score engagement { webinars: +10 per webinar within 90 days, at most 2 times }
///     stages { lead  mql: icp fits and engagement >= 10 }
///     "#,
/// )
/// .expect("a policy without errors");
///
/// let lead = r#"{"id": "todd", "country": "US", "income": 120000,
///                "events": [{"type": "webinar", "at": "2026-10-20T15:00:00Z"}]}"#;
/// let (decision, ledger) = policy.explain(lead, "2026-11-01").expect("a decision");
/// assert_eq!(decision.stage.as_deref(), Some("mql"));
/// assert_eq!(decision.scores["engagement"].points.to_string(), "10");
///
/// // Where every point came from.
/// let webinars = policy.program().parts.iter().position(|part| part.name == "webinars").expect("the rule");
/// let rule = ledger.part(qualify::check::hir::PartId(webinars as u16));
/// assert_eq!(rule.net, 10 * 10_000);
///
/// // A hole is not a failure: it is a question to ask.
/// let decision = policy.decide(r#"{"id": "hole", "income": 120000}"#, "2026-11-01").expect("a decision");
/// assert_eq!(decision.questions[0].ask.as_deref(), Some("Which country do you live in?"));
/// ```
#[derive(Debug)]
pub struct Policy {
    program: Program,
}

/// Why there is no policy.
#[derive(Debug)]
pub struct Invalid {
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: SourceMap,
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(render(&self.diagnostics, &self.sources, ColorChoice::Plain, 100).trim_end())
    }
}

impl std::error::Error for Invalid {}

/// Why there is no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// The as-of is neither a date nor an instant.
    AsOf(String),
    /// The record is rejected.
    Rejected(Reject),
}

impl std::fmt::Display for Undecided {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Undecided::AsOf(text) => write!(f, "`{text}` is neither a date nor an instant"),
            Undecided::Rejected(reject) => write!(f, "{}: {}", reject.kind.as_str(), reject.detail),
        }
    }
}

impl std::error::Error for Undecided {}

impl Policy {
    /// Compiles a policy that stands in one text.
    pub fn compile(text: &str) -> Result<Policy, Invalid> {
        Policy::compile_with("policy.qual", text, &MemoryFiles::default())
    }

    /// Compiles a policy that takes in other files. `name` is the file's name for messages.
    pub fn compile_with(name: &str, text: &str, files: &dyn Files) -> Result<Policy, Invalid> {
        let loaded = load(name, text, files);
        let Checked { program, diagnostics } = check(&loaded, &[]);
        match program {
            Some(program) => Ok(Policy { program }),
            None => Err(Invalid { diagnostics, sources: loaded.sources }),
        }
    }

    /// What the policy means.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Decides a lead, one JSON object with its events inside, as of a date or an instant.
    pub fn decide(&self, lead: &str, as_of: &str) -> Result<Decision, Undecided> {
        self.explain(lead, as_of).map(|(decision, _)| decision)
    }

    /// As [`Policy::decide`], with every value and every point written down.
    pub fn explain(&self, lead: &str, as_of: &str) -> Result<(Decision, Ledger), Undecided> {
        let program = &self.program;
        let as_of = AsOf::parse(as_of, &program.zone).ok_or_else(|| Undecided::AsOf(as_of.to_owned()))?;
        let evaluator = Evaluator::new(program, as_of);
        let arena = Bump::new();
        let batch = Batch::of_json(lead);
        let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
        let mut decided = None;
        batch.decode(&plan, None, &arena, &mut |record| {
            decided.get_or_insert_with(|| match record {
                Decoded::Reject(reject) => Err(Undecided::Rejected(reject)),
                Decoded::Lead { lead, problems, .. } => {
                    let lead = arena.alloc(lead);
                    let (outcome, ledger) = evaluator.explain(lead, &arena);
                    Ok((Decision::new(&evaluator, lead, &outcome, &problems), ledger))
                }
            });
        });
        decided.unwrap_or_else(|| {
            let detail = "there is no record".to_owned();
            let kind = crate::model::RejectKind::NotARecord;
            Err(Undecided::Rejected(Reject { line: 1, key: None, field: None, kind, detail }))
        })
    }
}
