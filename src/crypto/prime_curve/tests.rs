//! Against RustCrypto, with numbers that are chosen to meet every exception; on every curve, and with tables of every shape.

#![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

mod field;
mod intervals;
mod points;
mod sums;
mod vectors;
mod walks;

use std::vec::Vec;

use ::p256::NistP256;
use ::p256::elliptic_curve::hazmat::FieldArithmetic;
use ::p256::elliptic_curve::point::DecompressPoint as _;
use ::p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes, ProjectivePoint};
use ::p384::NistP384;
use ecdsa::signature::hazmat::PrehashVerifier as _;
use ecdsa::{EcdsaCurve, Signature, VerifyingKey};

use super::p256::P256;
use super::p384::P384;
use super::*;
use crate::crypto::tests::{Numbers, cases, cases_or, for_each_seed};

/// A curve, and RustCrypto's.
trait Tested<const L: usize>: PrimeCurve<L, Field: Sync> {
    type Oracle: EcdsaCurve + FieldArithmetic;

    /// Whether RustCrypto accepts a signature by the key of this point.
    fn oracle_accepts(point: ProjectivePoint<Self::Oracle>, digest: &[u8], signature: &[u8]) -> bool;

    /// A point of an x-coordinate, if there is one.
    fn oracle_point(x: &[u8]) -> Option<ProjectivePoint<Self::Oracle>>;
}

macro_rules! tested {
    ($($curve:ident<$limbs:literal> by $oracle:ty;)*) => {$(
        impl Tested<$limbs> for $curve {
            type Oracle = $oracle;

            fn oracle_accepts(point: ProjectivePoint<$oracle>, digest: &[u8], signature: &[u8]) -> bool {
                let key = VerifyingKey::<$oracle>::from_affine(point.into()).unwrap();
                Signature::from_slice(signature).is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
            }

            fn oracle_point(x: &[u8]) -> Option<ProjectivePoint<$oracle>> {
                let x = FieldBytes::<$oracle>::try_from(x).unwrap();
                Option::<AffinePoint<$oracle>>::from(AffinePoint::<$oracle>::decompress(&x, 0.into())).map(Into::into)
            }
        }
    )*};
}

tested! {
    P256<9> by NistP256;
    P384<14> by NistP384;
}

/// A curve with tables of other shapes.
macro_rules! shaped {
    ($($name:ident: $curve:ident<$limbs:literal> of $teeth:literal $blocks:literal, $base_teeth:literal $base_blocks:literal;)*) => {$(
        #[derive(Clone, Debug)]
        struct $name;

        impl PrimeCurve<$limbs> for $name {
            type Field = <$curve as PrimeCurve<$limbs>>::Field;
            const ORDER: Modulus<Self::Field, $limbs> = $curve::ORDER;
            const B: Residue<$limbs> = $curve::B;
            const GENERATOR: [Residue<$limbs>; 2] = $curve::GENERATOR;
            const SHAPE: Shape = Shape::new($teeth, $blocks, 8 * <Self::Field as Field<$limbs>>::BYTES);
            const BASE_SHAPE: Shape = Shape::new($base_teeth, $base_blocks, 8 * <Self::Field as Field<$limbs>>::BYTES);

            fn generator() -> &'static Generator<Self, $limbs> {
                static GENERATOR: Generator<$name, $limbs> = Generator::new();
                &GENERATOR
            }
        }

        impl Tested<$limbs> for $name {
            type Oracle = <$curve as Tested<$limbs>>::Oracle;

            fn oracle_accepts(point: ProjectivePoint<Self::Oracle>, digest: &[u8], signature: &[u8]) -> bool {
                $curve::oracle_accepts(point, digest, signature)
            }

            fn oracle_point(x: &[u8]) -> Option<ProjectivePoint<Self::Oracle>> {
                $curve::oracle_point(x)
            }
        }
    )*};
}

shaped! {
    P256Comb8x16: P256<9> of 8 16, 8 16;
    P256Comb6x5: P256<9> of 6 5, 8 4;
    P256Comb5x4: P256<9> of 5 4, 7 3;
    P256Comb4x1: P256<9> of 4 1, 4 1;
    P384Comb8x6: P384<14> of 8 6, 8 6;
    P384Comb7x5: P384<14> of 7 5, 6 1;
    P384Comb6x1: P384<14> of 6 1, 7 5;
}

/// A test for each curve, of a generic function of the same name.
macro_rules! on_every_curve {
    ($($test:ident)*) => {$(
        mod $test {
            #[test]
            fn p256() {
                super::$test::<super::P256, 9>();
            }

            #[test]
            fn p384() {
                super::$test::<super::P384, 14>();
            }
        }
    )*};
}

/// A test for each shape of tables, of a generic function of the same name.
macro_rules! on_every_shape {
    ($($test:ident)*) => {$(
        on_every_shape!(@ $test
            p256_8x4 P256 9, p256_8x16 P256Comb8x16 9, p256_6x5 P256Comb6x5 9,
            p256_5x4 P256Comb5x4 9, p256_4x1 P256Comb4x1 9,
            p384_8x4 P384 14, p384_8x6 P384Comb8x6 14, p384_7x5 P384Comb7x5 14, p384_6x1 P384Comb6x1 14);
    )*};
    (@ $test:ident $($name:ident $curve:ident $limbs:literal),*) => {
        mod $test {
            $(#[test]
            fn $name() {
                super::$test::<super::super::$curve, $limbs>();
            })*
        }
    };
}
use {on_every_curve, on_every_shape};
