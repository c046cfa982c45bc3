//! The lanes of `simd128`.

use core::arch::wasm32::{
    i32x4, i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_shr, i32x4_shuffle, i32x4_splat, v128, v128_and,
};

use super::Lanes;

/// A vector of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Simd(v128);

impl Lanes for Simd {
    #[inline(always)]
    fn from_array([a, b, c, d]: &[i32; 4]) -> Self {
        Self(i32x4(*a, *b, *c, *d))
    }

    #[inline(always)]
    fn to_array(self) -> [i32; 4] {
        [
            i32x4_extract_lane::<0>(self.0),
            i32x4_extract_lane::<1>(self.0),
            i32x4_extract_lane::<2>(self.0),
            i32x4_extract_lane::<3>(self.0),
        ]
    }

    #[inline(always)]
    fn splat(number: i32) -> Self {
        Self(i32x4_splat(number))
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(i32x4_add(self.0, other.0))
    }

    #[inline(always)]
    fn dot(self, other: Self) -> Self {
        Self(i32x4_dot_i16x8(self.0, other.0))
    }

    #[inline(always)]
    fn masked(self, mask: i32) -> Self {
        Self(v128_and(self.0, i32x4_splat(mask)))
    }

    #[inline(always)]
    fn shifted_down(self, bits: u32) -> Self {
        Self(i32x4_shr(self.0, bits))
    }

    #[inline(always)]
    fn moved_up(self, below: Self) -> Self {
        Self(i32x4_shuffle::<3, 4, 5, 6>(below.0, self.0))
    }
}
