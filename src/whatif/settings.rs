//! Where an event of a plan is looked at: as the lead is, and with other values of the fields that can hide it.

use super::open::{Opened, WhatIf};
use super::reliance::Reliance;
use crate::analysis::cells::Cell;
use crate::check::hir::{EventWindow, PartKind, Program, QueryId, Step};
use crate::model::{FieldId, Literal};

/// In so many settings an event is looked at.
const MOST_SETTINGS: usize = 24;

/// Other values of fields, under which an event can come to something that it does not come to as the lead is.
pub(super) type Setting = Vec<(FieldId, Literal)>;

/// The settings in which the events of a plan are looked at, the lead as it is first; and whether they are all.
pub(super) fn settings(program: &Program, plan: &WhatIf<'_>, opened: &Opened) -> (Vec<Setting>, bool) {
    let hiding = hiding(program, plan);
    let cells = opened.cells.iter().filter(|(field, _)| hiding.contains(**field));
    let fields: Vec<(FieldId, &[Cell])> =
        cells.map(|(field, cells)| (*field, cells.get(1..).unwrap_or_default())).collect();
    // One other value first, then two and more at once.
    let mut all = vec![Setting::new()];
    let mut from = 0;
    while from < all.len() && all.len() <= MOST_SETTINGS {
        let setting = all[from].clone();
        let last = setting.last().map(|(field, _)| *field);
        for (field, cells) in fields.iter().filter(|(field, _)| Some(*field) > last) {
            all.extend(cells.iter().map(|cell| {
                let mut more = setting.clone();
                more.push((*field, cell.value.clone()));
                more
            }));
        }
        from += 1;
    }
    let whole = all.len() <= MOST_SETTINGS;
    all.truncate(MOST_SETTINGS);
    (all, whole)
}

/// What can keep an event from being seen: a condition on it, or a time from which events count, that rests on fields of
/// the lead; an earlier case of a rule.
fn hiding(program: &Program, plan: &WhatIf<'_>) -> Reliance {
    let mut all = Reliance::default();
    let mut add = |query: Option<QueryId>| {
        let Some(query) = query.map(|id| &program.queries[id.index()]) else { return };
        let since = match &query.window {
            Some(EventWindow::Since(time)) => Some(time),
            _ => None,
        };
        query.condition.iter().chain(since).for_each(|expr| all.add(plan.reliances.expression(expr.id)));
    };
    for step in &plan.steps {
        program.walk_step(*step, &mut |expr| add(expr.query()));
        if let Step::Part(id) = step
            && let PartKind::Per(per) = &program.parts[id.index()].kind
        {
            add(Some(per.query));
        }
    }
    for step in &plan.steps {
        let Step::Part(id) = step else { continue };
        let reliance = plan.reliances.step(*step);
        if reliance.events && matches!(program.parts[id.index()].kind, PartKind::FirstOf { .. } | PartKind::By { .. }) {
            all.add(&reliance);
        }
    }
    all
}
