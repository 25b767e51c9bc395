//! `gap-in-cases`: values between two cases that no case takes.

use super::intervals::{Interval, intervals, shown, step, unit};
use crate::check::hir::PartKind;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};

/// The lint.
pub static LINT: Lint = Lint {
    name: "gap-in-cases",
    group: Group::Reach,
    level: Severity::Warning,
    what: "Between two cases of a `by` over numbers lie values that no case takes: they earn 0. Of whole numbers, `10 \
           to 49` and `50 to 499` leave no gap; of numbers and money they do, for 49.5.",
    why: "The lead with 49.5 points of intent gets nothing, beside leads with 49 and with 50 that get something.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  id     text key
  intent number
}

score profile {
  intent_points "Intent": by intent {
    10 to 49:  +5
    50 to 100: +15
  }
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  id     text key
  intent number
}

score profile {
  intent_points "Intent": by intent {
    >= 50: +15
    >= 10: +5
  }
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    for part in &program.parts {
        let PartKind::By { value, cases, otherwise: None, .. } = &part.kind else { continue };
        let Some(step) = step(value.ty, value) else { continue };
        let Some(found) = intervals(value, cases) else { continue };
        let mut sorted: Vec<Interval> = found.into_iter().flatten().collect();
        sorted.sort_by_key(|interval| interval.low);
        let mut end: Option<i128> = None;
        for interval in sorted {
            // A wide gap is meant; one no wider than a unit is overlooked.
            if let Some(end) = end
                && interval.low > end.saturating_add(step)
                && interval.low - end <= unit(value.ty, value)
            {
                let (first, last) =
                    (shown(program, value.ty, end + step), shown(program, value.ty, interval.low - step));
                let values = if first == last { first } else { format!("{first} to {last}") };
                let message = format!("`{}` gives no points for {values}: no case takes it", part.name);
                let finding = findings.at(cases[interval.case].span, message);
                findings.push(finding.help("let the cases meet (`>= 50` behind a larger one), or say `otherwise: +0`"));
            }
            end = Some(end.map_or(interval.high, |end: i128| end.max(interval.high)));
        }
    }
}
