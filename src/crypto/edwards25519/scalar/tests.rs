//! Against the crate `curve25519-dalek`.

use std::vec::Vec;

use curve25519_dalek::Scalar as Oracle;

use super::super::tests::{Random, cases};
use super::*;

fn bytes_of(scalar: &Scalar) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (chunk, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(scalar.0) {
        *chunk = word.to_le_bytes();
    }
    bytes
}

/// `l` and a number that is added to it, in 32 bytes.
fn beside_order(more: i8) -> [u8; 32] {
    let mut words = ORDER;
    words[0] = words[0].checked_add_signed(more.into()).unwrap();
    bytes_of(&Scalar(words))
}

#[test]
fn only_numbers_below_the_order_are_scalars() {
    for (bytes, is_scalar) in [
        ([0; 32], true),
        (beside_order(-1), true),
        (beside_order(0), false),
        (beside_order(1), false),
        ([0xff; 32], false),
        (array::from_fn(|index| u8::from(index == 31) << 4), true),
        (array::from_fn(|index| u8::from(index == 31) << 5), false),
    ] {
        assert_eq!(Scalar::of_bytes(&bytes).is_some(), is_scalar, "{bytes:x?}");
    }
    let mut random = Random::new(11);
    for _ in 0..cases() {
        let mut bytes: [u8; 32] = random.bytes();
        bytes[31] &= [0xff, 0x1f, 0x0f][random.below(3)];
        let scalar = Scalar::of_bytes(&bytes);
        assert_eq!(scalar.is_some(), bool::from(Oracle::from_canonical_bytes(bytes).is_some()), "{bytes:x?}");
        assert!(scalar.is_none_or(|scalar| bytes_of(&scalar) == bytes));
    }
}

#[test]
fn hashes_are_reduced() {
    let mut random = Random::new(12);
    let reduce = |hash: [u8; 64]| {
        let reduced = bytes_of(&Scalar::of_hash(&hash));
        assert_eq!(reduced, Oracle::from_bytes_mod_order_wide(&hash).to_bytes(), "{hash:x?}");
    };
    let at = |place: usize, number: [u8; 32]| {
        let mut hash = [0; 64];
        hash[place..place + 32].copy_from_slice(&number);
        hash
    };
    for place in 0..=32 {
        for more in -3..=3 {
            reduce(at(place, beside_order(more)));
        }
        reduce(at(place, [0xff; 32]));
    }
    for bit in 0..512 {
        let power: [u8; 64] = array::from_fn(|index| u8::from(index == bit / 8) << (bit % 8));
        reduce(power);
        reduce(power.map(|byte| !byte));
        reduce(array::from_fn(|index| match index.cmp(&(bit / 8)) {
            core::cmp::Ordering::Less => 0xff,
            core::cmp::Ordering::Equal => 1 << (bit % 8),
            core::cmp::Ordering::Greater => 0,
        }));
    }
    // Multiples of l, and their neighbours.
    for _ in 0..cases() / 2 {
        let factor: [u8; 32] = random.bytes();
        let mut product = [0_u64; 64];
        for (index, a) in factor.iter().enumerate() {
            for (place, b) in product[index..].iter_mut().zip(beside_order(0)) {
                *place += u64::from(*a) * u64::from(b);
            }
        }
        product[0] += [0, 1, 2][random.below(3)];
        let mut carry = 0;
        reduce(product.map(|sum| {
            let [byte, rest @ ..] = (sum + carry).to_le_bytes();
            carry = rest.iter().rev().fold(0, |carry, byte| carry << 8 | u64::from(*byte));
            byte
        }));
        reduce(random.bytes());
    }
}

/// Some scalars that are special, and random ones.
pub(crate) fn scalars(random: &mut Random, count: usize) -> Vec<Scalar> {
    let powers = (0..252).map(|bit| array::from_fn(|index| u8::from(index == bit / 8) << (bit % 8)));
    let ones = (0..=252).map(|bit| {
        array::from_fn(|index| match bit - (8 * index).min(bit) {
            0 => 0,
            ones @ 1..8 => (1 << ones) - 1,
            _ => 0xff,
        })
    });
    let special = [[0; 32], beside_order(-1), beside_order(-2)].into_iter().chain(powers).chain(ones);
    let mut scalars: Vec<_> = special.map(|bytes| Scalar::of_bytes(&bytes).unwrap()).collect();
    scalars.extend((0..count).map(|_| Scalar::of_hash(&random.bytes())));
    scalars
}

/// The bits of the sum of `digits`, of which each counts twice the one before it.
fn bits_of(digits: impl IntoIterator<Item = i32>) -> Vec<usize> {
    let mut carry = 0;
    let mut bits: Vec<_> = digits
        .into_iter()
        .map(|digit| {
            let sum = digit + carry;
            carry = sum >> 1;
            usize::from(sum & 1 == 1)
        })
        .collect();
    assert!(carry == 0);
    bits.resize(256, 0);
    bits
}

#[test]
fn digits_sum_up_to_the_number() {
    let mut random = Random::new(13);
    for scalar in scalars(&mut random, cases() / 2) {
        let bits: Vec<_> = (0..256).map(|bit| scalar.bit(bit)).collect();
        assert_eq!(
            bits_of(bytes_of(&scalar).iter().flat_map(|byte| (0..8).map(move |bit| i32::from(byte >> bit & 1)))),
            bits
        );
        for width in [2, 5, 6] {
            let digits = scalar.sparse_digits(width);
            assert_eq!(bits_of(digits.iter().map(|digit| i32::from(*digit))), bits);
            assert!(
                digits.iter().all(|digit| *digit == 0 || digit % 2 != 0 && digit.unsigned_abs() < 1 << (width - 1))
            );
            assert!(digits.windows(width).all(|digits| digits.iter().filter(|digit| **digit != 0).count() <= 1));
        }
    }
}

#[test]
fn scalars_are_made_odd() {
    let mut random = Random::new(14);
    for scalar in scalars(&mut random, cases() / 2) {
        let mut bytes = bytes_of(&scalar);
        let odd = bytes_of(&scalar.made_odd_by_order());
        assert!(odd[0] & 1 == 1);
        assert_eq!(Oracle::from_bytes_mod_order(odd).to_bytes(), bytes);
        assert_eq!(odd == bytes, !scalar.is_even());
        bytes[0] |= 1;
        assert_eq!(bytes_of(&scalar.made_odd()), bytes);
    }
}
