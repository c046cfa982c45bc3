//! `application/x-www-form-urlencoded` (RFC 6749 appendix B, WHATWG URL §5).

use alloc::string::String;
use alloc::vec::Vec;

use super::{Malformed, cut};

/// Appends `name=value` to `out`, after `&` unless `out` is empty or ends with `?`, `#` or `&`.
pub fn append(out: &mut String, name: &str, value: &str) {
    if !out.is_empty() && !out.ends_with(['?', '#', '&']) {
        out.push('&');
    }
    encode_into(out, name);
    out.push('=');
    encode_into(out, value);
}

/// `pairs` as a body or query.
pub fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        append(&mut out, name, value);
    }
    out
}

/// The pairs of a query, without its `?`. An escape that is cut short, or bytes that are not UTF-8, are malformed.
///
/// # Errors
/// [`Malformed`].
pub fn parse(text: &str) -> Result<Vec<(String, String)>, Malformed> {
    let mut pairs = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (pair, after) = cut(text, b"&");
        rest = after;
        if !pair.is_empty() {
            let (name, value) = cut(pair, b"=");
            pairs.push((decode(name)?, decode(value.unwrap_or_default())?));
        }
    }
    Ok(pairs)
}

/// One name or value.
pub fn encode_value(text: &str) -> String {
    let mut out = String::new();
    encode_into(&mut out, text);
    out
}

fn encode_into(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
                out.extend(['%', digit(byte.wrapping_shr(4)), digit(byte & 15)]);
            }
        }
    }
}

/// One name or value: `+` is a space, and escapes are resolved.
///
/// # Errors
/// [`Malformed`].
pub fn decode(text: &str) -> Result<String, Malformed> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut nibble = || bytes.next().and_then(|digit| char::from(digit).to_digit(16)).ok_or(Malformed);
                let value = nibble()?.wrapping_mul(16).wrapping_add(nibble()?);
                u8::try_from(value).map_err(|_| Malformed)?
            }
            byte => byte,
        });
    }
    String::from_utf8(out).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6749_appendix_b_example() {
        assert_eq!(encode([(" %&+", "£€")]), "+%25%26%2B=%C2%A3%E2%82%AC");
        assert_eq!(parse("+%25%26%2B=%C2%A3%E2%82%AC"), Ok([(" %&+".into(), "£€".into())].into()));
    }

    #[test]
    fn pairs_follow_what_is_there() {
        let mut url = String::from("https://as.example/authorize?tenant=1");
        append(&mut url, "scope", "openid profile");
        assert_eq!(url, "https://as.example/authorize?tenant=1&scope=openid+profile");
    }

    #[test]
    fn broken_escapes_are_refused() {
        for text in ["a=%", "a=%2", "a=%zz", "a=%ff", "%c3=1", "a=%+1"] {
            assert_eq!(parse(text), Err(Malformed), "{text}");
        }
        assert_eq!(
            parse("a&&=b&c=d=e"),
            Ok([("a".into(), "".into()), ("".into(), "b".into()), ("c".into(), "d=e".into())].into())
        );
    }
}
