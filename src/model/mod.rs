//! The domain's nouns: types and values, exact numbers, time, the shape of leads and events.

pub mod convert;
pub mod number;
pub mod text;
pub mod time;

mod lead;
mod months;
mod schema;
mod value;

pub use lead::{Event, Lead, Problem, ProblemKind, Reject, RejectKind};
pub use months::Months;
pub use schema::{Choice, Domain, DomainKind, EventSource, EventType, Field, FieldPath, Schema, Sentinels};
pub use value::{Currency, Literal, OUTSIDE, Scalar, Tri, Type, Value};

/// Declares numbers that stand for things in a table.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name(pub $inner);

            impl $name {
                /// The place in the table.
                #[inline]
                pub fn index(self) -> usize {
                    self.0 as usize
                }
            }
        )*
    };
}
pub(crate) use ids;

ids! {
    /// A field of the lead: its place in [`Schema::fields`] and in [`Lead::fields`].
    FieldId(u16);
    /// A declared event type: its place in [`Schema::events`].
    EventTypeId(u16);
    /// A list of choices: its place in [`Schema::domains`].
    DomainId(u16);
}
