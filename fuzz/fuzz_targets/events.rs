//! Any bytes as a second file of events: no panic, and every record is counted.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use qualify::Policy;
use qualify::data::{EventStore, EventsRead, Format, Plan};
use std::sync::LazyLock;

static POLICY: LazyLock<Policy> = LazyLock::new(shared::policy);

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let format = [Some(Format::Ndjson), Some(Format::Json), Some(Format::Csv), None][usize::from(choice % 4)];
    let program = POLICY.program();
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let input = Box::new(std::io::Cursor::new(rest.to_vec()));
    if let Ok(store) = EventStore::read(input, format, &plan, &mut |_| {}) {
        let counts = store.counts();
        assert!(counts.kept + counts.rejected + counts.unreadable <= counts.records, "{counts:?}");
        assert!(store.orphans() <= counts.records);
    }
});
