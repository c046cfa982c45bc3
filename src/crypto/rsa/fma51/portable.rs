//! The same lanes in plain numbers, with and without fused multiply-adds.

use super::{IntegerLanes, Lanes};

/// Two numbers, of which a product is rounded before it is added to unless `IS_FUSED`.
#[derive(Clone, Copy, Debug)]
pub struct Portable<const IS_FUSED: bool>([f64; 2]);

/// Two integers.
#[derive(Clone, Copy, Debug)]
pub struct PortableIntegers([i64; 2]);

impl<const IS_FUSED: bool> Lanes for Portable<IS_FUSED> {
    type Integers = PortableIntegers;

    fn from_array(numbers: &[f64; 2]) -> Self {
        Self(*numbers)
    }

    fn splat(number: f64) -> Self {
        Self([number; 2])
    }

    fn halved_below(self) -> Self {
        Self([self.0[0] / 2.0, self.0[1]])
    }

    fn plus(self, other: Self) -> Self {
        Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
    }

    fn minus(self, other: Self) -> Self {
        Self([self.0[0] - other.0[0], self.0[1] - other.0[1]])
    }

    fn multiply_add(self, other: Self, addend: Self) -> Self {
        Self(core::array::from_fn(|lane| {
            let (a, b, addend) = (self.0[lane], other.0[lane], addend.0[lane]);
            if IS_FUSED { a.mul_add(b, addend) } else { a * b + addend }
        }))
    }

    fn to_bits(self) -> PortableIntegers {
        PortableIntegers(self.0.map(|number| number.to_bits().cast_signed()))
    }

    fn from_bits(bits: PortableIntegers) -> Self {
        Self(bits.0.map(|bits| f64::from_bits(bits.cast_unsigned())))
    }

    fn swapped(self) -> Self {
        Self([self.0[1], self.0[0]])
    }

    fn store(self, numbers: &mut [f64; 2]) {
        *numbers = self.0;
    }
}

impl IntegerLanes for PortableIntegers {
    fn from_array(numbers: &[i64; 2]) -> Self {
        Self(*numbers)
    }

    fn store(self, numbers: &mut [i64; 2]) {
        *numbers = self.0;
    }

    fn upper(self) -> i64 {
        self.0[1]
    }

    fn plus(self, other: Self) -> Self {
        Self([self.0[0].wrapping_add(other.0[0]), self.0[1].wrapping_add(other.0[1])])
    }

    fn masked(self, mask: Self) -> Self {
        Self([self.0[0] & mask.0[0], self.0[1] & mask.0[1]])
    }

    fn shifted_up(self, bits: u32) -> Self {
        Self(self.0.map(|number| number << bits))
    }

    fn shifted_down(self, bits: u32) -> Self {
        Self(self.0.map(|number| (number.cast_unsigned() >> bits).cast_signed()))
    }

    fn moved_up(self, below: Self) -> Self {
        Self([below.0[1], self.0[0]])
    }
}
