//! Any bytes as a file of leads: no panic, and the same records whatever the blocks that input comes in.
#![no_main]

mod shared;

use bumpalo::Bump;
use libfuzzer_sys::fuzz_target;
use qualify::Policy;
use qualify::data::{Decoded, EventsRead, Format, LeadReader, Plan};
use std::io::Read;
use std::sync::LazyLock;

static POLICY: LazyLock<Policy> = LazyLock::new(shared::policy);

/// Gives a few bytes at a time.
struct Drip(Vec<u8>, usize, usize);

impl Read for Drip {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.2.min(buffer.len()).min(self.0.len() - self.1);
        buffer[..count].copy_from_slice(&self.0[self.1..self.1 + count]);
        self.1 += count;
        Ok(count)
    }
}

fn records(bytes: &[u8], format: Option<Format>, step: usize) -> Result<Vec<String>, String> {
    let program = POLICY.program();
    let plan = Plan::new(&program.schema, &program.zone, EventsRead::of(program));
    let input = Box::new(Drip(bytes.to_vec(), 0, step));
    let mut reader = LeadReader::open(input, format, &plan).map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    while let Some(batch) = reader.next_batch().map_err(|error| error.to_string())? {
        let arena = Bump::new();
        batch.decode(&plan, None, &arena, &mut |record| {
            out.push(match record {
                Decoded::Lead { line, lead, problems } => format!("{line} {lead:?} {problems:?}"),
                Decoded::Reject(reject) => format!("{reject:?}"),
            });
        });
    }
    Ok(out)
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let format = [Some(Format::Ndjson), Some(Format::Json), Some(Format::Csv), None][usize::from(choice % 4)];
    let whole = records(rest, format, 1 << 16);
    let drip = records(rest, format, usize::from(choice / 4) + 1);
    assert_eq!(whole, drip);
});
