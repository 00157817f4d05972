//! Parts of arrays and arrays out of them.

use super::sets::items;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library.values("cardinality(array(T)) -> bigint", |_, values| Ok(Datum::Integer(items(&values[0]).len() as i64)));
    library.values("element_at(array(T), bigint) -> T", |_, values| element_at(items(&values[0]), number(&values[1])));
    library.values("slice(array(T), bigint, bigint) -> array(T)", |_, values| {
        slice(items(&values[0]), number(&values[1]), number(&values[2]))
    });
    library.values("trim_array(array(T), bigint) -> array(T)", |_, values| trim(items(&values[0]), number(&values[1])));
    library.values("flatten(array(array(T))) -> array(T)", |_, values| {
        Ok(Datum::Array(items(&values[0]).iter().flat_map(items).cloned().collect()))
    });
    library.nullable("repeat(T, bigint) -> array(T)", |_, values| repeat(values));
    library.values("zip(array(A), array(B)) -> array(row(A, B))", |_, values| Ok(zip(values)));
    library.values("zip(array(A), array(B), array(C)) -> array(row(A, B, C))", |_, values| Ok(zip(values)));
    library.values("zip(array(A), array(B), array(C), array(D)) -> array(row(A, B, C, D))", |_, values| Ok(zip(values)));
    library.values("zip(array(A), array(B), array(C), array(D), array(E)) -> array(row(A, B, C, D, E))", |_, values| {
        Ok(zip(values))
    });
}

fn number(value: &Datum) -> i64 {
    if let Datum::Integer(value) = value { *value } else { 0 }
}

/// From 1, or from the end where negative.
fn element_at(items: &[Datum], at: i64) -> Outcome<Datum> {
    if at == 0 {
        return Err(Fault::argument("SQL array indices start at 1"));
    }
    let place = if at > 0 { at - 1 } else { items.len() as i64 + at };
    Ok(usize::try_from(place).ok().and_then(|place| items.get(place)).cloned().unwrap_or(Datum::Null))
}

fn slice(items: &[Datum], start: i64, length: i64) -> Outcome<Datum> {
    if length < 0 {
        return Err(Fault::argument("length must be greater than or equal to 0"));
    }
    if start == 0 {
        return Err(Fault::argument("SQL array indices start at 1"));
    }
    let count = items.len() as i64;
    let start = if start > 0 { start - 1 } else { count.saturating_add(start) };
    if !(0..count).contains(&start) {
        return Ok(Datum::Array(Vec::new()));
    }
    let end = start.saturating_add(length).min(count);
    Ok(Datum::Array(items[start as usize..end as usize].to_vec()))
}

/// Without so many at its end.
fn trim(items: &[Datum], size: i64) -> Outcome<Datum> {
    let count = items.len() as i64;
    if size < 0 {
        return Err(Fault::argument(format!("size must not be negative: {size}")));
    }
    if size > count {
        return Err(Fault::argument(format!("size must not exceed array cardinality {count}: {size}")));
    }
    Ok(Datum::Array(items[..(count - size) as usize].to_vec()))
}

fn repeat(values: &[Datum]) -> Outcome<Datum> {
    let Datum::Integer(count) = values[1] else { return Ok(Datum::Null) };
    match count {
        ..0 => Err(Fault::argument("count argument of repeat function must be greater than or equal to 0")),
        0..=10_000 => Ok(Datum::Array(vec![values[0].clone(); count as usize])),
        _ => Err(Fault::argument("count argument of repeat function must be less than or equal to 10000")),
    }
}

/// Rows of the first items, of the second ones, ..
fn zip(arrays: &[Datum]) -> Datum {
    let longest = arrays.iter().map(|array| items(array).len()).max().unwrap_or(0);
    let row = |at: usize| arrays.iter().map(|array| items(array).get(at).cloned().unwrap_or(Datum::Null)).collect();
    Datum::Array((0..longest).map(|at| Datum::Row(row(at))).collect())
}
