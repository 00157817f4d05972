//! `transform`, `filter`, `zip_with`: lambdas that make arrays of arrays.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::compute::{filter as keep, prep_null_mask_filter, take};

use super::items::{Items, list, rows};
use crate::fault::Outcome;
use crate::functions::{Call, Library};

pub(super) fn register(library: &mut Library) {
    library.columns("transform(array(T), function(T, U)) -> array(U)", transform);
    library.columns("filter(array(T), function(T, boolean)) -> array(T)", filter);
    library.columns("zip_with(array(T), array(U), function(T, U, R)) -> array(R)", zip_with);
}

fn transform(call: &Call) -> Outcome<ArrayRef> {
    let items = Items::of(&call.columns[0])?;
    let made = call.lambda(0)?.call(&[items.values], &items.rows)?;
    list(made, &items.lengths, items.nulls)
}

/// Where the lambda says null, the item is left out too.
fn filter(call: &Call) -> Outcome<ArrayRef> {
    let items = Items::of(&call.columns[0])?;
    let said = call.lambda(0)?.call(std::slice::from_ref(&items.values), &items.rows)?;
    let mask = certain(said.as_boolean());
    list(keep(&items.values, &mask)?, &counts(&mask, &items.rows, call.rows), items.nulls)
}

/// Null is false.
pub(crate) fn certain(mask: &BooleanArray) -> BooleanArray {
    if mask.null_count() == 0 { mask.clone() } else { prep_null_mask_filter(mask) }
}

/// How many of each row are kept.
pub(crate) fn counts(mask: &BooleanArray, rows: &[u32], count: usize) -> Vec<usize> {
    let mut counts = vec![0; count];
    for (at, row) in rows.iter().enumerate() {
        counts[*row as usize] += usize::from(mask.value(at));
    }
    counts
}

/// The shorter array is filled with nulls.
fn zip_with(call: &Call) -> Outcome<ArrayRef> {
    let (left, right) = (Items::of(&call.columns[0])?, Items::of(&call.columns[1])?);
    let nulls = NullBuffer::union(left.nulls.as_ref(), right.nulls.as_ref());
    let lengths: Vec<usize> = (0..call.rows)
        .map(|row| match &nulls {
            Some(nulls) if nulls.is_null(row) => 0,
            _ => left.lengths[row].max(right.lengths[row]),
        })
        .collect();
    let columns = [filled(&left, &lengths)?, filled(&right, &lengths)?];
    let made = call.lambda(0)?.call(&columns, &rows(&lengths))?;
    list(made, &lengths, nulls)
}

/// The items with nulls behind them, so that each array has so many.
fn filled(items: &Items, lengths: &[usize]) -> Outcome<ArrayRef> {
    let starts = items.starts();
    let places = lengths.iter().enumerate().flat_map(|(row, length)| {
        let (start, own) = (starts[row], items.lengths[row]);
        (0..*length).map(move |at| (at < own).then_some((start + at) as u32))
    });
    Ok(take(&items.values, &places.collect::<UInt32Array>(), None)?)
}
