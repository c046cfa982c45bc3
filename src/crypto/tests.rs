//! What comparisons of arithmetic with that of others have in common: how many cases there are, what numbers they
//! have, and where they run.

#![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::vec::Vec;
use std::{env, eprintln, thread};

/// How many cases there are; `TOLLGATE_CASES` for more. Dearer kinds have a fixed part of it.
pub(crate) fn cases() -> usize {
    cases_or(100_000)
}

/// The same of a kind that would take too long without optimization, and has so many then.
pub(crate) fn cases_or(default: usize) -> usize {
    env::var("TOLLGATE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(default)
}

/// Calls `each` with the seeds of so many batches, which are the same in every run, on all processors. That of a batch that
/// fails is printed.
pub(crate) fn for_each_seed(batches: usize, each: impl Fn(u64) + Sync) {
    let next = AtomicUsize::new(0);
    let run = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= batches {
                break;
            }
            let seed = u64::try_from(number + 1).unwrap().wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let _batch = Batch { seed, next: &next, batches };
            each(seed);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(run);
        }
    });
}

/// A batch that runs.
struct Batch<'a> {
    seed: u64,
    next: &'a AtomicUsize,
    batches: usize,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the batch of seed {:#018x} fails", self.seed);
            // No other begins.
            self.next.store(self.batches, Ordering::Relaxed);
        }
    }
}

/// Numbers of which a half is random, and the rest is what carries come from and go to.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 1).unwrap() % end
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let kind = self.below(8);
        let mut bytes: Vec<u8> = match kind {
            0 => std::vec![0xff; length],
            1 => std::vec![0; length],
            2 => (0..length).map(|index| if index % 7 < 3 { 0xff } else { 0 }).collect(),
            _ => (0..length).map(|_| self.next().to_le_bytes()[3]).collect(),
        };
        if kind < 4 {
            for _ in 0..self.below(4) {
                let (at, bit) = (self.below(length), self.below(8));
                bytes[at] ^= 1 << bit;
            }
        }
        bytes
    }
}

#[test]
fn every_batch_has_a_seed_of_its_own() {
    let seeds = std::sync::Mutex::new(std::collections::BTreeSet::new());
    for_each_seed(1_000, |seed| assert!(seed != 0 && seeds.lock().unwrap().insert(seed)));
    assert_eq!(seeds.lock().unwrap().len(), 1_000);
}

#[test]
#[should_panic(expected = "a scoped thread panicked")]
fn a_batch_that_fails_fails_the_test() {
    for_each_seed(1_000, |seed| assert!(seed & 0xff != 0x15));
}
