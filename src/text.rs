//! Text formats, each read strictly: what two parsers could read differently is refused.

pub mod base64url;
#[cfg(feature = "verify")]
pub mod der;
pub mod form;
pub mod json;
#[cfg(feature = "verify")]
pub mod pem;
pub mod url;
pub mod words;

use alloc::string::String;

/// The text is not of its format. Callers say which failure that is to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// What stands in `text` before the first of these ASCII characters, and what after it, if one is there. That and no more of
/// [`core::str::pattern`], whose searches are a kilobyte.
pub fn cut<'a>(text: &'a str, at: &[u8]) -> (&'a str, Option<&'a str>) {
    let end = text.bytes().position(|byte| at.contains(&byte)).unwrap_or(text.len());
    let (before, after) = text.split_at_checked(end).unwrap_or((text, ""));
    (before, after.get(1..))
}

/// Whether `word` is one of those that stand in `list`, with spaces between them.
pub fn has_word(list: &str, word: &str) -> bool {
    list.as_bytes().split(|byte| *byte == b' ').any(|listed| listed == word.as_bytes())
}

/// `number` in decimal digits, without the formatting machinery of `core::fmt`.
pub fn decimal(number: u64) -> String {
    let mut digits = [0_u8; 20];
    let mut rest = number;
    let mut len = 0_usize;
    for digit in digits.iter_mut().rev() {
        *digit = b'0'.saturating_add(u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
        len = len.saturating_add(1);
        if rest == 0 {
            break;
        }
    }
    digits.iter().skip(digits.len().saturating_sub(len)).map(|digit| char::from(*digit)).collect()
}
