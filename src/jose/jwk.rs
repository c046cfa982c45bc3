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
mod tests;
