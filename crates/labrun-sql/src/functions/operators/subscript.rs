//! `a[i]` of an array and of a map: fails where there is nothing (functions/array, functions/map).

use datafusion::arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::Int64Type;

use crate::datum::{Datum, same};
use crate::fault::{Fault, Outcome};
use crate::functions::{Call, Library, cast};

pub(super) fn register(library: &mut Library) {
    library.columns("subscript(array(T), bigint) -> T", item);
    library.values("subscript(map(K, V), K) -> V", value);
}

/// Where the items lie, then all of them at once.
fn item(call: &Call) -> Outcome<ArrayRef> {
    let (arrays, indices) = (call.columns[0].as_list::<i32>(), call.columns[1].as_primitive::<Int64Type>());
    let at = (0..call.rows).map(|row| {
        if arrays.is_null(row) || indices.is_null(row) {
            return Ok(None);
        }
        let (start, end) = (arrays.value_offsets()[row], arrays.value_offsets()[row + 1]);
        place(indices.value(row), i64::from(end - start)).map(|place| Some(start as u32 + place))
    });
    Ok(take(arrays.values(), &at.collect::<Outcome<UInt32Array>>()?, None)?)
}

/// From 0; `index` is from 1.
fn place(index: i64, length: i64) -> Outcome<u32> {
    match index {
        0 => Err(Fault::argument("SQL array indices start at 1")),
        ..0 => Err(Fault::argument(format!("Array subscript is negative: {index}"))),
        _ if index > length => {
            let message = format!("Array subscript must be less than or equal to array length: {index} > {length}");
            Err(Fault::argument(message))
        }
        _ => Ok((index - 1) as u32),
    }
}

fn value(call: &Call, values: &[Datum]) -> Outcome<Datum> {
    let [Datum::Map(entries), key] = values else { return Ok(Datum::Null) };
    if let Some((_, value)) = entries.iter().find(|(own, _)| same(own, key)) {
        return Ok(value.clone());
    }
    let shown = cast::body(&call.kinds[1], &crate::sqltype::VARCHAR).and_then(|_| cast::text(key, &call.kinds[1]));
    Err(Fault::argument(shown.map_or("Key not present in map".to_owned(), |key| format!("Key not present in map: {key}"))))
}
