//! `array_sort`: nulls come last; with a comparator, all comparisons that don't wait for others are one call of it.

use std::cmp::Ordering;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::Int32Type;

use super::items::{Items, list};
use crate::datum::{Datum, compare};
use crate::fault::{Fault, Outcome};
use crate::functions::call::Bound;
use crate::functions::{Call, Library};

pub(super) fn register(library: &mut Library) {
    library.values("array_sort(array(T)) -> array(T) where T orderable", |_, values| {
        let Datum::Array(items) = &values[0] else { return Ok(Datum::Null) };
        ascending(items.clone()).map(Datum::Array)
    });
    library.columns("array_sort(array(T), function(T, T, integer)) -> array(T)", by_comparator);
}

/// From least to most, nulls last.
pub(crate) fn ascending(mut items: Vec<Datum>) -> Outcome<Vec<Datum>> {
    let mut failure = None;
    items.sort_by(|left, right| match (left.is_null(), right.is_null()) {
        (false, false) => compare(left, right).unwrap_or_else(|fault| {
            failure = Some(fault);
            Ordering::Equal
        }),
        (left, right) => left.cmp(&right),
    });
    failure.map_or(Ok(items), Err)
}

fn by_comparator(call: &Call) -> Outcome<ArrayRef> {
    let items = Items::of(&call.columns[0])?;
    let mut order: Vec<u32> = (0..items.values.len() as u32).collect();
    let longest = items.lengths.iter().copied().max().unwrap_or(0);
    let starts = items.starts();
    let mut width = 1;
    while width < longest {
        order = level(call.lambda(0)?, &items, &starts, &order, width)?;
        width *= 2;
    }
    let sorted = take(&items.values, &UInt32Array::from(order), None)?;
    list(sorted, &items.lengths, items.nulls)
}

/// Two sorted runs that become one.
struct Merge {
    row: u32,
    left: std::ops::Range<usize>,
    right: std::ops::Range<usize>,
    out: usize,
}

/// Runs of this width become runs of twice the width.
fn level(lambda: &Bound, items: &Items, starts: &[usize], order: &[u32], width: usize) -> Outcome<Vec<u32>> {
    let mut merged = order.to_vec();
    let mut open: Vec<Merge> = Vec::new();
    for row in 0..items.lengths.len() {
        for start in (starts[row]..starts[row + 1]).step_by(2 * width) {
            let (middle, end) = ((start + width).min(starts[row + 1]), (start + 2 * width).min(starts[row + 1]));
            open.push(Merge { row: row as u32, left: start..middle, right: middle..end, out: start });
        }
    }
    loop {
        open.retain_mut(|merge| !merge.close(order, &mut merged));
        if open.is_empty() {
            return Ok(merged);
        }
        let answers = keep_left(lambda, items, order, &open)?;
        for (merge, keep_left) in open.iter_mut().zip(answers) {
            let taken = if keep_left { merge.left.next() } else { merge.right.next() };
            merged[merge.out] = order[taken.unwrap_or(merge.out)];
            merge.out += 1;
        }
    }
}

impl Merge {
    /// Where a side is empty, the other follows as it is.
    fn close(&mut self, order: &[u32], merged: &mut [u32]) -> bool {
        if !self.left.is_empty() && !self.right.is_empty() {
            return false;
        }
        for at in self.left.clone().chain(self.right.clone()) {
            merged[self.out] = order[at];
            self.out += 1;
        }
        true
    }
}

/// Whether the left side's next item comes before the right side's.
fn keep_left(lambda: &Bound, items: &Items, order: &[u32], open: &[Merge]) -> Outcome<Vec<bool>> {
    let side = |places: Vec<u32>| take(&items.values, &UInt32Array::from(places), None);
    let left = side(open.iter().map(|merge| order[merge.left.start]).collect())?;
    let right = side(open.iter().map(|merge| order[merge.right.start]).collect())?;
    let rows: Vec<u32> = open.iter().map(|merge| merge.row).collect();
    let said = lambda.call(&[left, right], &rows)?;
    let said = said.as_primitive::<Int32Type>();
    let answers = (0..said.len()).map(|at| match said.is_valid(at).then(|| said.value(at)) {
        Some(order @ -1..=1) => Ok(order <= 0),
        _ => Err(Fault::argument("Lambda comparator must return either -1, 0, or 1")),
    });
    answers.collect()
}
