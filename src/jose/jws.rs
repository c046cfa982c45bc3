//! JWS Compact Serialization and its protected header (RFC 7515 §4, §7.1).

pub mod header;

use alloc::borrow::Cow;
use alloc::string::String;

use crate::error::{Code, Error, Reason};
use crate::text::json::{Document, Value};
use crate::text::words;

/// How long a token may be, in bytes. Servers refuse headers long before.
pub const MAX_BYTES: usize = 65_536;

/// How many extensions one token may depend on: a bound for what each of them costs.
const MAX_CRIT: usize = 16;

/// The header parameters that `crit` may not name: those of RFC 7515 §4.1, and `b64`, which a JWT never has
/// (RFC 7797 §7).
const NO_EXTENSION: [&str; 12] =
    ["alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "b64"];

/// Whether `name` can be that of an extension which an application handles (RFC 7515 §4.1.11).
pub fn is_extension(name: &str) -> bool {
    !NO_EXTENSION.contains(&name)
}

/// The three parts of a compact JWS, still in base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompactJws<'a> {
    /// The protected header.
    pub header: &'a [u8],
    /// The payload.
    pub payload: &'a [u8],
    /// The signature.
    pub signature: &'a [u8],
    /// What is signed: header, dot and payload.
    pub signing_input: &'a [u8],
}

impl<'a> CompactJws<'a> {
    /// Splits `token` at its two dots.
    ///
    /// # Errors
    /// [`Code::JwsInvalid`] when there are not exactly three parts or the token is longer than [`MAX_BYTES`].
    pub fn parse(token: &'a [u8]) -> Result<Self, Error> {
        let invalid = || Error::new(Code::JwsInvalid);
        if token.len() > MAX_BYTES {
            return Err(invalid());
        }
        let (header, rest) = split_at_dot(token).ok_or_else(invalid)?;
        let (payload, signature) = split_at_dot(rest).ok_or_else(invalid)?;
        let signed = token.len().saturating_sub(signature.len()).saturating_sub(1);
        let (Some(signing_input), None) = (token.get(..signed), split_at_dot(signature)) else { return Err(invalid()) };
        Ok(Self { header, payload, signature, signing_input })
    }
}

/// What stands before the first dot of `text`, and what behind it.
fn split_at_dot(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (before, after) = text.split_at_checked(words::position(text, |word| words::equal(word, b'.'))?)?;
    Some((before, after.split_first()?.1))
}

/// A protected header that can be acted on.
#[derive(Debug)]
pub struct ProtectedHeader<'a> {
    document: Document<'a>,
}

impl<'a> ProtectedHeader<'a> {
    /// Parses a decoded protected header.
    ///
    /// # Errors
    /// [`Code::JwsInvalid`] when it is not a strict JSON object with a string `alg`, or `kid`, `typ` or `crit` are
    /// malformed; [`Code::NotSupported`] when `crit` names an extension, or `b64` is not true (RFC 7797 §3), since
    /// none is implemented.
    pub fn parse(json: &'a [u8]) -> Result<Self, Error> {
        Self::parse_understanding(json, &[])
    }

    /// The same for an application that handles the extensions `understood`, none of which is other than
    /// [`is_extension`].
    ///
    /// # Errors
    /// As [`Self::parse`], but for these extensions.
    pub fn parse_understanding(json: &'a [u8], understood: &[String]) -> Result<Self, Error> {
        let header = Self::read(json)?;
        header.require_parameters()?;
        header.require_extensions(understood)?;
        Ok(header)
    }

    /// Reads a decoded protected header, and checks nothing but that it is a strict JSON object.
    ///
    /// # Errors
    /// [`Code::JwsInvalid`].
    pub fn read(json: &'a [u8]) -> Result<Self, Error> {
        Document::parse_object(json).map(|document| Self { document }).map_err(|_| Error::new(Code::JwsInvalid))
    }

    /// Checks the types of the parameters that are acted on.
    ///
    /// # Errors
    /// [`Code::JwsInvalid`] about the first that is malformed.
    pub fn require_parameters(&self) -> Result<(), Error> {
        let malformed = |parameter| Error::new(Code::JwsInvalid).about(parameter, Reason::Malformed);
        if self.string("alg").is_none() {
            return Err(malformed("alg"));
        }
        for parameter in ["kid", "typ"] {
            if self.get(parameter).is_some() && self.string(parameter).is_none() {
                return Err(malformed(parameter));
            }
        }
        Ok(())
    }

    /// Checks that the header asks for no extension but those that are `understood`.
    ///
    /// # Errors
    /// [`Code::NotSupported`] about `crit` or `b64`; [`Code::JwsInvalid`] when `crit` is malformed.
    pub fn require_extensions(&self, understood: &[String]) -> Result<(), Error> {
        if let Some(crit) = self.get("crit") {
            self.require_understood(crit, understood)?;
        }
        if self.get("b64").is_some_and(|b64| b64.as_bool() != Some(true)) {
            return Err(Error::new(Code::NotSupported).about("b64", Reason::Mismatch));
        }
        Ok(())
    }

    /// The `alg`.
    pub fn alg(&self) -> Cow<'_, str> {
        self.string("alg").unwrap_or_default()
    }

    /// The `kid`.
    pub fn kid(&self) -> Option<Cow<'_, str>> {
        self.string("kid")
    }

    /// The `typ`.
    pub fn typ(&self) -> Option<Cow<'_, str>> {
        self.string("typ")
    }

    /// RFC 7515 §4.1.11: `crit` is not empty, names nothing twice, and each extension that it names is in the header and
    /// understood.
    #[cold]
    #[inline(never)]
    fn require_understood(&self, crit: Value<'_>, understood: &[String]) -> Result<(), Error> {
        let malformed = || Error::new(Code::JwsInvalid).about("crit", Reason::Malformed);
        let (mut all_understood, mut all_different) = (true, true);
        let mut count = 0_usize;
        for name in crit.elements() {
            let name =
                name.as_str().filter(|name| count < MAX_CRIT && self.get(name).is_some()).ok_or_else(malformed)?;
            all_different &= crit.elements().take(count).all(|earlier| earlier.as_str().as_deref() != Some(&*name));
            all_understood &= understood.iter().any(|known| *known == name);
            count = count.saturating_add(1);
        }
        if !all_understood {
            return Err(Error::new(Code::NotSupported).about("crit", Reason::Mismatch));
        }
        (all_different && count > 0).then_some(()).ok_or_else(malformed)
    }

    fn get(&self, parameter: &str) -> Option<Value<'_>> {
        self.document.get(parameter)
    }

    fn string(&self, parameter: &str) -> Option<Cow<'_, str>> {
        self.get(parameter).and_then(Value::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compact_jws_has_three_parts() {
        let jws = CompactJws::parse(b"a.b.c").unwrap();
        assert_eq!(
            (jws.header, jws.payload, jws.signature, jws.signing_input),
            (&b"a"[..], &b"b"[..], &b"c"[..], &b"a.b"[..])
        );
        for token in ["", "a", "a.b", "a.b.c.d", "a.b.c."] {
            assert_eq!(CompactJws::parse(token.as_bytes()), Err(Code::JwsInvalid.into()), "{token}");
        }
    }

    #[test]
    fn long_tokens_and_many_dots_are_refused_at_once() {
        assert!(CompactJws::parse(&std::vec![b'.'; 10_000_000]).is_err());
        assert!(CompactJws::parse(&std::vec![b'a'; MAX_BYTES + 1]).is_err());
        assert!(CompactJws::parse("a.".repeat(1000).as_bytes()).is_err());
        assert!(CompactJws::parse(std::format!("a.b.{}", "c".repeat(MAX_BYTES - 4)).as_bytes()).is_ok());
        assert!(CompactJws::parse(std::format!("a.b.{}", "c".repeat(MAX_BYTES - 3)).as_bytes()).is_err());
    }

    #[test]
    fn extensions_that_are_not_understood_are_refused() {
        for (header, code) in [
            (r#"{"alg":"ES256","crit":["exp"],"exp":1}"#, Code::NotSupported),
            (r#"{"alg":"ES256","crit":["b64"],"b64":false}"#, Code::NotSupported),
            (r#"{"alg":"ES256","b64":false}"#, Code::NotSupported),
            (r#"{"alg":"ES256","crit":[]}"#, Code::JwsInvalid),
            (r#"{"alg":"ES256","crit":["absent"]}"#, Code::JwsInvalid),
            (r#"{"alg":"ES256","crit":"exp","exp":1}"#, Code::JwsInvalid),
            (r#"{"alg":"ES256","crit":[1]}"#, Code::JwsInvalid),
            (r#"{"alg":1}"#, Code::JwsInvalid),
            (r#"{}"#, Code::JwsInvalid),
            (r#"[]"#, Code::JwsInvalid),
            (r#"{"alg":"ES256","kid":1}"#, Code::JwsInvalid),
            (r#"{"alg":"ES256","typ":null}"#, Code::JwsInvalid),
            (r#"{"alg":"none","alg":"ES256"}"#, Code::JwsInvalid),
        ] {
            assert_eq!(ProtectedHeader::parse(header.as_bytes()).unwrap_err().code, code, "{header}");
        }
        for (header, about, reason) in [
            (r#"{"alg":"ES256","b64":false}"#, "b64", Reason::Mismatch),
            (r#"{"alg":"ES256","crit":["x"],"x":1}"#, "crit", Reason::Mismatch),
            (r#"{"alg":"ES256","crit":["x"]}"#, "crit", Reason::Malformed),
        ] {
            let error = ProtectedHeader::parse(header.as_bytes()).unwrap_err();
            assert_eq!((error.claim.as_deref(), error.reason), (Some(about), Some(reason)), "{header}");
        }
        assert!(ProtectedHeader::parse(br#"{"alg":"ES256","b64":true,"jku":"https://evil.example"}"#).is_ok());
    }

    #[test]
    fn extensions_that_the_application_handles_are_accepted() {
        let understood = ["x".into(), "y".into()];
        let many: std::vec::Vec<String> = (0..17).map(|at| std::format!("x{at}")).collect();
        let members = |names: &[String]| names.iter().map(|name| std::format!(r#","{name}":1"#)).collect::<String>();
        let of_many = |names: &[String]| std::format!(r#"{{"alg":"ES256","crit":{names:?}{}}}"#, members(names));
        assert!(ProtectedHeader::parse_understanding(of_many(&many[..16]).as_bytes(), &many).is_ok());
        let error = ProtectedHeader::parse_understanding(of_many(&many).as_bytes(), &many).unwrap_err();
        assert_eq!(error.code, Code::JwsInvalid, "more than any token needs");
        for (header, expected) in [
            (r#""crit":["x"],"x":1"#, Ok(())),
            (r#""crit":["x","y"],"x":1,"y":null"#, Ok(())),
            (r#""x":1"#, Ok(())),
            (r#""crit":["x","z"],"x":1,"z":1"#, Err(Code::NotSupported)),
            (r#""crit":["z","x"],"x":1,"z":1"#, Err(Code::NotSupported)),
            (r#""crit":["x"]"#, Err(Code::JwsInvalid)),
            (r#""crit":["x","x"],"x":1"#, Err(Code::JwsInvalid)),
            (r#""crit":["x","\u0078"],"x":1"#, Err(Code::JwsInvalid)),
            (r#""crit":["x","y","x"],"x":1,"y":1"#, Err(Code::JwsInvalid)),
            (r#""crit":["z","z"],"z":1"#, Err(Code::NotSupported)),
            (r#""crit":["x",1],"x":1"#, Err(Code::JwsInvalid)),
            (r#""crit":[],"x":1"#, Err(Code::JwsInvalid)),
            (r#""crit":["b64"],"b64":true"#, Err(Code::NotSupported)),
            (r#""crit":["x"],"x":1,"b64":false"#, Err(Code::NotSupported)),
        ] {
            let header = std::format!(r#"{{"alg":"ES256",{header}}}"#);
            let result = ProtectedHeader::parse_understanding(header.as_bytes(), &understood).map(|_| ());
            assert_eq!(result.map_err(|error| error.code), expected, "{header}");
        }
        for name in NO_EXTENSION {
            assert!(!is_extension(name));
        }
        assert!(is_extension("x") && is_extension("exp"));
    }
}
