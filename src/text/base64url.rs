//! base64url without padding (RFC 4648 §5, RFC 7515 §2). One value has one spelling: padding, white space, the
//! standard alphabet and non-zero trailing bits are refused.

use alloc::string::String;
use alloc::vec::Vec;

use super::Malformed;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What no letter adds: its bits are beyond those that four letters spell.
const NONE: u32 = 0xff00_0000;

/// What a letter of this value adds to the three bytes that four letters spell, of which the first is the lowest, in each of
/// the four places.
const fn spell(value: u32) -> [u32; 4] {
    [value << 2, value >> 4 | (value & 0xf) << 12, value >> 2 << 8 | (value & 3) << 22, value << 16]
}

/// What each letter adds in each place.
#[cfg(feature = "verify")]
#[expect(clippy::indexing_slicing, reason = "an index is a place or a byte, and there is a number for each")]
static ADDED: [[u32; 256]; 4] = {
    let mut added = [[NONE; 256]; 4];
    let (mut value, mut letters): (u32, &[u8]) = (0, ALPHABET);
    while let [letter, rest @ ..] = letters {
        let mut place = 0;
        while place < 4 {
            added[place][*letter as usize] = spell(value)[place];
            place = place.wrapping_add(1);
        }
        value = value.wrapping_add(1);
        letters = rest;
    }
    added
};

/// Makes `out` what `text` spells; on failure it is empty.
///
/// # Errors
/// [`Malformed`].
pub fn decode_to(text: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let (octets, rest) = text.as_chunks();
    // What `out` is longer than before is filled, and overwritten.
    out.resize(octets.len().saturating_mul(6), 0);
    let mut seen = 0;
    for (bytes, letters) in out.as_chunks_mut().0.iter_mut().zip(octets) {
        (*bytes, seen) = join(*letters, seen);
    }
    // The letters that are missing are as if they were zero.
    let mut last = [b'A'; 8];
    for (letter, given) in last.iter_mut().zip(rest) {
        *letter = *given;
    }
    let (bytes, seen) = join(last, seen);
    let (used, fill) = bytes.split_at(rest.len().saturating_mul(6) / 8);
    if seen & NONE != 0 || rest.len() % 4 == 1 || fill.iter().any(|byte| *byte != 0) {
        out.clear();
        return Err(Malformed);
    }
    out.extend_from_slice(used);
    Ok(())
}

/// The six bytes that eight letters spell, and all that was added, with what was `seen` before.
#[inline(always)]
fn join(letters: [u8; 8], seen: u32) -> ([u8; 6], u32) {
    let [a, b, c, d, e, f, g, h] = letters;
    let low = added(0, a) | added(1, b) | added(2, c) | added(3, d);
    let high = added(0, e) | added(1, f) | added(2, g) | added(3, h);
    let [bytes @ .., _, _] = (u64::from(low & !NONE) | u64::from(high) << 24).to_le_bytes();
    (bytes, seen | low | high)
}

#[cfg(feature = "verify")]
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "an index is a place or a byte, and there is a number for each")]
const fn added(place: usize, letter: u8) -> u32 {
    ADDED[place & 3][letter as usize]
}

/// Without tokens to verify there is little to decode, and a download to wait for.
#[cfg(not(feature = "verify"))]
fn added(place: usize, letter: u8) -> u32 {
    let value = ALPHABET.iter().position(|known| *known == letter).and_then(|value| u32::try_from(value).ok());
    value.and_then(|value| spell(value).get(place).copied()).unwrap_or(NONE)
}

/// What `text` spells.
///
/// # Errors
/// [`Malformed`].
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, Malformed> {
    let mut out = Vec::new();
    decode_to(text.as_ref(), &mut out).map(|()| out)
}

/// `bytes` in base64url.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    encode_bytes(bytes.as_ref())
}

fn encode_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for triplet in bytes.chunks(3) {
        let bits = triplet.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        // As if the bytes that are missing were zero.
        let bits = bits << 8_usize.saturating_mul(3_usize.saturating_sub(triplet.len()));
        for letter in 0..=triplet.len() {
            let value = bits >> 6_usize.saturating_mul(3_usize.saturating_sub(letter)) & 63;
            let letter = usize::try_from(value).ok().and_then(|value| ALPHABET.get(value));
            text.extend(letter.copied().map(char::from));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    /// Every text of two letters, whatever stands before them, and every last letter of three and of four.
    #[test]
    fn what_is_decoded_is_what_another_implementation_decodes() {
        let check = |text: &[u8]| {
            let expected = URL_SAFE_NO_PAD.decode(text).map_err(|_| Malformed);
            assert_eq!(decode(text), expected, "{text:?}");
        };
        for first in 0..=255 {
            for last in 0..=255 {
                check(&[first, last]);
                check(&[b'x', first, last]);
                check(&[b'x', b'-', first, last]);
                check(&[b'x', first, b'_', last, b'Q', b'I', b'A']);
                check(&[first, b'x', last, b'-', first, b'Q', last, b'A', b'w']);
            }
        }
        for length in 0..=20 {
            check(&[b'A'; 20][..length]);
        }
    }

    #[test]
    fn what_is_encoded_is_what_another_implementation_encodes() {
        for length in 0..=100 {
            let bytes: Vec<u8> = (0..=255).rev().cycle().step_by(7).take(length).collect();
            let text = encode(&bytes);
            assert_eq!(text, URL_SAFE_NO_PAD.encode(&bytes));
            assert_eq!(decode(text), Ok(bytes));
        }
    }

    #[test]
    fn every_value_has_exactly_one_spelling() {
        assert_eq!(decode("AQI"), Ok([1, 2].into()));
        for other in ["AQJ", "AQI=", "AQI==", " AQI", "AQI\n", "A QI", "AQI\0", "A"] {
            assert_eq!(decode(other), Err(Malformed), "{other:?}");
        }
        assert_eq!(decode("-_8"), Ok([0xfb, 0xff].into()));
        assert_eq!(decode("+/8"), Err(Malformed));
    }

    #[test]
    fn what_was_there_before_does_not_matter() {
        let mut out = Vec::new();
        for (text, expected) in [
            ("AQIDBAUGBwgJCg", Ok([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].as_slice())),
            ("AQIDBAUGBwgJCh", Err(Malformed)),
            ("AQ!DBAUGBwg", Err(Malformed)),
            ("AQIDBAUGBwgJCgs", Ok(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])),
            ("AQI", Ok(&[1, 2])),
            ("", Ok(&[])),
        ] {
            assert_eq!(decode_to(text.as_bytes(), &mut out), expected.map(|_| ()), "{text}");
            assert_eq!(out, expected.unwrap_or_default(), "{text}");
        }
    }

    #[test]
    fn rfc_7515_appendix_c_example() {
        assert_eq!(encode([3, 236, 255, 224, 193]), "A-z_4ME");
        assert_eq!(decode("A-z_4ME"), Ok([3, 236, 255, 224, 193].into()));
    }
}
