//! The one table of JWS algorithms (RFC 7518 §3.1, RFC 8037 §3.1, RFC 8812 §3.2, RFC 9864 §2.2, FIPS 204 as of
//! draft-ietf-cose-dilithium). Whatever is below works on rows, not on names.

use crate::crypto::hash::Hash;
#[cfg(feature = "verify")]
use crate::crypto::kernel::KeyKind;
use crate::error::{Code, Error};

/// A JWS algorithm: what it is called and what it needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// The registered `alg`.
    pub name: &'static str,
    /// The signature scheme.
    pub scheme: Scheme,
    /// The hash of the scheme, which OpenID Connect uses for `at_hash` and `c_hash` too. ML-DSA has none that a
    /// specification names for them.
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
    /// ML-DSA with the empty context (draft-ietf-cose-dilithium §3).
    MlDsa(ParameterSet),
}

/// A parameter set of ML-DSA (FIPS 204 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterSet {
    /// `ML-DSA-44`
    MlDsa44,
    /// `ML-DSA-65`
    MlDsa65,
    /// `ML-DSA-87`
    MlDsa87,
}

/// A `kty` (RFC 7518 §6.1, RFC 8037 §2, draft-ietf-cose-dilithium §4).
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
    /// `AKP`
    Akp,
}

/// A `crv` (RFC 7518 §6.2.1.1, RFC 8037 §3.1, RFC 8812 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// `P-256`
    P256,
    /// `P-384`
    P384,
    /// `P-521`
    P521,
    /// `secp256k1`
    Secp256k1,
    /// `Ed25519`
    Ed25519,
}

/// Every algorithm.
pub static ALGORITHMS: [Algorithm; 18] = [
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
    Algorithm::new("ES384", Scheme::Ecdsa, Hash::Sha384, KeyType::Ec, Some(Curve::P384)),
    Algorithm::new("ES512", Scheme::Ecdsa, Hash::Sha512, KeyType::Ec, Some(Curve::P521)),
    Algorithm::new("ES256K", Scheme::Ecdsa, Hash::Sha256, KeyType::Ec, Some(Curve::Secp256k1)),
    Algorithm::new("EdDSA", Scheme::Eddsa, Hash::Sha512, KeyType::Okp, Some(Curve::Ed25519)),
    Algorithm::new("Ed25519", Scheme::Eddsa, Hash::Sha512, KeyType::Okp, Some(Curve::Ed25519)),
    Algorithm::ml_dsa(ParameterSet::MlDsa44),
    Algorithm::ml_dsa(ParameterSet::MlDsa65),
    Algorithm::ml_dsa(ParameterSet::MlDsa87),
];

impl Algorithm {
    const fn new(name: &'static str, scheme: Scheme, hash: Hash, key_type: KeyType, curve: Option<Curve>) -> Self {
        Self { name, scheme, hash, key_type, curve }
    }

    const fn ml_dsa(set: ParameterSet) -> Self {
        Self::new(set.name(), Scheme::MlDsa(set), Hash::Sha512, KeyType::Akp, None)
    }

    /// The row of the registered `alg` called `name`, compared byte by byte.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALGORITHMS.iter().find(|algorithm| algorithm.name == name)
    }

    /// What arithmetic its public keys need; a secret needs none.
    #[cfg(feature = "verify")]
    pub const fn key_kind(&self) -> Option<KeyKind> {
        match (self.key_type, self.curve, self.scheme) {
            (KeyType::Oct, ..) => None,
            (KeyType::Rsa, ..) => Some(KeyKind::Rsa),
            (_, Some(curve), _) => Some(curve.key_kind()),
            (.., Scheme::MlDsa(set)) => Some(set.key_kind()),
            _ => None,
        }
    }
}

impl ParameterSet {
    /// The one called `name`.
    pub fn named(name: &str) -> Option<Self> {
        match Algorithm::named(name)?.scheme {
            Scheme::MlDsa(set) => Some(set),
            _ => None,
        }
    }

    /// Its name, which is the registered `alg` too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
        }
    }

    /// What arithmetic its keys need.
    #[cfg(feature = "verify")]
    pub const fn key_kind(self) -> KeyKind {
        match self {
            Self::MlDsa44 => KeyKind::MlDsa44,
            Self::MlDsa65 => KeyKind::MlDsa65,
            Self::MlDsa87 => KeyKind::MlDsa87,
        }
    }

    /// The length of a public key, in bytes (FIPS 204 §4, table 2).
    pub const fn public_key_bytes(self) -> usize {
        match self {
            Self::MlDsa44 => 1312,
            Self::MlDsa65 => 1952,
            Self::MlDsa87 => 2592,
        }
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
            Self::Akp => "AKP",
        }
    }
}

impl Curve {
    /// The registered `crv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// What arithmetic its keys need.
    #[cfg(feature = "verify")]
    pub const fn key_kind(self) -> KeyKind {
        match self {
            Self::P256 => KeyKind::P256,
            Self::P384 => KeyKind::P384,
            Self::P521 => KeyKind::P521,
            Self::Secp256k1 => KeyKind::Secp256k1,
            Self::Ed25519 => KeyKind::Ed25519,
        }
    }

    /// The length of a coordinate, in bytes.
    pub const fn coordinate_bytes(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 | Self::Ed25519 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
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
    fn a_set_has_room_for_every_row() {
        assert!(ALGORITHMS.len() <= 32);
        for row in &ALGORITHMS {
            assert_eq!(AlgorithmSet::of(|other| other == row).select(row.name), Ok(row));
            assert_eq!(AlgorithmSet::of(|other| other != row).select(row.name), Err(Code::AlgNotAllowed.into()));
        }
    }

    #[test]
    fn a_parameter_set_and_its_algorithm_have_one_name() {
        for (name, bytes) in [("ML-DSA-44", 1312), ("ML-DSA-65", 1952), ("ML-DSA-87", 2592)] {
            let set = ParameterSet::named(name).unwrap();
            assert_eq!((set.name(), set.public_key_bytes()), (name, bytes));
        }
        for other in ["ES256", "ml-dsa-44", "ML-DSA-44 ", ""] {
            assert_eq!(ParameterSet::named(other), None, "{other}");
        }
    }

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
