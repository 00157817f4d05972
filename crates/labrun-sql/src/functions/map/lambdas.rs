//! `map_filter`, `transform_keys`, `transform_values`.

use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::compute::filter as keep;

use super::entries::{Entries, map};
use super::make::{Keys, duplicate, not_null, put};
use crate::datum::Reader;
use crate::fault::{Fault, Outcome};
use crate::functions::array::{certain, counts};
use crate::functions::{Call, Library};
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    library.columns("map_filter(map(K, V), function(K, V, boolean)) -> map(K, V)", filter);
    library.columns("transform_keys(map(K, V), function(K, V, R)) -> map(R, V)", transform_keys);
    library.columns("transform_values(map(K, V), function(K, V, R)) -> map(K, R)", |call| {
        let entries = Entries::of(&call.columns[0])?;
        let values = call.lambda(0)?.call(&[entries.keys.clone(), entries.values], &entries.rows)?;
        map(entries.keys, values, &entries.lengths, entries.nulls, call.returns)
    });
}

/// Where the lambda says null, the entry is left out too.
fn filter(call: &Call) -> Outcome<ArrayRef> {
    let entries = Entries::of(&call.columns[0])?;
    let said = call.lambda(0)?.call(&[entries.keys.clone(), entries.values.clone()], &entries.rows)?;
    let mask = certain(said.as_boolean());
    let lengths = counts(&mask, &entries.rows, call.rows);
    map(keep(&entries.keys, &mask)?, keep(&entries.values, &mask)?, &lengths, entries.nulls, call.returns)
}

fn transform_keys(call: &Call) -> Outcome<ArrayRef> {
    let entries = Entries::of(&call.columns[0])?;
    let made = call.lambda(0)?.call(&[entries.keys, entries.values.clone()], &entries.rows)?;
    let SqlType::Map(kind, _) = call.returns else {
        return Err(Fault::new("GENERIC_INTERNAL_ERROR", "transform_keys gives a map"));
    };
    let reader = Reader::new(&made, kind);
    let mut start = 0;
    for length in &entries.lengths {
        let (mut keys, mut known) = (Keys::default(), Vec::new());
        for at in start..start + length {
            let key = reader.get(at);
            not_null(&key)?;
            put(&mut keys, &mut known, key, ()).map_err(|at| duplicate(&known[at].0, kind, "keys"))?;
        }
        start += length;
    }
    map(made, entries.values, &entries.lengths, entries.nulls, call.returns)
}
