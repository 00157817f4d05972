//! What is in an array, where, and what is the least and the most of it.

use std::cmp::Ordering;

use super::sets::items;
use crate::datum::{Datum, compare, equal, same};
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library
        .values("contains(array(T), T) -> boolean where T comparable", |_, values| Ok(contains(items(&values[0]), &values[1])));
    library.values("array_position(array(T), T) -> bigint where T comparable", |_, values| {
        let place = items(&values[0]).iter().position(|item| equal(item, &values[1]) == Some(true));
        Ok(Datum::Integer(place.map_or(0, |place| place as i64 + 1)))
    });
    library.values("array_remove(array(T), T) -> array(T) where T comparable", |_, values| remove(items(&values[0]), &values[1]));
    library.values("contains_sequence(array(T), array(T)) -> boolean where T comparable", |_, values| {
        let (all, part) = (items(&values[0]), items(&values[1]));
        let found = part.is_empty()
            || all.windows(part.len()).any(|window| window.iter().zip(part).all(|(left, right)| same(left, right)));
        Ok(Datum::Boolean(found))
    });
    library.values("array_min(array(T)) -> T where T orderable", |_, values| extreme(items(&values[0]), Ordering::Less));
    library.values("array_max(array(T)) -> T where T orderable", |_, values| extreme(items(&values[0]), Ordering::Greater));
}

fn contains(items: &[Datum], wanted: &Datum) -> Datum {
    let mut answer = Datum::Boolean(false);
    for item in items {
        match equal(item, wanted) {
            Some(true) => return Datum::Boolean(true),
            Some(false) => {}
            None => answer = Datum::Null,
        }
    }
    answer
}

/// Nulls stay.
fn remove(items: &[Datum], unwanted: &Datum) -> Outcome<Datum> {
    let mut kept = Vec::new();
    for item in items {
        match equal(item, unwanted) {
            Some(true) => {}
            None if !item.is_null() => {
                let message = "array_remove does not support arrays with elements that are null or contain null";
                return Err(Fault::not_supported(message));
            }
            _ => kept.push(item.clone()),
        }
    }
    Ok(Datum::Array(kept))
}

/// Null where an item is; a NaN only where there is nothing else.
fn extreme(items: &[Datum], wanted: Ordering) -> Outcome<Datum> {
    if items.iter().any(Datum::is_null) {
        return Ok(Datum::Null);
    }
    let mut best = Datum::Null;
    for item in items {
        if best.is_null() || is_nan(&best) || (!is_nan(item) && compare(item, &best)? == wanted) {
            best = item.clone();
        }
    }
    Ok(best)
}

pub(crate) fn is_nan(value: &Datum) -> bool {
    matches!(value, Datum::Double(value) if value.is_nan()) || matches!(value, Datum::Real(value) if value.is_nan())
}
