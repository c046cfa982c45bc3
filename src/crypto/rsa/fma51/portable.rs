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
}

impl IntegerLanes for PortableIntegers {
    fn from_array(numbers: &[i64; 2]) -> Self {
        Self(*numbers)
    }

    fn to_array(self) -> [i64; 2] {
        self.0
    }

    fn plus(self, other: Self) -> Self {
        Self([self.0[0].wrapping_add(other.0[0]), self.0[1].wrapping_add(other.0[1])])
    }

    fn moved_up(self, below: Self) -> Self {
        Self([below.0[1], self.0[0]])
    }
}
