//! Numbers of seconds, read without floating point: `str::parse::<f64>` alone costs 15 kB.

/// The largest whole number that JavaScript holds exactly.
const MAX: i64 = 9_007_199_254_740_991;

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
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = || whole.bytes().chain(fraction.bytes()).map(|digit| i64::from(digit.wrapping_sub(b'0')));
        if digits().all(|digit| digit == 0) {
            return Some(Self { floor: 0, ceil: 0 });
        }
        // How many of the digits stand before the decimal point once the exponent is applied.
        let before = i64::try_from(whole.len()).ok()?.saturating_add(parse_exponent(exponent));
        let mut value = 0_i64;
        let mut exact = true;
        let mut read = 0_i64;
        for digit in digits() {
            if read < before {
                value = value.checked_mul(10)?.checked_add(digit)?;
            } else if digit != 0 {
                exact = false;
            }
            read = read.saturating_add(1);
        }
        while value != 0 && read < before {
            value = value.checked_mul(10)?;
            read = read.saturating_add(1);
        }
        let above = if exact { value } else { value.checked_add(1)? };
        if above > MAX {
            return None;
        }
        let (floor, ceil) = if negative { (above.checked_neg()?, value.checked_neg()?) } else { (value, above) };
        Some(Self { floor, ceil })
    }
}

fn parse_exponent(text: &str) -> i64 {
    let (negative, digits) =
        text.strip_prefix('-').map_or_else(|| (false, text.trim_start_matches('+')), |rest| (true, rest));
    let value = digits
        .bytes()
        .fold(0_i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit.wrapping_sub(b'0'))));
    if negative { value.saturating_neg() } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

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
