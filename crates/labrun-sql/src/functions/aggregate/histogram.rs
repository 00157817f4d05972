//! `numeric_histogram`: values that lie near each other become one bucket, as Ben-Haim and Tom-Tov merge them.

use super::moments::number;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library.aggregate("numeric_histogram(bigint, double) -> map(double, double)", |_, _, rows| made(&rows, Datum::Double));
    library
        .aggregate("numeric_histogram(bigint, double, double) -> map(double, double)", |_, _, rows| made(&rows, Datum::Double));
    library.aggregate("numeric_histogram(bigint, real) -> map(real, real)", |_, _, rows| {
        made(&rows, |value| Datum::Real(value as f32))
    });
    library.aggregate("numeric_histogram(bigint, real, double) -> map(real, real)", |_, _, rows| {
        made(&rows, |value| Datum::Real(value as f32))
    });
}

/// A bucket's place and its weight.
type Bucket = (f64, f64);

fn made(rows: &[Vec<Datum>], shown: fn(f64) -> Datum) -> Outcome<Datum> {
    let Some(Datum::Integer(most)) = rows.first().map(|row| &row[0]) else { return Ok(Datum::Null) };
    if *most < 2 {
        return Err(Fault::argument("numeric_histogram bucket count must be greater than one"));
    }
    let weighted = rows.iter().filter_map(|row| Some((number(&row[1])?, row.get(2).map_or(Some(1.0), number)?)));
    let mut buckets: Vec<Bucket> = weighted.collect();
    if buckets.is_empty() {
        return Ok(Datum::Null);
    }
    buckets.sort_by(|left, right| left.0.total_cmp(&right.0));
    buckets.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0.0 };
        same
    });
    while buckets.len() > *most as usize {
        merge_nearest(&mut buckets);
    }
    Ok(Datum::Map(buckets.into_iter().map(|(value, weight)| (shown(value), shown(weight))).collect()))
}

/// The two neighbours that lose the least.
fn merge_nearest(buckets: &mut Vec<Bucket>) {
    let loss = |at: usize| {
        let ((left, weight), (right, other)) = (buckets[at], buckets[at + 1]);
        (left - right).powi(2) * weight * other / (weight + other)
    };
    let Some(at) = (0..buckets.len() - 1).min_by(|left, right| loss(*left).total_cmp(&loss(*right))) else { return };
    let ((left, weight), (right, other)) = (buckets[at], buckets[at + 1]);
    buckets[at] = ((left * weight + right * other) / (weight + other), weight + other);
    buckets.remove(at + 1);
}
