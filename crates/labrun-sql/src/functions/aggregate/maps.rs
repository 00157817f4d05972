//! Aggregates that give maps: `map_agg`, `multimap_agg`, `map_union`, `histogram`, `approx_most_frequent`.

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::array::histogram;
use crate::functions::map::{Keys, multimap, put};

pub(super) fn register(library: &mut Library) {
    library.aggregate("map_agg(K, V) -> map(K, V) where K comparable", |_, _, rows| Ok(first_of_each(pairs(rows))));
    library.aggregate("multimap_agg(K, V) -> map(K, array(V)) where K comparable", |_, _, rows| {
        let pairs = pairs(rows);
        if pairs.is_empty() { Ok(Datum::Null) } else { multimap(pairs) }
    });
    library.aggregate("map_union(map(K, V)) -> map(K, V) where K comparable", |_, _, rows| {
        let maps: Vec<_> =
            rows.into_iter().flatten().filter_map(|map| if let Datum::Map(map) = map { Some(map) } else { None }).collect();
        if maps.is_empty() { Ok(Datum::Null) } else { Ok(or_empty(first_of_each(maps.into_iter().flatten().collect()))) }
    });
    library.aggregate("histogram(T) -> map(T, bigint) where T comparable", |_, _, rows| {
        Ok(or_null(histogram(rows.iter().map(|row| &row[0]))))
    });
    library.aggregate("approx_most_frequent(bigint, bigint, bigint) -> map(bigint, bigint)", |_, _, rows| frequent(rows));
    library.aggregate("approx_most_frequent(bigint, varchar, bigint) -> map(varchar, bigint)", |_, _, rows| frequent(rows));
}

/// A null key is none.
fn pairs(rows: Vec<Vec<Datum>>) -> Vec<(Datum, Datum)> {
    let pair = |mut row: Vec<Datum>| {
        let value = row.pop()?;
        let key = row.pop()?;
        (!key.is_null()).then_some((key, value))
    };
    rows.into_iter().filter_map(pair).collect()
}

fn first_of_each(pairs: Vec<(Datum, Datum)>) -> Datum {
    let (mut keys, mut entries) = (Keys::default(), Vec::new());
    for (key, value) in pairs {
        // The first stays.
        let _known = put(&mut keys, &mut entries, key, value);
    }
    or_null(Datum::Map(entries))
}

fn or_null(map: Datum) -> Datum {
    if matches!(&map, Datum::Map(entries) if entries.is_empty()) { Datum::Null } else { map }
}

fn or_empty(map: Datum) -> Datum {
    if map.is_null() { Datum::Map(Vec::new()) } else { map }
}

/// The most frequent values, exactly; the capacity is what an estimate would be made in.
fn frequent(rows: Vec<Vec<Datum>>) -> Outcome<Datum> {
    let Some(Datum::Integer(buckets)) = rows.first().map(|row| row[0].clone()) else { return Ok(Datum::Null) };
    if buckets < 2 {
        let message = format!("approx_most_frequent bucket count must be greater than one, input bucket count: {buckets}");
        return Err(Fault::argument(message));
    }
    let Datum::Map(mut counts) = histogram(rows.iter().map(|row| &row[1])) else { return Ok(Datum::Null) };
    counts.sort_by_key(|(_, count)| if let Datum::Integer(count) = count { -count } else { 0 });
    counts.truncate(buckets as usize);
    Ok(or_null(Datum::Map(counts)))
}
