//! Working on batches of records on one thread or several, with the results in the order of the input.

use super::exit::Failure;
use super::leads;
use crate::data::{Batch, LeadReader};

/// Works on every batch of a file and gives what it comes to to a sink, in the order of the input. As many batches as
/// there are threads are under way at once.
pub fn each<T: Send>(
    reader: &mut LeadReader,
    path: &str,
    threads: u16,
    work: &(impl Fn(&Batch) -> T + Sync),
    sink: &mut impl FnMut(T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let ended_early = || Failure::new("a thread ended early: this is a mistake in qualify");
    loop {
        let mut batches = Vec::new();
        while batches.len() < usize::from(threads.max(1)) {
            match reader.next_batch().map_err(|error| leads::unreadable(path, error))? {
                Some(batch) => batches.push(batch),
                None => break,
            }
        }
        if batches.is_empty() {
            return Ok(());
        }
        let done: Result<Vec<T>, Failure> = match batches.as_slice() {
            [one] => Ok(vec![work(one)]),
            all => std::thread::scope(|scope| {
                let workers: Vec<_> = all.iter().map(|batch| scope.spawn(move || work(batch))).collect();
                workers.into_iter().map(|worker| worker.join().map_err(|_| ended_early())).collect()
            }),
        };
        for one in done? {
            sink(one)?;
        }
        for batch in batches {
            reader.recycle(batch);
        }
    }
}
