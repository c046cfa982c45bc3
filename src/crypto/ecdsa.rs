//! ECDSA (FIPS 186-5 §6), by the crate `ecdsa` and one crate for each curve.

use core::fmt;
use core::ops::Add;

use ecdsa::elliptic_curve::array::ArraySize;
use ecdsa::elliptic_curve::sec1::{FromSec1Point, ModulusSize, Sec1Point, ToSec1Point};
use ecdsa::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize};
use ecdsa::signature::hazmat::PrehashVerifier as _;
use ecdsa::{EcdsaCurve, Signature, SignatureSize, VerifyingKey};

/// A public key on P-256.
#[cfg(feature = "portable")]
pub type P256Key = EcdsaKey<p256::NistP256>;
/// A public key on P-384.
#[cfg(feature = "portable")]
pub type P384Key = EcdsaKey<p384::NistP384>;
/// A public key on P-521.
#[cfg(feature = "rare")]
pub type P521Key = EcdsaKey<p521::NistP521>;
/// A public key on secp256k1.
#[cfg(feature = "rare")]
pub type Secp256k1Key = EcdsaKey<k256::Secp256k1>;

/// A public key on the curve `C`.
#[derive(Clone)]
pub struct EcdsaKey<C: EcdsaCurve + CurveArithmetic> {
    key: VerifyingKey<C>,
}

impl<C: EcdsaCurve + CurveArithmetic> fmt::Debug for EcdsaKey<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EcdsaKey")
    }
}

impl<C: EcdsaCurve + CurveArithmetic> EcdsaKey<C>
where
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: Add<Output: ArraySize> + ModulusSize,
    SignatureSize<C>: ArraySize,
{
    /// The point of two big-endian coordinates of the curve's length; `None` when it is not on the curve.
    pub fn new(x: &[u8], y: &[u8]) -> Option<Self> {
        let [x, y] = [x.try_into().ok()?, y.try_into().ok()?];
        // Known to be uncompressed: so no code for the other forms is linked.
        let point = Sec1Point::<C>::from_affine_coordinates(x, y, false);
        Some(Self { key: VerifyingKey::from_sec1_point(&point).ok()? })
    }

    /// Whether `signature`, two big-endian integers of the curve's length (RFC 7518 §3.4), is one over `digest`. Both `s`
    /// and `n - s` are accepted: neither RFC 7518 nor RFC 8812 prefers either.
    pub fn verify_prehash(&self, digest: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::<C>::from_slice(signature) else { return false };
        // Of the curve for which `ecdsa` prefers one, it refuses the other.
        let signature = if C::NORMALIZE_S { signature.normalize_s() } else { signature };
        self.key.verify_prehash(digest, &signature).is_ok()
    }
}
