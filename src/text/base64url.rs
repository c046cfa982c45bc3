//! base64url without padding (RFC 4648 §5, RFC 7515 §2). One value has one spelling: padding, white space, the
//! standard alphabet and non-zero trailing bits are refused.

use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Malformed;

/// Appends what `text` spells to `out`; `out` keeps its old length on failure.
///
/// # Errors
/// [`Malformed`].
pub fn decode_into(text: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let start = out.len();
    URL_SAFE_NO_PAD.decode_vec(text, out).map_err(|_| {
        out.truncate(start);
        Malformed
    })
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
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

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
