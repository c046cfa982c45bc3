//! The lanes of relaxed SIMD.

use core::arch::wasm32::{
    f64x2, f64x2_add, f64x2_mul, f64x2_relaxed_madd, f64x2_splat, f64x2_sub, i64x2_add, i64x2_extract_lane, i64x2_shl,
    i64x2_shuffle, u64x2_shr, v128, v128_and, v128_load, v128_store,
};

use super::{IntegerLanes, Lanes};

/// A vector of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Simd(v128);

impl Lanes for Simd {
    type Integers = Self;

    #[inline(always)]
    fn from_array(numbers: &[f64; 2]) -> Self {
        // SAFETY: an array of two numbers is 16 bytes that may be read, and a load need not be aligned.
        Self(unsafe { v128_load(numbers.as_ptr().cast()) })
    }

    #[inline(always)]
    fn splat(number: f64) -> Self {
        Self(f64x2_splat(number))
    }

    #[inline(always)]
    fn halved_below(self) -> Self {
        Self(f64x2_mul(self.0, f64x2(0.5, 1.0)))
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(f64x2_add(self.0, other.0))
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self(f64x2_sub(self.0, other.0))
    }

    #[inline(always)]
    fn multiply_add(self, other: Self, addend: Self) -> Self {
        Self(f64x2_relaxed_madd(self.0, other.0, addend.0))
    }

    #[inline(always)]
    fn to_bits(self) -> Self {
        self
    }

    #[inline(always)]
    fn from_bits(bits: Self) -> Self {
        bits
    }

    #[inline(always)]
    fn swapped(self) -> Self {
        Self(i64x2_shuffle::<1, 0>(self.0, self.0))
    }

    #[inline(always)]
    fn store(self, numbers: &mut [f64; 2]) {
        // SAFETY: an array of two numbers is 16 bytes that may be written, and a store need not be aligned.
        unsafe { v128_store(numbers.as_mut_ptr().cast(), self.0) }
    }
}

impl IntegerLanes for Simd {
    #[inline(always)]
    fn from_array(numbers: &[i64; 2]) -> Self {
        // SAFETY: as above.
        Self(unsafe { v128_load(numbers.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, numbers: &mut [i64; 2]) {
        // SAFETY: as above.
        unsafe { v128_store(numbers.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn upper(self) -> i64 {
        i64x2_extract_lane::<1>(self.0)
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(i64x2_add(self.0, other.0))
    }

    #[inline(always)]
    fn masked(self, mask: Self) -> Self {
        Self(v128_and(self.0, mask.0))
    }

    #[inline(always)]
    fn shifted_up(self, bits: u32) -> Self {
        Self(i64x2_shl(self.0, bits))
    }

    #[inline(always)]
    fn shifted_down(self, bits: u32) -> Self {
        Self(u64x2_shr(self.0, bits))
    }

    #[inline(always)]
    fn moved_up(self, below: Self) -> Self {
        Self(i64x2_shuffle::<1, 2>(below.0, self.0))
    }
}
