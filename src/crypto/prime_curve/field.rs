//! The field of a curve whose prime `p` is -1 modulo a limb, and `p + 1` the sum of four powers of two.
//!
//! Numbers are in Montgomery's form, and signed: sums and differences are taken limb by limb, without a carry, and need no
//! multiple of `p`. A product is computed column by column (product scanning), its reduction in the same pass: as `p` is -1
//! modulo a limb, each limb of the multiple of `p` that is added is what the column ends in, and the multiple itself takes
//! but shifts. Everything is unrolled: a loop makes the products three times as slow in WebAssembly.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "indices are constants below the length of an array, which the compiler checks and leaves out"
)]

use core::array;
use core::fmt;
use core::marker::PhantomData;

use alloc::vec::Vec;

use super::modulus::{Modulus, Residue};
use crate::crypto::limb::{Column, low};

/// What tells one field from another. Numbers have `L` limbs.
pub trait Field<const L: usize>: Clone + Copy + fmt::Debug + 'static {
    /// The size of a number.
    const BYTES: usize;
    /// The size of a limb.
    const LIMB_BITS: u32;
    /// The prime.
    const PRIME: Modulus<Self, L>;
    /// What `p + 1` is the sum of.
    const TERMS: [Term; 4];
}

/// A signed power of two.
#[derive(Clone, Copy, Debug)]
pub enum Term {
    /// `2^n`
    Plus(u32),
    /// `-2^n`
    Minus(u32),
}

/// The most limbs that a field has.
pub(super) const MAX_LIMBS: usize = 14;

/// Runs `$body` once for each index of a limb, which is a constant in it.
macro_rules! for_each_limb {
    ($index:ident of $limbs:ident => $body:expr) => {
        for_each_limb!(@ $index $limbs ($body) 0 1 2 3 4 5 6 7 8 9 10 11 12 13)
    };
    (@ $index:ident $limbs:ident ($body:expr) $($value:literal)*) => {
        $({
            const $index: usize = $value;
            if $index < $limbs {
                $body
            }
        })*
    };
}

/// An element of the field, as `x R` modulo `p`. Every operation but `plus`, `minus` and their like yields limbs that are
/// not negative, but for the last. What the others yield is good for one more sum, or as a factor: which sums may be
/// multiplied, `tests/intervals.rs` proves for each formula.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldElement<F, const L: usize, C: Column = i64> {
    pub(super) limbs: [C::Limb; L],
    field: PhantomData<F>,
}

impl<F: Field<L>, const L: usize, C: Column> FieldElement<F, L, C> {
    /// That the terms make the prime, that it is -1 modulo a limb, and that a limb of the multiple of it that a reduction
    /// adds meets none but later columns, the last of which is that before the last limb.
    const CHECKED: () = {
        assert!(L <= MAX_LIMBS);
        let mut columns = [0_i64; L];
        columns[0] = -1;
        let mut term = 0;
        while term < F::TERMS.len() {
            let (Term::Plus(exponent) | Term::Minus(exponent)) = F::TERMS[term];
            assert!(F::LIMB_BITS <= exponent && exponent < Modulus::<F, L>::BITS);
            let power = 1 << (exponent % F::LIMB_BITS);
            let column = &mut columns[(exponent / F::LIMB_BITS) as usize];
            *column += if matches!(F::TERMS[term], Term::Plus(_)) { power } else { -power };
            term += 1;
        }
        let (mut limb, mut column) = (0, 0);
        while limb < L {
            column += columns[limb];
            assert!(low(column, F::LIMB_BITS) == F::PRIME.limbs[limb]);
            column >>= F::LIMB_BITS;
            limb += 1;
        }
        assert!(column == 0);
    };

    pub(super) const fn new(limbs: [C::Limb; L]) -> Self {
        Self { limbs, field: PhantomData }
    }

    /// The element of columns that need no carry.
    #[inline(always)]
    fn of_columns(columns: [C; L]) -> Self {
        Self::new(columns.map(C::limb))
    }

    #[inline(always)]
    fn columns(&self) -> [C; L] {
        self.limbs.map(C::of)
    }

    /// A constant.
    pub(super) fn constant(limbs: &Residue<L>) -> Self {
        Self::of_columns(limbs.map(C::constant))
    }

    /// 1
    pub(super) fn one() -> Self {
        Self::constant(&F::PRIME.r)
    }

    /// The sum, without carries.
    #[inline(always)]
    pub(super) fn plus(&self, other: &Self) -> Self {
        let (a, b) = (self.columns(), other.columns());
        Self::of_columns(array::from_fn(|limb| a[limb] + b[limb]))
    }

    /// The difference, without borrows.
    #[inline(always)]
    pub(super) fn minus(&self, other: &Self) -> Self {
        let (a, b) = (self.columns(), other.columns());
        Self::of_columns(array::from_fn(|limb| a[limb] - b[limb]))
    }

    /// The opposite.
    #[inline(always)]
    pub(super) fn opposite(&self) -> Self {
        Self::of_columns(self.columns().map(|limb| C::constant(0) - limb))
    }

    /// Twice the element, without carries.
    #[inline(always)]
    pub(super) fn doubled(&self) -> Self {
        self.plus(self)
    }

    /// The same element with all carries done.
    #[inline(never)]
    pub(super) fn carried(&self) -> Self {
        let mut limbs = self.columns();
        let mut carry = C::constant(0);
        for_each_limb!(K of L => if K + 1 < L {
            (limbs[K], carry) = (limbs[K] + carry).floor(F::LIMB_BITS);
        });
        limbs[L - 1] = limbs[L - 1] + carry;
        Self::of_columns(limbs)
    }

    /// `self * other`
    #[inline(never)]
    pub(super) fn times(&self, other: &Self) -> Self {
        Self::reduced(&Product::new(&self.limbs, &other.limbs))
    }

    /// `self^2`
    #[inline(never)]
    pub(super) fn squared(&self) -> Self {
        Self::reduced(&Square(&self.limbs))
    }

    /// `self^2 - subtrahend`
    #[inline(never)]
    pub(super) fn squared_minus(&self, subtrahend: &Self) -> Self {
        Self::reduced(&Remainder(Square(&self.limbs), &subtrahend.limbs))
    }

    /// `self * other - c * d`
    #[inline(never)]
    pub(super) fn times_minus(&self, other: &Self, c: &Self, d: &Self) -> Self {
        Self::reduced(&Difference::new(Product::new(&self.limbs, &other.limbs), Product::new(&c.limbs, &d.limbs)))
    }

    /// The residue that the element is for, as the limbs of the result; instead of zero it may be `p`.
    pub(super) fn residue_or_prime(&self) -> Self {
        // (x + m p) / R, where x is above -R and below R, and 0 <= m < R.
        self.times(&Self::constant(&array::from_fn(|limb| i32::from(limb == 0))))
    }

    /// A number divided by `R`.
    #[inline(always)]
    fn reduced(number: &impl Columns<C, L>) -> Self {
        let () = Self::CHECKED;
        let mut multiple = [C::constant(0); L];
        let mut limbs = [C::constant(0); L];
        let mut carry = C::constant(0);
        for_each_limb!(K of L => {
            let column = Self::plus_multiple(carry + number.column(K), &multiple, K);
            (multiple[K], carry) = column.floor(F::LIMB_BITS);
        });
        for_each_limb!(K of L => if K + 1 < L {
            let column = Self::plus_multiple(carry + number.column(L + K), &multiple, L + K);
            (limbs[K], carry) = column.floor(F::LIMB_BITS);
        });
        limbs[L - 1] = carry + number.column(2 * L - 1);
        Self::of_columns(limbs)
    }

    /// A column plus that of `multiple * (p + 1)`: that of `-multiple` is the remainder that is dropped.
    #[inline(always)]
    fn plus_multiple(column: C, multiple: &[C; L], k: usize) -> C {
        let [a, b, c, d] = F::TERMS;
        let column = Self::plus_term(column, multiple, k, a);
        let column = Self::plus_term(column, multiple, k, b);
        let column = Self::plus_term(column, multiple, k, c);
        Self::plus_term(column, multiple, k, d)
    }

    #[inline(always)]
    fn plus_term(column: C, multiple: &[C; L], k: usize, term: Term) -> C {
        let (Term::Plus(exponent) | Term::Minus(exponent)) = term;
        let (limbs, bits) = ((exponent / F::LIMB_BITS) as usize, exponent % F::LIMB_BITS);
        if k < limbs || k - limbs >= L {
            return column;
        }
        let product = multiple[k - limbs] * C::constant(1 << bits);
        match term {
            Term::Plus(_) => column + product,
            Term::Minus(_) => column - product,
        }
    }
}

impl<F: Field<L>, const L: usize> FieldElement<F, L> {
    /// The element, or its opposite, without a branch: signs of digits cannot be foretold.
    #[inline(always)]
    pub(super) fn signed(&self, is_opposite: bool) -> Self {
        let mask = -i32::from(is_opposite);
        Self::new(self.limbs.map(|limb| (limb ^ mask) - mask))
    }

    /// The element of a big-endian number of exactly the field's size; `None` when it is not below `p`.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let number = Modulus::<F, L>::parse(bytes);
        (bytes.len() == F::BYTES && F::PRIME.exceeds(&number)).then(|| Self::from_residue(&number))
    }

    /// The element of a residue.
    #[inline(never)]
    pub(super) fn from_residue(residue: &Residue<L>) -> Self {
        Self::new(*residue).times(&Self::new(F::PRIME.r_squared))
    }

    /// Whether the element is zero.
    #[inline(never)]
    pub(super) fn is_zero(&self) -> bool {
        let residue = self.residue_or_prime().limbs;
        residue == [0; L] || residue == F::PRIME.limbs
    }

    /// Replaces elements by their inverses, with one inversion for all (Montgomery's trick); `None` when one is zero.
    pub(super) fn invert_all(elements: &mut [Self]) -> Option<()> {
        let mut products = Vec::with_capacity(elements.len());
        let mut product = Self::one();
        for element in &*elements {
            products.push(product);
            product = product.times(element);
        }
        // As x^-1 R is R / (x R / R)
        let residue = F::PRIME.reduced(product.residue_or_prime().limbs);
        let mut inverse = Self::new(F::PRIME.inverse(&residue)?);
        for (element, before) in elements.iter_mut().zip(&products).rev() {
            let inverted = inverse.times(before);
            inverse = inverse.times(element);
            *element = inverted;
        }
        Some(())
    }
}

/// A number of which each column is a sum of products.
trait Columns<C: Column, const L: usize> {
    /// The column of weight `k` below `2 L`.
    fn column(&self, k: usize) -> C;
}

/// `a * b`. Of each two products of different limbs one is saved.
struct Product<'a, C: Column, const L: usize> {
    a: &'a [C::Limb; L],
    b: &'a [C::Limb; L],
    /// The sums of `a_i * b_i` up to each limb.
    sums: [C; L],
}

impl<'a, C: Column, const L: usize> Product<'a, C, L> {
    #[inline(always)]
    fn new(a: &'a [C::Limb; L], b: &'a [C::Limb; L]) -> Self {
        let mut sums = [C::constant(0); L];
        let mut sum = C::constant(0);
        for_each_limb!(I of L => {
            sum = sum + C::of(a[I]) * C::of(b[I]);
            sums[I] = sum;
        });
        Self { a, b, sums }
    }
}

impl<C: Column, const L: usize> Columns<C, L> for Product<'_, C, L> {
    #[inline(always)]
    fn column(&self, k: usize) -> C {
        let mut column = diagonal(&self.sums, k);
        for_each_limb!(I of L => if I < k && I < k - I && k - I < L {
            column = column.crossed([self.a[I], self.a[k - I]].map(C::of), [self.b[I], self.b[k - I]].map(C::of));
        });
        column
    }
}

/// The products `a_i * b_i` of all limbs whose products are in a column.
#[inline(always)]
fn diagonal<C: Column, const L: usize>(sums: &[C; L], k: usize) -> C {
    if k < L {
        sums[k]
    } else if k + 1 < 2 * L {
        sums[L - 1].without(sums[k - L])
    } else {
        C::constant(0)
    }
}

/// `a^2`, of which each product of two different limbs stands twice in its column.
struct Square<'a, T, const L: usize>(&'a [T; L]);

impl<C: Column, const L: usize> Columns<C, L> for Square<'_, C::Limb, L> {
    #[inline(always)]
    fn column(&self, k: usize) -> C {
        let mut half = C::constant(0);
        for_each_limb!(I of L => if I < k && I < k - I && k - I < L {
            half = half + C::of(self.0[I]) * C::of(self.0[k - I]);
        });
        let column = half + half;
        if k.is_multiple_of(2) && k / 2 < L { column + C::of(self.0[k / 2]).squared() } else { column }
    }
}

/// A product minus `c R`.
struct Remainder<'a, N, T, const L: usize>(N, &'a [T; L]);

impl<N: Columns<C, L>, C: Column, const L: usize> Columns<C, L> for Remainder<'_, N, C::Limb, L> {
    #[inline(always)]
    fn column(&self, k: usize) -> C {
        let column = self.0.column(k);
        if k >= L { column - C::of(self.1[k - L]) } else { column }
    }
}

/// `a * b - c * d`
struct Difference<'a, C: Column, const L: usize> {
    minuend: Product<'a, C, L>,
    subtrahend: Product<'a, C, L>,
    /// The differences of their sums.
    sums: [C; L],
}

impl<'a, C: Column, const L: usize> Difference<'a, C, L> {
    #[inline(always)]
    fn new(minuend: Product<'a, C, L>, subtrahend: Product<'a, C, L>) -> Self {
        let sums = array::from_fn(|limb| minuend.sums[limb] - subtrahend.sums[limb]);
        Self { minuend, subtrahend, sums }
    }
}

impl<C: Column, const L: usize> Columns<C, L> for Difference<'_, C, L> {
    #[inline(always)]
    fn column(&self, k: usize) -> C {
        let (Product { a, b, .. }, Product { a: c, b: d, .. }) = (&self.minuend, &self.subtrahend);
        let mut column = diagonal(&self.sums, k);
        for_each_limb!(I of L => if I < k && I < k - I && k - I < L {
            let opposites = [c[I], c[k - I]].map(|limb| C::constant(0) - C::of(limb));
            column = column.crossed([a[I], a[k - I]].map(C::of), [b[I], b[k - I]].map(C::of));
            column = column.crossed(opposites, [d[I], d[k - I]].map(C::of));
        });
        column
    }
}
