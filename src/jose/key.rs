//! A key that can verify (RFC 7515 §5.2 step 8): the row of an algorithm meets the bytes of a key.

mod published;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;

pub use crate::crypto::kernel::{Kernel, KeyKind};
pub use published::require_unpublished;

use super::algorithm::{Algorithm, Scheme};
use super::jwk::Material;
use crate::crypto::emsa;
use crate::crypto::hash::{Hash, Hasher, MAX_OUTPUT_BYTES};
use crate::crypto::hmac::HmacKey;
use crate::crypto::kernel::{self, RsaNumbers};
use crate::error::{Code, Error};

/// A key, checked and ready to verify.
#[derive(Debug)]
pub enum Key {
    /// A shared secret.
    Secret(Box<HmacKey>),
    /// A public key.
    Public(PublicKey),
}

/// A public key, and the kernel that computes with it.
#[derive(Debug)]
pub struct PublicKey {
    kernel: Rc<dyn Kernel>,
    /// By which the kernel knows the key.
    number: u32,
    form: Form,
}

/// What of a key is needed to tell the kernel what was signed.
#[derive(Debug)]
enum Form {
    Rsa(RsaNumbers),
    Ecdsa(KeyKind),
    /// The encoded key, which Ed25519 hashes with the message.
    Ed25519(Vec<u8>),
    MlDsa(KeyKind),
}

/// The kernel of the arithmetic that is compiled into this build: what the features say, and that may be none.
pub fn local_kernel() -> Rc<dyn Kernel> {
    Rc::new(kernel::Local::<kernel::OwnKey>::default())
}

impl Key {
    /// Checks the bytes of a key: sizes, exponent, curve equation, order. A kernel of this build computes with it.
    ///
    /// # Errors
    /// As [`Key::import_into`].
    pub fn import(material: &Material) -> Result<Self, Error> {
        Self::import_into(&local_kernel(), material)
    }

    /// Checks the bytes of a key, with which `kernel` then computes.
    ///
    /// # Errors
    /// [`Code::JwkInvalid`]; [`Code::NotSupported`] when the kernel does not compute with such keys.
    pub fn import_into(kernel: &Rc<dyn Kernel>, material: &Material) -> Result<Self, Error> {
        let invalid = || Error::new(Code::JwkInvalid);
        if let Material::Oct { k } = material {
            return Ok(Self::Secret(Box::new(HmacKey::new(k))));
        }
        let (form, bytes) = form_of(material).ok_or_else(invalid)?;
        let kind = form.kind();
        if !kernel.computes(kind) {
            return Err(Error::new(Code::NotSupported));
        }
        let number = kernel.import(kind, &bytes).ok_or_else(invalid)?;
        Ok(Self::Public(PublicKey { kernel: Rc::clone(kernel), number, form }))
    }

    /// Whether `signature` is one of `message` under `algorithm`. A key of another type verifies nothing.
    pub fn verify(&self, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (algorithm.scheme, self) {
            (Scheme::Hmac, Self::Secret(key)) => {
                key.suits(algorithm.hash) && key.verify(algorithm.hash, message, signature)
            }
            (_, Self::Public(key)) => key.verify(algorithm, message, signature),
            _ => false,
        }
    }

    /// Builds the table of a public key ahead of its use, as [`Kernel::build_table`].
    pub fn build_table(&self) -> bool {
        matches!(self, Self::Public(key) if key.kernel.build_table(key.number))
    }

    /// Whether the key is strong enough for `algorithm`.
    pub const fn suits(&self, algorithm: &Algorithm) -> bool {
        match self {
            Self::Secret(key) => key.suits(algorithm.hash),
            Self::Public(_) => !matches!(algorithm.scheme, Scheme::Hmac),
        }
    }
}

impl PublicKey {
    fn verify(&self, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> bool {
        if algorithm.key_kind() != Some(self.form.kind()) {
            return false;
        }
        let over = |input: &[u8]| self.kernel.verify(self.number, input, signature);
        match &self.form {
            Form::Rsa(numbers) => {
                let mut power = vec![0; numbers.modulus_bytes()];
                // A signature of another length or at least as large as the modulus is none, and has no power.
                self.kernel.power(self.number, signature, &mut power)
                    && match algorithm.scheme {
                        Scheme::RsaPkcs1 => emsa::is_pkcs1(algorithm.hash, message, &power),
                        _ => emsa::is_pss(algorithm.hash, message, &power, numbers.modulus_bits),
                    }
            }
            Form::Ecdsa(_) => over(&algorithm.hash.digest(message)),
            Form::Ed25519(a) => {
                let (r, _) = signature.split_at(signature.len().min(a.len()));
                let mut hasher = Hasher::new(Hash::Sha512);
                [r, a, message].into_iter().for_each(|part| hasher.update(part));
                over(hasher.finish(&mut [0; MAX_OUTPUT_BYTES]))
            }
            Form::MlDsa(_) => over(message),
        }
    }
}

impl Drop for PublicKey {
    fn drop(&mut self) {
        self.kernel.release(self.number);
    }
}

impl Form {
    const fn kind(&self) -> KeyKind {
        match self {
            Self::Rsa(_) => KeyKind::Rsa,
            Self::Ecdsa(kind) | Self::MlDsa(kind) => *kind,
            Self::Ed25519(_) => KeyKind::Ed25519,
        }
    }
}

/// Whether the numbers of a key have sizes that are allowed, as far as that can be told without arithmetic.
pub fn is_in_range(material: &Material) -> bool {
    matches!(material, Material::Oct { .. }) || form_of(material).is_some()
}

/// The form of a public key, and its bytes as a kernel takes them; `None` when it is out of range.
fn form_of(material: &Material) -> Option<(Form, Vec<u8>)> {
    Some(match material {
        Material::Rsa { n, e } => {
            let numbers = RsaNumbers::new(n, e)?;
            (Form::Rsa(numbers), numbers.form(n))
        }
        Material::Ec { curve, x, y } => (Form::Ecdsa(curve.key_kind()), [x.as_slice(), y].concat()),
        Material::Okp { x, .. } => (Form::Ed25519(x.clone()), x.clone()),
        Material::Akp { set, public } => (Form::MlDsa(set.key_kind()), public.clone()),
        Material::Oct { .. } => return None,
    })
}

#[cfg(all(test, feature = "kernels"))]
mod tests {
    use super::*;
    use crate::jose::algorithm::{ALGORITHMS, Curve, ParameterSet};
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
