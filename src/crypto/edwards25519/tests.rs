//! The key type, with and without tables of every shape: the vectors of RFC 8032 and of Wycheproof, and signatures of the crate
//! `ed25519-dalek` and of our own making.

#![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

mod equation;
mod points;
mod strict;
mod vectors;
mod walks;

use std::boxed::Box;
use std::vec::Vec;

use sha2::{Digest as _, Sha512};

use super::*;
use crate::crypto::tests::Numbers;
pub(crate) use crate::crypto::tests::cases;

/// Random numbers, the same in every run.
pub(crate) struct Random(Numbers);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0.next()
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0.below(end)
    }

    pub(crate) fn bytes<const LENGTH: usize>(&mut self) -> [u8; LENGTH] {
        core::array::from_fn(|_| self.next().to_le_bytes()[3])
    }
}

type Verifier = Box<dyn Fn(&[u8; 64], &[u8]) -> bool>;

/// The key without a table, and with a table of each shape.
struct Keys(Vec<Verifier>);

impl Keys {
    fn new(bytes: &[u8]) -> Option<Self> {
        Some(Self(Vec::from([
            verifier::<8, 3>(bytes, false)?,
            verifier::<8, 3>(bytes, true)?,
            verifier::<8, 2>(bytes, true)?,
            verifier::<8, 4>(bytes, true)?,
            verifier::<7, 1>(bytes, true)?,
            verifier::<6, 5>(bytes, true)?,
        ])))
    }

    /// What all of them say.
    fn verify(&self, hash: &[u8; 64], signature: &[u8]) -> bool {
        let verdicts: Vec<_> = self.0.iter().map(|verify| verify(hash, signature)).collect();
        assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]), "{verdicts:?} {hash:x?} {signature:x?}");
        verdicts[0]
    }
}

fn verifier<const TEETH: usize, const BLOCKS: usize>(bytes: &[u8], has_table: bool) -> Option<Verifier> {
    let mut key = VerifyingKey::<TEETH, BLOCKS>::new(bytes)?;
    if has_table {
        key.build_table();
    }
    Some(Box::new(move |hash, signature| key.verify_hashed(hash, signature)))
}

fn hash_of(r: &[u8], key: &[u8], message: &[u8]) -> [u8; 64] {
    Sha512::new().chain_update(r).chain_update(key).chain_update(message).finalize().into()
}

#[test]
fn tables_come_and_go() {
    let mut key = Ed25519Key::new(&[0x66; 32]).or_else(|| Ed25519Key::new(&Extended::BASE.y.bytes())).unwrap();
    assert!(!key.has_table());
    key.build_table();
    assert!(key.has_table());
    let table = key.table.as_ref().unwrap();
    assert_eq!(size_of_val(table.entries.as_slice()), Ed25519Key::TABLE_BYTES);
    assert_eq!(Ed25519Key::TABLE_BYTES, 27_648);
    key.drop_table();
    assert!(!key.has_table());
}
