//! The characters that escapes in strings spell (RFC 8259 §7).

use alloc::string::String;

/// How long the escape is that goes on so after its backslash; `None` when it is none.
#[cold]
pub(super) fn length(text: &[u8]) -> Option<usize> {
    match text.first()? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(1),
        b'u' => text.get(1..5)?.iter().all(u8::is_ascii_hexdigit).then_some(5),
        _ => None,
    }
}

/// Resolves the escapes of a string, each of which has a [`length`]; `None` for a lone surrogate or a NUL.
pub(super) fn unescape(raw: &str) -> Option<String> {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.bytes().position(|byte| byte == b'\\') {
        let (plain, escape) = rest.split_at_checked(at)?;
        out.push_str(plain);
        let (letter, after) = escape.get(1..)?.split_at_checked(1)?;
        rest = after;
        out.push(match letter.bytes().next()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => scalar_value(&mut rest)?,
            other => char::from(other),
        });
    }
    out.push_str(rest);
    Some(out)
}

/// The character that one or two code units spell. The `\u` of the first is read already.
fn scalar_value(rest: &mut &str) -> Option<char> {
    let mut scalar = code_unit(rest)?;
    if scalar & 0xfc00 == 0xd800 {
        *rest = rest.strip_prefix("\\u")?;
        let low = code_unit(rest).filter(|low| low & 0xfc00 == 0xdc00)?;
        scalar = 0x1_0000_u32.wrapping_add((scalar & 0x3ff) << 10 | low & 0x3ff);
    }
    char::from_u32(scalar).filter(|char| *char != '\0')
}

fn code_unit(rest: &mut &str) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(4)?;
    *rest = after;
    digits.bytes().try_fold(0, |unit, digit| Some(unit << 4 | char::from(digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::super::Document;

    #[test]
    fn lone_surrogates_and_nul_are_refused() {
        for bad in [r#""\ud800""#, r#""\udc00""#, r#""\ud800\u0041""#, r#""\ud800x""#, r#""\u0000""#, r#"{"\u0000":1}"#]
        {
            assert!(Document::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
