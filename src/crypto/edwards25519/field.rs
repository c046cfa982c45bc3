//! The field of integers modulo `p = 2^255 - 19`.
//!
//! An element is nine limbs of 29 bits, the lowest first; the last one has the 23 bits that are left. Limbs are signed, so
//! that a product leaves each of them at most half as large as its width allows: a sum or a difference of two products then
//! needs no carry before it is multiplied. A column of a product is summed up in one `i64` (product scanning). What stands
//! 261 bits up, nine limbs, counts `2^261 = 64 * 19` times at the bottom.
//!
//! The bounds are asserted by the interval analysis in the tests, which runs this code.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "the interval analysis bounds every column, and arrays have as many limbs as loops count"
)]

use core::array;
use core::ops::{Add, Mul, Sub};

use crate::crypto::limb::Column;

/// How many limbs an element has.
pub(super) const LIMBS: usize = 9;
/// The width of a limb.
pub(super) const LIMB_BITS: u32 = 29;
/// The width of the last limb.
pub(super) const TOP_BITS: u32 = 23;
/// `2^255` modulo `p`.
pub(super) const FOLD: i32 = 19;
/// The value of nine limbs up, modulo `p`.
const FOLD_LIMBS: i32 = FOLD << (LIMB_BITS - TOP_BITS);

/// `p`, in words of 64 bits, the lowest first.
const P: [u64; 4] = [u64::MAX - 18, u64::MAX, u64::MAX, u64::MAX >> 1];

const _: () = assert!(LIMB_BITS as usize * (LIMBS - 1) + TOP_BITS as usize == 255);

/// An element, which many limbs stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldElement<C: Column = i64>(pub(super) [C::Limb; LIMBS]);

impl<C: Column> FieldElement<C> {
    #[inline(always)]
    fn columns(&self) -> [C; LIMBS] {
        self.0.map(C::of)
    }

    /// The element of limbs that need no carry.
    #[inline(always)]
    pub(super) fn of_columns(columns: [C; LIMBS]) -> Self {
        Self(columns.map(C::limb))
    }

    /// The element of a constant.
    #[inline(always)]
    pub(super) fn constant(element: &FieldElement) -> Self {
        Self::of_columns(element.0.map(C::constant))
    }

    /// A number below `2^31` in absolute value.
    #[inline(always)]
    pub(super) fn small(value: i32) -> Self {
        Self::of_columns(array::from_fn(|index| C::constant(if index == 0 { value } else { 0 })))
    }

    /// `self^2`
    #[inline(never)]
    pub(super) fn square(&self) -> Self {
        Self::of_columns(square(self.columns()))
    }

    /// `self^(2^count)`
    pub(super) fn squared(&self, count: u32) -> Self {
        (0..count).fold(*self, |power, _| power.square())
    }

    /// `2 * self - other`, with limbs as small as those of a product.
    #[inline(never)]
    pub(super) fn doubled_minus(&self, other: &Self) -> Self {
        let (a, b) = (self.columns(), other.columns());
        Self::carry(array::from_fn(|index| a[index] + a[index] - b[index]))
    }

    /// The same element, with limbs as small as those of a product.
    #[inline(never)]
    pub(super) fn carried(&self) -> Self {
        Self::carry(self.columns())
    }

    #[inline(always)]
    fn carry([limbs @ .., last]: [C; LIMBS]) -> Self {
        let mut chain = Chain::new();
        let limbs = limbs.map(|limb| chain.next(limb, C::constant(0)));
        Self::of_columns(chain.close(limbs, last))
    }

    /// `-self`
    pub(super) fn negated(&self) -> Self {
        &Self::small(0) - self
    }

    /// `self^((p - 5) / 8)`, of which the exponent is `2^252 - 3`: 250 ones, and `01`.
    pub(super) fn power_for_roots(&self) -> Self {
        // From the powers of which the exponents are so many ones.
        let join = |high: &Self, count, low: &Self| &high.squared(count) * low;
        let ones_2 = join(self, 1, self);
        let ones_4 = join(&ones_2, 2, &ones_2);
        let ones_5 = join(&ones_4, 1, self);
        let ones_10 = join(&ones_5, 5, &ones_5);
        let ones_20 = join(&ones_10, 10, &ones_10);
        let ones_40 = join(&ones_20, 20, &ones_20);
        let ones_50 = join(&ones_40, 10, &ones_10);
        let ones_100 = join(&ones_50, 50, &ones_50);
        let ones_200 = join(&ones_100, 100, &ones_100);
        let ones_250 = join(&ones_200, 50, &ones_50);
        join(&ones_250, 2, self)
    }

    /// The only candidate for a square root of `numerator / denominator` or of `-numerator / denominator`.
    pub(super) fn root_of_ratio_or_of_its_negative(numerator: &Self, denominator: &Self) -> Self {
        let cubed = &denominator.square() * denominator;
        let seventh_power = &cubed.square() * denominator;
        &(numerator * &cubed) * &(numerator * &seventh_power).power_for_roots()
    }
}

impl FieldElement {
    /// The constant `d` of the curve, `-121665 / 121666`.
    pub(super) const D: Self =
        Self::of_words([0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898, 0x5203_6cee_2b6f_fe73]);
    /// `2 * d`
    pub(super) const D_DOUBLED: Self =
        Self::of_words([0xebd6_9b94_26b2_f159, 0x00e0_149a_8283_b156, 0x198e_80f2_eef3_d130, 0x2406_d9dc_56df_fce7]);
    /// `4 * d`
    pub(super) const D_FOURFOLD: Self =
        Self::of_words([0xd7ad_3728_4d65_e2b2, 0x01c0_2935_0507_62ad, 0x331d_01e5_dde7_a260, 0x480d_b3b8_adbf_f9ce]);
    /// A square root of -1.
    const ROOT_OF_MINUS_ONE: Self =
        Self::of_words([0xc4ee_1b27_4a0e_a0b0, 0x2f43_1806_ad2f_e478, 0x2b4d_0099_3dfb_d7a7, 0x2b83_2480_4fc1_df0b]);
    /// `1 / 2`
    pub(super) const HALF: Self = Self::of_words([u64::MAX - 8, u64::MAX, u64::MAX, u64::MAX >> 2]);

    /// The element of 255 bits, the lowest word first. The highest bit is left out.
    #[expect(clippy::cast_possible_truncation, reason = "a limb has fewer bits than an i32")]
    pub(super) const fn of_words(words: [u64; 4]) -> Self {
        let mut limbs = [0; LIMBS];
        let mut carry = 0;
        let mut index = 0;
        while index < LIMBS {
            let bit = index * LIMB_BITS as usize;
            let (word, shift) = (bit / 64, bit % 64);
            let mut bits = words[word] >> shift;
            if shift + LIMB_BITS as usize > 64 && word + 1 < words.len() {
                bits |= words[word + 1] << (64 - shift);
            }
            let width = if index + 1 == LIMBS { TOP_BITS } else { LIMB_BITS };
            let limb = (bits as i32 & ((1 << width) - 1)) + carry;
            carry = if index + 1 == LIMBS { 0 } else { (limb + (1 << (LIMB_BITS - 1))) >> LIMB_BITS };
            limbs[index] = limb - (carry << LIMB_BITS);
            index += 1;
        }
        Self(limbs)
    }

    /// The element of 255 bits of 32 little-endian bytes, without the highest bit; `None` when they are not a number below `p`.
    pub(super) fn of_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let (words, _) = bytes.as_chunks::<8>();
        let mut words = array::from_fn(|index| u64::from_le_bytes(words[index]));
        words[3] &= u64::MAX >> 1;
        words.iter().rev().lt(P.iter().rev()).then(|| Self::of_words(words))
    }

    /// The limbs of the number below `p`, none of which is negative.
    #[inline(never)]
    pub(super) fn canonical(&self) -> [i32; LIMBS] {
        let mut limbs = self.0.map(i64::from);
        // One pass carries the number, one what the first wrapped around, and one what is then left in the lowest limb.
        let mut wrapped = 0;
        for _ in 0..3 {
            let quotient;
            (limbs, quotient) = carry(limbs, wrapped);
            wrapped = quotient * i64::from(FOLD);
        }
        // A number that is not below p is, with 19 more, not below 2^255.
        let (_, too_large) = carry(limbs, i64::from(FOLD));
        let (limbs, _) = carry(limbs, too_large * i64::from(FOLD));
        limbs.map(Column::limb)
    }

    /// Whether this is 0 modulo `p`.
    #[inline(never)]
    pub(super) fn is_zero(&self) -> bool {
        self.canonical() == [0; LIMBS]
    }

    /// Whether the number below `p` is odd: the "sign" of RFC 8032 §5.1.2.
    pub(super) fn is_odd(&self) -> bool {
        let [lowest, ..] = self.canonical();
        lowest & 1 == 1
    }

    /// A square root of `numerator / denominator` (RFC 8032 §5.1.3), where there is one.
    pub(super) fn root_of_ratio(numerator: &Self, denominator: &Self) -> Option<Self> {
        let candidate = Self::root_of_ratio_or_of_its_negative(numerator, denominator);
        let product = denominator * &candidate.square();
        if (&product - numerator).is_zero() {
            Some(candidate)
        } else if (&product + numerator).is_zero() {
            Some(&candidate * &Self::ROOT_OF_MINUS_ONE)
        } else {
            None
        }
    }
}

/// The remainder and the quotient of `limbs + more`, divided by `2^255`.
fn carry(mut limbs: [i64; LIMBS], more: i64) -> ([i64; LIMBS], i64) {
    let mut carry = more;
    for (index, limb) in limbs.iter_mut().enumerate() {
        (*limb, carry) = (*limb + carry).floor(if index + 1 == LIMBS { TOP_BITS } else { LIMB_BITS });
    }
    (limbs, carry)
}

/// The remainder and the quotient of a division by `2^bits`, rounded to the nearest: the remainder is the smallest.
#[inline(always)]
fn round<C: Column>(dividend: C, bits: u32) -> (C, C) {
    let half = C::constant(1 << (bits - 1));
    let (remainder, quotient) = (dividend + half).floor(bits);
    (remainder - half, quotient)
}

/// `a` and `b` become `a + b` and `a - b`.
#[inline(never)]
pub(super) fn to_sum_and_difference<C: Column>(a: &mut FieldElement<C>, b: &mut FieldElement<C>) {
    (*a, *b) = (&*a + &*b, &*a - &*b);
}

/// `a^2`. Each product of two different limbs stands twice in a column.
#[inline(always)]
fn square<C: Column>(a: [C; LIMBS]) -> [C; LIMBS] {
    let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = a;
    let [b0, b1, b2, b3, b4, b5, b6, b7, _] = a.map(|limb| limb + limb);
    let mut chain = Chain::new();
    let c0 = chain.next(a0.squared(), b1 * a8 + b2 * a7 + b3 * a6 + b4 * a5);
    let c1 = chain.next(b0 * a1, b2 * a8 + b3 * a7 + b4 * a6 + a5.squared());
    let c2 = chain.next(b0 * a2 + a1.squared(), b3 * a8 + b4 * a7 + b5 * a6);
    let c3 = chain.next(b0 * a3 + b1 * a2, b4 * a8 + b5 * a7 + a6.squared());
    let c4 = chain.next(b0 * a4 + b1 * a3 + a2.squared(), b5 * a8 + b6 * a7);
    let c5 = chain.next(b0 * a5 + b1 * a4 + b2 * a3, b6 * a8 + a7.squared());
    let c6 = chain.next(b0 * a6 + b1 * a5 + b2 * a4 + a3.squared(), b7 * a8);
    let c7 = chain.next(b0 * a7 + b1 * a6 + b2 * a5 + b3 * a4, a8.squared());
    chain.close([c0, c1, c2, c3, c4, c5, c6, c7], b0 * a8 + b1 * a7 + b2 * a6 + b3 * a5 + a4.squared())
}

/// The carries of a product, from its lowest column on.
struct Chain<C> {
    carry: C,
    /// What a column carried nine limbs up.
    high_carry: C,
}

impl<C: Column> Chain<C> {
    #[inline(always)]
    fn new() -> Self {
        Self { carry: C::constant(0), high_carry: C::constant(0) }
    }

    /// The limb of the column `low`, and of the column `high`, which stands nine limbs up.
    #[inline(always)]
    fn next(&mut self, low: C, high: C) -> C {
        let (high, high_carry) = high.floor(LIMB_BITS);
        let folded = (high + self.high_carry) * C::constant(FOLD_LIMBS);
        let (limb, carry) = round(low + folded + self.carry, LIMB_BITS);
        *self = Self { carry, high_carry };
        limb
    }

    /// All limbs, of those so far and the last column.
    #[inline(always)]
    fn close(self, limbs: [C; LIMBS - 1], last: C) -> [C; LIMBS] {
        let [c0, c1, c2, c3, c4, c5, c6, c7] = limbs;
        let (c8, wrapped) = round(last + self.high_carry * C::constant(FOLD_LIMBS) + self.carry, TOP_BITS);
        let (c0, carry) = round(c0 + wrapped * C::constant(FOLD), LIMB_BITS);
        [c0, c1 + carry, c2, c3, c4, c5, c6, c7, c8]
    }
}

impl<C: Column> Mul for &FieldElement<C> {
    type Output = FieldElement<C>;

    /// Of factors whose limbs are at most twice as large as those of a product. Of each two products of different limbs one is
    /// saved.
    #[inline(never)]
    fn mul(self, other: Self) -> FieldElement<C> {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.columns();
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8] = other.columns();
        // Sums of a_i * b_i, of which a column takes some for its products of different limbs, and of its own.
        let s0 = a0 * b0;
        let s1 = s0 + a1 * b1;
        let s2 = s1 + a2 * b2;
        let s3 = s2 + a3 * b3;
        let s4 = s3 + a4 * b4;
        let s5 = s4 + a5 * b5;
        let s6 = s5 + a6 * b6;
        let s7 = s6 + a7 * b7;
        let s8 = s7 + a8 * b8;
        let [p0, p1, p2, p3, p4, p5, p6, p7, p8] =
            [(a0, b0), (a1, b1), (a2, b2), (a3, b3), (a4, b4), (a5, b5), (a6, b6), (a7, b7), (a8, b8)];
        let cross = |sum: C, (ai, bi): (C, C), (aj, bj): (C, C)| sum.crossed([ai, aj], [bi, bj]);
        let mut chain = Chain::new();
        let c0 = chain.next(s0, cross(cross(cross(cross(s8.without(s0), p1, p8), p2, p7), p3, p6), p4, p5));
        let c1 = chain.next(cross(s1, p0, p1), cross(cross(cross(s8.without(s1), p2, p8), p3, p7), p4, p6));
        let c2 = chain.next(cross(s2, p0, p2), cross(cross(cross(s8.without(s2), p3, p8), p4, p7), p5, p6));
        let c3 = chain.next(cross(cross(s3, p0, p3), p1, p2), cross(cross(s8.without(s3), p4, p8), p5, p7));
        let c4 = chain.next(cross(cross(s4, p0, p4), p1, p3), cross(cross(s8.without(s4), p5, p8), p6, p7));
        let c5 = chain.next(cross(cross(cross(s5, p0, p5), p1, p4), p2, p3), cross(s8.without(s5), p6, p8));
        let c6 = chain.next(cross(cross(cross(s6, p0, p6), p1, p5), p2, p4), cross(s8.without(s6), p7, p8));
        let c7 = chain.next(cross(cross(cross(cross(s7, p0, p7), p1, p6), p2, p5), p3, p4), s8.without(s7));
        let last = cross(cross(cross(cross(s8, p0, p8), p1, p7), p2, p6), p3, p5);
        FieldElement::of_columns(chain.close([c0, c1, c2, c3, c4, c5, c6, c7], last))
    }
}

impl<C: Column> Add for &FieldElement<C> {
    type Output = FieldElement<C>;

    #[inline(always)]
    fn add(self, other: Self) -> FieldElement<C> {
        let (a, b) = (self.columns(), other.columns());
        FieldElement::of_columns(array::from_fn(|index| a[index] + b[index]))
    }
}

impl<C: Column> Sub for &FieldElement<C> {
    type Output = FieldElement<C>;

    #[inline(always)]
    fn sub(self, other: Self) -> FieldElement<C> {
        let (a, b) = (self.columns(), other.columns());
        FieldElement::of_columns(array::from_fn(|index| a[index] - b[index]))
    }
}

#[cfg(test)]
mod tests;
