//! The reciprocal that a reduction multiplies with, by long division.
//!
//! Digits have 26 bits, and signs while they are divided: a quotient's digit that is too large by one makes the next
//! ones negative, so that none is ever corrected. It is estimated in floating point, from the three highest digits.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a digit is below 2^26, and a quotient's digit 2^26 and a little at most, so that no sum of their product, \
              a carry and the highest digit leaves 64 bits"
)]

use alloc::vec;
use alloc::vec::Vec;

/// The size of a digit, in bits.
pub(super) const DIGIT_BITS: usize = 26;

/// The size of what a quotient is returned in.
pub(super) const HALF_DIGIT_BITS: usize = DIGIT_BITS / 2;

const RADIX: i64 = 1 << DIGIT_BITS;
const HALF_MASK: i64 = (1 << HALF_DIGIT_BITS) - 1;

/// `2^exponent` divided by the number of `digits`, the lowest first: the halves of the quotient's digits. It misses by
/// hardly more than one. The number has exactly `bits` bits: no fewer than a digit, and no more than `exponent`.
pub(super) fn reciprocal(digits: &[u64], bits: usize, exponent: usize) -> Vec<u64> {
    let digits: Vec<i64> = digits.iter().map(|digit| digit.cast_signed()).collect();
    let count = (exponent - bits + 1).div_ceil(DIGIT_BITS);
    // The highest bit, so far down that it is below the divisor.
    let mut rest = vec![0; digits.len()];
    let top = exponent - count * DIGIT_BITS;
    if let Some(digit) = rest.get_mut(top / DIGIT_BITS) {
        *digit = 1 << (top % DIGIT_BITS);
    }
    let mut quotient = vec![0; count];
    let divisor = leading(&digits);
    for quotient_digit in quotient.iter_mut().rev() {
        #[expect(clippy::cast_possible_truncation, reason = "the quotient is one digit, or a little more")]
        let digit = (leading(&rest) / divisor * RADIX as f64) as i64;
        subtract_product(&mut rest, &digits, digit);
        *quotient_digit = digit;
    }
    let mut halves = vec![0; 2 * count];
    let mut carry = 0;
    for (halves, digit) in halves.as_chunks_mut().0.iter_mut().zip(quotient) {
        let sum = digit + carry;
        *halves = [sum, sum >> HALF_DIGIT_BITS].map(|half| (half & HALF_MASK).cast_unsigned());
        carry = sum >> DIGIT_BITS;
    }
    halves
}

/// The three highest digits of a number as one.
fn leading(digits: &[i64]) -> f64 {
    digits.iter().rev().take(3).fold(0.0, |sum, digit| sum * RADIX as f64 + *digit as f64)
}

/// `rest` one digit up, without `digit` times `divisor`. The highest digit of `rest` has a sign.
fn subtract_product(rest: &mut [i64], divisor: &[i64], digit: i64) {
    let (mut below, mut carry, mut highest) = (0, 0, 0);
    for (rest, divisor) in rest.iter_mut().zip(divisor) {
        highest = below - digit * divisor + carry;
        below = *rest;
        *rest = highest & (RADIX - 1);
        carry = highest >> DIGIT_BITS;
    }
    if let Some(top) = rest.last_mut() {
        *top = highest + (below << DIGIT_BITS);
    }
}
