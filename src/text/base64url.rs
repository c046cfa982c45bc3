//! base64url without padding (RFC 4648 §5, RFC 7515 §2). One value has one spelling: padding, white space, the
//! standard alphabet and non-zero trailing bits are refused.

use alloc::string::String;
use alloc::vec::Vec;

use super::Malformed;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The value of no letter: no value of one has its bits.
const NONE: u8 = 0xc0;

/// The value of each letter.
#[expect(clippy::indexing_slicing, reason = "the index is a byte, and there is a value for each")]
static VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let (mut value, mut letters): (u8, &[u8]) = (0, ALPHABET);
    while let [letter, rest @ ..] = letters {
        values[*letter as usize] = value;
        value = value.wrapping_add(1);
        letters = rest;
    }
    values
};

/// Appends what `text` spells to `out`; `out` keeps its old length on failure.
///
/// # Errors
/// [`Malformed`].
pub fn decode_into(text: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let start = out.len();
    let (quartets, rest) = text.as_chunks::<4>();
    out.resize(start.saturating_add(quartets.len().saturating_mul(3)), 0);
    let triplets = out.get_mut(start..).unwrap_or_default().as_chunks_mut::<3>().0;
    let mut seen = 0;
    for (triplet, quartet) in triplets.iter_mut().zip(quartets) {
        let (bits, values) = join(*quartet);
        seen |= values;
        let [_, bytes @ ..] = bits.to_be_bytes();
        *triplet = bytes;
    }
    // What is not spelled is zero, as the bits that fill up the last letter are.
    let (last, unused) = match *rest {
        [] => ([b'A'; 4], 3),
        [a, b] => ([a, b, b'A', b'A'], 2),
        [a, b, c] => ([a, b, c, b'A'], 1),
        _ => ([0; 4], 0),
    };
    let (bits, values) = join(last);
    let [_, bytes @ ..] = bits.to_be_bytes();
    let (used, fill) = bytes.split_at(3_usize.saturating_sub(unused));
    if (seen | values) & NONE != 0 || fill.iter().any(|byte| *byte != 0) {
        out.truncate(start);
        return Err(Malformed);
    }
    out.extend_from_slice(used);
    Ok(())
}

/// The bits of four letters, and all values together.
#[inline(always)]
fn join(letters: [u8; 4]) -> (u32, u8) {
    let [a, b, c, d] = letters;
    let [a, b, c, d] = [value(a), value(b), value(c), value(d)];
    (u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d), a | b | c | d)
}

#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "the index is a byte, and there is a value for each")]
const fn value(letter: u8) -> u8 {
    VALUES[letter as usize]
}

/// What `text` spells.
///
/// # Errors
/// [`Malformed`].
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, Malformed> {
    let mut out = Vec::new();
    decode_into(text.as_ref(), &mut out).map(|()| out)
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
            }
        }
        for length in 0..=9 {
            check(&[b'A'; 9][..length]);
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
    fn a_failure_leaves_the_buffer_as_it_was() {
        let mut out = Vec::from([7]);
        assert_eq!(decode_into(b"AQID!", &mut out), Err(Malformed));
        assert_eq!(out, [7]);
    }

    #[test]
    fn rfc_7515_appendix_c_example() {
        assert_eq!(encode([3, 236, 255, 224, 193]), "A-z_4ME");
        assert_eq!(decode("A-z_4ME"), Ok([3, 236, 255, 224, 193].into()));
    }
}
