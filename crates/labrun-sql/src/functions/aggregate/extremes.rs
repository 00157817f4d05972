//! `min_by`, `max_by`, and the n least or most.

use std::cmp::Ordering;

use crate::datum::{Datum, compare};
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::array::is_nan;

pub(super) fn register(library: &mut Library) {
    library.aggregate("min_by(V, K) -> V where K orderable", |_, _, rows| by(rows, Ordering::Less));
    library.aggregate("max_by(V, K) -> V where K orderable", |_, _, rows| by(rows, Ordering::Greater));
    library.aggregate("min_by(V, K, bigint) -> array(V) where K orderable", |_, _, rows| {
        several(rows, Ordering::Less, "third argument of max_by/min_by")
    });
    library.aggregate("max_by(V, K, bigint) -> array(V) where K orderable", |_, _, rows| {
        several(rows, Ordering::Greater, "third argument of max_by/min_by")
    });
    library.aggregate("min(T, bigint) -> array(T) where T orderable", |_, _, rows| {
        several(own_keys(rows), Ordering::Less, "second argument of max_n/min_n")
    });
    library.aggregate("max(T, bigint) -> array(T) where T orderable", |_, _, rows| {
        several(own_keys(rows), Ordering::Greater, "second argument of max_n/min_n")
    });
}

/// A null key is none, a NaN only where there is no other; of equal keys the first counts.
fn by(rows: Vec<Vec<Datum>>, wanted: Ordering) -> Outcome<Datum> {
    let mut best: Option<Vec<Datum>> = None;
    for row in rows.into_iter().filter(|row| !row[1].is_null()) {
        let better = match &best {
            None => true,
            Some(best) if is_nan(&best[1]) => true,
            Some(best) => !is_nan(&row[1]) && compare(&row[1], &best[1])? == wanted,
        };
        if better {
            best = Some(row);
        }
    }
    Ok(best.map_or(Datum::Null, |mut best| best.swap_remove(0)))
}

/// Each value is its own key.
fn own_keys(rows: Vec<Vec<Datum>>) -> Vec<Vec<Datum>> {
    rows.into_iter().map(|row| vec![row[0].clone(), row[0].clone(), row[1].clone()]).collect()
}

/// Values in the order of their keys.
fn several(rows: Vec<Vec<Datum>>, wanted: Ordering, argument: &str) -> Outcome<Datum> {
    let count = match rows.first().map(|row| &row[2]) {
        Some(Datum::Integer(count)) if *count <= 0 => {
            return Err(Fault::argument(format!("{argument} must be a positive integer")));
        }
        Some(Datum::Integer(count)) if *count > 10_000 => {
            return Err(Fault::argument(format!("{argument} must be less than or equal to 10000; found {count}")));
        }
        Some(Datum::Integer(count)) => *count as usize,
        _ => return Ok(Datum::Null),
    };
    let mut rows: Vec<_> = rows.into_iter().filter(|row| !row[1].is_null()).collect();
    let mut failure = None;
    rows.sort_by(|left, right| {
        let found = compare(&left[1], &right[1]).unwrap_or_else(|fault| {
            failure = Some(fault);
            Ordering::Equal
        });
        if wanted.is_lt() { found } else { found.reverse() }
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    rows.truncate(count);
    let values: Vec<Datum> = rows.into_iter().map(|mut row| row.swap_remove(0)).collect();
    Ok(if values.is_empty() { Datum::Null } else { Datum::Array(values) })
}
