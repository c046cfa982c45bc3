//! The textual encoding of keys (RFC 7468 §3): one block, base64 between two lines that name it.

use alloc::vec::Vec;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Malformed;

/// With what a block begins.
pub const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The label and the bytes of the one block that `text` is. White space around lines is skipped; text around the block
/// is not.
///
/// # Errors
/// [`Malformed`].
pub fn decode(text: &str) -> Result<(&str, Vec<u8>), Malformed> {
    let mut lines = text.trim_ascii().lines().map(str::trim_ascii);
    let label = boundary(lines.next(), BEGIN)?;
    if boundary(lines.next_back(), END)? != label {
        return Err(Malformed);
    }
    let base64: Vec<u8> = lines.flat_map(str::bytes).collect();
    let bytes = STANDARD.decode(&base64).map_err(|_| Malformed)?;
    Ok((label, bytes))
}

fn boundary<'a>(line: Option<&'a str>, start: &str) -> Result<&'a str, Malformed> {
    line.and_then(|line| line.strip_prefix(start)?.strip_suffix(DASHES)).ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_a_label_and_bytes() {
        for text in [
            "-----BEGIN A B-----\nAQID\nBA==\n-----END A B-----\n",
            "\r\n  -----BEGIN A B-----\r\n  AQIDBA==\r\n  -----END A B-----  ",
        ] {
            assert_eq!(decode(text), Ok(("A B", [1, 2, 3, 4].into())), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_block_is_refused() {
        for text in [
            "",
            "AQID",
            "-----BEGIN A-----",
            "-----BEGIN A-----\nAQID",
            "-----BEGIN A-----\nAQID\n-----END B-----",
            "-----BEGIN A-----\nAQID-----END A-----",
            "-----BEGIN A-----\nAQ\n-----END A-----",
            "-----BEGIN A-----\nAQ==\nAQ==\n-----END A-----",
            "-----BEGIN A-----\nA-_D\n-----END A-----",
            "x\n-----BEGIN A-----\nAQID\n-----END A-----",
            "-----BEGIN A-----\nAQID\n-----END A-----\n-----BEGIN A-----\nAQID\n-----END A-----",
        ] {
            assert_eq!(decode(text), Err(Malformed), "{text}");
        }
    }
}
