//! Against the crate `rsa`, with numbers that are chosen to carry, borrow and reduce as far as any can.

use std::vec::Vec;

use super::super::dot16::Dot16;
use super::super::dot16::portable::Portable as Integers;
use super::super::fma51::Fma51;
use super::super::fma51::portable::Portable as Floats;
use super::super::oracle;
use super::super::scalar::Scalar;
use super::*;
use crate::crypto::tests::{Numbers, cases};

/// How a level computes a power.
type Power = fn(&[u8], u64, &[u8]) -> Option<Vec<u8>>;

const LEVELS: [(&str, Power); 3] =
    [("scalar", power::<Scalar>), ("dot16", power::<Dot16<Integers>>), ("fma51", power::<Fma51<Floats<true>>>)];

fn power<K: Kernel>(modulus: &[u8], exponent: u64, base: &[u8]) -> Option<Vec<u8>> {
    Modulus::<K>::new(modulus)?.power(base, exponent)
}

impl Numbers {
    pub(in crate::crypto::rsa) fn modulus(&mut self, length: usize) -> Vec<u8> {
        let mut modulus = self.bytes(length);
        *modulus.last_mut().unwrap() |= 1;
        let first = modulus.first_mut().unwrap();
        *first = (*first).max(1);
        if self.below(3) == 0 {
            // As small as it can be at its size: quotients are then the largest.
            *modulus.first_mut().unwrap() = 1 << self.below(8);
        }
        modulus
    }

    pub(in crate::crypto::rsa) fn base(&mut self, modulus: &[u8]) -> Vec<u8> {
        let mut base = match self.below(5) {
            // n - 1 and its like
            0 => {
                let mut base = modulus.to_vec();
                *base.last_mut().unwrap() ^= 1 << self.below(3);
                base
            }
            _ => self.bytes(modulus.len()),
        };
        while base.as_slice() >= modulus {
            let at = self.below(base.len().min(4));
            base[at] >>= 1;
            if base[..base.len().min(4)].iter().all(|byte| *byte == 0) && base.as_slice() >= modulus {
                base.fill(0);
            }
        }
        base
    }
}

fn compare(modulus: &[u8], exponent: u64, base: &[u8]) {
    let expected = Some(oracle::power(modulus, exponent, base));
    for (level, power) in LEVELS {
        assert_eq!(power(modulus, exponent, base), expected, "{level} {modulus:x?} {exponent} {base:x?}");
    }
}

#[test]
fn powers_are_those_of_the_crate_rsa_at_every_length() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for case in 0..cases() / 10 {
        let modulus = numbers.modulus(2 + case % 70);
        let exponent = [3, 5, 17, 257, 65537, 4_294_967_295][numbers.below(6)];
        let base = numbers.base(&modulus);
        compare(&modulus, exponent, &base);
    }
}

#[test]
fn powers_are_those_of_the_crate_rsa_at_the_sizes_of_keys() {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    for (bits, count) in [(2048, 30), (2049, 10), (2056, 10), (3072, 10), (4096, 8), (8191, 3), (8192, 5)] {
        for _ in 0..count {
            let mut modulus = numbers.modulus(usize::div_ceil(bits, 8));
            let first = modulus.first_mut().unwrap();
            let unused = (8 - bits % 8) % 8;
            *first = (*first | 0x80) >> unused;
            let base = numbers.base(&modulus);
            compare(&modulus, 3, &base);
        }
    }
}

/// A number whose limbs of so many bits are all the same, or alternate.
fn of_limbs(bytes: usize, bits: usize, limbs: [u64; 2]) -> Vec<u8> {
    let limbs: Vec<u64> = limbs.into_iter().cycle().take(bytes).collect();
    let octets = Octets::from_digits(&limbs, bits, 0);
    octets.bytes()[..bytes].iter().rev().copied().collect()
}

#[test]
fn limbs_as_far_from_zero_as_they_are_carried_make_the_right_columns() {
    for bits in [13, 26, 29, 51] {
        let half = 1 << (bits - 1);
        for bytes in [256, 512] {
            for limbs in [[half, half], [half - 1, half - 1], [half, half - 1], [2 * half - 1, 0], [half + 1, half]] {
                for modulus_limbs in [[half, half], [half - 1, half - 1], [2 * half - 1, 0]] {
                    let mut modulus = of_limbs(bytes, bits, modulus_limbs);
                    modulus[0] |= 0x80;
                    modulus[bytes - 1] |= 1;
                    let mut base = of_limbs(bytes, bits, limbs);
                    base[0] &= 0x7f;
                    compare(&modulus, 3, &base);
                }
            }
        }
    }
}

/// The quotient has the most to get wrong where the modulus is just above or below a power of two, or of few bits, and
/// the base is next to it or to its square root.
#[test]
fn quotients_are_right_at_their_worst() {
    for bits in [2048, 2051, 3072, 4096] {
        let length = usize::div_ceil(bits, 8);
        let top = 1_u8 << ((bits - 1) % 8);
        let (above, below) =
            ([&[top][..], &vec![0; length - 1]].concat(), [&[top | (top - 1)][..], &vec![0xff; length - 1]].concat());
        for (number, low) in [(&above, 1), (&above, 3), (&above, 0xff), (&below, 0xff), (&below, 0xfd), (&below, 1)] {
            let mut modulus = number.clone();
            modulus[length - 1] = low;
            let mut sparse = modulus.clone();
            sparse[length / 2] ^= 0x10;
            for modulus in [modulus, sparse] {
                let mut next = modulus.clone();
                next[length - 1] -= 1;
                let mut root = vec![0; length];
                root[length / 2 - 1] = 0xff;
                root[length / 2] = 1;
                let half = [&[modulus[0] / 2][..], &modulus[1..]].concat();
                for base in [next, root, half] {
                    compare(&modulus, 3, &base);
                }
            }
        }
    }
}

/// One guard limb instead of two is wrong twice in 284,000 cases like these.
#[test]
fn cubes_of_4096_bits_are_right() {
    let mut numbers = Numbers(0xd1b5_4a32_d192_ed03);
    for _ in 0..cases() / 50 {
        let mut modulus = numbers.modulus(512);
        modulus[0] |= 0x80;
        let base = numbers.base(&modulus);
        compare(&modulus, 3, &base);
    }
}

#[test]
fn the_largest_columns_do_not_leave_their_accumulator() {
    let modulus = vec![0xff; MAX_BITS / 8];
    let mut base = modulus.clone();
    *base.last_mut().unwrap() = 0xfe;
    compare(&modulus, 65537, &base);
    base[0] = 0x7f;
    base[1..].fill(0xff);
    compare(&modulus, 3, &base);
}

#[test]
fn small_numbers_are_right() {
    for n in (3..=255_u8).step_by(2) {
        for base in 0..n {
            let cube = u8::try_from(u32::from(base).pow(3) % u32::from(n)).unwrap();
            for (level, power) in LEVELS {
                assert_eq!(power(&[n], 3, &[base]), Some(vec![cube]), "{level} {base}^3 mod {n}");
            }
        }
    }
}

#[test]
fn what_is_no_residue_has_no_power() {
    let modulus = Modulus::<Scalar>::new(&[0x7f; 256]).unwrap();
    let base = [1; 256];
    assert!(modulus.power(&base, 3).is_some());
    for (base, exponent) in [
        (&[0x7f; 256][..], 3),
        (&[0x80; 256], 3),
        (&[0xff; 256], 65537),
        (&base[1..], 3),
        (&[[0].as_slice(), &base].concat(), 3),
        (&[], 3),
        (&base, 1),
        (&base, 0),
        (&base, 4),
    ] {
        assert_eq!(modulus.power(base, exponent), None);
    }
    assert!(
        Modulus::<Scalar>::new(&[]).is_none()
            && Modulus::<Scalar>::new(&[1]).is_none()
            && Modulus::<Scalar>::new(&[4]).is_none()
    );
    assert!(Modulus::<Scalar>::new(&vec![0xff; MAX_BITS / 8 + 1]).is_none());
}
