//! P-256 (SP 800-186 §3.2.1.3).

use super::comb::Shape;
use super::field::{Field, Term};
use super::modulus::{Modulus, Residue, hex};
use super::{Generator, PrimeCurve};

/// The curve.
#[derive(Clone, Copy, Debug)]
pub struct P256;

/// The integers modulo 2^256 - 2^224 + 2^192 + 2^96 - 1.
#[derive(Clone, Copy, Debug)]
pub struct P256Field;

impl Field<9> for P256Field {
    const BYTES: usize = 32;
    const LIMB_BITS: u32 = 29;
    const PRIME: Modulus<Self, 9> =
        Modulus::new(&hex::<32>("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"));
    const TERMS: [Term; 4] = [Term::Plus(256), Term::Minus(224), Term::Plus(192), Term::Plus(96)];
}

impl PrimeCurve<9> for P256 {
    type Field = P256Field;
    const ORDER: Modulus<P256Field, 9> =
        Modulus::new(&hex::<32>("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));
    const B: Residue<9> =
        Modulus::<P256Field, 9>::parse(&hex::<32>("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"));
    const GENERATOR: [Residue<9>; 2] = [
        Modulus::<P256Field, 9>::parse(&hex::<32>("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")),
        Modulus::<P256Field, 9>::parse(&hex::<32>("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")),
    ];
    const SHAPE: Shape = Shape::new(8, 4, 256);
    const BASE_SHAPE: Shape = Shape::new(10, 4, 256);

    fn generator() -> &'static Generator<Self, 9> {
        static GENERATOR: Generator<P256, 9> = Generator::new();
        &GENERATOR
    }
}
