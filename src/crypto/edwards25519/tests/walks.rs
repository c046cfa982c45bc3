//! Whole verifications, as many as there are cases. The crate `curve25519-dalek` says for which `R` the equation holds, for pairs
//! of `S` and `k` of which each is a step from the last: so an `R` costs it an addition in place of two multiplications of points,
//! and all encodings of a walk share one inversion.

use std::sync::atomic::{AtomicUsize, Ordering};

use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::{EdwardsPoint, Scalar as Oracle};

use super::equation::{is_valid, scalar};
use super::strict::ORDER;
use super::*;
use crate::crypto::tests::{cases_or, for_each_seed};

/// How many `R` a walk has. The scalars that it is about are in the middle.
const STEPS: usize = 64;

/// How many walks there are for a key.
const WALKS: usize = 16;

/// How many cases there are to one that the crate judges by itself.
const BY_THE_CRATE: usize = 500;

/// A scalar that is small, next to a power of two or to `l`, of long runs, or random.
fn hostile(random: &mut Random) -> Oracle {
    let small = Oracle::from(random.next() % 20);
    let power = |exponent: usize| {
        let mut bytes = [0; 32];
        bytes[exponent / 8] = 1 << (exponent % 8);
        Oracle::from_bytes_mod_order(bytes)
    };
    let number = match random.below(6) {
        0 => small,
        1 => power(random.below(253)) + small - Oracle::from(10_u8),
        2 => power(random.below(253)) - power(random.below(253)),
        3 => {
            let (period, ones) = (1 + random.below(32), random.below(32));
            let runs = core::array::from_fn(|index| if index % period < ones { 0xff } else { 0 });
            Oracle::from_bytes_mod_order(runs)
        }
        _ => scalar(random),
    };
    if random.below(4) == 0 { -number } else { number }
}

/// A public key: `a B` and a point of small order, with and without a table.
#[derive(Debug)]
struct Case {
    a: Oracle,
    torsion: EdwardsPoint,
    point: EdwardsPoint,
    keys: [Ed25519Key; 2],
}

impl Case {
    fn new(random: &mut Random) -> Self {
        let mut a = hostile(random);
        if a == Oracle::ZERO {
            a = Oracle::ONE;
        }
        let torsion = EIGHT_TORSION[if random.below(2) == 0 { 0 } else { random.below(8) }];
        let point = EdwardsPoint::mul_base(&a) + torsion;
        let without_table = Ed25519Key::new(point.compress().as_bytes()).unwrap();
        let mut with_table = without_table.clone();
        with_table.build_table();
        Self { a, torsion, point, keys: [without_table, with_table] }
    }

    /// `S` and `k` of which many are such that points meet on the way.
    fn related(&self, random: &mut Random) -> [Oracle; 2] {
        let [s, k] = [(); 2].map(|()| hostile(random));
        match random.below(8) {
            0 => [k * self.a, k],
            1 => [-(k * self.a), k],
            2 => [k * self.a + Oracle::from(random.next() % 3), k],
            3 => [s, s],
            4 => [Oracle::ZERO, k],
            5 => [s, Oracle::ZERO],
            _ => [s, k],
        }
    }

    /// The `R` of `S` and `k`, where `k` is the number below `l`.
    fn r(&self, [s, k]: &[Oracle; 2]) -> EdwardsPoint {
        EdwardsPoint::mul_base(s) - self.point * k
    }

    fn walk(&self, random: &mut Random) -> Vec<([Oracle; 2], EdwardsPoint)> {
        let [zero, one] = [Oracle::ZERO, Oracle::ONE];
        let middle = self.related(random);
        let step = match random.below(6) {
            0 => [one, zero],
            1 => [zero, one],
            2 => [one, -one],
            3 => [hostile(random), zero],
            4 => [zero, hostile(random)],
            _ => [(); 2].map(|()| hostile(random)),
        };
        let half = Oracle::from(u64::try_from(STEPS / 2).unwrap());
        let mut scalars = [middle[0] - step[0] * half, middle[1] - step[1] * half];
        let (mut r, difference) = (self.r(&scalars), self.r(&step));
        // The order of the key may be a multiple of `l`, which is 5 modulo 8: where `k` begins again from 0, so much is missing.
        let missing = self.torsion * Oracle::from(5_u8);
        let mut walk = Vec::with_capacity(STEPS);
        for _ in 0..STEPS {
            walk.push((scalars, r));
            let k = scalars[1] + step[1];
            r += difference;
            if k.as_bytes().iter().rev().lt(scalars[1].as_bytes().iter().rev()) {
                r += missing;
            }
            scalars = [scalars[0] + step[0], k];
        }
        walk
    }

    fn check_walk(&self, walk: &[([Oracle; 2], EdwardsPoint)], random: &mut Random) -> [usize; 2] {
        let points: [EdwardsPoint; STEPS] = core::array::from_fn(|index| walk[index].1);
        let others = points.map(|r| r + EIGHT_TORSION[random.below(7) + 1]);
        let [points_encoded, others] = [points, others].map(|points| EdwardsPoint::compress_batch(&points));
        let mut verdicts = [0; 2];
        for (index, ([s, k], r)) in walk.iter().enumerate() {
            let own = points_encoded[index];
            let encoded = match random.below(16) {
                0 => points_encoded[index.saturating_sub(1)],
                1 => others[index],
                _ => own,
            };
            let expected = encoded == own && !r.is_small_order();
            verdicts[usize::from(!expected)] += 1;
            let hash = hash_of_class(k, random);
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(encoded.as_bytes());
            signature[32..].copy_from_slice(s.as_bytes());
            let [without_table, with_table] = &self.keys;
            assert_eq!(with_table.verify_hashed(&hash, &signature), expected, "{self:?} {hash:x?} {signature:x?}");
            if random.below(cases() / cases_or(5_000)) == 0 {
                assert_eq!(
                    without_table.verify_hashed(&hash, &signature),
                    expected,
                    "{self:?} {hash:x?} {signature:x?}"
                );
            }
            if random.below(BY_THE_CRATE) == 0 {
                assert_eq!(is_valid(&self.point, &hash, &signature), expected, "{self:?} {hash:x?} {signature:x?}");
                signature[random.below(64)] ^= 1 << random.below(8);
                let expected = is_valid(&self.point, &hash, &signature);
                for key in &self.keys {
                    assert_eq!(key.verify_hashed(&hash, &signature), expected, "{self:?} {hash:x?} {signature:x?}");
                }
            }
        }
        verdicts
    }
}

/// A hash that is `k` modulo `l`: of 512 bits, or `k` itself.
fn hash_of_class(k: &Oracle, random: &mut Random) -> [u8; 64] {
    let mut columns = [0_u64; 64];
    for (column, byte) in columns.iter_mut().zip(k.as_bytes()) {
        *column = u64::from(*byte);
    }
    let factor: [u8; 32] = match random.below(4) {
        0 => [0; 32],
        // The largest for which the sum has no more bits.
        1 => core::array::from_fn(|index| if index == 31 { 0xfe } else { 0xff }),
        _ => random.bytes().map(|byte| byte & 0xfe),
    };
    for (index, a) in factor.iter().enumerate() {
        for (column, b) in columns[index..].iter_mut().zip(ORDER) {
            *column += u64::from(*a) * u64::from(b);
        }
    }
    let mut carry = 0;
    let hash = columns.map(|column| {
        let sum = column + carry;
        carry = sum >> 8;
        sum.to_le_bytes()[0]
    });
    assert_eq!(carry, 0);
    hash
}

/// With the table that is shipped, and without.
#[test]
fn signatures_of_chosen_scalars() {
    let verdicts = [(); 2].map(|()| AtomicUsize::new(0));
    let batches = cases().div_ceil(WALKS * STEPS);
    for_each_seed(batches, |seed| {
        let mut random = Random::new(seed);
        let case = Case::new(&mut random);
        for _ in 0..WALKS {
            let counts = case.check_walk(&case.walk(&mut random), &mut random);
            for (verdict, count) in verdicts.iter().zip(counts) {
                verdict.fetch_add(count, Ordering::Relaxed);
            }
        }
    });
    let [accepted, refused] = verdicts.map(AtomicUsize::into_inner);
    assert_eq!(accepted + refused, batches * WALKS * STEPS);
    assert!(accepted > cases() * 3 / 4 && refused > cases() / 16, "{accepted} {refused}");
}
