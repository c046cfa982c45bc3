//! ECDSA verification (FIPS 186-5 §6.4.2) on P-256 and P-384, by arithmetic of our own for 32-bit WebAssembly.
//!
//! A verifier has few keys, and has them for long: so a key may have a table of multiples of its point, with which a
//! signature takes a quarter of the time. All of it is public, and takes the time that its numbers make it take.
//!
//! The additions on the fast ways are right for different points only. Where two are not, which happens to none but chosen
//! signatures, their sum tells so in the end, and a slow way that knows every case decides.

mod comb;
mod field;
mod modulus;
#[cfg(feature = "kernel-p256")]
mod p256;
#[cfg(feature = "kernel-p384")]
mod p384;
mod point;
mod scalar;
mod wnaf;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use once_cell::race::OnceBox;

use self::comb::{Comb, Shape};
use self::field::{Field, FieldElement};
use self::modulus::{Modulus, Residue};
use self::point::{Affine, Jacobian};
use self::scalar::Scalar;

/// A public key on P-256.
#[cfg(feature = "kernel-p256")]
pub type P256Key = PrimeCurveKey<p256::P256, 9>;
/// A public key on P-384.
#[cfg(feature = "kernel-p384")]
pub type P384Key = PrimeCurveKey<p384::P384, 14>;

/// A curve `y^2 = x^3 - 3 x + b` with a prime number `n` of points, over a field whose numbers have `L` limbs.
pub trait PrimeCurve<const L: usize>: Clone + fmt::Debug + 'static {
    /// The field.
    type Field: Field<L>;
    /// `n`
    const ORDER: Modulus<Self::Field, L>;
    /// `b`
    const B: Residue<L>;
    /// The coordinates of the base point.
    const GENERATOR: [Residue<L>; 2];
    /// The shape of the tables of a key.
    const SHAPE: Shape;
    /// The shape of the tables of the base point.
    const BASE_SHAPE: Shape;

    /// What is known of the base point, once it was needed.
    fn generator() -> &'static Generator<Self, L>;
}

/// Multiples of the base point.
#[derive(Debug)]
pub struct Generator<C: PrimeCurve<L>, const L: usize> {
    comb: OnceBox<Comb<C, L>>,
    odd_multiples: OnceBox<Vec<Affine<C::Field, L>>>,
}

impl<C: PrimeCurve<L>, const L: usize> Generator<C, L> {
    const fn new() -> Self {
        Self { comb: OnceBox::new(), odd_multiples: OnceBox::new() }
    }

    fn comb(&self) -> Option<&Comb<C, L>> {
        self.comb.get_or_try_init(|| Comb::new(&generator::<C, L>(), C::BASE_SHAPE).map(Box::new).ok_or(())).ok()
    }

    fn odd_multiples(&self) -> Option<&[Affine<C::Field, L>]> {
        let multiples = || wnaf::odd_multiples(&generator::<C, L>()).map(Box::new).ok_or(());
        self.odd_multiples.get_or_try_init(multiples).ok().map(Vec::as_slice)
    }
}

/// The base point.
fn generator<C: PrimeCurve<L>, const L: usize>() -> Affine<C::Field, L> {
    let [x, y] = C::GENERATOR;
    Affine { x: FieldElement::from_residue(&x), y: FieldElement::from_residue(&y) }
}

/// A public key on the curve `C`.
#[derive(Clone)]
pub struct PrimeCurveKey<C: PrimeCurve<L>, const L: usize> {
    point: Affine<C::Field, L>,
    table: Option<Comb<C, L>>,
}

impl<C: PrimeCurve<L>, const L: usize> fmt::Debug for PrimeCurveKey<C, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrimeCurveKey")
    }
}

impl<C: PrimeCurve<L>, const L: usize> PrimeCurveKey<C, L> {
    /// The size of a key's table, on the heap.
    pub const TABLE_BYTES: usize = C::SHAPE.entries().wrapping_mul(size_of::<Affine<C::Field, L>>());

    /// The point of two big-endian coordinates of the curve's length; `None` when it is not on the curve (SP 800-56A
    /// §5.6.2.3.4, partial validation: the curve has no points of another order).
    pub fn new(x: &[u8], y: &[u8]) -> Option<Self> {
        let [x, y] = [FieldElement::from_bytes(x)?, FieldElement::from_bytes(y)?];
        let point = Affine { x, y };
        point.equation(&FieldElement::from_residue(&C::B)).is_zero().then_some(Self { point, table: None })
    }

    /// Makes the table, with which [`Self::verify_prehash`] takes a quarter of the time.
    pub fn build_table(&mut self) {
        self.table = Comb::new(&self.point, C::SHAPE);
        // That of the base point goes with it: the first signature need not wait for it.
        C::generator().comb();
    }

    /// Takes the table away.
    pub fn drop_table(&mut self) {
        self.table = None;
    }

    /// Whether the key has a table.
    pub const fn has_table(&self) -> bool {
        self.table.is_some()
    }

    /// Whether `signature`, two big-endian integers of the curve's length, is one of the message of `digest`. Of a digest
    /// longer than the order, its leftmost bits count; a shorter one is the number that its bytes make. Both `s` and
    /// `n - s` are accepted.
    pub fn verify_prehash(&self, digest: &[u8], signature: &[u8]) -> bool {
        self.verify(digest, signature).unwrap_or(false)
    }

    fn verify(&self, digest: &[u8], signature: &[u8]) -> Option<bool> {
        let (r, s) = signature.split_at_checked(C::Field::BYTES)?;
        let [r, s] = [Scalar::<C, L>::from_bytes(r)?, Scalar::from_bytes(s)?];
        let (u1, u2) = Scalar::quotients(digest, &r, &s)?;
        Some(self.has_sum_with(&u1, &u2, &r))
    }

    /// Whether `r` is the x-coordinate, modulo `n`, of `u1 G + u2 Q`.
    fn has_sum_with(&self, u1: &Scalar<C, L>, u2: &Scalar<C, L>, r: &Scalar<C, L>) -> bool {
        let fast = match &self.table {
            Some(table) => C::generator().comb().and_then(|generator| Comb::sum([(generator, u1), (table, u2)])),
            None => self.sum_without_table(u1, u2),
        };
        let sum = match fast {
            Some(sum) if !sum.is_infinity() => sum,
            _ => self.sum_of_any(u1, u2),
        };
        if sum.is_infinity() {
            return false;
        }
        // An x-coordinate of n or more is that of another r too.
        let above = C::ORDER.combined(r.residue(), 1, 1);
        sum.has_x(&FieldElement::from_residue(r.residue()))
            || (C::Field::PRIME.exceeds(&above) && sum.has_x(&FieldElement::from_residue(&above)))
    }

    #[inline(never)]
    fn sum_without_table(&self, u1: &Scalar<C, L>, u2: &Scalar<C, L>) -> Option<Jacobian<C::Field, L>> {
        let multiples = wnaf::odd_multiples(&self.point)?;
        wnaf::sum([(C::generator().odd_multiples()?, u1), (&multiples, u2)])
    }

    /// `u1 G + u2 Q` of any numbers and any point.
    #[inline(never)]
    fn sum_of_any(&self, u1: &Scalar<C, L>, u2: &Scalar<C, L>) -> Jacobian<C::Field, L> {
        let generator = generator::<C, L>();
        let mut sum = Jacobian::infinity();
        for bit in (0..C::Field::BYTES.wrapping_mul(8)).rev() {
            sum.double();
            for (scalar, point) in [(u1, &generator), (u2, &self.point)] {
                if scalar.bits(bit, 1) == 1 {
                    sum.add(point);
                }
            }
        }
        sum
    }
}

#[cfg(all(feature = "kernel-p256", feature = "kernel-p384"))]
#[cfg(test)]
mod tests;
