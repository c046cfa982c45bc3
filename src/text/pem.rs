//! The textual encoding of keys (RFC 7468 §3): one block, base64 between two lines that name it.

use alloc::vec::Vec;

use super::{Malformed, base64url};

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
    let mut lines = text.trim_ascii().as_bytes().split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let label = boundary(lines.next(), BEGIN)?;
    if boundary(lines.next_back(), END)? != label {
        return Err(Malformed);
    }
    let mut base64 = Vec::new();
    for line in lines {
        base64.extend(line.iter().copied().map(in_base64url));
    }
    if base64.len() % 4 != 0 {
        return Err(Malformed);
    }
    for _ in 0..2 {
        base64.pop_if(|letter| *letter == b'=');
    }
    Ok((label, base64url::decode(base64)?))
}

/// The letter of base64url for one of base64 (RFC 4648 §4 and §5); for those of base64url alone, one of neither.
const fn in_base64url(letter: u8) -> u8 {
    match letter {
        b'+' => b'-',
        b'/' => b'_',
        b'-' | b'_' => 0,
        other => other,
    }
}

fn boundary<'a>(line: Option<&'a [u8]>, start: &str) -> Result<&'a str, Malformed> {
    let label = line.and_then(|line| line.strip_prefix(start.as_bytes())?.strip_suffix(DASHES.as_bytes()));
    str::from_utf8(label.ok_or(Malformed)?).map_err(|_| Malformed)
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
        let text = "-----BEGIN -----\n+/8=\n-----END -----";
        assert_eq!(decode(text), Ok(("", [0xfb, 0xff].into())));
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
            "-----BEGIN A-----\nAQ=-\n-----END A-----",
            "-----BEGIN A-----\nA===\n-----END A-----",
            "-----BEGIN A-----\n====\n-----END A-----",
            "-----BEGIN A-----\nAR==\n-----END A-----",
            "-----BEGIN A-----\nAQI\n-----END A-----",
            "-----BEGIN A-----\nAQIDBA\n-----END A-----",
            "x\n-----BEGIN A-----\nAQID\n-----END A-----",
            "-----BEGIN A-----\nAQID\n-----END A-----\n-----BEGIN A-----\nAQID\n-----END A-----",
        ] {
            assert_eq!(decode(text), Err(Malformed), "{text}");
        }
    }
}
