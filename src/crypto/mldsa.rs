//! ML-DSA (FIPS 204), by the crate `ml-dsa`.

use alloc::boxed::Box;
use core::fmt;

use ml_dsa::{EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, VerifyingKey};

/// A public key of ML-DSA-44.
pub type MlDsa44Key = MlDsaKey<MlDsa44>;
/// A public key of ML-DSA-65.
pub type MlDsa65Key = MlDsaKey<MlDsa65>;
/// A public key of ML-DSA-87.
pub type MlDsa87Key = MlDsaKey<MlDsa87>;

/// A public key of the parameter set `P`.
#[derive(Clone)]
pub struct MlDsaKey<P: MlDsaParams> {
    key: Box<VerifyingKey<P>>,
}

impl<P: MlDsaParams> fmt::Debug for MlDsaKey<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MlDsaKey")
    }
}

impl<P: MlDsaParams> MlDsaKey<P> {
    /// The key of an encoded public key (§7.2); `None` when it has another length than that of the parameter set.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let encoded = EncodedVerifyingKey::<P>::try_from(bytes).ok()?;
        Some(Self { key: Box::new(VerifyingKey::decode(&encoded)) })
    }

    /// Whether `signature` is one of `message` with the empty context (§5.3, "pure" ML-DSA).
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::<P>::try_from(signature)
            .is_ok_and(|signature| self.key.verify_with_context(message, &[], &signature))
    }
}
