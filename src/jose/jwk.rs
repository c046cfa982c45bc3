//! JSON Web Key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2, draft-ietf-cose-dilithium §4): what a key is, not how to compute
//! with it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::algorithm::{Algorithm, Curve, KeyType, ParameterSet, Scheme};
use crate::crypto::hash::{Hash, sha256};
use crate::error::{Code, Error, Reason};
use crate::text::base64url;
use crate::text::json::{Document, Object, Value};

/// The members of which a private key has at least one (RFC 7518 §6.2.2 and §6.3.2, RFC 8037 §2,
/// draft-ietf-cose-dilithium §4).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"];

/// The curves of `EC` keys.
const EC_CURVES: [Curve; 4] = [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1];

/// A public or symmetric key that was read, and for what it may be used.
#[derive(Clone, Debug)]
pub struct Jwk {
    /// The Key ID.
    pub kid: Option<String>,
    /// The only `alg` with which the key may be used, if it names one.
    pub alg: Option<String>,
    /// The key itself.
    pub material: Material,
    verifies: bool,
}

/// The members of a key, decoded.
#[derive(Clone, PartialEq, Eq)]
pub enum Material {
    /// `RSA`: modulus and exponent, big-endian without leading zeros.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The public exponent.
        e: Vec<u8>,
    },
    /// `EC`: coordinates, each of the curve's length.
    Ec {
        /// The curve.
        curve: Curve,
        /// The x coordinate.
        x: Vec<u8>,
        /// The y coordinate.
        y: Vec<u8>,
    },
    /// `OKP`: the public key, of the curve's length.
    Okp {
        /// The curve.
        curve: Curve,
        /// The public key.
        x: Vec<u8>,
    },
    /// `oct`: a shared secret.
    Oct {
        /// The secret.
        k: Vec<u8>,
    },
    /// `AKP`: a public key of one algorithm only, of its length.
    Akp {
        /// The parameter set, which the JWK names as its `alg`.
        set: ParameterSet,
        /// The public key.
        public: Vec<u8>,
    },
}

impl fmt::Debug for Material {
    /// Names the type only: a symmetric key is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key_type().name())
    }
}

impl Material {
    /// The `kty`.
    pub const fn key_type(&self) -> KeyType {
        match self {
            Self::Rsa { .. } => KeyType::Rsa,
            Self::Ec { .. } => KeyType::Ec,
            Self::Okp { .. } => KeyType::Okp,
            Self::Oct { .. } => KeyType::Oct,
            Self::Akp { .. } => KeyType::Akp,
        }
    }

    /// The `crv`, where the type has one.
    pub const fn curve(&self) -> Option<Curve> {
        match self {
            Self::Ec { curve, .. } | Self::Okp { curve, .. } => Some(*curve),
            Self::Rsa { .. } | Self::Oct { .. } | Self::Akp { .. } => None,
        }
    }

    /// Whether the algorithms of the key are rare (see [`Algorithm::is_rare`]).
    pub const fn is_rare(&self) -> bool {
        match self {
            Self::Ec { curve, .. } => curve.is_rare(),
            Self::Akp { .. } => true,
            Self::Rsa { .. } | Self::Okp { .. } | Self::Oct { .. } => false,
        }
    }

    /// Whether keys of this kind are those of `algorithm` (`kty`, `crv` and parameter set agree).
    pub fn is_of(&self, algorithm: &Algorithm) -> bool {
        self.key_type() == algorithm.key_type
            && match self {
                Self::Akp { set, .. } => algorithm.scheme == Scheme::MlDsa(*set),
                other => other.curve() == algorithm.curve,
            }
    }

    /// The JWK with its required members only, in lexicographic order (RFC 7638 §3.2).
    pub fn to_json(&self) -> String {
        self.write(Object::new())
    }

    fn write(&self, object: Object) -> String {
        let kty = self.key_type().name();
        match self {
            Self::Rsa { n, e } => {
                object.string("e", &base64url::encode(e)).string("kty", kty).string("n", &base64url::encode(n))
            }
            Self::Ec { curve, x, y } => object
                .string("crv", curve.name())
                .string("kty", kty)
                .string("x", &base64url::encode(x))
                .string("y", &base64url::encode(y)),
            Self::Okp { curve, x } => {
                object.string("crv", curve.name()).string("kty", kty).string("x", &base64url::encode(x))
            }
            Self::Oct { k } => object.string("k", &base64url::encode(k)).string("kty", kty),
            Self::Akp { set, public } => {
                object.string("alg", set.name()).string("kty", kty).string("pub", &base64url::encode(public))
            }
        }
        .finish()
    }

    /// The SHA-256 JWK Thumbprint (RFC 7638). A symmetric key has none here: it would publish a hash of the secret.
    pub fn thumbprint(&self) -> Option<String> {
        (self.key_type() != KeyType::Oct).then(|| base64url::encode(sha256(self.to_json().as_bytes())))
    }

    /// The JWK Thumbprint with `hash` (RFC 7638 §3.4), as [`Material::thumbprint`].
    pub fn thumbprint_with(&self, hash: Hash) -> Option<String> {
        (self.key_type() != KeyType::Oct).then(|| base64url::encode(hash.digest(self.to_json().as_bytes())))
    }

    /// The JWK Thumbprint URI with `hash` (RFC 9278 §3), as [`Material::thumbprint`].
    pub fn thumbprint_uri(&self, hash: Hash) -> Option<String> {
        let hash_name = hash.name().to_ascii_lowercase();
        Some(["urn:ietf:params:oauth:jwk-thumbprint:", &hash_name, ":", &self.thumbprint_with(hash)?].concat())
    }
}

impl From<Material> for Jwk {
    fn from(material: Material) -> Self {
        Self { kid: None, alg: None, material, verifies: true }
    }
}

impl Jwk {
    /// Parses a JWK.
    ///
    /// # Errors
    /// [`Code::JwkInvalid`] when it is malformed or holds a private key; [`Code::NotSupported`] for another `kty` or
    /// `crv`.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        let document = Document::parse_object(json).map_err(|_| Code::JwkInvalid)?;
        Self::from_value(document.root())
    }

    /// Reads a JWK from a parsed object.
    ///
    /// # Errors
    /// As [`Jwk::parse`].
    pub fn from_value(jwk: Value<'_>) -> Result<Self, Error> {
        if let Some(private) = PRIVATE.into_iter().find(|member| jwk.get(member).is_some()) {
            return Err(Error::new(Code::JwkInvalid).about(private, Reason::Mismatch));
        }
        let kty = required_string(jwk, "kty")?;
        let material = if kty == KeyType::Rsa.name() {
            Material::Rsa { n: integer(jwk, "n")?, e: integer(jwk, "e")? }
        } else if kty == KeyType::Ec.name() {
            let curve = curve(jwk, &EC_CURVES)?;
            let coordinate = |member| bytes_of(jwk, member, curve.coordinate_bytes());
            Material::Ec { curve, x: coordinate("x")?, y: coordinate("y")? }
        } else if kty == KeyType::Okp.name() {
            let curve = curve(jwk, &[Curve::Ed25519])?;
            Material::Okp { curve, x: bytes_of(jwk, "x", curve.coordinate_bytes())? }
        } else if kty == KeyType::Oct.name() {
            Material::Oct { k: bytes(jwk, "k")? }
        } else if kty == KeyType::Akp.name() {
            let set = ParameterSet::named(&required_string(jwk, "alg")?)
                .ok_or_else(|| Error::new(Code::NotSupported).about("alg", Reason::Mismatch))?;
            Material::Akp { set, public: bytes_of(jwk, "pub", set.public_key_bytes())? }
        } else {
            return Err(Error::new(Code::NotSupported).about("kty", Reason::Mismatch));
        };
        Ok(Self {
            kid: optional_string(jwk, "kid")?,
            alg: optional_string(jwk, "alg")?,
            material,
            verifies: may_verify(jwk)?,
        })
    }

    /// The JWK with its `kid` and `alg`.
    pub fn to_json(&self) -> String {
        // Of an AKP key, `alg` is a member of the material.
        let alg = self.alg.as_deref().filter(|_| self.material.key_type() != KeyType::Akp);
        self.material.write(Object::new().optional_string("kid", self.kid.as_deref()).optional_string("alg", alg))
    }

    /// Whether the key may verify a signature of `algorithm` (`kty`, `crv`, `alg`, `use` and `key_ops` agree).
    pub fn fits(&self, algorithm: &Algorithm) -> bool {
        self.verifies && self.material.is_of(algorithm) && self.alg.as_deref().is_none_or(|alg| alg == algorithm.name)
    }
}

/// RFC 7517 §4.2 and §4.3: a key that says for what it is, is for nothing else.
fn may_verify(jwk: Value<'_>) -> Result<bool, Error> {
    let for_signatures = optional_string(jwk, "use")?.is_none_or(|usage| usage == "sig");
    let verifies = match jwk.get("key_ops") {
        None => true,
        Some(operations) if operations.is_array() => {
            operations.elements().any(|operation| operation.as_str().as_deref() == Some("verify"))
        }
        Some(_) => return Err(malformed("key_ops")),
    };
    Ok(for_signatures && verifies)
}

fn malformed(member: &'static str) -> Error {
    Error::new(Code::JwkInvalid).about(member, Reason::Malformed)
}

fn optional_string(jwk: Value<'_>, member: &'static str) -> Result<Option<String>, Error> {
    match jwk.get(member) {
        None => Ok(None),
        Some(value) => value.as_str().map(|text| Some(text.into_owned())).ok_or_else(|| malformed(member)),
    }
}

fn required_string(jwk: Value<'_>, member: &'static str) -> Result<String, Error> {
    optional_string(jwk, member)?.ok_or_else(|| Error::new(Code::JwkInvalid).about(member, Reason::Missing))
}

fn bytes(jwk: Value<'_>, member: &'static str) -> Result<Vec<u8>, Error> {
    base64url::decode(required_string(jwk, member)?).map_err(|_| malformed(member))
}

/// A Base64urlUInt (RFC 7518 §2). Some libraries prefix a zero octet, which does not change the number.
fn integer(jwk: Value<'_>, member: &'static str) -> Result<Vec<u8>, Error> {
    let bytes = bytes(jwk, member)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Ok(bytes.into_iter().skip(zeros).collect())
}

fn bytes_of(jwk: Value<'_>, member: &'static str, length: usize) -> Result<Vec<u8>, Error> {
    let bytes = bytes(jwk, member)?;
    if bytes.len() != length {
        return Err(malformed(member));
    }
    Ok(bytes)
}

fn curve(jwk: Value<'_>, curves: &[Curve]) -> Result<Curve, Error> {
    let crv = required_string(jwk, "crv")?;
    let known = curves.iter().copied().find(|curve| curve.name() == crv);
    known.ok_or_else(|| Error::new(Code::NotSupported).about("crv", Reason::Mismatch))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    const P256: &str = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

    fn algorithm(name: &str) -> &'static Algorithm {
        Algorithm::named(name).unwrap()
    }

    #[test]
    fn rfc_7638_thumbprint_example() {
        let jwk = Jwk::parse(br#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#).unwrap();
        assert_eq!(jwk.material.thumbprint().unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        // RFC 9278 §3.
        assert_eq!(
            jwk.material.thumbprint_uri(Hash::Sha256).unwrap(),
            "urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
        assert_eq!(jwk.material.thumbprint_with(Hash::Sha256), jwk.material.thumbprint());
        assert_eq!(jwk.material.thumbprint_with(Hash::Sha512).unwrap().len(), 86);
        assert_eq!(jwk.kid.as_deref(), Some("2011-04-29"));
        assert!(jwk.fits(algorithm("RS256")));
        assert!(!jwk.fits(algorithm("PS256")), "its `alg` is RS256");
    }

    #[test]
    fn a_key_fits_what_it_says_it_is_for() {
        let fits = |extra: &str| Jwk::parse(format!("{{{P256}{extra}}}").as_bytes()).unwrap().fits(algorithm("ES256"));
        assert!(fits(""));
        assert!(fits(r#","use":"sig","key_ops":["verify"],"alg":"ES256","ext":true"#));
        for other in [r#","use":"enc""#, r#","key_ops":[]"#, r#","key_ops":["sign"]"#, r#","alg":"ES384""#] {
            assert!(!fits(other), "{other}");
        }
    }

    #[test]
    fn malformed_private_and_foreign_keys_are_refused() {
        for (json, code) in [
            ("[]", Code::JwkInvalid),
            ("{}", Code::JwkInvalid),
            (r#"{"kty":"rsa"}"#, Code::NotSupported),
            (r#"{"kty":"RSA","n":"AQAB"}"#, Code::JwkInvalid),
            (r#"{"kty":"RSA","n":"AQAB=","e":"AQAB"}"#, Code::JwkInvalid),
            (r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}"#, Code::JwkInvalid),
            (r#"{"kty":"EC","crv":"secp256k1","x":"","y":""}"#, Code::JwkInvalid),
            (r#"{"kty":"EC","crv":"P-224","x":"","y":""}"#, Code::NotSupported),
            (r#"{"kty":"EC","crv":"Ed25519","x":"","y":""}"#, Code::NotSupported),
            (r#"{"kty":"AKP","pub":"AQ"}"#, Code::JwkInvalid),
            (r#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AQ"}"#, Code::JwkInvalid),
            (r#"{"kty":"AKP","alg":"ML-DSA-45","pub":"AQ"}"#, Code::NotSupported),
            (r#"{"kty":"AKP","alg":"ES256","pub":"AQ"}"#, Code::NotSupported),
            (r#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AQ","priv":"AQ"}"#, Code::JwkInvalid),
            (r#"{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}"#, Code::JwkInvalid),
            (r#"{"kty":"OKP","crv":"X25519","x":"AQ"}"#, Code::NotSupported),
            (r#"{"kty":"oct","k":1}"#, Code::JwkInvalid),
            (r#"{"kty":"oct","kty":"oct","k":"AQ"}"#, Code::JwkInvalid),
        ] {
            assert_eq!(Jwk::parse(json.as_bytes()).unwrap_err().code, code, "{json}");
        }
        for extra in [r#","kid":1"#, r#","alg":null"#, r#","use":[]"#, r#","key_ops":"verify""#] {
            assert_eq!(
                Jwk::parse(format!("{{{P256}{extra}}}").as_bytes()).unwrap_err().code,
                Code::JwkInvalid,
                "{extra}"
            );
        }
    }

    /// What is read, written and read again; RFC 7638 §3.2: required members only, in the order of their names.
    #[test]
    fn a_key_of_every_type_is_written_as_it_was_read() {
        let zeros = |bytes: usize| base64url::encode(std::vec![0; bytes]);
        let ec = |crv: &str, bytes: usize| format!(r#"{{"crv":"{crv}","kty":"EC","x":"{0}","y":"{0}"}}"#, zeros(bytes));
        let akp = |alg: &str, bytes: usize| format!(r#"{{"alg":"{alg}","kty":"AKP","pub":"{}"}}"#, zeros(bytes));
        for (json, algorithms) in [
            (
                r#"{"e":"AQAB","kty":"RSA","n":"xQ"}"#.into(),
                &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"][..],
            ),
            (ec("P-256", 32), &["ES256"]),
            (ec("P-384", 48), &["ES384"]),
            (ec("P-521", 66), &["ES512"]),
            (ec("secp256k1", 32), &["ES256K"]),
            (format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, zeros(32)), &["EdDSA", "Ed25519"]),
            (r#"{"k":"c2VjcmV0","kty":"oct"}"#.into(), &["HS256", "HS384", "HS512"]),
            (akp("ML-DSA-44", 1312), &["ML-DSA-44"]),
            (akp("ML-DSA-65", 1952), &["ML-DSA-65"]),
            (akp("ML-DSA-87", 2592), &["ML-DSA-87"]),
        ] {
            let jwk = Jwk::parse(json.as_bytes()).unwrap();
            assert_eq!(jwk.material.to_json(), json);
            let fitting = super::super::algorithm::ALGORITHMS.iter().filter(|row| jwk.fits(row));
            assert!(fitting.clone().map(|row| row.name).eq(algorithms.iter().copied()), "{json}");
            assert!(fitting.clone().all(|row| row.is_rare() == jwk.material.is_rare()), "{json}");

            let named = Jwk { kid: Some("k\"".into()), alg: Some(algorithms[0].into()), ..jwk };
            let again = Jwk::parse(named.to_json().as_bytes()).unwrap();
            assert!(again.kid == named.kid && again.alg == named.alg && again.material == named.material, "{json}");
            assert_eq!(named.to_json().matches("alg").count(), 1, "{json}");
        }
    }

    /// Some libraries prefix a zero octet to what is no negative number.
    #[test]
    fn leading_zeros_do_not_change_a_number() {
        let rsa = |n: &str| Jwk::parse(format!(r#"{{"kty":"RSA","n":"{n}","e":"AAEAAQ"}}"#).as_bytes()).unwrap();
        assert_eq!(rsa("AMU").material, rsa("xQ").material);
        assert_eq!(rsa("xQ").material.to_json(), r#"{"e":"AQAB","kty":"RSA","n":"xQ"}"#);
    }

    #[test]
    fn what_is_wrong_with_a_key_is_named() {
        let error = |code, member, reason| Error::new(code).about(member, reason);
        for (json, expected) in [
            (r#"{}"#, error(Code::JwkInvalid, "kty", Reason::Missing)),
            (r#"{"kty":7}"#, error(Code::JwkInvalid, "kty", Reason::Malformed)),
            (r#"{"kty":"ec"}"#, error(Code::NotSupported, "kty", Reason::Mismatch)),
            (r#"{"kty":"EC"}"#, error(Code::JwkInvalid, "crv", Reason::Missing)),
            (r#"{"kty":"EC","crv":"p-256"}"#, error(Code::NotSupported, "crv", Reason::Mismatch)),
            (r#"{"kty":"OKP","crv":"P-256"}"#, error(Code::NotSupported, "crv", Reason::Mismatch)),
            (r#"{"kty":"OKP","crv":"Ed25519","x":"AQ"}"#, error(Code::JwkInvalid, "x", Reason::Malformed)),
            (r#"{"kty":"AKP","pub":"AQ"}"#, error(Code::JwkInvalid, "alg", Reason::Missing)),
            (r#"{"kty":"AKP","alg":"ES256","pub":"AQ"}"#, error(Code::NotSupported, "alg", Reason::Mismatch)),
            (r#"{"kty":"oct"}"#, error(Code::JwkInvalid, "k", Reason::Missing)),
            (r#"{"kty":"oct","k":"AQ=="}"#, error(Code::JwkInvalid, "k", Reason::Malformed)),
            (r#"{"kty":"oct","k":"AQ","use":1}"#, error(Code::JwkInvalid, "use", Reason::Malformed)),
        ] {
            assert_eq!(Jwk::parse(json.as_bytes()).unwrap_err(), expected, "{json}");
        }
        for private in PRIVATE {
            let json = format!(r#"{{{P256},"{private}":null}}"#);
            let expected = error(Code::JwkInvalid, private, Reason::Mismatch);
            assert_eq!(Jwk::parse(json.as_bytes()).unwrap_err(), expected, "{private}");
        }
    }

    #[test]
    fn a_secret_has_no_thumbprint_and_does_not_show() {
        let jwk = Jwk::parse(br#"{"kty":"oct","k":"c2VjcmV0"}"#).unwrap();
        assert_eq!(jwk.material.thumbprint(), None);
        assert_eq!(jwk.material.thumbprint_uri(Hash::Sha384), None);
        assert!(!format!("{jwk:?}").contains("115"));
    }
}
