//! The JOSE Header of a JWS in any serialization (RFC 7515 §4 and §7.2), with the extensions that the application
//! understands (§4.1.11) and unencoded payloads (RFC 7797).

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::{ProtectedHeader, is_extension};
use crate::error::{Code, Error, Reason};
use crate::text::json::{Document, Value};

/// The extension of RFC 7797, which is understood here.
const B64: &str = "b64";

/// The extensions that the application understands besides `b64`: an object of their names, each `true` where the
/// extension must be in the protected header.
#[derive(Debug, Default)]
pub struct Extensions<'a>(Option<Document<'a>>);

impl<'a> Extensions<'a> {
    /// Parses the object.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`].
    pub fn parse(json: &'a [u8]) -> Result<Self, Error> {
        let invalid = |_| Error::new(Code::OptionInvalid).about("crit", Reason::Malformed);
        Document::parse_object(json).map(|document| Self(Some(document))).map_err(invalid)
    }

    /// Whether `name` must be protected, where it is understood.
    fn must_be_protected(&self, name: &str) -> Option<bool> {
        if name == B64 {
            return Some(true);
        }
        let understood = self.0.as_ref()?.get(name)?;
        is_extension(name).then(|| understood.as_bool() != Some(false))
    }
}

/// The protected and the unprotected header of one signature.
#[derive(Debug)]
pub struct JoseHeader<'a> {
    protected: Option<Document<'a>>,
    unprotected: Option<Document<'a>>,
    b64: bool,
}

impl<'a> JoseHeader<'a> {
    /// Parses the JSON texts of both parts.
    ///
    /// # Errors
    /// - [`Code::JwsInvalid`]: a part is not a strict JSON object. About `header`: the parts share a name. About `crit`: it
    ///   is missing from the protected header although there is one elsewhere, or `b64` is `false` and it does not name it;
    ///   it is malformed; it names an extension twice (mismatch). About an extension that `crit` names: it is missing, or
    ///   not in the protected header (mismatch). About `b64`: it is no boolean. About `alg`, `kid` and `typ`: no string.
    /// - [`Code::NotSupported`] about an extension that is not understood.
    pub fn parse(
        protected: Option<&'a [u8]>,
        unprotected: Option<&'a [u8]>,
        understood: &Extensions<'_>,
    ) -> Result<Self, Error> {
        let part = |json: Option<&'a [u8]>| json.map(Document::parse_object).transpose().map_err(|_| Code::JwsInvalid);
        let mut header = Self { protected: part(protected)?, unprotected: part(unprotected)?, b64: true };
        header.require_disjoint()?;
        header.b64 = header.require_understood(understood)?;
        if header.alg().is_empty() {
            return Err(malformed("alg"));
        }
        for parameter in ["kid", "typ"] {
            if header.get(parameter).is_some_and(|value| value.as_str().is_none()) {
                return Err(malformed(parameter));
            }
        }
        Ok(header)
    }

    /// Whether the payload is base64url-encoded before it is signed (RFC 7797 §3).
    pub const fn b64(&self) -> bool {
        self.b64
    }

    /// The `alg`.
    pub fn alg(&self) -> Cow<'_, str> {
        self.get("alg").and_then(Value::as_str).unwrap_or_default()
    }

    /// The protected part, all of which is known to be good.
    pub fn into_protected(self) -> Option<ProtectedHeader<'a>> {
        self.protected.map(|document| ProtectedHeader { document })
    }

    fn get(&self, parameter: &str) -> Option<Value<'_>> {
        [&self.protected, &self.unprotected].into_iter().flatten().find_map(|part| part.get(parameter))
    }

    fn get_protected(&self, parameter: &str) -> Option<Value<'_>> {
        self.protected.as_ref()?.get(parameter)
    }

    /// RFC 7515 §7.2.1: "the Header Parameter names in the two locations MUST be disjoint".
    fn require_disjoint(&self) -> Result<(), Error> {
        let (Some(protected), Some(unprotected)) = (&self.protected, &self.unprotected) else { return Ok(()) };
        let names: BTreeSet<_> = protected.root().members().map(|(name, _)| name).collect();
        let shared = unprotected.root().members().any(|(name, _)| names.contains(&name));
        if shared { Err(Error::new(Code::JwsInvalid).about("header", Reason::Malformed)) } else { Ok(()) }
    }

    /// Checks `crit` and what it names, and returns the `b64`.
    fn require_understood(&self, understood: &Extensions<'_>) -> Result<bool, Error> {
        let Some(crit) = self.get_protected("crit") else {
            let somewhere = self.get("crit").is_some();
            return if somewhere { Err(unprotected_crit()) } else { self.without_b64() };
        };
        let names = named(crit).ok_or_else(|| malformed("crit"))?;
        // Twice the same name is refused first: what follows looks each name up.
        if names.iter().collect::<BTreeSet<_>>().len() != names.len() {
            return Err(Error::new(Code::JwsInvalid).about("crit", Reason::Mismatch));
        }
        for name in &names {
            let Some(must_be_protected) = understood.must_be_protected(name) else {
                return Err(Error::new(Code::NotSupported).about(name.clone(), Reason::Mismatch));
            };
            let reason = match (self.get_protected(name), self.get(name)) {
                (None, None) => Reason::Missing,
                (None, Some(_)) if must_be_protected => Reason::Mismatch,
                _ => continue,
            };
            return Err(Error::new(Code::JwsInvalid).about(name.clone(), reason));
        }
        if names.iter().any(|name| name == B64) {
            return self.get_protected(B64).and_then(Value::as_bool).ok_or_else(|| malformed(B64));
        }
        self.without_b64()
    }

    /// RFC 7797 §6: who does not know `b64` would read another payload, so `crit` must name one that is false.
    fn without_b64(&self) -> Result<bool, Error> {
        let is_false = self.get(B64).and_then(Value::as_bool) == Some(false);
        if is_false { Err(unprotected_crit()) } else { Ok(true) }
    }
}

/// The names in a `crit`: at least one, none of them empty.
fn named(crit: Value<'_>) -> Option<Vec<String>> {
    let name = |value: Value<'_>| value.as_str().filter(|name| !name.is_empty()).map(Cow::into_owned);
    let names: Vec<_> = crit.elements().map(name).collect::<Option<_>>()?;
    (!names.is_empty()).then_some(names)
}

fn unprotected_crit() -> Error {
    Error::new(Code::JwsInvalid).about("crit", Reason::Missing)
}

fn malformed(parameter: &'static str) -> Error {
    Error::new(Code::JwsInvalid).about(parameter, Reason::Malformed)
}

/// What is signed (RFC 7515 §5.1 step 8, RFC 7797 §3): the encoded protected header, a dot, and the payload, which may
/// have been sent apart from the JWS (RFC 7515 appendix F).
pub fn signing_input(protected: &str, payload: &[u8]) -> Vec<u8> {
    [protected.as_bytes(), b".", payload].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    type Refusal<'a> = (Code, Option<&'a str>, Option<Reason>);

    fn parse(protected: &str, unprotected: Option<&str>, understood: &str) -> Result<bool, Error> {
        let understood = Extensions::parse(understood.as_bytes()).unwrap();
        let protected = (!protected.is_empty()).then_some(protected.as_bytes());
        JoseHeader::parse(protected, unprotected.map(str::as_bytes), &understood).map(|header| header.b64())
    }

    fn refused(protected: &str, unprotected: Option<&str>, understood: &str, expected: Refusal<'_>) {
        let error = parse(protected, unprotected, understood).unwrap_err();
        assert_eq!((error.code, error.claim.as_deref(), error.reason), expected, "{protected} {unprotected:?}");
    }

    #[test]
    fn the_parameters_of_both_parts_count_together() {
        assert_eq!(parse(r#"{"alg":"HS256"}"#, None, "{}"), Ok(true));
        assert_eq!(parse("", Some(r#"{"alg":"HS256"}"#), "{}"), Ok(true));
        assert_eq!(parse(r#"{"typ":"JWT"}"#, Some(r#"{"alg":"HS256"}"#), "{}"), Ok(true));
        let alg = (Code::JwsInvalid, Some("alg"), Some(Reason::Malformed));
        for protected in ["", "{}", r#"{"alg":""}"#, r#"{"alg":1}"#, r#"{"alg":null}"#] {
            refused(protected, None, "{}", alg);
        }
        refused(r#"{"alg":"HS256","kid":1}"#, None, "{}", (Code::JwsInvalid, Some("kid"), Some(Reason::Malformed)));
        refused(r#"{"alg":"HS256","alg":"none"}"#, None, "{}", (Code::JwsInvalid, None, None));
        refused(r#"{"alg":"HS256"}"#, Some("[]"), "{}", (Code::JwsInvalid, None, None));
    }

    #[test]
    fn only_what_was_protected_is_known_to_be_good() {
        let understood = Extensions::parse(b"{}").unwrap();
        let protected = |protected: Option<&'static str>, unprotected| {
            let header = JoseHeader::parse(protected.map(str::as_bytes), Some(unprotected), &understood).unwrap();
            header.into_protected().map(|header| (header.alg().into_owned(), header.kid().is_some()))
        };
        assert_eq!(protected(None, br#"{"alg":"HS256"}"#), None);
        assert_eq!(protected(Some(r#"{"alg":"HS256"}"#), br#"{"kid":"k"}"#), Some(("HS256".into(), false)));
    }

    #[test]
    fn no_name_is_in_both_parts() {
        let shared = (Code::JwsInvalid, Some("header"), Some(Reason::Malformed));
        refused(r#"{"alg":"HS256"}"#, Some(r#"{"alg":"HS256"}"#), "{}", shared);
        refused(r#"{"alg":"HS256","a":1}"#, Some(r#"{"\u0061":2}"#), "{}", shared);
    }

    #[test]
    fn extensions_are_understood_protected_and_there() {
        assert_eq!(parse(r#"{"alg":"HS256","crit":["x"],"x":1}"#, None, r#"{"x":true}"#), Ok(true));
        assert_eq!(parse(r#"{"alg":"HS256","crit":["x"]}"#, Some(r#"{"x":1}"#), r#"{"x":false}"#), Ok(true));
        for (protected, unprotected, understood, code, about, reason) in [
            (r#""crit":["x"],"x":1"#, None, "{}", Code::NotSupported, "x", Reason::Mismatch),
            (r#""crit":["x"]"#, None, r#"{"x":true}"#, Code::JwsInvalid, "x", Reason::Missing),
            (r#""crit":["x"]"#, Some(r#"{"x":1}"#), r#"{"x":true}"#, Code::JwsInvalid, "x", Reason::Mismatch),
            (r#""crit":["x","x"],"x":1"#, None, r#"{"x":true}"#, Code::JwsInvalid, "crit", Reason::Mismatch),
            (r#""typ":"a""#, Some(r#"{"crit":["x"],"x":1}"#), "{}", Code::JwsInvalid, "crit", Reason::Missing),
            (r#""crit":[]"#, None, "{}", Code::JwsInvalid, "crit", Reason::Malformed),
            (r#""crit":null"#, None, "{}", Code::JwsInvalid, "crit", Reason::Malformed),
            (r#""crit":"x","x":1"#, None, r#"{"x":true}"#, Code::JwsInvalid, "crit", Reason::Malformed),
            (r#""crit":["x",""],"x":1"#, None, r#"{"x":true}"#, Code::JwsInvalid, "crit", Reason::Malformed),
            (r#""crit":[["x"]],"x":1"#, None, r#"{"x":true}"#, Code::JwsInvalid, "crit", Reason::Malformed),
        ] {
            let protected = format!(r#"{{"alg":"HS256",{protected}}}"#);
            refused(&protected, unprotected, understood, (code, Some(about), Some(reason)));
        }
    }

    #[test]
    fn a_registered_parameter_is_no_extension_whatever_the_application_says() {
        for name in ["alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"] {
            let protected = format!(r#"{{"alg":"HS256","crit":["{name}"]}}"#);
            let expected = (Code::NotSupported, Some(name), Some(Reason::Mismatch));
            refused(&protected, None, &format!(r#"{{"{name}":true}}"#), expected);
        }
    }

    #[test]
    fn an_unencoded_payload_is_announced_by_crit() {
        assert_eq!(parse(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, None, "{}"), Ok(false));
        assert_eq!(parse(r#"{"alg":"HS256","b64":true,"crit":["b64"]}"#, None, r#"{"b64":false}"#), Ok(true));
        assert_eq!(parse(r#"{"alg":"HS256","b64":true}"#, None, "{}"), Ok(true));
        for (protected, unprotected, about, reason) in [
            (r#""b64":false"#, None, "crit", Reason::Missing),
            (r#""b64":false,"crit":["x"],"x":1"#, None, "crit", Reason::Missing),
            (r#""typ":"a""#, Some(r#"{"b64":false}"#), "crit", Reason::Missing),
            (r#""b64":0,"crit":["b64"]"#, None, "b64", Reason::Malformed),
            (r#""crit":["b64"]"#, None, "b64", Reason::Missing),
            (r#""crit":["b64"]"#, Some(r#"{"b64":false}"#), "b64", Reason::Mismatch),
        ] {
            let protected = format!(r#"{{"alg":"HS256",{protected}}}"#);
            let expected = (Code::JwsInvalid, Some(about), Some(reason));
            refused(&protected, unprotected, r#"{"x":true,"b64":false}"#, expected);
        }
    }

    #[test]
    fn a_million_names_are_refused_in_time_linear_in_their_length() {
        let crit = r#""x","#.repeat(1_000_000);
        let protected = format!(r#"{{"alg":"HS256","x":1,"crit":[{crit}"y"]}}"#);
        refused(&protected, None, r#"{"x":true}"#, (Code::JwsInvalid, Some("crit"), Some(Reason::Mismatch)));
    }

    /// RFC 7797 §4.2: the payload `$.02` under `{"alg":"HS256","b64":false,"crit":["b64"]}`.
    #[test]
    fn rfc_7797_signing_input_example() {
        let protected = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19";
        let input = signing_input(protected, b"$.02");
        assert_eq!(input, format!("{protected}.$.02").as_bytes());
    }
}
