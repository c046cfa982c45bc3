//! Numbers in digits of one size, and of another.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "bits are counted of numbers of twice MAX_BITS at most, and sizes of digits are no input"
)]

use alloc::vec;
use alloc::vec::Vec;

/// The bytes of a big-endian number as digits, the lowest first.
pub(super) fn octets(bytes: &[u8]) -> Vec<u64> {
    bytes.iter().rev().map(|byte| u64::from(*byte)).collect()
}

/// A number of digits of `from` bits, shifted up by `shift` bits, as digits of `to` bits; the lowest are first. A digit
/// of the one size, and all bits but one of the other, are no more than 64.
pub(super) fn regroup(digits: &[u64], from: usize, to: usize, shift: usize) -> Vec<u64> {
    let mut regrouped = vec![0; (digits.len() * from + shift).div_ceil(to)];
    let mask = (1 << to) - 1;
    let (mut bits, mut held) = (0, shift % to);
    let mut digits = digits.iter();
    for regrouped in regrouped.iter_mut().skip(shift / to) {
        while held < to {
            bits |= digits.next().copied().unwrap_or_default() << held;
            held += from;
        }
        *regrouped = bits & mask;
        bits >>= to;
        held -= to;
    }
    regrouped
}
