//! Multiples of two points at once without a table: by sparse digits (Straus; Solinas: Low-Weight Binary Representations).

#![expect(
    clippy::indexing_slicing,
    reason = "digits are odd and below 2^(WIDTH - 1), and there is a multiple for each"
)]

use alloc::vec::Vec;

use super::point::{Cached, Completed, Extended};
use super::scalar::Scalar;

/// The width of the digits.
const WIDTH: usize = 5;
/// How many odd multiples digits ask for.
const MULTIPLES: usize = 1 << (WIDTH - 2);

/// `a_scalar * a + b_scalar * b`
pub(super) fn sum_of_products(a_scalar: &Scalar, a: &Extended, b_scalar: &Scalar, b: &Extended) -> Completed {
    let terms =
        [(a_scalar, a), (b_scalar, b)].map(|(scalar, point)| (scalar.sparse_digits(WIDTH), odd_multiples(point)));
    let [(a_digits, _), (b_digits, _)] = &terms;
    let is_above = |index: &usize| a_digits[*index] != 0 || b_digits[*index] != 0;
    let mut sum = Completed::neutral();
    let Some(last) = (0..a_digits.len()).rev().find(is_above) else { return sum };
    for index in (0..=last).rev() {
        if index < last {
            sum.double();
        }
        for (digits, multiples) in &terms {
            let digit = digits[index];
            if digit != 0 {
                let multiple = &multiples[usize::from(digit.unsigned_abs()) / 2];
                sum.add(multiple, digit < 0);
            }
        }
    }
    sum
}

/// `point`, `3 * point`, `5 * point` and so on.
#[inline(never)]
fn odd_multiples(point: &Extended) -> Vec<Cached> {
    let mut sum = point.doubled();
    let doubled = sum.extended().cached();
    let mut multiple = *point;
    let next = |index| {
        if index > 0 {
            sum.set_sum(&multiple, &doubled, false);
            multiple = sum.extended();
        }
        multiple.cached()
    };
    (0..MULTIPLES).map(next).collect()
}
