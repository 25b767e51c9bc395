//! "Something has happened, and nothing lately": two conditions that people say as one.

use super::model::Instant;
use super::show;
use super::why::Why;
use crate::check::hir::{EventTypes, EventWindow, Expr, ExprKind, LengthId, Program, QueryId};
use crate::model::Tri;

/// How long nothing may have happened, where a condition asks for `any event and no event within D`; with its two parts.
pub(super) fn silence<'p>(program: &Program, expr: &'p Expr) -> Option<(LengthId, &'p Expr, &'p Expr)> {
    let ExprKind::And(parts) = &expr.kind else { return None };
    let [ever, lately] = parts.as_slice() else { return None };
    let window = |query: &QueryId| {
        let query = &program.queries[query.index()];
        let all = matches!(query.types, EventTypes::All) && query.condition.is_none();
        all.then_some(query.window.as_ref())
    };
    let (ExprKind::AtLeastEvents(1, first), ExprKind::AtMostEvents(0, second)) = (&ever.kind, &lately.kind) else {
        return None;
    };
    match (window(first), window(second)) {
        (Some(None), Some(Some(EventWindow::Within(length)))) => Some((*length, ever, lately)),
        _ => None,
    }
}

/// Whether a condition asks for any event at all, of whatever kind.
pub(super) fn asks_for_anything(program: &Program, expr: &Expr) -> bool {
    let (ExprKind::AtLeastEvents(1, query) | ExprKind::AtMostEvents(0, query)) = &expr.kind else { return false };
    let query = &program.queries[query.index()];
    matches!(query.types, EventTypes::All) && query.condition.is_none()
}

impl Why<'_> {
    /// `nothing more has happened for 60 days: the latest event was 83 days ago`
    pub(super) fn silence_in_words(self, length: LengthId, lately: &Expr, truth: Tri, met: bool) -> String {
        let length = self.program.lengths[length.index()];
        let latest = self.latest_event(lately);
        match (truth, latest) {
            (Tri::True, Some(latest)) if met => {
                format!("nothing more has happened for {length}: the latest event was {}", latest.ago)
            }
            (_, Some(latest)) if met => format!("the latest event was {} (less than {length} ago)", latest.ago),
            (_, None) if met => "nothing has happened at all".to_owned(),
            (Tri::True, Some(latest)) => {
                format!("the latest event was {}; {}", latest.ago, self.asks(&format!("one of the last {length}")))
            }
            (_, Some(latest)) => {
                let asked = self.asked_for(&format!("nothing happens for {length}"));
                format!("the latest event was {}; {asked}", latest.ago)
            }
            (_, None) => {
                let asked = self.asked_for(&format!("something happens, and then nothing for {length}"));
                format!("nothing has happened at all; {asked}")
            }
        }
    }

    /// The latest event that a question about all events knows of, in its window or before.
    pub(super) fn latest_event(self, expr: &Expr) -> Option<Instant> {
        let seen = self.ledger.seen(expr.id)?;
        let at = seen.latest.or(seen.latest_outside)?;
        Some(show::instant(at, self.ledger.as_of(), &self.program.zone))
    }

    /// `nothing has happened in the last 60 days: the latest event was 83 days ago`
    pub(super) fn anything_in_words(self, expr: &Expr, asked: &str, met: bool) -> String {
        let found = match self.latest_event(expr) {
            Some(latest) => format!("the latest event was {}", latest.ago),
            None => "there is no event so far".to_owned(),
        };
        if met { format!("{asked}: {found}") } else { format!("{found}; {}", self.asked_for(asked)) }
    }
}
