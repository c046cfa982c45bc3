//! The same lanes in plain integers, where a sum that overflows panics.

use super::Lanes;

/// Four numbers.
#[derive(Clone, Copy, Debug)]
pub struct Portable([i32; 4]);

impl Portable {
    fn zip(self, other: Self, each: impl Fn(i32, i32) -> i32) -> Self {
        Self(core::array::from_fn(|lane| each(self.0[lane], other.0[lane])))
    }
}

impl Lanes for Portable {
    fn from_array(numbers: &[i32; 4]) -> Self {
        Self(*numbers)
    }

    fn to_array(self) -> [i32; 4] {
        self.0
    }

    fn splat(number: i32) -> Self {
        Self([number; 4])
    }

    fn plus(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }

    fn minus(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }

    fn dot(self, other: Self) -> Self {
        let low = |number: i32| number << 16 >> 16;
        self.zip(other, |a, b| low(a) * low(b) + (a >> 16) * (b >> 16))
    }

    fn masked(self, mask: Self) -> Self {
        self.zip(mask, |a, b| a & b)
    }

    fn halved(self) -> Self {
        self.zip(self, |a, _| (a >> 17 << 16) | ((a << 16 >> 17) & 0xffff))
    }

    fn shifted_down(self, bits: u32) -> Self {
        self.zip(self, |a, _| a >> bits)
    }

    fn shifted_up(self, bits: u32) -> Self {
        self.zip(self, |a, _| a * (1 << bits))
    }

    fn moved_up(self, below: Self) -> Self {
        Self([below.0[3], self.0[0], self.0[1], self.0[2]])
    }
}
