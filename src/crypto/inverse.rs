//! Inverses modulo a prime, by Euclid's algorithm on leading digits (Lehmer, "Euclid's algorithm for large numbers", 1938), in
//! variable time.
//!
//! Remainders `f` and `g` begin as the prime and the number. Quotients, rounded to nearest, are computed of their 62 leading
//! bits alone, as long as these suffice, and make a matrix, which is then applied to `f` and `g`, and to `d` and `e`. As its
//! determinant is 1 or -1, it leaves the greatest common divisor what it is whatever the quotients are: a wrong one costs time
//! and nothing else. The last quotients are of all bits, and leave no remainder below zero: in the end `g` is 0, `f` is 1, and `d` is
//! the inverse. Were `f` anything else, there would be none.
//!
//! Of leading bits `a > b`, the matrix of which `b` is the last divisor has no number above `4/3 * 2^62 / b`, and a remainder is
//! at most twice that off. With a `b` of [`PRECISION`] or more that is a sixth of it, so that a remainder is at most 3/4 of the
//! one before. As `f e - g d` is the prime or its opposite, `e` is at most 5/2 of the prime over `f`. Where `g` is 1 or -1, `f` is
//! 2 or more and `d` below 5/6 of the prime: so `e`, the inverse, is below the prime.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "indices are below the length of an array; the sizes of all numbers are stated where they are made"
)]

use super::limb::{low, truncated};

/// How many leading bits are computed with.
const LEADING_BITS: u32 = 62;
/// The least divisor.
const PRECISION: u64 = 1 << 33;
/// No number of a matrix is above 2 to the power of so many bits.
const MATRIX_BITS: u32 = 30;

const _: () = assert!((4_u64 << LEADING_BITS) / PRECISION <= 3 << MATRIX_BITS);

/// An odd prime `p` in `L` limbs, the lowest first, of which the last one is positive.
pub(super) trait Prime<const L: usize> {
    /// The size of a limb, in bits.
    const LIMB_BITS: u32;

    /// The limbs, each at most 2 to the power of its bits, up or down.
    fn limbs(&self) -> &[i32; L];
}

/// `1 / number` modulo a prime, of a number from 0 to below `p`, as limbs that may have signs of their own. The number that they
/// make is above `-p` and below `p`. `None` when the number is zero, or when two remainders are further apart than quotients
/// reach: that takes a chosen number.
pub(super) fn inverse<P: Prime<L>, const L: usize>(prime: &P, number: &[i32; L]) -> Option<[i32; L]> {
    // A column has two products of a limb, which may be twice as large as its bits say, and what the one below it left.
    const { assert!(L > 3 && P::LIMB_BITS + 1 + MATRIX_BITS + 2 < i64::BITS) };
    let limb_bits = P::LIMB_BITS;
    // Modulo the prime, f is d * number and g is e * number.
    let (mut f, mut g) = (*prime.limbs(), *number);
    let (mut d, mut e) = ([0; L], [0; L]);
    e[0] = 1;
    // How many limbs f and g still have.
    let mut length = L;
    while g != [0; L] {
        let matrix = Matrix::of_quotients(&f[..length], &g[..length], limb_bits)?;
        matrix.apply(&mut f[..length], &mut g[..length], limb_bits);
        matrix.apply(&mut d, &mut e, limb_bits);
        while length > 2 && [&f, &g].iter().all(|number| matches!(number[length - 1], -1 | 0)) {
            length -= 1;
            for number in [&mut f, &mut g] {
                number[length - 1] += number[length] << limb_bits;
                number[length] = 0;
            }
        }
    }
    // What is left of f is the greatest common divisor.
    let [unit, above, rest @ ..] = &f.map(i64::from)[..] else { return None };
    (unit + (above << limb_bits) == 1 && rest.iter().all(|limb| *limb == 0)).then_some(d)
}

/// What some steps of Euclid's algorithm do: `f' = u f + v g` and `g' = q f + r g`.
struct Matrix {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

impl Matrix {
    /// The matrix of all quotients that the leading bits suffice for; `None` when they do for none.
    #[inline(always)]
    fn of_quotients(f: &[i32], g: &[i32], limb_bits: u32) -> Option<Self> {
        let [f, g] = [f, g].map(|number| leading_limbs(number, limb_bits));
        let shift = (f[0].unsigned_abs() | g[0].unsigned_abs()).leading_zeros() - (u64::BITS - LEADING_BITS);
        let [a, b] = [f, g].map(|[high, low]| (high << shift) + (low >> (2 * limb_bits).saturating_sub(shift)));
        let (mut u, mut v, mut q, mut r) = (a.signum(), 0, 0, b.signum());
        let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
        if a < PRECISION || b < PRECISION {
            return None;
        }
        while b >= PRECISION {
            let quotient = (a + b / 2) / b;
            let rest = a.wrapping_sub(quotient * b).cast_signed();
            // A remainder below zero is taken as its opposite, without a branch: its sign cannot be foretold.
            let sign = rest >> 63;
            (a, b) = (b, rest.unsigned_abs());
            let quotient = quotient.cast_signed();
            (u, q) = (q, ((u - quotient * q) ^ sign) - sign);
            (v, r) = (r, ((v - quotient * r) ^ sign) - sign);
        }
        Some(Self { u, v, q, r })
    }

    /// Makes `f'` and `g'` of `f` and `g`.
    #[inline(always)]
    fn apply(&self, f: &mut [i32], g: &mut [i32], limb_bits: u32) {
        let (mut f_column, mut g_column) = (0_i64, 0_i64);
        let last = f.len() - 1;
        for (limb, (f, g)) in f.iter_mut().zip(g).enumerate() {
            let (f_limb, g_limb) = (i64::from(*f), i64::from(*g));
            f_column += self.u * f_limb + self.v * g_limb;
            g_column += self.q * f_limb + self.r * g_limb;
            if limb < last {
                (*f, *g) = (low(f_column, limb_bits), low(g_column, limb_bits));
            } else {
                (*f, *g) = (truncated(f_column), truncated(g_column));
            }
            f_column >>= limb_bits;
            g_column >>= limb_bits;
        }
    }
}

/// The two limbs of a number that lead, and the two after them.
#[inline(always)]
fn leading_limbs(number: &[i32], limb_bits: u32) -> [i64; 2] {
    let pair = |high: i32, low: i32| (i64::from(high) << limb_bits) + i64::from(low);
    match *number {
        [.., low, next, second, first] => [pair(first, second), pair(next, low)],
        [next, second, first] => [pair(first, second), pair(next, 0)],
        [second, first] => [pair(first, second), 0],
        _ => [0, 0],
    }
}
