//! Reading leads and events, writing files. The only room of the library that touches files.
//!
//! [`Plan`] says what a policy reads of the data; [`LeadReader`] cuts input into [`Batch`]es of whole records;
//! [`Batch::decode`] turns them into leads, building only what the plan reads. An [`EventStore`] holds the events of a
//! second file. What every kind of broken input leads to is told in `docs/data.md`.
//!
//! With a second file of events, those inside the leads are not read: events have one source.

mod array;
mod batch;
mod decode;
mod events;
mod files;
mod header;
mod input;
mod json;
mod keys;
mod lines;
mod parquet;
mod plain;
mod plan;
mod reader;
mod seek;
mod shape;
mod sorted;
mod spill;
mod store;
mod table;
mod taking;
mod texts;
mod write;

pub use batch::Batch;
pub use decode::{Decoded, Decoder};
pub use files::Folder;
pub use input::Format;
pub use parquet::{ColumnOutput, EventEntry, FieldColumn, LeadColumns, stands_in_columns};
pub use plan::{EventsRead, Plan};
pub use reader::LeadReader;
pub use seek::Seek;
pub use sorted::SortedEvents;
pub use spill::{JoinedEvents, LeadProblems, SpilledEvents};
pub use store::{Cursor, EventCounts, EventProblem, EventStore, EventsHeld, Held, Input, Stored};
pub use write::{Output, cell, is_stream, same_file};

/// About how many bytes are read at once.
const BLOCK: usize = 1 << 18;
/// A record that is longer is rejected: some 150,000 events.
const MAX_RECORD: usize = 16 << 20;

/// Why data cannot be read on: nothing that was read before is wrong, and all that follows is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong, and where.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl ReadError {
    fn new(message: impl Into<String>) -> ReadError {
        ReadError { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> ReadError {
        self.help = Some(help.into());
        self
    }

    /// `line`: of the input as it is without compression, at which reading ended; 0 at its beginning.
    #[cold]
    fn io(error: &std::io::Error, packed: bool, line: u64) -> ReadError {
        let place = if line <= 1 { "at its beginning".to_owned() } else { format!("after line {}", line - 1) };
        if packed {
            let help = "fetch or pack the file again";
            return ReadError::new(format!("the compressed file is cut off or damaged {place} ({error})")).help(help);
        }
        ReadError::new(format!("the input cannot be read {place}: {error}"))
    }
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

/// Something about a whole file that is probably not as it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What it is.
    pub message: String,
    /// What may have been meant.
    pub help: Option<String>,
}
