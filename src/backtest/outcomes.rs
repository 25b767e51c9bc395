//! A file of outcomes: which leads converted, when, for how much. It is read as leads are, by a schema of its own.

use crate::base::Span;
use crate::check::hir::{Outcomes, Program};
use crate::data::{Decoded, EventsRead, Plan};
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE, divide};
use crate::model::{Currency, Field, FieldId, FieldPath, Lead, Scalar, Schema, Sentinels, Type, Value};
use std::collections::HashMap;

/// What is known of a lead's outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether it converted; none when that is not known.
    pub converted: Option<bool>,
    /// When: the earliest conversion of several; of a lead that did not convert, when that was settled.
    pub at: Option<i64>,
    /// For how much, in ten-thousandths; of several conversions the sum.
    pub amount: Option<i64>,
    /// Whether a lead that was read has this outcome.
    found: bool,
}

/// What was counted of a file of outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    /// All records.
    pub records: u64,
    /// Records that are broken or have no key.
    pub rejected: u64,
    /// Values that could not be read.
    pub problems: u64,
    /// Records of a key that an earlier record has.
    pub repeated: u64,
}

/// How a file of outcomes is read.
#[derive(Clone, Debug)]
pub struct OutcomeFile {
    schema: Schema,
    converted: Option<FieldId>,
    at: Option<FieldId>,
    amount: Option<FieldId>,
    names: Outcomes,
}

/// The outcomes of a file by the key of the lead.
#[derive(Clone, Debug, Default)]
pub struct OutcomeTable {
    known: HashMap<Box<str>, Known>,
    /// Whether leads that the file does not name did not convert.
    only_conversions: bool,
    /// What was counted.
    pub counts: OutcomeCounts,
}

impl OutcomeFile {
    /// By the policy's `outcome`; none without one.
    pub fn new(program: &Program) -> Option<OutcomeFile> {
        let names = program.outcome.clone()?;
        let mut file = OutcomeFile { schema: Schema::default(), converted: None, at: None, amount: None, names };
        let key = file.field(&file.names.lead.clone(), Scalar::Text, true);
        file.schema.key = Some(key);
        if let Some(column) = file.names.converted.clone() {
            file.converted = Some(file.field(&column, Scalar::Bool, false));
        }
        if let Some(column) = file.names.at.clone() {
            file.at = Some(file.field(&column, Scalar::Time, false));
        }
        if let Some((column, currency)) = file.names.amount.clone() {
            file.amount = Some(file.field(&column, currency.map_or(Scalar::Number, Scalar::Money), false));
        }
        Some(file)
    }

    fn field(&mut self, column: &str, scalar: Scalar, key: bool) -> FieldId {
        self.schema.fields.push(plain_field(column, scalar, key));
        FieldId(self.schema.fields.len() as u16 - 1)
    }

    /// What is read of it.
    pub fn plan<'s>(&'s self, program: &'s Program) -> Plan<'s> {
        Plan::new(&self.schema, &program.zone, EventsRead::None)
    }

    /// The currency of amounts.
    pub fn currency(&self) -> Option<Currency> {
        self.names.amount.as_ref().and_then(|(_, currency)| *currency)
    }

    /// Whether the file holds amounts.
    pub fn has_amounts(&self) -> bool {
        self.amount.is_some()
    }

    /// The columns that the policy names besides the key.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.schema.fields.iter().filter(|field| !field.key).map(|field| field.name.as_str())
    }

    /// An empty table.
    pub fn table(&self) -> OutcomeTable {
        OutcomeTable { only_conversions: self.converted.is_none(), ..OutcomeTable::default() }
    }

    /// Takes in a record.
    pub fn add(&self, table: &mut OutcomeTable, record: Decoded<'_>) {
        table.counts.records += 1;
        match record {
            Decoded::Reject(_) => table.counts.rejected += 1,
            Decoded::Lead { lead, problems, .. } => {
                table.counts.problems += problems.len() as u64;
                let known = self.known(&lead);
                match table.known.get_mut(lead.key) {
                    None => {
                        table.known.insert(lead.key.into(), known);
                    }
                    Some(before) => {
                        table.counts.repeated += 1;
                        before.join(known);
                    }
                }
            }
        }
    }

    fn known(&self, lead: &Lead<'_>) -> Known {
        let value = |id: Option<FieldId>| id.map_or(Value::Missing, |id| lead.field(id));
        let at = match value(self.at) {
            Value::Time(at) => Some(at),
            _ => None,
        };
        let amount = match value(self.amount) {
            Value::Money(amount) => Some(amount),
            Value::Number(micros) => divide(i128::from(micros), i128::from(NUMBER_SCALE / POINTS_SCALE))
                .and_then(|amount| i64::try_from(amount).ok()),
            _ => None,
        };
        let converted = match (self.converted, value(self.converted)) {
            (Some(_), Value::Bool(converted)) => Some(converted),
            (Some(_), _) => None,
            // Without a column that says it, a row is a conversion; with a column of the instant, a row that has one.
            (None, _) => Some(self.at.is_none() || at.is_some()),
        };
        Known { converted, at, amount: amount.filter(|_| converted == Some(true)), found: false }
    }
}

/// A field of data that no policy declares.
pub(super) fn plain_field(column: &str, scalar: Scalar, key: bool) -> Field {
    Field {
        name: column.to_owned(),
        ty: Type::One(scalar),
        from: FieldPath::new(column),
        key,
        required: key,
        known_from: None,
        fixed: false,
        ask: None,
        format: None,
        missing: Sentinels::default(),
        used: true,
        span: Span::default(),
    }
}

impl Known {
    /// Several records of one lead: it converted if one says so, first when the earliest of these says.
    fn join(&mut self, other: Known) {
        match (self.converted, other.converted) {
            (Some(true), Some(true)) => {
                self.at = self.at.into_iter().chain(other.at).min();
                self.amount = match (self.amount, other.amount) {
                    (Some(a), Some(b)) => Some(a.saturating_add(b)),
                    (a, b) => a.or(b),
                };
            }
            (Some(true), _) => {}
            (_, Some(true)) | (None, Some(_)) => *self = Known { found: self.found, ..other },
            (Some(_), Some(_)) => self.at = self.at.into_iter().chain(other.at).max(),
            (_, None) => {}
        }
    }
}

impl OutcomeTable {
    /// The outcome of a lead; none where the file does not tell. The outcome counts as found.
    pub fn find(&mut self, key: &str) -> Option<Known> {
        match self.known.get_mut(key) {
            Some(known) => {
                known.found = true;
                Some(*known)
            }
            None if self.only_conversions => Some(Known { converted: Some(false), ..Known::default() }),
            None => None,
        }
    }

    /// Keys whose lead was never asked for.
    pub fn without_lead(&self) -> u64 {
        self.known.values().filter(|known| !known.found).count() as u64
    }

    /// The latest instant that an outcome has.
    pub fn latest(&self) -> Option<i64> {
        self.known.values().filter_map(|known| known.at).max()
    }
}
