//! Quotients modulo a prime, by the division steps of Bernstein and Yang ("Fast constant-time gcd computation and modular
//! inversion", CHES 2019), in variable time.
//!
//! A step divides one of `f` and `g` by 2, and the steps of a batch, as many as a limb has bits, depend on the lowest limbs
//! alone. So a batch computes a matrix, which is then applied to `f` and `g`, and modulo the prime to `d` and `e`. In the end
//! `g` is 0, `f` is 1 or -1, and `d` or `-d` is the quotient.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "indices are below the length of an array; the sizes of all numbers are stated where they are made"
)]

use super::limb::{low, truncated};

/// An odd prime `p` in `L` limbs, the lowest first, below 2 to the power of all their bits.
pub(super) trait Prime<const L: usize> {
    /// The size of a limb, in bits.
    const LIMB_BITS: u32;

    /// The limbs, each at most 2 to the power of its bits, up or down.
    fn limbs(&self) -> &[i32; L];

    /// `1 / p` modulo a limb.
    fn inverse(&self) -> i64;
}

/// How many batches of division steps end in `g = 0`: theorem 11.2, for all bits of all limbs, which are more than 46.
const fn batches(limbs: usize, limb_bits: u32) -> usize {
    assert!(2 * limb_bits + 2 < i64::BITS - 1 && limb_bits < i32::BITS - 1);
    (49 * limbs * limb_bits as usize + 57).div_ceil(17 * limb_bits as usize)
}

/// `dividend / divisor` of numbers from 0 to below `p`, as limbs that may have signs of their own. The number that they make is
/// above `-2p` and below `2p`. `None` when the divisor is zero modulo `p`.
pub(super) fn quotient<P: Prime<L>, const L: usize>(
    prime: &P,
    dividend: &[i32; L],
    divisor: &[i32; L],
) -> Option<[i32; L]> {
    // Modulo the prime, f * dividend = d * divisor and g * dividend = e * divisor.
    let (mut f, mut g) = (*prime.limbs(), *divisor);
    let (mut d, mut e) = ([0; L], *dividend);
    let mut delta = 1;
    for _ in 0..const { batches(L, P::LIMB_BITS) } {
        if g == [0; L] {
            break;
        }
        let matrix = Matrix::of_steps(&mut delta, f[0], g[0], P::LIMB_BITS);
        matrix.divide::<P, L>(&mut f, &mut g);
        matrix.divide_modulo(&mut d, &mut e, prime);
    }
    // What is left of f is the greatest common divisor, or its opposite.
    let sign = if f[L - 1] < 0 { -1 } else { 1 };
    is_unit(&f, sign, P::LIMB_BITS).then(|| d.map(|limb| sign * limb))
}

/// Whether a number, of which no limb but the last is negative, is 1 or -1, as `sign` says.
#[inline(always)]
fn is_unit<const L: usize>(number: &[i32; L], sign: i32, limb_bits: u32) -> bool {
    let (mut differences, mut rest) = (0, i64::from(sign));
    for (limb, digit) in number.iter().enumerate() {
        let expected = if limb + 1 < L { low(rest, limb_bits) } else { truncated(rest) };
        differences |= digit ^ expected;
        rest >>= limb_bits;
    }
    differences == 0
}

/// What `N` division steps do: `f' = (u f + v g) / 2^N` and `g' = (q f + r g) / 2^N`. Neither `|u| + |v|` nor
/// `|q| + |r|` is above `2^N`.
struct Matrix {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

impl Matrix {
    /// The matrix of so many steps, of which each needs no more than a further bit of `f` and `g`.
    fn of_steps(delta: &mut i32, f: i32, g: i32, steps: u32) -> Self {
        let (mut f, mut g, mut left) = (f, g, steps);
        let (mut u, mut v, mut q, mut r) = (1_i32, 0_i32, 0_i32, 1_i32);
        loop {
            // Steps of an even g only halve it.
            let zeros = (g | (1 << left)).trailing_zeros();
            g >>= zeros;
            u <<= zeros;
            v <<= zeros;
            *delta += zeros.cast_signed();
            left -= zeros;
            if left == 0 {
                return Self { u: u.into(), v: v.into(), q: q.into(), r: r.into() };
            }
            if *delta > 0 {
                *delta = -*delta;
                (f, g) = (g, f.wrapping_neg());
                (u, q) = (q, -u);
                (v, r) = (r, -v);
            }
            // Until delta is positive again, steps add f to g or do not: all at once, by the multiple of f that clears as
            // many low bits of g. Of an odd f, f * (2 - f * f) is the inverse modulo 2^6.
            let cleared = left.min((1 - *delta).cast_unsigned()).min(6);
            let negated_inverse = f.wrapping_mul(f.wrapping_mul(f).wrapping_sub(2));
            let multiple = g.wrapping_mul(negated_inverse) & ((1 << cleared) - 1);
            g = g.wrapping_add(f.wrapping_mul(multiple));
            q += u * multiple;
            r += v * multiple;
        }
    }

    /// Makes `f'` and `g'` of `f` and `g`. Columns are below `2^(2N + 1)`.
    #[inline(always)]
    fn divide<P: Prime<L>, const L: usize>(&self, f: &mut [i32; L], g: &mut [i32; L]) {
        self.divide_sums(f, g, P::LIMB_BITS, |_| (0, 0));
    }

    /// The same of `d` and `e`, modulo the prime. Both are above `-2p` and below `p`, and so are the results. Columns are
    /// below `2^(2N + 2)`.
    #[inline(always)]
    fn divide_modulo<P: Prime<L>, const L: usize>(&self, d: &mut [i32; L], e: &mut [i32; L], prime: &P) {
        // As if p were added to the negative ones, so that what is divided is above -2^N p and below 2^N p. Then the
        // multiple of p that makes it divisible is taken away, which is at most 2^N - 1.
        let [d_sign, e_sign] = [&*d, &*e].map(|number| i64::from(number[L - 1] >> 31));
        let divisible = |row: [i64; 2]| {
            let multiple = (row[0] & d_sign) + (row[1] & e_sign);
            let lowest = row[0] * i64::from(d[0]) + row[1] * i64::from(e[0]);
            let excess = lowest.wrapping_mul(prime.inverse()).wrapping_add(multiple);
            multiple - i64::from(low(excess, P::LIMB_BITS))
        };
        let (d_multiple, e_multiple) = (divisible([self.u, self.v]), divisible([self.q, self.r]));
        self.divide_sums(d, e, P::LIMB_BITS, |limb| {
            let p = i64::from(prime.limbs()[limb]);
            (d_multiple * p, e_multiple * p)
        });
    }

    /// Makes `(u a + v b) / 2^N` and `(q a + r b) / 2^N` of `a` and `b`, with something more in each column.
    #[inline(always)]
    fn divide_sums<const L: usize>(
        &self,
        a: &mut [i32; L],
        b: &mut [i32; L],
        steps: u32,
        more: impl Fn(usize) -> (i64, i64),
    ) {
        let (mut a_column, mut b_column) = (0_i64, 0_i64);
        for limb in 0..L {
            let (a_limb, b_limb) = (i64::from(a[limb]), i64::from(b[limb]));
            let (a_more, b_more) = more(limb);
            a_column += self.u * a_limb + self.v * b_limb + a_more;
            b_column += self.q * a_limb + self.r * b_limb + b_more;
            if limb > 0 {
                (a[limb - 1], b[limb - 1]) = (low(a_column, steps), low(b_column, steps));
            }
            a_column >>= steps;
            b_column >>= steps;
        }
        (a[L - 1], b[L - 1]) = (truncated(a_column), truncated(b_column));
    }
}
