//! Powers modulo numbers of the sizes of keys, against the crate `rsa`: of hostile limbs, which are those of the level.

#![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use super::super::dot16::Dot16;
use super::super::dot16::portable::Portable as Integers;
use super::super::fma51::Fma51;
use super::super::fma51::portable::Portable as Floats;
use super::super::kernel::Kernel;
use super::super::oracle;
use super::super::scalar::Scalar;
use super::*;
use crate::crypto::tests::{Numbers, cases_or, for_each_seed};

/// How many powers there are modulo the same number.
const POWERS: usize = 16;

/// Sizes in bits: half of all is one of the small ones, and one in sixteen a large one.
const SMALL: [usize; 8] = [512, 521, 768, 1000, 1023, 1024, 1025, 1536];
const USUAL: [usize; 8] = [2048, 2048, 2048, 2048, 2040, 2047, 2049, 2056];
const LARGE: [usize; 2] = [3072, 4096];

/// A limb that is next to what is carried, or to no or all bits; or any.
fn limb(numbers: &mut Numbers, bits: usize) -> u64 {
    let half = 1 << (bits - 1);
    match numbers.below(8) {
        0 => half,
        1 => half - 1,
        2 => half + 1,
        3 => 0,
        4 => 1,
        5 => 2 * half - 1,
        _ => numbers.next() & (2 * half - 1),
    }
}

/// A number of so many bytes, big-endian, of limbs that are any of those, all the same, or two in turn; they begin at its lowest
/// bit, or at another.
fn number(numbers: &mut Numbers, limb_bits: usize, bytes: usize) -> Vec<u8> {
    let kind = numbers.below(4);
    if kind == 0 {
        return numbers.bytes(bytes);
    }
    let pattern = [(); 2].map(|()| limb(numbers, limb_bits));
    let (mut held, mut bits) = (0_u128, if numbers.below(2) == 0 { 0 } else { numbers.below(limb_bits) });
    let mut number = vec![0; bytes];
    let mut index = 0;
    for byte in number.iter_mut().rev() {
        while bits < 8 {
            let limb = if kind == 1 { limb(numbers, limb_bits) } else { pattern[index % (kind - 1)] };
            held |= u128::from(limb) << bits;
            bits += limb_bits;
            index += 1;
        }
        [*byte, ..] = held.to_le_bytes();
        held >>= 8;
        bits -= 8;
    }
    number
}

/// A modulus of hostile limbs.
fn modulus(numbers: &mut Numbers, limb_bits: usize) -> Vec<u8> {
    let sizes: &[usize] = match numbers.below(16) {
        0 => &LARGE,
        1..8 => &USUAL,
        _ => &SMALL,
    };
    let bits = sizes[numbers.below(sizes.len())];
    let mut modulus = number(numbers, limb_bits, bits.div_ceil(8));
    let top = 1 << ((bits - 1) % 8);
    modulus[0] = modulus[0] & (2 * (top - 1) + 1) | top;
    if numbers.below(4) == 0 {
        // As small as it can be at its size: quotients are then the largest.
        modulus[0] = top;
    }
    modulus[bits.div_ceil(8) - 1] |= 1;
    modulus
}

fn powers_of_hostile_limbs<K: Kernel>() {
    for_each_seed(cases_or(10_000).div_ceil(POWERS), |seed| {
        let mut numbers = Numbers(seed);
        let modulus = modulus(&mut numbers, K::LIMB_BITS);
        let exponent = if numbers.below(32) == 0 { 65537 } else { 3 };
        let oracle = oracle::Key::new(&modulus, exponent);
        let ours = Modulus::<K>::new(&modulus).unwrap();
        for _ in 0..POWERS {
            let mut base = number(&mut numbers, K::LIMB_BITS, modulus.len());
            if numbers.below(8) == 0 {
                // Next to the modulus.
                base.copy_from_slice(&modulus);
                base[modulus.len() - 1] ^= 1 << numbers.below(3);
            }
            while base >= modulus {
                base[0] >>= 1;
            }
            assert_eq!(ours.power(&base, exponent), Some(oracle.power(&base)), "{modulus:x?} {exponent} {base:x?}");
        }
    });
}

#[test]
fn powers_of_hostile_limbs_without_simd() {
    powers_of_hostile_limbs::<Scalar>();
}

#[test]
fn powers_of_hostile_limbs_with_simd() {
    powers_of_hostile_limbs::<Dot16<Integers>>();
}

#[test]
fn powers_of_hostile_limbs_with_relaxed_simd() {
    powers_of_hostile_limbs::<Fma51<Floats<true>>>();
}
