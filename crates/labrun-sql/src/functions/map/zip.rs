//! `map_zip_with`: two maps by their keys; what one of them misses is null.

use datafusion::arrow::array::ArrayRef;

use super::make::{Keys, put};
use crate::datum::{Datum, column};
use crate::fault::Outcome;
use crate::functions::{Call, Library};

pub(super) fn register(library: &mut Library) {
    library.columns("map_zip_with(map(K, V), map(K, W), function(K, V, W, R)) -> map(K, R)", zip);
}

fn zip(call: &Call) -> Outcome<ArrayRef> {
    let (left, right) = (call.values(0), call.values(1));
    let (mut calls, mut rows, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..call.rows {
        let (Datum::Map(left), Datum::Map(right)) = (left.get(row), right.get(row)) else {
            counts.push(None);
            continue;
        };
        let pairs = paired(left, right);
        counts.push(Some(pairs.len()));
        rows.extend(std::iter::repeat_n(row as u32, pairs.len()));
        calls.extend(pairs);
    }
    let mut made = call.lambda(0)?.call_values(&calls, &rows)?.into_iter();
    let mut keys = calls.into_iter().map(|mut arguments| arguments.swap_remove(0));
    let maps = counts.into_iter().map(|count| match count {
        Some(count) => Datum::Map(keys.by_ref().zip(made.by_ref()).take(count).collect()),
        None => Datum::Null,
    });
    column(&maps.collect::<Vec<_>>(), call.returns)
}

/// Key and both values: keys of the left map first.
fn paired(left: Vec<(Datum, Datum)>, right: Vec<(Datum, Datum)>) -> Vec<Vec<Datum>> {
    let (mut keys, mut entries) = (Keys::default(), Vec::new());
    for (key, value) in left {
        let _new = put(&mut keys, &mut entries, key, (value, Datum::Null));
    }
    for (key, value) in right {
        if let Err(at) = put(&mut keys, &mut entries, key, (Datum::Null, value.clone())) {
            entries[at].1.1 = value;
        }
    }
    entries.into_iter().map(|(key, (left, right))| vec![key, left, right]).collect()
}
