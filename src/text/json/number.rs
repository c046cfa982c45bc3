//! Numbers of seconds, read without floating point: `str::parse::<f64>` alone costs 15 kB.

/// The largest whole number that JavaScript holds exactly.
const MAX: u64 = 9_007_199_254_740_991;

/// A NumericDate (RFC 7519 §2) between two whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumericDate {
    /// The whole second at or before it.
    pub floor: i64,
    /// The whole second at or after it.
    pub ceil: i64,
}

impl NumericDate {
    /// Parses a number that has the grammar of JSON; `None` when it is beyond ±(2^53 - 1).
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(whole) = parse_short(text.as_bytes()) {
            return Some(Self { floor: whole, ceil: whole });
        }
        let unsigned = text.strip_prefix('-');
        let number = unsigned.unwrap_or(text).as_bytes();
        let mantissa_end = number.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(number.len());
        let (mantissa, exponent) = number.split_at_checked(mantissa_end)?;
        let whole = mantissa.iter().position(|byte| *byte == b'.').unwrap_or(mantissa_end);
        // How many of the digits stand before the decimal point once the exponent is applied.
        let mut before = i64::try_from(whole).ok()?.saturating_add(parse_exponent(exponent));
        let mut value = 0_u64;
        let mut exact = true;
        for digit in mantissa.iter().filter(|byte| **byte != b'.').map(|byte| byte.wrapping_sub(b'0')) {
            if before > 0 {
                value = append(value, digit);
                before = before.saturating_sub(1);
            } else if digit != 0 {
                exact = false;
            }
        }
        while before > 0 && (1..=MAX).contains(&value) {
            value = append(value, 0);
            before = before.saturating_sub(1);
        }
        let above = value.saturating_add(u64::from(!exact));
        if above > MAX {
            return None;
        }
        let (value, above) = (i64::try_from(value).ok()?, i64::try_from(above).ok()?);
        let (floor, ceil) =
            if unsigned.is_some() { (above.saturating_neg(), value.saturating_neg()) } else { (value, above) };
        Some(Self { floor, ceil })
    }
}

/// What most times are: digits alone, and too few to be out of range.
fn parse_short(text: &[u8]) -> Option<i64> {
    const ENOUGH: usize = 15;
    if text.len() > ENOUGH {
        return None;
    }
    text.iter()
        .map(|byte| byte.wrapping_sub(b'0'))
        .try_fold(0_i64, |value, digit| (digit < 10).then(|| value.wrapping_mul(10).wrapping_add(i64::from(digit))))
}

/// `value` with one more decimal digit; once it is above [`MAX`], it stays there.
fn append(value: u64, digit: u8) -> u64 {
    value.min(MAX.wrapping_add(1)).wrapping_mul(10).wrapping_add(digit.into())
}

/// The number behind an `e`; without one, 0.
fn parse_exponent(text: &[u8]) -> i64 {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit());
    let value = digits.fold(0_i64, |value, digit| {
        value.min(i64::from(u32::MAX)).wrapping_mul(10).wrapping_add(i64::from(digit.wrapping_sub(b'0')))
    });
    if text.get(1) == Some(&b'-') { value.saturating_neg() } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: i64 = super::MAX.cast_signed();

    #[test]
    fn numbers_fall_between_whole_seconds() {
        for (text, floor, ceil) in [
            ("0", 0, 0),
            ("-0", 0, 0),
            ("0e99999999999999999999", 0, 0),
            ("1700000000", 1_700_000_000, 1_700_000_000),
            ("1.7e9", 1_700_000_000, 1_700_000_000),
            ("17000000000E-1", 1_700_000_000, 1_700_000_000),
            ("1.5", 1, 2),
            ("1.0", 1, 1),
            ("-1.5", -2, -1),
            ("-1", -1, -1),
            ("0.001", 0, 1),
            ("1e-400", 0, 1),
            ("9007199254740991", MAX, MAX),
            ("0.5e1", 5, 5),
            ("1.5E+3", 1500, 1500),
            ("12e-99999999999999999999", 0, 1),
        ] {
            assert_eq!(NumericDate::parse(text), Some(NumericDate { floor, ceil }), "{text}");
        }
    }

    #[test]
    fn numbers_that_javascript_does_not_hold_exactly_are_no_dates() {
        for text in
            ["1e400", "-1e400", "9007199254740992", "9223372036854775808", "-9223372036854775808", "9007199254740991.5"]
        {
            assert_eq!(NumericDate::parse(text), None, "{text}");
        }
    }
}
