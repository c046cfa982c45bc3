//! The lanes of relaxed SIMD.

use core::arch::wasm32::{
    f64x2, f64x2_mul, f64x2_relaxed_madd, f64x2_splat, f64x2_sub, i64x2, i64x2_add, i64x2_extract_lane, i64x2_shuffle,
    v128, v128_load,
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
}

impl IntegerLanes for Simd {
    #[inline(always)]
    fn from_array([a, b]: &[i64; 2]) -> Self {
        Self(i64x2(*a, *b))
    }

    #[inline(always)]
    fn to_array(self) -> [i64; 2] {
        [i64x2_extract_lane::<0>(self.0), i64x2_extract_lane::<1>(self.0)]
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(i64x2_add(self.0, other.0))
    }

    #[inline(always)]
    fn moved_up(self, below: Self) -> Self {
        Self(i64x2_shuffle::<1, 2>(below.0, self.0))
    }
}
