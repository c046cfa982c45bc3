//! Additions, doublings and entries of tables, against RustCrypto: of points with hostile coordinates, in Jacobian coordinates
//! with hostile limbs.

use ::p256::elliptic_curve::CurveGroup as _;
use ::p256::elliptic_curve::group::{CurveAffine as _, Group as _};
use ::p256::elliptic_curve::point::AffineCoordinates as _;

use super::sums::{Oracle, OracleScalar};
use super::*;

/// Sums are of multiples of a point up to this one, positive and negative.
const MOST: usize = 32;

/// How many sums there are of the multiples of one point.
const SUMS: usize = 2_000;

/// Points by RustCrypto.
type Points<C, const L: usize> = Vec<AffinePoint<Oracle<C, L>>>;

/// A point whose x-coordinate is hostile.
fn point<C: Tested<L>, const L: usize>(numbers: &mut Numbers) -> ProjectivePoint<C::Oracle> {
    loop {
        if let Some(point) = C::oracle_point(&numbers.bytes(C::Field::BYTES)) {
            return if numbers.below(2) == 0 { point } else { -point };
        }
    }
}

fn normalized<C: Tested<L>, const L: usize>(points: &[ProjectivePoint<C::Oracle>]) -> Points<C, L> {
    let mut affine = std::vec![AffinePoint::<C::Oracle>::default(); points.len()];
    ProjectivePoint::<C::Oracle>::batch_normalize(points, &mut affine);
    affine
}

/// A point that is not at infinity.
fn ours<C: Tested<L>, const L: usize>(point: &AffinePoint<C::Oracle>) -> Affine<C::Field, L> {
    let [x, y] = [point.x(), point.y()].map(|coordinate| FieldElement::from_bytes(&coordinate).unwrap());
    Affine { x, y }
}

fn assert_same<F: Field<L>, const L: usize>(point: &Affine<F, L>, expected: &Affine<F, L>) {
    assert!(point.x.minus(&expected.x).is_zero() && point.y.minus(&expected.y).is_zero(), "{point:?} {expected:?}");
}

/// Multiples of a point from `-2 MOST` to `2 MOST`.
struct Multiples<C: Tested<L>, const L: usize>(Vec<Option<Affine<C::Field, L>>>);

impl<C: Tested<L>, const L: usize> Multiples<C, L> {
    fn new(point: &ProjectivePoint<C::Oracle>) -> Self {
        let most = 2 * MOST;
        let first = *point * -OracleScalar::<C, L>::from(u64::try_from(most).unwrap());
        let multiples: Vec<_> =
            core::iter::successors(Some(first), |multiple| Some(*multiple + point)).take(2 * most + 1).collect();
        let points = normalized::<C, L>(&multiples);
        assert!(bool::from(points[most].is_identity()));
        let ours = |point: &AffinePoint<C::Oracle>| (!bool::from(point.is_identity())).then(|| ours::<C, L>(point));
        Self(points.iter().map(ours).collect())
    }

    fn get(&self, multiple: i32) -> &Option<Affine<C::Field, L>> {
        &self.0[usize::try_from(multiple + 2 * i32::try_from(MOST).unwrap()).unwrap()]
    }

    /// Some coordinates of the multiple: of a `Z` that is hostile, and each a few primes up or down.
    fn jacobian(&self, multiple: i32, numbers: &mut Numbers) -> Jacobian<C::Field, L> {
        let mut moved = |element: &FieldElement<C::Field, L>| {
            let times = i64::try_from(numbers.below(7)).unwrap() - 3;
            FieldElement::new(C::Field::PRIME.combined(&element.limbs, 1, times))
        };
        let zero = FieldElement::new([0; L]);
        let Some(Affine { x, y }) = self.get(multiple) else {
            let z = moved(&zero);
            return Jacobian { x: numbers.element(), y: numbers.element(), z };
        };
        let [x, y] = [moved(x), moved(y)];
        let mut z = numbers.element();
        while z.is_zero() {
            z = numbers.element();
        }
        let zz = z.squared();
        Jacobian { x: x.times(&zz), y: y.times(&zz.times(&z)), z }
    }

    fn assert_is(&self, point: &Jacobian<C::Field, L>, multiple: i32, what: &str) {
        let is_same = match self.get(multiple) {
            None => point.is_infinity(),
            Some(Affine { x, y }) => {
                !point.is_infinity() && point.x_difference(x).is_zero() && point.y_difference(y).is_zero()
            }
        };
        assert!(is_same, "{what}: {point:?} is not the multiple by {multiple} of {:?}", self.get(1));
    }
}

fn additions_and_doublings<C: Tested<L>, const L: usize>() {
    for_each_seed(cases().div_ceil(SUMS), |seed| {
        let mut numbers = Numbers(seed);
        let point = point::<C, L>(&mut numbers);
        let multiples = Multiples::<C, L>::new(&point);
        let any = |numbers: &mut Numbers| i32::try_from(numbers.below(2 * MOST + 1)).unwrap() - 32;
        for _ in 0..SUMS {
            let a = any(&mut numbers);
            // One in four is an exception, about.
            let b = match numbers.below(8) {
                0 => a,
                1 => -a,
                _ => any(&mut numbers),
            };
            let mut doubled = multiples.jacobian(a, &mut numbers);
            let mut sum = doubled;
            doubled.double();
            multiples.assert_is(&doubled, 2 * a, "doubled");
            let Some(other) = multiples.get(b) else { continue };
            let (other, b) = if numbers.below(2) == 0 { (*other, b) } else { (other.opposite(), -b) };
            let mut fast = sum;
            fast.add_other(&other);
            multiples.assert_is(&fast, if a == 0 || a.abs() == b.abs() { 0 } else { a + b }, "added to another");
            sum.add(&other);
            multiples.assert_is(&sum, a + b, "added");
        }
        let odd = wnaf::odd_multiples(&multiples.get(1).unwrap()).unwrap();
        for (entry, multiple) in odd.iter().zip((1..).step_by(2)) {
            assert_same(entry, &multiples.get(multiple).unwrap());
        }
    });
}

/// Of tables of keys: for each block, the top tooth and the others with all signs.
fn entries<C: Tested<L>, const L: usize>(count: usize) {
    let Shape { teeth, blocks, rows, places } = C::SHAPE;
    for_each_seed(count.div_ceil(C::SHAPE.entries()), |seed| {
        let point = point::<C, L>(&mut Numbers(seed));
        let bits: Vec<_> = core::iter::successors(Some(point), |bit| Some(bit.double())).take(teeth * places).collect();
        let mut entries = std::vec![ProjectivePoint::<C::Oracle>::default(); C::SHAPE.entries()];
        for (index, entry) in entries.iter_mut().enumerate() {
            let base = |tooth: usize| bits[tooth * places + index % blocks * rows];
            let signs = index / blocks;
            *entry = (0..teeth - 1).fold(base(teeth - 1), |sum, tooth| {
                if signs >> tooth & 1 == 1 { sum + base(tooth) } else { sum - base(tooth) }
            });
        }
        let expected = normalized::<C, L>(&entries);
        let affine: AffinePoint<C::Oracle> = point.into();
        let table = Comb::<C, L>::new(&ours::<C, L>(&affine), C::SHAPE).unwrap();
        assert_eq!(table.entries.len(), expected.len());
        for (entry, expected) in table.entries.iter().zip(&expected) {
            assert_same(entry, &ours::<C, L>(expected));
        }
    });
}

fn table_entries<C: Tested<L>, const L: usize>() {
    entries::<C, L>(cases());
}

fn table_entries_of_every_shape<C: Tested<L>, const L: usize>() {
    entries::<C, L>(cases() / 100);
}

on_every_curve! { additions_and_doublings table_entries }
on_every_shape! { table_entries_of_every_shape }
