//! JWK Set (RFC 7517 §5), and which of its keys may verify a token.

use alloc::string::String;
use alloc::vec::Vec;

use super::algorithm::{Algorithm, AlgorithmSet, KeyType};
use super::jwk::Jwk;
use crate::error::{Code, Error};
use crate::text::json::{Document, Object, Value};

/// Seconds for which fetched keys are good. A key that the issuer removes is refused after them.
pub const MAX_AGE: u64 = 600;

/// How many keys are tried for one token. A token without a `kid` fits many, and each attempt costs.
pub const MAX_CANDIDATES: usize = 32;

/// How many keys a set may have.
pub const MAX_KEYS: usize = 1000;

/// The public keys of a set.
#[derive(Clone, Debug, Default)]
pub struct JwkSet {
    /// The keys that can be used, in their order.
    pub keys: Vec<Jwk>,
}

/// Whether keys that were fetched at `fetched_at` are still good at `now`. A clock that goes back does not make them last
/// longer.
pub fn is_fresh(fetched_at: u64, now: u64) -> bool {
    now >= fetched_at && now.saturating_sub(fetched_at) < MAX_AGE
}

impl JwkSet {
    /// Parses a set of public keys. As RFC 7517 §5 asks, keys that cannot be used are left out, be they of another type,
    /// for another use or algorithm, or malformed; and so are private and symmetric ones, which have no place in a public
    /// set.
    ///
    /// # Errors
    /// [`Code::JwksInvalid`].
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        Self::from_value(Document::parse_object(json).map_err(|_| Code::JwksInvalid)?.root())
    }

    /// The same, of a set that is a value in another document.
    ///
    /// # Errors
    /// [`Code::JwksInvalid`].
    pub fn from_value(set: Value<'_>) -> Result<Self, Error> {
        let keys = set.get("keys").filter(|keys| keys.is_array()).ok_or(Code::JwksInvalid)?;
        if keys.elements().nth(MAX_KEYS).is_some() || !keys.elements().all(|key| key.is_object()) {
            return Err(Error::new(Code::JwksInvalid));
        }
        let usable =
            |jwk: &Jwk| jwk.material.key_type() != KeyType::Oct && !AlgorithmSet::of(|row| jwk.fits(row)).is_empty();
        Ok(Self { keys: keys.elements().filter_map(|key| Jwk::from_value(key).ok()).filter(usable).collect() })
    }

    /// The set as JSON.
    pub fn to_json(&self) -> String {
        let mut keys = String::new();
        for jwk in &self.keys {
            keys.push(if keys.is_empty() { '[' } else { ',' });
            keys.push_str(&jwk.to_json());
        }
        keys.push_str(if keys.is_empty() { "[]" } else { "]" });
        Object::new().raw("keys", &keys).finish()
    }

    /// The keys, with their indices, that may verify a token of `algorithm` and `kid`. A token that names a `kid` is
    /// verified with a key of that name only; one that names none, with any of the first [`MAX_CANDIDATES`] keys that fit.
    pub fn candidates<'a>(
        &'a self,
        algorithm: &'a Algorithm,
        kid: Option<&'a str>,
    ) -> impl Iterator<Item = (usize, &'a Jwk)> {
        self.keys
            .iter()
            .enumerate()
            .filter(move |(_, jwk)| kid.is_none_or(|kid| jwk.kid.as_deref() == Some(kid)) && jwk.fits(algorithm))
            .take(MAX_CANDIDATES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_good_for_ten_minutes_and_not_before_they_were_fetched() {
        for (fetched_at, now, expected) in [
            (1_000, 1_000, true),
            (1_000, 1_599, true),
            (1_000, 1_600, false),
            (1_000, 999, false),
            (0, 599, true),
            (0, u64::MAX, false),
            (u64::MAX, u64::MAX, true),
            (u64::MAX, 0, false),
        ] {
            assert_eq!(is_fresh(fetched_at, now), expected, "fetched at {fetched_at}, now {now}");
        }
    }

    #[test]
    fn unusable_keys_are_left_out() {
        let set = JwkSet::parse(
            br#"{"keys":[
                {"kty":"RSA","n":"AQAB","e":"AQAB","kid":"a"},
                {"kty":"oct","k":"AQAB","kid":"symmetric"},
                {"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB","kid":"private"},
                {"kty":"EC","crv":"P-999","kid":"foreign"},
                {"kty":"RSA","kid":"incomplete"},
                {"kty":"RSA","n":"AQAB","e":"AQAB","kid":"encrypts","use":"enc"},
                {"kty":"RSA","n":"AQAB","e":"AQAB","kid":"signs","key_ops":["sign"]},
                {"kty":"RSA","n":"AQAB","e":"AQAB","kid":"wraps","alg":"RSA-OAEP"},
                {"kty":"RSA","n":"AQAB","e":"AQAB","kid":"b","use":"sig","key_ops":["verify"],"alg":"RS256"},
                {"kty":"RSA","n":"AQAB","e":"AQAB"}
            ],"extra":1}"#,
        )
        .unwrap();
        assert_eq!(set.keys.iter().map(|jwk| jwk.kid.as_deref()).collect::<Vec<_>>(), [Some("a"), Some("b"), None]);
        let again = JwkSet::parse(set.to_json().as_bytes()).unwrap();
        assert_eq!(again.keys.len(), 3);
        assert_eq!(again.keys[1].kid.as_deref(), Some("b"));
        let algorithm = Algorithm::named("RS256").unwrap();
        let candidates = |kid| set.candidates(algorithm, kid).map(|(index, _)| index).collect::<Vec<_>>();
        assert_eq!(candidates(Some("a")), [0]);
        assert_eq!(candidates(None), [0, 1, 2]);
        for kid in ["symmetric", "private", "encrypts", "signs", "wraps", "", "__proto__", "../a"] {
            assert!(candidates(Some(kid)).is_empty(), "{kid}");
        }
    }

    #[test]
    fn one_token_tries_a_bounded_number_of_keys() {
        let key = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
        let many = std::format!("{{\"keys\":[{}]}}", [key; MAX_CANDIDATES + 1].join(","));
        let set = JwkSet::parse(many.as_bytes()).unwrap();
        assert_eq!(set.candidates(Algorithm::named("RS256").unwrap(), None).count(), MAX_CANDIDATES);
    }

    #[test]
    fn what_is_not_a_set_is_refused() {
        for text in
            ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[1]}"#, r#"{"keys":[],"keys":[]}"#, r#"{"keys":null}"#]
        {
            assert_eq!(JwkSet::parse(text.as_bytes()).unwrap_err(), Code::JwksInvalid.into(), "{text}");
        }
        let many = std::format!("{{\"keys\":[{}{{}}]}}", "{},".repeat(MAX_KEYS));
        assert_eq!(JwkSet::parse(many.as_bytes()).unwrap_err(), Code::JwksInvalid.into());
    }
}
