//! Quotients modulo a prime, by the division steps of Bernstein and Yang ("Fast constant-time gcd computation and modular
//! inversion", CHES 2019), a limb's worth of them at a time from the low bits alone, and in variable time.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "indices are below the length of an array; the sizes of all numbers are stated where they are made"
)]

use super::field::Field;
use super::limb::{low, mask, truncated};
use super::modulus::{Modulus, Residue};

impl<F: Field<L>, const L: usize> Modulus<F, L> {
    /// How many batches of division steps end in `g = 0`: theorem 11.2, for numbers of more than 46 bits.
    const BATCHES: u32 = {
        assert!(2 * F::LIMB_BITS + 2 < i64::BITS - 1 && F::LIMB_BITS < i32::BITS - 1);
        (49 * Self::BITS + 57).div_ceil(17 * F::LIMB_BITS)
    };

    /// `dividend / divisor`; `None` when the divisor is zero.
    pub(super) fn quotient(&self, dividend: &Residue<L>, divisor: &Residue<L>) -> Option<Residue<L>> {
        // Modulo the prime, f * dividend = d * divisor and g * dividend = e * divisor.
        let (mut f, mut g) = (self.limbs, *divisor);
        let (mut d, mut e) = ([0; L], *dividend);
        let mut delta = 1;
        for _ in 0..Self::BATCHES {
            if g == [0; L] {
                break;
            }
            let matrix = Matrix::of_steps(&mut delta, f[0], g[0], F::LIMB_BITS);
            (f, g) = matrix.divided(&f, &g, F::LIMB_BITS);
            (d, e) = matrix.divided_modulo(&d, &e, self);
        }
        // What is left of f is the greatest common divisor, or its opposite.
        let sign = if f == core::array::from_fn(|limb| i32::from(limb == 0)) {
            1
        } else if f == core::array::from_fn(|limb| if limb + 1 < L { low(-1, F::LIMB_BITS) } else { -1 }) {
            -1
        } else {
            return None;
        };
        // -2p < d < p
        let mut quotient = self.combined(&d, sign, 0);
        for _ in 0..2 {
            if quotient[L - 1] < 0 {
                quotient = self.combined(&quotient, 1, 1);
            }
        }
        Some(self.reduced(quotient))
    }
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
            let inverse = f.wrapping_mul(f.wrapping_mul(f).wrapping_sub(2));
            let multiple = g.wrapping_mul(inverse) & truncated(mask(cleared));
            g = g.wrapping_add(f.wrapping_mul(multiple));
            q += u * multiple;
            r += v * multiple;
        }
    }

    /// `f'` and `g'`. Columns are below `2^(2N + 1)`.
    fn divided<const L: usize>(&self, f: &[i32; L], g: &[i32; L], steps: u32) -> ([i32; L], [i32; L]) {
        let (mut next_f, mut next_g) = ([0; L], [0; L]);
        let (mut f_column, mut g_column) = (0_i64, 0_i64);
        for limb in 0..L {
            let (f, g) = (i64::from(f[limb]), i64::from(g[limb]));
            f_column += self.u * f + self.v * g;
            g_column += self.q * f + self.r * g;
            if limb > 0 {
                next_f[limb - 1] = low(f_column, steps);
                next_g[limb - 1] = low(g_column, steps);
            }
            f_column >>= steps;
            g_column >>= steps;
        }
        next_f[L - 1] = truncated(f_column);
        next_g[L - 1] = truncated(g_column);
        (next_f, next_g)
    }

    /// The same of `d` and `e`, modulo the prime. Both are above `-2p` and below `p`, and so are the results. Columns are
    /// below `2^(2N + 2)`.
    fn divided_modulo<F: Field<L>, const L: usize>(
        &self,
        d: &[i32; L],
        e: &[i32; L],
        prime: &Modulus<F, L>,
    ) -> ([i32; L], [i32; L]) {
        let (mut next_d, mut next_e) = ([0; L], [0; L]);
        // As if p were added to the negative ones, so that what is divided is above -2^N p and below 2^N p. Then the
        // multiple of p that makes it divisible is taken away, which is at most 2^N - 1.
        let [d_sign, e_sign] = [d, e].map(|number| i64::from(number[L - 1] >> 31));
        let divisible = |row: [i64; 2]| {
            let multiple = (row[0] & d_sign) + (row[1] & e_sign);
            let lowest = row[0] * i64::from(d[0]) + row[1] * i64::from(e[0]);
            let excess = lowest.wrapping_mul(prime.inverse).wrapping_add(multiple);
            multiple - i64::from(low(excess, F::LIMB_BITS))
        };
        let (d_multiple, e_multiple) = (divisible([self.u, self.v]), divisible([self.q, self.r]));
        let (mut d_column, mut e_column) = (0_i64, 0_i64);
        for limb in 0..L {
            let [d, e, p] = [d, e, &prime.limbs].map(|number| i64::from(number[limb]));
            d_column += self.u * d + self.v * e + d_multiple * p;
            e_column += self.q * d + self.r * e + e_multiple * p;
            if limb > 0 {
                next_d[limb - 1] = low(d_column, F::LIMB_BITS);
                next_e[limb - 1] = low(e_column, F::LIMB_BITS);
            }
            d_column >>= F::LIMB_BITS;
            e_column >>= F::LIMB_BITS;
        }
        next_d[L - 1] = truncated(d_column);
        next_e[L - 1] = truncated(e_column);
        (next_d, next_e)
    }
}
