//! Working on batches of records on one thread or several, with the results in the order of the input.
//!
//! Every thread reads the next batch itself, works on it and hands over what it came to; the first thread also writes.
//! None waits for a batch that another has read, and there are no more threads than work.

use super::exit::Failure;
use super::leads;
use crate::data::{Batch, LeadReader};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// So many batches a thread are under way, or wait to be written: memory is bounded, and a thread that the system puts
/// aside for a moment holds nobody up.
const AHEAD: u64 = 4;

/// What a thread does with batches. What it learns of one may help it with the next.
pub trait Worker<B> {
    /// What a batch comes to.
    type Done: Send;
    /// What is left after the last batch.
    type Rest: Send;

    fn work(&mut self, batch: &mut B) -> Self::Done;

    fn rest(self) -> Self::Rest;
}

impl<B, T: Send, F: Fn(&B) -> T> Worker<B> for F {
    type Done = T;
    type Rest = ();

    fn work(&mut self, batch: &mut B) -> T {
        self(batch)
    }

    fn rest(self) {}
}

/// Works on every batch of a file and gives what it comes to to a sink, in the order of the input.
pub fn each<W: Worker<Batch>>(
    reader: &mut LeadReader,
    path: &str,
    threads: u16,
    worker: &(impl Fn() -> W + Sync),
    sink: &mut impl FnMut(W::Done) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut next = |used: Option<Batch>| {
        used.into_iter().for_each(|batch| reader.recycle(batch));
        reader.next_batch().map_err(|error| leads::unreadable(path, error))
    };
    in_order(threads, &mut next, worker, sink).map(|_| ())
}

/// Works on every batch that `next` gives, which gets a batch back that is done with, and gives what it comes to to a
/// sink, in the order of the input. What is left of each worker.
///
/// Errors: the first of `next`, after all batches before it went to the sink; the first of the sink.
pub fn in_order<B: Send, W: Worker<B>>(
    threads: u16,
    next: &mut (dyn FnMut(Option<B>) -> Result<Option<B>, Failure> + Send),
    worker: &(impl Fn() -> W + Sync),
    sink: &mut impl FnMut(W::Done) -> Result<(), Failure>,
) -> Result<Vec<W::Rest>, Failure> {
    let ahead = u64::from(threads.max(1)) * AHEAD;
    let input = Mutex::new(Input { next, taken: 0, ended: None });
    let output = Output { state: Mutex::new(State::new(ahead)), changed: Condvar::new() };
    let rest = std::thread::scope(|scope| {
        let over = Stop(&output);
        let others: Vec<_> = (1..threads)
            .map_while(|_| {
                let work = || {
                    let mut worker = worker();
                    let mut used = None;
                    while output.may_take() && turn(&input, &output, &mut worker, &mut used) {}
                    worker.rest()
                };
                // Where the system gives no more threads, those that there are do the work.
                std::thread::Builder::new().spawn_scoped(scope, work).ok()
            })
            .collect();
        let mut own = worker();
        let mut used = None;
        let mut goes_on = true;
        let written = loop {
            match output.next(goes_on) {
                Todo::Write(done) => {
                    let written = done.ok_or_else(ended_early).and_then(&mut *sink);
                    if written.is_err() {
                        break written;
                    }
                }
                Todo::Take => goes_on = turn(&input, &output, &mut own, &mut used),
                Todo::Nothing => break Ok(()),
            }
        };
        drop(over);
        let mut rest = vec![own.rest()];
        for other in others {
            rest.push(other.join().map_err(|_| ended_early())?);
        }
        written.map(|()| rest)
    })?;
    let ended = input.into_inner().unwrap_or_else(PoisonError::into_inner).ended;
    ended.unwrap_or(Ok(())).map(|()| rest)
}

/// Takes a batch and works on it; whether there may be another.
fn turn<B, W: Worker<B>>(
    input: &Mutex<Input<'_, B>>,
    output: &Output<W::Done>,
    worker: &mut W,
    used: &mut Option<B>,
) -> bool {
    // After a panic nobody uses the input or the worker again, and nobody waits for what will not come.
    let taken = catch_unwind(AssertUnwindSafe(|| locked(input).take(used.take())));
    let taken = taken.unwrap_or_else(|_| {
        locked(input).ended = Some(Err(ended_early()));
        None
    });
    let Some((number, mut batch)) = taken else {
        output.leave();
        return false;
    };
    let done = catch_unwind(AssertUnwindSafe(|| worker.work(&mut batch))).ok();
    let goes_on = done.is_some();
    output.hand_over(number, done);
    *used = Some(batch);
    goes_on
}

/// Where batches come from.
struct Input<'n, B> {
    next: &'n mut (dyn FnMut(Option<B>) -> Result<Option<B>, Failure> + Send),
    taken: u64,
    ended: Option<Result<(), Failure>>,
}

impl<B> Input<'_, B> {
    fn take(&mut self, used: Option<B>) -> Option<(u64, B)> {
        if self.ended.is_some() {
            return None;
        }
        match (self.next)(used) {
            Ok(Some(batch)) => {
                self.taken += 1;
                return Some((self.taken - 1, batch));
            }
            Ok(None) => self.ended = Some(Ok(())),
            Err(error) => self.ended = Some(Err(error)),
        }
        None
    }
}

/// What batches came to, until it is written.
struct Output<D> {
    state: Mutex<State<D>>,
    /// Something was handed over or written, or all is over.
    changed: Condvar,
}

struct State<D> {
    /// What is to be written, by the number of the batch; none for one on which the work went wrong.
    done: BTreeMap<u64, Option<D>>,
    /// The next that is written.
    next: u64,
    /// How many batches may be taken.
    room: u64,
    /// How many are being taken or worked on.
    under_way: u64,
    stopped: bool,
}

impl<D> State<D> {
    fn new(room: u64) -> State<D> {
        State { done: BTreeMap::new(), next: 0, room, under_way: 0, stopped: false }
    }

    fn take(&mut self) {
        self.room -= 1;
        self.under_way += 1;
    }
}

/// What the first thread does.
enum Todo<D> {
    Write(Option<D>),
    Take,
    Nothing,
}

impl<D> Output<D> {
    /// Waits until another batch may be taken; false when all is over.
    fn may_take(&self) -> bool {
        let mut state = locked(&self.state);
        while state.room == 0 && !state.stopped {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let may = !state.stopped;
        if may {
            state.take();
        }
        may
    }

    /// What the first thread is to do, which takes no more batches when there are none.
    fn next(&self, takes: bool) -> Todo<D> {
        let mut state = locked(&self.state);
        loop {
            let number = state.next;
            if let Some(done) = state.done.remove(&number) {
                state.next += 1;
                state.room += 1;
                self.changed.notify_all();
                return Todo::Write(done);
            }
            if takes && state.room > 0 {
                state.take();
                return Todo::Take;
            }
            if !takes && state.under_way == 0 {
                return Todo::Nothing;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A batch was worked on.
    fn hand_over(&self, number: u64, done: Option<D>) {
        let mut state = locked(&self.state);
        state.done.insert(number, done);
        state.under_way -= 1;
        self.changed.notify_all();
    }

    /// There was none to take.
    fn leave(&self) {
        let mut state = locked(&self.state);
        state.under_way -= 1;
        state.room += 1;
        self.changed.notify_all();
    }
}

/// Ends the work of all, also when the first thread ends in a panic.
struct Stop<'o, D>(&'o Output<D>);

impl<D> Drop for Stop<'_, D> {
    fn drop(&mut self) {
        locked(&self.0.state).stopped = true;
        self.0.changed.notify_all();
    }
}

fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn ended_early() -> Failure {
    Failure::new("a thread ended early: this is a mistake in qualify")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread::{ThreadId, current, sleep};
    use std::time::Duration;

    /// Works on the numbers below `count`; `fails` is the number that cannot be read, or on which the work panics, or
    /// that cannot be written. What was written, and how it ended.
    fn run(threads: u16, count: u64, [read, work, write]: [Option<u64>; 3]) -> (Vec<u64>, Result<usize, String>) {
        let (mut next, mut used) = (0, Vec::new());
        let mut reader = |old: Option<u64>| {
            used.extend(old);
            if Some(next) == read {
                return Err(Failure::new("cannot be read"));
            }
            next += 1;
            Ok((next <= count).then_some(next - 1))
        };
        let worker = || {
            |number: &u64| {
                // Some take longer than many others.
                sleep(Duration::from_micros(if number.is_multiple_of(7) { 2000 } else { number % 3 * 100 }));
                assert_ne!(Some(*number), work);
                *number
            }
        };
        let mut written = Vec::new();
        let result = in_order(threads, &mut reader, &worker, &mut |number| {
            if Some(number) == write {
                return Err(Failure::new("cannot be written"));
            }
            written.push(number);
            Ok(())
        });
        used.sort_unstable();
        used.windows(2).for_each(|two| assert!(two[0] < two[1], "no batch is given back twice"));
        (written, result.map(|rest| rest.len()).map_err(|failure| format!("{failure:?}")))
    }

    #[test]
    fn what_is_written_is_in_order() {
        for threads in [0, 1, 2, 3, 8, 40] {
            for count in [0, 1, 2, 31, 200] {
                let (written, result) = run(threads, count, [None; 3]);
                assert_eq!(written, (0..count).collect::<Vec<_>>(), "{threads} threads");
                assert_eq!(result, Ok(usize::from(threads.max(1))));
            }
        }
    }

    #[test]
    fn what_goes_wrong_ends_it_and_what_came_before_is_written() {
        for threads in [1, 2, 5] {
            for (place, message) in ["cannot be read", "a thread ended early", "cannot be written"].iter().enumerate() {
                let mut wrong = [None; 3];
                wrong[place] = Some(50);
                let (written, result) = run(threads, 100, wrong);
                assert_eq!(written, (0..50).collect::<Vec<_>>(), "{threads} threads: {message}");
                assert!(result.clone().is_err_and(|error| error.contains(message)), "{threads} threads: {result:?}");
            }
        }
    }

    #[test]
    fn one_slow_batch_does_not_let_the_others_run_away() {
        let (mut next, most) = (0u64, Mutex::new((0u64, 0u64)));
        let mut reader = |_| {
            next += 1;
            Ok((next <= 100).then_some(next - 1))
        };
        let worker = || {
            |number: &u64| {
                let mut seen = locked(&most);
                seen.1 = seen.1.max(*number - seen.0.min(*number));
                drop(seen);
                sleep(Duration::from_millis(if *number == 0 { 50 } else { 0 }));
                *number
            }
        };
        let written = in_order(2, &mut reader, &worker, &mut |number| {
            locked(&most).0 = number;
            Ok(())
        });
        assert!(written.is_ok());
        assert!(locked(&most).1 <= 2 * AHEAD, "{:?}", locked(&most));
    }

    #[test]
    fn the_caller_writes() {
        let (mut next, here): (u64, ThreadId) = (0, current().id());
        let mut reader = |_| {
            next += 1;
            Ok((next <= 50).then_some(()))
        };
        let written = in_order(3, &mut reader, &|| |(): &()| (), &mut |()| {
            assert_eq!(current().id(), here);
            Ok(())
        });
        assert!(written.is_ok());
    }
}
