//! Equality and order of values that Arrow does not compare as Trino does: arrays, maps, rows, moments with zones.

use std::cmp::Ordering;

use crate::datum::{Datum, compare, equal, same};
use crate::fault::Outcome;
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library.values("=(T, T) -> boolean where T comparable", |_, values| Ok(answer(equal(&values[0], &values[1]))));
    library.values("<>(T, T) -> boolean where T comparable", |_, values| {
        Ok(answer(equal(&values[0], &values[1]).map(|equal| !equal)))
    });
    library.values("<(T, T) -> boolean where T orderable", |_, values| ordered(values, Ordering::is_lt));
    library.values("<=(T, T) -> boolean where T orderable", |_, values| ordered(values, Ordering::is_le));
    library.values(">(T, T) -> boolean where T orderable", |_, values| ordered(values, Ordering::is_gt));
    library.values(">=(T, T) -> boolean where T orderable", |_, values| ordered(values, Ordering::is_ge));
    library.nullable("is distinct(T, T) -> boolean where T comparable", |_, values| {
        Ok(Datum::Boolean(!same(&values[0], &values[1])))
    });
}

fn answer(known: Option<bool>) -> Datum {
    known.map_or(Datum::Null, Datum::Boolean)
}

/// A NaN is neither less nor more than anything.
fn ordered(values: &[Datum], holds: fn(Ordering) -> bool) -> Outcome<Datum> {
    if values.iter().any(is_nan) {
        return Ok(Datum::Boolean(false));
    }
    compare(&values[0], &values[1]).map(|order| Datum::Boolean(holds(order)))
}

fn is_nan(value: &Datum) -> bool {
    matches!(value, Datum::Double(value) if value.is_nan()) || matches!(value, Datum::Real(value) if value.is_nan())
}
