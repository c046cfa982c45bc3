//! The reciprocal that a reduction multiplies with, by long division.
//!
//! Digits have 26 bits, and signs while they are divided: a quotient's digit that is too large by one makes the next ones
//! negative, so that none is ever corrected. It is estimated in floating point, from the three highest digits.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a digit is below 2^26, a quotient's digit at most 2^26 and a little, so that no sum of their product, a carry and \
              the highest digit leaves 64 bits; an index is that of a digit"
)]

use alloc::vec;
use alloc::vec::Vec;

/// The size of a digit, in bits.
pub(super) const DIGIT_BITS: u32 = 26;

const MASK: i64 = (1 << DIGIT_BITS) - 1;

/// `2^exponent` divided by the number of `digits`, the lowest first: the digits of the quotient, which misses by less than one.
/// The number has exactly `bits` bits, of which there are no fewer than those of a digit, and no more than `exponent`.
pub(super) fn reciprocal(digits: &[i64], bits: usize, exponent: usize) -> Vec<i64> {
    let digit_bits = DIGIT_BITS as usize;
    let count = (exponent - bits + 1).div_ceil(digit_bits);
    let mut rest = vec![0; digits.len()];
    let top = exponent - count * digit_bits;
    rest[top / digit_bits] = 1 << (top % digit_bits);
    let divisor = leading(digits);
    let mut quotient: Vec<i64> = (0..count)
        .map(|_| {
            #[expect(clippy::cast_possible_truncation, reason = "rest / divisor is at most 1 and a little")]
            let digit = (leading(&rest) / divisor * (1_i64 << DIGIT_BITS) as f64) as i64;
            subtract_product(&mut rest, digits, digit);
            digit
        })
        .collect();
    quotient.reverse();
    let mut carry = 0;
    for digit in &mut quotient {
        let sum = *digit + carry;
        *digit = sum & MASK;
        carry = sum >> DIGIT_BITS;
    }
    quotient
}

/// The highest digits of a number, relative to the lowest of them.
fn leading(digits: &[i64]) -> f64 {
    digits.iter().rev().take(3).fold(0.0, |sum, digit| sum * (1_i64 << DIGIT_BITS) as f64 + *digit as f64)
}

/// `rest` one digit up, without `digit` times `divisor`. The highest digit of `rest` has a sign.
fn subtract_product(rest: &mut [i64], divisor: &[i64], digit: i64) {
    let (mut below, mut carry) = (0, 0);
    let mut highest = 0;
    for (rest, divisor) in rest.iter_mut().zip(divisor) {
        highest = below - digit * divisor + carry;
        below = *rest;
        *rest = highest & MASK;
        carry = highest >> DIGIT_BITS;
    }
    if let Some(top) = rest.last_mut() {
        *top = highest + (below << DIGIT_BITS);
    }
}
