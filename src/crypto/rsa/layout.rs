//! How the limbs of two factors lie in memory, and which products of them are summed in which columns. That depends on
//! the number of limbs alone, and is planned once for a modulus.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "indices are those of limbs, of at most MAX_BITS, and of a padding that is wider than what any of them is \
              moved by"
)]

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::barrett::GUARDS;
use super::kernel::{Diagonal, Kernel, fill_columns};

/// Which products of rows and columns are added to a group of sums at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sweep {
    /// The first sum.
    sums: u16,
    /// The first row, and how many there are.
    rows: u16,
    count: u16,
    /// The first column of the window of the first row.
    columns: u16,
    /// Whether there was none for these sums before.
    is_first: bool,
    /// Whether the products on the diagonal of a square are added as well. Its rows and its columns are those before.
    has_diagonal: bool,
}

/// What a key takes for each, in bytes.
const SWEEP_BYTES: usize = 10;
const _: () = assert!(size_of::<Sweep>() == SWEEP_BYTES);

/// How many zeros there are beyond either end of a factor: a group of columns, and the limbs of the rows that round a
/// number of rows up.
const fn padding<K: Kernel>() -> usize {
    K::COLUMNS + K::ROW_LIMBS * K::STEP
}

/// How many rows a group of columns has on the diagonal of a square.
const fn diagonal_rows<K: Kernel>() -> usize {
    K::COLUMNS / 2 / K::ROW_LIMBS
}

/// The most rows of limbs of twice the size, besides those on the diagonal, whose products a column holds.
const fn max_rows_doubled<K: Kernel>() -> usize {
    (K::MAX_ROWS / 2 - diagonal_rows::<K>()) / K::STEP * K::STEP
}

/// The padding for the rows of a residue of so many limbs, and of [`GUARDS`] more; an even number between the zeros.
pub(super) fn empty_rows<K: Kernel>(limbs: usize) -> Vec<K::Row> {
    vec![K::Row::default(); rows_above::<K>(limbs) + padding::<K>()]
}

/// How many rows there are above the lowest padding.
fn rows_above<K: Kernel>(limbs: usize) -> usize {
    (limbs + GUARDS).div_ceil(K::ROW_LIMBS).next_multiple_of(2) + padding::<K>()
}

/// The rows but those of zeros at either end.
pub(super) fn between_padding<K: Kernel>(rows: &mut [K::Row]) -> &mut [K::Row] {
    let end = rows.len() - padding::<K>();
    rows.get_mut(padding::<K>()..end).unwrap_or_default()
}

/// The padding for the columns of so many limbs, and of one more, that a row of two limbs reaches to.
pub(super) fn empty_columns<K: Kernel>(limbs: usize) -> Vec<K::Column> {
    vec![K::Column::default(); limbs + 1 + 2 * padding::<K>()]
}

/// The columns but those of zeros at the lower end.
pub(super) fn above_padding<K: Kernel>(columns: &mut [K::Column]) -> &mut [K::Column] {
    columns.get_mut(padding::<K>()..).unwrap_or_default()
}

/// The columns of `limbs`.
#[inline(never)]
pub(super) fn columns_of<K: Kernel>(limbs: &[K::Sum]) -> Vec<K::Column> {
    let mut columns = empty_columns::<K>(limbs.len());
    fill_columns::<K>(above_padding::<K>(&mut columns), limbs, 0);
    columns
}

/// Plans `columns` of the product of rows of `row_limbs` and columns of `column_limbs`, modulo a modulus of `limbs`.
/// The rows that round their number up are zero, or meet zeros in these columns.
pub(super) fn plan_products<K: Kernel>(
    limbs: usize,
    row_limbs: usize,
    column_limbs: usize,
    columns: Range<usize>,
) -> Vec<Sweep> {
    plan::<K>(limbs, columns, K::MAX_ROWS, false, &|column| {
        let first = (column + 1).saturating_sub(column_limbs) / K::ROW_LIMBS;
        let end = (column + K::COLUMNS).min(row_limbs).div_ceil(K::ROW_LIMBS);
        let count = (end - first).next_multiple_of(K::STEP);
        (first + count, count)
    })
}

/// Plans all columns of a square. Limb `i` meets itself in column `2 i`: the rows before this one have passed that in
/// each column of the group.
pub(super) fn plan_squares<K: Kernel>(limbs: usize) -> Vec<Sweep> {
    plan::<K>(limbs, 0..2 * limbs, max_rows_doubled::<K>(), true, &|column| {
        let middle = column / 2;
        let first = (column + 1).saturating_sub(limbs).min(middle);
        (middle / K::ROW_LIMBS, (middle - first).div_ceil(K::ROW_LIMBS).next_multiple_of(K::STEP))
    })
}

/// `rows_of` a column tells the row after the last one that its group of columns is summed of, and their number. A
/// column holds the products of `at_once` of them.
#[inline(never)]
fn plan<K: Kernel>(
    limbs: usize,
    columns: Range<usize>,
    at_once: usize,
    is_square: bool,
    rows_of: &dyn Fn(usize) -> (usize, usize),
) -> Vec<Sweep> {
    // What does not fit is beyond all rows and columns.
    let short = |index: usize| u16::try_from(index).unwrap_or(u16::MAX);
    let above = rows_above::<K>(limbs);
    let mut sweeps = Vec::with_capacity(columns.len().div_ceil(K::COLUMNS));
    for (group, column) in columns.step_by(K::COLUMNS).enumerate() {
        let (end, count) = rows_of(column);
        let mut done = 0;
        // A group without rows and diagonal has what was handed on to it, and no more.
        let mut is_first = is_square || count > 0;
        while done < count || is_first {
            let now = (count - done).min(at_once);
            // The window of the row of limb `i` begins at limb `column - i` of the other factor.
            let window = padding::<K>() + column + (done + 1) * K::ROW_LIMBS - end * K::ROW_LIMBS;
            sweeps.push(Sweep {
                sums: short(group * K::COLUMNS),
                rows: short(above - end + done),
                count: short(now),
                columns: short(window),
                is_first,
                has_diagonal: is_square && is_first,
            });
            done += now;
            is_first = false;
        }
    }
    sweeps.shrink_to_fit();
    sweeps
}

/// The sweeps of so many columns from the lowest on.
pub(super) fn lower(plan: &[Sweep], columns: usize) -> &[Sweep] {
    part(plan, 0, plan.partition_point(|sweep| usize::from(sweep.sums) < columns))
}

/// Adds to the sums the products of rows and columns that are planned; where they are `fresh`, there is nothing yet in
/// them.
#[inline(never)]
pub(super) fn sum<K: Kernel>(plan: &[Sweep], fresh: bool, sums: &mut [K::Sum], rows: &[K::Row], columns: &[K::Column]) {
    if let (true, Some(first)) = (fresh, sums.first_mut()) {
        *first = K::Sum::default();
    }
    for sweep in plan {
        let Some(sums) = sums.get_mut(sweep.sums.into()..) else { return };
        let [row, column, count] = [sweep.rows, sweep.columns, sweep.count].map(usize::from);
        let diagonal = sweep.has_diagonal.then(|| Diagonal {
            rows: part(rows, row - diagonal_rows::<K>(), diagonal_rows::<K>()),
            columns: part(columns, column - K::ROW_LIMBS, K::COLUMNS),
        });
        let rows = part(rows, row, count);
        let columns = part(columns, column, count * K::ROW_LIMBS + K::COLUMNS - K::ROW_LIMBS);
        K::accumulate(sums, fresh && sweep.is_first, rows, columns, diagonal);
    }
}

/// So many of `all` from `start`: none at all if there are fewer.
pub(super) fn part<T>(all: &[T], start: usize, length: usize) -> &[T] {
    debug_assert!(start + length <= all.len(), "padding is too short");
    all.get(start..).and_then(|rest| rest.get(..length)).unwrap_or_default()
}
