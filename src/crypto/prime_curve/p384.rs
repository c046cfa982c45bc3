//! P-384 (SP 800-186 §3.2.1.4).

use super::comb::Shape;
use super::field::{Field, Term};
use super::modulus::{Modulus, Residue, hex};
use super::{Generator, PrimeCurve};

/// The curve.
#[derive(Clone, Copy, Debug)]
pub struct P384;

/// The integers modulo 2^384 - 2^128 - 2^96 + 2^32 - 1.
#[derive(Clone, Copy, Debug)]
pub struct P384Field;

impl Field<14> for P384Field {
    const BYTES: usize = 48;
    const LIMB_BITS: u32 = 28;
    const PRIME: Modulus<Self, 14> = Modulus::new(&hex::<48>(
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    ));
    const TERMS: [Term; 4] = [Term::Plus(384), Term::Minus(128), Term::Minus(96), Term::Plus(32)];
}

impl PrimeCurve<14> for P384 {
    type Field = P384Field;
    const ORDER: Modulus<P384Field, 14> = Modulus::new(&hex::<48>(
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    ));
    const B: Residue<14> = Modulus::<P384Field, 14>::parse(&hex::<48>(
        "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
    ));
    const GENERATOR: [Residue<14>; 2] = [
        Modulus::<P384Field, 14>::parse(&hex::<48>(
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        )),
        Modulus::<P384Field, 14>::parse(&hex::<48>(
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        )),
    ];
    const SHAPE: Shape = Shape::new(8, 4, 384);
    const BASE_SHAPE: Shape = Shape::new(9, 4, 384);

    fn generator() -> &'static Generator<Self, 14> {
        static GENERATOR: Generator<P384, 14> = Generator::new();
        &GENERATOR
    }
}
