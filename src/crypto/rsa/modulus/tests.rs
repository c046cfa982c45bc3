//! Against the crate `rsa`, with numbers that are chosen to carry, borrow and reduce as far as any can.

use std::env;
use std::vec::Vec;

use rsa::hazmat::rsa_encrypt;
use rsa::{BoxedUint, PublicKey};

use super::*;
use super::super::{scalar::Scalar, dot16::{self,Dot16}, fma51::{self, Fma51}};
use alloc::vec;

/// How many random cases; `TOLLGATE_CASES` for more.
fn cases() -> usize {
    env::var("TOLLGATE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4_000)
}

fn oracle(modulus: &[u8], exponent: u64, base: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    let key = PublicKey::new_unchecked(number(modulus), BoxedUint::from(exponent));
    let power = rsa_encrypt(&key, &number(base)).unwrap().to_be_bytes();
    let significant = power.len().saturating_sub(modulus.len());
    let mut padded = vec![0; modulus.len().saturating_sub(power.len())];
    padded.extend_from_slice(&power[significant..]);
    padded
}

/// Numbers of which a half is random, and the rest is what carries come from and go to.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap().checked_rem(end).unwrap()
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let kind = self.below(8);
        let mut bytes: Vec<u8> = match kind {
            0 => vec![0xff; length],
            1 => vec![0; length],
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

    fn modulus(&mut self, length: usize) -> Vec<u8> {
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

    fn base(&mut self, modulus: &[u8]) -> Vec<u8> {
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
    let power = Some(oracle(modulus, exponent, base));
    assert_eq!(Modulus::<Scalar>::new(modulus).unwrap().power(base, exponent), power, "{modulus:x?} {exponent} {base:x?}");
    assert_eq!(Modulus::<Dot16<dot16::portable::Portable>>::new(modulus).unwrap().power(base, exponent), power, "{modulus:x?} {exponent} {base:x?}");
    assert_eq!(Modulus::<Fma51<fma51::portable::Portable<true>>>::new(modulus).unwrap().power(base, exponent), power, "{modulus:x?} {exponent} {base:x?}");
}

#[test]
fn powers_are_those_of_the_crate_rsa_at_every_length() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for case in 0..cases() {
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
        let modulus = Modulus::<Scalar>::new(&[n]).unwrap();
        for base in 0..n {
            let cube = u32::from(base).pow(3) % u32::from(n);
            assert_eq!(modulus.power(&[base], 3), Some(vec![u8::try_from(cube).unwrap()]), "{base}^3 mod {n}");
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
    assert!(Modulus::<Scalar>::new(&[]).is_none() && Modulus::<Scalar>::new(&[1]).is_none() && Modulus::<Scalar>::new(&[4]).is_none());
    assert!(Modulus::<Scalar>::new(&vec![0xff; MAX_BITS / 8 + 1]).is_none());
}
