//! Integers below the order `l = 2^252 + 27742317777372353535851937790883648493` of the group (RFC 8032 §5.1), and the
//! digits in which points are multiplied by them.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "sums of limbs of 28 bits are far below 2^63, and indices are those of arrays whose length the loops count"
)]

use core::array;

/// How many bits a scalar has.
pub(super) const BITS: usize = 253;

/// Words of 32 bits, the lowest first.
const ORDER: [u32; 8] = [0x5cf5_d3ed, 0x5812_631a, 0xa2f7_9cd6, 0x14de_f9de, 0, 0, 0, 0x1000_0000];

/// Limbs of 28 bits. Nine of them have 252, so that `2^252` counts as the negative of the rest of `l`.
const LIMB_BITS: u32 = 28;
const LIMB_MASK: i64 = (1 << LIMB_BITS) - 1;
const LIMBS: usize = 9;
/// `l - 2^252`
const REST: [i64; 5] = [0xcf5_d3ed, 0x126_31a5, 0x79c_d658, 0xf9d_ea2f, 0x14de];
/// How many limbs 512 bits have.
const WIDE_LIMBS: usize = 19;

// A limb of a fold is what it was, and has at most one product of each limb of the rest.
const _: () = assert!((REST.len() as i64 + 1) * (LIMB_MASK + 1) * (LIMB_MASK + 1) < i64::MAX);

/// An integer below `2^254`, in words of 32 bits, the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scalar([u32; 8]);

impl Scalar {
    /// The scalar of 32 little-endian bytes; `None` when it is not below `l`.
    pub(super) fn of_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let (words, _) = bytes.as_chunks::<4>();
        let words = array::from_fn(|index| u32::from_le_bytes(words[index]));
        words.iter().rev().lt(ORDER.iter().rev()).then_some(Self(words))
    }

    /// 64 little-endian bytes, modulo `l`.
    #[inline(never)]
    pub(super) fn of_hash(bytes: &[u8; 64]) -> Self {
        let mut limbs: [i64; WIDE_LIMBS] = array::from_fn(|index| limb_at(bytes, index * LIMB_BITS as usize));
        // Of x = low + 2^252 * high is left low - (l - 2^252) * high. 512 bits become at most 385, then 258, and then a number
        // above -2^132 and below 2^252.
        for _ in 0..3 {
            let (low, high) = limbs.split_at(LIMBS);
            let mut folded = [0; WIDE_LIMBS];
            folded[..LIMBS].copy_from_slice(low);
            for (index, limb) in high.iter().enumerate() {
                for (place, rest) in folded[index..].iter_mut().zip(REST) {
                    *place -= limb * rest;
                }
            }
            limbs = carried(folded);
        }
        if limbs[WIDE_LIMBS - 1] < 0 {
            limbs[LIMBS] += 1;
            for (limb, rest) in limbs.iter_mut().zip(REST) {
                *limb += rest;
            }
            limbs = carried(limbs);
        }
        let mut words = [0; 8];
        for (index, word) in words.iter_mut().enumerate() {
            let (limb, shift) = (index * 32 / LIMB_BITS as usize, index * 32 % LIMB_BITS as usize);
            let bits = (limbs[limb] | limbs[limb + 1] << LIMB_BITS | limbs[limb + 2] << (2 * LIMB_BITS)) >> shift;
            *word = low_word(bits);
        }
        Self(words)
    }

    /// Whether the number is even.
    pub(super) const fn is_even(&self) -> bool {
        self.0[0] & 1 == 0
    }

    /// The next odd number, if this one is even.
    pub(super) const fn made_odd(&self) -> Self {
        let mut words = self.0;
        words[0] |= 1;
        Self(words)
    }

    /// The odd one of this number and its sum with `l`: the same multiple of a point whose order is `l`, and of no other.
    pub(super) fn made_odd_by_order(&self) -> Self {
        if !self.is_even() {
            return *self;
        }
        let mut carry = 0;
        Self(array::from_fn(|index| {
            let sum = u64::from(self.0[index]) + u64::from(ORDER[index]) + carry;
            carry = sum >> 32;
            low_word(sum.cast_signed())
        }))
    }

    /// The bit that counts `2^index`.
    #[inline(always)]
    pub(super) fn bit(&self, index: usize) -> usize {
        self.0.get(index / 32).map_or(0, |word| (word >> (index % 32)) as usize & 1)
    }

    /// The digits of the number to the base 2, the lowest first: each is 0 or odd and below `2^(width - 1)` in absolute
    /// value, and of so many in a row only one is not 0 (the non-adjacent form of that width).
    #[inline(never)]
    pub(super) fn sparse_digits(&self, width: usize) -> [i8; BITS + 1] {
        let mut digits = [0; BITS + 1];
        let (mut index, mut carry) = (0, 0);
        while index < digits.len() {
            if self.bit(index) == carry {
                index += 1;
                continue;
            }
            let window = (0..width).fold(carry, |sum, place| sum + (self.bit(index + place) << place));
            carry = window >> (width - 1);
            let digit = i8::try_from(window).unwrap_or_default();
            digits[index] = digit - if carry == 1 { 1 << width } else { 0 };
            index += width;
        }
        digits
    }
}

/// The limb that begins `bit` bits up.
fn limb_at(bytes: &[u8; 64], bit: usize) -> i64 {
    let byte = |index: usize| bytes.get(bit / 8 + index).map_or(0, |byte| i64::from(*byte) << (8 * index));
    ((0..5).map(byte).sum::<i64>() >> (bit % 8)) & LIMB_MASK
}

/// The number with all limbs from 0 to the mask, but the last one, which has the sign.
fn carried(mut limbs: [i64; WIDE_LIMBS]) -> [i64; WIDE_LIMBS] {
    for index in 1..WIDE_LIMBS {
        limbs[index] += limbs[index - 1] >> LIMB_BITS;
        limbs[index - 1] &= LIMB_MASK;
    }
    limbs
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low bits are what is asked for")]
const fn low_word(bits: i64) -> u32 {
    bits as u32
}

#[cfg(test)]
mod tests;
