//! The one table of JWS algorithms (RFC 7518 §3.1, RFC 8037 §3.1). Whatever is below works on rows, not on names.

use crate::crypto::hash::Hash;
use crate::error::{Code, Error};

/// A JWS algorithm: what it is called and what it needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// The registered `alg`.
    pub name: &'static str,
    /// The signature scheme.
    pub scheme: Scheme,
    /// The hash of the scheme, which OpenID Connect uses for `at_hash` and `c_hash` too.
    pub hash: Hash,
    /// The type of its keys.
    pub key_type: KeyType,
    /// The curve of its keys, where they have one.
    pub curve: Option<Curve>,
}

/// A signature scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// HMAC (RFC 7518 §3.2).
    Hmac,
    /// RSASSA-PKCS1-v1_5 (RFC 7518 §3.3).
    RsaPkcs1,
    /// RSASSA-PSS, with MGF1 of the same hash and a salt as long as it (RFC 7518 §3.5).
    RsaPss,
    /// ECDSA (RFC 7518 §3.4).
    Ecdsa,
    /// EdDSA (RFC 8037 §3.1).
    Eddsa,
}

/// A `kty` (RFC 7518 §6.1, RFC 8037 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// `RSA`
    Rsa,
    /// `EC`
    Ec,
    /// `OKP`
    Okp,
    /// `oct`
    Oct,
}

/// A `crv` (RFC 7518 §6.2.1.1, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// `P-256`
    P256,
    /// `Ed25519`
    Ed25519,
}

/// Every algorithm.
pub static ALGORITHMS: [Algorithm; 11] = [
    Algorithm::new("HS256", Scheme::Hmac, Hash::Sha256, KeyType::Oct, None),
    Algorithm::new("HS384", Scheme::Hmac, Hash::Sha384, KeyType::Oct, None),
    Algorithm::new("HS512", Scheme::Hmac, Hash::Sha512, KeyType::Oct, None),
    Algorithm::new("RS256", Scheme::RsaPkcs1, Hash::Sha256, KeyType::Rsa, None),
    Algorithm::new("RS384", Scheme::RsaPkcs1, Hash::Sha384, KeyType::Rsa, None),
    Algorithm::new("RS512", Scheme::RsaPkcs1, Hash::Sha512, KeyType::Rsa, None),
    Algorithm::new("PS256", Scheme::RsaPss, Hash::Sha256, KeyType::Rsa, None),
    Algorithm::new("PS384", Scheme::RsaPss, Hash::Sha384, KeyType::Rsa, None),
    Algorithm::new("PS512", Scheme::RsaPss, Hash::Sha512, KeyType::Rsa, None),
    Algorithm::new("ES256", Scheme::Ecdsa, Hash::Sha256, KeyType::Ec, Some(Curve::P256)),
    Algorithm::new("EdDSA", Scheme::Eddsa, Hash::Sha512, KeyType::Okp, Some(Curve::Ed25519)),
];

impl Algorithm {
    const fn new(name: &'static str, scheme: Scheme, hash: Hash, key_type: KeyType, curve: Option<Curve>) -> Self {
        Self { name, scheme, hash, key_type, curve }
    }

    /// The row of the registered `alg` called `name`, compared byte by byte.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALGORITHMS.iter().find(|algorithm| algorithm.name == name)
    }
}

impl KeyType {
    /// The registered `kty`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Ec => "EC",
            Self::Okp => "OKP",
            Self::Oct => "oct",
        }
    }
}

impl Curve {
    /// The registered `crv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// The length of a coordinate, in bytes.
    pub const fn coordinate_bytes(self) -> usize {
        match self {
            Self::P256 | Self::Ed25519 => 32,
        }
    }
}

/// Which algorithms may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmSet {
    bits: u32,
}

impl AlgorithmSet {
    /// The algorithms for which `belongs` holds.
    pub fn of(belongs: impl Fn(&Algorithm) -> bool) -> Self {
        let bits = ALGORITHMS.iter().rev().fold(0, |bits: u32, row| bits.wrapping_shl(1) | u32::from(belongs(row)));
        Self { bits }
    }

    /// The algorithms that verify with a public key.
    pub fn asymmetric() -> Self {
        Self::of(|row| row.key_type != KeyType::Oct)
    }

    /// The algorithms that are in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { bits: self.bits & other.bits }
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// The row of `name`, if it is in the set.
    ///
    /// # Errors
    /// [`Code::AlgNotAllowed`], for `none` and for every name that is not in the table too.
    pub fn select(self, name: &str) -> Result<&'static Algorithm, Error> {
        let mut bits = self.bits;
        for row in &ALGORITHMS {
            if bits & 1 == 1 && row.name == name {
                return Ok(row);
            }
            bits = bits.wrapping_shr(1);
        }
        Err(Error::new(Code::AlgNotAllowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_selects_its_members_only() {
        let set = AlgorithmSet::of(|row| row.name == "ES256");
        assert_eq!(set.select("ES256").unwrap().name, "ES256");
        for other in ["RS256", "es256", "none", "None", "NONE", "nOnE", "", "HS256", "ES256 "] {
            assert_eq!(set.select(other), Err(Code::AlgNotAllowed.into()), "{other}");
        }
        assert!(AlgorithmSet::asymmetric().select("HS256").is_err());
        assert!(AlgorithmSet::asymmetric().select("EdDSA").is_ok());
        assert!(set.and(AlgorithmSet::of(|row| row.name == "RS256")).is_empty());
    }
}
