//! A key that can verify (RFC 7515 §5.2 step 8): the row of an algorithm meets the bytes of a key.

#[cfg(feature = "verify")]
mod common;
#[cfg(feature = "verify")]
mod published;
#[cfg(feature = "rare")]
mod rare;

use alloc::rc::Rc;
use alloc::string::String;
use core::fmt;

#[cfg(feature = "verify")]
pub use common::CommonKey;
#[cfg(feature = "verify")]
pub use published::require_unpublished;
#[cfg(feature = "rare")]
pub use rare::RareKey;

use super::algorithm::{ALGORITHMS, Algorithm, Scheme};
use super::jwk::Material;
use crate::error::{Code, Error};

/// Computes with the keys of the algorithms that a build leaves out, because few issuers use them
/// (see [`Algorithm::is_rare`]).
pub trait External: fmt::Debug {
    /// Whether `signature` is one of `message` under `algorithm` with the key of `jwk`, in JSON; `None` when that key
    /// cannot be used.
    fn verify(&self, jwk: &str, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> Option<bool>;
}

/// A key, checked and ready to verify.
#[derive(Clone, Debug)]
pub enum Key {
    /// A key of an algorithm that many issuers use.
    #[cfg(feature = "verify")]
    Common(CommonKey),
    /// A key of one of the others.
    #[cfg(feature = "rare")]
    Rare(RareKey),
    /// A key with which somebody else computes.
    External(ExternalKey),
}

/// A key in JSON, and who computes with it.
#[derive(Clone, Debug)]
pub struct ExternalKey {
    jwk: String,
    external: Rc<dyn External>,
}

impl Key {
    /// Checks the bytes of a key: sizes, exponent, curve equation, order.
    ///
    /// # Errors
    /// [`Code::JwkInvalid`]; [`Code::NotSupported`] when this build does not compute with such keys.
    pub fn import(material: &Material) -> Result<Self, Error> {
        #[cfg(feature = "verify")]
        if let Some(key) = CommonKey::import(material)? {
            return Ok(Self::Common(key));
        }
        #[cfg(feature = "rare")]
        if let Some(key) = RareKey::import(material)? {
            return Ok(Self::Rare(key));
        }
        Err(Error::new(Code::NotSupported))
    }

    /// The same, where `external` computes what this build does not.
    ///
    /// # Errors
    /// As [`Key::import`].
    pub fn import_with(external: Option<&Rc<dyn External>>, material: &Material) -> Result<Self, Error> {
        match (Self::import(material), external) {
            (Err(error), Some(external)) if error.code == Code::NotSupported => {
                let algorithm = ALGORITHMS.iter().find(|row| material.is_of(row)).ok_or(error)?;
                let jwk = material.to_json();
                // What it says of this signature does not matter: it looks at the key first.
                external.verify(&jwk, algorithm, b"", b"").ok_or(Code::JwkInvalid)?;
                Ok(Self::External(ExternalKey { jwk, external: Rc::clone(external) }))
            }
            (imported, _) => imported,
        }
    }

    /// Whether `signature` is one of `message` under `algorithm`. A key of another type verifies nothing.
    pub fn verify(&self, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match self {
            #[cfg(feature = "verify")]
            Self::Common(key) => key.verify(algorithm, message, signature),
            #[cfg(feature = "rare")]
            Self::Rare(key) => key.verify(algorithm, message, signature),
            Self::External(ExternalKey { jwk, external }) => {
                external.verify(jwk, algorithm, message, signature) == Some(true)
            }
        }
    }

    /// Whether the key is strong enough for `algorithm`.
    pub const fn suits(&self, algorithm: &Algorithm) -> bool {
        match self {
            #[cfg(feature = "verify")]
            Self::Common(CommonKey::Hmac(key)) => key.suits(algorithm.hash),
            _ => !matches!(algorithm.scheme, Scheme::Hmac),
        }
    }
}

#[cfg(all(test, feature = "verify", feature = "rare"))]
mod tests {
    use super::*;
    use crate::jose::algorithm::{Curve, ParameterSet};
    use std::vec::Vec;

    #[test]
    fn a_key_verifies_with_algorithms_of_its_own_type_only() {
        let key = Key::import(&Material::Oct { k: [7; 32].into() }).unwrap();
        for row in &ALGORITHMS {
            assert!(!key.verify(row, b"", b""), "{}", row.name);
        }
    }

    /// RFC 7518 §3.2: "A key of the same size as the hash output or larger MUST be used".
    #[test]
    fn a_secret_suits_the_hashes_that_it_is_as_long_as() {
        for (bytes, expected) in [(31, 0), (32, 1), (47, 1), (48, 2), (63, 2), (64, 3), (65, 3)] {
            let key = Key::import(&Material::Oct { k: std::vec![7; bytes] }).unwrap();
            let suited = ALGORITHMS.iter().filter(|row| row.scheme == Scheme::Hmac && key.suits(row));
            assert_eq!(suited.count(), expected, "{bytes} bytes");
        }
        let public = Key::import(&Material::Akp { set: ParameterSet::MlDsa44, public: std::vec![7; 1312] }).unwrap();
        assert!(ALGORITHMS.iter().all(|row| public.suits(row) == (row.scheme != Scheme::Hmac)));
    }

    #[test]
    fn points_off_the_curve_and_of_small_order_are_refused() {
        let curves = [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1];
        let ec = curves.into_iter().flat_map(|curve| {
            let point = |x: u8, y: u8| {
                let [x, y] = [x, y].map(|byte| {
                    let mut coordinate = Vec::from([0; 66]);
                    coordinate.truncate(curve.coordinate_bytes());
                    *coordinate.last_mut().unwrap() = byte;
                    coordinate
                });
                Material::Ec { curve, x, y }
            };
            [point(1, 2), point(0, 0)]
        });
        let mut identity = [0; 32];
        identity[0] = 1;
        let okp = [identity, [0; 32]].map(|x| Material::Okp { curve: Curve::Ed25519, x: x.into() });
        for material in ec.chain(okp) {
            assert_eq!(Key::import(&material).unwrap_err(), Code::JwkInvalid.into());
        }
    }

    #[test]
    fn coordinates_at_or_above_the_modulus_are_refused() {
        for curve in [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1] {
            let ones = Vec::from([0xff; 66]);
            let ones = ones[..curve.coordinate_bytes()].to_vec();
            let material = Material::Ec { curve, x: ones.clone(), y: ones };
            assert_eq!(Key::import(&material).unwrap_err(), Code::JwkInvalid.into(), "{curve:?}");
        }
    }

    #[test]
    fn a_public_key_of_ml_dsa_has_the_length_of_its_parameter_set() {
        for set in [ParameterSet::MlDsa44, ParameterSet::MlDsa65, ParameterSet::MlDsa87] {
            let import = |length: usize| {
                Key::import(&Material::Akp { set, public: Vec::from_iter([7].into_iter().cycle().take(length)) })
            };
            assert!(import(set.public_key_bytes()).is_ok());
            for length in [0, set.public_key_bytes() - 1, set.public_key_bytes() + 1] {
                assert_eq!(import(length).unwrap_err(), Code::JwkInvalid.into(), "{set:?} {length}");
            }
        }
    }
}
