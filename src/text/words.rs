//! Bytes of a text looked at by eight, as a word whose lowest byte is the first.

const EACH: u64 = u64::from_le_bytes([1; 8]);
const TOP: u64 = u64::from_le_bytes([0x80; 8]);

/// The bytes of `word` that are `byte`, which is ASCII; as [`position`] takes them.
#[inline(always)]
pub const fn equal(word: u64, byte: u8) -> u64 {
    // A byte that is less than what is subtracted from it borrows its top bit, and one above may do so in its wake: the first
    // is right.
    (word ^ u64::from_le_bytes([byte; 8])).wrapping_sub(EACH) & !word
}

/// The bytes of `word` that are less than `bound`, which is ASCII; as [`position`] takes them.
#[inline(always)]
pub const fn below(word: u64, bound: u8) -> u64 {
    word.wrapping_sub(u64::from_le_bytes([bound; 8])) & !word
}

/// Where the first byte is that `marks` marks in a word: the top bit of it, and perhaps those of others behind it.
#[inline(always)]
pub fn position(text: &[u8], marks: impl Fn(u64) -> u64) -> Option<usize> {
    let (words, rest) = text.as_chunks();
    let mut at = 0_usize;
    for word in words {
        let marked = marks(u64::from_le_bytes(*word)) & TOP;
        if marked != 0 {
            return Some(at.saturating_add(usize::try_from(marked.trailing_zeros() / 8).unwrap_or_default()));
        }
        at = at.saturating_add(8);
    }
    let place = rest.iter().position(|byte| marks(u64::from(*byte)) & 0x80 != 0)?;
    Some(at.saturating_add(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    /// Whatever stands around it, and wherever it stands.
    #[test]
    fn the_first_byte_is_found() {
        for length in 0..20 {
            for around in 0..=255 {
                let mut text = vec![around; length];
                for (byte, bound) in [(0, 1), (b'.', 0x20), (b'"', 0x23), (0x7f, 0x7f)] {
                    let first = |marked: &dyn Fn(u8) -> bool| (length > 0 && marked(around)).then_some(0);
                    assert_eq!(position(&text, |word| equal(word, byte)), first(&|found| found == byte));
                    assert_eq!(position(&text, |word| below(word, bound)), first(&|found| found < bound));
                    for at in 0..length {
                        for near in [byte.wrapping_sub(1), byte, byte.wrapping_add(1), byte ^ 0x80, bound - 1, bound] {
                            text[at] = near;
                            let expected = text.iter().position(|found| *found == byte);
                            assert_eq!(position(&text, |word| equal(word, byte)), expected, "{text:?} {byte}");
                            let expected = text.iter().position(|found| *found < bound);
                            assert_eq!(position(&text, |word| below(word, bound)), expected, "{text:?} {bound}");
                        }
                        text[at] = around;
                    }
                }
            }
        }
    }
}
