//! What a column of the query holds for a lead that the evaluator decided.

use crate::check::hir::{CheckState, Program};
use crate::eval::{Decision, Evaluator, FitVerdict, Outcome};
use crate::model::{Tri, number, time};
use crate::sql::What;

/// The column's value as text, decimals and instants in plain form; nothing for null.
pub fn answer(evaluator: &Evaluator<'_>, outcome: &Outcome<'_>, decision: &Decision, what: What) -> Option<String> {
    let program = evaluator.program();
    match what {
        What::Key => Some(decision.key.clone()),
        What::Stage => decision.stage.clone(),
        What::Ladder => decision.ladder.clone(),
        What::Disqualified => Some(decision.disqualified.to_string()),
        What::DisqualifiedBy => joined(&decision.disqualified_by, ", "),
        What::Fit(fit) => match decision.fits.get(&program.fits[fit.index()].name)?.verdict {
            FitVerdict::Fits => Some("true".to_owned()),
            FitVerdict::Fails => Some("false".to_owned()),
            FitVerdict::Unknown => None,
        },
        What::Check(check) => match outcome.checks[check.index()] {
            Tri::True => Some("true".to_owned()),
            Tri::False => Some("false".to_owned()),
            Tri::Unknown => None,
        },
        What::Count(fit, state) => {
            let fit = outcome.fits[fit.index()];
            let count = match state {
                CheckState::Passed => fit.passed,
                CheckState::Failed => fit.failed,
                CheckState::Unknown => fit.unknown,
            };
            Some(count.to_string())
        }
        What::Points(part) => Some(number::display(outcome.points(part), 4).to_string()),
        What::Band(bands) => decision.bands.get(&program.bands[bands.index()].name).cloned(),
        What::Cell(matrix) => decision.matrices.get(&program.matrices[matrix.index()].name).cloned(),
        What::Personas => joined(&decision.personas, ", "),
        What::Route => decision.route.as_ref().map(|route| route.name.clone()),
        What::Deadline => decision.route.as_ref()?.deadline.clone(),
        What::Broken => joined(&decision.broken, "; "),
        What::Version => program.meta.version.clone(),
        What::Digest => Some(digest(program)),
        What::AsOf => Some(time::display_instant(evaluator.as_of().instant)),
    }
}

fn joined(texts: &[String], between: &str) -> Option<String> {
    Some(texts.join(between)).filter(|_| !texts.is_empty())
}

fn digest(program: &Program) -> String {
    program.digest().to_string()
}
