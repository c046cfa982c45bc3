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
