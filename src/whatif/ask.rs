//! Which questions to ask: over many leads, what is not known and holds them back.

use super::bounds::{BoundsOptions, bounds};
use super::open::{WhatIf, missing_fields};
use crate::check::hir::Program;
use crate::eval::{Evaluator, PolicyName};
use crate::model::time::display_instant;
use crate::model::{FieldId, Lead};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The number of the form of an [`Asks`]; it grows when a reader of the last one would misread the new one.
pub const ASKS_VERSION: u32 = 1;

/// Over a cohort: the fields that are not known, and for how many leads an answer could change the stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asks {
    /// The number of this form.
    pub schema_version: u32,
    /// The policy.
    pub policy: PolicyName,
    /// The instant that the leads were evaluated at, RFC 3339 in UTC.
    pub as_of: String,
    /// How many leads there are.
    pub leads: u64,
    /// How many of them could come to stand elsewhere if what is missing were known.
    pub leads_open: u64,
    /// How many of them could come to stand higher.
    pub leads_held_back: u64,
    /// For how many of them not all was decided, since there were too many answers to try.
    pub leads_undecided: u64,
    /// The fields, those that hold back the most leads first.
    pub fields: Vec<AskField>,
}

/// A field, and what it holds back. All are numbers of leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AskField {
    /// The field.
    pub field: String,
    /// The question to ask, if the policy has one.
    pub ask: Option<String>,
    /// Leads that lack it.
    pub missing: u64,
    /// Leads whose stage it could change, alone or with other answers.
    pub could_change: u64,
    /// Leads that it could raise, alone or with other answers.
    pub could_raise: u64,
    /// Leads whose stage it could change whatever else is not known: its answer alone does.
    pub alone: u64,
    /// Leads that lack it and for which it was not decided whether it could change the stage.
    pub undecided: u64,
}

/// Counts while leads go by; what several threads counted is put together with [`Tally::merge`].
#[derive(Clone, Debug)]
pub struct Tally {
    leads: u64,
    open: u64,
    held_back: u64,
    undecided: u64,
    /// By [`FieldId`].
    fields: Vec<Counts>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    missing: u64,
    could_change: u64,
    could_raise: u64,
    alone: u64,
    undecided: u64,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(program: &Program) -> Tally {
        let fields = vec![Counts::default(); program.schema.fields.len()];
        Tally { leads: 0, open: 0, held_back: 0, undecided: 0, fields }
    }

    /// Counts a lead.
    pub fn lead(&mut self, evaluator: &Evaluator<'_>, plan: &WhatIf<'_>, lead: &Lead<'_>, options: BoundsOptions) {
        let program = evaluator.program();
        self.leads += 1;
        let missing = missing_fields(program, plan, lead);
        for field in &missing {
            self.fields[field.index()].missing += 1;
        }
        if missing.is_empty() {
            return;
        }
        let Some(found) = bounds(evaluator, plan, lead, options) else { return };
        self.open += u64::from(found.best.stage != found.stage || found.worst.stage != found.stage);
        self.held_back += u64::from(found.best.stage != found.stage);
        let exact = found.best.exact && found.worst.exact;
        self.undecided += u64::from(!exact || found.fields.iter().any(|field| field.changes.is_none()));
        for bound in &found.fields {
            let place = program.schema.fields.iter().position(|field| field.name == bound.field);
            let Some(counts) = place.and_then(|place| self.fields.get_mut(FieldId(place as u16).index())) else {
                continue;
            };
            counts.could_change += u64::from(bound.changes == Some(true));
            counts.could_raise += u64::from(bound.raises);
            counts.alone += u64::from(bound.alone);
            counts.undecided += u64::from(bound.changes.is_none());
        }
    }

    /// Adds what another counted.
    pub fn merge(&mut self, other: &Tally) {
        self.leads += other.leads;
        self.open += other.open;
        self.held_back += other.held_back;
        self.undecided += other.undecided;
        for (counts, more) in self.fields.iter_mut().zip(&other.fields) {
            counts.missing += more.missing;
            counts.could_change += more.could_change;
            counts.could_raise += more.could_raise;
            counts.alone += more.alone;
            counts.undecided += more.undecided;
        }
    }

    /// The result: fields that no lead lacks are left out.
    pub fn asks(&self, evaluator: &Evaluator<'_>) -> Asks {
        let program = evaluator.program();
        let mut fields: Vec<AskField> = program
            .schema
            .fields
            .iter()
            .zip(&self.fields)
            .filter(|(_, counts)| counts.missing > 0)
            .map(|(field, counts)| AskField {
                field: field.name.clone(),
                ask: field.ask.clone(),
                missing: counts.missing,
                could_change: counts.could_change,
                could_raise: counts.could_raise,
                alone: counts.alone,
                undecided: counts.undecided,
            })
            .collect();
        fields.sort_by_key(|field| std::cmp::Reverse((field.could_raise, field.could_change, field.alone)));
        Asks {
            schema_version: ASKS_VERSION,
            policy: PolicyName { name: program.meta.label.clone(), version: program.meta.version.clone() },
            as_of: display_instant(evaluator.as_of().instant),
            leads: self.leads,
            leads_open: self.open,
            leads_held_back: self.held_back,
            leads_undecided: self.undecided,
            fields,
        }
    }
}
