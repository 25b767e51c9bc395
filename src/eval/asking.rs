//! Asking single conditions of events, for those who count events where they stand.

use super::run::Run;
use super::{Evaluator, Leads, Memo, Nothing};
use crate::check::hir::Expr;
use crate::model::{Event, Lead};
use bumpalo::Bump;

/// Asks whether a `where` holds for events of some leads.
pub struct Asking<'a, 'm, 'r> {
    run: &'m mut Run<'a, 'r, Nothing>,
    leads: Leads<'a>,
    /// The lead that was asked of last.
    last: Option<usize>,
}

impl<'p> Evaluator<'p> {
    /// Lets `f` ask conditions of events of these leads; what they rest on beside the event are the leads' fields.
    pub fn ask<'a>(
        &'a self,
        leads: Leads<'a>,
        memo: &mut Memo,
        arena: &'a Bump,
        f: &mut dyn FnMut(&mut Asking<'a, '_, '_>),
    ) where
        'p: 'a,
    {
        let none = arena.alloc(Lead { key: "", fields: &[], events: &[] });
        let mut nothing = Nothing;
        let mut run = Run::new(self, none, arena, &mut nothing, Some(&mut *memo));
        f(&mut Asking { run: &mut run, leads, last: None });
        run.forget();
    }
}

impl<'a> Asking<'a, '_, '_> {
    /// Whether a condition is true for an event of a lead by its number.
    pub fn holds(&mut self, lead: usize, event: &'a Event<'a>, condition: &'a Expr) -> bool {
        if self.last != Some(lead) {
            self.run.forget();
            self.last = Some(lead);
            if let Some(lead) = self.leads.all().get(lead) {
                self.run.lead = lead;
            }
        }
        self.run.at_event(event, condition).tri().is_true()
    }
}
