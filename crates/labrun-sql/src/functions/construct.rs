//! What makes an array of values.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, ListArray, new_empty_array};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::compute::interleave;
use datafusion::arrow::datatypes::Field;

use super::{Body, Call};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// `ARRAY[a, b, ..]`
pub(crate) const ARRAY: Body = Body::Columns(array);

fn array(call: &Call) -> Outcome<ArrayRef> {
    let SqlType::Array(item) = call.returns else {
        return Err(Fault::new("GENERIC_INTERNAL_ERROR", "an array of another type"));
    };
    let width = call.columns.len();
    let places: Vec<(usize, usize)> = (0..call.rows).flat_map(|row| (0..width).map(move |column| (column, row))).collect();
    let columns: Vec<&dyn Array> = call.columns.iter().map(AsRef::as_ref).collect();
    let items = if width == 0 { new_empty_array(&item.arrow()) } else { interleave(&columns, &places)? };
    let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(width, call.rows));
    Ok(Arc::new(ListArray::try_new(Arc::new(Field::new_list_field(item.arrow(), true)), offsets, items, None)?))
}

/// The items of arrays and maps side by side, as one array of rows; what is shorter is filled with nulls. One column more than there are
/// counts from 1.
pub(crate) const ZIP: Body = Body::Nullable(zip);

fn zip(call: &Call, arguments: &[Datum]) -> Outcome<Datum> {
    let columns: Vec<Vec<Vec<Datum>>> = arguments.iter().zip(call.kinds).map(|(value, kind)| items(value, kind)).collect();
    let widths: Vec<usize> = call.kinds.iter().map(width).collect();
    let counted = matches!(call.returns, SqlType::Array(item) if matches!(&**item, SqlType::Row(fields) if fields.len() > widths.iter().sum()));
    let length = columns.iter().map(Vec::len).max().unwrap_or(0);
    let rows = (0..length).map(|row| {
        let mut cells = Vec::new();
        for (column, width) in columns.iter().zip(&widths) {
            match column.get(row) {
                Some(own) => cells.extend(own.iter().cloned()),
                None => cells.extend(std::iter::repeat_n(Datum::Null, *width)),
            }
        }
        if counted {
            cells.push(Datum::Integer(row as i64 + 1));
        }
        Datum::Row(cells)
    });
    Ok(Datum::Array(rows.collect()))
}

/// How many columns an item has.
fn width(kind: &SqlType) -> usize {
    match kind {
        SqlType::Map(..) => 2,
        SqlType::Array(item) => match &**item {
            SqlType::Row(fields) => fields.len(),
            _ => 1,
        },
        _ => 1,
    }
}

fn items(value: &Datum, kind: &SqlType) -> Vec<Vec<Datum>> {
    let columns = width(kind);
    match value {
        Datum::Map(entries) => entries.iter().map(|(key, value)| vec![key.clone(), value.clone()]).collect(),
        Datum::Array(items) => items
            .iter()
            .map(|item| match item {
                Datum::Row(fields) => fields.clone(),
                // A null row is a row of nulls.
                other => std::iter::once(other.clone()).chain(std::iter::repeat_n(Datum::Null, columns - 1)).collect(),
            })
            .collect(),
        _ => Vec::new(),
    }
}
