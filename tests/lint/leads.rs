//! What leads look like under a policy: for lints that need data.

use bumpalo::Bump;
use qualify::check::hir::Program;
use qualify::data::{Decoded, LeadReader};
use qualify::eval::Evaluator;
use qualify::lint::with_data::Statistics;
use qualify::model::RejectKind;
use qualify::model::time::AsOf;

/// Leads as NDJSON, judged at the end of 2026-11-01; lints speak of however few they are.
pub fn statistics(program: &Program, leads: &'static str) -> Statistics {
    let as_of = AsOf::parse("2026-11-01", &program.zone).expect("a date");
    let evaluator = Evaluator::new(program, as_of);
    let plan = Statistics::plan(program);
    let mut data = Statistics::new(program).at_least(1);
    let mut reader = LeadReader::open(Box::new(leads.as_bytes()), None, &plan).expect("leads");
    while let Some(batch) = reader.next_batch().expect("a batch") {
        let arena = Bump::new();
        batch.decode(&plan, None, &arena, &mut |decoded| match decoded {
            Decoded::Lead { lead, problems, .. } => data.lead(&evaluator, &lead, &problems, &Bump::new()),
            // Random leads may lack what is required.
            Decoded::Reject(reject) => {
                assert!(matches!(reject.kind, RejectKind::NoKey | RejectKind::NoRequiredField), "{reject:?}");
            }
        });
    }
    data
}
