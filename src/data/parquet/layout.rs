//! Which columns of a file hold what is read: a shape's keys and paths among the file's columns.

use crate::data::shape::{Shape, Target};
use crate::data::{ReadError, Warning};
use crate::diagnostic::did_you_mean;
use arrow_schema::{DataType, Field, Fields};

/// The columns to read of a file.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The places of the leaves among all leaves of the file, rising.
    pub leaves: Vec<usize>,
    /// Slots that some column fills.
    filled: Vec<usize>,
    /// Names that stand more than once where one of them is read.
    doubled: Option<String>,
}

impl Layout {
    /// Finds a record's columns; those of events inside records by their own shape.
    pub fn of(fields: &Fields, shape: &Shape, events: Option<&Shape>) -> Layout {
        let mut layout = Layout::default();
        let mut leaf = 0;
        layout.node(fields, shape, 0, events, &mut leaf);
        layout.leaves.sort_unstable();
        layout.leaves.dedup();
        layout
    }

    fn node(&mut self, fields: &Fields, shape: &Shape, node: usize, events: Option<&Shape>, leaf: &mut usize) {
        for (place, field) in fields.iter().enumerate() {
            let count = leaves(field.data_type());
            if let Some(target) = shape.target_of(node, field.name()) {
                if fields.iter().take(place).any(|other| other.name() == field.name()) {
                    self.doubled = Some(field.name().clone());
                }
                self.target(field, shape, target, events, *leaf, count);
            }
            *leaf += count;
        }
    }

    fn target(
        &mut self,
        field: &Field,
        shape: &Shape,
        target: &Target,
        events: Option<&Shape>,
        leaf: usize,
        count: usize,
    ) {
        if let Some(slot) = target.slot {
            self.filled.push(slot);
            self.leaves.extend(leaf..leaf + count);
        }
        if let (Some(child), DataType::Struct(fields)) = (target.child, field.data_type()) {
            self.node(fields, shape, child, events, &mut leaf.clone());
        }
        if target.list.is_none() {
            return;
        }
        match (events, entries(field.data_type())) {
            (Some(events), Some(fields)) => {
                let mut inner = Layout::default();
                inner.node(fields, events, 0, None, &mut leaf.clone());
                // Without any of its columns the list could not be read at all.
                if inner.leaves.is_empty() {
                    inner.leaves.push(leaf);
                }
                self.leaves.append(&mut inner.leaves);
                self.doubled = self.doubled.take().or(inner.doubled);
            }
            (Some(_), None) => self.leaves.extend(leaf..leaf + count),
            (None, _) => {}
        }
    }

    /// Refuses a file without a needed column, or with two of a name; warns of other columns that are not there.
    pub fn check(
        &self,
        fields: &Fields,
        shape: &Shape,
        needed: &[&str],
        warnings: &mut Vec<Warning>,
    ) -> Result<(), ReadError> {
        if let Some(name) = &self.doubled {
            return Err(
                ReadError::new(format!("two columns are called `{name}`")).help("give one of them another name")
            );
        }
        for (name, whole) in &shape.columns {
            let nested = shape.nested_slot(name);
            if self.filled.contains(whole) || nested.is_some_and(|slot| self.filled.contains(&slot)) {
                continue;
            }
            let names = || fields.iter().map(|field| field.name().as_str());
            let message = format!("there is no column `{name}`");
            let help = did_you_mean(name, names());
            if needed.contains(&name.as_str()) {
                let columns = || format!("the columns are {}", crate::data::header::listed(names()));
                return Err(ReadError::new(message).help(help.unwrap_or_else(columns)));
            }
            warnings.push(Warning { message, help });
        }
        Ok(())
    }
}

/// The fields of the records of a list of records.
pub(super) fn entries(list: &DataType) -> Option<&Fields> {
    match list {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => match item.data_type() {
            DataType::Struct(fields) => Some(fields),
            _ => None,
        },
        _ => None,
    }
}

/// How many leaves a column has.
fn leaves(ty: &DataType) -> usize {
    match ty {
        DataType::Struct(fields) => fields.iter().map(|field| leaves(field.data_type())).sum(),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => leaves(item.data_type()),
        _ => 1,
    }
}
