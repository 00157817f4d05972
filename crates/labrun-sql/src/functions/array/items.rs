//! The items of a column of arrays as one column, so that a lambda is called once for all of them.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, UInt32Array};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::Field;

use crate::fault::Outcome;

/// All items one after another. A null array has none.
pub(crate) struct Items {
    pub(crate) values: ArrayRef,
    /// Of each item, the row of its array.
    pub(crate) rows: Vec<u32>,
    /// Of each array.
    pub(crate) lengths: Vec<usize>,
    pub(crate) nulls: Option<NullBuffer>,
}

impl Items {
    pub(crate) fn of(column: &ArrayRef) -> Outcome<Self> {
        let lists = column.as_list::<i32>();
        let lengths = lengths(lists.offsets(), lists.nulls());
        let values = gathered(lists.values(), lists.offsets(), lists.nulls())?;
        Ok(Items { values, rows: rows(&lengths), lengths, nulls: lists.nulls().cloned() })
    }

    /// Where each array starts, and past the last.
    pub(crate) fn starts(&self) -> Vec<usize> {
        let mut at = 0;
        let mut starts = vec![0];
        for length in &self.lengths {
            at += length;
            starts.push(at);
        }
        starts
    }
}

/// What lies within the offsets, without that of null rows.
pub(crate) fn gathered(values: &ArrayRef, offsets: &OffsetBuffer<i32>, nulls: Option<&NullBuffer>) -> Outcome<ArrayRef> {
    if nulls.is_none_or(|nulls| nulls.null_count() == 0) {
        let (first, last) = (offsets[0] as usize, offsets[offsets.len() - 1] as usize);
        return Ok(values.slice(first, last - first));
    }
    let valid = |row: &usize| nulls.is_none_or(|nulls| nulls.is_valid(*row));
    let places = (0..offsets.len() - 1).filter(valid).flat_map(|row| offsets[row] as u32..offsets[row + 1] as u32);
    Ok(take(values, &UInt32Array::from_iter_values(places), None)?)
}

pub(crate) fn lengths(offsets: &OffsetBuffer<i32>, nulls: Option<&NullBuffer>) -> Vec<usize> {
    let length = |row: usize| (offsets[row + 1] - offsets[row]) as usize;
    (0..offsets.len() - 1).map(|row| if nulls.is_some_and(|nulls| nulls.is_null(row)) { 0 } else { length(row) }).collect()
}

/// Of each item the row, where each row has so many.
pub(crate) fn rows(lengths: &[usize]) -> Vec<u32> {
    lengths.iter().enumerate().flat_map(|(row, length)| std::iter::repeat_n(row as u32, *length)).collect()
}

/// Arrays of so many items each.
pub(crate) fn list(values: ArrayRef, lengths: &[usize], nulls: Option<NullBuffer>) -> Outcome<ArrayRef> {
    let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
    Ok(Arc::new(ListArray::try_new(field, offsets, values, nulls)?))
}
