//! `combinations` and `ngrams`: arrays of parts of an array.

use super::sets::items;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

/// What Trino gives at most.
const LIMIT: u128 = 100_000;

pub(super) fn register(library: &mut Library) {
    library.values("combinations(array(T), bigint) -> array(array(T))", |_, values| {
        let Datum::Integer(size) = values[1] else { return Ok(Datum::Null) };
        combinations(items(&values[0]), size)
    });
    library.values("ngrams(array(T), bigint) -> array(array(T))", |_, values| {
        let Datum::Integer(size) = values[1] else { return Ok(Datum::Null) };
        ngrams(items(&values[0]), size)
    });
}

fn combinations(items: &[Datum], size: i64) -> Outcome<Datum> {
    if size < 0 {
        return Err(Fault::argument(format!("combination size must not be negative: {size}")));
    }
    if size > 5 {
        return Err(Fault::argument(format!("combination size must not exceed 5: {size}")));
    }
    let size = size as usize;
    if size > items.len() {
        return Ok(Datum::Array(Vec::new()));
    }
    let (count, taken) = (items.len() as u128, size as u128);
    if (0..taken).fold(1, |product, at| product * (count - at) / (at + 1)) >= LIMIT {
        return Err(Fault::argument("combinations exceed max size"));
    }
    let mut places: Vec<usize> = (0..size).collect();
    let mut made = Vec::new();
    loop {
        made.push(Datum::Array(places.iter().map(|place| items[*place].clone()).collect()));
        if !advance(&mut places, items.len()) {
            return Ok(Datum::Array(made));
        }
    }
}

/// The first place that can go on does, and those before it start again.
fn advance(places: &mut [usize], count: usize) -> bool {
    for at in 0..places.len() {
        let end = places.get(at + 1).copied().unwrap_or(count);
        if places[at] + 1 < end {
            places[at] += 1;
            (0..at).for_each(|before| places[before] = before);
            return true;
        }
    }
    false
}

fn ngrams(items: &[Datum], size: i64) -> Outcome<Datum> {
    if size <= 0 {
        return Err(Fault::argument("N must be positive"));
    }
    let size = (size as usize).min(items.len());
    if size == 0 {
        return Ok(Datum::Array(vec![Datum::Array(Vec::new())]));
    }
    Ok(Datum::Array(items.windows(size).map(|window| Datum::Array(window.to_vec())).collect()))
}
