//! Unguessable texts of one flow.

use alloc::string::String;
use core::fmt;

use crate::crypto::hash::sha256;
use crate::text::base64url;

/// Random bytes of the caller, from which as many texts are made as a flow needs. Each text is the SHA-256 of the seed
/// and a counter, so that one says nothing about another.
pub struct Entropy {
    seed: [u8; 32],
    made: u32,
}

impl fmt::Debug for Entropy {
    /// Leaves out the seed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy(..)")
    }
}

impl Entropy {
    /// Texts from a seed that nobody else knows and no other flow has.
    pub const fn new(seed: [u8; 32]) -> Self {
        Self { seed, made: 0 }
    }

    /// Other texts than those of `self`, for a part of the flow.
    pub(super) fn split(&mut self) -> Self {
        Self::new(self.block())
    }

    /// The next text: 43 characters of base64url, with 256 bits in them.
    pub(super) fn text(&mut self) -> String {
        base64url::encode(self.block())
    }

    fn block(&mut self) -> [u8; 32] {
        self.made = self.made.wrapping_add(1);
        let mut input = [0; 36];
        let (seed, counter) = input.split_at_mut(self.seed.len());
        seed.copy_from_slice(&self.seed);
        counter.copy_from_slice(&self.made.to_be_bytes());
        sha256(&input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::format;

    #[test]
    fn no_text_comes_twice_and_none_shows_the_seed() {
        let mut entropy = Entropy::new([7; 32]);
        let texts: HashSet<_> = (0..100).map(|_| entropy.text()).collect();
        assert_eq!(texts.len(), 100);
        assert!(texts.iter().all(|text| text.len() == 43 && *text != base64url::encode([7; 32])));
        assert!(!texts.contains(&Entropy::new([8; 32]).text()));
        assert_eq!(format!("{entropy:?}"), "Entropy(..)");
    }
}
