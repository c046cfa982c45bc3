//! Inverses modulo `p` by division steps (Bernstein and Yang: Fast constant-time gcd computation and modular inversion, 2019),
//! though not in constant time.
//!
//! A step divides one of `f` and `g` by 2, and the steps of a batch depend on the lowest limb alone. So a batch computes a
//! matrix, which is then applied to `f` and `g`, and modulo `p` to `d` and `e`: they keep `f = d * x` and `g = e * x`. In the end
//! `g` is 0, `f` is 1 or -1, and `d` or `-d` is the inverse.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "the assertion below bounds sums of products, and arrays have as many limbs as loops count"
)]

use super::field::{FieldElement, LIMB_BITS, LIMBS, TOP_BITS};

/// A number in limbs of 29 bits, of which the last one has the sign.
type Number = [i64; LIMBS];

const MASK: i64 = (1 << LIMB_BITS) - 1;
/// How many steps a batch has: for as many bits as a limb has.
const STEPS: u32 = LIMB_BITS;
/// After 738 steps `g` is 0 (theorem 11.2 of the paper, for 255 bits).
const BATCHES: u32 = u32::div_ceil((49 * 255 + 57) / 17, STEPS);
/// `p` is `2^255 - 19`: all limbs but two are 0.
const FOLD: i64 = 19;
/// `1 / 19` modulo a limb.
const INVERSE_OF_FOLD: i64 = 0x86b_ca1b;

const _: () = assert!((INVERSE_OF_FOLD * FOLD) & MASK == 1);
// Of the entries of a matrix, those of a row are together at most 2^29; and there is a multiple of p, up to 2^30 times, and a carry.
const _: () =
    assert!((1_i128 << LIMB_BITS) * (MASK as i128 + (2 << TOP_BITS)) + (1 << (63 - LIMB_BITS)) < i64::MAX as i128);

/// What a batch of steps makes of `f` and `g`: `(u * f + v * g) / 2^29` and `(q * f + r * g) / 2^29`.
struct Matrix {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

impl FieldElement {
    /// `1 / self`, and 0 for 0.
    #[inline(never)]
    pub(super) fn inverted(&self) -> Self {
        let mut f = [0; LIMBS];
        (f[0], f[LIMBS - 1]) = (-FOLD, 1 << TOP_BITS);
        let mut g = self.canonical().map(i64::from);
        let (mut d, mut e) = ([0; LIMBS], [0; LIMBS]);
        e[0] = 1;
        let mut eta = -1;
        for _ in 0..BATCHES {
            if g == [0; LIMBS] {
                break;
            }
            let matrix;
            (eta, matrix) = steps(eta, f[0], g[0]);
            matrix.apply(&mut f, &mut g, false);
            matrix.apply(&mut d, &mut e, true);
        }
        let is_negative = f[LIMBS - 1] < 0;
        let sign = if is_negative { -1 } else { 1 };
        Self::of_columns(d.map(|limb| sign * limb)).carried()
    }
}

/// A batch of steps from the lowest limbs of `f` and `g`. `eta` is the negative of the `delta` of the paper.
#[inline(always)]
fn steps(mut eta: i32, f: i64, g: i64) -> (i32, Matrix) {
    let (mut f, mut g) = (low_word(f), low_word(g));
    let (mut u, mut v, mut q, mut r) = (1_i32, 0_i32, 0_i32, 1_i32);
    let mut left = STEPS;
    loop {
        // While g is even it is halved, and f has all that was divided by to make up for.
        let zeros = (g | 1_u32.wrapping_shl(left)).trailing_zeros();
        g >>= zeros;
        (u, v) = (u << zeros, v << zeros);
        eta -= zeros.cast_signed();
        left -= zeros;
        if left == 0 {
            return (eta, Matrix { u: u.into(), v: v.into(), q: q.into(), r: r.into() });
        }
        if eta < 0 {
            eta = -eta;
            (f, g) = (g, f.wrapping_neg());
            (u, v, q, r) = (q, r, -u, -v);
        }
        // The multiple of f that makes as many bits of g 0 as there are steps until the next swap, but 6 at most: so many the
        // inverse of f has here.
        let bits = left.min(eta.unsigned_abs() + 1).min(6);
        let negated_inverse = f.wrapping_mul(f.wrapping_mul(f).wrapping_sub(2));
        let multiple = g.wrapping_mul(negated_inverse) & ((1 << bits) - 1);
        g = g.wrapping_add(f.wrapping_mul(multiple));
        q += u * multiple.cast_signed();
        r += v * multiple.cast_signed();
    }
}

impl Matrix {
    /// Applies this to `a` and `b`, as they are or modulo `p`. From numbers above `-2 * p` and below `p` it makes such numbers.
    #[inline(always)]
    fn apply(&self, a: &mut Number, b: &mut Number, is_modular: bool) {
        let Self { u, v, q, r } = *self;
        let (mut a_sum, mut b_sum) = (u * a[0] + v * b[0], q * a[0] + r * b[0]);
        let (mut a_multiple, mut b_multiple) = (0, 0);
        if is_modular {
            // Negative numbers have p added. Then what makes the lowest limb 0 is subtracted: below 2^29 times p.
            let (a_sign, b_sign) = (a[LIMBS - 1] >> 63, b[LIMBS - 1] >> 63);
            a_multiple = (u & a_sign) + (v & b_sign);
            b_multiple = (q & a_sign) + (r & b_sign);
            a_multiple -= (a_multiple - (a_sum & MASK) * INVERSE_OF_FOLD) & MASK;
            b_multiple -= (b_multiple - (b_sum & MASK) * INVERSE_OF_FOLD) & MASK;
            a_sum -= FOLD * a_multiple;
            b_sum -= FOLD * b_multiple;
        }
        for index in 1..LIMBS {
            a_sum = (a_sum >> LIMB_BITS) + u * a[index] + v * b[index];
            b_sum = (b_sum >> LIMB_BITS) + q * a[index] + r * b[index];
            if index == LIMBS - 1 {
                a_sum += a_multiple << TOP_BITS;
                b_sum += b_multiple << TOP_BITS;
            }
            (a[index - 1], b[index - 1]) = (a_sum & MASK, b_sum & MASK);
        }
        (a[LIMBS - 1], b[LIMBS - 1]) = (a_sum >> LIMB_BITS, b_sum >> LIMB_BITS);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a batch needs no more than the bits of a limb"
)]
const fn low_word(limb: i64) -> u32 {
    limb as u32
}
