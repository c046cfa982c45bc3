//! For how long keys that were fetched are good: what the server says (RFC 9111 §5.2), within what the application allows.

use crate::error::{Code, Error, Reason};
use crate::http::Headers;
use crate::jose::jwks::MAX_AGE;
use crate::text::json::{Document, Value};

/// Seconds for which keys are fresh at least, whatever the server says: it is not asked for every token.
const MIN_FRESH: u64 = 30;

/// The most seconds that an option allows.
const MAX_LIMIT: u64 = 86_400;

/// For how long fetched keys may be used, in seconds since the server last vouched for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// After this, no token is verified before the server was asked again.
    pub max_age: u64,
    /// For how much longer the keys are good while the server fails.
    pub stale_if_error: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_age: MAX_AGE, stale_if_error: 3600 }
    }
}

impl Limits {
    /// Parses `{ jwksMaxAge?, jwksStaleIfError? }`: from 30 to 86400, and up to 86400.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the option.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        let options = Document::parse_object(json).map_err(|_| Code::OptionInvalid)?;
        let read = |option: &'static str, least: u64, default: u64| match options.get(option).map(Value::as_u64) {
            None => Ok(default),
            Some(Some(seconds)) if (least..=MAX_LIMIT).contains(&seconds) => Ok(seconds),
            Some(_) => Err(Error::new(Code::OptionInvalid).about(option, Reason::Malformed)),
        };
        let default = Self::default();
        Ok(Self {
            max_age: read("jwksMaxAge", MIN_FRESH, default.max_age)?,
            stale_if_error: read("jwksStaleIfError", 0, default.stale_if_error)?,
        })
    }

    /// Seconds after which the keys are of no use, whatever happens.
    pub const fn keep(&self) -> u64 {
        self.max_age.saturating_add(self.stale_if_error)
    }

    /// Seconds for which keys are fresh that came with `headers`. A server that says nothing is asked again after half of
    /// the maximum age.
    pub(super) fn fresh_for(&self, headers: &Headers) -> u64 {
        let allowed = headers.cache_control.as_deref().and_then(allowed);
        let age = headers.age.as_deref().map(str::as_bytes).and_then(seconds).unwrap_or_default();
        self.clamp(allowed.map_or(self.max_age / 2, |allowed| allowed.saturating_sub(age)))
    }

    /// The nearest time for which keys may be fresh.
    pub(super) fn clamp(&self, fresh_for: u64) -> u64 {
        fresh_for.min(self.max_age).max(MIN_FRESH)
    }
}

/// The lifetime that a `Cache-Control` gives, if it says anything of that. Of directives that contradict each other the
/// strictest counts, and one that is malformed allows nothing. A comma within a quoted argument parts it all the same: what
/// that makes is read strictly, and no argument of ours has one.
fn allowed(cache_control: &str) -> Option<u64> {
    let lifetime = |directive: &[u8]| {
        let end = directive.iter().position(|byte| *byte == b'=').unwrap_or(directive.len());
        let (name, argument) = directive.split_at_checked(end)?;
        let is = |other: &str| name.trim_ascii().eq_ignore_ascii_case(other.as_bytes());
        if is("no-store") || is("no-cache") {
            return Some(0);
        }
        let argument = argument.get(1..).unwrap_or_default().trim_ascii();
        is("max-age").then(|| seconds(unquoted(argument)).unwrap_or_default())
    };
    cache_control.as_bytes().split(|byte| *byte == b',').filter_map(lifetime).min()
}

/// RFC 9111 §5.2: an argument may be a token or a quoted string.
fn unquoted(argument: &[u8]) -> &[u8] {
    argument.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(argument)
}

/// RFC 9111 §1.2.2: delta-seconds; more than can be counted is for ever.
fn seconds(text: &[u8]) -> Option<u64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u64::from(byte & 15));
    let number =
        text.iter().try_fold(0_u64, |number, byte| Some(number.saturating_mul(10).saturating_add(digit(*byte)?)));
    number.filter(|_| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_for_how_long_its_keys_are_fresh() {
        const HALF: u64 = 300;
        for (cache_control, age, fresh) in [
            (None, None, HALF),
            (Some(""), None, HALF),
            (Some("public"), None, HALF),
            (Some("public, s-maxage=60"), None, HALF),
            (Some("max-age=120"), None, 120),
            (Some("MAX-AGE=120"), None, 120),
            (Some("public,max-age=120 , must-revalidate"), None, 120),
            (Some(" max-age = 120 "), None, 120),
            (Some("max-age=\"120\""), None, 120),
            (Some("max-age=120"), Some("20"), 100),
            (Some("max-age=120"), Some("119"), 30),
            (Some("max-age=120"), Some("99999999999999999999999"), 30),
            (Some("max-age=120"), Some("-5"), 120),
            (Some("max-age=120"), Some("x"), 120),
            (Some("max-age=600"), None, 600),
            (Some("max-age=601"), None, 600),
            (Some("max-age=99999999999999999999999"), None, 600),
            (Some("max-age=99999999999999999999999"), Some("600"), 600),
            (Some("max-age=10"), None, 30),
            (Some("max-age=0"), None, 30),
            (Some("no-store"), None, 30),
            (Some("no-cache"), None, 30),
            (Some("no-cache=\"set-cookie\", max-age=120"), None, 30),
            (Some("max-age=120, no-store"), None, 30),
            (Some("max-age=500, max-age=120"), None, 120),
            (Some("max-age=120, max-age=500"), None, 120),
            (Some("max-age=120, max-age=x"), None, 30),
            (Some("max-age"), None, 30),
            (Some("max-age="), None, 30),
            (Some("max-age=-1"), None, 30),
            (Some("max-age=+120"), None, 30),
            (Some("max-age=1.5"), None, 30),
            (Some("max-age=\"120"), None, 30),
            (Some("max-age=12 0"), None, 30),
            (Some("x-max-age=120"), None, HALF),
            (Some("private=\"a, no-store\""), None, HALF),
            (Some("private=\"a, no-store, b\""), None, 30),
            (Some(",,,"), None, HALF),
        ] {
            let headers = Headers {
                cache_control: cache_control.map(Into::into),
                age: age.map(Into::into),
                ..Headers::default()
            };
            assert_eq!(Limits::default().fresh_for(&headers), fresh, "{cache_control:?} {age:?}");
        }
        let short = Limits { max_age: 30, stale_if_error: 0 };
        assert_eq!(short.fresh_for(&Headers::default()), 30);
    }

    #[test]
    fn limits_are_whole_seconds_in_their_range() {
        let parse =
            |json: &str| Limits::parse(json.as_bytes()).map_err(|error| error.claim.clone().unwrap_or_default());
        assert_eq!(parse("{}"), Ok(Limits { max_age: 600, stale_if_error: 3600 }));
        let limits = Limits { max_age: 30, stale_if_error: 0 };
        assert_eq!(parse(r#"{"jwksMaxAge":30,"jwksStaleIfError":0}"#), Ok(limits));
        assert_eq!(parse(r#"{"jwksMaxAge":86400,"jwksStaleIfError":86400}"#).unwrap().keep(), 172_800);
        for value in ["29", "86401", "-1", "60.5", "\"60\"", "null", "1e400"] {
            assert_eq!(parse(&std::format!(r#"{{"jwksMaxAge":{value}}}"#)).unwrap_err(), "jwksMaxAge", "{value}");
        }
        for value in ["86401", "-1", "0.5", "\"0\"", "false"] {
            let json = std::format!(r#"{{"jwksStaleIfError":{value}}}"#);
            assert_eq!(parse(&json).unwrap_err(), "jwksStaleIfError", "{value}");
        }
    }
}
